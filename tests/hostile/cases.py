"""Hostile recordings: bytes, lines, archives and records."""
import tarfile

from pieces import (
    MIB, START, bz, colliding_names, gz, noise, report, sites, tar, times, xz, xz_with_dictionary, zip_of_zeros, zips,
    zst, zst_frame_to_skip,
)
from registry import ERROR, FOUND, OK, case, one

GROWS = list(report(40))
CALM = list(report(40, step=0))


# Bytes and encodings.
one("no bytes", {ERROR}, "is empty", [])
one("white space only", {ERROR}, "is empty", [b" \t\r\n" * 1000])
one("the end of a unit in the first line", {FOUND}, "grows", [b"i\n", *report(40)])
case("NUL bytes only", 4, 1000, {ERROR}, "NUL bytes throughout")(lambda n: times(b"\0" * MIB, n))
one("random bytes", {ERROR}, "binary data", [noise(100_000)])
one("UTF-32", {ERROR}, "UTF-32", ["VmRSS: 1 kB\n".encode("utf-32") * 9])
one("EBCDIC", {ERROR}, "EBCDIC", ["VmRSS: 1 kB\n".encode("cp500") * 90])
one("UTF-16 without mark", {FOUND}, "grows", [b"".join(GROWS).decode().encode("utf-16-le")])
one("UTF-16 of odd length", {FOUND}, "grows", [b"".join(GROWS).decode().encode("utf-16") + b"\0"])
one("UTF-16 after UTF-8", {FOUND, ERROR}, "", GROWS + [b"".join(GROWS).decode().encode("utf-16")])
one("a byte that is no UTF-8 in each line", {FOUND}, "grows", [piece.replace(b"\n", b"\xff\n") for piece in GROWS])
one("lone CR for line ends", {FOUND}, "grows", [b"".join(GROWS).replace(b"\n", b"\r")])
one("U+2028 for line ends", {OK, FOUND, ERROR}, "", [b"".join(GROWS).replace(b"\n", "\u2028".encode())])
case("NUL holes amid a log", 80, 7680, {OK, FOUND}, "")(
    lambda n: gz(_ for part in ([b"a log\n" * 900], (
        _ for k in range(n) for _ in (b"\0" * (128 << 10), b"x\n", GROWS[k % 40]))) for _ in part))
case("a NUL hole of n MiB at the start", 4, 1000, {FOUND}, "grows")(
    lambda n: (_ for part in (times(b"\0" * MIB, n), GROWS) for _ in part))


# Lines.
def endless(n):
    return times(b"x" * MIB, n)


case("a line without end", 24, 1000, {ERROR}, "longer than|no format")(endless)
case("a line without end, through a pipe", 24, 2000, {ERROR}, "longer than|no format", ["--check", "-"], True)(endless)
case("a line without end, gzip", 24, 1000, {ERROR}, "longer than|no format")(lambda n: gz(endless(n)))
case("a line without end, xz", 24, 640, {ERROR}, "longer than|no format")(lambda n: xz(endless(n)))
case("a line without end, bzip2", 24, 640, {ERROR}, "longer than|no format")(lambda n: bz(endless(n)))
case("a line without end, zstd", 24, 2000, {ERROR}, "longer than|no format")(lambda n: zst(endless(n)))
case("a line without end, UTF-16", 24, 400, {ERROR}, "longer than|no format")(
    lambda n: (_ for part in ([b"\xff\xfe"], times(b"x\0" * (MIB >> 1), n)) for _ in part))
case("a long line before a report", 24, 500, {FOUND}, "longer than")(
    lambda n: (_ for part in (endless(n), [b"\n"], GROWS) for _ in part))
case("a long line within a report", 24, 500, {FOUND}, "longer than")(
    lambda n: (_ for part in (GROWS[:20], [b"VmRSS: "], endless(n), [b"\n"], GROWS[20:]) for _ in part))
