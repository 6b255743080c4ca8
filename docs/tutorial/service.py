"""Quotes prices over HTTP. Each request opens a session, which is told when a rate changes. `service.py PORT [FOLDER]`

docs/tutorial.md records it and finds out why it grows.
"""
import functools
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

LISTENERS = []
RATES = {"EUR": 1.0, "USD": 1.09}


class Session:
    def __init__(self, body):
        self.order = json.loads(body)
        self.rates = dict(RATES)
        LISTENERS.append(self.rate_changed)

    def rate_changed(self, currency, rate):
        self.rates[currency] = rate

    def quote(self):
        rate = self.rates[self.order["currency"]]
        return [(describe(line["item"])[:20], line["price"] * rate) for line in self.order["lines"]]

    def close(self):
        pass


@functools.lru_cache(maxsize=200)
def describe(item):
    return f"item {item}: " + "a description of some length. " * 80


def answer(body):
    session = Session(body)
    try:
        return json.dumps(session.quote()).encode()
    finally:
        session.close()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        text = answer(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    if len(sys.argv) > 2:
        import leakdiff_record
        leakdiff_record.start(sys.argv[2], every=5, frames=10)
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
