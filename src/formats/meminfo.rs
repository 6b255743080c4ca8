//! `/proc/meminfo`, whole or some of its lines, and that of a NUMA node.

use super::contract::{Detect, Format, LineParser, Parser};
use super::host::{Gathered, When, host, named};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Metric, Role};

/// The counters that are read. Page cache is no part of the memory that is in use: it gives way to everything else.
static METRICS: &[Metric] = &[
    Metric::bytes("MemTotal", Role::Limit),
    Metric::bytes("MemFree", Role::Free),
    Metric::bytes("MemAvailable", Role::Free),
    Metric::bytes("MemUsed", Role::Other),
    Metric::bytes("Buffers", Role::Other),
    Metric::bytes("Cached", Role::Other),
    Metric::bytes("Active", Role::Other),
    Metric::bytes("Inactive", Role::Other),
    Metric::bytes("Active(anon)", Role::Other),
    Metric::bytes("Inactive(anon)", Role::Other),
    Metric::bytes("SwapFree", Role::Free),
    Metric::bytes("AnonPages", Role::Part),
    Metric::bytes("Mapped", Role::Other),
    Metric::bytes("Shmem", Role::Part),
    Metric::bytes("Slab", Role::Part),
    Metric::bytes("SReclaimable", Role::Other),
    Metric::bytes("SUnreclaim", Role::Part),
    Metric::bytes("KernelStack", Role::Part),
    Metric::bytes("PageTables", Role::Part),
    Metric::bytes("VmallocUsed", Role::Other),
    Metric::bytes("Percpu", Role::Part),
    Metric::bytes("Committed_AS", Role::Virtual),
];

/// Counters between them, so that a whole file is followed.
const OTHERS: &[&str] = &[
    "SwapCached",
    "Active(file)",
    "Inactive(file)",
    "Unevictable",
    "Mlocked",
    "SwapTotal",
    "Zswap",
    "Zswapped",
    "Dirty",
    "Writeback",
    "KReclaimable",
];

/// `/proc/meminfo`.
pub static FORMAT: Format = Format {
    name: "meminfo",
    reads: "lines of /proc/meminfo (\"MemAvailable:   22414860 kB\")",
    example: "MemFree:        16837784 kB\n",
    detect: Detect::Needles(&[
        "MemTotal",
        "MemFree",
        "MemAvailable",
        "AnonPages:",
        "Slab:",
        "SUnreclaim:",
        "SReclaimable:",
        "Cached:",
        "PageTables:",
        "Percpu:",
        "Committed_AS:",
        "SwapFree:",
        "Inactive(anon):",
    ]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

#[derive(Debug, Default)]
struct Reader {
    samples: Gathered,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let mut is_record = false;
        for (start, key, rest) in keys(line.text) {
            let metric = METRICS.iter().find(|metric| metric.name == key);
            if metric.is_none() && !OTHERS.contains(&key) {
                continue;
            }
            let Some(bytes) = value(rest, line.ended) else {
                // A key that begins its line is no word of a sentence.
                if metric.is_some() && line.text.get(..start).is_some_and(|before| before.trim().is_empty()) {
                    return Err(Damage {
                        column: None,
                        message: format!("expected a number of kB after {key}:, found {:?}", short(rest)),
                    });
                }
                continue;
            };
            is_record = true;
            let Some(metric) = metric else { continue };
            let scope = out.scope(line, start);
            let subject = node(line.text.get(..start).unwrap_or("")).map_or_else(host, |node| named(&node));
            let when = When::Scope(scope);
            if metric.role == Role::Limit {
                self.samples.begin(subject, when, line.number, out);
                self.samples.limit(bytes);
            } else {
                self.samples.add(&subject, when, line.number, (*metric, bytes), out);
            }
        }
        Ok(if is_record { Claim::MoreBelow } else { Claim::NotMine })
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.samples.push(out);
    }
}

/// Returns the words before a colon or `=` in a line, with the place where each begins and the text after it.
fn keys(line: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    line.match_indices([':', '=']).filter_map(|(end, _)| {
        let before = line.get(..end)?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')');
        let start = before.rfind(|c| !is_word(c)).map_or(0, |at| {
            at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let key = before.get(start..)?;
        key.starts_with(|c: char| c.is_ascii_uppercase()).then_some((start, key, line.get(end + 1..)?))
    })
}

/// Parses `  16837784 kB` at the beginning of a text. A number without its unit at the end of the input may be cut.
fn value(text: &str, ended: bool) -> Option<crate::model::Measured> {
    let mut words = text.split_ascii_whitespace();
    let number = words.next()?.trim_end_matches(',');
    let unit = words.next();
    if number.ends_with(|c: char| c.is_ascii_digit()) && unit.is_none() && !ended {
        return None;
    }
    Some(size(number, 1024.0, Multiples::Binary)?.rounded())
}

/// Returns the node in `Node 0 MemFree: …` of `/sys/devices/system/node/node0/meminfo`.
fn node(before: &str) -> Option<String> {
    let (_, number) = before.rsplit_once("Node ")?;
    let number: u32 = number.trim().parse().ok()?;
    Some(format!("Node {number}"))
}

fn short(text: &str) -> String {
    text.trim().chars().take(24).collect()
}
