//! The vocabulary of the house: what was measured, of what, and when.
//!
//! Nothing here reads a file, computes a statistic or prints; everything else speaks in these words.

pub mod measured;
pub mod process;
pub mod site;
pub mod snapshot;
pub mod units;

pub use measured::Measured;
pub use process::{Metric, ProcessReading};
pub use site::{Frame, Place, Site, SiteId, SiteTable};
pub use snapshot::{Change, Cut, Dialect, SiteReading, Snapshot};
pub use units::{Axis, Moment};
