//! The subjects of measurements.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

/// The kind of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "MeasuredKind"))]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// A process of an operating system.
    #[default]
    Process,
    /// A container of a container engine.
    Container,
    /// A pod of a cluster.
    Pod,
    /// A control group.
    Cgroup,
    /// A whole machine.
    Host,
    /// The heap of a process, seen from within.
    Heap,
}

/// The subject of a reading, as far as the recording names it.
///
/// Two subjects of one kind, name and id are one. Texts are as untrusted as the recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its name: a program, a pod, a worker. `None` where the recording has none.
    pub name: Option<String>,
    /// The identifier that changes with a restart: a process id, a container's id.
    pub id: Option<String>,
    /// The name of the subject that it is part of: the pod of a container, the process of a heap.
    pub parent: Option<String>,
}

impl Subject {
    /// Returns a process without name and id.
    #[must_use]
    pub fn process() -> Self {
        Self::default()
    }

    /// Returns a subject of a kind, with a name.
    #[must_use]
    pub fn named(kind: SubjectKind, name: impl Into<String>) -> Self {
        Self { kind, name: Some(name.into()), ..Self::default() }
    }

    /// Returns the subject with an identifier.
    #[must_use]
    pub fn with_id(self, id: impl ToString) -> Self {
        Self { id: Some(id.to_string()), ..self }
    }

    /// Returns the subject as a part of another.
    #[must_use]
    pub fn within(self, parent: impl Into<String>) -> Self {
        Self { parent: Some(parent.into()), ..self }
    }

    /// Whether the recording says neither name nor id.
    #[must_use]
    pub const fn is_anonymous(&self) -> bool {
        self.name.is_none() && self.id.is_none()
    }
}

/// The number of a [`Subject`] among those of one source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(pub u32);

impl SubjectId {
    /// Returns the number as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Numbers the subjects of one source.
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    all: Vec<Subject>,
    /// The numbers by the hashes of their subjects, which are stored once.
    numbers: HashTable<SubjectId>,
    hasher: RandomState,
    most: Option<usize>,
    is_beyond: bool,
}

impl Subjects {
    /// Returns an empty list for at most so many subjects.
    #[must_use]
    pub fn bounded(most: usize) -> Self {
        Self { most: Some(most), ..Self::default() }
    }

    /// Whether there were more subjects than the bound. Their numbers are those of others.
    #[must_use]
    pub const fn is_beyond(&self) -> bool {
        self.is_beyond
    }

    /// Returns the number of a subject, a new one if it was never met.
    pub fn intern(&mut self, subject: Subject) -> SubjectId {
        let Self { all, numbers, hasher, .. } = self;
        let hash = hasher.hash_one(&subject);
        if let Some(number) = numbers.find(hash, |number| all[number.index()] == subject) {
            return *number;
        }
        if self.most.is_some_and(|most| all.len() >= most) {
            self.is_beyond = true;
            return SubjectId(0);
        }
        let number = SubjectId(u32::try_from(all.len()).unwrap_or(u32::MAX));
        all.push(subject);
        numbers.insert_unique(hash, number, |number| hasher.hash_one(&all[number.index()]));
        number
    }

    /// Whether a subject was met.
    #[must_use]
    pub fn contains(&self, subject: &Subject) -> bool {
        let hash = self.hasher.hash_one(subject);
        self.numbers.find(hash, |number| self.all[number.index()] == *subject).is_some()
    }

    /// Returns the subject of a number.
    #[must_use]
    pub fn get(&self, number: SubjectId) -> Option<&Subject> {
        self.all.get(number.index())
    }

    /// Returns all subjects in the order of their numbers.
    #[must_use]
    pub fn all(&self) -> &[Subject] {
        &self.all
    }
}
