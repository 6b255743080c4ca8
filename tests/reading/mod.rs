//! A text read by one format, as tests look at it.
#![allow(dead_code, clippy::unwrap_used)]

use std::cell::Cell;
use std::sync::OnceLock;

use leakdiff::error::Notice;
use leakdiff::formats::{
    Claim, Damage, Dispatcher, FORMATS, Format, FormatFound, FormatOptions, Found, Line, LineParser, Parser,
    Sink, by_name,
};
use leakdiff::model::{ProcessReadings, Site, SiteReading, SiteTable, Snapshot, Subject, SubjectId, TimeRef};

/// The records that a format found in a text.
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
        Self::finish(dispatcher)
    }

    /// Reads a document that is no text.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::of_document(Dispatcher::new(None), bytes)
    }

    /// Reads a document that is no text with a dispatcher.
    pub fn of_document(mut dispatcher: Dispatcher, bytes: &[u8]) -> Self {
        dispatcher.read_bytes(bytes);
        Self::finish(dispatcher)
    }

    fn finish(mut dispatcher: Dispatcher) -> Self {
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
            // Two ways of reading may number times in another way.
            let time = self.seconds(snapshot.time);
            let snapshot = Snapshot { readings: 0..0, time: None, ..snapshot.clone() };
            format!("{time:?} {snapshot:?} {readings:#?}")
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
        let holds_any = |found: &FormatFound| found.records + found.damaged > 0;
        let formats = self.found.formats.iter().filter(|(_, found)| holds_any(found));
        let formats: Vec<String> =
            formats.map(|(format, found)| format!("{} {}", format.name, evidence(found))).collect();
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

thread_local! {
    /// The parser of the format that is read line by line: parsers are made by plain functions.
    static PARSER: Cell<fn(&FormatOptions) -> Parser> = const { Cell::new(FORMATS[0].parser) };
}

/// A dispatcher for all formats, of which one has no fast path.
pub fn without_fast_path(slow: &'static Format) -> Dispatcher {
    without_fast_path_of(slow.name, FORMATS, &FormatOptions::default())
}

/// A dispatcher for these formats, of which one has no fast path.
pub fn without_fast_path_of(slow: &str, formats: &[&'static Format], options: &FormatOptions) -> Dispatcher {
    /// All formats without their fast paths, in their order.
    static SLOW: OnceLock<Vec<Format>> = OnceLock::new();
    let parser = |options: &FormatOptions| match (PARSER.get())(options) {
        Parser::Lines(parser) => Parser::Lines(Box::new(LineByLine(parser))),
        document @ Parser::Document(_) => document,
    };
    let all = SLOW.get_or_init(|| {
        FORMATS
            .iter()
            .map(|Format { name, reads, example, detect, parser: _ }| Format {
                name,
                reads,
                example,
                detect: *detect,
                parser,
            })
            .collect()
    });
    let slow = all.iter().find(|format| format.name == slow).unwrap();
    PARSER.set(by_name(slow.name).unwrap().parser);
    let formats: Vec<&'static Format> =
        formats.iter().map(|format| if format.name == slow.name { slow } else { *format }).collect();
    Dispatcher::with_options(&formats, options)
}

/// A parser without its fast path.
struct LineByLine(Box<dyn LineParser>);

impl LineParser for LineByLine {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        self.0.line(line, out)
    }

    fn follows(&self) -> bool {
        self.0.follows()
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.0.end_of_lines(out);
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.0.finish(out);
    }
}

/// What a format found, but for the last line that it claimed: a note to itself, of a format without a fast path.
fn evidence(found: &FormatFound) -> String {
    let all = format!("{found:?}");
    all.split(", last_claimed").next().unwrap_or_default().to_owned()
}
