//! Growth beside what does not grow.

use super::inputs::{Inputs, gzip, partly_unreadable, rules, samples, samples_of, utf32};

/// A text of 60 parts.
fn parts(part: impl Fn(usize) -> String) -> String {
    (0..60).map(part).collect()
}

/// Ways to hide growth beside what does not grow.
#[test]
fn growth_is_not_hidden_by_what_is_healthy() {
    let time = |k: usize| 1_716_465_395 + 600 * k;
    let table = |k: usize| format!("{}\n  PID   RSS CMD\n   77 100000 python app.py\n", time(k));
    let steady = |k: usize| format!("{}\nVmRSS:\t100000 kB\n", time(k));
    let fleet = |k: usize| {
        let healthy = (0..200).map(|process| format!("Name: p{process}\nVmRSS:\t{} kB\n", 100_000 + process));
        format!("{}\n{}Name: leak\nVmRSS:\t{} QB\n", time(k), healthy.collect::<String>(), 100 + k)
    };
    for (case, text, rule) in [
        (
            "a program's own words beside the table of a tool",
            parts(|k| format!("worker memory usage RSS: {} MB\n{}", 100 + k, table(k))),
            "not-read",
        ),
        (
            "numbers without a unit beside records that have one",
            parts(|k| format!("{}memory used: {} pages\n", steady(k), 25_000 + 500 * k)),
            "not-read",
        ),
        (
            "sites that cannot be read beside the table of a tool",
            parts(|k| format!("{}/srv/a.py:1: size={k}o KiB, count={k}, average=1 KiB\n", table(k))),
            "incomplete-input",
        ),
        ("the records of one process among those of 200", parts(fleet), "incomplete-input"),
    ] {
        let to = Inputs::new();
        to.file("a.txt", text);
        let (code, out, err) = to.run(&["--check", "a.txt", "--format", "json"]);
        assert_eq!((code, err.as_str()), (1, ""), "{case}");
        assert_eq!(rules(&out), [rule], "{case}");
    }
    // A fall in the last samples: memory that was given back, or another process.
    for last in 1..=4 {
        let fallen = |k: usize| format!("{}\nVmRSS:\t{} kB\n", time(60 - last + k), 100_000 + 4 * k);
        let to = Inputs::new();
        to.file("a.txt", samples(60 - last, 200) + &(0..last).map(fallen).collect::<String>());
        let (code, out, _) = to.run(&["--check", "a.txt", "--format", "json"]);
        assert_eq!((code, rules(&out)), (1, vec!["too-few-points".to_owned()]), "{last} samples");
    }
    // In a folder: an archive that was packed twice.
    let to = Inputs::new();
    to.file("logs/a.txt", parts(steady));
    let mut twice = Vec::new();
    let mut writer =
        niffler::get_writer(Box::new(&mut twice), niffler::compression::Format::Gzip, niffler::Level::One)
            .unwrap();
    std::io::Write::write_all(&mut writer, &gzip(&samples(60, 200))).unwrap();
    drop(writer);
    to.file("logs/b.gz", twice);
    let (code, out, _) = to.run(&["--check", "logs", "--format", "json"]);
    assert_eq!((code, rules(&out)), (1, vec!["not-read".to_owned()]));
}

/// Growth in a file that cannot be read as text, in a folder with one that does not grow.
#[test]
fn growth_is_not_hidden_in_a_file_of_another_kind() {
    let grown = samples(60, 200);
    let of_utf16 = grown.encode_utf16().flat_map(u16::to_le_bytes);
    // Bytes after a magic, as of packed data.
    let after = |magic: &[u8]| -> Vec<u8> {
        let packed = (0..2000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8);
        magic.iter().copied().chain(packed).collect()
    };
    for (name, content) in [
        ("b.txt.lzma", after(b"]\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0")),
        ("b", after(b"]\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0")),
        ("b.lz", after(b"LZIP\x01\x0C")),
        ("b.lzo", after(b"\x89LZO\0\r\n\x1A\n\x10\x40")),
        ("b.sz", after(b"\xFF\x06\0\0sNaPpY")),
        ("b.txt.br", after(b"\x1B\x7F")),
        ("b.zz", after(b"\x78\x9C")),
        ("b.rar", after(b"Rar!\x1A\x07\x01\0")),
        ("b.rar", [b"Rar!\x1A\x07\x01\0", grown.as_bytes()].concat()),
        ("b.cab", after(b"MSCF\0\0\0\0")),
        ("b.7z", after(b"7z\xBC\xAF\x27\x1C")),
        ("b.txt.gpg", after(b"\x8C\x0D\x04\x09\x03")),
        ("b.txt", utf32(&grown)),
        ("b.txt", grown.chars().flat_map(|sign| u32::from(sign).to_be_bytes()).collect()),
        ("b.txt", samples(3, 200).into_bytes().into_iter().chain(of_utf16).collect()),
    ] {
        let to = Inputs::new();
        to.file("logs/a.txt", samples(60, 0));
        to.file(&format!("logs/{name}"), content);
        let (code, out, err) = to.run(&["--check", "logs", "--format", "json"]);
        assert_eq!((code, err.as_str()), (1, ""), "{name}");
        assert_eq!(rules(&out), ["not-read"], "{name}");
        assert_eq!(to.run(&["--check", "--strict", "logs"]).0, 2, "{name}");
    }
}

