//! `free` of procps and busybox, in all languages: the rows of a machine and of its swap.
//!
//! Columns have an order and no need of their names: `total used free shared`, then `buffers cached` of old versions,
//! `buffers cache available` of `-w`, or `buff/cache available`. The unit of bare numbers stands in no output: it is
//! that of the command, if the recording has it, or the one that makes a machine of the total.

mod units;

use self::units::{Units, bare, command, multiples};
use super::contract::{Detect, Format, LineParser, Parser};
use super::host::{Gathered, When, host, named, prefix};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, Size, size};
use crate::model::{Measured, Metric, Role};

const USED: Metric = Metric::bytes("used", Role::Resident);
/// Old versions count the page cache as used.
const USED_WITH_CACHE: Metric = Metric::bytes("used with buffers/cache", Role::Other);
const FREE: Metric = Metric::bytes("free", Role::Free);
const FREE_WITH_CACHE: Metric = Metric::bytes("free with buffers/cache", Role::Free);
const SHARED: Metric = Metric::bytes("shared", Role::Other);
const BUFFERS: Metric = Metric::bytes("buffers", Role::Other);
const CACHE: Metric = Metric::bytes("cache", Role::Other);
const BUFF_CACHE: Metric = Metric::bytes("buff/cache", Role::Other);
const AVAILABLE: Metric = Metric::bytes("available", Role::Free);
const SWAP_USED: Metric = Metric::bytes("swap used", Role::Swap);

/// The first words of the row of the machine.
const MEMORY: &[&str] = &[
    "Mem:",
    "Mem.:",
    "Speicher:",
    "Pamięć:",
    "Minne:",
    "Пам.:",
    "BNhớ:",
    "메모리:",
    "მეხს:",
    "内存：",
    "内存:",
    "MemUse",
    "buff/cache",
    "Puffer/Cache",
];
/// The first words of the row of its swap.
const SWAP: &[&str] = &[
    "Swap:",
    "Inter:",
    "Échange:",
    "Wymiana:",
    "Växl.:",
    "Своп.:",
    "Tráo đổi:",
    "스  왑:",
    "სვაპი:",
    "交换：",
    "交换:",
];

/// `free`.
pub static FORMAT: Format = Format {
    name: "free",
    reads: "free, once or again and again (\"Mem:  24105  2270  16391  8  5761  21835\")",
    example: "               total        used        free      shared  buff/cache   available\n\
              Mem:           24105        2270       16391           8        5761       21835\n\
              Swap:              0           0           0\n",
    detect: Detect::Needles(MEMORY),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

/// The columns after `total used free shared`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// `buffers cached`: `used` counts both.
    Old,
    /// `buff/cache available`.
    Joined,
    /// `buffers cache available`.
    Wide,
}

