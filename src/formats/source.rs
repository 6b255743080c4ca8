//! All that was found in one source so far.

use foldhash::HashSet;

use crate::bounds::Bounds;
use crate::model::{Measured, ProcessReadings, Readings, Snapshot, SubjectId, Subjects, TimeRef};
use crate::time::{SourceTimes, Timestamps};

use super::around_record::{fields_at_end, without_cell_of_rank};
use super::date_lines::{DateLine, date_line};
use super::json_lines;
use super::look_behind::{LinesAbove, tail};
use super::notices::Notices;
use super::options::ColumnOptionsUsed;
use super::prefix::{PrefixId, Prefixes, Workers};
use super::prefix_template::PrefixTemplate;
use super::scope::{Scope, Section, TimeAbove};
use super::sections::Sections;
use super::unsupported::NotRead;

/// Longer prefixes are read in full each time.
const LONGEST_TEMPLATE: usize = 300;
/// Unclaimed text of earlier pieces that is kept.
const MOST_CARRIED: usize = 64 * 1024;
/// Lines above a record of which a stamp at the head is looked for.
const MOST_STAMPED_ABOVE: usize = 256;

/// The findings of a format in a source, for the explanation of the input.
#[derive(Debug, Clone, Default)]
pub struct FormatFound {
    /// The name of the format.
    pub(super) name: &'static str,
    /// Number of records.
    pub records: u64,
    /// Number of lines that are records and could not be read.
    pub damaged: u64,
    /// Number of those that are the last of the source and lack their end: it was still written to.
    pub(super) broken_off: u64,
    /// The first line that was claimed: its number and the beginning of its text.
    pub first: Option<(u64, String)>,
    /// The first line that was claimed, if no record was read yet: of a table, its header.
    pub(super) claimed: Option<(u64, String)>,
    /// The last line that was claimed.
    pub(super) last_claimed: u64,
}

/// The state of one source.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) timestamps: Timestamps,
    /// The times, once all lines were read.
    pub(super) times: Option<SourceTimes>,
    pub(super) above: TimeAbove,
    pub(super) prefixes: Prefixes,
    pub(super) workers: Workers,
    template: Option<PrefixTemplate>,
    pub(super) look_behind: LinesAbove,
    /// Unclaimed text of earlier pieces, not looked at yet, and the number of its first line.
    carried: String,
    carried_from: u64,
    pub(super) sections: Sections,
    pub(super) subjects: Subjects,
    pub(super) samples: ProcessReadings,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) readings: Readings,
    pub(super) notices: Notices,
    pub(super) formats: Vec<FormatFound>,
    /// The fields of a line that is an object, as `key=value`, and the text before it without its stamp.
    pub(super) object_fields: String,
    pub(super) before_object: String,
    /// The scope of all records of a line that is an object.
    whole_line: Option<Scope>,
    /// Limits of the subjects, by their numbers.
    pub(super) limits: Vec<Option<Measured>>,
    /// Subjects that are known from a program's own words alone, beside records of another format.
    pub(super) guessed: HashSet<SubjectId>,
    /// The options of columns that were of use.
    pub(super) columns_used: ColumnOptionsUsed,
    /// Counts of work: the time and the work done so far.
    pub(super) work: Vec<(Option<TimeRef>, f64)>,
    /// Whether stacks were folded into groups.
    pub(super) folds_stacks: bool,
    /// The last line, if it lacks its end.
    pub(super) cut_line: Option<u64>,
    /// Forms that are known by sight, and not read.
    pub(super) not_read: NotRead,
    /// For each subject, the number of dates above its last sample.
    dated: Vec<(u32, Section)>,
}

/// Unclaimed lines of the current piece, and the number of the first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unclaimed<'a> {
    pub(super) text: &'a str,
    pub(super) first: u64,
}

impl Source {
    /// Returns the state of a source of which nothing was read, for formats of these names. `formats` is that of an
    /// earlier source, whose memory is used again.
    pub(super) fn new(
        mut formats: Vec<FormatFound>,
        names: impl Iterator<Item = &'static str>,
        bounds: &Bounds,
    ) -> Self {
        formats.clear();
        formats.extend(names.map(|name| FormatFound { name, ..FormatFound::default() }));
        Self { formats, subjects: Subjects::bounded(bounds.subjects), ..Self::default() }
    }

