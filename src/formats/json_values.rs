//! JSON lines of memory: `{"ts": "2026-11-26T10:34:08Z", "pid": 7, "rss": 10313728, "vms": 13385728}`.

use serde_json::{Map, Value};

use super::columns::cells::Cell;
use super::columns::names::{Meaning, meaning};
use super::columns::row::{Row, Style};
use super::columns::table::Table;
use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::ColumnOptions;
use super::sink::Sink;
use super::source::Scope;
use crate::model::Metric;

/// Lines of JSON with numbers of memory.
pub static FORMAT: Format = Format {
    name: "json-lines",
    reads: "JSON lines of memory ({\"ts\": \"2026-11-26T10:34:08Z\", \"pid\": 7, \"rss_mb\": 9.8})",
    example: "{\"ts\": \"2026-11-26T10:34:08Z\", \"pid\": 7, \"rss_mb\": 9.8}\n",
    detect: Detect::Head(has_memory),
    parser: |options| Parser::Lines(Box::new(JsonValues::new(options.columns.clone()))),
};

/// Depth of objects within objects that are looked into: `{"memory": {"rss": 1}}`.
const MOST_LEVELS: usize = 3;
/// Fields of an object.
const MOST_FIELDS: usize = 256;
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
        let mut fields = Vec::new();
        collect("", &object, MOST_LEVELS, &mut fields);
        if prefix > 0 {
            // An object in an ordinary log: memory whose unit is known.
            if fields.iter().any(|(name, text)| is_number(text) && has_unit(name)) {
                return true;
            }
            continue;
        }
        if fields.iter().any(|(name, text)| is_number(text) && is_memory(name)) {
            return true;
        }
        let is_short = fields.iter().all(|(_, text)| text.len() <= LONGEST_NAME);
        of_numbers += usize::from(is_short && fields.iter().any(|(_, text)| is_number(text)));
    }
    lines > 0 && of_numbers == lines
}

/// Whether a text is a number, perhaps with a unit: `212.3 MiB`.
fn is_number(text: &str) -> bool {
    matches!(Style::default().cell(text), Cell::Number(_))
}

/// Whether an object has a number of memory.
pub(super) fn holds_memory(object: &Map<String, Value>) -> bool {
    let mut fields = Vec::new();
    collect("", object, MOST_LEVELS, &mut fields);
    fields.iter().any(|(name, text)| is_number(text) && is_memory(name))
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

/// Collects the fields of an object that may be a number or a name; fields of objects within it have the names of both.
fn collect(path: &str, object: &Map<String, Value>, levels: usize, fields: &mut Vec<(String, String)>) {
    for (key, value) in object {
        if fields.len() >= MOST_FIELDS {
            return;
        }
        let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Number(number) => fields.push((name, number.to_string())),
            Value::String(text) => fields.push((name, text.clone())),
            Value::Null => fields.push((name, String::new())),
            Value::Object(inner) if levels > 1 => collect(&name, inner, levels - 1, fields),
            Value::Object(_) | Value::Array(_) | Value::Bool(_) => {}
        }
    }
}

/// Reads the objects of one source as the rows of a table.
#[derive(Debug)]
pub(super) struct JsonValues {
    options: ColumnOptions,
    table: Option<Table>,
}

impl JsonValues {
    pub(super) const fn new(options: ColumnOptions) -> Self {
        Self { options, table: None }
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

fn is_memory(name: &str) -> bool {
    matches!(meaning(name), Meaning::Memory(_))
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
        let mut fields = Vec::new();
        collect("", object, MOST_LEVELS, &mut fields);
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
        self.table = None;
    }
}

fn is_of_bytes(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    OF_BYTES.contains(&last)
}
