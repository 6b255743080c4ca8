//! The rows of an object of JSON: its own fields, and those of each object in a list that names itself.

use serde_json::{Map, Value};

use super::columns::cells::Cell;
use super::columns::names::{Meaning, meaning};
use super::columns::row::Style;

/// Names and values of the fields of a row.
pub(super) type Fields = Vec<(String, String)>;

/// Depth of objects within objects that are looked into: `{"system": {"process": {"memory": {"rss": {"bytes": 1}}}}}`.
const MOST_LEVELS: usize = 6;
/// Fields of an object.
const MOST_FIELDS: usize = 256;
/// Objects of all lists of an object.
const MOST_OBJECTS: usize = 65_536;
/// The name of the column for what only an `id` tells apart.
const NAME: &str = "process";

/// The rows of an object.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// Its own fields.
    pub(super) fields: Fields,
    /// The fields of each object with memory in a list that names itself, with the times and names of the whole:
    /// `{"ts": 1, "procs": [{"name": "job", "rss_mb": 68}, {"name": "web", "rss_mb": 87}]}`.
    pub(super) of_lists: Vec<Fields>,
    /// Whether a list has several objects with memory of which one has no name.
    pub(super) is_nameless: bool,
}

impl Rows {
    /// Returns the rows of an object.
    pub(super) fn of(object: &Map<String, Value>) -> Self {
        Self::within(object, MOST_LEVELS)
    }

    fn within(object: &Map<String, Value>, levels: usize) -> Self {
        let (mut fields, mut lists) = (Vec::new(), Vec::new());
        collect("", object, MOST_LEVELS, &mut fields, &mut lists);
        let mut rows = Self { fields, ..Self::default() };
        if levels > 1 {
            lists.into_iter().for_each(|list| rows.add_list(list, levels - 1));
        }
        rows
    }

    fn add_list(&mut self, list: &[Value], levels: usize) {
        let (mut found, mut objects, mut are_named) = (Vec::new(), 0, true);
        for object in list.iter().filter_map(Value::as_object) {
            let Self { mut fields, of_lists, is_nameless } = Self::within(object, levels);
            let has_memory = fields.iter().any(|(name, text)| is_memory(name) && is_number(text));
            self.is_nameless |= is_nameless;
            if has_memory || !of_lists.is_empty() {
                objects += 1;
                are_named &= is_named(&fields);
            }
            if has_memory {
                if !fields.iter().any(|(name, _)| names(name)) {
                    let id = fields.iter().find(|(name, _)| is_id(name)).map(|(_, id)| id.clone());
                    fields.extend(id.map(|id| (NAME.to_owned(), id)));
                }
                found.push(fields);
            }
            found.extend(of_lists);
        }
        if objects > 1 && !are_named || found.len() > MOST_OBJECTS {
            self.is_nameless = true;
        } else {
            let rows = found.into_iter().map(|row| of_whole(&self.fields, row));
            self.of_lists.extend(rows);
        }
    }
}

/// Adds the time and the names of the whole to a row of a list in it.
fn of_whole(whole: &Fields, mut row: Fields) -> Fields {
    for (name, text) in whole {
        let meaning = meaning(name);
        match row.iter_mut().find(|(own, _)| own == name) {
            // Two pods may each have a container of the same name.
            Some((_, own)) if matches!(meaning, Meaning::Name(_)) => *own = format!("{text} {own}"),
            Some(_) => {}
            None if matches!(meaning, Meaning::Time(_) | Meaning::Name(_) | Meaning::Pid | Meaning::Run) => {
                row.push((name.clone(), text.clone()));
            }
            None => {}
        }
    }
    row
}

/// Whether the fields of an object tell it from others.
fn is_named(fields: &Fields) -> bool {
    fields.iter().any(|(name, text)| !text.is_empty() && (names(name) || is_id(name)))
}

/// Whether a field of this name tells an object from others: `name`, `pod`, `container`, `pid`.
fn names(name: &str) -> bool {
    matches!(meaning(name), Meaning::Name(_) | Meaning::Pid)
}

fn is_id(name: &str) -> bool {
    name.eq_ignore_ascii_case("id")
}

/// Whether a text is a number, perhaps with a unit: `212.3 MiB`.
pub(super) fn is_number(text: &str) -> bool {
    matches!(Style::default().cell(text), Cell::Number(_))
}

/// Whether a name is that of memory.
pub(super) fn is_memory(name: &str) -> bool {
    matches!(meaning(name), Meaning::Memory(_))
}

/// Collects the fields of an object that may be a number or a name, and its lists; fields of objects within it have the
/// names of both.
fn collect<'v>(
    path: &str,
    object: &'v Map<String, Value>,
    levels: usize,
    fields: &mut Fields,
    lists: &mut Vec<&'v [Value]>,
) {
    for (key, value) in object {
        if fields.len() >= MOST_FIELDS {
            return;
        }
        let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Number(number) => fields.push((name, number.to_string())),
            Value::String(text) => fields.push((name, text.clone())),
            Value::Null => fields.push((name, String::new())),
            Value::Object(inner) if levels > 1 => collect(&name, inner, levels - 1, fields, lists),
            Value::Array(list) => lists.push(list),
            Value::Object(_) | Value::Bool(_) => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Rows;

    #[test]
    fn objects_of_lists_that_name_themselves_are_rows() {
        for (text, expected, is_nameless) in [
            (r#"{"ts": 5, "rss": 7}"#, &[][..], false),
            (
                r#"{"ts": 5, "rss": 7, "procs": [{"name": "job", "rss_mb": 68}, {"name": "web", "rss_mb": 87}]}"#,
                &["name=job rss_mb=68 ts=5", "name=web rss_mb=87 ts=5"],
                false,
            ),
            (
                r#"{"host": "a", "all": {"pods": [{"pod": "b", "memory": {"rss": 1}}]}}"#,
                &["memory.rss=1 pod=b host=a"],
                false,
            ),
            (
                r#"{"pid": 1, "children": [{"rss": 5, "pid": 2}, {"rss": 6, "pid": 3}]}"#,
                &["pid=2 rss=5", "pid=3 rss=6"],
                false,
            ),
            (r#"{"p": [{"id": 1, "rss": 5}]}"#, &["id=1 rss=5 process=1"], false),
            (
                r#"{"p": [{"name": "a", "all": [{"name": "x", "rss": 5}]}, {"name": "b", "all": [{"name": "x", "rss": 6}]}]}"#,
                &["name=a x rss=5", "name=b x rss=6"],
                false,
            ),
            (r#"{"p": [{"rss": 5}]}"#, &["rss=5"], false),
            (r#"{"p": [{"rss": 5}, {"rss": 6}]}"#, &[], true),
            // Those without memory are of no interest, named or not.
            (r#"{"p": [{"name": "a", "cpu": 5}, {"cpu": 6}], "q": [1, "a"]}"#, &[], false),
        ] {
            let rows = Rows::of(&serde_json::from_str(text).unwrap());
            let joined = |fields: &super::Fields| {
                fields.iter().map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(" ")
            };
            let found: Vec<String> = rows.of_lists.iter().map(joined).collect();
            assert_eq!(
                (found.iter().map(String::as_str).collect::<Vec<_>>(), rows.is_nameless),
                (expected.to_vec(), is_nameless),
                "{text}"
            );
        }
    }
}
