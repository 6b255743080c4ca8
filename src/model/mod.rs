//! The vocabulary: subjects and their metrics, sites and snapshots, times and series.
//!
//! Nothing here reads a file, computes a statistic or prints; everything else speaks in these words.

pub mod column;
pub mod converted;
pub mod measured;
pub mod metric;
pub mod printed;
pub mod process_readings;
pub mod readings;
pub mod records;
pub mod seen_form;
pub mod series;
pub mod site;
pub mod site_reading;
pub mod snapshot;
pub mod source_code;
pub mod subject;
pub mod time;
pub mod time_ref;
pub mod units;

pub use column::Column;
pub use converted::converted;
pub use measured::Measured;
pub use metric::{Metric, MetricUnit, Role};
pub use printed::{Amount, Printed, Unit};
pub use process_readings::ProcessReadings;
pub use readings::{PackedReading, Readings};
pub use records::{RecordOrder, SnapshotClock, SourceRecords, SourceTimeline};
pub use seen_form::SeenForm;
pub use series::{Sample, Series, Transitions};
pub use site::{Frame, Place, Site, SiteId, SiteTable, is_library_folder, is_own_code, is_package_folder};
pub use site_reading::{Change, SiteReading, WrittenReading};
pub use snapshot::{Dialect, SiteUnit, Snapshot, Truncation};
pub use source_code::{SourceCode, SourceFile, SourceLine};
pub use subject::{Subject, SubjectId, SubjectKind, Subjects};
pub use time::{Moment, Span, SpanOrder, Time, TimeBase, base};
pub use time_ref::TimeRef;
pub use units::Axis;
