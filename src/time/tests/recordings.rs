//! Sources of one recording, settled together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{notices, parse, text};
use crate::model::{SpanOrder, TimeBase};
use crate::time::{SourceTimes, TimeRef, resolve};

/// Parses sources, resolves them, and returns the first time of each.
fn resolved(sources: &[&[&str]]) -> Vec<String> {
    let (sources, times) = recording(sources);
    sources.iter().zip(times).map(|(source, times)| text(source, times[0])).collect()
}

fn recording(sources: &[&[&str]]) -> (Vec<SourceTimes>, Vec<Vec<TimeRef>>) {
    let (mut sources, times): (Vec<_>, Vec<_>) = sources.iter().map(|lines| parse(lines)).unzip();
    resolve(&mut sources);
    (sources, times)
}

#[test]
fn a_source_without_years_takes_the_only_year_that_puts_it_near_to_a_dated_one() {
    const DATED: &[&str] = &["2024-05-23 12:00:00 x", "2024-05-23 15:10:00 x"];
    for (sources, expected) in [
        // The second half of a rotated log, and the first.
        (vec![DATED, &["May 23 15:20:00 host"]], "2024-05-23T15:20:00Z"),
        (vec![&["May 23 11:50:00 host"], DATED], "2024-05-23T11:50:00Z"),
        (vec![DATED, &["May 23 13:00:00 host"]], "2024-05-23T13:00:00Z"),
        // Across New Year, in both directions.
        (vec![&["2024-12-31 23:50:00 x"], &["Jan  1 00:10:00 host"]], "2025-01-01T00:10:00Z"),
        (vec![&["Dec 31 23:50:00 host"], &["2025-01-01 00:10:00 x"]], "2024-12-31T23:50:00Z"),
        // A neighbour of a neighbour.
        (
            vec![DATED, &["May 23 15:20:00 h", "Jun 20 1:00 h"], &["Jul 1 1:00 h", "Jul 20 1:00 h"]],
            "2024-05-23T15:20:00Z",
        ),
        // Half a year away no year is certain; between two years neither.
        (vec![DATED, &["Nov 23 12:00:00 host"]], "Yearless 28209600"),
        (vec![DATED, &["2023-05-20 12:00:00 x"], &["May 22 12:00:00 host"]], "Yearless 12225600"),
        // 29 February rules years out.
        (
            vec![&["2024-03-01 12:00:00 x"], &["2023-03-01 1:00 x"], &["Feb 29 12:00:00 host"]],
            "2024-02-29T12:00:00Z",
        ),
        (vec![&["2023-03-01 12:00:00 x"], &["Feb 29 12:00:00 host"]], "Yearless 5140800"),
    ] {
        let times = resolved(&sources);
        assert!(times.contains(&expected.to_owned()), "{sources:?} {times:?}");
    }
}

#[test]
fn a_year_that_comes_from_a_sibling_is_noted() {
    let (sources, _) = recording(&[&["2024-05-23 12:00:00 x"], &["May 23 15:20:00 host"]]);
    assert_eq!(notices(&sources[0]), Vec::<String>::new());
    assert_eq!(
        notices(&sources[1]),
        ["times have no year: 2024 was taken, since that way they fit the other sources"]
    );
}

#[test]
fn a_date_that_is_a_guess_gives_no_year() {
    let (sources, _) = recording(&[&["05/06/2024 12:00:00 x"], &["Jun 5 15:20:00 host"]]);
    assert_eq!(sources[1].base(), TimeBase::Yearless);
}

#[test]
fn sources_without_years_follow_one_another() {
    for (first, second, order) in [
        (
            &["May 23 12:00 h", "May 23 15:10 h"][..],
            &["May 23 15:20 h", "May 23 18:00 h"][..],
            SpanOrder::Before,
        ),
        (&["Nov 1 12:00 h", "Dec 31 15:10 h"], &["Jan 1 15:20 h", "Feb 29 18:00 h"], SpanOrder::Before),
        (&["Jan 1 12:00 h", "Feb 29 15:10 h"], &["Nov 1 15:20 h", "Dec 31 18:00 h"], SpanOrder::After),
        (
            &["May 23 12:00 h", "May 23 15:10 h"],
            &["May 23 15:00 h", "May 23 18:00 h"],
            SpanOrder::Overlapping,
        ),
    ] {
        let (sources, _) = recording(&[first, second]);
        let spans = [sources[0].span().unwrap(), sources[1].span().unwrap()];
        assert_eq!(spans[0].order(spans[1]), Some(order), "{first:?} {second:?}");
        assert!(spans[0].gap(spans[1]).unwrap() < 2.0 * 86_400.0);
    }
}

