//! Series as they are observed: their values rounded as logs round them.

use crate::dice::Dice;
use crate::families::{self, Facts, Family, Truth};

/// Bytes of a page.
pub const PAGE: f64 = 4096.0;

/// A way of printing values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Whole bytes.
    Exact,
    /// Whole pages of 4096 bytes, as resident memory.
    Pages,
    /// The text of tracemalloc: whole bytes below 10 KiB, then tenths or wholes of a unit.
    Text,
}

impl Kind {
    /// The kinds take turns.
    const fn of(index: usize) -> Self {
        match index % 3 {
            0 => Self::Exact,
            1 => Self::Pages,
            _ => Self::Text,
        }
    }

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Pages => "pages",
            Self::Text => "text",
        }
    }

    /// A value as it is printed, and half of the step that it is rounded to.
    pub fn printed(self, value: f64) -> (f64, f64) {
        match self {
            Self::Exact => (value.round_ties_even(), 0.5),
            Self::Pages => ((value / PAGE).round_ties_even() * PAGE, PAGE / 2.0),
            Self::Text => as_printed(value),
        }
    }
}

/// The value that a reader of `tracemalloc`'s sizes gets, and half of its step; 0 where it is printed to the byte.
pub fn as_printed(value: f64) -> (f64, f64) {
    if value.abs() < 10_240.0 {
        return (value.round_ties_even(), 0.0);
    }
    let mut unit = 1.0;
    for power in 1..=4 {
        unit *= 1024.0;
        let scaled = value / unit;
        if scaled.abs() < 100.0 {
            return ((scaled * 10.0).round_ties_even() / 10.0 * unit, 0.05 * unit);
        }
        if scaled.abs() < 10_240.0 || power == 4 {
            return (scaled.round_ties_even() * unit, 0.5 * unit);
        }
    }
    (value, 0.0)
}

/// An observed series, and facts about it.
pub struct Observed {
    /// Its family.
    pub family: &'static Family,
    /// The way in which it is printed.
    pub kind: Kind,
    /// The values as printed.
    pub y: Vec<f64>,
    /// Half of the step each value is rounded to.
    pub half_widths: Vec<f64>,
    /// The values in whole bytes.
    pub bytes: Vec<f64>,
    /// The numbers of blocks that they make up.
    pub blocks: Vec<f64>,
    /// Its truth, as far as its observed values can show it.
    pub truth: Truth,
    /// Growth per step over the future.
    pub rate: f64,
    /// Further facts.
    pub facts: Facts,
}

impl Observed {
    /// The series of this number, of a family and a length.
    pub fn draw(seed: u64, family: &'static Family, n: usize, index: usize) -> Self {
        Self::printed_as(Kind::of(index), seed, family, n, index)
    }

    /// The same, printed in one way.
    pub fn printed_as(kind: Kind, seed: u64, family: &'static Family, n: usize, index: usize) -> Self {
        let mut dice = Dice::of(seed, family.name, n, index);
        let series = family.series(n, &mut dice);
        let block = series.block.unwrap_or_else(|| families::block(&mut dice));
        let (y, half_widths): (Vec<f64>, Vec<f64>) = series.prefix.iter().map(|v| kind.printed(*v)).unzip();
        let bytes = series.prefix.iter().map(|v| v.round_ties_even()).collect();
        let blocks = series.prefix.iter().map(|v| (v / block).ceil()).collect();
        let step = 2.0 * half_widths.iter().sum::<f64>() / n as f64;
        let truth = shown(family.truth, series.rate * n as f64, step);
        Self { family, kind, y, half_widths, bytes, blocks, truth, rate: series.rate, facts: series.facts }
    }

    /// The series of this number as the exact sizes of an allocation site: whole blocks. So its bytes and its blocks
    /// tell the same.
    pub fn site(seed: u64, family: &'static Family, n: usize, index: usize) -> Self {
        let mut dice = Dice::of(seed, family.name, n, index);
        let series = family.series(n, &mut dice);
        let block = series.block.unwrap_or_else(|| families::block(&mut dice));
        let blocks: Vec<f64> = series.prefix.iter().map(|v| (v / block).round_ties_even()).collect();
        let y: Vec<f64> = blocks.iter().map(|count| (count * block).round_ties_even()).collect();
        let truth = shown(family.truth, series.rate * n as f64, block);
        let half_widths = vec![0.0; n];
        let (bytes, rate, facts) = (y.clone(), series.rate, series.facts);
        Self { family, kind: Kind::Exact, y, half_widths, bytes, blocks, truth, rate, facts }
    }

    /// Mean half-width of the rounding.
    pub fn half_width(&self) -> f64 {
        self.half_widths.iter().sum::<f64>() / self.half_widths.len() as f64
    }
}

/// The truth that a series shows: a leak whose growth over the prefix stays under three steps in which it is recorded
/// is hidden.
fn shown(truth: Truth, growth: f64, step: f64) -> Truth {
    if truth == Truth::Leak && growth < 3.0 * step { Truth::Open } else { truth }
}
