//! The configuration file: where it is found, what may stand in it, and what is in force.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use toml::Table;
use toml::de::DeTable;

use super::settings::Settings;
use crate::error::Error;

/// What a configuration file is called.
const FILE: &str = "leakdiff.toml";
/// The key of allowed sites, which no option of the command line has.
const ALLOW: &str = "allow";
/// Keys less alike than this are no slip of the fingers.
const ALIKE: f64 = 0.75;

/// Settings out of a file.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file, as it was found.
    pub path: PathBuf,
    /// What it says.
    pub settings: Settings,
}

/// The file that was named, or the nearest one from a folder upwards; `None` if there is none.
///
/// # Errors
/// [`Error::Request`] if it cannot be read, or says something that is no setting.
pub fn find(named: Option<&Path>, folder: &Path) -> Result<Option<Config>, Error> {
    let found = match named {
        Some(named) => Some(named.to_owned()),
        None => folder.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file()),
    };
    let Some(path) = found else { return Ok(None) };
    let shown = path.display().to_string();
    let text = fs::read_to_string(&path).map_err(|e| Error::Request(format!("{shown}: {e}")))?;
    let mut settings = read(&shown, &text)?;
    // A path in a file is meant from where the file is.
    let beside = |named: PathBuf| path.parent().map_or_else(|| named.clone(), |folder| folder.join(&named));
    settings.baseline = settings.baseline.map(beside);
    settings.source_root = settings.source_root.map(beside);
    Ok(Some(Config { path, settings }))
}

/// Reads the settings of a file. They are held to the bounds of the command line: both take a value by its type.
fn read(path: &str, text: &str) -> Result<Settings, Error> {
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
    if let (Some(true), Some(true)) = (settings.quiet, settings.verbose) {
        let key = table.get_ref().keys().find(|key| key.get_ref() == "verbose");
        let message = "quiet and verbose exclude each other";
        return Err(wrong(key.map_or(0, |key| key.span().start), message.to_owned()));
    }
    match settings.allow.iter().find(|allowance| allowance.reason.trim().is_empty()) {
        Some(allowance) => {
            Err(wrong(0, format!("\"{}\" is allowed for no reason: say why it may grow", allowance.site)))
        }
        None => Ok(settings),
    }
}

/// What a setting takes, out of the message that its value is something else.
fn expectation(message: &str) -> &str {
    let expected = message.rsplit_once("expected ").map_or(message, |(_, expected)| expected);
    if expected == "usize" { "a whole number, 0 or more" } else { expected }
}

/// All keys: the long names of the settings on the command line, and the list of allowed sites.
fn keys() -> Vec<String> {
    let command = Settings::augment_args(Command::new(""));
    let mut keys: Vec<String> =
        command.get_arguments().filter_map(|arg| arg.get_long().map(str::to_owned)).collect();
    keys.push(ALLOW.to_owned());
    keys
}

fn unknown(name: &str, known: &[String]) -> String {
    let alike = |known: &String| strsim::jaro_winkler(name, known);
    let nearest = known.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|n| alike(n) >= ALIKE);
    match nearest {
        Some(nearest) => format!("there is no setting \"{name}\"; did you mean \"{nearest}\"?"),
        None => format!("there is no setting \"{name}\"; there are {}", known.join(", ")),
    }
}

