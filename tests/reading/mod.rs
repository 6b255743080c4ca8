//! A text read by one format, as tests look at it.
#![allow(dead_code, clippy::unwrap_used)]

use leakdiff::error::Notice;
use leakdiff::formats::{Dispatcher, Found, by_name};
use leakdiff::model::{ProcessReadings, Site, SiteReading, SiteTable, Snapshot, Subject, SubjectId, TimeRef};

/// What a format found in a text.
pub struct Read {
    pub snapshots: Vec<Snapshot>,
    pub notices: Vec<Notice>,
    pub unreadable_lines: u64,
    pub found: Found,
    sites: SiteTable,
}

impl Read {
    /// Reads `text` in one piece.
    pub fn of(format: &str, text: &str) -> Self {
        Self::in_pieces(format, &[text])
    }

    /// Reads pieces, each of whole lines, one after the other.
    pub fn in_pieces(format: &str, pieces: &[&str]) -> Self {
        Self::by(Dispatcher::new(by_name(format)), pieces)
    }

    /// Reads pieces, each of whole lines, with a dispatcher.
    pub fn by(mut dispatcher: Dispatcher, pieces: &[&str]) -> Self {
        pieces.iter().for_each(|piece| dispatcher.read(piece));
        let found = dispatcher.finish();
        Self {
            snapshots: found.records.snapshots.clone(),
            notices: found.notices.clone(),
            unreadable_lines: found.unreadable_lines(),
            found,
            sites: dispatcher.into_sites(),
        }
    }

    /// Everything that was found, in words.
    pub fn described(&self) -> Vec<String> {
        let snapshots = self.snapshots.iter().map(|snapshot| {
            let named =
                |r: &SiteReading| format!("{} {:?} {:?} {:?}", self.name(r), r.size, r.blocks, r.change);
            let readings: Vec<String> = self.readings(snapshot).iter().map(named).collect();
            format!(
                "{:?} {:?} {readings:#?}",
                Snapshot { readings: 0..0, ..snapshot.clone() },
                snapshot.readings.len()
            )
        });
        let samples = (0..self.samples().len()).map(|index| {
            let subject = self.found.records.subjects.get(self.samples().subject(index));
            let values: Vec<String> =
                self.samples().values(index).map(|(metric, value)| format!("{metric} {value:?}")).collect();
            format!(
                "{:?} {subject:?} line {} {values:?}",
                self.seconds(self.samples().time(index)),
                self.samples().line(index)
            )
        });
        let notices = self.notices.iter().map(|notice| format!("{notice:?}"));
        let formats: Vec<String> =
            self.found.formats.iter().map(|(format, found)| format!("{} {found:?}", format.name)).collect();
        let whole = format!("{:?} {formats:?}", self.found.times.base());
        snapshots.chain(samples).chain(notices).chain([whole]).collect()
    }

    /// The readings of a snapshot.
    pub fn readings(&self, snapshot: &Snapshot) -> Vec<SiteReading> {
        snapshot.readings.clone().map(|row| self.found.records.readings.get(row)).collect()
    }

    /// The number of readings of each snapshot.
    pub fn lengths(&self) -> Vec<usize> {
        self.snapshots.iter().map(|snapshot| snapshot.readings.len()).collect()
    }

    /// The name of a reading's site.
    pub fn name(&self, reading: &SiteReading) -> String {
        Site::of(self.sites.place(reading.site).clone()).text()
    }

    /// The samples of processes.
    pub fn samples(&self) -> &ProcessReadings {
        &self.found.records.samples
    }

    /// A time in seconds on the clock of the source.
    pub fn seconds(&self, time: Option<TimeRef>) -> Option<f64> {
        time.and_then(|time| self.found.times.seconds(time))
    }

    /// The name of a subject, else its id; `-` where it has neither.
    pub fn subject(&self, subject: Option<SubjectId>) -> String {
        let subject: Option<&Subject> = subject.and_then(|number| self.found.records.subjects.get(number));
        let Some(Subject { name, id, .. }) = subject else { return "-".to_owned() };
        name.as_deref().or(id.as_deref()).unwrap_or("-").to_owned()
    }
}
