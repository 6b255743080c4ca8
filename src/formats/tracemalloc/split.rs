//! The ends of lists: where the next one begins.
//!
//! A dump does not say it. A heading tells, and totals, ranks, another dialect, a pause in the times; and the order:
//! `tracemalloc` lists sites downwards by size (or by the magnitude of their change), so a rise begins a new list.
//! Where a list follows no order it is one list as long as no site comes twice. In a sorted list a site may stand
//! twice: in dumps grouped by traceback many records print the same line.

use super::dialects::dialects;
use super::order::{Before, Order};
use super::pauses::{Pauses, Steps};
use super::rank::{are_ranked, begin_at_ranks};
use super::record_log::{Kind, Run, Start};
use super::site_rows::SiteRows;
use crate::model::{Dialect, Readings};

/// The greatest amounts of lists of one program, if they have no site in common, are within this factor of each other.
const ALIKE: f64 = 2.0;

/// The division of records into lists.
#[derive(Debug, Default)]
pub struct Division {
    /// The records at which lists begin, in ascending order; the first is the first of all.
    pub starts: Vec<Start>,
    /// Whether the numbers before the sites are their ranks.
    pub ranked: bool,
    /// The dialect of the list in which each run stands.
    pub dialects: Vec<Dialect>,
}

/// Divides records into lists.
#[must_use]
pub fn divide(runs: &[Run], readings: &Readings) -> Division {
    let pauses = Pauses::of(runs);
    let dialects = dialects(runs, readings, &pauses);
    let mut certain = certain_starts(runs, &dialects, &pauses);
    let ranked = are_ranked(runs, readings);
    if ranked {
        begin_at_ranks(runs, &mut certain);
    }
    let first = |(run, _): (usize, &bool)| Start { run, row: runs[run].rows.start };
    let certainly = || certain.iter().enumerate().filter(|(_, certain)| **certain).map(first).collect();
    let lists = Lists { runs, readings, dialects: &dialects, certain: &certain, pauses: &pauses };
    let all_ranked = ranked && runs.iter().all(|run| run.rank > 0 || run.rows.is_empty());
    let starts = if all_ranked { certainly() } else { lists.divide().unwrap_or_else(certainly) };
    Division { starts, ranked, dialects }
}

/// Starts that need no guess: the first record, headings, the end of totals, another dialect, a pause. One a run.
fn certain_starts(runs: &[Run], dialects: &[Dialect], pauses: &Pauses) -> Vec<bool> {
    let is_sum = |run: &Run| matches!(run.kind, Kind::Others(_) | Kind::Total(_));
    let mut certain = vec![false; runs.len()];
    for (i, run) in runs.iter().enumerate() {
        let Some(before) = i.checked_sub(1).map(|before| &runs[before]) else {
            certain[i] = true;
            continue;
        };
        let after_sum = is_sum(before) && !is_sum(run);
        let other_dialect = dialects[i - 1] != dialects[i] && !is_sum(run) && !is_sum(before);
        certain[i] = run.gap.heading || after_sum || other_dialect || pauses.ends_list(before, run);
    }
    certain
}

/// Facts about all records that tell how lists are sorted.
#[derive(Debug, Default)]
struct Survey {
    /// Number of times that a site comes back within lists that are certain.
    returns: usize,
    /// The order that the lists follow; `None` where they follow none.
    order: Option<Order>,
    /// Number of times that the order is broken, that this is so between lines that follow each other, …
    rises: usize,
    inner_rises: usize,
    /// … and that it is kept.
    falls: usize,
    /// Number of neighbours that the order compares.
    compared: usize,
    /// Whether all records are of one site, and how many sites there are.
    one_site: bool,
    sites: usize,
    /// Whether empty lines stand between lists, and not between all records; and number of gaps that may part lists.
    blanks_part: bool,
    gaps: usize,
}

struct Lists<'a> {
    runs: &'a [Run],
    readings: &'a Readings,
    dialects: &'a [Dialect],
    certain: &'a [bool],
    pauses: &'a Pauses,
}

/// Starts of lists, and whether each stands at a gap or is certain.
struct Divided {
    starts: Vec<Start>,
    all_at_gaps: bool,
}

