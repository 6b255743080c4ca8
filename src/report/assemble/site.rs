//! The rows of sites.

use std::sync::Arc;

use super::plots::plot;
use super::trend::trend_row;
use crate::insight::Folded;
use crate::model::{Measured, Sample, SiteUnit, SourceCode};
use crate::reconstruct::HistoryFacts;
use crate::report::document::{PerIteration, SiteRow, SubjectRow, Timestamp};
use crate::verdict::{Details, JudgedSite, Profile, Since};

/// Points of a plot.
const PLOTTED: usize = 120;

/// The place of a site among others.
pub struct SitePlace<'a> {
    /// Its rank, from 1.
    pub rank: u64,
    /// The number of its group.
    pub group: Option<u64>,
    /// The reason why it is folded.
    pub folded: Option<Folded>,
    /// All heaps.
    pub heap: &'a [HistoryFacts],
    /// The subjects of all heaps, as rows.
    pub subjects: &'a [Arc<SubjectRow>],
    /// Iterations of the program between the two snapshots of a difference.
    pub iterations: Option<u64>,
}

/// Returns the row of a site.
pub fn site_row(judged: &JudgedSite, place: &SitePlace<'_>, code: &SourceCode, plots: bool) -> SiteRow {
    let JudgedSite { history, profile, bytes, details, .. } = judged;
    let Profile { first_bytes, last_bytes, first_blocks, last_blocks, .. } = profile;
    let heap = &place.heap[history.history];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let time_of = |since: Since| heap.moment(since.at as usize).and_then(Timestamp::new);
    let (blocks, sparkline) = match details.as_deref() {
        Some(Details { blocks, sparkline }) => (blocks.as_ref(), sparkline.clone()),
        None => (None, Vec::new()),
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let counted =
        |size: &Measured| (history.unit() == SiteUnit::Objects).then_some(size.value.max(0.0) as u64);
    let (file, line) = (history.site.file(), history.site.line());
    // Own code is first of all that below the root of the source code.
    let below_root = history.site.own_frames().find(|frame| code.file(&frame.file).is_some());
    let owner = below_root.or_else(|| history.site.owner());
    let own = owner.map(|owner| owner.file.as_str()).or(file);
    SiteRow {
        rank: place.rank,
        site: history.site.text(),
        source: heap.source.clone(),
        subject: Arc::clone(&place.subjects[history.history]),
        file: file.map(str::to_owned),
        line,
        unit: history.unit(),
        snapshots_seen: history.seen as u64,
        first_bytes: first_bytes.value,
        last_bytes: last_bytes.value,
        first_blocks: first_blocks.or_else(|| counted(first_bytes)),
        last_blocks: last_blocks.or_else(|| counted(last_bytes)),
        trend: trend_row(bytes, time_of),
        block_trend: blocks.map(|trend| Box::new(trend_row(trend, time_of))),
        per_iteration: place.iterations.and_then(|n| per_iteration(judged, heap, n)).map(Box::new),
        profiler_overhead: judged.is_profiler_overhead(),
        group: place.group,
        folded: place.folded,
        sparkline,
        own_file: owner.map(|owner| owner.file.clone()),
        own_line: owner.map(|owner| owner.line).filter(|line| *line > 0),
        path: own.and_then(|file| Some(code.file(file)?.path.clone())),
        code: owner.and_then(|owner| code.line(&owner.file, owner.line)?.code.clone()),
        plot: plots.then(|| Box::new(plot(&history.to_series().bytes, bytes, PLOTTED))),
    }
}

/// The growth of a site for each iteration between the two snapshots of a difference; `None` where one of them hides
/// it.
#[allow(clippy::cast_precision_loss)]
fn per_iteration(judged: &JudgedSite, heap: &HistoryFacts, iterations: u64) -> Option<PerIteration> {
    if heap.positions != 2 {
        return None;
    }
    let series = judged.history.to_series();
    // A site that the first of two whole lists does not show was not there.
    let is_whole = heap.cut_lists == 0 && heap.partial_lists == 0;
    let gained = |samples: &[Sample]| match samples {
        [first, last] => Some(last.value.value - first.value.value),
        [only] if only.at > 0.0 && is_whole => Some(only.value.value),
        _ => None,
    };
    let each = |samples: &[Sample]| gained(samples).map(|amount| amount / iterations as f64);
    let of_bytes = judged.history.unit() == SiteUnit::Bytes;
    let (bytes, counted) = (each(series.bytes.samples()), each(series.blocks.samples()));
    Some(match of_bytes {
        true => PerIteration { iterations, bytes: Some(bytes?), blocks: counted },
        false => PerIteration { iterations, bytes: None, blocks: Some(bytes?) },
    })
}
