//! Instants and spans of time, and the base that they count from.
//!
//! Times of different bases have nothing in common: an instant of a log without years lies neither before nor
//! after one of 2024. So a [`Moment`] carries its base in its type, and two bases cannot be mixed:
//!
//! ```compile_fail,E0308
//! use leakdiff::model::{Moment, base};
//! let dated: Moment<base::Utc> = Moment::at(1_716_465_395.0);
//! let syslog: Moment<base::Yearless> = Moment::at(12_310_595.0);
//! let seconds = dated - syslog;
//! ```
//!
//! ```compile_fail,E0308
//! # use leakdiff::model::{Moment, base};
//! # let dated: Moment<base::Utc> = Moment::at(1_716_465_395.0);
//! # let syslog: Moment<base::Yearless> = Moment::at(12_310_595.0);
//! let later = dated > syslog;
//! ```
//!
//! If the base is known at run time only, [`Time`] and [`Span`] carry it as a value, and their comparisons return
//! `None` for two bases:
//!
//! ```
//! use leakdiff::model::{Time, TimeBase};
//! let dated = Time::new(TimeBase::Utc, 1_716_465_395.0);
//! let syslog = Time::new(TimeBase::Yearless, 12_310_595.0);
//! assert_eq!(dated.partial_cmp(&syslog), None);
//! assert_eq!(dated.seconds_since(syslog), None);
//! assert_eq!(dated.seconds_since(Time::new(TimeBase::Utc, 1_716_465_390.0)), Some(5.0));
//! ```

use std::cmp::Ordering;
use std::marker::PhantomData;
use std::ops::Sub;

/// The origin that the times of a source count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum TimeBase {
    /// 1970-01-01T00:00:00Z.
    Utc,
    /// The start of a year that is not known. All sources of a recording share it.
    Yearless,
    /// Midnight of a day that is not known. All sources of a recording share it.
    Clock,
    /// The start of the source, or of its process.
    Elapsed,
    /// No time: positions are counted (snapshots, samples, requests, instructions).
    #[default]
    Index,
}

impl TimeBase {
    /// Returns whether times are those of a clock: they have a time of day, and all sources of a recording share the
    /// origin.
    #[must_use]
    pub const fn is_of_a_clock(self) -> bool {
        matches!(self, Self::Utc | Self::Yearless | Self::Clock)
    }
}

/// Bases of time as types: see [`Moment`].
pub mod base {
    use super::TimeBase;
    use std::fmt::Debug;

    mod sealed {
        pub trait Sealed {}
    }

    /// A base of time as a type. The types are those of this module; they have no values.
    pub trait Base: sealed::Sealed + Debug + Copy + PartialEq + PartialOrd {
        /// The base as a value.
        const BASE: TimeBase;
    }

    macro_rules! bases {
        ($($name:ident),*) => {$(
            #[doc = concat!("[`TimeBase::", stringify!($name), "`] as a type.")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub enum $name {}
            impl sealed::Sealed for $name {}
            impl Base for $name {
                const BASE: TimeBase = TimeBase::$name;
            }
        )*};
    }

    bases!(Utc, Yearless, Clock, Elapsed, Index);
}

use base::Base;

/// A point in time: seconds since the origin of its base, fractions included. Without a base it is UTC, seconds
/// since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Moment<B: Base = base::Utc> {
    /// Seconds since the origin; always finite.
    pub seconds: f64,
    base: PhantomData<B>,
}

impl Moment {
    /// Returns the moment `seconds` after the Unix epoch.
    #[must_use]
    pub const fn from_seconds(seconds: f64) -> Self {
        Self::at(seconds)
    }
}

impl<B: Base> Moment<B> {
    /// Returns the moment `seconds` after the origin of its base.
    #[must_use]
    pub const fn at(seconds: f64) -> Self {
        Self { seconds, base: PhantomData }
    }

    /// Compares two moments; a total order, since moments are finite.
    #[must_use]
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.seconds.total_cmp(&other.seconds)
    }
}

impl<B: Base> Sub for Moment<B> {
    type Output = f64;

    /// Returns the seconds between two moments.
    fn sub(self, earlier: Self) -> f64 {
        self.seconds - earlier.seconds
    }
}

/// A point in time whose base is a value. Two times are ordered and subtracted if their bases are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Time {
    base: TimeBase,
    seconds: f64,
}

impl Time {
    /// Returns the time `seconds` after the origin of a base. Not-a-number is no time: it becomes the origin.
    #[must_use]
    pub const fn new(base: TimeBase, seconds: f64) -> Self {
        Self { base, seconds: if seconds.is_nan() { 0.0 } else { seconds } }
    }

    /// Returns the base.
    #[must_use]
    pub const fn base(self) -> TimeBase {
        self.base
    }

    /// Returns the seconds since the origin of the base.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        self.seconds
    }

    /// Returns the time as a moment of a base; `None` if it is of another.
    #[must_use]
    pub fn moment<B: Base>(self) -> Option<Moment<B>> {
        (self.base == B::BASE).then(|| Moment::at(self.seconds))
    }

    /// Returns the seconds since an earlier time, negative if it is a later one; `None` if the bases differ.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> Option<f64> {
        (self.base == earlier.base).then_some(self.seconds - earlier.seconds)
    }
}

impl<B: Base> From<Moment<B>> for Time {
    fn from(moment: Moment<B>) -> Self {
        Self::new(B::BASE, moment.seconds)
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.base == other.base).then(|| self.seconds.total_cmp(&other.seconds))
    }
}

/// The relation of two spans of one base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanOrder {
    /// The first ends before the second starts, or just then.
    Before,
    /// They have time in common.
    Overlapping,
    /// The first starts after the second has ended, or just then.
    After,
}

