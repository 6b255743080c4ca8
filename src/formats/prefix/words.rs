//! Words that stand before records in every log: levels, labels of fields, and labels of samples.
//!
//! Only words that mean the same in any log are here. Which field names a worker is found out from the records.

use std::sync::LazyLock;

use foldhash::HashMap;

/// Levels of logs, with the short forms of supervisord and klog.
const LEVELS: &str = "trace trac debug debg info notice warn warning error erro err critical crit fatal severe panic \
    emerg alert audit success verbose exception";

/// Words for a point in the work of one process: they label samples, never processes.
const PHASES: &str = "before after start started starting begin beginning end ended finish finished initial initially \
    first final last baseline base warmup warm pre post idle peak now then previous current enter exit stdout stderr \
    output done";

/// Words that count or name samples when a number stands beside them: `step 3`, `day-2`, `req-7`.
const COUNTING: &str = "sample iteration iter it run round loop step cycle tick snapshot request req epoch measurement \
    day hour minute min second sec week month year phase stage part pass batch trial attempt try test checkpoint point \
    time call query message msg event thread task item line gc frame";

/// Units of time and of amounts, as they follow a number.
const UNITS: &str = "s ms us ns µs m h d min sec secs msec usec hr hrs x k kb mb gb tb kib mib gib tib hz th";

/// Labels of process ids, without signs.
const PIDS: &str = "pid processid procid ospid";

/// Labels of workers, without signs.
const WORKERS: &str = "process processname proc procname worker workerid workername host hostname node nodename pod \
    podname container containername containerid instance instanceid replica rank localrank globalrank dyno machine \
    server vm unit program servicename appname applicationname processgroup processidentifier syslogidentifier appinstance shard slot gpu device actor \
    executor";

/// Beginnings of the labels of what is never a worker.
const NOBODY: &str = "level lvl severity priority logger loggername name module mod file path func function method \
    line thread tid trace span request req session user uid client remote url uri query status code message msg event \
    log time date ts elapsed duration took latency uptime seq offset count total phase stage ppid version stream \
    correlation transaction tenant customer account topic queue table route endpoint cpu mem";

/// All lists in which a word stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Lists(u8);

const LEVEL: u8 = 1;
const PHASE: u8 = 2;
const COUNTER: u8 = 4;
const UNIT: u8 = 8;
const PID: u8 = 16;
const WORKER: u8 = 32;

static LISTS: LazyLock<HashMap<&[u8], u8>> = LazyLock::new(|| {
    let mut lists: HashMap<&[u8], u8> = HashMap::default();
    let all = [
        (LEVEL, LEVELS),
        (PHASE, PHASES),
        (COUNTER, COUNTING),
        (UNIT, UNITS),
        (PID, PIDS),
        (WORKER, WORKERS),
    ];
    for (list, words) in all {
        words.split_ascii_whitespace().for_each(|word| *lists.entry(word.as_bytes()).or_default() |= list);
    }
    lists
});

/// The longest word of the lists, in bytes.
const LONGEST: usize = 24;

impl Lists {
    /// Returns the lists in which a word stands, in capitals or not.
    pub(crate) fn of(word: &str) -> Self {
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..word.len()) else { return Self::default() };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        Self(LISTS.get(&*lower).copied().unwrap_or_default())
    }

    /// Whether the word is a level of a log.
    pub(crate) const fn is_level(self) -> bool {
        self.0 & LEVEL != 0
    }

    /// Whether the word is a point in the work of one process, such as `before`.
    pub(crate) const fn is_phase(self) -> bool {
        self.0 & PHASE != 0
    }

    /// Whether the word may label the word after it: `PID 12`, `worker 3`.
    pub(super) const fn is_label(self) -> bool {
        self.0 & (PID | WORKER) != 0
    }

    const fn is_counter(self) -> bool {
        self.0 & COUNTER != 0
    }
}

/// Whether a word, in capitals or not, stands in one of some lists.
fn is_in(word: &str, lists: u8) -> bool {
    Lists::of(word).0 & lists != 0
}

/// The meaning of a field's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// The id of a process.
    Pid,
    /// A process, a worker, or the machine or container that it runs in.
    Worker,
    /// Nobody: code, requests, threads, times, counts.
    Nobody,
    /// Unknown.
    Other,
}

/// Whether a word is a level of a log.
pub(crate) fn is_level(word: &str) -> bool {
    is_in(word, LEVEL)
}

