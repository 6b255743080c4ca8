//! How a series develops: from the verdict's trend to the document's.

use crate::model::Axis;
use crate::report::document as wire;
use crate::verdict::{Scored, Since, Trend, Verdict, shape_probability};

/// What a series counts.
#[derive(Clone, Copy)]
pub enum Unit {
    Bytes,
    Blocks,
}

const fn rate_unit(unit: Unit, axis: Axis) -> wire::RateUnit {
    match (unit, axis) {
        (Unit::Blocks, _) => wire::RateUnit::BlocksPerSnapshot,
        (Unit::Bytes, Axis::Seconds) => wire::RateUnit::BytesPerSecond,
        (Unit::Bytes, Axis::Snapshots) => wire::RateUnit::BytesPerSnapshot,
        (Unit::Bytes, Axis::Samples) => wire::RateUnit::BytesPerSample,
    }
}

/// The row of a trend; `time_of` says when a sample was taken.
pub fn trend_row(trend: &Trend, unit: Unit, time_of: impl Fn(Since) -> Option<String>) -> wire::TrendRow {
    let steps = trend.transitions;
    wire::TrendRow {
        verdict: match trend.verdict {
            Verdict::Growing => wire::VerdictWord::Growing,
            Verdict::Unclear => wire::VerdictWord::Unclear,
            Verdict::Settled => wire::VerdictWord::Settled,
            Verdict::Steady => wire::VerdictWord::Steady,
            Verdict::Shrinking => wire::VerdictWord::Shrinking,
        },
        reason: trend.reason.clone(),
        probability: trend.probability,
        points: trend.points as u64,
        segments: trend.segments as u64,
        grew: steps.grew as u64,
        shrank: steps.shrank as u64,
        held: steps.held as u64,
        never_shrank: steps.shrank == 0,
        slope: trend.slope.map(|s| wire::Slope {
            value: s.value,
            low: Some(s.low).filter(|v| v.is_finite()),
            high: Some(s.high).filter(|v| v.is_finite()),
            level: s.level,
            unit: rate_unit(unit, trend.axis),
        }),
        tests: test_rows(trend),
        since: trend.since.map(|s| wire::Since { index: s.index as u64, time: time_of(s) }),
    }
}

fn test_rows(trend: &Trend) -> wire::TestRows {
    let (tests, scored) = (&trend.tests, trend.scored.as_ref());
    wire::TestRows {
        mann_kendall: tests.mann_kendall.as_ref().map(|mk| wire::MannKendallRow {
            s: mk.s,
            variance: mk.variance,
            z: mk.z,
            p: mk.p,
            tau: mk.tau,
            exact_p: mk.exact_p,
        }),
        theil_sen: tests.theil_sen.as_ref().map(|ts| wire::TheilSenRow { slope: ts.slope }),
        ols: tests.ols.as_ref().map(|ols| wire::OlsRow {
            slope: ols.slope,
            intercept: ols.intercept,
            r2: ols.r2,
            stderr: ols.stderr,
            p: ols.p,
            low: ols.low,
            high: ols.high,
        }),
        change_point: tests.change_point.as_ref().map(|hinge| wire::ChangePointRow {
            index: hinge.index as u64,
            before: hinge.before,
            after: hinge.after,
            gain: hinge.gain,
            p: hinge.p,
        }),
        reading: scored.map(|scored| scored.transform.name()),
        score: scored.map(|scored| scored.log_odds),
        shape: scored.map(|Scored { shape, .. }| wire::ShapeRow {
            fit: shape.fit,
            overdue: shape.overdue,
            slowing: shape.slowing,
            bend: shape.bend,
            parts: shape.parts,
            steady: shape.steady,
            probability: shape_probability(shape),
        }),
        stories: scored.map(|scored| wire::StoriesRow {
            likeliest: scored.models.likeliest.name(),
            probability: scored.models_probability(),
            open: scored.models.open,
        }),
    }
}
