//! Units of systemd: `systemctl status`, `systemctl show`, `systemd-cgtop -b`.
//!
//! Sizes are 1024-based and cut to one decimal. A status also shows since when the unit is active and its last
//! messages; none of these dates is the time of the reading, which is that above the status.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::scope::Scope;
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// Memory of a unit's control group.
pub const MEMORY: Metric = Metric::bytes("Memory", Role::Resident);
/// Its highest value so far.
pub const PEAK: Metric = Metric::bytes("Memory peak", Role::Peak);
/// Memory that is swapped out.
pub const SWAP: Metric = Metric::bytes("Memory swap", Role::Swap);

/// Memory of systemd's units.
pub static FORMAT: Format = Format {
    name: "systemd",
    reads: "systemctl status, systemctl show and systemd-cgtop -b (\"Memory: 123.4M\", \"MemoryCurrent=129394278\")",
    example: "● app.service - App\n     Active: active (running)\n     Memory: 123.4M (limit: 512.0M)\n",
    detect: Detect::Needles(&[
        "● ",
        ".service - ",
        ".scope - ",
        ".slice - ",
        "Memory: ",
        "MemoryCurrent=",
        "Input/s",
    ]),
    parser: |_| Parser::Lines(Box::new(UnitReader::default())),
};

/// The lines that are expected next.
#[derive(Debug, Default, PartialEq)]
enum State {
    #[default]
    Outside,
    /// The status of a unit, at the time above it.
    Status(String, Scope),
    /// The messages below a status.
    Messages,
    /// Properties of a unit.
    Show,
    /// The table of `systemd-cgtop`.
    Table,
}

#[derive(Debug, Default)]
struct UnitReader {
    state: State,
    show: Properties,
    /// Number of the last line of a block of properties.
    last: u64,
}

/// Properties that `systemctl show` prints of one unit, in an order of its own.
#[derive(Debug, Default)]
struct Properties {
    /// Those that were read so far: one that comes again is of the next unit. Blocks may follow one another without a
    /// blank line.
    names: Vec<&'static str>,
    unit: Option<String>,
    current: Option<(u64, Scope, f64)>,
    peak: Option<f64>,
    swap: Option<f64>,
    limit: Option<f64>,
}

/// Properties that are read.
const PROPERTIES: [&str; 6] =
    ["Id", "MemoryCurrent", "MemoryPeak", "MemorySwapCurrent", "MemoryMax", "MemoryLimit"];

/// A number of bytes that is none: `infinity`, 2⁶⁴ − 1.
const UNLIMITED: f64 = (1_u64 << 60) as f64;

/// Returns the unit of the first line of a status.
fn status(line: &str) -> Option<&str> {
    let mut words = line.split_ascii_whitespace();
    matches!(words.next()?, "●" | "○" | "×" | "↻" | "*").then_some(())?;
    words.next().filter(|word| is_unit(word))
}

fn is_unit(word: &str) -> bool {
    [".service", ".scope", ".slice", ".socket", ".mount"].iter().any(|kind| word.ends_with(kind))
}

/// Parses a size; sizes are cut, all alike, so that half a step each is what two of them can differ by.
fn bytes(field: &str) -> Option<Measured> {
    let letter = field.ends_with(|c: char| c.is_ascii_uppercase());
    letter.then(|| size(field, 1.0, Multiples::Binary)).flatten().map(|size| {
        if field.ends_with('B') { size.rounded() } else { Measured::rounded(size.bytes, size.step / 2.0) }
    })
}

/// The memory of a status.
#[derive(Debug, Default, PartialEq)]
struct Memory {
    now: Measured,
    peak: Option<Measured>,
    swap: Option<Measured>,
    limit: Option<Measured>,
}

