"""Orders from the service four times a second, always the same orders. `load.py PORT SECONDS`"""
import http.client
import json
import random
import sys
import time

port, seconds = int(sys.argv[1]), float(sys.argv[2])
choose = random.Random(1)
begin, sent = time.monotonic(), 0
while time.monotonic() - begin < seconds:
    lines = [{"item": choose.randrange(400), "price": choose.random()} for _ in range(choose.randrange(1, 4))]
    order = {"currency": choose.choice(["EUR", "USD"]), "lines": lines, "note": "n" * choose.randrange(8_000)}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/quote", json.dumps(order))
    connection.getresponse().read()
    connection.close()
    sent += 1
    time.sleep(max(0, begin + sent / 4 - time.monotonic()))
