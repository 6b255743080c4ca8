//! Options with a choice of words.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Orders of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortFlag {
    /// The most certain growth first, then sites that do not grow
    Growth,
    /// The highest rate first
    Rate,
    /// The largest size first
    Size,
    /// The highest probability of further growth first
    Probability,
    /// The fastest growing number of blocks first
    Blocks,
    /// By name
    Name,
}

/// Parts of a stack by which blocks are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupByFlag {
    /// The innermost line
    #[value(alias = "lineno")]
    #[serde(alias = "lineno")]
    Line,
    /// Its file
    #[value(alias = "filename")]
    #[serde(alias = "filename")]
    File,
    /// The innermost function
    Function,
    /// All frames
    Traceback,
}

/// A verdict that is a finding.
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
    /// The unit that fits: B, KiB, MiB, GiB
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
    /// In every output
    Always,
    /// In no output
    Never,
}
