//! Lists of functions that `go tool pprof -top` and the `pprof --text` of gperftools print of heap profiles.
//!
//! The size of a function is `flat`: its own blocks, without those of the functions that it calls.

mod row;

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::EXAMPLE_CHARS;
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::Size;
use crate::model::{Dialect, Metric, Readings, Role, Snapshot, Subject, TimeRef, Truncation, WrittenReading};

use row::{Heading, Row, is_header, row, total};

/// Lists of functions.
pub static FORMAT: Format = Format {
    name: "pprof-top",
    reads: "go tool pprof -top and pprof --text of heaps (\"flat  flat%   sum%        cum   cum%\")",
    example: "Type: inuse_space\nShowing nodes accounting for 1536kB, 100% of 1536kB total\n      \
              flat  flat%   sum%        cum   cum%\n    1024kB 66.67% 66.67%     1024kB 66.67%  main.keep\n     \
              512kB 33.33%   100%     1536kB   100%  main.main\n",
    detect: Detect::Needles(&["flat%", "Total: "]),
    parser: |_| Parser::Lines(Box::<Lists>::default()),
};

/// The sum of a profile of Go.
const INUSE_SPACE: Metric = Metric::bytes("inuse_space", Role::Part);
/// The sum of a profile of gperftools.
const IN_USE: Metric = Metric::bytes("heap in use", Role::Part);
/// Lines above a header that may belong to it.
const MOST_HEADING: usize = 16;

/// Reads lists.
#[derive(Debug, Default)]
struct Lists {
    open: Option<List>,
    /// A line `Total: 16.6 MB` that rows may follow.
    total: Option<List>,
}

/// A list that is being read.
#[derive(Debug)]
struct List {
    metric: Metric,
    time: Option<TimeRef>,
    line: u64,
    /// The bytes that a number without a unit counts.
    bare: f64,
    total: Option<Size>,
    /// The sum of all rows.
    shown: Option<Size>,
    dropped: Option<Size>,
    is_top: bool,
    is_filtered: bool,
    readings: Readings,
    sum: f64,
    /// The sum of the steps of all rows.
    steps: f64,
    last: Option<f64>,
    is_sorted: bool,
    /// The most that a row has that is rounded to nothing.
    hidden: f64,
}

impl List {
    fn of_total(line: Line<'_>, (size, bare): (Size, f64), time: Option<TimeRef>) -> Self {
        Self {
            metric: IN_USE,
            time,
            line: line.number,
            bare,
            total: Some(size),
            shown: Some(size),
            dropped: None,
            is_top: false,
            is_filtered: false,
            readings: Readings::new(),
            sum: 0.0,
            steps: size.step,
            last: None,
            is_sorted: true,
            hidden: 0.0,
        }
    }

    fn of_heading(line: Line<'_>, heading: &Heading<'_>, time: Option<TimeRef>) -> Self {
        Self {
            metric: INUSE_SPACE,
            total: heading.total,
            shown: heading.shown,
            dropped: heading.dropped,
            is_top: heading.is_top,
            is_filtered: heading.is_filtered,
            steps: heading.shown.map_or(0.0, |size| size.step),
            ..Self::of_total(line, (Size { bytes: 0.0, step: 0.0 }, 1.0), time)
        }
    }

    fn push(&mut self, row: Row, out: &mut Sink<'_>) {
        let Row { flat, place } = row;
        self.sum += flat.bytes;
        self.steps += flat.step;
        self.is_sorted &= self.last.is_none_or(|last| flat.bytes <= last + flat.step);
        self.last = Some(flat.bytes + flat.step / 2.0);
        if flat.bytes == 0.0 {
            // Go writes a bare 0 where there is nothing; gperftools rounds.
            self.hidden = self.hidden.max(if flat.step > 1.0 { flat.step / 2.0 } else { 0.0 });
            return;
        }
        let site = out.site(place);
        let size = flat.rounded().into();
        self.readings.push(&WrittenReading { site, size, average: None, blocks: None, change: None });
    }

    fn truncation(&self) -> Truncation {
        if self.is_filtered || !self.is_sorted {
            return Truncation::Partial { at_most: None };
        }
        let is_cut = self.is_top || self.shown.is_none_or(|shown| self.sum + self.steps < shown.bytes);
        let cut = if is_cut { self.last } else { None };
        let limits = [cut, self.dropped.map(|size| size.bytes + size.step / 2.0), Some(self.hidden)];
        match limits.into_iter().flatten().fold(0.0, f64::max) {
            0.0 if is_cut => Truncation::Unknown,
            0.0 => Truncation::Complete,
            at_most => Truncation::TopK { at_most },
        }
    }

