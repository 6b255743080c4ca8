//! Values that are written as text, on the command line and in a configuration file.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::formats::{self, ColumnKey, FORMATS, Format, Pattern, ValueUnit, WorkKey};
use crate::policy::GrowthLimit;
use crate::report::{self, OutputFormat};
use crate::time::BoundText;
use crate::verdict::RateUnit;

/// A value, and the text it was parsed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed<T> {
    text: String,
    /// The value.
    pub value: T,
}

/// Values that can be parsed from text.
pub trait FromText: Sized {
    /// Parses a value; an error states the expectation.
    fn from_text(text: &str) -> Result<Self, String>;
}

impl<T: FromText> Parsed<T> {
    /// Parses a value.
    pub fn read(text: &str) -> Result<Self, String> {
        Ok(Self { value: T::from_text(text)?, text: text.to_owned() })
    }
}

impl<T> Serialize for Parsed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: FromText> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<T>(std::marker::PhantomData<T>);
        impl<T: FromText> Visitor<'_> for Text<T> {
            type Value = Parsed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Parsed<T>, E> {
                Parsed::read(text).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Parsed<T>, E> {
                Parsed::read(&number.to_string()).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Text(std::marker::PhantomData))
    }
}

/// A size in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u64);

impl FromText for Size {
    fn from_text(text: &str) -> Result<Self, String> {
        let bytes = parse_size::Config::new().with_binary().parse_size(text);
        bytes.map(Self).map_err(|_| "expected a size such as 1GiB or 512M".to_owned())
    }
}

/// A number of bytes of which something may have that many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MostBytes(pub u64);

impl FromText for MostBytes {
    fn from_text(text: &str) -> Result<Self, String> {
        let Size(bytes) = Size::from_text(text)?;
        let within = (LEAST_BOUND_BYTES..=LARGEST_BOUND_BYTES).contains(&bytes);
        within.then_some(Self(bytes)).ok_or_else(|| "expected a size from 4KiB to 1TiB".to_owned())
    }
}

/// A bound is no less than a page, by which inputs are recognised.
const LEAST_BOUND_BYTES: u64 = 4 << 10;
const LARGEST_BOUND_BYTES: u64 = 1 << 40;

/// A number of things of which there may be that many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MostThings(pub u32);

impl FromText for MostThings {
    fn from_text(text: &str) -> Result<Self, String> {
        // As many as have numbers.
        let number = text.trim().parse().ok().filter(|number| (1..u32::MAX).contains(number));
        number.map(Self).ok_or_else(|| "expected a whole number, 1 to 4294967294".to_owned())
    }
}

/// A period of time in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period(pub f64);

impl FromText for Period {
    fn from_text(text: &str) -> Result<Self, String> {
        let span = text.parse::<jiff::Span>().ok();
        // A month has no length of its own.
        let seconds = span.and_then(|span| {
            let days = jiff::SpanRelativeTo::days_are_24_hours();
            span.total((jiff::Unit::Second, days)).ok()
        });
        let expected = "expected a period such as 30d, 12h or 2w";
        seconds.filter(|s| *s > 0.0).map(Self).ok_or_else(|| expected.to_owned())
    }
}

impl FromText for GrowthLimit {
    fn from_text(text: &str) -> Result<Self, String> {
        let expected = "expected a rate such as 1MiB/h, 10KiB/snapshot or 512/sample";
        let (size, per) = text.split_once('/').ok_or(expected)?;
        let bytes = Size::from_text(size.trim())?.0;
        let (unit, seconds) = match per.trim().to_ascii_lowercase().as_str() {
            "s" | "sec" | "second" => (RateUnit::BytesPerSecond, 1.0),
            "min" | "minute" => (RateUnit::BytesPerSecond, 60.0),
            "h" | "hour" => (RateUnit::BytesPerSecond, 3600.0),
            "d" | "day" => (RateUnit::BytesPerSecond, 86_400.0),
            "w" | "week" => (RateUnit::BytesPerSecond, 604_800.0),
            "snapshot" => (RateUnit::BytesPerSnapshot, 1.0),
            "sample" => (RateUnit::BytesPerSample, 1.0),
            _ => return Err(format!("{expected}; per one of s, min, h, day, week, snapshot, sample")),
        };
        Ok(Self { bytes: bytes as f64 / seconds, per: unit })
    }
}

/// A probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Probability(f64);

impl Probability {
    /// Parses it.
    pub fn read(text: &str) -> Result<Self, String> {
        Self::try_from(text.trim().parse::<f64>().unwrap_or(f64::NAN))
    }
}

impl TryFrom<f64> for Probability {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        // NaN is in no range.
        let within = (0.0..=1.0).contains(&number);
        within.then_some(Self(number)).ok_or_else(|| "expected a probability from 0 to 1".to_owned())
    }
}

impl From<Probability> for f64 {
    fn from(probability: Probability) -> Self {
        probability.0
    }
}

/// A share, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(pub f64);

impl FromText for Share {
    /// Parses per cent. A bare number could be either, but for 0.
    fn from_text(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let percent = text.strip_suffix('%').map(str::trim_end).or((text == "0").then_some(text));
        let share = percent.and_then(|number| number.parse::<f64>().ok()).map(|percent| percent / 100.0);
        // NaN is in no range.
        let share = share.filter(|share| (0.0..=1.0).contains(share));
        share.map(Self).ok_or_else(|| "expected a share from 0% to 100%, such as 5%".to_owned())
    }
}

/// A number of iterations, 1 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Iterations(pub u64);

