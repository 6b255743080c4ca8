//! One file for the browser: the results, readable without JavaScript, and with it plots and a table that sorts,
//! searches and opens.
//!
//! The page fetches nothing, and its policy forbids it to. Numbers are words already when they get there.

mod curve;
mod data;
pub(crate) mod markup;
mod sections;

use std::io;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::untrusted::for_script;
use super::{OutputFormat, Report, Style};
use data::Data;

/// The frame of the page, with the places of its parts in double braces.
const FRAME: &str = include_str!("html/page.html");
/// The style sheet.
const STYLE: &str = include_str!("html/style.css");
/// The scripts: numbers, plots, the table, and the page around them.
const SCRIPT: &str = concat!(
    include_str!("html/numbers.js"),
    include_str!("html/scales.js"),
    include_str!("html/plot.js"),
    include_str!("html/table.js"),
    include_str!("html/page.js"),
);

/// The HTML output.
#[derive(Debug)]
pub struct Html;

impl OutputFormat for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn draws(&self) -> bool {
        true
    }

    fn render(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let data = for_script(&serde_json::to_string(&Data::of(report, style))?);
        write_page(&sections::all(report, style), &data, SCRIPT, out)
    }
}

/// Writes a page that needs no script.
pub fn write_plain(content: &str, out: &mut dyn io::Write) -> io::Result<()> {
    write_page(content, "null", "", out)
}

/// Writes a page: its content, the data of its script, and the script.
fn write_page(content: &str, data: &str, script: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let policy = policy(script);
    // The parts are put in one after the other: nothing in a part can be taken for a place.
    let mut rest = FRAME;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((place, after)) = after.split_once("}}") else { break };
        out.write_all(before.as_bytes())?;
        out.write_all(match place {
            "policy" => policy.as_bytes(),
            "style" => STYLE.as_bytes(),
            "content" => content.as_bytes(),
            "data" => data.as_bytes(),
            "script" => script.as_bytes(),
            _ => b"",
        })?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// The permissions of the page in a browser: run this script, use this style, show its own icon. No network, no form,
/// no frame.
fn policy(script: &str) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(STYLE)
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
