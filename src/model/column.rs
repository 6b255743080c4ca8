//! The values of one metric, packed.

use super::Measured;

/// The values of one metric, one for each reading, in bytes. A metric that never moves takes no memory.
#[derive(Debug, Clone)]
pub enum Column {
    /// One value (or none) throughout.
    Constant {
        /// The value; `None` where the metric was not read.
        value: Option<Measured>,
        /// Number of readings.
        length: usize,
    },
    /// A value for each reading.
    Dense {
        /// The values in whole bytes; `u64::MAX` where the metric was not read.
        bytes: Vec<u64>,
        /// Half of the rounding step of each value, in bytes; empty while all of them are exact.
        half_widths: Vec<f32>,
    },
}

/// Stands for a metric that was not read; no machine has that many bytes.
const ABSENT: u64 = u64::MAX;

impl Default for Column {
    fn default() -> Self {
        Self::new()
    }
}

impl Column {
    /// Returns a column without readings.
    #[must_use]
    pub const fn new() -> Self {
        Self::Constant { value: None, length: 0 }
    }

    /// Returns the number of readings.
    #[must_use]
    pub const fn length(&self) -> usize {
        match self {
            Self::Constant { length, .. } => *length,
            Self::Dense { bytes, .. } => bytes.len(),
        }
    }

    /// Appends a reading; `None` where it lacks the metric.
    pub fn push(&mut self, reading: Option<Measured>) {
        match self {
            Self::Constant { value, length } if *length == 0 || *value == reading => {
                (*value, *length) = (reading, *length + 1);
            }
            Self::Constant { value, length } => {
                let (value, length) = (*value, *length);
                let mut bytes = Vec::with_capacity((length + 1).next_power_of_two());
                bytes.resize(length, packed(value));
                let width = half_width(value);
                let half_widths = if width > 0.0 { vec![width; length] } else { Vec::new() };
                *self = Self::Dense { bytes, half_widths };
                self.push(reading);
            }
            Self::Dense { bytes, half_widths } => {
                let width = half_width(reading);
                if width > 0.0 || !half_widths.is_empty() {
                    half_widths.resize(bytes.len(), 0.0);
                    half_widths.push(width);
                }
                bytes.push(packed(reading));
            }
        }
    }

    /// Appends readings without the metric, up to a length.
    pub fn lengthen(&mut self, to: usize) {
        while self.length() < to {
            self.push(None);
        }
    }

    /// Returns the value of one reading, if the metric was read.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
    pub fn get(&self, index: usize) -> Option<Measured> {
        match self {
            Self::Constant { value, length } => value.filter(|_| index < *length),
            Self::Dense { bytes, half_widths } => {
                let value = bytes.get(index).filter(|bytes| **bytes != ABSENT)?;
                let half_width = half_widths.get(index).copied().unwrap_or(0.0);
                Some(Measured::rounded(*value as f64, f64::from(half_width)))
            }
        }
    }

    /// Whether one value was read throughout.
    #[must_use]
    pub const fn is_constant(&self) -> bool {
        matches!(self, Self::Constant { .. })
    }

    /// Whether each of `length` readings has a value.
    #[must_use]
    pub fn is_complete(&self, length: usize) -> bool {
        match self {
            Self::Constant { value, length: known } => value.is_some() && *known >= length,
            Self::Dense { bytes, .. } => bytes.len() >= length && !bytes.contains(&ABSENT),
        }
    }

    /// Returns the values at some indices.
    #[must_use]
    pub fn select(&self, indices: impl Iterator<Item = usize>) -> Self {
        let mut column = Self::new();
        indices.for_each(|index| column.push(self.get(index)));
        column
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size is positive; above 2^64 it saturates"
)]
fn packed(reading: Option<Measured>) -> u64 {
    reading.map_or(ABSENT, |reading| (reading.value.round() as u64).min(ABSENT - 1))
}

#[allow(clippy::cast_possible_truncation, reason = "24 bits of a half-width are enough")]
fn half_width(reading: Option<Measured>) -> f32 {
    reading.map_or(0.0, |reading| reading.half_width as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_never_moves_takes_no_memory() {
        let exact = |bytes: u32| Some(Measured::exact(f64::from(bytes)));
        let rounded = |bytes: u32| Some(Measured::rounded(f64::from(bytes), 0.5));
        for (values, constant) in [
            (&[exact(5), exact(5), exact(5)][..], true),
            (&[None, None], true),
            (&[exact(5), exact(6), exact(5)], false),
            (&[None, exact(5)], false),
            (&[exact(0), None], false),
            (&[rounded(5), rounded(5)], true),
            (&[exact(5), rounded(6), exact(7)], false),
            (&[rounded(5), rounded(6), None], false),
            (&[], true),
        ] {
            let mut column = Column::new();
            values.iter().for_each(|value| column.push(*value));
            let read: Vec<Option<Measured>> = (0..values.len()).map(|index| column.get(index)).collect();
            assert_eq!((read.as_slice(), column.is_constant()), (values, constant));
            assert_eq!(column.is_complete(values.len()), !values.is_empty() && !values.contains(&None));
            assert_eq!(column.get(values.len()), None);
        }
    }
}
