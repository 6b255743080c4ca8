//! The answer of the program to files on a command line, as far as it must not depend on their form.

use std::fmt;
use std::process::{Command, Output};

use proptest::test_runner::TestCaseError;
use serde_json::Value;

use super::recording::{App, Recording};
use super::style::{File, Paths, Style, line_of};

/// The answer of the program.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Exit status.
    pub exit: i32,
    /// Process metrics.
    pub processes: Vec<Series>,
    /// Sites.
    pub sites: Vec<Series>,
    /// Rule and severity of each finding.
    pub findings: Vec<String>,
    /// Fields of the recording as a whole: its length in moments and seconds, its dates.
    pub recording: Vec<Field>,
    /// Standard error.
    pub errors: String,
}

/// A series, by its fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Metric, or file and line.
    pub name: String,
    /// First input of the series.
    pub source: String,
    /// The facts and the verdict.
    pub fields: Vec<Field>,
}

/// A field of the document.
pub type Field = (&'static str, Value);

/// The fields of two answers that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Everything.
    All,
    /// Everything but dates.
    NoDates,
    /// Everything of the series and the check; the recording as a whole may hold more.
    NoRecording,
    /// First, last, least and largest values and verdicts: another notation may round.
    Values,
    /// Verdicts, findings and exit status.
    Verdicts,
}

const DATES: &[&str] = &["start", "end"];
const VALUES: &[&str] =
    &["first_bytes", "last_bytes", "min_bytes", "max_bytes", "grew", "shrank", "held", "verdict"];

impl Compared {
    fn holds(self, field: &str) -> bool {
        match self {
            Self::All | Self::NoRecording => true,
            Self::NoDates => !DATES.contains(&field),
            Self::Values => VALUES.contains(&field),
            Self::Verdicts => field == "verdict",
        }
    }

    const fn recording(self) -> bool {
        matches!(self, Self::All | Self::NoDates)
    }
}

/// Runs the program on files in a folder of their own, given in this order.
pub fn ask(files: &[File], args: &[String]) -> Answer {
    let bytes: Vec<(&str, Vec<u8>)> =
        files.iter().map(|file| (file.name.as_str(), file.text.clone().into_bytes())).collect();
    answer(&run(&bytes, args, 1))
}

/// Runs the program on files of these names and bytes.
pub fn run(files: &[(&str, Vec<u8>)], args: &[String], threads: usize) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let names = files.iter().map(|(name, _)| name);
    command(args, threads).args(names).current_dir(folder.path()).output().unwrap()
}

/// The program with these arguments, and so many threads.
pub fn command(args: &[String], threads: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
    command
        .args(["--no-config", "--format", "json"])
        .args(args)
        .env("RAYON_NUM_THREADS", threads.to_string());
    command
}

/// The answer in what the program wrote.
pub fn answer(run: &Output) -> Answer {
    let errors = String::from_utf8_lossy(&run.stderr).into_owned();
    let exit = run.status.code().unwrap_or(-1);
    let Ok(document) = serde_json::from_slice::<Value>(&run.stdout) else {
        return Answer { exit, errors, ..Answer::default() };
    };
    let list = |key: &str| document[key].as_array().cloned().unwrap_or_default();
    let finding = |f: &Value| format!("{} {}", f["rule"], f["severity"]).replace('"', "");
    let mut answer = Answer {
        exit,
        processes: list("processes").iter().map(process).collect(),
        sites: list("sites").iter().map(site).collect(),
        findings: list("findings").iter().map(finding).collect(),
        recording: fields(&document["recording"], &["snapshots", "duration_seconds", "start", "end"]),
        errors,
    };
    answer.sort();
    answer
}

/// The arguments of a check whose limits lie among the rates of the recording.
pub fn check(recording: &Recording) -> Vec<String> {
    let hourly = |kib_a_period: i64| kib_a_period * 1024 * 3600 / recording.period + 1;
    let args = ["--check", "--max-growth", &format!("{}B/h", hourly(700)), "--max-site-growth"];
    args.iter().map(|&arg| arg.to_owned()).chain([format!("{}B/h", hourly(20))]).collect()
}

