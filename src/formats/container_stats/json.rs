//! JSON of container engines, in a line or over several: docker's and podman's `--format json`, crictl's `-o json`, the
//! statistics of docker's API.

use serde_json::{Map, Value};

use super::amount::{Amount, Usage};
use super::reading::Reading;
use crate::model::Measured;

/// Keys of the memory.
const KEYS: [&str; 4] = ["MemUsage\"", "mem_usage\"", "workingSetBytes\"", "\"memory_stats\""];
/// Objects within objects that are looked into.
const MOST_LEVELS: usize = 12;

/// A time as a document writes it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Written {
    /// Seconds since 1970.
    Seconds(f64),
    Stamp(String),
}

/// A reading, and the time that its object gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) reading: Reading,
    pub(super) time: Option<Written>,
}

/// Whether a line holds a key of the memory.
pub(super) fn may_hold(line: &str) -> bool {
    KEYS.iter().any(|key| line.contains(key))
}

/// Returns the readings of a text that is JSON.
pub(super) fn readings(text: &str) -> Option<Vec<Found>> {
    let value: Value = serde_json::from_str(text.trim().trim_end_matches(',')).ok()?;
    let mut found = Vec::new();
    collect(&value, MOST_LEVELS, &mut found);
    Some(found)
}

fn collect(value: &Value, levels: usize, found: &mut Vec<Found>) {
    match value {
        Value::Array(values) if levels > 0 => {
            values.iter().for_each(|value| collect(value, levels - 1, found))
        }
        Value::Object(object) if levels > 0 => {
            match engine(object).or_else(|| runtime(object)).or_else(|| api(object)) {
                Some(reading) => found.push(reading),
                None => object.values().for_each(|value| collect(value, levels - 1, found)),
            }
        }
        _ => {}
    }
}

/// docker, nerdctl, podman: `"MemUsage":"212.3MiB / 512MiB"`, or a number of bytes and `MemLimit`.
fn engine(object: &Map<String, Value>) -> Option<Found> {
    let field = |names: &[&str]| names.iter().find_map(|name| object.get(*name));
    let usage = match field(&["MemUsage", "mem_usage"])? {
        Value::String(text) => {
            let (used, limit) = text.split_once('/').unwrap_or((text, "--"));
            let amount = |text: &str| Amount::parse(&text.replace(' ', ""));
            Usage { used: amount(used)?, limit: amount(limit)? }
        }
        Value::Number(number) => {
            let limit = field(&["MemLimit", "mem_limit"]).and_then(Value::as_f64);
            Usage { used: exact(number.as_f64()), limit: exact(limit.filter(|limit| *limit < UNLIMITED)) }
        }
        _ => return None,
    };
    let text = |names: &[&str]| {
        let text = field(names).and_then(Value::as_str);
        text.filter(|text| !text.is_empty() && *text != "--").map(str::to_owned)
    };
    let reading = Reading {
        id: text(&["ID", "id", "ContainerID", "container_id", "Container"]),
        name: text(&["Name", "name"]),
        usage,
        ..Reading::default()
    };
    Some(Found { reading, time: None })
}

/// A limit of so many bytes is none.
const UNLIMITED: f64 = (1_u64 << 60) as f64;

fn exact(bytes: Option<f64>) -> Amount {
    bytes.map_or(Amount::Missing, |bytes| Amount::Bytes(Measured::exact(bytes)))
}

/// A number, or `{"value": "1234"}`.
fn number(value: &Value) -> Option<f64> {
    let value = value.get("value").unwrap_or(value);
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// crictl: `{"attributes": {"id", "metadata": {"name"}, "labels"}, "memory": {"workingSetBytes": {"value"}}}`.
fn runtime(object: &Map<String, Value>) -> Option<Found> {
    let attributes = object.get("attributes")?;
    let memory = object.get("memory")?;
    let used = number(memory.get("workingSetBytes")?)?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let reading = Reading {
        id: text(attributes.get("id")),
        name: text(attributes.get("metadata").and_then(|metadata| metadata.get("name"))),
        parent: text(attributes.get("labels").and_then(|labels| labels.get("io.kubernetes.pod.name"))),
        usage: Usage { used: exact(Some(used)), limit: Amount::Missing },
        ..Reading::default()
    };
    let time =
        memory.get("timestamp").and_then(number).map(|nanoseconds| Written::Seconds(nanoseconds / 1e9));
    Some(Found { reading, time })
}

/// docker's API: `{"read", "name", "id", "memory_stats": {"usage", "stats": {"inactive_file"}, "limit"}}`. As `docker
/// stats` does, page cache that is not in use is left out.
fn api(object: &Map<String, Value>) -> Option<Found> {
    let memory = object.get("memory_stats")?;
    let bytes = |value: Option<&Value>| value.and_then(Value::as_f64);
    let stats = memory.get("stats");
    let inactive = ["total_inactive_file", "inactive_file"]
        .iter()
        .find_map(|key| bytes(stats.and_then(|stats| stats.get(*key))));
    let used = bytes(memory.get("usage"))
        .map(|usage| usage - inactive.filter(|cache| *cache < usage).unwrap_or(0.0));
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let reading = Reading {
        id: text("id").map(|id| id.chars().take(12).collect()),
        name: text("name").map(|name| name.trim_start_matches('/').to_owned()),
        usage: Usage {
            used: exact(used),
            limit: exact(bytes(memory.get("limit")).filter(|limit| *limit < UNLIMITED)),
        },
        ..Reading::default()
    };
    Some(Found { reading, time: text("read").map(Written::Stamp) })
}
