//! What is read of tracemalloc logs, line by line and input by input, as tables. Whole recordings stand in
//! `fixtures/tracemalloc`.
#![allow(clippy::unwrap_used)]

mod reading;

use leakdiff::model::{Measured, SiteReading, Truncation};
use reading::Read;

fn tracemalloc(text: &str) -> Read {
    Read::of("tracemalloc", text)
}

/// A reading in one line: `site | size±half | count | change | count change`.
fn shown(read: &Read, reading: &SiteReading) -> String {
    let measured = |m: Measured| {
        if m.is_exact() { format!("{}", m.value) } else { format!("{:.0}±{:.0}", m.value, m.half_width) }
    };
    let mut text = format!("{} | {}", read.name(reading), measured(reading.size));
    if let Some(blocks) = reading.blocks {
        text += &format!(" | {blocks}");
    }
    if let Some(change) = reading.change {
        text += &format!(" | {}", measured(change.bytes));
        if let Some(blocks) = change.blocks {
            text += &format!(" | {blocks}");
        }
    }
    text
}

fn records(read: &Read) -> Vec<String> {
    let readings = read.snapshots.iter().flat_map(|s| read.readings(s));
    readings.map(|r| shown(read, &r)).collect()
}

/// A line and what is read in it; `!` stands for a damaged record.
const LINES: &[(&str, &[&str])] = &[
    // Statistics and differences, as CPython prints them.
    ("a.py:1: size=56 B, count=1, average=56 B", &["a.py:1 | 56 | 1"]),
    ("a.py:1: size=0 B (-816 B), count=0 (-2)", &["a.py:1 | 0 | 0 | -816 | -2"]),
    ("a.py:1: size=56 B (+0 B), count=1 (+0), average=56 B", &["a.py:1 | 56 | 1 | 0 | 0"]),
    ("app.py:136: size=25.0 MiB, count=2, average=12.5 MiB", &["app.py:136 | 26214400±52429 | 2"]),
    (
        "/usr/lib/python3.9/x.py:84: size=30.6 MiB (+5868 B), count=229614 (+42), average=140 B",
        &["/usr/lib/python3.9/x.py:84 | 32086426±52429 | 229614 | 5868 | 42"],
    ),
    (
        "memprof.py:271: size=6000 MiB (+1000 MiB), count=5969 (+999), average=1029 KiB",
        &["memprof.py:271 | 6291456000±524288 | 5969 | 1048576000±524288 | 999"],
    ),
    (
        "memprof.py:273: size=25.4 KiB (+5504 B), count=1 (+0), average=25.4 KiB",
        &["memprof.py:273 | 26010±51 | 1 | 5504 | 0"],
    ),
    (
        "/w/compression.py:442: size=27.7 GiB, count=4335, average=6699 KiB",
        &["/w/compression.py:442 | 29737128960±2219520 | 4335"],
    ),
    ("a.py:1: size=10239 B, count=1, average=10239 B", &["a.py:1 | 10239 | 1"]),
    (
        "a.py:1: size=10.0 KiB (-10.0 KiB), count=1 (-1), average=10.0 KiB",
        &["a.py:1 | 10240±51 | 1 | -10240±51 | -1"],
    ),
    ("a.py:1: size=100 KiB, count=100, average=1024 B", &["a.py:1 | 102400±50 | 100"]),
    ("a.py:1: size=10240 KiB, count=1, average=10240 KiB", &["a.py:1 | 10485760±512 | 1"]),
    ("a.py:1: size=1.0 TiB, count=3, average=341 GiB", &["a.py:1 | 1098437885952±1610612736 | 3"]),
    ("a.py:0: size=316 KiB, count=3173, average=102 B", &["a.py | 323584±512 | 3173"]),
    ("<unknown>:0: size=650 B (+650 B), count=2 (+2), average=325 B", &["<unknown> | 650 | 2 | 650 | 2"]),
    // Retyped or edited lines: read as far as they are whole.
    (
        "json/decoder.py:353: size=1,182 MiB, count=12,238,515, average=101 B",
        &["json/decoder.py:353 | 1239416832±524288 | 12238515"],
    ),
    ("x.py:7: size=93 MB, count=13, average=7 MB", &["x.py:7 | 97517568±524288 | 13"]),
    ("x.py:7: size=62.5 kB, count=13, average=4923 B", &["x.py:7 | 63999±6 | 13"]),
    (
        "<f>:647: size=18.9 MiB (+6492 KiB), count=196524   # lazy import",
        &["<f>:647 | 19818086±52429 | 196524 | 6647808±512"],
    ),
    (
        "base64.py:325: size=306 KiB, count=7228           # base64 decode",
        &["base64.py:325 | 313344±512 | 7228"],
    ),
    ("PIL/ImageFile.py:518: size=59.3 KiB   (image only)    # buffers", &["!"]),
    ("glyphlist.py:54: size=144 KiB", &["!"]),
    ("a.py:1: size=1978 KiB, coun...", &["!"]),
    ("a.py:1: size=14.3 KiB, count...", &["!"]),
    ("a.py:1: size=14.3 KiB, count=22...", &["!"]),
    ("a.py:1: size=14.3 KiB, count=22", &["!"]),
    ("a.py:1: size=14.3 KiB, count=22,", &["a.py:1 | 14643±51 | 22"]),
    ("a.py:1: size=14.3 KiB, count=22>", &["!"]),
    ("a.py:1: size=14.3 KiB, count=22<truncated>", &["!"]),
    ("a.py:1: size=14.3 KiB, count=1", &["!"]),
    ("a.py:1: size=11.3 MiB>", &["!"]),
    ("a.py:1: size=11>", &["!"]),
    // Numbers that are too long.
    ("a.py:1: size=18446744073709551616 B, count=3, average=1 B", &["!"]),
    ("a.py:1: size=3 B, count=18446744073709551616, average=1 B", &["!"]),
    ("a.py:1: size=3 B (+3 B), count=3 (-18446744073709551616), average=1 B", &["!"]),
    ("#1: a.py:1: 18446744073709551616.5 KiB", &["!"]),
    ("a.py:1: size=607 KiB, count=5433, av...", &["a.py:1 | 621568±512 | 5433"]),
    ("a.py:1: size=24.1 KiB, count=117, average=...", &["a.py:1 | 24678±51 | 117"]),
    ("a.py:1: size=376 B (+376 B), count=2 (+2), average=188 …", &["a.py:1 | 376 | 2 | 376 | 2"]),
    ("a.py:1: size=376 B (+3", &["!"]),
    ("a.py:1: size=376 B (+376 B), count=2 (+", &["!"]),
    ("a.py:1: size=4o.0 KiB (+8064 B), count=320 (+63), average=128 B", &["!"]),
    ("a.py:1: size=, count=3, average=1 B", &["!"]),
    (" size=7930 B (+7930 B), count=109 (+109), average=73 B", &["!"]),
    ("size=7930 B (+7930 B), count=109 (+109), average=73 B", &[]),
    // Names.
    (
        "<frozen importlib._bootstrap_external>:757: size=183 B, count=1, average=183 B",
        &["<frozen importlib._bootstrap_external>:757 | 183 | 1"],
    ),
    ("<string>:5: size=36 B, count=1, average=36 B", &["<string>:5 | 36 | 1"]),
    ("<stdin>:1: size=48 B, count=1, average=48 B", &["<stdin>:1 | 48 | 1"]),
    (
        "<__array_function__ internals>:3: size=185 B, count=9, average=20 B",
        &["<__array_function__ internals>:3 | 185 | 9"],
    ),
    (
        "<attrs generated init worker.Row-52>:1: size=60 B, count=1, average=60 B",
        &["<attrs generated init worker.Row-52>:1 | 60 | 1"],
    ),
    (
        "<ipython-input-1-7b92c5d5f0fd>:54: size=168 B, count=3, average=56 B",
        &["<ipython-input-1-7b92c5d5f0fd>:54 | 168 | 3"],
    ),
    (":1: size=60 B, count=1, average=60 B", &[":1 | 60 | 1"]),
    (
        "C:\\Program Files\\Python312\\Lib\\tracemalloc.py:560: size=312 B, count=2, average=156 B",
        &["C:\\Program Files\\Python312\\Lib\\tracemalloc.py:560 | 312 | 2"],
    ),
    ("c:/Work/t.py:8: size=32 B, count=1, average=32 B", &["c:/Work/t.py:8 | 32 | 1"]),
    ("D:\\\\learn\\\\x.py:23: size=128 B, count=2, average=64 B", &["D:\\learn\\x.py:23 | 128 | 2"]),
    (
        "C:\\\\\\\\Program Files\\\\\\\\t.py:29: size=16 B, count=1, average=16 B",
        &["C:\\Program Files\\t.py:29 | 16 | 1"],
    ),
    ("/<some>/<path>/foo.py:65: size=33 B, count=1, average=33 B", &["/<some>/<path>/foo.py:65 | 33 | 1"]),
    (
        "/opt/python@3.11/3.11.11/x.py:4: size=33 B, count=1, average=33 B",
        &["/opt/python@3.11/3.11.11/x.py:4 | 33 | 1"],
    ),
    (
        "C:/Users/abc/4.描述器/笔记.py:11: size=70 B, count=1, average=70 B",
        &["C:/Users/abc/4.描述器/笔记.py:11 | 70 | 1"],
    ),
    (
        "/home/me/My Project/app.py:3: size=70 B, count=1, average=70 B",
        &["/home/me/My Project/app.py:3 | 70 | 1"],
    ),
    (".../Lib/lzma.py:120: size=93 B, count=1, average=93 B", &[".../Lib/lzma.py:120 | 93 | 1"]),
    (
        "/tmp/ipykernel_13952/1425.py:11: size=13 B, count=1, average=13 B",
        &["/tmp/ipykernel_13952/1425.py:11 | 13 | 1"],
    ),
    (
        "…/openstack/config/ size=30.6 MiB (+5868 B), count=229614 (+42), average=140 B",
        &["…/openstack/config/ | 32086426±52429 | 229614 | 5868 | 42"],
    ),
    // Prefixes.
    ("    a.py:1: size=56 B, count=1, average=56 B", &["a.py:1 | 56 | 1"]),
    ("\ta.py:1: size=56 B, count=1, average=56 B", &["a.py:1 | 56 | 1"]),
    ("# a.py:1: size=56 B, count=1, average=56 B", &["a.py:1 | 56 | 1"]),
    ("#/app/a.py:1: size=56 B, count=1, average=56 B", &["/app/a.py:1 | 56 | 1"]),
    ("> > /app/a.py:1: size=56 B, count=1, average=56 B", &["/app/a.py:1 | 56 | 1"]),
    ("- a.py:1: size=56 B, count=1, average=56 B", &["a.py:1 | 56 | 1"]),
    ("* /app/a.py:1: size=56 B, count=1, average=56 B", &["/app/a.py:1 | 56 | 1"]),
    ("#10: /app/a.py:1: size=56 B, count=1, average=56 B", &["/app/a.py:1 | 56 | 1"]),
    (
        "'/opt/a.py:943: size=5120 KiB (+5120 KiB), count=1 (+1), average=5120 KiB\\n',",
        &["/opt/a.py:943 | 5242880±512 | 1 | 5242880±512 | 1"],
    ),
    (
        "MEMPROF  tracemalloc.py:135: size=448 B (+448 B), count=1 (+1), average=448 B",
        &["tracemalloc.py:135 | 448 | 1 | 448 | 1"],
    ),
    (
        "2025-08-23 20:19:08.733 | INFO     | PID 98960 | #1: E:\\p\\app.py:136: size=25 B, count=2, average=12 B",
        &["E:\\p\\app.py:136 | 25 | 2"],
    ),
    (
        "[2019-09-11 17:09:33 INFO] Python:/tmp/x.py:43: size=12 B (+12 B), count=1 (+1), average=12 B",
        &["/tmp/x.py:43 | 12 | 1 | 12 | 1"],
    ),
    (
        "2020-12-02 16:04:33.000909: runner] top_diffs i=1, stat=XXX/linecache.py:0: size=316 B (+1 B), count=3 (+1), average=105 B",
        &["XXX/linecache.py | 316 | 3 | 1 | 1"],
    ),
    (
        "2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY /usr/lib/l.py:137: size=18 B (+18 B), count=1 (+1), average=18 B sync /usr/lib/mgr.py:236",
        &["/usr/lib/l.py:137 | 18 | 1 | 18 | 1"],
    ),
    (
        "2024-05-23T11:57:35.329Z stdout F 2024-05-23 11:57:35.329 1 DEBUG m [-] MEMORY /a.py:1: size=56 B, count=1, average=56 B",
        &["/a.py:1 | 56 | 1"],
    ),
    (
        "May 23 11:58:35 host svc[1]: DEBUG m MEMORY /a.py:1: size=56 B, count=1, average=56 B",
        &["/a.py:1 | 56 | 1"],
    ),
    (
        "<34>1 2024-05-23T11:56:35Z host svc - - - /a.py:1: size=56 B, count=1, average=56 B",
        &["/a.py:1 | 56 | 1"],
    ),
    ("DEBUG:ironic.manager:MEMORY /a.py:1: size=56 B, count=1, average=56 B", &["/a.py:1 | 56 | 1"]),
    (
        "{\"ts\": \"2024-05-23T11:58:35Z\", \"msg\": \"MEMORY /a.py:67: size=16 B (+16 B), count=1 (+1), average=16 B\"}",
        &["/a.py:67 | 16 | 1 | 16 | 1"],
    ),
    (
        "epoch: 2 training seq 6254 of 6255<frozen abc>:123: size=38 B (+38 B), count=2 (+2), average=19 B",
        &["<frozen abc>:123 | 38 | 2 | 38 | 2"],
    ),
    (
        "INFO -   /path/to/model.py:45: size=1024 KiB, count=1, average=1024 KiB",
        &["/path/to/model.py:45 | 1048576±512 | 1"],
    ),
    (
        "&lt;frozen importlib._bootstrap&gt;:228: size=56 B, count=1, average=56 B",
        &["<frozen importlib._bootstrap>:228 | 56 | 1"],
    ),
    ("{\"msg\":\"\\u003cstring\\u003e:5: size=56 B, count=1, average=56 B\"}", &["<string>:5 | 56 | 1"]),
    ("  app/x.py:12 size=56 B, count=1, average=56 B", &["app/x.py:12 | 56 | 1"]),
    ("| x.py:12: size=56 B, count=1, average=56 B |", &["x.py:12 | 56 | 1"]),
    ("1. /srv/x.py:12: size=56 B, count=1, average=56 B", &["/srv/x.py:12 | 56 | 1"]),
    ("• /srv/x.py:12: size=56 B, count=1, average=56 B", &["/srv/x.py:12 | 56 | 1"]),
    ("•x.py:12: size=56 B, count=1, average=56 B", &["x.py:12 | 56 | 1"]),
    ("-> /srv/x.py:12: size=56 B, count=1, average=56 B", &["/srv/x.py:12 | 56 | 1"]),
    // Prefixes with addresses, requests and paths of their own.
    (
        "W - INFO - tcp://10.0.0.1:4000 - app/a.py:3: size=56 B, count=1, average=56 B",
        &["app/a.py:3 | 56 | 1"],
    ),
    ("W - tcp://10.0.0.1:4000 - /srv/a.py:3: size=56 B, count=1, average=56 B", &["/srv/a.py:3 | 56 | 1"]),
    ("W tcp://10.0.0.1:4000 app/a.py:3: size=56 B, count=1, average=56 B", &["app/a.py:3 | 56 | 1"]),
    ("http://host:8080/v1/x?q=/y - app/a.py:3: size=56 B, count=1, average=56 B", &["app/a.py:3 | 56 | 1"]),
    ("redis+unix://r <string>:3: size=56 B, count=1, average=56 B", &["<string>:3 | 56 | 1"]),
    ("\"GET /api/v1 HTTP/1.1\" 200 - app/a.py:3: size=56 B, count=1, average=56 B", &["app/a.py:3 | 56 | 1"]),
    ("/health | app/a.py:3: size=56 B, count=1, average=56 B", &["app/a.py:3 | 56 | 1"]),
    ("/health - app/a.py:3: size=56 B, count=1, average=56 B", &["app/a.py:3 | 56 | 1"]),
    ("/var/log/app.log - app/a.py:3: size=56 B, count=1, average=56 B", &["app/a.py:3 | 56 | 1"]),
    ("/health: app/a.py:3: size=56 B, count=1, average=56 B", &["app/a.py:3 | 56 | 1"]),
    ("file:///srv/a.py:3: size=56 B, count=1, average=56 B", &["/srv/a.py:3 | 56 | 1"]),
    ("file:///C:/x/a.py:3: size=56 B, count=1, average=56 B", &["C:/x/a.py:3 | 56 | 1"]),
    // Folders with blanks and dashes.
    (
        "C:\\Users\\me\\OneDrive - Firm\\a.py:3: size=56 B, count=1, average=56 B",
        &["C:\\Users\\me\\OneDrive - Firm\\a.py:3 | 56 | 1"],
    ),
    (
        "/Users/me/OneDrive - Firm/a.py:3: size=56 B, count=1, average=56 B",
        &["/Users/me/OneDrive - Firm/a.py:3 | 56 | 1"],
    ),
    (
        "INFO C:\\Program Files (x86)\\b.py:3: size=56 B, count=1, average=56 B",
        &["C:\\Program Files (x86)\\b.py:3 | 56 | 1"],
    ),
    (
        "INFO \\\\?\\C:\\Program Files\\b.py:3: size=56 B, count=1, average=56 B",
        &["\\\\?\\C:\\Program Files\\b.py:3 | 56 | 1"],
    ),
    (
        "INFO \\\\host\\My Share\\b.py:3: size=56 B, count=1, average=56 B",
        &["\\\\host\\My Share\\b.py:3 | 56 | 1"],
    ),
    (
        "INFO \\\\\\\\host\\\\share\\\\b.py:3: size=56 B, count=1, average=56 B",
        &["\\\\host\\share\\b.py:3 | 56 | 1"],
    ),
    // The line number twice.
    ("lib/core.py:674:674: size=56 B, count=1, average=56 B", &["lib/core.py:674 | 56 | 1"]),
    ("lib/core.py:674:674 size=56 B, count=1, average=56 B", &["lib/core.py:674 | 56 | 1"]),
    ("lib/core.py:674:5: size=56 B, count=1, average=56 B", &["lib/core.py:674 | 56 | 1"]),
    ("#1: lib/core.py:674:674: 135197.0 KiB", &["lib/core.py:674 | 138441728±51"]),
    // Web pages and Markdown.
    ("<p>first<br>app/a.py:3: size=56 B, count=1, average=56 B<br>", &["app/a.py:3 | 56 | 1"]),
    ("<tr><td>1</td><td>a.py:3: size=56 B, count=1, average=56 B</td></tr>", &["a.py:3 | 56 | 1"]),
    ("<li><code>a.py:3</code>: <b>size=56 B</b>, count=1, average=56 B</li>", &["a.py:3 | 56 | 1"]),
    ("- app/s.py:0: **size=168 B**, count=3, average=56 B", &["app/s.py | 168 | 3"]),
    (
        "- **app/s.py:3**: size=**168 B** (**+56 B**), count=3 (+1), average=56 B",
        &["app/s.py:3 | 168 | 3 | 56 | 1"],
    ),
    ("1. `app/s.py:3`: `size=168 B`, count=3, average=56 B", &["app/s.py:3 | 168 | 3"]),
    ("\"app/s.py:3\": size=168 B, count=3, average=56 B", &["app/s.py:3 | 168 | 3"]),
    ("app/s.py:3: *size=168 B*, count=3, average=56 B", &["app/s.py:3 | 168 | 3"]),
    ("app/s.py:3: _size=168 B_, count=3, average=56 B", &["app/s.py:3 | 168 | 3"]),
    ("[app/s.py:3](https://host/s.py#L3): size=168 B, count=3, average=56 B", &["app/s.py:3 | 168 | 3"]),
    ("__init__.py:3: size=168 B, count=3, average=56 B", &["__init__.py:3 | 168 | 3"]),
    ("pool.py:3: max_size=168 B, count=3, average=56 B", &[]),
    // Strings of several lines.
    (
        "{\"msg\": \"Top 2:\\n/srv/a.py:3: size=3 B, count=1, average=3 B\\nC:\\\\Program Files\\\\b.py:4: size=2 B, count=1, average=2 B\"}",
        &["/srv/a.py:3 | 3 | 1", "C:\\Program Files\\b.py:4 | 2 | 1"],
    ),
    (
        "level=info msg=\"a.py:3: size=3 B, count=1, average=3 B\\nb.py:4: size=2 B, count=1, average=2 B\"",
        &["a.py:3 | 3 | 1", "b.py:4 | 2 | 1"],
    ),
    (
        "svc: Top:#012/srv/a.py:3: size=3 B, count=1, average=3 B#012b.py:4: size=2 B, count=1, average=2 B",
        &["/srv/a.py:3 | 3 | 1", "b.py:4 | 2 | 1"],
    ),
    // More than one in a line, and reprs.
    (
        "['/a.py:1: size=3 B, count=1, average=3 B', '/b.py:2: size=2 B, count=1, average=2 B']",
        &["/a.py:1 | 3 | 1", "/b.py:2 | 2 | 1"],
    ),
    (
        "<Statistic traceback=<Traceback (<Frame filename='x.py' lineno=40>,)> size=64000 count=1000>",
        &["x.py:40 | 64000 | 1000"],
    ),
    (
        "<StatisticDiff traceback=<Traceback (<Frame filename='x' lineno=40>,)> size=64000 (+64000) count=1000 (+1000)>",
        &["x:40 | 64000 | 1000 | 64000 | 1000"],
    ),
    (
        "[<StatisticDiff traceback=<Traceback (<Frame filename='main.py' lineno=3>, <Frame filename='w.py' lineno=9>)> size=1 (-1) count=1 (+0)>]",
        &["w.py:9 < main.py:3 | 1 | 1 | -1 | 0"],
    ),
    // The documentation's recipe.
    ("#1: /srv/app/background.py:26: 16.1 KiB", &["/srv/app/background.py:26 | 16486±51"]),
    ("#2: python3.6/linecache.py:137: 0.5 KiB", &["python3.6/linecache.py:137 | 512±51"]),
    (
        "#1: <frozen importlib._bootstrap_external>:487: 66267.8 KiB#2: gensim\\utils.py:1398: 65934.3 KiB",
        &["<frozen importlib._bootstrap_external>:487 | 67858227±51", "gensim\\utils.py:1398 | 67516723±51"],
    ),
    ("INFO #3: typing/context.py:456: 105.1 KiB", &["typing/context.py:456 | 107622±51"]),
    ("#3: typing/context.py:456: 10.5 MiB", &["typing/context.py:456 | 11010048±52429"]),
    ("#3: typing/context.py:456: 10 MB", &["typing/context.py:456 | 10485760±524288"]),
    ("#3: typing/context.py:456: 10.25 GB", &["typing/context.py:456 | 11005853696±5368709"]),
    ("#3: typing/context.py:456: 5120 B", &["typing/context.py:456 | 5120"]),
    ("#3: typing/context.py:456: 5.5 Ki", &["!"]),
    // Words of other programs.
    (
        "2024-05-23 12:07:58.693 1 INFO image_service [-] cache: size=30.6 MiB, count=38, average=1336 KiB",
        &[],
    ),
    (
        "2024-05-23 11:57:35.529 1 WARNING engines [-] sqlite connection pool: size=5, count=920, overflow=0",
        &[],
    ),
    ("INFO engine.py:355: size=5, count=920, overflow=0", &[]),
    ("INFO pool.py:12: size=5", &[]),
    ("listening on 10.0.0.1:8080 size=30 MiB, count=3, average=1 MiB", &[]),
    ("===== ATTRIBUTION label=DIGITAL file=simple-digital.pdf size=22926B =====", &[]),
    ("gpu_stats id=0, name=TITAN RTX, mem_used=19278 MiB, mem_total=24220 MiB, mem_util=79 %", &[]),
    ("Change in memory usage: -970.752 kb", &[]),
    (
        "old adr on enter cmd snap: <tracemalloc.Snapshot object at 0x000002227BD20100> Thread: MainThread",
        &[],
    ),
    ("51150 more: size=24 MiB, count=208802, average=120 B", &[]),
    ("Traced Python memory: size=151 MiB, count=645849, average=245 B", &[]),
    ("#1: memory block 0x805e7010: size=80 MiB", &[]),
    ("memory_blocks=2138, size_kB=213", &[]),
    ("Total allocated size: 15179.4 KiB", &[]),
    ("3212 other: 4611.9 KiB", &[]),
    ("  File \"/srv/app/manager.py\", line 129", &[]),
];

