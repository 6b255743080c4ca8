//! Ways to write a recording down, each independent of the others, and the writer.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::sample::select;

use super::prefixes;
use super::recording::{Process, Recording, Site, Worker};
use super::stamps::{self, Base, DATED, ISO, LESS, Stamp};

/// How a recording is written.
#[derive(Clone)]
pub struct Style {
    /// The notation of time.
    pub stamp: Stamp,
    /// Position of the time.
    pub place: Place,
    /// The notation of resident memory.
    pub memory: Memory,
    /// The notation of sites.
    pub sites: Sites,
    /// The name of a site.
    pub paths: Paths,
    /// A heading before each list of sites.
    pub heading: bool,
    /// A prefix of each line in place of the time; all workers in one log.
    pub prefix: Option<&'static str>,
    /// Lines that concern nobody.
    pub noise: bool,
    /// Escape sequences for colours.
    pub colours: bool,
    /// Ends of lines as on Windows.
    pub crlf: bool,
    /// Into which files the log is cut.
    pub files: Files,
}

/// Position of the time of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In each line of a record.
    Head,
    /// In a line of its own above the records of a moment.
    Above,
}

/// The notation of resident memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// `RssAnon:\t   90000 kB`, as in `/proc/PID/status`.
    Kernel,
    /// `RssAnon: 90000 kB`.
    Blank,
    /// `VmRSS=90500 kB RssAnon=90000 kB`, on one line.
    Equals,
}

/// The notation of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sites {
    /// `a.py:3: size=900 KiB, count=9000, average=102 B`.
    Statistic,
    /// `a.py:3: size=900 KiB (+0 B), count=9000 (+0), average=102 B`, against the moment before.
    Difference,
    /// `#1: a.py:3: 900.0 KiB`, as in the recipe of Python's documentation.
    Recipe,
}

/// The names of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// `/srv/app/m3.py`.
    Unix,
    /// `C:\Program Files\app\m3.py`.
    Windows,
    /// `/home/jo doe/größe 3.py`.
    Blanks,
    /// `z3.py`, in the other order.
    Bare,
}

/// Into which files a log is cut. Their names are in the order of time unless `names` says otherwise.
#[derive(Debug, Clone)]
pub enum Files {
    /// One.
    One,
    /// The older part before moment `at`: `service.log.1`, then `service.log`.
    Rotated { at: usize },
    /// Parts of as many moments: `service.0.txt`, `service.1.txt` …
    Numbered { every: usize },
    /// Parts of as many moments: `service-2024-05-23_120000.txt` …
    DatedNames { every: usize },
}

/// A file: its name and its text.
#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    pub text: String,
}

impl Stamp {
    /// The place of the time nearest to the one asked for.
    pub const fn place(&self, asked: Place) -> Place {
        match (self.above.is_empty(), self.head.is_empty()) {
            (true, _) => Place::Head,
            (_, true) => Place::Above,
            _ => asked,
        }
    }
}

impl Style {
    /// The plainest: one file, ISO stamps at the head of each line.
    pub fn plain() -> Self {
        Self {
            stamp: ISO,
            place: Place::Head,
            memory: Memory::Kernel,
            sites: Sites::Statistic,
            paths: Paths::Unix,
            heading: false,
            prefix: None,
            noise: false,
            colours: false,
            crlf: false,
            files: Files::One,
        }
    }
}

/// Styles in one file without any decoration.
pub fn plain_styles(stamps: Vec<Stamp>) -> impl Strategy<Value = Style> {
    let memory = select(vec![Memory::Kernel, Memory::Blank]);
    (select(stamps), select(vec![Place::Head, Place::Above]), memory, any::<bool>()).prop_map(
        |(stamp, place, memory, heading)| Style {
            stamp,
            place: stamp.place(place),
            memory,
            heading,
            ..Style::plain()
        },
    )
}

/// All notations of time.
pub fn all_stamps() -> Vec<Stamp> {
    [DATED, LESS].concat()
}

/// Names of sites.
pub fn paths() -> impl Strategy<Value = Paths> {
    select(vec![Paths::Unix, Paths::Windows, Paths::Blanks, Paths::Bare])
}

/// Cuts into several files.
pub fn cuts() -> impl Strategy<Value = Files> {
    prop_oneof![
        (1..6_usize).prop_map(|at| Files::Rotated { at }),
        (1..5_usize).prop_map(|every| Files::Numbered { every }),
        (1..5_usize).prop_map(|every| Files::DatedNames { every }),
    ]
}

