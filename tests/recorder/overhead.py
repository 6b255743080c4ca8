#!/usr/bin/env python3
"""Measures the cost of the recorder: the same work with and without it, by frames and interval.

usage: overhead.py [SECONDS]

Prints a table in Markdown: processor time of two kinds of work, relative to that without a recorder, and resident
memory at the end. One kind parses JSON and does nothing else: all of it is allocation. The other is a request that
parses, renders a page, searches it and compresses it.
"""
import json
import os
import subprocess
import sys
import tempfile

WORK = """
import collections, html, json, re, string, sys, time, zlib
sys.path.insert(0, sys.argv[1])
frames, every, seconds, folder, kind = int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:]
page = string.Template("<li class='item'>$user has $count items of $total</li>" * 40)
body = json.dumps({"user": "a" * 40, "items": list(range(1000, 1030)), "name": "b" * 20})
kept = collections.deque(maxlen=1000)
def request():
    order = json.loads(body)
    text = page.substitute(user=html.escape(order["user"]), count=len(order["items"]), total=sum(order["items"]))
    return order, len(re.findall(r"item\\b", text)), zlib.crc32(zlib.compress(text.encode()))
def handle(depth):
    if depth:
        return handle(depth - 1)
    kept.append(json.loads(body) if kind == "parse" else request())
def work(rounds):
    for _ in range(rounds):
        handle(20)
work(2000)
if frames:
    import leakdiff_record
    leakdiff_record.start(folder, every=every, frames=frames)
end, spent, rounds = time.monotonic() + seconds, time.process_time(), 0
while time.monotonic() < end:
    work(20)
    rounds += 20
    time.sleep(0.01)
status = open("/proc/self/status").read().split("VmRSS:")[1].split()[0]
print(json.dumps([(time.process_time() - spent) / rounds, int(status)]))
"""


def measure(frames, every, seconds, kind):
    recorder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "recorder")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", WORK, recorder, str(frames), str(every), str(seconds), folder, kind]
        return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    base = {kind: measure(0, 60, seconds, kind) for kind in ("parse", "request")}
    print("| frames | every | parsing alone | request | resident memory |\n| --- | --- | --- | --- | --- |")
    print("| off | | 1.00 | 1.00 | %.1f MiB |" % (base["request"][1] / 1024))
    for frames, every in ((1, 60), (10, 60), (25, 60), (1, 1), (10, 1), (10, 0.1)):
        found = {kind: measure(frames, every, seconds, kind) for kind in base}
        print("| %d | %g s | %.2f | %.2f | %.1f MiB |" % (
            frames, every, found["parse"][0] / base["parse"][0], found["request"][0] / base["request"][0],
            found["request"][1] / 1024), flush=True)


if __name__ == "__main__":
    main()
