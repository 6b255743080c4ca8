//! TimeWindow of time on the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::parse;
use crate::model::{Span, Time, TimeBase};
use crate::time::{BoundError, BoundText, BoundTexts, RecordingDates, TimeWindow, resolve};

/// The dates of a recording, and the time of its last source.
fn recording(sources: &[&[&str]]) -> (RecordingDates, Option<Span>) {
    let mut sources: Vec<_> = sources.iter().map(|lines| parse(lines).0).collect();
    resolve(&mut sources);
    let spans: Vec<Span> = sources.iter().filter_map(|source| source.timeline().span()).collect();
    (RecordingDates::of(&sources).spanning(spans.iter().copied()), spans.last().copied())
}

/// The bounds of a recording of one source with dates.
fn bounds(since: Option<&str>, until: Option<&str>, lines: &[&str]) -> Result<TimeWindow, BoundError> {
    let (dates, span) = recording(&[lines]);
    let span = span.unwrap_or_else(|| Span::of([Time::new(TimeBase::Utc, 0.0)]).unwrap());
    let text = |text: Option<&str>| text.map(BoundText::parse).transpose();
    let texts = BoundTexts { since: text(since)?, until: text(until)? };
    texts.resolve(&dates, span).map(|bounds| bounds.unwrap()).map_err(|(_, cause)| cause)
}

/// The seconds of a date.
fn seconds(date: &str) -> f64 {
    parse(&[date]).0.timeline().span().unwrap().start().seconds()
}

