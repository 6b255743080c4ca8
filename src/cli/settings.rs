//! What can be set, on the command line and in a configuration file alike: one definition for both.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};
use serde::{Deserialize, Serialize};

use super::given::{Columns, FromText, Given, Period, Probability, Size};
use super::terminal::Terminal;
use crate::analysis::Options;
use crate::assessment::Detailed;
use crate::error::Error;
use crate::formats::{self, InputFormat};
use crate::insight::SortKey;
use crate::model::{Metric, Moment};
use crate::policy::{GrowthLimit, Limits};
use crate::report::{self, Detail, OutputFormat, Style, Units};
use crate::verdict::Verdict;

/// Samples or snapshots that `--check` wants, if nobody says.
const LEAST_POINTS: usize = 5;

/// All settings. What is not set is as its help says.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Settings {
    /// Show at most N sites; 0 shows all [default: 10 where people read, all where programs do]
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,

    /// Rank sites by this [default: growth]
    #[arg(long, value_name = "KEY")]
    pub sort: Option<SortFlag>,

    /// Judge only these process metrics; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',', ignore_case = true,
        value_parser = named::<Metric>(Metric::ALL.map(Metric::name)))]
    pub metric: Vec<Given<Metric>>,

    /// Keep only sites that match this glob (whole name or file); may be repeated
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,

    /// Leave out sites that match this glob; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Leave out what is older than this time (`2024-05-23 12:00:00`, RFC 3339, epoch seconds)
    #[arg(long, value_name = "TIME", value_parser = Given::<Moment>::read)]
    pub since: Option<Given<Moment>>,

    /// Leave out what is newer than this time
    #[arg(long, value_name = "TIME", value_parser = Given::<Moment>::read)]
    pub until: Option<Given<Moment>>,

    /// Read every input in this format, whatever it looks like
    #[arg(long, value_name = "FORMAT", value_parser = named::<&'static dyn InputFormat>(formats::INPUT_FORMATS.iter().map(|f| f.name())))]
    pub input_format: Option<Given<&'static dyn InputFormat>>,

    /// Complain: exit with 1 if anything is found that is not accepted
    #[arg(long, help_heading = "Checks", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub check: Option<bool>,

    /// Complain of these verdicts; may be repeated [default: growing]
    #[arg(long, help_heading = "Checks", value_name = "VERDICT", value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,

    /// Complain of growth only if it is at least this likely to go on, 0 to 1
    #[arg(long, help_heading = "Checks", value_name = "P", value_parser = Probability::read)]
    pub min_probability: Option<Probability>,

    /// Accept growth of a process up to this rate, such as 1MiB/h
    #[arg(long, help_heading = "Checks", value_name = "RATE", value_parser = Given::<GrowthLimit>::read)]
    pub max_growth: Option<Given<GrowthLimit>>,

    /// Accept growth of a site up to this rate, such as 10KiB/snapshot or 1MiB/h
    #[arg(long, help_heading = "Checks", value_name = "RATE", value_parser = Given::<GrowthLimit>::read)]
    pub max_site_growth: Option<Given<GrowthLimit>>,

    /// No process may be beyond this size, such as 1GiB or 512M (powers of 1024); also forecasts when it will be
    #[arg(long, help_heading = "Checks", value_name = "SIZE", value_parser = Given::<Size>::read)]
    pub limit: Option<Given<Size>>,

    /// Nor may it be expected to reach that size within this time, such as 30d
    #[arg(long, help_heading = "Checks", value_name = "TIME", value_parser = Given::<Period>::read)]
    pub within: Option<Given<Period>>,

    /// Complain of fewer samples or snapshots than this [default with --check: 5]
    #[arg(long, help_heading = "Checks", value_name = "N")]
    pub min_points: Option<usize>,

    /// Do not complain of growth that this file knows, unless it got worse
    #[arg(long, help_heading = "Checks", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub baseline: Option<PathBuf>,

    /// Where the source code is: shows lines of code, and makes paths relative to it
    #[arg(long, help_heading = "Output", value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub source_root: Option<PathBuf>,

    /// Output format [default: table]
    #[arg(long, help_heading = "Output", value_name = "FORMAT", value_parser = named::<&'static dyn OutputFormat>(report::OUTPUT_FORMATS.iter().map(|f| f.name())))]
    pub format: Option<Given<&'static dyn OutputFormat>>,

    /// Units of sizes [default: auto]
    #[arg(long, help_heading = "Output", value_name = "UNITS")]
    pub units: Option<UnitsFlag>,

    /// Use colours [default: auto]
    #[arg(long, help_heading = "Output", value_name = "WHEN")]
    pub color: Option<ColourFlag>,

    /// Columns of the table [default: those of the terminal, 100 in a pipe]
    #[arg(long, help_heading = "Output", value_name = "COLUMNS", value_parser = Columns::read)]
    pub width: Option<Columns>,

    /// Draw with ASCII characters only
    #[arg(long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub ascii: Option<bool>,

    /// Add charts of processes and of the first sites to the table
    #[arg(long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub plot: Option<bool>,

    /// Exit with 2 if any line could not be read
    #[arg(long, help_heading = "Checks", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub strict: Option<bool>,

    /// Say more: inputs, tests, every place that could not be read
    #[arg(short, long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, conflicts_with = "quiet")]
    pub verbose: Option<bool>,

    /// Say only what grows
    #[arg(short, long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    pub quiet: Option<bool>,

    /// Sites that are allowed to grow; in a file only, each with a reason.
    #[arg(skip)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Allowance>,
}

