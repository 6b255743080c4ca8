//! One recording in every notation: the same records.
#![allow(clippy::unwrap_used)]

mod reading;

use std::ops::Range;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::model::Measured;
use leakdiff::report::document::Report;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use reading::Read;

/// A site of a list, with its bytes and blocks.
type Entry = (String, u32, u32);

/// So many lists of a few sites each, largest first.
fn recordings(count: Range<usize>) -> impl Strategy<Value = Vec<Vec<Entry>>> {
    let file = prop_oneof![
        "(/[a-z_]{1,9}){1,4}\\.py",
        "[A-Z]:(\\\\[A-Za-z_]{1,9}){1,3}\\\\[a-z_]{1,9}\\.py",
        "C:\\\\Program Files\\\\[a-z]{1,9}\\.py",
        "\\\\\\\\host\\\\[a-z]{1,9}\\\\[a-z]{1,9}\\.py",
        "[a-z]{1,9}(/[a-z_]{1,9}){0,2}\\.py",
        "/home/me/[a-z]{1,6} [a-z]{1,6}/[a-z]{1,6}\\.py",
        Just("<frozen importlib._bootstrap>".to_owned()),
        Just("<string>".to_owned()),
    ];
    let sites = prop::collection::btree_set((file, 1..999_u32), 2..9);
    sites.prop_flat_map(move |sites| {
        let names: Vec<String> = sites.into_iter().map(|(file, line)| format!("{file}:{line}")).collect();
        let entries = prop::collection::vec((1..10_000_u32, 1..500_u32), names.len());
        prop::collection::vec(entries, count.clone()).prop_map(move |lists| {
            let list = |numbers: Vec<(u32, u32)>| {
                let mut list: Vec<Entry> = names
                    .iter()
                    .cloned()
                    .zip(numbers)
                    .map(|(name, (bytes, blocks))| (name, bytes, blocks))
                    .collect();
                list.sort_by_key(|entry| std::cmp::Reverse(entry.1));
                list
            };
            lists.into_iter().map(list).collect()
        })
    })
}

fn statistic((name, bytes, blocks): &Entry) -> String {
    format!("{name}: size={bytes} B, count={blocks}, average={} B", bytes / blocks)
}

/// The lists as lines, each list under a heading; `line` writes an entry, given its rank and the list before.
fn lines(lists: &[Vec<Entry>], line: impl Fn(usize, &Entry, &[Entry]) -> String) -> String {
    let mut text = String::new();
    let mut before: &[Entry] = &[];
    for list in lists {
        text += "[ Top 50 ]\n";
        for (rank, entry) in (1..).zip(list) {
            text += &line(rank, entry, before);
            text.push('\n');
        }
        before = list;
    }
    text
}

fn difference(entry: &Entry, before: &[Entry]) -> String {
    let (name, bytes, blocks) = entry;
    let (was, had) =
        before.iter().find(|(n, ..)| n == name).map_or((0, 0), |&(_, bytes, blocks)| (bytes, blocks));
    format!(
        "{name}: size={bytes} B ({:+} B), count={blocks} ({:+}), average={} B",
        i64::from(*bytes) - i64::from(was),
        i64::from(*blocks) - i64::from(had),
        bytes / blocks
    )
}

