//! A recording as data: the facts that every notation of it must give back.

use std::ops::{Range, RangeInclusive};

use proptest::prelude::*;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Memory of one or more processes at evenly spaced moments.
#[derive(Debug, Clone)]
pub struct Recording {
    /// Folder of the source code; the first word of the names of files as well.
    pub app: App,
    /// Seconds since 1970 of moment 0.
    pub start: i64,
    /// Seconds between two moments.
    pub period: i64,
    /// The moments that are recorded.
    pub moments: Range<usize>,
    /// The processes.
    pub workers: Vec<Worker>,
}

/// A program, by the names it leaves in a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// The one that is looked at.
    Service,
    /// Another one, beside it.
    Billing,
}

/// One process: its resident memory, its heap, or both.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Its place among the processes of the recording; pid, pod and rank follow from it.
    pub index: usize,
    /// Resident memory.
    pub process: Option<Process>,
    /// The sites of its heap.
    pub heap: Vec<Site>,
}

/// Resident memory in KiB.
#[derive(Debug, Clone)]
pub struct Process {
    /// `RssAnon`.
    pub anonymous: Shape,
    /// The part of `VmRSS` that is not `RssAnon`, which never changes; without it there is no `VmRSS`.
    pub mapped: Option<u64>,
}

/// An allocation site, in KiB: `m3.py:13` is the fourth of its heap.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its size.
    pub size: Shape,
    /// Bytes of a block, a divisor of 1024: every notation of size and count is exact.
    pub block: u64,
}

/// How a value develops from moment to moment, in KiB.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Grows by `step` at each moment.
    Line { from: u64, step: u64 },
    /// Grows by `step` until moment `until`, then stays.
    Plateau { from: u64, step: u64, until: u64 },
    /// Grows by `step` and falls back to `from` every `length` moments.
    Saw { from: u64, step: u64, length: u64 },
    /// Between `from` and `from + width`, without order.
    Noise { from: u64, width: u64, seed: u64 },
}

impl Shape {
    /// The value at a moment, in KiB.
    pub fn at(&self, moment: usize) -> u64 {
        let moment = moment as u64;
        match *self {
            Self::Line { from, step } => from + step * moment,
            Self::Plateau { from, step, until } => from + step * moment.min(until),
            Self::Saw { from, step, length } => from + step * (moment % length),
            Self::Noise { from, width, seed } => {
                // SplitMix64, so that a failing case shows a seed instead of thirty numbers.
                let mut z = (seed << 32 | moment).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                from + (z ^ (z >> 31)) % (width + 1)
            }
        }
    }

    fn raised(mut self, by: u64) -> Self {
        let (Self::Line { from, .. }
        | Self::Plateau { from, .. }
        | Self::Saw { from, .. }
        | Self::Noise { from, .. }) = &mut self;
        *from += by;
        self
    }

    /// The growth between two moments in KiB, where it is always the same.
    pub fn even_step(&self) -> Option<u64> {
        match *self {
            Self::Line { step, .. } => Some(step),
            _ => None,
        }
    }
}

impl Recording {
    /// Seconds since 1970 of a moment.
    pub fn time(&self, moment: usize) -> i64 {
        self.start + self.period * i64::try_from(moment).unwrap()
    }

    /// Seconds since 1970 of all moments.
    pub fn times(&self) -> impl Iterator<Item = i64> + '_ {
        self.moments.clone().map(|moment| self.time(moment))
    }

    /// Number of moments.
    pub fn len(&self) -> usize {
        self.moments.len()
    }

    /// The part of the recording at these moments.
    pub fn cut(&self, moments: Range<usize>) -> Self {
        Self { moments, ..self.clone() }
    }

    /// The recording of one of its processes alone.
    pub fn alone(&self, worker: usize) -> Self {
        Self { workers: vec![self.workers[worker].clone()], ..self.clone() }
    }
}

impl App {
    /// The folder of the source code.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Service => "/srv/app",
            Self::Billing => "/opt/billing",
        }
    }

    /// The name and the id of its process in prefixes. Another program is another process.
    pub const fn process(self) -> (&'static str, &'static str) {
        match self {
            Self::Service => ("svc", "12"),
            Self::Billing => ("billing", "77"),
        }
    }

    /// The first word of names of files.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Billing => "billing",
        }
    }
}

/// Moments at which dates are hard: a plain day, midnight, ends of months, New Year, 29 February, days up to the
/// twelfth.
const STARTS: &[&str] = &[
    "2024-05-23T12:00:00Z",
    "2024-06-05T10:00:00Z",
    "2024-06-04T23:59:30Z",
    "2023-12-31T23:59:30Z",
    "2024-02-28T23:59:30Z",
    "2024-02-29T11:00:00Z",
    "2023-02-28T23:30:00Z",
    "2022-10-30T00:30:00Z",
    "2019-01-31T23:00:00Z",
    "2010-01-01T00:00:00Z",
    "2029-12-25T06:00:00Z",
];

