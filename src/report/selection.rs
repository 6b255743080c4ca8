//! The sites that people see, and a summary of the others.

use std::borrow::Cow;

use super::columns::verdict;
use super::document::{RecordingFacts, Rows, SiteRow};
use super::quantity::{count, counted};
use super::{Detail, Style};
use crate::insight::Folded;
use crate::model::SiteUnit;
use crate::verdict::Verdict;

/// Sites that matter and are not of the profiler.
pub fn candidates(sites: &Rows<SiteRow>) -> impl Iterator<Item = Cow<'_, SiteRow>> {
    sites.one_by_one().filter(|site| is_candidate(site))
}

fn is_candidate(site: &SiteRow) -> bool {
    !site.profiler_overhead && site.folded.is_none()
}

/// The sites that are shown, and numbers of the others.
pub struct Selection<'a> {
    /// The rows that are shown: in the order of the ranking; all of them where everything is wanted.
    pub shown: Vec<Cow<'a, SiteRow>>,
    /// Numbers of the sites that are neither shown nor folded, by verdict.
    left_out: Words,
    small: Small,
    rare: u64,
}

/// The sites that gained too little to matter.
#[derive(Default)]
struct Small {
    sites: u64,
    words: Words,
    gained_bytes: f64,
}

impl<'a> Selection<'a> {
    /// Selects the sites to be shown.
    pub fn of(sites: &'a Rows<SiteRow>, style: &Style) -> Self {
        let mut selection =
            Self { shown: Vec::new(), left_out: Words::default(), small: Small::default(), rare: 0 };
        for site in sites.one_by_one() {
            selection.add(site, style);
        }
        selection
    }

    fn add(&mut self, site: Cow<'a, SiteRow>, style: &Style) {
        let is_wanted = match style.top {
            None => true,
            Some(top) => {
                self.shown.len() < top
                    && is_candidate(&site)
                    && match site.trend.verdict {
                        Verdict::Growing => true,
                        Verdict::Unclear | Verdict::Settled | Verdict::Shrinking => {
                            style.detail != Detail::Quiet
                        }
                        Verdict::Steady => false,
                    }
            }
        };
        match site.folded {
            _ if is_wanted => self.shown.push(site),
            None if site.profiler_overhead => self.left_out.add("of the profiler"),
            None => self.left_out.add(verdict(&site)),
            Some(Folded::BelowFloor) => {
                self.small.sites += 1;
                self.small.words.add(verdict(&site));
                if site.unit == SiteUnit::Bytes {
                    self.small.gained_bytes += site.last_bytes - site.first_bytes;
                }
            }
            Some(Folded::SeenRarely) => self.rare += 1,
        }
    }

    /// Numbers of the sites that are neither shown nor folded, by verdict.
    pub fn left_out(&self) -> Vec<String> {
        self.left_out.listed()
    }

    /// The sites that are folded, in one line; `None` where none is, or where all sites are shown.
    pub fn folded(&self, facts: &RecordingFacts, style: &Style) -> Option<String> {
        let Small { sites, words, gained_bytes } = &self.small;
        let mut parts = Vec::new();
        if *sites > 0 {
            let words = words.listed().join(", ");
            let floor = facts.fold_below_bytes.map(|floor| style.units.size(floor));
            parts.push(match floor {
                Some(floor) => format!(
                    "{} that gained less than {floor} each, {} together ({words})",
                    counted(*sites, "site"),
                    style.units.size(gained_bytes.max(0.0))
                ),
                None => format!("{} that gained too little to matter ({words})", counted(*sites, "site")),
            });
        }
        if self.rare > 0 {
            parts.push(format!("{} listed too rarely to judge", counted(self.rare, "site")));
        }
        (!parts.is_empty()).then(|| format!("Folded: {}.", parts.join("; ")))
    }
}

/// Words and how often each came, in the order in which they came first.
#[derive(Default)]
struct Words(Vec<(&'static str, u64)>);

impl Words {
    fn add(&mut self, word: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == word) {
            Some((_, n)) => *n += 1,
            None => self.0.push((word, 1)),
        }
    }

    fn listed(&self) -> Vec<String> {
        self.0.iter().map(|(word, n)| format!("{} {word}", count(*n))).collect()
    }
}
