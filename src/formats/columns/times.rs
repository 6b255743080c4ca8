//! The time of a row, of a column of times.

/// How the time of a cell is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellTime {
    /// Seconds since 1970.
    Epoch(f64),
    /// Seconds since a start.
    Elapsed(f64),
    /// A date or a time of day.
    Text,
}

/// Least number of seconds, milliseconds, microseconds and nanoseconds since 1970: of the year 2001.
const EPOCHS: [(f64, f64); 4] = [(1e18, 1e9), (1e15, 1e6), (1e12, 1e3), (1e9, 1.0)];

/// Returns how the time of a cell is written, by its text, the number that it is, and the seconds of one where the name
/// of the column tells.
#[must_use]
pub fn cell_time(text: &str, number: Option<f64>, seconds: Option<f64>) -> CellTime {
    let Some(number) = number else { return CellTime::Text };
    // `20261126103408`, `20261126`
    let digits = text.trim();
    if matches!(digits.len(), 8 | 14) && digits.bytes().all(|b| b.is_ascii_digit()) && is_compact_date(digits)
    {
        return CellTime::Text;
    }
    match epoch(number) {
        Some(seconds) => CellTime::Epoch(seconds),
        None => CellTime::Elapsed(number * seconds.unwrap_or(1.0)),
    }
}

/// Returns a number of seconds, milliseconds, microseconds or nanoseconds since 1970 in seconds.
#[must_use]
pub fn epoch(number: f64) -> Option<f64> {
    let (_, per_second) = EPOCHS.iter().find(|(least, _)| number >= *least)?;
    let seconds = number / per_second;
    (seconds < 5e9).then_some(seconds)
}

fn is_compact_date(digits: &str) -> bool {
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|text| text.parse::<u32>().ok());
    number(0, 4).is_some_and(|year| (1990..2100).contains(&year))
        && number(4, 6).is_some_and(|month| (1..=12).contains(&month))
        && number(6, 8).is_some_and(|day| (1..=31).contains(&day))
}
