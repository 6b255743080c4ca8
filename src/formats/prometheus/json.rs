//! Answers of the API of Prometheus, one or several in a file.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::super::contract::DocumentParser;
use super::super::line::{Damage, Line};
use super::super::sink::Sink;
use super::labels::Series;
use crate::model::{Measured, Metric, Role, Subject};

/// Whether a text begins as an answer, or as the result of one.
pub fn is_answer(head: &str) -> bool {
    let head = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let has = |key: &str| head.contains(key);
    head.starts_with(['{', '['])
        && (has("\"resultType\"") || has("\"metric\"") && (has("\"values\"") || has("\"value\"")))
}

/// The greatest number of bytes that is a level of memory: limits that are none are greater.
const MOST_BYTES: f64 = 9_007_199_254_740_992.0;
/// Bytes that a series without a name has at least.
const LEAST_BYTES: f64 = 65_536.0;
/// Characters of an error that is shown.
const LONGEST_ERROR: usize = 200;

/// Reads answers.
pub struct Answers;

impl DocumentParser for Answers {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let mut known: FxHashMap<(Subject, Metric), Series> = FxHashMap::default();
        let mut left_out = Vec::new();
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        for answer in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
            let answer =
                answer.map_err(|error| damage(format!("the document breaks off or is damaged: {error}")))?;
            read(&answer, &mut known, &mut left_out, out);
        }
        if let Some(first) = left_out.first() {
            let message = format!(
                "{} series are no levels of memory in bytes and are left out: {first}",
                left_out.len()
            );
            if known.is_empty() {
                return Err(damage(message));
            }
            out.note(message);
        }
        Ok(())
    }
}

const fn damage(message: String) -> Damage {
    Damage { column: None, message }
}

/// Reads an answer, its data, or its result.
fn read(
    answer: &Value,
    known: &mut FxHashMap<(Subject, Metric), Series>,
    left_out: &mut Vec<String>,
    out: &mut Sink<'_>,
) {
    match answer {
        Value::Array(results) => results.iter().filter_map(Value::as_object).for_each(|result| {
            series(result, known, left_out, out);
        }),
        Value::Object(object) => {
            if let Some(error) = object.get("error").and_then(Value::as_str) {
                let error: String = error.chars().take(LONGEST_ERROR).collect();
                out.damaged(0, damage(format!("the answer is an error: {error}")));
            }
            match (object.get("data"), object.get("result")) {
                (Some(data), _) => read(data, known, left_out, out),
                (None, Some(result))
                    if object.get("resultType").and_then(Value::as_str) == Some("scalar") =>
                {
                    out.damaged(0, damage(format!("a scalar is no series: {result}")));
                }
                (None, Some(result)) => read(result, known, left_out, out),
                (None, None) => series(object, known, left_out, out),
            }
        }
        _ => {}
    }
}

/// Reads one series of a result.
fn series(
    result: &Map<String, Value>,
    known: &mut FxHashMap<(Subject, Metric), Series>,
    left_out: &mut Vec<String>,
    out: &mut Sink<'_>,
) {
    let Some(labels) = result.get("metric").and_then(Value::as_object) else { return };
    let mut found = Series::default();
    for (label, value) in labels {
        let Some(value) = value.as_str() else { continue };
        if label == "__name__" {
            found.name = value.to_owned();
        } else {
            found.labels.push((label.clone(), value.to_owned()));
        }
    }
    let points = points(result);
    let Some(metric) = found.metric() else { return left_out.push(found.name) };
    let is_too_small = |(_, value): &(f64, f64)| *value < LEAST_BYTES && *value != 0.0;
    if found.name.is_empty() && points.iter().any(is_too_small) {
        return left_out.push("one without a name, whose values are too small for bytes".to_owned());
    }
    let mut subject = found.subject();
    // Two series that differ in labels of the target alone are two subjects.
    let own = known.entry((subject.clone(), metric)).or_insert_with(|| found.clone());
    if *own != found {
        subject.id = Some(found.all_labels());
    }
    for (time, value) in points {
        if value == 0.0 && metric.role == Role::Resident {
            continue;
        }
        let time = out.epoch_seconds(time);
        let line = Line { text: "", number: 0, ended: true };
        out.sample_at(line, subject.clone(), time).set(metric, Measured::exact(value)).push();
    }
}

/// Returns the times and values of a series that are numbers of bytes.
fn points(result: &Map<String, Value>) -> Vec<(f64, f64)> {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse::<f64>().ok(),
        other => other.as_f64(),
    };
    let pair = |point: &Value| Some((number(point.get(0)?)?, number(point.get(1)?)?));
    let mut points: Vec<(f64, f64)> =
        match (result.get("values"), result.get("value"), result.get("timestamps")) {
            // The export of VictoriaMetrics has times in milliseconds beside the values.
            (Some(Value::Array(values)), _, Some(Value::Array(times))) => {
                let both = times.iter().zip(values);
                both.filter_map(|(time, value)| Some((number(time)? / 1000.0, number(value)?))).collect()
            }
            (Some(Value::Array(values)), _, _) => values.iter().filter_map(pair).collect(),
            (_, Some(value), _) => pair(value).into_iter().collect(),
            _ => Vec::new(),
        };
    points.retain(|(_, value)| (0.0..=MOST_BYTES).contains(value));
    points
}
