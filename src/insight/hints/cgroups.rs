//! Hints by the accounts of a control group.

use super::facts::{ProcessFacts, change, grows, growth};
use super::types::{HintEvidence, HintId};
use crate::model::Metric;
use crate::verdict::JudgedProcess;

/// The name of a group's memory as a whole that a monitoring agent gives it.
const WHOLE: &str = "container_memory_usage_bytes";
/// Names of its page cache, the account of the groups below first.
const CACHE: [&str; 4] = ["file", "total_cache", "cache", "container_memory_cache"];
/// Names of the memory of its programs.
const PROGRAMS: [&str; 4] = ["anon", "total_rss", "rss", "container_memory_rss"];
/// The name of its shared memory, likewise.
const SHARED: &str = "container_memory_shmem";
/// Names of the kernel's own memory. Slabs are a part of it.
const KERNEL: [&str; 2] = ["kernel", "slab"];

/// This share of the growth makes a part the cause of it.
const MOST_OF_IT: f64 = 0.5;

/// Returns all hints of a group.
pub fn found(facts: &ProcessFacts<'_>) -> Vec<(HintId, HintEvidence)> {
    let Some(programs) = facts.named(&PROGRAMS) else { return Vec::new() };
    let shared = facts.named(&Metric::SHARED_OF_GROUP).or_else(|| facts.named(&[SHARED]));
    let whole = facts.named(&Metric::OF_GROUP).or_else(|| facts.named(&[WHOLE]));
    let of_whole = growth(whole);
    let of = |id: HintId, part: Option<&JudgedProcess>, less: f64| {
        let part = part.filter(|judged| grows(judged))?;
        let own = growth(Some(part)) - less;
        let whole = of_whole.max(growth(Some(part)) + growth(Some(programs)));
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
