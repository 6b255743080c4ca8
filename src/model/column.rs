//! The values of one metric, packed.

/// The values of one metric, one a reading, in bytes. A metric that never moves takes no room.
#[derive(Debug, Clone)]
pub enum Column {
    /// One value (or none) throughout.
    Steady {
        /// The value; `None` where the metric was not read.
        value: Option<u64>,
        /// How many readings.
        length: usize,
    },
    /// A value a reading; `u64::MAX` where the metric was not read.
    Moving(Vec<u64>),
}

impl Column {
    /// Stands for a metric that was not read; no machine has so many bytes.
    const ABSENT: u64 = u64::MAX;

    pub(super) const fn new() -> Self {
        Self::Steady { value: None, length: 0 }
    }

    pub(super) const fn length(&self) -> usize {
        match self {
            Self::Steady { length, .. } => *length,
            Self::Moving(values) => values.len(),
        }
    }

    pub(super) fn push(&mut self, bytes: Option<u64>) {
        match self {
            Self::Steady { value, length } if *length == 0 || *value == bytes => {
                (*value, *length) = (bytes, *length + 1);
            }
            Self::Steady { value, length } => {
                let mut values = Vec::with_capacity((*length + 1).next_power_of_two());
                values.resize(*length, packed(*value));
                values.push(packed(bytes));
                *self = Self::Moving(values);
            }
            Self::Moving(values) => values.push(packed(bytes)),
        }
    }

    /// Makes it this long: the readings at its end did not have the metric.
    pub(super) fn lengthen(&mut self, to: usize) {
        while self.length() < to {
            self.push(None);
        }
    }

    /// The value of one reading, if the metric was read.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<u64> {
        match self {
            Self::Steady { value, length } => value.filter(|_| index < *length),
            Self::Moving(values) => values.get(index).copied().filter(|bytes| *bytes != Self::ABSENT),
        }
    }

    /// Whether one value was read throughout.
    #[must_use]
    pub const fn is_steady(&self) -> bool {
        matches!(self, Self::Steady { .. })
    }

    /// Whether `length` readings all have a value.
    #[must_use]
    pub fn is_complete(&self, length: usize) -> bool {
        match self {
            Self::Steady { value, length: known } => value.is_some() && *known >= length,
            Self::Moving(values) => values.len() >= length && !values.contains(&Self::ABSENT),
        }
    }

    /// The values at these indices.
    pub(super) fn select(&self, indices: impl Iterator<Item = usize>) -> Self {
        let mut column = Self::new();
        indices.for_each(|index| column.push(self.get(index)));
        column
    }
}

fn packed(bytes: Option<u64>) -> u64 {
    // A sum of mappings that met the end of numbers still counts as read.
    bytes.map_or(Column::ABSENT, |bytes| bytes.min(Column::ABSENT - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_never_moves_takes_no_room() {
        for (values, steady) in [
            (&[Some(5), Some(5), Some(5)][..], true),
            (&[None, None], true),
            (&[Some(5), Some(6), Some(5)], false),
            (&[None, Some(5)], false),
            (&[Some(0), None], false),
            (&[], true),
        ] {
            let mut column = Column::new();
            values.iter().for_each(|value| column.push(*value));
            let read: Vec<Option<u64>> = (0..values.len()).map(|index| column.get(index)).collect();
            assert_eq!((read.as_slice(), column.is_steady()), (values, steady));
            assert_eq!(column.is_complete(values.len()), !values.is_empty() && !values.contains(&None));
            assert_eq!(column.get(values.len()), None);
        }
    }
}
