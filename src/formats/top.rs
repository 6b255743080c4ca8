//! `top` in batch mode or in the log of a terminal: procps in any language and scale, macOS and FreeBSD.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::Multiples;
use super::tables::{Column, Table, TableReader};
use crate::model::{Metric, Role};

/// Resident memory.
pub const RES: Metric = Metric::bytes("RES", Role::Resident);
/// Address space.
pub const VIRT: Metric = Metric::bytes("VIRT", Role::Virtual);
/// The part of the resident memory that may be shared.
pub const SHR: Metric = Metric::bytes("SHR", Role::Part);
const SWAP: Metric = Metric::bytes("SWAP", Role::Swap);
const DATA: Metric = Metric::bytes("DATA", Role::Virtual);
/// The footprint of a process on macOS: its own memory, compressed or not.
const MEM: Metric = Metric::bytes("MEM", Role::Resident);
const CMPRS: Metric = Metric::bytes("CMPRS", Role::Part);
/// Address space on FreeBSD.
const SIZE: Metric = Metric::bytes("SIZE", Role::Virtual);

static TABLE: Table = Table {
    words: &[
        ("PID", Column::Pid),
        ("VIRT", Column::Memory(VIRT)),
        ("RES", Column::Memory(RES)),
        ("SHR", Column::Memory(SHR)),
        ("SWAP", Column::Memory(SWAP)),
        ("DATA", Column::Memory(DATA)),
        ("MEM", Column::Memory(MEM)),
        ("CMPRS", Column::Memory(CMPRS)),
        ("SIZE", Column::Memory(SIZE)),
        ("COMMAND", Column::Command),
        ("ARGS", Column::Command),
    ],
    words_of_others: &["RSS", "VSZ"],
    ends_with_command: true,
    bare: 1024.0,
    multiples: Multiples::Binary,
};

/// The heading of a report, before its time of day.
const HEADING: &str = "top - ";
/// The same on FreeBSD, where the time of day stands at the end of the line.
const HEADING_OF_BSD: &str = "last pid:";

/// Reports of `top`.
pub static FORMAT: Format = Format {
    name: "top",
    reads: "top -b (\"PID USER PR NI VIRT RES SHR S %CPU %MEM TIME+ COMMAND\")",
    example: "top - 10:34:08 up 18 min,  0 user,  load average: 6.39, 3.58, 1.57\n\
              \x20   PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n\
              \x20  4103 root      20   0   12996  10072   6212 R   0.0   0.0   0:00.02 python3\n",
    detect: Detect::Needles(&[HEADING, HEADING_OF_BSD, "VIRT", " RES ", "PID   COMMAND", "PID    COMMAND"]),
    parser: |_| Parser::Lines(Box::new(Top { table: TableReader::new(&TABLE) })),
};

struct Top {
    table: TableReader,
}

impl LineParser for Top {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let time = match line.text.find(HEADING) {
            Some(at) => line.text.get(at..),
            None if line.text.starts_with(HEADING_OF_BSD) => line.text.split_ascii_whitespace().next_back(),
            None => None,
        };
        if let Some(text) = time {
            let scope = out.row_scope(Line { text, ..line });
            if scope.stamped {
                // A terminal has no line end after the last row of a report.
                let before = line.text.get(..line.text.len() - text.len()).unwrap_or("");
                let row = Line { text: before, ..line };
                let is_row = !before.trim().is_empty() && text.starts_with(HEADING);
                let last_row = if is_row { self.table.take_row(row, out) } else { Ok(false) };
                self.table.begin_report(scope.time);
                last_row?;
                // Without a header, the time is that of rows that another format knows.
                return Ok(if self.table.has_header() { Claim::Mine } else { Claim::NotMine });
            }
        }
        self.table.line(line, out)
    }

    fn follows(&self) -> bool {
        self.table.follows()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.table.finish(out);
    }
}
