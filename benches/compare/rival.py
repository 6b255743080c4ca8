#!/usr/bin/env python3
"""What one writes in ten minutes: reads dumps with `re`, follows each name, prints the ten that grew most of those that never shrank.

usage: rival.py FILE...
"""
import collections
import re
import sys

UNITS = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}
SITE = re.compile(r"(\S+:\d+): size=([\d.]+) (\w+)(?: \([^)]*\))?, count=(\d+)")
VALUE = re.compile(r"(\w+):\s+(\d+) kB")


def main():
    sizes = collections.defaultdict(list)
    for path in sys.argv[1:]:
        with open(path) as lines:
            for line in lines:
                if found := SITE.search(line):
                    sizes[found[1]].append(float(found[2]) * UNITS[found[3]])
                elif found := VALUE.search(line):
                    sizes[found[1]].append(int(found[2]) * 1024)
    grown = {}
    for name, course in sizes.items():
        if all(before <= after for before, after in zip(course, course[1:])):
            grown[name] = course[-1] - course[0]
    for name in sorted(grown, key=grown.get, reverse=True)[:10]:
        print(f"{grown[name]:+15.0f} {name}")


if __name__ == "__main__":
    main()
