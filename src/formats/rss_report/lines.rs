//! The lines between the values: what they are, and whom they name.

use memchr::memchr_iter;

use crate::formats::prefix::words::Lists;
use crate::model::{Measured, Metric};

/// The processes that an echoed command reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    /// A name from `kubectl exec NAME` and the like.
    pub(super) name: Option<String>,
    /// The processes whose files it reads.
    pub(super) target: Target,
    /// Whether it reads `smaps`, where each mapping has its own values.
    pub(super) sums: bool,
    /// Whether it reads `smaps_rollup`, where the values are of the whole process.
    pub(super) rollup: bool,
}

/// The processes whose files a command reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// The text does not say (`/proc/self`, `/proc/$(pgrep x)`).
    Unknown,
    /// These, in this order.
    Pids(Vec<u64>),
    /// Several that a pattern stands for.
    Several,
}

/// A line that may name the process of the values below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// The name without its decoration.
    pub(super) name: String,
    /// Whether it was decorated (`=== … ===`): then it may head a whole section.
    pub(super) decorated: bool,
}

/// A line without the marks of quoted mail.
pub(super) fn unquoted(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>', '|', '\u{a0}']).trim_end()
}

/// The header of a mapping of `smaps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mapping<'a> {
    /// The address at which it begins.
    pub(super) from: u64,
    /// The file, or `[heap]`; empty for other anonymous memory. `[rollup]` stands for all mappings.
    pub(super) name: &'a str,
}

/// Returns the mapping that a line is the header of.
pub(super) fn mapping(line: &str) -> Option<Mapping<'_>> {
    let mut words = line.split_ascii_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let rights = words.next()?;
    let is_mapping = rights.len() == 4
        && rights.bytes().all(|b| b"rwxsp-".contains(&b))
        && u64::from_str_radix(to, 16).is_ok()
        && words.next().is_some_and(|offset| u64::from_str_radix(offset, 16).is_ok());
    let from = u64::from_str_radix(from, 16).ok().filter(|_| is_mapping)?;
    Some(Mapping { from, name: words.nth(2).unwrap_or("") })
}

/// The file in a heading of `head` or `tail`: `==> /proc/123/status <==`.
pub(super) fn file_heading(line: &str) -> Option<&str> {
    line.strip_prefix("==> ")?.strip_suffix(" <==").map(str::trim).filter(|file| !file.is_empty())
}

/// The process id in a heading that is nothing but one: `PID 123`, `--- pid: 123 ---`.
pub(super) fn pid_heading(line: &str) -> Option<u64> {
    let bare = line.trim_matches(|c: char| "=-*#~<>|_+[]() \t:".contains(c));
    let number = bare.get(..3).filter(|label| label.eq_ignore_ascii_case("pid")).and(bare.get(3..))?;
    number.trim_start_matches([' ', '\t', ':', '=', '#']).parse().ok()
}

/// The process id in a path such as `/proc/123/status`.
pub(super) fn pid_in(path: &str) -> Option<u64> {
    let (_, rest) = path.split_once("/proc/")?;
    let (pid, file) = rest.split_once('/')?;
    pid.parse().ok().filter(|_| !file.is_empty())
}

/// Returns the text after a shell's prompt: `$ …`, `# …`, `user@host:~$ …`, `[root@host ~]# …`, `+ …`.
pub(super) fn after_prompt(line: &str) -> Option<&str> {
    // Most lines have none of the signs, which four searches for a byte show.
    for sign in *b"$#%+" {
        let mut places = memchr_iter(sign, line.as_bytes());
        let Some(at) = places.find(|at| line.as_bytes().get(at + 1) == Some(&b' ')) else { continue };
        let (prompt, command) = (line.get(..at)?, line.get(at + 2..)?);
        let is_prompt = prompt.is_empty()
            || (prompt.contains('@') && !prompt.contains("  ") && prompt.len() < 80)
            || prompt.ends_with(['~', ']', ':']);
        if is_prompt {
            return Some(command.trim());
        }
    }
    None
}

