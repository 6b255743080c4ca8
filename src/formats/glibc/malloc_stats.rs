//! Prints of `malloc_stats()`: the arenas, and their total.

use super::{IN_USE, SYSTEM, expected, number};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::model::{Measured, Subject};

/// Prints of `malloc_stats()`.
pub static FORMAT: Format = Format {
    name: "malloc-stats",
    reads: "prints of glibc's malloc_stats() (\"Total (incl. mmap):\", \"in use bytes     =    2273472\")",
    example: "Arena 0:\nsystem bytes     =    1843200\nin use bytes     =    1663168\nTotal (incl. mmap):\n\
              system bytes     =    2453504\nin use bytes     =    2273472\n",
    detect: Detect::Needles(&["Total (incl. mmap):", " bytes     = "]),
    parser: |_| Parser::Lines(Box::new(MallocStats { total: None })),
};

/// The total of a print, after its heading.
#[derive(Debug, Clone, Copy)]
enum Total {
    /// Nothing was read yet.
    Begun,
    System(Measured),
}

/// Reads prints.
struct MallocStats {
    total: Option<Total>,
}

impl LineParser for MallocStats {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if line.text.trim() == "Total (incl. mmap):" {
            // A time above the print is that of its total.
            out.bare_scope();
            self.total = Some(Total::Begun);
            return Ok(Claim::MoreBelow);
        }
        let total = self.total.take();
        let Some((key, value)) = line.text.split_once('=') else { return Ok(Claim::NotMine) };
        let key = key.trim();
        if !matches!(key, "system bytes" | "in use bytes" | "max mmap bytes") {
            return Ok(Claim::NotMine);
        }
        if !line.ended && total.is_some() {
            // The number may be cut.
            return Ok(Claim::Mine);
        }
        let value = || number(value).map(Measured::exact).ok_or_else(|| expected("a number of bytes"));
        match (total, key) {
            (Some(Total::Begun), "system bytes") => {
                self.total = Some(Total::System(value()?));
                return Ok(Claim::MoreBelow);
            }
            (Some(Total::System(system)), "in use bytes") => {
                let sample = out.sample(line, Subject::process());
                sample.set(IN_USE, value()?).set(SYSTEM, system).push();
            }
            // Those of an arena are part of the total, and may have the time above them.
            _ => {
                out.bare_scope();
            }
        }
        Ok(Claim::Mine)
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        self.total = None;
    }
}
