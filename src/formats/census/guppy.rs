//! Heaps of guppy (`hpy().heap()`), as it prints them and as it dumps them (`.hpy`). Bytes are exact.

use super::lists::{Entry, Extent, Lists};
use super::rows::whole;
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::{Dialect, Measured, Metric, MetricUnit, Role, Subject};

/// Heaps of guppy.
pub static FORMAT: Format = Format {
    name: "guppy",
    reads: "guppy's heaps (\"Partition of a set of 49 objects. Total size = 42010 bytes.\") and its dumps (.hpy)",
    example: "Partition of a set of 41 objects. Total size = 41000 bytes.\n \
              Index  Count   %     Size   % Cumulative  % Kind (class / dict of class)\n     \
              0     40  98    40960 100     40960 100 bytes\n     \
              1      1   2       40   0     41000 100 str\n",
    detect: Detect::Needles(&["Partition of a set of ", ".loader: _load_stat"]),
    parser: |_| Parser::Lines(Box::<Guppy>::default()),
};

/// The bytes of all objects.
const SIZE: Metric = Metric::bytes("Total size", Role::Part);
/// Their number.
const OBJECTS: Metric = Metric { name: "objects", unit: MetricUnit::Count, role: Role::Count };

/// Reads heaps.
#[derive(Debug, Default)]
struct Guppy {
    lists: Lists,
    open: Option<Heap>,
}

/// A heap that is being read.
#[derive(Debug, Default)]
struct Heap {
    is_dump: bool,
    /// The scope and the line of its beginning.
    scope: Scope,
    line: u64,
    /// What its heading says: the number of objects, and their bytes.
    objects: Option<i64>,
    size: Option<i64>,
    /// Whether its list was begun, and its bytes so far.
    has_list: bool,
    sum: i64,
}

/// A line of a heap.
enum Read {
    /// It belongs to the heap.
    More,
    /// It is the last of the heap.
    End,
    /// It is none of it.
    Other,
}

impl LineParser for Guppy {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(at) = line.text.find("Partition of a set of ") {
            self.close();
            let (objects, size) = heading(line.text.get(at..).unwrap_or("")).ok_or_else(|| Damage {
                column: None,
                message: "expected \"Partition of a set of N objects. Total size = B bytes.\"".to_owned(),
            })?;
            let scope = out.scope(line, at);
            let heap = Heap { objects: Some(objects), size: Some(size), ..Heap::begin(scope, line, false) };
            heap.total(out);
            self.open = Some(heap);
            return Ok(Claim::MoreBelow);
        }
        if line.text.starts_with(".loader: _load_stat") {
            self.close();
            let scope = out.bare_scope();
            self.open = Some(Heap::begin(scope, line, true));
            return Ok(Claim::MoreBelow);
        }
        let Some(heap) = &mut self.open else { return Ok(Claim::NotMine) };
        let read = if heap.is_dump {
            heap.line_of_dump(line, &mut self.lists, out)
        } else {
            heap.line(line, &mut self.lists, out)
        };
        match read {
            Ok(Read::More) => Ok(Claim::MoreBelow),
            Ok(Read::End) => {
                self.open = None;
                Ok(Claim::Mine)
            }
            Ok(Read::Other) => {
                self.close();
                Ok(Claim::NotMine)
            }
            Err(damage) => {
                out.damaged(line.number, damage);
                Ok(Claim::MoreBelow)
            }
        }
    }

    fn end_of_lines(&mut self, _out: &mut Sink<'_>) {
        self.close();
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.lists.finish(Dialect::Census, out);
        *self = Self::default();
    }
}

impl Guppy {
    /// Ends a heap that says of itself neither that it is cut nor that it ends.
    fn close(&mut self) {
        let Some(heap) = self.open.take().filter(|heap| heap.has_list) else { return };
        let is_whole = !heap.is_dump && heap.size == Some(heap.sum);
        self.lists.set_extent(if is_whole { Extent::Complete } else { Extent::BrokenOff });
    }
}

impl Heap {
    fn begin(scope: Scope, line: Line<'_>, is_dump: bool) -> Self {
        Self { is_dump, scope, line: line.number, ..Self::default() }
    }

    /// Hands the sums of the heap over.
    #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
    fn total(&self, out: &mut Sink<'_>) {
        let (Some(objects), Some(size)) = (self.objects, self.size) else { return };
        let exact = |number: i64| Measured::exact(number as f64);
        out.count_records(1);
        let Self { scope, line, .. } = *self;
        let sample = if self.is_dump {
            out.gathered_sample_at(line, Subject::process(), scope.time)
        } else {
            out.gathered_sample(line, Subject::process(), scope)
        };
        sample.set(SIZE, exact(size)).set(OBJECTS, exact(objects)).push();
    }

