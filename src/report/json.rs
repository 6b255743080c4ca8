//! The whole document as JSON.

use std::borrow::Cow;
use std::io;

use super::{OutputFormat, Report, Style};

/// The JSON output: field for field the document; an explicit `--top` cuts the sites here too.
pub struct Json;

impl OutputFormat for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let report = match style.top {
            Some(top) if top < report.sites.len() => {
                let mut cut = report.clone();
                cut.sites.truncate(top);
                Cow::Owned(cut)
            }
            _ => Cow::Borrowed(report),
        };
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)
    }
}