fn repr((name, bytes, blocks): &Entry) -> String {
    let (file, line) = name.rsplit_once(':').unwrap();
    let file = file.replace('\\', "\\\\");
    format!(
        "<Statistic traceback=<Traceback (<Frame filename='{file}' lineno={line}>,)> size={bytes} count={blocks}>"
    )
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The recording in each notation, by its name.
fn notations(lists: &[Vec<Entry>]) -> Vec<(&'static str, String)> {
    let plain = lines(lists, |_, entry, _| statistic(entry));
    let each = |line: &dyn Fn(&str) -> String| lines(lists, |_, entry, _| line(&statistic(entry)));
    let of_list =
        |list: &[Entry], between: &str| list.iter().map(statistic).collect::<Vec<_>>().join(between);
    let whole =
        |line: &dyn Fn(&[Entry]) -> String| lists.iter().map(|list| line(list) + "\n").collect::<String>();
    let mut all = vec![
        ("differences", lines(lists, |_, entry, before| difference(entry, before))),
        ("reprs", lines(lists, |_, entry, _| repr(entry))),
        ("ranks", lines(lists, |rank, entry, _| format!("#{rank}: {}", statistic(entry)))),
        ("a numbered list", lines(lists, |rank, entry, _| format!("{rank}. `{}`", statistic(entry)))),
        ("ranks in brackets", lines(lists, |rank, entry, _| format!("{rank}) {}", statistic(entry)))),
        ("Windows line ends", plain.replace('\n', "\r\n")),
        ("no last line end", plain.trim_end().to_owned()),
        ("Markdown", each(&|line| format!("- **{}**", line.replace(": size=", ":** **size=")))),
        ("code", each(&|line| format!("* `{}`", line.replacen(": size=", "`: `size=", 1)))),
        ("quoted", each(&|line| format!("> {line}"))),
        ("a table", each(&|line| format!("| 1 | {line} |"))),
        ("ranks in a table", lines(lists, |rank, entry, _| format!("| {rank} | {} |", statistic(entry)))),
        (
            "ranks on a web page",
            lines(lists, |rank, entry, _| {
                format!("<tr><td>{rank}</td><td>{}</td></tr>", html(&statistic(entry)))
            }),
        ),
        (
            "JSON lines",
            each(&|line| format!("{{\"ts\": \"2024-05-06T07:00:00Z\", \"msg\": {}}}", json(line))),
        ),
        (
            "JSON of a container",
            each(&|line| format!("{{\"log\":{},\"stream\":\"stdout\"}}", json(&format!("{line}\n")))),
        ),
        (
            "JSON in JSON",
            each(&|line| format!("{{\"log\":{}}}", json(&format!("{{\"msg\":{}}}\n", json(line))))),
        ),
        (
            "JSON lists",
            whole(&|list| format!("{{\"msg\": {}}}", json(&format!("Top 50:\n{}", of_list(list, "\n"))))),
        ),
        (
            "logfmt",
            whole(&|list| format!("level=info msg={}", json(&format!("Top 50:\n{}", of_list(list, "\n"))))),
        ),
        ("logfmt lines", each(&|line| format!("level=info msg={} pid=7", json(line)))),
        ("keys and values", each(&|line| format!("event='{}' pid=7", line.replace('\\', "\\\\")))),
        ("fields after", each(&|line| format!("{line}   pid=7 worker=3"))),
        ("JSON after a prefix", each(&|line| format!("web-1 api {{\"msg\":{},\"pid\":7}}", json(line)))),
        (
            "a web page",
            whole(&|list| format!("<p>Top 50:<br>{}</p>", html(&of_list(list, "\0")).replace('\0', "<br>"))),
        ),
        ("rows of a web page", each(&|line| format!("<tr><td>1</td><td>{}</td></tr>", html(line)))),
        ("coloured", each(&|line| format!("\u{1b}[32m{line}\u{1b}[0m"))),
    ];
    for prefix in [
        "    ",
        "DEBUG:app:MEMORY ",
        "2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY ",
        "May 23 12:00:01 host svc[12]: ",
        "distributed.worker - INFO - tcp://10.0.0.1:4000 - ",
        "<13>1 2024-05-23T12:00:00Z host app 1 - - ",
        "/var/log/pods/web-1.log:2024-05-23T12:00:00Z stdout F ",
        "I, [2024-05-23T12:00:00.000000 #1201]  INFO -- : ",
        "2024/05/23 12:00:00 [info] 1201#0: ",
        "2024-05-23 12:00:00;1201;",
        "127.0.0.1 \"GET /debug/mem HTTP/1.1\" 200 - ",
    ] {
        all.push(("a prefix", each(&|line| format!("{prefix}{line}"))));
    }
    all
}

/// The records of each list in words, in an order of their own.
fn records(read: &Read) -> Vec<Vec<String>> {
    let list = |snapshot| {
        let mut list: Vec<String> = read
            .readings(snapshot)
            .iter()
            .map(|r| format!("{} {} {:?}", read.name(r), r.size.value, r.blocks))
            .collect();
        list.sort();
        list
    };
    read.snapshots.iter().map(list).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(12), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_notation_gives_the_same_records(lists in recordings(1..6)) {
        let plain = lines(&lists, |_, entry, _| statistic(entry));
        let expected = records(&Read::of("tracemalloc", &plain));
        let lengths: Vec<usize> = lists.iter().map(Vec::len).collect();
        prop_assert_eq!(expected.iter().map(Vec::len).collect::<Vec<_>>(), lengths, "{}", plain);
        for (notation, text) in notations(&lists) {
            let read = Read::of("tracemalloc", &text);
            prop_assert_eq!(&records(&read), &expected, "{}:\n{}", notation, text);
            prop_assert_eq!(read.unreadable_lines, 0);
        }
    }

    #[test]
    fn a_recipe_gives_the_same_sites_and_sizes_in_any_unit(lists in recordings(1..6)) {
        for (unit, bytes, decimals) in [("KiB", 1024.0, 1), ("MB", 1_048_576.0, 6), ("kB", 1024.0, 3), ("B", 1.0, 0), ("GiB", 1_073_741_824.0, 9)] {
            let text = lines(&lists, |rank, (name, size, _), _| {
                format!("#{rank}: {name}: {:.decimals$} {unit}", f64::from(*size) / bytes)
            });
            let read = Read::of("tracemalloc", &text);
            prop_assert_eq!(read.snapshots.len(), lists.len(), "{}", text);
            for (snapshot, list) in read.snapshots.iter().zip(&lists) {
                let readings = read.readings(snapshot);
                prop_assert_eq!(readings.len(), list.len());
                for (reading, (name, size, _)) in readings.iter().zip(list) {
                    prop_assert_eq!(&read.name(reading), name, "{}", text);
                    let printed = Measured::exact(f64::from(*size));
                    prop_assert!(reading.size.agrees_with(printed), "{reading:?}, {size} B:\n{text}");
                }
            }
        }
    }

    /// Without headings: sorted lists of the same sites are told apart by their order, or by what stands between.
    #[test]
    fn lists_need_no_heading(lists in recordings(1..6), between in prop::sample::select(vec!["", "\n", "some text\n", "=====\n"])) {
        let list = |list: &Vec<Entry>| list.iter().map(|entry| statistic(entry) + "\n").collect::<String>();
        let text = lists.iter().map(list).collect::<Vec<_>>().join(between);
        let read = Read::of("tracemalloc", &text);
        let lengths: Vec<usize> = lists.iter().map(Vec::len).collect();
        // A list that begins below the end of the one before is only told by what stands between.
        let falls = lists.windows(2).any(|pair| pair[1][0].1 <= pair[0].last().unwrap().1);
        if !falls || !between.is_empty() {
            prop_assert_eq!(read.lengths(), lengths, "{}", text);
        }
    }

    /// In whatever order each list prints the sites: what stands between tells the lists apart. (Of one list alone
    /// nothing tells that it is not several without a site in common.)
    #[test]
    fn unsorted_lists_are_told_apart_by_what_stands_between(
        lists in recordings(2..6),
        shuffles in prop::collection::vec(any::<prop::sample::Index>(), 16),
        between in prop::sample::select(vec!["\n", "next day\n", "2024-05-06 07:0K:00\n"]),
    ) {
        let mut text = String::new();
        for (k, list) in lists.iter().enumerate() {
            let mut list = list.clone();
            for (at, shuffle) in shuffles.iter().enumerate().take(list.len()) {
                let other = shuffle.index(list.len());
                list.swap(at, other);
            }
            text += &between.replace('K', &k.to_string());
            list.iter().for_each(|entry| text += &(statistic(entry) + "\n"));
        }
        let lengths: Vec<usize> = lists.iter().map(Vec::len).collect();
        prop_assert_eq!(Read::of("tracemalloc", &text).lengths(), lengths, "{}", text);
    }

    /// A log of which lines are missing at an end, or one in the middle: a site is never gone for that.
    #[test]
    fn a_site_that_is_not_listed_in_a_broken_list_is_not_gone(
        noise in prop::collection::vec(prop::collection::vec(0..20_u32, 3..9), 4..9),
        lost in prop_oneof![Just(Lost::Beginning), Just(Lost::End), Just(Lost::Word), Just(Lost::Line)],
        at in any::<prop::sample::Index>(),
    ) {
        let sites = noise[0].len();
        let mut text = Vec::new();
        for list in &noise {
            for k in 0..sites {
                let bytes = (8000 >> k) + list.get(k).copied().unwrap_or(0) * (8000 >> k) / 1000;
                text.push(statistic(&(format!("app/m{k}.py:1"), bytes, 1)));
            }
        }
        let removed = 1 + at.index(sites - 1);
        let middle = at.index(text.len());
        let shown = |lines: &[String]| lines.join("\n") + "\n";
        let text = match lost {
            Lost::Beginning => shown(&text[removed..]),
            Lost::End => shown(&text[..text.len() - removed]),
            Lost::Word => {
                text[middle] = text[middle].replace(", count", ", cou");
                shown(&text)
            }
            Lost::Line => {
                text[middle] = "...".to_owned();
                shown(&text)
            }
        };
        let report = report(&text);
        prop_assert_eq!(report.sites.len(), sites);
        for site in &report.sites {
            let k = site.site.bytes().find(u8::is_ascii_digit).map_or(0, |digit| digit - b'0');
            let base = f64::from(8000_u32 >> k);
            let shows = |bytes: f64| bytes >= base - 1.0 && bytes <= 1.03 * base;
            prop_assert!(shows(site.first_bytes) && shows(site.last_bytes), "{:?}:\n{text}", site);
        }
    }
}

/// What is missing in a log.
#[derive(Debug, Clone, Copy)]
enum Lost {
    /// Its first lines.
    Beginning,
    /// Its last lines.
    End,
    /// A word of a line.
    Word,
    /// A line, in place of which dots stand.
    Line,
}

fn report(text: &str) -> Report {
    let mut analysis = Analysis::new(Options::default()).unwrap();
    analysis.add("service.log", text, text.len() as u64).unwrap();
    analysis.finish().unwrap()
}
