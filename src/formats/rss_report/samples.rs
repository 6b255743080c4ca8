//! Samples of a report whose processes are not named yet, packed.

use crate::model::{IdentityId, Metric, Moment, ProcessReadings};
use rustc_hash::FxHashMap;

/// What may name a sample.
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
        /// The line without its dress.
        name: String,
        /// Whether it had a dress, `=== … ===`.
        dressed: bool,
        /// Name and process id by a command or a status, if the line proves to be no heading.
        otherwise: Option<(String, Option<u64>)>,
    },
}

/// What is known of whose a sample is; samples that follow each other mostly have it in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) naming: Naming,
    /// The process id, where a line of its own tells it.
    pub(super) pid: Option<u64>,
    /// Whether the time is from a stamp on the sample's own line.
    pub(super) stamped: bool,
}

/// Samples whose names are not settled. Their readings have the numbers of kinds for identities.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub(super) readings: ProcessReadings,
    /// How many date lines stand above each.
    pub(super) ticks: Vec<u32>,
    pub(super) kinds: Vec<Kind>,
    numbers: FxHashMap<Kind, IdentityId>,
    last: IdentityId,
}

/// What samples of one time have in common: the date line above, and the stamp.
pub(super) type Time = (u32, u64);

impl Samples {
    /// Adds a sample: whose it is, when it was taken, below how many date lines and in which line it begins, and its
    /// values in bytes.
    pub(super) fn push(
        &mut self,
        kind: Kind,
        at: Option<Moment>,
        tick: u64,
        line: u64,
        values: &[(Metric, u64)],
    ) {
        if self.kinds.get(self.last.index()) != Some(&kind) {
            self.last = self.number(kind);
        }
        self.readings.push(self.last, at, line, values);
        self.ticks.push(u32::try_from(tick).unwrap_or(u32::MAX));
    }

    /// How many samples there are.
    pub(super) fn len(&self) -> usize {
        self.ticks.len()
    }

    /// Sets the time of a sample.
    pub(super) fn set_time(&mut self, index: usize, at: Moment) {
        self.readings.set_time(index, Some(at));
    }

    pub(super) fn number(&mut self, kind: Kind) -> IdentityId {
        if let Some(number) = self.numbers.get(&kind) {
            return *number;
        }
        let number = IdentityId(u32::try_from(self.kinds.len()).unwrap_or(u32::MAX));
        self.kinds.push(kind.clone());
        self.numbers.insert(kind, number);
        number
    }

    /// Samples with the numbers of their kinds.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, IdentityId)> {
        self.readings.whose().enumerate()
    }

    pub(super) fn kind(&self, number: IdentityId) -> Option<&Kind> {
        self.kinds.get(number.index())
    }

    pub(super) fn any(&self, is: impl Fn(&Naming) -> bool) -> bool {
        self.kinds.iter().any(|kind| is(&kind.naming))
    }

    pub(super) fn tick(&self, index: usize) -> u32 {
        self.ticks.get(index).copied().unwrap_or(0)
    }

    pub(super) fn time(&self, index: usize, kind: IdentityId) -> Time {
        let stamped = self.kind(kind).is_some_and(|kind| kind.stamped);
        let at = self.readings.at(index).filter(|_| stamped).map_or(0, |at| at.seconds.to_bits());
        (self.tick(index), at)
    }

    pub(super) fn timed(&self) -> bool {
        self.readings.seconds().any(|seconds| !seconds.is_nan())
    }
}
