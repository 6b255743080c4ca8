//! Records that are taken at even distances, however long a recording is.

/// Records at even distances in time: when there are too many, every second one is dropped and the distance doubles.
#[derive(Debug)]
pub struct Downsampled<T> {
    records: Vec<T>,
    most: usize,
    /// The distance in milliseconds, …
    step: u64,
    /// … and the next time at which a record is taken.
    next: u64,
}

impl<T> Downsampled<T> {
    /// Returns an empty list of at most `most` records.
    pub const fn new(most: usize) -> Self {
        Self { records: Vec::new(), most, step: 1, next: 0 }
    }

    /// Whether a record of a time is taken.
    pub const fn takes(&self, milliseconds: u64) -> bool {
        milliseconds >= self.next
    }

    /// Adds a record of a time that is taken.
    pub fn push(&mut self, milliseconds: u64, record: T) {
        self.records.push(record);
        self.next = milliseconds.saturating_add(self.step);
        if self.records.len() > self.most {
            // The distances of the recording itself may be larger than the smallest.
            let span = milliseconds / (self.records.len() as u64).max(1);
            self.step = self.step.max(span);
            self.halve(milliseconds);
        }
    }

    /// Drops every second record.
    pub fn halve(&mut self, milliseconds: u64) {
        let mut is_kept = false;
        self.records.retain(|_| {
            is_kept = !is_kept;
            is_kept
        });
        self.step = self.step.saturating_mul(2);
        // The last one that is left may be one step back.
        let kept_last = is_kept;
        self.next = milliseconds.saturating_add(if kept_last { self.step } else { self.step / 2 });
    }

    /// Adds a record at the end, whatever its time is.
    pub fn push_last(&mut self, record: T) {
        self.records.push(record);
    }

    /// Returns the records.
    pub fn records(&self) -> &[T] {
        &self.records
    }
}

#[cfg(test)]
mod tests {
    use super::Downsampled;

    #[test]
    fn distances_double() {
        let mut downsampled = Downsampled::new(100);
        for tick in 0..100_000 {
            let milliseconds = tick * 10;
            if downsampled.takes(milliseconds) {
                downsampled.push(milliseconds, milliseconds);
            }
        }
        let records = downsampled.records();
        assert!((50..=100).contains(&records.len()), "{}", records.len());
        let steps: Vec<u64> = records.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (least, most) = (steps.iter().min(), steps.iter().max());
        assert!(least.zip(most).is_some_and(|(least, most)| *most <= *least * 3 / 2), "{steps:?}");
    }
}
