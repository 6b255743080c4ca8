//! Reads and writes baselines.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::bounded::read_text;
use super::output;
use crate::bounds::BASELINE_BYTES;
use crate::error::Error;
use crate::policy::{BASELINE_SCHEMA, Baseline, BaselineEntry};

/// Reads a baseline; an empty one if the file is missing and `may_be_missing`.
///
/// # Errors
/// [`Error::NoBaseline`] if it is not there, [`Error::Unreadable`] if it cannot be read, [`Error::TooLarge`] beyond
/// its bound, [`Error::Document`] if it is none.
pub fn read(path: &Path, may_be_missing: bool) -> Result<Vec<BaselineEntry>, Error> {
    let name = || path.display().to_string();
    let text = match read_text(path, BASELINE_BYTES, "a baseline") {
        Ok(text) => text,
        Err(Error::Unreadable { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
            return if may_be_missing { Ok(Vec::new()) } else { Err(Error::NoBaseline { path: name() }) };
        }
        Err(error) => return Err(error),
    };
    let expected = || format!("a baseline of layout {BASELINE_SCHEMA}");
    let baseline: Baseline = serde_json::from_str(&text).map_err(|e| Error::Document {
        path: name(),
        line: Some(e.line()),
        expected: expected(),
        found: format!("none: {e}"),
    })?;
    if baseline.schema != BASELINE_SCHEMA {
        let found = format!("layout {:?}", baseline.schema);
        return Err(Error::Document { path: name(), line: None, expected: expected(), found });
    }
    Ok(baseline.known)
}

/// Writes a baseline, sorted by name, so that small changes make small differences.
///
/// # Errors
/// [`Error::Unwritable`].
pub fn write(path: &Path, mut baseline: Baseline) -> Result<(), Error> {
    baseline.known.sort_by_key(BaselineEntry::name);
    let write = |out: &mut dyn Write| {
        serde_json::to_writer_pretty(&mut *out, &baseline)?;
        writeln!(out)
    };
    output::write(path, write).map_err(|cause| Error::Unwritable { path: path.display().to_string(), cause })
}
