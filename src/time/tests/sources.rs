//! Times that only the whole source tells.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{notices, parse, times};
use crate::model::TimeBase;
use crate::time::{TimeNotice, Timestamps};

/// Returns the seconds of each line after the first.
fn seconds(lines: &[&str]) -> Vec<f64> {
    let (source, times) = parse(lines);
    let seconds = |time| source.seconds(time).unwrap();
    times.iter().map(|time| seconds(*time) - seconds(times[0])).collect()
}

#[test]
fn times_without_a_year_go_forward_through_new_year() {
    let lines = [
        "Dec 31 23:59:59 host unit[1]: x",
        "<34>Jan  1 00:00:01 host unit[1]: x",
        "I0101 00:00:02.500000    1 x.go:1] x",
        "Jan 31 00:00:00 host",
        "Jan 30 00:00:00 host",
    ];
    assert_eq!(seconds(&lines), [0.0, 2.0, 3.5, 2_592_001.0, 2_505_601.0]);
    let (source, times) = parse(&lines);
    assert_eq!((source.base(), source.moment(times[0])), (TimeBase::Yearless, None));
    assert_eq!(notices(&source), ["some times have no year: only the time between them is known"]);
}

#[test]
fn a_leap_day_makes_a_year_without_number_leap() {
    const DAY: f64 = 86_400.0;
    let lines = ["Feb 28 0:00", "Feb 29 0:00", "Mar 1 0:00", "Feb 28 0:00"];
    assert_eq!(seconds(&lines), [0.0, DAY, 2.0 * DAY, 0.0]);
    assert_eq!(seconds(&["Feb 28 0:00", "Mar 1 0:00"]), [0.0, DAY]);
}

#[test]
fn a_time_without_year_takes_the_year_of_a_date_in_its_source() {
    for (lines, expected) in [
        (
            vec!["Tue Dec 31 23:00:00 UTC 2024", "Jan  1 00:10:00 host"],
            ["2024-12-31T23:00:00Z", "2025-01-01T00:10:00Z"],
        ),
        (
            vec!["Dec 31 23:50:00 host", "2025-01-01 00:10:00 x"],
            ["2024-12-31T23:50:00Z", "2025-01-01T00:10:00Z"],
        ),
        (
            vec!["Feb 29 10:00:00 host", "2024-03-01 00:10:00 x"],
            ["2024-02-29T10:00:00Z", "2024-03-01T00:10:00Z"],
        ),
        (
            vec!["2023-12-31 23:00:00 x", "Feb 29 10:00:00 host"],
            ["2023-12-31T23:00:00Z", "2024-02-29T10:00:00Z"],
        ),
        (vec!["05/06/2024 10:00", "Jun 13 10:00:00 host"], ["2024-06-05T10:00:00Z", "2024-06-13T10:00:00Z"]),
    ] {
        let mut lines = lines;
        if lines[0].starts_with("05") {
            lines.push("13/06/2024 10:00");
        }
        assert_eq!(times(&lines)[..2], expected, "{lines:?}");
    }
}

#[test]
fn a_zone_that_changes_within_a_source_gives_right_differences() {
    let lines = ["So 31. Mär 01:59:50 CET 2024", "So 31. Mär 03:00:10 CEST 2024"];
    assert_eq!(seconds(&lines), [0.0, 20.0]);
    let (source, _) = parse(&lines);
    assert_eq!(notices(&source), ["times are in several zones (CET, CEST); each was read in its own"]);
}

