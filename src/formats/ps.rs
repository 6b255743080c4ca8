//! `ps` with a header, of procps, busybox, macOS and BSD: `ps aux`, `ps -o pid,rss,cmd`, `ps -eo …,etimes`.

use super::contract::{Detect, Format, Parser};
use super::size::Multiples;
use super::tables::{Column, Table, TableReader};
use crate::model::{Metric, Role};

/// Resident memory, as `ps` and its relatives name it.
pub const RSS: Metric = Metric::bytes("RSS", Role::Resident);
/// Address space.
pub const VSZ: Metric = Metric::bytes("VSZ", Role::Virtual);

static TABLE: Table = Table {
    words: &[
        ("PID", Column::Pid),
        ("RSS", Column::Memory(RSS)),
        ("RSZ", Column::Memory(RSS)),
        ("RSSIZE", Column::Memory(RSS)),
        ("VSZ", Column::Memory(VSZ)),
        ("VSIZE", Column::Memory(VSZ)),
        ("ELAPSED", Column::Age),
        ("STARTED", Column::Started),
        ("STAT", Column::State),
        ("CMD", Column::Command),
        ("COMMAND", Column::Command),
        ("ARGS", Column::Command),
        ("COMM", Column::Command),
    ],
    // pidstat, smem and smemstat, top.
    words_of_others: &["minflt/s", "USS", "PSS", "VIRT", "RES"],
    ends_with_command: false,
    bare: 1024.0,
    multiples: Multiples::Binary,
};

/// Tables of `ps`.
pub static FORMAT: Format = Format {
    name: "ps",
    reads: "ps with a header (\"PID RSS CMD\")",
    example: "    PID   RSS CMD\n   4103 10072 python3 app.py\n",
    detect: Detect::Needles(&["RSS", "RSZ", "VSZ"]),
    parser: |_| Parser::Lines(Box::new(TableReader::new(&TABLE))),
};
