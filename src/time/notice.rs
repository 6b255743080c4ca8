//! Assumptions that were made about the times of a source.

use std::fmt;

use super::date_order::{DateOrder, DateOrderReason, Notation};
use super::zones;

/// An assumption about the times of a source; each is made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeNotice {
    /// Times are in several zones; each is read in its own. The zones are as they are first written.
    SeveralZones(Vec<String>),
    /// A zone word is in no table; it is read as UTC.
    UnknownZone(String),
    /// A zone word has several meanings; the most common one is used.
    AmbiguousZone {
        /// The word.
        word: String,
        /// Seconds east of Greenwich of the meaning that is used.
        offset: i32,
        /// The other meanings.
        also: &'static str,
    },
    /// Some times have a zone; others have none and are read as UTC.
    UnzonedBesideZoned,
    /// Dates that can be two are read in an order.
    DateOrder {
        /// An ambiguous date in the notation of the source.
        example: String,
        /// The order.
        order: DateOrder,
        /// The reason for it.
        reason: DateOrderReason,
    },
    /// Some dates have a number above 12 in one place, and some in the other; those that can be two are read in an
    /// order.
    ContradictoryDateOrder(DateOrder),
    /// Times have no year, and none is certain: there is time between them, but no calendar.
    NoYear,
    /// Times have no year, and got this one from another source of the recording.
    YearFromSibling(i16),
    /// Times have no date: days are counted at midnight.
    NoDate,
    /// Times count from the start of the source: there is time between them, but no calendar.
    ElapsedOnly,
    /// Some times are not used, since those of most lines have another base.
    OtherBase {
        /// Number of distinct times.
        times: usize,
    },
    /// Numbers that look like seconds since the start are none: they fall, never change, or stand in some records only.
    NotElapsed,
    /// Some times lie far from those around them, such as those of a clock that was not set.
    Stray {
        /// Number of distinct times.
        times: usize,
    },
    /// The newest record stands first.
    NewestFirst,
    /// Records come late, or stand in no order.
    LateRecords,
}

impl TimeNotice {
    pub(super) fn date_order(notation: Notation, order: DateOrder, reason: DateOrderReason) -> Self {
        Self::DateOrder { example: notation.to_string(), order, reason }
    }
}

impl fmt::Display for TimeNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SeveralZones(zones) => {
                write!(f, "times are in several zones ({}); each was read in its own", zones.join(", "))
            }
            Self::UnknownZone(word) => write!(f, "the zone {word} is not known and was taken as UTC"),
            Self::AmbiguousZone { word, offset, also } => {
                write!(f, "the zone {word} was taken as {}; it can also mean {also}", zones::offset(*offset))
            }
            Self::UnzonedBesideZoned => f.write_str("some times name no zone and were taken as UTC"),
            Self::DateOrder { example, order, reason } => {
                let why = match reason {
                    DateOrderReason::Numbers if example.ends_with("2024") => {
                        "since others have a number above 12 in the place of the day"
                    }
                    DateOrderReason::Numbers => "since no other order makes dates of all",
                    DateOrderReason::Direction => "since that way the times go forward",
                    DateOrderReason::Closer => "since that way the times lie closer together",
                    DateOrderReason::Siblings => "since that way they fit the other sources",
                    DateOrderReason::Custom => "which is a guess: nothing in the source tells the order",
                };
                write!(f, "dates such as {example} are read {order}, {why}")
            }
            Self::ContradictoryDateOrder(order) => {
                write!(f, "some dates have a number above 12 in the other place: where both can be, they are read {order}")
            }
            Self::NoYear => f.write_str("some times have no year: only the time between them is known"),
            Self::YearFromSibling(year) => {
                write!(f, "times have no year: {year} was taken, since that way they fit the other sources")
            }
            Self::NoDate => f.write_str("times have no date: days are counted at midnight"),
            Self::ElapsedOnly => f.write_str("times count from a start whose date is not known"),
            Self::OtherBase { times } => {
                write!(f, "{times} times are not used: most others count from another start")
            }
            Self::NotElapsed => {
                f.write_str("numbers that look like seconds since the start are not used as times: they fall, never change, or are missing in places")
            }
            Self::Stray { times: 1 } => f.write_str("1 time is far from those around it and is not used"),
            Self::Stray { times } => write!(f, "{times} times are far from those around them and are not used"),
            Self::LateRecords => {
                f.write_str("records do not stand in the order of their times: they were put in it")
            }
            Self::NewestFirst => f.write_str("the newest record stands first: the order was turned around"),
        }
    }
}
