//! `pidstat -r` of sysstat: in any language, with `-h`, `-H`, `-l`, `-t`, `--human`, beside other reports.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::ps::{RSS, VSZ};
use super::sink::Sink;
use super::size::Multiples;
use super::tables::{Column, Table, TableReader};

static TABLE: Table = Table {
    words: &[
        ("PID", Column::Pid),
        // With -t, rows of threads have a dash there.
        ("TGID", Column::Pid),
        ("RSS", Column::Memory(RSS)),
        ("VSZ", Column::Memory(VSZ)),
        ("COMMAND", Column::Command),
    ],
    words_of_others: &["USS", "STAT"],
    ends_with_command: true,
    bare: 1024.0,
    multiples: Multiples::Binary,
};

/// Reports of `pidstat -r`.
pub static FORMAT: Format = Format {
    name: "pidstat",
    reads: "pidstat -r (\"UID PID minflt/s majflt/s VSZ RSS %MEM Command\")",
    example: "10:34:08      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n\
              10:34:10        0      4103    251.00      0.00   13408   10532   0.04  python3\n",
    detect: Detect::Needles(&["minflt/s"]),
    parser: |_| {
        Parser::Lines(Box::new(Pidstat {
            table: TableReader::new(&TABLE),
            words_before: None,
            average: None,
        }))
    },
};

/// Numbers among the first five columns of a row, at least: the first may be a user, and one the word AM.
const LEAST_NUMBERS: usize = 3;
/// Digits of a time in seconds since 1970, at least.
const LEAST_SECONDS: usize = 9;

struct Pidstat {
    table: TableReader,
    /// Number of words in front of the last header; `None` if none was met. All reports below one are of pidstat.
    words_before: Option<usize>,
    /// The label of the report at the end, in the language of the machine.
    average: Option<String>,
}

impl LineParser for Pidstat {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(label) = label_of_average(line.text, self.words_before.unwrap_or(1)) {
            // Its header comes before its rows.
            if is_header(line.text) {
                self.average = Some(label.to_owned());
            }
            if self.average.as_deref() == Some(label) {
                self.table.end_table();
                out.bare_scope();
                return Ok(Claim::Mine);
            }
        }
        if line.text.contains("minflt/s") && self.table.take_header(line, out) {
            self.words_before = Some(self.table.words_before());
            return Ok(Claim::Mine);
        }
        if self.words_before.is_none() {
            return Ok(Claim::NotMine);
        }
        // The header of a report of processors or disks; the time in it is that of the report before.
        if is_header(line.text) {
            self.table.end_table();
        }
        if self.table.has_header() && self.table.take_row(line, out)? {
            return Ok(Claim::Mine);
        }
        if !is_row(line.text) {
            return Ok(Claim::NotMine);
        }
        // Rows of other reports are claimed, so that their times, hours before others, are no times of lines above.
        out.bare_scope();
        Ok(Claim::Mine)
    }

    fn follows(&self) -> bool {
        self.words_before.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.table.finish(out);
        (self.words_before, self.average) = (None, None);
    }
}

/// Whether a line is the header of a report of any kind.
fn is_header(line: &str) -> bool {
    line.split_ascii_whitespace().any(|word| matches!(word, "PID" | "TGID"))
}

/// Returns the label of a line of the report at the end, which stands for the time, the last of some words before the
/// columns: `Average:`, `Durchschn.:`, `Moyenne :`.
fn label_of_average(line: &str, words_before: usize) -> Option<&str> {
    let words: Vec<&str> = line.split_ascii_whitespace().take(words_before.max(1) + 5).collect();
    let is_time =
        |word: &&str| word.starts_with(|first: char| first.is_ascii_digit()) && word.contains([':', '-']);
    let before = words.get(..words_before.max(1)).unwrap_or(&[]);
    let label = before.iter().rposition(|word| word.ends_with(':') || word.ends_with('：'));
    let label = label.or_else(|| (words.get(before.len()) == Some(&":")).then_some(before.len()))?;
    // A time after the label is that of a row, after the name of a machine.
    let is_label = !words.iter().skip(label).any(is_time);
    // `Moyenne :`
    let word = if words[label] == ":" { label.checked_sub(1)? } else { label };
    (is_label && words.len() > 5 && has_columns(line)).then(|| words[word].trim_end_matches([':', '：']))
}

/// Whether a line may be a header or a row: it begins with a time, and has columns, of a row of numbers mostly.
fn is_row(line: &str) -> bool {
    let line = line.trim_start_matches(['#', ' ', '>']);
    let first = line.split_ascii_whitespace().next().unwrap_or_default();
    let is_number =
        |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'));
    // User, process and the first of its numbers, after AM or PM at times.
    let columns = || line.split_ascii_whitespace().skip(1).take(5);
    let has_numbers = || columns().filter(is_number).count() >= LEAST_NUMBERS;
    (is_clock(first) || first == "Time")
        && columns().count() >= 4
        && has_columns(line)
        && (is_header(line) || has_numbers())
}

/// Whether a word is a time of day, in any language, or one in seconds since 1970: `10:34:08`, `10時34分08秒`.
fn is_clock(word: &str) -> bool {
    let numbers = word.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).count();
    word.starts_with(|first: char| first.is_ascii_digit())
        && (numbers >= 3 || word.len() >= LEAST_SECONDS && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a line has the columns of a report, and is no message of a log: several numbers, rates or ids stand alone.
fn has_columns(line: &str) -> bool {
    let is_column = |word: &&str| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit() || b".,-%kMGT".contains(&byte));
        is_number || word.starts_with('%') || word.ends_with("/s") || matches!(*word, "PID" | "TGID" | "UID")
    };
    line.split_ascii_whitespace().skip(1).filter(is_column).take(3).count() == 3
}

#[cfg(test)]
mod tests {
    use super::{is_row, label_of_average};

    #[test]
    fn rows_and_averages_have_columns_and_messages_of_a_log_have_none() {
        for (line, row, average) in [
            ("10:00:00 AM   UID   PID  minflt/s  majflt/s  VSZ  RSS  %MEM  Command", true, None),
            ("10:00:00  0  4711  0.00  0.00  200000  100000  0.50  web", true, None),
            ("1716458400  0  4711  0,00  0,00  200000  100000  0,50  web", true, None),
            ("Average:  0  4711  0.00  0.00  200000  100000  0.50  web", false, Some("Average")),
            ("Moyenne :  0  4711  0,00  0,00  200000  100000  0,50  web", false, Some("Moyenne")),
            ("10時34分08秒  0  4711  251.00  0.00  12996  10072  0.04  web", true, None),
            // A row of `smem`, one of `jstat`.
            (" 4800 root  job  0  67000  68000  70000", false, None),
            ("  0.00 100.00  20.00  40.00  95.00  90.00    12    0.100", false, None),
            ("2024-05-23T10:00:00Z INFO job: RSS: 68.4 MB", false, None),
            ("10:00:00 WARN the pool has 5 of 8 workers", false, None),
            ("10:00:00 AM  root  4711  0.00  0.00  200000  100000  0.50  web", true, None),
            ("10:00:00 job Alloc = 70 MiB Sys = 200 MiB NumGC = 3", false, None),
            ("Summary: job grew by 5 MB to 90 MB at the end", false, None),
        ] {
            assert_eq!((is_row(line), label_of_average(line, 1)), (row, average), "{line}");
        }
    }
}
