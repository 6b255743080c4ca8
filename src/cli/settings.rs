//! The settings: one definition for the command line and the configuration file.

// Their descriptions are those of `--help`, where (?<time>...) stands for itself.
#![allow(rustdoc::invalid_html_tags)]

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Command, FromArgMatches, ValueHint};
use serde::{Deserialize, Serialize, Serializer};

use super::choices::{ColourFlag, FailOn, GroupByFlag, SortFlag, UnitsFlag};
use super::parsed::{
    Columns, FromText, Iterations, MetricName, MostBytes, MostThings, Parsed, Period, Probability, Share,
    Size,
};
use super::terminal::Terminal;
use crate::analysis::Options;
use crate::assessment::Detailed;
use crate::bounds::Bounds;
use crate::formats::{
    ColumnKey, ColumnOptions, FORMATS, Format, FormatOptions, GroupBy, Grouping, OwnWords, Pattern,
    ValueUnit, WorkKey,
};
use crate::policy::{GrowthLimit, Limits};
use crate::report::{self, Detail, OutputFormat, Style};
use crate::time::BoundText;

/// Default of `--min-points` with `--check`.
const LEAST_POINTS: usize = 5;

/// All settings. The definition of an option is that of the setting in a file too: name, type and default.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Settings {
    /// Show at most N sites; 0 shows all [default: 10 in outputs for people, all in those for programs]
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,

    /// Order of sites
    #[arg(long, value_name = "KEY", default_value = "growth")]
    pub sort: SortFlag,

    /// Fold sites that gained less than this in the recording into one line; they are no finding; 0 folds none
    /// [default: 4KiB, and 1 % of what still grows]
    #[arg(long, value_name = "SIZE", value_parser = Parsed::<Size>::read)]
    pub fold_below: Option<Parsed<Size>>,

    /// Judge only these process metrics, such as VmRSS, anon or rss_mb: any that the recording has; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = Parsed::<MetricName>::read)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metric: Vec<Parsed<MetricName>>,

    /// Keep only sites that match this glob (whole name or file); may be repeated
    #[arg(long, value_name = "GLOB")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,

    /// Leave out sites that match this glob; may be repeated
    #[arg(long, value_name = "GLOB")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,

    /// Leave out records before this time: a date (`2024-05-23 12:00:00`, RFC 3339, epoch seconds), a time of day
    /// (`10:34`, the last one in the recording), or a length of time before the end of the recording (`2h`)
    #[arg(long, value_name = "TIME", value_parser = Parsed::<BoundText>::read)]
    pub since: Option<Parsed<BoundText>>,

    /// Leave out records after this time, written as for --since
    #[arg(long, value_name = "TIME", value_parser = Parsed::<BoundText>::read)]
    pub until: Option<Parsed<BoundText>>,

    /// Time between two snapshots of a recording that has no times, such as 60s or 10m
    #[arg(long, value_name = "TIME", value_parser = Parsed::<Period>::read)]
    pub snapshot_period: Option<Parsed<Period>>,

    /// Read every input in this format instead of recognising it by content
    #[arg(long, value_name = "FORMAT", value_parser = named::<&'static Format>(FORMATS.iter().map(|format| format.name)))]
    pub input_format: Option<Parsed<&'static Format>>,

    /// Column of the times in a table or in JSON lines: its name or number [default: by its header]
    #[arg(long, value_name = "COLUMN", value_parser = Parsed::<ColumnKey>::read)]
    pub time_column: Option<Parsed<ColumnKey>>,

    /// Column of memory in a table or in JSON lines: its name or number; may be repeated [default: by its header]
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', value_parser = Parsed::<ColumnKey>::read)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub value_column: Vec<Parsed<ColumnKey>>,

    /// Unit of numbers that have none: B, KiB, kB, MiB, MB, GiB, GB, pages, pages:16K
    #[arg(long, value_name = "UNIT", value_parser = Parsed::<ValueUnit>::read)]
    pub value_unit: Option<Parsed<ValueUnit>>,

    /// Read the lines that match: a regular expression with (?<value>...), and perhaps (?<unit>...), (?<name>...),
    /// (?<metric>...) and (?<time>...)
    #[arg(long, value_name = "REGEX", value_parser = Parsed::<Pattern>::read)]
    pub r#match: Option<Parsed<Pattern>>,

    /// Leave out sizes that are known by the words beside them alone, such as `RSS: 14.5 MB` in a log
    #[arg(long, num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true)]
    pub no_guess: bool,

    /// Part of a stack by which blocks are added up; by default the line, or all frames where they are mere addresses
    #[arg(long, value_name = "KEY")]
    pub group_by: Option<GroupByFlag>,

    /// Count a block for every frame of its stack, not for the innermost alone
    #[arg(long, num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true)]
    pub cumulative: bool,

    /// Count the blocks of one domain of tracemalloc alone, in pickled snapshots: 0 is Python's own memory
    #[arg(long, value_name = "N")]
    pub domain: Option<u32>,

    /// Judge growth by the work done, too: a regular expression with (?<n>...) for the work so far, or (?<more>...)
    /// since the last line, such as 'requests=(?<n>\d+)'; or the name of a column
    #[arg(long, value_name = "REGEX|COLUMN", value_parser = Parsed::<WorkKey>::read)]
    pub per: Option<Parsed<WorkKey>>,

    /// Iterations of the program between the two snapshots of a single difference: growth is given for each, such as
    /// 2.0 blocks, 168 B
    #[arg(long, value_name = "N", value_parser = Parsed::<Iterations>::read)]
    pub iterations: Option<Parsed<Iterations>>,

    /// Exit with 1 if there is a finding, such as growth that is not accepted or an incomplete input
    #[arg(long, help_heading = "Checks", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true)]
    pub check: bool,

    /// Verdicts that are findings; may be repeated
    #[arg(
        long,
        help_heading = "Checks",
        value_name = "VERDICT",
        value_delimiter = ',',
        default_value = "growing"
    )]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fail_on: Vec<FailOn>,

    /// Growth is a finding only if it continues with at least this probability, 0 to 1
    #[arg(long, help_heading = "Checks", value_name = "P", value_parser = Probability::read, default_value = "0")]
    pub min_probability: Probability,

    /// Accept growth of a process up to this rate, such as 1MiB/h
    #[arg(long, help_heading = "Checks", value_name = "RATE", value_parser = Parsed::<GrowthLimit>::read)]
    pub max_growth: Option<Parsed<GrowthLimit>>,

    /// Accept growth of a site up to this rate, such as 10KiB/snapshot or 1MiB/h
    #[arg(long, help_heading = "Checks", value_name = "RATE", value_parser = Parsed::<GrowthLimit>::read)]
    pub max_site_growth: Option<Parsed<GrowthLimit>>,

    /// A process above this size, such as 1GiB or 512M (powers of 1024), is a finding; also adds a forecast
    #[arg(long, help_heading = "Checks", value_name = "SIZE", value_parser = Parsed::<Size>::read)]
    pub limit: Option<Parsed<Size>>,

    /// A process that is expected to reach --limit, or else its limit in the recording, within this time, such as 30d,
    /// is a finding
    #[arg(long, help_heading = "Checks", value_name = "TIME", value_parser = Parsed::<Period>::read)]
    pub within: Option<Parsed<Period>>,

    /// A verdict on fewer samples or snapshots than this is a finding [default with --check: 5]
    #[arg(long, help_heading = "Checks", value_name = "N")]
    pub min_points: Option<usize>,

    /// Share of an input's records that may be unreadable, such as 5%; more is a finding [default: 1%, of which as many
    /// as a process has samples must not be alike]
    #[arg(long, help_heading = "Checks", value_name = "SHARE", value_parser = Parsed::<Share>::read)]
    pub allow_unread: Option<Parsed<Share>>,

    /// Growth that is listed in this file is no finding unless it got worse
    #[arg(long, help_heading = "Checks", value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[serde(serialize_with = "as_text")]
    pub baseline: Option<PathBuf>,

    /// Folder of the source code: shows lines of code, and makes paths relative to it
    #[arg(long, help_heading = "Output", value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    #[serde(serialize_with = "as_text")]
    pub source_root: Option<PathBuf>,

    /// Output format
    #[arg(long, help_heading = "Output", value_name = "FORMAT", default_value = "table", value_parser = named::<&'static dyn OutputFormat>(report::OUTPUT_FORMATS.iter().map(|f| f.name())))]
    pub format: Parsed<&'static dyn OutputFormat>,

    /// Units of sizes
    #[arg(long, help_heading = "Output", value_name = "UNITS", default_value = "auto")]
    pub units: UnitsFlag,

    /// Use colours
    #[arg(long, help_heading = "Output", value_name = "WHEN", default_value = "auto")]
    pub color: ColourFlag,

    /// Columns of the table [default: those of the terminal, 100 in a pipe]
    #[arg(long, help_heading = "Output", value_name = "COLUMNS", value_parser = Columns::read)]
    pub width: Option<Columns>,

    /// Draw with ASCII characters only
    #[arg(long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true)]
    pub ascii: bool,

    /// Add charts of processes and of the first sites to the table
    #[arg(long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true)]
    pub plot: bool,

    /// Exit with 2 if any line could not be read, or any input was not read as a whole
    #[arg(long, help_heading = "Checks", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true)]
    pub strict: bool,

    /// Show more: inputs, tests, every place that could not be read
    #[arg(short, long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Show only what grows
    #[arg(short, long, help_heading = "Output", num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", value_name = "BOOL", hide_possible_values = true, hide_default_value = true)]
    pub quiet: bool,

    /// Leave out lines that are longer than this
    #[arg(long, help_heading = "Bounds", value_name = "SIZE", value_parser = Parsed::<MostBytes>::read, default_value = "16MiB")]
    pub max_line: Parsed<MostBytes>,

    /// Refuse a recording of more sites than this
    #[arg(long, help_heading = "Bounds", value_name = "N", value_parser = Parsed::<MostThings>::read, default_value = "1048576")]
    pub max_sites: Parsed<MostThings>,

    /// Refuse a recording of more processes or containers than this
    #[arg(long, help_heading = "Bounds", value_name = "N", value_parser = Parsed::<MostThings>::read, default_value = "1048576")]
    pub max_subjects: Parsed<MostThings>,

    /// Refuse a recording of more records than this
    #[arg(long, help_heading = "Bounds", value_name = "N", value_parser = Parsed::<MostThings>::read, default_value = "33554432")]
    pub max_records: Parsed<MostThings>,

    /// Unpack no more than this of an archive of files, nor of an input that is compressed to less than a thousandth
    #[arg(long, help_heading = "Bounds", value_name = "SIZE", value_parser = Parsed::<MostBytes>::read, default_value = "4GiB")]
    pub max_unpacked: Parsed<MostBytes>,

    /// Sites that are allowed to grow; in a file only, each with a reason.
    #[arg(skip)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Allowance>,
}