/// Any style for a recording of one process.
pub fn styles(stamps: Vec<Stamp>) -> impl Strategy<Value = Style> {
    let decoration = (any::<bool>(), any::<bool>(), any::<bool>());
    let files = prop_oneof![Just(Files::One), cuts()];
    (plain_styles(stamps), decoration, paths(), files).prop_map(
        |(style, (noise, colours, crlf), paths, files)| Style { noise, colours, crlf, paths, files, ..style },
    )
}

/// Lines that concern nobody.
const NOISE: &[&str] = &[
    "GET /v1/nodes/7 200 in 31 ms",
    "worker heartbeat: 3 jobs in the queue",
    "cache hit ratio 0.93, 12 entries",
    "connection from 10.0.0.4:51234 closed",
];

impl Paths {
    /// The file of the site of this index.
    pub fn file(self, recording: &Recording, site: usize) -> String {
        match self {
            Self::Unix => format!("{}/m{site}.py", recording.app.folder()),
            Self::Windows => format!("C:\\Program Files\\app\\m{site}.py"),
            Self::Blanks => format!("/home/jo doe/größe {site}.py"),
            Self::Bare => format!("z{}.py", 20 - site),
        }
    }
}

/// The line of code of the site of this index.
pub fn line_of(site: usize) -> usize {
    10 + site
}

/// The files of a recording, in the order of time. Without a prefix each worker has a folder of its own.
pub fn write(recording: &Recording, style: &Style) -> Vec<File> {
    let families: Vec<(String, Vec<&Worker>)> = if style.prefix.is_some() || recording.workers.len() == 1 {
        vec![(recording.app.file().to_owned(), recording.workers.iter().collect())]
    } else {
        let own =
            |w: &Worker| format!("{}-{}/{}", recording.app.file(), NAMES[w.index], recording.app.file());
        recording.workers.iter().map(|w| (own(w), vec![w])).collect()
    };
    families.iter().flat_map(|(name, workers)| family(recording, style, name, workers)).collect()
}

/// Names of workers in folders of their own.
const NAMES: [&str; 3] = ["alpha", "beta", "gamma"];

/// The files of one log.
fn family(recording: &Recording, style: &Style, name: &str, workers: &[&Worker]) -> Vec<File> {
    let moments = recording.moments.clone();
    let starts: Vec<usize> = match style.files {
        Files::One => vec![moments.start],
        Files::Rotated { at } => vec![moments.start, (moments.start + at).min(moments.end - 1)],
        Files::Numbered { every } | Files::DatedNames { every } => moments.clone().step_by(every).collect(),
    };
    let ends = starts.iter().skip(1).copied().chain([moments.end]);
    let parts = starts.iter().copied().zip(ends).enumerate();
    parts
        .map(|(part, (from, to))| {
            let name = match style.files {
                Files::Rotated { .. } if part == 0 => format!("{name}.log.1"),
                Files::One | Files::Rotated { .. } => format!("{name}.log"),
                Files::Numbered { .. } => format!("{name}.{part}.txt"),
                Files::DatedNames { .. } => {
                    format!("{name}-{}.txt", stamps::fill("%Y-%m-%d_%H%M%S", recording, from, 0))
                }
            };
            let mut text = String::new();
            for moment in from..to {
                for worker in workers {
                    text += &block(recording, style, moment, worker);
                }
            }
            File { name, text }
        })
        .collect()
}

/// Everything of one worker at one moment.
fn block(recording: &Recording, style: &Style, moment: usize, worker: &Worker) -> String {
    let mut records = Vec::new();
    if let Some(process) = &worker.process {
        records.extend(memory(process, style.memory, moment));
    }
    if !worker.heap.is_empty() {
        if style.heading {
            records.push("[ Top 50 ]".to_owned());
        }
        records.extend(sites(recording, style, moment, &worker.heap));
    }
    let bare = style.prefix.is_none() && style.place == Place::Above;
    if style.noise {
        // A line between a date and its records is no ordinary log.
        let at = if bare { records.len() } else { moment % (records.len() + 1) };
        records.insert(at, NOISE[moment * 7 % NOISE.len()].to_owned());
    }
    let mut lines = Vec::new();
    if bare && style.stamp.base != Base::Untimed {
        lines.push(style.stamp.line_above(recording, moment));
    }
    lines.extend(records.iter().map(|record| match style.prefix {
        Some(prefix) => prefixes::line(prefix, recording, moment, worker, record),
        None if bare => record.clone(),
        None => style.stamp.line(recording, moment, record),
    }));
    let end = if style.crlf { "\r\n" } else { "\n" };
    lines.iter().fold(String::new(), |mut text, line| {
        let (on, off) = if style.colours { ("\u{1b}[32m", "\u{1b}[0m") } else { ("", "") };
        let _ = write!(text, "{on}{line}{off}{end}");
        text
    })
}

