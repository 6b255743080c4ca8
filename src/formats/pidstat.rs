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
    parser: |_| Parser::Lines(Box::new(Pidstat { table: TableReader::new(&TABLE), began: false })),
};

struct Pidstat {
    table: TableReader,
    /// Whether a header was met: all reports below are of pidstat.
    began: bool,
}

impl LineParser for Pidstat {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if is_average(line.text) {
            self.table.end_table();
            out.bare_scope();
            return Ok(Claim::Mine);
        }
        if line.text.contains("minflt/s") && self.table.take_header(line, out) {
            self.began = true;
            return Ok(Claim::Mine);
        }
        if !self.began || !is_row(line.text) {
            return Ok(Claim::NotMine);
        }
        // The header of a report of processors or disks; the time in it is that of the report before.
        if line.text.split_ascii_whitespace().any(|word| matches!(word, "PID" | "TGID")) {
            self.table.end_table();
        }
        if self.table.has_header() && self.table.take_row(line, out)? {
            return Ok(Claim::Mine);
        }
        // Rows of other reports are claimed, so that their times, hours before others, are no times of lines above.
        out.bare_scope();
        Ok(Claim::Mine)
    }

    fn follows(&self) -> bool {
        self.began
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.table.finish(out);
        self.began = false;
    }
}

/// Whether a line is of the report at the end, whose label stands for the time: `Average:`, `Durchschn.:`, `Moyenne :`.
fn is_average(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let first = words.next().unwrap_or("");
    let ends = first.ends_with(':') || words.next() == Some(":");
    ends && !first.starts_with(|first: char| first.is_ascii_digit()) && words.count() > 4
}

/// Whether a line may be a header or a row: it begins with a time, and has columns.
fn is_row(line: &str) -> bool {
    let line = line.trim_start_matches(['#', ' ']);
    let begins = line.starts_with(|first: char| first.is_ascii_digit()) || line.starts_with("Time");
    begins && line.split_ascii_whitespace().take(5).count() == 5
}
