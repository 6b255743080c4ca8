#!/usr/bin/env python3
"""Holds the statistics of pickled snapshots against CPython's own.

usage: check_pickles.py STATISTICS [PYTHON ...]

STATISTICS is the built example (cargo build --example pickle_statistics). Each PYTHON (default: the one that runs this)
makes snapshots of programs with recursion, shared stacks, large blocks and names that are no UTF-8, pickles them in
each protocol, and prints what its own statistics() says. Sizes, counts, frames and order must be the same.
"""
import json, os, subprocess, sys, tempfile

MAKER = r'''
import gzip, json, pickle, sys, tracemalloc
folder, limit, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
tracemalloc.start(limit)
code = """
kept = []
def deep(n, size):
    if n == 0:
        kept.append(bytearray(size))
    else:
        deep(n - 1, size)
    kept.append([n] * (n % 3))
"""
spaces = []
for name in ["/srv/app/a.py", "/srv/app/b.py", "/srv/app/caf\u00e9.py", "/srv/app/\udce9.py", "/srv/\U0001f600.py",
             "/srv/\uffee.py", "<string>"]:
    space = {}
    exec(compile(code, name, "exec"), space)
    spaces.append(space)
state = seed
for _ in range(300):
    state = (state * 1103515245 + 12345) % 2**31
    spaces[state // 7 % len(spaces)]["deep"](state // 64 % 9, state // 1024 % 5000)
huge = bytearray(70000000)
import ast, difflib, json.decoder
snapshot = tracemalloc.take_snapshot()
tracemalloc.stop()
by = {}
for key in ["lineno", "filename", "traceback"]:
    for cumulative in [False, True]:
        if cumulative and key == "traceback":
            continue
        rows = snapshot.statistics(key, cumulative)
        by[key + " cumulative" * cumulative] = [
            [s.size, s.count, [[f.filename, f.lineno] for f in tuple(s.traceback)[::1 if sys.version_info < (3, 7) else -1]]] for s in rows]
with open(folder + "/expected.json", "w") as out:
    json.dump(by, out)
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    with open(folder + "/%d.pickle" % protocol, "wb") as out:
        pickle.dump(snapshot, out, protocol)
    if protocol != 3:
        continue
    import pickletools
    with open(folder + "/optimized.pickle", "wb") as out:
        out.write(pickletools.optimize(pickle.dumps(snapshot, protocol)))
    with open(folder + "/python.pickle", "wb") as out:
        pickle._Pickler(out, pickle.HIGHEST_PROTOCOL).dump(snapshot)
snapshot.dump(folder + "/dump.pickle")
'''


def shown(name):
    return "".join("\\u%04x" % ord(c) if 0xD800 <= ord(c) < 0xE000 else c for c in name)


def main():
    statistics, pythons = sys.argv[1], sys.argv[2:] or [sys.executable]
    compared = wrong = rows = 0
    for python in pythons:
        version = subprocess.check_output([python, "-c", "import platform; print(platform.python_version())"])
        version = version.decode().strip()
        for limit, seed in [(1, 1), (3, 2), (25, 3)]:
            with tempfile.TemporaryDirectory() as folder:
                subprocess.check_call([python, "-c", MAKER, folder, str(limit), str(seed)])
                with open(os.path.join(folder, "expected.json")) as file:
                    by = json.load(file)
                for name in sorted(os.listdir(folder)):
                    if not name.endswith(".pickle"):
                        continue
                    for key, expected in by.items():
                        args = [statistics, os.path.join(folder, name), *key.split()]
                        found = subprocess.check_output(args).decode()
                        expected = ["%d %d %s" % (size, count, " < ".join("%s:%d" % (shown(f), n) for f, n in frames))
                                    for size, count, frames in expected]
                        compared, rows = compared + 1, rows + len(expected)
                        found = found.splitlines()
                        # Python 3.6 compares frames from the innermost on: equals are in another order.
                        if found != expected and (not version.startswith("3.6") or sorted(found) != sorted(expected)):
                            wrong += 1
                            pairs = zip(found + [""], expected + [""])
                            first = next((p for p in pairs if p[0] != p[1]), None)
                            print("%s, %d frames, %s, %s: %r" % (version, limit, name, key, first))
        print("%s: done" % version)
    print("%d statistics of %d rows compared, %d differ" % (compared, rows, wrong))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
