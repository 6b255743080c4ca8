//! Options of the command line that say what no recording does: which column is the time, and what a number counts.

use super::size::{Multiples, unit_bytes};

/// A column as the user names it: by its name, or by its number, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKey {
    /// The name in the header, or the key of an object. Letters are compared without their case.
    Name(String),
    /// The number of the column, counted from 1.
    Number(usize),
}

impl ColumnKey {
    /// Parses a name or a number.
    ///
    /// # Errors
    /// Returns the expectation if the text is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        match (text.trim(), text.trim().parse::<usize>()) {
            ("", _) | (_, Ok(0)) => {
                Err("expected the name of a column, or its number, counted from 1".to_owned())
            }
            (_, Ok(number)) => Ok(Self::Number(number)),
            (name, Err(_)) => Ok(Self::Name(name.to_owned())),
        }
    }

    /// Whether it is the column at a place, counted from 0, with a name.
    #[must_use]
    pub fn is(&self, place: usize, name: &str) -> bool {
        match self {
            Self::Number(number) => *number == place + 1,
            // A name in a header may have a unit after it.
            Self::Name(wanted) => wanted.eq_ignore_ascii_case(name.trim()),
        }
    }
}

/// The number of bytes that a number without a unit counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueUnit {
    /// The bytes of one.
    pub bytes: f64,
    /// Whether it is a page of memory.
    pub is_pages: bool,
}

/// Bytes of a page on most machines.
const USUAL_PAGE: f64 = 4096.0;

impl ValueUnit {
    /// Parses a unit: `B`, `KiB` or `K`, `kB`, `MiB` or `M`, `MB`, …, `pages`, `pages:16K`.
    ///
    /// # Errors
    /// Returns the expectation if the text is no unit, or may be one of two.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let wrong =
            || "expected B, KiB, kB, MiB, MB, GiB, GB, pages or pages:SIZE, such as pages:16K".to_owned();
        if let Some(size) = lower.strip_prefix("page") {
            let size = size.strip_prefix('s').unwrap_or(size);
            let page = match size.strip_prefix(':') {
                None if size.is_empty() => Some(USUAL_PAGE),
                Some(size) => super::size::size(size, 1.0, Multiples::Binary).map(|size| size.bytes),
                None => None,
            };
            let bytes = page.filter(|bytes| (512.0..=1e9).contains(bytes)).ok_or_else(wrong)?;
            return Ok(Self { bytes, is_pages: true });
        }
        let bytes = match text {
            "k" | "K" | "m" | "M" | "g" | "G" => unit_bytes(text, Multiples::Binary),
            "kB" | "MB" | "GB" | "TB" => unit_bytes(text, Multiples::Decimal),
            // 1024 or 1000: tools differ.
            "KB" | "kb" | "mb" | "gb" => {
                let letter = text.get(..1).unwrap_or_default().to_ascii_uppercase();
                let thousand = if letter == "K" { "k".to_owned() } else { letter.clone() };
                return Err(format!("expected {letter}iB (powers of 1024) or {thousand}B (powers of 1000)"));
            }
            _ if lower == "b"
                || lower.starts_with("byte")
                || lower.ends_with("ib")
                || lower.ends_with('i') =>
            {
                unit_bytes(text, Multiples::Binary)
            }
            _ => None,
        };
        bytes.map(|bytes| Self { bytes, is_pages: false }).ok_or_else(wrong)
    }
}

/// Whether sizes are read that a program prints in its own words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OwnWords {
    /// They are, by the words beside the numbers.
    #[default]
    Guess,
    /// They are left out.
    LeaveOut,
}

/// The part of a stack by which blocks are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// The innermost line.
    Line,
    /// The file of the innermost line.
    File,
    /// The package of the innermost line.
    Package,
    /// The innermost function.
    Function,
    /// All frames.
    Traceback,
}

/// The groups that blocks with stacks are added up in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grouping {
    /// The part of the stack, if the user says which: formats choose another where they have addresses alone.
    pub by: Option<GroupBy>,
    /// Whether a block counts for every frame of its stack, and not for the innermost alone. Means nothing where whole
    /// stacks are the groups.
    pub cumulative: bool,
    /// The only domain of `tracemalloc` whose blocks count; all if the user names none.
    pub domain: Option<u32>,
}

/// The note on a domain where no blocks have one.
pub const NO_DOMAINS: &str = "--domain has no effect: only pickled snapshots have domains";

impl Grouping {
    /// Returns the option that was given and was of no use if no input has stacks, with the reason.
    #[must_use]
    pub fn unused(self) -> Option<&'static str> {
        if self.domain.is_some() {
            Some(NO_DOMAINS)
        } else if self.by.is_some() {
            Some("--group-by has no effect: no input has places of code that are not grouped yet")
        } else {
            self.cumulative
                .then_some("--cumulative has no effect: no input has places of code that are not grouped yet")
        }
    }
}

/// What the user says of columns and numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnOptions {
    /// The column of the times.
    pub time: Option<ColumnKey>,
    /// The columns of the values; all that look like memory if empty.
    pub values: Vec<ColumnKey>,
    /// The unit of numbers that have none.
    pub unit: Option<ValueUnit>,
    /// The column that counts work.
    pub work: Option<ColumnKey>,
}

/// The [`ColumnOptions`] that were of use in a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColumnOptionsUsed {
    /// Whether a column of times was chosen.
    pub time: bool,
    /// Whether columns of values were chosen.
    pub values: bool,
    /// Whether numbers had no other unit.
    pub unit: bool,
}

impl ColumnOptionsUsed {
    /// Adds those of another source.
    pub const fn add(&mut self, other: Self) {
        self.time |= other.time;
        self.values |= other.values;
        self.unit |= other.unit;
    }

    /// Returns the options that were given and were of no use, with the reason.
    #[must_use]
    pub fn unused(self, given: &ColumnOptions) -> Vec<&'static str> {
        let all = [
            (given.time.is_some() && !self.time, "--time-column has no effect: no input has such a column"),
            (
                !given.values.is_empty() && !self.values,
                "--value-column has no effect: no input has such a column",
            ),
            (
                given.unit.is_some() && !self.unit,
                "--value-unit has no effect: no input has numbers without a unit",
            ),
        ];
        all.into_iter().filter(|(is_unused, _)| *is_unused).map(|(_, message)| message).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{ColumnKey, ValueUnit};

    #[test]
    fn units_have_one_meaning_each() {
        for (text, bytes) in [
            ("B", 1.0),
            ("bytes", 1.0),
            ("KiB", 1024.0),
            ("kib", 1024.0),
            ("K", 1024.0),
            ("kB", 1000.0),
            ("MiB", 1_048_576.0),
            ("Mi", 1_048_576.0),
            ("MB", 1e6),
            ("pages", 4096.0),
            ("pages:16K", 16384.0),
            ("pages:65536", 65536.0),
        ] {
            assert_eq!(ValueUnit::parse(text).unwrap().bytes, bytes, "{text}");
        }
        for text in ["", "KB", "mb", "x", "pages:", "pages:x", "pages16", "5", "pages:1"] {
            assert!(ValueUnit::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn columns_have_a_name_or_a_number() {
        assert!(ColumnKey::parse("2").unwrap().is(1, "rss"));
        assert!(ColumnKey::parse("RSS").unwrap().is(7, " rss"));
        assert!(ColumnKey::parse("0").is_err() && ColumnKey::parse(" ").is_err());
    }
}