/// Whether a line is a command typed at a shell's `$`, whatever it does; `typed` is what stands after its prompt.
pub(super) fn is_prompt(line: &str, typed: Option<&str>) -> bool {
    line == "$" || (typed.is_some() && !line.starts_with("# "))
}

/// Returns the processes that an echoed command reads; `None` if the line is none, or reads no process. `typed` is what
/// stands after its prompt.
pub(super) fn command(line: &str, typed: Option<&str>) -> Option<Command> {
    const PROGRAMS: [&str; 18] = [
        "grep", "egrep", "fgrep", "rg", "cat", "awk", "sed", "head", "tail", "watch", "while", "for", "sudo",
        "kubectl", "oc", "docker", "podman", "date;",
    ];
    let text = typed.unwrap_or(line);
    let program = text.split_ascii_whitespace().next()?;
    if !PROGRAMS.contains(&program) && text.len() == line.len() {
        return None;
    }
    // `for p in 1 2 3; do … /proc/$p/status` reads one process after the other; a loop over anything else
    // reads one again and again.
    let variable =
        text.strip_prefix("for ").and_then(|rest| rest.split(' ').next()).filter(|v| !v.is_empty());
    let loops_over = |word: &str| {
        let word = word.strip_prefix('$').map(|word| word.trim_matches(['{', '}', '"']));
        word.is_some() && word == variable
    };
    let mut pids = Vec::new();
    let mut several = false;
    let (mut sums, mut rollup) = (false, false);
    for (_, path) in
        text.match_indices("/proc/").map(|(at, found)| (at, text.get(at + found.len()..).unwrap_or("")))
    {
        let pid = path.split(['/', ' ']).next().unwrap_or("");
        match pid.parse::<u64>() {
            Ok(pid) if !pids.contains(&pid) => pids.push(pid),
            Ok(_) => {}
            Err(_) => {
                several |= loops_over(pid) || (!pid.starts_with('$') && pid.contains(['*', '?', '[', '{']))
            }
        }
        let file = path.split([' ', ';', '|', ')', '"', '\'']).next().unwrap_or("");
        // `{print …} END` of awk sums by itself.
        sums |= file.ends_with("/smaps") && program != "awk";
        rollup |= file.ends_with("/smaps_rollup");
    }
    let name = container(text);
    several |= text.split_ascii_whitespace().any(|word| text.contains(" exec ") && loops_over(word));
    if !text.contains("/proc/") && name.is_none() {
        return None;
    }
    let target = match (several, pids.is_empty()) {
        (true, _) => Target::Several,
        (false, true) => Target::Unknown,
        (false, false) => Target::Pids(pids),
    };
    Some(Command { name, target, sums, rollup })
}

/// The name in `kubectl exec -n shop pod-a -- …` and `docker exec web …`.
fn container(command: &str) -> Option<String> {
    const WITH_VALUE: [&str; 9] =
        ["-n", "-c", "--namespace", "--container", "--context", "--kubeconfig", "-u", "--user", "-w"];
    let (before, arguments) = command.split_once(" exec ")?;
    if !["kubectl", "oc", "docker", "podman"].iter().any(|program| before.contains(program)) {
        return None;
    }
    let mut words = arguments.split_ascii_whitespace();
    while let Some(word) = words.next() {
        if WITH_VALUE.contains(&word) {
            words.next();
        } else if !word.starts_with('-') {
            let name = word.strip_prefix("pod/").unwrap_or(word);
            return (!name.starts_with(['$', '"'])).then(|| name.to_owned());
        }
    }
    None
}

/// Words that say what kind of name follows.
const LABELS: [&str; 11] =
    ["pod", "container", "process", "proc", "pid", "host", "node", "service", "name", "app", "worker"];

