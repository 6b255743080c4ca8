//! Bounds of time on the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::parse;
use crate::model::Moment;
use crate::time::{BoundError, RecordingDates, parse_bound, resolve};

fn dates(lines: &[&str]) -> RecordingDates {
    let mut sources = [parse(lines).0];
    resolve(&mut sources);
    RecordingDates::of(&sources)
}

fn start(text: &str, recording: &RecordingDates) -> Result<String, String> {
    let seconds = parse_bound(text, recording).map_err(|error| error.to_string())?.start().seconds;
    Ok(jiff::Timestamp::from_second(seconds as i64).unwrap().to_string())
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
        assert_eq!(start(text, &dates(&lines)).as_deref(), Ok(expected), "{text} {lines:?}");
    }
}

#[test]
fn a_bound_that_is_no_time_of_the_calendar_is_refused() {
    let recording = dates(&["2024-06-05 10:00"]);
    for (text, expected) in [
        ("May 23", BoundError::NoYear),
        ("May 23 11:56:35", BoundError::NoYear),
        ("yesterday", BoundError::NotATime),
        ("", BoundError::NotATime),
        ("2024-02-30", BoundError::NotATime),
        ("2024-05-23 11:56:35 XYZT", BoundError::UnknownZone("XYZT".to_owned())),
        ("07/08/2024", BoundError::Ambiguous(vec!["2024-07-08".to_owned(), "2024-08-07".to_owned()])),
    ] {
        assert_eq!(parse_bound(text, &recording), Err(expected), "{text}");
    }
}

#[test]
fn a_date_without_time_is_the_whole_day() {
    let at = |text: &str| parse_bound(text, &RecordingDates::default()).unwrap();
    let moment = |text: &str| at(text).start();
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
        let time: Moment = moment(time);
        assert_eq!(
            (at(bound).keeps_since(time), at(bound).keeps_until(time)),
            (since, until),
            "{bound} {time:?}"
        );
    }
}
