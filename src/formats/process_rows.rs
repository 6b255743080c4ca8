//! Rows of `ps aux`, `top` and `pidstat -r` without a header, which `grep` or `tail` took away: each row has a shape
//! that tells its tool.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::ps::{RSS, VSZ};
use super::sink::Sink;
use super::size::{Multiples, Size, size};
use super::tables::cut_row;
use super::top::{RES, SHR, VIRT};
use crate::model::{Metric, Subject, SubjectKind};

/// Rows of tables without their header.
pub static FORMAT: Format = Format {
    name: "process-rows",
    reads: "rows of ps aux, top or pidstat -r without a header (\"ps aux | grep python\")",
    example: "root        4103  2.3  0.0  12996 10072 ?        S    10:34   0:00 python3 app.py\n",
    detect: Detect::Head(|head| {
        let is_header = |line: &str| {
            (line.contains("PID") || line.contains("TGID"))
                && ["RSS", "VSZ", "RES", "COMMAND"].iter().any(|word| line.contains(word))
        };
        !head.lines().any(is_header) && head.lines().any(|line| found(line, true).is_some())
    }),
    parser: |_| Parser::Lines(Box::new(ProcessRows)),
};

/// The meaning of a field of a row.
#[derive(Clone, Copy)]
enum Field {
    Pid,
    /// A whole number, or the name of a user.
    User,
    Decimal,
    /// A number with decimals.
    Fraction,
    Size(Metric),
    /// `0:00.02`
    Clock,
    /// The terminal: `?`, `??`, `pts/0`, `s002`.
    Terminal,
    /// The state: `S`, `Ss+`, `R<`.
    State,
    Word,
}

/// Fields in front of the command in rows of `ps aux`, …
const PS_AUX: &[Field] = &[
    Field::User,
    Field::Pid,
    Field::Decimal,
    Field::Decimal,
    Field::Size(VSZ),
    Field::Size(RSS),
    Field::Terminal,
    Field::State,
    Field::Word,
    Field::Clock,
];
/// … of `top` …
const TOP: &[Field] = &[
    Field::Pid,
    Field::User,
    Field::Word,
    Field::Word,
    Field::Size(VIRT),
    Field::Size(RES),
    Field::Size(SHR),
    Field::State,
    Field::Decimal,
    Field::Decimal,
    Field::Clock,
];
/// … and, after the time, of `pidstat -r`.
const PIDSTAT: &[Field] = &[
    Field::User,
    Field::Pid,
    Field::Fraction,
    Field::Fraction,
    Field::Size(VSZ),
    Field::Size(RSS),
    Field::Fraction,
];
/// Words that may stand between the time and the row: the name of a host, of a program.
const MOST_WORDS_BEFORE: usize = 8;

struct Found<'a> {
    pid: &'a str,
    command: &'a str,
    values: Vec<(Metric, Size)>,
}

/// Parses a row after a few words. A row of pidstat needs a time in front.
fn found(text: &str, has_time: bool) -> Option<Found<'_>> {
    let mut rest = text.trim_start();
    for _ in 0..MOST_WORDS_BEFORE {
        if let Some(found) = row(rest, TOP).or_else(|| row(rest, PS_AUX)) {
            return Some(found);
        }
        if let Some(found) = has_time.then(|| row(rest, PIDSTAT)).flatten() {
            return Some(found);
        }
        rest = rest.split_once([' ', '\t'])?.1.trim_start();
    }
    None
}

