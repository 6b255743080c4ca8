//! Settings that are one word of a few.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::formats::GroupBy;
use crate::insight::SortKey;
use crate::report::Units;
use crate::verdict::Verdict;

/// Orders of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortFlag {
    /// The most certain growth first, then sites that do not grow
    Growth,
    /// The highest rate first
    Rate,
    /// The most gained bytes first
    Gained,
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
    /// The package of that file
    Package,
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

impl From<SortFlag> for SortKey {
    fn from(flag: SortFlag) -> Self {
        match flag {
            SortFlag::Growth => Self::Growth,
            SortFlag::Rate => Self::Rate,
            SortFlag::Gained => Self::Gained,
            SortFlag::Size => Self::Size,
            SortFlag::Probability => Self::Probability,
            SortFlag::Blocks => Self::Blocks,
            SortFlag::Name => Self::Name,
        }
    }
}

impl From<GroupByFlag> for GroupBy {
    fn from(flag: GroupByFlag) -> Self {
        match flag {
            GroupByFlag::Line => Self::Line,
            GroupByFlag::File => Self::File,
            GroupByFlag::Package => Self::Package,
            GroupByFlag::Function => Self::Function,
            GroupByFlag::Traceback => Self::Traceback,
        }
    }
}

impl FailOn {
    /// Returns the verdict; `None` where only limits count.
    pub const fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Growing => Some(Verdict::Growing),
            Self::Unclear => Some(Verdict::Unclear),
            Self::Settled => Some(Verdict::Settled),
            Self::None => None,
        }
    }
}

impl From<UnitsFlag> for Units {
    fn from(flag: UnitsFlag) -> Self {
        match flag {
            UnitsFlag::Auto => Self::Auto,
            UnitsFlag::B => Self::Bytes,
            UnitsFlag::Kib => Self::Kib,
            UnitsFlag::Mib => Self::Mib,
            UnitsFlag::Gib => Self::Gib,
            UnitsFlag::Decimal => Self::Decimal,
        }
    }
}

impl From<ColourFlag> for anstream::ColorChoice {
    fn from(flag: ColourFlag) -> Self {
        match flag {
            ColourFlag::Auto => Self::Auto,
            ColourFlag::Always => Self::Always,
            ColourFlag::Never => Self::Never,
        }
    }
}
