//! The prefixes of a source, each a list of fields, all of them numbered.

use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::fields::{Field, Marks, Place};

/// Distinct prefixes of a source.
const MOST_PREFIXES: usize = 1 << 16;
/// Distinct columns of a source.
const MOST_COLUMNS: usize = 256;
/// Values of one column. One with more is a number of requests or the like.
const MOST_VALUES_OF_COLUMN: u32 = 1 << 15;
/// Values of all columns.
const MOST_VALUES: usize = 1 << 17;

/// All values that stand at one place of their prefix.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The label, if the place has one.
    pub(super) label: Option<String>,
    /// The number of the place among those without label, and its bracket.
    pub(super) number: (u8, u8),
    /// The marks of all its fields.
    pub(super) marks: Marks,
    /// Whether it is of prefixes of messages, not of their records themselves.
    pub(super) of_messages: bool,
    values: u32,
}

#[derive(Debug, Clone)]
struct Value {
    column: u16,
    text: Range<u32>,
}

/// The number of a prefix among those of one source. The default is that of lines without fields before their record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct PrefixId(pub(super) u32);

/// Numbers columns, values and prefixes. The number 0 is that of the prefix without fields.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<Column>,
    column_index: HashTable<u16>,
    texts: String,
    values: Vec<Value>,
    value_index: HashTable<u32>,
    /// The values of all prefixes, one after the other.
    fields: Vec<u32>,
    prefixes: Vec<Range<u32>>,
    prefix_index: HashTable<u32>,
    /// The values of the prefix that is being numbered.
    current: Vec<u32>,
    keys: RandomState,
}

impl Table {
    /// Returns the number of a prefix with these fields; 0 if it has none, or if there are too many prefixes.
    /// `of_message` says that they stand before a message, and not before the record itself.
    pub(super) fn intern(&mut self, fields: &[Field<'_>], of_message: bool) -> u32 {
        let mut current = std::mem::take(&mut self.current);
        current.clear();
        current.extend(fields.iter().filter_map(|field| self.value(field, of_message)));
        let number = if current.is_empty() { 0 } else { self.prefix(&current) };
        self.current = current;
        number
    }

    #[allow(clippy::cast_possible_truncation, reason = "tables are bounded")]
    fn prefix(&mut self, values: &[u32]) -> u32 {
        let Self { fields, prefixes, prefix_index, keys, .. } = self;
        let text = |prefixes: &[Range<u32>], fields: &[u32], number: u32| -> u64 {
            keys.hash_one(
                &fields[prefixes[number as usize - 1].start as usize
                    ..prefixes[number as usize - 1].end as usize],
            )
        };
        let of = |number: u32| {
            let range = &prefixes[number as usize - 1];
            &fields[range.start as usize..range.end as usize]
        };
        if let Some(number) = prefix_index.find(keys.hash_one(values), |&number| of(number) == values) {
            return *number;
        }
        if prefixes.len() >= MOST_PREFIXES {
            return 0;
        }
        let start = fields.len() as u32;
        fields.extend_from_slice(values);
        prefixes.push(start..fields.len() as u32);
        let number = prefixes.len() as u32;
        prefix_index.insert_unique(keys.hash_one(values), number, |&number| text(prefixes, fields, number));
        number
    }

    /// Returns the number of a field's value; `None` where its column has too many.
    #[allow(clippy::cast_possible_truncation, reason = "tables are bounded")]
    fn value(&mut self, field: &Field<'_>, of_message: bool) -> Option<u32> {
        let column = self.column(field, of_message)?;
        let Self { columns, texts, values, value_index, keys, .. } = self;
        let key = keys.hash_one((column, field.value));
        let text = |value: &Value| &texts[value.text.start as usize..value.text.end as usize];
        let is_same = |value: &Value| value.column == column && text(value) == field.value;
        if let Some(number) = value_index.find(key, |&number| is_same(&values[number as usize])) {
            return Some(*number);
        }
        let own = &mut columns[usize::from(column)];
        if own.values >= MOST_VALUES_OF_COLUMN || values.len() >= MOST_VALUES {
            return None;
        }
        own.values += 1;
        let start = texts.len() as u32;
        texts.push_str(field.value);
        values.push(Value { column, text: start..texts.len() as u32 });
        let number = values.len() as u32 - 1;
        value_index.insert_unique(key, number, |&number| {
            let value = &values[number as usize];
            keys.hash_one((value.column, &texts[value.text.start as usize..value.text.end as usize]))
        });
        Some(number)
    }

    #[allow(clippy::cast_possible_truncation, reason = "tables are bounded")]
    fn column(&mut self, field: &Field<'_>, of_messages: bool) -> Option<u16> {
        let Self { columns, column_index, keys, .. } = self;
        let key = |place: Place<'_>, of_messages: bool| keys.hash_one((place, of_messages));
        let is_same = |column: &Column| column.of_messages == of_messages && place(column) == field.place;
        let own = key(field.place, of_messages);
        if let Some(&column) = column_index.find(own, |&column| is_same(&columns[usize::from(column)])) {
            let marks = &mut columns[usize::from(column)].marks;
            *marks = marks.or(field.marks);
            return Some(column);
        }
        if columns.len() >= MOST_COLUMNS {
            return None;
        }
        let (label, number) = match field.place {
            Place::Label(label) => (Some(label.to_owned()), (0, 0)),
            Place::Number(number, bracket) => (None, (number, bracket)),
        };
        columns.push(Column { label, number, marks: field.marks, of_messages, values: 0 });
        let number = columns.len() as u16 - 1;
        column_index.insert_unique(own, number, |&column| {
            let column = &columns[usize::from(column)];
            key(place(column), column.of_messages)
        });
        Some(number)
    }

    /// Returns the number of prefixes with fields.
    pub(super) fn prefixes(&self) -> usize {
        self.prefixes.len()
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the values of a prefix.
    pub(super) fn values_of(&self, prefix: u32) -> &[u32] {
        let range = (prefix as usize).checked_sub(1).and_then(|at| self.prefixes.get(at));
        range.and_then(|range| self.fields.get(range.start as usize..range.end as usize)).unwrap_or_default()
    }

    /// Returns the value that a prefix has in a column.
    pub(super) fn value_in(&self, prefix: u32, column: u16) -> Option<u32> {
        self.values_of(prefix).iter().copied().find(|&value| self.column_of(value) == column)
    }

    pub(super) fn column_of(&self, value: u32) -> u16 {
        self.values.get(value as usize).map_or(u16::MAX, |value| value.column)
    }

    /// Returns the text of a value.
    pub(super) fn text(&self, value: u32) -> &str {
        let range = self.values.get(value as usize).map_or(0..0, |value| value.text.clone());
        self.texts.get(range.start as usize..range.end as usize).unwrap_or_default()
    }
}

fn place(column: &Column) -> Place<'_> {
    column.label.as_deref().map_or(Place::Number(column.number.0, column.number.1), Place::Label)
}
