//! Recorded programs: the prefixes that leakdiff sees, and what came after.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use leakdiff::analysis::Options;
use leakdiff::verdict::Judge;
use serde_json::Value;

use super::{document, entries, json};
use crate::subject::Rate;
use crate::work;

/// A form in which a prefix is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Its name.
    pub name: &'static str,
    /// Number of snapshots or samples.
    pub points: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Snapshots,
    Differences,
    Report,
}

/// All forms: full lists, logs of the ten largest differences, and reports of resident memory.
pub const FORMS: [Form; 6] = [
    Form { name: "snapshots40", points: 40, kind: Kind::Snapshots },
    Form { name: "snapshots8", points: 8, kind: Kind::Snapshots },
    Form { name: "diff40", points: 40, kind: Kind::Differences },
    Form { name: "diff8", points: 8, kind: Kind::Differences },
    Form { name: "rss40", points: 40, kind: Kind::Report },
    Form { name: "rss8", points: 8, kind: Kind::Report },
];

/// A site, or the resident memory of a program, with what came.
pub struct Series {
    /// The site.
    pub site: String,
    /// Whether it kept growing.
    pub leaks: bool,
    /// Whether nothing in the prefix tells what came: such series count for the probability alone.
    pub misleads: bool,
    /// Its exact values over the prefix; empty for a process.
    pub values: Vec<f64>,
    /// Growth per snapshot in the future, of a leak.
    pub rate: Option<f64>,
    /// leakdiff's word.
    pub says: String,
    /// leakdiff's probability.
    pub probability: f64,
    /// leakdiff's interval of the rate.
    pub interval: Option<Rate>,
}

/// A program in one form.
pub struct Program {
    /// Its name.
    pub name: String,
    /// The form.
    pub form: Form,
    /// Its series.
    pub series: Vec<Series>,
    /// Of full lists: whether the program leaks in its heap, and whether a leak is among the first three growing sites,
    /// or whether no healthy site grows.
    pub case: Option<Case>,
}

/// A program as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// It leaks; whether a leak is among the first three growing sites.
    Leaks(bool),
    /// It does not; whether no healthy site is called growing.
    Healthy(bool),
}

/// Judges all programs of a folder; none where there is none.
pub fn judged(folder: &Path, judge: &Judge) -> Vec<Program> {
    let folders: Vec<PathBuf> =
        entries(folder).into_iter().filter(|folder| folder.join("truth.json").exists()).collect();
    work::in_order(folders.len(), |number| {
        let found = Recorded::read(&folders[number]);
        found.iter().flat_map(|found| FORMS.iter().filter_map(|form| found.judge(*form, judge))).collect()
    })
}

/// A program's recording and its truth.
struct Recorded {
    folder: PathBuf,
    truth: Value,
    /// The exact sizes of each site, over the whole recording.
    exact: BTreeMap<String, Vec<f64>>,
}

impl Recorded {
    fn read(folder: &Path) -> Option<Self> {
        let truth = json(&folder.join("truth.json"))?;
        let total = truth["total_snapshots"].as_u64()? as usize;
        let file = std::fs::File::open(folder.join("series.csv.gz")).ok()?;
        let (mut reader, _) = niffler::get_reader(Box::new(file)).ok()?;
        let mut text = String::new();
        reader.read_to_string(&mut text).ok()?;
        let mut exact: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        // A value holds until the next row of its site.
        for line in text.lines().skip(1) {
            let mut left = line.splitn(2, ',');
            let (at, rest) = (left.next()?.parse::<usize>().ok()?, left.next()?);
            let mut right = rest.rsplitn(3, ',');
            let (size, site) = (right.nth(1)?.parse::<f64>().ok()?, right.next()?);
            let values = exact.entry(site.trim_matches('"').to_owned()).or_insert_with(|| vec![0.0; total]);
            values.get_mut(at - 1..)?.fill(size);
        }
        Some(Self { folder: folder.to_owned(), truth, exact })
    }

