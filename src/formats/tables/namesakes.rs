//! Processes of one name in one table, where nothing else tells them apart: `ps -o rss,cmd` of a pool of workers.

use foldhash::HashMap;

use super::super::scope::Scope;
use crate::model::Subject;

/// The names of the processes without an id in the current table.
#[derive(Debug, Default)]
pub struct Namesakes {
    seen: HashMap<String, usize>,
    tables: usize,
    times_above: u32,
}

impl Namesakes {
    /// Begins another table.
    pub fn begin_table(&mut self) {
        self.tables += 1;
        self.seen.clear();
    }

    /// Returns the subject of a row: the second of one name has a number, and so on. `ps` prints them in the order of
    /// their ids.
    pub fn subject(&mut self, subject: Subject, scope: &Scope, is_dated: bool) -> Subject {
        if self.times_above != scope.times_above {
            self.times_above = scope.times_above;
            self.seen.clear();
        }
        // One table without times may be a row of each sample.
        let is_table = self.tables > 1 || is_dated || scope.times_above > 0;
        let Some(name) = subject.name.clone().filter(|_| subject.id.is_none() && is_table && !scope.stamped)
        else {
            return subject;
        };
        let count = self.seen.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { subject } else { Subject { name: Some(format!("{name} ({count})")), ..subject } }
    }
}
