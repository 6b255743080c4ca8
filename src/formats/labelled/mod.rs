//! Sizes in a program's own words: `RSS: 14.5 MB`, `Memory usage after 1000: 306.6 MiB`, `heapUsed: 650472`.
//!
//! The words right before a number, or after it, say what it is; a unit alone does not. One line proves little, so
//! readings are gathered, and those whose words come again are handed over when the source ends. Lines stay unclaimed:
//! they may be of use to a format that knows its notation.

mod candidates;
mod gathered;
mod labels;
mod line;
mod lists;
mod meaning;
mod runs;
mod samples;
mod series;
mod subjects;
mod tokens;

use self::candidates::{Candidate, candidate, decimal, index, is_reading, unit_of_heading};
use self::gathered::{Gathered, Reading};
use self::labels::{LabelId, Labels};
use self::line::labelled;
use self::meaning::{Certainty, MOST_OF_LAMBDA, Runtime, runtime_of_name};
use self::tokens::Token;
use super::contract::{Detect, Format, FormatOptions, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::OwnWords;
use super::prefix::{Observation, before_stamp};
use super::sink::Sink;

/// Sizes in a program's own words.
pub static FORMAT: Format = Format {
    name: "own-words",
    reads: "sizes that a program prints of its own memory (\"RSS: 14.5 MB\", \"heapUsed: 650472\")",
    example: "t=1 RSS: 14.5 MB\nt=2 RSS: 14.6 MB\nt=3 RSS: 14.7 MB\n",
    detect: Detect::Words(WORDS),
    parser: |options| Parser::Lines(Box::new(Reader::new(options))),
};

/// Texts of which each line with a size of memory has one.
const WORDS: &[&str] = &[
    "rss",
    "RSS",
    "Rss",
    "mem=",
    "mem_",
    "mem:",
    "mem ",
    "Mem:",
    "MEM",
    "emory",
    "EMORY",
    "heap",
    "Heap",
    "RAM",
    "lloc",
    "Sys =",
    "esident",
    "ootprint",
    "orking",
    "Buffers",
    "external",
    "peicher",
    "moire",
    "emoria",
    "emória",
    "амят",
    "内存",
    "記憶體",
    "メモリ",
    "메모리",
];

/// Formats whose records stand in logs of programs: own words are read beside them.
const BESIDE: [&str; 2] = [super::rss_report::FORMAT.name, super::tracemalloc::FORMAT.name];

/// Bytes of a line that are looked at.
const MOST_BYTES: usize = 8192;
/// Lines after one with a name of one runtime alone, in which its other names are known.
const LINES_OF_RUNTIME: u64 = 8;
/// Lines with one of these are no readings: the kernel says of several processes how large each was when it was killed,
/// and a collector says what it found and left; the plan of a query says how much each of its steps took, and flags are
/// settings.
const NO_READINGS: [&str; 15] = [
    "Killed process",
    "Out of memory",
    "oom-kill",
    "GC(",
    "[GC",
    "[gc",
    "[Full GC",
    "Mark-sweep",
    "Mark-Compact",
    "Scavenge",
    "gc_heap_",
    "Sort Method:",
    "Batches:",
    "ried to allocate",
    " -Xmx",
];

/// Lines after one that names a unit for those below it.
const LINES_OF_UNIT: u64 = 8;

/// Gathers the readings of one source.
#[derive(Debug)]
struct Reader {
    options: FormatOptions,
    tokens: Vec<Token>,
    labels: Labels,
    gathered: Gathered,
    /// The last line with a name of one runtime alone.
    runtime: Option<(Runtime, u64)>,
    /// The unit that the last line without a number named, and that line: `## Heap statistics [MB] ##`.
    unit: Option<(f64, u64)>,
}

impl Reader {
    fn new(options: &FormatOptions) -> Self {
        Self {
            options: options.clone(),
            tokens: Vec::new(),
            labels: Labels::default(),
            gathered: Gathered::default(),
            runtime: None,
            unit: None,
        }
    }

    /// The readings of a line.
    fn readings<'t>(&mut self, text: &'t str, number: u64) -> Vec<Candidate<'t>> {
        tokens::split(text, 0, &mut self.tokens);
        let mut found: Vec<Candidate<'t>> = Vec::new();
        let (labels, runtime) = (&mut self.labels, &mut self.runtime);
        labelled(text, &self.tokens, |one| {
            let name = one.label.rsplit(' ').next().unwrap_or_default();
            let name = if one.label.eq_ignore_ascii_case("total alloc") { "TotalAlloc" } else { name };
            if let Some(known) = runtime_of_name(name) {
                *runtime = Some((known, number));
            }
            let known = candidate(one, labels);
            let is_known = known.is_some();
            found.extend(known);
            is_known
        });
        // `VMS before: 5, after: 6` is a difference.
        let has =
            |found: &[Candidate<'_>], word: &str| found.iter().any(|one| one.words.label.contains(word));
        if has(&found, "before")
            && (has(&found, "after") || text.contains("after:") || text.contains("after="))
        {
            found.retain(|one| !one.words.label.contains("before") && !one.words.label.contains("after"));
        }
        // Beside it stands the size that is set.
        if has(&found, MOST_OF_LAMBDA) {
            found.retain(|one| one.words.label == MOST_OF_LAMBDA);
        }
        // Dask counts in powers of 1000.
        if text.contains("Worker memory limit:") {
            found.retain(|one| one.unit.is_some());
            found.iter_mut().for_each(|one| one.unit = one.unit.map(decimal));
        }
        if found.is_empty()
            && !text.bytes().any(|byte| byte.is_ascii_digit())
            && let Some(unit) = unit_of_heading(text)
        {
            self.unit = Some((unit, number));
        }
        if let Some((unit, _)) = self.unit.filter(|(_, line)| number - line <= LINES_OF_UNIT) {
            found.iter_mut().for_each(|one| one.unit = one.unit.or(Some(unit)));
        }
        // `Working: 622 MB | Private: 1392 MB`: one of them alone may be anything.
        let has_kind = |kind: &str| found.iter().any(|one| one.meaning.kind == kind && one.unit.is_some());
        if has_kind("working") && has_kind("private") {
            found.iter_mut().for_each(|one| one.meaning.certainty = Certainty::Memory);
        }
        // `stats.allocated:5 stats.resident:6` are names of one program.
        let owner = |label: &'t str| label.rsplit_once('.').map(|(owner, _)| owner);
        let is_sure = |one: &&Candidate<'t>| one.meaning.certainty == Certainty::Memory;
        let owners: Vec<&str> =
            found.iter().filter(is_sure).filter_map(|one| owner(one.words.label)).collect();
        let is_owned =
            |one: &&mut Candidate<'t>| owner(one.words.label).is_some_and(|own| owners.contains(&own));
        found.iter_mut().filter(is_owned).for_each(|one| one.meaning.certainty = Certainty::Memory);
        let runtime =
            self.runtime.filter(|(_, line)| number - line <= LINES_OF_RUNTIME).map(|(runtime, _)| runtime);
        found.retain_mut(|one| is_reading(one, text, runtime));
        found
    }
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if self.options.words == OwnWords::LeaveOut {
            return Ok(Claim::NotMine);
        }
        let text = super::look_behind::start(line.text, MOST_BYTES);
        if NO_READINGS.iter().any(|words| text.contains(words)) {
            return Ok(Claim::NotMine);
        }
        let found = self.readings(text, line.number);
        if found.is_empty() || self.gathered.is_full() {
            self.gathered.left_out += found.len() as u64;
            return Ok(Claim::NotMine);
        }
        let scope = out.row_scope(line);
        out.note_record();
        let names = found.iter().filter(|one| one.meaning.runtime.is_some()).count();
        let is_of_runtime = self.runtime.is_some_and(|(_, at)| line.number - at <= LINES_OF_RUNTIME);
        let starts: Vec<(LabelId, usize)> = found.iter().map(|one| (one.label, one.words.start)).collect();
        for (place, one) in found.into_iter().enumerate() {
            let Candidate { words, text: understood, label, start, unit, is_sure, .. } = one;
            let number = words.number;
            // The last line may be cut within its number.
            let is_cut = !line.ended && number.unit.is_none() && text.ends_with(|c: char| c.is_ascii_digit());
            if is_cut && self.gathered.digits_of_last(label).is_none_or(|digits| digits > number.digits) {
                continue;
            }
            let before = before_stamp(text.get(..scope.stamp_end.min(start)).unwrap_or(""));
            let prefix = text.get(scope.stamp_end..start).unwrap_or("");
            // What follows the next number of the same words is of that one.
            let next = starts.get(place + 1..).unwrap_or_default().iter().find(|(next, _)| *next == label);
            let rest = text.get(words.end..next.map_or(text.len(), |(_, start)| *start)).unwrap_or("");
            let prefix = self.gathered.prefixes.intern_around(before, prefix, rest);
            let bytes = number.value * unit.unwrap_or(1.0);
            let at = scope.time.and_then(|time| out.seconds_so_far(time));
            self.gathered.prefixes.observe(Observation {
                prefix,
                key: u64::from(label.0),
                bytes,
                rank: None,
                at,
            });
            let variant = self.labels.variant(label, &understood);
            self.gathered.push(
                Reading {
                    label,
                    variant,
                    prefix,
                    line: line.number,
                    number,
                    unit,
                    bound: words.bound.and_then(|bound| Some(bound.value * bound.unit?)),
                    is_sure,
                    index: index(text, start, &words),
                    time: None,
                },
                scope,
            );
            self.labels.note_example(label, (text, start), is_of_runtime || names > 1);
        }
        Ok(Claim::NotMine)
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        let gathered = std::mem::take(&mut self.gathered);
        let labels = std::mem::take(&mut self.labels);
        self.runtime = None;
        self.unit = None;
        // Beside the tables of a tool stand its summaries, and those are its own.
        if out.formats_with_records().all(|name| BESIDE.contains(&name)) {
            series::hand_over(gathered, &labels, self.options.columns.unit, out);
        } else {
            series::note_left_out(&gathered, &labels, out);
        }
    }
}