#[test]
fn every_line_gives_its_records() {
    assert!(LINES.len() >= 80, "{}", LINES.len());
    for (line, expected) in LINES {
        let parsed = tracemalloc(line);
        let mut found = records(&parsed);
        found.extend((0..parsed.unreadable_lines).map(|_| "!".to_owned()));
        assert_eq!(&found, expected, "{line}");
        assert_eq!(
            parsed.notices.iter().filter(|n| n.line > 0).count() as u64,
            parsed.unreadable_lines,
            "{line}"
        );
    }
}

#[test]
fn a_damaged_record_says_where_and_what() {
    for (line, message) in [
        (
            "a.py:1: size=4o.0 KiB, count=3, average=1 B",
            "column 14: expected a size, found \"4o.0 KiB, count=3, avera\"",
        ),
        ("a.py:1: size=14.3 KiB, coun...", "column 22: expected \", count=\", found \", coun...\""),
        ("a.py:1: size=14.3 KiB, count=", "column 30: expected a count, found the end of the line"),
        (
            "a.py:1: size=1 B, count=12",
            "column 27: expected an average after the count, found the end of the line",
        ),
        (
            " size=1 B, count=1, average=1 B",
            "column 32: expected a site before the size, found the end of the line",
        ),
    ] {
        assert_eq!(tracemalloc(line).notices[0].message, message, "{line}");
    }
}

