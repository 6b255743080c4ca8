//! `--follow`: a recording that goes on is judged again whenever it has grown.

use std::io::{self, Write};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use super::exit::{EXIT_OK, written};
use super::parsed::Period;
use super::reading::{Read, read};
use super::settings::Settings;
use super::source_tree::judge;
use super::terminal;
use crate::analysis::Options;
use crate::error::Error;
use crate::input::{self, Entry};
use crate::model::Moment;
use crate::report::document::{Report, Timestamp};
use crate::report::untrusted::no_command;
use crate::report::{Style, changes};

/// Reads the inputs every `period` and judges them if they changed. Writes the report of the first time, afterwards a
/// line for each verdict that is another one. Ends when its reader goes away.
///
/// # Errors
/// Those of the analysis, and [`Error::Unwritable`] if standard output cannot be written.
pub fn follow(
    settings: &Settings,
    options: &Options,
    paths: &[PathBuf],
    period: Period,
) -> Result<u8, Error> {
    if settings.format().name() != "table" {
        return Err(Error::Usage {
            option: "--follow",
            expected: "--format table, the output for people".to_owned(),
            found: format!("--format {}", settings.format().name()),
        });
    }
    // A period of many centuries is none that ends.
    let pause = Duration::try_from_secs_f64(period.0).unwrap_or(Duration::MAX);
    let mut judged: Option<Report> = None;
    let mut state = None;
    loop {
        let found = input::find(paths);
        let now = states(&found.entries);
        if state.as_ref() != Some(&now) {
            state = Some(now);
            // What cannot be read now has been said; it may be written later.
            if let Some(Read { analysis, .. }) = read(options.clone(), found)? {
                let report = judge(analysis.join()?, settings.source_root.as_deref()).report;
                let style = settings.style(&terminal::of_standard_output(settings.colour()));
                let result = say(settings, &style, judged.as_ref(), &report);
                if result.as_ref().is_err_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe) {
                    return Ok(EXIT_OK);
                }
                written(None, result)?;
                judged = Some(report);
            }
        }
        thread::sleep(pause);
    }
}

/// The name, the size and the time of writing of each input: what tells that it changed.
fn states(entries: &[Entry]) -> Vec<(String, Option<(u64, SystemTime)>)> {
    let facts = |entry: &Entry| {
        let facts = std::fs::metadata(entry.path()?).ok()?;
        Some((facts.len(), facts.modified().unwrap_or(SystemTime::UNIX_EPOCH)))
    };
    entries.iter().map(|entry| (entry.name().to_owned(), facts(entry))).collect()
}

/// Writes the first report, or the changes since the last one with the time.
fn say(settings: &Settings, style: &Style, before: Option<&Report>, report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match before {
        None => settings.format().render(report, style, &mut out)?,
        Some(before) => {
            let now = style.now_seconds.and_then(|seconds| Timestamp::new(Moment::from_seconds(seconds)));
            let now = now.map_or_else(String::new, |now| format!("{now}  "));
            for line in changes(before, report, style) {
                writeln!(out, "{}", no_command(&format!("{now}{line}")))?;
            }
        }
    }
    out.flush()
}
