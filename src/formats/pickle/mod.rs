//! Snapshots that `tracemalloc.Snapshot.dump()` pickled: each traced block, with the frames that allocated it.
//!
//! A [`machine`] of our own reads the opcodes of protocols 0 to 5 into [`values`] and never runs code. Blocks are added
//! up by their [`stacks`] and grouped to [`statistics`] as CPython's `Snapshot.statistics` groups them.
//!
//! Memory and time: in proportion to the bytes of the pickle, whatever it holds, and to the names of its sites, up to a
//! bound.

mod classes;
mod cursor;
mod machine;
mod stacks;
mod statistics;
#[cfg(test)]
mod tests;
mod texts;
mod values;

use super::contract::{Detect, DocumentParser, Format, Parser};
use super::line::Damage;
use super::options::{GroupBy, Grouping};
use super::sink::Sink;
use super::stacks::{TOO_MANY_NAMES, most_name_bytes};
use crate::model::{Dialect, Measured, Readings, Snapshot, Truncation, WrittenReading};

use cursor::wrong;
use machine::Machine;

/// Pickled snapshots.
pub static FORMAT: Format = Format {
    name: "tracemalloc-pickle",
    reads: "pickles of tracemalloc snapshots (Snapshot.dump(), Python 3.6 and newer), grouped by --group-by",
    example: "ccopy_reg\n_reconstructor\np0\n(ctracemalloc\nSnapshot\np1\nc__builtin__\nobject\np2\nNtp3\nRp4\n(dp5\n\
              Vtraces\np6\ng0\n(ctracemalloc\n_Traces\np7\ng2\nNtp8\nRp9\n(dp10\nV_traces\np11\n(lp12\n\
              (I0\nI133\n((V/srv/app/cache.py\np13\nI31\ntp14\ntp15\nI1\ntp16\nasbsVtraceback_limit\np17\nI1\nsb.",
    detect: Detect::Magic(&[
        b"\x80\x02",
        b"\x80\x03",
        b"\x80\x04",
        b"\x80\x05",
        // Protocols 0 and 1 have no mark of their own.
        b"ccopy_reg\n_reconstructor\n",
        b"ccopyreg\n_reconstructor\n",
        b"ccopy_reg\r\n_reconstructor\r\n",
        b"ccopyreg\r\n_reconstructor\r\n",
    ]),
    parser: |options| Parser::Document(Box::new(Pickles { grouping: options.grouping })),
};

/// Reads the pickles of a file: one, or several that were written one after the other.
struct Pickles {
    grouping: Grouping,
}

impl DocumentParser for Pickles {
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage> {
        let mut machine = Machine::new(bytes);
        out.fold_stacks();
        let by = self.grouping.by.unwrap_or(GroupBy::Line);
        if by == GroupBy::Function {
            out.note("tracemalloc has no names of functions: its blocks are added up by their lines");
        }
        loop {
            let root = machine.load()?;
            let stacks = stacks::stacks(root, self.grouping.domain, &mut machine.values)?;
            let statistics = statistics::statistics(&stacks, by, self.grouping.cumulative, &machine.values)?;
            if !out.has_first_line() {
                let blocks: u64 = stacks.iter().map(|stack| stack.blocks).sum();
                out.note_first_line(
                    1,
                    &format!("a pickled snapshot of {blocks} blocks by {} stacks", stacks.len()),
                );
            }
            drop(stacks);
            let names: usize = statistics.iter().map(|group| group.name_bytes(&machine.values.texts)).sum();
            if names > most_name_bytes(bytes.len()) {
                return Err(wrong(TOO_MANY_NAMES));
            }
            let mut readings = Readings::new();
            for statistic in &statistics {
                #[allow(clippy::cast_precision_loss, reason = "sums are below 2^53")]
                let size = Measured::exact(statistic.bytes as f64).into();
                let site = out.site(statistic.place(by, &machine.values.texts));
                let blocks = Some(statistic.blocks);
                readings.push(&WrittenReading { site, size, average: None, blocks, change: None });
            }
            out.count_records(statistics.len() as u64);
            let snapshot = Snapshot {
                time: None,
                dialect: if by == GroupBy::Traceback { Dialect::Traceback } else { Dialect::Statistic },
                readings: 0..readings.len(),
                truncation: Truncation::Complete,
                subject: None,
                line: 1,
            };
            out.add_snapshots(vec![snapshot], readings);
            if machine.cursor.is_at_end() {
                return Ok(());
            }
        }
    }
}