#[derive(Debug, Default)]
struct Reader {
    samples: Gathered,
    units: Option<Units>,
    /// The words of the last header.
    header: Option<Layout>,
    /// Whether the rows have a time in the place of the label: the header has more words than columns.
    is_without_label: bool,
    /// Whether the last row was that of a machine, so that its swap may follow.
    after_memory: bool,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some((layout, start)) = header(line.text) {
            self.header = Some(layout);
            self.is_without_label = is_heading_of_times(line.text, start);
            return Ok(if self.is_without_label { Claim::Mine } else { Claim::NotMine });
        }
        if line.text.contains("MemUse") {
            return self.one_line(line, out);
        }
        if let Some((start, rest)) = label(line.text, MEMORY) {
            let Some(fields) = fields(rest) else { return Ok(Claim::NotMine) };
            return self.machine(line, start, &fields, out);
        }
        if self.is_without_label {
            return self.unlabelled(line, out);
        }
        if self.after_memory {
            return self.below(line, out);
        }
        Ok(Claim::NotMine)
    }

    fn follows(&self) -> bool {
        self.is_without_label
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.samples.push(out);
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

impl Reader {
    /// The row of the machine, whose label begins at a byte.
    fn machine(
        &mut self,
        line: Line<'_>,
        start: usize,
        fields: &[&str],
        out: &mut Sink<'_>,
    ) -> Result<Claim, Damage> {
        if !line.ended && fields.len() < 5 {
            return Err(Damage { column: None, message: "the row of free is cut".to_owned() });
        }
        if !(3..=7).contains(&fields.len()) {
            return Ok(Claim::NotMine);
        }
        let scope = out.scope(line, start);
        self.read_command(out);
        let units = self.units(line.text.get(start..).unwrap_or(""), fields, out);
        let sizes = sizes(fields, units).ok_or_else(|| Damage {
            column: None,
            message: format!("expected the numbers of free, found {:?}", fields.join(" ")),
        })?;
        let before = line.text.get(scope.stamp_end.min(start)..start).unwrap_or("");
        self.samples.begin(prefix(before).map_or_else(host, named), When::Scope(scope), line.number, out);
        self.samples.limit(measured(sizes[0]));
        let layout = self.layout(&sizes);
        let metrics: &[Metric] = match layout {
            Layout::Old => &[USED_WITH_CACHE, FREE, SHARED, BUFFERS, CACHE],
            Layout::Joined => &[USED, FREE, SHARED, BUFF_CACHE, AVAILABLE],
            Layout::Wide => &[USED, FREE, SHARED, BUFFERS, CACHE, AVAILABLE],
        };
        for (metric, size) in metrics.iter().zip(sizes.iter().skip(1)) {
            self.samples.set((*metric, measured(*size)), out);
        }
        self.after_memory = true;
        Ok(if self.is_without_label { Claim::Mine } else { Claim::MoreBelow })
    }

    /// Rows below that of the machine.
    fn below(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text.trim_start_matches(['>', ' ', '\t']);
        let units = self.units.unwrap_or(Units { bare: 1024.0, multiples: Multiples::Binary });
        if let Some((_, rest)) = label(line.text, SWAP) {
            let sizes =
                fields(rest).and_then(|fields| sizes(&fields, units)).filter(|sizes| sizes.len() == 3);
            let Some(sizes) = sizes else { return Ok(Claim::NotMine) };
            if sizes[0].bytes > 0.0 {
                self.samples.set((SWAP_USED, measured(sizes[1])), out);
            }
            return Ok(Claim::MoreBelow);
        }
        if text.starts_with("-/+") {
            let numbers = text.split_once(':').and_then(|(_, rest)| sizes(&fields(rest)?, units));
            let Some([used, free]) = numbers.as_deref() else { return Ok(Claim::NotMine) };
            self.samples.set((USED, measured(*used)), out);
            self.samples.set((FREE_WITH_CACHE, measured(*free)), out);
            return Ok(Claim::MoreBelow);
        }
        // `Low:`, `High:`, `Total:` and `Comm:`, in any language.
        let is_row = text.split_once([':', '：']).is_some_and(|(label, rest)| {
            label.len() < 30 && fields(rest).is_some_and(|fields| fields.len() == 3)
        });
        if is_row {
            return Ok(Claim::MoreBelow);
        }
        self.after_memory = false;
        self.samples.push(out);
        Ok(Claim::NotMine)
    }

    /// A row below a header with a date: it has a time and no label.
    fn unlabelled(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let columns = match self.header {
            Some(Layout::Wide) => 7,
            _ => 6,
        };
        let words: Vec<&str> = line.text.split_ascii_whitespace().collect();
        let Some(row) = words.len().checked_sub(columns).and_then(|first| words.get(first..)) else {
            return Ok(Claim::NotMine);
        };
        let Some(first) = row.first() else { return Ok(Claim::NotMine) };
        let start = first.as_ptr() as usize - line.text.as_ptr() as usize;
        if fields(line.text.get(start..).unwrap_or("")).is_none() || !out.scope(line, start).stamped {
            return Ok(Claim::NotMine);
        }
        self.machine(line, start, row, out)
    }

    /// `SwapUse 0 CachUse 5761 MemUse 2270 MemFree 16391` of `free -L`.
    fn one_line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let words: Vec<&str> = line.text.split_ascii_whitespace().collect();
        let of =
            |key: &str| words.iter().position(|word| *word == key).and_then(|at| words.get(at + 1).copied());
        let keys = ["MemUse", "MemFree", "CachUse", "SwapUse"].map(of);
        let [Some(used), Some(free), Some(cache), Some(swap)] = keys else { return Ok(Claim::NotMine) };
        let start = line.text.find("SwapUse").unwrap_or(0);
        let scope = out.scope(line, start);
        self.read_command(out);
        let units = self.units(line.text, &[free, used, cache], out);
        let Some(sizes) = sizes(&[used, free, cache, swap], units) else { return Ok(Claim::NotMine) };
        self.samples.begin(host(), When::Scope(scope), line.number, out);
        for (metric, size) in [USED, FREE, BUFF_CACHE, SWAP_USED].into_iter().zip(sizes) {
            self.samples.set((metric, measured(size)), out);
        }
        self.samples.push(out);
        Ok(Claim::Mine)
    }

    /// Looks in the lines above for the header and for the command, which has the unit.
    fn read_command(&mut self, out: &mut Sink<'_>) {
        let above = out.take_above();
        for (_, line) in above.lines() {
            if let Some((layout, start)) = header(line) {
                self.header = Some(layout);
                self.is_without_label = is_heading_of_times(line, start);
            } else if let Some(units) = command(line) {
                self.units = Some(units);
            }
        }
        out.recycle(above);
    }

    fn layout(&self, sizes: &[Size]) -> Layout {
        match (self.header, sizes.len()) {
            (_, 7) => Layout::Wide,
            // Busybox had neither cache nor what is available.
            (_, 4 | 5) => Layout::Old,
            (Some(known), _) if known != Layout::Wide => known,
            // Where the page cache counts as used, used and free are all.
            _ if (sizes[1].bytes + sizes[2].bytes - sizes[0].bytes).abs() <= 2.0 * sizes[0].step => {
                Layout::Old
            }
            _ => Layout::Joined,
        }
    }

    /// Returns the units of the source: those of the first row, if the command is unknown.
    fn units(&mut self, line: &str, fields: &[&str], out: &mut Sink<'_>) -> Units {
        if let Some(units) = self.units {
            return units;
        }
        let numbers: Option<Vec<f64>> = fields.iter().map(|field| field.parse().ok()).collect();
        let units = numbers.map_or_else(
            || Units { bare: 1.0, multiples: multiples(line, fields) },
            |numbers| {
                let (bare, name) = bare(&numbers);
                if !matches!(name, "bytes" | "KiB") {
                    out.note(format!(
                        "free prints no unit: its numbers were taken as {name}, by the size of the total"
                    ));
                }
                Units { bare, multiples: Multiples::Binary }
            },
        );
        self.units = Some(units);
        units
    }
}

