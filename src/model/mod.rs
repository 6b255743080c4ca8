//! The vocabulary of the house: what was measured, of what, and when.
//!
//! Nothing here reads a file, computes a statistic or prints; everything else speaks in these words.

mod collapse;
pub mod column;
mod cuts;
pub mod history;
pub mod measured;
pub mod printed;
pub mod process;
pub mod process_readings;
pub mod processes;
pub mod readings;
pub mod recording;
pub mod records;
pub mod reference;
pub mod segments;
pub mod series;
mod sightings;
pub mod site;
pub mod snapshot;
pub mod timeline;
mod tracks;
pub mod trajectory;
pub mod twins;
pub mod units;

pub use column::Column;
pub use history::{Course, HistoryFacts, SiteHistory};
pub use measured::Measured;
pub use printed::{Amount, Printed, Unit};
pub use process::{Metric, ProcessReading};
pub use process_readings::{Identity, IdentityId, ProcessReadings};
pub use processes::ProcessSeries;
pub use readings::{PackedReading, Readings, WrittenReading};
pub use recording::Recording;
pub use records::SourceRecords;
pub use reference::Reference;
pub use series::{Sample, Series, Transitions};
pub use site::{Frame, Place, Site, SiteId, SiteTable, is_own_code};
pub use snapshot::{Change, Cut, Dialect, SiteReading, Snapshot};
pub use units::{Axis, Moment};
