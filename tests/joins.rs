//! Recordings of one process as strangers have them, cut, copied, turned around or badly stamped: each gives the answer
//! of the one clean file. Properties of the same kind are in `relations.rs`; these are the cases by name.
#![allow(clippy::unwrap_used, dead_code, reason = "the helpers are those of all relations")]

mod relations {
    pub mod answer;
    pub mod prefixes;
    pub mod recording;
    pub mod stamps;
    pub mod style;
}

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use relations::answer::{Compared, ask, same};
use relations::style::File;

/// Moments of a recording, ten minutes apart.
const MOMENTS: usize = 12;

/// What is recorded.
#[derive(Debug, Clone, Copy)]
enum Of {
    Process,
    Heap,
}

/// Where the time of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Above,
    Head,
}

/// A recording of a process or a heap and how it is written down.
#[derive(Debug, Clone, Copy)]
struct Log {
    of: Of,
    place: Place,
    /// `strftime`, or empty: no times.
    stamp: &'static str,
    /// Seconds since 1970 of the first moment.
    start: i64,
    /// Hours east of Greenwich.
    zone: i8,
    /// KiB at the first moment, and its growth.
    size: (usize, usize),
}

const NOON: i64 = 1_716_465_600;
const BEFORE_NEW_YEAR: i64 = 1_704_063_600;
const ISO: &str = "%Y-%m-%dT%H:%M:%SZ";
const CLOCK: &str = "%H:%M:%S";
const SYSLOG: &str = "%b %e %H:%M:%S";

impl Log {
    fn new(of: Of) -> Self {
        Self { of, place: Place::Above, stamp: ISO, start: NOON, zone: 0, size: (90_000, 500) }
    }

    fn stamped(self, stamp: &'static str, start: i64) -> Self {
        Self { stamp, start, ..self }
    }

    fn heads(self) -> Self {
        Self { place: Place::Head, ..self }
    }

    /// Another process with the same sites.
    fn other(self) -> Self {
        Self { size: (140_000, 0), ..self }
    }

    fn time(&self, moment: usize) -> String {
        let seconds = self.start + 600 * i64::try_from(moment).unwrap();
        if self.stamp == "elapsed" {
            return format!("[{}.123456]", 100 + seconds - self.start);
        }
        let zone = TimeZone::fixed(Offset::from_hours(self.zone).unwrap());
        Timestamp::from_second(seconds).unwrap().to_zoned(zone).strftime(self.stamp).to_string()
    }

    /// The text of some moments.
    fn text(&self, moments: std::ops::Range<usize>) -> String {
        moments.fold(String::new(), |all, moment| all + &self.sample(moment))
    }

    fn all(&self) -> String {
        self.text(0..MOMENTS)
    }

    fn sample(&self, moment: usize) -> String {
        let size = self.size.0 + self.size.1 * moment;
        let records = match self.of {
            Of::Process => vec![format!("VmRSS:\t{} kB", size + 11_000), format!("RssAnon:\t{size} kB")],
            Of::Heap => {
                let base = self.size.0 / 100;
                let mut sites = vec![
                    (size / 10, "a.py:1"),
                    (base + 5_000, "b.py:2"),
                    (base / 2 + 3 * (moment % 3), "c.py:3"),
                    (base / 3 + 2 * moment, "d.py:4"),
                    (base / 9, "e.py:5"),
                ];
                sites.sort_unstable_by_key(|site| std::cmp::Reverse(*site));
                let line = |(kib, name): (usize, &str)| {
                    format!("/srv/{name}: size={kib} KiB, count={}, average=128 B", kib * 8)
                };
                std::iter::once("[ Top 50 ]".to_owned()).chain(sites.into_iter().map(line)).collect()
            }
        };
        let time = if self.stamp.is_empty() { String::new() } else { self.time(moment) };
        let mut text = String::new();
        if self.place == Place::Above && !time.is_empty() {
            text += &format!("{time}\n");
        }
        for record in records {
            let _ = match self.place {
                Place::Head => writeln!(text, "{time} {record}"),
                Place::Above => writeln!(text, "{record}"),
            };
        }
        text
    }

    /// Files of some moments each.
    fn files(&self, parts: &[(&str, std::ops::Range<usize>)]) -> Vec<File> {
        parts.iter().map(|(name, moments)| file(name, self.text(moments.clone()))).collect()
    }
}

