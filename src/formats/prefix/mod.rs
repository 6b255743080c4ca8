//! Workers: several in one log are distinguished by the text before their records.
//!
//! No logger is known by name. A prefix is split into fields, and the field that takes turns among a few values,
//! while the records of the same site or metric come again under each of them, names the worker. See
//! [`Prefixes::resolve`].

mod evidence;
mod fields;
mod forms;
mod table;
#[cfg(test)]
mod tests;
mod tokens;
pub(crate) mod words;
mod workers;

use foldhash::HashMap;

pub use evidence::{Observation, are_of_several};
use evidence::{Row, Weight};
use fields::Field;
pub use table::PrefixId;
use table::Table;
pub use workers::{Worker, Workers};

/// Observations that are kept from the beginning of a source, and as many of its end.
const KEPT: usize = 1 << 15;

/// Prefixes that are known by their text, and the longest of them in bytes.
const MOST_TEXTS: usize = 1 << 14;
const LONGEST_TEXT: usize = 200;

/// Collects the prefixes of one source, and what stands after them.
///
/// Memory is bounded: of prefixes, fields and values beyond what any log of workers has, no more are kept, and of
/// observations those of the beginning and of the end.
#[derive(Debug, Default)]
pub struct Prefixes {
    table: Table,
    /// The last prefix, before and after its time stamp.
    last: (String, String, PrefixId),
    /// Prefixes by their texts, before and after the stamp: most logs take turns among a few.
    by_text: HashMap<Box<str>, PrefixId>,
    first_rows: Vec<Row>,
    /// The last rows after the first ones, in a circle.
    last_rows: Vec<Row>,
    next: usize,
}

impl Prefixes {
    /// Returns the number of a prefix: of the text before a line's time stamp, and of that between the stamp and the
    /// record. The order of fields matters, blanks do not.
    pub fn intern(&mut self, before_stamp: &str, after_stamp: &str) -> PrefixId {
        self.intern_around(before_stamp, after_stamp, "")
    }

    /// Returns the number of a prefix and of the fields after its record: `RSS: 5 MB worker=1`. Numbers there are of
    /// something else, unless their label says that they name a worker.
    pub fn intern_around(&mut self, before_stamp: &str, after_stamp: &str, after_record: &str) -> PrefixId {
        let (before, after, id) = &mut self.last;
        if before == before_stamp && after_record.is_empty() && after == after_stamp {
            return *id;
        }
        before.clear();
        before.push_str(before_stamp);
        after.clear();
        after.push_str(after_stamp);
        // No text holds this sign unless it is damaged, and then nothing is lost but a name.
        before.push('\u{0}');
        before.push_str(after_stamp);
        if !after_record.is_empty() {
            before.push('\u{0}');
            before.push_str(after_record);
            after.push('\u{0}');
        }
        *id = match self.by_text.get(before.as_str()) {
            Some(id) => *id,
            None => {
                let id = intern(&mut self.table, [before_stamp, after_stamp, after_record], false);
                if self.by_text.len() < MOST_TEXTS && before.len() <= LONGEST_TEXT {
                    self.by_text.insert(before.as_str().into(), id);
                }
                id
            }
        };
        before.truncate(before_stamp.len());
        *id
    }

    /// Returns the number of the prefix of a message, for records on its further lines. It says less of them than a
    /// prefix of their own: the lines of another message may stand between.
    pub fn intern_message(&mut self, before_stamp: &str, after_stamp: &str) -> PrefixId {
        intern(&mut self.table, [before_stamp, after_stamp, ""], true)
    }

    /// Whether more can be learnt from a record after a prefix: not where there is no prefix, and not from thousands
    /// of records after one and the same.
    #[must_use]
    pub fn learns_from(&self, prefix: PrefixId) -> bool {
        prefix != PrefixId::default() && (self.first_rows.len() < KEPT || self.table.prefixes() > 1)
    }

    /// Takes note of a record that stands after a prefix. Records come in the order of their lines.
    pub fn observe(&mut self, observation: Observation) {
        let PrefixId(prefix) = observation.prefix;
        if !self.learns_from(observation.prefix) {
            return;
        }
        let row = Row::new(prefix, &observation);
        if self.first_rows.len() < KEPT {
            self.first_rows.push(row);
        } else if self.last_rows.len() < KEPT {
            self.last_rows.push(row);
        } else {
            self.last_rows[self.next] = row;
            self.next = (self.next + 1) % KEPT;
        }
    }

    /// Tells the workers apart, now that all records were seen, and forgets all prefixes.
    ///
    /// A field names the worker if its values take turns and the records of the same site or metric come under each
    /// of them. Fields that are labelled as a process, a host or a pod need no more than that. Others must also
    /// agree with the records: the lists of each value must be whole, and the sizes of each value must follow one
    /// another at least as closely as those of all together. So a thread that takes over a line within a snapshot, a
    /// level, a module or a request names nobody, and a value that gives way to another for good is the next life of
    /// the same process.
    #[must_use]
    pub fn resolve(&mut self) -> Workers {
        let (table, rows) = self.take();
        workers::resolve(&table, rows, Weight::Labelled)
    }

    /// Tells the workers apart by their records alone, as lines above tables need it: first those whose sizes are far
    /// apart, then those whose sizes follow one another at all.
    #[must_use]
    pub fn resolve_by_levels(&mut self) -> [Workers; 2] {
        let (table, rows) = self.take();
        let of = |weight| workers::resolve(&table, rows.clone(), weight);
        [of(Weight::Unlikely), of(Weight::Beside)]
    }

    /// Takes all prefixes, and what stands after them.
    fn take(&mut self) -> (Table, Vec<Row>) {
        let Self { table, mut first_rows, mut last_rows, next, .. } = std::mem::take(self);
        last_rows.rotate_left(next);
        first_rows.append(&mut last_rows);
        Row::level(&mut first_rows);
        (table, first_rows)
    }
}

fn intern(table: &mut Table, texts: [&str; 3], of_message: bool) -> PrefixId {
    let [before_stamp, after_stamp, after_record] = texts;
    let mut found: Vec<Field<'_>> = Vec::with_capacity(16);
    fields::collect(before_stamp, after_stamp, &mut found);
    fields::collect_after(after_record, &mut found);
    PrefixId(table.intern(&found, of_message))
}

/// Returns the text before the time stamp, of the text up to the end of the stamp.
///
/// A stamp begins at the first word that looks like a part of a time; what stands before it is a name: `[gw0] `,
/// `worker_1  | `.
#[must_use]
pub fn before_stamp(up_to_end: &str) -> &str {
    forms::before_time(up_to_end)
}
