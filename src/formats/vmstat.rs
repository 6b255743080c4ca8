//! `vmstat`, with or without `-t`, `-w` and `-a`, in all languages; and `vmstat -s`.
//!
//! The memory is four columns before `si`. A header in two lines comes again and again. The unit (`-S`) stands in no
//! output. That of procps 4.0.2 reads the memory once, and repeats it in each report: that is no measurement.

use super::contract::{Detect, Format, LineParser, Parser};
use super::host::{Gathered, When, host};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role};

const SWPD: Metric = Metric::bytes("swpd", Role::Swap);
const FREE: Metric = Metric::bytes("free", Role::Free);
const BUFF: Metric = Metric::bytes("buff", Role::Other);
const CACHE: Metric = Metric::bytes("cache", Role::Other);
const INACT: Metric = Metric::bytes("inact", Role::Other);
const ACTIVE: Metric = Metric::bytes("active", Role::Other);
const USED: Metric = Metric::bytes("used memory", Role::Resident);

/// The lines of `vmstat -s`, after the unit.
static SUMMARY: &[Metric] = &[
    Metric::bytes("total memory", Role::Limit),
    USED,
    Metric::bytes("active memory", Role::Other),
    Metric::bytes("inactive memory", Role::Other),
    Metric::bytes("free memory", Role::Free),
    Metric::bytes("buffer memory", Role::Other),
    Metric::bytes("swap cache", Role::Other),
    Metric::bytes("used swap", Role::Swap),
    Metric::bytes("free swap", Role::Free),
];