fn fields(value: &Value, names: &[&'static str]) -> Vec<Field> {
    names.iter().map(|&name| (name, value[name].clone())).collect()
}

fn process(value: &Value) -> Series {
    let known = [
        "samples",
        "start",
        "end",
        "duration_seconds",
        "first_bytes",
        "last_bytes",
        "min_bytes",
        "max_bytes",
    ];
    let fields = [fields(value, &known), trend(&value["trend"])].concat();
    Series { name: text(&value["metric"]), source: text(&value["source"]), fields }
}

fn site(value: &Value) -> Series {
    let known = ["snapshots_seen", "first_bytes", "last_bytes", "first_blocks", "last_blocks"];
    let blocks = ("block_verdict", value["block_trend"]["verdict"].clone());
    let fields = [fields(value, &known), trend(&value["trend"]), vec![blocks]].concat();
    let name = format!("{}:{}", text(&value["file"]), value["line"]);
    Series { name, source: text(&value["source"]), fields }
}

fn trend(value: &Value) -> Vec<Field> {
    let slope = &value["slope"];
    let mut all = fields(
        value,
        &["verdict", "probability", "points", "segments", "grew", "shrank", "held", "never_shrank"],
    );
    all.extend([
        ("rate", slope["value"].clone()),
        ("rate_low", slope["low"].clone()),
        ("rate_high", slope["high"].clone()),
        ("rate_unit", slope["unit"].clone()),
        ("since", value["since"]["index"].clone()),
    ]);
    all
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Series {
    /// A field, `null` where there is none.
    pub fn get(&self, field: &str) -> &Value {
        self.fields.iter().find(|(name, _)| *name == field).map_or(&Value::Null, |(_, value)| value)
    }

    fn number(&self, field: &str) -> f64 {
        self.get(field).as_f64().unwrap_or(f64::NAN)
    }
}

impl Answer {
    /// Series and findings in an order that depends on themselves alone.
    fn sort(&mut self) {
        for series in [&mut self.processes, &mut self.sites] {
            series.sort_by(|a, b| {
                let by = |field| a.number(field).total_cmp(&b.number(field));
                a.name.cmp(&b.name).then(by("last_bytes")).then(by("first_bytes")).then(by("max_bytes"))
            });
        }
        self.findings.sort();
    }

    /// The answer without the series of another program.
    pub fn of(mut self, app: App) -> Self {
        self.processes.retain(|p| p.source.starts_with(app.file()));
        self.sites.retain(|s| s.name.starts_with(app.folder()));
        self
    }

    /// The union of several answers, each of a recording of its own.
    pub fn together(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for answer in answers {
            all.exit = all.exit.max(answer.exit);
            all.processes.extend(answer.processes);
            all.sites.extend(answer.sites);
            all.findings.extend(answer.findings);
            all.errors += &answer.errors;
        }
        all.sort();
        all
    }

    /// The answer to notations that hold no date.
    pub fn without_dates(mut self) -> Self {
        let series = self.processes.iter_mut().chain(&mut self.sites).map(|series| &mut series.fields);
        for (_, value) in
            series.chain([&mut self.recording]).flatten().filter(|(field, _)| DATES.contains(field))
        {
            *value = Value::Null;
        }
        self
    }

    /// The answer with the plainest names of sites.
    pub fn renamed(mut self, paths: Paths, recording: &Recording) -> Self {
        for site in &mut self.sites {
            for index in 0..30 {
                if site.name == format!("{}:{}", paths.file(recording, index), line_of(index)) {
                    site.name = format!("{}:{}", Paths::Unix.file(recording, index), line_of(index));
                    break;
                }
            }
        }
        self.sort();
        self
    }
}

/// Differences between two answers, one a line.
pub struct Difference(pub String);

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Refuses an answer that is another than the expected one.
pub fn same(expected: &Answer, found: &Answer, compared: Compared) -> Result<(), Difference> {
    let mut differences = Vec::new();
    if compared.recording() {
        compare("recording", &expected.recording, &found.recording, compared, &mut differences);
    }
    for (kind, expected, found) in
        [("process", &expected.processes, &found.processes), ("site", &expected.sites, &found.sites)]
    {
        let names = |all: &[Series]| all.iter().map(|s| s.name.clone()).collect::<Vec<_>>().join(", ");
        if expected.iter().map(|s| &s.name).ne(found.iter().map(|s| &s.name)) {
            differences.push(format!("{kind}: expected {}; found {}", names(expected), names(found)));
            continue;
        }
        for (expected, found) in expected.iter().zip(found) {
            compare(&expected.name, &expected.fields, &found.fields, compared, &mut differences);
        }
    }
    if expected.findings != found.findings {
        differences.push(format!("findings: expected {:?}, found {:?}", expected.findings, found.findings));
    }
    if expected.exit != found.exit {
        differences.push(format!("exit status: expected {}, found {}", expected.exit, found.exit));
    }
    if differences.is_empty() {
        return Ok(());
    }
    differences.truncate(12);
    differences.push(found.errors.clone());
    Err(Difference(differences.join("\n")))
}

fn compare(name: &str, expected: &[Field], found: &[Field], compared: Compared, out: &mut Vec<String>) {
    // A rate is as exact as the values it is made of.
    let scale = |fields: &[Field]| {
        fields
            .iter()
            .filter(|(n, _)| n.starts_with("rate"))
            .filter_map(|(_, v)| v.as_f64())
            .fold(0.0, |a: f64, b| a.max(b.abs()))
    };
    let rates = scale(expected).max(scale(found));
    for ((field, expected), (_, found)) in expected.iter().zip(found).filter(|((f, _), _)| compared.holds(f))
    {
        let equal = match (expected.as_f64(), found.as_f64()) {
            (Some(a), Some(b)) if field.starts_with("rate") => (a - b).abs() <= 1e-6 * rates + 1e-9,
            (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(b.abs()) + 1e-9,
            _ => expected == found,
        };
        if !equal {
            out.push(format!("{name}: {field}: expected {expected}, found {found}"));
        }
    }
}

/// Refuses an answer that does not hold the facts of the recording: its series with their number of values, first and
/// last value, times, and the rate of those that grow evenly.
pub fn true_to(recording: &Recording, style: &Style, found: &Answer) -> Result<(), Difference> {
    let mut expected = Answer::default();
    let (first, last) = (recording.moments.start, recording.moments.end - 1);
    #[allow(clippy::cast_precision_loss)]
    let (number, seconds) = (recording.len() as f64, (recording.time(last) - recording.time(first)) as f64);
    let bytes = |kib: u64| Value::from(kib as f64 * 1024.0);
    let timed = style.prefix.is_none();
    for worker in &recording.workers {
        if let Some(process) = &worker.process {
            for (metric, more) in [("VmRSS", process.mapped), ("RssAnon", Some(0))] {
                let Some(more) = more else { continue };
                let value = |moment| bytes(process.anonymous.at(moment) + more);
                let mut fields = vec![
                    ("samples", number.into()),
                    ("first_bytes", value(first)),
                    ("last_bytes", value(last)),
                ];
                if timed {
                    fields.push(("duration_seconds", seconds.into()));
                    if style.stamp.decides_dates(recording) {
                        let date = |moment| {
                            jiff::Timestamp::from_second(recording.time(moment)).unwrap().to_string()
                        };
                        fields.extend([("start", date(first).into()), ("end", date(last).into())]);
                    }
                    fields.push(("rate_unit", "bytes/second".into()));
                }
                expected.processes.push(Series { name: metric.into(), source: String::new(), fields });
            }
        }
        for (index, site) in worker.heap.iter().enumerate() {
            let name = format!("{}:{}", style.paths.file(recording, index), line_of(index));
            let fields = vec![
                ("snapshots_seen", number.into()),
                ("first_bytes", bytes(site.size.at(first))),
                ("last_bytes", bytes(site.size.at(last))),
            ];
            expected.sites.push(Series { name, source: String::new(), fields });
        }
    }
    expected.sort();
    (expected.findings, expected.exit) = (found.findings.clone(), found.exit);
    let mut found = found.clone();
    rates_hold(recording, style, &found)?;
    // Of each series the fields that are known.
    for (known, found) in [(&expected.processes, &mut found.processes), (&expected.sites, &mut found.sites)] {
        for (known, found) in known.iter().zip(found) {
            found.fields = known.fields.iter().map(|(name, _)| (*name, found.get(name).clone())).collect();
        }
    }
    same(&expected, &found, Compared::NoRecording)
}

/// Refuses an interval of a rate in which the rate of a series that grows evenly does not lie.
fn rates_hold(recording: &Recording, style: &Style, found: &Answer) -> Result<(), Difference> {
    for worker in &recording.workers {
        let sites = worker.heap.iter().enumerate().map(|(index, site)| {
            (format!("{}:{}", style.paths.file(recording, index), line_of(index)), &site.size)
        });
        let metrics = worker.process.iter().map(|p| ("RssAnon".to_owned(), &p.anonymous));
        for (name, shape) in metrics.chain(sites) {
            let Some(step) = shape.even_step() else { continue };
            for series in found.processes.iter().chain(&found.sites).filter(|s| s.name == name) {
                let timed = series.get("rate_unit").as_str().is_some_and(|unit| unit.ends_with("/second"));
                let period = if timed { recording.period as f64 } else { 1.0 };
                let (rate, slack) = (step as f64 * 1024.0 / period, 1e-6 * step as f64 * 1024.0 / period);
                let (low, high) = (series.number("rate_low"), series.number("rate_high"));
                if rate < low - slack || rate > high + slack {
                    return Err(Difference(format!(
                        "{name}: a rate of {rate} is outside of {low} to {high}"
                    )));
                }
            }
        }
    }
    Ok(())
}

/// A failure of a relation that shows both inputs.
pub fn failed(difference: &Difference, first: &[File], second: &[File]) -> TestCaseError {
    let show = |files: &[File]| {
        let start = |file: &File| {
            let lines: Vec<&str> = file.text.lines().collect();
            let more = if lines.len() > 8 { format!("… {} lines\n", lines.len()) } else { String::new() };
            format!("--- {}\n{}\n{more}", file.name, lines[..lines.len().min(8)].join("\n"))
        };
        files.iter().take(4).map(start).collect::<String>()
    };
    TestCaseError::fail(format!("{difference}\n=== one\n{}=== other\n{}", show(first), show(second)))
}
