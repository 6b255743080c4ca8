//! Kinds of memory log that are known by sight and not read: the refusal should say which.

use super::bare_numbers::{self, BareNumbers};
use super::line::Line;
use crate::model::SeenForm;

const MEMCHECK: &str = "the leak summary of valgrind's memcheck (it has one moment, and what is still reachable is no \
                        leak to it; record valgrind --tool=massif --time-unit=ms instead)";
const MEMRAY_STATS: &str = "memray stats (it counts all that was ever allocated, freed or not; use memray transform \
                            csv of several captures, or its get_memory_snapshots(), instead)";
const FOLDED: &str = "folded stacks (nothing in them says whether they count bytes or calls, in use or ever \
                      allocated; use the recording that they were made of instead: heaptrack.APP.PID.zst, a profile \
                      of pprof, memray transform csv)";

const TABLE_AMID: &str = "a table of times and sizes amid the file (give it in a file of its own)";

/// A kind of memory log.
struct Kind {
    /// Its name, and the advice.
    name: &'static str,
    /// Texts that stand in one line of it, the rarest first.
    words: &'static [&'static str],
    /// The part of a log that the line begins.
    part: Part,
}

/// The part of a log that a line begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A table that is printed again and again, or whose rows are: it has a course.
    Table,
    /// The same, whose header has words that stand in prose, too.
    TableOfCommonWords,
    /// The sum of a run, which has one moment.
    Summary,
}

const fn table(name: &'static str, words: &'static [&'static str]) -> Kind {
    Kind { name, words, part: Part::Table }
}

const fn summary(name: &'static str, words: &'static [&'static str]) -> Kind {
    Kind { name, words, part: Part::Summary }
}

const fn processes(words: &'static [&'static str]) -> Kind {
    Kind { name: "ps output of other columns", words, part: Part::TableOfCommonWords }
}

const KINDS: &[Kind] = &[
    table(
        "smemstat (it prints changes and no sizes; record smem instead)",
        &["Change in memory (average per second)"],
    ),
    table(
        "ps_mem (it adds up all processes of a program; record ps -eo pid,rss,args instead)",
        &["RAM used", "Private", "+", "Shared", "=", "Program"],
    ),
    table(
        "smem -u (it adds up all processes of a user; record smem or ps -eo pid,rss,args instead)",
        &["USS", "User", "Count", "Swap", "PSS", "RSS"],
    ),
    table(
        "smem -w (it has the areas of the kernel; record free instead)",
        &["Noncache", "Area", "Used", "Cache"],
    ),
    table("vmstat of BSD (record ps -axo pid,rss,command instead)", &["avm", "fre", "flt", "re", "pi", "po"]),
    table(
        "vm_stat of macOS (it has pages of the whole machine; record ps -axo pid,rss,command instead)",
        &["Mach Virtual Memory Statistics:"],
    ),
    table(
        "jstat -gcutil or -gccause (percentages of capacities that change; record jstat -gc -t instead)",
        &["YGCT", " S0 ", " S1 ", " E ", " O "],
    ),
    table(
        "jstat -gccapacity (it has capacities and no use; record jstat -gc -t instead)",
        &["NGCMN", "OGCMX"],
    ),
    table(
        "jstat -gcnew (it lacks the old generation; record jstat -gc -t instead)",
        &["DSS", "TT", "MTT", "YGC"],
    ),
    summary(MEMCHECK, &["LEAK SUMMARY:"]),
    summary(MEMCHECK, &[" in loss record ", "=="]),
    summary(
        "heaptrack_print (it has the totals of a whole run; give the file heaptrack.APP.PID.zst itself instead)",
        &["calls to allocation functions with ", " peak consumption from"],
    ),
    summary(MEMRAY_STATS, &["\"total_bytes_allocated\""]),
    summary(MEMRAY_STATS, &["Total memory allocated:"]),
    summary(
        "memray summary (it has one moment, with cut names; use memray transform csv instead)",
        &["<Total", "Own", "Allocati"],
    ),
    summary(
        "memray tree (it draws on the screen; use memray transform csv instead)",
        &["<ROOT>", "\u{1f4c2}"],
    ),
    summary(
        "a heap snapshot of V8 (it has objects and no sites; record several .heapprofile files instead, with \
         node --heap-prof or the inspector's HeapProfiler.startSampling)",
        &["{\"snapshot\":{\"meta\":{"],
    ),
    processes(&["RSS", "PID"]),
    processes(&["RSS", "VSZ"]),
    summary("psutil's pmem", &["pmem(rss="]),
];

const NUMBERS: &str = "rows of numbers that may be memory (ps -o pid,rss,args names them, and --value-unit reads a file \
                       of nothing else)";

/// What a source holds of memory that is not read.
#[derive(Debug, Default)]
pub struct NotRead {
    /// Forms that are known by sight, each once.
    forms: Vec<SeenForm>,
    numbers: BareNumbers,
}

impl NotRead {
    /// Looks at a line that no format claims: it may be the header of a table known by sight, or is that of a table of
    /// times and sizes.
    pub fn see(&mut self, line: Line<'_>, may_be_table: bool, is_header: bool) {
        if let Some(kind) = may_be_table.then(|| table_of(line.text)).flatten() {
            self.add(line.number, kind.to_owned());
        } else if is_header {
            self.add(line.number, TABLE_AMID.to_owned());
        }
    }

    /// Adds a form that begins on a line.
    pub fn add(&mut self, line: u64, kind: String) {
        if !self.forms.iter().any(|seen| seen.kind == kind) {
            self.forms.push(SeenForm { kind, line });
        }
    }

    /// Takes a line between records that is no date.
    pub fn between(&mut self, number: u64, line: &str) {
        self.numbers.line(number, line);
    }

    /// Returns the forms, in the order of their lines; `samples`: those of the subject that has the most of them.
    #[must_use]
    pub fn into_forms(mut self, samples: u64) -> Vec<SeenForm> {
        if let Some(line) = self.numbers.first_line(samples) {
            self.add(line, NUMBERS.to_owned());
        }
        self.forms.sort_by_key(|seen| seen.line);
        self.forms
    }
}

/// Returns texts of which each header of a table that is known by sight has one.
pub fn table_needles() -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(|kind| kind.part != Part::Summary).filter_map(|kind| kind.words.first().copied())
}

