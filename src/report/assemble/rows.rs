//! Rows that are made when they are wanted.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::findings;
use super::site::{SitePlace, site_row};
use crate::assessment::Assessment;
use crate::model::SourceCode;
use crate::policy;
use crate::report::document::{Finding, MakeRows, SiteRow, SubjectRow};

/// Fewer rows than this are no work for another thread: without details, and with them.
const LEAST_ROWS: usize = 1000;
const LEAST_DETAILED_ROWS: usize = 8;

/// The conclusions that rows are made of, and the facts that go with them.
pub struct Conclusions {
    pub assessment: Assessment,
    /// The findings of the check.
    pub findings: Vec<policy::Finding>,
    /// The rank of each site, from 1.
    pub rank_of: Vec<u64>,
    /// The number of the group of each site.
    pub group_of: Vec<Option<u64>>,
    /// The subjects of all heaps, as rows.
    pub subjects: Vec<Arc<SubjectRow>>,
    /// The source code of the sites, as far as it is at hand.
    pub code: SourceCode,
    /// Iterations of the program between the two snapshots of a difference.
    pub iterations: Option<u64>,
    /// Whether the series are wanted as they are drawn.
    pub plots: bool,
    /// Whether processes are named with their sources.
    pub with_sources: bool,
}

impl Conclusions {
    /// Makes the row of the site of a place in the ranking, with its details if they were asked for.
    fn site(&self, place: usize) -> SiteRow {
        let Assessment { sites, ranking, detailed, judge, histories, materiality, .. } = &self.assessment;
        let i = ranking[place];
        let of = SitePlace {
            rank: self.rank_of[i],
            group: self.group_of[i],
            folded: materiality.folded[i],
            heap: histories,
            subjects: &self.subjects,
            iterations: self.iterations,
        };
        if !detailed[i] {
            return site_row(&sites[i], &of, &self.code, self.plots);
        }
        let mut judged = sites[i].clone();
        judge.add_details(&mut judged);
        site_row(&judged, &of, &self.code, self.plots)
    }
}

/// The rows of all sites, in the order of the ranking.
pub struct SiteRows(pub Arc<Conclusions>);

impl MakeRows<SiteRow> for SiteRows {
    fn rows(&self) -> usize {
        self.0.assessment.ranking.len()
    }

    fn make(&self, places: Range<usize>) -> Vec<SiteRow> {
        let has_details = places.clone().any(|place| {
            let Assessment { ranking, detailed, .. } = &self.0.assessment;
            detailed[ranking[place]]
        });
        let least = if has_details { LEAST_DETAILED_ROWS } else { LEAST_ROWS };
        places.into_par_iter().with_min_len(least).map(|place| self.0.site(place)).collect()
    }
}

/// The rows of all findings, in the order of the check.
pub struct FindingRows(pub Arc<Conclusions>);

impl MakeRows<Finding> for FindingRows {
    fn rows(&self) -> usize {
        self.0.findings.len()
    }

    fn make(&self, places: Range<usize>) -> Vec<Finding> {
        let Conclusions { assessment, findings, rank_of, with_sources, .. } = &*self.0;
        let row = |finding: &policy::Finding| findings::row(assessment, finding, rank_of, *with_sources);
        findings[places].par_iter().with_min_len(LEAST_ROWS).map(row).collect()
    }
}
