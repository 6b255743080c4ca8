//! The pipeline: sources in, report out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::assessment::{AssessOptions, Detailed, assess};
use crate::error::{Error, Notice};
use crate::formats::{self, Desk, Found, InputFormat, Parsed};
use crate::insight::SortKey;
use crate::model::{Metric, Moment, Site, SiteTable, SourceCode, SourceRecords};
use crate::policy::{Accepted, Baseline, BaselineEntry, Finding, Limits, check};
use crate::reconstruct::Recording;
use crate::report::assemble::{Circumstances, Lists, assemble};
use crate::report::document::{Input, Report, WarningRow};
use crate::verdict::Judge;

/// What to analyse and how. Every field's doc ends with its default.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Read inputs in this format, whatever they look like; else each is recognised by its content. Default:
    /// none.
    pub input_format: Option<&'static dyn InputFormat>,
    /// Process metrics to judge; all if empty. Default: empty.
    pub metrics: Vec<Metric>,
    /// Globs of sites to keep; all if empty. Default: empty.
    pub include: Vec<String>,
    /// Globs of sites to leave out. Default: empty.
    pub exclude: Vec<String>,
    /// Leave out what is older. Default: none.
    pub since: Option<Moment>,
    /// Leave out what is newer. Default: none.
    pub until: Option<Moment>,
    /// What sites are ranked by. Default: the most certain growth.
    pub sort: SortKey,
    /// Which sites are looked at in detail; the others have neither named tests nor outline. Default: all.
    pub detailed: Detailed,
    /// The thresholds and rules of verdicts. Default: as documented in [`Judge`].
    pub judge: Judge,
    /// What is not accepted. Default: growth.
    pub limits: Limits,
    /// Whether a check was asked for, and the report says what came of it. Default: no.
    pub check: bool,
    /// The growth that is known, with the name of the file that says so. Default: nothing is.
    pub baseline: Option<(String, Vec<BaselineEntry>)>,
    /// Whether all growth that is found is accepted from now on. Default: no.
    pub accept: bool,
    /// Sites whose growth is allowed, with the name of the file that says so. Default: none is.
    pub allowed: Option<(String, Vec<String>)>,
    /// Whether the report holds series as they are drawn. Default: no.
    pub plots: bool,
}

/// The outcome of an analysis.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The report.
    pub report: Report,
    /// A baseline of all findings, and of the growth that is known already.
    pub baseline: Baseline,
}

/// Notices that are kept of one source; more are counted.
const MOST_NOTICES: usize = 1000;

/// Reads sources, side by side if asked to, and judges them together in the end.
#[derive(Debug)]
pub struct Analysis {
    options: Options,
    filter: SiteFilter,
    allowed: Vec<GlobSet>,
    desks: Desks,
    sources: Vec<SourceRecords>,
    inputs: Vec<Input>,
    warnings: Vec<WarningRow>,
    calendar: bool,
    order: Option<&'static str>,
    incomplete: Vec<Finding>,
}

/// Desks that are free, each with its number. What a desk met in one source makes the next one quicker to read.
#[derive(Debug, Default)]
struct Desks {
    free: Mutex<Vec<(usize, Desk)>>,
    made: AtomicUsize,
}

impl Desks {
    fn take(&self, only: Option<&'static dyn InputFormat>) -> (usize, Desk) {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| (self.made.fetch_add(1, Ordering::Relaxed), Desk::new(only)))
    }

    fn give_back(&self, desk: (usize, Desk)) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
    }

    /// The sites that each desk met, by its number.
    fn into_tables(self) -> Vec<SiteTable> {
        let mut desks = self.free.into_inner().unwrap_or_else(PoisonError::into_inner);
        desks.sort_by_key(|(number, _)| *number);
        desks.into_iter().map(|(_, desk)| desk.into_sites()).collect()
    }
}

/// A source that is being read, piece by piece.
#[derive(Debug)]
pub struct Reading<'a> {
    desks: &'a Desks,
    desk: Option<(usize, Desk)>,
    name: &'a str,
}

