//! Prints of `tracemalloc.get_traced_memory()`: `(41898, 526227)`, the traced memory and its peak.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use crate::model::{Measured, Metric, Role, Subject};

/// Pairs of the traced memory and its peak, alone in their lines or after a time.
pub static FORMAT: Format = Format {
    name: "traced-memory",
    reads: "prints of tracemalloc.get_traced_memory() (\"(41898, 526227)\")",
    example: "(41898, 526227)\n(253693, 738001)\n(461664, 945988)\n",
    detect: Detect::Head(are_pairs),
    parser: |_| Parser::Lines(Box::new(Pairs)),
};

/// What is traced now.
const CURRENT: Metric = Metric::bytes("current", Role::Part);
/// The most that was traced so far.
const PEAK: Metric = Metric::bytes("peak", Role::Peak);

/// Pairs that are no accident.
const ENOUGH: usize = 3;

/// Reads pairs.
struct Pairs;

/// Returns the pair that a line ends with: two whole numbers in parentheses, the second no less than the first. A time
/// may stand before it.
fn pair(line: &str) -> Option<(u64, u64)> {
    let (before, pair) = line.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    if before.contains(|c: char| c.is_alphabetic() && !matches!(c, 'T' | 'Z')) {
        return None;
    }
    let (current, peak) = pair.split_once(", ")?;
    let (current, peak) = (current.parse().ok()?, peak.parse().ok()?);
    (current <= peak).then_some((current, peak))
}

/// Whether a text is one of pairs: all lines but dates are, and the peak never falls.
fn are_pairs(head: &str) -> bool {
    let whole = head.rfind('\n').map_or("", |end| &head[..end]);
    let (mut count, mut highest) = (0, 0);
    for line in whole.lines().filter(|line| line.contains('(')) {
        match pair(line) {
            Some((_, peak)) if peak >= highest => (count, highest) = (count + 1, peak),
            _ => return false,
        }
    }
    count >= ENOUGH
}

impl LineParser for Pairs {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some((current, peak)) = pair(line.text) else { return Ok(Claim::NotMine) };
        #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
        let (current, peak) = (Measured::exact(current as f64), Measured::exact(peak as f64));
        out.sample(line, Subject::process()).set(CURRENT, current).set(PEAK, peak).push();
        Ok(Claim::Mine)
    }
}

#[cfg(test)]
mod tests {
    use super::{are_pairs, pair};

    #[test]
    fn pairs_of_current_and_peak() {
        for (line, expected) in [
            ("(41898, 526227)", Some((41898, 526_227))),
            ("2026-11-26T10:34:08Z (41898, 526227)", Some((41898, 526_227))),
            ("(526227, 41898)", None),
            ("point (1, 2)", None),
            ("(1, 2, 3)", None),
            ("(1.5, 2)", None),
        ] {
            assert_eq!(pair(line), expected, "{line}");
        }
        assert!(are_pairs("(1, 5)\n(2, 5)\n(3, 6)\n"));
        assert!(!are_pairs("(1, 5)\n(2, 4)\n(3, 6)\n"), "a peak falls");
        assert!(!are_pairs("(1, 5)\n(2, 5)\nfoo(3, 6)\n"));
    }
}