    #[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
    fn push(&mut self, name: &str, count: i64, size: i64, lists: &mut Lists, out: &mut Sink<'_>) {
        if !self.has_list {
            lists.begin(self.scope, self.line);
            lists.set_extent(Extent::BrokenOff);
            self.has_list = true;
        }
        self.sum = self.sum.saturating_add(size);
        let bytes = Some(Measured::exact(size as f64));
        lists.push(Entry { name, count, bytes, above_peak: None }, out);
    }

    /// Reads a line below a printed heading: a header, a row, or the number of rows that are left out.
    fn line(&mut self, line: Line<'_>, lists: &mut Lists, out: &mut Sink<'_>) -> Result<Read, Damage> {
        let text = line.text.trim();
        if text.starts_with("Index ") && text.contains("Cumulative") {
            return Ok(Read::More);
        }
        if self.has_list && text.starts_with('<') && text.contains(" more row") {
            lists.set_extent(Extent::Cut);
            return Ok(Read::End);
        }
        let Some((numbers, name)) = seven(text) else { return Ok(Read::Other) };
        if !line.ended {
            return Ok(Read::More);
        }
        self.push(name, numbers[1], numbers[3], lists, out);
        if self.size == Some(self.sum) {
            lists.set_extent(Extent::Complete);
        }
        Ok(Read::More)
    }

    /// Reads a line of a dump: `.key: value`.
    fn line_of_dump(
        &mut self,
        line: Line<'_>,
        lists: &mut Lists,
        out: &mut Sink<'_>,
    ) -> Result<Read, Damage> {
        let Some((key, value)) = line.text.strip_prefix('.').and_then(|text| text.split_once(':')) else {
            return Ok(Read::Other);
        };
        let value = value.trim();
        let damage = |expected: &str| Damage {
            column: None,
            message: format!("expected {expected} in a dump of guppy, found \"{}\"", line.text),
        };
        if !line.ended && key != "end" {
            return Ok(Read::More);
        }
        match key {
            "timemade" => {
                let seconds: f64 = value.parse().map_err(|_| damage("seconds since 1970"))?;
                self.scope.time = out.epoch_seconds(seconds).or(self.scope.time);
            }
            "count" => self.objects = Some(whole(value).ok_or_else(|| damage("a number of objects"))?),
            "size" => {
                self.size = Some(whole(value).ok_or_else(|| damage("a number of bytes"))?);
                self.total(out);
            }
            "r" => {
                let mut words = value.splitn(3, ' ');
                let mut number = || words.next().and_then(whole).filter(|number| *number >= 0);
                let numbers = number().zip(number());
                let (count, size) = numbers.ok_or_else(|| damage("a count, a size and a kind"))?;
                let kind = words.next().ok_or_else(|| damage("a count, a size and a kind"))?;
                self.push(kind, count, size, lists, out);
            }
            "end" => {
                if self.has_list && self.size == Some(self.sum) {
                    lists.set_extent(Extent::Complete);
                }
                return Ok(Read::End);
            }
            _ => {}
        }
        Ok(Read::More)
    }
}

/// Parses `Partition of a set of 49 objects. Total size = 42010 bytes.`
fn heading(text: &str) -> Option<(i64, i64)> {
    let rest = text.strip_prefix("Partition of a set of ")?;
    let (objects, rest) = rest.split_once(' ')?;
    let (_, size) = rest.split_once("Total size = ")?;
    let (size, _) = size.split_once(" byte")?;
    Some((whole(objects)?, whole(size)?)).filter(|(objects, size)| *objects >= 0 && *size >= 0)
}

/// Parses seven numbers, and the text after them.
fn seven(text: &str) -> Option<([i64; 7], &str)> {
    let (mut numbers, mut rest) = ([0; 7], text.trim_start());
    for number in &mut numbers {
        let (word, after) = rest.split_once(' ')?;
        *number = whole(word).filter(|number| *number >= 0)?;
        rest = after.trim_start();
    }
    (!rest.is_empty()).then_some((numbers, rest.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_rows() {
        let text = "Partition of a set of 49 objects. Total size = 42010 bytes.";
        assert_eq!(heading(text), Some((49, 42010)));
        assert_eq!(heading("Partition of a set of 49 objects. Total"), None);
        let row = seven("     2      1   2      296   1     41608  99 dict of __main__.Session");
        assert_eq!(row, Some(([2, 1, 2, 296, 1, 41608, 99], "dict of __main__.Session")));
        assert_eq!(seven("  2  1  2"), None);
    }
}
