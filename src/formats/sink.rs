//! The receiver of records: it knows their time, their worker and their place.

use crate::model::{
    Place, ProcessReadings, Readings, RecordOrder, SiteId, SiteTable, Snapshot, Subject, SubjectId,
    SubjectKind, TimeRef, Truncation, WrittenReading,
};
use crate::time::SourceTimes;

use super::line::{Damage, Line};
use super::look_behind::LinesAbove;
use super::options::ColumnOptionsUsed;
use super::prefix::{Observation, PrefixId, Worker};
use super::sample_entry::SampleEntry;
use super::scope::Scope;
use super::source::{Source, Unclaimed};

/// Receives the records of one source from the parsers of all formats.
#[derive(Debug)]
pub struct Sink<'a> {
    pub(super) source: &'a mut Source,
    pub(super) sites: &'a mut SiteTable,
    /// The place of the format that is being asked.
    pub(super) format: usize,
    /// Unclaimed lines of the piece above the current one, not looked at yet.
    pub(super) unclaimed: Unclaimed<'a>,
    /// Whether they were looked at.
    pub(super) looked_above: bool,
    /// The number of the current line.
    pub(super) line: u64,
}

impl Sink<'_> {
    /// Returns the time and the prefix of a record that begins at a byte of its line.
    pub fn scope(&mut self, line: Line<'_>, start: usize) -> Scope {
        self.look_above();
        self.source.scope(line.text, start)
    }

    /// Returns the scope of a record that is the whole of its line, which may begin with a time: a row of a table.
    pub fn row_scope(&mut self, line: Line<'_>) -> Scope {
        self.look_above();
        self.source.row_scope(line.text)
    }

    /// Returns the scope of a record that is the whole of its line and has no time of its own.
    pub fn unstamped_row_scope(&mut self) -> Scope {
        self.look_above();
        self.source.unstamped_row_scope()
    }

    /// Reads the record of a line that begins like the line of the last record; `read` is given the bytes after the
    /// prefix. Returns the length of the prefix, the record and its scope. The text may go on after the line. For
    /// [`super::LineParser::bulk`].
    pub fn record_like_last<T>(
        &mut self,
        text: &str,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<(usize, T, Scope)> {
        self.source.record_like_last(text, read)
    }

    /// Returns the scope of a record that stands alone in its line.
    pub fn bare_scope(&mut self) -> Scope {
        self.look_above();
        self.source.scope_above()
    }

    /// Returns the value of a field of the object that the current text is a part of, by one of some keys.
    #[must_use]
    pub fn object_field(&self, keys: &[&str]) -> Option<&str> {
        let fields = self.source.object_fields.split(' ').filter_map(|field| field.split_once('='));
        let mut named = fields.filter(|(key, value)| {
            let last = key.rsplit('.').next().unwrap_or(key);
            !value.is_empty() && keys.iter().any(|wanted| last.eq_ignore_ascii_case(wanted))
        });
        named.next().map(|(_, value)| value)
    }

    /// Returns the text before the object that the current text is a part of, without its stamp and signs around it.
    #[must_use]
    pub fn text_before_object(&self) -> &str {
        self.source.before_object.trim_matches(|c: char| !c.is_alphanumeric())
    }

    /// Notes that the current line holds a record, though its format does not claim it.
    pub fn note_record(&mut self) {
        self.source.sections.note_record(self.line);
    }

    /// Returns the number of the current line; in [`super::LineParser::bulk`], of the first.
    #[must_use]
    pub const fn line_number(&self) -> u64 {
        self.line
    }

    /// Takes the lines above that no format claimed and that are no dates. Each is taken once, so only a parser that
    /// claims the current line asks for them.
    pub fn take_above(&mut self) -> LinesAbove {
        self.look_above();
        std::mem::take(&mut self.source.look_behind)
    }

    /// Gives the memory of lines back that were taken.
    pub fn recycle(&mut self, mut above: LinesAbove) {
        above.clear();
        self.source.look_behind = above;
    }

    /// Returns the prefix of a line above: the text before byte `end`, without its stamp.
    pub fn prefix(&mut self, line: &str, end: usize) -> PrefixId {
        self.source.prefix(line, end)
    }

    /// Returns the text of a line after its prefix, if it begins like the line of the last record.
    #[must_use]
    pub fn after_prefix<'t>(&self, line: &'t str) -> Option<&'t str> {
        self.source.after_prefix(line)
    }

    /// Whether another line stands between the current one and the last that the format claimed.
    #[must_use]
    pub fn follows_a_gap(&self) -> bool {
        self.source.formats[self.format].last_claimed + 1 < self.line
    }

    /// Returns the number of the last line that the format claimed.
    #[must_use]
    pub fn last_claimed(&self) -> u64 {
        self.source.formats[self.format].last_claimed
    }

    /// Returns the number of the last line that a format claimed.
    #[must_use]
    pub fn record_above(&self) -> u64 {
        self.source.formats.iter().map(|found| found.last_claimed).max().unwrap_or(0)
    }

    /// Returns the number of dates above that no record followed.
    #[must_use]
    pub fn unused_dates(&self) -> u64 {
        self.source.above.unused + u64::from(self.source.above.waits)
    }

    /// Returns the seconds from one time to another, by the evidence so far; `None` where one of them is unknown, or
    /// they are of clocks that do not compare.
    #[must_use]
    pub fn seconds_between(&self, from: TimeRef, to: TimeRef) -> Option<f64> {
        self.source.timestamps.seconds_between(from, to)
    }

    /// Returns the seconds from the first time of the source to another, by the evidence so far.
    #[must_use]
    pub fn seconds_so_far(&self, time: TimeRef) -> Option<f64> {
        self.source.timestamps.seconds_between(TimeRef::new(0)?, time)
    }

    /// Returns a time in seconds on the clock of the source; `None` where it is unknown, and before the source ends.
    #[must_use]
    pub fn seconds(&self, time: TimeRef) -> Option<f64> {
        self.source.times.as_ref()?.seconds(time)
    }

    /// Returns the order of the records. Known when the source ends.
    #[must_use]
    pub fn order(&self) -> RecordOrder {
        self.source.times.as_ref().map_or(RecordOrder::AsWritten, SourceTimes::order)
    }

    /// Returns the time that a field of a record gives in seconds since 1970; `None` if no recording can be of that
    /// time.
    pub fn epoch_seconds(&mut self, seconds: f64) -> Option<TimeRef> {
        self.source.timestamps.epoch_seconds(seconds)
    }

    /// Returns the time that a field of a record gives in seconds since a start.
    pub fn elapsed_seconds(&mut self, seconds: f64) -> Option<TimeRef> {
        self.source.timestamps.elapsed_seconds(seconds)
    }

    /// Returns the place of a record on a count of work that it gives: of instructions, or of bytes.
    pub fn work(&mut self, count: f64) -> Option<TimeRef> {
        self.source.timestamps.work(count)
    }

    /// Returns the time of a text that is known to be a date, with a time of day or without.
    pub fn date(&mut self, text: &str) -> Option<TimeRef> {
        self.source.timestamps.date(text)
    }

    /// Returns the time of a text that is wholly a stamp of any notation.
    pub fn stamp(&mut self, text: &str) -> Option<TimeRef> {
        self.source.timestamps.stamp(text).filter(|stamp| stamp.end == text.len()).map(|stamp| stamp.time)
    }

    /// Notes that a record stands after a prefix, so that workers can be told apart by it.
    pub fn observe(&mut self, observation: Observation) {
        self.source.prefixes.observe(observation);
    }

    /// Returns whether a record after a prefix is of use to tell workers apart; [`Self::observe`] ignores others.
    #[must_use]
    pub fn learns_from(&self, prefix: PrefixId) -> bool {
        self.source.prefixes.learns_from(prefix)
    }

    /// Returns the worker that wrote the lines with a prefix, where the source has several. Known when the source ends.
    #[must_use]
    pub fn worker(&self, prefix: PrefixId) -> Option<&Worker> {
        self.source.workers.of(prefix)
    }

    /// Returns a number that is the same for all prefixes of one worker, whatever its process id; 0 where the source
    /// has one worker. Known when the source ends.
    #[must_use]
    pub fn worker_number(&self, prefix: PrefixId) -> u32 {
        self.source.workers.number(prefix)
    }

    /// Returns the number of the heap of the worker that wrote the lines with a prefix, where that is known.
    pub fn heap(&mut self, prefix: PrefixId) -> Option<SubjectId> {
        let Worker { name, pid } = self.source.workers.of(prefix)?.clone();
        let id = pid.map(|pid| pid.to_string());
        Some(self.subject(Subject { kind: SubjectKind::Heap, name, id, parent: None }))
    }

    /// Returns the number of a subject.
    pub fn subject(&mut self, subject: Subject) -> SubjectId {
        self.source.subjects.intern(subject)
    }

    /// Whether a subject was met in this source.
    #[must_use]
    pub fn has_subject(&self, subject: &Subject) -> bool {
        self.source.subjects.contains(subject)
    }

    /// Returns the subject of a number.
    #[must_use]
    pub fn subject_of(&self, number: SubjectId) -> Option<&Subject> {
        self.source.subjects.get(number)
    }

    /// Returns the number of a site.
    pub fn site(&mut self, place: Place) -> SiteId {
        self.sites.intern(place)
    }

    /// Returns the name of a site that is a type of objects.
    #[must_use]
    pub fn type_name(&self, site: SiteId) -> Option<&str> {
        match self.sites.place(site) {
            Place::Type(name) => Some(name),
            _ => None,
        }
    }

    /// Returns the names of the other formats that found records in the source.
    pub fn formats_with_records(&self) -> impl Iterator<Item = &'static str> {
        let others = self.source.formats.iter().enumerate().filter(|(place, _)| *place != self.format);
        others.filter(|(_, found)| found.records > 0).map(|(_, found)| found.name)
    }

    /// Returns the number of samples of the subject that has the most of them so far.
    #[must_use]
    pub fn most_samples(&self) -> usize {
        self.source.samples.most_of_one()
    }

    /// Notes that a subject is known from a program's own words alone, beside records of another format.
    pub fn note_guessed(&mut self, subject: Subject) {
        let number = self.subject(subject);
        self.source.guessed.insert(number);
    }

    /// Notes the first line of records that are handed over when the source ends: its number and its text.
    pub fn note_first_line(&mut self, line: u64, text: &str) {
        self.source.formats[self.format].first = Some((line, text.to_owned()));
    }

    /// Whether the first line of the format's records is noted.
    #[must_use]
    pub fn has_first_line(&self) -> bool {
        self.source.formats[self.format].first.is_some()
    }

    /// Counts records of the current line, or of the lines that were read in bulk.
    pub fn count_records(&mut self, records: u64) {
        self.source.above.waits = false;
        self.source.formats[self.format].records += records;
    }

    /// Notes a form of memory log that is known by sight, and not read.
    pub fn note_not_read(&mut self, line: u64, kind: String) {
        self.source.not_read.add(line, kind);
    }

    /// Begins a sample of a subject, at the time of the current line. It is complete when it is pushed.
    pub fn sample(&mut self, line: Line<'_>, subject: Subject) -> SampleEntry<'_> {
        let scope = self.row_scope(line);
        self.sample_in(line, subject, scope)
    }

    /// Begins a sample of a subject in a scope that was asked for before.
    pub fn sample_in(&mut self, line: Line<'_>, subject: Subject, scope: Scope) -> SampleEntry<'_> {
        let number = self.subject(subject);
        let time = self.source.sample_time(number, scope);
        self.begin_sample(line, number, time)
    }

    /// Begins a sample of a subject at a time that the record itself gives.
    pub fn sample_at(&mut self, line: Line<'_>, subject: Subject, time: Option<TimeRef>) -> SampleEntry<'_> {
        let number = self.subject(subject);
        self.begin_sample(line, number, time)
    }

    /// Begins a sample of a subject whose lines were counted when they were read: values of several lines were gathered
    /// for it.
    pub fn gathered_sample(&mut self, line: u64, subject: Subject, scope: Scope) -> SampleEntry<'_> {
        let number = self.subject(subject);
        let time = self.source.sample_time(number, scope);
        self.entry(line, number, time)
    }

    /// The same, at a time that the record itself gives.
    pub fn gathered_sample_at(
        &mut self,
        line: u64,
        subject: Subject,
        time: Option<TimeRef>,
    ) -> SampleEntry<'_> {
        let number = self.subject(subject);
        self.entry(line, number, time)
    }

    fn begin_sample(&mut self, line: Line<'_>, number: SubjectId, time: Option<TimeRef>) -> SampleEntry<'_> {
        self.count_records(1);
        self.entry(line.number, number, time)
    }

    const fn entry(&mut self, line: u64, number: SubjectId, time: Option<TimeRef>) -> SampleEntry<'_> {
        SampleEntry {
            samples: &mut self.source.samples,
            limits: &mut self.source.limits,
            subject: number,
            time,
            line,
            values: Vec::new(),
        }
    }

    /// Begins a list of sites of a subject, at the time of the current line.
    pub fn begin_list(&mut self, line: Line<'_>, subject: Subject, truncation: Truncation) {
        let scope = self.row_scope(line);
        let subject = Some(self.subject(subject));
        let row = self.source.readings.len();
        self.source.snapshots.push(Snapshot {
            time: scope.time,
            dialect: crate::model::Dialect::Statistic,
            readings: row..row,
            truncation,
            subject,
            line: line.number,
        });
    }

    /// Adds a site to the list that was begun last.
    pub fn list_site(&mut self, reading: &WrittenReading) {
        self.source.readings.push(reading);
        self.count_records(1);
        let end = self.source.readings.len();
        if let Some(last) = self.source.snapshots.last_mut() {
            last.readings.end = end;
        }
    }

    /// Adds samples that were gathered by the parser, with the numbers of this sink's subjects and times.
    pub fn add_samples(&mut self, samples: ProcessReadings) {
        self.source.samples.append(samples);
    }

    /// Adds snapshots that were gathered by the parser, with their readings.
    pub fn add_snapshots(&mut self, snapshots: Vec<Snapshot>, readings: Readings) {
        let shift = self.source.readings.len();
        self.source.readings.append(readings);
        self.source.snapshots.extend(snapshots.into_iter().map(|snapshot| {
            let rows = snapshot.readings.start + shift..snapshot.readings.end + shift;
            Snapshot { readings: rows, ..snapshot }
        }));
    }

    /// Reports a record of a line that could not be read, where the rest of the line could.
    pub fn damaged(&mut self, line: u64, damage: Damage) {
        self.count_damaged(line);
        let Damage { column, message } = damage;
        self.source.notices.of_line(line, || match column {
            Some(column) => format!("column {column}: {message}"),
            None => message,
        });
    }

    /// Reports a record of a line that could not be read from byte `at` of its text, where the rest of the line could.
    pub fn damaged_at(&mut self, line: u64, text: &str, at: usize, message: &str) {
        self.count_damaged(line);
        self.source.notices.of_line(line, || {
            let column = text.get(..at).unwrap_or(text).chars().count() + 1;
            format!("column {column}: {message}")
        });
    }

    /// Counts a record of a line that could not be read, for a reason that was reported of another line.
    pub fn damaged_alike(&mut self) {
        self.count_damaged(self.line);
    }

    fn count_damaged(&mut self, line: u64) {
        self.source.above.waits = false;
        let found = &mut self.source.formats[self.format];
        found.damaged += 1;
        found.broken_off += u64::from(self.source.cut_line == Some(line));
    }

    /// Notes the options of columns that were of use; [`crate::analysis::Analysis`] reports those that never were.
    pub const fn used_columns(&mut self, used: ColumnOptionsUsed) {
        self.source.columns_used.add(used);
    }

    /// Notes that stacks were folded into the groups that the user asked for.
    pub const fn fold_stacks(&mut self) {
        self.source.folds_stacks = true;
    }

    /// Reports an assumption about the source as a whole.
    pub fn note(&mut self, message: impl Into<String>) {
        self.source.notices.of_source(message);
    }

    /// Reports an assumption about one line.
    pub fn note_line(&mut self, line: u64, message: impl Into<String>) {
        self.source.notices.of_line(line, || message.into());
    }

    fn look_above(&mut self) {
        self.looked_above = true;
        self.source.look_above(std::mem::take(&mut self.unclaimed));
    }
}
