//! The needles of all formats, made once: every thread that reads has them.

use std::sync::{Arc, LazyLock};

use super::FORMATS;
use super::contract::{Detect, Format};
use super::needles::Needles;
use super::unsupported::table_needles;

/// Returns the needles of a list of formats.
pub fn needles_of(formats: &[&'static Format]) -> Arc<Needles> {
    static OF_ALL: LazyLock<Arc<Needles>> = LazyLock::new(|| make(FORMATS));
    if std::ptr::eq(formats, FORMATS) { Arc::clone(&OF_ALL) } else { make(formats) }
}

fn make(formats: &[&'static Format]) -> Arc<Needles> {
    let mut needles = Vec::new();
    for (place, format) in formats.iter().enumerate() {
        if let Detect::Needles(texts) | Detect::Words(texts) | Detect::Objects(texts) = format.detect {
            needles.extend(texts.iter().map(|text| (place, *text)));
        }
    }
    if let Some(place) = place_of_tables(formats) {
        needles.extend(table_needles().map(|text| (place, text)));
    }
    Arc::new(Needles::new(&needles))
}

/// Returns the place, after those of the formats, of tables that are known by sight; `None` where only some formats are
/// looked for.
pub fn place_of_tables(formats: &[&'static Format]) -> Option<usize> {
    (formats.len() >= FORMATS.len()).then_some(formats.len())
}
