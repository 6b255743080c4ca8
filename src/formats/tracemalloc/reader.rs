//! Lines to records, and records to snapshots.

use std::borrow::Cow;

use memchr::memchr;
use memchr::memmem::{self, Finder};

use super::fast_path;
use super::line::{self, Found, Statistic};
use super::prefix_template::PrefixTemplate;
use super::recipe;
use super::record_log::{Gap, Kind, RecordContext, RecordLog, Run};
use super::site_cache::SiteCache;
use super::split::{self, Start};
use super::traceback;
use super::worker::worker;
use crate::error::Notice;
use crate::formats::waiting::Waiting;
use crate::formats::{Line, Parsed, RecordReader, Taken};
use crate::model::{
    Dialect, Frame, Moment, Place, Readings, SiteId, SiteTable, Snapshot, Truncation, WrittenReading,
};
use crate::time::Clock;

/// Reads source after source, and remembers the sites that it met.
#[derive(Default)]
pub struct Reader {
    sites: SiteCache,
    signs: Signs,
    source: Source,
}

/// What was read of one source, and what a line may depend on.
#[derive(Default)]
struct Source {
    log: RecordLog,
    clock: Clock,
    notices: Vec<Notice>,
    unreadable_lines: u64,
    gap: Gap,
    /// Lines without a record since the last one.
    others: Waiting,
    /// The time of the last line without a record, for records that carry none themselves.
    heading_at: Option<Moment>,
    /// What a heading since the last record said: `Top 10` says that a list may be cut at ten.
    declared: Option<u32>,
    /// Whether the line before named a place whose source line may follow.
    source_may_follow: bool,
    /// Tracebacks, with the row that each belongs to.
    stacks: Vec<(usize, Vec<Frame>)>,
    /// What stands before the sites.
    template: Option<PrefixTemplate>,
}

/// What was found in a line.
enum Record {
    Reading(Dialect, WrittenReading),
    Other(Kind),
}

impl RecordReader for Reader {
    fn take(&mut self, text: &str, number: u64) -> Taken {
        let Self { sites, source, .. } = self;
        let mut taken = Taken::default();
        let Some(mut template) = source.template.take() else { return taken };
        while let Some(bytes) =
            source.take_line(&text[taken.bytes..], number + taken.lines, &mut template, sites)
        {
            taken.bytes += bytes;
            taken.lines += 1;
        }
        source.template = Some(template);
        taken
    }

    fn pass(&mut self, _: Line<'_>) {
        // Another format's record has no heading, and its time is its own.
        self.source.gap.text = true;
        self.source.source_may_follow = false;
    }

    fn read(&mut self, line: Line<'_>) {
        let Self { sites, signs, source } = self;
        if !signs.stand_in(line.text) {
            source.others.push(line);
            return;
        }
        source.look_back();
        let before = (source.log.count(), source.unreadable_lines);
        source.read_records(line, sites);
        if before == (source.log.count(), source.unreadable_lines) {
            source.others.push(line);
        }
    }

    fn finish(&mut self) -> Parsed {
        let Self { sites, source, .. } = self;
        std::mem::take(source).finish(sites)
    }

    fn into_sites(self: Box<Self>) -> SiteTable {
        self.sites.into_sites()
    }
}

