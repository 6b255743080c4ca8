//! Times in logs, in any notation: a line that is a date, and a stamp at the head of a line.
//!
//! [`Timestamps`] parses the times of one source. It keeps each as it is written and returns a [`TimeRef`], four bytes,
//! since one line alone does not tell what `05/06/2024` or `May 23 12:00:00` is. [`Timestamps::finish`] settles them
//! by the evidence of the whole source, [`resolve`] by all sources of a recording together; a [`SourceTimes`] then
//! returns the times, all of one [`TimeBase`](crate::model::TimeBase).

mod bound;
mod calendar;
mod civil;
mod compact;
mod date_line;
mod date_order;
mod dateless;
mod digits;
mod direction;
mod file_name;
mod headers;
mod json;
mod languages;
mod last_date;
mod locate;
mod names;
mod notice;
mod number_pieces;
mod pieces;
mod place;
mod prefix;
mod raw_stamp;
mod resolve;
mod source_times;
mod stamp;
mod strays;
#[cfg(test)]
mod tests;
mod timestamps;
mod word_set;
mod zones;

pub use bound::{BoundError, BoundText, BoundTexts, RecordingDates, TimeWindow};
pub use date_order::{DateOrder, DateOrderReason};
pub use file_name::time_of_file_name;
pub use notice::TimeNotice;
pub use raw_stamp::TimeRef;
pub use resolve::resolve;
pub use source_times::SourceTimes;
pub use timestamps::{Stamp, Timestamps};
