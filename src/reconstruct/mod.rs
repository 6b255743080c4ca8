//! Records become series: sources are joined, sites followed through snapshots, trajectories rebuilt, restarts found.

mod family;
mod heaps;
pub mod history;
mod list;
mod moments;
mod occurrences;
pub mod ordinals;
pub mod processes;
pub mod recording;
pub mod reference;
mod restarts;
pub mod segments;
mod site_numbers;
mod span;
mod subjects;
pub mod timeline;
pub mod trajectory;
mod truncation;
mod views;

pub use history::{HistoryFacts, SiteHistory, SiteSeries};
pub use processes::ProcessSeries;
pub use recording::Recording;
pub use reference::Reference;
