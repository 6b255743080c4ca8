//! Marks of an axis, and their labels.

use jiff::Timestamp;

use super::super::Units;
use super::super::document::Plot;
use super::super::quantity::grouped;
use crate::model::Axis;

/// An axis of sizes: bounds at round numbers, and a label for each mark from the lowest to the highest.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes {
    /// The lowest and the highest mark in bytes.
    pub bounds: [f64; 2],
    /// Labels of the marks, which are equally far apart.
    pub labels: Vec<String>,
}

/// Number of intervals between the marks, more or less.
const STRETCHES: f64 = 4.0;

/// Returns an axis that holds all these sizes, with labels of at most `columns` columns. `None` if there are no sizes.
pub fn sizes(bytes: &[f64], units: Units, columns: usize) -> Option<Sizes> {
    let known = || bytes.iter().copied().filter(|b| b.is_finite());
    let (mut low, mut high) = (known().reduce(f64::min)?, known().reduce(f64::max)?);
    if low == high {
        // A constant series has a margin above it and, unless it is 0, below.
        let margin = (low.abs() / 20.0).max(1.0);
        (low, high) = (if low == 0.0 { low } else { low - margin }, high + margin);
    }
    // A series that is nearly constant at a high level has long labels; where they do not fit, marks are farther apart.
    let fits = |axis: &Sizes| axis.labels.iter().all(|label| label.len() <= columns);
    let in_units = |units| (0..9).map(move |coarser| axis(low, high, units, coarser)).find(fits);
    in_units(units).or_else(|| in_units(Units::Auto))
}

/// Returns the axis from a low to a high size, its step `coarser` powers of ten above the one that reads best.
fn axis(low: f64, high: f64, units: Units, coarser: i32) -> Sizes {
    let scale = units.scale(low.abs().max(high.abs()));
    let (low, high) = (low / scale.bytes, high / scale.bytes);
    let step = round_step((high - low) / STRETCHES, scale.bytes == 1.0) * 10_f64.powi(coarser);
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let (stretches, decimals) = ((last - first).max(1.0) as usize, (-step.log10().floor()).max(0.0) as usize);
    let mark = |i: usize| (first + i as f64) * step;
    Sizes {
        bounds: [mark(0) * scale.bytes, mark(stretches) * scale.bytes],
        labels: (0..=stretches)
            .map(|i| format!("{} {}", with_decimals(mark(i), decimals), scale.name))
            .collect(),
    }
}

/// Returns the next of 1, 2, 5, 10 and so on that is no smaller; at least 1 where numbers are whole.
fn round_step(least: f64, whole: bool) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0].into_iter().map(|d| d * power).find(|step| *step >= least);
    let step = step.unwrap_or(10.0 * power);
    if whole { step.max(1.0) } else { step }
}

/// Returns a number with `decimals` decimals and thousands set apart.
fn with_decimals(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let minus = if value < 0.0 { "-" } else { "" };
    format!("{minus}{}{rest}", grouped(whole.parse().unwrap_or_default()))
}

/// Returns the labels below a chart of `columns` columns: at its beginning, in its middle where a position is known and
/// the label fits, and at its end.
pub fn positions(plot: &Plot, with_year: bool, columns: usize) -> Vec<String> {
    let (Some(&first), Some(&last)) = (plot.at.first(), plot.at.last()) else { return Vec::new() };
    let at = [first, f64::midpoint(first, last), last];
    let mut labels = match plot.axis {
        Axis::Seconds => times(at, with_year),
        Axis::Snapshots => numbers("snapshot", at),
        Axis::Samples => numbers("sample", at),
        Axis::Work => numbers("work", at),
    };
    // Each label has an equal share of the columns, and the first may reach beyond the chart to the left.
    let share = (columns / 3).saturating_sub(1);
    if labels.len() == 3 && labels[1..].iter().any(|label| label.len() > share) {
        labels.remove(1);
    }
    labels
}

/// Returns numbers from 1; none in the middle where no snapshot is.
fn numbers(of_what: &str, at: [f64; 3]) -> Vec<String> {
    let [first, middle, last] = at.map(|at| at + 1.0);
    let mut labels = vec![format!("{of_what} {}", grouped(first))];
    if middle.fract() == 0.0 && last - first > 1.0 {
        labels.push(grouped(middle));
    }
    labels.push(grouped(last));
    labels
}

/// Seconds are shown where the chart is shorter than this.
const SHORT_SECONDS: f64 = 600.0;

/// Ends of the parts of `2024-05-23T11:56:35Z`.
const YEAR_ENDS: usize = "2024-".len();
const DAY_ENDS: usize = "2024-05-23".len();
const MINUTE_ENDS: usize = "2024-05-23T11:56".len();
const SECOND_ENDS: usize = "2024-05-23T11:56:35".len();

