#!/usr/bin/env python3
"""Measures leakdiff against wc, ripgrep, mawk and a Python script on the same bytes, in one run, and prints the tables.

usage: run.py [--folder target/compare] [--runs 5] [--snapshots 500] [--sites 10000] [--samples 1000000] [--leakdiff PATH]

Needs hyperfine, ripgrep, mawk and GNU time (`apt-get install hyperfine ripgrep mawk time`), and some 2 GB of disk. The numbers of a machine are its own; what
counts are the ratios to ripgrep, which only counts the lines that match.
"""
import argparse
import glob
import json
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GROUP = "{ at = index($0, \": size=\"); site = substr($0, 1, at); seen[site]++ } END { for (site in seen) n++; print n }"
COUNT = "/Rss/ { sum[$1] += $2 } END { for (key in sum) n++; print n }"


def peak_and_output(command):
    """Peak resident memory of a command in MB, and what it prints."""
    with tempfile.NamedTemporaryFile("r") as peak:
        # GNU time, since a child of Python would seem to need as much as Python.
        timed = ["/usr/bin/time", "-o", peak.name, "-f", "%M", "bash", "-c", command]
        output = subprocess.run(timed, stdout=subprocess.PIPE, check=False).stdout
        return int(peak.read().split()[-1]) * 1024 / 1e6, output


def measure(commands, runs):
    """Wall and CPU seconds of each command, by hyperfine, one after the other."""
    with tempfile.NamedTemporaryFile(suffix=".json") as found:
        # rg has exit code 1 where nothing matches.
        call = ["hyperfine", "--warmup", "1", "--runs", str(runs), "-i", "--style", "none", "--export-json", found.name, *commands]
        subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return json.load(found)["results"]


def table(title, files, programs, runs):
    size = sum(os.path.getsize(f) for f in files)
    names = " ".join(map(shlex.quote, files))
    commands = [command.replace("FILES", names) for _, command in programs]
    results = measure(commands, runs)
    base = next(r for r, (name, _) in zip(results, programs) if name.startswith("rg"))
    base_cpu = base["user"] + base["system"]
    print(f"### {title}: {size / 1e6:.0f} MB in {len(files)} file{'s' if len(files) > 1 else ''}\n")
    print("| program | wall | ± | CPU | peak memory | wall ÷ rg | CPU ÷ rg |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for result, (name, _), command in zip(results, programs, commands):
        cpu = result["user"] + result["system"]
        peak, _ = peak_and_output(command)
        print(f"| {name} | {result['mean']:.3f} s | {result['stddev'] or 0:.3f} | {cpu:.2f} s | {peak:.0f} MB "
              f"| {result['mean'] / base['mean']:.2f} | {cpu / base_cpu:.2f} |", flush=True)
    print()


def scaling(title, leakdiff, series, runs):
    print(f"### {title}\n\n| input | MB | wall | CPU | peak memory | CPU per MB |\n| --- | --- | --- | --- | --- | --- |")
    for name, files in series:
        command = f"{leakdiff} {' '.join(map(shlex.quote, files))} --top 10"
        result, = measure([command], runs)
        cpu, size = result["user"] + result["system"], sum(os.path.getsize(f) for f in files) / 1e6
        peak, _ = peak_and_output(command)
        print(f"| {name} | {size:.0f} | {result['mean']:.3f} s | {cpu:.2f} s | {peak:.0f} MB | {1000 * cpu / size:.2f} ms |", flush=True)
    print()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", default=f"{ROOT}/target/compare")
    options.add_argument("--leakdiff", default=f"{ROOT}/target/release/leakdiff")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--snapshots", type=int, default=500)
    options.add_argument("--sites", type=int, default=10_000)
    options.add_argument("--samples", type=int, default=1_000_000)
    wanted = options.parse_args()
    leakdiff = shlex.quote(wanted.leakdiff)

    def data(folder, snapshots, sites, samples):
        call = [sys.executable, f"{HERE}/data.py", folder, "--snapshots", snapshots, "--sites", sites, "--samples", samples]
        subprocess.run(list(map(str, call)), check=True)

    folder = wanted.folder
    data(folder, 2 * wanted.snapshots, wanted.sites, wanted.samples)
    data(f"{folder}/many-sites", max(wanted.snapshots // 25, 2), 10 * wanted.sites, 1)
    dumps = sorted(glob.glob(f"{folder}/snapshots/*.txt"))
    log = f"{folder}/differences-{wanted.snapshots}.log"
    if not os.path.exists(log):
        # As many lists as there are snapshots in the first table: each has a minute of its own.
        subprocess.run(f"head -c $(( $(stat -c %s {folder}/differences.log) / 2 )) {folder}/differences.log > {log}", shell=True, check=True)
    rival = f"{shlex.quote(sys.executable)} {HERE}/rival.py FILES"
    table("Snapshots", dumps[:wanted.snapshots], [
        ("leakdiff FILES --top 10", f"{leakdiff} FILES --top 10"),
        ("the same, one thread", f"RAYON_NUM_THREADS=1 {leakdiff} FILES --top 10"),
        ("rg -c -j1", r"rg -c -j1 'size=([\d.]+) (\w+), count=(\d+)' FILES"),
        ("wc -l", "wc -l FILES"),
        ("mawk, count by site", f"mawk '{GROUP}' FILES"),
        ("Python, re", rival)], wanted.runs)
    table("Log of differences", [log], [
        ("leakdiff FILES", f"{leakdiff} FILES"),
        ("the same, one thread", f"RAYON_NUM_THREADS=1 {leakdiff} FILES"),
        ("rg -c -j1", r"rg -c -j1 'size=([\d.]+) (\w+) \([^)]*\), count=(\d+)' FILES"),
        ("wc -l", "wc -l FILES"),
        ("mawk, count by site", f"mawk '{GROUP}' FILES"),
        ("Python, re", rival)], wanted.runs)
    table("RSS report", [f"{folder}/report.txt"], [
        ("leakdiff FILES", f"{leakdiff} FILES"),
        ("the same, one thread", f"RAYON_NUM_THREADS=1 {leakdiff} FILES"),
        ("rg -c -j1", r"rg -c -j1 'Rss\w+:\s+(\d+) kB' FILES"),
        ("wc -l", "wc -l FILES"),
        ("mawk, sum by key", f"mawk '{COUNT}' FILES"),
        ("Python, re", rival)], wanted.runs)
    steps = [wanted.snapshots // 4, wanted.snapshots // 2, wanted.snapshots, 2 * wanted.snapshots]
    many = sorted(glob.glob(f"{folder}/many-sites/snapshots/*.txt"))
    scaling("Growth of the cost", leakdiff, [
        *((f"{n} snapshots × {wanted.sites:,} sites", dumps[:n]) for n in steps if n),
        (f"{len(many)} snapshots × {10 * wanted.sites:,} sites", many)], wanted.runs)
    command = f"{leakdiff} {' '.join(map(shlex.quote, dumps[:wanted.snapshots]))} --format json"
    alone, together = (peak_and_output(f"RAYON_NUM_THREADS={n} {command}")[1] for n in (1, 8))
    print("One thread and eight: the same bytes." if alone == together else "ONE THREAD AND EIGHT DIFFER.")
    sys.exit(alone != together)


if __name__ == "__main__":
    main()
