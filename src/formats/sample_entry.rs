//! A sample on its way from a parser into the recording.

use crate::model::{Measured, Metric, ProcessReadings, SubjectId, TimeRef};

/// A sample that is being given its values.
#[derive(Debug)]
pub struct SampleEntry<'a> {
    pub(super) samples: &'a mut ProcessReadings,
    pub(super) limits: &'a mut Vec<Option<Measured>>,
    pub(super) subject: SubjectId,
    pub(super) time: Option<TimeRef>,
    pub(super) line: u64,
    pub(super) values: Vec<(Metric, Measured)>,
}

impl SampleEntry<'_> {
    /// Sets the value of a metric.
    #[must_use]
    pub fn set(mut self, metric: Metric, value: Measured) -> Self {
        self.values.push((metric, value));
        self
    }

    /// Sets the values of some metrics; an [`Option`] is of one or none.
    #[must_use]
    pub fn set_all(mut self, values: impl IntoIterator<Item = (Metric, Measured)>) -> Self {
        self.values.extend(values);
        self
    }

    /// Sets the limit of the subject's resident memory in bytes, if the recording has one.
    #[must_use]
    pub fn limit_if_known(self, limit: Option<Measured>) -> Self {
        match limit {
            Some(limit) => self.limit(limit),
            None => self,
        }
    }

    /// Sets the limit of the subject's resident memory, in bytes.
    #[must_use]
    pub fn limit(self, limit: Measured) -> Self {
        let place = self.subject.index();
        if self.limits.len() <= place {
            self.limits.resize(place + 1, None);
        }
        self.limits[place] = Some(limit);
        self
    }

    /// Adds the sample to the recording.
    pub fn push(self) {
        let Self { samples, subject, time, line, values, .. } = self;
        samples.push(subject, time, line, &values);
    }
}
