//! English for codes: the texts of facts that the document holds as enums.

mod finding;
mod hint;
mod reason;
mod remark;
mod work;

use super::document::{InputOrder, WarningCode};
use crate::insight::{Attribution, AttributionRemark, GrowthKind, NoAttribution};
use crate::model::Metric;
use crate::report::quantity::{Units, count, duration, share};
use crate::stats::growth_models::GrowthModel;
use crate::verdict::Transform;

pub use finding::finding;
pub use hint::{hint, hint_test};
pub use reason::reason;
pub use remark::remark;
pub use work::{a_unit, no_work, per_work};

/// Returns the rule by which several inputs were put in order, to follow "read".
#[must_use]
pub const fn input_order(order: InputOrder) -> &'static str {
    match order {
        InputOrder::ByTime => "by the times they carry",
        InputOrder::ByName => "in the natural order of their names",
        InputOrder::AsGiven => "as given",
    }
}

/// Returns the meaning of the share of a process's growth that its sites explain.
#[must_use]
pub fn attribution_remark(attribution: &Attribution) -> String {
    let Attribution { metric, process_bytes_per_second: whole, others, .. } = attribution;
    let named: Vec<String> = others
        .iter()
        .map(|other| format!("{} {}", growth_kind(other.kind), share(other.bytes_per_second / whole)))
        .collect();
    // Of anonymous memory nothing is of files, and shared memory is counted apart.
    let other_kinds = if metric == Metric::RSS_ANON.name { "" } else { ", mapped files or shared memory" };
    match (attribution.remark(), named.as_slice()) {
        (AttributionRemark::Explained, _) => "the growing sites explain the growth of the process".to_owned(),
        (AttributionRemark::OutsideSites, []) => {
            format!(
                "most of the growth lies outside of the sites: native memory or fragmentation{other_kinds}"
            )
        }
        (AttributionRemark::OutsideSites, named) => {
            format!("most of the growth lies outside of the sites: {}", named.join("; "))
        }
        (AttributionRemark::InPart, []) => {
            let rest = if attribution.lists_are_cut {
                "native memory, fragmentation, or sites that a cut list hides"
            } else {
                "native memory or fragmentation"
            };
            format!("the growing sites explain a part; the rest may be {rest}")
        }
        (AttributionRemark::InPart, named) => {
            format!("the growing sites explain a part; the rest is {}", named.join("; "))
        }
    }
}

/// Returns a kind of growth outside of the sites of a heap, and of what it consists where that is not the same.
const fn growth_kind(kind: GrowthKind) -> &'static str {
    match kind {
        GrowthKind::FilePages => "pages of mapped files,",
        GrowthKind::SharedMemory => "shared memory,",
        GrowthKind::OtherSites => "sites that are cut off from the lists or do not grow for certain,",
        GrowthKind::Untraced => {
            "memory that is not traced (native memory, overhead of the allocator, fragmentation),"
        }
    }
}

/// Returns the reason why a process and a heap are not compared.
#[must_use]
pub fn no_attribution(reason: &NoAttribution) -> String {
    match reason {
        NoAttribution::NoTimes => "the samples of the process or the snapshots have no times".to_owned(),
        NoAttribution::NoOverlap { gap_seconds, process_gained, sites_gained } => {
            let gap = duration(*gap_seconds);
            let gains = process_gained.map_or_else(String::new, |process| {
                let (process, sites) = (Units::Auto.size(process), Units::Auto.size(*sites_gained));
                format!("; in times of their own the process gained {process} and all sites together {sites}")
            });
            format!(
                "the samples of the process and the snapshots do not overlap in time ({gap} lie between them){gains}"
            )
        }
        NoAttribution::TooShort { shared_seconds, shorter_seconds } => format!(
            "the samples of the process and the snapshots share too little time ({} of {})",
            duration(*shared_seconds),
            duration(*shorter_seconds)
        ),
        NoAttribution::WhichProcess { processes } => {
            format!("nothing shows which of {} processes the sites belong to", count(*processes as u64))
        }
        NoAttribution::WhichHeap { heaps } => {
            format!("nothing shows which of {} heaps belongs to the process", count(*heaps as u64))
        }
        NoAttribution::OneOfEach { processes } => {
            format!("each of {} processes has its own", count(*processes as u64))
        }
        NoAttribution::NoGrowth => "the process does not grow".to_owned(),
    }
}

/// Returns a transform in a few words.
#[must_use]
pub const fn transform(transform: Transform) -> &'static str {
    match transform {
        Transform::None => "none",
        Transform::PeriodicSteps => "periodic steps",
        Transform::GeometricSteps => "geometric steps",
        Transform::WithoutPlateau => "without its trailing plateau",
        Transform::LowerEnvelope => "lower envelope",
        Transform::WithoutCycle => "without its cycle",
        Transform::FewPeriods => "sawtooth of few periods",
        Transform::AfterStartUp => "after its start-up",
        Transform::LogScale => "logarithm",
        Transform::BySegment => "segment by segment",
        Transform::LastSegment => "since the last restart",
    }
}

/// Returns a growth model in a word or two.
#[must_use]
pub const fn growth_model(model: GrowthModel) -> &'static str {
    match model {
        GrowthModel::Flat => "flat",
        GrowthModel::Shrinking => "shrinking",
        GrowthModel::OneStep => "one step",
        GrowthModel::TwoSteps => "two steps",
        GrowthModel::Stopped => "stopped",
        GrowthModel::Ramp => "ramp",
        GrowthModel::FillingCache => "filling cache",
        GrowthModel::Trickle => "trickle",
        GrowthModel::Slowing => "slowing",
        GrowthModel::Logarithmic => "logarithmic",
        GrowthModel::Leak => "leak",
        GrowthModel::LateLeak => "late leak",
        GrowthModel::WarmUpAndLeak => "warm-up and leak",
        GrowthModel::StepAndLeak => "step and leak",
        GrowthModel::Accelerating => "accelerating",
    }
}

/// Returns the message of a warning about an entry of a baseline or of the configuration; `now` is the site that it was
/// found as.
#[must_use]
pub fn warning(code: WarningCode, entry: &str, now: Option<&str>) -> String {
    match code {
        WarningCode::BaselineEntryMoved => {
            format!("{} is taken for {entry}, whose lines seem to have moved", now.unwrap_or_default())
        }
        WarningCode::BaselineEntryGone => {
            format!("stale entry: {entry} is not in the recording")
        }
        WarningCode::BaselineEntryUnused => {
            format!("stale entry: {entry} is no finding any more")
        }
        WarningCode::AllowanceUnused => {
            format!("stale entry: no finding is of a site that \"{entry}\" allows")
        }
    }
}
