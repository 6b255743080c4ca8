//! Families of files beside one another: which of them are several processes.

use foldhash::HashMap;

use super::family::are_siblings;
use super::stretches::{Member, Stretch};
use crate::model::Span;

/// The stretches of time of families of files, of each worker.
pub(super) struct Families(HashMap<Member, Option<Span>>);

impl Families {
    pub(super) fn of(stretches: &[Stretch]) -> Self {
        let mut spans: HashMap<Member, Option<Span>> = HashMap::default();
        for stretch in stretches {
            let span = spans.entry(stretch.member()).or_insert(stretch.span);
            *span = span.zip(stretch.span).and_then(|(a, b)| a.union(b));
        }
        Self(spans)
    }

    /// Whether two families are of several processes: recorded side by side, or in folders beside one another.
    pub(super) fn are_apart(&self, one: &Member, other: &Member) -> bool {
        let span = |member: &Member| self.0.get(member).copied().flatten();
        let overlap = || span(one).zip(span(other)).is_some_and(|(a, b)| a.overlaps(b) == Some(true));
        one.1 != other.1 && (are_siblings(&one.1, &other.1) || overlap())
    }
}