/// Returns the kind of a table by its header, a line that no format claims.
#[must_use]
pub fn table_of(line: &str) -> Option<&'static str> {
    let kind = KINDS.iter().filter(|kind| kind.part != Part::Summary).find(|kind| kind.is_of(line))?;
    (kind.part == Part::Table || has_header_words(line)).then_some(kind.name)
}

/// Whether a line has no numbers, and words in capitals or symbols mostly.
fn has_header_words(line: &str) -> bool {
    let is_prose = |word: &&str| word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
    let words = || line.split_ascii_whitespace();
    !line.bytes().any(|byte| byte.is_ascii_digit()) && 2 * words().filter(is_prose).count() <= words().count()
}

impl Kind {
    /// Whether a line has all words of the kind.
    fn is_of(&self, line: &str) -> bool {
        self.words.iter().all(|word| line.contains(word))
    }
}

/// Returns the kind of a text that must not be read at all, though its lines look as if it could be: the log of a
/// terminal in which `watch` draws, which writes only those characters of a number that changed.
#[must_use]
pub fn refused(text: &str) -> Option<&'static str> {
    let is_watch = text.contains("Every ") && super::escapes::moves_within_lines(text) > 0;
    is_watch.then_some(
        "watch in the log of a terminal (only changed characters are written; record a loop of date and the command \
         instead)",
    )
}

/// Returns the kind that a text without a known format looks like, by the first of its lines that shows it.
#[must_use]
pub fn looks_like(text: &str) -> Option<&'static str> {
    let by_words = text
        .lines()
        .take(2000)
        .find_map(|line| KINDS.iter().find(|kind| kind.is_of(line)).map(|kind| kind.name));
    by_words
        .or_else(|| are_folded(text).then_some(FOLDED))
        .or_else(|| bare_numbers::are_rows(text).then_some(NUMBERS))
}

/// Whether all lines of a text are `outermost;…;innermost 123`, and some have callers.
fn are_folded(text: &str) -> bool {
    let has_number = |line: &str| {
        let number = line.trim_end().rsplit_once(' ').filter(|(stack, _)| !stack.trim().is_empty());
        number
            .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    // The last line may be cut.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = || whole.lines().take(100);
    lines().all(has_number) && lines().filter(|line| line.contains(';')).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::{looks_like, refused, table_of};

    #[test]
    fn watch_in_a_terminal_is_refused() {
        let drawn =
            "\u{1b}[H\u{1b}[2JEvery 2.0s: ps -o pid,rss\u{1b}[1;60Hnode1: Thu Nov 26 10:34:08 2026\r\n";
        assert!(refused(drawn).is_some());
        for text in
            ["Every 2.0s: ps -o pid,rss      node1: Thu Nov 26 10:34:08 2026\n", "\u{1b}[H\u{1b}[10;1Htop - "]
        {
            assert_eq!(refused(text), None, "{text}");
        }
    }

    #[test]
    fn kinds_are_known_by_sight() {
        for (text, kind) in [
            ("  PID  RSS COMMAND", Some("ps output of other columns")),
            ("hello", None),
            ("==9== LEAK SUMMARY:\n", Some(super::MEMCHECK)),
            ("main;serve;keep 12288\nmain;serve (app.c);lookup; 70\n[root] 4\n", Some(super::FOLDED)),
            ("main;serve;keep 12288\nstarted; listening\nmain;serve 3\n", None),
        ] {
            assert_eq!(looks_like(text), kind, "{text}");
        }
    }

    #[test]
    fn tables_are_known_by_their_headers() {
        for (line, kind) in [
            (" Private  +   Shared  =  RAM used\tProgram", Some("ps_mem")),
            ("User     Count     Swap      USS      PSS      RSS", Some("smem -u")),
            (" r b w     avm   fre   flt  re  pi  po    fr", Some("vmstat of BSD")),
            ("  S0     S1     E      O      M     CCS    YGC     YGCT", Some("jstat -gcutil")),
            ("USER PID RSS GRP", Some("ps output")),
            // Prose, and records in the words of a program.
            ("watching RSS of PID given on the command line", None),
            ("PID 4103 RSS 10072", None),
            ("LEAK SUMMARY:", None),
        ] {
            let found = table_of(line);
            assert_eq!(found.map(|name| name.starts_with(kind.unwrap_or("-"))), kind.map(|_| true), "{line}");
        }
    }
}
