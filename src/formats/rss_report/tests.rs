//! Whole reports and what is read in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod names;
mod samples;

use super::RssReport;
use super::amount::Dots;
use super::reader::Reader;
use crate::formats::escapes::without_escapes;
use crate::formats::{Desk, Parsed};
use crate::model::ProcessReading;
use proptest::prelude::*;

/// A reading as text: `name#pid@11:56:35 RssAnon=1 RssFile=2`, values in kB, without what is not known.
fn brief(reading: &ProcessReading) -> String {
    let mut text = reading.process.clone().unwrap_or_default();
    if let Some(pid) = reading.pid {
        text += &format!("#{pid}");
    }
    if let Some(at) = reading.at {
        let millis = (at.seconds * 1e3).round() as i64;
        let time = jiff::Timestamp::from_millisecond(millis).unwrap().to_string();
        text += &format!("@{}", time.split_once('T').unwrap().1.trim_end_matches('Z'));
    }
    for (metric, bytes) in &reading.values {
        text += &format!(" {}={}", metric.name(), bytes / 1024);
    }
    text.trim().to_owned()
}

/// What a report holds, read at a desk.
fn parse(report: &str) -> Parsed {
    let mut desk = Desk::new(Some(&RssReport));
    desk.read(report);
    desk.finish().formats.pop().map(|(_, parsed)| parsed).unwrap_or_default()
}

fn read(report: &str) -> (Vec<String>, Parsed) {
    let parsed = parse(&without_escapes(report));
    (parsed.processes.iter().map(|reading| brief(&reading)).collect(), parsed)
}

/// Reports are written with `D1` … `D9` for the date lines of 11:01:00 … 11:09:00, and `|` for the end of a
/// line.
fn expand(report: &str) -> String {
    (1..=9).fold(report.replace(" | ", "\n").replace('¦', "|"), |text, minute| {
        text.replace(&format!("D{minute}"), &format!("Thu May 23 11:{minute:02}:00 UTC 2024"))
    })
}

/// Holds rows of a report, its readings and at how many times they were taken against what is read.
fn assert_read(rows: &[(&str, &str, usize)]) {
    for (report, expected, times) in rows {
        let (readings, parsed) = read(&expand(report));
        assert_eq!(readings.join("; "), *expected, "{report}");
        assert_eq!(parsed.processes.distinct_times(), *times, "{report}");
        assert!(parsed.calendar, "{report}");
    }
}

