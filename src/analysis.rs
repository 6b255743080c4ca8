//! The pipeline: sources in, report out.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::error::{Error, Notice};
use crate::formats::{self, InputFormat, Parsed};
use crate::model::{Metric, Moment, Recording, SourceRecords};
use crate::report::assemble::{Circumstances, assemble};
use crate::report::document::{Input, Report, WarningRow};
use crate::verdict::{self, Question, SortKey, Thresholds};

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
    /// A limit in bytes for the forecast. Default: none.
    pub limit_bytes: Option<f64>,
    /// What sites are ranked by. Default: the most certain growth.
    pub sort: SortKey,
    /// What must be reached for a verdict. Default: as documented in [`Thresholds`].
    pub thresholds: Thresholds,
}

/// Notices that are kept of one source; more are counted.
const MOST_NOTICES: usize = 1000;

/// Reads source after source, so that no text is kept longer than needed, and judges them together in the
/// end.
#[derive(Debug)]
pub struct Analysis {
    options: Options,
    filter: SiteFilter,
    sources: Vec<SourceRecords>,
    inputs: Vec<Input>,
    warnings: Vec<WarningRow>,
    calendar: bool,
    order: Option<&'static str>,
}

impl Analysis {
    /// An analysis that has read nothing yet.
    ///
    /// # Errors
    /// [`Error::Request`] if a glob cannot be understood.
    pub fn new(options: Options) -> Result<Self, Error> {
        let filter = SiteFilter::new(&options.include, &options.exclude)?;
        Ok(Self {
            options,
            filter,
            sources: Vec::new(),
            inputs: Vec::new(),
            warnings: Vec::new(),
            calendar: true,
            order: None,
        })
    }

    /// Says how the inputs were put in order, for the report.
    pub fn set_order(&mut self, order: &'static str) {
        self.order = Some(order);
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

    /// Reads one source. `bytes` is its size as it lay in the input.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`] if no format is recognised, [`Error::NoRecords`] if nothing could be read.
    pub fn add(&mut self, name: &str, text: &str, bytes: u64) -> Result<(), Error> {
        let text = &*formats::without_escapes(text);
        let formats = self.formats_of(name, text)?;
        let mut records = SourceRecords { name: name.to_owned(), ..SourceRecords::default() };
        let mut input = Input {
            path: name.to_owned(),
            format: formats.iter().map(|f| f.name()).collect::<Vec<_>>().join("+"),
            bytes,
            lines: text.lines().count() as u64,
            records: 0,
            unreadable_lines: 0,
            snapshots: 0,
        };
        let mut first = None;
        for format in &formats {
            let parsed = format.parse(text);
            first = first.or_else(|| parsed.notices.iter().find(|n| n.line > 0).cloned());
            self.take(parsed, &mut records, &mut input);
        }
        if input.records == 0 {
            let Input { format, unreadable_lines, .. } = input;
            return Err(Error::NoRecords { path: name.to_owned(), format, unreadable_lines, first });
        }
        self.inputs.push(input);
        self.sources.push(records);
        Ok(())
    }

    fn formats_of(&self, name: &str, text: &str) -> Result<Vec<&'static dyn InputFormat>, Error> {
        if let Some(wanted) = self.options.input_format {
            return Ok(vec![wanted]);
        }
        let found = formats::detect(text);
        if found.is_empty() {
            return Err(Error::UnknownFormat {
                path: name.to_owned(),
                looked_for: formats::INPUT_FORMATS.iter().map(|f| f.looks_for()).collect(),
                looks_like: formats::looks_like(text),
            });
        }
        Ok(found)
    }

    /// Takes over what a format found in a source.
    fn take(&mut self, parsed: Parsed, records: &mut SourceRecords, input: &mut Input) {
        let Parsed { mut processes, snapshots, sites, notices, unreadable_lines, calendar } = parsed;
        let statistics: usize = snapshots.iter().map(|s| s.readings.len()).sum();
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
            records.sites = sites;
        }
    }

    /// Judges all that was read.
    #[must_use]
    pub fn finish(self) -> Report {
        let Self { options, filter, sources, inputs, warnings, calendar, order } = self;
        let mut recording = Recording::build(sources);
        if !options.metrics.is_empty() {
            recording.processes.retain(|p| options.metrics.contains(&p.metric));
        }
        let sites_seen = recording.sites.len();
        recording.sites.retain(|s| filter.keeps(&s.site.text(), s.site.file()));
        let question =
            Question { thresholds: options.thresholds, limit_bytes: options.limit_bytes, sort: options.sort };
        let judged = verdict::judge(recording, &question);
        let with = Circumstances { inputs, warnings, order, calendar, sites_seen };
        assemble(&judged, with)
    }
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
