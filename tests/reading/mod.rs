//! A text read by one format, as tests look at it.
#![allow(dead_code, clippy::unwrap_used)]

use leakdiff::formats::{Desk, Line, Parsed, by_name};
use leakdiff::model::{Site, SiteReading, SiteTable, Snapshot};

/// What a format found in a text.
pub struct Read {
    parsed: Parsed,
    sites: SiteTable,
}

impl Read {
    /// Reads `text` in one piece.
    pub fn of(format: &str, text: &str) -> Self {
        Self::in_pieces(format, &[text])
    }

    /// Reads pieces, each of whole lines, one after the other.
    pub fn in_pieces(format: &str, pieces: &[&str]) -> Self {
        let mut desk = Desk::new(by_name(format));
        pieces.iter().for_each(|piece| desk.read(piece));
        let (_, parsed) = desk.finish().formats.pop().unwrap();
        Self { parsed, sites: desk.into_sites() }
    }

    /// Reads line by line, each by the grammar, none at a glance.
    pub fn slowly(format: &str, text: &str) -> Self {
        let mut reader = by_name(format).unwrap().reader();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            let text = line.trim_end_matches('\n');
            reader.read(Line { text, number, ended: text.len() < line.len() });
        }
        Self { parsed: reader.finish(), sites: reader.into_sites() }
    }

    /// All that was found, in words.
    pub fn told(&self) -> Vec<String> {
        let snapshots = self.parsed.snapshots.iter().map(|snapshot| {
            let named =
                |r: &SiteReading| format!("{} {:?} {:?} {:?}", self.name(r), r.size, r.blocks, r.change);
            let readings: Vec<String> = self.readings(snapshot).iter().map(named).collect();
            format!(
                "{:?} {:?} {readings:#?}",
                Snapshot { readings: 0..0, ..snapshot.clone() },
                snapshot.readings.len()
            )
        });
        let notices = self.parsed.notices.iter().map(|notice| format!("{notice:?}"));
        snapshots.chain(notices).collect()
    }

    /// The readings of a snapshot.
    pub fn readings(&self, snapshot: &Snapshot) -> Vec<SiteReading> {
        snapshot.readings.clone().map(|row| self.parsed.readings.get(row)).collect()
    }

    /// How many readings each snapshot has.
    pub fn lengths(&self) -> Vec<usize> {
        self.parsed.snapshots.iter().map(|snapshot| snapshot.readings.len()).collect()
    }

    /// What a reading's site is called.
    pub fn name(&self, reading: &SiteReading) -> String {
        Site::of(self.sites.place(reading.site).clone()).text()
    }
}

impl std::ops::Deref for Read {
    type Target = Parsed;

    fn deref(&self) -> &Parsed {
        &self.parsed
    }
}
