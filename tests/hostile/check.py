#!/usr/bin/env python3
"""Runs leakdiff on hostile inputs and prints what each costs and how it ends.

usage: check.py LEAKDIFF [--full] [--only WORDS] [--markdown] [--address-space MIB]

Without --full the inputs are small, and the run is a step of .ci/run. An input fails if leakdiff panics or is ended by
a signal, if its exit code or its words are not the right ones, or if it costs far more than an ordinary log of the same
size. Exit status: 0 if none fails. Python 3.9 and later, standard library only.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cases  # noqa: E402, F401
import cases_around  # noqa: E402, F401
from measure import apart, measure  # noqa: E402
from pieces import MIB, plain  # noqa: E402
from registry import CASES, write  # noqa: E402

# Seconds and MiB that any run may take, and times those of an ordinary log of the size of the input.
FREE_SECONDS, FREE_MB = 1.0, 128
DEARER = 40


def make(case, folder, n):
    os.chdir(folder)
    pieces = case.make(n)
    if pieces is not None:
        write("log", pieces)


def size_of(folder):
    """Bytes of all files. Folders may be nested deeper than Python's own tools go."""
    listed = subprocess.run(["find", folder, "-type", "f", "-printf", "%s\n"], capture_output=True, check=True)
    return sum(map(int, listed.stdout.split()))


def remove(folder):
    subprocess.run(["rm", "-rf", folder], check=False)


def ordinary(program, folder):
    """CPU seconds and MiB of an ordinary log, for each byte and at rest."""
    apart(write, os.path.join(folder, "plain"), plain(32 * MIB))
    apart(write, os.path.join(folder, "little"), plain(MIB // 8))
    large, little = (measure(program, ["--no-config", name], folder) for name in ("plain", "little"))
    return max(large.cpu - little.cpu, 0.01) / (32 * MIB), little.cpu, little.peak_mb


def first_words(text):
    line = next((line for line in text.splitlines() if line.strip()), "")
    return re.sub(r"/tmp/[^/ ]+/", "", re.sub(r"[^\x20-\x7e]", "?", line)).strip()


def verdict(case, run, most_seconds, most_mb):
    """The reasons why a run is wrong."""
    if run.late:
        yield "took too long"
    elif run.died:
        yield "died"
    elif run.status not in case.exits:
        yield "exit %d instead of %s" % (run.status, " or ".join(map(str, sorted(case.exits))))
    if not re.search(case.words, run.text, re.DOTALL):
        yield "does not say /%s/" % case.words
    if run.cpu > most_seconds:
        yield "more than %.1f s" % most_seconds
    if most_mb and run.peak_mb > most_mb:
        yield "more than %.0f MB" % most_mb


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--address-space", type=int, default=2048, help="MiB")
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    program = os.path.abspath(given.program)
    root = tempfile.mkdtemp(prefix="hostile")
    failed = 0
    try:
        each_byte, rest, rest_mb = ordinary(program, root)
        chosen = [case for case in CASES if given.only in case.name]
        print("| input | bytes | exit | CPU seconds | peak memory | first words |\n| --- | --- | --- | --- | --- | --- |")
        for number, case in enumerate(chosen):
            folder = os.path.join(root, str(number))
            os.mkdir(folder)
            n = case.full if given.full else case.quick
            apart(make, case, folder, n)
            size = size_of(folder)
            # An archive may be a thousand times as long unpacked; the pieces of such cases are MiB.
            unpacked = max(size, n * MIB if case.full <= 10_000 and case.full > 1 else 0)
            args = case.args if "--config" in case.args else ["--no-config", *case.args]
            stdin = "log" if case.stdin else None
            run = measure(program, args, folder, stdin, given.address_space * MIB, given.seconds)
            bound = FREE_SECONDS + rest + DEARER * each_byte * unpacked
            # A site or a process of a few bytes costs a few hundred: the address space is the bound of large inputs.
            most_mb = None if given.full else FREE_MB + rest_mb
            wrong = list(verdict(case, run, bound, most_mb))
            failed += bool(wrong)
            mark = " **" + "; ".join(wrong) + "**" if wrong else ""
            words = first_words(run.text)[:90].replace("|", "\\|").replace("`", "'")
            print("| %s (n = %d) | %d | %d | %.2f | %.0f MB | `%s`%s |"
                  % (case.name, n, size, run.status, run.cpu, run.peak_mb, words, mark), flush=True)
            remove(folder)
    finally:
        remove(root)
    print("\n%d inputs, %d wrong; an ordinary log: %.1f ms for each MB" % (len(chosen), failed, each_byte * 1e9))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
