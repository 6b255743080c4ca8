//! Keys of `memory.stat`.

use crate::model::{Measured, Metric, Role};

/// A value of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    Of(Metric, Measured),
    Limit(Measured),
}

/// Memory that nothing but the program can free.
const ANON: Metric = Metric::bytes("anon", Role::Part);
/// Page cache, which the kernel reclaims.
const FILE: Metric = Metric::bytes("file", Role::Cache);
const TOTAL_RSS: Metric = Metric::bytes("total_rss", Role::Part);
const RSS: Metric = Metric::bytes("rss", Role::Part);
const TOTAL_CACHE: Metric = Metric::bytes("total_cache", Role::Cache);
const CACHE: Metric = Metric::bytes("cache", Role::Cache);
const SHMEM: Metric = Metric::bytes("shmem", Role::Part);
const TOTAL_SHMEM: Metric = Metric::bytes("total_shmem", Role::Part);
const TOTAL_SWAP: Metric = Metric::bytes("total_swap", Role::Swap);
const SWAP: Metric = Metric::bytes("swap", Role::Swap);

/// Keys whose values are kept. `shmem` is a part of `file` or `cache` that no kernel takes back, `slab` one of
/// `kernel`.
const METRICS: &[Metric] = &[
    ANON,
    FILE,
    Metric::bytes("kernel", Role::Part),
    Metric::bytes("slab", Role::Part),
    SHMEM,
    TOTAL_SHMEM,
    Metric::bytes("sock", Role::Part),
    TOTAL_RSS,
    RSS,
    TOTAL_CACHE,
    CACHE,
    TOTAL_SWAP,
    SWAP,
];

/// Keys of version 1 that include the groups below, and those without.
const TWICE: &[(Metric, Metric)] =
    &[(TOTAL_RSS, RSS), (TOTAL_CACHE, CACHE), (TOTAL_SHMEM, SHMEM), (TOTAL_SWAP, SWAP)];

const LIMIT: &str = "hierarchical_memory_limit";

/// Keys that stand above others in `memory.stat` and are not kept.
const OTHER_KEYS: &[&str] = &["rss_huge", "mapped_file", "inactive_anon", "active_anon", LIMIT];

/// Parses a line that is a key and a whole number.
pub(super) fn key_value(text: &str) -> Option<(&str, f64)> {
    let (key, value) = text.trim().split_once([' ', '\t'])?;
    let value = value.trim_start();
    let is_key = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let is_number = !value.is_empty() && value.len() <= 20 && value.bytes().all(|b| b.is_ascii_digit());
    if is_key && is_number { Some((key, value.parse().ok()?)) } else { None }
}

/// Returns a key that is one of `memory.stat`.
pub(super) fn known(key: &str) -> Option<&'static str> {
    let names = METRICS.iter().map(|metric| metric.name).chain(OTHER_KEYS.iter().copied());
    names.into_iter().find(|name| *name == key)
}

/// Whether a line can be of no other file than `memory.stat`: memory of programs comes in pages.
pub(super) fn is_evidence(key: &str, value: f64) -> bool {
    matches!(key, "anon" | "total_rss" | "rss_huge" | LIMIT) && value % 4096.0 == 0.0
}

/// Returns the value of a key of `memory.stat`.
pub(super) fn value(key: &str, value: f64) -> Option<Value> {
    if key == LIMIT {
        return Some(Value::Limit(Measured::exact(value)));
    }
    METRICS.iter().find(|metric| metric.name == key).map(|metric| Value::Of(*metric, Measured::exact(value)))
}

/// Removes values that stand in others, too.
pub(super) fn without_twice_counted(values: &mut Vec<(Metric, Measured)>) {
    for (total, part) in TWICE {
        if values.iter().any(|(metric, _)| metric == total) {
            values.retain(|(metric, _)| metric != part);
        }
    }
}
