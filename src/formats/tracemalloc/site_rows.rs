//! The row at which each site was listed last.

use crate::model::SiteId;

/// The last row of each site within one list, or stretch of records.
#[derive(Debug, Default)]
pub struct SiteRows {
    /// For each site the stretch in which it was listed, and its row there.
    rows: Vec<(u32, usize)>,
    stretch: u32,
}

impl SiteRows {
    /// Begins a new stretch, in which no site was listed.
    pub fn forget(&mut self) {
        self.stretch += 1;
    }

    /// The row at which a site was listed.
    pub fn row(&self, site: SiteId) -> Option<usize> {
        self.rows.get(site.index()).filter(|(stretch, _)| *stretch == self.stretch).map(|(_, row)| *row)
    }

    /// Lists a site at a row.
    pub fn insert(&mut self, site: SiteId, row: usize) {
        if self.rows.len() <= site.index() {
            self.rows.resize(site.index() + 1, (u32::MAX, 0));
        }
        self.rows[site.index()] = (self.stretch, row);
    }
}