/// Returns the columns that a header names, and where it begins: the words for the total.
fn header(line: &str) -> Option<(Layout, usize)> {
    const TOTAL: &[&str] =
        &["total", "gesamt", "totalt", "razem", "загалом", "총계", "სულl", "总计", "全部", "合計"];
    let mut words = line.split_ascii_whitespace();
    let first = words.by_ref().find(|word| TOTAL.contains(word))?;
    let others: Vec<&str> = words.collect();
    if !(4..=7).contains(&others.len())
        || others.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    let start = first.as_ptr() as usize - line.as_ptr() as usize;
    let last = others.last()?.to_lowercase();
    let is_cache = ["cach", "кеш", "кэш"].iter().any(|cache| last.starts_with(cache));
    let layout = match others.len() {
        4 => Layout::Old,
        5 if is_cache => Layout::Old,
        5 => Layout::Joined,
        _ => Layout::Wide,
    };
    Some((layout, start))
}

/// Whether a word before the header is that of a column of times.
fn is_heading_of_times(line: &str, start: usize) -> bool {
    line.get(..start)
        .is_some_and(|before| !before.trim_matches(['>', ' ', '\t']).is_empty() && prefix(before).is_none())
}

/// Returns where the label of a row begins, and the text after it.
fn label<'l>(line: &'l str, labels: &[&str]) -> Option<(usize, &'l str)> {
    let (start, label) = labels.iter().find_map(|label| Some((line.find(label)?, *label)))?;
    let is_begin =
        line.get(..start)?.chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '>' | '|'));
    let rest = line.get(start + label.len()..)?;
    (is_begin && rest.starts_with([' ', '\t'])).then_some((start, rest))
}

/// Returns the fields of a row, if all are sizes.
fn fields(text: &str) -> Option<Vec<&str>> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let is_size = |field: &&str| size(field, 1.0, Multiples::Binary).is_some();
    (!fields.is_empty() && fields.iter().all(is_size)).then_some(fields)
}

fn sizes(fields: &[&str], units: Units) -> Option<Vec<Size>> {
    fields.iter().map(|field| size(field, units.bare, units.multiples)).collect()
}

/// A number without decimals is cut, one with decimals is rounded: the value lies within one step of what is printed.
fn measured(size: Size) -> Measured {
    let Size { bytes, step } = size;
    if step <= 1024.0 { size.rounded() } else { Measured::rounded(bytes, step) }
}