/// Words that stand above or before values and name no process.
const COMMON: [&str; 27] = [
    "memory",
    "mem",
    "memory usage",
    "memory information",
    "usage",
    "status",
    "smaps",
    "smaps_rollup",
    "rss",
    "pss",
    "stats",
    "total",
    "sample",
    "samples",
    "done",
    "ok",
    "start",
    "end",
    "date",
    "time",
    "bash",
    "sh",
    "report",
    "info",
    "process",
    "values",
    "kb",
];

/// Words of error messages.
const ERRORS: [&str; 24] = [
    "error",
    "fail",
    "cannot",
    "can't",
    "no such",
    "not found",
    "denied",
    "refused",
    "terminated",
    "unable",
    "timed out",
    "timeout",
    "warning",
    "defaulted",
    "exit code",
    "killed",
    "forbidden",
    "unauthorized",
    "connection",
    "invalid",
    "unknown",
    "not running",
    "lost",
    "reset",
];

/// A line of more words is a sentence; most lines of a log are refused by that.
const MOST_WORDS: usize = 8;

/// The name in a line of its own: `pod-a`, `pod-a:`, `=== pod-a ===`, `[pod-a]`, `pod: pod-a`.
///
/// Whether it names a process depends on all others, see `naming`. An error, a sentence, a decorative line
/// and a `key: value` are never headings.
pub(super) fn heading(line: &str) -> Option<Heading> {
    let text = unquoted(line);
    let is_sentence = || text.split_ascii_whitespace().nth(MOST_WORDS).is_some();
    if text.len() > 100 || text.starts_with("$") || is_sentence() {
        return None;
    }
    let bare = text.trim_matches(|c: char| "=-*#~<>|_+ \t".contains(c));
    let inside = |open, close| bare.strip_prefix(open).and_then(|b| b.strip_suffix(close));
    let bare = inside('[', ']').or_else(|| inside('(', ')')).unwrap_or(bare);
    let with_colon = bare.ends_with(':');
    let name = bare.trim_end_matches(':').trim();
    let decorated = bare.len() < text.len();
    let words = name.split_whitespace().count();
    if !name.contains(char::is_alphanumeric) || name.contains(['"', '\\', '{', '}']) {
        return None;
    }
    if let Some(name) = labelled(name) {
        return Some(Heading { name: name.to_owned(), decorated });
    }
    let most_words = if decorated {
        4
    } else if with_colon {
        3
    } else {
        1
    };
    let sentence =
        name.ends_with(['.', '!', '?', ';', ',']) || name.contains(['=', '%']) || name.contains(": ");
    if words > most_words || sentence || is_common(name) || is_error(name) {
        return None;
    }
    // Of bare numbers only those that can be a process id.
    let number = name.bytes().all(|b| b.is_ascii_digit() || b".,-+".contains(&b));
    let signed = text.starts_with(['-', '+']) && text.len() == name.len() + 1;
    let pid = !signed && name.len() <= 7 && name.bytes().all(|b| b.is_ascii_digit());
    (!number || pid).then(|| Heading { name: name.to_owned(), decorated })
}

/// `pod-a` in `pod: pod-a`, `pod pod-a`, `pod=pod-a`.
fn labelled(text: &str) -> Option<&str> {
    let end = text.find([' ', ':', '=', '#'])?;
    let (label, rest) = text.split_at(end);
    let name = rest.trim_matches([' ', '\t', ':', '=', '#']);
    let is_label = LABELS.iter().any(|known| label.eq_ignore_ascii_case(known));
    // `host unit[1]` of a journal is no label and name.
    let single = !name.is_empty() && !name.contains([' ', '\t', '[']) && !name.ends_with(['.', ',']);
    (is_label && single).then_some(name)
}

fn is_common(name: &str) -> bool {
    COMMON.iter().any(|common| name.eq_ignore_ascii_case(common))
}

/// Whether a text is an error message. A single word is one only if it is nothing else: a pod may be called
/// `error-reporter-0`.
fn is_error(name: &str) -> bool {
    let lower = name.to_lowercase();
    if name.contains(char::is_whitespace) {
        ERRORS.iter().any(|error| lower.contains(error))
    } else {
        ERRORS.contains(&lower.as_str())
    }
}

