//! The numbers of a verdict as they are shown.

use super::score::shape_probability;
use super::types::{GrowthModelsTest, NamedTests, Scored, ShapeTest, Tests};
use crate::stats::{Points, mann_kendall, ols, theil_sen};

/// Returns the tests that have a name of their own, on these points.
#[must_use]
pub fn named_tests(points: Points<'_>) -> NamedTests {
    NamedTests {
        mann_kendall: mann_kendall::mann_kendall(points.y()).map(Box::new),
        theil_sen: theil_sen::theil_sen(points).map(Box::new),
        ols: ols::ols(points).map(Box::new),
    }
}

/// Returns all tests: the named ones, and the numbers of a score.
#[must_use]
pub fn all_tests(named: NamedTests, scored: Option<&Scored>) -> Tests {
    let Some(scored) = scored else { return Tests { named, ..Tests::default() } };
    let Scored { transform, pattern: _, log_odds, shape, models, places: _ } = scored;
    Tests {
        named,
        transform: Some(*transform),
        score: Some(*log_odds),
        shape: Some(Box::new(ShapeTest { shape: *shape, probability: shape_probability(shape) })),
        growth_models: Some(Box::new(GrowthModelsTest {
            likeliest: models.likeliest,
            probability: scored.models_probability(),
            open: models.open,
        })),
    }
}
