//! The command line.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{ArgAction, Parser, ValueHint};

use super::generate::Generated;
use super::parsed::{Parsed, Period};
use super::settings::Settings;
use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  leakdiff report.txt                     does the process grow: how fast, how sure, since when
  leakdiff snapshots/*.txt --top 10       tracemalloc dumps: the ten most certain growers
  leakdiff report.txt service.log         both at once: how much of the growth do the sites explain
  kubectl logs my-pod | leakdiff -        a service log on standard input
  leakdiff report.txt --limit 1GiB        when will it reach its limit
  leakdiff logs/ --exclude decoder.py -v  without some sites, with every line that could not be read
  leakdiff --check report.txt app.log     in CI: exit code 1 if anything grows (docs/ci.md)
  leakdiff app.log --per 'req=(?<n>\\d+)'  growth for each request, whatever the load does
  leakdiff diff.log --iterations 10000    what each iteration keeps, of one compare_to list
  leakdiff --compare before/ after/       what grows faster, what stopped, what is new
  leakdiff snapshots/ --format json       everything, for programs
  leakdiff report.txt --follow            again whenever it grows: what changes

How to record, with nothing but a shell:
  while true; do date -u; grep Rss /proc/1/status; sleep 600; done >> report.txt
and in Python, with recorder/leakdiff_record.py beside the service:
  leakdiff_record.start(\"/var/tmp/leak\", every=60)

All options with a long name may also stand in leakdiff.toml, in this folder or one above it.

Exit codes: 0 analysed; 1 with --check, a finding; 2 the command line is wrong or an input could not
be used.";

/// Options that make no sense for a comparison of two recordings.
const OF_ONE_RECORDING: [&str; 12] = [
    "baseline",
    "write_baseline",
    "source_root",
    "plot",
    "iterations",
    "sort",
    "fold_below",
    "min_probability",
    "max_growth",
    "max_site_growth",
    "limit",
    "within",
];

/// Reports what keeps growing in saved memory logs: RSS reports of a shell loop and tracemalloc dumps.
///
/// Formats are recognised by content and may be mixed; several files are one recording, in the order of
/// their times or names.
#[derive(Debug, Parser)]
#[command(name = "leakdiff", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Flags {
    /// Files or folders, `-` for standard input; gzip, bzip2, xz and zstd are unpacked
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// The settings, which may also stand in a configuration file.
    #[command(flatten)]
    pub settings: Settings,

    /// Compare two recordings, before and after: folders, files, or their reports from --format json
    #[arg(long, action = ArgAction::SetTrue, conflicts_with_all = OF_ONE_RECORDING)]
    pub compare: bool,

    /// Judge the recording again whenever it grows, and print what changes: every 10 s, or another period
    #[arg(
        long,
        value_name = "TIME",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "10s",
        value_parser = Parsed::<Period>::read,
        conflicts_with_all = ["compare", "check", "write_baseline", "output", "explain_input", "print_config"]
    )]
    pub follow: Option<Parsed<Period>>,

    /// Write all findings to the file of --baseline, and so accept them from now on
    #[arg(long, help_heading = "Checks", action = ArgAction::SetTrue)]
    pub write_baseline: bool,

    /// Write to this file instead of standard output
    #[arg(short, long, help_heading = "Output", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Explain each input (format and evidence for it, subjects, times, lines that could not be read); judge nothing
    #[arg(long, help_heading = "Output", action = ArgAction::SetTrue, conflicts_with_all = ["compare", "check", "write_baseline"])]
    pub explain_input: bool,

    /// Write completions for a shell, or the manual page, instead of a report
    #[arg(long, help_heading = "Output", value_name = "WHAT", conflicts_with = "paths")]
    pub generate: Option<Generated>,

    /// Read settings from this file [default: leakdiff.toml in this folder or one above it]
    #[arg(long, help_heading = "Configuration", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// Read settings from no file
    #[arg(long, help_heading = "Configuration", action = ArgAction::SetTrue, conflicts_with = "config")]
    pub no_config: bool,

    /// Show the settings in force and their origins; analyse nothing
    #[arg(long, help_heading = "Configuration", action = ArgAction::SetTrue)]
    pub print_config: bool,
}

impl Flags {
    /// Returns the named paths, else `-` if standard input is no terminal.
    ///
    /// # Errors
    /// [`Error::NothingToRead`] if nothing was named and standard input is a terminal.
    pub fn paths(&self) -> Result<Vec<PathBuf>, Error> {
        if !self.paths.is_empty() {
            return Ok(self.paths.clone());
        }
        if std::io::stdin().is_terminal() {
            return Err(Error::NothingToRead);
        }
        Ok(vec![PathBuf::from("-")])
    }

    /// Returns the named paths, which can be read more than once.
    ///
    /// # Errors
    /// [`Error::Usage`] if nothing was named, or standard input.
    pub fn paths_of_files(&self) -> Result<Vec<PathBuf>, Error> {
        if self.paths.is_empty() || self.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Error::Usage {
                option: "--follow",
                expected: "files or folders, which can be read again".to_owned(),
                found: "standard input".to_owned(),
            });
        }
        Ok(self.paths.clone())
    }
}
