//! `jstat -gc` and `jstat -gcold`: a table of KiB. Only what collections of the old generation leave is live.

use super::full_heap::{FullHeap, Use};
use super::{At, Runs};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::formats::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject, SubjectKind};

/// `jstat`.
pub static FORMAT: Format = Format {
    name: "jstat",
    reads: "jstat -gc and -gcold, with -t or dates or without (\"Timestamp S0C S1C S0U S1U EC EU OC OU … FGC …\")",
    example: "Timestamp  S0C   S1C   S0U  S1U   EC     EU     OC      OU     MC    MU   YGC YGCT  FGC FGCT  GCT\n\
              \x20     8.7 512.0 512.0 434.2 0.0 4416.0 3966.1 10944.0 794.3 384.0 189.4  4 0.003  0  0.000 0.003\n",
    detect: Detect::Needles(&[" FGCT "]),
    parser: |_| Parser::Lines(Box::<Reader>::default()),
};

/// The old generation in use.
const OU: Metric = Metric::bytes("OU", Role::WithGarbage);
/// The same right after a full collection, or the lowest of a cycle of concurrent ones.
const OU_LIVE: Metric = Metric::bytes("OU after old GC", Role::Part);
/// All generations.
const USED: Metric = Metric::bytes("S0U+S1U+EU+OU", Role::WithGarbage);

const KIB: f64 = 1024.0;

/// The columns that are read.
#[derive(Debug, Clone)]
struct Header {
    /// Number of columns.
    count: usize,
    old: usize,
    /// The capacity of the old generation.
    capacity: usize,
    full: usize,
    young: Option<usize>,
    timestamp: Option<usize>,
    concurrent: Option<usize>,
    /// Survivors, eden and the old generation.
    used: Option<[usize; 4]>,
}

impl Header {
    fn parse(line: &str) -> Option<Self> {
        let mut titles: Vec<&str> = line.split_ascii_whitespace().collect();
        // A time may stand before it.
        let first = titles.iter().position(|title| matches!(*title, "Timestamp" | "S0C" | "MC" | "PC"))?;
        titles.drain(..first);
        let at = |title: &str| titles.iter().position(|known| *known == title);
        let old = at("OU")?;
        let used = at("S0U").zip(at("S1U")).zip(at("EU")).map(|((s0, s1), eden)| [s0, s1, eden, old]);
        Some(Self {
            count: titles.len(),
            old,
            capacity: at("OC")?,
            full: at("FGC")?,
            young: at("YGC"),
            timestamp: at("Timestamp"),
            concurrent: at("CGC"),
            used,
        })
    }
}

/// The collections that the last row counted.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    full: f64,
    concurrent: f64,
    young: f64,
}

#[derive(Debug, Default)]
struct Reader {
    header: Option<Header>,
    runs: Runs,
    last: Option<Counts>,
    /// Number of restarts that the counts show.
    restarts: u32,
    /// The smallest use of the old generation since the last cycle of concurrent collections; `None` before the first.
    lowest: Option<Measured>,
    full: FullHeap,
}