/// A source that was read, and waits for its turn to be taken over.
#[derive(Debug)]
pub struct ReadSource {
    name: String,
    table: usize,
    found: Found,
    bytes: u64,
}

impl Reading<'_> {
    /// Reads the next piece: whole lines, of which the very last may lack its end.
    pub fn read(&mut self, piece: &str) {
        if let Some((_, desk)) = &mut self.desk {
            desk.read(piece);
        }
    }

    /// Ends the source. `bytes` is its size as it lay in the input.
    #[must_use]
    pub fn finish(mut self, bytes: u64) -> ReadSource {
        let (table, found) = self.leave();
        ReadSource { name: self.name.to_owned(), table, found, bytes }
    }

    /// Gives the desk back.
    fn leave(&mut self) -> (usize, Found) {
        let Some((number, mut desk)) = self.desk.take() else { return Default::default() };
        let found = desk.finish();
        self.desks.give_back((number, desk));
        (number, found)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // A source that broke off must not run into the next one.
        let _ = self.leave();
    }
}

impl Analysis {
    /// An analysis that has read nothing yet.
    ///
    /// # Errors
    /// [`Error::Request`] if a glob cannot be understood.
    pub fn new(options: Options) -> Result<Self, Error> {
        let filter = SiteFilter::new(&options.include, &options.exclude)?;
        let allowed = options.allowed.iter().flat_map(|(_, globs)| globs);
        let allowed = allowed.map(|glob| globs(std::slice::from_ref(glob))).collect::<Result<_, _>>()?;
        Ok(Self {
            options,
            filter,
            allowed,
            desks: Desks::default(),
            sources: Vec::new(),
            inputs: Vec::new(),
            warnings: Vec::new(),
            calendar: true,
            order: None,
            incomplete: Vec::new(),
        })
    }

    /// Says how the inputs were put in order, for the report.
    pub fn set_order(&mut self, order: &'static str) {
        self.order = Some(order);
    }

    /// Says that not all of an input could be read, and why: growth may lie in the rest, so that it is a finding.
    pub fn incomplete(&mut self, path: &str, reason: &str) {
        self.incomplete.push(Finding::incomplete(path.to_owned(), reason.to_owned()));
    }

    /// Adds a warning that is no source's own.
    pub fn warn(&mut self, path: Option<&str>, notice: Notice) {
        let Notice { line, message } = notice;
        self.warnings.push(WarningRow {
            path: path.map(str::to_owned),
            line: (line > 0).then_some(line),
            message,
        });
    }

    /// Begins to read a source. Several may be read at once; [`Analysis::take`] puts them together in the order in which
    /// it is given them.
    #[must_use]
    pub fn begin<'a>(&'a self, name: &'a str) -> Reading<'a> {
        let desk = Some(self.desks.take(self.options.input_format));
        Reading { desks: &self.desks, desk, name }
    }

    /// Reads a whole source at once. `bytes` is its size as it lay in the input.
    ///
    /// # Errors
    /// Those of [`Analysis::take`].
    pub fn add(&mut self, name: &str, text: &str, bytes: u64) -> Result<(), Error> {
        let mut reading = self.begin(name);
        reading.read(text);
        let read = reading.finish(bytes);
        self.take(read)
    }

