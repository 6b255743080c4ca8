//! The contract of an output, and the style of a report.

use std::fmt;
use std::io;

use super::document::Report;
use super::quantity::Units;

/// Default of the number of sites that an output for people shows.
pub(super) const DEFAULT_TOP: usize = 10;

/// A way in which a report is written.
pub trait OutputFormat: fmt::Debug + Sync {
    /// Its name, for `--format`.
    fn name(&self) -> &'static str;

    /// Default of the number of sites that it shows at most: all, since programs want the whole.
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
    /// Those of writing to `out`.
    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()>;
}

/// The amount of detail.
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

/// The style of a report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Columns that a line may have. Default: 100.
    pub width: usize,
    /// Whether to use colours. Default: no.
    pub colour: bool,
    /// Sites that are shown at most; `None` shows all. Default: 10.
    pub top: Option<usize>,
    /// Units of sizes. Default: the one that fits.
    pub units: Units,
    /// The amount of detail. Default: normal.
    pub detail: Detail,
    /// Whether only ASCII characters may be drawn. Default: no.
    pub ascii: bool,
    /// Whether the table adds charts; the document must have been asked for plots. Default: no.
    pub plot: bool,
    /// The time at which the output is read, in seconds since 1970: forecasts for earlier times are past. Default:
    /// unknown.
    pub now_seconds: Option<f64>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 100,
            colour: false,
            top: Some(DEFAULT_TOP),
            units: Units::Auto,
            detail: Detail::Normal,
            ascii: false,
            plot: false,
            now_seconds: None,
        }
    }
}
