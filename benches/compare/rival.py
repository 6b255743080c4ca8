#!/usr/bin/env python3
"""What one writes in ten minutes: reads dumps with `re`, follows each name, prints the ten that grew most.

usage: rival.py FILE...
"""
import re
import sys

UNITS = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}
SITE = re.compile(r"(\S+:\d+): size=([\d.]+) (\w+)(?: \([^)]*\))?, count=(\d+)")
VALUE = re.compile(r"(\w+):\s+(\d+) kB")


def main():
    first, last = {}, {}
    for path in sys.argv[1:]:
        with open(path) as lines:
            for line in lines:
                if found := SITE.search(line):
                    name, number, unit = found[1], float(found[2]), UNITS[found[3]]
                    first.setdefault(name, number * unit)
                    last[name] = number * unit
                elif found := VALUE.search(line):
                    first.setdefault(found[1], int(found[2]))
                    last[found[1]] = int(found[2])
    for name in sorted(first, key=lambda name: first[name] - last[name])[:10]:
        print(f"{last[name] - first[name]:+15.0f} {name}")


if __name__ == "__main__":
    main()
