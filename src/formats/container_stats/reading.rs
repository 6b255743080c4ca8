//! What the statistics say of one container at one time.

use super::amount::Usage;
use crate::model::{Measured, Subject, SubjectKind};

/// A reading of one container.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reading {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    /// The pod that it is in.
    pub(super) parent: Option<String>,
    /// Whether it is a pod itself.
    pub(super) is_pod: bool,
    pub(super) usage: Usage,
    pub(super) swap: Option<Measured>,
}

impl Reading {
    /// Returns its subject.
    pub(super) fn subject(&self) -> Subject {
        let Self { id, name, parent, is_pod, .. } = self.clone();
        let kind = if is_pod { SubjectKind::Pod } else { SubjectKind::Container };
        Subject { kind, name, id, parent }
    }
}
