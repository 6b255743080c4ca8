//! Everything given on one command line: records of all sources become series.

use super::history::{self, HistoryFacts, SiteHistory};
use super::processes::{ProcessSeries, process_series};
use crate::model::records::SourceRecords;
use crate::model::site::SiteTable;

/// All series of one command line.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// Process series, in the order of the sources.
    pub processes: Vec<ProcessSeries>,
    /// Histories of a heap: one, unless dialects or overlapping sources keep them apart.
    pub histories: Vec<HistoryFacts>,
    /// The sites of all histories.
    pub sites: Vec<SiteHistory>,
}

impl Recording {
    /// Follows processes and sites through all sources, which come in order. `tables` number the sources' sites;
    /// sources that list none need none.
    #[must_use]
    pub fn build(mut sources: Vec<SourceRecords>, tables: &[SiteTable]) -> Self {
        let mut recording = Self::default();
        for source in &mut sources {
            let readings = std::mem::take(&mut source.processes);
            recording.processes.extend(process_series(&source.name, readings));
        }
        history::follow(sources, tables, &mut recording.histories, &mut recording.sites);
        recording
    }
}
