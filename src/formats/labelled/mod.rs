//! Sizes in a program's own words: `RSS: 14.5 MB`, `Memory usage after 1000: 306.6 MiB`, `heapUsed: 650472`.
//!
//! The words right before a number, or after it, say what it is; a unit alone does not. One line proves little, so
//! readings are gathered, and those whose words come again are handed over when the source ends. Lines stay unclaimed:
//! they may be of use to a format that knows its notation.

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

use self::gathered::{Gathered, Reading};
use self::labels::{LabelId, Labels};
use self::line::{Labelled, Tie, labelled};
use self::lists::{name_in_list, name_in_tuple};
use self::meaning::{
    Certainty, MOST_OF_LAMBDA, Meaning, Runtime, is_name, runtime_of_name, unit_in_brackets,
};
use self::tokens::Token;
use super::columns::names::level;
use super::columns::words::words;
use super::contract::{Detect, Format, FormatOptions, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::OwnWords;
use super::prefix::Observation;
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
/// and a collector says what it found and left; the plan of a query says how much each of its steps took, and flags are settings.
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
            && let Some(unit) = heading(text).flatten()
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

/// Words that say after a number which memory it is: `512 MB limit`, `30 MB free`.
const WORDS_AFTER: &[&str] = &[
    "limit",
    "max",
    "maximum",
    "peak",
    "quota",
    "total",
    "capacity",
    "threshold",
    "freed",
    "leaked",
    "released",
    "requested",
    "required",
    "needed",
    "free",
    "available",
    "avail",
    "left",
    "remaining",
    "more",
    "estimated",
];

/// A number whose words may be memory.
struct Candidate<'t> {
    words: Labelled<'t>,
    /// The text that was understood.
    text: String,
    label: LabelId,
    meaning: Meaning,
    /// The byte at which the words begin that were understood.
    start: usize,
    unit: Option<f64>,
    /// Whether its line, or one before it, says that it is memory.
    is_sure: bool,
}

/// Returns a number whose words, or those of whose phrase, may be memory.
fn candidate<'t>(words: Labelled<'t>, labels: &mut Labels) -> Option<Candidate<'t>> {
    // `objects 5` may be anything; most numbers of a log are such.
    let may_be_size = words.tie != Tie::Blank || words.number.unit.is_some() || names_size(words.label);
    if !may_be_size {
        return None;
    }
    let listed = match words.tie {
        Tie::List(rank) => Some(name_in_list(words.label, rank)?),
        Tie::Tuple(rank) => Some(name_in_tuple(words.label, rank)?),
        _ => None,
    };
    let label = listed.as_deref().unwrap_or(words.label);
    let after = WORDS_AFTER.iter().find(|word| words.after.eq_ignore_ascii_case(word));
    let whole = |label: &str| match after {
        Some(word) => format!("{label} {word}"),
        None => label.to_owned(),
    };
    let mut text = whole(label);
    let mut start = words.start;
    let found = match words.tie {
        // `GO total` is memory because `GO alloc/idle/total` is.
        Tie::List(_) => labels.find_within(&text, words.label),
        _ => labels.find(&text),
    };
    let is_longer = words.phrase.len() > label.len() && words.tie == Tie::Sign;
    let found = found.or_else(|| {
        (text, start) = (whole(words.phrase), words.phrase_start);
        if is_longer { labels.find(&text) } else { None }
    });
    let (label, meaning) = found?;
    // `stats: 184 MiB RSS` is memory, `Disk: 20 GB free` is not.
    if words.is_of_other && meaning.certainty == Certainty::InContext {
        return None;
    }
    let unit = words.number.unit.or(meaning.unit);
    Some(Candidate { words, text, label, meaning, start, unit, is_sure: true })
}

/// Whether a label may tell that the number after it is a size: a call, a unit in it, a name of a runtime.
fn names_size(label: &str) -> bool {
    label.ends_with([')', ']']) || label.contains('_') || is_name(label)
}

/// Returns the process id of a line and its place: `[pid: 101|app: 0]`, `"pid":101`.
fn pid_of(text: &str) -> Option<(usize, &str)> {
    let (before, after) = text.split_once("pid")?;
    let after = after.trim_start_matches(['"', ' ']).strip_prefix([':', '='])?.trim_start_matches(' ');
    let length = after.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0 && !before.ends_with(char::is_alphanumeric)).then(|| (before.len(), &after[..length]))
}

