//! Reads and writes baselines.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::output;
use crate::error::Error;
use crate::policy::{BASELINE_SCHEMA, Baseline, BaselineEntry};

/// Reads a baseline; an empty one if the file is missing and `may_be_missing`.
///
/// # Errors
/// [`Error::NoBaseline`] if it is not there, [`Error::Unreadable`] if it cannot be read, [`Error::Document`] if it is
/// none.
pub fn read(path: &Path, may_be_missing: bool) -> Result<Vec<BaselineEntry>, Error> {
    let name = || path.display().to_string();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == ErrorKind::NotFound && may_be_missing => return Ok(Vec::new()),
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Err(Error::NoBaseline { path: name() }),
        Err(cause) => return Err(Error::Unreadable { path: name(), cause }),
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
