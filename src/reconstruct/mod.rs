//! Records become series: sources are joined, sites followed through snapshots, trajectories rebuilt, restarts found.

mod copies;
mod derived;
mod families;
mod family;
mod heaps;
pub mod history;
mod history_facts;
mod list;
mod moments;
mod occurrences;
pub mod ordinals;
mod parts;
pub mod processes;
pub mod recording;
pub mod reference;
mod repeated_lists;
mod restarts;
pub mod segments;
mod side_by_side;
mod site_numbers;
mod source_order;
mod span;
mod stretches;
mod subjects;
pub mod timeline;
pub mod trajectory;
mod truncation;
mod turns;
mod views;
pub mod work;

pub use history::{SiteHistory, SiteSeries};
pub use history_facts::{FoundReference, HistoryFacts};
pub use processes::ProcessSeries;
pub use recording::Recording;
pub use reference::Reference;
pub use work::{NoWork, Work};