#[test]
fn the_order_of_day_and_month_comes_from_siblings_if_a_source_leaves_it_open() {
    const OPEN: &[&str] = &["05/06/2024 12:00:00 x"];
    for (sources, expected) in [
        (vec![OPEN, &["13/06/2024 12:00:00 x"]], "2024-06-05T12:00:00Z"),
        (vec![OPEN, &["06/13/2024 12:00:00 x"]], "2024-05-06T12:00:00Z"),
        (vec![OPEN, &["2024-06-07 12:00:00 x"]], "2024-06-05T12:00:00Z"),
        (vec![OPEN, &["06/06/2024 12:00:00 x"], &["07/06/2024 12:00:00 x"]], "2024-06-05T12:00:00Z"),
        // Two that contradict one another tell nothing, nor does another notation.
        (vec![OPEN, &["13/06/2024 12:00:00 x"], &["06/14/2024 12:00:00 x"]], "2024-05-06T12:00:00Z"),
        (vec![OPEN, &["23.06.2024 12:00:00 x"]], "2024-05-06T12:00:00Z"),
        (vec![OPEN], "2024-05-06T12:00:00Z"),
        (vec![OPEN, &["2020-01-01 12:00:00 x"]], "2024-05-06T12:00:00Z"),
    ] {
        assert_eq!(resolved(&sources)[0], expected, "{sources:?}");
    }
}

#[test]
fn a_sibling_changes_nothing_that_is_certain() {
    const CERTAIN: [&[&str]; 3] =
        [&["2024-05-23 12:00:00 x"], &["13/06/2024 12:00:00 x", "05/06/2024 12:00:00 x"], &["1716465395 x"]];
    const OTHERS: [&[&str]; 4] = [
        &["May 23 12:00:00 host"],
        &["06/13/2023 12:00:00 x"],
        &["05/06/2024 12:00:00 x"],
        &["Dec 31 12:00:00 host"],
    ];
    for lines in CERTAIN {
        let alone = resolved(&[lines])[0].clone();
        for other in OTHERS {
            assert_eq!(resolved(&[lines, other])[0], alone, "{lines:?} {other:?}");
            assert_eq!(resolved(&[other, lines])[1], alone, "{lines:?} {other:?}");
        }
    }
}

#[test]
fn sources_without_dates_follow_one_another() {
    const DAY: f64 = 86_400.0;
    for (first, second, order, gap) in [
        // The halves of one log, across midnight or not.
        (&["11:30:00 x", "11:40:00 x"][..], &["11:50:00 x", "12:00:00 x"][..], SpanOrder::Before, 600.0),
        (&["23:40:00 x", "23:50:00 x"], &["00:00:00 x", "00:10:00 x"], SpanOrder::Before, 600.0),
        // A day each.
        (&["00:00 x", "12:00 x", "23:00 x"], &["00:00 x", "12:00 x", "23:00 x"], SpanOrder::Before, 3600.0),
        // Two processes at one time.
        (&["09:00 x", "09:10 x", "09:20 x"], &["09:05 x", "09:15 x"], SpanOrder::Overlapping, 0.0),
        (&["09:00 x", "09:10 x"], &["08:00 x", "08:10 x"], SpanOrder::After, 3000.0),
    ] {
        let (sources, _) = recording(&[first, second]);
        let spans = [sources[0].span().unwrap(), sources[1].span().unwrap()];
        let found = (spans[0].order(spans[1]), spans[0].gap(spans[1]));
        assert_eq!(found, (Some(order), Some(gap)), "{first:?} {second:?}");
        assert!(spans[1].start().seconds() < 2.0 * DAY);
    }
}

#[test]
fn resolving_twice_changes_nothing() {
    let (mut sources, _) = recording(&[
        &["05/06/2024 12:00:00 x"],
        &["Dec 31 12:00 h"],
        &["Jan 1 12:00 h", "Feb 29 12:00 h"],
        &["23:50:00 x"],
        &["00:10:00 x"],
        &["2024-06-07 12:00:00 x"],
        &["Jun 8 12:00 h"],
    ]);
    let spans = |sources: &[SourceTimes]| sources.iter().map(SourceTimes::span).collect::<Vec<_>>();
    let before = (spans(&sources), sources.iter().map(notices).collect::<Vec<_>>());
    resolve(&mut sources);
    assert_eq!((spans(&sources), sources.iter().map(notices).collect::<Vec<_>>()), before);
}
