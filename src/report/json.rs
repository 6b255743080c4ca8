//! The whole document as JSON.

use std::borrow::Cow;
use std::io;

use super::{OutputFormat, Report, Style};

/// The JSON output: field for field the document; an explicit `--top` cuts the sites here too.
#[derive(Debug)]
pub struct Json;

impl OutputFormat for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let report = match style.top {
            Some(top) if top < report.sites.len() => Cow::Owned(report.with_first_sites(top)),
            _ => Cow::Borrowed(report),
        };
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::sample;
    use super::*;

    fn rendered(report: &Report, top: Option<usize>) -> String {
        let mut out = Vec::new();
        Json.render(report, &Style { top, ..Style::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_document_of_a_small_recording() {
        insta::assert_snapshot!("json", rendered(&sample::small(), Some(1)));
    }

    #[test]
    fn the_whole_document_and_top_cuts_sites() {
        let report = sample::mixed();
        for (top, rows) in [(None, report.sites.len()), (Some(3), 3), (Some(1000), report.sites.len())] {
            let text = rendered(&report, top);
            assert!(text.ends_with("}\n"));
            let document: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(document["schema"], "leakdiff/2");
            assert_eq!(document["sites"].as_array().unwrap().len(), rows);
            assert_eq!(document["processes"].as_array().unwrap().len(), report.processes.len());
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        for (name, report) in sample::all() {
            let text = rendered(&report, None);
            let read: Report = serde_json::from_str(&text).unwrap();
            assert_eq!(rendered(&read, None), text, "{name}");
        }
    }

    #[test]
    fn what_is_no_number_is_null_and_names_stay_as_they_were() {
        let mut report = sample::hostile();
        report.sites[0].trend.probability = f64::NAN;
        report.sites[0].first_bytes = f64::INFINITY;
        let document: serde_json::Value = serde_json::from_str(&rendered(&report, None)).unwrap();
        let site = &document["sites"][0];
        assert!(site["trend"]["probability"].is_null() && site["first_bytes"].is_null());
        assert_eq!(site["site"], report.sites[0].site.as_str());
    }
}
