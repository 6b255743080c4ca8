//! Two recordings, or reports of them, compared.

use leakdiff::compare::{Comparison, Direction, FORMATS, Side, compare, read, render};
use leakdiff::report::Style;
use leakdiff::report::document::Report;

use super::outputs::without_colours;
use super::recording::{Judged, options};
use super::{read_back, texts};

/// The first byte chooses an output; the rest are two texts: each a log, or a report as JSON.
pub fn comparison(data: &[u8]) {
    let Some((&output, texts_of_both)) = data.split_first() else { return };
    let texts = texts(texts_of_both, 2);
    let reports: Vec<Report> = texts.iter().filter_map(|text| report(text)).collect();
    let sides: Vec<Side> =
        reports.iter().zip(["a", "b"]).map(|(report, name)| Side::of(name, report)).collect();
    for side in &sides {
        let same = compare(side, side);
        let is_change =
            |direction: Direction| !matches!(direction, Direction::Unchanged | Direction::Unclear);
        let changed = same.changes.iter().find(|change| is_change(change.direction));
        assert!(changed.is_none(), "a recording and itself: {changed:?}");
        hold(&same, output);
    }
    if let [before, after] = sides.as_slice() {
        let changes = compare(before, after);
        hold(&changes, output);
        let again = serde_json::to_string(&compare(before, after)).unwrap();
        assert_eq!(serde_json::to_string(&changes).unwrap(), again);
    }
}

fn report(text: &str) -> Option<Report> {
    if text.starts_with('{') {
        return read(text).ok();
    }
    Judged::whole(options(), &[text]).outcome.map(|outcome| outcome.report)
}

/// Writes a comparison and reads it back.
fn hold(comparison: &Comparison, output: u8) {
    let format = FORMATS[usize::from(output & 7) % FORMATS.len()];
    let style = Style { colour: output & 8 != 0, ascii: output & 16 != 0, ..Style::default() };
    let mut out = Vec::new();
    render(comparison, format, &style, &mut out).unwrap().unwrap();
    let text = String::from_utf8(out).unwrap();
    match format {
        "table" => read_back::plain(&without_colours(&text), false),
        "json" => {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(value["changes"].as_array().unwrap().len(), comparison.changes.len());
            for difference in value["changes"].as_array().unwrap().iter().map(|change| &change["difference"])
            {
                for field in ["value", "low", "high", "p"] {
                    assert!(difference.is_null() || difference[field].is_number(), "{field}: {difference}");
                }
            }
        }
        "csv" => {
            read_back::csv(&text, comparison.changes.len());
            let mut rows = csv::Reader::from_reader(text.as_bytes());
            for cell in rows
                .records()
                .flat_map(|row| row.unwrap().iter().skip(6).map(str::to_owned).collect::<Vec<_>>())
            {
                assert!(!cell.contains("NaN") && !cell.contains("inf"), "{cell}");
            }
        }
        "markdown" => read_back::markdown(&text),
        "html" => drop(read_back::page(&text)),
        other => panic!("no reader of {other}"),
    }
}
