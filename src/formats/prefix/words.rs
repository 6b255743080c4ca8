//! Words that stand before records in every log: levels, labels of fields, and labels of samples.
//!
//! Only words that mean the same in any log are here. Which field names a worker is found out from the records.

/// Levels of logs, in lower case, with the short forms of supervisord and klog.
const LEVELS: [&str; 22] = [
    "trace", "trac", "debug", "debg", "info", "notice", "warn", "warning", "error", "erro", "err", "critical",
    "crit", "fatal", "severe", "panic", "emerg", "alert", "audit", "success", "verbose", "exception",
];

/// Words for a point in the work of one process: they label samples, never processes.
const PHASES: [&str; 34] = [
    "before", "after", "start", "started", "starting", "begin", "beginning", "end", "ended", "finish",
    "finished", "initial", "initially", "first", "final", "last", "baseline", "base", "warmup", "warm", "pre",
    "post", "idle", "peak", "now", "then", "previous", "current", "enter", "exit", "stdout", "stderr", "output",
    "done",
];

/// Words that count or name samples when a number stands beside them: `step 3`, `day-2`, `req-7`.
const COUNTING: [&str; 48] = [
    "sample", "iteration", "iter", "it", "run", "round", "loop", "step", "cycle", "tick", "snapshot", "request",
    "requests", "req", "epoch", "measurement", "day", "hour", "minute", "min", "second", "sec", "week", "month",
    "year", "phase", "stage", "part", "pass", "batch", "trial", "attempt", "try", "test", "checkpoint", "point",
    "time", "call", "query", "message", "msg", "event", "thread", "task", "item", "line", "gc", "frame",
];

/// Units of time and of amounts, as they follow a number without a blank.
const UNITS: [&str; 27] = [
    "s", "ms", "us", "ns", "µs", "m", "h", "d", "min", "sec", "secs", "msec", "usec", "hr", "hrs", "x", "k", "kb",
    "mb", "gb", "tb", "kib", "mib", "gib", "tib", "hz", "th",
];

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

/// Labels of workers, without signs and in lower case.
const WORKERS: [&str; 38] = [
    "process", "processname", "proc", "procname", "worker", "workerid", "workername", "host", "hostname", "node",
    "nodename", "pod", "podname", "container", "containername", "containerid", "instance", "instanceid", "replica",
    "rank", "localrank", "globalrank", "dyno", "machine", "server", "vm", "unit", "program", "processgroup",
    "processidentifier", "syslogidentifier", "appinstance", "shard", "slot", "gpu", "device", "actor", "executor",
];

/// Labels of what is never a worker, without signs and in lower case. Of longer labels the beginning counts.
const NOBODY: [&str; 68] = [
    "level", "lvl", "severity", "priority", "logger", "loggername", "name", "module", "mod", "file", "filename",
    "path", "pathname", "func", "function", "funcname", "method", "line", "lineno", "thread", "tid", "trace",
    "span", "request", "req", "session", "user", "uid", "client", "remote", "url", "uri", "query", "status", "code",
    "message", "msg", "event", "log", "time", "date", "ts", "elapsed", "duration", "took", "latency", "uptime",
    "seq", "offset", "count", "total", "phase", "stage", "ppid", "version", "stream", "correlation", "transaction",
    "tenant", "customer", "account", "topic", "queue", "table", "route", "endpoint", "cpu", "mem",
];

/// Whether a word is a level of a log.
pub(crate) fn is_level(word: &str) -> bool {
    is_one_of(word, &LEVELS)
}

/// Whether a word is a point in the work of one process, such as `before`.
pub(crate) fn is_phase(word: &str) -> bool {
    is_one_of(word, &PHASES)
}