#[test]
fn what_was_skipped_or_assumed_is_said() {
    for (report, unreadable, said) in [
        ("D1 | RssAnon: 1 kB | ", 0, vec![]),
        (
            "D1 | RssAnon:\t  9418",
            1,
            vec![
                "2: expected kB behind RssAnon: 9418, found nothing, where the input ends; the number may be cut",
            ],
        ),
        (
            "D1 | RssAnon:\t  9418 k",
            1,
            vec!["2: expected kB behind the number of RssAnon:, found \"k\", where the input ends"],
        ),
        (
            "D1 | RssAnon: 1 kB | RssFile:",
            1,
            vec!["3: expected a number of kB behind RssFile:, found nothing, where the input ends"],
        ),
        (
            "RssAnon: 12 | RssAnon: 1 kB | ",
            1,
            vec!["1: expected kB behind RssAnon: 12, found nothing; the number may be cut"],
        ),
        ("RssAnon: 12 pages | ", 1, vec!["1: expected kB behind the number of RssAnon:, found \"pages\""]),
        ("RssAnon: 12 MB | VmRSS=90000 KiB | ", 0, vec![]),
        (
            "{\"VmRSS\": 90000} | ",
            1,
            vec!["1: expected kB behind VmRSS: 90000, found nothing; the number may be cut"],
        ),
        (
            "--- a | +++ b | @@ -1,2 +1,2 @@ |  Size: 9 kB | -Rss: 8 kB | +Rss: 9 kB | ",
            2,
            vec!["5: a diff holds two states, and only what changed of them: its values were not read"],
        ),
        (
            "D1 | Rss: 100 kB | Rss: 2000 kB | D2 | Rss: 100 kB | ",
            0,
            vec!["0: values of Rss that do not say of which mapping they are were added up for each time"],
        ),
        (
            "1-2 rw-p 0 00:00 0 [heap] | Rss: 8 kB | 1-2 rw-p 0 00:00 0 [heap] | Rss: 9 kB | ",
            0,
            vec!["0: only one mapping of the process was recorded ([heap]), not all of its memory"],
        ),
        ("RssAnon: -5 kB | ", 1, vec!["1: expected a number of kB behind RssAnon:, found \"-5 kB\""]),
        (
            "RssAnon: 99999999999999999999 kB | ",
            1,
            vec!["1: RssAnon: 99999999999999999999 kB is more than any machine has"],
        ),
        (
            "RssAnon: 1 RssFile: 2 kB RssShmem: 3 | ",
            1,
            vec!["1: expected kB behind RssAnon: 1, found nothing; the number may be cut"],
        ),
        (
            "D1 | D2 | RssAnon: 1 kB | D3 | ",
            0,
            vec!["0: 2 times without values: the process was away or could not be read"],
        ),
        (
            "D2 | RssAnon: 1 kB | D1 | RssAnon: 2 kB | D3 | RssAnon: 1 kB | ",
            0,
            vec!["4: the time goes backward here; the order of the report was kept"],
        ),
        (
            "D1 | VmRSS: 1 kB | VmRSS: 2 kB | D2 | VmRSS: 3 kB | VmRSS: 4 kB | ",
            0,
            vec!["0: each time has 2 readings without a name; they were taken as 2 processes"],
        ),
        (
            "Thu May 23 11:56:35 XYZT 2024 | RssAnon: 1 kB | ",
            0,
            vec!["0: the zone XYZT is not known and was taken as UTC"],
        ),
        ("D1 | RssAnon: 1 kB | Thu May 23 11:0", 0, vec![]),
    ] {
        let (_, parsed) = read(&expand(report));
        let notices: Vec<String> =
            parsed.notices.iter().map(|n| format!("{}: {}", n.line, n.message)).collect();
        assert_eq!(
            (parsed.unreadable_lines, notices.iter().map(String::as_str).collect()),
            (unreadable, said),
            "{report}"
        );
    }
}

#[test]
fn a_thousand_broken_lines_need_no_thousand_notices() {
    let (_, parsed) = read(&"RssAnon: 1\n".repeat(1000));
    assert_eq!((parsed.unreadable_lines, parsed.notices.len()), (1000, 101));
}

#[test]
fn dates_without_a_year_are_no_calendar() {
    let (readings, parsed) =
        read("May 23 11:56:35 host unit[1]: VmRSS: 5 kB\nMay 23 11:56:36 host unit[1]: VmRSS: 6 kB\n");
    assert_eq!(readings, ["#1@11:56:35 VmRSS=5", "#1@11:56:36 VmRSS=6"]);
    assert!(!parsed.calendar);
}

#[test]
fn day_and_month_are_told_apart_by_the_whole_report() {
    for (report, days, said) in [
        ("05/06/2024 D | 06/06/2024 D | 13/06/2024 D | ", [5, 6, 13], "others have a number above 12"),
        ("[05/06/2024 D] V | [06/06/2024 D] V | [07/06/2024 D] V | ", [5, 6, 7], "closer together"),
        ("05.06.2024 D | 05.07.2024 D | 05.13.2024 D | ", [6, 7, 13], "others have a number above 12"),
    ] {
        let report =
            report.replace(" D | ", " 11:01:00 | V | ").replace('D', "11:01:00").replace('V', "VmRSS: 1 kB");
        let parsed = parse(&report.replace(" | ", "\n"));
        let times = parsed.processes.iter().map(|reading| reading.at.unwrap().seconds);
        let found: Vec<i8> = times
            .map(|at| {
                jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(at as i64).unwrap()).day()
            })
            .collect();
        assert_eq!(found, days, "{report}");
        assert!(
            parsed.notices.len() == 1 && parsed.notices[0].message.contains(said),
            "{:?}",
            parsed.notices
        );
    }
}