/// Sites that are allowed to grow, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// A glob of their names or files.
    pub site: String,
    /// Why.
    pub reason: String,
}

/// What sites are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortFlag {
    /// Growing first, the most certain growth first
    Growth,
    /// The highest rate first
    Rate,
    /// The largest first
    Size,
    /// The likeliest to go on growing first
    Probability,
    /// The fastest growing number of blocks first
    Blocks,
    /// By name
    Name,
}

/// A verdict that is complained of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// It keeps growing
    Growing,
    /// The evidence does not decide
    Unclear,
    /// It grew, and has stopped
    Settled,
    /// No verdict: only limits count
    None,
}

/// Units of sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitsFlag {
    /// Whatever fits: B, KiB, MiB, GiB
    Auto,
    /// Bytes
    B,
    /// 1024 bytes
    Kib,
    /// 1024 KiB
    Mib,
    /// 1024 MiB
    Gib,
    /// Powers of 1000: kB, MB, GB
    Decimal,
}

/// Whether to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColourFlag {
    /// On a terminal, unless NO_COLOR is set; anywhere if CLICOLOR_FORCE is
    Auto,
    /// Whatever the output is
    Always,
    /// Not at all
    Never,
}

impl Settings {
    /// These settings, and where they say nothing, those.
    #[must_use]
    pub fn over(self, those: Self) -> Self {
        fn list<T>(this: Vec<T>, that: Vec<T>) -> Vec<T> {
            if this.is_empty() { that } else { this }
        }
        // One of the two on the command line is not to meet the other one out of a file.
        let (quiet, verbose) = match (self.quiet, self.verbose) {
            (None, None) => (those.quiet, those.verbose),
            said => said,
        };
        Self {
            top: self.top.or(those.top),
            sort: self.sort.or(those.sort),
            metric: list(self.metric, those.metric),
            include: list(self.include, those.include),
            exclude: list(self.exclude, those.exclude),
            since: self.since.or(those.since),
            until: self.until.or(those.until),
            input_format: self.input_format.or(those.input_format),
            check: self.check.or(those.check),
            fail_on: list(self.fail_on, those.fail_on),
            min_probability: self.min_probability.or(those.min_probability),
            max_growth: self.max_growth.or(those.max_growth),
            max_site_growth: self.max_site_growth.or(those.max_site_growth),
            limit: self.limit.or(those.limit),
            within: self.within.or(those.within),
            min_points: self.min_points.or(those.min_points),
            baseline: self.baseline.or(those.baseline),
            source_root: self.source_root.or(those.source_root),
            format: self.format.or(those.format),
            units: self.units.or(those.units),
            color: self.color.or(those.color),
            width: self.width.or(those.width),
            ascii: self.ascii.or(those.ascii),
            plot: self.plot.or(those.plot),
            strict: self.strict.or(those.strict),
            verbose,
            quiet,
            allow: list(self.allow, those.allow),
        }
    }

    /// What holds where nobody says anything, for those settings of which that can be said in a word.
    #[must_use]
    pub fn defaults(&self) -> Self {
        Self {
            top: Some(self.top().unwrap_or(0)),
            sort: Some(SortFlag::Growth),
            check: Some(false),
            fail_on: vec![FailOn::Growing],
            min_probability: Probability::try_from(0.0).ok(),
            min_points: self.limits().least_points,
            format: Given::read("table").ok(),
            units: Some(UnitsFlag::Auto),
            color: Some(ColourFlag::Auto),
            ascii: Some(false),
            plot: Some(false),
            strict: Some(false),
            verbose: Some(false),
            quiet: Some(false),
            ..Self::default()
        }
    }

