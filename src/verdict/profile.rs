//! What is to be known of a site's course when the course itself is gone.

use crate::model::{Measured, Series};
use crate::reconstruct::{Course, SiteHistory};

/// A site's course in a few numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its first known size, in bytes.
    pub first_bytes: Measured,
    /// Its last known size, in bytes.
    pub last_bytes: Measured,
    /// Its first known number of blocks.
    pub first_blocks: Option<u64>,
    /// Its last known number of blocks.
    pub last_blocks: Option<u64>,
    /// Change of the number of blocks that its last listing tells.
    pub last_change: Option<i64>,
    /// Whether it gains one and the same number of blocks in four of five steps.
    pub even: bool,
    /// By how much the number of blocks rose from each position to the next; `None` for a site that cannot share the
    /// moments of its growth with others: not known at each position, of the measuring code, falling, or at rest.
    pub rises: Option<Box<[i64]>>,
    /// Whether its blocks are known at each position, so that it might share the moments of its growth.
    pub comparable: bool,
}

/// Of the steps of an even series so many are the commonest one.
const EVEN_SHARE: f64 = 0.8;

impl Profile {
    /// The profile of a course.
    #[must_use]
    pub fn of(history: &SiteHistory, course: &Course) -> Self {
        let Course { bytes, blocks, last_change, .. } = course;
        let value = |s: Option<&crate::model::Sample>| s.map_or(Measured::exact(0.0), |s| s.value);
        let comparable = blocks.samples().len() == history.positions
            && history.positions > 2
            && !history.site.is_instrument();
        Self {
            first_bytes: value(bytes.first()),
            last_bytes: value(bytes.last()),
            first_blocks: blocks.first().map(|s| count(s.value)),
            last_blocks: blocks.last().map(|s| count(s.value)),
            last_change: *last_change,
            even: is_even(blocks),
            rises: if comparable { rises(blocks) } else { None },
            comparable,
        }
    }

    /// Bytes gained from the first to the last known size.
    #[must_use]
    pub fn grown(&self) -> f64 {
        self.last_bytes.value - self.first_bytes.value
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn count(value: Measured) -> u64 {
    value.value.max(0.0) as u64
}

/// The steps of a series that rises and never falls.
#[allow(clippy::cast_possible_truncation)]
fn rises(blocks: &Series) -> Option<Box<[i64]>> {
    let steps = || blocks.samples().windows(2).map(|w| w[1].value.value - w[0].value.value);
    let only_rises = blocks.transitions().shrank == 0 && steps().all(|step| step >= 0.0);
    (only_rises && steps().any(|step| step > 0.0)).then(|| steps().map(|step| step as i64).collect())
}

/// Whether four in five steps are one and the same rise.
fn is_even(blocks: &Series) -> bool {
    // The commonest step of such a series is its middle one.
    if blocks.transitions().grew < blocks.transitions().held + blocks.transitions().shrank {
        return false;
    }
    let mut steps: Vec<f64> =
        blocks.samples().windows(2).map(|w| w[1].value.value - w[0].value.value).collect();
    steps.sort_by(f64::total_cmp);
    let Some(&middle) = steps.get(steps.len() / 2) else { return false };
    let same = steps.iter().filter(|step| **step == middle).count();
    middle > 0.0 && same as f64 >= EVEN_SHARE * steps.len() as f64
}