/// Seconds since 1970.
fn starts() -> impl Strategy<Value = i64> {
    let known = STARTS.iter().map(|s| s.parse::<jiff::Timestamp>().unwrap().as_second()).collect::<Vec<_>>();
    // 2010 to 2030.
    prop_oneof![2 => prop::sample::select(known), 1 => 1_262_304_000..1_893_456_000_i64]
}

fn periods() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![600, 60, 1, 10, 1800, 3600, 6 * 3600, DAY])
}

fn shapes(from: Range<u64>, step: Range<u64>) -> impl Strategy<Value = Shape> {
    let both = || (from.clone(), step.clone());
    prop_oneof![
        3 => both().prop_map(|(from, step)| Shape::Line { from, step }),
        1 => both().prop_map(|(from, _)| Shape::Line { from, step: 0 }),
        1 => (both(), 2..6_u64).prop_map(|((from, step), until)| Shape::Plateau { from, step, until }),
        1 => (both(), 2..7_u64).prop_map(|((from, step), length)| Shape::Saw { from, step, length }),
        1 => (both(), 0..999_u64).prop_map(|((from, width), seed)| Shape::Noise { from, width, seed }),
    ]
}

fn process() -> impl Strategy<Value = Process> {
    let mapped = prop::option::of(1_000..30_000_u64);
    (shapes(20_000..400_000, 50..3_000), mapped).prop_map(|(anonymous, mapped)| Process { anonymous, mapped })
}

fn heap() -> impl Strategy<Value = Vec<Site>> {
    let site = (shapes(20..3_000, 1..64), prop::sample::select(vec![128_u64, 64, 256, 512, 1024]));
    prop::collection::vec(site.prop_map(|(size, block)| Site { size, block }), 2..=12)
}

/// The kind of memory that is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Resident memory alone.
    Processes,
    /// Sites alone.
    Heaps,
    /// Both in one log.
    Both,
}

impl Worker {
    /// The worker in its place, with this kind of memory. No two have the same sizes, since two logs with the same
    /// sizes at the same moments may be two views of one heap.
    fn of(of: Of, index: usize, process: Process, heap: Vec<Site>) -> Self {
        let more = 7 * index as u64;
        let process = Process { anonymous: process.anonymous.raised(100 * more), ..process };
        let heap = heap.into_iter().map(|s| Site { size: s.size.raised(more), ..s });
        Self {
            index,
            process: (of != Of::Heaps).then_some(process),
            heap: heap.filter(|_| of != Of::Processes).collect(),
        }
    }
}

/// Recordings of as many processes, over 6 to 30 moments.
pub fn recordings(workers: RangeInclusive<usize>) -> impl Strategy<Value = Recording> {
    recordings_of(&[Of::Processes, Of::Heaps, Of::Both], workers)
}

/// Recordings of as many processes and of one of these kinds, over 6 to 30 moments.
pub fn recordings_of(
    kinds: &'static [Of],
    workers: RangeInclusive<usize>,
) -> impl Strategy<Value = Recording> {
    let workers = prop::collection::vec((process(), heap()), workers);
    (prop::sample::select(kinds), 6..=30_usize, periods(), starts(), workers).prop_map(
        |(of, moments, period, start, workers)| {
            let workers = workers.into_iter().enumerate();
            let workers =
                workers.map(|(index, (process, heap))| Worker::of(of, index, process, heap)).collect();
            Recording { app: App::Service, start, period, moments: 0..moments, workers }
        },
    )
}

/// Another program beside a recording, in another week or at the same time, in which nothing grows.
#[derive(Debug, Clone)]
pub struct Beside {
    of: Of,
    weeks: i64,
    moments: usize,
    kib: u64,
}

/// Programs beside a recording.
pub fn beside() -> impl Strategy<Value = Beside> {
    let of = prop::sample::select(vec![Of::Heaps, Of::Processes]);
    let weeks = prop::sample::select(vec![1, 0, -1, 3, 60]);
    (of, weeks, 6..=12_usize, 20..3_000_u64).prop_map(|(of, weeks, moments, kib)| Beside {
        of,
        weeks,
        moments,
        kib,
    })
}

impl Beside {
    /// Its recording.
    pub fn of(&self, recording: &Recording) -> Recording {
        let level = |from| Shape::Line { from, step: 0 };
        let process = Process { anonymous: level(self.kib + 50_000), mapped: None };
        let heap = vec![Site { size: level(self.kib), block: 128 }; 3];
        Recording {
            app: App::Billing,
            start: recording.start + self.weeks * 7 * DAY,
            period: recording.period,
            moments: 0..self.moments,
            workers: vec![Worker::of(self.of, 0, process, heap)],
        }
    }
}
