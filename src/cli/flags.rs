//! What was typed, and what it means.

use std::io::IsTerminal;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser, ValueEnum, ValueHint};

use super::terminal::Terminal;
use crate::analysis::Options;
use crate::error::Error;
use crate::formats::{self, InputFormat, when::Clock};
use crate::model::{Metric, Moment};
use crate::report::{self, Detail, OutputFormat, Style, Units};
use crate::verdict::check::Limits;
use crate::verdict::{Detailed, SortKey};

const EXAMPLES: &str = "\
Examples:
  leakdiff report.txt                     does the process grow: how fast, how sure, since when
  leakdiff snapshots/*.txt --top 10       the ten surest growers of a folder of tracemalloc dumps
  leakdiff report.txt service.log         both at once: how much of the growth do the sites explain
  kubectl logs my-pod | leakdiff -        a service log on standard input
  leakdiff report.txt --limit 1GiB        when will it reach its limit
  leakdiff logs/ --exclude decoder.py -v  without some sites, with all that could not be read
  leakdiff snapshots/ --format json       everything, for programs

How to record, with nothing but a shell:
  while true; do date -u; grep Rss /proc/1/status; sleep 600; done >> report.txt
and in Python, after each run of a periodic task:
  for stat in tracemalloc.take_snapshot().statistics(\"lineno\"): print(stat, file=out)

Exit codes: 0 analysed; 2 the command line is wrong or an input could not be used.";

/// Says what keeps growing in saved memory logs: RSS reports of a shell loop and tracemalloc dumps.
///
/// Formats are recognised by content and may be mixed; several files are one recording, in the order of
/// their times or names.
#[derive(Debug, Parser)]
#[command(name = "leakdiff", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Flags {
    /// Files or folders, `-` for standard input; gzip, bzip2, xz and zstd are unpacked
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// Show at most N sites; 0 shows all [default: 10 in tables, all in json and csv]
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// Rank sites by this
    #[arg(long, value_name = "KEY", default_value = "growth")]
    sort: SortFlag,

    /// Judge only these process metrics; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',', ignore_case = true, value_parser = metrics())]
    metric: Vec<Metric>,

    /// Keep only sites that match this glob (whole name or file); may be repeated
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,

    /// Leave out sites that match this glob; may be repeated
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Leave out what is older than this time (`2024-05-23 12:00:00`, RFC 3339, epoch seconds)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Moment>,

    /// Leave out what is newer than this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<Moment>,

    /// Forecast when a process reaches this size, such as 1GiB or 512M (powers of 1024)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    limit: Option<u64>,

    /// Units of sizes
    #[arg(long, value_name = "UNITS", default_value = "auto")]
    units: UnitsFlag,

    /// Read every input in this format, whatever it looks like
    #[arg(long, value_name = "FORMAT", value_parser = input_formats())]
    input_format: Option<&'static dyn InputFormat>,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = output_formats())]
    pub format: &'static dyn OutputFormat,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: ColourFlag,

    /// Columns of the table [default: those of the terminal, 100 in a pipe]
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..))]
    width: Option<u16>,

    /// Draw with ASCII characters only
    #[arg(long)]
    ascii: bool,

    /// Exit with 2 if any line could not be read
    #[arg(long)]
    pub strict: bool,

    /// Say more: inputs, tests, every place that could not be read
    #[arg(short, long, action = ArgAction::SetTrue, conflicts_with = "quiet")]
    verbose: bool,

    /// Say only what grows
    #[arg(short, long, action = ArgAction::SetTrue)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SortFlag {
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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum UnitsFlag {
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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ColourFlag {
    /// On a terminal, unless NO_COLOR is set; anywhere if CLICOLOR_FORCE is
    Auto,
    /// Whatever the output is
    Always,
    /// Not at all
    Never,
}

impl Flags {
    /// The wish for colours.
    pub const fn colour(&self) -> ColorChoice {
        match self.color {
            ColourFlag::Auto => ColorChoice::Auto,
            ColourFlag::Always => ColorChoice::Always,
            ColourFlag::Never => ColorChoice::Never,
        }
    }

    /// What to read: what was named, else standard input where something is piped into it.
    ///
    /// # Errors
    /// [`Error::Request`] if nothing was named and standard input is a terminal.
    pub fn paths(&self) -> Result<Vec<PathBuf>, Error> {
        if !self.paths.is_empty() {
            return Ok(self.paths.clone());
        }
        if std::io::stdin().is_terminal() {
            return Err(Error::Request(
                "nothing to read: name a report, a log or a folder of snapshots (--help shows examples)"
                    .to_owned(),
            ));
        }
        Ok(vec![PathBuf::from("-")])
    }

    /// What the flags mean for the analysis.
    ///
    /// # Errors
    /// [`Error::Request`] if the window of time is empty.
    pub fn options(&self) -> Result<Options, Error> {
        if let (Some(since), Some(until)) = (self.since, self.until)
            && since.seconds > until.seconds
        {
            return Err(Error::Request("--since is later than --until".to_owned()));
        }
        #[allow(clippy::cast_precision_loss)]
        let limit_bytes = self.limit.map(|bytes| bytes as f64);
        Ok(Options {
            input_format: self.input_format,
            metrics: self.metric.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            since: self.since,
            until: self.until,
            limits: Limits { limit_bytes, ..Limits::default() },
            plots: self.format.draws(),
            sort: match self.sort {
                SortFlag::Growth => SortKey::Growth,
                SortFlag::Rate => SortKey::Rate,
                SortFlag::Size => SortKey::Size,
                SortFlag::Probability => SortKey::Probability,
                SortFlag::Blocks => SortKey::Blocks,
                SortFlag::Name => SortKey::Name,
            },
            detailed: self.top().map_or(Detailed::All, Detailed::First),
            ..Options::default()
        })
    }

    /// How many sites are shown at most; all where `None`.
    fn top(&self) -> Option<usize> {
        match self.top {
            Some(0) => None,
            Some(top) => Some(top),
            None => self.format.default_top(),
        }
    }

    /// How the output looks on this terminal.
    pub fn style(&self, terminal: &Terminal) -> Style {
        Style {
            width: self.width.map_or(terminal.width, usize::from),
            colour: terminal.colour,
            top: self.top(),
            units: match self.units {
                UnitsFlag::Auto => Units::Auto,
                UnitsFlag::B => Units::Bytes,
                UnitsFlag::Kib => Units::Kib,
                UnitsFlag::Mib => Units::Mib,
                UnitsFlag::Gib => Units::Gib,
                UnitsFlag::Decimal => Units::Decimal,
            },
            detail: match (self.quiet, self.verbose) {
                (true, _) => Detail::Quiet,
                (_, true) => Detail::Verbose,
                _ => Detail::Normal,
            },
            ascii: self.ascii,
        }
    }
}

fn metrics() -> impl TypedValueParser<Value = Metric> {
    one_of(Metric::ALL.map(Metric::name), |name| {
        Metric::ALL.into_iter().find(|metric| metric.name().eq_ignore_ascii_case(name))
    })
}

fn moment(text: &str) -> Result<Moment, String> {
    let with_time = format!("{text} 00:00:00");
    let mut clock = Clock::new();
    clock
        .date_line(text)
        .or_else(|| clock.date_line(&with_time))
        .ok_or_else(|| "expected a time such as 2024-05-23T11:56:35Z or 2024-05-23 11:56:35".to_owned())
}

fn size(text: &str) -> Result<u64, String> {
    parse_size::Config::new()
        .with_binary()
        .parse_size(text)
        .map_err(|e| format!("{e}; expected a size such as 1GiB or 512M"))
}

fn input_formats() -> impl TypedValueParser<Value = &'static dyn InputFormat> {
    one_of(formats::INPUT_FORMATS.iter().map(|f| f.name()), formats::by_name)
}

fn output_formats() -> impl TypedValueParser<Value = &'static dyn OutputFormat> {
    one_of(report::OUTPUT_FORMATS.iter().map(|f| f.name()), report::by_name)
}

/// One of these names, and what it stands for.
fn one_of<T: Clone + Send + Sync + 'static>(
    names: impl IntoIterator<Item = &'static str>,
    named: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(move |name| named(&name).ok_or("nothing has this name"))
}
