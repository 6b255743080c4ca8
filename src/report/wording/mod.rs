//! English for codes: the texts of facts that the document holds as enums.

mod finding;
mod reason;
mod remark;

use super::document::{InputOrder, WarningCode};
use crate::insight::{AttributionRemark, NoAttribution};
use crate::report::quantity::{count, duration};
use crate::stats::growth_models::GrowthModel;
use crate::verdict::Transform;

pub use finding::finding;
pub use reason::reason;
pub use remark::remark;

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
pub const fn attribution_remark(remark: AttributionRemark) -> &'static str {
    match remark {
        AttributionRemark::OutsideSites => {
            "most of the growth lies outside of the sites: native memory, fragmentation, mapped files or shared memory"
        }
        AttributionRemark::Explained => "the growing sites explain the growth of the process",
        AttributionRemark::InPart => {
            "the growing sites explain a part; the rest may be native memory, fragmentation, or sites that a cut list hides"
        }
    }
}

/// Returns the reason why a process and a heap are not compared.
#[must_use]
pub fn no_attribution(reason: &NoAttribution) -> String {
    match reason {
        NoAttribution::NoTimes => "the samples of the process or the snapshots have no times".to_owned(),
        NoAttribution::NoOverlap { gap_seconds } => format!(
            "the samples of the process and the snapshots do not overlap in time ({} lie between them)",
            duration(*gap_seconds)
        ),
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
