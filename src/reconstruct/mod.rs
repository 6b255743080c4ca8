//! Records become series: sources are joined, sites followed through snapshots, trajectories rebuilt, restarts found.

mod collapse;
mod cuts;
pub mod history;
pub mod processes;
pub mod recording;
pub mod reference;
pub mod segments;
mod sightings;
mod site_numbers;
pub mod timeline;
mod tracks;
pub mod trajectory;
pub mod twins;

pub use history::{Course, HistoryFacts, SiteHistory};
pub use processes::ProcessSeries;
pub use recording::Recording;
pub use reference::Reference;