impl Lists<'_> {
    /// The starts of lists; `None` if they begin only where it is certain.
    fn divide(&self) -> Option<Vec<Start>> {
        let mut sites = SiteRows::default();
        let survey = self.survey(&mut sites);
        let certain = self.certain.iter().filter(|certain| **certain).count();
        // Lists that are certain and show no site twice need no guess.
        if survey.returns == 0 && (survey.rises == 0 || certain > 1) {
            return None;
        }
        let by_return = |sites: &mut SiteRows| self.by_order_and_returns(None, &survey, sites);
        if survey.order.is_none() {
            return Some(by_return(&mut sites).starts);
        }
        let by_order = self.by_order_and_returns(survey.order, &survey, &mut sites);
        // As many lists as there must be: the usual case.
        if by_order.starts.len() == certain + survey.returns {
            return Some(by_order.starts);
        }
        let by_return = by_return(&mut sites);
        let sorted = self.is_sorted(&survey, &by_order, &by_return);
        Some(if sorted { by_order } else { by_return }.starts)
    }

    /// Whether lists that begin at rises explain the records better than lists that begin where sites come back.
    fn is_sorted(&self, survey: &Survey, by_order: &Divided, by_return: &Divided) -> bool {
        let (sorted, unsorted) = (by_order.starts.len(), by_return.starts.len());
        // Lists of the very same sites need no other explanation; fewer lists would hold all sites twice, and one more
        // would begin and end amid lists that complement each other.
        let same_sites = || self.lengths(&by_return.starts).iter().all(|length| *length == survey.sites);
        if unsorted > 1 && sorted != unsorted && same_sites() {
            return false;
        }
        if sorted <= unsorted {
            return true;
        }
        if survey.returns == 0 {
            // One list, or several without a site in common, as tracebacks may have none.
            let traceback = self.dialects.first() == Some(&Dialect::Traceback);
            let falls = if traceback { survey.falls } else { survey.falls / 2 };
            return falls >= survey.rises && self.are_alike(&by_order.starts);
        }
        // Other text stands between lists, and rises do not.
        let at_each_gap = survey.gaps < unsorted;
        if by_return.all_at_gaps
            && survey.inner_rises > 0
            && (at_each_gap || survey.inner_rises * 2 >= survey.rises)
        {
            return false;
        }
        sorted <= unsorted + 1 || survey.rises.saturating_sub(survey.returns) * 3 <= survey.compared
    }

    /// Whether sorted lists look like lists of one program: their greatest amounts are alike, and only the last may be
    /// of one record.
    fn are_alike(&self, starts: &[Start]) -> bool {
        let greatest = |start: &Start| {
            let reading = self.readings.as_printed(start.row);
            reading.change.map_or(reading.size, |change| change.bytes).value.abs()
        };
        let greatest: Vec<f64> = starts.iter().map(greatest).collect();
        let lengths = self.lengths(starts);
        lengths[..lengths.len().saturating_sub(1)].iter().all(|length| *length > 1)
            && greatest.windows(2).all(|w| w[0] <= ALIKE * w[1] && w[1] <= ALIKE * w[0])
    }

    /// Number of readings in each list.
    fn lengths(&self, starts: &[Start]) -> Vec<usize> {
        let end = self.runs.last().map_or(0, |run| run.rows.end);
        let ends = starts.iter().skip(1).map(|start| start.row).chain([end]);
        starts.iter().zip(ends).map(|(start, end)| end - start.row).collect()
    }

    /// Looks for sites that come back, and for the order of the lists.
    ///
    /// Within one list no site comes back, so the times that sites come back tell how many lists there must be;
    /// an order under which the lists would be many more than that is not the order of these lists.
    fn survey(&self, sites: &mut SiteRows) -> Survey {
        let mut survey = Survey { one_site: true, ..Survey::default() };
        let mut counts = [[0_usize; 4]; 4];
        let (mut rows, mut blanks) = (0_usize, 0_usize);
        let mut before = Before::default();
        let mut first = None;
        let mut met = SiteRows::default();
        for ((run, &certain), &dialect) in self.runs.iter().zip(self.certain).zip(self.dialects) {
            if run.rows.is_empty() {
                continue;
            }
            if certain {
                sites.forget();
                before = Before::default();
            } else {
                blanks += usize::from(run.gap.blank && !run.gap.text);
                survey.gaps += usize::from(run.gap.text);
            }
            rows += run.rows.len();
            for row in run.rows.clone() {
                let reading = self.readings.as_printed(row);
                survey.one_site &= *first.get_or_insert(reading.site) == reading.site;
                survey.sites += usize::from(met.row(reading.site).is_none());
                met.insert(reading.site, row);
                if sites.row(reading.site).is_some() {
                    survey.returns += 1;
                    sites.forget();
                }
                sites.insert(reading.site, row);
                let inner = row > run.rows.start || run.gap.is_empty();
                for (order, [rises, inner_rises, falls, compared]) in Order::ALL.into_iter().zip(&mut counts)
                {
                    if let Some((a, b)) = order.keys(&before, &reading, dialect) {
                        *rises += usize::from(b > a);
                        *inner_rises += usize::from(b > a && inner);
                        *falls += usize::from(b < a);
                        *compared += 1;
                    }
                }
                before.then(reading);
            }
        }
        survey.one_site &= first.is_some();
        survey.blanks_part = blanks * 2 < rows;
        survey.gaps += if survey.blanks_part { blanks } else { 0 };
        let inner = self.certain.iter().filter(|c| **c).count().saturating_sub(1);
        let most = 2 * survey.returns + inner + 1;
        // CPython's own order, unless another one needs less than half as many lists and still explains why
        // sites come back.
        for (order, [rises, inner_rises, falls, compared]) in Order::ALL.into_iter().zip(counts) {
            let better = survey.order.is_none() || rises * 2 < survey.rises && rises >= survey.returns;
            if rises <= most && falls > 0 && better {
                (survey.order, survey.rises, survey.inner_rises) = (Some(order), rises, inner_rises);
                (survey.falls, survey.compared) = (falls, compared);
            }
        }
        survey
    }

    /// Lists that also begin where the order rises, or where a site comes back.
    fn by_order_and_returns(&self, order: Option<Order>, survey: &Survey, sites: &mut SiteRows) -> Divided {
        let mut divided = Divided { starts: Vec::new(), all_at_gaps: true };
        sites.forget();
        let mut last_gap: Option<Start> = None;
        let mut steps = Steps::default();
        let mut before = Before::default();
        for (i, run) in self.runs.iter().enumerate() {
            if run.rows.is_empty() {
                if self.certain[i] {
                    divided.starts.push(Start { run: i, row: run.rows.start });
                    sites.forget();
                }
                continue;
            }
            let gap = run.gap.text || run.gap.blank && survey.blanks_part;
            for row in run.rows.clone() {
                let here = Start { run: i, row };
                let reading = self.readings.as_printed(row);
                let first = row == run.rows.start;
                let rises = order.is_some_and(|order| order.rises(&before, &reading, self.dialects[i]));
                if first {
                    steps.then((!run.seconds.is_nan()).then_some(run.seconds), here);
                }
                if first && self.certain[i] || rises {
                    divided.all_at_gaps &= first && (gap || self.certain[i]);
                    divided.starts.push(here);
                    sites.forget();
                    (last_gap, steps) = (None, steps.again());
                } else {
                    if first && gap {
                        last_gap = Some(here);
                    }
                    if let Some(earlier) = sites.row(reading.site) {
                        // The site comes back. What stood between its two listings decides whether they are two sites
                        // of one list.
                        let pause = || steps.longest_after(earlier, self.pauses.least_where_sites_return);
                        let at_gap = last_gap.filter(|gap| gap.row > earlier);
                        let anywhere = (survey.one_site || order.is_none()).then_some(here);
                        if let Some(at) = at_gap.or_else(pause).or(anywhere) {
                            divided.all_at_gaps &= at_gap.is_some();
                            divided.starts.push(at);
                            sites.forget();
                            (at.row..row).for_each(|row| sites.insert(self.readings.site(row), row));
                            (last_gap, steps) = (None, steps.again());
                        }
                    }
                }
                sites.insert(reading.site, row);
                before.then(reading);
            }
        }
        divided
    }
}
