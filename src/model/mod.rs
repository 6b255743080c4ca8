//! The vocabulary of the house: what was measured, of what, and when.
//!
//! Nothing here reads a file, computes a statistic or prints; everything else speaks in these words.

pub mod column;
pub mod measured;
pub mod printed;
pub mod process;
pub mod process_readings;
pub mod readings;
pub mod records;
pub mod series;
pub mod site;
pub mod snapshot;
pub mod source_code;
pub mod time;
pub mod units;

pub use column::Column;
pub use measured::Measured;
pub use printed::{Amount, Printed, Unit};
pub use process::{Metric, ProcessReading};
pub use process_readings::{Identity, IdentityId, ProcessReadings};
pub use readings::{PackedReading, Readings, WrittenReading};
pub use records::SourceRecords;
pub use series::{Sample, Series, Transitions};
pub use site::{Frame, Place, Site, SiteId, SiteTable, is_own_code};
pub use snapshot::{Change, Dialect, SiteReading, Snapshot, Truncation};
pub use source_code::{SourceCode, SourceFile, SourceLine};
pub use time::{Moment, Span, SpanOrder, Time, TimeBase, base};
pub use units::Axis;
