//! The configuration file: finding, parsing and checking it.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use toml::de::DeTable;
use toml::{Table, Value};

use super::bounded::read_text;
use super::settings::Settings;
use super::usage::nearest;
use crate::bounds::CONFIGURATION_BYTES;
use crate::error::Error;

/// Name of the configuration file.
const FILE: &str = "leakdiff.toml";
/// The key of allowed sites, which no option of the command line has.
pub const ALLOW: &str = "allow";
/// Settings that are paths.
const PATHS: [&str; 2] = ["baseline", "source-root"];
/// Settings of a file.
#[derive(Debug, Clone)]
pub struct Config {
    /// Path of the file.
    pub path: PathBuf,
    /// The settings that stand in it, without defaults.
    pub settings: Table,
}

/// Reads the named file, else the nearest one from a folder upwards; `None` if there is none.
///
/// # Errors
/// [`Error::Unreadable`] if it cannot be read, [`Error::TooLarge`] beyond its bound, [`Error::Setting`] for a value
/// that a setting cannot have and [`Error::Configuration`] for anything that is no setting.
pub fn find(named: Option<&Path>, folder: &Path) -> Result<Option<Config>, Error> {
    let found = match named {
        Some(named) => Some(named.to_owned()),
        None => folder.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file()),
    };
    let Some(path) = found else { return Ok(None) };
    let shown = path.display().to_string();
    let text = read_text(&path, CONFIGURATION_BYTES, "a configuration file")?;
    let mut settings = read(&shown, &text)?;
    // A path in a file is relative to the file.
    for key in PATHS {
        if let (Some(Value::String(named)), Some(folder)) = (settings.get_mut(key), path.parent()) {
            *named = folder.join(&*named).to_string_lossy().into_owned();
        }
    }
    Ok(Some(Config { path, settings }))
}

/// Parses the settings of a file. The types of the values have the same bounds on the command line.
pub fn read(path: &str, text: &str) -> Result<Table, Error> {
    let line = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1;
    let wrong =
        |at: usize, message: String| Error::Configuration { path: path.to_owned(), line: line(at), message };
    let at = |e: &toml::de::Error| e.span().map_or(0, |span| span.start);
    let table = DeTable::parse(text).map_err(|e| wrong(at(&e), e.message().trim().to_owned()))?;
    let known = keys();
    for key in table.get_ref().keys() {
        if !known.iter().any(|known| known == key.get_ref()) {
            return Err(wrong(key.span().start, unknown(key.get_ref(), &known)));
        }
    }
    let settings: Settings = toml::from_str(text).map_err(|e| {
        let message = e.message().trim();
        let key = table.get_ref().iter().find(|(_, value)| value.span().contains(&at(&e)));
        match (key, e.span().and_then(|span| text.get(span))) {
            (Some((key, _)), Some(value)) if key.get_ref() != ALLOW => Error::Setting {
                path: path.to_owned(),
                line: line(at(&e)),
                key: key.get_ref().to_string(),
                value: value.to_owned(),
                expected: expectation(message).to_owned(),
            },
            _ => wrong(at(&e), message.to_owned()),
        }
    })?;
    let is_path = |key: &str| PATHS.contains(&key);
    let empty = table.get_ref().iter().find(|(key, value)| {
        is_path(key.get_ref().as_ref()) && value.get_ref().as_str().is_some_and(str::is_empty)
    });
    if let Some((key, _)) = empty {
        return Err(Error::Setting {
            path: path.to_owned(),
            line: line(key.span().start),
            key: key.get_ref().to_string(),
            value: "''".to_owned(),
            expected: "a path".to_owned(),
        });
    }
    if settings.quiet && settings.verbose {
        let key = table.get_ref().keys().find(|key| key.get_ref() == "verbose");
        let message = "quiet and verbose exclude each other";
        return Err(wrong(key.map_or(0, |key| key.span().start), message.to_owned()));
    }
    // On the command line there is no empty list either, and nothing at all would be a finding.
    if settings.fail_on.is_empty() {
        let key = table.get_ref().keys().find(|key| key.get_ref() == "fail-on");
        return Err(Error::Setting {
            path: path.to_owned(),
            line: key.map_or(1, |key| line(key.span().start)),
            key: "fail-on".to_owned(),
            value: "[]".to_owned(),
            expected: "a verdict, or \"none\" where only limits count".to_owned(),
        });
    }
    match settings.allow.iter().find(|allowance| allowance.reason.trim().is_empty()) {
        Some(allowance) => Err(wrong(
            0,
            format!("\"{}\" is allowed without a reason: state why it may grow", allowance.site),
        )),
        None => toml::from_str(text).map_err(|e| wrong(at(&e), e.message().to_owned())),
    }
}

