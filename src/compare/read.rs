//! A report from a file.

use serde::Deserialize;

use crate::report::document::{Report, SCHEMA};

/// The part of a document that is read first.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// Reads a report that was written as JSON.
///
/// # Errors
/// In words, if the text is no such report.
pub fn read(json: &str) -> Result<Report, String> {
    let no_report = |e: serde_json::Error| format!("this is no report of leakdiff: {e}");
    let Head { schema } = serde_json::from_str(json).map_err(no_report)?;
    if schema != SCHEMA {
        let hint = "; write it again from its recording with --format json";
        let hint = if schema == "leakdiff/1" { hint } else { "" };
        return Err(format!("expected a report of schema {SCHEMA}, found {schema:?}{hint}"));
    }
    serde_json::from_str(json).map_err(no_report)
}
