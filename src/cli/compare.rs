//! `--compare`: two recordings, each analysed by itself or read as the report that leakdiff wrote of it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::reading::read;
use super::settings::Settings;
use super::{COMPLAINT, FINE, Failure, UNUSABLE, complain, keep, output, terminal, written};
use crate::analysis::Options;
use crate::assessment::Detailed;
use crate::compare::{self as comparison, FORMATS, Side};
use crate::error::Error;
use crate::input;

/// What a report of leakdiff says of its layout; where in it depends on who wrote it last.
const MARK: &str = "\"leakdiff/";
/// Larger files are no reports.
const LARGEST: u64 = 1 << 30;

/// Compares the two recordings that the paths name.
pub fn run(
    settings: &Settings,
    paths: &[PathBuf],
    file: Option<&Path>,
    config: Option<&Path>,
) -> Result<u8, Failure> {
    let request = |message: String| Failure::Request(Error::Request(message));
    let [before, after] = paths else {
        return Err(request(format!(
            "--compare takes two recordings, before and after; {} named",
            paths.len()
        )));
    };
    let format = settings.format().name();
    if !FORMATS.contains(&format) {
        return Err(request(format!("--compare has no output {format}; it has {}", FORMATS.join(", "))));
    }
    if let Some(file) = file {
        let inputs = input::find(paths).entries;
        keep(file, &inputs, settings, config).map_err(Failure::Request)?;
    }
    let Some((before, all_of_before)) = side(settings, before)? else { return Ok(UNUSABLE) };
    let Some((after, all_of_after)) = side(settings, after)? else { return Ok(UNUSABLE) };
    let comparison = comparison::compare(&before, &after);
    let write = |out: &mut dyn Write, terminal: &terminal::Terminal| -> io::Result<()> {
        comparison::render(&comparison, format, &settings.style(terminal), out).unwrap_or(Ok(()))?;
        out.flush()
    };
    written(match file {
        Some(path) => output::write(path, |out| write(out, &terminal::of_file())),
        None => {
            write(&mut BufWriter::new(io::stdout().lock()), &terminal::of_standard_output(settings.colour()))
        }
    })?;
    if !(all_of_before && all_of_after) {
        complain("not all of the recordings could be read");
        return Ok(UNUSABLE);
    }
    let worse = comparison.changes.iter().any(|change| change.direction.is_worse());
    Ok(if settings.is_check() && worse { COMPLAINT } else { FINE })
}

/// One side, and whether all of it could be read as far as that counts; `None` if it could not be used, which was said.
fn side(settings: &Settings, path: &Path) -> Result<Option<(Side, bool)>, Failure> {
    let name = path.display().to_string();
    let request = |message: String| Failure::Request(Error::Request(format!("{name}: {message}")));
    if let Some(json) = report_in(path).map_err(|e| request(e.to_string()))? {
        return Side::read(&name, &json).map(|side| Some((side, true))).map_err(request);
    }
    let options = Options {
        detailed: Detailed::First(0),
        plots: false,
        check: false,
        ..settings.options(None).map_err(Failure::Request)?
    };
    let Some(read) = read(options, input::find(&[path.to_owned()])).map_err(Failure::Request)? else {
        return Ok(None);
    };
    let gate = settings.is_check() || settings.strict.unwrap_or(false);
    let complete = read.lost == 0 && !(gate && read.cut > 0);
    let report = read.analysis.finish();
    let unreadable: u64 = report.inputs.iter().map(|input| input.unreadable_lines).sum();
    if settings.strict.unwrap_or(false) && unreadable > 0 {
        complain(&format!("{name}: {unreadable} line(s) could not be read, and --strict was given"));
        return Ok(None);
    }
    if report.processes.is_empty() && report.sites.is_empty() {
        complain(&format!("{name}: nothing is left by --since, --until, --metric, --include and --exclude"));
        return Ok(None);
    }
    Side::of(&name, &report).map(|side| Some((side, complete))).map_err(request)
}

/// The text of a file if it is a report of leakdiff. Logs of JSON begin like one, and do not have its mark.
fn report_in(path: &Path) -> io::Result<Option<String>> {
    let Ok(facts) = fs::metadata(path) else { return Ok(None) };
    if !facts.is_file() || facts.len() > LARGEST {
        return Ok(None);
    }
    let mut first = [0];
    let begins = File::open(path)?.read(&mut first)? == 1 && first == *b"{";
    if !begins {
        return Ok(None);
    }
    Ok(String::from_utf8(fs::read(path)?).ok().filter(|text| text.contains(MARK)))
}