/// Returns the expectation in a message of an unexpected value.
fn expectation(message: &str) -> &str {
    let expected = message.rsplit_once("expected ").map_or(message, |(_, expected)| expected);
    match expected {
        "usize" => "a whole number, 0 or more",
        "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        other => other,
    }
}

/// Returns all keys: the long names of the options, and the list of allowed sites.
pub fn keys() -> Vec<String> {
    let command = Settings::augment_args(Command::new(""));
    let mut keys: Vec<String> =
        command.get_arguments().filter_map(|arg| arg.get_long().map(str::to_owned)).collect();
    keys.push(ALLOW.to_owned());
    keys
}

fn unknown(name: &str, known: &[String]) -> String {
    match nearest(name, known) {
        Some(nearest) => format!("there is no setting \"{name}\"; did you mean \"{nearest}\"?"),
        None => format!("there is no setting \"{name}\"; there are {}", known.join(", ")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_setting_is_an_error_with_its_line() {
        for (text, message) in [
            (
                "top = 3\nmax-grwoth = '1MiB/h'\n",
                "2: there is no setting \"max-grwoth\"; did you mean \"max-growth\"?",
            ),
            ("[nonsense]\n", "1: there is no setting \"nonsense\"; there are top, sort"),
            ("check = yes", "1: "),
            ("[[allow]]\nsite = 'a.py'\n", "1: missing field `reason`"),
            ("[[allow]]\nsite = 'a.py'\nreason = ' '\n", "1: \"a.py\" is allowed without a reason"),
            ("[[allow]]\nsites = 'a.py'\nreason = 'x'\n", "2: unknown field `sites`"),
            ("quiet = true\nverbose = true\n", "2: quiet and verbose exclude each other"),
            // A value out of bounds: the key, the value and its bounds.
            ("\n\nlimit = 'huge'\n", "3: limit = 'huge': expected a size such as 1GiB or 512M"),
            ("limit = -1", "1: limit = -1: expected a size such as 1GiB or 512M"),
            ("limit = true", "1: limit = true: expected text or a whole number"),
            ("top = 'ten'", "1: top = 'ten': expected a whole number, 0 or more"),
            ("check = true\nmin-points = -1", "2: min-points = -1: expected a whole number, 0 or more"),
            ("min-points = 7.5", "1: min-points = 7.5: expected a whole number, 0 or more"),
            ("min-probability = 80.0", "1: min-probability = 80.0: expected a probability from 0 to 1"),
            ("min-probability = nan", "1: min-probability = nan: expected a probability from 0 to 1"),
            ("min-probability = -inf", "1: min-probability = -inf: expected a probability from 0 to 1"),
            ("min-probability = '80 %'", "1: min-probability = '80 %': expected a number"),
            (
                "top = 3\nfail-on = []",
                "2: fail-on = []: expected a verdict, or \"none\" where only limits count",
            ),
            ("width = 'wide'", "1: width = 'wide': expected a whole number"),
            ("max-line = '1KiB'", "1: max-line = '1KiB': expected a size from 4KiB to 1TiB"),
            ("max-sites = 0", "1: max-sites = 0: expected a whole number, 1 to 4294967294"),
            ("width = 0", "1: width = 0: expected 20 to 65535 columns"),
            ("width = 70_000 # wide", "1: width = 70_000: expected 20 to 65535 columns"),
            ("within = '0s'", "1: within = '0s': expected a period such as 30d, 12h or 2w"),
            ("max-growth = '-1KiB/h'", "1: max-growth = '-1KiB/h': expected a size such as 1GiB"),
            ("max-growth = '1KiB/year'", "1: max-growth = '1KiB/year': expected a rate such as 1MiB/h"),
            ("since = 'soon'", "1: since = 'soon': expected a time such as 2024-05-23T11:56:35Z"),
            ("metric = ['VmRSS',\n'']", "2: metric = '': expected the name of a metric"),
            ("fail-on = ['grows']", "1: fail-on = 'grows': expected one of `growing`, `unclear`"),
            ("sort = 'colour'", "1: sort = 'colour': expected one of `growth`, `rate`"),
            ("top = 1\nbaseline = ''", "2: baseline = '': expected a path"),
            ("strict = 'yes'", "1: strict = 'yes': expected true or false"),
        ] {
            let found = read("leakdiff.toml", text).unwrap_err().to_string();
            assert!(found.starts_with(&format!("leakdiff.toml:{message}")), "{text}: {found}");
        }
    }
}
