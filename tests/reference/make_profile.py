#!/usr/bin/env python3
"""Writes fixtures/pprof/go.pb: a heap profile as Go's runtime writes it, with neutral names.

usage: make_profile.py > fixtures/pprof/go.pb

The order of the fields is that of runtime/pprof: the type of the period comes first. Standard library only.
"""
import math
import sys

RATE = 524288
TEXTS = [""]


def number(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out + bytes([n]))


def field(tag, value):
    if isinstance(value, int):
        return number(tag << 3) + number(value)
    return number(tag << 3 | 2) + number(len(value)) + value


def text(word):
    if word not in TEXTS:
        TEXTS.append(word)
    return TEXTS.index(word)


def kind(tag, name, unit):
    return field(tag, field(1, text(name)) + field(2, text(unit)))


def sample(locations, sampled, block):
    """Estimates of `sampled` blocks of `block` bytes, of which as many again were freed."""
    scale = 1 / (1 - math.exp(-block / RATE))
    objects, space = int(sampled * scale), int(sampled * block * scale)
    values = b"".join(map(number, [2 * objects, 2 * space, objects, space]))
    label = field(1, text("bytes")) + field(3, block)
    return field(2, field(1, b"".join(map(number, locations))) + field(2, values) + field(3, label))


def main():
    out = kind(11, "space", "bytes") + field(12, RATE)
    for name in ["alloc", "inuse"]:
        out += kind(1, name + "_objects", "count") + kind(1, name + "_space", "bytes")
    out += sample([1, 3], 28, 1024)
    out += sample([2, 3], 2, 8192)
    out += sample([4, 3], 0, 4096)
    binary = field(5, text("/srv/app/shop")) + field(7, 1)
    out += field(3, field(1, 1) + field(2, 0x400000) + field(3, 0x680000) + binary)
    # The second was inlined into main.upload.
    lines = {1: [(1, 22)], 2: [(2, 31), (3, 45)], 3: [(4, 1991)], 4: [(5, 24)]}
    for location, frames in lines.items():
        body = field(1, location) + field(2, 1) + field(3, 0x674D93 + location)
        out += field(4, body + b"".join(field(4, field(1, function) + field(2, line)) for function, line in frames))
    names = ["main.remember", "main.(*Cache[go.shape.string]).lookup", "main.upload"]
    names += ["net/http.(*conn).serve", "main.churn"]
    for place, name in enumerate(names, 1):
        file = "/usr/lib/go/src/net/http/server.go" if name.startswith("net") else "/srv/app/main.go"
        out += field(5, field(1, place) + field(2, text(name)) + field(3, text(name)) + field(4, text(file)))
    out += b"".join(field(6, word.encode()) for word in TEXTS)
    out += field(9, 1795689575888000000)
    sys.stdout.buffer.write(out)


main()
