//! Samples of a report whose processes are not named yet, packed.

use crate::formats::prefix::PrefixId;
use crate::model::{Measured, Metric, ProcessReadings, SubjectId, TimeRef};
use foldhash::HashMap;

/// A candidate for the name of a sample's process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) enum Naming {
    /// Nothing.
    #[default]
    Unnamed,
    /// Something that can only be a name, and the process id if it is known.
    Known(String, Option<u64>),
    /// The one word before its key.
    Word(String),
    /// A line above it.
    Heading {
        /// The line without its decoration.
        name: String,
        /// Whether it was decorated, `=== … ===`.
        decorated: bool,
        /// Name and process id by a command or a status, if the line proves to be no heading.
        otherwise: Option<(String, Option<u64>)>,
    },
}

impl Naming {
    /// The word before the key, if that is all there is.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Unnamed | Self::Known(..) | Self::Heading { .. } => None,
        }
    }
}

/// Everything that is known of the process of a sample; samples that follow each other mostly have it in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) naming: Naming,
    /// The process id, where a line of its own says it.
    pub(super) pid: Option<u64>,
    /// Whether the time is from a stamp on the sample's own line.
    pub(super) stamped: bool,
    /// The text before its values.
    pub(super) prefix: PrefixId,
    /// Of a reading of `smaps`, its only mapping, where it has but one.
    pub(super) mapping: Option<String>,
}

/// The number of a [`Kind`]. It stands in the place of a subject until the subjects are known.
pub(super) type KindId = SubjectId;

/// Samples whose names are not resolved.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// Their readings; the subject of each is the number of its kind.
    pub(super) readings: ProcessReadings,
    /// The number of times above each that lines of their own gave.
    pub(super) ticks: Vec<u32>,
    /// The time of each in seconds, once the source is read; not a number where it is unknown.
    pub(super) seconds: Vec<f64>,
    pub(super) kinds: Vec<Kind>,
    numbers: HashMap<Kind, KindId>,
    last: KindId,
}

/// The time of a sample, as its place shows it: the number of times above, and the stamp.
pub(super) type Time = (u32, u64);

impl Samples {
    /// Adds a sample: its kind, its time, the number of times above it, the line in which it begins, and its values in
    /// bytes.
    pub(super) fn push(
        &mut self,
        kind: Kind,
        time: Option<TimeRef>,
        tick: u32,
        line: u64,
        values: &[(Metric, Measured)],
    ) {
        if self.kinds.get(self.last.index()) != Some(&kind) {
            self.last = self.number(kind);
        }
        self.readings.push(self.last, time, line, values);
        self.ticks.push(tick);
    }

    /// Whether there are no samples.
    pub(super) const fn is_empty(&self) -> bool {
        self.ticks.is_empty()
    }

    /// Works out the times of all samples.
    pub(super) fn set_seconds(&mut self, of: impl Fn(TimeRef) -> Option<f64>) {
        self.seconds = self.readings.times().map(|time| time.and_then(&of).unwrap_or(f64::NAN)).collect();
    }

    /// Returns the time of a sample in seconds.
    pub(super) fn at(&self, index: usize) -> Option<f64> {
        self.seconds.get(index).copied().filter(|seconds| !seconds.is_nan())
    }

    /// Returns the number of a kind.
    pub(super) fn number(&mut self, kind: Kind) -> KindId {
        if let Some(number) = self.numbers.get(&kind) {
            return *number;
        }
        let number = SubjectId(u32::try_from(self.kinds.len()).unwrap_or(u32::MAX));
        self.kinds.push(kind.clone());
        self.numbers.insert(kind, number);
        number
    }

    /// Returns the samples with the numbers of their kinds.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, KindId)> {
        self.readings.subjects().enumerate()
    }

    /// Returns the kind of a number.
    pub(super) fn kind(&self, number: KindId) -> Option<&Kind> {
        self.kinds.get(number.index())
    }

    /// Whether some sample has such a candidate.
    pub(super) fn any(&self, is: impl Fn(&Naming) -> bool) -> bool {
        self.kinds.iter().any(|kind| is(&kind.naming))
    }

    /// Returns the number of times above a sample.
    pub(super) fn tick(&self, index: usize) -> u32 {
        self.ticks.get(index).copied().unwrap_or(0)
    }

    /// Returns the number of times above a sample and its stamp.
    pub(super) fn time(&self, index: usize, kind: KindId) -> Time {
        let stamped = self.kind(kind).is_some_and(|kind| kind.stamped);
        let at = self.at(index).filter(|_| stamped).map_or(0, f64::to_bits);
        // Between stamps of their own, other lines may give times as well.
        (if stamped { 0 } else { self.tick(index) }, at)
    }

    /// Whether any sample has a time.
    pub(super) fn timed(&self) -> bool {
        self.seconds.iter().any(|seconds| !seconds.is_nan())
    }

    /// Returns the number of each kind's process, names being resolved: kinds of one name share one, whatever their
    /// process id.
    pub(super) fn processes(&self) -> Vec<usize> {
        let mut numbers: HashMap<Option<&str>, usize> = HashMap::default();
        let mut all = Vec::with_capacity(self.kinds.len());
        for kind in &self.kinds {
            let name = match &kind.naming {
                Naming::Known(name, _) => Some(name.as_str()),
                Naming::Unnamed | Naming::Word(_) | Naming::Heading { .. } => None,
            };
            let next = numbers.len();
            all.push(*numbers.entry(name).or_insert(next));
        }
        all
    }
}
