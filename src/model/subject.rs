//! The subjects of measurements.

use rustc_hash::FxHashMap;
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
    numbers: FxHashMap<Subject, SubjectId>,
}

impl Subjects {
    /// Returns the number of a subject, a new one if it was never met.
    pub fn intern(&mut self, subject: Subject) -> SubjectId {
        if let Some(number) = self.numbers.get(&subject) {
            return *number;
        }
        let number = SubjectId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(subject.clone());
        self.numbers.insert(subject, number);
        number
    }

    /// Whether a subject was met.
    #[must_use]
    pub fn contains(&self, subject: &Subject) -> bool {
        self.numbers.contains_key(subject)
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
