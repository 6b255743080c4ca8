//! The fuzz targets of leakdiff as plain functions: each takes any bytes, and panics where a property does not hold.
//!
//! `fuzz_targets/` hands them to libFuzzer. `tests/fuzzing.rs` runs the kept corpus through them.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

mod archives;
mod baseline;
mod comparison;
mod configuration;
mod document;
mod escapes;
mod formats;
mod outputs;
mod pickles;
mod profiles;
mod recording;
mod records;
mod site_lines;
mod timestamps;

#[path = "../../tests/injection/named_report.rs"]
mod named_report;
#[path = "../../tests/injection/read_back.rs"]
mod read_back;
#[path = "../../tests/reading/mod.rs"]
mod reading;

use std::borrow::Cow;

use leakdiff::bounds::Bounds;

pub use archives::archives;
pub use baseline::baseline;
pub use comparison::comparison;
pub use configuration::configuration;
pub use document::document;
pub use escapes::escapes;
pub use formats::formats;
pub use outputs::outputs;
pub use pickles::pickles;
pub use profiles::profiles;
pub use site_lines::site_lines;
pub use timestamps::timestamps;

/// A target: its name, which is that of its corpus and of its program, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 12] = [
    ("archives", archives),
    ("baseline", baseline),
    ("comparison", comparison),
    ("configuration", configuration),
    ("document", document),
    ("escapes", escapes),
    ("formats", formats),
    ("outputs", outputs),
    ("pickles", pickles),
    ("profiles", profiles),
    ("site_lines", site_lines),
    ("timestamps", timestamps),
];

/// Stands between two texts of one input: two sources, a configuration and a log. Logs do not hold it.
const SEPARATOR: u8 = 0x1e;

/// Bounds that an input of a few kilobytes can pass.
const BOUNDS: Bounds =
    Bounds { line_bytes: 4096, sites: 200, subjects: 200, records: 4000, unpacked_bytes: 1 << 20 };

/// The texts of an input, at most so many; bytes that are no UTF-8 are replaced.
fn texts(data: &[u8], most: usize) -> Vec<Cow<'_, str>> {
    data.splitn(most, |byte| *byte == SEPARATOR).map(String::from_utf8_lossy).collect()
}

/// The lines of a text, each with its end.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}
