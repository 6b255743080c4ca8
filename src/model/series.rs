//! A series: one subject's samples along an axis.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Axis, Measured, Moment};

/// One value at one position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Position on the series' axis: seconds since the Unix epoch, or the index of a snapshot or sample.
    pub at: f64,
    /// The value: bytes, or blocks.
    pub value: Measured,
}

/// Numbers of steps between known values, by their direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Transitions {
    /// Number of steps in which it grew.
    pub grew: usize,
    /// Number of steps in which it shrank.
    pub shrank: usize,
    /// Number of steps in which it held, or changed by less than the rounding.
    pub held: usize,
}

impl Transitions {
    /// Counts one step; `change` is its sign.
    pub fn count(&mut self, change: f64) {
        // Without branches: the next step of a site that wanders is unpredictable.
        let (grew, shrank) = (change > 0.0, change < 0.0);
        self.grew += usize::from(grew);
        self.shrank += usize::from(shrank);
        self.held += usize::from(!(grew | shrank));
    }
}

/// Samples in strictly increasing order, cut into segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    axis: Axis,
    samples: Vec<Sample>,
    segments: Vec<Range<usize>>,
    transitions: Transitions,
    /// For each snapshot its time in seconds, where their distances change for good.
    uneven_times: Option<Arc<[f64]>>,
}

impl Series {
    /// A series of samples; `starts` are the indices at which a new segment begins, after a restart (0 need not
    /// be among them).
    ///
    /// Samples that are not after the one before them are dropped, so that positions increase strictly.
    #[must_use]
    pub fn new(axis: Axis, samples: Vec<Sample>, starts: &[usize], transitions: Transitions) -> Self {
        // Most series are in order as they come, and are taken as they are.
        let mut samples = samples;
        let mut cuts: Vec<usize> = starts.to_vec();
        cuts.sort_unstable();
        if !samples.is_sorted_by(|a, b| a.at < b.at) {
            drop_late(&mut samples, &mut cuts);
        }
        cuts.dedup();
        cuts.retain(|&cut| 0 < cut && cut < samples.len());
        let mut segments = Vec::with_capacity(cuts.len() + 1);
        let mut from = 0;
        for cut in cuts {
            segments.push(from..cut);
            from = cut;
        }
        if from < samples.len() {
            segments.push(from..samples.len());
        }
        Self { axis, samples, segments, transitions, uneven_times: None }
    }

    /// Returns the series of snapshots whose distances change for good, with the time of each in seconds.
    #[must_use]
    pub fn with_uneven_times(self, times: Option<Arc<[f64]>>) -> Self {
        Self { uneven_times: times, ..self }
    }

    /// Returns the time of each snapshot in seconds, where their distances change for good.
    #[must_use]
    pub fn uneven_times(&self) -> Option<&[f64]> {
        self.uneven_times.as_deref()
    }

    /// Returns the unit of positions.
    #[must_use]
    pub const fn axis(&self) -> Axis {
        self.axis
    }

    /// The samples, positions strictly increasing.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The stretches without a restart, as ranges of samples; none is empty.
    #[must_use]
    pub fn segments(&self) -> &[Range<usize>] {
        &self.segments
    }

    /// Steps between known values, over the whole series and not across restarts.
    #[must_use]
    pub const fn transitions(&self) -> Transitions {
        self.transitions
    }

    /// The first sample.
    #[must_use]
    pub fn first(&self) -> Option<&Sample> {
        self.samples.first()
    }

    /// The last sample.
    #[must_use]
    pub fn last(&self) -> Option<&Sample> {
        self.samples.last()
    }

    /// The moment of a position, where the axis is time.
    #[must_use]
    pub fn moment(&self, index: usize) -> Option<Moment> {
        match self.axis {
            Axis::Seconds => self.samples.get(index).map(|s| Moment::from_seconds(s.at)),
            Axis::Snapshots | Axis::Samples | Axis::Work => None,
        }
    }

