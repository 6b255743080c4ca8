#!/usr/bin/env python3
"""Writes inputs to measure with: snapshots of a heap, a log of their differences, an RSS report.

usage: data.py FOLDER [--snapshots 500] [--sites 10000] [--samples 1000000]

FOLDER/snapshots/NNNNN.txt   one str(Statistic) a site, the largest first
FOLDER/differences.log       for each snapshot the str(StatisticDiff) of each site that changed, behind a log's prefix
FOLDER/report.txt            what the loop of `date -u` and `grep Rss` writes; a restart every 200,000 samples

A fifth of the sites change by up to three blocks in each snapshot, one in a hundred leaks one to eight blocks each time. The same numbers
in every run. What is there already is left as it is.
"""
import argparse
import datetime
import os
import random

FOLDERS = ("openstack/config", "eventlet", "sqlalchemy/orm", "requests", "jinja2", "kombu/transport", "aiohttp", "lxml")
FILES = ("cloud_region", "loader", "session", "base", "_utils", "compiler", "environment", "pool", "context", "hooks")
BEGIN = datetime.datetime(2024, 5, 23, 11, 56, 35, 120000)


def size(n, sign=""):
    """A size as tracemalloc prints it."""
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if abs(n) < 100 and unit != "B":
            return f"{n:{sign}.1f} {unit}"
        if abs(n) < 10 * 1024 or unit == "TiB":
            return f"{n:{sign}.0f} {unit}"
        n /= 1024


def heap(folder, snapshots, sites):
    dice = random.Random(11)
    names = [f"/usr/lib/python3.11/site-packages/{a}/{b}.py:" for a in FOLDERS for b in FILES]
    lines = [names[k % len(names)] + str(k // len(names) * 3 + dice.randrange(3) + 1) for k in range(sites)]
    counts = [dice.randrange(1, 5000) for _ in lines]
    blocks = [dice.randrange(40, 600) for _ in lines]
    leaks = [dice.random() < 0.01 for _ in lines]
    os.makedirs(f"{folder}/snapshots", exist_ok=True)
    with open(f"{folder}/differences.log", "w") as log:
        for number in range(snapshots):
            before = counts[:]
            for k, leak in enumerate(leaks):
                step = dice.randrange(1, 9) if leak else dice.randrange(-3, 4) if dice.random() < 0.2 else 0
                counts[k] = max(1, counts[k] + step)
            order = sorted(range(sites), key=lambda k: (-counts[k] * blocks[k], lines[k]))
            with open(f"{folder}/snapshots/{number:05}.txt", "w") as dump:
                dump.writelines(
                    f"{lines[k]}: size={size(counts[k] * blocks[k])}, count={counts[k]}, average={size(blocks[k])}\n" for k in order)
            stamp = (BEGIN + datetime.timedelta(minutes=number)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
            moved = [(counts[k] - before[k], k) for k in order if counts[k] != before[k]]
            moved.sort(key=lambda m: -abs(m[0]) * blocks[m[1]])
            log.writelines(
                f"{stamp} 1 DEBUG service.manager [-] MEMORY {lines[k]}: size={size(counts[k] * blocks[k])} "
                f"({size(step * blocks[k], '+')}), count={counts[k]} ({step:+}), average={size(blocks[k])}\n" for step, k in moved)


def report(path, samples):
    dice, noise, when = random.Random(12), 0.0, datetime.datetime(2004, 5, 23, 11, 56, 35)
    with open(path, "w") as out:
        for k in range(samples):
            noise = 0.7 * noise + dice.gauss(0, 400)
            anon = 150_000 + 28 * (k % 200_000) + int(noise)
            out.write(f"{when:%a %b %e %H:%M:%S UTC %Y}\nRssAnon:\t{anon:8} kB\nRssFile:\t{11248:8} kB\nRssShmem:\t{0:8} kB\n")
            when += datetime.timedelta(seconds=600 + (dice.random() < 0.1))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder")
    options.add_argument("--snapshots", type=int, default=500)
    options.add_argument("--sites", type=int, default=10_000)
    options.add_argument("--samples", type=int, default=1_000_000)
    wanted = options.parse_args()
    if not os.path.exists(f"{wanted.folder}/snapshots/{wanted.snapshots - 1:05}.txt"):
        heap(wanted.folder, wanted.snapshots, wanted.sites)
    if not os.path.exists(f"{wanted.folder}/report.txt"):
        report(f"{wanted.folder}/report.txt", wanted.samples)


if __name__ == "__main__":
    main()
