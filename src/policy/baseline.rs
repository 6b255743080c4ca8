//! Baselines: growth that is known already, found again when lines have moved.

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::moved_sites::{Named, find_named};
use crate::model::{Site, SourceCode, SubjectKind};
use crate::verdict::{JudgedProcess, JudgedSite, Rate, Trend};

/// The layout of a baseline, for programs that read it.
pub const BASELINE_SCHEMA: &str = "leakdiff-baseline/1";

/// Growth that was reviewed and accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// [`BASELINE_SCHEMA`].
    pub schema: String,
    /// Known series, sites by their names and processes after them.
    pub known: Vec<BaselineEntry>,
}

impl Default for Baseline {
    fn default() -> Self {
        Self { schema: BASELINE_SCHEMA.to_owned(), known: Vec::new() }
    }
}

/// One series of known growth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum BaselineEntry {
    /// An allocation site.
    Site {
        /// The text that identifies it.
        site: String,
        /// The function it is in, where the source code was at hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        function: Option<String>,
        /// Mean size of its blocks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        block_bytes: Option<f64>,
        /// Its rate, if that was known.
        rate: Option<Rate>,
        /// The reason for accepting it; written by hand, and kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A process.
    Process {
        /// Its name, where reports name several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        process: Option<String>,
        /// The name of the only process, where the report has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The metric.
        metric: String,
        /// Its rate, if that was known.
        rate: Option<Rate>,
        /// The reason for accepting it; written by hand, and kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

impl BaselineEntry {
    /// Returns the entry of a site as it is now.
    #[must_use]
    pub fn site(site: &JudgedSite, code: &SourceCode) -> Self {
        Self::Site {
            site: site.history.site.text(),
            function: function(&site.history.site, code).map(str::to_owned),
            block_bytes: block_bytes(site),
            rate: site.bytes.slope,
            reason: None,
        }
    }

    /// Returns the entry of a process as it is now.
    #[must_use]
    pub fn process(judged: &JudgedProcess) -> Self {
        let JudgedProcess { process, trend, .. } = judged;
        Self::Process {
            process: process.process.clone(),
            name: Some(&process.subject)
                // The name of a pod or a container changes with a deployment.
                .filter(|subject| process.process.is_none() && subject.kind == SubjectKind::Process)
                .and_then(|subject| subject.name.clone()),
            metric: process.metric.name().to_owned(),
            rate: trend.slope,
            reason: None,
        }
    }

    /// Whether this is of a process.
    #[must_use]
    pub fn is_of(&self, judged: &JudgedProcess) -> bool {
        let Self::Process { process, name, metric, .. } = self else { return false };
        let now = &judged.process;
        // A process that is named now, and was not, may be the same.
        let is_other = name.as_ref().zip(now.subject.name.as_ref()).is_some_and(|(name, now)| name != now);
        *process == now.process && metric == now.metric.name() && !is_other
    }

    /// The known rate.
    #[must_use]
    pub const fn rate(&self) -> Option<Rate> {
        match self {
            Self::Site { rate, .. } | Self::Process { rate, .. } => *rate,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Site { site, .. } => site.clone(),
            Self::Process { process: Some(process), metric, .. } => format!("{process} {metric}"),
            Self::Process { process: None, metric, .. } => metric.clone(),
        }
    }

    /// Takes over the reason that was written by hand.
    pub fn keep_reason(&mut self, of: &Self) {
        let (Self::Site { reason: old, .. } | Self::Process { reason: old, .. }) = of;
        let (Self::Site { reason, .. } | Self::Process { reason, .. }) = self;
        reason.clone_from(old);
    }

    /// Whether a series of this trend grows no faster than the entry says.
    #[must_use]
    pub fn covers(&self, trend: &Trend) -> bool {
        let (Some(known), Some(now)) = (self.rate(), trend.slope) else { return true };
        // A rate above the known interval is worse, and one in another unit cannot be held against it.
        now.unit == known.unit && known.high.is_none_or(|high| now.value <= high)
    }
}

/// For each known series the site that it is of, as [`find_named`] finds it. An entry is of one site; of several sites
/// of one name those that would be findings take the entries.
#[must_use]
pub fn find(
    known: &[BaselineEntry],
    sites: &[JudgedSite],
    code: &SourceCode,
    would_be_finding: impl Fn(usize) -> bool,
) -> Vec<Option<usize>> {
    if known.is_empty() {
        return Vec::new();
    }
    let texts: Vec<String> = sites.iter().map(|site| site.history.site.text()).collect();
    let there = texts.iter().zip(sites).map(|(text, site)| Named {
        text,
        block_bytes: block_bytes(site),
        function: function(&site.history.site, code),
        ..Named::default()
    });
    let there: Vec<Named<'_>> = there.collect();
    // A process is no site: its empty name is that of none.
    let wanted: Vec<Named<'_>> = known
        .iter()
        .map(|entry| match entry {
            BaselineEntry::Site { site, block_bytes, function, .. } => {
                let function = function.as_deref();
                Named { text: site, block_bytes: *block_bytes, function, ..Named::default() }
            }
            BaselineEntry::Process { .. } => Named::default(),
        })
        .collect();
    let mut found = find_named(&wanted, &there);
    // Entries and sites of each name that an entry has.
    let mut of_name: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::default();
    for (entry, site) in wanted.iter().enumerate().filter(|(_, site)| !site.text.is_empty()) {
        of_name.entry(site.text).or_default().0.push(entry);
    }
    for (i, text) in texts.iter().enumerate() {
        if let Some((_, sites)) = of_name.get_mut(text.as_str()) {
            sites.push(i);
        }
    }
    for (entries, mut rivals) in
        of_name.into_values().filter(|(entries, rivals)| entries.len() + rivals.len() > 2)
    {
        rivals.retain(|site| would_be_finding(*site));
        share(known, sites, entries, rivals, &mut found);
    }
    found
}

/// Gives entries of one name to sites of that name: each site the lowest entry that covers it, if one does; of the
/// others the fastest site the highest.
fn share(
    known: &[BaselineEntry],
    sites: &[JudgedSite],
    mut entries: Vec<usize>,
    mut rivals: Vec<usize>,
    found: &mut [Option<usize>],
) {
    // An entry without a rate covers any, and nothing is known of a site without one.
    let highest = |entry: usize| known[entry].rate().and_then(|rate| rate.high).unwrap_or(f64::INFINITY);
    let value = |site: usize| sites[site].bytes.slope.map_or(f64::NEG_INFINITY, |rate| rate.value);
    entries.sort_by(|a, b| highest(*a).total_cmp(&highest(*b)));
    rivals.sort_by(|a, b| value(*a).total_cmp(&value(*b)));
    entries.iter().for_each(|entry| found[*entry] = None);
    let (mut passed, mut uncovered) = (Vec::new(), Vec::new());
    let mut entries = entries.into_iter().peekable();
    for site in rivals {
        while let Some(entry) = entries.next_if(|entry| !known[*entry].covers(&sites[site].bytes)) {
            passed.push(entry);
        }
        match entries.next() {
            Some(entry) => found[entry] = Some(site),
            None => uncovered.push(site),
        }
    }
    for (entry, site) in passed.into_iter().rev().zip(uncovered.into_iter().rev()) {
        found[entry] = Some(site);
    }
}

/// The function that a site is in; of a traceback that of its innermost frame.
fn function<'a>(site: &Site, code: &'a SourceCode) -> Option<&'a str> {
    code.line(site.file()?, site.line()?)?.function.as_deref()
}

#[allow(clippy::cast_precision_loss)]
fn block_bytes(site: &JudgedSite) -> Option<f64> {
    let blocks = site.profile.last_blocks.filter(|blocks| *blocks > 0)?;
    Some(site.profile.last_bytes.value / blocks as f64)
}
