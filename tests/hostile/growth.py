#!/usr/bin/env python3
"""Shows that the cost of leakdiff grows no faster than its input: CPU seconds and peak memory for 10, 100 and 1,000
thousand of each thing that an input can have many of.

usage: growth.py LEAKDIFF [--only WORDS] [--sizes 10000,100000,1000000]

Exit status 1 if ten times as many of something cost more than 20 times as much, from a tenth of a second on.
Python 3.9 and later, standard library only.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from measure import apart, measure  # noqa: E402
from pieces import MIB, START, report, sites, times  # noqa: E402
from registry import write, write_below  # noqa: E402

# Ten times as many may cost this much more: sorting, and caches that are full.
STEEP = 20
CHECK = ["--no-config", "--check", "log"]


def log(pieces):
    return lambda n: write("log", pieces(n))


def processes(n):
    for k in range(6):
        yield b"%d\n" % (START + k * 600)
        for i in range(n):
            yield b"Name:\tp%d\nPid:\t%d\nVmRSS:\t%d kB\n" % (i, i + 1, 100_000 + k * 10)


def processes_of_one_name(n):
    for k in range(6):
        yield b"%d\n" % (START + k * 600)
        for i in range(n):
            yield b"Name:\tp\nPid:\t%d\nVmRSS:\t%d kB\n" % (i + 1, 100_000 + k * 10 + i)


def pods(n):
    for k in range(6):
        for i in range(n):
            yield b'process_resident_memory_bytes{pod="p%d"} %d %d000\n' % (i, 10**8 + k * 9000, START + 60 * k)


def containers(n):
    head = b"CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS\n"
    for k in range(6):
        yield head
        for i in range(n):
            yield b"%012x   web-%d   0.10%%   %d.5MiB / 512MiB   9.00%%   1kB / 1kB   1kB / 1kB   9\n" % (i, i, 50 + k)


def columns(n):
    yield b"Time," + b",".join(b"p%d" % k for k in range(n)) + b"\n"
    for k in range(8):
        yield b"%d" % (START + 60 * k) + b",%d" % (40_960_000 + k * 4096) * n + b"\n"


def with_baseline(n):
    known = [{"kind": "site", "site": "/srv/app/m%d.py:%d" % (k // 1000, k % 1000 + 1), "rate": None}
             for k in range(n)]
    write("b", [json.dumps({"schema": "leakdiff-baseline/1", "known": known}).encode()])
    write("log", sites(1000, 8, step=6400))


def with_moved_baseline(n):
    """All of one file, all moved by a line, none found by its name."""
    known = [{"kind": "site", "site": "/srv/app/a.py:%d" % (2 * k + 1), "block_bytes": 64.0, "rate": None}
             for k in range(n)]
    write("b", [json.dumps({"schema": "leakdiff-baseline/1", "known": known}).encode()])
    write("log", (b"2024-05-23T10:%02d:00Z INFO [ Top lines ]\n" % s + b"".join(
        b"/srv/app/a.py:%d: size=%d B, count=%d, average=64 B\n" % (2 * k + 2, 64 * c, c)
        for k in range(1000) for c in [1000 + 100 * s]) for s in range(8)))


def with_known_processes(n):
    known = [{"kind": "process", "process": "p%d" % k, "metric": "VmRSS", "rate": None} for k in range(n)]
    write("b", [json.dumps({"schema": "leakdiff-baseline/1", "known": known}).encode()])
    write("log", processes(1000))


def with_growing_known_processes(n):
    known = [{"kind": "process", "process": "p%d" % k, "metric": "VmRSS", "rate": None} for k in range(n)]
    write("b", [json.dumps({"schema": "leakdiff-baseline/1", "known": known}).encode()])
    write("log", processes(n))


def with_allowances(n):
    write("c.toml", (b"[[allow]]\nsite = '*/m%d.py:*'\nreason = 'a cache'\n" % (k + 7) for k in range(n)))
    write("log", sites(1000, 8, step=6400))


def globs(n):
    write("c.toml", [b"exclude = [", *(b"'*/x%d.py:*'," % k for k in range(n)), b"]\n"])
    write("log", sites(1000, 8, step=6400))


def files(n):
    for k in range(n):
        write("logs/%d/%d.txt" % (k // 1000, k), [b"%d\nVmRSS:\t%d kB\n" % (START + 600 * k, 100_000 + 40 * k)])


def snapshot_files(n):
    for k in range(n):
        write("logs/%d/%d.txt" % (k // 1000, k), [b"/a.py:1: size=%d KiB, count=%d, average=1 KiB\n" % (k + 9, k + 9)])


def snapshot_logs(n):
    """Rotated logs of three snapshots each."""
    for k in range(n):
        write("logs/app.log.%d" % (n - k), (
            b"2024-%02d-%02dT%02d:%02d:%02dZ INFO [ Top lines ]\n/a.py:1: size=%d KiB, count=%d, average=1 KiB\n"
            % (1 + t // 2419200 % 12, 1 + t // 86400 % 28, t // 3600 % 24, t // 60 % 60, t % 60, t + 9, t + 9)
            for t in range(3 * k, 3 * k + 3)))


def compared(n):
    write("log", sites(n, 2))


def sites_that_grow(n):
    return sites(n, 6, step=6400)


AS_JSON = ["--no-config", "--check", "--format", "json", "-o", "out", "log"]


def of_outputs(name, make):
    """The same as each other output, a tenth of it: a page or a comment holds what people look at."""
    outputs = {"csv": "as CSV", "sarif": "as SARIF", "junit": "as JUnit", "github": "for GitHub", "html": "as HTML",
               "markdown": "as Markdown"}
    for output, words in outputs.items():
        yield name % words, make, ["--no-config", "--check", "--format", output, "-o", "out", "log"], 0.1


# What there are many of, how it is made, the arguments, and the share of the usual numbers.
THINGS = [
    ("lines of an ordinary log", log(lambda n: (
        _ for part in (times(b"2024-05-23 11:56:35 INFO GET /v1/nodes 200 len: 1372\n", n), report(40)) for _ in part
    )), CHECK, 1),
    ("blank lines", log(lambda n: (_ for part in (report(9), times(b"\n", n * 10)) for _ in part)), CHECK, 1),
    ("samples of a process", log(lambda n: report(n, step=1)), CHECK, 1),
    ("restarts", log(lambda n: (
        b"%d\nPid:\t%d\nVmRSS:\t%d kB\n" % (START + 60 * k, k // 5 + 1, 90_000 + k % 5 * 900) for k in range(n)
    )), CHECK, 1),
    ("sites in a snapshot", log(lambda n: sites(n)), CHECK, 1),
    ("sites that grow", log(sites_that_grow), CHECK, 1),
    ("sites, as JSON", log(lambda n: sites(n, 2)), AS_JSON, 1),
    ("sites that grow, as JSON", log(sites_that_grow), AS_JSON, 1),
    ("snapshots of one site", log(lambda n: (
        b"[ Top ]\n/a.py:1: size=%d KiB, count=1, average=1 B\n" % (k + 9) for k in range(n))), CHECK, 1),
    ("processes", log(processes), CHECK, 1),
    ("processes of one name", log(processes_of_one_name), CHECK, 1),
    ("processes, as JSON", log(processes), AS_JSON, 1),
    ("pods", log(pods), CHECK, 1),
    ("containers", log(containers), CHECK, 1),
    ("columns of a table", log(columns), CHECK, 1),
    ("headings", log(lambda n: (
        b"--- pod-%d ---\nVmRSS:\t%d kB\n" % (i, 100_000 + i % 7) for i in range(n))), CHECK, 1),
    ("keys that are no metrics", log(lambda n: (
        _ for part in ((b"Vm%d:\t%d kB\n" % (i, i) for i in range(n)), report(40)) for _ in part)), CHECK, 1),
    ("workers in a log", log(lambda n: (
        b"[worker-%d] VmRSS: %d kB\n" % (i, 90_000 + k) for k in range(3) for i in range(n))), CHECK, 1),
    ("entries of a baseline", with_baseline, ["--no-config", "--check", "--baseline", "b", "log"], 0.5),
    ("entries of a baseline that moved in one file", with_moved_baseline,
     ["--no-config", "--check", "--baseline", "b", "log"], 0.5),
    ("known processes of a baseline", with_known_processes,
     ["--no-config", "--check", "--baseline", "b", "log"], 0.5),
    ("growing processes of a baseline", with_growing_known_processes,
     ["--no-config", "--check", "--baseline", "b", "log"], 0.2),
    ("allowances", with_allowances, ["--check", "--config", "c.toml", "log"], 0.1),
    ("excluded globs", globs, ["--check", "--config", "c.toml", "log"], 0.1),
    ("files in a folder", files, ["--no-config", "--check", "logs"], 0.1),
    ("files of a snapshot each", snapshot_files, ["--no-config", "--check", "logs"], 0.1),
    ("files of several snapshots each", snapshot_logs, ["--no-config", "--check", "logs"], 0.02),
    *of_outputs("processes, %s", log(processes)),
    *of_outputs("sites that grow, %s", log(sites_that_grow)),
    ("folders in folders", lambda n: write_below(n, report(40)), ["--no-config", "--check", "logs"], 0.001),
    ("sites of two reports", compared, ["--no-config", "--compare", "log", "log"], 0.1),
]


def remove(folder):
    """Folders may be nested deeper than Python's own tools go."""
    subprocess.run(["rm", "-rf", folder], check=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only", default="")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    program = os.path.abspath(given.program)
    sizes = [int(size) for size in given.sizes.split(",")]
    root = tempfile.mkdtemp(prefix="growth")
    steep = 0
    print("| many | " + " | ".join("n, CPU seconds, peak memory" for _ in sizes) + " | steepest |")
    print("| --- |" + " --- |" * (len(sizes) + 1))
    try:
        for name, make, args, share in THINGS:
            if given.only not in name:
                continue
            cells, costs, late = [], [], False
            for size in sizes:
                n = max(1, int(size * share))
                if late:
                    cells.append("%d: –" % n)
                    continue
                folder = os.path.join(root, "x")
                os.mkdir(folder)
                apart(lambda: (os.chdir(folder), make(n)))
                run = measure(program, args, folder, seconds=given.seconds)
                late = run.late
                cells.append("%d: %s, %.0f MB%s" % (
                    n, "> %.0f s" % given.seconds if late else "%.2f s" % run.cpu, run.peak_mb,
                    "" if run.status in (0, 1) else ", exit %d" % run.status))
                costs.append(float("inf") if late else run.cpu)
                remove(folder)
            ratios = [b / max(a, 0.01) for a, b in zip(costs, costs[1:]) if b >= 0.1]
            worst = max(ratios, default=1.0)
            steep += worst > STEEP
            print("| %s | %s | × %.0f |" % (name, " | ".join(cells), worst), flush=True)
    finally:
        remove(root)
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
