//! Class histograms of Java: `jcmd PID GC.class_histogram`, `jmap -histo PID`. Bytes are exact.

use super::lists::{Entry, Extent, Lists};
use super::rows::whole;
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::{Dialect, Measured, Metric, MetricUnit, Role, Subject};

/// Class histograms.
pub static FORMAT: Format = Format {
    name: "java-histogram",
    reads: "class histograms of jcmd and jmap (\"num     #instances         #bytes  class name\")",
    example: " num     #instances         #bytes  class name (module)\n\
              -------------------------------------------------------\n   \
              1:          4000        4160000  [B (java.base@17.0.15)\n   \
              2:          2000          48000  java.lang.String (java.base@17.0.15)\n\
              Total          6000        4208000\n",
    detect: Detect::Needles(&["#instances"]),
    parser: |_| Parser::Lines(Box::<Histograms>::default()),
};

/// The bytes of all instances.
const BYTES: Metric = Metric::bytes("Total #bytes", Role::Part);
/// Their number.
const INSTANCES: Metric = Metric { name: "Total #instances", unit: MetricUnit::Count, role: Role::Count };

/// Reads histograms.
#[derive(Debug, Default)]
struct Histograms {
    lists: Lists,
    /// The scope of the histogram that is being read.
    open: Option<Scope>,
    /// The process that it is of.
    pid: Option<String>,
    /// Whether a line of it could not be read.
    is_damaged: bool,
}

impl LineParser for Histograms {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let text = line.text.trim();
        if text.starts_with("num ") && text.contains("#instances") && text.contains("#bytes") {
            let scope = out.bare_scope();
            let above = out.take_above();
            // jcmd writes the process above its answer.
            let last = above.lines().map(|(_, text)| text).rfind(|text| !text.trim().is_empty());
            self.pid = last.and_then(pid).map(str::to_owned);
            out.recycle(above);
            self.lists.begin(scope, line.number);
            if let Some(pid) = &self.pid {
                self.lists.set_id(pid.clone());
            }
            // Until it is known to be whole: lists are piped through head.
            self.lists.set_extent(Extent::Cut);
            (self.open, self.is_damaged) = (Some(scope), false);
            return Ok(Claim::MoreBelow);
        }
        let Some(scope) = self.open else { return Ok(Claim::NotMine) };
        if text.starts_with("---") {
            return Ok(Claim::MoreBelow);
        }
        let mut words = text.split_ascii_whitespace();
        let first = words.next().unwrap_or("");
        let mut number = || words.next().and_then(whole).filter(|number| *number >= 0);
        let numbers = number().zip(number());
        if !line.ended {
            self.lists.set_extent(Extent::BrokenOff);
            return Ok(if numbers.is_some() { Claim::Mine } else { Claim::NotMine });
        }
        let class = words.collect::<Vec<_>>().join(" ");
        match (first.strip_suffix(':').and_then(whole), numbers) {
            (Some(_), Some((count, size))) if !class.is_empty() => {
                let bytes = Some(exact(size));
                let name = without_module(&class);
                self.lists.push(Entry { name, count, bytes, above_peak: None }, out);
                Ok(Claim::MoreBelow)
            }
            (Some(_), _) => {
                let message = format!("expected a class with its instances and bytes, found \"{text}\"");
                self.is_damaged = true;
                out.damaged(line.number, Damage { column: None, message });
                Ok(Claim::MoreBelow)
            }
            (None, Some((count, size))) if first.eq_ignore_ascii_case("total") => {
                self.open = None;
                let is_damaged = self.is_damaged;
                self.lists.set_extent(if is_damaged { Extent::BrokenOff } else { Extent::Complete });
                out.count_records(1);
                let subject = Subject { id: self.pid.clone(), ..Subject::process() };
                let sample = out.gathered_sample(line.number, subject, scope);
                sample.set(BYTES, exact(size)).set(INSTANCES, exact(count)).push();
                Ok(Claim::Mine)
            }
            _ => {
                self.open = None;
                Ok(Claim::NotMine)
            }
        }
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.lists.finish(Dialect::Census, out);
        *self = Self::default();
    }
}

#[allow(clippy::cast_precision_loss, reason = "no heap has 2^53 bytes")]
const fn exact(number: i64) -> Measured {
    Measured::exact(number as f64)
}

/// Returns the process id in `4242:`.
fn pid(text: &str) -> Option<&str> {
    let pid = text.trim().strip_suffix(':')?;
    let is_pid = (1..=10).contains(&pid.len()) && pid.bytes().all(|byte| byte.is_ascii_digit());
    is_pid.then_some(pid)
}

/// Returns a class without its module, which differs from one version to the next.
fn without_module(class: &str) -> &str {
    match class.rfind(" (") {
        Some(at) if class.ends_with(')') => class.get(..at).unwrap_or(class),
        _ => class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(without_module("[B (java.base@17.0.15)"), "[B");
        assert_eq!(without_module("Leaky$Session"), "Leaky$Session");
        assert_eq!((pid("4242:"), pid("42 42:"), pid(":"), pid("12:30")), (Some("4242"), None, None, None));
    }
}
