//! Numbers as people read them.

use crate::model::SiteUnit;
use crate::report::document::PerIteration;
use crate::verdict::{Rate, RateUnit};

/// Units of sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Units {
    /// The unit that fits: B, KiB, MiB, GiB, TiB.
    #[default]
    Auto,
    /// Bytes.
    Bytes,
    /// 1024 bytes.
    Kib,
    /// 1024 KiB.
    Mib,
    /// 1024 MiB.
    Gib,
    /// Powers of 1000: kB, MB, GB, TB.
    Decimal,
}

/// A unit and its number of bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// Its name.
    pub(super) name: &'static str,
    /// Bytes in one.
    pub(super) bytes: f64,
}

const BINARY: [Scale; 5] = [
    Scale { name: "B", bytes: 1.0 },
    Scale { name: "KiB", bytes: 1024.0 },
    Scale { name: "MiB", bytes: 1_048_576.0 },
    Scale { name: "GiB", bytes: 1_073_741_824.0 },
    Scale { name: "TiB", bytes: 1_099_511_627_776.0 },
];
const DECIMAL: [Scale; 5] = [
    Scale { name: "B", bytes: 1.0 },
    Scale { name: "kB", bytes: 1e3 },
    Scale { name: "MB", bytes: 1e6 },
    Scale { name: "GB", bytes: 1e9 },
    Scale { name: "TB", bytes: 1e12 },
];

impl Units {
    /// The unit in which a magnitude is shown: the largest of which there is at least one, after rounding.
    pub(super) fn scale(self, magnitude: f64) -> Scale {
        let fitting = |scales: [Scale; 5]| {
            let fits = |s: &&Scale| magnitude.abs() >= s.bytes * if s.bytes > 1.0 { 0.9995 } else { 0.0 };
            scales.iter().rev().find(fits).copied().unwrap_or(scales[0])
        };
        match self {
            Self::Auto => fitting(BINARY),
            Self::Bytes => BINARY[0],
            Self::Kib => BINARY[1],
            Self::Mib => BINARY[2],
            Self::Gib => BINARY[3],
            Self::Decimal => fitting(DECIMAL),
        }
    }

    /// Names and bytes of the units that sizes are shown in, the smallest first.
    pub fn scales(self) -> Vec<(&'static str, f64)> {
        let all = |scales: &[Scale]| scales.iter().map(|scale| (scale.name, scale.bytes)).collect();
        match self {
            Self::Auto => all(&BINARY),
            Self::Decimal => all(&DECIMAL),
            Self::Bytes | Self::Kib | Self::Mib | Self::Gib => all(&[self.scale(0.0)]),
        }
    }

    /// A size: `11.8 MiB`, `942 KiB`, `0 B`.
    #[must_use]
    pub fn size(self, bytes: f64) -> String {
        let scale = self.scale(bytes);
        format!("{} {}", figure(bytes / scale.bytes, scale.bytes == 1.0), scale.name)
    }

    /// Two sizes in one unit where that reads well: `40.0 → 351 KiB`.
    #[must_use]
    pub fn span(self, from: f64, to: f64, arrow: &str) -> String {
        let (a, b) = (self.scale(from), self.scale(to));
        let whole = |s: Scale| s.bytes == 1.0;
        if a == b || from == 0.0 {
            return format!("{} {arrow} {}", figure(from / b.bytes, whole(b)), self.size(to));
        }
        format!("{} {arrow} {}", self.size(from), self.size(to))
    }
}

/// Three significant figures; whole numbers of bytes stay whole.
fn figure(value: f64, whole: bool) -> String {
    // A trace of rounding is none of the value.
    let value = if whole && value.abs() < 1e-6 { 0.0 } else { value };
    let magnitude = value.abs();
    if magnitude >= 999.5 || value == 0.0 || whole && value.fract() == 0.0 {
        return grouped(value);
    }
    let decimals = if magnitude >= 99.95 {
        0
    } else if magnitude >= 9.995 {
        1
    } else {
        2
    };
    format!("{value:.decimals$}")
}

/// A whole number with thousands set apart: `229,614`.
#[must_use]
pub fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    if value < 0.0 && text != "0" { format!("-{text}") } else { text }
}

/// A count with thousands set apart.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn count(n: u64) -> String {
    grouped(n as f64)
}

/// `3 samples`, `1 sample`.
#[must_use]
pub fn counted(n: u64, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", count(n))
}

