//! Rows of `ps -o pid=,vsz=,rss=`, in any order: a few ids of processes, and one or two sizes of each.

use super::super::ps::{RSS, VSZ};
use super::cells::Number;
use crate::model::Metric;

/// The largest id of a process on Linux.
const MOST_PID: f64 = 4_194_304.0;
/// KiB of the smallest process.
const LEAST_KIB: f64 = 256.0;
/// KiB of a page, at least: sizes are multiples of it, seconds are not.
const PAGE_KIB: f64 = 4.0;
/// Rows that tell the columns.
const LEAST_ROWS: usize = 3;
/// Rows of each process, at least, on average.
const LEAST_ROWS_OF_PID: usize = 3;

/// The columns of such rows.
#[derive(Debug, Clone, PartialEq)]
pub struct PidColumns {
    /// The place of the process id.
    pub pid: usize,
    /// The places of the sizes.
    pub values: Vec<(usize, Metric)>,
}

/// Returns the columns of rows that are nothing but a process id and its sizes, at these places; `None` if they may be
/// anything else. The address space is never smaller than the resident memory.
#[must_use]
pub fn pid_columns(rows: &[&[Number]], places: &[usize]) -> Option<PidColumns> {
    let column = |place: usize| rows.iter().filter_map(move |row| row.get(place)).map(|number| number.value);
    let is_whole =
        |row: &&[Number]| row.iter().all(|n| n.decimals.is_none_or(|d| d == 0) && n.value.fract() == 0.0);
    if rows.len() < LEAST_ROWS || !rows.iter().all(is_whole) {
        return None;
    }
    let (&pid, sizes) = places.split_first()?;
    let mut pids: Vec<f64> = column(pid).collect();
    pids.sort_by(f64::total_cmp);
    pids.dedup();
    let are_pids = pids.iter().all(|pid| (1.0..=MOST_PID).contains(pid));
    let are_sizes =
        |place: &usize| column(*place).all(|size| size == 0.0 || size >= LEAST_KIB && size % PAGE_KIB == 0.0);
    if !are_pids || pids.len() * LEAST_ROWS_OF_PID > rows.len() || !sizes.iter().all(are_sizes) {
        return None;
    }
    let is_never_less = |large: usize, small: usize| column(large).zip(column(small)).all(|(a, b)| a >= b);
    let values = match *sizes {
        [rss] => vec![(rss, RSS)],
        [first, second] if is_never_less(first, second) => vec![(second, RSS), (first, VSZ)],
        [first, second] if is_never_less(second, first) => vec![(first, RSS), (second, VSZ)],
        _ => return None,
    };
    // Sizes that never change may be anything.
    let changes = |place: usize| column(place).zip(column(place).skip(1)).any(|(a, b)| a != b);
    values.iter().any(|(place, _)| changes(*place)).then_some(PidColumns { pid, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_sizes() {
        let number = |value: &f64| Number { value: *value, decimals: None, unit: None };
        for (rows, pid, rss) in [
            (
                [[4103.0, 12996.0, 10072.0], [4103.0, 12996.0, 10320.0], [4103.0, 13996.0, 10568.0]],
                Some(0),
                Some(2),
            ),
            (
                [[4103.0, 10072.0, 12996.0], [4103.0, 10320.0, 12996.0], [4103.0, 10568.0, 13996.0]],
                Some(0),
                Some(1),
            ),
            // An index, sizes that cross, and numbers too small.
            ([[1.0, 12996.0, 10072.0], [2.0, 12996.0, 10320.0], [3.0, 13996.0, 10568.0]], None, None),
            ([[4103.0, 9000.0, 10072.0], [4103.0, 12996.0, 10320.0], [4103.0, 13996.0, 10568.0]], None, None),
            ([[4103.0, 12.0, 8.0], [4103.0, 16.0, 8.0], [4103.0, 16.0, 12.0]], None, None),
            // Seconds since the start, and a size.
            ([[4103.0, 300.0, 10072.0], [4103.0, 310.0, 10320.0], [4103.0, 320.0, 10568.0]], None, None),
        ] {
            let numbers: Vec<Vec<Number>> = rows.iter().map(|row| row.iter().map(number).collect()).collect();
            let rows: Vec<&[Number]> = numbers.iter().map(Vec::as_slice).collect();
            let found = pid_columns(&rows, &[0, 1, 2]);
            assert_eq!(found.as_ref().map(|found| found.pid), pid, "{numbers:?}");
            assert_eq!(found.map(|found| found.values[0].0), rss, "{numbers:?}");
        }
    }
}