/// Returns the name in the text before a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Before {
    /// Nobody.
    Nobody,
    /// A process by its path, as `grep -H` prints it.
    Pid(u64),
    /// Perhaps a process of this name.
    Word(String),
}

/// Returns the name in the text between a stamp and a key: one word, a path, `pid 123`; no level, no sentence.
pub(super) fn before_key(text: &str) -> Before {
    let text = unquoted(text);
    if let Some(pid) = pid_in(text) {
        return Before::Pid(pid);
    }
    let word = text.trim_matches(|c: char| "=-*#~<>|[]() \t".contains(c));
    // Line numbers of `grep -n`: `22:VmRSS:`, `report.txt:22:VmRSS:`.
    let word = word.strip_suffix(':').map_or(word, |word| {
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if name.is_empty() { "" } else { name.strip_suffix(':').unwrap_or(word) }
    });
    let word = word.trim_end_matches([']', ')', ':']);
    if let Some(name) = labelled(word) {
        return Before::Word(name.to_owned());
    }
    let level = word.split([':', '|']).next().is_some_and(|word| Lists::of(word).is_level());
    let file = word.rsplit('/').next().unwrap_or(word);
    let names = word.contains(char::is_alphanumeric)
        && !word.contains(|c: char| c.is_whitespace() || "\"{}=,;\\$".contains(c))
        && !word.contains("/proc/")
        && !level
        && !is_common(file);
    if names { Before::Word(word.to_owned()) } else { Before::Nobody }
}

/// Returns the value of a line of `smaps` whose key has nothing in common with those of other values.
pub(super) fn huge_or_lazy(text: &str) -> Option<(Metric, Measured)> {
    let (key, value) = text.split_once(':')?;
    let metric = match key {
        "AnonHugePages" => Metric::ANON_HUGE_PAGES,
        "LazyFree" => Metric::LAZY_FREE,
        _ => return None,
    };
    let kib: u32 = value.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some((metric, Measured::exact(f64::from(kib) * 1024.0)))
}

/// A line of `/proc/PID/status` without a value of memory that is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum StatusKey<'a> {
    /// The name of the process.
    Name(&'a str),
    /// Its id, if it is a number.
    Pid(Option<u64>),
    /// A number that stands above the memory of its process.
    Above(Metric, f64),
    /// A number that stands below it.
    Below(Metric, f64),
    /// Another key.
    Other,
}

/// Returns the key of `/proc/PID/status` that a line is.
pub(super) fn status_key(text: &str) -> Option<StatusKey<'_>> {
    let (key, value) = text.split_once(':')?;
    // Root has no groups, and few processes have thread features: these keys stand alone like headings.
    if key == "Groups" || key.starts_with("x86_Thread_features") {
        return Some(StatusKey::Other);
    }
    if !value.starts_with(['\t', ' ']) {
        return None;
    }
    match (key, value.trim()) {
        ("Name", name) if !name.is_empty() => Some(StatusKey::Name(name)),
        ("Pid", pid) => Some(StatusKey::Pid(pid.parse().ok())),
        ("FDSize", number) => Some(StatusKey::Above(Metric::FD_SIZE, number.parse::<u32>().ok()?.into())),
        ("Threads", number) => Some(StatusKey::Below(Metric::THREADS, number.parse::<u32>().ok()?.into())),
        ("HugetlbPages", size) => {
            let kib: u32 = size.strip_suffix(" kB")?.parse().ok()?;
            Some(StatusKey::Below(Metric::HUGETLB_PAGES, f64::from(kib) * 1024.0))
        }
        (_, value) => {
            let is_amount = value.ends_with(['B', 'b']) && value.starts_with(|c: char| c.is_ascii_digit());
            let is_key = key.starts_with(|c: char| c.is_ascii_uppercase()) && !key.contains(' ');
            (is_key && is_amount).then_some(StatusKey::Other)
        }
    }
}
