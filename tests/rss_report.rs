//! RSS reports in shorthand and what is read in them: samples, names, and what is said of the rest.
//!
//! Whole reports stand in `fixtures/rss-report`.
#![allow(clippy::unwrap_used)]

#[path = "rss_report/names.rs"]
mod names;
mod reading;
#[path = "rss_report/samples.rs"]
mod samples;

use leakdiff::model::{MetricUnit, SourceRecords};
use reading::Read;

/// A sample as text: `name#pid@11:56:35 RssAnon=1 RssFile=2`, values in kB, without what is not known.
fn brief(read: &Read, index: usize) -> String {
    let samples = read.samples();
    let subject = read.found.records.subjects.get(samples.subject(index)).cloned().unwrap_or_default();
    let mut text = subject.name.unwrap_or_default();
    if let Some(pid) = subject.id {
        text += &format!("#{pid}");
    }
    if let Some(seconds) = read.seconds(samples.time(index)) {
        #[allow(clippy::cast_possible_truncation)]
        let time = jiff::Timestamp::from_millisecond((seconds * 1e3).round() as i64).unwrap().to_string();
        text += &format!("@{}", time.split_once('T').unwrap().1.trim_end_matches('Z'));
    }
    for (metric, value) in samples.values(index) {
        let unit = if metric.unit == MetricUnit::Bytes { 1024.0 } else { 1.0 };
        text += &format!(" {metric}={}", value.value / unit);
    }
    text.trim().to_owned()
}

fn read(report: &str) -> Read {
    Read::of("rss-report", report)
}

/// Reports are written with `D1` … `D9` for the date lines of 11:01:00 … 11:09:00, ` | ` for the end of a line, and `¦`
/// for a bar.
fn expand(report: &str) -> String {
    (1..=9).fold(report.replace(" | ", "\n").replace('¦', "|"), |text, minute| {
        text.replace(&format!("D{minute}"), &format!("Thu May 23 11:{minute:02}:00 UTC 2024"))
    })
}

/// Holds rows of a report, its samples and at how many times they were taken against what is read.
fn assert_read(rows: &[(&str, &str, usize)]) {
    let mut wrong = Vec::new();
    for (report, expected, times) in rows {
        let read = read(&expand(report));
        let samples: Vec<String> = (0..read.samples().len()).map(|index| brief(&read, index)).collect();
        let records = SourceRecords { times: read.found.times.timeline(), ..read.found.records.clone() };
        let found = (samples.join("; "), records.distinct_times());
        if found != ((*expected).to_owned(), *times) {
            wrong.push(format!(
                "{report}\n  expected {expected:?}, {times}\n  found    {:?}, {}",
                found.0, found.1
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_skipped_or_assumed_is_said() {
    for (report, unreadable, said) in [
        ("D1 | RssAnon: 1 kB | ", 0, vec![]),
        (
            "D1 | RssAnon:\t  9418",
            1,
            vec![
                "2: expected kB after RssAnon: 9418, found nothing, where the input ends; the number may be cut",
            ],
        ),
        (
            "D1 | RssAnon:\t  9418 k",
            1,
            vec!["2: expected kB after the number of RssAnon:, found \"k\", where the input ends"],
        ),
        (
            "D1 | RssAnon: 1 kB | RssFile:",
            1,
            vec!["3: expected a number of kB after RssFile:, found nothing, where the input ends"],
        ),
        (
            "RssAnon: 12 | RssAnon: 1 kB | ",
            1,
            vec!["1: expected kB after RssAnon: 12, found nothing; the number may be cut"],
        ),
        ("RssAnon: 12 pages | ", 1, vec!["1: expected kB after the number of RssAnon:, found \"pages\""]),
        ("RssAnon: 12 MB | VmRSS=90000 KiB | ", 0, vec![]),
        (
            "{\"VmRSS\": 90000} | ",
            1,
            vec!["1: expected kB after VmRSS: 90000, found nothing; the number may be cut"],
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
        ("RssAnon: -5 kB | ", 1, vec!["1: expected a number of kB after RssAnon:, found \"-5 kB\""]),
        (
            "RssAnon: 99999999999999999999 kB | ",
            1,
            vec!["1: RssAnon: 99999999999999999999 kB is more than any machine has"],
        ),
        (
            "RssAnon: 1 RssFile: 2 kB RssShmem: 3 | ",
            1,
            vec!["1: expected kB after RssAnon: 1, found nothing; the number may be cut"],
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
        let read = read(&expand(report));
        let of_lines = read.notices.iter().map(|notice| format!("{}: {}", notice.line, notice.message));
        let of_times = read.found.times.notices().into_iter().map(|notice| format!("0: {notice}"));
        let notices: Vec<String> = of_lines.chain(of_times).collect();
        assert_eq!(
            (read.unreadable_lines, notices.iter().map(String::as_str).collect()),
            (unreadable, said),
            "{report}"
        );
    }
}

#[test]
fn a_thousand_broken_lines_need_no_thousand_notices() {
    let read = read(&"RssAnon: 1\n".repeat(1000));
    assert_eq!((read.unreadable_lines, read.notices.len()), (1000, 101));
}

#[test]
fn the_line_of_a_sample_is_that_of_its_first_value() {
    let read = read(&expand("D1 | x y z | RssAnon: 1 kB | RssFile: 1 kB | D2 | RssAnon: 2 kB | "));
    assert_eq!((0..2).map(|index| read.samples().line(index)).collect::<Vec<_>>(), [3, 6]);
}

#[test]
fn a_line_with_a_value_is_told_from_others() {
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
        ("SwapPss: 5 kB", true),
        ("Pss_Dirty: 5 kB", false),
        ("MemTotal: 5 kB", false),
        ("a.py:7: size=0 B (-816 B), count=0 (-2)", false),
    ] {
        assert_eq!(!read(&format!("{line}\n")).samples().is_empty(), is_record, "{line}");
    }
}

/// What stands alone above values of two processes, which come twice.
#[test]
fn headings_are_told_from_errors_sentences_and_ornaments() {
    for (line, name) in [
        ("pod-a", Some("pod-a")),
        ("pod-a:", Some("pod-a")),
        ("=== pod-a ===", Some("pod-a")),
        ("--- pod-a ---", Some("pod-a")),
        ("[pod-a]", Some("pod-a")),
        ("shop/pod-a", Some("shop/pod-a")),
        ("Pod: pod-a", Some("pod-a")),
        ("PID 123", Some("123")),
        ("error-reporter-0", Some("error-reporter-0")),
        ("### nginx worker ###", Some("nginx worker")),
        ("=====", None),
        ("-900", None),
        ("3144 kB", None),
        ("7441500919753", None),
        ("error: unable to upgrade connection", None),
        ("command terminated with exit code 137", None),
        ("Killed", None),
        ("Unable to connect to the server: EOF", None),
        ("waiting for the pod", None),
        ("Memory Information", None),
        ("State:\tS (sleeping)", None),
        ("$ uname -r", None),
    ] {
        let sample = format!("{line}\nVmRSS: 1 kB\nother-0\nVmRSS: 2 kB\n");
        let read = read(&sample.repeat(2));
        let found = read.found.records.subjects.get(read.samples().subject(0)).cloned().unwrap_or_default();
        assert_eq!(found.name.or(found.id).as_deref(), name, "{line}");
    }
}
