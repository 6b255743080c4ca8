//! The command line: flags to options, sources to the chosen output, and the exit code.

mod baseline;
mod config;
mod flags;
mod generate;
mod given;
mod progress;
mod settings;
mod source_tree;
mod terminal;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use rayon::prelude::*;

use self::flags::Flags;
use self::progress::Progress;
use self::settings::Settings;
use self::source_tree::SourceTree;
use crate::analysis::{Analysis, Conclusion, Options, ReadSource};
use crate::error::{Error, Notice};
use crate::input::{self, Entry, Order, Room};
use crate::report::document::Report;

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
        // Whoever reads us has seen enough: `leakdiff … | head` is no failure.
        Err(Failure::Output(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(FINE),
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
        return what.write(flags.output.as_deref()).map(|()| FINE).map_err(Failure::Output);
    }
    let config = match flags.no_config {
        true => None,
        false => std::env::current_dir()
            .map_err(Failure::Output)
            .and_then(|folder| config::find(flags.config.as_deref(), &folder).map_err(Failure::Request))?,
    };
    if flags.print_config {
        let text = config::in_force(&flags.settings, config.as_ref());
        return io::stdout().write_all(text.as_bytes()).map(|()| FINE).map_err(Failure::Output);
    }
    let path = config.as_ref().map(|config| config.path.display().to_string());
    let settings = flags.settings.clone().over(config.map(|config| config.settings).unwrap_or_default());
    // A file may ask for charts wherever they have a place; who types it wants to see them now.
    if flags.settings.plot == Some(true) && !settings.format().adds_charts() {
        let format = settings.format().name();
        return Err(Failure::Request(Error::Request(format!(
            "--plot adds charts to the table, and --format {format} has no place for them"
        ))));
    }
    let options = options(&settings, path.as_deref(), flags.write_baseline).map_err(Failure::Request)?;
    let mut analysis = Analysis::new(options).map_err(Failure::Request)?;
    let paths = flags.paths().map_err(Failure::Request)?;
    let (entries, mut errors) = input::find(&paths);
    if entries.len() > 1 {
        analysis.set_order(match input::order(&entries) {
            Order::AsGiven if entries.iter().all(Entry::is_named) => "as given",
            Order::AsGiven | Order::Natural => "in the natural order of their names",
        });
    }
    let read = read_all(&entries, &mut analysis, &mut errors);
    for error in &errors {
        complain(&error.to_string());
    }
    if read == 0 {
        return Ok(UNUSABLE);
    }
    let source = settings.source_root.clone().map(SourceTree::new);
    let function_of = |file: &str, line: u32| source.as_ref()?.function(file, line);
    let Conclusion { mut report, baseline } = analysis.conclude(&function_of);
    if report.processes.is_empty() && report.sites.is_empty() {
        complain("nothing is left of the inputs by --since, --until, --metric, --include and --exclude");
        return Ok(UNUSABLE);
    }
    if let Some(source) = &source {
        source.annotate(&mut report);
    }
    write_report(&settings, flags.output.as_deref(), &report).map_err(Failure::Output)?;
    let unreadable: u64 = report.inputs.iter().map(|i| i.unreadable_lines).sum();
    if settings.strict.unwrap_or(false) && unreadable > 0 {
        complain(&format!("{unreadable} line(s) could not be read, and --strict was given"));
        return Ok(UNUSABLE);
    }
    if !errors.is_empty() {
        return Ok(UNUSABLE);
    }
    if let Some(path) = settings.baseline.as_deref().filter(|_| flags.write_baseline) {
        baseline::write(path, baseline).map_err(Failure::Request)?;
    }
    Ok(if settings.is_check() && !report.findings.is_empty() { COMPLAINT } else { FINE })
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

/// Reads the entries, on all cores, and returns how many could be used. A file of a folder that holds nothing is
/// a warning; one that was named is an error.
fn read_all(entries: &[Entry], analysis: &mut Analysis, errors: &mut Vec<Error>) -> usize {
    let progress = Progress::new(entries.len());
    let reading = |room: &mut Room, entry: &Entry| {
        progress.at(entry.name());
        let read = read_entry(entry, analysis, room);
        progress.read_one();
        read
    };
    // The order of the results is that of the entries, whoever was first.
    let all: Vec<_> = match entries {
        [only] => vec![reading(&mut Room::default(), only)],
        several => several.par_iter().map_init(Room::default, reading).collect(),
    };
    let mut read = 0;
    let mut skipped = Vec::new();
    for (entry, read_entry) in entries.iter().zip(all) {
        let used = read_entry.and_then(|(source, notices)| {
            for notice in notices {
                analysis.warn(Some(entry.name()), notice);
            }
            analysis.take(source)
        });
        match used {
            Ok(()) => read += 1,
            Err(error) if !entry.is_named() => skipped.push((entry.name(), error)),
            Err(error) => errors.push(error),
        }
    }
    progress.done();
    // Where nothing of a folder could be used, the reasons are the errors.
    for (name, error) in skipped {
        if read > 0 {
            let message = error.to_string();
            let message = message.strip_prefix(&format!("{name}: ")).unwrap_or(&message);
            let reason = message.lines().next().unwrap_or_default();
            analysis.warn(Some(name), Notice::whole(format!("left out: {reason}")));
        } else {
            errors.push(error);
        }
    }
    read
}

/// Reads one entry, piece by piece.
fn read_entry(
    entry: &Entry,
    analysis: &Analysis,
    room: &mut Room,
) -> Result<(ReadSource, Vec<Notice>), Error> {
    let mut text = entry.open(std::mem::take(room))?;
    let mut reading = analysis.begin(entry.name());
    while let Some(piece) = text.next_piece()? {
        reading.read(piece);
    }
    let (bytes, notices) = (text.bytes(), text.notices());
    *room = text.into_room();
    Ok((reading.finish(bytes), notices))
}

fn write_report(settings: &Settings, path: Option<&Path>, report: &Report) -> io::Result<()> {
    let format = settings.format();
    if let Some(path) = path {
        let style = settings.style(&terminal::of_file());
        let mut out = BufWriter::new(File::create(path)?);
        format.render(report, &style, &mut out)?;
        return out.flush();
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
