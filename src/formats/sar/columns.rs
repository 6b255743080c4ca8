//! The columns of sysstat's memory reports.

use crate::model::{Metric, Role};

/// What is in use, the page cache apart: if the report has `kbavail`.
pub const USED: Metric = Metric::bytes("kbmemused", Role::Resident);
/// Before sysstat 11.7 that counts the page cache, too.
pub const USED_WITH_CACHE: Metric = Metric::bytes("kbmemused", Role::Other);

static METRICS: &[Metric] = &[
    USED,
    Metric::bytes("kbmemfree", Role::Free),
    Metric::bytes("kbavail", Role::Free),
    Metric::bytes("kbbuffers", Role::Other),
    Metric::bytes("kbcached", Role::Other),
    Metric::bytes("kbcommit", Role::Virtual),
    Metric::bytes("kbactive", Role::Other),
    Metric::bytes("kbinact", Role::Other),
    Metric::bytes("kbdirty", Role::Other),
    Metric::bytes("kbanonpg", Role::Part),
    Metric::bytes("kbslab", Role::Part),
    Metric::bytes("kbkstack", Role::Part),
    Metric::bytes("kbpgtbl", Role::Part),
    Metric::bytes("kbvmused", Role::Virtual),
    Metric::bytes("kbswpfree", Role::Free),
    Metric::bytes("kbswpused", Role::Swap),
    Metric::bytes("kbswpcad", Role::Other),
];

/// Returns the metric of a column, named as in a table.
pub fn metric(name: &str) -> Option<Metric> {
    METRICS.iter().find(|metric| metric.name == name).copied()
}

/// Returns the metric of a key in JSON: it lacks the unit.
pub fn metric_of_key(key: &str) -> Option<Metric> {
    METRICS.iter().find(|metric| metric.name.get(2..) == Some(key)).copied()
}
