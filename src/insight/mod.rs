//! Conclusions from several series together: causes that sites share, the share of a process's growth that its sites
//! explain, the way to a limit, and the order in which sites are worth a look.

mod attribution;
mod fall_at_end;
mod forecast;
mod groups;
mod hints;
mod materiality;
mod primary_metric;
mod rank;
mod work;

pub use attribution::{
    Attribution, AttributionRemark, Attributions, ExplainingSites, GrowthKind, NoAttribution, OtherGrowth,
    attribution,
};
pub use fall_at_end::falls_at_end;
pub use forecast::{Forecast, Reach, forecast};
pub use groups::{Group, GroupEvidence, groups};
pub use hints::{Hint, HintEvidence, HintId, HintSubject, MetricChange, hints};
pub use materiality::{Folded, Materiality, gained, materiality};
pub use primary_metric::{primary_metric, processes};
pub use rank::{SortKey, ranking};
pub use work::{GrowthByWork, growth_by_work};
