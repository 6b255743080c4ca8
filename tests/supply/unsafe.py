#!/usr/bin/env python3
"""Counts uses of `unsafe` in the crates that leakdiff is built of, as a table.

usage: unsafe.py [--markdown]   (in the root of the repository, after `cargo fetch`)

Counted are `unsafe` blocks, functions, implementations and traits in the Rust sources of each crate that a release is
built of, without tests, benches, examples and comments, whether or not the code is used here. C code, which is all of
it unsafe, is counted in lines. Standard library only.
"""
import json
import os
import re
import subprocess
import sys

UNSAFE = re.compile(r"\bunsafe\s*(?:\{|fn\b|impl\b|trait\b|extern\b)")
COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
LEFT_OUT = {"tests", "benches", "examples", "fuzz", "target"}


def packages():
    """The crates that a release on this system is built of: those of tests and benches are none."""
    def cargo(*args):
        return subprocess.run(["cargo", *args, "--locked"], capture_output=True, check=True, text=True).stdout

    tree = cargo("tree", "--edges", "normal,build", "--prefix", "none", "--no-dedupe", "--format", "{p}")
    built = {tuple(line.split(" ")[:2]) for line in tree.splitlines() if line}
    known = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    return [package for package in known if (package["name"], "v" + package["version"]) in built]


def counted(folder):
    uses = c_lines = 0
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        for name in files:
            path = os.path.join(at, name)
            if name.endswith(".rs"):
                with open(path, encoding="utf-8", errors="replace") as file:
                    uses += len(UNSAFE.findall(COMMENTS.sub("", file.read())))
            elif name.endswith((".c", ".h", ".S", ".cpp")):
                with open(path, "rb") as file:
                    c_lines += file.read().count(b"\n")
    return uses, c_lines


def main():
    rows = []
    for package in packages():
        folder = os.path.dirname(package["manifest_path"])
        rows.append((*counted(folder), package["name"], package["version"]))
    rows.sort(reverse=True)
    own = next(row for row in rows if row[2] == "leakdiff")
    none = sum(1 for row in rows if row[0] == 0 and row[1] == 0)
    print("| crate | uses of `unsafe` | lines of C |\n| --- | --- | --- |")
    for uses, c_lines, name, version in rows:
        if uses or c_lines:
            print("| %s %s | %d | %s |" % (name, version, uses, c_lines or ""))
    print("\n%d crates: %d uses of `unsafe` and %d lines of C in %d of them, none in %d."
          % (len(rows), sum(row[0] for row in rows), sum(row[1] for row in rows), len(rows) - none, none))
    return 1 if own[0] or own[1] else 0


if __name__ == "__main__":
    sys.exit(main())