#[test]
fn the_line_of_a_reading_is_that_of_its_first_value() {
    let parsed = parse(&expand("D1 | x y z | RssAnon: 1 kB | RssFile: 1 kB | D2 | RssAnon: 2 kB | "));
    assert_eq!(parsed.processes.iter().map(|reading| reading.line).collect::<Vec<_>>(), [3, 6]);
}

#[test]
fn a_record_line_is_told_from_others() {
    for (line, is_record) in [
        ("RssAnon:\t  941804 kB", true),
        ("a b c VmRSS: 1 KB more", true),
        ("\u{1b}[01;31mPss\u{1b}[m: 1 kB", true),
        ("RssAnon:\t  941804", false),
        ("RssAnon: 5 MB", true),
        ("RssAnon: 5 pages", false),
        ("VmRSS=90000 kB", true),
        ("| VmRSS | 90,000 kB |", true),
        ("VmPeak: 5 kB", false),
        ("SwapPss: 5 kB", false),
        ("MemTotal: 5 kB", false),
        ("a.py:7: size=0 B (-816 B), count=0 (-2)", false),
    ] {
        assert_eq!(Reader::is_record(&without_escapes(line)), is_record, "{line}");
    }
    assert!(parse("x\nRssAnon: 1 kB\n").recognised && !parse("x\nRssAnon\n").recognised);
}

/// Lines of reports: values as the kernel writes them, dates, and what may stand between.
const LINES: &str = "(Vm)?(RssAnon|RssFile|RssShmem|VmRSS|Rss|Pss|VmSwap|VmSize|VmHWM):[ \t]{0,3}[0-9]{1,14} (kB|KB|k)\
    |(RssAnon|RssFile|RssShmem|VmRSS|Pss):\t {0,6}[0-9]{1,6} kB\r?\r?\
    |(RssAnon|RssFile|RssShmem|VmRSS|Pss):\t {0,6}[0-9]{1,6} kB\
    |Thu May 2[34] 1[01]:[0-5][0-9]:[0-6][0-9] UTC 2024|Thu May 2[34] 11:[0-5][0-9]:[0-6][0-9] UTC 2024\
    |(Thu|Fri) 2[34] May 2024 (0[0-9]|1[0-4]):[0-5][0-9]:[0-6][0-9] [AP]M UTC|2024-05-2[34][T ]1[01]:[0-5][0-9]:[0-6][0-9]Z?\
    |=== 2024-05-23 1[01]:[0-5][0-9]:0[0-9] ===|0[5-6]/0[6-7]/2024 11:[0-5][0-9]:00|May  5 1[01]:[0-5][0-9]:00|17164[0-9]{5}\
    |pod-[ab]|Pid:\t[78]|Name:\t[ab]|/proc/[78]/status:VmRSS:\t [0-9] kB|2024-05-23 11:[0-5][0-9]:00 INFO VmRSS: [0-9] kB\
    |[0-9a-f]{4}-[0-9a-f]{4} rw-p 00 00:00 0|\\$ cat /proc/[0-9*]/smaps?|";

/// All that is read of lines, with all fast paths or without.
fn all_of(lines: &[String], fast: bool) -> (Vec<ProcessReading>, Vec<(u64, String)>, u64, bool) {
    let mut reader = Reader::new();
    for (line, number) in lines.iter().zip(1..) {
        if !fast {
            reader.forget();
        }
        if !(fast && reader.takes(line, number)) {
            reader.read(line, number, number < lines.len() as u64);
        }
    }
    let parsed = reader.finish();
    let notices = parsed.notices.into_iter().map(|notice| (notice.line, notice.message)).collect();
    (parsed.processes.iter().collect(), notices, parsed.unreadable_lines, parsed.calendar)
}

