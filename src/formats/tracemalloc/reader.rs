//! Lines to records, and records to snapshots.

use memchr::memmem;

use super::between::{Heading, cut_before_size, is_omission, top_heading};
use super::fast_path;
use super::line::{self, Found, Statistic};
use super::lists;
use super::notation::printed;
use super::rank::rank;
use super::recipe;
use super::record_log::{Gap, Kind, RecordContext, RecordLog};
use super::record_start::record_start;
use super::site_cache::SiteCache;
use super::traceback;
use crate::formats::contract::LineParser;
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::prefix::{Observation, PrefixId};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::{Dialect, Frame, Place, SiteId, WrittenReading};

/// Reads source after source, and remembers the sites that it met.
#[derive(Default)]
pub struct Reader {
    sites: SiteCache,
    source: Source,
}

/// The records of one source, and the state on which the next line depends.
#[derive(Default)]
struct Source {
    log: RecordLog,
    gap: Gap,
    /// The length that a heading since the last record declared: `Top 10` says that a list may be cut at ten.
    declared: Option<u32>,
    /// Whether the line before named a place whose source line may follow.
    source_may_follow: bool,
    /// Tracebacks, with the row that each belongs to.
    stacks: Vec<(usize, Vec<Frame>)>,
}

/// One record of a line.
enum Record {
    Reading(Dialect, WrittenReading),
    Other(Kind),
}

/// A line of the source, of which the records of a web page may be parts.
struct Whole<'a> {
    line: Line<'a>,
    /// Its time and its prefix, once they are known.
    scope: Option<Scope>,
}

/// Returns where a site stands in a line from which something was taken away to read it: at `at` or later.
fn undecorated_at(line: &str, at: usize, site: &str) -> Option<usize> {
    let longest = (0..=24.min(site.len())).rfind(|&end| site.is_char_boundary(end))?;
    let head = site.get(..longest)?;
    // After a backslash the line may have another one.
    let head = head.find('\\').and_then(|end| head.get(..=end)).unwrap_or(head);
    let rest = line.get(at..)?;
    let escaped = || if head.starts_with('<') { rest.find("&lt;") } else { None };
    Some(at + rest.find(head).or_else(escaped)?)
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Self { sites, source } = self;
        let mut whole = Whole { line, scope: None };
        let text = printed(line.text);
        let mut parts = text.split('\n').peekable();
        let mut claimed = false;
        while let Some(part) = parts.next() {
            let part = Line { text: part, ended: line.ended || parts.peek().is_some(), ..line };
            claimed |= source.read_part(part, &mut whole, sites, out);
        }
        let is_mine = claimed || source.is_below(line.text);
        Ok(match (is_mine, source.source_may_follow) {
            (false, _) => Claim::NotMine,
            (true, false) => Claim::Mine,
            (true, true) => Claim::MoreBelow,
        })
    }

    fn bulk(&mut self, text: &str, out: &mut Sink<'_>) -> usize {
        let Self { sites, source } = self;
        source.read_in_bulk(text, sites, out)
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        std::mem::take(&mut self.source).finish(out);
    }
}

impl Source {
    /// Reads lines that begin like the last record's line, name a known site and have their numbers as CPython prints
    /// them; returns their length.
    fn read_in_bulk(&mut self, text: &str, sites: &mut SiteCache, out: &mut Sink<'_>) -> usize {
        let mut taken = 0;
        let mut number = out.line_number();
        let follows_a_gap = out.follows_a_gap();
        // The rank of a prefix is looked for where it is another one.
        let mut last: Option<(PrefixId, usize)> = None;
        let mut last_rank = 0;
        let mut read = |rest: &[u8]| {
            let (site, named) = sites.lookup(rest)?;
            Some((site, named, fast_path::numbers(&rest[named..])?))
        };
        while let Some((length, record, scope)) = out.record_like_last(&text[taken..], &mut read) {
            let (site, named, numbers) = record;
            let fits = self.log.readings.push_printed(
                site,
                numbers.size,
                numbers.blocks,
                numbers.average,
                numbers.change,
            );
            if !fits {
                break;
            }
            self.gap.text |= follows_a_gap && taken == 0;
            if length > 0 && (last != Some((scope.prefix, length)) || last_rank > 0) {
                (last, last_rank) = (Some((scope.prefix, length)), rank(&text[taken..taken + length]));
            }
            let context = RecordContext {
                dialect: if numbers.change.is_some() { Dialect::Difference } else { Dialect::Statistic },
                time: scope.time,
                rank: last_rank,
                prefix: scope.prefix,
                line: number,
            };
            self.log.surround_last(&context, std::mem::take(&mut self.gap), self.declared.take());
            self.observe(scope, out);
            taken += length + named + numbers.length;
            number += 1;
        }
        if taken > 0 {
            self.source_may_follow = false;
            out.count_records(number - out.line_number());
        }
        taken
    }