/// Parses `Memory: 123.4M (peak: 130.0M, limit: 512.0M)`.
fn memory(line: &str) -> Option<Memory> {
    let text = line.trim().strip_prefix("Memory: ")?.replace("swap peak:", "swap-peak:");
    let (now, more) = text.split_once(' ').unwrap_or((&text, ""));
    let mut found = Memory { now: bytes(now)?, ..Memory::default() };
    let is_list = more.starts_with('(') && more.ends_with(')');
    if !is_list && !more.is_empty() {
        return None;
    }
    let words: Vec<&str> =
        more.trim_matches(['(', ')']).split([' ', ',']).filter(|word| !word.is_empty()).collect();
    for pair in words.windows(2) {
        let field = match pair[0] {
            "peak:" => &mut found.peak,
            "swap:" => &mut found.swap,
            "limit:" | "max:" => &mut found.limit,
            _ => continue,
        };
        *field = bytes(pair[1]);
    }
    Some(found)
}

/// Parses a row of `systemd-cgtop`: `system.slice/app.service   5   1.2   123.4M   -   -`. The value is `None` for `-`.
fn cgtop_row(line: &str) -> Option<(&str, Option<Measured>)> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let [path, tasks, _, memory, _, _] = fields.as_slice() else { return None };
    let is_number = |field: &str| field == "-" || field.bytes().all(|b| b.is_ascii_digit());
    is_number(tasks).then_some(())?;
    match *memory {
        "-" => Some((path, None)),
        // `--raw`
        raw if is_number(raw) => Some((path, Some(Measured::exact(raw.parse().ok()?)))),
        field => Some((path, Some(bytes(field)?))),
    }
}

/// Whether a line is a message of the journal: `Mar 14 20:00:00 node1 app[1234]: …`.
fn is_message(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let month = words.next().is_some_and(|word| word.len() >= 3 && word.chars().all(char::is_alphabetic));
    let day = words.next().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    month && day && words.next().is_some_and(|word| word.split(':').count() == 3)
}

/// Whether a line may stand below the first one of a status: `   Memory: 123.4M`, or a process of its tree.
fn is_of_status(line: &str) -> bool {
    let text = line.trim_start();
    text.len() < line.len() && (text.contains(':') || text.starts_with(['├', '└', '│', '|', '`']))
}

fn unit(name: &str) -> Subject {
    Subject::named(SubjectKind::Cgroup, name)
}

/// Parses a line of `systemctl show`: `MemoryPeak=136314880`. The name is `None` if the property is not read.
fn property(line: &str) -> Option<(Option<&'static str>, &str)> {
    let (name, value) = line.trim_end().split_once('=')?;
    let is_name =
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    is_name.then(|| (PROPERTIES.into_iter().find(|known| *known == name), value))
}

/// Parses a number of bytes; `None` for `infinity` and `[not set]`.
fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|bytes| *bytes < UNLIMITED)
}

impl Properties {
    /// Sets a property other than the memory.
    fn set(&mut self, name: &'static str, value: &str) {
        self.names.push(name);
        match name {
            "Id" => self.unit = Some(value.to_owned()),
            "MemoryPeak" => self.peak = number(value),
            "MemorySwapCurrent" => self.swap = number(value),
            "MemoryMax" | "MemoryLimit" => self.limit = number(value),
            _ => {}
        }
    }
}

impl UnitReader {
    fn status_line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Claim {
        let State::Status(name, scope) = &self.state else { return Claim::NotMine };
        if line.text.trim().is_empty() {
            self.state = State::Messages;
            return Claim::Mine;
        }
        // A date below the status ends it, and so does the table of another tool.
        if !is_of_status(line.text) || out.scope(line, 0).times_above != scope.times_above {
            self.state = State::Outside;
            return Claim::NotMine;
        }
        if let Some(found) = memory(line.text).filter(|_| line.ended) {
            push(line, unit(name), *scope, &found, out);
        }
        Claim::Mine
    }