    /// Returns the number of records so far.
    pub(super) fn records(&self) -> u64 {
        self.formats.iter().map(|found| found.records).sum()
    }

    /// Keeps the end of the unclaimed text of a piece for the next one.
    pub(super) fn carry(&mut self, unclaimed: Unclaimed<'_>) {
        if unclaimed.text.is_empty() {
            return;
        }
        let (kept, dropped) = tail(unclaimed.text, MOST_CARRIED);
        if self.carried.is_empty()
            || kept.len() < unclaimed.text.len()
            || self.carried.len() + kept.len() > 2 * MOST_CARRIED
        {
            self.carried.clear();
            self.carried_from = unclaimed.first + dropped;
        }
        self.carried.push_str(kept);
    }

    /// Whether lines above the current one may still tell something.
    pub(super) fn has_above(&self) -> bool {
        !self.carried.is_empty() || !self.look_behind.is_empty()
    }

    /// Looks at unclaimed lines: those that are dates give the time, the others are kept.
    pub(super) fn look_above(&mut self, unclaimed: Unclaimed<'_>) {
        if self.carried.is_empty() && unclaimed.text.is_empty() {
            return;
        }
        let carried = std::mem::take(&mut self.carried);
        // The last line that was looked at, or is a date.
        let mut seen = self.look_behind.last_number();
        let pieces = [(carried.as_str(), self.carried_from), (unclaimed.text, unclaimed.first)];
        let lines = pieces.iter().map(|(text, _)| memchr::memchr_iter(b'\n', text.as_bytes()).count()).sum();
        self.sections
            .begin_lines(lines, if carried.is_empty() { unclaimed.first } else { self.carried_from });
        for (text, first) in pieces {
            for (number, line) in (first..).zip(text.split_inclusive('\n')) {
                let line = line.trim_end_matches(['\n', '\r']);
                match date_line(line, &mut self.timestamps) {
                    Some(DateLine { time, rest }) => {
                        self.above.set_date(time);
                        if let Some(rest) = rest {
                            self.sections.line(number, &rest, self.above.times());
                            self.look_behind.push(number, &rest);
                        }
                        seen = number;
                    }
                    None => {
                        self.sections.line(number, line, self.above.times());
                        self.not_read.between(number, line);
                        self.look_behind.push(number, line);
                    }
                }
            }
        }
        let Self { look_behind, timestamps, above, prefixes, .. } = self;
        let fresh = look_behind.lines().rev().take_while(|(number, _)| *number > seen);
        let stamped =
            fresh.take(MOST_STAMPED_ABOVE).find_map(|(_, line)| Some((line, timestamps.stamp(line)?)));
        if let Some((line, stamp)) = stamped {
            let (left, right) = (line.get(..stamp.start).unwrap_or(""), line.get(stamp.end..).unwrap_or(""));
            above.set(stamp.time, prefixes.intern_message(left, right));
        }
        self.carried = carried;
        self.carried.clear();
    }

    /// Takes a line that equals the last date line but for the time of day; says whether it was one.
    pub(super) fn take_date_like_last(&mut self, line: &str) -> bool {
        let found = self.timestamps.repeated_date_line(line);
        found.into_iter().for_each(|time| self.above.set_date(time));
        found.is_some()
    }

    /// Returns the scope of a record that stands alone in its line.
    pub(super) fn scope_above(&self) -> Scope {
        self.above.scope(self.sections.current())
    }

