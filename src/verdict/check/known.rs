//! What is known already: the growth of a baseline, and how it is found again when lines have moved.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::rate::Rate;
use crate::model::{Place, Site};
use crate::verdict::{JudgedProcess, JudgedSite, Trend};

/// The layout of a baseline, for programs that read it.
pub const SCHEMA: &str = "leakdiff-baseline/1";

/// Growth that somebody looked at and left as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// [`SCHEMA`].
    pub schema: String,
    /// What is known, sites by their names and processes behind them.
    pub known: Vec<Known>,
}

impl Default for Baseline {
    fn default() -> Self {
        Self { schema: SCHEMA.to_owned(), known: Vec::new() }
    }
}

/// One series whose growth is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Known {
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
        /// How fast it grew, if that was known.
        rate: Option<Rate>,
        /// Why it is left as it is; written by hand, and kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A process.
    Process {
        /// Its name, where reports name several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        process: Option<String>,
        /// What was measured.
        metric: String,
        /// How fast it grew, if that was known.
        rate: Option<Rate>,
        /// Why it is left as it is; written by hand, and kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// Finds the function that a line of a file is in; the caller knows where the code lies.
pub type FunctionOf<'a> = dyn Fn(&str, u32) -> Option<String> + Sync + 'a;

impl Known {
    /// What is to be known of a site from now on.
    #[must_use]
    pub fn site(site: &JudgedSite, function_of: &FunctionOf<'_>) -> Self {
        Self::Site {
            site: site.history.site.text(),
            function: function(&site.history.site, function_of),
            block_bytes: block_bytes(site),
            rate: Rate::of(&site.bytes),
            reason: None,
        }
    }

    /// What is to be known of a process from now on.
    #[must_use]
    pub fn process(judged: &JudgedProcess) -> Self {
        let JudgedProcess { process, trend, .. } = judged;
        Self::Process {
            process: process.process.clone(),
            metric: process.metric.name().to_owned(),
            rate: Rate::of(trend),
            reason: None,
        }
    }

    /// Whether this is of a process.
    #[must_use]
    pub fn is_of(&self, judged: &JudgedProcess) -> bool {
        matches!(self, Self::Process { process, metric, .. }
            if *process == judged.process.process && metric == judged.process.metric.name())
    }

    /// The known rate.
    #[must_use]
    pub const fn rate(&self) -> Option<Rate> {
        match self {
            Self::Site { rate, .. } | Self::Process { rate, .. } => *rate,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Site { site, .. } => site.clone(),
            Self::Process { process: Some(process), metric, .. } => format!("{process} {metric}"),
            Self::Process { process: None, metric, .. } => metric.clone(),
        }
    }

    /// Takes over what was written by hand.
    pub fn keep_reason(&mut self, of: &Self) {
        let (Self::Site { reason: old, .. } | Self::Process { reason: old, .. }) = of;
        let (Self::Site { reason, .. } | Self::Process { reason, .. }) = self;
        reason.clone_from(old);
    }

    /// Whether a series that grows at this trend is no worse than what is known.
    #[must_use]
    pub fn covers(&self, trend: &Trend) -> bool {
        self.rate().is_none_or(|rate| !rate.is_exceeded_by(trend))
    }
}

/// Lines may have moved by so many, if nothing tells the function.
const NEARBY_LINES: u32 = 30;
/// Blocks on average may differ by this share.
const SAME_BLOCKS: f64 = 0.05;

/// For each known series the site that it is of: by name, else, where lines have moved, the one in the same file and
/// function (or nearby) whose blocks are as large on average.
#[must_use]
pub fn find(known: &[Known], sites: &[JudgedSite], function_of: &FunctionOf<'_>) -> Vec<Option<usize>> {
    let mut found = vec![None; known.len()];
    if known.is_empty() {
        return found;
    }
    let texts: Vec<String> = sites.iter().map(|site| site.history.site.text()).collect();
    let by_name: FxHashMap<&str, usize> =
        texts.iter().enumerate().rev().map(|(i, text)| (text.as_str(), i)).collect();
    let mut taken = vec![false; sites.len()];
    for (found, entry) in found.iter_mut().zip(known) {
        let Known::Site { site, .. } = entry else { continue };
        *found = by_name.get(site.as_str()).copied();
        found.iter().for_each(|&i| taken[i] = true);
    }
    let mut by_files: FxHashMap<Vec<&str>, Vec<usize>> = FxHashMap::default();
    for (i, text) in texts.iter().enumerate().filter(|(i, _)| !taken[*i]) {
        by_files.entry(frames(text).map(|(file, _)| file).collect()).or_default().push(i);
    }
    let mut moves: Vec<(u32, usize, usize)> = Vec::new();
    for (e, entry) in known.iter().enumerate().filter(|(e, _)| found[*e].is_none()) {
        let Known::Site { site: text, function: was_in, block_bytes: Some(size), .. } = entry else {
            continue;
        };
        let files: Vec<&str> = frames(text).map(|(file, _)| file).collect();
        for &i in by_files.get(&files).into_iter().flatten() {
            let distance = distance(text, &texts[i]);
            let same_size =
                block_bytes(&sites[i]).is_some_and(|now| (now - size).abs() <= SAME_BLOCKS * size);
            let same_function =
                || was_in.is_some() && *was_in == function(&sites[i].history.site, function_of);
            if same_size && (distance <= NEARBY_LINES || same_function()) {
                moves.push((distance, e, i));
            }
        }
    }
    // The nearest first; a site has moved from one place only.
    moves.sort_unstable();
    for (_, e, i) in moves {
        if found[e].is_none() && !taken[i] {
            (found[e], taken[i]) = (Some(i), true);
        }
    }
    found
}

/// The frames of a site's text: file and line, or all of it where there is no line.
fn frames(text: &str) -> impl Iterator<Item = (&str, Option<u32>)> {
    text.split(" < ").map(|frame| {
        let (file, line) = frame.rsplit_once(':').unwrap_or((frame, ""));
        line.parse().map_or((frame, None), |line| (file, Some(line)))
    })
}

/// How far apart the lines of two sites in the same files are at most, frame by frame.
fn distance(a: &str, b: &str) -> u32 {
    let lines = frames(a).zip(frames(b)).map(|((_, a), (_, b))| a.zip(b).map_or(0, |(a, b)| a.abs_diff(b)));
    lines.max().unwrap_or(0)
}

fn function(site: &Site, function_of: &FunctionOf<'_>) -> Option<String> {
    match &site.place {
        Place::Line(frame) => function_of(&frame.file, frame.line),
        Place::Traceback(frames) => frames.first().and_then(|frame| function_of(&frame.file, frame.line)),
        Place::File(_) | Place::Lost(_) => None,
    }
}

#[allow(clippy::cast_precision_loss)]
fn block_bytes(site: &JudgedSite) -> Option<f64> {
    let blocks = site.profile.last_blocks.filter(|blocks| *blocks > 0)?;
    Some(site.profile.last_bytes.value / blocks as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_same_files_are_so_far_apart() {
        for (a, b, apart) in [
            ("/srv/a.py:10", "/srv/a.py:14", 4),
            ("a.py:1 < b.py:20", "a.py:3 < b.py:15", 5),
            ("C:\\srv\\a.py:7", "C:\\srv\\a.py:9", 2),
            ("a.py", "a.py", 0),
        ] {
            assert_eq!(distance(a, b), apart, "{a} and {b}");
        }
        let files = |text: &'static str| frames(text).map(|(file, _)| file).collect::<Vec<_>>();
        assert_eq!(files("C:\\a.py:7 < b.py:3 < c.py"), ["C:\\a.py", "b.py", "c.py"]);
        assert_ne!(files("a.py:1"), files("a.py:1 < b.py:2"));
    }
}
