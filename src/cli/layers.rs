//! Settings in layers: the command line over the configuration file over the defaults.

use std::fmt::Write as _;

use clap::ArgMatches;
use clap::parser::ValueSource;
use toml::{Table, Value};

use super::config::{ALLOW, Config, keys};
use super::settings::Settings;
use crate::error::Error;

/// The settings of each layer, by their names.
#[derive(Debug)]
pub struct Layers {
    defaults: Table,
    file: Option<Config>,
    typed: Table,
}

impl Layers {
    /// Separates typed settings from defaults by `matches`, of which `flags` are the settings, and puts the file
    /// between them.
    ///
    /// # Errors
    /// [`Error::Usage`] if a setting cannot be written as TOML: a number beyond 2⁶³.
    pub fn new(flags: &Settings, matches: &ArgMatches, mut file: Option<Config>) -> Result<Self, Error> {
        let all = Table::try_from(flags).map_err(|e| unsettled(&e))?;
        let is_typed =
            |key: &str| matches.value_source(&key.replace('-', "_")) == Some(ValueSource::CommandLine);
        let (typed, defaults): (Table, Table) = all.into_iter().partition(|(key, _)| is_typed(key));
        // One of the two on the command line overrules the other one in the file.
        if let Some(file) =
            file.as_mut().filter(|_| ["quiet", "verbose"].iter().any(|key| typed.contains_key(*key)))
        {
            file.settings.remove("quiet");
            file.settings.remove("verbose");
        }
        Ok(Self { defaults, file, typed })
    }

    /// Returns the effective settings: the value of each in the highest layer that has it. `flags` as in
    /// [`Layers::new`].
    ///
    /// # Errors
    /// [`Error::Usage`] if the layers are no settings together, though each is valid.
    pub fn settings(&self, flags: &Settings) -> Result<Settings, Error> {
        let mut all = self.defaults.clone();
        all.extend(self.file.iter().flat_map(|file| file.settings.clone()));
        all.extend(self.typed.clone());
        let mut settings: Settings = all.try_into().map_err(|e| unsettled(&e))?;
        // A path that was typed need not be text.
        if let Some(path) = &flags.baseline {
            settings.baseline = Some(path.clone());
        }
        if let Some(path) = &flags.source_root {
            settings.source_root = Some(path.clone());
        }
        Ok(settings)
    }

    /// Returns whether a setting was typed.
    pub fn is_typed(&self, key: &str) -> bool {
        self.typed.contains_key(key)
    }

    /// Returns whether a setting was neither typed nor in the file.
    pub fn has_default(&self, key: &str) -> bool {
        !self.is_typed(key) && self.file.as_ref().is_none_or(|file| !file.settings.contains_key(key))
    }

    /// Returns the configuration file.
    pub const fn file(&self) -> Option<&Config> {
        self.file.as_ref()
    }

    /// Returns the effective settings in the form of a configuration file, each with its origin. Some defaults depend
    /// on the other settings.
    pub fn printed(&self, settings: &Settings) -> String {
        let path = self.file.as_ref().map(|file| file.path.display().to_string()).unwrap_or_default();
        let of_file = |key: &str| self.file.as_ref().and_then(|file| file.settings.get(key));
        let number = |number: usize| i64::try_from(number).ok().map(Value::Integer);
        let by_default = |key: &str| match key {
            "top" => number(settings.top().unwrap_or(0)),
            "min-points" => settings.limits().least_points.and_then(number),
            key => self.defaults.get(key).cloned(),
        };
        let mut text = String::new();
        let mut unset = Vec::new();
        let keys = keys();
        for key in keys.iter().map(String::as_str).filter(|key| *key != ALLOW) {
            let typed = self.typed.get(key).map(|value| (value.clone(), "the command line"));
            let said = typed.or_else(|| of_file(key).map(|value| (value.clone(), path.as_str())));
            match said.or_else(|| by_default(key).map(|value| (value, "default"))) {
                Some((value, from)) => {
                    let _ = writeln!(text, "{:<40} # {from}", format!("{key} = {value}"));
                }
                None => unset.push(key),
            }
        }
        if !unset.is_empty() {
            let _ = writeln!(text, "# not set: {}", unset.join(", "));
        }
        if let Some(Value::Array(allowed)) = of_file(ALLOW) {
            for allowance in allowed {
                let _ = writeln!(text, "\n[[{ALLOW}]] # {path}");
                for (key, value) in allowance.as_table().into_iter().flatten() {
                    let _ = writeln!(text, "{key} = {value}");
                }
            }
        }
        text
    }
}