    /// Returns the scope of a record that begins at a byte of its line.
    pub(super) fn scope(&mut self, line: &str, start: usize) -> Scope {
        if let Some(scope) = self.whole_line {
            return scope;
        }
        let before = line.get(..start).unwrap_or("");
        let stamp = before.bytes().any(|b| b.is_ascii_digit()).then(|| self.timestamps.stamp(line)).flatten();
        let stamp = stamp.filter(|stamp| stamp.end <= start);
        let (left, right) = stamp.map_or_else(
            || ("", without_cell_of_rank(before)),
            |stamp| (before.get(..stamp.start).unwrap_or(""), before.get(stamp.end..).unwrap_or("")),
        );
        let own = self.intern(left, right, line, start);
        // Only a record without a stamp may be a line of the message above.
        let has_fields = own != PrefixId::default() || stamp.is_some();
        let prefix = if has_fields { own } else { self.above.prefix };
        let above = self.scope_above();
        let scope = match stamp {
            Some(stamp) => {
                Scope { time: Some(stamp.time), stamped: true, stamp_end: stamp.end, prefix, ..above }
            }
            None => Scope { prefix, ..above },
        };
        if scope.time.is_none() {
            self.timestamps.note_untimed_record();
        }
        if before.len() <= LONGEST_TEMPLATE && !before.contains(['\\', '&']) {
            let template = self.template.get_or_insert_with(|| PrefixTemplate {
                text: Vec::new(),
                stamp: None,
                has_prefix: false,
                scope,
            });
            template.text.clear();
            template.text.extend_from_slice(before.as_bytes());
            template.stamp = stamp.map(|stamp| (stamp.start, stamp.end));
            template.scope = scope;
            template.has_prefix = has_fields;
        } else {
            self.template = None;
        }
        scope
    }

    /// Returns the prefix of a line: the text before byte `end`, without its stamp.
    pub(super) fn prefix(&mut self, line: &str, end: usize) -> PrefixId {
        let before = line.get(..end).unwrap_or("");
        let after = line.get(end..).unwrap_or("");
        if let Some(object) = json_lines::object(line, |text| text.contains(after.get(..3).unwrap_or(after)))
        {
            return self.prefix_of_object(line, object.start, &object.fields).1;
        }
        if !before.contains(char::is_alphanumeric) {
            return PrefixId::default();
        }
        let stamp = self.timestamps.stamp(line).filter(|stamp| stamp.end <= end);
        let (left, right) = stamp.map_or(("", before), |stamp| {
            (before.get(..stamp.start).unwrap_or(""), before.get(stamp.end..).unwrap_or(""))
        });
        self.intern(left, right, line, end)
    }

    /// Returns the prefix of a record that begins at a byte, with the fields after it.
    fn intern(&mut self, left: &str, right: &str, line: &str, start: usize) -> PrefixId {
        match fields_at_end(line, start) {
            "" => self.prefixes.intern(left, right),
            fields => self.prefixes.intern(left, &format!("{right} {fields}")),
        }
    }

    /// Returns the scope of a record that is the whole of its line, which may begin with a time: a row of a table.
    pub(super) fn row_scope(&mut self, line: &str) -> Scope {
        if let Some(scope) = self.whole_line {
            return scope;
        }
        match self.timestamps.stamp(line) {
            Some(stamp) => {
                let above = self.scope_above();
                Scope { time: Some(stamp.time), stamped: true, stamp_end: stamp.end, ..above }
            }
            None => self.unstamped_row_scope(),
        }
    }

    /// Returns the scope of a record that is the whole of its line and has no time of its own.
    pub(super) fn unstamped_row_scope(&mut self) -> Scope {
        if let Some(scope) = self.whole_line {
            return scope;
        }
        let above = self.scope_above();
        if above.time.is_none() {
            self.timestamps.note_untimed_record();
        }
        above
    }

