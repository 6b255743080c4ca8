//! Units of systemd: `systemctl status`, `systemctl show`, `systemd-cgtop -b`.
//!
//! Sizes are 1024-based and cut to one decimal. A status also shows since when the unit is active and its last
//! messages; none of these dates is the time of the reading, which is that above the status.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use super::source::Scope;
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
    /// Lines below a property that were none.
    shown: u32,
}

/// Properties that `systemctl show` prints of one unit, in an order of its own.
#[derive(Debug, Default)]
struct Properties {
    unit: Option<String>,
    current: Option<(u64, Scope, f64)>,
    peak: Option<f64>,
    swap: Option<f64>,
    limit: Option<f64>,
}

/// Lines below a property that are looked at.
const MOST_PROPERTIES: u32 = 40;
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

fn unit(name: &str) -> Subject {
    Subject::named(SubjectKind::Cgroup, name)
}

impl UnitReader {
    fn status_line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Claim {
        let State::Status(name, scope) = &self.state else { return Claim::NotMine };
        if line.text.trim().is_empty() {
            self.state = State::Messages;
            return Claim::Mine;
        }
        if !line.text.starts_with([' ', '\t']) {
            self.state = State::Outside;
            return Claim::NotMine;
        }
        if let Some(found) = memory(line.text).filter(|_| line.ended) {
            // A date below the status ends it.
            if out.scope(line, 0).times_above != scope.times_above {
                self.state = State::Outside;
                return Claim::NotMine;
            }
            push(line, unit(name), *scope, &found, out);
        }
        Claim::Mine
    }

    /// Reads a property; the others of the unit may stand above or below it.
    fn property(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Option<()> {
        let at = line.text.find("MemoryCurrent=").unwrap_or_default();
        let (key, value) = line.text.get(at..)?.trim_end().split_once('=')?;
        let number = || value.parse::<f64>().ok().filter(|bytes| *bytes < UNLIMITED && line.ended);
        match key {
            "MemoryCurrent" => {
                self.end_show(out);
                let scope = out.scope(line, at);
                let above = out.take_above();
                self.show.unit = above
                    .lines()
                    .rev()
                    .take(2)
                    .find_map(|(_, text)| text.strip_prefix("Id=").map(str::to_owned));
                out.recycle(above);
                self.show.current = number().map(|bytes| (line.number, scope, bytes));
                (self.state, self.shown) = (State::Show, 0);
            }
            "Id" => self.show.unit = Some(value.to_owned()),
            "MemoryPeak" => self.show.peak = number(),
            "MemorySwapCurrent" => self.show.swap = number(),
            "MemoryMax" | "MemoryLimit" => self.show.limit = number(),
            _ => return None,
        }
        Some(())
    }

    fn end_show(&mut self, out: &mut Sink<'_>) {
        let Properties { unit: name, current, peak, swap, limit } = std::mem::take(&mut self.show);
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
            && self.property(line, out).is_some()
        {
            return Ok(Claim::Mine);
        }
        if self.state == State::Show {
            self.shown += 1;
            if line.text.is_empty() || self.shown > MOST_PROPERTIES {
                self.end_show(out);
                self.state = State::Outside;
            }
            return Ok(Claim::NotMine);
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
