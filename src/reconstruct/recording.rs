//! Everything given on one command line: records of all sources become series.

use super::history::{self, SiteHistory};
use super::history_facts::HistoryFacts;
use super::processes::ProcessSeries;
use super::source_order::in_order;
use super::subjects::process_series;
use crate::model::{SiteTable, SourceRecords};

/// All series of one command line.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// Series of processes and their like, those of one subject next to each other, in the order of the sources.
    pub processes: Vec<ProcessSeries>,
    /// Histories of heaps: one, unless dialects, workers or sources keep them apart.
    pub histories: Vec<HistoryFacts>,
    /// The sites of all histories.
    pub sites: Vec<SiteHistory>,
}

impl Recording {
    /// Joins all sources, which come in the order of the command line, by their subjects, and follows the sites of each
    /// heap. `tables` number the sources' sites; sources that list none need none.
    #[must_use]
    pub fn build(sources: Vec<SourceRecords>, tables: &[SiteTable]) -> Self {
        let sources: Vec<SourceRecords> = sources.into_iter().map(in_order).collect();
        let mut recording = Self { processes: process_series(&sources), ..Self::default() };
        history::follow(sources, tables, &mut recording.histories, &mut recording.sites);
        recording
    }

    /// Takes the snapshots of heaps that have no times as this many seconds apart.
    pub fn set_snapshot_period(&mut self, seconds: f64) {
        self.histories.iter_mut().for_each(|history| history.set_period(seconds));
    }
}