    /// Values at every whole position from the first to the last of `over`: between known values on a
    /// straight line, before the first and after the last as they are there. For series along snapshots;
    /// values that a cut list hides are thereby bridged, not measured.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub fn bridged(&self, over: Range<usize>) -> Vec<f64> {
        // One sample for each whole position from the first to the last: none is hidden.
        if let (Some(first), Some(last)) = (self.samples.first(), self.samples.last())
            && self.samples.len() == over.len()
            && (first.at, last.at + 1.0) == (over.start as f64, over.end as f64)
        {
            return self.samples.iter().map(|sample| sample.value.value).collect();
        }
        let mut values = Vec::with_capacity(over.len());
        let mut next = 0;
        for position in over {
            let at = position as f64;
            while next < self.samples.len() && self.samples[next].at < at {
                next += 1;
            }
            let value = match (next.checked_sub(1).map(|p| self.samples[p]), self.samples.get(next)) {
                (_, Some(right)) if right.at == at => right.value.value,
                (Some(left), Some(right)) => {
                    left.value.value
                        + (right.value.value - left.value.value) * (at - left.at) / (right.at - left.at)
                }
                (Some(only), None) => only.value.value,
                (None, Some(only)) => only.value.value,
                (None, None) => 0.0,
            };
            values.push(value);
        }
        values
    }

    /// At most `most` values over the positions of `over`, for a small drawing; `None` where nothing is
    /// known.
    #[must_use]
    pub fn sparkline(&self, over: Range<f64>, most: usize) -> Vec<Option<f64>> {
        sparkline(self.samples.iter().copied(), self.samples.len(), over, most)
    }
}

/// At most `most` values of `count` samples over the positions of `over`.
#[allow(clippy::cast_precision_loss)]
#[must_use]
pub fn sparkline(
    samples: impl Iterator<Item = Sample>,
    count: usize,
    over: Range<f64>,
    most: usize,
) -> Vec<Option<f64>> {
    let cells = most.min(count.max(1));
    let width = (over.end - over.start) / cells as f64;
    let mut line = vec![None; cells];
    for sample in samples {
        let cell = if width > 0.0 { ((sample.at - over.start) / width).max(0.0) } else { 0.0 };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let cell = (cell as usize).min(cells - 1);
        // The last value of a cell stands for it: growth is read at its end.
        line[cell] = Some(sample.value.value);
    }
    line
}

/// Drops the samples that are not after the one before them; cuts (in order) move with the remaining samples.
fn drop_late(samples: &mut Vec<Sample>, cuts: &mut [usize]) {
    let mut cuts = cuts.iter_mut().peekable();
    let mut last = f64::NEG_INFINITY;
    let (mut index, mut kept) = (0, 0);
    samples.retain(|sample| {
        while let Some(cut) = cuts.next_if(|cut| **cut <= index) {
            *cut = kept;
        }
        let is_after = sample.at > last;
        if is_after {
            last = sample.at;
            kept += 1;
        }
        index += 1;
        is_after
    });
    cuts.for_each(|cut| *cut = kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(f64, f64)], starts: &[usize]) -> Series {
        let samples = points.iter().map(|&(at, v)| Sample { at, value: Measured::exact(v) }).collect();
        Series::new(Axis::Snapshots, samples, starts, Transitions::default())
    }

    #[test]
    fn positions_increase_and_segments_cover_all() {
        let s = series(&[(0.0, 1.0), (1.0, 2.0), (1.0, 9.0), (3.0, 3.0), (4.0, 4.0)], &[3]);
        assert_eq!(s.samples().len(), 4);
        assert_eq!(s.segments(), &[0..2, 2..4]);
        assert!(series(&[], &[]).segments().is_empty());
        let s = series(&[(0.0, 1.0), (1.0, 2.0), (1.0, 9.0), (3.0, 3.0), (4.0, 4.0)], &[5, 2, 0, 4]);
        assert_eq!(s.segments(), &[0..2, 2..3, 3..4]);
    }

    #[test]
    fn hidden_values_are_bridged() {
        let s = series(&[(1.0, 10.0), (3.0, 30.0)], &[]);
        assert_eq!(s.bridged(0..5), [10.0, 10.0, 20.0, 30.0, 30.0]);
    }

    #[test]
    fn a_sparkline_has_the_last_value_of_each_cell() {
        let s = series(&[(0.0, 1.0), (1.0, 2.0), (9.0, 5.0)], &[]);
        assert_eq!(s.sparkline(0.0..10.0, 24), [Some(2.0), None, Some(5.0)]);
    }
}
