//! Families of files beside one another: which of them are several processes.

use foldhash::HashMap;

use super::family::are_siblings;
use super::stretches::Stretch;
use crate::model::{Span, Subject};

/// The stretches of time of families of files, of each worker.
pub(super) struct Families(HashMap<(Option<Subject>, String), Option<Span>>);

impl Families {
    pub(super) fn of(stretches: &[Stretch]) -> Self {
        let mut spans: HashMap<(Option<Subject>, String), Option<Span>> = HashMap::default();
        for stretch in stretches {
            let key = (stretch.worker.clone(), stretch.family.clone());
            let span = spans.entry(key).or_insert(stretch.span);
            *span = span.zip(stretch.span).and_then(|(a, b)| a.union(b));
        }
        Self(spans)
    }

    /// Whether two stretches are of families that are several processes: recorded side by side, or in folders beside
    /// one another.
    pub(super) fn are_apart(&self, one: &Stretch, other: &Stretch) -> bool {
        let span = |stretch: &Stretch| {
            self.0.get(&(stretch.worker.clone(), stretch.family.clone())).copied().flatten()
        };
        let overlap = || span(one).zip(span(other)).is_some_and(|(a, b)| a.overlaps(b) == Some(true));
        one.family != other.family && (are_siblings(&one.family, &other.family) || overlap())
    }
}
