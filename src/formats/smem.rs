//! `smem`, procrank and `ps -o pss,uss`: memory of processes with shared pages divided among their users.

use super::contract::{Detect, Format, Parser};
use super::ps::{RSS, VSZ};
use super::size::Multiples;
use super::tables::{Column, Table, TableReader};
use crate::model::{Metric, Role};

/// Memory that is the process's own.
const USS: Metric = Metric::bytes("USS", Role::Part);
/// The same with its share of the pages that it shares.
const PSS: Metric = Metric::bytes("PSS", Role::Part);
const SWAP: Metric = Metric::bytes("Swap", Role::Swap);
const VSS: Metric = Metric::bytes("VSS", Role::Virtual);

static TABLE: Table = Table {
    words: &[
        ("PID", Column::Pid),
        ("Command", Column::Command),
        ("Swap", Column::Memory(SWAP)),
        ("USS", Column::Memory(USS)),
        ("PSS", Column::Memory(PSS)),
        ("RSS", Column::Memory(RSS)),
        ("VSS", Column::Memory(VSS)),
        // Those of `ps -o pid,rss,pss,uss,args`.
        ("VSZ", Column::Memory(VSZ)),
        ("CMD", Column::Command),
        ("ARGS", Column::Command),
        ("COMM", Column::Command),
        // That of procrank.
        ("cmdline", Column::Command),
        ("STAT", Column::State),
        ("ELAPSED", Column::Age),
        ("STARTED", Column::Started),
    ],
    words_of_others: &["minflt/s"],
    ends_with_command: false,
    bare: 1024.0,
    multiples: Multiples::Binary,
};

/// Tables of `smem`.
pub static FORMAT: Format = Format {
    name: "smem",
    reads: "smem, or ps with uss or pss (\"PID User Command Swap USS PSS RSS\")",
    example: "  PID User     Command                         Swap      USS      PSS      RSS\n \
              4103 root     /srv/app/venv/bin/python3 /        0     3944     4513    10156\n",
    detect: Detect::Needles(&["USS", "PSS", " Uss "]),
    parser: |_| Parser::Lines(Box::new(TableReader::new(&TABLE))),
};
