//! The totals of `pmap`: of `-x`, `-X`, `-d`, and without options.
//!
//! The total of `-x` is `Kbytes RSS Dirty`. Those of `-d` and of no option are address space, not memory.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject};

const KBYTES: Metric = Metric::bytes("Kbytes", Role::Virtual);
const RSS: Metric = Metric::bytes("RSS", Role::Resident);
const DIRTY: Metric = Metric::bytes("Dirty", Role::Part);
const TOTAL: Metric = Metric::bytes("total (virtual)", Role::Virtual);
const MAPPED: Metric = Metric::bytes("mapped", Role::Virtual);
const PRIVATE: Metric = Metric::bytes("writeable/private", Role::Other);
const SHARED: Metric = Metric::bytes("shared", Role::Other);

/// The columns of `-X` and `-XX`.
static COLUMNS: &[Metric] = &[
    Metric::bytes("Size", Role::Virtual),
    Metric::bytes("Rss", Role::Resident),
    Metric::bytes("Pss", Role::Other),
    Metric::bytes("Pss_Dirty", Role::Other),
    Metric::bytes("Private_Dirty", Role::Other),
    Metric::bytes("Anonymous", Role::Part),
    Metric::bytes("LazyFree", Role::Other),
    Metric::bytes("Swap", Role::Swap),
    Metric::bytes("SwapPss", Role::Other),
];

