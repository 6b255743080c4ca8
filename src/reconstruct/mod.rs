//! Records become series: sources are joined, sites followed through snapshots, trajectories rebuilt, restarts found.

pub mod history;
mod occurrences;
pub mod ordinals;
pub mod processes;
pub mod recording;
pub mod reference;
mod restarts;
pub mod segments;
mod site_numbers;
pub mod timeline;
mod tracks;
pub mod trajectory;
mod truncation;

pub use history::{Course, HistoryFacts, SiteHistory};
pub use processes::ProcessSeries;
pub use recording::Recording;
pub use reference::Reference;
