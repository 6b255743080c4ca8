//! `tracemalloc` output as people save it: statistics, differences, the documentation's recipe and
//! tracebacks, behind any prefix.

mod line;
mod place;
mod recipe;
mod size;
mod split;
mod traceback;
mod worker;

use std::borrow::Cow;

use memchr::memmem;

use self::line::Found;
use self::split::{Gap, Item, What};
use super::when::Clock;
use super::{InputFormat, Parsed, Recognition};
use crate::error::Notice;
use crate::model::{Cut, Dialect, Frame, Moment, SiteId, SiteReading, Snapshot};

/// All dialects of `tracemalloc`.
#[derive(Debug)]
pub struct Tracemalloc;

impl InputFormat for Tracemalloc {
    fn name(&self) -> &'static str {
        "tracemalloc"
    }

    fn looks_for(&self) -> &'static str {
        "tracemalloc lines (\"file.py:84: size=30.6 MiB (+5868 B), count=229614 (+42), average=140 B\", \"#1: file.py:84: 62.5 KiB\")"
    }

    fn recognise(&self, text: &str) -> Recognition {
        let mut reader = Reader::default();
        for line in text.lines() {
            if Reader::may_hold_record(line) {
                reader.read(line);
                if !reader.items.is_empty() {
                    return Recognition::Yes;
                }
            }
        }
        Recognition::No
    }

    fn parse(&self, text: &str) -> Parsed {
        let mut reader = Reader::default();
        for line in text.lines() {
            reader.read(line);
        }
        reader.finish()
    }
}

/// Reads line by line and keeps what was found until the snapshots can be told apart.
#[derive(Default)]
struct Reader {
    parsed: Parsed,
    items: Vec<Item>,
    clock: Clock,
    line: u64,
    gap: Gap,
    /// The time of the last line without a record, for records that carry none themselves.
    heading_at: Option<Moment>,
    /// What a heading since the last record said: `Top 10` says that a list may be cut at ten.
    declared: Option<u32>,
    /// Whether the line before named a place whose source line may follow.
    source_may_follow: bool,
    /// Tracebacks, with the item that each belongs to.
    stacks: Vec<(usize, Vec<Frame>)>,
}

impl Reader {
    /// Whether a line can hold a record at all: a cheap look before the grammar.
    fn may_hold_record(line: &str) -> bool {
        let bytes = line.as_bytes();
        memmem::find(bytes, b"size=").is_some()
            || memmem::find(bytes, b" KiB").is_some()
            || memmem::find(bytes, b" memory blocks: ").is_some()
    }

    fn read(&mut self, line: &str) {
        self.line += 1;
        let before = (self.items.len(), self.parsed.unreadable_lines);
        let source_may_follow = std::mem::take(&mut self.source_may_follow);
        if Self::may_hold_record(line) {
            self.read_records(line);
        }
        if before == (self.items.len(), self.parsed.unreadable_lines) {
            // The recipes print the source line of a place below it, indented by four.
            if !(source_may_follow && line.contains("    ")) {
                self.read_other(line);
            }
        }
    }

    fn read_records(&mut self, line: &str) {
        let number = self.line;
        let line = &*as_printed(line);
        let mut found = Vec::new();
        line::statistics(line, |item| found.push(item));
        for item in found {
            match item {
                Found::Statistic(statistic) => {
                    let dialect = statistic.dialect();
                    let site = self.parsed.sites.intern(statistic.place);
                    let (size, change) = (statistic.size, statistic.change);
                    let reading =
                        SiteReading { site, size, blocks: Some(statistic.blocks), change, line: number };
                    self.push(line, dialect, What::Reading(reading));
                }
                Found::Damaged { column, message } => {
                    self.parsed.unreadable_lines += 1;
                    self.parsed
                        .notices
                        .push(Notice { line: number, message: format!("column {column}: {message}") });
                    self.push(line, self.dialect_before(), What::Damaged);
                }
                Found::Others => self.push(line, self.dialect_before(), What::Others),
                Found::Total => self.push(line, self.dialect_before(), What::Total),
            }
        }
        if memmem::find(line.as_bytes(), b" memory blocks: ").is_some() {
            if let Some((blocks, size)) = traceback::head(line) {
                self.stacks.push((self.items.len(), Vec::new()));
                let reading =
                    SiteReading { site: SiteId(0), size, blocks: Some(blocks), change: None, line: number };
                self.push(line, Dialect::Traceback, What::Reading(reading));
            }
        } else if memmem::find(line.as_bytes(), b" KiB").is_some() {
            let mut found = Vec::new();
            recipe::entries(line, |item| found.push(item));
            for item in found {
                match item {
                    recipe::Found::Entry { place, size } => {
                        self.source_may_follow = true;
                        let site = self.parsed.sites.intern(place);
                        let reading = SiteReading { site, size, blocks: None, change: None, line: number };
                        self.push(line, Dialect::Recipe, What::Reading(reading));
                    }
                    recipe::Found::Other { .. } => self.push(line, self.dialect_before(), What::Others),
                    recipe::Found::Total(_) => self.push(line, self.dialect_before(), What::Total),
                }
            }
        }
    }

