//! The numbers of sites in the recording for those of a source.

use crate::model::{SiteId, SiteTable};

/// The numbers that one table has for the sites of another, learnt as they are met.
#[derive(Debug, Clone)]
pub(super) struct SiteNumbers {
    numbers: Vec<SiteId>,
    unknown: usize,
}

impl SiteNumbers {
    /// The number of a site that was not met.
    const UNKNOWN: SiteId = SiteId(u32::MAX);

    /// Nothing is known of the sites of `table` yet.
    pub(super) fn of_table(table: &SiteTable) -> Self {
        Self { numbers: vec![Self::UNKNOWN; table.len()], unknown: table.len() }
    }

    /// Learns the number that `all` has for a site of `table`.
    pub(super) fn learn(&mut self, site: SiteId, table: &SiteTable, all: &mut SiteTable) {
        let number = &mut self.numbers[site.index()];
        if *number == Self::UNKNOWN {
            *number = all.intern(table.place(site).clone());
            self.unknown -= 1;
        }
    }

    /// Whether the number of each site is known.
    pub(super) const fn are_complete(&self) -> bool {
        self.unknown == 0
    }

    /// The number of a site that was met.
    pub(super) fn of(&self, site: SiteId) -> SiteId {
        self.numbers[site.index()]
    }
}