/// The time from the first to the last of several times of one base, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    base: TimeBase,
    start: f64,
    end: f64,
}

impl Span {
    /// Returns the span of two times in any order; `None` if their bases differ.
    #[must_use]
    pub fn between(one: Time, other: Time) -> Option<Self> {
        let start = one.seconds.min(other.seconds);
        let end = one.seconds.max(other.seconds);
        (one.base == other.base).then_some(Self { base: one.base, start, end })
    }

    /// Returns the span of times in any order; `None` if there are none or their bases differ.
    #[must_use]
    pub fn of(times: impl IntoIterator<Item = Time>) -> Option<Self> {
        let mut times = times.into_iter().map(|time| Self::between(time, time));
        let first = times.next()??;
        times.try_fold(first, |span, time| span.union(time?))
    }

    /// Returns the base.
    #[must_use]
    pub const fn base(self) -> TimeBase {
        self.base
    }

    /// Returns the first time.
    #[must_use]
    pub const fn start(self) -> Time {
        Time::new(self.base, self.start)
    }

    /// Returns the last time.
    #[must_use]
    pub const fn end(self) -> Time {
        Time::new(self.base, self.end)
    }

    /// Returns the length in seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.end - self.start
    }

    /// Returns the relation of the span to another; `None` if the bases differ. Two spans that have no more than one
    /// end in common follow one another.
    #[must_use]
    pub fn order(self, other: Self) -> Option<SpanOrder> {
        if self.base != other.base {
            return None;
        }
        Some(if self.end <= other.start && self.start < other.end {
            SpanOrder::Before
        } else if other.end <= self.start && other.start < self.end {
            SpanOrder::After
        } else {
            SpanOrder::Overlapping
        })
    }

    /// Returns whether two spans have time in common; `None` if the bases differ.
    #[must_use]
    pub fn overlaps(self, other: Self) -> Option<bool> {
        self.order(other).map(|order| order == SpanOrder::Overlapping)
    }

    /// Returns the seconds between the end of one span and the start of the other, 0 if they overlap; `None` if
    /// the bases differ.
    #[must_use]
    pub fn gap(self, other: Self) -> Option<f64> {
        let gap = (other.start - self.end).max(self.start - other.end).max(0.0);
        (self.base == other.base).then_some(gap)
    }

    /// Returns the span from the first start to the last end of two; `None` if the bases differ.
    #[must_use]
    pub fn union(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.min(other.start), self.end.max(other.end));
        (self.base == other.base).then_some(Self { start, end, ..self })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BASES: [TimeBase; 5] =
        [TimeBase::Utc, TimeBase::Yearless, TimeBase::Clock, TimeBase::Elapsed, TimeBase::Index];

    fn span(base: TimeBase, start: f64, end: f64) -> Span {
        Span::between(Time::new(base, start), Time::new(base, end)).unwrap()
    }

    #[test]
    fn times_of_two_bases_are_neither_ordered_nor_subtracted() {
        for one in BASES {
            for other in BASES {
                let same = one == other;
                let (a, b) = (Time::new(one, 5.0), Time::new(other, 7.5));
                assert_eq!(a.partial_cmp(&b), same.then_some(Ordering::Less));
                assert_eq!(b.seconds_since(a), same.then_some(2.5));
                assert_eq!(Span::between(a, b).map(Span::seconds), same.then_some(2.5));
                assert_eq!(Span::of([a, b, a]).is_some(), same);
                let (a, b) = (span(one, 0.0, 5.0), span(other, 7.0, 9.0));
                assert_eq!(a.order(b), same.then_some(SpanOrder::Before));
                assert_eq!(a.overlaps(b), same.then_some(false));
                assert_eq!(a.gap(b), same.then_some(2.0));
                assert_eq!(a.union(b), same.then(|| span(one, 0.0, 9.0)));
            }
        }
    }

    #[test]
    fn spans_are_ordered_by_what_they_have_in_common() {
        for (a, b, expected, gap) in [
            ((0.0, 5.0), (7.0, 9.0), SpanOrder::Before, 2.0),
            ((0.0, 5.0), (5.0, 9.0), SpanOrder::Before, 0.0),
            ((0.0, 5.0), (4.0, 9.0), SpanOrder::Overlapping, 0.0),
            ((0.0, 9.0), (4.0, 5.0), SpanOrder::Overlapping, 0.0),
            ((3.0, 3.0), (3.0, 3.0), SpanOrder::Overlapping, 0.0),
            ((3.0, 3.0), (3.0, 9.0), SpanOrder::Before, 0.0),
            ((3.0, 3.0), (0.0, 9.0), SpanOrder::Overlapping, 0.0),
        ] {
            let (a, b) = (span(TimeBase::Utc, a.0, a.1), span(TimeBase::Utc, b.0, b.1));
            let turned = match expected {
                SpanOrder::Before => SpanOrder::After,
                other => other,
            };
            assert_eq!((a.order(b), a.gap(b)), (Some(expected), Some(gap)), "{a:?} {b:?}");
            assert_eq!((b.order(a), b.gap(a)), (Some(turned), Some(gap)), "{b:?} {a:?}");
        }
    }

    #[test]
    fn a_time_is_a_moment_of_its_own_base_only() {
        let time = Time::from(Moment::<base::Elapsed>::at(12.5));
        assert_eq!(time.moment::<base::Elapsed>(), Some(Moment::at(12.5)));
        assert_eq!(time.moment::<base::Utc>(), None);
        assert_eq!(Moment::from_seconds(7.0) - Moment::from_seconds(5.0), 2.0);
        assert!(Moment::from_seconds(7.0) > Moment::from_seconds(5.0));
    }
}
