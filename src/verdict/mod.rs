//! The estimate of a series after the recording: one word, with a probability and a reason.
//!
//! A series is transformed where something hides its growth or feigns it ([`Transform`]), scored, and its score becomes
//! a probability; one threshold makes `growing` of that, for sites and processes alike. Sites are scored one by one and
//! judged together. [`Judge`] holds the thresholds and the list of rules.

mod by_length;
mod evidence;
mod explain;
mod free_list_drift;
mod judge;
mod mirror;
mod non_growth;
mod parallel;
mod peers;
mod plain;
mod process;
mod profile;
mod rate;
mod reason;
mod resized_container;
mod rules;
mod sampler;
mod score;
mod shown_tests;
mod site;
mod site_kind;
mod slope;
mod transform;
mod types;

pub use evidence::judged_segment;
pub use judge::{Judge, RULES};
pub(crate) use parallel::on_all_cores;
pub use rate::{RATE_LEVEL, Rate, RateUnit};
pub use reason::{GrowthForm, Reason};
pub use rules::{Rule, Rules};
pub use score::highest_probability;
pub use types::{
    Details, Evidence, GrowthModelsTest, JudgedProcess, JudgedSite, NamedTests, NonGrowth, Profile,
    SPARKLINE_VALUES, Scored, ScoredSite, SeriesForm, SeriesKind, ShapeTest, Since, SiteKind, Tests,
    Thresholds, Transform, Trend, Verdict,
};