fn file(name: &str, text: String) -> File {
    File { name: name.to_owned(), text }
}

fn turned_around(text: &str) -> String {
    text.lines().rev().fold(String::new(), |all, line| all + line + "\n")
}

/// Fails with the names of the cases whose answer is another than that of their clean form.
fn all_hold(cases: impl Fn(Log) -> Vec<(&'static str, Vec<File>, Vec<File>, Compared)>) {
    let mut failures = Vec::new();
    for of in [Of::Process, Of::Heap] {
        for (name, clean, other, compared) in cases(Log::new(of)) {
            let args = ["--check".to_owned()];
            if let Err(difference) = same(&ask(&clean, &args), &ask(&other, &args), compared) {
                failures.push(format!("{of:?}: {name}\n{difference}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn pieces_of_one_log_are_one() {
    all_hold(|log| {
        let clean = || vec![file("app.log", log.all())];
        let rotated = |names: [&'static str; 3], parts: [std::ops::Range<usize>; 3]| {
            log.files(&names.into_iter().zip(parts).collect::<Vec<_>>())
        };
        let ends = [7..12, 4..8, 0..5];
        let [newest, middle, oldest] = ["app.log", "app.log.1", "app.log.2"];
        let singles = |name: &dyn Fn(usize) -> String, log: Log| -> Vec<File> {
            (0..MOMENTS).map(|at| File { name: name(at), text: log.sample(at) }).collect()
        };
        let untimed = Log { stamp: "", ..log };
        let east = Log { zone: 2, stamp: "%Y-%m-%dT%H:%M:%S+02:00", ..log };
        let elapsed = Log { stamp: "elapsed", ..log.heads() };
        let mut mixed = east.files(&[("app.log.1", 0..6)]);
        mixed.extend(log.files(&[("app.log", 6..12)]));
        vec![
            ("three pieces", clean(), rotated([newest, middle, oldest], [8..12, 4..8, 0..4]), Compared::All),
            (
                "one sample in two pieces",
                clean(),
                rotated([newest, middle, oldest], ends.clone()),
                Compared::All,
            ),
            (
                "in another order",
                clean(),
                rotated([middle, oldest, newest], [4..8, 0..5, 7..12]),
                Compared::All,
            ),
            (
                "three samples in two",
                clean(),
                rotated([newest, middle, oldest], [6..12, 3..9, 0..6]),
                Compared::All,
            ),
            (
                "dates in names",
                clean(),
                rotated(["app.log", "app-2024-05-23.log", "app-2024-05-22.log"], [8..12, 4..8, 0..4]),
                Compared::All,
            ),
            ("a file a sample", clean(), singles(&|at| format!("snap{at}.txt"), log), Compared::All),
            (
                "without times, in natural order",
                vec![file("app.log", untimed.all())],
                singles(&|at| format!("snap{at}.txt"), untimed),
                Compared::All,
            ),
            ("two zones", clean(), mixed, Compared::All),
            (
                "weekdays in names",
                clean(),
                log.files(&[("mem-Thu.txt", 0..6), ("mem-Fri.txt", 6..12)]),
                Compared::All,
            ),
            (
                "an older file",
                clean(),
                log.files(&[("mem.log", 6..12), ("mem.log.old", 0..6)]),
                Compared::All,
            ),
            ("an archive", clean(), log.files(&[("mem.log", 6..12), ("old/mem.log.1", 0..6)]), Compared::All),
            (
                "seconds since a start",
                vec![file("app.log", elapsed.all())],
                elapsed.files(&[("app.log", 6..12), ("app.log.1", 0..6)]),
                Compared::All,
            ),
        ]
    });
}

#[test]
fn halves_without_dates_follow_one_another() {
    all_hold(|log| {
        let case = |name: &'static str, stamp: &'static str, at: usize, names: [&'static str; 2]| {
            let log = log.stamped(stamp, BEFORE_NEW_YEAR);
            let halves = log.files(&[(names[1], at..MOMENTS), (names[0], 0..at)]);
            (name, vec![file("a.log", log.all())], halves, Compared::All)
        };
        vec![
            case("syslog cut at New Year", SYSLOG, 6, ["messages.1", "messages"]),
            case("syslog cut after New Year", SYSLOG, 8, ["syslog.1", "syslog"]),
            case("a clock cut at midnight", CLOCK, 6, ["a.log.1", "a.log"]),
            case("a clock cut before midnight", CLOCK, 4, ["a.0.log", "a.1.log"]),
        ]
    });
}

#[test]
fn a_copy_does_not_count() {
    all_hold(|log| {
        let clean = || vec![file("app.log", log.all())];
        let beside = |name: &str, text: String| vec![file("app.log", log.all()), file(name, text)];
        let untimed = Log { stamp: "", ..log };
        let twice =
            |text: &str| text.lines().fold(String::new(), |all, line| format!("{all}{line}\n{line}\n"));
        let heads = log.heads();
        let samples = (0..MOMENTS).fold(String::new(), |all, at| all + &log.sample(at) + &log.sample(at));
        vec![
            ("under another name", clean(), beside("kept/copy.log", log.all()), Compared::All),
            ("under a number", clean(), beside("app.1.log", log.all()), Compared::All),
            ("of a piece", clean(), beside("excerpt.txt", log.text(3..9)), Compared::All),
            (
                "without times",
                vec![file("a.log", untimed.all())],
                vec![file("a.log", untimed.all()), file("b.log", untimed.all())],
                Compared::All,
            ),
            (
                "each line twice, stamped",
                vec![file("a.log", heads.all())],
                vec![file("a.log", twice(&heads.all()))],
                Compared::All,
            ),
            ("each line twice", clean(), vec![file("app.log", twice(&log.all()))], Compared::All),
            ("each sample twice", clean(), vec![file("app.log", samples)], Compared::All),
        ]
    });
}

#[test]
fn the_newest_may_stand_first() {
    all_hold(|log| {
        let (clean, heads, clock) =
            (|log: &Log| vec![file("a.log", log.all())], log.heads(), log.stamped(CLOCK, NOON));
        let blocks = |log: &Log| {
            let text = (0..MOMENTS).rev().fold(String::new(), |all, at| all + &log.sample(at));
            vec![file("a.log", text)]
        };
        let lines = |log: &Log| vec![file("a.log", turned_around(&log.all()))];
        vec![
            ("samples", clean(&log), blocks(&log), Compared::All),
            ("samples, stamped", clean(&heads), blocks(&heads), Compared::All),
            ("lines, stamped", clean(&heads), lines(&heads), Compared::All),
            ("lines, so that dates stand below", clean(&log), lines(&log), Compared::All),
            ("samples, by a clock", clean(&clock), blocks(&clock), Compared::All),
        ]
    });
}

#[test]
fn a_wrong_clock_changes_no_series() {
    all_hold(|log| {
        let clean = || vec![file("a.log", log.all())];
        let replaced = |stamp: &str| vec![file("a.log", log.all().replace("2024-05-23T12:50:00Z", stamp))];
        let set_back = {
            let late = Log { start: NOON - 3600, ..log };
            vec![file("a.log", log.text(0..6) + &late.text(6..12))]
        };
        // An hour that comes twice at the end of summer time.
        let local = Log { stamp: "%Y-%m-%d %H:%M:%S", zone: 2, start: 1_729_987_200, ..log };
        let winter = Log { zone: 1, ..local };
        let summer = vec![file("a.log", local.text(0..6) + &winter.text(6..12))];
        let late = [0..4, 5..6, 4..5, 6..9, 10..11, 9..10, 11..12];
        let late = late.into_iter().fold(String::new(), |all, moments| all + &log.text(moments));
        vec![
            ("late samples", clean(), vec![file("a.log", late)], Compared::All),
            ("a stamp of 1970", clean(), replaced("1970-01-01T00:00:00Z"), Compared::All),
            ("a stamp of the future", clean(), replaced("2027-05-23T12:50:00Z"), Compared::All),
            ("set back an hour", clean(), set_back, Compared::Values),
            ("the end of summer time", vec![file("a.log", local.all())], summer, Compared::Values),
        ]
    });
}

/// Each process has the series that it has in a file of its own.
#[test]
fn several_processes_stay_apart() {
    all_hold(|log| {
        let two = || vec![file("web-a/app.log", log.all()), file("web-b/app.log", log.other().all())];
        let pieces = |one: usize, other: usize| -> Vec<File> {
            let of = |log: Log, name: &str, every: usize| -> Vec<File> {
                let part = |from: usize| {
                    let to = (from + every).min(MOMENTS);
                    File { name: format!("{name}/app.{from}.txt"), text: log.text(from..to) }
                };
                (0..MOMENTS).step_by(every).map(part).collect()
            };
            [of(log, "web-a", one), of(log.other(), "web-b", other)].concat()
        };
        let flat = [("web-a.log", log), ("web-b.log", log.other())];
        let flat = flat.map(|(name, log)| file(name, log.all())).to_vec();
        vec![
            ("two pods in pieces", two(), pieces(3, 3), Compared::All),
            ("pieces of several lengths", two(), pieces(2, 5), Compared::All),
            ("a file a sample beside one log", two(), pieces(1, 12), Compared::All),
            ("in files of one folder", two(), flat, Compared::All),
        ]
    });
}

/// A pod that takes the place of another, and a program of another week, are series of their own.
#[test]
fn what_comes_later_may_be_another() {
    for of in [Of::Process, Of::Heap] {
        let log = Log::new(of);
        let later = Log { start: NOON + 7200, ..log.other() };
        let of_week = Log { start: NOON + 13 * 86_400, ..log.other() };
        let renamed = of_week.all().replace("/srv/", "/opt/billing/");
        for (name, other, second) in
            [("a rollout", "web-b/app.log", later.all()), ("an unrelated log", "billing.log", renamed)]
        {
            let first = file("web-a/app.log", log.all());
            let alone = ask(std::slice::from_ref(&first), &[]);
            let both = ask(&[first, file(other, second)], &[]);
            let of_both = both.processes.len() + both.sites.len();
            assert_eq!(of_both, 2 * (alone.processes.len() + alone.sites.len()), "{of:?}: {name}");
            for series in alone.processes.iter().chain(&alone.sites) {
                let found = both.processes.iter().chain(&both.sites);
                assert!(
                    found.into_iter().any(|other| other.fields == series.fields),
                    "{of:?}: {name}: {series:?}"
                );
            }
        }
    }
}

/// Processes that a list of one moment names are no restarts of each other: each stands in it once, and it has no time.
#[test]
fn a_list_of_one_moment_has_no_restarts() {
    let rows = ["4321 54000 python3", "4398 60000 python3", "4400 10000 python3", "900 12000 sshd"];
    let list = |rows: &[&str]| file("ps.txt", format!("  PID   RSS COMMAND\n{}\n", rows.join("\n")));
    let processes = |files: &[File]| ask(files, &[]).processes.len();
    assert_eq!(processes(&[list(&rows)]), rows.len());
    // Nor are those of two lists.
    let twice = [rows, ["4321 54100 python3", "4398 60100 python3", "4400 10100 python3", "900 12000 sshd"]];
    assert_eq!(processes(&[list(&twice.concat())]), rows.len());
}

/// A file for each sample, of workers of one name: identifiers that take turns are several processes, whose heaps are
/// several too; an identifier that gives way to another for good is a restart.
#[test]
fn identifiers_that_take_turns_are_several_processes() {
    let record = |at: usize, pid: usize, size: usize| {
        let text = format!(
            "leakdiff-record 1: memory\ntime: 2026-11-26T10:{at:02}:{pid:02}.000Z\npid: {pid}\nprogram: app.py\n\
             VmRSS: {size} kB\nlist: 2 of 2 stacks\n{size} B in 7 blocks\n  /srv/app.py:12\n64 B in 1 blocks\n  \
             /srv/app.py:3\nend\n"
        );
        file(&format!("leakdiff-{at:06}-pid{pid}.txt"), text)
    };
    let series = |files: &[File]| {
        let read = ask(files, &[]);
        (read.processes.len(), read.sites.len())
    };
    let turns: Vec<File> =
        (0..12).flat_map(|at| [record(at, 7, 900 + 6 * at), record(at, 9, 1400)]).collect();
    assert_eq!(series(&turns), (2, 4));
    let restarted: Vec<File> =
        (0..24).map(|at| record(at, if at < 12 { 7 } else { 9 }, 900 + 6 * (at % 12))).collect();
    assert_eq!(series(&restarted), (1, 2));
}
