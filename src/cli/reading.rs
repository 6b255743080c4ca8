//! From the inputs that were found to an analysis that has read them.

use std::io;

use rayon::prelude::*;

use super::exit::report_error;
use super::progress::Progress;
use crate::analysis::{Analysis, Options, ReadSource};
use crate::bounds::{Bounds, DOCUMENT_BYTES};
use crate::error::{Error, Notice};
use crate::formats;
use crate::input::{self, Buffer, Content, Documents, Entry, Found, Order};
use crate::report::document::InputOrder;

/// An analysis that has read its inputs.
pub struct Read {
    /// The analysis.
    pub analysis: Analysis,
    /// Whether all named inputs could be used.
    pub complete: bool,
    /// Number of files and folders within a folder that could not be read.
    pub lost: usize,
}

/// Reads the inputs and reports those that cannot be used; `None` if none could be.
///
/// # Errors
/// Those of [`Analysis::new`].
pub fn read(options: Options, found: Found) -> Result<Option<Read>, Error> {
    let bounds = options.reading.bounds;
    let mut analysis = Analysis::new(options)?;
    let Found { entries, mut errors, mut lost } = input::expand(found, &bounds);
    if entries.len() > 1 {
        analysis.set_order(match input::order(&entries) {
            Order::AsGiven if entries.iter().all(Entry::is_named) => InputOrder::AsGiven,
            Order::AsGiven | Order::Natural => InputOrder::ByName,
        });
    }
    let read = read_all(&entries, &mut analysis, &bounds, &mut errors, &mut lost);
    errors.iter().chain(&lost).for_each(|error| report_error(&error.to_string()));
    analysis.within_bounds()?;
    for error in &lost {
        match error {
            Error::Unreadable { path, cause } => {
                analysis.incomplete(path, &format!("cannot be read: {cause}"));
            }
            Error::TooLarge { path, .. } | Error::UnpacksToMore { path, .. } => {
                let message = error.to_string();
                let reason = message.strip_prefix(&format!("{path}: ")).unwrap_or(&message);
                analysis.incomplete(path, reason);
            }
            _ => {}
        }
    }
    Ok((read > 0).then(|| Read { analysis, complete: errors.is_empty(), lost: lost.len() }))
}

/// Reads the entries on all cores and returns the number of those that could be used. A file without records is an
/// error if it was named, else a warning; a file that cannot be read goes to `errors` if it was named, else to `lost`.
fn read_all(
    entries: &[Entry],
    analysis: &mut Analysis,
    bounds: &Bounds,
    errors: &mut Vec<Error>,
    lost: &mut Vec<Error>,
) -> usize {
    let progress = Progress::new(entries.len());
    // With two cores for each input one of them can unpack.
    let ahead = 2 * entries.len() <= rayon::current_num_threads();
    let reading = |buffer: &mut Buffer, entry: &Entry| {
        progress.at(entry.name());
        let read = read_entry(entry, analysis, bounds, buffer, ahead);
        progress.read_one();
        read
    };
    // The order of the results is that of the entries.
    let all: Vec<_> = match entries {
        [only] => vec![reading(&mut Buffer::default(), only)],
        several => several.par_iter().map_init(Buffer::default, reading).collect(),
    };
    let mut read = 0;
    let mut skipped = Vec::new();
    for (entry, read_entry) in entries.iter().zip(all) {
        let used = read_entry.and_then(|ReadEntry { source, notices, damage }| {
            if let Some(damage) = damage {
                // Growth may lie in the lost part.
                analysis.incomplete(entry.name(), &damage);
            }
            for notice in notices {
                analysis.warn(Some(entry.name()), notice);
            }
            analysis.take(source)
        });
        match used {
            Ok(()) => read += 1,
            Err(
                error @ (Error::Unreadable { .. } | Error::TooLarge { .. } | Error::UnpacksToMore { .. }),
            ) if !entry.is_named() => {
                lost.push(error);
            }
            Err(error) if !entry.is_named() => skipped.push((entry.name(), error)),
            Err(error) => errors.push(error),
        }
    }
    progress.done();
    // Where nothing of a folder could be used, the reasons are the errors.
    for (name, error) in skipped {
        if read > 0 {
            match &error {
                Error::UnknownFormat { looks_like: Some(kind), .. }
                | Error::NotText { found: kind, may_hold_log: true, .. } => analysis.not_read(name, kind),
                // All of its records could not be read.
                Error::NoRecords { unreadable_lines: 1.., .. } | Error::TooLarge { .. } => {
                    analysis.incomplete(name, &reason_of(name, &error));
                }
                _ => {}
            }
            analysis.warn(Some(name), Notice::whole(format!("left out: {}", reason_of(name, &error))));
        } else {
            errors.push(error);
        }
    }
    read
}

/// Returns the first line of an error, without the name of the input.
fn reason_of(name: &str, error: &Error) -> String {
    let message = error.to_string();
    let message = message.strip_prefix(&format!("{name}: ")).unwrap_or(&message);
    message.lines().next().unwrap_or_default().to_owned()
}

/// An entry that was read.
struct ReadEntry {
    source: ReadSource,
    notices: Vec<Notice>,
    /// The reason why an archive ended early.
    damage: Option<String>,
}

/// Reads one entry, piece by piece; an archive on two threads if `ahead` is set.
fn read_entry(
    entry: &Entry,
    analysis: &Analysis,
    bounds: &Bounds,
    buffer: &mut Buffer,
    ahead: bool,
) -> Result<ReadEntry, Error> {
    let documents = Documents { wanted: formats::wants_bytes, most_bytes: DOCUMENT_BYTES };
    let mut text = entry.open(std::mem::take(buffer), documents, bounds)?;
    let mut reading = analysis.begin(entry.name());
    let mut look = |piece: Content<'_>| match piece {
        Content::Text(text) => reading.read(text),
        Content::Bytes(bytes) => reading.read_bytes(bytes),
    };
    let read = if ahead && text.is_packed() {
        text.read_ahead(look)
    } else {
        loop {
            match text.next_piece() {
                Ok(Some(piece)) if look(piece) => {}
                Ok(_) => break Ok(()),
                Err(error) => break Err(error),
            }
        }
    };
    read.map_err(|error| match text.damage() {
        // An archive is not empty because nothing could be unpacked before the damage.
        Some(damage) => unreadable(entry, &damage),
        None => error,
    })?;
    let (bytes, notices, damage) = (text.bytes(), text.notices(), text.damage());
    let written_seconds = text.written_seconds();
    *buffer = text.into_buffer();
    let source = reading.finish(bytes).written_at(written_seconds);
    Ok(ReadEntry { source, notices, damage })
}

fn unreadable(entry: &Entry, damage: &str) -> Error {
    Error::Unreadable { path: entry.name().to_owned(), cause: io::Error::other(damage.to_owned()) }
}
