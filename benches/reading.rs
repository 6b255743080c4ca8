//! The cost of reading each kind of input, of following a site, and of the whole.
//!
//! `cargo bench --bench reading` runs all of them; a name or a part of one after `--` picks some (`-- parse/report`),
//! `-- --save-baseline before` keeps the figures and `-- --baseline before` compares with them.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use leakdiff::analysis::{Analysis, Options};
use leakdiff::error::Error;
use leakdiff::formats::Dispatcher;
use leakdiff::model::SourceRecords;
use leakdiff::reconstruct::Recording;

/// Sites of a snapshot.
const SITES: usize = 2_000;
/// Snapshots of a recording.
const SNAPSHOTS: usize = 40;

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// Dumps of a heap whose sites come and go, largest first.
fn snapshots() -> Vec<String> {
    let mut dice = Dice(5);
    let mut counts: Vec<u64> = (0..SITES).map(|_| 20 + dice.below(4_000)).collect();
    let averages: Vec<u64> = (0..SITES).map(|_| 40 + dice.below(500)).collect();
    let dump = |_| {
        for count in &mut counts {
            if dice.below(5) == 0 {
                *count = (*count + dice.below(7)).saturating_sub(3).max(1);
            }
        }
        let mut order: Vec<usize> = (0..SITES).collect();
        order.sort_by_key(|&k| std::cmp::Reverse((counts[k] * averages[k], k)));
        let mut text = String::new();
        for k in order {
            let (count, average) = (counts[k], averages[k]);
            let kib = count * average / 1024;
            let _ = writeln!(
                text,
                "/usr/lib/python3.11/site-packages/requests/session.py:{k}: size={kib} KiB, count={count}, average={average} B"
            );
        }
        text
    };
    (0..SNAPSHOTS).map(dump).collect()
}

/// The same as a log, each line after a stamp.
fn log(snapshots: &[String]) -> String {
    let mut text = String::new();
    for (minute, snapshot) in snapshots.iter().enumerate() {
        for line in snapshot.lines() {
            let _ = writeln!(
                text,
                "2024-05-23 {:02}:{:02}:35.120 1 DEBUG m [-] MEMORY {line}",
                minute / 60,
                minute % 60
            );
        }
    }
    text
}

/// The output of a loop of `date` and `grep Rss /proc/1/status`.
fn report() -> String {
    let mut dice = Dice(6);
    let mut text = String::new();
    for k in 0..20_000_u64 {
        let (hour, minute, anon) = (k / 60 % 24, k % 60, 150_000 + 2 * k + dice.below(900));
        let _ = write!(
            text,
            "Thu May {} {hour:02}:{minute:02}:35 UTC 2024\nRssAnon:\t{anon:8} kB\nRssFile:\t   11248 kB\n",
            10 + k / 1440
        );
    }
    text
}

/// A log of a service that says nothing of memory.
fn other_text() -> String {
    (0..20_000).map(|k| format!("2024-05-23 11:56:35.120 1 INFO service.api [-] GET /v1/nodes/{k} 200 len: 1372 time: 0.0312\n")).collect()
}

/// Number of records in a text that is read in one piece by a dispatcher that has read it before.
fn records(dispatcher: &mut Dispatcher, text: &str) -> u64 {
    dispatcher.read(text);
    dispatcher.finish().records()
}

fn parse(criterion: &mut Criterion) {
    let snapshots = snapshots();
    let texts = [
        ("snapshot", snapshots[0].clone()),
        ("log", log(&snapshots[..4])),
        ("report", report()),
        ("other text", other_text()),
    ];
    let mut group = criterion.benchmark_group("parse");
    for (name, text) in &texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        let mut dispatcher = Dispatcher::new(None);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| records(&mut dispatcher, black_box(text)));
        });
    }
    group.finish();
}

fn recording(snapshots: &[String]) -> Recording {
    let mut dispatcher = Dispatcher::new(None);
    let mut sources = Vec::new();
    for (name, text) in snapshots.iter().enumerate() {
        dispatcher.read(text);
        sources.push(SourceRecords { name: name.to_string(), ..dispatcher.finish().records });
    }
    Recording::build(sources, &[dispatcher.into_sites()])
}

fn trajectory(criterion: &mut Criterion) {
    let recording = recording(&snapshots());
    let mut group = criterion.benchmark_group("trajectory");
    group.throughput(Throughput::Elements((SITES * SNAPSHOTS) as u64));
    group.bench_function("to_series", |bencher| {
        bencher.iter(|| {
            recording.sites.iter().map(|site| site.to_series().bytes.samples().len()).sum::<usize>()
        });
    });
    group.finish();
}

fn analysed(texts: &[String]) -> Result<usize, Error> {
    let mut analysis = Analysis::new(Options::default())?;
    for (name, text) in texts.iter().enumerate() {
        analysis.add(&name.to_string(), text, text.len() as u64)?;
    }
    Ok(analysis.finish()?.sites.len())
}

fn whole(criterion: &mut Criterion) {
    let snapshots = snapshots();
    let mut group = criterion.benchmark_group("whole");
    group.sample_size(10);
    for (name, texts) in
        [("snapshots", snapshots.clone()), ("log", vec![log(&snapshots)]), ("report", vec![report()])]
    {
        group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
        group.bench_function(name, |bencher| bencher.iter(|| analysed(black_box(&texts))));
    }
    group.finish();
}

criterion_group!(benches, parse, trajectory, whole);
criterion_main!(benches);