/// Where snapshots end: an input in shorthand, `;` for line ends, and the number of records in each snapshot.
const SNAPSHOTS: &[(&str, &str, &[usize])] = &[
    ("one list", "A9;B5", &[2]),
    ("a rise begins a new list", "A9;B5;A9;B5", &[2, 2]),
    ("a rise of another site too", "A9;B5;C9;D1", &[2, 2]),
    ("equal sizes do not rise", "A9;B9;C9", &[3]),
    ("a heading begins a new list even on the way down", "[ Top 2 ];A9;B8;[ Top 2 ];C7;D6", &[2, 2]),
    ("headings in other tongues", "内存 Top 10;A9;B8;内存 Top 10;C7", &[2, 1]),
    ("words with top inside are no headings", "A9;laptop stopped top_stats;B8", &[2]),
    ("an unrelated line between records", "A9;nothing to see;B8;C7", &[3]),
    ("a site that comes back after other text", "first;A9;B8;second;A8;B7", &[2, 2]),
    ("a site that comes back after an empty line", "A9;B8;;B8;A7", &[2, 2]),
    ("sites of one text beside others", "M9;M8;B5;M3", &[4]),
    ("one site, falling", "A9;A8;A7", &[1, 1, 1]),
    ("differences by magnitude", "A+9;B-7;C+5;A+8;B-7;C+1", &[3, 3]),
    ("differences downwards by signed change", "A+9;B+7;C-8;A+9;B+7;C-9", &[3, 3]),
    ("statistics then differences", "A9;B5;A+4;B+3", &[2, 2]),
    ("differences then statistics", "A+9;B+5;A9;B5", &[2, 2]),
    ("unsorted lists that repeat", "A1;B5;C3;D9;E2;F8;A1;B6;C2;D9;E3;F8", &[6, 6]),
    ("one unsorted list", "A1;B5;C3;D9;E2;F8;G3;H9", &[8]),
    ("totals end a list", "A9;Total allocated size: 0.0 KiB;B8;Total allocated size: 1.1 KiB", &[1, 1]),
    (
        "a total without records is a snapshot of nothing",
        "Total allocated size: 0.0 KiB;B8;Total allocated size: 1.1 KiB",
        &[0, 1],
    ),
    (
        "times far apart",
        "2024-05-23 12:00:00.1 A9;2024-05-23 12:00:00.2 B8;2024-05-23 12:10:00.1 C7;2024-05-23 12:10:00.2 D1",
        &[2, 2],
    ),
    (
        "a logger that stalls",
        "2024-05-23 12:00:00.1 A9;2024-05-23 12:00:03.2 B5;2024-05-23 12:10:00.1 A9;2024-05-23 12:10:00.2 B5;2024-05-23 12:20:00.1 A9;2024-05-23 12:20:00.2 B5",
        &[2, 2, 2],
    ),
    ("one record a time", "2024-05-23 12:00:00 A9;2024-05-23 12:10:00 A9;2024-05-23 12:20:00 A8", &[1, 1, 1]),
    (
        "whole seconds",
        "2024-05-23 12:00:00 A9;2024-05-23 12:00:01 B5;2024-05-23 12:00:01 C4;2024-05-23 12:10:00 A9",
        &[3, 1],
    ),
    ("a first list cut at its head", "B5;C3;A9;B5;C3", &[2, 3]),
    ("damaged records stand in their list", "A9;b.py:1: size=8 B, coun...;C7;A9;B8", &[2, 2]),
    (
        "a date before each list",
        "Thu May 23 11:56:35 UTC 2024;A9;B8;Thu May 23 12:06:35 UTC 2024;C7;D6",
        &[2, 2],
    ),
    ("nothing", "hello;world", &[]),
];