    fn judge(&self, form: Form, judge: &Judge) -> Option<Program> {
        let options = || Options { judge: judge.clone(), ..Options::default() };
        let early = if form.points < 40 { "prefix8" } else { "prefix" };
        let files = match form.kind {
            Kind::Snapshots => {
                entries(&self.folder.join("prefix/snapshots")).into_iter().take(form.points).collect()
            }
            Kind::Differences => vec![self.folder.join(early).join("diff.log")],
            Kind::Report => vec![self.folder.join(early).join("report.txt")],
        };
        if files.is_empty() || !files.iter().all(|file| file.exists()) {
            return None;
        }
        let name = self.folder.file_name()?.to_string_lossy().into_owned();
        if form.kind == Kind::Report {
            return Some(Program {
                name,
                form,
                series: vec![self.process(form, &files, options())?],
                case: None,
            });
        }
        let document = document(&files, options())?;
        let rows = document["sites"].as_array()?;
        let labels = self.labels(form)?;
        let known: Vec<&str> = labels.keys().map(String::as_str).collect();
        let listed = listed(&files, &known, if form.points < 40 { 4 } else { 5 });
        let (truth, unknowable) = (&self.truth, self.truth["unknowable_at_40"] == true);
        let series: Vec<Series> = labels
            .iter()
            .filter(|(site, label)| label["doubtful"] != true && listed.contains(site.as_str()))
            .filter_map(|(site, label)| {
                let row = rows.iter().find(|row| row["site"] == **site);
                let trend = row.map_or(&Value::Null, |row| &row["trend"]);
                Some(Series {
                    site: site.clone(),
                    leaks: label["label"] == "leak",
                    misleads: unknowable
                        || !matches!(label["prefix_alone_says"], Value::Null | Value::Bool(false)),
                    values: self.exact.get(site)?.iter().take(form.points).copied().collect(),
                    rate: label["slope_bytes_per_snapshot_future"].as_f64().filter(|rate| *rate > 0.0),
                    says: trend["verdict"].as_str().unwrap_or("absent").to_owned(),
                    probability: trend["probability"].as_f64().unwrap_or(0.5),
                    interval: interval(&trend["slope"]),
                })
            })
            .collect();
        let whole = form.kind == Kind::Snapshots && form.points == 40 && !unknowable;
        let case =
            (whole && truth["verdict_doubtful"] != true).then(|| self.case(rows, labels, &series)).flatten();
        Some(Program { name, form, series, case })
    }

    /// What is known of each site after a prefix of this form.
    fn labels(&self, form: Form) -> Option<&serde_json::Map<String, Value>> {
        let early = self.truth["sites_at8"].as_object().filter(|_| form.points < 40);
        early.or_else(|| self.truth["sites"].as_object())
    }

    fn case(
        &self,
        rows: &[Value],
        labels: &serde_json::Map<String, Value>,
        series: &[Series],
    ) -> Option<Case> {
        let mut growing: Vec<&Value> =
            rows.iter().filter(|row| row["trend"]["verdict"] == "growing").collect();
        growing.sort_by_key(|row| row["rank"].as_u64());
        let mut sites = growing.iter().filter_map(|row| row["site"].as_str());
        let leaks = self.truth["leaks"] == true;
        if self.truth["python_heap_leaks"].as_bool().unwrap_or(leaks) {
            return Some(Case::Leaks(
                sites.take(3).any(|site| labels.get(site).is_some_and(|l| l["label"] == "leak")),
            ));
        }
        let is_alarm = |site: &str| {
            let judged = series.iter().any(|series| series.site == site && !series.leaks && !series.misleads);
            judged && labels.get(site).is_none_or(|label| label["instrument"] != true)
        };
        (!leaks).then(|| Case::Healthy(!sites.any(is_alarm)))
    }

    fn process(&self, form: Form, files: &[PathBuf], options: Options) -> Option<Series> {
        let rss = &self.truth["rss"];
        let answer = if form.points < 40 && rss["at8"].is_object() { &rss["at8"] } else { rss };
        let leaks = answer["grows"].as_bool().filter(|_| answer["doubtful"] != true)?;
        let document = document(files, options)?;
        let processes = document["processes"].as_array()?;
        let named = |metric: &str| processes.iter().find(|process| process["metric"] == metric);
        let grows = || processes.iter().find(|process| process["trend"]["verdict"] == "growing");
        let trend = &named("VmRSS").or_else(grows).or_else(|| named("RssAnon"))?["trend"];
        Some(Series {
            site: "RSS".to_owned(),
            leaks,
            misleads: self.truth["rss_unknowable_at_40"] == true,
            values: Vec::new(),
            rate: None,
            says: trend["verdict"].as_str()?.to_owned(),
            probability: trend["probability"].as_f64()?,
            interval: None,
        })
    }
}

/// Those of the sites that stand in at least this many lines, whatever stands before them in a line.
fn listed<'a>(files: &[PathBuf], sites: &[&'a str], least: usize) -> HashSet<&'a str> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        for line in std::fs::read_to_string(file).unwrap_or_default().lines() {
            let Some((left, _)) = line.split_once(": size=") else { continue };
            let named = sites.iter().filter(|site| left.ends_with(**site));
            if let Some(site) = named.max_by_key(|site| site.len()) {
                *times.entry(site).or_default() += 1;
            }
        }
    }
    times.into_iter().filter(|(_, times)| *times >= least).map(|(site, _)| site).collect()
}

fn interval(slope: &Value) -> Option<Rate> {
    let per_snapshot = slope["unit"] == "bytes/snapshot";
    let rate = Rate { low: slope["low"].as_f64()?, high: slope["high"].as_f64()? };
    per_snapshot.then_some(rate)
}
