//! Outputs for people and programs: one file per output, all taking their part from one [`Report`].

pub mod assemble;
mod chart;
mod check;
mod columns;
mod csv;
pub mod document;
mod explain;
mod github;
mod headline;
mod html;
mod json;
mod junit;
mod markdown;
pub(crate) mod page;
pub(crate) mod quantity;
#[cfg(test)]
#[allow(clippy::expect_used)]
mod sample;
mod sarif;
mod selection;
mod sentence;
mod sparkline;
mod table;
pub mod untrusted;
mod wording;

use std::fmt;
use std::io;

pub use document::Report;
pub use explain::explain;
pub use quantity::Units;

/// A way in which a report is written.
pub trait OutputFormat: fmt::Debug + Sync {
    /// Its name, for `--format`.
    fn name(&self) -> &'static str;

    /// How many sites it shows at most where nobody says: all, since programs want the whole.
    fn default_top(&self) -> Option<usize> {
        None
    }

    /// Whether it draws series, and wants them in the document as they are drawn.
    fn draws(&self) -> bool {
        false
    }

    /// Whether it can add charts for people at a terminal, as `--plot` asks.
    fn adds_charts(&self) -> bool {
        false
    }

    /// Writes the report.
    ///
    /// # Errors
    /// Whatever writing to `out` gives.
    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()>;
}

/// All outputs, in the order in which help lists them.
pub const OUTPUT_FORMATS: &[&dyn OutputFormat] = &[
    &table::Table,
    &json::Json,
    &csv::Csv,
    &markdown::Markdown,
    &html::Html,
    &junit::Junit,
    &github::Github,
    &sarif::Sarif,
];

/// The output of a name, if there is one.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn OutputFormat> {
    OUTPUT_FORMATS.iter().copied().find(|format| format.name() == name)
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Only verdicts.
    Quiet,
    /// Verdicts and their reasons.
    #[default]
    Normal,
    /// Also inputs, tests, and every place that could not be read.
    Verbose,
}

/// How a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns that a line may have. Default: 100.
    pub width: usize,
    /// Whether to use colours. Default: no.
    pub colour: bool,
    /// Sites that are shown at most; `None` shows all. Default: 10.
    pub top: Option<usize>,
    /// Units of sizes. Default: whatever fits.
    pub units: Units,
    /// How much is said. Default: normal.
    pub detail: Detail,
    /// Whether only ASCII characters may be drawn. Default: no.
    pub ascii: bool,
    /// Whether the table adds charts; the document must have been asked for plots. Default: no.
    pub plot: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 100,
            colour: false,
            top: table::Table.default_top(),
            units: Units::Auto,
            detail: Detail::Normal,
            ascii: false,
            plot: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (i, format) in OUTPUT_FORMATS.iter().enumerate() {
            assert!(OUTPUT_FORMATS[..i].iter().all(|other| other.name() != format.name()));
            assert!(by_name(format.name()).is_some());
        }
        assert!(by_name("pdf").is_none());
    }
}