    /// The output.
    #[must_use]
    pub fn format(&self) -> &'static dyn OutputFormat {
        self.format.as_ref().map_or(report::OUTPUT_FORMATS[0], |format| format.value)
    }

    /// Whether findings decide the exit code.
    #[must_use]
    pub fn is_check(&self) -> bool {
        self.check.unwrap_or(false)
    }

    /// What the settings mean for the analysis, but for the baseline; `config` is the file in which allowances stand.
    ///
    /// # Errors
    /// [`Error::Request`] if the window of time is empty, or one setting makes no sense without another.
    pub fn options(&self, config: Option<&str>) -> Result<Options, Error> {
        let request = |message: &str| Err(Error::Request(message.to_owned()));
        if let (Some(since), Some(until)) = (&self.since, &self.until)
            && since.value.seconds > until.value.seconds
        {
            return request("--since is later than --until");
        }
        if self.within.is_some() && self.limit.is_none() {
            return request("--within needs a --limit to be reached");
        }
        let globs = self.allow.iter().map(|allowance| allowance.site.clone()).collect();
        Ok(Options {
            input_format: self.input_format.as_ref().map(|format| format.value),
            metrics: self.metric.iter().map(|metric| metric.value).collect(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            since: self.since.as_ref().map(|time| time.value),
            until: self.until.as_ref().map(|time| time.value),
            limits: self.limits(),
            check: self.is_check(),
            allowed: config.map(|config| (config.to_owned(), globs)),
            sort: match self.sort.unwrap_or(SortFlag::Growth) {
                SortFlag::Growth => SortKey::Growth,
                SortFlag::Rate => SortKey::Rate,
                SortFlag::Size => SortKey::Size,
                SortFlag::Probability => SortKey::Probability,
                SortFlag::Blocks => SortKey::Blocks,
                SortFlag::Name => SortKey::Name,
            },
            detailed: self.top().map_or(Detailed::All, Detailed::First),
            plots: self.format().draws() || self.plots(),
            ..Options::default()
        })
    }

    #[allow(clippy::cast_precision_loss)]
    fn limits(&self) -> Limits {
        let verdict = |word: &FailOn| match word {
            FailOn::Growing => Some(Verdict::Growing),
            FailOn::Unclear => Some(Verdict::Unclear),
            FailOn::Settled => Some(Verdict::Settled),
            FailOn::None => None,
        };
        let plain = Limits::default();
        Limits {
            fail_on: if self.fail_on.is_empty() {
                plain.fail_on
            } else {
                self.fail_on.iter().filter_map(verdict).collect()
            },
            least_probability: self.min_probability.map_or(plain.least_probability, f64::from),
            process_growth: self.max_growth.as_ref().map(|rate| rate.value),
            site_growth: self.max_site_growth.as_ref().map(|rate| rate.value),
            limit_bytes: self.limit.as_ref().map(|size| size.value.0 as f64),
            within_seconds: self.within.as_ref().map(|period| period.value.0),
            least_points: self.min_points.or(self.is_check().then_some(LEAST_POINTS)),
        }
    }

    /// How many sites are shown at most; all where `None`.
    fn top(&self) -> Option<usize> {
        match self.top {
            Some(0) => None,
            Some(top) => Some(top),
            None => self.format().default_top(),
        }
    }

    /// Whether the output adds charts.
    fn plots(&self) -> bool {
        self.plot.unwrap_or(false) && self.format().adds_charts()
    }

    /// The wish for colours.
    #[must_use]
    pub fn colour(&self) -> anstream::ColorChoice {
        match self.color.unwrap_or(ColourFlag::Auto) {
            ColourFlag::Auto => anstream::ColorChoice::Auto,
            ColourFlag::Always => anstream::ColorChoice::Always,
            ColourFlag::Never => anstream::ColorChoice::Never,
        }
    }

    /// How the output looks on this terminal.
    #[must_use]
    pub fn style(&self, terminal: &Terminal) -> Style {
        Style {
            width: self.width.map_or(terminal.width, usize::from),
            colour: terminal.colour,
            top: self.top(),
            units: match self.units.unwrap_or(UnitsFlag::Auto) {
                UnitsFlag::Auto => Units::Auto,
                UnitsFlag::B => Units::Bytes,
                UnitsFlag::Kib => Units::Kib,
                UnitsFlag::Mib => Units::Mib,
                UnitsFlag::Gib => Units::Gib,
                UnitsFlag::Decimal => Units::Decimal,
            },
            detail: match (self.quiet, self.verbose) {
                (Some(true), _) => Detail::Quiet,
                (_, Some(true)) => Detail::Verbose,
                _ => Detail::Normal,
            },
            ascii: self.ascii.unwrap_or(false),
            plot: self.plots(),
        }
    }
}

/// One of these names, and what it stands for.
fn named<T: FromText + Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = Given<T>> {
    PossibleValuesParser::new(names).try_map(|name| Given::<T>::read(&name))
}
