//! Kinds of memory log that are known by sight and not read: the refusal should say which.

const MEMCHECK: &str = "the leak summary of valgrind's memcheck (it has one moment, and what is still reachable is no \
                        leak to it; record valgrind --tool=massif --time-unit=ms instead)";
const MEMRAY_STATS: &str = "memray stats (it counts all that was ever allocated, freed or not; use memray transform \
                            csv of several captures, or its get_memory_snapshots(), instead)";
const FOLDED: &str = "folded stacks (nothing in them says whether they count bytes or calls, in use or ever \
                      allocated; use the recording that they were made of instead: heaptrack.APP.PID.zst, a profile \
                      of pprof, memray transform csv)";

/// A kind, and words that stand in one line of it.
const KINDS: &[(&str, &[&str])] = &[
    (
        "smemstat (it prints changes and no sizes; record smem instead)",
        &["Change in memory (average per second)"],
    ),
    (
        "ps_mem (it adds up all processes of a program; record ps -eo pid,rss,args instead)",
        &["Private", "+", "Shared", "=", "RAM used", "Program"],
    ),
    (
        "smem -u (it adds up all processes of a user; record smem or ps -eo pid,rss,args instead)",
        &["User", "Count", "Swap", "USS", "PSS", "RSS"],
    ),
    ("smem -w (it has the areas of the kernel; record free instead)", &["Area", "Used", "Cache", "Noncache"]),
    ("vmstat of BSD (record ps -axo pid,rss,command instead)", &["avm", "fre", "flt", "re", "pi", "po"]),
    (
        "vm_stat of macOS (it has pages of the whole machine; record ps -axo pid,rss,command instead)",
        &["Mach Virtual Memory Statistics:"],
    ),
    (
        "jstat -gcutil or -gccause (percentages of capacities that change; record jstat -gc -t instead)",
        &[" S0 ", " S1 ", " E ", " O ", "YGCT"],
    ),
    ("jstat -gccapacity (it has capacities and no use; record jstat -gc -t instead)", &["NGCMN", "OGCMX"]),
    ("jstat -gcnew (it lacks the old generation; record jstat -gc -t instead)", &["TT", "MTT", "DSS", "YGC"]),
    (MEMCHECK, &["LEAK SUMMARY:"]),
    (MEMCHECK, &["==", " in loss record "]),
    (
        "heaptrack_print (it has the totals of a whole run; give the file heaptrack.APP.PID.zst itself instead)",
        &["calls to allocation functions with ", " peak consumption from"],
    ),
    (MEMRAY_STATS, &["\"total_bytes_allocated\""]),
    (MEMRAY_STATS, &["Total memory allocated:"]),
    (
        "memray summary (it has one moment, with cut names; use memray transform csv instead)",
        &["<Total", "Own", "Allocati"],
    ),
    ("memray tree (it draws on the screen; use memray transform csv instead)", &["\u{1f4c2}", "<ROOT>"]),
    (
        "a heap snapshot of V8 (it has objects and no sites; record several .heapprofile files instead, with \
         node --heap-prof or the inspector's HeapProfiler.startSampling)",
        &["{\"snapshot\":{\"meta\":{"],
    ),
    ("ps output", &["PID", "RSS"]),
    ("ps output", &["RSS", "VSZ"]),
    ("psutil's pmem", &["pmem(rss="]),
];

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
    let by_words = text.lines().take(2000).find_map(|line| {
        KINDS.iter().find(|(_, words)| words.iter().all(|word| line.contains(word))).map(|(kind, _)| *kind)
    });
    by_words.or_else(|| are_folded(text).then_some(FOLDED))
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
    use super::{looks_like, refused};

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
            ("  PID  RSS COMMAND", Some("ps output")),
            ("hello", None),
            ("==9== LEAK SUMMARY:\n", Some(super::MEMCHECK)),
            ("main;serve;keep 12288\nmain;serve (app.c);lookup; 70\n[root] 4\n", Some(super::FOLDED)),
            ("main;serve;keep 12288\nstarted; listening\nmain;serve 3\n", None),
        ] {
            assert_eq!(looks_like(text), kind, "{text}");
        }
    }
}