/// Whether a label is that of a sample and not of a process: `step 3`, `day-2`, `17`, `t=30s`, `14:54`, `after 100
/// requests`, `before`, `app-after`. `post-service-0` may be a pod.
pub(crate) fn labels_a_sample(text: &str) -> bool {
    const IN_NAMES: [&str; 6] = ["before", "after", "baseline", "warmup", "initial", "final"];
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_text = words.len() < 2 || lower.contains(' ');
    let is_number =
        |place: usize| words.get(place).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let is_sign = |word: &str| matches!(word, "t" | "n" | "i");
    let is_label = |place: usize, word: &str| {
        let stem = word.trim_matches(|c: char| c.is_ascii_digit());
        if stem.len() < word.len() {
            // `600s`, `epoch3`, `n3`
            return is_in(stem, UNIT) || counts(stem) || is_sign(stem);
        }
        let after_number = place > 0 && is_number(place - 1);
        let beside_number = after_number || is_number(place + 1);
        (if is_text { is_in(word, PHASE) } else { IN_NAMES.contains(&word) })
            || counts(word) && beside_number
            || is_in(word, UNIT) && after_number
            || is_sign(word) && is_number(place + 1)
    };
    let is_plain_number = !words.is_empty() && (0..words.len()).all(is_number);
    is_plain_number || words.iter().enumerate().any(|(place, word)| is_label(place, word))
}

/// Whether a word counts something, with a number beside it: `step`, `requests`.
pub(super) fn counts(word: &str) -> bool {
    Lists::of(word).is_counter() || word.strip_suffix('s').is_some_and(|single| is_in(single, COUNTER))
}

/// Whether a word names a thread: `MainThread`, `Thread-3`, `ThreadPoolExecutor-0_1`, `Dummy-2`.
pub(super) fn is_thread(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.contains("thread") || lower.starts_with("dummy-") || lower.starts_with("asyncio_")
}

/// Whether a word is a number with a unit: `12ms`, `3.5s`, `40%`.
pub(super) fn is_amount(word: &str) -> bool {
    let unit =
        word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-' | '~'));
    let starts = word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | '~'));
    starts && unit.len() < word.len() && (unit == "%" || is_in(unit, UNIT))
}

/// Whether a word is a unit that follows a number after a blank: `12 ms`, `3 sec`.
pub(super) fn is_unit(word: &str) -> bool {
    (word.len() > 1 || word == "s") && is_in(word, UNIT)
}

/// Returns the meaning of a field's label: `pid`, `kubernetes.pod_name`, `requestId`.
pub(super) fn label(text: &str) -> Label {
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).rev();
    let (last, before) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let joined = format!("{before}{last}");
    let either = |lists: u8| is_in(last, lists) || is_in(&joined, lists);
    if either(PID) {
        return Label::Pid;
    }
    if either(WORKER) {
        return Label::Worker;
    }
    let begins = |known: &str| last.starts_with(known) || joined.starts_with(known);
    if NOBODY.split_ascii_whitespace().any(begins) || is_in(last, COUNTER | PHASE) {
        return Label::Nobody;
    }
    Label::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_samples_are_known_from_names() {
        for text in [
            "1 hour",
            "2 hours",
            "Day 2",
            "14:54",
            "run 3",
            "Iteration 5",
            "after 100 requests",
            "before",
            "after",
            "step-3",
            "t=30s",
            "17",
            "0.5",
            "sample-1",
            "600s",
            "5 min",
            "req-12",
            "Test #3",
            "epoch3",
            "GC 2",
            "before gc",
            "warmup",
            "n=3",
            "app-after",
            "before-gc",
            "100 requests",
        ] {
            assert!(labels_a_sample(text), "{text}");
        }
        for text in [
            "pod-a",
            "web-1",
            "worker_2",
            "nginx",
            "nginx worker",
            "gw0",
            "shop/api",
            "ForkPoolWorker-3",
            "pod-b-2",
            "post-service-0",
            "task-runner-1",
            "pid",
        ] {
            assert!(!labels_a_sample(text), "{text}");
        }
    }

    #[test]
    fn labels_of_fields_have_a_meaning() {
        for (text, meaning) in [
            ("pid", Label::Pid),
            ("_PID", Label::Pid),
            ("process_id", Label::Pid),
            ("processName", Label::Worker),
            ("kubernetes.pod_name", Label::Worker),
            ("local_rank", Label::Worker),
            ("rapid", Label::Other),
            ("ppid", Label::Nobody),
            ("request_id", Label::Nobody),
            ("threadName", Label::Nobody),
            ("levelname", Label::Nobody),
            ("step", Label::Nobody),
            ("region", Label::Other),
        ] {
            assert_eq!(label(text), meaning, "{text}");
        }
    }

    #[test]
    fn amounts_are_numbers_with_units() {
        for (word, amount) in [
            ("12ms", true),
            ("3.5s", true),
            ("40%", true),
            ("90MB", true),
            ("12", false),
            ("s", false),
            ("3f2a", false),
            ("gw0", false),
        ] {
            assert_eq!(is_amount(word), amount, "{word}");
        }
    }
}
