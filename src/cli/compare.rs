//! `--compare`: two recordings, each analysed by itself or read from the report that leakdiff wrote of it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::choices::FailOn;
use super::exit::{EXIT_ERROR, EXIT_FINDINGS, EXIT_OK, report_error, written};
use super::reading::read;
use super::settings::Settings;
use super::{output, terminal};
use crate::analysis::Options;
use crate::assessment::Detailed;
use crate::bounds::REPORT_BYTES;
use crate::compare::{self as comparison, Change, Direction, FORMATS, Side};
use crate::error::Error;
use crate::input;
use crate::policy::Rule;
use crate::report::document::{Finding, Report};

/// The beginning of the name of a report's layout, which stands anywhere in it.
const MARK: &str = "\"leakdiff/";

/// Compares two recordings and returns the exit code.
pub fn run(
    settings: &Settings,
    paths: &[PathBuf],
    file: Option<&Path>,
    config: Option<&Path>,
) -> Result<u8, Error> {
    let usage = |expected, found| Error::Usage { option: "--compare", expected, found };
    let [before, after] = paths else {
        return Err(usage("two recordings, before and after".to_owned(), paths.len().to_string()));
    };
    let format = settings.format().name();
    if !FORMATS.contains(&format) {
        let expected = format!("one of --format {}", FORMATS.join(", "));
        return Err(usage(expected, format!("--format {format}")));
    }
    if let Some(file) = file {
        let inputs = input::find(paths).entries;
        output::keep(file, &inputs, settings, config)?;
    }
    let Some(before) = side(settings, before)? else { return Ok(EXIT_ERROR) };
    let Some(after) = side(settings, after)? else { return Ok(EXIT_ERROR) };
    let comparison = comparison::compare(&before.side, &after.side);
    let write = |out: &mut dyn Write, terminal: &terminal::Terminal| -> io::Result<()> {
        comparison::render(&comparison, format, &settings.style(terminal), out).unwrap_or(Ok(()))?;
        out.flush()
    };
    let result = match file {
        Some(path) => output::write(path, |out| write(out, &terminal::of_file())),
        None => {
            write(&mut BufWriter::new(io::stdout().lock()), &terminal::of_standard_output(settings.colour()))
        }
    };
    written(file, result)?;
    let known = before.known.min(after.known);
    if known == Known::Partly {
        report_error("not all of the recordings could be read");
        return Ok(EXIT_ERROR);
    }
    let fails = |change: &Change| {
        let is_worse = change.direction.is_worse() || change.grows_unseen();
        settings.fail_on != [FailOn::None] && is_worse
            || change.direction == Direction::Unclear && settings.fail_on.contains(&FailOn::Unclear)
    };
    let fails = known == Known::TooFewPoints || comparison.changes.iter().any(fails);
    Ok(if settings.check && fails { EXIT_FINDINGS } else { EXIT_OK })
}

/// A recording, and how much is known of it.
struct Compared {
    side: Side,
    known: Known,
}

/// How much is known of a recording, by the demands of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// Not all of it could be read.
    Partly,
    /// A verdict rests on too few points.
    TooFewPoints,
    /// Everything.
    All,
}

/// Returns one side; `None` if it could not be used, which was reported.
fn side(settings: &Settings, path: &Path) -> Result<Option<Compared>, Error> {
    let name = path.display().to_string();
    let no_report = |message: String| Error::Request(format!("{name}: {message}"));
    if let Some(json) = report_in(path).map_err(|cause| Error::Unreadable { path: name.clone(), cause })? {
        let report = comparison::read(&json).map_err(no_report)?;
        let known = known(settings, &name, &report);
        return Ok(Some(Compared { side: Side::of(&name, &report), known }));
    }
    let options =
        Options { detailed: Detailed::First(0), plots: false, check: false, ..settings.options(None) };
    let Some(read) = read(options, input::find(&[path.to_owned()]))? else {
        return Ok(None);
    };
    let lost = read.lost;
    let report = read.analysis.finish()?;
    let unreadable: u64 = report.inputs.iter().map(|input| input.unreadable_lines).sum();
    if settings.strict && unreadable > 0 {
        report_error(&format!("{name}: {unreadable} line(s) could not be read, and --strict was given"));
        return Ok(None);
    }
    if report.processes.is_empty() && report.sites.is_empty() {
        report_error(&format!("{name}: --since, --until, --metric, --include and --exclude leave nothing"));
        return Ok(None);
    }
    let known = if lost > 0 { Known::Partly } else { known(settings, &name, &report) };
    Ok(Some(Compared { side: Side::of(&name, &report), known }))
}

/// Returns how much is known of a recording, and reports why not everything is, where the settings demand that. A
/// report that was written of it has the findings of that time.
fn known(settings: &Settings, name: &str, report: &Report) -> Known {
    let demanded = |finding: &Finding| match finding.rule {
        Rule::TooFewPoints => settings.check,
        rule => rule.is_of_input() && (settings.check || settings.strict),
    };
    let findings: Vec<_> = report.findings.one_by_one().filter(|finding| demanded(finding)).collect();
    for finding in &findings {
        let Finding { rule, subject, message, .. } = &**finding;
        report_error(&format!("{name}: {}: {subject} {message}", rule.id()));
    }
    if settings.check && report.check.is_none() && findings.is_empty() {
        // The check was not asked for when the report was written.
        if let Some(least) = settings.limits().least_points.filter(|least| !has_points(report, *least)) {
            report_error(&format!("{name}: {}: fewer than {least} points", Rule::TooFewPoints.id()));
            return Known::TooFewPoints;
        }
    }
    let of_each = findings.iter().map(|finding| match finding.rule {
        Rule::TooFewPoints => Known::TooFewPoints,
        _ => Known::Partly,
    });
    of_each.min().unwrap_or(Known::All)
}

/// Whether each process and each heap of a report has that many points.
fn has_points(report: &Report, least: usize) -> bool {
    let of_processes = report.processes.iter().filter(|row| row.leading).map(|row| row.trend.points);
    let of_heaps =
        (!report.sites.is_empty()).then(|| usize::try_from(report.recording.snapshots).ok()).flatten();
    of_processes.chain(of_heaps).all(|points| points >= least)
}

/// Returns the text of a file if it is a report of leakdiff. Logs of JSON begin like one, but do not contain the mark.
fn report_in(path: &Path) -> io::Result<Option<String>> {
    let Ok(facts) = fs::metadata(path) else { return Ok(None) };
    if !facts.is_file() || facts.len() > REPORT_BYTES {
        return Ok(None);
    }
    let mut first = [0];
    let begins = File::open(path)?.read(&mut first)? == 1 && first == *b"{";
    if !begins {
        return Ok(None);
    }
    Ok(String::from_utf8(fs::read(path)?).ok().filter(|text| text.contains(MARK)))
}
