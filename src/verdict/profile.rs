//! The summary of a site's series.

use super::types::{Beginning, Profile};
use crate::model::series::Sample;
use crate::model::{Measured, Series};
use crate::reconstruct::{SiteHistory, SiteSeries};

/// Share of the steps of an even series that are the commonest one.
const EVEN_SHARE: f64 = 0.8;

/// Returns the profile of a site's series.
#[must_use]
pub fn profile(series: &SiteSeries, is_even: bool) -> Profile {
    let SiteSeries { bytes, blocks, .. } = series;
    let value = |s: Option<&Sample>| s.map_or(Measured::exact(0.0), |s| s.value);
    Profile {
        first_bytes: value(bytes.first()),
        last_bytes: value(bytes.last()),
        first_blocks: blocks.first().map(|s| count(s.value)),
        last_blocks: blocks.last().map(|s| count(s.value)),
        is_even,
        beginning: beginning(bytes),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn beginning(bytes: &Series) -> Beginning {
    let samples = bytes.samples();
    let absent = samples.iter().take_while(|sample| sample.value.value == 0.0).count();
    match (samples.first(), samples.get(absent)) {
        (Some(_), Some(held)) if absent > 0 => Beginning::Nothing { until: held.at as usize },
        (Some(first), _) if first.at > 0.0 => Beginning::Unknown { listed: first.at as usize },
        _ => Beginning::Something,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn count(value: Measured) -> u64 {
    value.value.max(0.0) as u64
}

/// Whether the blocks of a site are known at each position, so that it might share the moments of its growth.
pub fn is_comparable(history: &SiteHistory, blocks: &Series) -> bool {
    blocks.samples().len() == history.positions && history.positions > 2 && !history.site.is_profiler()
}

/// The steps of a series that rises and never falls.
#[allow(clippy::cast_possible_truncation)]
pub fn rises(blocks: &Series) -> Option<Box<[i64]>> {
    let steps = || blocks.samples().windows(2).map(|w| w[1].value.value - w[0].value.value);
    let only_rises = blocks.transitions().shrank == 0 && steps().all(|step| step >= 0.0);
    (only_rises && steps().any(|step| step > 0.0)).then(|| steps().map(|step| step as i64).collect())
}

/// The rise that four in five steps are.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn even_step(blocks: &Series) -> Option<u64> {
    // The commonest step of such a series is its middle one.
    if blocks.transitions().grew < blocks.transitions().held + blocks.transitions().shrank {
        return None;
    }
    let mut steps: Vec<f64> =
        blocks.samples().windows(2).map(|w| w[1].value.value - w[0].value.value).collect();
    steps.sort_by(f64::total_cmp);
    let middle = *steps.get(steps.len() / 2)?;
    let same = steps.iter().filter(|step| **step == middle).count();
    (middle > 0.0 && same as f64 >= EVEN_SHARE * steps.len() as f64).then_some(middle as u64)
}
