//! The rules by their names. docs/rules.md has a section for each, held against this list by a test.

use serde::{Deserialize, Serialize};

use crate::verdict::Verdict;

/// A rule of a check. The names are stable: baselines, suppressions and dashboards know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A process grows.
    ProcessGrowing,
    /// A process grows faster than is accepted.
    ProcessGrowth,
    /// The evidence does not decide whether a process grows.
    ProcessUnclear,
    /// A process grew, and has stopped.
    ProcessSettled,
    /// A process reaches its limit too soon, or is beyond it.
    LimitReached,
    /// A site grows.
    SiteGrowing,
    /// A site grows faster than is accepted.
    SiteGrowth,
    /// The evidence does not decide whether a site grows.
    SiteUnclear,
    /// A site grew, and has stopped.
    SiteSettled,
    /// There are too few points for a verdict.
    TooFewPoints,
    /// A limit on growth is per unit of time, and the recording has no times.
    NotComparable,
    /// Not all of an input could be read.
    IncompleteInput,
    /// An input holds a form of memory log that is known by sight, and not read.
    NotRead,
}

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It should stop a release.
    Error,
    /// It should be looked at.
    Warning,
}

impl Severity {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Rule {
    /// All rules, in the order of their severity and of the page that documents them.
    pub const ALL: [Self; 13] = [
        Self::ProcessGrowing,
        Self::ProcessGrowth,
        Self::LimitReached,
        Self::SiteGrowing,
        Self::SiteGrowth,
        Self::ProcessUnclear,
        Self::ProcessSettled,
        Self::SiteUnclear,
        Self::SiteSettled,
        Self::TooFewPoints,
        Self::NotComparable,
        Self::IncompleteInput,
        Self::NotRead,
    ];

    /// The stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::ProcessGrowing => "process-growing",
            Self::ProcessGrowth => "process-growth",
            Self::ProcessUnclear => "process-unclear",
            Self::ProcessSettled => "process-settled",
            Self::LimitReached => "limit-reached",
            Self::SiteGrowing => "site-growing",
            Self::SiteGrowth => "site-growth",
            Self::SiteUnclear => "site-unclear",
            Self::SiteSettled => "site-settled",
            Self::TooFewPoints => "too-few-points",
            Self::NotComparable => "not-comparable",
            Self::IncompleteInput => "incomplete-input",
            Self::NotRead => "not-read",
        }
    }

    /// Its meaning, in one sentence.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::ProcessGrowing => "The memory of a process keeps growing at the end of the recording.",
            Self::ProcessGrowth => "The memory of a process grows faster than --max-growth accepts.",
            Self::ProcessUnclear => "The evidence does not decide whether the memory of a process grows.",
            Self::ProcessSettled => "The memory of a process grew, and has stopped or is stopping.",
            Self::LimitReached => {
                "The memory of a process is above --limit, or is expected to be within the time of --within."
            }
            Self::SiteGrowing => "An allocation site keeps growing at the end of the recording.",
            Self::SiteGrowth => "An allocation site grows faster than --max-site-growth accepts.",
            Self::SiteUnclear => "The evidence does not decide whether an allocation site grows.",
            Self::SiteSettled => "An allocation site grew, and has stopped or is stopping.",
            Self::TooFewPoints => "There are fewer samples or snapshots than --min-points requires.",
            Self::NotComparable => "A limit per unit of time is set, and the recording has no times.",
            Self::IncompleteInput => "An input could not be read to its end, and growth may lie in the rest.",
            Self::NotRead => {
                "An input holds a form of memory log that is not read, and growth may lie in it."
            }
        }
    }

    /// Its severity.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::ProcessUnclear | Self::ProcessSettled | Self::SiteUnclear | Self::SiteSettled => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }

    /// Whether a baseline can hold it.
    #[must_use]
    pub const fn can_be_known(self) -> bool {
        !matches!(self, Self::LimitReached | Self::TooFewPoints | Self::NotComparable) && !self.is_of_input()
    }

    /// Whether it says that growth may lie in something that was not read, so that the check itself is incomplete.
    #[must_use]
    pub const fn is_of_input(self) -> bool {
        matches!(self, Self::IncompleteInput | Self::NotRead)
    }

    /// The rule that a verdict on a process breaks, if there is one.
    pub(super) const fn of_process(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Growing => Some(Self::ProcessGrowing),
            Verdict::Unclear => Some(Self::ProcessUnclear),
            Verdict::Settled => Some(Self::ProcessSettled),
            Verdict::Steady | Verdict::Shrinking => None,
        }
    }

    /// Likewise for a site.
    pub(super) const fn of_site(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Growing => Some(Self::SiteGrowing),
            Verdict::Unclear => Some(Self::SiteUnclear),
            Verdict::Settled => Some(Self::SiteSettled),
            Verdict::Steady | Verdict::Shrinking => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_its_own_name() {
        for (i, rule) in Rule::ALL.iter().enumerate() {
            assert!(Rule::ALL[..i].iter().all(|other| other.id() != rule.id() && other != rule));
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.id());
        }
    }

    #[test]
    fn the_page_of_rules_has_a_section_for_each() {
        let page = include_str!("../../docs/rules.md");
        let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        for rule in Rule::ALL {
            assert!(sections.contains(&format!("`{}`", rule.id()).as_str()), "{}", rule.id());
        }
        assert!(sections.iter().filter(|s| s.starts_with('`')).count() == Rule::ALL.len());
    }
}
