//! Facts about a dispatcher.

use super::Dispatcher;
use crate::bounds::Passed;
use crate::model::SiteTable;

impl std::fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dispatcher").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Dispatcher {
    /// Returns the number of records of the source so far, and the bound that it passed, if it did.
    #[must_use]
    pub fn extent(&self) -> (u64, Option<Passed>) {
        let subjects = self.source.subjects.is_beyond().then_some(Passed::Subjects);
        (self.source.records(), subjects.or_else(|| self.sites.is_beyond().then_some(Passed::Sites)))
    }

    /// Returns the places of all sites that were met, by the numbers that the sources' readings have.
    #[must_use]
    pub fn into_sites(self) -> SiteTable {
        self.sites
    }
}
