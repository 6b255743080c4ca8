//! `dstat` and `dool`: the groups `memory usage` and `swap` of their tables, and of their CSV.

use super::contract::{Detect, Format, LineParser, Parser};
use super::host::{When, host};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role};

/// Columns of the group `memory usage`.
static MEMORY: &[Metric] = &[
    Metric::bytes("used", Role::Resident),
    Metric::bytes("free", Role::Free),
    Metric::bytes("buff", Role::Other),
    Metric::bytes("buf", Role::Other),
    Metric::bytes("cach", Role::Other),
    Metric::bytes("avai", Role::Free),
];
/// The column of the group `swap` that is read.
const SWAP: Metric = Metric::bytes("swap used", Role::Swap);

/// `dstat`.
pub static FORMAT: Format = Format {
    name: "dstat",
    reads: "dstat -tm, as a table or as CSV (\"used  free  buff  cach\")",
    example: "----system---- ------memory-usage-----\n     time     | used  free  buff  cach\n\
              26-11 10:45:29|2288M 12.4G  285M 8406M\n",
    detect: Detect::Needles(&["-memory-usage", "\"memory usage\""]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Time,
    Epoch,
    Memory(Metric),
    Other,
}

#[derive(Debug, Default)]
struct Reader {
    /// The names of the groups, of which the columns follow in the next line.
    groups: Option<Vec<String>>,
    /// The columns of each group; of CSV, one group.
    columns: Option<Vec<Vec<Column>>>,
    is_csv: bool,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if line.text.contains("-memory-usage") {
            self.is_csv = false;
            let groups = line.text.split_ascii_whitespace();
            self.groups = Some(groups.map(|group| group.trim_matches('-').to_owned()).collect());
            return Ok(Claim::MoreBelow);
        }
        if line.text.contains("\"memory usage\"") {
            self.is_csv = true;
            self.groups = Some(csv_groups(line.text));
            return Ok(Claim::MoreBelow);
        }
        if let Some(groups) = self.groups.take() {
            self.columns =
                if self.is_csv { csv_columns(line.text, &groups) } else { columns(line.text, &groups) };
            return Ok(if self.columns.is_some() { Claim::Mine } else { Claim::NotMine });
        }
        Ok(if self.row(line, out).is_some() { Claim::Mine } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.columns.is_some()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

impl Reader {
    fn row(&self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let columns = self.columns.as_ref()?;
        let mut values: Vec<(Metric, Measured)> = Vec::new();
        let mut when = None;
        let mut take = |column: Column, field: &str, out: &mut Sink<'_>| {
            match column {
                Column::Time => when = time(field, out).or(when),
                Column::Epoch => {
                    when = field.parse().ok().and_then(|seconds| out.epoch_seconds(seconds)).or(when)
                }
                Column::Memory(metric) => values.push((metric, value(field)?)),
                Column::Other => {}
            }
            Some(())
        };
        if self.is_csv {
            let columns = columns.first()?;
            let fields: Vec<&str> = line.text.split(',').map(|field| field.trim_matches('"')).collect();
            if fields.len() != columns.len() {
                return None;
            }
            fields.iter().zip(columns).try_for_each(|(field, column)| take(*column, field, out))?;
        } else {
            let groups: Vec<&str> = line.text.split('|').collect();
            if groups.len() != columns.len() {
                return None;
            }
            for (group, columns) in groups.iter().zip(columns) {
                if let [column @ (Column::Time | Column::Epoch)] = columns.as_slice() {
                    take(*column, group.trim(), out)?;
                    continue;
                }
                let fields: Vec<&str> = group.split_ascii_whitespace().collect();
                if fields.len() != columns.len() {
                    // Another group may have fields of several words, or none.
                    if columns.iter().any(|column| matches!(column, Column::Memory(_))) {
                        return None;
                    }
                    continue;
                }
                fields.iter().zip(columns).try_for_each(|(field, column)| take(*column, field, out))?;
            }
        }
        if values.is_empty() {
            return None;
        }
        let when = when.map_or_else(|| When::Scope(out.bare_scope()), |time| When::Field(Some(time)));
        when.sample(line, host(), out).set_all(values).push();
        Some(())
    }
}

/// Parses `2288M`, and the decimals of bytes that CSV has.
fn value(field: &str) -> Option<Measured> {
    if field.contains('.') && !field.ends_with(|c: char| c.is_ascii_alphabetic()) {
        let bytes: f64 = field.parse().ok()?;
        return (0.0..9e15).contains(&bytes).then(|| Measured::exact(bytes.round()));
    }
    Some(size(field, 1.0, Multiples::Binary)?.rounded())
}

/// Reads `26-11 10:45:29`, day and month, or another time.
fn time(field: &str, out: &mut Sink<'_>) -> Option<crate::model::TimeRef> {
    let clock = || field.rsplit(' ').next().filter(|clock| clock.contains(':'));
    out.stamp(field).or_else(|| out.stamp(clock()?))
}

fn column(group: &str, word: &str) -> Column {
    match (group, word) {
        (_, "time" | "date/time") => Column::Time,
        (_, "epoch") => Column::Epoch,
        ("memory-usage" | "memory usage", word) => MEMORY
            .iter()
            .find(|metric| metric.name == word)
            .map_or(Column::Other, |metric| Column::Memory(*metric)),
        ("swap", "used") => Column::Memory(SWAP),
        _ => Column::Other,
    }
}

/// Returns the columns of each group of a table.
fn columns(line: &str, groups: &[String]) -> Option<Vec<Vec<Column>>> {
    let of_groups: Vec<&str> = line.split('|').collect();
    if of_groups.len() != groups.len() {
        return None;
    }
    let columns = |(words, group): (&&str, &String)| {
        words.split_ascii_whitespace().map(|word| column(group, word)).collect::<Vec<_>>()
    };
    Some(of_groups.iter().zip(groups).map(columns).collect())
}

/// Returns the group of each column: its name stands above the first one.
fn csv_groups(line: &str) -> Vec<String> {
    let mut last = String::new();
    line.split(',')
        .map(|field| {
            let name = field.trim_matches('"');
            if !name.is_empty() {
                name.clone_into(&mut last);
            }
            last.clone()
        })
        .collect()
}

fn csv_columns(line: &str, groups: &[String]) -> Option<Vec<Vec<Column>>> {
    let words = line.split(',').map(|word| word.trim_matches('"'));
    let last = groups.last()?;
    let columns: Vec<Column> =
        words.enumerate().map(|(at, word)| column(groups.get(at).unwrap_or(last), word)).collect();
    columns.iter().any(|column| matches!(column, Column::Memory(_))).then(|| vec![columns])
}
