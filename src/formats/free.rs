//! `free` of procps and busybox, in all languages: the rows of a machine and of its swap.
//!
//! Columns have an order and no need of their names: `total used free shared`, then `buffers cached` of old versions,
//! `buffers cache available` of `-w`, or `buff/cache available`. The unit of bare numbers stands in no output: it is
//! that of the command, if the recording has it, or the one that makes a machine of the total.

use super::contract::{Detect, Format, LineParser, Parser};
use super::host::{Gathered, When, host};
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

/// Units, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Units {
    bare: f64,
    multiples: Multiples,
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
            self.is_without_label = line.text.get(..start).is_some_and(|before| !before.trim().is_empty());
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

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.samples.push(out);
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
        let units = self.units(line.text, fields, out);
        let sizes = sizes(fields, units).ok_or_else(|| Damage {
            column: None,
            message: format!("expected the numbers of free, found {:?}", fields.join(" ")),
        })?;
        self.samples.begin(host(), When::Scope(scope), line.number, out);
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
        let text = line.text.trim_start();
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
                self.is_without_label = line.get(..start).is_some_and(|before| !before.trim().is_empty());
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

/// Returns the unit of bare numbers: the total is that of a machine, and the kernel counts in pages, which are at least
/// four KiB.
fn bare(row: &[f64]) -> (f64, &'static str) {
    const MIB: f64 = 1_048_576.0;
    let total = row.first().copied().unwrap_or(0.0);
    let all_are_multiples_of = |of: f64| row.iter().all(|number| number % of == 0.0);
    if total >= 64.0 * MIB && all_are_multiples_of(1024.0) {
        (1.0, "bytes")
    } else if total >= MIB && total % 4.0 != 0.0 && row.iter().skip(1).any(|number| number % 4.0 != 0.0) {
        (1000.0, "kilobytes of 1000 bytes")
    } else if total >= MIB || total >= 65_536.0 && all_are_multiples_of(4.0) {
        (1024.0, "KiB")
    } else if total >= 128.0 {
        (MIB, "MiB")
    } else {
        (1024.0 * MIB, "GiB")
    }
}

/// Returns the meaning of `G`. Columns are one wider since `Gi` is written for powers of 1024: there, `G` is one of
/// 1000.
fn multiples(line: &str, fields: &[&str]) -> Multiples {
    const OF_TOTAL: usize = 20;
    let Some(total) = fields.first() else { return Multiples::Binary };
    let end = total.as_ptr() as usize + total.len() - line.as_ptr() as usize;
    let columns = line.get(..end).map_or(0, |text| text.chars().count());
    let is_without_i = fields.iter().all(|field| !field.contains('i'));
    if is_without_i && columns == OF_TOTAL { Multiples::Decimal } else { Multiples::Binary }
}

/// Returns the units that a command asks for, if a line has one: `$ free -m -s 2`, `free --si`.
fn command(line: &str) -> Option<Units> {
    let mut words = line.split_ascii_whitespace().skip_while(|word| !is_free(word));
    words.next()?;
    let (mut power, mut base) = (None, None);
    for word in words {
        match word {
            "--si" => base = Some(Multiples::Decimal),
            "--bytes" => power = Some(0),
            "--kilo" | "--mega" | "--giga" => {
                base = Some(Multiples::Decimal);
                power = Some(match word {
                    "--kilo" => 1,
                    "--mega" => 2,
                    _ => 3,
                });
            }
            "--kibi" => power = Some(1),
            "--mebi" => power = Some(2),
            "--gibi" => power = Some(3),
            "--human" => power = Some(1),
            _ if word.starts_with('-') && !word.starts_with("--") => {
                for letter in word.chars().skip(1) {
                    match letter {
                        'b' => power = Some(0),
                        'k' | 'h' => power = Some(1),
                        'm' => power = Some(2),
                        'g' => power = Some(3),
                        _ => {}
                    }
                }
            }
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => {}
            _ => break,
        }
    }
    let multiples = base.unwrap_or(Multiples::Binary);
    let power = power.or_else(|| base.map(|_| 1))?;
    let step: f64 = if multiples == Multiples::Decimal { 1000.0 } else { 1024.0 };
    Some(Units { bare: step.powi(power), multiples })
}

/// Whether a word is the program, perhaps with a path or the sign of a loop.
fn is_free(word: &str) -> bool {
    word.rsplit('/').next().is_some_and(|name| name.trim_matches(['$', '(', '`', '"', '\'']) == "free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_bare_numbers() {
        for (row, unit) in [
            (&[25_276_510_208.0, 2_380_500_992.0, 17_188_093_952.0][..], "bytes"),
            (&[24_684_092.0, 2_227_024.0, 12_613_328.0], "KiB"),
            (&[25_276_510.0, 2_380_500.0, 12_613_327.0], "kilobytes of 1000 bytes"),
            (&[505_012.0, 102_400.0, 89_600.0], "KiB"),
            (&[515_873.0, 102_401.0, 89_600.0], "MiB"),
            (&[24_105.0, 2_270.0, 16_391.0], "MiB"),
            (&[23.0, 2.0, 16.0], "GiB"),
        ] {
            assert_eq!(bare(row).1, unit, "{row:?}");
        }
    }

    #[test]
    fn units_of_commands() {
        let bytes = |line| command(line).map(|units| units.bare);
        for (line, expected) in [
            ("$ free -m -s 2", Some(1_048_576.0)),
            ("node1:~$ free --mega -t", Some(1e6)),
            ("$ free -m --si", Some(1e6)),
            ("$ /usr/bin/free -wb", Some(1.0)),
            ("$ free", None),
            ("lock-free -m", None),
        ] {
            assert_eq!(bytes(line), expected, "{line}");
        }
    }
}
