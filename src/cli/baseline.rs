//! The file that holds what is known.

use std::fs;
use std::path::Path;

use super::output;
use crate::error::Error;
use crate::policy::{BASELINE_SCHEMA, Baseline, BaselineEntry};

/// Reads a baseline. One that is about to be written need not be there.
///
/// # Errors
/// [`Error::Request`] if it cannot be read, or is none.
pub fn read(path: &Path, may_be_missing: bool) -> Result<Vec<BaselineEntry>, Error> {
    let shown = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if may_be_missing && e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => {
            let hint = "; --write-baseline makes one";
            let hint = if e.kind() == std::io::ErrorKind::NotFound { hint } else { "" };
            return Err(Error::Request(format!("{shown}: {e}{hint}")));
        }
    };
    let baseline: Baseline = serde_json::from_str(&text)
        .map_err(|e| Error::Request(format!("{shown}:{}: this is no baseline: {e}", e.line())))?;
    if baseline.schema != BASELINE_SCHEMA {
        let found = baseline.schema;
        return Err(Error::Request(format!(
            "{shown}: expected a baseline of layout {BASELINE_SCHEMA}, found {found:?}"
        )));
    }
    Ok(baseline.known)
}

/// Writes a baseline, in an order that makes small differences of small changes.
///
/// # Errors
/// [`Error::Request`] if it cannot be written.
pub fn write(path: &Path, mut baseline: Baseline) -> Result<(), Error> {
    baseline.known.sort_by_key(BaselineEntry::name);
    let failed = |e: &dyn std::fmt::Display| Error::Request(format!("{}: {e}", path.display()));
    let text = serde_json::to_string_pretty(&baseline).map_err(|e| failed(&e))?;
    output::write(path, |out| out.write_all((text + "\n").as_bytes())).map_err(|e| failed(&e))
}
