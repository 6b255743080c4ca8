#!/usr/bin/env python3
"""Compares the two halves of each recording of a corpus with each other, and a half with itself at twice the rate.

usage: halves.py LEAKDIFF CORPUS

CORPUS has a folder for each program with prefix/snapshots, prefix/diff.log and prefix/report.txt. One and the same program is recorded in both
halves, so each series that is called faster, slower, started or new is a false alarm (one that stopped may have). For the power, the rates in the
report of a half are doubled, and what grows surely is to be called faster.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter


def run(leakdiff, *arguments):
    done = subprocess.run([leakdiff, "--no-config", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return json.loads(done.stdout) if done.stdout else None


def halves(folder, program, scratch):
    """Pairs of inputs: the first and second half of each recording of a program."""
    dumps = sorted(glob.glob(f"{folder}/prefix/snapshots/*"))
    for number, part in enumerate((dumps[:len(dumps) // 2], dumps[len(dumps) // 2:])):
        os.makedirs(f"{scratch}/{program}/snapshots{number}")
        for dump in part:
            shutil.copy(dump, f"{scratch}/{program}/snapshots{number}/")
    yield "snapshots", f"{scratch}/{program}/snapshots0", f"{scratch}/{program}/snapshots1"
    for name, key in (("diff.log", 16), ("report.txt", None)):
        with open(f"{folder}/prefix/{name}") as source:
            lines = source.readlines()
        cut = len(lines) // 2
        if key is None:
            cut -= cut % 4
        else:
            # Not within a snapshot: its lines carry one minute.
            while cut < len(lines) and lines[cut][:key] == lines[cut - 1][:key]:
                cut += 1
        paths = []
        for number, part in enumerate((lines[:cut], lines[cut:])):
            paths.append(f"{scratch}/{program}/{number}-{name}")
            with open(paths[-1], "w") as half:
                half.writelines(part)
        yield name, *paths


def doubled(report):
    for row in report["processes"] + report["sites"]:
        if slope := row["trend"]["slope"]:
            for key in ("value", "low", "high"):
                slope[key] = slope[key] and 2 * slope[key]
    return report


def main():
    leakdiff, corpus = os.path.abspath(sys.argv[1]), sys.argv[2]
    words, power, alarms = {}, {}, []
    with tempfile.TemporaryDirectory() as scratch:
        for folder in sorted(glob.glob(f"{corpus}/*/")):
            program = os.path.basename(folder[:-1])
            if not os.path.isdir(f"{folder}/prefix"):
                continue
            for kind, first, second in halves(folder, program, scratch):
                found = run(leakdiff, "--compare", first, second, "--format", "json")
                if not found:
                    continue
                words.setdefault(kind, Counter()).update(change["direction"] for change in found["changes"])
                for change in found["changes"]:
                    if change["direction"] not in ("unchanged", "unclear"):
                        rates = [side and side["rate"] for side in (change["before"], change["after"])]
                        alarms.append((kind, program, change["direction"], change["name"][-50:], *rates))
                report = run(leakdiff, second, "--format", "json")
                if not report:
                    continue
                one, two = f"{scratch}/one.json", f"{scratch}/two.json"
                with open(one, "w") as out:
                    json.dump(report, out, indent=2)
                growing = {row.get("site") or row["metric"] for row in report["processes"] + report["sites"]
                           if row["trend"]["verdict"] == "growing"}
                with open(two, "w") as out:
                    json.dump(doubled(report), out, indent=2)
                found = run(leakdiff, "--compare", one, two, "--format", "json")
                of = Counter(change["direction"] for change in found["changes"] if change["name"] in growing)
                power.setdefault(kind, Counter()).update(of)
    print("| recording | series | unchanged | unclear | faster | slower | started | stopped | new | gone | doubled, found |")
    print("| --- |" + " ---: |" * 10)
    for kind, count in words.items():
        cells = [count[word] for word in ("unchanged", "unclear", "faster", "slower", "started", "stopped", "new", "gone")]
        found = power.get(kind, Counter())
        print(f"| {kind} | {sum(count.values())} | {' | '.join(map(str, cells))} | {found['faster']} of {sum(found.values())} |")
    if os.environ.get("ALARMS"):
        for alarm in alarms:
            print(*alarm)


if __name__ == "__main__":
    main()
