//! The numbers of a line whose words may be memory.

use super::super::columns::names::level;
use super::super::columns::words::{unit_of, words};
use super::labels::{LabelId, Labels};
use super::line::{Labelled, Tie};
use super::lists::{name_in_list, name_in_tuple};
use super::meaning::{Certainty, Meaning, Runtime, is_name};
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
pub struct Candidate<'t> {
    /// The number and the words beside it.
    pub words: Labelled<'t>,
    /// The text that was understood.
    pub text: String,
    /// Its label.
    pub label: LabelId,
    /// The meaning of the label.
    pub meaning: Meaning,
    /// The byte at which the words begin that were understood.
    pub start: usize,
    /// The bytes of one, if the line says so.
    pub unit: Option<f64>,
    /// Whether its line, or one before it, says that it is memory.
    pub is_sure: bool,
}

/// Returns a number whose words, or those of whose phrase, may be memory.
pub fn candidate<'t>(words: Labelled<'t>, labels: &mut Labels) -> Option<Candidate<'t>> {
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
    // `job Alloc = 5 MiB`: a name of a runtime needs no other word.
    let is_vague = found.as_ref().is_none_or(|(_, meaning)| meaning.certainty == Certainty::InContext);
    // `Total Alloc` is another one.
    let last = words.label.rsplit_once(' ').filter(|(before, _)| !before.to_lowercase().ends_with("total"));
    let found = match last.filter(|(_, last)| is_vague && words.tie == Tie::Sign && is_name(last)) {
        Some((_, last)) => {
            (text, start) = (whole(last), words.start + words.label.len() - last.len());
            labels.find(&text)
        }
        None => found,
    };
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

/// Whether a number is a reading, by all that its line says. Adds the unit that the line names for all its numbers.
///
/// A name of a runtime may stand before those that tell it: `Alloc = 5 MiB` in the line before `TotalAlloc = 9 MiB`.
pub fn is_reading(one: &mut Candidate<'_>, text: &str, runtime: Option<Runtime>) -> bool {
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
        let before = text.get(..one.start).unwrap_or("");
        if one.meaning.certainty == Certainty::InContext && !is_of_runtime && !speaks_of_memory(before) {
            one.is_sure = false;
            return one.meaning.runtime == Some(Runtime::Go) && one.words.tie == Tie::Sign;
        }
        one.unit = one.unit.or_else(|| unit_of_heading(before));
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
pub fn index(text: &str, start: usize, words: &Labelled<'_>) -> Option<f64> {
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
pub fn decimal(bytes: f64) -> f64 {
    let is_of = |power: i32| bytes == 1024_f64.powi(power);
    (1..=4).find(|power| is_of(*power)).map_or(bytes, |power| 1000_f64.powi(power))
}

/// Returns the unit of words before a label, or above it, if they speak of memory and name one.
pub fn unit_of_heading(before: &str) -> Option<f64> {
    unit_in_brackets(before).filter(|_| speaks_of_memory(before))
}

/// Whether the words before a label speak of memory.
fn speaks_of_memory(before: &str) -> bool {
    let words = words(before);
    let from = words.len().saturating_sub(16);
    let words = &words[from..];
    // `stored in memory (size 5 MB)` says where something is.
    // `MemoryStore` is its name.
    let is = |at: usize, known: &[&str]| words.get(at).is_some_and(|word| known.contains(&word.as_str()));
    let is_place = |at: usize| at > 0 && is(at - 1, &["in", "into", "from", "to"]) || is(at + 1, &["store"]);
    let all: Vec<&str> = (0..words.len()).filter(|at| !is_place(*at)).map(|at| words[at].as_str()).collect();
    level(&all).is_some_and(|level| level.has_noun)
}

/// Returns the unit that stands alone in brackets: `Memory (MB) |`.
fn unit_in_brackets(text: &str) -> Option<f64> {
    let in_brackets = text.split(['(', '[']).skip(1).filter_map(|rest| rest.split([')', ']']).next());
    let mut units = in_brackets.filter_map(|word| unit_of(&word.trim().to_ascii_lowercase()));
    units.next()
}
