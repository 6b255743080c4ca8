//! The pipeline: sources in, report out.

mod explain;
mod filter;
mod reading;
mod snapshot_times;
mod taken_source;
mod times;

use self::filter::{Allowed, SiteFilter, keep_metrics};
use self::reading::Dispatchers;
pub use self::reading::{ReadSource, Reading};
use self::snapshot_times::set_times_of_files;
use self::taken_source::TakenSource;
use self::times::{keep_within, resolve_times};
use crate::assessment::{AssessOptions, Detailed, assess};
use crate::bounds::Passed;
use crate::error::{Error, Notice};
use crate::formats::{ColumnOptionsUsed, FORMATS, Format, FormatOptions, GroupBy};
use crate::insight::SortKey;
use crate::model::{Site, SourceCode, SourceRecords};
use crate::policy::{
    self, Accepted, Baseline, BaselineEntry, Finding, InputFacts, Limits, Recurring, check, of_input,
};
use crate::reconstruct::{Recording, Work};
use crate::report::assemble::{Circumstances, Lists, assemble};
use crate::report::document::{Input, InputOrder, Report, WarningRow};
use crate::time::{BoundText, BoundTexts};
use crate::verdict::Judge;

/// Options of an analysis. Every field's doc ends with its default.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Format of all inputs; without it each is recognised by its content. Default:
    /// none.
    pub input_format: Option<&'static Format>,
    /// What the user says of tables, numbers and a program's own words. Default: nothing.
    pub reading: FormatOptions,
    /// Names of the process metrics to judge, in any case of letters; all if empty. Default: empty.
    pub metrics: Vec<String>,
    /// Globs of sites to keep; all if empty. Default: empty.
    pub include: Vec<String>,
    /// Globs of sites to leave out. Default: empty.
    pub exclude: Vec<String>,
    /// Seconds between two snapshots of a recording that has no times. Default: unknown.
    pub snapshot_period_seconds: Option<f64>,
    /// Leave out older records. Default: none.
    pub since: Option<BoundText>,
    /// Leave out newer records. Default: none.
    pub until: Option<BoundText>,
    /// Sites that gained less than these bytes are folded into one line. Default: 4 KiB, and 1 % of what grows.
    pub fold_below_bytes: Option<f64>,
    /// The order of sites. Default: the most certain growth.
    pub sort: SortKey,
    /// The sites whose details are worked out; the others have neither named tests nor sparkline. Default: all.
    pub detailed: Detailed,
    /// The thresholds and rules of verdicts. Default: as documented in [`Judge`].
    pub judge: Judge,
    /// The limits of a check. Default: no growth is accepted.
    pub limits: Limits,
    /// Whether the report holds the outcome of a check. Default: no.
    pub check: bool,
    /// The growth that is known, with the name of the file that says so. Default: nothing is.
    pub baseline: Option<(String, Vec<BaselineEntry>)>,
    /// Whether all growth that is found is accepted from now on. Default: no.
    pub accept: bool,
    /// Sites whose growth is allowed, with the name of the file that says so. Default: none is.
    pub allowed: Option<(String, Vec<String>)>,
    /// Iterations of the program between the two snapshots of a difference. Default: unknown.
    pub iterations: Option<u64>,
    /// Whether the report holds series as they are drawn. Default: no.
    pub plots: bool,
}

/// The outcome of an analysis.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The report.
    pub report: Report,
    /// A baseline of all findings, and of the growth that is known already; empty unless it is accepted
    /// ([`Options::accept`]).
    pub baseline: Baseline,
}

/// Reads sources, side by side if asked to, and judges them together in the end.
#[derive(Debug)]
pub struct Analysis {
    options: Options,
    filter: SiteFilter,
    allowed: Allowed,
    dispatchers: Dispatchers,
    sources: Vec<TakenSource>,
    warnings: Vec<WarningRow>,
    order: Option<InputOrder>,
    of_inputs: Vec<Finding>,
    columns_used: ColumnOptionsUsed,
    folds_stacks: bool,
    passed: Option<Passed>,
}

impl Analysis {
    /// An analysis that has read nothing yet.
    ///
    /// # Errors
    /// [`Error::Request`] if a glob cannot be understood; [`Error::Usage`] if blocks are to count for every frame of
    /// stacks that are the groups themselves.
    pub fn new(options: Options) -> Result<Self, Error> {
        if options.reading.grouping.cumulative && options.reading.grouping.by == Some(GroupBy::Traceback) {
            return Err(Error::Usage {
                option: "--cumulative",
                expected: "--group-by line, file or function".to_owned(),
                found: "traceback".to_owned(),
            });
        }
        let filter = SiteFilter::new(&options.include, &options.exclude)?;
        let allowed = options.allowed.as_ref().map(|(_, globs)| globs.as_slice()).unwrap_or_default();
        let allowed = Allowed::new(allowed)?;
        Ok(Self {
            options,
            filter,
            allowed,
            dispatchers: Dispatchers::default(),
            sources: Vec::new(),
            warnings: Vec::new(),
            order: None,
            of_inputs: Vec::new(),
            columns_used: ColumnOptionsUsed::default(),
            folds_stacks: false,
            passed: None,
        })
    }

