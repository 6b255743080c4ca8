//! Times in the document.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::model::Moment;

/// A time of the calendar in whole seconds. It is written as RFC 3339 has it: `2024-05-23T11:56:35Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Timestamp(#[cfg_attr(test, schemars(with = "String"))] jiff::Timestamp);

impl Timestamp {
    /// The time of a moment, rounded to a second; `None` beyond the calendar.
    #[must_use]
    pub fn new(at: Moment) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation)]
        jiff::Timestamp::from_second(at.seconds.round() as i64).ok().map(Self)
    }

    /// Seconds since 1970.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn seconds(self) -> f64 {
        self.0.as_second() as f64
    }

    /// The time to a second, as people read it: `2024-05-23 11:56:35 UTC`.
    #[must_use]
    pub fn to_second(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
    }

    /// The time to a minute, as people read it: `2024-05-23 11:56 UTC`.
    #[must_use]
    pub fn to_minute(self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M UTC").to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_and_read_as_rfc_3339() {
        for (seconds, text, minute) in [
            (1_716_465_395.2, "2024-05-23T11:56:35Z", "2024-05-23 11:56 UTC"),
            (0.0, "1970-01-01T00:00:00Z", "1970-01-01 00:00 UTC"),
        ] {
            let at = Timestamp::new(Moment::from_seconds(seconds)).unwrap();
            assert_eq!((at.to_string().as_str(), at.to_minute().as_str()), (text, minute));
            let json = serde_json::to_string(&at).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
        }
        assert_eq!(Timestamp::new(Moment::from_seconds(1e300)), None);
        assert!(serde_json::from_str::<Timestamp>("\"yesterday\"").is_err());
    }
}