impl FromText for Iterations {
    fn from_text(text: &str) -> Result<Self, String> {
        let number = text.trim().parse().ok().filter(|number| *number > 0);
        number.map(Self).ok_or_else(|| "expected a whole number, 1 or more".to_owned())
    }
}

/// A number of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Columns(u16);

/// Fewer columns hold no table.
const LEAST_COLUMNS: u16 = 20;

impl Columns {
    /// Parses it.
    pub fn read(text: &str) -> Result<Self, String> {
        Self::try_from(text.trim().parse::<i64>().unwrap_or(0))
    }
}

impl TryFrom<i64> for Columns {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        let columns = u16::try_from(number).ok().filter(|columns| *columns >= LEAST_COLUMNS);
        columns.map(Self).ok_or_else(|| format!("expected {LEAST_COLUMNS} to {} columns", u16::MAX))
    }
}

impl From<Columns> for i64 {
    fn from(columns: Columns) -> Self {
        columns.0.into()
    }
}

impl From<Columns> for usize {
    fn from(columns: Columns) -> Self {
        columns.0.into()
    }
}

impl FromText for BoundText {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|cause| cause.to_string())
    }
}

/// The name of a metric, as a recording has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricName(pub String);

impl FromText for MetricName {
    fn from_text(text: &str) -> Result<Self, String> {
        let name = text.trim();
        if name.is_empty() {
            Err("expected the name of a metric".to_owned())
        } else {
            Ok(Self(name.to_owned()))
        }
    }
}

impl FromText for ColumnKey {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl FromText for ValueUnit {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl FromText for WorkKey {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl FromText for Pattern {
    fn from_text(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl FromText for &'static Format {
    fn from_text(text: &str) -> Result<Self, String> {
        formats::by_name(text).ok_or_else(|| one_of(FORMATS.iter().map(|format| format.name)))
    }
}

impl FromText for &'static dyn OutputFormat {
    fn from_text(text: &str) -> Result<Self, String> {
        report::by_name(text).ok_or_else(|| one_of(report::OUTPUT_FORMATS.iter().map(|f| f.name())))
    }
}

fn one_of(names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    format!("expected one of {}", names.join(", "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_periods_are_read() {
        for (text, bytes, per) in [
            ("1MiB/h", 1_048_576.0 / 3600.0, RateUnit::BytesPerSecond),
            ("10 KiB / snapshot", 10_240.0, RateUnit::BytesPerSnapshot),
            ("86400/day", 1.0, RateUnit::BytesPerSecond),
            ("512/sample", 512.0, RateUnit::BytesPerSample),
        ] {
            assert_eq!(GrowthLimit::from_text(text), Ok(GrowthLimit { bytes, per }), "{text}");
        }
        for text in ["1MiB", "1MiB/fortnight", "fast/h", "-1KiB/h"] {
            assert!(GrowthLimit::from_text(text).is_err(), "{text}");
        }
        for (text, seconds) in
            [("30d", 2_592_000.0), ("2w", 1_209_600.0), ("90min", 5400.0), ("1h 30m", 5400.0)]
        {
            assert_eq!(Period::from_text(text), Ok(Period(seconds)), "{text}");
        }
        for text in ["30", "soon", "1 month", "-3d", "0s"] {
            assert!(Period::from_text(text).is_err(), "{text}");
        }
    }

    /// The command line and the file hold numbers to the same bounds.
    #[test]
    fn numbers_have_bounds() {
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case")]
        struct File {
            min_probability: Option<Probability>,
            width: Option<Columns>,
        }
        let file = |line: String| toml::from_str::<File>(&line).map_err(|e| e.message().to_owned());
        for (text, number) in [
            ("0", Some(0.0)),
            ("0.7", Some(0.7)),
            ("1.0", Some(1.0)),
            ("80.0", None),
            ("80", None),
            ("1.0000001", None),
            ("-0.1", None),
            ("nan", None),
            ("inf", None),
            ("-inf", None),
        ] {
            let typed = Probability::read(text);
            assert_eq!(typed.clone().ok().map(f64::from), number, "{text}");
            let found = file(format!("min-probability = {text}"));
            assert_eq!(found.map(|file| file.min_probability), typed.map(Some), "{text}");
        }
        for (text, number) in [
            ("20", Some(20)),
            ("65535", Some(65_535)),
            ("19", None),
            ("0", None),
            ("-1", None),
            ("65536", None),
        ] {
            let typed = Columns::read(text);
            assert_eq!(typed.clone().ok().map(usize::from), number, "{text}");
            assert_eq!(file(format!("width = {text}")).map(|file| file.width), typed.map(Some), "{text}");
        }
        assert!(Probability::read("likely").is_err() && Columns::read("wide").is_err());
    }

    #[test]
    fn shares_are_per_cent() {
        for (text, share) in [("5%", 0.05), (" 0.5 %", 0.005), ("0", 0.0), ("0%", 0.0), ("100%", 1.0)] {
            assert_eq!(Share::from_text(text), Ok(Share(share)), "{text}");
        }
        for text in ["5", "0.05", "1", "101%", "-1%", "nan%", "inf%", "%", "", "some"] {
            assert!(Share::from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn text_and_whole_numbers_are_taken_from_a_file() {
        #[derive(Deserialize)]
        struct File {
            limit: Parsed<Size>,
        }
        for (file, bytes) in [("limit = '1GiB'", 1 << 30), ("limit = 4096", 4096)] {
            assert_eq!(toml::from_str::<File>(file).unwrap().limit.value, Size(bytes));
        }
        assert!(toml::from_str::<File>("limit = true").is_err());
    }
}