#[test]
fn an_assumption_is_noted_once() {
    for (lines, expected) in [
        (vec!["2024-05-23 11:56:35", "2024-05-23 11:57:35"], vec![]),
        (vec!["2024-05-23 11:56:35Z", "2024-05-23 11:57:35+00:00"], vec![]),
        (
            vec!["2024-05-23 11:56:35Z", "2024-05-23 11:57:35"],
            vec!["some times name no zone and were taken as UTC"],
        ),
        (
            vec!["Thu May 23 11:56:35 XYZT 2024", "Thu May 23 11:56:36 XYZT 2024"],
            vec!["the zone XYZT is not known and was taken as UTC"],
        ),
        (
            vec!["Thu May 23 11:56:35 CST 2024", "Thu May 23 11:56:36 CST 2024"],
            vec!["the zone CST was taken as -06:00; it can also mean China Standard Time, +08:00"],
        ),
        (
            vec!["05/06/2024 11:56:35", "05/06/2024 11:56:36"],
            vec![
                "dates such as 05/06/2024 are read month first, which is a guess: nothing in the source tells the order",
            ],
        ),
        (vec!["05/05/2024 11:56:35"], vec![]),
        (
            vec!["05/06/2024 10:00", "13/06/2024 10:00", "06/14/2024 10:00"],
            vec![
                "dates such as 05/06/2024 are read month first, which is a guess: nothing in the source tells the order",
                "some dates have a number above 12 in the other place: where both can be, they are read month first",
            ],
        ),
    ] {
        let (source, _) = parse(&lines);
        assert_eq!(notices(&source), expected, "{lines:?}");
    }
}

#[test]
fn the_order_of_day_and_month_comes_from_the_whole_source() {
    for (lines, first, reason) in [
        (vec!["05/06/2024 10:00", "13/06/2024 10:00"], "2024-06-05T10:00:00Z", "above 12"),
        (vec!["05.06.2024 10:00", "05.13.2024 10:00"], "2024-05-06T10:00:00Z", "above 12"),
        (
            vec!["11/05/2024 10:00", "12/05/2024 10:00", "01/06/2024 10:00"],
            "2024-05-11T10:00:00Z",
            "go forward",
        ),
        // The newest line first.
        (
            vec!["01/06/2024 10:00", "12/05/2024 10:00", "11/05/2024 10:00"],
            "2024-06-01T10:00:00Z",
            "go forward",
        ),
        (vec!["05/06/2024 10:00", "05/07/2024 10:00"], "2024-05-06T10:00:00Z", "closer"),
        (vec!["05/06/2024 10:00", "06/06/2024 10:00", "07/06/2024 10:00"], "2024-06-05T10:00:00Z", "closer"),
        (vec!["[05-06-2024 10:00] x"], "2024-06-05T10:00:00Z", "a guess"),
    ] {
        assert_eq!(times(&lines)[0], first, "{lines:?}");
        let notices = notices(&parse(&lines).0);
        let newest_first = notices.iter().any(|notice| notice.contains("newest record stands first"));
        assert_eq!(notices.len(), 1 + usize::from(newest_first), "{lines:?} {notices:?}");
        assert!(notices[0].contains(reason), "{lines:?} {notices:?}");
    }
}

#[test]
fn times_of_one_source_have_one_base() {
    let dated = "2024-05-23 11:56:35 x";
    for (lines, base, unused) in [
        (vec![dated, "May 23 11:57:00 host"], TimeBase::Utc, 0),
        (vec!["May 23 11:57:00 host"], TimeBase::Yearless, 0),
    ] {
        let (source, times) = parse(&lines);
        assert_eq!(source.base(), base, "{lines:?}");
        assert_eq!(times.iter().filter(|time| source.seconds(**time).is_none()).count(), unused, "{lines:?}");
    }
    let mut timestamps = Timestamps::new();
    let dated = timestamps.stamp(dated).unwrap().time;
    let elapsed = [1.0, 2.0].map(|seconds| timestamps.elapsed_seconds(seconds).unwrap());
    assert_eq!(timestamps.seconds_between(dated, elapsed[0]), None);
    assert_eq!(timestamps.seconds_between(elapsed[0], elapsed[1]), Some(1.0));
    let source = timestamps.finish();
    assert_eq!(
        (source.base(), source.seconds(dated), source.seconds(elapsed[1])),
        (TimeBase::Elapsed, None, Some(2.0))
    );
    assert_eq!(Timestamps::new().finish().base(), TimeBase::Index);
    assert_eq!(Timestamps::new().finish().span(), None);
}