/// The settings in force as a configuration file would have them, each with where it comes from.
#[must_use]
pub fn in_force(typed: &Settings, config: Option<&Config>) -> String {
    let file = config.map(|config| config.settings.clone()).unwrap_or_default();
    let all = typed.clone().over(file.clone());
    let table = |settings: &Settings| Table::try_from(settings).unwrap_or_default();
    let (typed, file) = (table(typed), table(&file));
    let (defaults, all) = (table(&all.defaults()), table(&all));
    let path = config.map(|config| config.path.display().to_string()).unwrap_or_default();
    let is_set = |table: &Table, key: &str| match table.get(key) {
        Some(toml::Value::Array(values)) => !values.is_empty(),
        value => value.is_some(),
    };
    let mut text = String::new();
    let mut unset = Vec::new();
    let keys = keys();
    for key in keys.iter().filter(|key| *key != ALLOW) {
        let (value, from) = if is_set(&typed, key) {
            (all.get(key), "the command line")
        } else if is_set(&file, key) {
            (all.get(key), path.as_str())
        } else if is_set(&defaults, key) {
            (defaults.get(key), "default")
        } else {
            unset.push(key.as_str());
            continue;
        };
        let line = value.map(|value| format!("{key} = {value}")).unwrap_or_default();
        let _ = writeln!(text, "{line:<40} # {from}");
    }
    if !unset.is_empty() {
        let _ = writeln!(text, "# not set: {}", unset.join(", "));
    }
    if let Some(toml::Value::Array(allowed)) = all.get(ALLOW) {
        for allowance in allowed {
            let _ = writeln!(text, "\n[[allow]] # {path}");
            for (key, value) in allowance.as_table().into_iter().flatten() {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
    }
    text
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
            ("[[allow]]\nsite = 'a.py'\nreason = ' '\n", "1: \"a.py\" is allowed for no reason"),
            ("[[allow]]\nsites = 'a.py'\nreason = 'x'\n", "2: unknown field `sites`"),
            ("quiet = true\nverbose = true\n", "2: quiet and verbose exclude each other"),
            // A value out of bounds: the key, the value and what it may be.
            ("\n\nlimit = 'huge'\n", "3: limit = 'huge': expected a size such as 1GiB or 512M"),
            ("limit = -1", "1: limit = -1: expected a size such as 1GiB or 512M"),
            ("limit = true", "1: limit = true: expected text or a whole number"),
            ("top = 'ten'", "1: top = 'ten': expected a whole number, 0 or more"),
            ("check = true\nmin-points = -1", "2: min-points = -1: expected a whole number, 0 or more"),
            ("min-points = 7.5", "1: min-points = 7.5: expected a whole number, 0 or more"),
            ("min-probability = 80.0", "1: min-probability = 80.0: expected a probability from 0 to 1"),
            ("min-probability = nan", "1: min-probability = nan: expected a probability from 0 to 1"),
            ("min-probability = -inf", "1: min-probability = -inf: expected a probability from 0 to 1"),
            ("width = 0", "1: width = 0: expected 20 to 65535 columns"),
            ("width = 70_000 # wide", "1: width = 70_000: expected 20 to 65535 columns"),
            ("within = '0s'", "1: within = '0s': expected a stretch of time such as 30d, 12h or 2w"),
            ("max-growth = '-1KiB/h'", "1: max-growth = '-1KiB/h': expected a size such as 1GiB"),
            ("max-growth = '1KiB/year'", "1: max-growth = '1KiB/year': expected a rate such as 1MiB/h"),
            ("since = 'soon'", "1: since = 'soon': expected a time such as 2024-05-23T11:56:35Z"),
            ("metric = ['VmRSS',\n'Foo']", "2: metric = 'Foo': expected one of VmRSS, RssAnon"),
            ("fail-on = ['grows']", "1: fail-on = 'grows': expected one of `growing`, `unclear`"),
            ("sort = 'colour'", "1: sort = 'colour': expected one of `growth`, `rate`"),
            ("strict = 'yes'", "1: strict = 'yes': expected a boolean"),
        ] {
            let found = read("leakdiff.toml", text).unwrap_err().to_string();
            assert!(found.starts_with(&format!("leakdiff.toml:{message}")), "{text}: {found}");
        }
    }

    #[test]
    fn every_setting_can_stand_in_a_file() {
        let text = "top = 3\nsort = 'rate'\nmetric = ['VmRSS']\ninclude = ['a']\nexclude = ['b']\nsince = '2024-05-23'\n\
            until = '2024-05-24'\nlimit = '1GiB'\nunits = 'kib'\ninput-format = 'rss-report'\nformat = 'json'\ncolor = 'never'\n\
            width = 80\nascii = true\nplot = true\nstrict = true\nverbose = true\nquiet = false\ncheck = true\nfail-on = ['growing', 'unclear']\n\
            min-probability = 0.7\nmax-growth = '1MiB/h'\nmax-site-growth = '10KiB/snapshot'\nwithin = '30d'\nmin-points = 8\n\
            baseline = 'known.json'\nsource-root = 'src'\n[[allow]]\nsite = '*/decoder.py'\nreason = 'a cache'\n";
        let settings = read("leakdiff.toml", text).unwrap();
        let written = Table::try_from(&settings).unwrap();
        for key in keys() {
            assert!(written.contains_key(&key) && text.contains(&key), "{key}");
        }
        // What is shown as being in force can be read again.
        let config = Config { path: "leakdiff.toml".into(), settings };
        let shown = in_force(&Settings { top: Some(7), ..Settings::default() }, Some(&config));
        let again = read("leakdiff.toml", &shown).unwrap();
        assert_eq!((again.top, again.min_points, again.allow.len()), (Some(7), Some(8), 1), "{shown}");
        assert!(shown.contains("# the command line") && shown.contains("# leakdiff.toml"));
    }
}
