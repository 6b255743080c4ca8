//! Recordings of real programs whose future is known, and processes of a service whose growing group is known.

pub mod fleet;
pub mod programs;

use std::path::{Path, PathBuf};

use leakdiff::analysis::{Analysis, Options};
use serde_json::Value;

/// The document of the analysis of some files, read in this order; `None` where they cannot be read.
fn document(files: &[PathBuf], options: Options) -> Option<Value> {
    let mut analysis = Analysis::new(options).ok()?;
    for file in files {
        let text = std::fs::read_to_string(file).ok()?;
        analysis.add(&file.to_string_lossy(), &text, text.len() as u64).ok()?;
    }
    serde_json::to_value(analysis.finish().ok()?).ok()
}

/// The entries of a folder, by name; empty where there is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(folder).into_iter().flatten();
    let mut all: Vec<PathBuf> = read.filter_map(|entry| Some(entry.ok()?.path())).collect();
    all.sort();
    all
}

/// A JSON file.
fn json(file: &Path) -> Option<Value> {
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}
