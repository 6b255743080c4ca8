"""Hostile surroundings: documents, names, folders, settings, baselines and reports of earlier runs."""
import json
import os

from pieces import MIB, START, field, noise, pickle_of_references, report, sites, times, varint
from registry import ERROR, FOUND, OK, case, one, write, write_below

GROWS = b"".join(report(40))


# Documents that are read whole.
one("a profile whose lengths lie", {ERROR}, "", [
    field(1, field(1, b"\x01")) + varint(6 << 3 | 2) + varint(2**60) + b"cpu"])
one("a profile of deep samples", {ERROR, OK}, "", [
    b"".join(field(6, b"") for _ in range(9)) + field(2, field(1, b"\1" * 200_000))])
one("a pickle that calls a program", {ERROR}, "", [b"cos\nsystem\n(S'touch called'\ntR."])
one("a pickle of 2^250 lists", {ERROR}, "", pickle_of_references(250))
case("a pickle of many marks", 100_000, 10_000_000, {ERROR}, "")(
    lambda n: (_ for part in ([b"\x80\x04"], times(b"(", n), [b"."]) for _ in part))
one("a pickle that asks for 8 EiB", {ERROR}, "", [b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f" + b"x."])
case("a heap profile of deep nodes", 10_000, 3_000_000, {ERROR}, "")(lambda n: [
    b'{"head":', b'{"callFrame":{"functionName":"f","url":"","lineNumber":1},"selfSize":1,"children":[' * n,
    b"]}" * n, b"}"])
case("a massif tree of many levels", 2000, 200_000, {ERROR, OK, FOUND}, "")(lambda n: [
    b"desc: x\ncmd: ./x\ntime_unit: i\n", *(
        b"#-----------\nsnapshot=%d\n#-----------\ntime=%d\nmem_heap_B=%d\nmem_heap_extra_B=0\nmem_stacks_B=0\n"
        b"heap_tree=detailed\n" % (k, k * 100, 1000 + k) +
        b"".join(b" " * min(d, 60) + b"n1: %d 0x%X: f (a.c:%d)\n" % (1000 + k, d, d) for d in range(n))
        for k in range(3))])


# Names.
NAMES = [
    "::stop-commands::x", "##[group]x", "::error file=a::b", "]]>", "</script><script>alert(1)</script>", "=cmd()",
    "\u202egnp.exe", "\ufffe\uffff", "\x1b]8;;http://evil.example\x07x\x1b]8;;\x07", "\x1b]52;c;QUJD\x07",
    "a" + "\u0301" * 30, "\u2800\u00a0\u2003x", "//evil.example/x", "`@everyone` | x", "![x](http://evil.example)",
]


def of_names(n):
    for k in range(8):
        yield b"%d\n" % (START + 600 * k)
        for name in NAMES:
            yield b"Name:\t%s\nVmRSS:\t%d kB\n" % (name.encode(), 90_000 + 900 * k)


one("names of processes that are commands, as a table", {FOUND}, "grow", list(of_names(1)))
one("names of processes that are commands, for GitHub", {FOUND}, "", list(of_names(1)),
    args=["--check", "--format", "github", "log"])
one("names of processes that are commands, as JUnit", {FOUND}, "", list(of_names(1)),
    args=["--check", "--format", "junit", "log"])
one("sites that are addresses of the network, as SARIF", {FOUND}, "", [
    piece.replace(b"/srv/app", b"//evil.example/x") for piece in sites(9, 8, step=6400)],
    args=["--check", "--format", "sarif", "log"])


@case("files whose names are commands", 1, 1, {FOUND}, "grow", ["--check", "logs"])
def _(n):
    for name in ["::error::x.txt", "a\nb.txt", "\x1b[2J.txt", "-rf", "=1+1.txt", "\u202etxt.exe"]:
        write(os.path.join("logs", name), [GROWS])


# Folders.
@case("many files in a folder", 1000, 50_000, {FOUND}, "grows", ["--check", "logs"])
def _(n):
    os.makedirs("logs")
    for k in range(n):
        write("logs/%d.txt" % k, [b"%d\nVmRSS:\t%d kB\n" % (START + 600 * k, 100_000 + 40 * k)])


case("folders in folders", 200, 1200, {FOUND, ERROR}, "", ["--check", "logs"])(lambda n: write_below(n, [GROWS]))


@case("links in circles", 40, 400, {FOUND}, "grows", ["--check", "logs"])
def _(n):
    write("logs/a.log", [GROWS])
    for k in range(n):
        os.makedirs("logs/d%d" % k)
        os.symlink("..", "logs/d%d/up" % k)
        os.symlink(".", "logs/d%d/here" % k)


@case("a link to nowhere, a link to itself", 1, 1, {FOUND, ERROR}, "cannot be read", ["--check", "logs"])
def _(n):
    write("logs/a.log", [GROWS])
    os.symlink("nowhere", "logs/b.log")
    os.symlink("c.log", "logs/c.log")


@case("a pipe that nobody writes to in a folder", 1, 1, {FOUND}, "grows", ["--check", "logs"])
def _(n):
    write("logs/a.log", [GROWS])
    os.mkfifo("logs/b.log")


one("devices", {ERROR}, "cannot be read", [], args=["--check", "/dev/null", "/proc/self/mem"])


# Source code.
@case("a link out of the source root", 1, 1, {FOUND}, "^(?!.*root:x)", ["--check", "--source-root", "src", "--format", "json", "log"])
def _(n):
    os.makedirs("src")
    os.symlink("/etc", "src/etc")
    os.symlink("/etc/passwd", "src/passwd")
    write("log", (piece.replace(b"/srv/app/m0.py", b"/x/passwd") for piece in sites(3, 8, step=6400)))


@case("a site of many folders", 500, 40_000, {FOUND}, "grow", ["--check", "--source-root", ".", "log"])
def _(n):
    write("log", (b"2024-05-23T10:%02d:00Z INFO [ Top lines ]\n/app%s/x.py:1: size=%d KiB, count=%d, average=1 KiB\n"
                  % (10 + k, b"/a" * n, 100 + 9 * k, 100 + 9 * k) for k in range(8)))


@case("a pattern that goes back and forth", 2000, 200_000, {FOUND, ERROR, OK}, "", ["--check", "--match", "(a+)+(?<value>[0-9]+)MB$", "log"])
def _(n):
    write("log", (b"a" * n + b"%dMB\n" % (900 + k) for k in range(40)))


# Settings, baselines, earlier reports.
def known(n, text="/srv/app/m%d.py:%d"):
    entries = [{"kind": "site", "site": text % (k // 1000, k % 1000 + 1), "rate": None} for k in range(n)]
    return json.dumps({"schema": "leakdiff-baseline/1", "known": entries}).encode()


one("a baseline without end", {ERROR}, "larger than|expected", [GROWS], args=["--check", "--baseline", "/dev/zero", "log"])
one("a configuration without end", {ERROR}, "larger than|expected", [GROWS], args=["--config", "/dev/zero", "log"])


@case("a baseline of deep brackets", 100_000, 10_000_000, {ERROR}, "expected", ["--check", "--baseline", "b", "log"])
def _(n):
    write("b", times(b"[", n))
    write("log", [GROWS])


@case("a baseline of many sites that are gone", 1000, 50_000, {OK, FOUND}, "", ["--check", "--baseline", "b", "log"])
def _(n):
    write("b", [known(n, "/srv/app/m%d.py:9%d")])
    write("log", sites(n, 8, step=6400))


@case("a configuration of deep brackets", 10_000, 400_000, {ERROR}, "", ["--config", "c.toml", "log"])
def _(n):
    write("c.toml", (_ for part in ([b"top = "], times(b"[", n), [b"\n"]) for _ in part))
    write("log", [GROWS])


@case("a configuration of many settings that are none", 10_000, 100_000, {ERROR}, "no setting", ["--config", "c.toml", "log"])
def _(n):
    write("c.toml", (b"k%d = 1\n" % k for k in range(n)))
    write("log", [GROWS])


@case("many allowed sites", 1000, 20_000, {OK, FOUND}, "", ["--check", "--config", "c.toml", "log"])
def _(n):
    write("c.toml", (b"[[allow]]\nsite = '*/m%d.py:*'\nreason = 'a cache'\n" % (k + 7) for k in range(n)))
    write("log", sites(n, 8, step=6400))




@case("reports of deep brackets", 100_000, 10_000_000, {ERROR}, "", ["--compare", "a.json", "a.json"])
def _(n):
    write("a.json", times(b"[", n))


@case("a report of random bytes", 1, 1, {ERROR}, "", ["--compare", "a.json", "a.json"])
def _(n):
    write("a.json", [noise(100_000)])