/// Sites that are allowed to grow, with the reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// A glob of their names or files.
    pub site: String,
    /// The reason.
    pub reason: String,
}

impl Default for Settings {
    /// Returns the defaults of the options.
    fn default() -> Self {
        let nothing_typed =
            Self::augment_args(Command::new("")).no_binary_name(true).get_matches_from([""; 0]);
        Self::from_arg_matches(&nothing_typed).unwrap_or_else(|wrong| wrong.exit())
    }
}

/// The time in seconds since 1970, where the clock of the machine is set.
fn now_seconds() -> Option<f64> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.ok().map(|since| since.as_secs_f64())
}

/// Serialises a path as text, in which bytes that are not UTF-8 are replaced.
fn as_text<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|path| path.to_string_lossy()).serialize(serializer)
}

impl Settings {
    /// Whether an option leaves records out.
    #[must_use]
    pub const fn filters(&self) -> bool {
        let Self { metric, include, exclude, since, until, .. } = self;
        let lists_are_empty = metric.is_empty() && include.is_empty() && exclude.is_empty();
        !lists_are_empty || since.is_some() || until.is_some()
    }

    /// Returns the settings with the format that the name of the output file says: a page for `.html`.
    #[must_use]
    pub fn for_output(self, file: Option<&Path>) -> Self {
        let is_page =
            file.and_then(Path::extension).is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
        match Parsed::read("html").ok().filter(|_| is_page) {
            Some(format) => Self { format, ..self },
            None => self,
        }
    }

