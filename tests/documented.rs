//! Lists in the pages that are made from the code.
//!
//! `UPDATE_DOCS=1 cargo test --test documented` writes them anew.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use leakdiff::formats::FORMATS;

/// Replaces the lines between `<!-- NAME -->` and `<!-- /NAME -->` of a page, or fails if they differ.
fn hold(page: &str, name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{page} has no {begin}"));
    let (found, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{page} has no {end}"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{begin}{expected}{end}{after}")).unwrap();
    } else {
        assert_eq!(found, expected, "{page}: write it anew with UPDATE_DOCS=1 cargo test --test documented");
    }
}

#[test]
fn the_formats_are_listed() {
    let rows: String = FORMATS
        .iter()
        .map(|format| {
            format!("| `{}` | {} |\n", format.name, format.reads.replace('"', "`").replace('|', "\\|"))
        })
        .collect();
    hold("docs/formats.md", "formats", &format!("\n| `--input-format` | reads |\n| --- | --- |\n{rows}\n"));

    // Names in lines of at most 120 columns.
    let mut lines = vec![String::new()];
    for (place, format) in FORMATS.iter().enumerate() {
        let sign = if place + 1 == FORMATS.len() { "." } else { "," };
        let name = format!("`{}`{sign}", format.name);
        match lines.last_mut().filter(|line| line.len() + 1 + name.len() <= 120) {
            Some(line) if line.is_empty() => *line = name,
            Some(line) => *line += &format!(" {name}"),
            None => lines.push(name),
        }
    }
    hold("README.md", "formats", &format!("{}\n", lines.join("\n")));
}