/// Growth in lines that end in CR alone, in each kind of file.
#[test]
fn growth_is_not_hidden_by_line_ends() {
    let clock = |k: usize| format!("{:02}:{:02}:00", k / 60, k % 60);
    let csv = parts(|k| format!("2024-05-23T{}Z,{}.5\n", clock(k), 100 + k));
    let top = parts(|k| {
        let head = "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND";
        let row = format!(
            "     77 app       20   0 1000000 {}  12000 S   0.3   1.2   0:01.00 app",
            100_000 + 200 * k
        );
        format!(
            "top - {} up 1 day,  1:00,  1 user,  load average: 0.00, 0.01, 0.05\n\n{head}\n{row}\n\n",
            clock(k)
        )
    });
    let kubectl = parts(|k| {
        format!("2024-05-23T{}Z\nNAME   CPU(cores)   MEMORY(bytes)\napi-0  3m  {}Mi\n", clock(k), 100 + k)
    });
    let docker = parts(|k| {
        let head = "CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS";
        let row = format!("0123456789ab   app   0.5%   {}MiB / 2GiB   5%   1kB / 1kB   0B / 0B   5", 100 + k);
        format!("2024-05-23T{}Z\n{head}\n{row}\n", clock(k))
    });
    for (case, text) in [
        ("csv", "time,rss_mb\n".to_owned() + &csv),
        ("top", top),
        ("kubectl top", kubectl),
        ("docker stats", docker),
        ("a report", samples(60, 200)),
    ] {
        let cr_alone = text.replace('\n', "\r");
        for (ends, text) in
            [("LF", text.clone()), ("CR", cr_alone.clone()), ("CR and one LF", cr_alone + "\n")]
        {
            let to = Inputs::new();
            to.file("logs/a.txt", samples(60, 0));
            to.file("logs/b.csv", &text);
            for args in
                [&["--check", "logs", "--format", "json"][..], &["--check", "logs/b.csv", "--format", "json"]]
            {
                let (code, out, err) = to.run(args);
                assert_eq!((code, err.as_str()), (1, ""), "{case}, {ends}");
                assert_eq!(rules(&out), ["process-growing"], "{case}, {ends}");
            }
        }
    }
}

/// Two processes without names are two, on both sides of a comparison; and a report tells how much is known.
#[test]
fn growth_is_not_hidden_in_a_comparison() {
    let to = Inputs::new();
    for (name, gain) in [("x/a.txt", 0), ("x/b.txt", 200), ("y/a.txt", 200), ("y/b.txt", 0)] {
        to.file(name, samples_of("", 100_000, 60, gain));
    }
    assert_eq!(to.run(&["--check", "--compare", "x", "y"]).0, 1);
    assert_eq!(to.run(&["--check", "--compare", "x", "x"]).0, 0);
    // A file that cannot be read may hold growth, with a check and without.
    to.file("w/a.txt", samples_of("", 100_000, 60, 0));
    assert_eq!(to.run(&["--compare", "w", "w"]).0, 0);
    to.file("w/b.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
    for args in [&["--compare", "x", "w"][..], &["--compare", "w", "x"], &["--check", "--compare", "x", "w"]]
    {
        assert_eq!(to.run(args).0, 2, "{args:?}");
    }
    to.file("long.txt", samples(60, 0));
    to.file("short.txt", samples(4, 0));
    to.file("broken.txt", partly_unreadable(90, 10));
    for name in ["long", "short", "broken"] {
        let (text, json) = (format!("{name}.txt"), format!("{name}.json"));
        assert_eq!(to.run(&[&text, "--format", "json", "-o", &json]).0, 0);
    }
    for (after, expected) in [("long.json", 0), ("short.json", 1), ("broken.json", 2)] {
        assert_eq!(to.run(&["--check", "--compare", "long.json", after]).0, expected, "{after}");
        assert_eq!(to.run(&["--compare", "long.json", after]).0, 0, "{after}");
    }
}
