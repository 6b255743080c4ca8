//! The whole document as JSON.

use std::borrow::Cow;
use std::io;

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::streamed::Streamed;
use super::{Detail, OutputFormat, Report, Style};

/// Fields that say how a verdict was reached, not what it is.
const OF_DETAIL: [&str; 4] = ["tests", "outline", "block_trend", "plot"];

/// The JSON output: field for field the document; an explicit `--top` cuts the sites here too. A quiet one has the
/// verdicts and their reasons alone, on one line: small enough for a model.
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
        if style.detail == Detail::Quiet {
            serde_json::to_writer(&mut *out, &Verdicts(&report))?;
        } else {
            serde_json::to_writer_pretty(&mut *out, &report)?;
        }
        writeln!(out)
    }
}

/// A document without folded sites, details and unknown values. Its rows are written one by one.
struct Verdicts<'a>(&'a Report);

impl Serialize for Verdicts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report) = self;
        let shown = report.sites.one_by_one().filter(|site| site.folded.is_none());
        let sites = Streamed::of(shown.map(Stripped));
        let findings = Streamed::of(report.findings.one_by_one().map(Stripped));
        let Value::Object(fields) = stripped(&report.without_rows()).map_err(S::Error::custom)? else {
            return Err(S::Error::custom("expected a document of fields"));
        };
        let mut document = serializer.serialize_map(None)?;
        for (name, value) in fields {
            match name.as_str() {
                "sites" => document.serialize_entry(&name, &sites)?,
                "findings" => document.serialize_entry(&name, &findings)?,
                _ => document.serialize_entry(&name, &value)?,
            }
        }
        document.end()
    }
}

/// A row without details and unknown values.
struct Stripped<T>(T);

impl<T: Serialize> Serialize for Stripped<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        stripped(&self.0).map_err(S::Error::custom)?.serialize(serializer)
    }
}

fn stripped(value: &impl Serialize) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(value)?;
    strip(&mut value);
    Ok(value)
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| !OF_DETAIL.contains(&name.as_str()) && !value.is_null());
            fields.values_mut().for_each(strip);
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        _ => {}
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
    fn a_quiet_document_is_one_line_of_the_same_verdicts() {
        let report = sample::mixed();
        let quiet = Style { top: None, detail: Detail::Quiet, ..Style::default() };
        let mut out = Vec::new();
        Json.render(&report, &quiet, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 1);
        assert!(text.len() * 4 < rendered(&report, None).len(), "{}", text.len());
        let document: Value = serde_json::from_str(&text).unwrap();
        let sites = document["sites"].as_array().unwrap();
        let shown: Vec<_> = report.sites.iter().filter(|site| site.folded.is_none()).collect();
        assert_eq!(sites.len(), shown.len());
        for (site, row) in sites.iter().zip(shown) {
            assert_eq!(site["site"], row.site.as_str());
            assert_eq!(site["trend"]["verdict"], row.trend.verdict.as_str());
            assert_eq!(site["trend"]["reason"]["text"], row.trend.reason.text.as_str());
            assert!(site["trend"].get("tests").is_none() && site.get("outline").is_none());
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