/// Returns times: the first with its day, the others with theirs if it is another; only days if the year changes.
fn times(at: [f64; 3], with_year: bool) -> Vec<String> {
    let text = |seconds: f64| Timestamp::from_second(seconds.round() as i64).map(|t| t.to_string());
    let [Ok(first), Ok(middle), Ok(last)] = at.map(text) else { return Vec::new() };
    let same = |until: usize| first.get(..until) == last.get(..until);
    let to = if at[2] - at[0] < SHORT_SECONDS { SECOND_ENDS } else { MINUTE_ENDS };
    let written =
        |text: &str, from: usize, to: usize| text.get(from..to).unwrap_or_default().replace('T', " ");
    if with_year && !same(YEAR_ENDS) {
        return vec![
            written(&first, 0, DAY_ENDS),
            written(&middle, 0, DAY_ENDS),
            written(&last, 0, DAY_ENDS),
        ];
    }
    let begins = if with_year { 0 } else { YEAR_ENDS };
    let later = if same(DAY_ENDS) { DAY_ENDS + 1 } else { YEAR_ENDS };
    vec![written(&first, begins, to), written(&middle, later, to), written(&last, later, to)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stand_at_round_numbers() {
        const MIB: f64 = 1_048_576.0;
        for (bytes, units, columns, labels) in [
            (vec![919.75 * MIB, 920.81 * MIB], Units::Auto, 13, "919.5 MiB, 920.0 MiB, 920.5 MiB, 921.0 MiB"),
            (vec![0.0, 240.0 * 1024.0], Units::Auto, 13, "0 KiB, 100 KiB, 200 KiB, 300 KiB"),
            (vec![100.0, 102.0], Units::Auto, 13, "100 B, 101 B, 102 B"),
            (vec![4000.0; 2], Units::Bytes, 13, "3,800 B, 3,900 B, 4,000 B, 4,100 B, 4,200 B"),
            (vec![0.0, 0.0], Units::Auto, 13, "0 B, 1 B"),
            (vec![-300.0, 300.0], Units::Auto, 13, "-400 B, -200 B, 0 B, 200 B, 400 B"),
            (
                vec![12_000.0 * 1024.0, 12_001.0 * 1024.0],
                Units::Kib,
                13,
                "12,000.0 KiB, 12,000.5 KiB, 12,001.0 KiB",
            ),
            (vec![1024.0 * MIB, 1025.0 * MIB], Units::Bytes, 13, "1.0000 GiB, 1.0005 GiB, 1.0010 GiB"),
            (vec![f64::NAN, 5e9], Units::Decimal, 13, "4.6 GB, 4.8 GB, 5.0 GB, 5.2 GB, 5.4 GB"),
            (
                vec![1024.0 * MIB, 1024.0 * MIB + 90.0],
                Units::Auto,
                26,
                "1.00000000 GiB, 1.00000005 GiB, 1.00000010 GiB",
            ),
            (vec![1024.0 * MIB, 1024.0 * MIB + 90.0], Units::Auto, 13, "1.0000000 GiB, 1.0000005 GiB"),
        ] {
            let axis = sizes(&bytes, units, columns).unwrap();
            assert_eq!(axis.labels.join(", "), labels);
            assert!(bytes.iter().all(|b| b.is_nan() || axis.bounds[0] <= *b && *b <= axis.bounds[1]));
        }
        assert_eq!(sizes(&[], Units::Auto, 13), None);
        assert_eq!(sizes(&[f64::NAN], Units::Auto, 13), None);
    }

    #[test]
    fn positions_are_told_at_the_ends_and_in_the_middle() {
        let morning = 1_716_465_395.0; // 2024-05-23T11:56:35Z
        for (axis, from, to, (with_year, columns), labels) in [
            (Axis::Seconds, morning, morning + 2400.0, (true, 60), "2024-05-23 11:56, 12:16, 12:36"),
            (Axis::Seconds, morning, morning + 60.0, (true, 60), "2024-05-23 11:56:35, 11:57:05, 11:57:35"),
            (
                Axis::Seconds,
                morning,
                morning + 172_800.0,
                (false, 60),
                "05-23 11:56, 05-24 11:56, 05-25 11:56",
            ),
            (Axis::Seconds, morning, morning + 172_800.0, (true, 30), "2024-05-23 11:56, 05-25 11:56"),
            (Axis::Seconds, morning, morning + 4e7, (true, 60), "2024-05-23, 2025-01-09, 2025-08-29"),
            (Axis::Seconds, 0.0, 1e30, (true, 60), ""),
            (Axis::Snapshots, 0.0, 38.0, (true, 60), "snapshot 1, 20, 39"),
            (Axis::Snapshots, 0.0, 39.0, (true, 60), "snapshot 1, 40"),
            (Axis::Samples, 0.0, 1.0, (true, 60), "sample 1, 2"),
        ] {
            let plot = Plot {
                axis,
                at: vec![from, to],
                bytes: vec![0.0, 1.0],
                half_width: Vec::new(),
                restarts: Vec::new(),
                fit: None,
                corner: None,
                samples: 2,
            };
            assert_eq!(positions(&plot, with_year, columns).join(", "), labels);
        }
    }
}
