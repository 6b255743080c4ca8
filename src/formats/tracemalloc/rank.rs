//! The rank of a site in its list, as people print it before the site: `#1: app.py:84: …`.

use super::record_log::Run;
use super::site_rows::SiteRows;
use crate::model::Readings;

/// Returns the rank that ends `before`, which stands before a site: `#3: `, `#3 `, `3. ` or `3) `, and 0 where none
/// does.
#[must_use]
pub fn rank(before: &str) -> u32 {
    let text = before.trim_end_matches([' ', '\t', '\'', '"', '`', '*']);
    let marked = text.trim_end_matches([':', '.', ')']);
    let bare = marked.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &marked[bare.len()..];
    let listed = text.len() == marked.len() + 1 && !text.ends_with(':');
    let alone = bare.is_empty() || bare.ends_with([' ', '\t', '|', '>', '"', '\'']);
    let ranked = bare.ends_with('#') && text.len() <= marked.len() + 1 || listed && alone;
    if ranked { digits.parse().unwrap_or(0) } else { 0 }
}

/// Returns whether the numbers before sites are ranks: they count up within a list and begin again at one. A list from
/// which lines are left out skips some. Numbers of workers or of passes repeat, or number the same sites.
#[must_use]
pub fn are_ranked(runs: &[Run], readings: &Readings) -> bool {
    let (mut ups, mut skips, mut back, mut again, mut least, mut before) = (0, 0, 0, 0, u32::MAX, 0_u32);
    let (mut rows, mut twice, mut sites) = (0_usize, 0_usize, SiteRows::default());
    for run in runs.iter().filter(|run| !run.rows.is_empty()) {
        if run.rank == 0 {
            before = 0;
            continue;
        }
        if before > 0 {
            match run.rank {
                rank if rank > before => *(if rank == before + 1 { &mut ups } else { &mut skips }) += 1,
                rank if rank == before && rank > 1 => again += 1,
                _ => back += 1,
            }
        }
        if run.rank <= before {
            sites.forget();
        }
        for row in run.rows.clone() {
            twice += usize::from(sites.row(readings.site(row)).is_some());
            sites.insert(readings.site(row), row);
        }
        (ups, rows) = (ups + run.rows.len() - 1, rows + run.rows.len());
        least = least.min(run.rank);
        before = last_rank(run);
    }
    least == 1 && ups + skips > 0 && skips <= ups + back + 1 && again == 0 && twice * 10 <= rows
}

fn last_rank(run: &Run) -> u32 {
    run.rank.saturating_add(u32::try_from(run.rows.len() - 1).unwrap_or(u32::MAX)).min(u32::MAX - 1)
}

/// Marks the runs at which ranks begin again as certain starts of lists.
pub fn begin_at_ranks(runs: &[Run], certain: &mut [bool]) {
    let mut before = 0;
    for (run, certain) in runs.iter().zip(certain).filter(|(run, _)| !run.rows.is_empty()) {
        *certain |= run.rank > 0 && run.rank <= before;
        before =
            if run.rank == 0 { 0 } else { run.rank - 1 + u32::try_from(run.rows.len()).unwrap_or(u32::MAX) };
    }
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn ranks_stand_right_before_the_site() {
        for (before, expected) in [
            ("#1: ", 1),
            ("2025-08-23 20:19:08.733 | INFO | PID 98960 | #12: ", 12),
            ("#3 ", 3),
            ("  7. ", 7),
            ("| 4) `", 4),
            ("{\"msg\": \"2. ", 2),
            ("", 0),
            ("# ", 0),
            ("12 ", 0),
            ("12: ", 0),
            ("2024-05-23 12:16:35.313 ", 0),
            ("v1.2. ", 0),
            ("#99999999999: ", 0),
            ("#: ", 0),
        ] {
            assert_eq!(rank(before), expected, "{before}");
        }
    }
}