    /// Returns the output format.
    #[must_use]
    pub fn format(&self) -> &'static dyn OutputFormat {
        self.format.value
    }

    /// Returns the options of the analysis, without the baseline; `config` is the file with the allowances.
    pub fn options(&self, config: Option<&str>) -> Options {
        let globs = self.allow.iter().map(|allowance| allowance.site.clone()).collect();
        Options {
            input_format: self.input_format.as_ref().map(|format| format.value),
            reading: FormatOptions {
                asked_for: false,
                columns: ColumnOptions {
                    time: self.time_column.as_ref().map(|column| column.value.clone()),
                    values: self.value_column.iter().map(|column| column.value.clone()).collect(),
                    unit: self.value_unit.as_ref().map(|unit| unit.value),
                    work: self.per.as_ref().and_then(|key| key.value.column().cloned()),
                },
                grouping: Grouping {
                    by: self.group_by.map(GroupBy::from),
                    cumulative: self.cumulative,
                    domain: self.domain,
                },
                words: if self.no_guess { OwnWords::LeaveOut } else { OwnWords::Guess },
                work: self.per.as_ref().map(|key| key.value.clone()),
                pattern: self.r#match.as_ref().map(|pattern| pattern.value.clone()),
                bounds: self.bounds(),
            },
            metrics: self.metric.iter().map(|metric| metric.value.0.clone()).collect(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            since: self.since.as_ref().map(|time| time.value),
            until: self.until.as_ref().map(|time| time.value),
            snapshot_period_seconds: self.snapshot_period.as_ref().map(|period| period.value.0),
            limits: self.limits(),
            check: self.check,
            allowed: config.map(|config| (config.to_owned(), globs)),
            fold_below_bytes: self.fold_below.as_ref().map(|size| size.value.0 as f64),
            sort: self.sort.into(),
            iterations: self.iterations.as_ref().map(|iterations| iterations.value.0),
            detailed: self.top().map_or(Detailed::All, Detailed::First),
            plots: self.format().draws() || self.plots(),
            ..Options::default()
        }
    }

    /// Returns the bounds of what is read.
    fn bounds(&self) -> Bounds {
        let things = |most: &Parsed<MostThings>| most.value.0;
        Bounds {
            line_bytes: usize::try_from(self.max_line.value.0).unwrap_or(usize::MAX),
            sites: things(&self.max_sites) as usize,
            subjects: things(&self.max_subjects) as usize,
            records: things(&self.max_records).into(),
            unpacked_bytes: self.max_unpacked.value.0,
        }
    }

    /// Returns the limits of a check.
    pub fn limits(&self) -> Limits {
        Limits {
            fail_on: self.fail_on.iter().filter_map(|word| word.verdict()).collect(),
            least_probability: self.min_probability.into(),
            process_growth: self.max_growth.as_ref().map(|rate| rate.value),
            site_growth: self.max_site_growth.as_ref().map(|rate| rate.value),
            limit_bytes: self.limit.as_ref().map(|size| size.value.0 as f64),
            within_seconds: self.within.as_ref().map(|period| period.value.0),
            least_points: self.min_points.or(self.check.then_some(LEAST_POINTS)),
            most_unread: self.allow_unread.as_ref().map(|share| share.value.0),
        }
    }

    /// Returns the largest number of sites that are shown; `None` for all.
    pub fn top(&self) -> Option<usize> {
        match self.top {
            Some(0) => None,
            Some(top) => Some(top),
            None => self.format().default_top(),
        }
    }

    /// Returns whether the output adds charts.
    fn plots(&self) -> bool {
        self.plot && self.format().adds_charts()
    }

    /// Returns the choice of colours.
    #[must_use]
    pub fn colour(&self) -> anstream::ColorChoice {
        self.color.into()
    }

    /// Returns the style of the output on this terminal.
    #[must_use]
    pub fn style(&self, terminal: &Terminal) -> Style {
        Style {
            width: self.width.map_or(terminal.width, usize::from),
            colour: terminal.colour,
            top: self.top(),
            units: self.units.into(),
            detail: match (self.quiet, self.verbose) {
                (true, _) => Detail::Quiet,
                (_, true) => Detail::Verbose,
                _ => Detail::Normal,
            },
            ascii: self.ascii,
            plot: self.plots(),
            now_seconds: now_seconds(),
        }
    }
}

/// Returns a parser for the value of one of these names.
fn named<T: FromText + Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = Parsed<T>> {
    PossibleValuesParser::new(names).try_map(|name| Parsed::<T>::read(&name))
}