    /// Reads a property; the others of the unit may stand above or below it.
    fn property(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<Claim> {
        let at = line.text.find("MemoryCurrent=").unwrap_or_default();
        let (name, value) = property(line.text.get(at..)?)?;
        // A date between two blocks was taken as such, and is not seen here.
        let is_apart = line.number > self.last + 1;
        self.last = line.number;
        if self.state == State::Show && (is_apart || name.is_some_and(|name| self.show.names.contains(&name)))
        {
            self.end_show(out);
        } else if self.state != State::Show && name == Some("MemoryCurrent") {
            self.state = State::Show;
            if at == 0 {
                self.look_above(out);
            }
        }
        if self.state != State::Show {
            return None;
        }
        let Some(name) = name else { return Some(Claim::NotMine) };
        if name == "MemoryCurrent" {
            let scope = out.scope(line, at);
            self.show.names.push(name);
            self.show.current = number(value).filter(|_| line.ended).map(|bytes| (line.number, scope, bytes));
        } else if line.ended || name == "Id" && is_unit(value) {
            // What is cut may be another name, or another number.
            self.show.set(name, value);
        }
        Some(Claim::Mine)
    }

    /// Reads the properties right above a line.
    fn look_above(&mut self, out: &mut Sink<'_>) {
        let above = out.take_above();
        let block: Vec<_> = above.lines().rev().map_while(|(_, text)| property(text)).collect();
        for (name, value) in block.into_iter().rev() {
            let Some(name) = name else { continue };
            if self.show.names.contains(&name) {
                self.show = Properties::default();
            }
            self.show.set(name, value);
        }
        out.recycle(above);
    }

    fn end_show(&mut self, out: &mut Sink<'_>) {
        let Properties { unit: name, current, peak, swap, limit, .. } = std::mem::take(&mut self.show);
        let Some((number, scope, now)) = current else { return };
        let exact = |bytes: Option<f64>| bytes.map(Measured::exact);
        let found =
            Memory { now: Measured::exact(now), peak: exact(peak), swap: exact(swap), limit: exact(limit) };
        let subject = Subject { kind: SubjectKind::Cgroup, name, ..Subject::default() };
        push(Line { text: "", number, ended: true }, subject, scope, &found, out);
    }

    /// Reads a line of a status that `grep Memory` left, perhaps after a stamp: its blanks before the label stay.
    fn alone(line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let at = line.text.find("    Memory: ").filter(|_| line.ended)?;
        let (before, text) = line.text.split_at_checked(at)?;
        let found = memory(text)?;
        let scope = if before.trim().is_empty() { out.scope(line, 0) } else { out.row_scope(line) };
        let is_alone =
            before.trim().is_empty() || scope.stamped && scope.stamp_end >= before.trim_end().len();
        is_alone.then_some(())?;
        push(line, Subject { kind: SubjectKind::Cgroup, ..Subject::default() }, scope, &found, out);
        Some(())
    }

    fn row(line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let (scope, (path, memory)) = match cgtop_row(line.text) {
            Some(row) => (out.scope(line, 0), row),
            None => return None,
        };
        if !line.ended {
            out.damaged(line.number, Damage { column: None, message: "the last row has no end".to_owned() });
        } else if let Some(now) = memory {
            push(line, unit(path), scope, &Memory { now, ..Memory::default() }, out);
        }
        Some(())
    }
}

fn push(line: Line<'_>, subject: Subject, scope: Scope, found: &Memory, out: &mut Sink<'_>) {
    let Memory { now, peak, swap, limit } = found;
    let others = peak.map(|peak| (PEAK, peak)).into_iter().chain(swap.map(|swap| (SWAP, swap)));
    let sample = out.sample_in(line, subject, scope).set(MEMORY, *now).set_all(others);
    sample.limit_if_known(*limit).push();
}

impl LineParser for UnitReader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(name) = status(line.text) {
            let scope = out.scope(line, 0);
            self.state = State::Status(name.to_owned(), scope);
            return Ok(Claim::Mine);
        }
        match &self.state {
            State::Status(..) => {
                let claim = self.status_line(line, out);
                if claim == Claim::Mine {
                    return Ok(claim);
                }
            }
            State::Messages if is_message(line.text) => return Ok(Claim::Mine),
            State::Messages => self.state = State::Outside,
            State::Table => {
                if Self::row(line, out).is_some() {
                    return Ok(Claim::Mine);
                }
            }
            State::Show | State::Outside => {}
        }
        if line.text.contains("Input/s") && line.text.contains("Memory") {
            out.scope(line, 0);
            self.state = State::Table;
            return Ok(Claim::Mine);
        }
        if (line.text.contains("MemoryCurrent=") || self.state == State::Show)
            && let Some(claim) = self.property(line, out)
        {
            return Ok(claim);
        }
        if self.state == State::Show {
            self.end_show(out);
            self.state = State::Outside;
        }
        Ok(Self::alone(line, out).map_or(Claim::NotMine, |()| Claim::Mine))
    }

    fn follows(&self) -> bool {
        self.state != State::Outside
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.end_show(out);
        *self = Self::default();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::formats::{Dispatcher, FormatOptions};

    /// The names of the units of a text, and their memory in bytes.
    fn read(text: &str) -> Vec<(String, f64)> {
        let mut dispatcher = Dispatcher::with_options(&[&FORMAT], &FormatOptions::default());
        dispatcher.read(text);
        let records = dispatcher.finish().records;
        let memory =
            |row: usize| records.samples.values(row).find(|(metric, _)| *metric == MEMORY).unwrap().1.value;
        let name = |row: usize| {
            records.subjects.get(records.samples.subject(row)).and_then(|unit| unit.name.clone())
        };
        (0..records.samples.len()).map(|row| (name(row).unwrap_or_default(), memory(row))).collect()
    }

    #[test]
    fn the_memory_of_a_status() {
        const MIB: f64 = 1_048_576.0;
        for (line, now, peak, limit) in [
            ("     Memory: 123.4M", 123.4, None, None),
            ("   Memory: 123.4M (limit: 512.0M)", 123.4, None, Some(512.0)),
            (
                "     Memory: 2.0G (high: 3.0G max: 4.0G available: 1.0G peak: 3.5G)",
                2048.0,
                Some(3584.0),
                Some(4096.0),
            ),
            ("     Memory: 1.5M (peak: 2.5M swap: 0B swap peak: 1.0M zswap: 0B)", 1.5, Some(2.5), None),
        ] {
            let found = memory(line).unwrap();
            let mebibytes = |size: Option<Measured>| size.map(|size| size.value / MIB);
            assert_eq!(
                (mebibytes(Some(found.now)), mebibytes(found.peak), mebibytes(found.limit)),
                (Some(now), peak, limit)
            );
        }
        for line in
            ["Memory: 123", "Memory: 16 GiB total", "Memory: low", "     Memory: 12.0M of 64.0M", "Memory:"]
        {
            assert_eq!(memory(line), None, "{line}");
        }
    }

    #[test]
    fn blocks_of_properties() {
        let block = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let (a, b) = (["Id=a.service", "MemoryCurrent=1048576"], ["Id=b.service", "MemoryCurrent=2097152"]);
        let reversed = |lines: [&'static str; 2]| [lines[1], lines[0]];
        for text in [
            block(&a) + "\n" + &block(&b),
            block(&reversed(a)) + "\n" + &block(&reversed(b)),
            block(&a) + &block(&b),
            block(&reversed(a)) + &block(&reversed(b)),
            block(&a) + "2026-03-14 20:00:00\n" + &block(&b),
            block(&reversed(a)) + "2026-03-14 20:00:00\n" + &block(&reversed(b)),
            format!("ActiveState=active\n{}Slice=x\nActiveState=active\n{}Slice=x\n", block(&a), block(&b)),
            format!("Type=simple\n{}Type=simple\n{}", block(&reversed(a)), block(&reversed(b))),
        ] {
            let found = read(&text);
            assert_eq!(
                found,
                [("a.service".to_owned(), 1_048_576.0), ("b.service".to_owned(), 2_097_152.0)],
                "{text}"
            );
        }
        // What is measured of one alone is not that of the other.
        let text = "Id=a.service\nMemoryCurrent=[not set]\nId=b.service\nMemoryCurrent=4096\n";
        assert_eq!(read(text), [("b.service".to_owned(), 4096.0)]);
    }

    #[test]
    fn rows_of_cgtop() {
        for (line, path, bytes) in [
            (
                "/                        123      -     1.2G        -        -",
                "/",
                Some(1.2 * 1_073_741_824.0),
            ),
            (
                "system.slice/app.service   5    0.3        -        -        -",
                "system.slice/app.service",
                None,
            ),
            (
                "system.slice               5    0.3  4096000        0        0",
                "system.slice",
                Some(4_096_000.0),
            ),
        ] {
            let (found, memory) = cgtop_row(line).unwrap();
            assert_eq!((found, memory.map(|memory| memory.value)), (path, bytes), "{line}");
        }
    }
}
