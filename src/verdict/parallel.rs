//! Work on all cores, where there is enough of it.

use rayon::prelude::*;

use super::types::{JudgedProcess, JudgedSite};
use crate::reconstruct::{ProcessSeries, SiteHistory};

/// With fewer samples in all it takes longer to wake other threads than to do the work.
const WORTH_A_THREAD: usize = 20_000;

/// Something to be judged, and how much work that is.
pub trait Work {
    /// Number of samples.
    fn amount(&self) -> usize;
}

impl Work for &SiteHistory {
    fn amount(&self) -> usize {
        self.positions
    }
}

impl Work for &ProcessSeries {
    fn amount(&self) -> usize {
        self.readings()
    }
}

impl Work for &mut JudgedProcess {
    fn amount(&self) -> usize {
        self.process.readings()
    }
}

impl Work for &mut JudgedSite {
    fn amount(&self) -> usize {
        self.history.positions
    }
}

/// Returns `f` of each item, in their order; computed on all cores where there is enough to do.
pub fn on_all_cores<T: Work + Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    let work: usize = items.iter().map(Work::amount).sum();
    if work < WORTH_A_THREAD {
        return items.into_iter().map(f).collect();
    }
    items.into_par_iter().map(f).collect()
}
