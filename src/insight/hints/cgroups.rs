//! Hints by the accounts of a control group.

use super::facts::{ProcessFacts, change, grows, growth};
use super::types::{HintEvidence, HintId};
use crate::verdict::JudgedProcess;

/// Names of a group's memory as a whole.
const WHOLE: [&str; 3] = ["memory.current", "memory.usage_in_bytes", "container_memory_usage_bytes"];
/// Names of its page cache, the account of the groups below first.
const CACHE: [&str; 4] = ["file", "total_cache", "cache", "container_memory_cache"];
/// Names of the memory of its programs.
const PROGRAMS: [&str; 4] = ["anon", "total_rss", "rss", "container_memory_rss"];
/// Names of shared memory, which is counted as page cache and cannot be taken back.
const SHARED: [&str; 3] = ["shmem", "total_shmem", "container_memory_shmem"];
/// Names of the kernel's own memory. Slabs are a part of it.
const KERNEL: [&str; 2] = ["kernel", "slab"];

/// This share of the growth makes a part the cause of it.
const MOST_OF_IT: f64 = 0.5;

/// Returns all hints of a group.
pub fn found(facts: &ProcessFacts<'_>) -> Vec<(HintId, HintEvidence)> {
    let Some(programs) = facts.named(&PROGRAMS) else { return Vec::new() };
    let shared = facts.named(&SHARED);
    let of = |id: HintId, part: Option<&JudgedProcess>, less: f64| {
        let part = part.filter(|judged| grows(judged))?;
        let own = growth(Some(part)) - less;
        let whole = facts.named(&WHOLE).map_or(0.0, |whole| growth(Some(whole)));
        let whole = whole.max(growth(Some(part)) + growth(Some(programs)));
        let evidence = || Some(HintEvidence::Metrics { moving: change(part)?, beside: change(programs) });
        (own > MOST_OF_IT * whole).then(evidence).flatten().map(|evidence| (id, evidence))
    };
    let parts = [
        of(HintId::PageCache, facts.named(&CACHE), growth(shared)),
        of(HintId::SharedMemory, shared, 0.0),
        of(HintId::KernelMemory, facts.named(&KERNEL), 0.0),
    ];
    parts.into_iter().flatten().collect()
}