case("long lines just within the bound", 1, 20, {FOUND}, "grows")(
    lambda n: (_ for part in (times(b"x" * (15 * MIB) + b"\n", n), GROWS) for _ in part))
case("line ends only, gzip", 8, 256, {ERROR, FOUND, OK}, "")(
    lambda n: gz(_ for part in (GROWS[:9], times(b"\n" * MIB, n)) for _ in part))
case("blank lines, CRLF", 4, 128, {ERROR, FOUND, OK}, "")(
    lambda n: gz(_ for part in (GROWS[:9], times(b"\r\n" * (MIB >> 1), n)) for _ in part))
case("sentences that name memory", 1, 64, {FOUND}, "grows")(
    lambda n: (_ for part in (GROWS, times(b"nothing of memory stands here, it is of use; heap | of it\n", n << 14)) for _ in part))
case("quotes in each line", 1, 64, {FOUND}, "grows")(
    lambda n: (_ for part in (GROWS, times(b'    "resultType": "vector, matrix",\n', n * MIB // 36)) for _ in part))
case("the same key without a value", 2, 64, {FOUND, ERROR}, "")(
    lambda n: (_ for part in (times(b"VmRSS:\n", n * MIB // 7), GROWS) for _ in part))
case("a key again and again in one line", 1, 12, {OK, FOUND, ERROR}, "")(
    lambda n: (_ for part in (times(b"VmRSS: 1 kB ", n * MIB // 12), [b"\n"], GROWS) for _ in part))
case("escapes of a terminal only", 1, 64, {FOUND}, "")(
    lambda n: (_ for part in (times(b"\x1b[31m\x1b[0m" * 9 + b"\n", n * MIB // 82), GROWS) for _ in part))
case("an escape without end", 1, 12, {FOUND, ERROR}, "")(
    lambda n: (_ for part in ([b"\x1b]52;c;"], times(b"QUJD", n * MIB // 4), [b"\n"], GROWS) for _ in part))
case("deep brackets in a line of JSON", 1, 12, {FOUND, ERROR}, "")(
    lambda n: (_ for part in ([b'{"rss": '], times(b"[", n * MIB), [b"\n"], GROWS) for _ in part))
case("a line of JSON with many fields", 20_000, 500_000, {FOUND, ERROR}, "")(
    lambda n: (_ for part in (
        [b'{"rss": 1'], (b',"k%d":%d' % (k, k) for k in range(n)), [b"}\n"], GROWS) for _ in part))
case("one record of a megabyte of blanks", 1, 12, {FOUND, ERROR}, "")(
    lambda n: (_ for part in ([b"VmRSS:"], times(b" ", n * MIB), [b"1 kB\n"], GROWS) for _ in part))

# Archives.
one("gzip cut in the middle", {FOUND}, "incomplete|damaged|ends|cut", [b"".join(gz(report(5000), 9))[:9000]])
one("gzip with a wrong checksum", {FOUND}, "", [b"".join(gz(CALM))[:-8] + b"\1\2\3\4\5\6\7\x08"])
one("gzip with garbage after it", {FOUND, OK}, "", [b"".join(gz(GROWS)) + noise(4000)])
one("gzip in gzip in gzip", {ERROR}, "compressed twice", list(gz(gz(gz(GROWS)))))
case("empty gzip members", 10_000, 2_000_000, {FOUND}, "grows")(
    lambda n: (_ for part in (times(b"".join(gz([])), n), gz(GROWS)) for _ in part))
case("zeros, zstd", 64, 10_000, {ERROR}, "NUL bytes throughout|unpacks to more than")(lambda n: zst(times(b"\0" * MIB, n)))
one("xz that asks for 4 GiB", {FOUND, ERROR}, "", xz_with_dictionary(GROWS, 40))
one("zstd that asks for 2 TiB", {ERROR}, "cannot be read", zst(GROWS, 0xF8))
one("zstd after a frame to skip", {FOUND}, "grows", [zst_frame_to_skip(9), *zst(GROWS)])
one("zstd with a frame to skip of 4 GiB", {ERROR}, "", [b"\x50\x2a\x4d\x18\xff\xff\xff\xff", *zst(GROWS)])
case("tar of many members", 500, 120_000, {OK, FOUND, ERROR}, "")(lambda n: gz(
    tar([("%d.log" % k, b"VmRSS: 1 kB\n", tarfile.REGTYPE)])[0][:1024] for k in range(n)))
one("tar that leaves its folder", {ERROR}, "holds no files", tar([
    ("../../evil.log", b"".join(GROWS), tarfile.REGTYPE), ("/etc/x", b"/etc/passwd", tarfile.SYMTYPE),
    ("y", b"/etc/passwd", tarfile.LNKTYPE), ("z", b"", tarfile.CHRTYPE)]))
one("tar whose member is longer than the archive", {FOUND, ERROR}, "",
    [tar([("a.log", b"".join(GROWS), tarfile.REGTYPE)])[0][:1000]])
case("zip of zeros", 16, 5000, {ERROR}, "")(lambda n: zip_of_zeros("zeros.log", n * MIB))
case("zip of many members", 500, 20_000, {OK, FOUND}, "")(
    lambda n: zips([("%d/a.log" % k, b"VmRSS: %d kB\n" % (100_000 + 9 * k)) for k in range(n)]))
one("zip cut in the middle", {ERROR}, "", [zips([("a.log", b"".join(GROWS))])[0][:200]])
one("zip in zip", {ERROR}, "zip", zips([("a.zip", zips([("a.log", b"".join(GROWS))])[0])]))

# Records.
case("many sites", 10_000, 1_000_000, {FOUND, OK}, "")(lambda n: sites(n, 1))
case("many sites, JSON", 10_000, 1_000_000, {OK}, "", ["--format", "json", "-o", "out", "log"])(lambda n: sites(n, 2))
case("many sites that grow", 2000, 100_000, {FOUND}, "grow")(lambda n: sites(n, 8, step=640))


@case("names of one hash", 5000, 40_000, {FOUND, OK}, "")
def _(n):
    for k, name in enumerate(colliding_names(n)):
        yield name + b":1: size=%d B, count=1, average=1 B\n" % (n - k + 10)


@case("many processes", 2000, 100_000, {FOUND, OK}, "")
def _(n):
    for k in range(6):
        yield b"%d\n" % (START + k * 600)
        for i in range(n):
            yield b"Name:\tp%d\nPid:\t%d\nVmRSS:\t%d kB\n" % (i, i + 1, 100_000 + k * 10)


case("many headings", 2000, 50_000, {FOUND, OK, ERROR}, "")(
    lambda n: (b"--- pod-%d ---\nVmRSS:\t%d kB\n" % (i, 100_000 + i % 7) for i in range(n)))
case("many keys", 2000, 200_000, {FOUND}, "grows")(
    lambda n: (_ for part in ((b"Vm%d:\t%d kB\n" % (i, i) for i in range(n)), GROWS) for _ in part))
case("many snapshots of one site", 5000, 500_000, {FOUND}, "grow")(
    lambda n: (b"[ Top ]\n/a.py:1: size=%d KiB, count=1, average=1 B\n" % (k + 9) for k in range(n)))
case("many samples", 20_000, 2_000_000, {FOUND}, "grows")(lambda n: report(n, step=1))
case("many restarts", 20_000, 500_000, {OK, FOUND}, "")(
    lambda n: (b"%d\nPid:\t%d\nVmRSS:\t%d kB\n" % (START + 60 * k, k // 5 + 1, 90_000 + k % 5 * 900) for k in range(n)))
case("times that run backward", 20_000, 500_000, {FOUND, OK}, "")(
    lambda n: (b"%d\nVmRSS:\t%d kB\n" % (START - 60 * k, 90_000 + k) for k in range(n)))
case("damaged lines", 20_000, 500_000, {FOUND}, "could not be read")(
    lambda n: (_ for part in (CALM, times(b"VmRSS:\t1o0 kB\n", n)) for _ in part))
one("sizes beyond all bounds", {OK, FOUND, ERROR}, "", [
    b"/a.py:%d: size=%s B, count=%s, average=1 B\n" % (k, size, count)
    for k, (size, count) in enumerate([(b"1e308", b"1"), (b"NaN", b"2"), (b"-5", b"3"), (b"9" * 300, b"4"),
                                       (b"inf", b"5"), (b"1", b"18446744073709551616"), (b"1", b"-1")])] * 6)
one("kB beyond 64 bits", {FOUND, ERROR}, "", CALM + [b"VmRSS: %d kB\n" % (10**k) for k in range(15, 400, 5)])
one("dates of the years 0000 and 9999", {FOUND, ERROR}, "", [
    b"%s-12-31T23:%02d:00Z\nVmRSS: %d kB\n" % (year, k, 90_000 + k)
    for k in range(30) for year in (b"0000", b"9999")])
one("seconds since 1970 of 20 digits", {FOUND, OK}, "", [
    b"%d\nVmRSS: %d kB\n" % (10**19 + k, 90_000 + 90 * k) for k in range(40)])
one("equal times", {FOUND, OK}, "", [b"%d\nVmRSS: %d kB\n" % (START, 90_000 + 90 * k) for k in range(40)])
case("a traceback of many frames", 20_000, 1_000_000, {OK, FOUND, ERROR}, "")(
    lambda n: (_ for part in ([b"9 memory blocks: 62.5 KiB\n"], times(
        b'  File "/srv/app/worker.py", line 28\n    x = f(x)\n', n), sites(9, 8)) for _ in part))
case("workers without end", 5000, 200_000, {FOUND, OK, ERROR}, "")(
    lambda n: (b"[worker-%d] VmRSS: %d kB\n" % (k, 90_000 + k % 99) for k in range(n)))
case("a table with many columns", 2000, 100_000, {FOUND, OK, ERROR}, "")(
    lambda n: [b"time," + b",".join(b"rss_%d" % k for k in range(n)) + b"\n",
               *(b"%d" % (START + 60 * k) + b",1000000" * n + b"\n" for k in range(6))])
case("a metric with many labels", 2000, 100_000, {FOUND, OK}, "")(
    lambda n: (b'process_resident_memory_bytes{pod="p%d"} %d %d000\n' % (i, 10**8 + k, START + 60 * k)
               for k in range(6) for i in range(n)))
case("a census of many types", 2000, 100_000, {FOUND, OK, ERROR}, "")(
    lambda n: (_ for k in range(6) for _ in (
        [b" num     #instances         #bytes  class name\n----------------------------------------------\n"]
        + [b"%4d: %d %d  com.example.T%d\n" % (i + 1, 2 * n - i + k, 64 * (2 * n - i + k), i) for i in range(n)]
        + [b"Total %d %d\n" % (n * n, 64 * n * n)])))
one("more sites than a bound", {ERROR}, "more than 9 sites; --max-sites", list(sites(50, 2)),
    args=["--max-sites", "9", "log"])
one("more processes than a bound", {ERROR}, "more than 3 processes or containers; --max-subjects", [
    b"Name:\tp%d\nPid:\t%d\nVmRSS:\t%d kB\n" % (i, i + 1, 90_000 + i) for i in range(50)],
    args=["--max-subjects", "3", "log"])
one("more records than a bound", {ERROR}, "more than 20 records; --max-records", GROWS,
    args=["--max-records", "20", "log"])
one("more bytes of a line than a bound", {FOUND}, "longer than\\s+4\\s+KiB.*--max-line", [
    b"x" * 9000 + b"\n", *GROWS], args=["--check", "--max-line", "4KiB", "log"])
case("repetition beyond a bound, zstd", 64, 64, {ERROR}, "unpacks to more than 1 MiB.*--max-unpacked", [
    "--max-unpacked", "1MiB", "log"])(lambda n: zst(times(b"a" * MIB, n)))