    fn finish(self, out: &mut Sink<'_>) {
        let truncation = self.truncation();
        let Self { metric, time, line, total, readings, .. } = self;
        if let Some(total) = total {
            out.count_records(1);
            out.gathered_sample_at(line, Subject::process(), time).set(metric, total.rounded()).push();
        }
        out.count_records(readings.len() as u64);
        let rows = 0..readings.len();
        let dialect = Dialect::Profile;
        out.add_snapshots(
            vec![Snapshot { time, dialect, readings: rows, truncation, subject: None, line }],
            readings,
        );
    }
}

impl Lists {
    /// Begins a list of Go with its header, by the lines above.
    fn begin(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<(), Damage> {
        let scope = out.bare_scope();
        let above = out.take_above();
        let mut heading = Heading::default();
        let lines: Vec<&str> = above.lines().rev().take(MOST_HEADING).map(|(_, text)| text).collect();
        let count =
            lines.iter().take_while(|line| Heading::default().line(line) || line.trim().is_empty()).count();
        for line in lines.iter().take(count).rev() {
            heading.line(line);
        }
        let refused = refused(heading.kind);
        let time = heading.time.and_then(|time| out.stamp(time)).or(scope.time);
        let list = List::of_heading(line, &heading, time);
        out.recycle(above);
        match refused {
            Some(damage) => Err(damage),
            None => {
                if !out.has_first_line() {
                    let text: String = line.text.chars().take(EXAMPLE_CHARS).collect();
                    out.note_first_line(line.number, &text);
                }
                self.open = Some(list);
                Ok(())
            }
        }
    }

    fn close(&mut self, out: &mut Sink<'_>) {
        if let Some(list) = self.open.take() {
            list.finish(out);
        }
    }
}

/// Returns the refusal of a profile of a kind, unless it has bytes in use.
fn refused(kind: Option<&str>) -> Option<Damage> {
    let kind = kind?.trim();
    if matches!(kind, "inuse_space" | "space") {
        return None;
    }
    let kind: String = kind.chars().take(40).collect();
    let reason = if kind.starts_with("alloc_") {
        "which only ever rises"
    } else if kind.ends_with("objects") {
        "which has no bytes"
    } else {
        "which is not of a heap"
    };
    Some(Damage {
        column: None,
        message: format!(
            "a list of {kind}, {reason}: print one with go tool pprof -top -sample_index=inuse_space"
        ),
    })
}

impl LineParser for Lists {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let begun = self.total.take();
        if is_header(line.text) {
            self.close(out);
            self.begin(line, out)?;
            return Ok(Claim::MoreBelow);
        }
        if let Some(found) = total(line.text).filter(|_| line.ended) {
            self.close(out);
            let time = out.bare_scope().time;
            self.total = Some(List::of_total(line, found, time));
            // It may as well be a line of anything else.
            return Ok(Claim::NotMine);
        }
        if let Some(list) = begun
            && row(line.text, list.bare).is_some()
        {
            self.open = Some(list);
        }
        let Some(list) = &mut self.open else { return Ok(Claim::NotMine) };
        let Some(row) = row(line.text, list.bare) else {
            self.close(out);
            return Ok(Claim::NotMine);
        };
        if line.ended {
            list.push(row, out);
        }
        Ok(Claim::MoreBelow)
    }

    fn follows(&self) -> bool {
        self.total.is_some()
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.total = None;
        self.close(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_are_refused() {
        for (kind, word) in [
            (Some("alloc_space"), Some("only ever rises")),
            (Some("inuse_objects"), Some("no bytes")),
            (Some("cpu"), Some("not of a heap")),
            (Some("inuse_space"), None),
            (None, None),
        ] {
            let found = refused(kind).map(|damage| damage.message);
            assert_eq!(found.is_some(), word.is_some(), "{kind:?}");
            assert!(found.is_none_or(|found| found.contains(word.unwrap_or_default())), "{kind:?}");
        }
    }

    #[test]
    fn absence_in_a_list() {
        let mib = 1_048_576.0;
        let size = |bytes| Size { bytes, step: 1.0 };
        let list = |dropped, is_top, sum: f64| List {
            shown: Some(size(10.0 * mib)),
            dropped,
            is_top,
            sum,
            last: Some(mib),
            ..List::of_total(Line { text: "", number: 1, ended: true }, (size(0.0), 1.0), None)
        };
        for (dropped, is_top, sum, expected) in [
            (None, false, 10.0 * mib, Truncation::Complete),
            (
                Some(Size { bytes: 2.0 * mib, step: 0.0 }),
                false,
                10.0 * mib,
                Truncation::TopK { at_most: 2.0 * mib },
            ),
            (None, true, 10.0 * mib, Truncation::TopK { at_most: mib }),
            // Cut by head.
            (None, false, 5.0 * mib, Truncation::TopK { at_most: mib }),
        ] {
            assert_eq!(list(dropped, is_top, sum).truncation(), expected);
        }
        let unsorted = List { is_sorted: false, ..list(None, false, 0.0) };
        assert_eq!(unsorted.truncation(), Truncation::Partial { at_most: None });
    }
}
