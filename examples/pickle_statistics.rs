//! Prints the statistics of a pickled `tracemalloc` snapshot, in CPython's order: bytes, blocks, frames.
//!
//! `cargo run --example pickle_statistics -- FILE [lineno|filename|traceback] [cumulative]`

use std::io::Write;

use leakdiff::formats::{Dispatcher, FORMATS, FormatOptions, GroupBy, Grouping};
use leakdiff::model::Place;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("expected a file")?;
    let by = match arguments.next().as_deref() {
        None | Some("lineno") => GroupBy::Line,
        Some("filename") => GroupBy::File,
        Some("traceback") => GroupBy::Traceback,
        Some(other) => return Err(format!("expected lineno, filename or traceback, found {other}").into()),
    };
    let grouping = Grouping { by: Some(by), cumulative: arguments.next().is_some(), domain: None };
    let options = FormatOptions { grouping, ..FormatOptions::default() };
    let mut dispatcher = Dispatcher::with_options(FORMATS, &options);
    dispatcher.read_bytes(&std::fs::read(path)?);
    let found = dispatcher.finish();
    for notice in &found.notices {
        eprintln!("{}", notice.message);
    }
    let sites = dispatcher.into_sites();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in 0..found.records.readings.len() {
        let reading = found.records.readings.get(row);
        let frames: Vec<String> = match sites.place(reading.site) {
            Place::Line(frame) => vec![format!("{}:{}", frame.file, frame.line)],
            Place::File(file) => vec![format!("{file}:0")],
            Place::Traceback(frames) => frames.iter().map(|f| format!("{}:{}", f.file, f.line)).collect(),
            Place::Lost(text) | Place::Type(text) => vec![text.clone()],
        };
        writeln!(
            out,
            "{} {} {}",
            reading.size.value,
            reading.blocks.unwrap_or_default(),
            frames.join(" < ")
        )?;
    }
    Ok(())
}
