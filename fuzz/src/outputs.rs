//! All outputs of a report whose names are chosen, each read back by a reader of its format.

use leakdiff::report::document::Report;
use leakdiff::report::{Detail, OUTPUT_FORMATS, Style, Units, explain};

use serde_json::Value;

use super::named_report::report;
use super::{read_back, texts};

/// The first two bytes choose an output and its style; the rest are up to five names.
pub fn outputs(data: &[u8]) {
    let Some((&[output, style], names)) = data.split_first_chunk() else { return };
    let given = texts(names, 5);
    let names = std::array::from_fn(|place| given[place % given.len()].to_string());
    let report = report(&names);
    hold(&report, output, style);
    if output & 8 != 0 {
        let mut explained = Vec::new();
        explain(&report.inputs, &mut explained).unwrap();
        read_back::plain(&String::from_utf8(explained).unwrap(), false);
    }
}

/// Writes a report, reads it back, and returns the number of its bytes.
pub fn hold(report: &Report, output: u8, style: u8) -> usize {
    let format = OUTPUT_FORMATS[usize::from(output & 7) % OUTPUT_FORMATS.len()];
    let style = style_of(style, format.adds_charts() && output & 8 != 0);
    let mut out = Vec::new();
    format.render(report, &style, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    read(&text, format.name(), report, &style);
    text.len()
}

/// A style for each byte.
fn style_of(byte: u8, plot: bool) -> Style {
    let bit = |place: u8| byte >> place & 1 == 1;
    Style {
        width: [20, 40, 100, 200][usize::from(byte & 3)],
        colour: bit(2),
        top: if bit(3) { None } else { Some(3) },
        units: if bit(4) { Units::Auto } else { Units::Bytes },
        detail: [Detail::Quiet, Detail::Normal, Detail::Verbose, Detail::Normal][usize::from(byte >> 5 & 3)],
        ascii: bit(7),
        plot,
        now_seconds: Some(1_717_000_000.0),
    }
}

fn read(text: &str, format: &str, report: &Report, style: &Style) {
    let findings = report.findings.len();
    let shown = report.with_first_sites(style.top.unwrap_or(usize::MAX));
    match format {
        "table" if style.colour => read_back::plain(&without_colours(text), false),
        "table" => read_back::plain(text, false),
        // Verdicts alone.
        "json" if style.detail == Detail::Quiet => drop(serde_json::from_str::<Value>(text).unwrap()),
        "json" => drop(read_back::json(text, &shown)),
        "csv" => read_back::csv(text, shown.sites.len() + shown.processes.len()),
        "markdown" => read_back::markdown(text),
        "html" => drop(read_back::page(text)),
        "junit" => read_back::junit(text, findings),
        "github" => read_back::plain(text, true),
        "sarif" => read_back::sarif(text, findings),
        other => panic!("no reader of {other}"),
    }
}

/// A text without the escapes that colour it; others stay.
pub fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m');
        plain.push_str(rest.unwrap_or_else(|| panic!("an escape that is no colour: {part:?}")));
    }
    plain
}
