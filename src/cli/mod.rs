//! The program: options, inputs, the chosen output, the exit code.

mod baseline;
mod bounded;
mod choices;
mod compare;
pub mod config;
mod exit;
mod flags;
mod follow;
mod generate;
pub mod layers;
mod output;
mod parsed;
mod progress;
mod reading;
mod replacement;
pub mod settings;
mod source_tree;
mod terminal;
mod usage;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use self::exit::{EXIT_ERROR, EXIT_FINDINGS, EXIT_OK, report_error, written};
use self::flags::Flags;
use self::layers::Layers;
use self::reading::{Read, read};
use self::settings::Settings;
use self::source_tree::judge;
use crate::analysis::{Options, Outcome};
use crate::error::Error;
use crate::input;
use crate::policy::Rule;
use crate::report::document::Report;
use clap::{ArgMatches, CommandFactory, FromArgMatches};

/// Runs the program on the process's own arguments.
#[must_use]
pub fn run() -> ExitCode {
    let matches = match Flags::command().try_get_matches() {
        Ok(matches) => matches,
        Err(wrong) => match usage::in_words(&wrong) {
            Some(message) => {
                report_error(&message);
                return ExitCode::from(EXIT_ERROR);
            }
            None => wrong.exit(),
        },
    };
    let flags = Flags::from_arg_matches(&matches).unwrap_or_else(|wrong| wrong.exit());
    match execute(&flags, &matches) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            report_error(&failure.to_string());
            ExitCode::from(EXIT_ERROR)
        }
    }
}

fn execute(flags: &Flags, matches: &ArgMatches) -> Result<u8, Error> {
    if let Some(what) = flags.generate {
        let result = what.write(Flags::command(), flags.output.as_deref());
        return written(flags.output.as_deref(), result).map(|()| EXIT_OK);
    }
    let config = match flags.no_config {
        true => None,
        false => {
            let folder = std::env::current_dir();
            let folder = folder.map_err(|cause| Error::Unreadable { path: ".".to_owned(), cause })?;
            config::find(flags.config.as_deref(), &folder)?
        }
    };
    let layers = Layers::new(&flags.settings, matches, config)?;
    let settings = layers.settings(&flags.settings)?;
    let settings =
        if layers.has_default("format") { settings.for_output(flags.output.as_deref()) } else { settings };
    if flags.print_config {
        let text = layers.printed(&settings);
        return written(None, io::stdout().write_all(text.as_bytes())).map(|()| EXIT_OK);
    }
    let file = layers.file().map(|file| file.path.as_path());
    // In a file it holds for outputs with a place for charts; on the command line it asks for them.
    if settings.plot && layers.is_typed("plot") && !settings.format().adds_charts() {
        let format = settings.format().name();
        return Err(Error::Usage {
            option: "--plot",
            expected: "an output with a place for charts, such as --format table".to_owned(),
            found: format!("--format {format}"),
        });
    }
    if flags.compare {
        let paths = flags.paths()?;
        return compare::run(&settings, &paths, flags.output.as_deref(), file);
    }
    let allowed_by = file.map(|path| path.display().to_string());
    let options = options(&settings, allowed_by.as_deref(), flags.write_baseline)?;
    if let Some(period) = &flags.follow {
        return follow::follow(&settings, &options, &flags.paths_of_files()?, period.value);
    }
    let accepted_before = options.baseline.as_ref().map(|(_, known)| known.clone()).unwrap_or_default();
    let found = input::find(&flags.paths()?);
    if let Some(output) = &flags.output {
        output::keep(output, &found.entries, &settings, file)?;
    }
    let Some(Read { analysis, complete, lost }) = read(options, found)? else {
        return Ok(EXIT_ERROR);
    };
    let joined = analysis.join()?;
    if flags.explain_input {
        let explained = |out: &mut dyn Write| crate::report::explain(joined.inputs(), out);
        let result = match &flags.output {
            Some(path) => output::write(path, explained),
            None => explained(&mut io::stdout().lock()),
        };
        written(flags.output.as_deref(), result)?;
        return Ok(if complete { EXIT_OK } else { EXIT_ERROR });
    }
    let Outcome { report, baseline } = judge(joined, settings.source_root.as_deref());
    if report.processes.is_empty() && report.sites.is_empty() {
        // Without filters it is the recording that has no values; a warning says why.
        let reason = report.warnings.first().filter(|_| !settings.filters());
        let filtered = "--since, --until, --metric, --include and --exclude leave nothing of the inputs";
        report_error(reason.map_or(filtered, |warning| &warning.message));
        return Ok(EXIT_ERROR);
    }
    let refusal = settings.strict.then(|| refusal(&report)).flatten();
    let is_usable = complete && refusal.is_none();
    // The baseline is written before the report, since the reader of the report may go away.
    let accepted = match settings.baseline.as_deref().filter(|_| flags.write_baseline && is_usable) {
        Some(path) => baseline::write(path, baseline, &accepted_before),
        None => Ok(()),
    };
    let result = write_report(&settings, flags.output.as_deref(), &report);
    written(flags.output.as_deref(), result).and(accepted)?;
    if let Some(message) = refusal {
        report_error(&message);
    }
    Ok(match settings.check {
        _ if !is_usable => EXIT_ERROR,
        true if report.findings.is_empty() => EXIT_OK,
        true => EXIT_FINDINGS,
        // Without a check findings do not count, but an input could not be used.
        false if lost > 0 => EXIT_ERROR,
        false => EXIT_OK,
    })
}

/// Returns the reason why `--strict` refuses a recording, if it does.
fn refusal(report: &Report) -> Option<String> {
    let unreadable: u64 = report.inputs.iter().map(|input| input.unreadable_lines).sum();
    let (mut incomplete, mut not_read) = (0, 0);
    for finding in report.findings.one_by_one() {
        incomplete += usize::from(finding.rule == Rule::IncompleteInput);
        not_read += usize::from(finding.rule == Rule::NotRead);
    }
    let reason = match (unreadable, incomplete, not_read) {
        (1.., ..) => format!("{unreadable} line(s) could not be read"),
        (0, 1.., _) => format!("{incomplete} input(s) are incomplete"),
        (0, 0, 1..) => format!("{not_read} form(s) of memory log are not read"),
        (0, 0, 0) => return None,
    };
    Some(format!("{reason}, and --strict was given"))
}

/// Returns the options of the analysis, with the baseline read.
fn options(settings: &Settings, config: Option<&str>, write_baseline: bool) -> Result<Options, Error> {
    let mut options = Options { accept: write_baseline, ..settings.options(config) };
    match &settings.baseline {
        Some(path) => {
            options.baseline = Some((path.display().to_string(), baseline::read(path, write_baseline)?));
        }
        None if write_baseline => {
            return Err(Error::Usage {
                option: "--write-baseline",
                expected: "a --baseline to write to".to_owned(),
                found: "none".to_owned(),
            });
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
