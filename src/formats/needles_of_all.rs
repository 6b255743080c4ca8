//! The needles of all formats, made once: every thread that reads has them.

use std::sync::{Arc, LazyLock};

use super::FORMATS;
use super::contract::{Detect, Format};
use super::needles::Needles;

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
    Arc::new(Needles::new(&needles))
}