    /// Reads the record of a line that begins as the last record's line did, or differs from it before the record in
    /// nothing but digits. `read` is given the bytes after the prefix. Returns the length of the prefix, the record and
    /// its scope.
    ///
    /// The text may go on after the line. A line without a record leaves no time.
    pub(super) fn record_like_last<T>(
        &mut self,
        text: &str,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<(usize, T, Scope)> {
        let above = self.above.scope(self.sections.current());
        let template = self.template.as_mut()?;
        let length = template.text.len();
        let bytes = text.as_bytes();
        let repeats = bytes.starts_with(&template.text);
        if !repeats && !template.is_like(bytes) {
            return None;
        }
        let record = read(&bytes[length..])?;
        if !repeats {
            let line = text.get(..memchr::memchr(b'\n', bytes)?)?;
            let stamp = template.stamp.is_some().then(|| self.timestamps.stamp(line)).flatten();
            if stamp.map(|stamp| (stamp.start, stamp.end)) != template.stamp {
                return None;
            }
            let before = line.get(..length)?;
            let (left, right) =
                template.stamp.map_or((Some(""), Some(without_cell_of_rank(before))), |(start, end)| {
                    (before.get(..start), before.get(end..))
                });
            let found = self.prefixes.intern(left?, right?);
            template.scope.prefix = found;
            template.has_prefix = found != PrefixId::default() || stamp.is_some();
            template.scope.time = stamp.map_or(template.scope.time, |stamp| Some(stamp.time));
            template.text.clear();
            template.text.extend_from_slice(before.as_bytes());
        }
        let Scope { time, stamped, stamp_end, prefix, .. } = template.scope;
        template.scope = Scope {
            time: if stamped { time } else { above.time },
            stamped,
            stamp_end,
            prefix: if template.has_prefix { prefix } else { above.prefix },
            ..above
        };
        Some((length, record, template.scope))
    }

    /// Begins a line that is an object from byte `start` on: all records in it have its time and its fields.
    pub(super) fn begin_object(&mut self, line: &str, start: usize, fields: &str) {
        let (time, prefix) = self.prefix_of_object(line, start, fields);
        let above = self.scope_above();
        self.object_fields.push_str(fields);
        self.whole_line = Some(Scope { time: time.or(above.time), stamped: time.is_some(), prefix, ..above });
        self.template = None;
    }

    /// Returns the time of a line that is an object, and its prefix: the text before it and its fields.
    fn prefix_of_object(&mut self, line: &str, start: usize, fields: &str) -> (Option<TimeRef>, PrefixId) {
        let (before, object) = line.split_at_checked(start).unwrap_or(("", line));
        let stamp = self.timestamps.stamp(line).or_else(|| self.timestamps.stamp(object));
        let (left, right) = match stamp {
            Some(stamp) if stamp.end <= start => {
                (before.get(..stamp.start).unwrap_or(""), before.get(stamp.end..).unwrap_or(""))
            }
            Some(_) => (before, ""),
            None => ("", before),
        };
        self.before_object.clear();
        self.before_object.extend([left, right]);
        (stamp.map(|stamp| stamp.time), self.prefixes.intern(left, &format!("{right}{fields}")))
    }

    /// Ends a line that is an object.
    pub(super) fn end_object(&mut self) {
        self.object_fields.clear();
        self.before_object.clear();
        self.whole_line = None;
    }

    /// Settles times and workers, now that all lines were read.
    pub(super) fn resolve(&mut self) {
        self.times = Some(std::mem::take(&mut self.timestamps).finish());
        self.workers = self.prefixes.resolve();
        self.part_by_sections();
    }

    /// Gives the records of each subject to one of each section, where they are of several: those that were added since
    /// the last call.
    pub(super) fn part_by_sections(&mut self) {
        let at = |time| self.times.as_ref()?.seconds(time);
        for (new, old) in self.sections.part(&mut self.samples, &mut self.subjects, at) {
            if self.guessed.contains(&old) {
                self.guessed.insert(new);
            }
            if let Some(limit) = self.limits.get(old.index()).copied() {
                self.limits.resize(self.limits.len().max(new.index() + 1), None);
                self.limits[new.index()] = limit;
            }
        }
    }

    /// Returns the time of a sample: a date above it is that of one sample of each subject below each heading,
    /// the next one has none.
    pub(super) fn sample_time(&mut self, subject: SubjectId, scope: Scope) -> Option<TimeRef> {
        if scope.stamped || scope.times_above == 0 {
            return scope.time;
        }
        let place = subject.index();
        if self.dated.len() <= place {
            self.dated.resize(place + 1, (0, Section::default()));
        }
        let now = (scope.times_above, scope.section);
        let before = std::mem::replace(&mut self.dated[place], now);
        if before == now { None } else { scope.time }
    }

    /// Returns the text of a line after its prefix, if it begins like the line of the last record.
    pub(super) fn after_prefix<'t>(&self, line: &'t str) -> Option<&'t str> {
        let template = self.template.as_ref().filter(|template| template.is_like(line.as_bytes()))?;
        line.get(template.text.len()..)
    }

    /// Forgets the unclaimed lines above.
    pub(super) fn forget_above(&mut self) {
        self.look_behind.clear();
        self.carried.clear();
    }
}
