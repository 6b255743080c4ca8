//! Whom a record is of, where no list of names knows the word that says so: the memory of each subject follows itself.
#![allow(clippy::unwrap_used)]

mod reading;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use leakdiff::formats::Dispatcher;
use reading::Read;

/// Rounds of a recording.
const ROUNDS: u32 = 24;

/// Memory in KiB of the first and the second subject in a round: one grows, the other falls.
fn size(subject: usize, round: u32) -> u32 {
    let noise = (round * 7919 + 13 * u32::try_from(subject).unwrap()) % 60;
    if subject == 0 { 70_000 + 700 * round + noise } else { 400_000 - 900 * round - noise }
}

/// Seconds since 1970 at which a round is recorded.
fn time(round: u32) -> u32 {
    1_795_689_248 + 60 * round
}

fn iso(seconds: u32) -> String {
    jiff::Timestamp::from_second(i64::from(seconds)).unwrap().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn clock(seconds: u32) -> String {
    jiff::Timestamp::from_second(i64::from(seconds)).unwrap().strftime("%H:%M:%S").to_string()
}

fn date(seconds: u32) -> String {
    jiff::Timestamp::from_second(i64::from(seconds)).unwrap().strftime("%a %b %e %H:%M:%S UTC %Y").to_string()
}

/// The samples of each subject that is found in a text, each with all its values in KiB.
fn subjects(text: &str) -> BTreeMap<String, Vec<Vec<f64>>> {
    let read = Read::by(Dispatcher::new(None), &[text]);
    let records = &read.found.records;
    let mut found: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    for row in 0..records.samples.len() {
        let subject = records.subjects.get(records.samples.subject(row)).cloned().unwrap_or_default();
        let name = [subject.parent, subject.name].into_iter().flatten().collect::<Vec<_>>().join("/");
        let values = records.samples.values(row).map(|(_, value)| value.value / 1024.0).collect();
        found.entry(name).or_default().push(values);
    }
    found
}

/// The number of samples of each subject.
fn counts(found: &BTreeMap<String, Vec<Vec<f64>>>) -> Vec<(&str, usize)> {
    found.iter().map(|(name, samples)| (name.as_str(), samples.len())).collect()
}

/// The number of samples without a time.
fn untimed(text: &str) -> usize {
    let read = Read::by(Dispatcher::new(None), &[text]);
    read.found.records.samples.times().filter(Option::is_none).count()
}

/// Whether two subjects are found, each with its own memory in each round, and with a time but for the first round: one
/// date stands above both, and only later rounds show that the lines below it are titles.
fn are_two(text: &str, names: [&str; 2]) -> Result<(), String> {
    let found = subjects(text);
    let is_right = |(subject, name): (usize, &&str)| {
        let samples = found.iter().find(|(known, _)| known.contains(*name)).map(|(_, samples)| samples);
        let is_size = |(round, values): (u32, &Vec<f64>)| {
            let size = f64::from(size(subject, round));
            values.iter().any(|value| (value / size - 1.0).abs() < 0.001)
        };
        samples.is_some_and(|all| all.len() == ROUNDS as usize && (0..).zip(all).all(is_size))
    };
    let untimed = untimed(text);
    if found.len() == 2 && names.iter().enumerate().all(is_right) && untimed <= 1 {
        return Ok(());
    }
    Err(format!("{:?}, {untimed} without a time", counts(&found)))
}

/// Orders of rows by their names, each with the round, the subject and the seconds after the round of its rows.
type Orders = [(&'static str, Vec<(u32, usize, u32)>); 4];

/// Memory in KiB by the round, and what is said beside it by the round and the memory.
type Course = fn(u32) -> u32;
type Event = fn(u32, u32) -> &'static str;
type Words = fn(u32) -> String;

/// A row of a notation: the name of the key, the time, the name of the subject, its memory in KiB.
type Row = fn(&str, &str, &str, u32) -> String;

/// Notations of a record that names its subject by a key: the header, and a row.
const NOTATIONS: [(&str, &str, Row); 12] = [
    ("CSV", "time,KEY,rss_kb\n", |_, time, name, size| format!("{time},{name},{size}\n")),
    ("CSV, name last", "time,rss_kb,KEY\n", |_, time, name, size| format!("{time},{size},{name}\n")),
    ("CSV, long", "time,metric,KEY,value\n", |_, time, name, size| format!("{time},rss_kb,{name},{size}\n")),
    ("JSON lines", "", |key, time, name, size| {
        format!("{{\"ts\": \"{time}\", \"{key}\": \"{name}\", \"rss_kb\": {size}}}\n")
    }),
    ("JSON lines with a message", "", |key, time, name, size| {
        format!("{{\"ts\": \"{time}\", \"{key}\": \"{name}\", \"msg\": \"RSS: {size} kB\"}}\n")
    }),
    ("JSON lines with a message before", "", |key, time, name, size| {
        format!("{{\"ts\": \"{time}\", \"msg\": \"RSS: {size} kB\", \"{key}\": \"{name}\"}}\n")
    }),
    ("logfmt", "", |key, time, name, size| format!("ts={time} level=info {key}={name} rss={size}kB\n")),
    ("logfmt, name last", "", |key, time, name, size| {
        format!("ts={time} level=info msg=memory rss={size}kB {key}={name}\n")
    }),
    ("a line of a log", "", |key, time, name, size| format!("{time} INFO {key}={name} RSS: {size} kB\n")),
    ("a line of a log, name last", "", |key, time, name, size| {
        format!("{time} INFO RSS: {size} kB {key}={name}\n")
    }),
    ("the kernel's words", "", |key, time, name, size| format!("{time} {key}={name} VmRSS:\t{size} kB\n")),
    ("the kernel's words, name last", "", |key, time, name, size| {
        format!("{time} VmRSS:\t{size} kB {key}={name}\n")
    }),
];

/// Writes a recording of two subjects; `order` has the round, the subject and the seconds after the round of each row.
fn written((head, row): (&str, Row), key: &str, order: &[(u32, usize, u32)]) -> String {
    let mut text = head.replace("KEY", key);
    for &(round, subject, after) in order {
        let name = ["alpha", "beta"][subject];
        text += &row(key, &iso(time(round) + after), name, size(subject, round));
    }
    text
}

/// Rounds in which the second subject comes some seconds after the first, or after all of the first.
fn orders() -> Orders {
    let rounds = |after: u32| {
        (0..ROUNDS).flat_map(move |round| [(round, 0, 0), (round, 1, after)]).collect::<Vec<_>>()
    };
    let mut sorted = rounds(0);
    sorted.sort_by_key(|(round, subject, _)| (*subject, *round));
    [("at one time", rounds(0)), ("a second later", rounds(1)), ("by turns", rounds(30)), ("sorted", sorted)]
}

#[test]
fn a_key_of_any_name_parts_subjects() {
    let mut wrong = Vec::new();
    for key in
        ["module", "env", "tag", "namespace", "label", "source", "tenant", "queue", "svc", "kind", "thread"]
    {
        for (name, head, row) in NOTATIONS {
            for (order, rows) in orders() {
                let text = written((head, row), key, &rows);
                if let Err(found) = are_two(&text, ["alpha", "beta"]) {
                    wrong.push(format!("{key}, {name}, {order}: {found}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_columns_part_subjects_together() {
    let mut text = "time,env,module,rss_kb\n".to_owned();
    for round in 0..ROUNDS {
        for (place, (env, module)) in
            [("test", "api"), ("test", "job"), ("live", "api"), ("live", "job")].into_iter().enumerate()
        {
            let size = 100_000 * u32::try_from(place + 1).unwrap() + size(0, round);
            writeln!(text, "{},{env},{module},{size}", iso(time(round))).unwrap();
        }
    }
    let found = subjects(&text);
    assert_eq!(found.len(), 4, "{:?}", counts(&found));
    assert!(found.values().all(|samples| samples.len() == ROUNDS as usize), "{:?}", counts(&found));
}

/// What happens to one process is no name of it, however often it comes again.
#[test]
fn what_happens_to_a_process_parts_nothing() {
    let mut wrong = Vec::new();
    let course: [(&str, Course); 4] = [
        ("grows", |round| 100_000 + 800 * round + round * 7919 % 100),
        ("stands still", |round| 100_000 + round * 7919 % 3000),
        ("a sawtooth", |round| 100_000 + round % 8 * 4000),
        ("a step", |round| if round > ROUNDS { 140_000 } else { 100_000 } + round * 7919 % 300),
    ];
    let events: [(&str, Event); 4] = [
        ("without order", |round, _| ["load", "save", "idle"][(round * 7919 % 101 % 3) as usize]),
        ("by turns", |round, _| ["load", "save"][(round % 2) as usize]),
        ("one after another", |round, _| ["v1", "v2", "v3"][(round * 3 / (2 * ROUNDS)) as usize]),
        ("by its level", |_, size| if size > 110_000 { "high" } else { "low" }),
    ];
    for (name, head, row) in NOTATIONS {
        for (what, course) in course {
            for (when, event) in events {
                let mut text = head.replace("KEY", "event");
                for round in 0..2 * ROUNDS {
                    let size = course(round);
                    text += &row("event", &iso(time(round)), event(round, size), size);
                }
                let found = subjects(&text);
                if found.len() != 1 {
                    wrong.push(format!("{name}, {what}, {when}: {:?}", counts(&found)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Users, requests and rare events are no subjects, however many a log has.
#[test]
fn many_or_rare_values_part_nothing() {
    let mut wrong = Vec::new();
    let noise = |round: u32, least: u32| least + round * 7919 % 6007;
    let users: [(&str, Words, u32); 3] = [
        ("of a hundred", |round| format!("user{}", round * 7919 % 10_007 % 100), 600),
        ("of twenty", |round| format!("user{}", round * 7919 % 10_007 % 20), 100),
        ("a rare event", |round| if round % 31 == 7 { "gc" } else { "start" }.to_owned(), 90),
    ];
    for (name, head, row) in NOTATIONS {
        for (what, user, rounds) in users {
            // The event has a size of its own.
            let size = |round| noise(round, if user(round) == "gc" { 140_000 } else { 110_000 });
            let mut text = head.replace("KEY", "user");
            for round in 0..rounds {
                text += &row("user", &iso(time(round)), &user(round), size(round));
            }
            let found = subjects(&text);
            if found.len() != 1 {
                wrong.push(format!("{name}, {what}: {} subjects", found.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text before the stamp of a record, or before an object of JSON, names its subject.
#[test]
fn a_name_stands_before_a_stamp() {
    let forms: [(&str, Row); 6] = [
        ("compose", |_, time, name, size| format!("{name}-1  | {time} INFO RSS: {size} kB\n")),
        ("kubectl logs --prefix", |_, time, name, size| {
            format!("[pod/{name}-0/app] {time} RSS: {size} kB\n")
        }),
        ("pm2", |_, time, name, size| format!("0|{name}  | {time}: RSS: {size} kB\n")),
        ("a field", |_, time, name, size| format!("service={name} {time} RSS: {size} kB\n")),
        ("compose of JSON", |_, time, name, size| {
            format!("{name}-1  | {{\"ts\": \"{time}\", \"rss_kb\": {size}}}\n")
        }),
        ("an encoder for terminals", |_, time, name, size| {
            format!("{time} INFO {name} memory stats {{\"rss_kb\": {size}}}\n")
        }),
    ];
    let mut wrong = Vec::new();
    for (name, row) in forms {
        for (order, rows) in orders() {
            if let Err(found) = are_two(&written(("", row), "", &rows), ["alpha", "beta"]) {
                wrong.push(format!("{name}, {order}: {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A table of a tool that says nothing of the machine, with the memory in KiB.
type Body = fn(u32) -> String;

const TABLES: [(&str, Body); 7] = [
    ("docker stats", |size| {
        format!(
            "CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O       BLOCK I/O   PIDS\n\
             3f4e5a6b7c8d   app       0.10%     {:.1}MiB / 2GiB       3.42%     1.2kB / 0B    0B / 0B     12\n",
            f64::from(size) / 1024.0
        )
    }),
    ("kubectl top", |size| {
        format!("NAME                  CPU(cores)   MEMORY(bytes)\napp-0   10m          {}Ki\n", size)
    }),
    ("ps", |size| format!("  PID   RSS COMMAND\n    1 {size} app\n")),
    ("free", |size| {
        format!(
            "              total        used        free      shared  buff/cache   available\n\
             Mem:        8000000     {size}      7000000        1000      500000     7200000\n\
             Swap:             0           0           0\n"
        )
    }),
    ("top", |size| {
        format!(
            "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n      \
             1 root      20   0  500000  {size}   8000 S   0.0   1.0   0:01.00 app\n"
        )
    }),
    ("the kernel's words", |size| format!("VmRSS:\t  {size} kB\n")),
    ("a program's own words", |size| format!("RSS: {:.1} MB\n", f64::from(size) / 1024.0)),
];

/// A line above a table by the name of a machine and the time in seconds.
type Title = fn(&str, u32) -> String;

const TITLES: [(&str, Title); 9] = [
    ("hashes", |name, time| format!("### {name} {}\n", iso(time))),
    ("dashes", |name, time| format!("{}\n--- {name} ---\n", date(time))),
    ("a name and a colon", |name, time| format!("{}\n{name}:\n", date(time))),
    ("a time and a name", |name, time| format!("{} {name}\n", iso(time))),
    ("pssh", |name, time| format!("[1] {} [SUCCESS] {name}\n", clock(time))),
    ("ssh", |name, time| format!("{}\n$ ssh {name} free\n", date(time))),
    ("a sentence", |name, time| format!("Checking {name} at {}\n", iso(time))),
    ("arrows", |name, time| format!("{}\n>>> on {name} <<<\n", date(time))),
    ("a prompt", |name, time| format!("{}\nroot@{name}:~# free\n", date(time))),
];

#[test]
fn a_line_above_a_table_parts_machines() {
    let mut wrong = Vec::new();
    // Those that end first come first.
    for (names, is_in_turn) in
        [(["web1", "web2"], true), (["alpha", "beta"], true), (["web1", "web2"], false)]
    {
        for (title_name, title) in TITLES {
            for (table_name, table) in TABLES {
                let mut text = String::new();
                for round in 0..ROUNDS {
                    let is_turned = !is_in_turn && round * 7919 % 101 % 2 == 1;
                    for nth in 0..2_usize {
                        let subject = if is_turned { 1 - nth } else { nth };
                        let name = names[subject];
                        let after = u32::try_from(nth).unwrap();
                        text += &title(name, time(round) + after);
                        text += &table(size(subject, round));
                    }
                }
                if let Err(found) = are_two(&text, names) {
                    wrong.push(format!("{title_name}, {table_name}: {found}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines of a log between the records of one process part nothing.
#[test]
fn lines_of_a_log_part_nothing() {
    let mut wrong = Vec::new();
    let lines: [(&str, Words); 4] = [
        ("requests", |k| format!("GET /{} 200\n", ["a", "b", "c"][(k * 7919 % 101 % 3) as usize])),
        ("workers", |k| format!("[pid {}] done\n", 4000 + k * 7919 % 101 % 3)),
        ("by turns", |k| format!("{} a batch\n", ["Loading", "Saving"][(k % 2) as usize])),
        ("counts", |k| format!("Tasks: 62 total, {} running\n", k * 7919 % 101 % 4)),
    ];
    for (what, line) in lines {
        for (table_name, table) in TABLES {
            let mut text = String::new();
            for round in 0..2 * ROUNDS {
                text += &format!("{}\n{}{}", date(time(round)), line(round), table(size(0, round)));
            }
            let found = subjects(&text);
            if found.len() != 1 {
                wrong.push(format!("{what}, {table_name}: {:?}", counts(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
