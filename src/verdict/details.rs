//! What is worked out only for sites that somebody looks at: the named tests, the trend of the blocks, the outline.

use super::evidence::tests_of;
use super::rules::block_trend;
use super::{JudgedSite, Thresholds, Trend, Verdict, on_all_cores};

/// Values in an outline: as many as a sparkline can show.
pub const OUTLINE: usize = 24;

/// Which sites are looked at in detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detailed {
    /// All.
    #[default]
    All,
    /// The first so many of the ranking, and the first so many with each verdict.
    First(usize),
}

/// What else there is to say of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// How its number of blocks develops, where it is known.
    pub blocks: Option<Trend>,
    /// Its bytes at up to 24 places of the recording.
    pub outline: Vec<Option<f64>>,
}

/// Looks closer at the sites that are asked for.
pub fn look_closer(sites: &mut [JudgedSite], ranking: &[usize], detailed: Detailed, thresholds: &Thresholds) {
    let mut wanted = vec![false; sites.len()];
    let mut left = [usize::MAX; 6];
    if let Detailed::First(first) = detailed {
        left = [first; 6];
    }
    for &i in ranking {
        let site = &sites[i];
        let class = if site.is_instrument() { 5 } else { class(site.bytes.verdict) };
        wanted[i] = left[class] > 0;
        left[class] = left[class].saturating_sub(1);
    }
    if let Detailed::First(first) = detailed {
        ranking.iter().take(first).for_each(|&i| wanted[i] = true);
    }
    let chosen: Vec<&mut JudgedSite> =
        sites.iter_mut().zip(wanted).filter(|(_, wanted)| *wanted).map(|(site, _)| site).collect();
    on_all_cores(chosen, |site| {
        let course = site.history.unfold();
        site.bytes.tests = tests_of(&course.bytes, &course.extent, thresholds);
        let blocks = block_trend(site, &course, thresholds).map(|mut trend| {
            trend.tests = tests_of(&course.blocks, &course.extent, thresholds);
            trend
        });
        #[allow(clippy::cast_precision_loss)]
        let positions = 0.0..site.history.positions.saturating_sub(1) as f64;
        site.details = Some(Details { blocks, outline: course.bytes.outline(positions, OUTLINE) });
    });
}

const fn class(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Growing => 0,
        Verdict::Unclear => 1,
        Verdict::Settled => 2,
        Verdict::Steady => 3,
        Verdict::Shrinking => 4,
    }
}