    /// Takes over what was read of a source.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`] if no format is recognised, [`Error::NoRecords`] if nothing could be read.
    pub fn take(&mut self, read: ReadSource) -> Result<(), Error> {
        let ReadSource { name, table, found, bytes } = read;
        if found.formats.is_empty() {
            return Err(Error::UnknownFormat {
                path: name,
                looked_for: formats::INPUT_FORMATS.iter().map(|f| f.looks_for()).collect(),
                looks_like: found.looks_like,
            });
        }
        let mut records = SourceRecords { name: name.clone(), table, ..SourceRecords::default() };
        let mut input = Input {
            path: name,
            format: found.formats.iter().map(|(f, _)| f.name()).collect::<Vec<_>>().join("+"),
            bytes,
            lines: found.lines,
            records: 0,
            unreadable_lines: 0,
            snapshots: 0,
        };
        let first =
            found.formats.iter().flat_map(|(_, parsed)| &parsed.notices).find(|n| n.line > 0).cloned();
        for (_, parsed) in found.formats {
            self.take_parsed(parsed, &mut records, &mut input);
        }
        if input.records == 0 {
            let Input { path, format, unreadable_lines, .. } = input;
            return Err(Error::NoRecords { path, format, unreadable_lines, first });
        }
        self.inputs.push(input);
        self.sources.push(records);
        Ok(())
    }

    /// Takes over what a format found in a source.
    fn take_parsed(&mut self, parsed: Parsed, records: &mut SourceRecords, input: &mut Input) {
        let Parsed { mut processes, snapshots, readings, notices, unreadable_lines, calendar, .. } = parsed;
        let statistics = readings.len();
        input.records += (statistics + processes.len()) as u64;
        input.unreadable_lines += unreadable_lines;
        input.snapshots += (snapshots.len() + processes.distinct_times()) as u64;
        if statistics + processes.len() > 0 {
            self.calendar &= calendar;
        }
        let left_out = notices.len().saturating_sub(MOST_NOTICES);
        let path = Some(input.path.as_str());
        for notice in notices.into_iter().take(MOST_NOTICES) {
            self.warn(path, notice);
        }
        if left_out > 0 {
            self.warn(path, Notice::whole(format!("{left_out} more places are not listed")));
        }
        let wanted = |at: Option<Moment>| within(at, self.options.since, self.options.until);
        if !processes.is_empty() {
            processes.retain(wanted);
            records.processes = processes;
        }
        if !snapshots.is_empty() {
            records.snapshots.extend(snapshots.into_iter().filter(|s| wanted(s.at)));
            records.readings = readings;
        }
    }

    /// Judges all that was read.
    #[must_use]
    pub fn finish(self) -> Report {
        self.join().judge(&SourceCode::default()).report
    }

    /// Joins all that was read to series.
    #[must_use]
    pub fn join(self) -> Joined {
        let Self { options, filter, allowed, desks, sources, inputs, warnings, calendar, order, incomplete } =
            self;
        let mut recording = Recording::build(sources, &desks.into_tables());
        if !options.metrics.is_empty() {
            recording.processes.retain(|p| options.metrics.contains(&p.metric));
        }
        let sites_seen = recording.sites.len();
        if !filter.keeps_all() {
            recording.sites.retain(|s| filter.keeps(&s.site.text(), s.site.file()));
        }
        Joined { options, allowed, recording, sites_seen, inputs, warnings, calendar, order, incomplete }
    }
}

/// Series that wait to be judged.
#[derive(Debug)]
pub struct Joined {
    options: Options,
    allowed: Vec<GlobSet>,
    recording: Recording,
    sites_seen: usize,
    inputs: Vec<Input>,
    warnings: Vec<WarningRow>,
    calendar: bool,
    order: Option<&'static str>,
    incomplete: Vec<Finding>,
}

impl Joined {
    /// The sites that will be judged.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.recording.sites.iter().map(|site| &site.site)
    }

    /// Judges all series and holds them against the limits. `code` is the source code of the sites, as far as it is at
    /// hand.
    #[must_use]
    pub fn judge(self, code: &SourceCode) -> Outcome {
        let Self { options, allowed, recording, sites_seen, inputs, warnings, calendar, order, incomplete } =
            self;
        let Options { judge, limits, sort, detailed, check: asked, plots, .. } = options;
        let asked_of = AssessOptions { judge, limit_bytes: limits.limit_bytes, sort, detailed };
        let assessment = assess(recording, &asked_of);
        let lists = Lists { baseline: options.baseline, allowed: options.allowed };
        let accepted = Accepted {
            known: lists.baseline.as_ref().map(|(_, known)| known.as_slice()).unwrap_or_default(),
            allowed: &|site| allowed.iter().position(|glob| matches(glob, &site.history.site)),
            allowances: allowed.len(),
            code,
        };
        let mut checked = check(&assessment, &limits, &accepted);
        checked.findings.splice(0..0, incomplete);
        if options.accept {
            checked.accept();
        }
        let with =
            Circumstances { inputs, warnings, order, calendar, sites_seen, plots, check: asked, lists, code };
        let report = assemble(&assessment, &checked, with);
        Outcome { report, baseline: Baseline { known: checked.baseline, ..Baseline::default() } }
    }
}

