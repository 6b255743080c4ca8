//! `sadf -j`: the statistics of each host, with their times.

use serde_json::Value;

use super::columns::{USED, USED_WITH_CACHE, metric_of_key};
use crate::formats::contract::DocumentParser;
use crate::formats::host::{host, named};
use crate::formats::line::{Damage, Line};
use crate::formats::sink::Sink;
use crate::model::Measured;

/// Whether a document begins like one of `sadf`.
pub fn is_sadf(head: &str) -> bool {
    head.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with("\"sysstat\""))
}

/// Reads a document of `sadf`.
#[derive(Debug)]
pub struct Document;

impl DocumentParser for Document {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| Damage { column: None, message: format!("no JSON document: {error}") })?;
        let hosts = value.pointer("/sysstat/hosts").and_then(Value::as_array);
        let mut samples: u64 = 0;
        for of_host in hosts.into_iter().flatten() {
            let node = of_host.get("nodename").and_then(Value::as_str);
            let statistics = of_host.get("statistics").and_then(Value::as_array);
            for statistic in statistics.into_iter().flatten() {
                samples += 1;
                sample(statistic, node, samples, out);
            }
        }
        Ok(())
    }
}

/// Reads one statistic; those without memory, such as that of a restart, are skipped.
fn sample(statistic: &Value, node: Option<&str>, number: u64, out: &mut Sink<'_>) -> Option<()> {
    let memory = statistic.get("memory")?.as_object()?;
    let has_available = memory.contains_key("avail");
    let values: Vec<_> = memory
        .iter()
        .filter_map(|(key, value)| {
            let metric = metric_of_key(key)?;
            let metric = if metric == USED && !has_available { USED_WITH_CACHE } else { metric };
            let kib = value.as_f64().filter(|kib| (0.0..8e12).contains(kib))?;
            Some((metric, Measured::exact(kib * 1024.0)))
        })
        .collect();
    if values.is_empty() {
        return None;
    }
    let at = statistic.get("timestamp")?;
    let field = |name: &str| at.get(name).and_then(Value::as_str);
    let (date, clock) = (field("date")?, field("time")?);
    let is_utc = at.get("utc").and_then(Value::as_i64) == Some(1);
    let time = out.stamp(&format!("{date} {clock}{}", if is_utc { "Z" } else { "" }));
    let place = Line { text: "", number, ended: true };
    let sample = out.sample_at(place, node.map_or_else(host, named), time);
    sample.set_all(values).push();
    Some(())
}