fn row<'a>(text: &'a str, fields: &[Field]) -> Option<Found<'a>> {
    let mut found = Found { pid: "", command: "", values: Vec::new() };
    let mut rest = text;
    for field in fields {
        let (word, after) = rest.split_once([' ', '\t'])?;
        rest = after.trim_start();
        let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let fits = match field {
            Field::Pid => {
                found.pid = word;
                is_number(word) && word.len() < 9
            }
            Field::User => word.starts_with(char::is_alphanumeric) && !word.ends_with(':'),
            Field::Decimal | Field::Fraction => {
                let parts = word.split_once(['.', ',']);
                let (whole, part) = parts.unwrap_or((word, "0"));
                let is_fraction = parts.is_some() || matches!(field, Field::Decimal);
                is_fraction && is_number(whole) && is_number(part.trim_end_matches('%'))
            }
            Field::Size(metric) => {
                // A number with decimals has a unit.
                let is_size = is_number(word) || word.ends_with(|unit: char| unit.is_ascii_alphabetic());
                let size = size(word, 1024.0, Multiples::Binary).filter(|_| is_size);
                size.is_some_and(|size| {
                    found.values.push((*metric, size));
                    true
                })
            }
            Field::Clock => {
                word.contains(':') && word.bytes().all(|b| b.is_ascii_digit() || b":.,-h".contains(&b))
            }
            Field::Terminal => {
                matches!(word, "?" | "??" | "-")
                    || word.starts_with(|first: char| first.is_ascii_alphabetic())
            }
            Field::State => {
                let mut letters = word.bytes();
                letters.next().is_some_and(|first| b"DIRSTtWXZUOLP".contains(&first))
                    && letters.all(|b| b.is_ascii_alphabetic() || b"<+>-".contains(&b))
                    && word.len() <= 5
            }
            Field::Word => !word.is_empty(),
        };
        if !fits {
            return None;
        }
    }
    found.command = rest.trim_end();
    found.values.sort_by_key(|(metric, _)| metric.role);
    (!found.command.is_empty()).then_some(found)
}

struct ProcessRows;

impl LineParser for ProcessRows {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if found(line.text, true).is_none() {
            return Ok(Claim::NotMine);
        }
        let scope = out.row_scope(line);
        let text = line.text.get(if scope.stamped { scope.stamp_end } else { 0 }..).unwrap_or("");
        let Some(Found { pid, command, values }) = found(text, scope.stamped) else {
            return Ok(Claim::NotMine);
        };
        let program = command.split(' ').next().and_then(|path| path.rsplit('/').next()).unwrap_or("");
        // A thread of the kernel has no memory; the filter through which the rows came is of no interest.
        let is_none = |size: &Size| size.bytes == 0.0 && size.step <= 1024.0;
        let has_none = values.iter().any(|(metric, size)| *metric != SHR && is_none(size));
        if has_none || matches!(program, "grep" | "egrep" | "fgrep") {
            return Ok(Claim::Mine);
        }
        let subject =
            Subject { kind: SubjectKind::Process, name: Some(command.to_owned()), ..Subject::default() };
        let subject = subject.with_id(pid);
        if !line.ended && !out.has_subject(&subject) {
            return Err(cut_row());
        }
        let sample = out.sample_in(line, subject, scope);
        sample.set_all(values.into_iter().map(|(metric, size)| (metric, size.rounded()))).push();
        Ok(Claim::Mine)
    }

    fn amid(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        self.line(line, out)
    }
}

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn rows_are_told_by_their_shape() {
        for (text, pid, command, resident) in [
            (
                "root        4103  2.3  0.0  12996 10072 ?        S    10:34   0:00 python3 app.py",
                "4103",
                "python3 app.py",
                10072.0,
            ),
            (
                "me               16719   0.5  1.3 558590036 217420 s002  Ss+   2:24pm   6:28.99 /usr/bin/python3 a.py",
                "16719",
                "/usr/bin/python3 a.py",
                217_420.0,
            ),
            (
                "   4103 root      20   0   12996  1.2g   6212 R   0,0   0,0   0:00.02 python3",
                "4103",
                "python3",
                1.2 * 1_048_576.0,
            ),
            ("0      4103    251,00      0,00   13408   10532   0,04  python3", "4103", "python3", 10532.0),
        ] {
            let found = found(text, true).map(|row| (row.pid, row.command, row.values[0].1.bytes / 1024.0));
            assert_eq!(found, Some((pid, command, resident)), "{text}");
        }
        for text in [
            "0    369825      0.00      0.36      0.00       0  python3",
            "0    369825    0.06    0.01    0.00    0.00    0.07     1  python3",
            "10:34:08 root 4103 started in 2.3 s",
            "",
        ] {
            assert!(found(text, true).is_none(), "{text}");
        }
    }
}
