//! Lists of objects with memory, as one JSON document: `[{"time": "2026-11-26T10:34:08Z", "rss_mb": 9.8}, …]`.

use serde_json::{Map, Value};

use super::contract::{Detect, DocumentParser, Format, Parser};
use super::json_values::{JsonValues, holds_memory};
use super::line::{Damage, Line};
use super::options::ColumnOptions;
use super::sink::Sink;

/// Lists of objects with numbers of memory.
pub static FORMAT: Format = Format {
    name: "json-list",
    reads: "a JSON list of objects with memory ([{\"time\": \"2026-11-26T10:34:08Z\", \"rss_mb\": 9.8}, …])",
    example: "[{\"time\": \"2026-11-26T10:34:08Z\", \"rss_mb\": 9.8}]\n",
    detect: Detect::Json(is_list),
    parser: |options| Parser::Document(Box::new(List { options: options.columns.clone() })),
};

/// Keys of container engines, which have formats of their own.
const OF_ENGINES: [&str; 4] = ["mem_usage", "MemUsage", "memory_stats", "workingSetBytes"];

/// Whether a text begins as a list whose first object holds memory.
fn is_list(head: &str) -> bool {
    let Some(inside) = head.trim_start_matches('\u{feff}').trim_start().strip_prefix('[') else {
        return false;
    };
    if OF_ENGINES.iter().any(|key| inside.contains(key)) {
        return false;
    }
    let first =
        serde_json::Deserializer::from_str(inside.trim_start()).into_iter::<Map<String, Value>>().next();
    first.and_then(Result::ok).is_some_and(|object| holds_memory(&object))
}

struct List {
    options: ColumnOptions,
}

impl DocumentParser for List {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let list: Vec<Value> = serde_json::from_slice(bytes).map_err(|error| Damage {
            column: None,
            message: format!("the document breaks off or is damaged: {error}"),
        })?;
        let mut values = JsonValues::new(self.options.clone());
        let scope = out.bare_scope();
        for (place, object) in (1..).zip(&list) {
            if let Some(object) = object.as_object() {
                values.object(object, Line { text: "", number: place, ended: true }, scope, out);
            }
        }
        values.end(out);
        Ok(())
    }
}
