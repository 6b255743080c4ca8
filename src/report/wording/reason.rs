//! Reasons of verdicts in English: one short sentence each.

use crate::model::Axis;
use crate::verdict::{GrowthForm, Reason};

/// Returns the sentence of a reason; `axis` is that of the series.
#[must_use]
pub fn reason(reason: &Reason, axis: Axis) -> String {
    let unit = unit(axis);
    let more = |more: &usize| format!("{more} more {unit} would decide");
    match reason {
        Reason::Grew { form, grew, shrank, steps } => {
            let back = if *shrank == 0 { " and never shrank" } else { "" };
            format!("grew in {grew} of {steps} steps{back}{}", growth_form(*form))
        }
        Reason::GrewWithWork { grew, shrank, steps } => {
            let back = if *shrank == 0 { " and never shrank" } else { "" };
            format!(
                "by the work done it grew in {grew} of {steps} steps{back}; by time it does not, as little work is done at the end"
            )
        }
        Reason::Stepped => "rose in a step or two and held".to_owned(),
        Reason::FilledUp => "filled up: growth slows down and comes to rest".to_owned(),
        Reason::Stopped => "grew for a while and stopped".to_owned(),
        Reason::NoLongerGrows => "grew and no longer does".to_owned(),
        Reason::NoTrend { grew, shrank, steps } => {
            format!("no trend: grew in {grew}, shrank in {shrank} of {steps} steps")
        }
        Reason::NeverMoved { points } => format!("did not change in {points} {unit}"),
        Reason::Fell { shrank, steps } => {
            format!("fell over the recording: shrank in {shrank} of {steps} steps")
        }
        Reason::HighWaterMark => {
            "a high-water mark never falls, so its rise says nothing about the future".to_owned()
        }
        Reason::GarbageIncluded => {
            "counts garbage until a full collection frees it, so its rise says nothing about a leak"
                .to_owned()
        }
        Reason::Sampler => {
            "its file seems to begin after the first snapshot, and it gains about one small block a snapshot, as the \
             code that takes the snapshots does"
                .to_owned()
        }
        Reason::ProfilerOverhead => "belongs to the profiler, which grows because it runs".to_owned(),
        Reason::TooFewPoints { points: 0 | 1, least } => {
            let one = unit.trim_end_matches('s');
            format!("a single {one}: no change can be seen; at least {least} are needed")
        }
        Reason::TooFewPoints { points, least } => {
            format!("only {points} {unit}; at least {least} are needed for a verdict")
        }
        Reason::RarelyListed { points, least } => format!(
            "shown in only {points} snapshots, since the lists are cut; at least {least} are needed for a verdict"
        ),
        Reason::MayBeStartUp { points, more: n } => {
            format!("a start-up looks the same in {points} {unit}; {}", more(n))
        }
        Reason::MayHaveStopped { more: n } => {
            format!("a new maximum is overdue, so it may have stopped; {}", more(n))
        }
        Reason::Paused { rest, longest_before, ended } => {
            let times = if *ended == 1 { "once".to_owned() } else { format!("{ended} times") };
            format!(
                "paused for {rest} {unit}: it paused like this {times} before, for up to {longest_before} {unit}, and went on"
            )
        }
        Reason::FellBack { more: n } => {
            format!("rose like this before and fell back, as memory does that a collector frees; {}", more(n))
        }
        Reason::SlowingDown { more: n } => {
            format!("still grows but slows down, as a cache that fills does; {}", more(n))
        }
        Reason::TooNoisy { grew, shrank, more: n } => {
            format!("rises and falls ({grew} up, {shrank} down): too noisy for a trend; {}", more(n))
        }
        Reason::GrowsInPlaces { more: n } => format!("grows in some stretches, not throughout; {}", more(n)),
        Reason::FreeListDrift { more: n } => format!(
            "gains less than one small block a snapshot and gives some back, as free lists and the profiler itself do; {}",
            more(n)
        ),
        Reason::ResizedContainer { times, more: n } => {
            let times = if *times == 1 { "once".to_owned() } else { format!("{times} times") };
            format!(
                "one container that was enlarged {times}: its contents in between are not seen; {}",
                more(n)
            )
        }
        Reason::ByChance { more: n } => {
            format!("with this many moving sites, some look like this by chance; {}", more(n))
        }
        Reason::NoShape { more: n } => format!("nothing to judge yet; {}", more(n)),
    }
}

const fn growth_form(form: GrowthForm) -> &'static str {
    match form {
        GrowthForm::Evenly => ", evenly to the end",
        GrowthForm::ToTheEnd => ", to the end",
        GrowthForm::Late => ", from a late start",
        GrowthForm::Accelerating => ", ever faster",
        GrowthForm::WithJump => ", with one jump",
        GrowthForm::PeriodicSteps => ", by equal jumps at equal distances",
        GrowthForm::GeometricSteps => ", as a table that is enlarged when it is full",
        GrowthForm::WithPlateaus => ", with plateaus",
        GrowthForm::LowerEnvelope => "; its falls end ever higher",
        GrowthForm::BeneathCycle => "; beneath its cycle it rises to the end",
        GrowthForm::AfterStartUp => ", after its start-up to the end",
        GrowthForm::ByOneFactor => ", by the same factor each time",
        GrowthForm::InEachSegment => ", anew after each restart",
        GrowthForm::SinceRestart => ", and to the end since the last restart",
    }
}

const fn unit(axis: Axis) -> &'static str {
    match axis {
        Axis::Snapshots => "snapshots",
        Axis::Seconds | Axis::Samples | Axis::Work => "samples",
    }
}