/// Whether a number is a reading, by all that its line says. Adds the unit that the line names for all its numbers.
///
/// A name of a runtime may stand before those that tell it: `Alloc = 5 MiB` in the line before `TotalAlloc = 9 MiB`.
fn is_reading(one: &mut Candidate<'_>, text: &str, runtime: Option<Runtime>) -> bool {
    let is_of_runtime = runtime.is_some() && one.meaning.runtime.is_some();
    let is_bare = one.words.number.unit.is_none();
    let is_call = one.words.label.ends_with(')');
    // `sys=3` is a time of the processor, `processes: 45` a count, and `GPU: 0` the number of a device.
    let is_other = match one.meaning.kind.as_str() {
        "sys" => !is_of_runtime,
        "processes" | "binary" | "ets" | "gpu" | "cuda" => is_bare,
        _ => false,
    };
    if is_other {
        return false;
    }
    if one.meaning.certainty == Certainty::InContext && !is_of_runtime || is_bare && one.unit.is_none() {
        let heading = heading(text.get(..one.start).unwrap_or(""));
        if one.meaning.certainty == Certainty::InContext && !is_of_runtime && heading.is_none() {
            one.is_sure = false;
            return one.meaning.runtime == Some(Runtime::Go) && one.words.tie == Tie::Sign;
        }
        one.unit = one.unit.or(heading.flatten());
    }
    if is_setting(one, text) {
        return false;
    }
    // `memory 5` may be anything.
    if one.words.tie == Tie::Blank
        && is_bare
        && one.unit.is_none()
        && !is_call
        && one.meaning.runtime.is_none()
    {
        return false;
    }
    true
}

/// Whether a number is one of a command or of a manifest: `--memory=500m`, `  memory: 512Mi` with nothing beside it.
fn is_setting(one: &Candidate<'_>, text: &str) -> bool {
    let (before, rest) = (text.get(..one.start).unwrap_or(""), text.get(one.start..).unwrap_or(""));
    if before.ends_with("--") || before.ends_with(" -") && one.words.tie == Tie::Blank {
        return true;
    }
    let Some(value) = rest.strip_prefix("memory:").map(|value| value.trim().trim_matches(['"', '\''])) else {
        return false;
    };
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    before.starts_with(' ') && before.trim().is_empty() && matches!(unit, "Mi" | "Gi" | "Ki" | "M" | "G")
}

/// Returns the number in a label, or the one before it in its line.
fn index(text: &str, start: usize, words: &Labelled<'_>) -> Option<f64> {
    let of = |text: &str| {
        let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
        let from = text[..end].trim_end_matches(|c: char| c.is_ascii_digit()).len();
        // `v1.2.3`, `10:34:08`, `0x1f2` are no indexes.
        let before = &text[..from];
        let is_alone = !before.ends_with(['.', ':', '-', '/', 'x', ',', '_']);
        let is_glued = before.ends_with(char::is_alphabetic);
        text[from..end]
            .parse::<f64>()
            .ok()
            .filter(|_| is_alone && end - from <= 9)
            .map(|index| (index, is_glued))
    };
    // `heap size3` is an index, `w3` before a label is a name.
    let of_line = || of(text.get(..start)?).filter(|(_, is_glued)| !is_glued);
    of(words.phrase).or_else(of_line).map(|(index, _)| index)
}

/// Returns the power of 1000 that has the name of a power of 1024.
fn decimal(bytes: f64) -> f64 {
    let is_of = |power: i32| bytes == 1024_f64.powi(power);
    (1..=4).find(|power| is_of(*power)).map_or(bytes, |power| 1000_f64.powi(power))
}

/// Whether the words before a label speak of memory, and the unit that they name.
fn heading(before: &str) -> Option<Option<f64>> {
    let words = words(before);
    let from = words.len().saturating_sub(16);
    let words = &words[from..];
    // `stored in memory (size 5 MB)` says where something is.
    // `MemoryStore` is its name.
    let is = |at: usize, known: &[&str]| words.get(at).is_some_and(|word| known.contains(&word.as_str()));
    let is_place = |at: usize| at > 0 && is(at - 1, &["in", "into", "from", "to"]) || is(at + 1, &["store"]);
    let all: Vec<&str> = (0..words.len()).filter(|at| !is_place(*at)).map(|at| words[at].as_str()).collect();
    level(&all).filter(|level| level.has_noun)?;
    Some(unit_in_brackets(before))
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
        let names = found.iter().filter(|one| one.meaning.runtime.is_some()).count();
        let is_of_runtime = self.runtime.is_some_and(|(_, at)| line.number - at <= LINES_OF_RUNTIME);
        let pid = pid_of(text);
        for one in found {
            let Candidate { words, text: understood, label, start, unit, is_sure, .. } = one;
            let number = words.number;
            // The last line may be cut within its number.
            let is_cut = !line.ended && number.unit.is_none() && text.ends_with(|c: char| c.is_ascii_digit());
            if is_cut && self.gathered.digits_of_last(label).is_none_or(|digits| digits > number.digits) {
                continue;
            }
            let prefix = text.get(scope.stamp_end..start).unwrap_or("");
            let prefix = match pid {
                Some((place, pid)) if place > start => {
                    self.gathered.prefixes.intern("", &format!("pid={pid}"))
                }
                _ => self.gathered.prefixes.intern("", prefix),
            };
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
        }
    }
}
