//! Facts about a site beside its evidence.

use super::score::Growth;

/// A fact about a site that changes its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteKind {
    /// None.
    Plain,
    /// It belongs to the profiler.
    ProfilerOverhead,
    /// Small blocks that build up slowly, as free lists do.
    FreeListDrift,
    /// One container that was resized.
    ResizedContainer,
    /// It belongs to the code that takes the snapshots, by all appearance.
    Sampler,
    /// Among this many sites some look like this by chance.
    ByChance,
}

/// The scale of a site's score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiteScale {
    /// Number of points over which it grew.
    pub points: usize,
    /// The score at which it is as likely to keep growing as not.
    pub break_even: f64,
    /// The kind of its growth.
    pub(super) growth: Growth,
}