/// Whether a label is that of a sample and not of a process: `step 3`, `day-2`, `17`, `t=30s`, `14:54`, `after 100
/// requests`, `before`.
pub(crate) fn labels_a_sample(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number = |place: usize| words.get(place).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let is_counter = |place: usize, word: &str| {
        let stem = word.trim_matches(|c: char| c.is_ascii_digit());
        if stem.len() < word.len() {
            // `600s`, `epoch3`, `n3`
            return UNITS.contains(&stem) || counts(stem) || matches!(stem, "t" | "n" | "i");
        }
        let after_number = place > 0 && is_number(place - 1);
        counts(stem) && (after_number || is_number(place + 1))
            || after_number && UNITS.contains(&stem)
            || matches!(stem, "t" | "n" | "i") && is_number(place + 1)
    };
    let is_plain_number = !words.is_empty() && (0..words.len()).all(is_number);
    is_plain_number || words.iter().enumerate().any(|(place, word)| is_phase(word) || is_counter(place, word))
}

/// Whether a word counts something, with a number beside it: `step`, `requests`.
pub(super) fn counts(word: &str) -> bool {
    let single = word.strip_suffix('s').unwrap_or(word);
    is_one_of(word, &COUNTING) || is_one_of(single, &COUNTING)
}

/// Whether a word names a thread: `MainThread`, `Thread-3`, `ThreadPoolExecutor-0_1`, `Dummy-2`.
pub(super) fn is_thread(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.contains("thread") || lower.starts_with("dummy-") || lower.starts_with("asyncio_")
}

/// Whether a word is a number with a unit: `12ms`, `3.5s`, `40%`.
pub(super) fn is_amount(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-' | '~'));
    let starts = word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | '~'));
    starts && unit.len() < word.len() && (unit == "%" || is_one_of(unit, &UNITS))
}

/// Whether a word is a unit that follows a number after a blank: `12 ms`, `3 sec`.
pub(super) fn is_unit(word: &str) -> bool {
    word.len() > 1 && is_one_of(word, &UNITS) || word == "s"
}

/// Returns the meaning of a field's label: `pid`, `kubernetes.pod_name`, `requestId`.
pub(super) fn label(text: &str) -> Label {
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).rev();
    let (last, before) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let joined = format!("{before}{last}");
    // `name[12]` of a label is its index.
    match last {
        "pid" | "processid" | "procid" | "ospid" => return Label::Pid,
        "id" if before == "process" => return Label::Pid,
        _ => {}
    }
    if WORKERS.contains(&last) || WORKERS.contains(&joined.as_str()) {
        return Label::Worker;
    }
    let begins = |known: &str| last.starts_with(known) || joined.starts_with(known);
    if NOBODY.iter().any(|known| begins(known)) || COUNTING.contains(&last) || PHASES.contains(&last) {
        return Label::Nobody;
    }
    Label::Other
}

/// Whether a word before a blank may label the word after it: `PID 12`, `worker 3`.
pub(super) fn is_label_word(word: &str) -> bool {
    word.len() <= 9 && word.bytes().all(|b| b.is_ascii_alphabetic()) && matches!(label(word), Label::Pid | Label::Worker)
}

fn is_one_of(word: &str, known: &[&str]) -> bool {
    word.len() <= 13 && known.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_samples_are_known_from_names() {
        for text in [
            "1 hour", "2 hours", "Day 2", "14:54", "run 3", "Iteration 5", "after 100 requests", "before", "after",
            "step-3", "t=30s", "17", "0.5", "sample-1", "600s", "5 min", "req-12", "Test #3", "epoch3", "GC 2",
            "before gc", "warmup", "n=3", "100 requests",
        ] {
            assert!(labels_a_sample(text), "{text}");
        }
        for text in ["pod-a", "web-1", "worker_2", "nginx", "nginx worker", "gw0", "shop/api", "ForkPoolWorker-3", "pod-b-2", "pid"] {
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
        for (word, amount) in [("12ms", true), ("3.5s", true), ("40%", true), ("90MB", true), ("12", false), ("s", false), ("3f2a", false), ("gw0", false)] {
            assert_eq!(is_amount(word), amount, "{word}");
        }
    }
}
