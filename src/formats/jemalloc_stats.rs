//! The totals of jemalloc's `malloc_stats_print`: `Allocated: 6425952, active: 6672384, …`.
//!
//! Printed at exit they are of one moment; a program that prints them again and again gives a course.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use crate::model::{Measured, Metric, Role, Subject};

/// Statistics of jemalloc.
pub static FORMAT: Format = Format {
    name: "jemalloc-stats",
    reads: "totals of jemalloc's malloc_stats_print (\"Allocated: 6425952, active: 6672384, metadata: 2897520 …\")",
    example: "Allocated: 6425952, active: 6672384, metadata: 2897520 (n_thp 0), resident: 9482240, mapped: 12963840, \
              retained: 1191936\n",
    detect: Detect::Needles(&[", active: "]),
    parser: |_| Parser::Lines(Box::new(Statistics)),
};

/// The names of the totals, and the metrics.
const TOTALS: [(&str, Metric); 4] = [
    // Bytes of blocks that the program has not freed.
    ("Allocated", Metric::bytes("allocated", Role::Part)),
    // Bytes of pages with such blocks.
    ("active", Metric::bytes("active", Role::Part)),
    // Resident pages, at most.
    ("resident", Metric::bytes("resident", Role::Part)),
    ("mapped", Metric::bytes("mapped", Role::Virtual)),
];

/// Reads totals.
struct Statistics;

/// Returns the totals of a line that has all it must: the bytes allocated and the active ones.
fn totals(line: &str) -> Option<Vec<(Metric, Measured)>> {
    let from = line.find("Allocated: ")?;
    let fields = line.get(from..)?.split(", ").filter_map(|field| field.split_once(": "));
    let mut found = Vec::new();
    for (key, value) in fields {
        let digits = value.split(' ').next().unwrap_or_default();
        let bytes = digits.parse::<u64>().ok().filter(|bytes| *bytes < 1 << 53)?;
        #[allow(clippy::cast_precision_loss, reason = "below 2^53")]
        let bytes = Measured::exact(bytes as f64);
        let metric = TOTALS.iter().find(|(name, _)| *name == key);
        found.extend(metric.map(|(_, metric)| (*metric, bytes)));
    }
    let has = |name: &str| found.iter().any(|(metric, _)| metric.name == name);
    (has("allocated") && has("active")).then_some(found)
}

impl LineParser for Statistics {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        // The last line may be cut in a number.
        let Some(totals) = totals(line.text).filter(|_| line.ended) else { return Ok(Claim::NotMine) };
        out.sample(line, Subject::process()).set_all(totals).push();
        Ok(Claim::Mine)
    }
}

#[cfg(test)]
mod tests {
    use super::totals;

    #[test]
    fn totals_of_versions() {
        for (line, expected) in [
            (
                "Allocated: 642, active: 667, metadata: 289 (n_thp 0), resident: 948, mapped: 1296, retained: 11",
                vec![642.0, 667.0, 948.0, 1296.0],
            ),
            ("2024-05-23 12:00:00 Allocated: 642, active: 667, mapped: 1296", vec![642.0, 667.0, 1296.0]),
            ("sessions: 5, active: 3", vec![]),
            ("Allocated: 642, active: many", vec![]),
        ] {
            let found: Vec<f64> =
                totals(line).unwrap_or_default().iter().map(|(_, bytes)| bytes.value).collect();
            assert_eq!(found, expected, "{line}");
        }
    }
}