/// `2.0 blocks, 168 B`: what each iteration of a program keeps.
#[must_use]
pub fn per_iteration(each: PerIteration, unit: SiteUnit, units: Units) -> String {
    let PerIteration { iterations: _, bytes, blocks } = each;
    let noun = if unit == SiteUnit::Objects { "objects" } else { "blocks" };
    let number = |blocks: f64| {
        // One decimal, or two figures of less than a tenth.
        let zeros = (1..6).find(|zeros| blocks.abs() >= 0.095 / 10_f64.powi(zeros - 1)).unwrap_or(6);
        let decimals = if blocks == 0.0 { 1 } else { usize::try_from(zeros).unwrap_or(1) };
        let decimals = if decimals > 1 { decimals + 1 } else { 1 };
        format!("{blocks:.decimals$} {noun}")
    };
    let parts = [blocks.map(number), bytes.map(|bytes| units.size(bytes))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A rate with its interval, all in one unit, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRate {
    /// The estimate with its unit: `1.68 MiB`.
    pub value: String,
    /// The ends without unit: `1.44 to 1.91`; empty where nothing bounds it.
    pub interval: String,
    /// Its unit of time or position: `/h`, `/day`, `/snapshot`.
    pub per: &'static str,
}

const SECONDS_PER_HOUR: f64 = 3600.0;
const SECONDS_PER_DAY: f64 = 86_400.0;
/// Rates below this many bytes an hour are shown per day.
const SLOW_BYTES_PER_HOUR: f64 = 1024.0;

/// A rate as people think of it: per hour, slow ones per day; per snapshot where there is no time.
#[must_use]
pub fn rate(slope: &Rate, units: Units) -> ShownRate {
    let (factor, per) = match slope.unit {
        RateUnit::BytesPerSecond if slope.value.abs() * SECONDS_PER_HOUR < SLOW_BYTES_PER_HOUR => {
            (SECONDS_PER_DAY, "/day")
        }
        RateUnit::BytesPerSecond => (SECONDS_PER_HOUR, "/h"),
        RateUnit::BytesPerSnapshot | RateUnit::BlocksPerSnapshot | RateUnit::ObjectsPerSnapshot => {
            (1.0, "/snapshot")
        }
        RateUnit::BytesPerSample => (1.0, "/sample"),
        RateUnit::BytesPerWork => (1.0, "/unit of work"),
    };
    let scale = match slope.unit {
        RateUnit::BlocksPerSnapshot => Scale { name: "blocks", bytes: 1.0 },
        RateUnit::ObjectsPerSnapshot => Scale { name: "objects", bytes: 1.0 },
        _ => units.scale(slope.value * factor),
    };
    let in_unit = |value: f64| value * factor / scale.bytes;
    let shown = |value: f64| figure(in_unit(value), scale.bytes == 1.0);
    ShownRate {
        value: format!("{} {}", shown(slope.value), scale.name),
        interval: match (slope.low, slope.high) {
            (Some(low), Some(high)) => ends(in_unit(low), in_unit(high), scale.bytes == 1.0),
            _ => String::new(),
        },
        per,
    }
}

/// The two ends of an interval, with as many more decimals as distinguish them, up to two.
fn ends(low: f64, high: f64, whole: bool) -> String {
    let (a, b) = (figure(low, whole), figure(high, whole));
    if a != b || low == high {
        return format!("{a} to {b}");
    }
    let decimals = a.split_once('.').map_or(0, |(_, digits)| digits.len());
    let finer =
        |extra: usize| (format!("{low:.*}", decimals + extra), format!("{high:.*}", decimals + extra));
    // An interval that four or five figures do not show is not worth showing.
    [finer(1), finer(2)]
        .into_iter()
        .find(|(a, b)| a != b)
        .map_or_else(String::new, |(a, b)| format!("{a} to {b}"))
}

/// A stretch of time in at most two units: `40 min`, `6 h 20 min`, `3 d 4 h`.
#[must_use]
pub fn duration(seconds: f64) -> String {
    const STEPS: [(f64, &str); 4] = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s")];
    if seconds < 10.0 && seconds.fract() != 0.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round();
    let first = STEPS.iter().position(|(unit, _)| whole >= *unit).unwrap_or(STEPS.len() - 1);
    let (unit, name) = STEPS[first];
    let Some((next, next_name)) = STEPS.get(first + 1) else { return format!("{whole:.0} {name}") };
    let mut large = (whole / unit).floor();
    let mut small = ((whole - large * unit) / next).round();
    // 59.6 of the smaller unit round up to one of the larger.
    if small * next >= unit {
        (large, small) = (large + 1.0, 0.0);
    }
    if small == 0.0 || large >= 100.0 || first == 2 && large >= 10.0 {
        format!("{large:.0} {name}")
    } else {
        format!("{large:.0} {name} {small:.0} {next_name}")
    }
}

/// A duration in its largest unit: `9 d`.
#[must_use]
pub fn about(seconds: f64) -> String {
    const UNITS: [(f64, &str); 5] =
        [(365.25 * 86_400.0, "years"), (86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| seconds >= 2.0 * unit).unwrap_or((1.0, "s"));
    format!("{:.0} {name}", seconds / unit)
}

/// A probability: `87 %`; never 0 or 100, which would be a promise.
#[must_use]
pub fn percent(probability: f64) -> String {
    match (probability * 100.0).round() {
        p if p < 1.0 => "<1 %".to_owned(),
        p if p > 99.0 => ">99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// A share of something measured, which unlike a probability can be nothing, all, or more: `0.07 %`, `87 %`.
#[must_use]
pub fn share(of_one: f64) -> String {
    match of_one * 100.0 {
        p if p <= 0.0 => "0 %".to_owned(),
        p if p < 0.005 => "<0.01 %".to_owned(),
        p if p < 0.995 => format!("{p:.2} %"),
        p if p < 100.5 => format!("{p:.0} %"),
        _ => "over 100 %".to_owned(),
    }
}

/// A p value: two figures, `<0.0001` below.
#[must_use]
pub fn p_value(p: f64) -> String {
    if p < 1e-4 {
        return "<0.0001".to_owned();
    }
    let decimals = if p < 0.001 {
        5
    } else if p < 0.01 {
        4
    } else if p < 0.1 {
        3
    } else {
        2
    };
    format!("{p:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_durations() {
        for (seconds, text) in [
            (3.4, "3 s"),
            (125.0, "2 min"),
            (5400.0, "90 min"),
            (100_000.0, "28 h"),
            (9.4 * 86_400.0, "9 d"),
            (1000.0 * 86_400.0, "3 years"),
        ] {
            assert_eq!(about(seconds), text);
        }
    }

    #[test]
    fn sizes() {
        for (bytes, units, text) in [
            (0.0, Units::Auto, "0 B"),
            (-816.0, Units::Auto, "-816 B"),
            (1023.0, Units::Auto, "1,023 B"),
            (1024.0, Units::Auto, "1.00 KiB"),
            (12_345_678.0, Units::Auto, "11.8 MiB"),
            (964_608_000.0, Units::Auto, "920 MiB"),
            (1_073_700_000.0, Units::Auto, "1.00 GiB"),
            (12_345_678.0, Units::Kib, "12,056 KiB"),
            (12_345_678.0, Units::Decimal, "12.3 MB"),
            (12_345_678.0, Units::Bytes, "12,345,678 B"),
        ] {
            assert_eq!(units.size(bytes), text);
        }
        assert_eq!(Units::Auto.span(40_960.0, 359_424.0, "→"), "40.0 → 351 KiB");
        assert_eq!(Units::Auto.span(0.0, 359_424.0, "→"), "0 → 351 KiB");
        assert_eq!(Units::Auto.span(900.0, 9000.0, "→"), "900 B → 8.79 KiB");
    }

    #[test]
    fn rates() {
        let slope = |value, low, high, unit| Rate { value, low: Some(low), high: Some(high), unit };
        let show = |s: &Rate| {
            let ShownRate { value, interval, per } = rate(s, Units::Auto);
            format!("{value}{per} ({interval})")
        };
        for (slope, text) in [
            (slope(488.45, 419.6, 557.3, RateUnit::BytesPerSecond), "1.68 MiB/h (1.44 to 1.91)"),
            (slope(0.1, -0.01, 0.2, RateUnit::BytesPerSecond), "8.44 KiB/day (-0.84 to 16.9)"),
            (slope(8206.0, 8124.0, 8289.0, RateUnit::BytesPerSnapshot), "8.01 KiB/snapshot (7.93 to 8.09)"),
            (slope(288.0, 281.4, 300.0, RateUnit::BytesPerSnapshot), "288 B/snapshot (281 to 300)"),
            (slope(6.0, 6.0, 6.0, RateUnit::BlocksPerSnapshot), "6 blocks/snapshot (6 to 6)"),
            (slope(15.0, 14.0, 15.5, RateUnit::ObjectsPerSnapshot), "15 objects/snapshot (14 to 15.5)"),
            (slope(0.0, 0.0, 0.0, RateUnit::BytesPerSample), "0 B/sample (0 to 0)"),
            (slope(47_786.0, 47_770.0, 47_800.0, RateUnit::BytesPerSecond), "164 MiB/h (164.0 to 164.1)"),
        ] {
            assert_eq!(show(&slope), text);
        }
    }

    #[test]
    fn durations() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (2.5, "2.5 s"),
            (40.0, "40 s"),
            (2401.0, "40 min"),
            (119.8, "2 min"),
            (150.0, "2 min 30 s"),
            (22_800.0, "6 h 20 min"),
            (86_399.0, "24 h"),
            (273_600.0, "3 d 4 h"),
        ] {
            assert_eq!(duration(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn small_things() {
        assert_eq!((count(229_614).as_str(), count(999).as_str()), ("229,614", "999"));
        assert_eq!(
            (percent(0.871).as_str(), percent(0.0).as_str(), percent(1.0).as_str()),
            ("87 %", "<1 %", ">99 %")
        );
        assert_eq!(
            [-0.1, 0.0, 1e-6, 0.000_65, 0.871, 1.0, 2.4].map(share),
            ["0 %", "0 %", "<0.01 %", "0.07 %", "87 %", "100 %", "over 100 %"]
        );
        assert_eq!([0.5, 0.0275, 0.00123, 1e-9].map(p_value), ["0.50", "0.028", "0.0012", "<0.0001"]);
        assert_eq!(counted(1, "sample") + &counted(2000, "sample"), "1 sample2,000 samples");
    }
}
