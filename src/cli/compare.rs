//! `--compare`: two recordings, each analysed by itself or read as the report that leakdiff wrote of it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::reading::read;
use super::settings::Settings;
use super::{COMPLAINT, FINE, Failure, UNUSABLE, complain, terminal};
use crate::analysis::Options;
use crate::assessment::Detailed;
use crate::compare::{self as comparison, FORMATS, Side};
use crate::error::Error;

/// What a report of leakdiff says of its layout; where in it depends on who wrote it last.
const MARK: &str = "\"leakdiff/";
/// Larger files are no reports.
const LARGEST: u64 = 1 << 30;

/// Compares the two recordings that the paths name.
pub fn run(settings: &Settings, paths: &[PathBuf], output: Option<&Path>) -> Result<u8, Failure> {
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
    let mut sides = Vec::new();
    for path in [before, after] {
        match side(settings, path)? {
            Some(side) => sides.push(side),
            None => return Ok(UNUSABLE),
        }
    }
    let comparison = comparison::compare(&sides[0], &sides[1]);
    let write = |out: &mut dyn Write, terminal: &terminal::Terminal| -> io::Result<()> {
        comparison::render(&comparison, format, &settings.style(terminal), out).unwrap_or(Ok(()))?;
        out.flush()
    };
    match output {
        Some(path) => {
            File::create(path).and_then(|file| write(&mut BufWriter::new(file), &terminal::of_file()))
        }
        None => {
            write(&mut BufWriter::new(io::stdout().lock()), &terminal::of_standard_output(settings.colour()))
        }
    }
    .map_err(Failure::Output)?;
    let worse = comparison.changes.iter().any(|change| change.direction.is_worse());
    Ok(if settings.is_check() && worse { COMPLAINT } else { FINE })
}

/// One side; `None` if it could not be used, which was said.
fn side(settings: &Settings, path: &Path) -> Result<Option<Side>, Failure> {
    let name = path.display().to_string();
    let request = |message: String| Failure::Request(Error::Request(format!("{name}: {message}")));
    if let Some(json) = report_in(path).map_err(|e| request(e.to_string()))? {
        return Side::read(&name, &json).map(Some).map_err(request);
    }
    let options = Options {
        detailed: Detailed::First(0),
        plots: false,
        check: false,
        ..settings.options(None).map_err(Failure::Request)?
    };
    let Some(read) = read(options, &[path.to_owned()]).map_err(Failure::Request)? else { return Ok(None) };
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
    Side::of(&name, &report).map(Some).map_err(request)
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