#[test]
fn columns_of_a_format_give_times() {
    let mut timestamps = Timestamps::new();
    let time = timestamps.epoch_seconds(1_716_465_395.25).unwrap();
    assert_eq!(timestamps.epoch_seconds(f64::NAN), None);
    assert_eq!(timestamps.epoch_seconds(-1.0), None);
    assert_eq!(timestamps.epoch_seconds(1e18), None);
    assert_eq!(timestamps.elapsed_seconds(f64::INFINITY), None);
    assert_eq!(timestamps.finish().seconds(time), Some(1_716_465_395.25));
}

#[test]
fn a_clock_without_dates_counts_days_at_midnight() {
    const DAY: f64 = 86_400.0;
    for (lines, expected) in [
        (vec!["23:50:00 x", "00:10:00 x", "00:30:00 x"], vec![0.0, 1200.0, 2400.0]),
        (vec!["12:00:00 x", "11:59:58 x", "12:00:02 x"], vec![0.0, -2.0, 2.0]),
        (vec!["00:00:01 x", "23:59:59 x", "00:00:02 x"], vec![0.0, -2.0, 1.0]),
        // The end of summer time.
        (vec!["02:59:50 x", "02:00:10 x"], vec![0.0, -3580.0]),
        (vec!["00:00 x", "18:00 x", "12:00 x", "06:00 x"], vec![0.0, 0.75 * DAY, 1.5 * DAY, 2.25 * DAY]),
        (vec!["11:30:00Z x", "13:40:00+02:00 x"], vec![0.0, 600.0]),
        (vec!["(23:54)", "(00:14)"], vec![0.0, 1200.0]),
    ] {
        assert_eq!(seconds(&lines), expected, "{lines:?}");
        let (source, times) = parse(&lines);
        assert_eq!((source.base(), source.moment(times[0])), (TimeBase::Clock, None));
        assert_eq!(notices(&source).last().unwrap(), "times have no date: days are counted at midnight");
    }
}

/// The heading of pidstat has the day on which it began.
#[test]
fn below_a_day_alone_an_evening_is_of_that_day() {
    let mut timestamps = Timestamps::new();
    let heading = "Linux 6.1.0 (node1) \t10/23/2025 \t_x86_64_\t(2 CPU)";
    let day = timestamps.date_line(heading).unwrap();
    let rows = ["23:55:45 x", "00:25:45 x", "00:00:05 x"].map(|line| timestamps.stamp(line).unwrap().time);
    let source = timestamps.finish();
    let hours = rows.map(|row| source.seconds(row).unwrap() - source.seconds(day).unwrap());
    assert_eq!(hours, [86_145.0, 87_945.0, 86_405.0]);
}

#[test]
fn a_clock_takes_its_date_from_dated_lines_of_its_source() {
    for (lines, expected) in [
        (vec!["2024-05-23 23:50:00 x", "23:55:00 x", "00:05:00 x"], ["23T23:50", "23T23:55", "24T00:05"]),
        (vec!["23:55:00 x", "00:05:00 x", "2024-05-24 00:10:00 x"], ["23T23:55", "24T00:05", "24T00:10"]),
        (vec!["2024-05-23", "07:00:00 x", "08:00:00 x"], ["23T00:00", "23T07:00", "23T08:00"]),
        // A clock shows the time of the zone of the lines around it, but for one that has its own.
        (
            vec!["2024-05-23 13:50:00+02:00 x", "13:55:00 x", "12:00:00Z x"],
            ["23T11:50", "23T11:55", "23T12:00"],
        ),
    ] {
        let expected = expected.map(|time| format!("2024-05-{time}:00Z"));
        assert_eq!(times(&lines), expected, "{lines:?}");
    }
    // Without a year there is none for the clock either.
    let (source, _) = parse(&["May 23 23:50:00 host", "00:05:00 x"]);
    assert_eq!((source.base(), source.span().unwrap().seconds()), (TimeBase::Yearless, 900.0));
}

