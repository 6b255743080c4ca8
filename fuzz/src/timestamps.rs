//! Times, line by line.

use leakdiff::time::{BoundText, Stamp, TimeRef, Timestamps, time_of_file_name};

/// The latest time of a log: the end of the year 9999.
const END_OF_TIME: f64 = 253_402_300_800.0;

/// Each line is a date line, a line with a stamp, a date of a format, a bound and the name of a file.
pub fn timestamps(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = read(&text);
    assert_eq!(read, self::read(&text));
}

/// Everything that is found, as text.
fn read(text: &str) -> String {
    let mut times = Timestamps::new();
    let mut found: Vec<TimeRef> = Vec::new();
    let mut described = String::new();
    for line in text.lines() {
        let stamp = times.stamp(line);
        // Among dates a number of seconds is no stamp; otherwise the lines above change nothing.
        let alone = Timestamps::new().stamp(line);
        if stamp.is_some() {
            let place = |stamp: Option<Stamp>| stamp.map(|stamp| (stamp.start, stamp.end));
            assert_eq!(place(stamp), place(alone), "{line}");
        }
        if let Some(stamp) = stamp {
            assert!(stamp.start <= stamp.end, "{stamp:?} in {line:?}");
            assert!(
                line.is_char_boundary(stamp.start) && line.is_char_boundary(stamp.end),
                "{stamp:?} in {line:?}"
            );
            found.push(stamp.time);
        }
        found.extend(times.date_line(line));
        found.extend(times.date(line));
        if let Some(seconds) = time_of_file_name(line) {
            assert!(seconds.abs() <= END_OF_TIME, "{line}: {seconds}");
        }
        described += &format!("{:?} {:?}\n", BoundText::parse(line), time_of_file_name(line));
    }
    let pairs = found.iter().zip(found.iter().skip(1));
    let steps: Vec<_> = pairs.map(|(earlier, later)| times.seconds_between(*earlier, *later)).collect();
    let times = times.finish();
    let seconds: Vec<_> = found.iter().map(|time| times.seconds(*time)).collect();
    for seconds in seconds.iter().flatten() {
        assert!(seconds.is_finite(), "{seconds}");
        // A time of day counts days from the first one.
        assert!(seconds.abs() <= 2.0 * END_OF_TIME, "{seconds}");
    }
    format!("{described}{steps:?} {seconds:?} {:?} {:?} {:?}", times.base(), times.span(), times.notices())
}