/// The earliest second that a bound keeps, found by bisection between 1970 and 2100.
fn start(since: &str, lines: &[&str]) -> Result<String, BoundError> {
    let bounds = bounds(Some(since), None, lines)?;
    let (mut outside, mut inside) = (0.0_f64, 4_102_444_800.0_f64);
    while inside - outside > 1.0 {
        let middle = f64::midpoint(outside, inside).floor();
        if bounds.keep(Time::new(TimeBase::Utc, middle)) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    Ok(jiff::Timestamp::from_second(inside as i64).unwrap().to_string())
}

#[test]
fn a_bound_is_read_in_the_order_of_the_sources() {
    for (lines, text, expected) in [
        (vec!["05/06/2024 10:00", "13/06/2024 10:00"], "12/06/2024", "2024-06-12T00:00:00Z"),
        (vec!["05/06/2024 10:00", "13/06/2024 10:00"], "12/06/2024 11:00", "2024-06-12T11:00:00Z"),
        (vec!["06/05/2024 10:00", "06/13/2024 10:00"], "06/12/2024", "2024-06-12T00:00:00Z"),
        // The custom by which the source is read holds for the bound as well.
        (vec!["05/06/2024 10:00"], "06/06/2024 10:00:01", "2024-06-06T10:00:01Z"),
        (vec!["05/06/2024 10:00"], "07/06/2024", "2024-07-06T00:00:00Z"),
        // Sources of another notation: the reading that lies in the recording.
        (vec!["2024-06-05 10:00", "2024-06-20 10:00"], "12/06/2024", "2024-06-12T00:00:00Z"),
        (vec!["2024-06-05 10:00", "2024-06-20 10:00"], "06/12/2024", "2024-06-12T00:00:00Z"),
        (vec!["2024-06-05 10:00"], "13/06/2024", "2024-06-13T00:00:00Z"),
        (vec!["2024-06-05 10:00"], "06/06/2024", "2024-06-06T00:00:00Z"),
        (vec![], "2024-05-23", "2024-05-23T00:00:00Z"),
        (vec![], "2024-05-23T13:56:35+02:00", "2024-05-23T11:56:35Z"),
        (vec![], "Thu May 23 13:56:35 CEST 2024", "2024-05-23T11:56:35Z"),
        (vec![], "1716465395", "2024-05-23T11:56:35Z"),
        (vec![], "May 23 2024", "2024-05-23T00:00:00Z"),
        (vec![], "20240523", "2024-05-23T00:00:00Z"),
    ] {
        assert_eq!(start(text, &lines).as_deref(), Ok(expected), "{text} {lines:?}");
    }
}

#[test]
fn a_length_of_time_counts_from_the_end_and_a_time_of_day_is_the_last_one() {
    let day = ["2024-05-22 20:00:00", "2024-05-23 12:00:00"];
    for (lines, since, expected) in [
        (&day, "2h", "2024-05-23T10:00:00Z"),
        (&day, "90min", "2024-05-23T10:30:00Z"),
        (&day, "1h 30m", "2024-05-23T10:30:00Z"),
        (&day, "1d", "2024-05-22T12:00:00Z"),
        (&day, "2 weeks", "2024-05-09T12:00:00Z"),
        (&day, "10:34", "2024-05-23T10:34:00Z"),
        (&day, "10:34:56", "2024-05-23T10:34:56Z"),
        (&day, "12:00", "2024-05-23T12:00:00Z"),
        (&day, "12:00:01", "2024-05-22T12:00:01Z"),
        (&day, "22:00", "2024-05-22T22:00:00Z"),
        (&day, "14:00:00+02:00", "2024-05-23T12:00:00Z"),
        // Not the day of the other bound's notation, nor today.
        (&["05/06/2024 10:00", "13/06/2024 10:00"], "09:00", "2024-06-13T09:00:00Z"),
    ] {
        assert_eq!(start(since, lines).as_deref(), Ok(expected), "{since} {lines:?}");
    }
}

#[test]
fn the_times_of_day_of_both_bounds_are_of_one_night() {
    let lines = ["2024-05-22 08:00:00", "2024-05-23 12:00:00"];
    let night = bounds(Some("22:00"), Some("02:00"), &lines).unwrap();
    for (time, is_kept) in [
        ("2024-05-22 21:59:59", false),
        ("2024-05-22 22:00:00", true),
        ("2024-05-23 02:00:00", true),
        ("2024-05-23 02:00:01", false),
    ] {
        assert_eq!(night.keep(Time::new(TimeBase::Utc, seconds(time))), is_kept, "{time}");
    }
    assert!(bounds(Some("1h"), Some("2h"), &lines).unwrap().is_empty());
    assert!(!bounds(Some("2h"), Some("1h"), &lines).unwrap().is_empty());
}

#[test]
fn a_bound_holds_in_the_base_of_a_source_or_says_nothing() {
    let texts = |since: &str| BoundTexts { since: Some(BoundText::parse(since).unwrap()), until: None };
    // The earliest time that is kept, in seconds before the end of the recording.
    let before_end = |since: &str, sources: &[&[&str]]| {
        let (dates, span) = recording(sources);
        let span = span.unwrap();
        let bounds = texts(since).resolve(&dates, span).unwrap()?;
        let kept =
            |before: &i32| bounds.keep(Time::new(span.base(), span.end().seconds() - f64::from(*before)));
        (0..7200).rev().find(kept)
    };
    let clock: &[&str] = &["10:00:00", "11:00:00", "12:00:00"];
    let yearless: &[&str] = &["May 23 10:00:00", "May 23 12:00:00"];
    let dated: &[&str] = &["2024-05-23 10:00:00", "2024-05-23 12:00:00"];
    let earlier: &[&str] = &["2024-05-23 09:00:00", "2024-05-23 11:30:00"];
    for (since, sources, expected) in [
        ("30min", vec![clock], Some(1800)),
        ("11:45", vec![clock], Some(900)),
        ("2024-05-23", vec![clock], None),
        ("30min", vec![yearless], Some(1800)),
        ("11:45", vec![yearless], Some(900)),
        ("2024-05-23 11:45", vec![yearless], None),
        ("30min", vec![dated], Some(1800)),
        // The end is that of the recording: of all sources, the last of which ends half an hour before.
        ("40min", vec![dated, earlier], Some(600)),
        ("30min", vec![dated, clock], Some(1800)),
    ] {
        assert_eq!(before_end(since, &sources), expected, "{since} {sources:?}");
    }
}

#[test]
fn a_bound_that_is_no_time_of_the_calendar_is_refused() {
    for (text, expected) in [
        ("May 23", BoundError::NoYear),
        ("May 23 11:56:35", BoundError::NoYear),
        ("yesterday", BoundError::NotATime),
        ("-2h", BoundError::Elapsed),
        ("0s", BoundError::Elapsed),
        ("1 month", BoundError::NotATime),
        ("25:00", BoundError::NotATime),
        ("", BoundError::NotATime),
        ("2024-02-30", BoundError::NotATime),
        ("2024-05-23 11:56:35 XYZT", BoundError::UnknownZone("XYZT".to_owned())),
        ("07/08/2024", BoundError::Ambiguous(vec!["2024-07-08".to_owned(), "2024-08-07".to_owned()])),
    ] {
        assert_eq!(bounds(Some(text), None, &["2024-06-05 10:00"]), Err(expected), "{text}");
    }
}

#[test]
fn a_date_without_time_is_the_whole_day() {
    for (bound, time, since, until) in [
        ("2024-06-12", "2024-06-11 23:59:59", false, true),
        ("2024-06-12", "2024-06-12 00:00:00", true, true),
        ("2024-06-12", "2024-06-12 23:59:59", true, true),
        ("2024-06-12", "2024-06-13 00:00:00", true, false),
        ("2024-06-12 10:00:00", "2024-06-12 09:59:59", false, true),
        ("2024-06-12 10:00:00", "2024-06-12 10:00:00", true, true),
        ("2024-06-12 10:00:00", "2024-06-12 10:00:01", true, false),
        ("2024-06-12 00:00:00", "2024-06-12 00:00:01", true, false),
    ] {
        let at = Time::new(TimeBase::Utc, seconds(time));
        let keeps = |since, until| bounds(since, until, &[]).unwrap().keep(at);
        assert_eq!((keeps(Some(bound), None), keeps(None, Some(bound))), (since, until), "{bound} {time}");
    }
}