impl Reader {
    fn row(&mut self, header: &Header, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let fields: Vec<&str> = line.text.split_ascii_whitespace().collect();
        let Some(first) = fields.len().checked_sub(header.count) else {
            return self.is_cut(&fields, line, header);
        };
        let fields = fields.get(first..).unwrap_or_default();
        if !fields.iter().all(|field| *field == "-" || number(field).is_some()) {
            return Ok(Claim::NotMine);
        }
        let scope = if first > 0 { out.row_scope(line) } else { out.unstamped_row_scope() };
        if first > 0 && !scope.stamped {
            return Ok(Claim::NotMine);
        }
        let field = |at: usize| fields.get(at).copied().unwrap_or("");
        let count = |at: Option<usize>| at.and_then(|at| number(field(at))).unwrap_or(0.0);
        let kib = |at: usize| {
            size(field(at), KIB, Multiples::Binary).map(|size| size.rounded()).ok_or_else(|| Damage {
                column: None,
                message: format!("expected a number of KiB, found \"{}\"", field(at)),
            })
        };
        let old = kib(header.old)?;
        let counts = Counts {
            full: count(Some(header.full)),
            concurrent: count(header.concurrent),
            young: count(header.young),
        };
        let elapsed = header.timestamp.and_then(|at| number(field(at)));
        if let Some(last) = self.last
            && (counts.full < last.full || counts.young < last.young)
        {
            (self.restarts, self.last, self.lowest) = (self.restarts + 1, None, None);
            self.full.restart();
        }
        let live = self.live(header, counts, old);
        let used = header.used.map(|columns| {
            columns.iter().filter(|at| field(**at) != "-").try_fold(Measured::exact(0.0), |sum, at| {
                let value = kib(*at)?;
                Ok(Measured::rounded(sum.value + value.value, sum.half_width + value.half_width))
            })
        });
        let used = used.transpose()?;
        // A restart shows in the counts, or in the seconds.
        if let Some(seconds) = elapsed {
            self.runs.see(seconds);
        }
        let run = self.restarts.max(self.runs.run);
        let id = (run > 0).then(|| format!("run {}", run + 1));
        let subject = Subject { kind: SubjectKind::Heap, name: None, id, parent: None };
        let at = At::new(scope, elapsed, out);
        let capacity = kib(header.capacity)?.value;
        let live = live.filter(|live| {
            let share = if capacity > 0.0 { live.value / capacity } else { 0.0 };
            self.full.counts(at.time, Use { share, capacity, follows_use: false }, out)
        });
        let sample = at.sample(line, subject, out).set_all(live.map(|live| (OU_LIVE, live)));
        sample.set(OU, old).set_all(used.map(|used| (USED, used))).push();
        Ok(Claim::Mine)
    }

    /// Returns the live part of the old generation, if a collection of it lies between this row and the last.
    fn live(&mut self, header: &Header, counts: Counts, old: Measured) -> Option<Measured> {
        let last = self.last.replace(counts);
        let lower = |lowest: Measured| if old.value < lowest.value { old } else { lowest };
        let last = last?;
        let was_full = counts.full > last.full;
        let was_concurrent = counts.concurrent > last.concurrent;
        // Java 8 counts the pauses of concurrent collections as full ones, and has no column of its own for them.
        if was_full && header.concurrent.is_some() {
            self.lowest = None;
            return Some(old);
        }
        if was_full || was_concurrent {
            return self.lowest.replace(old);
        }
        self.lowest = self.lowest.map(lower);
        None
    }

    /// Ends the table at a line that is none of its rows, and reports a row that is cut.
    fn is_cut(&mut self, fields: &[&str], line: Line<'_>, header: &Header) -> Result<Claim, Damage> {
        let are_numbers = fields.iter().all(|field| *field == "-" || number(field).is_some());
        if fields.len() * 2 > header.count && are_numbers && line.ended {
            let message = format!("expected {} columns, found {}", header.count, fields.len());
            return Err(Damage { column: None, message });
        }
        Ok(Claim::NotMine)
    }
}

/// Parses a number, with the decimal comma of some languages.
fn number(field: &str) -> Option<f64> {
    let is_number = field.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    is_number.then(|| field.replace(',', ".").parse().ok()).flatten()
}

impl LineParser for Reader {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(header) = Header::parse(line.text) {
            self.header = Some(header);
            out.bare_scope();
            return Ok(Claim::Mine);
        }
        match self.header.take() {
            Some(header) => {
                let claim = self.row(&header, line, out);
                self.header = Some(header);
                claim
            }
            None => Ok(Claim::NotMine),
        }
    }

    fn follows(&self) -> bool {
        self.header.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.full.note(out);
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    #[test]
    fn headers_of_many_versions() {
        for (line, expected) in [
            (
                " S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT",
                Some((7, 14, Some(16))),
            ),
            ("Timestamp S0C S1C S0U S1U EC EU OC OU PC PU YGC YGCT FGC FGCT GCT", Some((8, 13, None))),
            ("10:00:01 S0C S1C S0U S1U EC EU OC OU MC MU YGC YGCT FGC FGCT GCT", Some((7, 12, None))),
            (" MC MU CCSC CCSU OC OU YGC FGC FGCT CGC CGCT GCT", Some((5, 7, Some(9)))),
            (" S0 S1 E O M CCS YGC YGCT FGC FGCT CGC CGCT GCT", None),
        ] {
            let found = Header::parse(line).map(|header| (header.old, header.full, header.concurrent));
            assert_eq!(found, expected, "{line}");
        }
    }
}
