//! The command line: flags to options, sources to the chosen output, and the exit code.

mod baseline;
mod compare;
mod config;
mod flags;
mod generate;
mod given;
mod output;
mod progress;
mod reading;
mod settings;
mod source_tree;
mod terminal;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use self::flags::Flags;
use self::output::Kept;
use self::reading::{Read, read};
use self::settings::Settings;
use self::source_tree::source_code;
use crate::analysis::{Options, Outcome};
use crate::error::Error;
use crate::input::{self, Entry};
use crate::report::document::Report;
use clap::Parser;

/// Analysed, and nothing to complain of.
const FINE: u8 = 0;
/// With `--check`: something is not accepted.
const COMPLAINT: u8 = 1;
/// The command line is wrong, or an input could not be used.
const UNUSABLE: u8 = 2;

/// Runs the program on the process's own arguments.
#[must_use]
pub fn run() -> ExitCode {
    let flags = Flags::parse();
    match execute(&flags) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            complain(&failure.to_string());
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Why a run ends without a report.
#[derive(Debug)]
enum Failure {
    /// A request or an input that cannot be used.
    Request(Error),
    /// The report could not be written.
    Output(io::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::Output(cause) => write!(f, "the report could not be written: {cause}"),
        }
    }
}

fn execute(flags: &Flags) -> Result<u8, Failure> {
    if let Some(what) = flags.generate {
        return written(what.write(flags.output.as_deref())).map(|()| FINE);
    }
    let config = match flags.no_config {
        true => None,
        false => std::env::current_dir()
            .map_err(Failure::Output)
            .and_then(|folder| config::find(flags.config.as_deref(), &folder).map_err(Failure::Request))?,
    };
    if flags.print_config {
        let text = config::in_force(&flags.settings, config.as_ref());
        return written(io::stdout().write_all(text.as_bytes())).map(|()| FINE);
    }
    let file = config.as_ref().map(|config| config.path.clone());
    let settings = flags.settings.clone().over(config.map(|config| config.settings).unwrap_or_default());
    // A file may ask for charts wherever they have a place; who types it wants to see them now.
    if flags.settings.plot == Some(true) && !settings.format().adds_charts() {
        let format = settings.format().name();
        return Err(Failure::Request(Error::Request(format!(
            "--plot adds charts to the table, and --format {format} has no place for them"
        ))));
    }
    if flags.compare {
        let paths = flags.paths().map_err(Failure::Request)?;
        return compare::run(&settings, &paths, flags.output.as_deref(), file.as_deref());
    }
    let allowed_by = file.as_ref().map(|path| path.display().to_string());
    let options =
        options(&settings, allowed_by.as_deref(), flags.write_baseline).map_err(Failure::Request)?;
    let found = input::find(&flags.paths().map_err(Failure::Request)?);
    if let Some(output) = &flags.output {
        keep(output, &found.entries, &settings, file.as_deref()).map_err(Failure::Request)?;
    }
    let Some(Read { analysis, complete, lost, cut }) = read(options, found).map_err(Failure::Request)? else {
        return Ok(UNUSABLE);
    };
    let joined = analysis.join();
    let code = settings.source_root.as_deref().map(|root| source_code(root, joined.sites()));
    let Outcome { report, baseline } = joined.judge(&code.unwrap_or_default());
    if report.processes.is_empty() && report.sites.is_empty() {
        complain("nothing is left of the inputs by --since, --until, --metric, --include and --exclude");
        return Ok(UNUSABLE);
    }
    let unreadable: u64 = report.inputs.iter().map(|i| i.unreadable_lines).sum();
    let strict = settings.strict.unwrap_or(false);
    let too_damaged = strict && unreadable > 0;
    let too_little = strict && lost + cut > 0;
    // The baseline is written before the report, whose reader may go away in the middle.
    if let Some(path) = settings
        .baseline
        .as_deref()
        .filter(|_| flags.write_baseline && complete && !too_damaged && !too_little)
    {
        baseline::write(path, baseline).map_err(Failure::Request)?;
    }
    written(write_report(&settings, flags.output.as_deref(), &report))?;
    if too_damaged {
        complain(&format!("{unreadable} line(s) could not be read, and --strict was given"));
        return Ok(UNUSABLE);
    }
    if too_little {
        complain(&format!("{} input(s) are incomplete, and --strict was given", lost + cut));
        return Ok(UNUSABLE);
    }
    if !complete {
        return Ok(UNUSABLE);
    }
    Ok(match settings.is_check() {
        true if report.findings.is_empty() => FINE,
        true => COMPLAINT,
        // Nobody looks at findings, and an input could not be used.
        false if lost > 0 => UNUSABLE,
        false => FINE,
    })
}

/// Returns what came of writing an output. A reader that has seen enough (`leakdiff … | head`) is no failure, and changes
/// nothing of what was found: the exit code is that of the analysis.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(Failure::Output),
    }
}

/// Refuses an output that would take the place of what is read: an input, the baseline, the configuration file.
fn keep(output: &Path, inputs: &[Entry], settings: &Settings, config: Option<&Path>) -> Result<(), Error> {
    let role = |role: &'static str| move |path| Kept { path: Some(path), role };
    let baseline = settings.baseline.as_deref().map(role("the baseline"));
    let config = config.map(role("the configuration file"));
    output::refuse(output, inputs.iter().map(Kept::input).chain(baseline).chain(config))
}

/// What the settings mean for the analysis, the baseline read.
fn options(settings: &Settings, config: Option<&str>, write_baseline: bool) -> Result<Options, Error> {
    let mut options = Options { accept: write_baseline, ..settings.options(config)? };
    match &settings.baseline {
        Some(path) => {
            options.baseline = Some((path.display().to_string(), baseline::read(path, write_baseline)?));
        }
        None if write_baseline => {
            return Err(Error::Request("--write-baseline needs a --baseline to write to".to_owned()));
        }
        None => {}
    }
    Ok(options)
}

fn write_report(settings: &Settings, path: Option<&Path>, report: &Report) -> io::Result<()> {
    let format = settings.format();
    if let Some(path) = path {
        let style = settings.style(&terminal::of_file());
        return output::write(path, |out| format.render(report, &style, out));
    }
    let style = settings.style(&terminal::of_standard_output(settings.colour()));
    let mut out = BufWriter::new(io::stdout().lock());
    format.render(report, &style, &mut out)?;
    out.flush()
}

/// A complaint on standard error, made safe: it may quote what stood in a log.
fn complain(message: &str) {
    let safe: Vec<String> = message.lines().map(crate::report::untrusted::for_terminal).collect();
    // Nothing can be done if standard error is closed.
    let _ = writeln!(io::stderr(), "leakdiff: {}", safe.join("\n"));
}
