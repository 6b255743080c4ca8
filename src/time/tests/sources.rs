//! Times that only the whole source tells.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{notices, parse, times};
use crate::model::TimeBase;
use crate::time::Timestamps;

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
        assert!(notices.len() == 1 && notices[0].contains(reason), "{lines:?} {notices:?}");
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
