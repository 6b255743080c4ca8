//! Properties that hold for any input.
#![allow(clippy::unwrap_used)]

mod reading;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::formats::{Dispatcher, FormatOptions, by_name};
use leakdiff::report::{OUTPUT_FORMATS, Style};
use proptest::prelude::*;
use reading::{Read, without_fast_path, without_fast_path_of};

/// A size as CPython's `_format_size` prints it.
fn printed(bytes: i64, sign: bool) -> String {
    #[allow(clippy::cast_precision_loss)]
    let mut size = bytes as f64;
    for unit in ["B", "KiB", "MiB", "GiB", "TiB"] {
        if size.abs() < 100.0 && unit != "B" {
            return if sign { format!("{size:+.1} {unit}") } else { format!("{size:.1} {unit}") };
        }
        if size.abs() < 10.0 * 1024.0 || unit == "TiB" {
            return if sign { format!("{size:+.0} {unit}") } else { format!("{size:.0} {unit}") };
        }
        size /= 1024.0;
    }
    unreachable!("the last unit takes everything")
}

fn file_names() -> impl Strategy<Value = String> {
    prop_oneof![
        "(/[a-z_.]{1,9}){1,5}\\.py",
        "[A-Z]:(\\\\[A-Za-z_ ]{1,9}){0,3}\\\\[a-z_]{1,9}\\.py",
        "[a-z_]{1,12}\\.py",
        Just("<frozen importlib._bootstrap>".to_owned()),
        Just("<string>".to_owned()),
        Just("<attrs generated init app.Row-5>".to_owned()),
        "/home/[a-z]{1,6} [a-z]{1,6}/[a-z]{1,6}\\.py",
    ]
}

fn prefixes() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "    ",
        "# ",
        "> ",
        "2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY ",
        "DEBUG:app:MEMORY ",
        "[2019-09-11 17:09:33 INFO] ",
        "{\"ts\": \"2024-05-23T11:58:35Z\", \"msg\": \"",
    ])
}

/// Flaws of a line.
const FLAWS: &[&str] = &[
    "\n",
    " ",
    "0",
    "9",
    ",",
    ".",
    ":",
    "&lt;",
    "\\u003c",
    "size=",
    " size=",
    "(",
    "+",
    "-",
    "KiB",
    "B",
    "…",
    "[12]: ",
    "pid 7 ",
    "\r",
    "99999999999",
    "#1: ",
];

/// Lines of a log in which few sites come again and again, and other text.
fn log_lines() -> impl Strategy<Value = String> {
    let prefix = prop_oneof![
        4 => Just(String::new()),
        4 => (0..3, 0..60, 0..2).prop_map(|(h, s, pid)| format!("2024-05-23 1{h}:10:{s:02}.313 {pid} DEBUG mgr [-] MEMORY ")),
        2 => (0..3, 0..60).prop_map(|(h, s)| format!("{{\"ts\": \"2024-05-23T1{h}:58:{s:02}Z\", \"msg\": \"")),
        1 => (0..30).prop_map(|pid| format!("May 23 12:00:01 host svc[{pid}]: ")),
        1 => prefixes().prop_map(str::to_owned),
    ];
    let site = prop::sample::select(vec![
        "/srv/app.py",
        "app.py",
        "<frozen importlib._bootstrap>",
        "/srv/app two/b.py",
        "C:\\\\a\\\\b.py",
        "/srv/pid 3/c.py",
        "",
    ]);
    let size = || {
        prop_oneof![
            (0..10_240_u32).prop_map(|n| format!("{n} B")),
            (100..1000_u32, prop::sample::select(vec!["KiB", "MiB", "GiB", "KB"]))
                .prop_map(|(n, u)| format!("{}.{} {u}", n / 10, n % 10)),
            (0..99_999_u32).prop_map(|n| format!("{n} KiB")),
        ]
    };
    let signed =
        |what: BoxedStrategy<String>| ("[+-]", what).prop_map(|(sign, what)| format!("{sign}{what}"));
    let change = prop::option::of((signed(size().boxed()), signed("[0-9]{1,4}".boxed())));
    let statistic = (prefix, site, 1..4, size(), "[0-9]{1,9}", change, size()).prop_map(
        |(prefix, site, line, size, count, change, average)| match change {
            None => format!("{prefix}{site}:{line}: size={size}, count={count}, average={average}\n"),
            Some((bytes, blocks)) => {
                format!("{prefix}{site}:{line}: size={size} ({bytes}), count={count} ({blocks}), average={average}\n")
            }
        },
    );
    prop_oneof![
        12 => statistic,
        1 => prop::sample::select(vec![
            "[ Top 10 ]\n", "\n", "Thu May 23 11:56:35 UTC 2024\n", "nothing\n", "7 other: 12.3 KiB\n", "#1: app.py:1: 16.1 KiB\n",
            "    x = f()\n", "3 memory blocks: 9.0 KiB\n", "  File \"m.py\", line 1\n", "Total allocated size: 9.0 KiB\n",
            "2024-05-23 12:30:00 INFO words\n", "app.py:1: size=3 MB, count=1,000, average=3 MB\n",
        ]).prop_map(str::to_owned),
    ]
}

