//! Profiles of scalene as JSON: its samples are the memory of the process over time. `MB` means MiB.

use serde_json::Value;

use super::contract::{Detect, DocumentParser, Format, Parser};
use super::line::{Damage, Line};
use super::sink::Sink;
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// Memory that the program allocated and has not freed.
const FOOTPRINT: Metric = Metric::bytes("footprint", Role::Part);

/// Profiles of scalene.
pub static FORMAT: Format = Format {
    name: "scalene",
    reads: "the samples of a JSON profile of scalene ({\"alloc_samples\": …, \"samples\": [[NANOSECONDS, MB], …]})",
    example: "{\"alloc_samples\": 2, \"samples\": [[1000000000, 9.5], [2000000000, 10.5]]}\n",
    detect: Detect::Json(is_profile),
    parser: |_| Parser::Document(Box::new(Profile)),
};

const MIB: f64 = 1_048_576.0;

fn is_profile(head: &str) -> bool {
    head.trim_start().starts_with('{') && head.contains("\"alloc_samples\"")
}

struct Profile;

impl DocumentParser for Profile {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let damage = |message: String| Damage { column: None, message };
        let profile: Value = serde_json::from_slice(bytes)
            .map_err(|error| damage(format!("the profile breaks off or is damaged: {error}")))?;
        let samples = profile.get("samples").and_then(Value::as_array);
        let samples = samples.filter(|samples| !samples.is_empty());
        let samples = samples.ok_or_else(|| {
            damage("the profile has no samples of memory: record with scalene --memory".to_owned())
        })?;
        let name = profile.get("program").and_then(Value::as_str).map(str::to_owned);
        let subject = Subject { kind: SubjectKind::Process, name, ..Subject::default() };
        let start = profile.get("start_time_absolute").and_then(Value::as_f64);
        for sample in samples {
            let number = |place: usize| sample.get(place).and_then(Value::as_f64);
            let (Some(nanoseconds), Some(mebibytes)) = (number(0), number(1)) else {
                out.damaged(0, damage(format!("expected nanoseconds and MB, found {sample}")));
                continue;
            };
            let elapsed = nanoseconds / 1e9;
            let time = match start.and_then(|start| out.epoch_seconds(start + elapsed)) {
                Some(time) => Some(time),
                None => out.elapsed_seconds(elapsed),
            };
            let line = Line { text: "", number: 0, ended: true };
            let sample = out.sample_at(line, subject.clone(), time);
            sample.set(FOOTPRINT, Measured::exact((mebibytes * MIB).max(0.0))).push();
        }
        Ok(())
    }
}