fn matches(set: &GlobSet, site: &Site) -> bool {
    set.is_match(site.text()) || site.file().is_some_and(|file| set.is_match(file))
}

/// What has no time is kept: it cannot be said to lie outside.
fn within(at: Option<Moment>, since: Option<Moment>, until: Option<Moment>) -> bool {
    at.is_none_or(|at| {
        since.is_none_or(|since| at.seconds >= since.seconds)
            && until.is_none_or(|until| at.seconds <= until.seconds)
    })
}

/// Which sites are analysed.
#[derive(Debug)]
struct SiteFilter {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl SiteFilter {
    fn new(include: &[String], exclude: &[String]) -> Result<Self, Error> {
        let include = if include.is_empty() { None } else { Some(globs(include)?) };
        Ok(Self { include, exclude: globs(exclude)? })
    }

    fn keeps_all(&self) -> bool {
        self.include.is_none() && self.exclude.is_empty()
    }

    /// A glob is held against the whole text of a site and against its file, so that `*/openstack/*` and
    /// `app.py` both do what they seem to.
    fn keeps(&self, text: &str, file: Option<&str>) -> bool {
        let matches = |set: &GlobSet| set.is_match(text) || file.is_some_and(|file| set.is_match(file));
        self.include.as_ref().is_none_or(matches) && !matches(&self.exclude)
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = |text: &str| {
            Glob::new(text).map_err(|e| Error::Request(format!("glob \"{pattern}\": {}", e.kind())))
        };
        set.add(glob(pattern)?);
        // A bare file name means that file wherever it lies.
        if !pattern.contains(['/', '\\', '*']) {
            set.add(glob(&format!("*[/\\\\]{pattern}"))?);
        }
    }
    set.build().map_err(|e| Error::Request(e.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_stray_escape_costs_no_other_line_and_hides_none() {
        let text = "RssAnon: 1 kB\n\u{1b}[31mRssAnon\u{1b}[m: 2 kB\n\u{1b}]RssAnon: 3 kB\nRssAnon: 4 kB\n";
        let mut analysis = Analysis::new(Options::default()).unwrap();
        analysis.add("report.txt", text, text.len() as u64).unwrap();
        let report = analysis.finish();
        assert_eq!((report.processes[0].samples, report.inputs[0].lines), (4, 4));
        assert!(report.warnings.is_empty());
    }

    #[test]
    fn globs_select_sites() {
        let texts: Vec<String> = vec!["*/openstack/*".into(), "app.py".into()];
        let filter = SiteFilter::new(&texts, &["*/openstack/config/*".into()]).unwrap();
        for (text, file, kept) in [
            ("/usr/lib/openstack/proxy.py:161", "/usr/lib/openstack/proxy.py", true),
            ("/usr/lib/openstack/config/loader.py:9", "/usr/lib/openstack/config/loader.py", false),
            ("/srv/app.py:3", "/srv/app.py", true),
            ("app.py:3", "app.py", true),
            ("/srv/myapp.py:3", "/srv/myapp.py", false),
        ] {
            assert_eq!(filter.keeps(text, Some(file)), kept, "{text}");
        }
        assert!(SiteFilter::new(&["a[".into()], &[]).is_err());
    }
}