    /// Notes that the last record stands after its prefix, where it has one.
    fn observe(&self, scope: Scope, out: &mut Sink<'_>) {
        if scope.prefix == PrefixId::default() {
            return;
        }
        let reading = self.log.readings.get(self.log.readings.len() - 1);
        let rank = reading.change.map_or(reading.size.value, |change| change.bytes.value.abs());
        out.observe(Observation {
            prefix: scope.prefix,
            key: u64::from(reading.site.0),
            bytes: reading.size.value,
            rank: Some(rank),
            at: scope.time.and_then(|time| out.seconds_so_far(time)),
        });
    }

    /// Reads the records of a line, or of a part of it; says whether there was one.
    fn read_part(
        &mut self,
        part: Line<'_>,
        whole: &mut Whole<'_>,
        sites: &mut SiteCache,
        out: &mut Sink<'_>,
    ) -> bool {
        let Line { text, number, ended } = part;
        let mut found = Vec::new();
        line::statistics(text, ended, |item| found.push(item));
        let blocks = memmem::find(text.as_bytes(), b" memory blocks: ").and_then(|_| traceback::head(text));
        let mut entries = Vec::new();
        if blocks.is_none() && found.is_empty() {
            recipe::entries(text, |item| entries.push(item));
        }
        if found.is_empty() && blocks.is_none() && entries.is_empty() {
            return false;
        }
        self.look_above(out);
        self.source_may_follow = false;
        let records = self.log.count();
        let statistics = found.len();
        let mut named = None;
        for item in found {
            match item {
                Found::Statistic(statistic) => {
                    let dialect = statistic.dialect();
                    let Statistic { place, named: name, numbers } = statistic;
                    let site = out.site(place);
                    let reading = WrittenReading {
                        site,
                        size: numbers.size,
                        average: numbers.average,
                        blocks: Some(numbers.blocks),
                        change: numbers.change,
                    };
                    let before_site = name.as_ref().map(|name| name.start);
                    let rank = before_site.and_then(|at| text.get(..at)).map_or(0, rank);
                    self.push(text, whole, before_site, rank, Record::Reading(dialect, reading), out);
                    named = name.map(|name| (name, site));
                }
                Found::Damaged { at, message } => {
                    out.damaged_at(number, text, at, &message);
                    self.push(text, whole, None, 0, Record::Other(Kind::Damaged), out);
                }
                Found::Others(sum) => {
                    let sum = Box::new(sum.measured());
                    self.push(text, whole, None, 0, Record::Other(Kind::Others(sum)), out);
                }
                Found::Total(sum) => {
                    let sum = Box::new(sum.measured());
                    self.push(text, whole, None, 0, Record::Other(Kind::Total(sum)), out);
                }
            }
        }
        if let Some((blocks, size)) = blocks {
            self.push_traceback(text, whole, blocks, size, out);
        }
        self.push_entries(text, whole, entries, out);
        let alone = statistics == 1 && records.0 + 1 == self.log.readings.len() && text == whole.line.text;
        if let Some((name, site)) = named.filter(|_| alone)
            && let Some(name) = text.get(name).filter(|name| name.ends_with(':'))
        {
            sites.learn(name.as_bytes(), site);
        }
        true
    }

    fn push_traceback(
        &mut self,
        text: &str,
        whole: &mut Whole<'_>,
        blocks: u64,
        size: crate::model::Amount,
        out: &mut Sink<'_>,
    ) {
        self.stacks.push((self.log.readings.len(), Vec::new()));
        self.source_may_follow = true;
        let site = SiteId(0);
        let reading = WrittenReading { site, size, average: None, blocks: Some(blocks), change: None };
        self.push(text, whole, None, 0, Record::Reading(Dialect::Traceback, reading), out);
    }

    fn push_entries(
        &mut self,
        text: &str,
        whole: &mut Whole<'_>,
        entries: Vec<recipe::Found>,
        out: &mut Sink<'_>,
    ) {
        for item in entries {
            match item {
                recipe::Found::Entry { rank, place, size } => {
                    self.source_may_follow = true;
                    let site = out.site(place);
                    let reading = WrittenReading { site, size, average: None, blocks: None, change: None };
                    self.push(text, whole, None, rank, Record::Reading(Dialect::Recipe, reading), out);
                }
                recipe::Found::Damaged { at, message } => {
                    out.damaged_at(whole.line.number, text, at, &message);
                    self.push(text, whole, None, 0, Record::Other(Kind::Damaged), out);
                }
                recipe::Found::Other { size, .. } => {
                    let sum = Box::new(size.measured());
                    self.push(text, whole, None, 0, Record::Other(Kind::Others(sum)), out);
                }
                recipe::Found::Total(size) => {
                    let sum = Box::new(size.measured());
                    self.push(text, whole, None, 0, Record::Other(Kind::Total(sum)), out);
                }
            }
        }
    }