/// `pmap`.
pub static FORMAT: Format = Format {
    name: "pmap",
    reads: "the totals of pmap, with -x, -X, -d or without (\"total kB  13000  10072  3860\")",
    example: "total kB           13000   10072    3860\n",
    detect: Detect::Needles(&[
        "total kB ",
        "total Kb ",
        "writeable/private:",
        " total    ",
        "Address Perm ",
        "Address           Kbytes",
    ]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

#[derive(Debug, Default)]
struct Reader {
    /// The process of the listing.
    process: Option<Subject>,
    /// The columns of the totals of `-X`, below a header.
    columns: Option<Vec<Option<Metric>>>,
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text.trim();
        if let Some(columns) = header(text) {
            out.bare_scope();
            self.read_above(out);
            self.columns = columns;
            return Ok(Claim::Mine);
        }
        if let Some(columns) = &self.columns {
            let Some(values) = totals(text, columns) else { return Ok(Claim::NotMine) };
            let scope = out.bare_scope();
            self.columns = None;
            return self.push(line, scope, &values, out);
        }
        let Some((start, values)) = total(line.text) else { return Ok(Claim::NotMine) };
        let values = values?;
        let scope = out.scope(line, start);
        self.read_above(out);
        self.push(line, scope, &values, out)
    }

    fn follows(&self) -> bool {
        self.columns.is_some()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        *self = Self::default();
    }
}

impl Reader {
    #[allow(clippy::unnecessary_wraps)]
    fn push(
        &mut self,
        line: Line<'_>,
        scope: super::Scope,
        values: &[(Metric, Measured)],
        out: &mut Sink<'_>,
    ) -> Result<Claim, Damage> {
        let subject = self.process.take().unwrap_or_default();
        let sample = out.sample_in(line, subject, scope);
        sample.set_all(values.iter().copied()).push();
        Ok(Claim::Mine)
    }

    /// Looks in the lines above for the heading of the listing: `4103:   python3 app.py`.
    fn read_above(&mut self, out: &mut Sink<'_>) {
        let above = out.take_above();
        for (_, line) in above.lines() {
            if let Some(process) = heading(line) {
                self.process = Some(process);
            }
        }
        out.recycle(above);
    }
}

fn heading(line: &str) -> Option<Subject> {
    let (pid, command) = line.split_once(':')?;
    pid.parse::<u32>().ok()?;
    let command = command.strip_prefix([' ', '\t'])?.trim();
    (!command.is_empty())
        .then(|| Subject { name: Some(command.to_owned()), ..Subject::process() }.with_id(pid))
}

/// Returns the columns of the totals below a header of `-X`; within, `None` for that of `-x`, whose total names itself.
#[allow(clippy::option_option)]
fn header(text: &str) -> Option<Option<Vec<Option<Metric>>>> {
    let mut words = text.split_ascii_whitespace();
    if words.next() != Some("Address") {
        return None;
    }
    let words: Vec<&str> = words.collect();
    match words.as_slice() {
        ["Kbytes", ..] => Some(None),
        ["Perm", ..] => {
            let sizes =
                words.iter().skip_while(|word| **word != "Size").take_while(|word| **word != "Mapping");
            let column = |word: &&str| COLUMNS.iter().find(|metric| metric.name == *word).copied();
            let columns: Vec<Option<Metric>> = sizes.map(column).collect();
            (!columns.is_empty()).then_some(Some(columns))
        }
        _ => None,
    }
}

/// Parses the totals of `-X`: as many numbers as there are columns of sizes, and `KB`.
fn totals(text: &str, columns: &[Option<Metric>]) -> Option<Vec<(Metric, Measured)>> {
    let numbers = text.strip_suffix("KB")?;
    let fields: Vec<&str> = numbers.split_ascii_whitespace().collect();
    // `-XX` has columns that are no sizes, such as `VmFlags`, without a total.
    if fields.len() > columns.len() || fields.len() + 2 < columns.len() {
        return None;
    }
    let values = fields.iter().zip(columns).map(|(field, metric)| {
        let bytes = size(field, 1024.0, Multiples::Binary)?.rounded();
        Some(metric.map(|metric| (metric, bytes)))
    });
    let values: Option<Vec<_>> = values.collect();
    Some(values?.into_iter().flatten().collect())
}

/// Where a record begins in its line, and its values.
type Total = (usize, Result<Vec<(Metric, Measured)>, Damage>);

/// Parses a total that names itself, and returns where it begins.
fn total(line: &str) -> Option<Total> {
    let kib = |field: &str| Some(size(field, 1024.0, Multiples::Binary)?.rounded());
    if let Some(start) = line.find("mapped: ")
        && line.contains("writeable/private:")
    {
        let mut values = Vec::new();
        let mut words = line.get(start..)?.split_ascii_whitespace();
        while let Some(key) = words.next() {
            let metric = match key {
                "mapped:" => MAPPED,
                "writeable/private:" => PRIVATE,
                "shared:" => SHARED,
                _ => break,
            };
            let Some(value) = words.next().and_then(kib) else {
                let message = format!("expected a number of K after {key}");
                return Some((start, Err(Damage { column: None, message })));
            };
            values.push((metric, value));
        }
        // What grows comes first.
        values.sort_by_key(|(metric, _)| *metric != PRIVATE);
        return Some((start, Ok(values)));
    }
    if let Some(start) = ["total kB ", "total Kb "].iter().find_map(|label| line.find(label)) {
        let fields: Vec<&str> = line.get(start..)?.split_ascii_whitespace().skip(2).collect();
        let [kbytes, rss, rest @ ..] = fields.as_slice() else { return None };
        // A system that does not know it writes a dash.
        if *rss == "-" {
            return Some((start, Ok(vec![(KBYTES, kib(kbytes)?)])));
        }
        let mut values = vec![(RSS, kib(rss)?)];
        values.extend(rest.first().and_then(|dirty| kib(dirty)).map(|dirty| (DIRTY, dirty)));
        values.push((KBYTES, kib(kbytes)?));
        return Some((start, Ok(values)));
    }
    let start = line.find("total  ")?;
    let field = line.get(start + 5..)?.trim();
    let is_total = field.strip_suffix('K')?.bytes().all(|byte| byte.is_ascii_digit());
    let value = kib(field).filter(|_| is_total)?;
    Some((start, Ok(vec![(TOTAL, value)])))
}
