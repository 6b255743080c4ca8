//! A list of the document that may have a million rows.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut, Range};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Rows that are made at a time: enough to share among cores, few enough to weigh nothing.
const BATCH: usize = 1024;

/// A maker of rows, from the conclusions that they are of.
pub trait MakeRows<T>: Send + Sync {
    /// Returns the number of rows.
    fn rows(&self) -> usize;

    /// Makes the rows of these places.
    fn make(&self, places: Range<usize>) -> Vec<T>;
}

/// A list of rows, or the means to make them.
///
/// [`Rows::one_by_one`] hands out one row after the other and keeps none. As a slice the list is made whole when it is
/// first looked at, and kept.
pub struct Rows<T> {
    held: OnceLock<Vec<T>>,
    maker: Option<Arc<dyn MakeRows<T>>>,
}

impl<T> Rows<T> {
    /// Returns the rows that a maker makes.
    pub fn made_by(maker: impl MakeRows<T> + 'static) -> Self {
        Self { held: OnceLock::new(), maker: Some(Arc::new(maker)) }
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match (self.held.get(), &self.maker) {
            (Some(held), _) => held.len(),
            (None, Some(maker)) => maker.rows(),
            (None, None) => 0,
        }
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn made(&self, places: Range<usize>) -> Vec<T> {
        self.maker.as_ref().map_or_else(Vec::new, |maker| maker.make(places))
    }

    fn held(&self) -> &Vec<T> {
        self.held.get_or_init(|| self.made(0..self.len()))
    }
}

impl<T: Clone> Rows<T> {
    /// Returns an iterator over the rows that keeps none of them.
    pub fn one_by_one(&self) -> impl Iterator<Item = Cow<'_, T>> {
        let batches = (0..self.len()).step_by(BATCH).map(|first| first..self.len().min(first + BATCH));
        batches.flat_map(|batch| match self.held.get() {
            Some(held) => held[batch].iter().map(Cow::Borrowed).collect::<Vec<_>>(),
            None => self.made(batch).into_iter().map(Cow::Owned).collect(),
        })
    }

    /// Returns the row of a place.
    #[must_use]
    pub fn row(&self, place: usize) -> Option<Cow<'_, T>> {
        match self.held.get() {
            Some(held) => held.get(place).map(Cow::Borrowed),
            None if place < self.len() => self.made(place..place + 1).pop().map(Cow::Owned),
            None => None,
        }
    }

    /// Returns the first rows alone.
    #[must_use]
    pub fn first(&self, rows: usize) -> Self
    where
        T: 'static,
    {
        match (self.held.get(), &self.maker) {
            (None, Some(maker)) => Self::made_by(First { rows, of: Arc::clone(maker) }),
            _ => self[..rows.min(self.len())].to_vec().into(),
        }
    }
}

/// Makes the first rows of others.
struct First<T> {
    rows: usize,
    of: Arc<dyn MakeRows<T>>,
}

impl<T> MakeRows<T> for First<T> {
    fn rows(&self) -> usize {
        self.rows.min(self.of.rows())
    }

    fn make(&self, places: Range<usize>) -> Vec<T> {
        self.of.make(places)
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(rows: Vec<T>) -> Self {
        Self { held: rows.into(), maker: None }
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.held()
    }
}

impl<T> DerefMut for Rows<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.held();
        self.held.get_mut().map_or(&mut [], Vec::as_mut_slice)
    }
}

impl<T> IntoIterator for Rows<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.held();
        self.held.into_inner().unwrap_or_default().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Rows<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Rows<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<T: Clone> Clone for Rows<T> {
    fn clone(&self) -> Self {
        Self { held: self.held.clone(), maker: self.maker.clone() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.held.get() {
            Some(held) => held.fmt(f),
            None => write!(f, "[{} rows to be made]", self.len()),
        }
    }
}

impl<T: Clone + Serialize> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.one_by_one())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Makes numbers, and counts the calls.
    struct Numbers {
        rows: usize,
        calls: Arc<AtomicUsize>,
    }

    impl MakeRows<usize> for Numbers {
        fn rows(&self) -> usize {
            self.rows
        }

        fn make(&self, places: Range<usize>) -> Vec<usize> {
            self.calls.fetch_add(1, Ordering::Relaxed);
            places.collect()
        }
    }

    #[test]
    fn rows_are_the_same_in_each_way() {
        for rows in [0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH + 7] {
            let whole: Vec<usize> = (0..rows).collect();
            let calls = Arc::new(AtomicUsize::new(0));
            let made = Rows::made_by(Numbers { rows, calls: Arc::clone(&calls) });
            for rows in [&made, &Rows::from(whole.clone())] {
                assert_eq!((rows.len(), rows.is_empty()), (whole.len(), whole.is_empty()));
                assert!(rows.one_by_one().map(Cow::into_owned).eq(whole.iter().copied()));
                assert_eq!(serde_json::to_string(rows).unwrap(), serde_json::to_string(&whole).unwrap());
                assert_eq!(
                    serde_json::to_string_pretty(rows).unwrap(),
                    serde_json::to_string_pretty(&whole).unwrap()
                );
                for place in [0, rows.len() / 2, rows.len()] {
                    assert_eq!(rows.row(place).as_deref(), whole.get(place));
                }
                assert_eq!(*rows.first(5), whole[..whole.len().min(5)]);
            }
            // Nothing was kept so far; a slice is made once.
            let before = calls.load(Ordering::Relaxed);
            assert_eq!((&*made, &*made), (&*whole, &*whole));
            assert_eq!(calls.load(Ordering::Relaxed), before + 1);
            assert!(made.into_iter().eq(whole));
        }
    }

    #[test]
    fn rows_that_are_changed_stay_changed() {
        let mut rows = Rows::made_by(Numbers { rows: 3, calls: Arc::default() });
        rows[1] = 7;
        assert_eq!(serde_json::to_string(&rows).unwrap(), "[0,7,2]");
        assert_eq!(rows.one_by_one().map(Cow::into_owned).collect::<Vec<_>>(), [0, 7, 2]);
    }
}