/// What stands in every line that holds a record; looked for in each line of a log, so prepared once.
struct Signs([Finder<'static>; 3]);

impl Default for Signs {
    fn default() -> Self {
        Self(["size=", " KiB", " memory blocks: "].map(Finder::new))
    }
}

impl Signs {
    /// Whether a line can hold a record at all: a cheap look before the grammar.
    fn stand_in(&self, line: &str) -> bool {
        self.0.iter().any(|sign| sign.find(line.as_bytes()).is_some())
    }
}

impl Source {
    /// Takes a line that begins as usual, names a sites site and has its numbers as CPython prints them; returns its
    /// length.
    fn take_line(
        &mut self,
        text: &str,
        number: u64,
        template: &mut PrefixTemplate,
        sites: &mut SiteCache,
    ) -> Option<usize> {
        let bytes = text.as_bytes();
        if !template.begins(bytes) {
            let end = memchr(b'\n', bytes)?;
            if !template.resembles(&bytes[..end]) || !template.adopt(&text[..end], &mut self.clock) {
                return None;
            }
        }
        let (site, length) = sites.lookup(&bytes[template.len()..])?;
        let behind = template.len() + length;
        let numbers = fast_path::numbers(&bytes[behind..])?;
        if !self.log.readings.push_printed(
            site,
            numbers.size,
            numbers.blocks,
            numbers.average,
            numbers.change,
        ) {
            return None;
        }
        if !self.others.is_empty() {
            self.look_back();
        }
        self.source_may_follow = false;
        let context = RecordContext {
            dialect: if numbers.change.is_some() { Dialect::Difference } else { Dialect::Statistic },
            at: template.at.or(self.heading_at),
            worker: template.worker,
            line: number,
        };
        self.log.surround_last(&context, std::mem::take(&mut self.gap), self.declared.take());
        Some(behind + numbers.length)
    }

    fn read_records(&mut self, line: Line<'_>, sites: &mut SiteCache) {
        self.source_may_follow = false;
        let number = line.number;
        let printed = as_printed(line.text);
        let mut found = Vec::new();
        line::statistics(&printed, |item| found.push(item));
        let mut named = None;
        let statistics = found.len();
        for item in found {
            match item {
                Found::Statistic(statistic) => {
                    let dialect = statistic.dialect();
                    let Statistic { place, named: text, numbers } = statistic;
                    let site = sites.intern(place);
                    let reading = WrittenReading {
                        site,
                        size: numbers.size,
                        average: numbers.average,
                        blocks: Some(numbers.blocks),
                        change: numbers.change,
                    };
                    let before_site = text.as_ref().map(|text| text.start);
                    self.push(&printed, number, before_site, Record::Reading(dialect, reading));
                    named = text.map(|text| (text, site));
                }
                Found::Damaged { column, message } => {
                    self.unreadable_lines += 1;
                    self.notices
                        .push(Notice { line: number, message: format!("column {column}: {message}") });
                    self.push(&printed, number, None, Record::Other(Kind::Damaged));
                }
                Found::Others => self.push(&printed, number, None, Record::Other(Kind::Others)),
                Found::Total => self.push(&printed, number, None, Record::Other(Kind::Total)),
            }
        }
        let records = self.log.count();
        if memmem::find(printed.as_bytes(), b" memory blocks: ").is_some() {
            self.read_traceback(&printed, number);
        } else if memmem::find(printed.as_bytes(), b" KiB").is_some() {
            self.read_recipe(&printed, number, sites);
        }
        let alone = statistics == 1 && records == self.log.count() && matches!(printed, Cow::Borrowed(_));
        if let Some((text, site)) = named.filter(|_| alone) {
            self.learn(line.text, text, site, sites);
        }
    }

    fn read_traceback(&mut self, line: &str, number: u64) {
        let Some((blocks, size)) = traceback::head(line) else { return };
        self.stacks.push((self.log.readings.len(), Vec::new()));
        let site = SiteId(0);
        let reading = WrittenReading { site, size, average: None, blocks: Some(blocks), change: None };
        self.push(line, number, None, Record::Reading(Dialect::Traceback, reading));
    }

    fn read_recipe(&mut self, line: &str, number: u64, sites: &mut SiteCache) {
        let mut found = Vec::new();
        recipe::entries(line, |item| found.push(item));
        for item in found {
            match item {
                recipe::Found::Entry { place, size } => {
                    self.source_may_follow = true;
                    let site = sites.intern(place);
                    let reading = WrittenReading { site, size, average: None, blocks: None, change: None };
                    self.push(line, number, None, Record::Reading(Dialect::Recipe, reading));
                }
                recipe::Found::Other { .. } => self.push(line, number, None, Record::Other(Kind::Others)),
                recipe::Found::Total(_) => self.push(line, number, None, Record::Other(Kind::Total)),
            }
        }
    }

    /// Adds a record. What stands before it, up to the site if that is sites, tells its time and its process.
    fn push(&mut self, line: &str, number: u64, site_at: Option<usize>, record: Record) {
        let stamp = self.clock.stamp(line);
        let behind = stamp.as_ref().map_or(0, |stamp| stamp.end);
        let site_at = site_at.or_else(|| line.find(" size=")).unwrap_or(line.len());
        let prefix = line.get(behind..site_at).unwrap_or_default();
        let dialect = match record {
            Record::Reading(dialect, _) => dialect,
            // Damaged records and totals are of the list in which they stand.
            Record::Other(_) => self.log.last_dialect().unwrap_or(Dialect::Statistic),
        };
        let context = RecordContext {
            dialect,
            at: stamp.map(|stamp| stamp.moment).or(self.heading_at),
            worker: worker(prefix),
            line: number,
        };
        let (gap, declared) = (std::mem::take(&mut self.gap), self.declared.take());
        match record {
            Record::Reading(_, reading) => {
                self.log.push_reading(&reading, &context, gap, declared);
            }
            Record::Other(kind) => self.log.push_other(kind, &context, gap, declared),
        }
    }

    /// Remembers how a line with one statistic began, and how it named the site.
    fn learn(&mut self, line: &str, named: std::ops::Range<usize>, site: SiteId, sites: &mut SiteCache) {
        let Some(name) = line.get(named.clone()).filter(|name| name.ends_with(':')) else { return };
        let stamp = self.clock.stamp(line).map(|stamp| (stamp.end, stamp.moment));
        let prefix = &line[..named.start];
        let who = worker(prefix.get(stamp.map_or(0, |(end, _)| end)..).unwrap_or_default());
        if let Some(template) = PrefixTemplate::new(prefix, stamp, who) {
            sites.learn(name.as_bytes(), site);
            self.template = Some(template);
        }
    }

    /// Looks at the lines without a record that stood before a record: frames, headings, a date, or anything else.
    fn look_back(&mut self) {
        if self.others.is_empty() {
            return;
        }
        let others = std::mem::take(&mut self.others);
        let mut told = Vec::new();
        for Line { text: line, .. } in others.lines() {
            let source_may_follow = std::mem::take(&mut self.source_may_follow);
            // The recipes print the source line of a place below it, indented by four.
            if source_may_follow && line.contains("    ") || self.is_frame(line) {
                continue;
            }
            self.gap.text = true;
            if let Some(top) = top_heading(line) {
                self.gap.heading = true;
                self.declared = top.or(self.declared);
            }
            told.push(line);
        }
        // The last time that they tell is that of what follows.
        let clock = &mut self.clock;
        let mut time = |line: &str| clock.date_line(line).or_else(|| Some(clock.stamp(line)?.moment));
        if let Some(at) = told.iter().rev().find_map(|line| time(line)) {
            self.heading_at = Some(at);
        }
        drop(told);
        self.others = others;
        self.others.clear();
    }

    /// Whether a line is a frame of a traceback, which is kept if one stands above.
    fn is_frame(&mut self, line: &str) -> bool {
        let Some(frame) = traceback::frame(line) else { return false };
        self.source_may_follow = true;
        if let Some((row, frames)) = self.stacks.last_mut()
            && *row + 1 == self.log.readings.len()
        {
            frames.push(frame);
        }
        true
    }

    fn finish(mut self, sites: &mut SiteCache) -> Parsed {
        self.look_back();
        let recognised = !self.log.is_empty();
        let mut stacks: Vec<Vec<Frame>> =
            self.stacks.iter_mut().map(|(_, frames)| std::mem::take(frames)).collect();
        traceback::innermost_first(&mut stacks);
        for ((row, _), frames) in self.stacks.iter().zip(stacks) {
            self.log.readings.set_site(*row, sites.intern(Place::Traceback(frames)));
        }
        let (mut readings, workers) = self.log.by_worker();
        readings.shrink();
        let mut snapshots = Vec::new();
        for (worker, runs) in workers {
            let starts = split::starts(&runs, &readings);
            let ends = starts.iter().skip(1).copied().map(Some).chain([None]);
            let lists =
                starts.iter().zip(ends).map(|(&start, end)| snapshot(&runs, start, end, &readings, worker));
            snapshots.extend(lists);
        }
        snapshots.sort_by_key(|snapshot| snapshot.line);
        let notices = self.clock.take_notices().into_iter().map(Notice::whole);
        Parsed {
            recognised,
            snapshots,
            readings,
            notices: self.notices.into_iter().chain(notices).collect(),
            unreadable_lines: self.unreadable_lines,
            calendar: self.clock.has_calendar(),
            ..Parsed::default()
        }
    }
}

/// The line as it was printed: the escapes of a web page or of a JSON encoder for angle brackets are undone.
fn as_printed(line: &str) -> Cow<'_, str> {
    const ESCAPES: [(&str, &str); 4] = [("&lt;", "<"), ("&gt;", ">"), ("\\u003c", "<"), ("\\u003e", ">")];
    let mut line = Cow::Borrowed(line);
    for (escape, plain) in ESCAPES {
        if line.contains(escape) {
            line = Cow::Owned(line.replace(escape, plain));
        }
    }
    line
}

/// One snapshot of the records from `start` to `end`, where the next begins.
fn snapshot(
    runs: &[Run],
    start: Start,
    end: Option<Start>,
    readings: &Readings,
    worker: Option<u32>,
) -> Snapshot {
    // The last run may be that in which the next list begins, and the first that in which the one before ended.
    let amid = |end: &Start| end.row > runs[end.run].rows.start;
    let last = end.as_ref().map_or(runs.len(), |end| end.run + usize::from(amid(end)));
    let own = &runs[start.run..last];
    let first = &runs[start.run];
    let begun = if start.row > first.rows.start { &own[1..] } else { own };
    let to = end.map_or_else(|| own.last().map_or(start.row, |run| run.rows.end), |end| end.row);
    let rows = start.row..to;
    let declared = begun.iter().rev().find_map(|run| run.declared);
    let others = own.iter().any(|run| run.kind == Kind::Others);
    let truncation = match declared {
        Some(top) if rows.len() < top as usize && !others => Truncation::Complete,
        Some(_) => Truncation::top_of(readings, &rows),
        None if others => Truncation::top_of(readings, &rows),
        None => Truncation::Unknown,
    };
    Snapshot {
        at: own.iter().find_map(|run| run.at),
        dialect: own.iter().find(|run| run.kind == Kind::Reading).unwrap_or(first).dialect,
        readings: rows,
        truncation,
        worker,
        line: first.line + (start.row - first.rows.start) as u64,
    }
}

/// Whether a line is the heading of a list (`[ Top 10 differences ]`), and the length that it declares.
fn top_heading(line: &str) -> Option<Option<u32>> {
    let bytes = line.as_bytes();
    let mut from = 0;
    while let Some(at) =
        bytes[from..].windows(3).position(|w| w.eq_ignore_ascii_case(b"top")).map(|p| p + from)
    {
        let is_word = |b: Option<&u8>| {
            b.is_none_or(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/')))
        };
        if is_word(at.checked_sub(1).and_then(|p| bytes.get(p))) && is_word(bytes.get(at + 3)) {
            let digits: String =
                line[at + 3..].trim_start().chars().take_while(char::is_ascii_digit).collect();
            return Some(digits.parse().ok());
        }
        from = at + 3;
    }
    None
}