fn memory(process: &Process, notation: Memory, moment: usize) -> Vec<String> {
    let anonymous = process.anonymous.at(moment);
    let mut values = vec![("RssAnon", anonymous)];
    if let Some(mapped) = process.mapped {
        values.insert(0, ("VmRSS", anonymous + mapped));
    }
    let text = |(key, value): &(&str, u64)| match notation {
        Memory::Kernel => format!("{key}:\t{value:8} kB"),
        Memory::Blank => format!("{key}: {value} kB"),
        Memory::Equals => format!("{key}={value} kB"),
    };
    let lines: Vec<String> = values.iter().map(text).collect();
    if notation == Memory::Equals { vec![lines.join(" ")] } else { lines }
}

/// A list of sites, in the order in which Python sorts it.
fn sites(recording: &Recording, style: &Style, moment: usize, heap: &[Site]) -> Vec<String> {
    struct Row {
        name: String,
        size: i64,
        count: i64,
        grown: i64,
        more: i64,
        block: i64,
    }
    let before = moment.saturating_sub(1);
    let kib = |shape: &super::recording::Shape, at: usize| i64::try_from(shape.at(at) * 1024).unwrap();
    let mut rows: Vec<Row> = heap
        .iter()
        .enumerate()
        .map(|(index, site)| {
            let block = i64::try_from(site.block).unwrap();
            let (size, grown) = (kib(&site.size, moment), kib(&site.size, moment) - kib(&site.size, before));
            let name = format!("{}:{}", style.paths.file(recording, index), line_of(index));
            Row { name, size, count: size / block, grown, more: grown / block, block }
        })
        .collect();
    if style.sites == Sites::Difference {
        rows.sort_by_key(|r| (-r.grown.abs(), -r.size, -r.more.abs(), -r.count));
    } else {
        rows.sort_by_key(|r| (-r.size, -r.count));
    }
    let text = |(rank, r): (usize, &Row)| match style.sites {
        Sites::Statistic => {
            let average = printed(r.block, false);
            format!("{}: size={}, count={}, average={average}", r.name, printed(r.size, false), r.count)
        }
        Sites::Difference => format!(
            "{}: size={} ({}), count={} ({:+}), average={}",
            r.name,
            printed(r.size, false),
            printed(r.grown, true),
            r.count,
            r.more,
            printed(r.block, false)
        ),
        Sites::Recipe => format!("#{}: {}: {}.0 KiB", rank + 1, r.name, r.size / 1024),
    };
    rows.iter().enumerate().map(text).collect()
}

/// A size as Python prints it.
fn printed(bytes: i64, sign: bool) -> String {
    #[allow(clippy::cast_precision_loss)]
    let mut size = bytes as f64;
    let mut unit = "B";
    for larger in ["KiB", "MiB"] {
        if size.abs() < 10.0 * 1024.0 {
            break;
        }
        (size, unit) = (size / 1024.0, larger);
    }
    let digits = usize::from(size.abs() < 100.0 && unit != "B");
    if sign { format!("{size:+.digits$} {unit}") } else { format!("{size:.digits$} {unit}") }
}

/// The fields that are not plain.
impl std::fmt::Debug for Style {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?}, {:?}, {:?}, {:?}, {:?}",
            self.stamp, self.place, self.memory, self.sites, self.paths
        )?;
        if let Some(prefix) = self.prefix {
            write!(f, ", prefix {prefix:?}")?;
        }
        for (name, there) in
            [("heading", self.heading), ("noise", self.noise), ("colours", self.colours), ("CRLF", self.crlf)]
        {
            if there {
                write!(f, ", {name}")?;
            }
        }
        write!(f, ", {:?}", self.files)
    }
}
