//! From paths to an analysis that has read what they name.

use std::path::PathBuf;

use rayon::prelude::*;

use super::complain;
use super::progress::Progress;
use crate::analysis::{Analysis, Options, ReadSource};
use crate::error::{Error, Notice};
use crate::input::{self, Entry, Order, Room};

/// An analysis that has read its inputs.
pub struct Read {
    /// The analysis.
    pub analysis: Analysis,
    /// Whether all that was named could be used.
    pub complete: bool,
}

/// Reads what the paths name, and complains of what cannot be used; `None` if nothing could be.
///
/// # Errors
/// Those of [`Analysis::new`].
pub fn read(options: Options, paths: &[PathBuf]) -> Result<Option<Read>, Error> {
    let mut analysis = Analysis::new(options)?;
    let (entries, mut errors) = input::find(paths);
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
    Ok((read > 0).then(|| Read { analysis, complete: errors.is_empty() }))
}

/// Reads the entries, on all cores, and returns how many could be used. A file of a folder that holds nothing is
/// a warning; one that was named is an error.
fn read_all(entries: &[Entry], analysis: &mut Analysis, errors: &mut Vec<Error>) -> usize {
    let progress = Progress::new(entries.len());
    // With two cores for each input, one of them can unpack.
    let ahead = 2 * entries.len() <= rayon::current_num_threads();
    let reading = |room: &mut Room, entry: &Entry| {
        progress.at(entry.name());
        let read = read_entry(entry, analysis, room, ahead);
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

/// Reads one entry, piece by piece; of an archive `ahead`, if there is a core that can unpack meanwhile.
fn read_entry(
    entry: &Entry,
    analysis: &Analysis,
    room: &mut Room,
    ahead: bool,
) -> Result<(ReadSource, Vec<Notice>), Error> {
    let mut text = entry.open(std::mem::take(room))?;
    let mut reading = analysis.begin(entry.name());
    if ahead && text.is_packed() {
        text.read_ahead(|piece| reading.read(piece))?;
    } else {
        while let Some(piece) = text.next_piece()? {
            reading.read(piece);
        }
    }
    let (bytes, notices) = (text.bytes(), text.notices());
    *room = text.into_room();
    Ok((reading.finish(bytes), notices))
}
