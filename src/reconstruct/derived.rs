//! Series that no source has: sums and differences of metrics of one subject.

use crate::model::column::Column;
use crate::model::{Measured, Metric, MetricUnit, Role};

/// Whether the values of a metric are added or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

/// A metric that is made of others.
#[derive(Debug, Clone)]
pub(super) struct Derived {
    pub(super) metric: Metric,
    terms: Vec<(Sign, Metric)>,
}

/// Swap is judged with the resident memory where it moves by this share of it: by less it hides nothing.
const MOVES: f64 = 0.01;

impl Derived {
    /// Returns the value of a reading, if it has all of the terms.
    pub(super) fn value(&self, columns: &[(Metric, Column)], index: usize) -> Option<Measured> {
        let mut sum = Measured::exact(0.0);
        for (sign, metric) in &self.terms {
            let value = column(columns, *metric)?.get(index)?;
            sum = match sign {
                Sign::Plus => sum + value,
                Sign::Minus => sum - value,
            };
        }
        // The accounts of a group are not of one moment.
        Some(Measured { value: sum.value.max(0.0), ..sum })
    }

    /// Whether it is the memory of a group without its page cache.
    pub(super) fn is_without_cache_of(&self, metric: Metric) -> bool {
        let is_less = |term: &(Sign, Metric)| term.0 == Sign::Minus;
        self.metric.role == Role::Resident
            && self.terms.first() == Some(&(Sign::Plus, metric))
            && self.terms.iter().any(is_less)
    }

    /// Whether each of the readings has a value.
    pub(super) fn is_complete(&self, columns: &[(Metric, Column)], length: usize) -> bool {
        self.terms.iter().all(|(_, metric)| column(columns, *metric).is_some_and(|c| c.is_complete(length)))
    }

    /// Whether no term moves.
    pub(super) fn is_constant(&self, columns: &[(Metric, Column)]) -> bool {
        self.terms.iter().all(|(_, metric)| column(columns, *metric).is_none_or(Column::is_constant))
    }
}

/// Returns the column of a metric.
pub(super) fn column(columns: &[(Metric, Column)], metric: Metric) -> Option<&Column> {
    columns.iter().find(|(known, _)| *known == metric).map(|(_, column)| column)
}

/// Returns the metrics that can be made of those of a subject: resident memory of its parts, that of a group without
/// page cache, and resident memory with swap, where swap moves.
pub(super) fn derived(columns: &[(Metric, Column)], length: usize) -> Vec<Derived> {
    let mut found = Vec::new();
    let has = |metric: Metric| {
        column(columns, metric).is_some_and(|column| (0..length).any(|index| column.get(index).is_some()))
    };
    let parts = [Metric::RSS_ANON, Metric::RSS_FILE, Metric::RSS_SHMEM];
    if !has(Metric::VM_RSS) && parts.into_iter().all(has) {
        found.push(Derived { metric: Metric::VM_RSS, terms: plus(&parts) });
    }
    found.extend(without_cache(columns));
    let resident = found.first().map(|derived| (derived.metric, derived.terms.clone())).or_else(|| {
        let measured = columns.iter().map(|(metric, _)| *metric);
        let whole = measured.clone().find(|metric| metric.role == Role::Resident && has(*metric));
        let whole = whole.or_else(|| Some(Metric::RSS_ANON).filter(|metric| has(*metric)))?;
        Some((whole, plus(&[whole])))
    });
    found.extend(resident.and_then(|(metric, terms)| with_swap(metric, terms, columns, length)));
    found
}

fn plus(metrics: &[Metric]) -> Vec<(Sign, Metric)> {
    metrics.iter().map(|metric| (Sign::Plus, *metric)).collect()
}

/// The memory of a group without the page cache that the kernel can take back.
fn without_cache(columns: &[(Metric, Column)]) -> Option<Derived> {
    let metrics = || columns.iter().map(|(metric, _)| *metric);
    let whole = metrics().find(|metric| Metric::OF_GROUP.contains(&metric.name))?;
    let cache = metrics().find(|metric| metric.role == Role::Cache)?;
    let shared = metrics().find(|metric| Metric::SHARED_OF_GROUP.contains(&metric.name));
    let mut terms = vec![(Sign::Plus, whole), (Sign::Minus, cache)];
    terms.extend(shared.map(|shared| (Sign::Plus, shared)));
    let shared = shared.map(|shared| format!(" + {}", shared.name)).unwrap_or_default();
    let name = format!("{} - {}{shared}", whole.name, cache.name);
    Some(Derived { metric: Metric::of_recording(&name, Role::Resident), terms })
}

/// Resident memory with swap, where swap moves.
fn with_swap(
    resident: Metric,
    mut terms: Vec<(Sign, Metric)>,
    columns: &[(Metric, Column)],
    length: usize,
) -> Option<Derived> {
    // A share of swap is not of the same pages.
    let is_swap = |metric: &Metric| metric.role == Role::Swap && *metric != Metric::SWAP_PSS;
    let (swap, values) = columns.iter().find(|(metric, _)| is_swap(metric))?;
    let sizes = (0..length).filter_map(|index| values.get(index)).map(|value| value.value);
    let (low, high) = sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
    let whole = Derived { metric: resident, terms: terms.clone() };
    let largest = (0..length).filter_map(|index| whole.value(columns, index)).map(|value| value.value);
    let moves = high - low >= MOVES * largest.fold(0.0, f64::max) && high > low;
    if !moves || resident.unit != MetricUnit::Bytes {
        return None;
    }
    terms.push((Sign::Plus, *swap));
    let name = format!("{} + {}", resident.name, swap.name);
    Some(Derived { metric: Metric::of_recording(&name, Role::ResidentAndSwap), terms })
}