#[test]
fn among_date_lines_a_mere_time_of_day_is_none() {
    // `date; ps -o etime= -p 12`
    let mut timestamps = Timestamps::new();
    let first = timestamps.date_line("2024-05-23 11:00:00").unwrap();
    let stray = timestamps.date_line("12:34").unwrap();
    timestamps.date_line("2024-05-23 11:10:00").unwrap();
    assert_eq!(timestamps.date_line("22:34"), None);
    timestamps.date_line("2024-05-23 11:20:00").unwrap();
    assert_eq!(timestamps.date_line("32:34"), None);
    assert_eq!(timestamps.date_line("600s"), None);
    let source = timestamps.finish();
    assert_eq!(source.seconds(stray), source.seconds(first));
}

#[test]
fn the_time_since_a_start_is_one_if_it_rises_and_no_record_is_without() {
    for (lines, base) in [
        (vec!["0s x", "600s x", "1200s x"], TimeBase::Elapsed),
        (vec!["t=0s x", "t=600s x"], TimeBase::Elapsed),
        (vec!["[   12.345678] x", "[  160.123456] x"], TimeBase::Elapsed),
        (vec!["=== 1 hour ===", "=== 2 hours ==="], TimeBase::Elapsed),
        (vec!["23:00:00 x", "23:59:00 x", "24:10:00 x", "25:10:00 x"], TimeBase::Elapsed),
        // Falling, or ever the same.
        (vec!["600s x", "500s x"], TimeBase::Index),
        (vec!["10s x", "10s x"], TimeBase::Index),
    ] {
        let (source, times) = parse(&lines);
        assert_eq!(source.base(), base, "{lines:?}");
        let known = times.iter().filter(|time| source.seconds(**time).is_some()).count();
        assert_eq!(known, if base == TimeBase::Elapsed { lines.len() } else { 0 }, "{lines:?}");
        let expected =
            if base == TimeBase::Elapsed { TimeNotice::ElapsedOnly } else { TimeNotice::NotElapsed };
        assert_eq!(source.notices(), [expected]);
    }
    let mut timestamps = Timestamps::new();
    timestamps.stamp("600s x").unwrap();
    timestamps.stamp("700s x").unwrap();
    timestamps.note_untimed_record();
    assert_eq!(timestamps.finish().base(), TimeBase::Index);
    // A column of a format is certain.
    let mut timestamps = Timestamps::new();
    for seconds in [0.0, 5.0, 0.0] {
        timestamps.elapsed_seconds(seconds).unwrap();
    }
    assert_eq!(timestamps.finish().base(), TimeBase::Elapsed);
}

#[test]
fn a_time_is_small_however_many_there_are() {
    use crate::time::TimeRef;
    assert_eq!((size_of::<TimeRef>(), size_of::<Option<TimeRef>>()), (4, 4));
    assert_eq!(size_of::<crate::time::raw_stamp::RawStamp>(), 24);
    let mut timestamps = Timestamps::new();
    let times: Vec<_> = (0..100).map(|_| timestamps.stamp("2024-05-23 11:00:00 x").unwrap().time).collect();
    assert!(times.iter().all(|time| *time == times[0]));
}

#[test]
fn the_time_between_is_known_while_a_source_is_read() {
    let mut timestamps = Timestamps::new();
    let mut time = |line: &str| timestamps.stamp(line).unwrap().time;
    let dated = [time("2024-05-23 11:00:00 x"), time("2024-05-23 11:10:00.5 x")];
    let slash = [time("05/06/2024 10:00:00 x"), time("05/06/2024 10:00:02 x"), time("13/06/2024 10:00:00 x")];
    let yearless = [time("Dec 31 23:59:00 host"), time("Jan  1 00:01:00 host")];
    let clock = time("00:02:00 x");
    for (earlier, later, seconds) in [
        (dated[0], dated[1], 600.5),
        (dated[1], dated[0], -600.5),
        (dated[0], dated[0], 0.0),
        (slash[0], slash[1], 2.0),
        (slash[0], slash[2], 8.0 * 86_400.0),
        (yearless[0], yearless[1], 120.0),
        (yearless[1], clock, 60.0),
    ] {
        assert_eq!(timestamps.seconds_between(earlier, later), Some(seconds));
    }
}
