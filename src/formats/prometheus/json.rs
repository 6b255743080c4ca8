//! Answers of the API of Prometheus, one or several in a file.

use foldhash::HashMap;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::super::contract::{DocumentParser, LineParser};
use super::super::json_documents::{Documents, Next};
use super::super::line::{Claim, Damage, Line};
use super::super::sink::Sink;
use super::labels::Series;
use crate::model::{Measured, Metric, Role, Subject};

/// Whether a text begins as an answer, or as the result of one.
pub fn is_answer(head: &str) -> bool {
    let head = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let mut values = serde_json::Deserializer::from_str(head).into_iter::<IgnoredAny>();
    let first = match values.next() {
        Some(Ok(_)) => head.get(..values.byte_offset()).unwrap_or_default(),
        Some(Err(error)) if error.is_eof() => head,
        _ => return false,
    };
    let has = |key: &str| first.contains(key);
    let is_first = head.starts_with(['{', '['])
        && (has("\"resultType\"") || has("\"metric\"") && (has("\"values\"") || has("\"value\"")));
    // What stands between answers may be read by other formats.
    is_first && values.all(|value| value.map_or_else(|error| error.is_eof(), |_| true))
}

/// The greatest number of bytes that is a level of memory: limits that are none are greater.
const MOST_BYTES: f64 = 9_007_199_254_740_992.0;
/// Bytes that a series without a name has at least.
const LEAST_BYTES: f64 = 65_536.0;
/// Characters of an error that is shown.
const LONGEST_ERROR: usize = 200;

/// The series of the answers of one source so far.
#[derive(Debug, Default)]
struct Answers {
    known: HashMap<(Subject, Metric), Series>,
    left_out: Vec<String>,
}

impl Answers {
    fn read(&mut self, answer: &Value, out: &mut Sink<'_>) {
        read(answer, &mut self.known, &mut self.left_out, out);
    }

    /// Reports the series that are no memory.
    fn finish(&mut self, out: &mut Sink<'_>) -> Result<(), Damage> {
        let Some(first) = self.left_out.first() else { return Ok(()) };
        let message = format!(
            "{} series are no levels of memory in bytes and are left out: {first}",
            self.left_out.len()
        );
        if self.known.is_empty() {
            return Err(damage(message));
        }
        out.note(message);
        Ok(())
    }
}

/// Reads a file of answers.
pub struct AnswerFile;

impl DocumentParser for AnswerFile {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let mut answers = Answers::default();
        let mut rest = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        loop {
            let mut stream = serde_json::Deserializer::from_slice(rest).into_iter::<Value>();
            let error = stream.find_map(|answer| answer.map(|answer| answers.read(&answer, out)).err());
            let Some(error) = error else { break };
            let at = stream.byte_offset();
            let broken = rest.get(at..).unwrap_or_default().trim_ascii_start();
            // A date or a prompt between two answers is no damage.
            if broken.starts_with(b"{") || broken.starts_with(b"[") {
                out.damaged(0, damage(format!("the document breaks off or is damaged: {error}")));
            }
            let next = memchr::memmem::find_iter(broken, "\n")
                .find(|end| broken.get(end + 1).is_some_and(|first| matches!(first, b'{' | b'[')));
            let Some(next) = next else { break };
            rest = broken.get(next + 1..).unwrap_or_default();
        }
        answers.finish(out)
    }
}

/// Reads answers between other lines: dates, prompts, the headers of HTTP.
#[derive(Debug, Default)]
pub struct AnswerLines {
    documents: Documents,
    answers: Answers,
}

impl LineParser for AnswerLines {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        match self.documents.line(line, out)? {
            Next::Document(answer, _) => {
                // A source that begins with an answer is read as a document.
                let is_answer = answer.get("data").is_some() || answer.get("result").is_some();
                if !is_answer || self.documents.begins_source() {
                    return Ok(Claim::NotMine);
                }
                self.answers.read(&answer, out);
                Ok(Claim::Mine)
            }
            Next::Other(claim) => Ok(claim),
        }
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.documents.finish(out);
        if let Err(damage) = self.answers.finish(out) {
            out.damaged(out.line_number(), damage);
        }
        *self = Self::default();
    }
}

const fn damage(message: String) -> Damage {
    Damage { column: None, message }
}

/// Reads an answer, its data, or its result.
fn read(
    answer: &Value,
    known: &mut HashMap<(Subject, Metric), Series>,
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
    known: &mut HashMap<(Subject, Metric), Series>,
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
