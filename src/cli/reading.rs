//! From paths to an analysis that has read what they name.

use rayon::prelude::*;

use super::complain;
use super::progress::Progress;
use crate::analysis::{Analysis, Options, ReadSource};
use crate::error::{Error, Notice};
use crate::input::{self, Entry, Found, Order, Room};

/// An analysis that has read its inputs.
pub struct Read {
    /// The analysis.
    pub analysis: Analysis,
    /// Whether all that was named could be used.
    pub complete: bool,
    /// Files and folders within a folder that could not be read.
    pub lost: usize,
    /// Archives that broke off before their end.
    pub cut: usize,
}

/// Reads what was found, and complains of what cannot be used; `None` if nothing could be.
///
/// # Errors
/// Those of [`Analysis::new`].
pub fn read(options: Options, found: Found) -> Result<Option<Read>, Error> {
    let mut analysis = Analysis::new(options)?;
    let Found { entries, mut errors, mut lost } = found;
    if entries.len() > 1 {
        analysis.set_order(match input::order(&entries) {
            Order::AsGiven if entries.iter().all(Entry::is_named) => "as given",
            Order::AsGiven | Order::Natural => "in the natural order of their names",
        });
    }
    let Outcome { read, cut } = read_all(&entries, &mut analysis, &mut errors, &mut lost);
    errors.iter().chain(&lost).for_each(|error| complain(&error.to_string()));
    for error in &lost {
        if let Error::Unreadable { path, cause } = error {
            analysis.incomplete(path, &format!("cannot be read: {cause}"));
        }
    }
    Ok((read > 0).then(|| Read { analysis, complete: errors.is_empty(), lost: lost.len(), cut }))
}

/// How many entries could be used, and how many of all were archives that broke off.
struct Outcome {
    read: usize,
    cut: usize,
}

/// Reads the entries, on all cores. A file of a folder that holds no records is a warning and one that was named an error;
/// what cannot be read at all goes to the `errors` if it was named, else to what is `lost`.
fn read_all(
    entries: &[Entry],
    analysis: &mut Analysis,
    errors: &mut Vec<Error>,
    lost: &mut Vec<Error>,
) -> Outcome {
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
    let (mut read, mut cut) = (0, 0);
    let mut skipped = Vec::new();
    for (entry, read_entry) in entries.iter().zip(all) {
        let used = read_entry.and_then(|ReadEntry { source, notices, damage }| {
            if let Some(damage) = damage {
                cut += 1;
                // Whatever the beginning holds, growth may lie in the rest.
                analysis.incomplete(entry.name(), &damage);
            }
            for notice in notices {
                analysis.warn(Some(entry.name()), notice);
            }
            analysis.take(source)
        });
        match used {
            Ok(()) => read += 1,
            Err(error @ Error::Unreadable { .. }) if !entry.is_named() => lost.push(error),
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
    Outcome { read, cut }
}

/// An entry that was read.
struct ReadEntry {
    source: ReadSource,
    notices: Vec<Notice>,
    /// How the entry broke off, if it did.
    damage: Option<String>,
}

/// Reads one entry, piece by piece; of an archive `ahead`, if there is a core that can unpack meanwhile.
fn read_entry(entry: &Entry, analysis: &Analysis, room: &mut Room, ahead: bool) -> Result<ReadEntry, Error> {
    let mut text = entry.open(std::mem::take(room))?;
    let mut reading = analysis.begin(entry.name());
    if ahead && text.is_packed() {
        text.read_ahead(|piece| reading.read(piece))?;
    } else {
        while let Some(piece) = text.next_piece()? {
            reading.read(piece);
        }
    }
    let (bytes, notices, damage) = (text.bytes(), text.notices(), text.damage().map(str::to_owned));
    *room = text.into_room();
    Ok(ReadEntry { source: reading.finish(bytes), notices, damage })
}
