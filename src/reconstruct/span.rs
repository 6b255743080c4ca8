//! Stretches of time of sources, compared only where their clocks are one.

use crate::model::{Span, SpanOrder, Time, TimeBase};

/// Returns the span of times in seconds on the clock of a source, of which unknown ones are not a number; `None` if no
/// time is known, or the source has no clock.
pub(super) fn span_of(base: TimeBase, seconds: impl IntoIterator<Item = f64>) -> Option<Span> {
    let known = seconds.into_iter().filter(|at| !at.is_nan()).map(|at| Time::new(base, at));
    if base == TimeBase::Index { None } else { Span::of(known) }
}

/// Whether sources of a base share its clock. Seconds since a start are of one start only in the files of one log.
pub(super) const fn is_shared(base: TimeBase) -> bool {
    matches!(base, TimeBase::Utc | TimeBase::Yearless | TimeBase::Clock)
}

/// Whether the first of two spans ends before the second starts.
pub(super) fn precedes(before: Span, after: Span) -> bool {
    before.order(after) == Some(SpanOrder::Before)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_of_clocks_that_sources_share() {
        let utc = |times: &[f64]| span_of(TimeBase::Utc, times.iter().copied());
        let early = utc(&[1.0, f64::NAN, 5.0]).unwrap();
        assert!(precedes(early, utc(&[5.0, 9.0]).unwrap()));
        assert!(!precedes(early, utc(&[4.0, 9.0]).unwrap()));
        assert!(!precedes(early, span_of(TimeBase::Yearless, [7.0]).unwrap()));
        assert!(!is_shared(TimeBase::Elapsed));
        assert_eq!(span_of(TimeBase::Index, [1.0]), None);
        assert_eq!(utc(&[f64::NAN]), None);
    }
}