/// `vmstat`.
pub static FORMAT: Format = Format {
    name: "vmstat",
    reads: "vmstat, with -a, -t, -w or -s (\"r  b   swpd   free   buff  cache   si   so\")",
    example: "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n \
              r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n\
              45  0      0 16838492 278684 5622788    0    0  1625  2059  297  536 36  3 60  0  0\n",
    detect: Detect::Needles(&[
        " si   so    bi    bo",
        " si  so    bi",
        " K total memory",
        " K used memory",
        " K free memory",
    ]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

/// As many equal reports are none of a machine that works, even if it is idle.
const FROZEN: usize = 5;

/// The columns of a table.
#[derive(Debug, Clone, Copy)]
struct Columns {
    /// The first of the four columns of memory.
    memory: usize,
    /// Number of columns, without those of a time.
    count: usize,
    is_active: bool,
}

#[derive(Debug)]
struct Row {
    when: When,
    line: u64,
    values: [f64; 4],
    is_active: bool,
}

#[derive(Debug, Default)]
struct Reader {
    columns: Option<Columns>,
    /// The first rows, as long as all are the same.
    held: Vec<Row>,
    /// Whether a row differed from them.
    is_measured: bool,
    /// Bytes of the unit, if a command says it.
    unit: Option<f64>,
    summary: Gathered,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(columns) = header(line.text) {
            // A date above the header is that of the rows below it.
            out.bare_scope();
            self.columns = Some(columns);
            let above = out.take_above();
            self.unit = above.lines().rev().find_map(|(_, line)| command(line)).or(self.unit);
            out.recycle(above);
            return Ok(Claim::Mine);
        }
        if let Some(columns) = self.columns
            && let Some(row) = row(line, columns, out)
        {
            self.take(row, out);
            return Ok(Claim::Mine);
        }
        Ok(if self.summary(line, out).is_some() { Claim::MoreBelow } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.columns.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.summary.push(out);
        let mut reader = std::mem::take(self);
        let Some(first) = reader.held.first() else { return };
        if reader.held.len() < FROZEN {
            return reader.release(out);
        }
        let message = format!(
            "the memory is the same in all {} reports: vmstat did not measure it (that of procps 4.0.2 reads it once), \
             or in too large a unit; record `free -b -s 10` or `sar -r 10` instead",
            reader.held.len()
        );
        out.damaged(first.line, Damage { column: None, message });
    }
}

impl Reader {
    /// Takes a row. The first ones are held until one differs from them.
    fn take(&mut self, row: Row, out: &mut Sink<'_>) {
        let differs = self.held.first().is_some_and(|first| first.values != row.values);
        self.is_measured |= differs;
        if self.is_measured {
            self.release(out);
            self.sample(row, out);
        } else {
            self.held.push(row);
        }
    }

    fn release(&mut self, out: &mut Sink<'_>) {
        for row in std::mem::take(&mut self.held) {
            self.sample(row, out);
        }
    }

    fn sample(&mut self, row: Row, out: &mut Sink<'_>) {
        let unit = *self.unit.get_or_insert_with(|| unit_of(&row, out));
        let Row { when, line, values, is_active } = row;
        let metrics = if is_active { [SWPD, FREE, INACT, ACTIVE] } else { [SWPD, FREE, BUFF, CACHE] };
        let place = Line { text: "", number: line, ended: true };
        let sample = when.sample(place, host(), out);
        let values = values.map(|number| {
            let bytes = number * unit;
            if unit <= 1024.0 { Measured::exact(bytes) } else { Measured::rounded(bytes, unit) }
        });
        sample.set_all(metrics.into_iter().zip(values)).push();
    }

    /// A line of `vmstat -s`: `     24684092 K total memory`.
    fn summary(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let (before, name) = line.text.split_once(" K ")?;
        let metric = SUMMARY.iter().find(|metric| metric.name == name.trim_end());
        if metric.is_none() && name.trim_end() != "total swap" {
            return None;
        }
        let number = before.rsplit([' ', '\t']).next()?;
        let bytes = size(number, 1024.0, Multiples::Binary)?.rounded();
        let scope = out.scope(line, before.len() - number.len());
        let when = When::Scope(scope);
        match metric {
            Some(metric) if metric.role == Role::Limit => {
                self.summary.begin(host(), when, line.number, out);
                self.summary.limit(bytes);
            }
            Some(metric) => self.summary.add(&host(), when, line.number, (*metric, bytes), out),
            None => {}
        }
        Some(())
    }
}

/// Returns the columns that a line names: ` r  b   swpd   free   buff  cache   si   so …`.
fn header(line: &str) -> Option<Columns> {
    const LAST: [&str; 6] = ["us", "sy", "id", "wa", "st", "gu"];
    const ACTIVE: [&str; 12] = [
        "active",
        "aktiv",
        "activo",
        "actif",
        "aktivt",
        "akt",
        "ativo",
        "activă",
        "активно",
        "활성",
        "活动",
        "hđộng",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    let si = words.windows(2).position(|pair| pair == ["si", "so"])?;
    let begin = words.iter().position(|word| *word == "r")?;
    let memory = si.checked_sub(4).filter(|memory| *memory > begin)?;
    let end = words.iter().rposition(|word| LAST.contains(word))? + 1;
    Some(Columns {
        memory: memory - begin,
        count: end - begin,
        is_active: words.get(si - 1).is_some_and(|word| ACTIVE.contains(word)),
    })
}

/// Reads a row, whose time stands before it, or after it.
fn row(line: Line<'_>, columns: Columns, out: &mut Sink<'_>) -> Option<Row> {
    let fields: Vec<&str> = line.text.split_ascii_whitespace().collect();
    let Columns { memory, count, is_active } = columns;
    let is_date = |field: &str| field.len() == 10 && field.split('-').count() == 3;
    let end = (count..fields.len()).find(|at| is_date(fields[*at])).unwrap_or(fields.len());
    let row = fields.get(end.checked_sub(count)?..end)?;
    if !row.iter().all(|field| field.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let when = match fields.get(end..) {
        Some(time @ [_, _, ..]) => {
            let time = time.join(" ");
            let without_zone = time.get(..19).map(str::to_owned);
            When::Field(out.stamp(&time).or_else(|| out.stamp(&without_zone?)))
        }
        _ => {
            let start = row.first()?.as_ptr() as usize - line.text.as_ptr() as usize;
            When::Scope(out.scope(line, start))
        }
    };
    let mut values = [0.0; 4];
    for (value, field) in values.iter_mut().zip(row.get(memory..memory + 4)?) {
        *value = field.parse().ok()?;
    }
    Some(Row { when, line: line.number, values, is_active })
}

/// Returns the unit that `vmstat -S M` asks for, if a line is that command.
fn command(line: &str) -> Option<f64> {
    let mut words =
        line.split_ascii_whitespace().skip_while(|word| word.rsplit('/').next() != Some("vmstat"));
    words.next()?;
    while let Some(word) = words.next() {
        let unit = match word {
            "-S" | "--unit" => words.next(),
            _ => word.strip_prefix("-S").or_else(|| word.strip_prefix("--unit=")),
        };
        match unit {
            Some("k") => return Some(1000.0),
            Some("K") => return Some(1024.0),
            Some("m") => return Some(1e6),
            Some("M") => return Some(1_048_576.0),
            Some("b" | "B") => return Some(1.0),
            _ => {}
        }
    }
    Some(1024.0)
}

/// Returns the unit of numbers whose command is unknown: KiB, unless no machine has so little memory.
fn unit_of(row: &Row, out: &mut Sink<'_>) -> f64 {
    /// KiB of the smallest machine: 64 MiB.
    const LEAST: f64 = 65_536.0;
    let sum: f64 = row.values.iter().skip(1).sum();
    if sum >= LEAST {
        return 1024.0;
    }
    out.note(
        "vmstat prints no unit: its numbers were taken as MiB, for no machine has as few KiB".to_owned(),
    );
    1_048_576.0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::formats::Dispatcher;

    #[test]
    fn reports_that_repeat_the_first_are_no_measurement() {
        let text = |rows: usize| {
            let row = " 1  0      0 16838492 278684 5622788    0    0  1625  2059  297  536 36  3 60  0  0\n";
            " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n".to_owned()
                + &row.repeat(rows)
        };
        for (rows, records, damaged) in [(4, 4, 0), (5, 0, 1), (78, 0, 1)] {
            let mut dispatcher = Dispatcher::new(None);
            dispatcher.read(&text(rows));
            let found = dispatcher.finish();
            assert_eq!((found.records(), found.unreadable_lines()), (records, damaged), "{rows}");
        }
        let mut dispatcher = Dispatcher::new(None);
        dispatcher.read(&text(78));
        dispatcher
            .read(" 1  0      0 16838488 278684 5622788    0    0  1625  2059  297  536 36  3 60  0  0\n");
        assert_eq!(dispatcher.finish().records(), 79);
    }
}