    /// The dialect of the last record: damaged records and totals are of the list in which they stand.
    fn dialect_before(&self) -> Dialect {
        self.items.last().map_or(Dialect::Statistic, |item| item.dialect)
    }

    fn push(&mut self, line: &str, dialect: Dialect, what: What) {
        let stamp = self.clock.stamp(line);
        let prefix = &line[stamp.as_ref().map_or(0, |s| s.end)..];
        let worker = worker::worker(prefix.split(" size=").next().unwrap_or_default());
        let at = stamp.map(|stamp| stamp.moment).or(self.heading_at);
        let declared = self.declared.take();
        self.items.push(Item { dialect, what, at, gap: self.gap, declared, worker, line: self.line });
        self.gap = Gap::default();
    }

    /// A line without a record: a frame, a heading, a date, or anything else.
    fn read_other(&mut self, line: &str) {
        if let Some(frame) = traceback::frame(line) {
            self.source_may_follow = true;
            if let Some((item, frames)) = self.stacks.last_mut()
                && *item + 1 == self.items.len()
            {
                frames.push(frame);
            }
            return;
        }
        self.gap.text = true;
        if let Some(top) = top_heading(line) {
            self.gap.heading = true;
            self.declared = top.or(self.declared);
        }
        if let Some(at) =
            self.clock.date_line(line).or_else(|| self.clock.stamp(line).map(|stamp| stamp.moment))
        {
            self.heading_at = Some(at);
        }
    }

    fn finish(mut self) -> Parsed {
        let mut stacks: Vec<Vec<Frame>> =
            self.stacks.iter_mut().map(|(_, frames)| std::mem::take(frames)).collect();
        traceback::innermost_first(&mut stacks);
        for ((item, _), frames) in self.stacks.iter().zip(stacks) {
            let site = self.parsed.sites.intern(crate::model::Place::Traceback(frames));
            if let What::Reading(reading) = &mut self.items[*item].what {
                reading.site = site;
            }
        }
        for (worker, items) in by_worker(std::mem::take(&mut self.items)) {
            let starts = split::starts(&items);
            let ends = starts.iter().skip(1).copied().chain([items.len()]);
            let lists = starts.iter().zip(ends).map(|(&start, end)| snapshot(&items[start..end], worker));
            self.parsed.snapshots.extend(lists);
        }
        self.parsed.snapshots.sort_by_key(|snapshot| snapshot.line);
        self.parsed.calendar = self.clock.has_calendar();
        let notices = self.clock.take_notices();
        self.parsed.notices.extend(notices.into_iter().map(Notice::whole));
        self.parsed
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

/// The items of each worker process, where several take turns in one log; all together where not. (A process id that comes once and is
/// followed by another is a restart.)
fn by_worker(items: Vec<Item>) -> Vec<(Option<u32>, Vec<Item>)> {
    let mut turns: Vec<u32> = items.iter().filter_map(|item| item.worker).collect();
    turns.dedup();
    let mut workers = turns.clone();
    workers.sort_unstable();
    workers.dedup();
    if turns.len() == workers.len() {
        return vec![(None, items)];
    }
    let mut groups: Vec<(Option<u32>, Vec<Item>)> =
        workers.into_iter().map(|w| (Some(w), Vec::new())).collect();
    groups.push((None, Vec::new()));
    for item in items {
        if let Some((_, group)) = groups.iter_mut().find(|(worker, _)| *worker == item.worker) {
            group.push(item);
        }
    }
    groups.retain(|(_, group)| !group.is_empty());
    groups
}

/// One snapshot of the items of one list.
fn snapshot(items: &[Item], worker: Option<u32>) -> Snapshot {
    let declared = items.iter().rev().find_map(|item| item.declared);
    let readings: Vec<SiteReading> = items
        .iter()
        .filter_map(|item| match item.what {
            What::Reading(reading) => Some(reading),
            What::Damaged | What::Others | What::Total => None,
        })
        .collect();
    let others = items.iter().any(|item| matches!(item.what, What::Others));
    let cut = match declared {
        Some(top) if readings.len() < top as usize && !others => Cut::Complete,
        Some(_) => Cut::top_of(&readings),
        None if others => Cut::top_of(&readings),
        None => Cut::Unsaid,
    };
    Snapshot {
        at: items.iter().find_map(|item| item.at),
        dialect: items
            .iter()
            .find(|i| matches!(i.what, What::Reading(_)))
            .or(items.first())
            .map_or(Dialect::Statistic, |i| i.dialect),
        readings,
        cut,
        worker,
        line: items.first().map_or(0, |item| item.line),
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