/// Puts statistics in for shorthand: `A9` is a statistic of a.py with 9 bytes, `B-7` a difference of b.py.
fn spelled_out(short: &str) -> String {
    let mut text = String::new();
    for line in short.split(';') {
        let (before, word) = line.rsplit_once(' ').map_or(("", line), |(a, b)| (a, b));
        let end = if word.ends_with('\r') { "\r" } else { "" };
        let mut chars = word.trim_end().chars();
        let (site, rest) = (chars.next(), chars.as_str());
        match (site, rest.parse::<i64>()) {
            (Some(site @ 'A'..='Z'), Ok(n)) => {
                let name = site.to_ascii_lowercase();
                let before = if before.is_empty() { String::new() } else { format!("{before} INFO ") };
                text += &if rest.starts_with(['+', '-']) {
                    format!(
                        "{before}/{name}.py:1: size={} B ({rest} B), count=3 (+1), average=3 B{end}\n",
                        100 + n
                    )
                } else {
                    format!("{before}/{name}.py:1: size={n} B, count=3, average=3 B{end}\n")
                };
            }
            _ => {
                text += line;
                text.push('\n');
            }
        }
    }
    text
}

#[test]
fn every_input_gives_its_snapshots() {
    for (name, short, expected) in SNAPSHOTS {
        let parsed = tracemalloc(&spelled_out(short));
        assert_eq!(parsed.lengths(), *expected, "{name}");
    }
}

