//! Configuration files, and a recording that is judged by their settings.

use clap::{Args, Command};
use leakdiff::analysis::Options;
use leakdiff::cli::config::{Config, read};
use leakdiff::cli::layers::Layers;
use leakdiff::cli::settings::Settings;
use leakdiff::report::OUTPUT_FORMATS;
use toml::Table;

use super::outputs::hold;
use super::recording::Judged;
use super::{BOUNDS, texts};

/// The first byte chooses a style; the rest are a configuration and up to two sources of a log.
pub fn configuration(data: &[u8]) {
    let Some((&style, rest)) = data.split_first() else { return };
    let texts = texts(rest, 3);
    let Some((text, log)) = texts.split_first() else { return };
    let Ok(table) = read("leakdiff.toml", text) else { return };
    let (layers, settings) = layers(table);
    // The effective settings are a configuration of the same settings.
    let printed = layers.printed(&settings);
    let again = read("leakdiff.toml", &printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
    let again: Settings = again.try_into().unwrap();
    let as_table = |settings: &Settings| Table::try_from(settings).unwrap();
    let (mut expected, mut found) = (as_table(&settings), as_table(&again));
    // Of those that depend on others the value is printed.
    for table in [&mut expected, &mut found] {
        table.remove("top");
        table.remove("min-points");
    }
    assert_eq!(found, expected, "{printed}");
    let mut options = settings.options(Some("leakdiff.toml"));
    options.reading.bounds = BOUNDS;
    let place = OUTPUT_FORMATS.iter().position(|format| format.name() == settings.format().name()).unwrap();
    let output = u8::try_from(place).unwrap() | u8::from(options.plots) << 3;
    if let Some(outcome) = Judged::whole(Options { ..options }, log).outcome {
        hold(&outcome.report, output, style);
    }
}

/// The settings of a file over the defaults.
fn layers(settings: Table) -> (Layers, Settings) {
    let command = Settings::augment_args(Command::new("")).no_binary_name(true);
    let matches = command.get_matches_from([""; 0]);
    let file = Config { path: "leakdiff.toml".into(), settings };
    let layers = Layers::new(&Settings::default(), &matches, Some(file)).unwrap();
    let settings = layers.settings(&Settings::default()).unwrap_or_else(|error| panic!("{error}"));
    (layers, settings)
}