    /// Sets the rule by which the inputs were put in order, for the report.
    pub fn set_order(&mut self, order: InputOrder) {
        self.order = Some(order);
    }

    /// Adds the finding that an input could not be read to its end, with the reason: growth may lie in the rest.
    pub fn incomplete(&mut self, path: &str, reason: &str) {
        self.of_inputs.push(policy::incomplete(path, reason));
    }

    /// Adds the finding that an input is a form of memory log that is not read: growth may lie in it.
    pub fn not_read(&mut self, path: &str, kind: &str) {
        self.of_inputs.push(policy::not_read(path, kind));
    }

    /// Adds a warning that comes from no source.
    pub fn warn(&mut self, path: Option<&str>, notice: Notice) {
        let Notice { line, message } = notice;
        self.warnings.push(WarningRow {
            path: path.map(str::to_owned),
            line: (line > 0).then_some(line),
            code: None,
            message,
        });
    }

    /// Begins to read a source. Several may be read at once; [`Analysis::take`] puts them together in the order in
    /// which it is given them.
    #[must_use]
    pub fn begin<'a>(&'a self, name: &'a str) -> Reading<'a> {
        Reading::new(&self.dispatchers, self.options.input_format, &self.options.reading, name)
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

    /// Takes over a source that was read.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`] if no format is recognised, [`Error::NoRecords`] if nothing could be read.
    pub fn take(&mut self, read: ReadSource) -> Result<(), Error> {
        let ReadSource { name, table, passed, found, bytes, written_seconds } = read;
        self.passed = self.passed.max(passed);
        self.columns_used.add(found.columns_used);
        self.folds_stacks |= found.folds_stacks;
        if found.formats.is_empty() {
            return Err(Error::UnknownFormat {
                path: name,
                looked_for: FORMATS.iter().map(|format| format.name).collect(),
                looks_like: found.looks_like,
            });
        }
        let (unreadable_lines, records) = (found.unreadable_lines(), found.records());
        let names: Vec<&str> = found.formats.iter().map(|(format, _)| format.name).collect();
        let format = names.join("+");
        if records == 0 {
            let of_line = found.notices.iter().find(|notice| notice.line > 0);
            // The damage of a whole document is of no line.
            let of_source = found.notices.first().filter(|_| unreadable_lines > 0);
            let first = of_line.or(of_source).cloned();
            return Err(Error::NoRecords { path: name, format, unreadable_lines, first });
        }
        let facts = InputFacts {
            name: name.clone(),
            records,
            unreadable: found.unreadable_records(),
            most_samples: found.most_samples(),
            alike: found.unreadable_alike().map(|(records, first)| Recurring {
                records,
                line: first.line,
                message: first.message.clone(),
            }),
            not_read: found.not_read,
        };
        self.of_inputs.extend(of_input(&facts, &self.options.limits));
        let (recognised, not_understood) =
            (explain::recognised(&found.formats), explain::not_understood(&found.notices));
        for notice in found.notices {
            self.warn(Some(&name), notice);
        }
        let input = Input {
            path: name.clone(),
            format,
            bytes,
            lines: found.lines,
            records,
            unreadable_lines,
            // Known when the times of all sources are.
            snapshots: 0,
            recognised,
            span: None,
            subjects: Vec::new(),
            not_understood,
        };
        let records = SourceRecords { name, table, ..found.records };
        self.sources.push(TakenSource { records, times: found.times, input, written_seconds });
        Ok(())
    }

    /// Returns the error if a bound of the whole recording was passed: nothing of it is judged then.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn within_bounds(&self) -> Result<(), Error> {
        self.passed.map_or(Ok(()), |passed| Err(passed.error(&self.options.reading.bounds)))
    }

    /// Judges all that was read.
    ///
    /// # Errors
    /// Those of [`Analysis::join`].
    pub fn finish(self) -> Result<Report, Error> {
        Ok(self.join()?.judge(SourceCode::default()).report)
    }

