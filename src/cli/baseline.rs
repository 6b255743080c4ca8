//! Reads and writes baselines.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::bounded::read_text;
use super::exit::report_error;
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

/// Writes a baseline, sorted by name, so that small changes make small differences, and says on standard error what
/// it accepts.
///
/// # Errors
/// [`Error::Unwritable`].
pub fn write(path: &Path, mut baseline: Baseline, before: &[BaselineEntry]) -> Result<(), Error> {
    baseline.known.sort_by_key(BaselineEntry::name);
    let write = |out: &mut dyn Write| {
        serde_json::to_writer_pretty(&mut *out, &baseline)?;
        writeln!(out)
    };
    let name = || path.display().to_string();
    output::write(path, write).map_err(|cause| Error::Unwritable { path: name(), cause })?;
    report_error(&format!("{}: {}", name(), difference(&baseline.known, before)));
    Ok(())
}

/// `accepts 2 sites and 1 process from now on, 1 site before`.
fn difference(known: &[BaselineEntry], before: &[BaselineEntry]) -> String {
    match before.is_empty() {
        true => format!("accepts {} from now on", series(known)),
        false => format!("accepts {} from now on, {} before", series(known), series(before)),
    }
}

fn series(entries: &[BaselineEntry]) -> String {
    let sites = entries.iter().filter(|entry| matches!(entry, BaselineEntry::Site { .. })).count();
    let counted = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    let all = [counted(sites, "site", "sites"), counted(entries.len() - sites, "process", "processes")];
    let all: Vec<String> = all.into_iter().flatten().collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(" and ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> BaselineEntry {
        match name.split_once(':') {
            Some(_) => BaselineEntry::Site {
                site: name.to_owned(),
                function: None,
                block_bytes: None,
                rate: None,
                reason: None,
            },
            None => BaselineEntry::Process {
                process: None,
                name: None,
                metric: name.to_owned(),
                rate: None,
                reason: None,
            },
        }
    }

    #[test]
    fn what_was_written_is_said() {
        for (known, before, expected) in [
            (&[][..], &[][..], "accepts nothing from now on"),
            (&["a:1"], &[], "accepts 1 site from now on"),
            (&["a:1", "VmRSS"], &[], "accepts 1 site and 1 process from now on"),
            (&["a:1", "b:1"], &["a:1"], "accepts 2 sites from now on, 1 site before"),
            (&[], &["a:1"], "accepts nothing from now on, 1 site before"),
        ] {
            let entries = |names: &[&str]| names.iter().map(|name| entry(name)).collect::<Vec<_>>();
            assert_eq!(difference(&entries(known), &entries(before)), expected);
        }
    }
}