/// Returns the error for a value that TOML cannot hold.
fn unsettled(problem: &dyn std::fmt::Display) -> Error {
    Error::Usage {
        option: "settings",
        expected: "values that leakdiff.toml can hold".to_owned(),
        found: problem.to_string(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::super::config::read;
    use super::*;

    /// Layers of typed settings and the settings of a file.
    fn layers(typed: &[&str], file: &str) -> (Layers, Settings) {
        let command = Settings::augment_args(Command::new("")).no_binary_name(true);
        let matches = command.get_matches_from(typed);
        let flags = Settings::from_arg_matches(&matches).unwrap();
        let file = Config { path: "leakdiff.toml".into(), settings: read("leakdiff.toml", file).unwrap() };
        let layers = Layers::new(&flags, &matches, Some(file)).unwrap();
        let settings = layers.settings(&flags).unwrap();
        (layers, settings)
    }

    #[test]
    fn what_is_typed_goes_before_the_file_and_the_file_before_defaults() {
        let (_, settings) = layers(
            &["--top", "7", "--exclude", "typed", "--strict=false", "--baseline", "typed.json"],
            "top = 3\nexclude = ['a', 'b']\ninclude = ['c']\nstrict = true\nascii = true\nmin-points = 8\nbaseline = 'of-file'\n",
        );
        assert_eq!((settings.top, settings.min_points), (Some(7), Some(8)));
        assert_eq!((settings.exclude, settings.include), (vec!["typed".to_owned()], vec!["c".to_owned()]));
        assert_eq!((settings.strict, settings.ascii, settings.plot), (false, true, false));
        assert_eq!(settings.baseline, Some("typed.json".into()));
        // Neither of the two meets the other.
        for (typed, file, quiet, verbose) in [
            (&["-q"][..], "verbose = true", true, false),
            (&["-v"], "quiet = true", false, true),
            (&["--quiet=false"], "verbose = true", false, false),
            (&[], "verbose = true", false, true),
        ] {
            let (_, settings) = layers(typed, file);
            assert_eq!((settings.quiet, settings.verbose), (quiet, verbose), "{typed:?} {file}");
        }
    }

    #[test]
    fn every_setting_can_stand_in_a_file() {
        let text = "top = 3\nsort = 'rate'\nfold-below = '1KiB'\nsnapshot-period = '60s'\nmetric = ['VmRSS']\ninclude = ['a']\nexclude = ['b']\nsince = '2024-05-23'\n\
            until = '2024-05-24'\nlimit = '1GiB'\nunits = 'kib'\ninput-format = 'rss-report'\ntime-column = 'ts'\nvalue-column = ['rss', 3]\nvalue-unit = 'KiB'\nmatch = 'now (?<value>.*)'\nno-guess = true\ngroup-by = 'filename'\ncumulative = true\ndomain = 0\niterations = 10000\nper = 'requests=(?<n>\\d+)'\nformat = 'json'\ncolor = 'never'\n\
            width = 80\nascii = true\nplot = true\nstrict = true\nverbose = true\nquiet = false\ncheck = true\nfail-on = ['growing', 'unclear']\n\
            min-probability = 0.7\nmax-growth = '1MiB/h'\nmax-site-growth = '10KiB/snapshot'\nwithin = '30d'\nmin-points = 8\nallow-unread = '5%'\n\
            max-line = '32MiB'\nmax-sites = 7\nmax-subjects = 8\nmax-records = '9'\nmax-unpacked = '8GiB'\n\
            baseline = 'known.json'\nsource-root = 'src'\n[[allow]]\nsite = '*/decoder.py'\nreason = 'a cache'\n";
        let (layers, settings) = layers(&["--top", "7"], text);
        let written = Table::try_from(&settings).unwrap();
        for key in keys() {
            assert!(written.contains_key(&key) && text.contains(&key), "{key}");
        }
        // The printed settings can be read again.
        let shown = layers.printed(&settings);
        let again: Settings = read("leakdiff.toml", &shown).unwrap().try_into().unwrap();
        assert_eq!(Table::try_from(&again).unwrap(), written, "{shown}");
        assert!(shown.contains("# the command line") && shown.contains("# leakdiff.toml"));
    }

    /// Values of all kinds, within the bounds of some settings and out of those of others.
    const VALUES: [&str; 40] = [
        "",
        "0",
        "-1",
        "1",
        "1.5",
        "80.0",
        "0.05",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "19",
        "20",
        "65536",
        "4294967296",
        "9223372036854775807",
        "18446744073709551616",
        "0%",
        "5%",
        "101%",
        "nan%",
        "1GiB",
        "-1KiB",
        "99999999EiB",
        "1KiB/h",
        "1KiB/year",
        "0s",
        "30d",
        "1 month",
        "soon",
        "2024-05-23",
        "9999-99-99",
        "true",
        "yes",
        "growing",
        "(",
        "(?<value>x)",
        "pages",
        "pages:0",
        "json",
    ];

    #[test]
    fn the_file_is_held_to_the_bounds_of_the_command_line() {
        use clap::ArgAction;
        let command = || Settings::augment_args(Command::new("")).no_binary_name(true);
        let mut taken = 0;
        for arg in command().get_arguments() {
            let Some(key) = arg.get_long() else { continue };
            let is_list = matches!(arg.get_action(), ArgAction::Append);
            for value in VALUES {
                let typed = command().try_get_matches_from([format!("--{key}={value}")]).is_ok();
                // Numbers and truths stand bare in a file, all else is text.
                let is_taken = |value: &str| {
                    let line =
                        if is_list { format!("{key} = [{value}]") } else { format!("{key} = {value}") };
                    read("leakdiff.toml", &line).is_ok()
                };
                let in_file = is_taken(&format!("'{value}'")) || !value.is_empty() && is_taken(value);
                assert_eq!(in_file, typed, "--{key}={value}");
                taken += usize::from(typed);
            }
        }
        assert!(taken > 100, "{taken}");
    }
}
