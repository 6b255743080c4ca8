//! `/proc/PID/stat`: one line of 52 fields for a process, of which the 23rd is its virtual memory in bytes, and the
//! 24th its resident memory in pages.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// Lines of `/proc/PID/stat`.
pub static FORMAT: Format = Format {
    name: "proc-stat",
    reads: "/proc/PID/stat (\"4103 (python3) S 1 4103 4103 0 -1 4194560 …\"), in pages of 4 KiB",
    example: "4103 (python3) S 4100 4103 4100 0 -1 4194304 1290 0 0 0 2 0 0 0 20 0 1 0 110893 13307904 2518 \
              18446744073709551615 1 1 0 0 0 0 0 16781312 2 0 0 0 17 3 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
    detect: Detect::Needles(&[") S ", ") R ", ") D ", ") I ", ") T ", ") t ", ") Z "]),
    parser: |_| Parser::Lines(Box::new(Stat::default())),
};

const RSS: Metric = Metric::bytes("rss", Role::Resident);
const VSIZE: Metric = Metric::bytes("vsize", Role::Virtual);

/// The size of a page on nearly all machines: the file does not say it.
const PAGE: f64 = 4096.0;
/// Fields after the state of the process: their number grew from 37 in Linux 2.6 to 49.
const LEAST_FIELDS: usize = 36;
/// The places of the virtual and the resident memory after the state, counted from 0.
const PLACE_OF_VSIZE: usize = 19;
const PLACE_OF_RSS: usize = 20;

/// A process as its line has it.
#[derive(Debug, PartialEq)]
struct Process<'t> {
    /// The byte at which the line of the file begins: a time may stand before it.
    start: usize,
    pid: &'t str,
    name: &'t str,
    vsize: f64,
    pages: f64,
}

/// Parses a line of the file.
fn process(line: &str) -> Option<Process<'_>> {
    // A name may hold anything, but no field after it has a bracket.
    let (before, fields) = line.trim_end().rsplit_once(") ")?;
    let (before, name) = before.split_once('(')?;
    let start = before.trim_end().rfind([' ', '\t', ':']).map_or(0, |at| at + 1);
    let pid = before.get(start..)?.strip_suffix(' ')?;
    let mut words = fields.split(' ');
    let is_state = words.next().is_some_and(|state| state.len() == 1);
    let fields: Vec<&str> = words.collect();
    let is_number = |word: &&str| word.strip_prefix('-').unwrap_or(word).bytes().all(|b| b.is_ascii_digit());
    let is_pid = !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit());
    if !is_state || !is_pid || fields.len() < LEAST_FIELDS || !fields.iter().all(is_number) {
        return None;
    }
    let number = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some(Process { start, pid, name, vsize: number(PLACE_OF_VSIZE)?, pages: number(PLACE_OF_RSS)? })
}

#[derive(Default)]
struct Stat {
    /// Whether it is said that the size of a page is assumed.
    is_noted: bool,
}

impl LineParser for Stat {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some(process) = process(line.text) else { return Ok(Claim::NotMine) };
        let scope = out.scope(line, process.start);
        // A thread of the kernel, or a process that has ended.
        if process.pages <= 0.0 {
            return Ok(Claim::Mine);
        }
        if !std::mem::replace(&mut self.is_noted, true) {
            out.note("the pages of /proc/PID/stat are taken as 4 KiB each");
        }
        let subject = Subject {
            kind: SubjectKind::Process,
            name: Some(process.name.to_owned()),
            id: Some(process.pid.to_owned()),
            parent: None,
        };
        out.sample_in(line, subject, scope)
            .set(RSS, Measured::exact(process.pages * PAGE))
            .set(VSIZE, Measured::exact(process.vsize))
            .push();
        Ok(Claim::Mine)
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, process};

    #[test]
    fn a_line_is_a_process() {
        let line = FORMAT.example.trim_end();
        for (text, expected) in [
            (line.to_owned(), Some((0, "4103", "python3", 13_307_904.0, 2518.0))),
            (line.replace("python3", "a) (b c"), Some((0, "4103", "a) (b c", 13_307_904.0, 2518.0))),
            (format!("2026-11-26T10:34:08Z {line}"), Some((21, "4103", "python3", 13_307_904.0, 2518.0))),
            (line.replace("13307904", "13.3"), None),
            (line.split_at(60).0.to_owned(), None),
            ("called f(x) S 1 2 3".to_owned(), None),
        ] {
            let found = process(&text).map(|p| (p.start, p.pid, p.name, p.vsize, p.pages));
            assert_eq!(found, expected, "{text}");
        }
    }
}
