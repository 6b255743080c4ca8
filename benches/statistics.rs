//! The cost of each statistic, by the kind of series and its length.
//!
//! `cargo bench --bench statistics` runs all of them; a name or a part of one after `--` picks some (`-- site`,
//! `-- theil_sen/200000`), `-- --save-baseline before` keeps the figures and `-- --baseline before` compares with them.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use leakdiff::stats::autocorrelation::widening;
use leakdiff::stats::cycle::cycle;
use leakdiff::stats::growth_models::fit;
use leakdiff::stats::hac::{mean_change, slope_interval};
use leakdiff::stats::mann_kendall::mann_kendall;
use leakdiff::stats::ols::ols;
use leakdiff::stats::sawtooth::lower_envelope;
use leakdiff::stats::shape::shape;
use leakdiff::stats::step_pattern::step_pattern;
use leakdiff::stats::theil_sen::theil_sen;
use leakdiff::stats::trailing_plateau::trailing_plateau;
use leakdiff::stats::{BadPoints, Points};

/// A statistic, reduced to one number so that it cannot be left out.
type Statistic = fn(Points<'_>) -> f64;

const STATISTICS: [(&str, Statistic); 12] = [
    ("mann_kendall", |p| mann_kendall(p.y()).map_or(0.0, |found| found.z)),
    ("theil_sen", |p| theil_sen(p).map_or(0.0, |found| found.slope)),
    ("ols", |p| ols(p).map_or(0.0, |found| found.slope)),
    ("mean_change", |p| mean_change(p).map_or(0.0, |found| found.stderr)),
    ("slope_interval", |p| slope_interval(p, None).map_or(0.0, |found| found.value)),
    ("widening", |p| widening(p, 0.0, p.y()[0])),
    ("growth_models", |p| fit(p.y(), 0.0).map_or(0.0, |found| found.p_continues)),
    ("shape", |p| shape(p.y()).map_or(0.0, |found| found.fit)),
    ("cycle", |p| cycle(p.y()).map_or(0.0, |found| found.share)),
    ("step_pattern", |p| step_pattern(p.y(), 0.0).map_or(0.0, |found| found.jumps() as f64)),
    ("trailing_plateau", |p| trailing_plateau(p.y()) as f64),
    ("lower_envelope", |p| lower_envelope(p.y()).map_or(0.0, |found| found.len() as f64)),
];

/// The work on one site that wanders: its form, its score, its rate, and whether a trend hides in its later part.
fn one_site(points: Points<'_>) -> f64 {
    let (y, n) = (points.y(), points.len());
    let form = [
        step_pattern(y, 0.0).map_or(0.0, |found| found.jumps() as f64),
        trailing_plateau(y) as f64,
        lower_envelope(y).map_or(0.0, |found| found.len() as f64),
        cycle(y).map_or(0.0, |found| found.share),
    ];
    let score = fit(y, 0.0).map_or(0.0, |found| found.p_continues) + shape(y).map_or(0.0, |found| found.fit);
    let later = shape(&y[n / 3..]).map_or(0.0, |found| found.fit);
    let rate = slope_interval(points, None).map_or(0.0, |found| found.value);
    let hints = [0, n / 2, 2 * n / 3].map(|from| mann_kendall(&y[from..]).map_or(0.0, |found| found.z));
    form.iter().chain(&hints).sum::<f64>() + score + later + rate
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same series in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }

    /// Roughly normal, with standard deviation 1.
    fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// A site whose blocks come and go in a fifth of the snapshots: a walk with many steps of nothing.
fn site(n: usize) -> Vec<f64> {
    let mut dice = Dice(3);
    let mut count = 800.0_f64;
    (0..n)
        .map(|_| {
            if dice.next() < 0.2 {
                count += (dice.next() * 7.0).floor() - 3.0;
            }
            count.max(1.0) * 271.0
        })
        .collect()
}

fn walk(n: usize) -> Vec<f64> {
    let mut dice = Dice(5);
    let mut level = 1e6;
    (0..n)
        .map(|_| {
            level += 4096.0 * dice.noise();
            level
        })
        .collect()
}

fn line(n: usize) -> Vec<f64> {
    let mut dice = Dice(7);
    let mut lingering = 0.0;
    (0..n)
        .map(|k| {
            lingering = 0.7 * lingering + 400.0 * dice.noise();
            150_000.0 + 28.0 * k as f64 + lingering.trunc()
        })
        .collect()
}

fn constant(n: usize) -> Vec<f64> {
    vec![4096.0; n]
}

/// Makes a series of a number of points.
type Kind = fn(usize) -> Vec<f64>;

const KINDS: [(&str, Kind); 4] = [("site", site), ("walk", walk), ("line", line), ("constant", constant)];

fn run(
    criterion: &mut Criterion,
    name: &str,
    statistic: Statistic,
    lengths: &[usize],
) -> Result<(), BadPoints> {
    let mut group = criterion.benchmark_group(name);
    for &n in lengths {
        let x: Vec<f64> = (0..n).map(|k| k as f64).collect();
        for (kind, make) in KINDS {
            let y = make(n);
            let points = Points::new(&x, &y)?;
            group.bench_function(BenchmarkId::new(kind, n), |b| b.iter(|| statistic(black_box(points))));
        }
    }
    group.finish();
    Ok(())
}

fn all(criterion: &mut Criterion) {
    let each = STATISTICS.into_iter().map(|(name, statistic)| (name, statistic, &[40, 500, 200_000][..]));
    for (name, statistic, lengths) in each.chain([("one_site", one_site as Statistic, &[120, 500][..])]) {
        if let Err(bad) = run(criterion, name, statistic, lengths) {
            eprintln!("{name}: {bad:?}");
        }
    }
}

criterion_group! {
    name = statistics;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400));
    targets = all
}
criterion_main!(statistics);