#[test]
fn more_sites_may_come_back_than_the_order_rises() {
    let block = |size: &str| format!("0 memory blocks: {size} KiB\n");
    let frame = "  File \"\", line 0\n";
    let text = [
        block("3.0") + &block("0.0") + frame,
        block("10.0") + &block("0.0") + frame,
        "#1: /.py:0: 0.0 KiB\n#1: a.py:0: 0.1 KiB\n".to_owned(),
        block("0.0") + frame,
        ["100.0", "10.0", "1.0", "0.0"].map(|size| block(size) + "RssAnon:\n").concat(),
    ];
    // However they are divided, each record is in one list.
    assert_eq!(tracemalloc(&text.concat()).lengths().iter().sum::<usize>(), 11);
}

#[test]
fn a_list_says_whether_it_is_cut() {
    for (text, truncation) in [
        ("[ Top 10 ];A9;B5", Truncation::Complete),
        ("[ Top 2 ];A9;B5", Truncation::TopK { at_most: 5.0 }),
        ("A9;B5", Truncation::Unknown),
        ("A9;B5;7 other: 3.0 KiB", Truncation::TopK { at_most: 5.0 }),
        ("A9;B5;7 more: size=3072 B, count=8, average=384 B", Truncation::TopK { at_most: 5.0 }),
        // A total that agrees with what is listed is believed, and one that does not says what is missing.
        ("A9;B5;Total: size=14 B, count=2, average=7 B", Truncation::Complete),
        ("A9;B5;Traced Python memory: size=14 B, count=2, average=7 B", Truncation::Complete),
        ("A9;B5;Total: size=17 B, count=3, average=6 B", Truncation::TopK { at_most: 3.0 }),
        ("A9;B5;Total: size=99 B, count=9, average=11 B", Truncation::TopK { at_most: 5.0 }),
        (
            "A9;B5;2 more: size=3 B, count=2, average=2 B;Total: size=17 B, count=4, average=4 B",
            Truncation::TopK { at_most: 3.0 },
        ),
        (
            "A9;B5;2 more: size=3 B, count=2, average=2 B;Total: size=21 B, count=4, average=5 B",
            Truncation::Partial { at_most: Some(4.0) },
        ),
        ("[ Top 10 ];A9;B5;Total: size=99 B, count=9, average=11 B", Truncation::TopK { at_most: 5.0 }),
        ("[ Top 2 ];A9;B5;Total: size=14 B, count=2, average=7 B", Truncation::Complete),
        ("A9;B5;Total: size=3 B, count=1, average=3 B", Truncation::Unknown),
        // Lines that are left out, or could not be read: absence is unknown, up to what the order allows.
        ("A9;B5;...", Truncation::Partial { at_most: Some(5.0) }),
        ("A9;B5;[…]", Truncation::Partial { at_most: Some(5.0) }),
        ("A9;B5;(truncated)", Truncation::Partial { at_most: Some(5.0) }),
        ("A9;B5;-- more --", Truncation::Partial { at_most: Some(5.0) }),
        ("A9;...;B5", Truncation::Partial { at_most: Some(9.0) }),
        ("[ Top 10 ];...;A9;B5", Truncation::Partial { at_most: None }),
        ("A1;B5;...;C3;D9", Truncation::Partial { at_most: None }),
        ("A9;b.py:1: size=8 B, coun;C5", Truncation::Partial { at_most: Some(9.0) }),
        ("A9;b.py:1: s>;C5", Truncation::Partial { at_most: Some(9.0) }),
        ("b.py:1: size=8 B, coun;A9;C5", Truncation::Partial { at_most: None }),
        (
            "[ Top 10 differences ];A+9;b.py:1: size=8 B (+5 B), co>;C+5",
            Truncation::Partial { at_most: Some(9.0) },
        ),
        // Ranks.
        (
            "#2: a.py:1: 9.0 KiB;#3: b.py:1: 5.0 KiB;#1: c.py:1: 4.0 KiB",
            Truncation::Partial { at_most: None },
        ),
        (
            "#1: a.py:1: 9.0 KiB;#3: b.py:1: 5.0 KiB;#4: c.py:1: 4.0 KiB",
            Truncation::Partial { at_most: Some(9267.2) },
        ),
        ("#1: a.py:1: 9.0 KiB;#2: b.py:1: 5.0 KiB;Total allocated size: 14.0 KiB", Truncation::Complete),
        ("[ Top 2 differences ];A+9;B-5", Truncation::TopK { at_most: 5.0 }),
    ] {
        assert_eq!(tracemalloc(&spelled_out(text)).snapshots[0].truncation, truncation, "{text}");
    }
}

#[test]
fn recordings_of_every_further_form_are_read_whole() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/recordings/");
    for (file, snapshots, records) in [
        ("openstack-atexit/diff.log", 39, 390),
        ("re-cache/diff.log", 39, 390),
        ("idle/diff.jsonl", 39, 390),
        ("gc-sawtooth/baseline.log", 39, 390),
        ("logging-handlers/top.log", 40, 400),
        ("asyncio-tasks/tbdiff.log", 39, 390),
        ("asyncio-tasks/traceback.log", 40, 160),
        ("two-rates/cumulative.log", 40, 1000),
    ] {
        let parsed = tracemalloc(&std::fs::read_to_string(format!("{root}{file}")).unwrap());
        let found: usize = parsed.snapshots.iter().map(|s| s.readings.len()).sum();
        assert_eq!(
            (parsed.snapshots.len(), found, parsed.unreadable_lines),
            (snapshots, records, 0),
            "{file}"
        );
    }
}
