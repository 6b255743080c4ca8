//! Entries of baseline and configuration, matched with potential findings.

use foldhash::{HashMap, HashSet};

use super::baseline::BaselineEntry;
use super::types::{Accepted, Checked, Stale};
use crate::assessment::Assessment;
use crate::verdict::{JudgedProcess, JudgedSite, Rate, Trend};

/// The entries of baseline and configuration, and which of them matched.
pub struct BaselineMatcher<'a> {
    pub accepted: &'a Accepted<'a>,
    /// The entries of processes, by process and metric.
    of_processes: HashMap<(Option<&'a str>, &'a str), Vec<usize>>,
    used_known: Vec<bool>,
    used_allowed: Vec<bool>,
}

impl<'a> BaselineMatcher<'a> {
    pub fn new(accepted: &'a Accepted<'a>) -> Self {
        let (used_known, used_allowed) =
            (vec![false; accepted.known.len()], vec![false; accepted.allowances]);
        let mut of_processes: HashMap<_, Vec<usize>> = HashMap::default();
        for (entry, known) in accepted.known.iter().enumerate() {
            if let BaselineEntry::Process { process, metric, .. } = known {
                of_processes.entry((process.as_deref(), metric.as_str())).or_default().push(entry);
            }
        }
        Self { accepted, of_processes, used_known, used_allowed }
    }

    /// Returns the entry that knows a process. An entry is of one series. Two processes may have one name, or none: of
    /// several entries it is the lowest that covers this one.
    pub fn entry_of(&self, process: &JudgedProcess) -> Option<usize> {
        let rate =
            |entry: &usize| self.accepted.known[*entry].rate().map_or(f64::INFINITY, |rate| rate.value);
        let entries = self.of_processes.get(&name_of(process)).map(Vec::as_slice).unwrap_or_default();
        let is_of = |entry: &usize| !self.used_known[*entry] && self.accepted.known[*entry].is_of(process);
        let unused: Vec<usize> = entries.iter().copied().filter(is_of).collect();
        let covers = |entry: &&usize| self.accepted.known[**entry].covers(&process.trend);
        let lowest = unused.iter().filter(covers).min_by(|a, b| rate(a).total_cmp(&rate(b)));
        lowest.or(unused.first()).copied()
    }

    /// Whether a site is allowed to grow.
    pub fn allows(&mut self, site: &JudgedSite) -> bool {
        let entry = (self.accepted.allowed)(site);
        entry.iter().for_each(|&entry| self.used_allowed[entry] = true);
        entry.is_some()
    }

    /// Whether a finding is known and no worse; if not, the rate that was known. `now` makes its entry in a new
    /// baseline.
    pub fn accepts(
        &mut self,
        entry: Option<usize>,
        now: impl FnOnce() -> BaselineEntry,
        trend: &Trend,
        checked: &mut Checked,
    ) -> Result<(), Option<Box<Rate>>> {
        let known = entry.map(|entry| &self.accepted.known[entry]);
        entry.iter().for_each(|&entry| self.used_known[entry] = true);
        if self.accepted.renewed {
            let mut now = now();
            known.iter().for_each(|known| now.keep_reason(known));
            checked.baseline.push(now);
        }
        match known {
            Some(known) if known.covers(trend) => Ok(()),
            known => Err(known.and_then(BaselineEntry::rate).map(Box::new)),
        }
    }

    /// Reports the entries that are of no use any more.
    pub fn close(self, assessment: &Assessment, site_of: &[Option<usize>], checked: &mut Checked) {
        let known = self.accepted.known;
        let all_found = site_of.iter().all(Option::is_some);
        let sites = assessment.sites.iter().filter(|_| !all_found);
        let texts: HashSet<String> = sites.map(|site| site.history.site.text()).collect();
        let mut there = vec![false; known.len()];
        for judged in &assessment.processes {
            for &entry in self.of_processes.get(&name_of(judged)).into_iter().flatten() {
                there[entry] |= known[entry].is_of(judged);
            }
        }
        let is_there = |entry: usize| match &known[entry] {
            // Of several sites of its name another one may have taken its place.
            BaselineEntry::Site { site, .. } => site_of[entry].is_some() || texts.contains(site),
            BaselineEntry::Process { .. } => there[entry],
        };
        let why = |entry: usize| if is_there(entry) { Stale::NoFinding } else { Stale::Gone };
        checked.stale_known = unused(&self.used_known).map(|entry| (entry, why(entry))).collect();
        checked.stale_allowed = unused(&self.used_allowed).collect();
    }
}

/// The process and the metric by which an entry is of a series.
fn name_of(judged: &JudgedProcess) -> (Option<&str>, &str) {
    (judged.process.process.as_deref(), judged.process.metric.name())
}

fn unused(used: &[bool]) -> impl Iterator<Item = usize> {
    used.iter().enumerate().filter(|(_, used)| !**used).map(|(entry, _)| entry)
}
