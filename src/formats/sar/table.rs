//! Tables: columns below a header, fields between semicolons, or one value a line.

use super::columns::{USED, USED_WITH_CACHE, metric};
use crate::formats::contract::LineParser;
use crate::formats::host::{Gathered, When, host, named};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, size};
use crate::model::{Metric, Subject, TimeRef};

/// A header: the metrics of its columns, from the first of memory on.
#[derive(Debug, Clone)]
struct Header {
    columns: Vec<Option<Metric>>,
    /// Whether it is that of `sadf -d`: host, interval, time and the columns, between semicolons.
    is_database: bool,
}

/// Reads the reports of one source after another.
#[derive(Debug, Default)]
pub struct Reader {
    header: Option<Header>,
    /// The machine in the heading of `sar`.
    node: Option<String>,
    /// The values of `sadf -p`.
    lines: Gathered,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(header) = header(line.text) {
            self.header = Some(header);
            let above = out.take_above();
            if let Some(node) = above.lines().rev().find_map(|(_, line)| node(line)) {
                self.node = Some(node);
            }
            out.recycle(above);
            return Ok(Claim::Mine);
        }
        if let Some(header) = &self.header {
            let read =
                if header.is_database { self.fields(line, header, out) } else { self.row(line, header, out) };
            if read.is_none() && !line.text.contains(|c: char| c.is_ascii_digit()) && !header.is_database {
                // Below a line without numbers stands another report.
                self.header = None;
            }
            return Ok(if read.is_some() { Claim::Mine } else { Claim::NotMine });
        }
        Ok(if self.one_value(line, out).is_some() { Claim::Mine } else { Claim::NotMine })
    }

    fn follows(&self) -> bool {
        self.header.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.lines.push(out);
        *self = Self::default();
    }
}

impl Reader {
    fn subject(&self) -> Subject {
        self.node.as_deref().map_or_else(host, named)
    }

    /// A row of `sar`: a time, and a number for each column. That of an average has a word instead of the time.
    fn row(&self, line: Line<'_>, header: &Header, out: &mut Sink<'_>) -> Option<()> {
        let fields: Vec<&str> = line.text.split_ascii_whitespace().collect();
        let row = fields.get(fields.len().checked_sub(header.columns.len())?..)?;
        if row.len() == fields.len() {
            return None;
        }
        let start = row.first()?.as_ptr() as usize - line.text.as_ptr() as usize;
        let before = line.text.get(..start)?.trim();
        // With --human, percentages have their sign.
        let size = |field: &&str| size(field.trim_end_matches('%'), 1024.0, Multiples::Binary);
        let sizes: Option<Vec<_>> = row.iter().map(size).collect();
        let sizes = sizes.filter(|_| before.contains(|c: char| c.is_ascii_digit()))?;
        let when = out.stamp(before);
        let sample = if when.is_some() {
            out.sample_at(line, self.subject(), when)
        } else {
            let scope = out.scope(line, start);
            out.sample_in(line, self.subject(), Some(scope).filter(|scope| scope.stamped)?)
        };
        let values = header.columns.iter().zip(sizes).filter_map(|(metric, size)| Some(((*metric)?, size)));
        sample.set_all(values.map(|(metric, size)| (metric, size.rounded()))).push();
        Some(())
    }

    /// A row of `sadf -d`: `node1;2;2026-11-26 10:36:13 UTC;16728800;…`.
    fn fields(&self, line: Line<'_>, header: &Header, out: &mut Sink<'_>) -> Option<()> {
        let mut fields = line.text.trim_end().split(';');
        let (node, _interval, time) = (fields.next()?, fields.next()?, fields.next()?);
        let sizes: Option<Vec<_>> = fields.map(|field| size(field, 1024.0, Multiples::Binary)).collect();
        let sizes = sizes.filter(|sizes| sizes.len() == header.columns.len())?;
        let time = sadf_time(time, out);
        let sample = out.sample_at(line, named(node), time);
        let values = header.columns.iter().zip(sizes).filter_map(|(metric, size)| Some(((*metric)?, size)));
        sample.set_all(values.map(|(metric, size)| (metric, size.rounded()))).push();
        Some(())
    }

    /// A line of `sadf -p`: `node1 2 2026-11-26 10:36:13 UTC - kbmemfree 16728800`.
    fn one_value(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let fields: Vec<&str> = line.text.trim_end().split('\t').collect();
        let [node, _interval, time, _device, name, value] = fields.as_slice() else { return None };
        let metric = metric(name)?;
        let value = size(value.strip_suffix(".00").unwrap_or(value), 1024.0, Multiples::Binary)?.rounded();
        let time = sadf_time(time, out);
        self.lines.add(&named(node), When::Field(time), line.number, (metric, value), out);
        Some(())
    }
}

/// Reads a time of `sadf`: in UTC, on the clock of the machine, or in seconds since 1970.
fn sadf_time(text: &str, out: &mut Sink<'_>) -> Option<TimeRef> {
    match text.parse::<f64>() {
        Ok(seconds) => out.epoch_seconds(seconds),
        Err(_) => out.stamp(text).or_else(|| out.stamp(text.get(..19)?)),
    }
}

/// Parses a header: that of a table, or `# hostname;interval;timestamp;kbmemfree;…`.
fn header(line: &str) -> Option<Header> {
    let is_database = line.contains(";interval;timestamp;");
    let words: Vec<&str> = if is_database {
        line.trim_end().split(';').skip(3).collect()
    } else {
        line.split_ascii_whitespace().collect()
    };
    let is_column = |word: &&&str| word.starts_with("kb") || word.starts_with('%');
    let first = if is_database { 0 } else { words.iter().position(|word| metric(word).is_some())? };
    let words = words.get(first..)?;
    if !words.iter().all(|word| is_column(&word)) || words.len() < 2 {
        return None;
    }
    let has_available = words.contains(&"kbavail");
    let columns = words.iter().map(|word| {
        metric(word).map(|metric| if metric == USED && !has_available { USED_WITH_CACHE } else { metric })
    });
    let columns: Vec<_> = columns.collect();
    columns.iter().any(Option::is_some).then_some(Header { columns, is_database })
}

/// Returns the machine in `Linux 6.1.0 (node1)  11/26/26  _x86_64_ (2 CPU)`.
fn node(line: &str) -> Option<String> {
    let rest = line.strip_prefix("Linux ")?.split_once(" (")?.1;
    let (node, _) = rest.split_once(')')?;
    (!node.is_empty() && !node.contains(' ')).then(|| node.to_owned())
}
