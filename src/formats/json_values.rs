//! JSON lines of memory: `{"ts": "2026-11-26T10:34:08Z", "pid": 7, "rss": 10313728, "vms": 13385728}`.

use serde_json::{Map, Value};

use super::columns::names::{Meaning, meaning};
use super::columns::row::{Row, Style};
use super::columns::table::Table;
use super::contract::{Detect, Format, LineParser, Parser};
use super::json_rows::{Fields, Rows, is_memory, is_number};
use super::line::{Claim, Damage, Line};
use super::options::ColumnOptions;
use super::scope::Scope;
use super::sink::Sink;
use crate::model::Metric;

/// Lines of JSON with numbers of memory.
pub static FORMAT: Format = Format {
    name: "json-lines",
    reads: "JSON lines of memory ({\"ts\": \"2026-11-26T10:34:08Z\", \"pid\": 7, \"rss_mb\": 9.8})",
    example: "{\"ts\": \"2026-11-26T10:34:08Z\", \"pid\": 7, \"rss_mb\": 9.8}\n",
    detect: Detect::Head(has_memory),
    parser: |options| Parser::Lines(Box::new(JsonValues::new(options.columns.clone()))),
};

/// Names that psutil and Node.js give to numbers of bytes.
const OF_BYTES: [&str; 9] =
    ["vms", "uss", "pss", "heapUsed", "heapTotal", "arrayBuffers", "heap_used", "heap_total", "memory_info"];

/// Characters of a text in an object that is no message.
const LONGEST_NAME: usize = 60;

/// Whether a line of the beginning of a text is an object with a number of memory, or all lines are objects of numbers
/// and names.
fn has_memory(head: &str) -> bool {
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    let (mut lines, mut of_numbers) = (0, 0);
    for line in whole.lines().filter(|line| !line.trim().is_empty()) {
        lines += 1;
        let prefix = line.find("{\"").unwrap_or_default();
        let Some(object) = line.get(prefix..).and_then(object) else { continue };
        let Rows { mut fields, of_lists, is_nameless } = Rows::of(&object);
        let of_object = fields.len();
        fields.extend(of_lists.into_iter().flatten());
        if prefix > 0 {
            // An object in an ordinary log: memory whose unit is known.
            if fields.iter().any(|(name, text)| is_number(text) && has_unit(name)) {
                return true;
            }
            continue;
        }
        if is_nameless || fields.iter().any(|(name, text)| is_number(text) && is_memory(name)) {
            return true;
        }
        fields.truncate(of_object);
        let is_short = fields.iter().all(|(_, text)| text.len() <= LONGEST_NAME);
        of_numbers += usize::from(is_short && fields.iter().any(|(_, text)| is_number(text)));
    }
    lines > 0 && of_numbers == lines
}

/// Whether an object has a number of memory.
pub(super) fn holds_memory(object: &Map<String, Value>) -> bool {
    let Rows { fields, of_lists, .. } = Rows::of(object);
    fields.iter().chain(of_lists.iter().flatten()).any(|(name, text)| is_number(text) && is_memory(name))
}

/// Whether a name is that of memory, and says in which unit.
fn has_unit(name: &str) -> bool {
    matches!(meaning(name), Meaning::Memory(quantity) if quantity.unit.is_some())
}

/// Parses a line that is wholly an object.
fn object(line: &str) -> Option<Map<String, Value>> {
    let line = line.trim();
    if line.starts_with('{') && line.ends_with('}') { serde_json::from_str(line).ok() } else { None }
}

/// Reads the objects of one source as the rows of a table.
#[derive(Debug)]
pub(super) struct JsonValues {
    options: ColumnOptions,
    table: Option<Table>,
    /// The first line with a list whose objects have memory and no names, and the number of such lines.
    nameless: Option<(u64, usize)>,
}

/// The name of the text before an object: `web-1 | {…}`. It names the subject if the rows say so.
const BEFORE: &str = "text before";
/// A longer one is that of a message.
const LONGEST_BEFORE: usize = 120;

/// Lines with lists of objects without names, which are no accident.
const ENOUGH_NAMELESS: usize = 5;

impl JsonValues {
    pub(super) const fn new(options: ColumnOptions) -> Self {
        Self { options, table: None, nameless: None }
    }

    /// Whether fields hold memory, by their names or as the user says.
    fn hold_memory(&self, fields: &[(String, String)]) -> bool {
        // The counters of the kernel are those of the RSS report.
        if fields.iter().any(|(name, _)| Metric::KERNEL.iter().any(|metric| metric.name == name)) {
            return false;
        }
        fields.iter().enumerate().any(|(place, (name, text))| {
            let chosen = self.options.values.iter().any(|key| key.is(place, name));
            let is_memory = chosen || self.options.values.is_empty() && is_memory(name);
            is_memory && (text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()))
        })
    }
}

impl JsonValues {
    /// Reads an object as a row; returns whether it holds memory.
    pub(super) fn object(
        &mut self,
        object: &Map<String, Value>,
        line: Line<'_>,
        scope: Scope,
        out: &mut Sink<'_>,
    ) -> bool {
        let Rows { mut fields, of_lists, is_nameless } = Rows::of(object);
        let before = out.text_before_object();
        if !before.is_empty() && before.len() <= LONGEST_BEFORE {
            fields.push((BEFORE.to_owned(), before.to_owned()));
        }
        if is_nameless {
            self.nameless.get_or_insert((line.number, 0)).1 += 1;
        }
        // Each object of a list that names itself is a row of its own.
        let mut is_row = is_nameless;
        for fields in std::iter::once(fields).chain(of_lists) {
            is_row |= self.row(fields, line, scope, out);
        }
        is_row
    }

    /// Reads fields as a row; returns whether they hold memory.
    fn row(&mut self, fields: Fields, line: Line<'_>, scope: Scope, out: &mut Sink<'_>) -> bool {
        if !self.hold_memory(&fields) {
            return false;
        }
        let style = Style { are_bytes: fields.iter().any(|(name, _)| is_of_bytes(name)), ..Style::default() };
        let options = &self.options;
        let table = self.table.get_or_insert_with(|| Table::new(Vec::new(), style, options.clone()));
        let mut cells = vec![String::new(); table.names().len()];
        for (name, text) in fields {
            // `null` is nothing.
            match table.names().iter().position(|known| *known == name) {
                Some(place) => cells[place] = text,
                None => {
                    if table.add_column(&name) {
                        cells.push(text);
                    }
                }
            }
        }
        table.push(Row { line: line.number, scope, cells }, out);
        true
    }

    /// Reads the rows that wait.
    pub(super) fn end(&mut self, out: &mut Sink<'_>) {
        if let Some(table) = &mut self.table {
            table.finish(out);
        }
        let Some((line, lines)) = self.nameless else { return };
        if self.table.is_none() {
            let message = "the objects of its list have memory and no names: give each a name, or a pid";
            out.damaged(line, Damage { column: None, message: message.to_owned() });
        } else if lines >= ENOUGH_NAMELESS {
            let kind = "lists of objects with memory that have no names (give each a name, or a pid)";
            out.note_not_read(line, kind.to_owned());
        }
    }
}

impl LineParser for JsonValues {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some(object) = object(line.text) else { return Ok(Claim::NotMine) };
        let scope = out.row_scope(line);
        let is_row = self.object(&object, line, scope, out);
        Ok(if is_row { Claim::Mine } else { Claim::NotMine })
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.end(out);
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        (self.table, self.nameless) = (None, None);
    }
}

fn is_of_bytes(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    OF_BYTES.contains(&last)
}
