//! Reasons in words: one short sentence that a person can check against the numbers.

use super::types::{Evidence, SeriesForm as Form, Transform, Verdict};
use crate::model::Axis;
use crate::stats::rhythm::Rhythm;
use crate::stats::stories::Story;

/// The reason of a verdict that rests on the evidence.
#[must_use]
pub fn of(verdict: Verdict, found: &Evidence) -> String {
    let (steps, all) = (found.form.steps, found.form.all_steps());
    match verdict {
        Verdict::Growing => {
            let tail = match (transform(found), model(found)) {
                (Some(tail), _) => tail,
                (None, Some(Story::Late)) => ", since it began late",
                (None, Some(Story::Accelerating)) => ", ever faster",
                (None, Some(Story::StepAndLeak)) => ", with one jump",
                _ if steps.shrank == 0 && steps.grew == all => ", evenly to the end",
                _ => ", to the end",
            };
            let back = if steps.shrank == 0 { " and never shrank" } else { "" };
            format!("grew in {} of {all} steps{back}{tail}", steps.grew)
        }
        Verdict::Settled => match model(found) {
            Some(Story::Step | Story::Steps) => "rose in a step or two and held".to_owned(),
            Some(Story::Cache | Story::Slowing | Story::Log | Story::Trickle) => {
                "filled up: growth slows down and comes to rest".to_owned()
            }
            Some(Story::Stop | Story::Ramp) => "grew for a while and stopped".to_owned(),
            _ => "grew and no longer does".to_owned(),
        },
        Verdict::Steady => {
            format!("no trend: grew in {}, shrank in {} of {all} steps", steps.grew, steps.shrank)
        }
        Verdict::Shrinking => format!("fell over the recording: shrank in {} of {all} steps", steps.shrank),
        Verdict::Unclear => unclear(found),
    }
}

/// What the form of a series adds to the reason for its growth.
fn transform(found: &Evidence) -> Option<&'static str> {
    match found.scored.as_ref()?.transform {
        Transform::None => None,
        Transform::StepPattern(Rhythm::Clockwork { .. }) => Some(", by equal jumps at equal distances"),
        Transform::StepPattern(Rhythm::Staircase { .. }) => Some(", as a table that grows when it is full"),
        Transform::WithoutPlateau => Some(", with pauses"),
        Transform::LowerEnvelope => Some("; each time it falls, it falls less deep"),
        Transform::WithoutCycle { .. } => Some("; beneath its cycle it rises to the end"),
        Transform::BySegment { .. } => Some(", in each life anew"),
    }
}

fn model(found: &Evidence) -> Option<Story> {
    found.scored.as_ref().map(|scored| scored.models.likeliest)
}

/// Why the evidence does not decide, and what would.
fn unclear(found: &Evidence) -> String {
    let more = more(&found.form, found.values);
    let steps = found.form.steps;
    let Some(shape) = found.scored.as_ref().map(|scored| &scored.shape) else {
        return format!("nothing to judge yet; {more}");
    };
    if found.values < 8 {
        return format!("a start-up looks the same in {} {}; {more}", found.values, unit(found.form.axis));
    }
    if shape.overdue > 0.7 {
        return format!("a new maximum is overdue, so it may have stopped; {more}");
    }
    if shape.slowing < -0.3 || shape.bend > 0.8 {
        return format!("still grows but slows down, as a cache that fills does; {more}");
    }
    if steps.shrank > 0 && steps.shrank * 3 >= steps.grew {
        return format!(
            "rises and falls ({} up, {} down): too noisy to tell a trend; {more}",
            steps.grew, steps.shrank
        );
    }
    format!("grows in places, not throughout; {more}")
}

/// What would decide: as many again, at least five.
fn more(form: &Form, points: usize) -> String {
    format!("{} more {} would decide", points.clamp(5, 40), unit(form.axis))
}

const fn unit(axis: Axis) -> &'static str {
    match axis {
        Axis::Snapshots => "snapshots",
        Axis::Seconds | Axis::Samples => "samples",
    }
}

/// Fewer points than any verdict needs.
#[must_use]
pub fn too_few(form: &Form, points: usize, least: usize) -> String {
    let unit = unit(form.axis);
    match points {
        0 | 1 => format!(
            "a single {}: no change can be seen; at least {least} are needed",
            unit.trim_end_matches('s')
        ),
        n => format!("only {n} {unit}; at least {least} are needed for a verdict"),
    }
}

/// Enough snapshots, but a cut list shows the site in few of them.
#[must_use]
pub fn too_rare(measured: usize, least: usize) -> String {
    format!(
        "known at only {measured} snapshots, the lists being cut; at least {least} are needed for a verdict"
    )
}

/// A series that never moved.
#[must_use]
pub fn unmoved(form: &Form) -> String {
    format!("did not change in {} {}", form.samples, unit(form.axis))
}

/// Small blocks that pile up slowly.
#[must_use]
pub fn free_list_drift(form: &Form) -> String {
    format!(
        "gains less than one small block a snapshot and gives some back, as free lists and the measuring itself do; {}",
        more(form, form.samples)
    )
}

/// One of many sites.
#[must_use]
pub fn chance(form: &Form) -> String {
    let more = more(form, form.samples);
    format!("among so many sites that move some look like this by chance; {more}")
}

/// One container that was resized.
#[must_use]
pub fn resized_container(form: &Form) -> String {
    let times = match form.steps.grew {
        1 => "once".to_owned(),
        n => format!("{n} times"),
    };
    let more = more(form, form.samples);
    format!("one container that was enlarged {times}: what it holds in between is not seen; {more}")
}

/// The measuring code.
#[must_use]
pub fn profiler_overhead() -> String {
    "belongs to the measuring code, which grows because it measures".to_owned()
}

/// `VmHWM` never falls.
#[must_use]
pub fn high_water_mark() -> String {
    "a high-water mark never falls, so its rise says nothing about the future".to_owned()
}