/// Lines of reports: values as the kernel writes them, dates, and what may stand between.
const REPORT_LINES: &str = "(Vm)?(RssAnon|RssFile|RssShmem|VmRSS|Rss|Pss|VmSwap|VmSize|VmHWM):[ \t]{0,3}[0-9]{1,14} (kB|KB|k)\
    |(RssAnon|RssFile|RssShmem|VmRSS|Pss):\t {0,6}[0-9]{1,6} kB\r?\r?\
    |(RssAnon|RssFile|RssShmem|VmRSS|Pss):\t {0,6}[0-9]{1,6} kB\
    |Thu May 2[34] 1[01]:[0-5][0-9]:[0-6][0-9] UTC 2024|Thu May 2[34] 11:[0-5][0-9]:[0-6][0-9] UTC 2024\
    |(Thu|Fri) 2[34] May 2024 (0[0-9]|1[0-4]):[0-5][0-9]:[0-6][0-9] [AP]M UTC|2024-05-2[34][T ]1[01]:[0-5][0-9]:[0-6][0-9]Z?\
    |=== 2024-05-23 1[01]:[0-5][0-9]:0[0-9] ===|0[5-6]/0[6-7]/2024 11:[0-5][0-9]:00|May  5 1[01]:[0-5][0-9]:00|17164[0-9]{5}\
    |pod-[ab]|Pid:\t[78]|Name:\t[ab]|/proc/[78]/status:VmRSS:\t [0-9] kB|2024-05-23 11:[0-5][0-9]:00 INFO VmRSS: [0-9] kB\
    |[0-9a-f]{4}-[0-9a-f]{4} rw-p 00 00:00 0|\\$ cat /proc/[0-9*]/smaps?|PID [78]|";

#[test]
fn a_line_that_the_fast_path_does_not_read_leaves_no_time() {
    let sites = by_name("tracemalloc").unwrap();
    // With the time of its second line, that of the fourth would be the exception among those around it.
    let text = "2024-05-23 12:00:00 / size=\n2024-05-23 12:01:00 /\u{17}Top\n2024-5-23 2:02\n2024-2-3 1:06:1: size=\n2024-5-23 12:04";
    let (fast, slow) = (
        Read::of("tracemalloc", text),
        Read::by(without_fast_path_of("tracemalloc", &[sites], &FormatOptions::default()), &[text]),
    );
    assert_eq!(fast.described(), slow.described());
    let times: Vec<_> = fast.snapshots.iter().map(|snapshot| fast.seconds(snapshot.time)).collect();
    assert_eq!(times, [Some(1_716_465_600.0), Some(1_706_922_360.0)]);
}

