//! The vocabulary of the house: what was measured, of what, and when.
//!
//! Nothing here reads a file, computes a statistic or prints; everything else speaks in these words.

pub mod column;
mod cuts;
pub mod history;
pub mod measured;
pub mod process;
pub mod processes;
pub mod readings;
pub mod recording;
pub mod records;
pub mod segments;
pub mod series;
pub mod site;
pub mod snapshot;
pub mod timeline;
pub mod trajectory;
pub mod twins;
pub mod units;

pub use column::Column;
pub use history::{HistoryFacts, SiteHistory};
pub use measured::Measured;
pub use process::{Metric, ProcessReading};
pub use processes::ProcessSeries;
pub use readings::{Identity, IdentityId, ProcessReadings};
pub use recording::Recording;
pub use records::SourceRecords;
pub use series::{Sample, Series, Transitions};
pub use site::{Frame, Place, Site, SiteId, SiteTable};
pub use snapshot::{Change, Cut, Dialect, SiteReading, Snapshot};
pub use trajectory::Reference;
pub use units::{Axis, Moment};