    /// Resolves the times of all sources together and joins their records to series.
    ///
    /// # Errors
    /// [`Error::Request`] if a bound of time can be several dates, and the recording does not show which;
    /// [`Error::Usage`] if a metric is not in the recording, or a limit is to be reached and there is none;
    /// [`Error::TooMany`] if the recording is beyond a bound.
    pub fn join(mut self) -> Result<Joined, Error> {
        self.within_bounds()?;
        let bounds = BoundTexts { since: self.options.since, until: self.options.until };
        let (dates, mut assumptions) = resolve_times(&mut self.sources);
        if self.options.snapshot_period_seconds.is_none() {
            set_times_of_files(&mut self.sources);
        }
        keep_within(&mut self.sources, bounds, dates, &mut assumptions)?;
        for (path, notice) in assumptions.into_notices() {
            self.warn(Some(&path), notice);
        }
        for message in self.columns_used.unused(&self.options.reading.columns) {
            self.warn(None, Notice::whole(message.to_owned()));
        }
        if let Some(message) = self.options.reading.grouping.unused().filter(|_| !self.folds_stacks) {
            self.warn(None, Notice::whole(message.to_owned()));
        }
        let Self { options, filter, allowed, dispatchers, sources, warnings, order, of_inputs, .. } = self;
        let (sources, inputs): (Vec<_>, Vec<_>) =
            sources.into_iter().map(|source| (source.records, source.input)).unzip();
        let work = work(&options, &sources)?;
        let mut recording = Recording::build(sources, &dispatchers.into_tables());
        // Sources that were read side by side have tables of their own.
        let most = &options.reading.bounds;
        if recording.sites.len() > most.sites {
            return Err(Passed::Sites.error(most));
        }
        if let Some(seconds) = options.snapshot_period_seconds {
            recording.set_snapshot_period(seconds);
        }
        keep_metrics(&mut recording.processes, &options.metrics)?;
        let Limits { limit_bytes, within_seconds, .. } = options.limits;
        if within_seconds.is_some()
            && limit_bytes.is_none()
            && recording.processes.iter().all(|process| process.limit_bytes.is_none())
        {
            return Err(Error::Usage {
                option: "--within",
                expected: "a --limit that is to be reached".to_owned(),
                found: "none, and none in the recording".to_owned(),
            });
        }
        if let Some(found) = options.iterations.and_then(|_| no_single_difference(&recording)) {
            return Err(found);
        }
        let sites_seen = recording.sites.len();
        if !filter.keeps_all() {
            recording.sites.retain(|s| filter.keeps(&s.site.text(), s.site.file()));
        }
        Ok(Joined { options, allowed, recording, work, sites_seen, inputs, warnings, order, of_inputs })
    }
}

/// The error for a number of iterations that belongs to no difference of two snapshots.
fn no_single_difference(recording: &Recording) -> Option<Error> {
    let snapshots: usize = recording.histories.iter().map(|heap| heap.positions).sum();
    let none = recording.histories.iter().all(|heap| heap.positions != 2);
    none.then(|| Error::Usage {
        option: "--iterations",
        expected: "a difference of two snapshots".to_owned(),
        found: if snapshots == 1 { "1 snapshot".to_owned() } else { format!("{snapshots} snapshots") },
    })
}

/// Gathers the counts of work, where growth is to be judged by them.
fn work(options: &Options, sources: &[SourceRecords]) -> Result<Option<Work>, Error> {
    let Some(key) = &options.reading.work else { return Ok(None) };
    let work = Work::of(sources, key.unit());
    if work.is_empty() {
        return Err(Error::Usage {
            option: "--per",
            expected: "lines that match, or a table with a column of that name".to_owned(),
            found: "none".to_owned(),
        });
    }
    Ok(Some(work))
}

/// Series that wait to be judged.
#[derive(Debug)]
pub struct Joined {
    options: Options,
    allowed: Allowed,
    recording: Recording,
    work: Option<Work>,
    sites_seen: usize,
    inputs: Vec<Input>,
    warnings: Vec<WarningRow>,
    order: Option<InputOrder>,
    of_inputs: Vec<Finding>,
}

impl Joined {
    /// The inputs, with the evidence for the interpretation of each.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The sites that will be judged.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.recording.sites.iter().map(|site| &site.site)
    }

    /// Judges all series and holds them against the limits. `code` is the source code of the sites, as far as it is at
    /// hand.
    #[must_use]
    pub fn judge(self, code: SourceCode) -> Outcome {
        let Self { options, allowed, recording, work, sites_seen, inputs, warnings, order, of_inputs } = self;
        let Options {
            judge, limits, fold_below_bytes, sort, detailed, check: asked, plots, iterations, ..
        } = options;
        let limit_bytes = limits.limit_bytes;
        let asked_of = AssessOptions { judge, limit_bytes, fold_below_bytes, sort, detailed, work };
        let assessment = assess(recording, &asked_of);
        let lists = Lists { baseline: options.baseline, allowed: options.allowed };
        let accepted = Accepted {
            known: lists.baseline.as_ref().map(|(_, known)| known.as_slice()).unwrap_or_default(),
            allowed: &|site| allowed.first(&site.history.site),
            allowances: lists.allowed.as_ref().map_or(0, |(_, globs)| globs.len()),
            code: &code,
            renewed: options.accept,
        };
        let mut checked = check(&assessment, &limits, &accepted);
        checked.findings.splice(0..0, of_inputs);
        if options.accept {
            checked.accept();
        }
        let with = Circumstances {
            inputs,
            warnings,
            order,
            sites_seen,
            plots,
            iterations,
            check: asked,
            lists,
            code,
        };
        let baseline = Baseline { known: std::mem::take(&mut checked.baseline), ..Baseline::default() };
        Outcome { report: assemble(assessment, checked, with), baseline }
    }
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
        let report = analysis.finish().unwrap();
        assert_eq!((report.processes[0].samples, report.inputs[0].lines), (4, 4));
        assert!(report.warnings.is_empty());
    }
}