proptest! {
    #[test]
    fn fast_paths_read_what_the_slow_one_reads(
        lines in proptest::collection::vec(LINES, 1..24),
        changes in proptest::collection::vec((0_usize..24, 0_usize..40, proptest::char::range(' ', '~')), 0..6),
    ) {
        let mut lines = lines;
        for (line, at, letter) in changes {
            let count = lines.len();
            let line = &mut lines[line % count];
            if let Some((start, old)) = line.char_indices().nth(at) {
                line.replace_range(start..start + old.len_utf8(), &letter.to_string());
            }
        }
        prop_assert_eq!(all_of(&lines, true), all_of(&lines, false));
        for line in &lines {
            prop_assert!(super::values::may_hold_key(line) || super::values::values(line, &mut Dots::default()).next().is_none());
        }
    }

    #[test]
    fn no_text_makes_it_stumble(
        text in "\\PC{0,200}",
        lines in proptest::collection::vec(
            "(Rss|VmRSS|RssAnon|Pss)?:?[ \t]{0,2}[0-9]{0,6} ?(kB)?|[0-9a-f]{4}-[0-9a-f]{4} rw-p 00 00:00 0|=?[a-z-]{1,6}:?|\\$ cat /proc/[0-9*]{1,2}/smaps?|Name:\t[a-z]|Pid: [0-9]|2024-05-2[0-9] 1[0-9]:00:0[0-9].{0,3}|==> .{0,9} <==|\u{1b}\\[.{0,3}",
            0..30,
        ),
    ) {
        for text in [&text, &lines.join("\n")] {
            let parsed = parse(text);
            prop_assert!(parsed.processes.distinct_times() <= parsed.processes.len());
            prop_assert_eq!(parsed.recognised, !parsed.processes.is_empty());
            for reading in parsed.processes.iter() {
                let mut metrics: Vec<_> = reading.values.iter().map(|(metric, _)| *metric).collect();
                metrics.dedup();
                prop_assert!(!metrics.is_empty() && metrics.len() == reading.values.len());
            }
        }
    }

    #[test]
    fn a_report_survives_each_notation_of_its_dates(
        start in 1_262_304_000_i64..2_000_000_000,
        samples in proptest::collection::vec((0_i64..90_000, 0_u64..1 << 40, 0_u64..1 << 30), 1..40),
        notation in 0_usize..8,
    ) {
        const NOTATIONS: [&str; 8] = [
            "%a %b %e %H:%M:%S UTC %Y", "%a %d %b %Y %I:%M:%S %p UTC", "%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%S+00:00",
            "%Y年 %m月 %d日 星期四 %H:%M:%S UTC", "%Y. %m. %d. (목) %H:%M:%S UTC", "%s", "=== %Y-%m-%d %H:%M:%S ===",
        ];
        let (mut at, mut report, mut expected) = (start, String::new(), Vec::new());
        for (step, anon, file) in samples {
            at += step;
            let stamp = jiff::Timestamp::from_second(at).unwrap();
            let zoned = jiff::tz::Offset::UTC.to_datetime(stamp).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            let line = zoned.strftime(NOTATIONS[notation]).to_string();
            report += &format!("{line}\nRssAnon:\t{anon:8} kB\nRssFile:\t{file:8} kB\n");
            expected.push((Some(at as f64), vec![anon * 1024, file * 1024]));
        }
        let parsed = parse(&report);
        let read: Vec<_> = parsed.processes.iter().map(|reading| {
            (reading.at.map(|at| at.seconds), reading.values.iter().map(|(_, bytes)| *bytes).collect::<Vec<_>>())
        }).collect();
        prop_assert_eq!(parsed.processes.distinct_times(), expected.len());
        prop_assert_eq!(read, expected);
        prop_assert!(parsed.notices.is_empty() && parsed.calendar, "{:?}", parsed.notices);
    }
}