    /// Adds a record. The text before the first record of its line, up to the site if that is known, has its time and
    /// its worker.
    fn push(
        &mut self,
        text: &str,
        whole: &mut Whole<'_>,
        site_at: Option<usize>,
        rank: u32,
        record: Record,
        out: &mut Sink<'_>,
    ) {
        let line = whole.line;
        let scope = *whole.scope.get_or_insert_with(|| {
            // Of a line in parts the worker may stand in one before this.
            let site_at = if text.len() < line.text.len() {
                site_at.and_then(|at| undecorated_at(line.text, at, text.get(at..)?))
            } else {
                site_at
            };
            let site_at = site_at.unwrap_or_else(|| record_start(line.text));
            out.scope(line, site_at.min(line.text.len()))
        });
        let dialect = match record {
            Record::Reading(dialect, _) => dialect,
            // Damaged records and totals are of the list in which they stand.
            Record::Other(_) => self.log.last_dialect().unwrap_or(Dialect::Statistic),
        };
        let Scope { time, prefix, .. } = scope;
        let context = RecordContext { dialect, time, rank, prefix, line: line.number };
        let (gap, declared) = (std::mem::take(&mut self.gap), self.declared.take());
        match record {
            Record::Reading(_, reading) => {
                self.log.push_reading(&reading, &context, gap, declared);
                out.count_records(1);
                self.observe(scope, out);
            }
            Record::Other(kind) => {
                (self.gap, self.declared) = self.log.push_other(kind, &context, gap, declared);
            }
        }
    }

    /// Looks at the lines without a record above a record: frames, headings, or anything else.
    fn look_above(&mut self, out: &mut Sink<'_>) {
        let follows_a_gap = out.follows_a_gap();
        let above = out.take_above();
        let mut prompted = false;
        let mut plain = above.is_empty() && follows_a_gap;
        for (number, line) in above.lines() {
            if self.is_below(line) || self.is_cut_record(line, number, true, out) {
                continue;
            }
            // After `>>>` Python's console prints `...` before the lines of a block.
            prompted |= line.trim_start().starts_with(">>>");
            if line.trim().is_empty() {
                self.gap.blank = true;
            } else if !prompted && is_omission(out.after_prefix(line).unwrap_or(line)) {
                let after = self.gap.text || self.gap.heading;
                *(if after { &mut self.gap.omission_after } else { &mut self.gap.omission_before }) = true;
            } else {
                plain = true;
                if let Some(Heading { start, declared }) = top_heading(line) {
                    self.gap.heading = true;
                    self.declared = declared.or(self.declared);
                    self.log.push_heading(out.prefix(line, start), declared);
                }
            }
        }
        // A date between records is text as well, and so is the record of another format.
        self.gap.text |= plain;
        out.recycle(above);
    }

    /// Whether a line is a record of the list above that was cut before its size, which is then counted as damaged.
    fn is_cut_record(&mut self, line: &str, number: u64, ended: bool, out: &mut Sink<'_>) -> bool {
        let Some(last) = self.log.runs.last().filter(|_| !self.gap.heading) else { return false };
        let Some(at) = cut_before_size(line, ended) else { return false };
        let (dialect, time, prefix) = (last.dialect, last.time, last.prefix);
        let context = RecordContext { dialect, time, rank: 0, prefix, line: number };
        out.damaged_at(number, line, at, "expected a size, found the end of a line that was cut");
        let (gap, declared) = (std::mem::take(&mut self.gap), self.declared.take());
        (self.gap, self.declared) = self.log.push_other(Kind::Damaged, &context, gap, declared);
        true
    }

    /// Whether a line belongs to the record above: a frame of a traceback, which is kept if one stands above, or a line
    /// of source code, which the recipes print below a place, indented by four.
    fn is_below(&mut self, line: &str) -> bool {
        let source_may_follow = std::mem::take(&mut self.source_may_follow);
        if let Some(frame) = traceback::frame(line) {
            self.source_may_follow = true;
            if let Some((row, frames)) = self.stacks.last_mut()
                && *row + 1 == self.log.readings.len()
            {
                frames.push(frame);
            }
            return true;
        }
        if source_may_follow && line.contains("    ") {
            // A frame may follow its predecessor's source.
            self.source_may_follow = !self.stacks.is_empty();
            return true;
        }
        false
    }

    fn finish(mut self, out: &mut Sink<'_>) {
        self.look_above(out);
        let mut stacks: Vec<Vec<Frame>> =
            self.stacks.iter_mut().map(|(_, frames)| std::mem::take(frames)).collect();
        traceback::innermost_first(&mut stacks);
        for ((row, _), frames) in self.stacks.iter().zip(stacks) {
            let site = out.site(Place::Traceback(frames));
            self.log.readings.set_site(*row, site);
        }
        for run in &mut self.log.runs {
            run.seconds = run.time.and_then(|time| out.seconds(time)).unwrap_or(f64::NAN);
        }
        let (mut readings, workers) = self.log.by_worker(|prefix| out.worker_number(prefix));
        readings.shrink();
        let mut snapshots = Vec::new();
        for (prefix, runs) in workers {
            let heap = out.heap(prefix);
            snapshots.extend(lists::snapshots(&runs, &readings, self.gap, heap));
        }
        snapshots.sort_by_key(|snapshot| snapshot.line);
        out.add_snapshots(snapshots, readings);
    }
}