proptest! {
    #[test]
    fn the_fast_path_of_reports_reads_what_the_parser_reads(
        lines in prop::collection::vec(REPORT_LINES, 1..24),
        flaws in prop::collection::vec((any::<prop::sample::Index>(), prop::char::range(' ', '~')), 0..6),
    ) {
        let mut text: Vec<char> = (lines.join("\n") + "\n").chars().collect();
        for (place, flaw) in flaws {
            let place = place.index(text.len());
            text[place] = flaw;
        }
        let text: String = text.into_iter().collect();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let report = by_name("rss-report").unwrap();
        let slow = Read::by(without_fast_path(report), &[&text]).described();
        prop_assert_eq!(&Read::by(Dispatcher::new(None), &[&text]).described(), &slow, "{}", text);
        prop_assert_eq!(&Read::by(Dispatcher::new(None), &lines).described(), &slow, "{}", text);
    }

    #[test]
    fn what_cpython_prints_is_read_back_within_its_rounding(
        file in file_names(),
        prefix in prefixes(),
        line in 1..5000_u32,
        size in 0..1_i64 << 44,
        change in -(1_i64 << 40)..1_i64 << 40,
        count in 1..10_000_000_i64,
        moved in -100_000..100_000_i64,
    ) {
        #[allow(clippy::cast_precision_loss)]
        let average = size as f64 / count as f64;
        #[allow(clippy::cast_possible_truncation)]
        let text = format!(
            "{prefix}{file}:{line}: size={} ({}), count={count} ({moved:+}), average={}",
            printed(size, false), printed(change, true), printed(average.round_ties_even() as i64, false),
        );
        let read = Read::of("tracemalloc", &text);
        prop_assert_eq!(read.unreadable_lines, 0, "{}", text);
        let reading = read.readings(&read.snapshots[0])[0];
        prop_assert_eq!(read.name(&reading), format!("{file}:{line}"));
        #[allow(clippy::cast_precision_loss)]
        let (size, moved_bytes) = (size as f64, change as f64);
        // The average here is rounded once more than CPython does it, by less than half a byte a block.
        #[allow(clippy::cast_precision_loss)]
        let slack = 1.0 + count as f64;
        prop_assert!((reading.size.value - size).abs() <= reading.size.half_width + slack, "{}: {:?}", text, reading.size);
        let told = reading.change.unwrap();
        prop_assert!((told.bytes.value - moved_bytes).abs() <= told.bytes.half_width + 1e-6, "{}: {:?}", text, told);
        prop_assert_eq!((reading.blocks, told.blocks), (Some(count.unsigned_abs()), Some(moved)));
    }

    #[test]
    fn pieces_of_any_size_are_read_alike(
        lines in prop::collection::vec(log_lines(), 0..40),
        flaws in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(FLAWS.to_vec())), 0..6),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    ) {
        let mut text = lines.concat();
        for (place, flaw) in flaws {
            let at = text.floor_char_boundary(place.index(text.len() + 1));
            let end = text.ceil_char_boundary((at + flaw.len() / 2).min(text.len()));
            text.replace_range(at..end, flaw);
        }
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        let mut cuts: Vec<usize> = cuts.iter().filter(|_| !ends.is_empty()).map(|cut| ends[cut.index(ends.len())]).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&str> = cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let found = Read::in_pieces("tracemalloc", &pieces).described();
        prop_assert_eq!(&found, &Read::in_pieces("tracemalloc", &lines).described(), "{}", text);
        let sites = by_name("tracemalloc").unwrap();
        // Another format may take a text of numbers, with the fast path of this one and without.
        let all = Read::by(Dispatcher::new(None), &pieces).described();
        prop_assert_eq!(&all, &Read::by(without_fast_path(sites), &pieces).described(), "{}", text);
    }

    #[test]
    fn concatenated_lists_fall_apart_where_they_were_joined(
        lists in prop::collection::vec(prop::collection::btree_map(0..40_u8, 1..9000_u32, 2..12), 2..8),
    ) {
        let mut text = String::new();
        let mut expected: Vec<usize> = Vec::new();
        for list in &lists {
            let mut sorted: Vec<(&u8, &u32)> = list.iter().collect();
            sorted.sort_by_key(|(_, size)| std::cmp::Reverse(**size));
            text += "[ Top 50 ]\n";
            for (site, size) in sorted {
                text += &format!("/a{site}.py:1: size={size} B, count=1, average={size} B\n");
            }
            expected.push(list.len());
        }
        prop_assert_eq!(Read::of("tracemalloc", &text).lengths(), expected);
    }

    #[test]
    fn nothing_makes_it_panic(
        lines in prop::collection::vec(prop_oneof![
            ".{0,60}",
            "[a-z/]{0,9}\\.py:[0-9]{1,3}: size=[0-9.,]{0,6} ?[KMGTi]{0,2}B?( \\([+-][0-9]{1,4} B\\))?, count=[0-9,]{0,5}( \\([+-][0-9]{1,3}\\))?(, average=[0-9]{1,4} B)?",
            "(RssAnon|VmRSS|RssFile|Rss|VmHWM):[ \t]{0,4}[0-9]{0,20}( kB)?",
            "(Thu May 23 [0-9]{2}:[0-9]{2}:35 UTC 20[0-9]{2}|[0-9]{9,13}|20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{5,8})",
            "#[0-9]{1,2}: [a-z/]{1,9}\\.py:[0-9]{1,3}: [0-9]{1,4}\\.[0-9] KiB",
            "[0-9]{1,3} memory blocks: [0-9]{1,3}\\.[0-9] KiB",
            "  File \"[a-z/.]{0,9}\", line [0-9]{0,4}",
        ], 0..60),
    ) {
        let text = lines.join("\n");
        for only in [None, by_name("rss-report"), by_name("tracemalloc")] {
            let mut analysis = Analysis::new(Options { input_format: only, ..Options::default() }).unwrap();
            if analysis.add("log", &text, text.len() as u64).is_err() {
                continue;
            }
            let report = analysis.finish().unwrap();
            for format in OUTPUT_FORMATS {
                let mut out = Vec::new();
                format.render(&report, &Style { width: 80, ..Style::default() }, &mut out).unwrap();
                let text = String::from_utf8(out).unwrap();
                prop_assert!(!text.contains("NaN") && !text.contains('\u{1b}'), "{}", text);
            }
        }
    }
}
