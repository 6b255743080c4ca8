//! The dialect of a list in which not all records are of one.

use foldhash::HashSet;

use super::pauses::Pauses;
use super::record_log::{Kind, Run};
use super::site_rows::SiteRows;
use crate::model::{Dialect, Readings, SiteId};

/// Returns the dialect of the list in which each run stands. A printer may show a new or unchanged site of a list of
/// differences without its difference: a few statistics beside differences of other sites are of their list.
#[must_use]
pub fn dialects(runs: &[Run], readings: &Readings, pauses: &Pauses) -> Vec<Dialect> {
    let mut dialects: Vec<Dialect> = runs.iter().map(|run| run.dialect).collect();
    let is = |run: usize, dialect: Dialect| runs[run].dialect == dialect && !runs[run].rows.is_empty();
    if !(0..runs.len()).any(|run| is(run, Dialect::Difference)) {
        return dialects;
    }
    // A run that certainly is of another list than the run before it.
    let parted = |run: usize| {
        let gap = runs[run].gap;
        let after_sum = matches!(runs[run - 1].kind, Kind::Others(_) | Kind::Total(_));
        gap.heading || after_sum || pauses.ends_list(&runs[run - 1], &runs[run])
    };
    let mut sites = SiteRows::default();
    // Rows of the differences since the last break or statistic.
    let mut differences = 0;
    let mut run = 0;
    while run < runs.len() {
        if run > 0 && parted(run) {
            sites.forget();
            differences = 0;
        }
        if is(run, Dialect::Difference) {
            runs[run].rows.clone().for_each(|row| sites.insert(readings.site(row), row));
            differences += runs[run].rows.len();
        }
        if !is(run, Dialect::Statistic) {
            run += 1;
            continue;
        }
        let of_block = |at: &usize| !is(*at, Dialect::Difference) && (*at == run || !parted(*at));
        let end = (run..runs.len()).take_while(of_block).last().unwrap_or(run) + 1;
        let rows = || runs[run..end].iter().flat_map(|run| run.rows.clone());
        let count = rows().count();
        let few = |differences: usize| count == 1 && differences > 0 || count * 2 <= differences;
        let apart = |run: usize| runs[run].gap.text;
        let comes_back = rows().any(|row| sites.row(readings.site(row)).is_some());
        let absorbed = if differences > 0 && !apart(run) {
            few(differences) && !comes_back
        } else if differences == 0 && end < runs.len() && !parted(end) && !apart(end) {
            let following =
                (end..runs.len()).take_while(|&at| at == end || is(at, Dialect::Difference) && !parted(at));
            let following: Vec<usize> =
                following.flat_map(|at| runs[at].rows.clone()).take(2 * count).collect();
            let own: HashSet<SiteId> = rows().map(|row| readings.site(row)).collect();
            few(following.len()) && !following.iter().any(|&row| own.contains(&readings.site(row)))
        } else {
            false
        };
        if absorbed {
            dialects[run..end].fill(Dialect::Difference);
        }
        sites.forget();
        differences = 0;
        run = end;
    }
    dialects
}
