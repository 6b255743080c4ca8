//! What `ms_print` prints of a recording of massif: tables of snapshots, and a tree after each detailed one.

use super::number;
use super::snapshot::{Run, Sizes, Unit};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::options::Grouping;
use crate::formats::sink::Sink;

/// Prints of recordings of massif.
pub static FORMAT: Format = Format {
    name: "ms-print",
    reads: "prints of ms_print (\"n        time(ms)         total(B)   useful-heap(B) extra-heap(B)    stacks(B)\")",
    example: "  n        time(ms)         total(B)   useful-heap(B) extra-heap(B)    stacks(B)\n  \
              1            815          453,432          451,584         1,848            0\n",
    detect: Detect::Needles(&["useful-heap(B)", "Massif arguments:"]),
    parser: |options| {
        Parser::Lines(Box::new(MsPrint { grouping: options.grouping, run: None, is_in_table: false }))
    },
};

/// Reads the prints of one source.
struct MsPrint {
    grouping: Grouping,
    run: Option<Run>,
    is_in_table: bool,
}

impl MsPrint {
    fn begin(&mut self, out: &mut Sink<'_>) -> &mut Run {
        self.end_of_lines(out);
        self.is_in_table = false;
        self.run.insert(Run::new(self.grouping))
    }
}

impl LineParser for MsPrint {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(arguments) = line.text.strip_prefix("Massif arguments:") {
            let above = out.take_above();
            let command = above.lines().rev().find_map(|(_, text)| text.strip_prefix("Command:"));
            let command = command.map(|command| command.trim().to_owned());
            out.recycle(above);
            let run = self.begin(out);
            run.command = command.filter(|command| !command.is_empty());
            run.counts_pages = arguments.contains("--pages-as-heap=yes");
            return Ok(Claim::Mine);
        }
        if line.text.contains("useful-heap(B)") {
            let unit =
                unit(line.text).ok_or_else(|| expected("time(ms), time(i) or time(B) in the header"))?;
            match &mut self.run {
                Some(run) => run.end_tree(out),
                None => {
                    self.begin(out);
                }
            }
            self.is_in_table = true;
            self.run.iter_mut().for_each(|run| run.unit = unit);
            return Ok(Claim::MoreBelow);
        }
        let Some(run) = self.run.as_mut().filter(|_| self.is_in_table) else { return Ok(Claim::NotMine) };
        if line.text.starts_with("-----") {
            run.end_tree(out);
            return Ok(Claim::Mine);
        }
        if let Some((depth, bytes, label)) = node(line.text) {
            // The last line may be cut in a name.
            if line.ended {
                run.node(depth, bytes, label)?;
            }
            return Ok(Claim::Mine);
        }
        if let Some((time, sizes)) = row(line.text).filter(|_| line.ended) {
            run.end_tree(out);
            run.sizes(line, time, sizes, out);
            return Ok(Claim::Mine);
        }
        let is_gap = line.text.chars().all(|c| matches!(c, ' ' | '|'));
        Ok(if is_gap && !line.text.is_empty() { Claim::Mine } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.is_in_table
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        if let Some(run) = &mut self.run {
            run.end_tree(out);
        }
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        (self.run, self.is_in_table) = (None, false);
    }
}

fn expected(what: &str) -> Damage {
    Damage { column: None, message: format!("expected {what}") }
}

/// Returns the unit of the times of a table, by its header.
fn unit(header: &str) -> Option<Unit> {
    let (_, unit) = header.split_once("time(")?;
    Unit::parse(unit.split_once(')')?.0)
}

/// Parses a whole number with commas between thousands.
fn grouped(text: &str) -> Option<f64> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let is_grouped = groups.all(|group| group.len() == 3) && (first.len() <= 3 || first.len() == text.len());
    is_grouped.then(|| number(&text.replace(',', ""))).flatten()
}

/// Parses a row: the number of the snapshot, its time, and the sizes.
fn row(line: &str) -> Option<(f64, Sizes)> {
    let mut fields = line.split_ascii_whitespace();
    let mut next = || grouped(fields.next()?);
    let [_, time, total, heap, extra, stacks] = [next()?, next()?, next()?, next()?, next()?, next()?];
    let is_sum = total == heap + extra + stacks;
    (is_sum && fields.next().is_none()).then_some((time, Sizes { heap, extra, stacks }))
}

/// Returns the depth, the bytes and the label of `| ->54.20% (245,760B) 0x109305: serve (app.c:42)`.
fn node(line: &str) -> Option<(usize, Option<f64>, &str)> {
    let connector = line.len() - line.trim_start_matches([' ', '|']).len();
    let node = line.get(connector..)?;
    let (depth, node) = match node.strip_prefix("->") {
        Some(node) => (connector / 2 + 1, node),
        None => (0, node),
    };
    let (share, rest) = node.split_once("% (")?;
    share.parse::<f64>().ok()?;
    let (bytes, label) = rest.split_once("B) ")?;
    Some((depth, grouped(bytes), label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes() {
        for (line, expected) in [
            ("99.59% (451,584B) (heap) malloc", Some((0, Some(451_584.0), "(heap) malloc"))),
            ("->54.20% (245,760B) 0x1: f (a.c:22)", Some((1, Some(245_760.0), "0x1: f (a.c:22)"))),
            ("| ->54.20% (45B) 0x1: f (a.c:22)", Some((2, Some(45.0), "0x1: f (a.c:22)"))),
            ("|   ->54.20% (4,5B) 0x1: f (a.c:22)", Some((3, None, "0x1: f (a.c:22)"))),
            ("  ->01.00% (45B) in 1+ places", Some((2, Some(45.0), "in 1+ places"))),
            ("load 54.20% (disk)", None),
        ] {
            assert_eq!(node(line), expected, "{line}");
        }
    }

    #[test]
    fn rows() {
        let of = |line| row(line).map(|(time, sizes)| (time, sizes.heap, sizes.extra, sizes.stacks));
        for (line, expected) in [
            ("  1            815          453,432          451,584         1,848            0", true),
            ("  1            815          453,433          451,584         1,848            0", false),
            ("  1            815          453,432          451,584         1,848", false),
        ] {
            assert_eq!(of(line), expected.then_some((815.0, 451_584.0, 1848.0, 0.0)), "{line}");
        }
        assert_eq!(grouped("1,2345"), None);
        assert_eq!(grouped("1234"), Some(1234.0));
    }
}
