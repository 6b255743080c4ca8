//! Lines of a time, a name and a size amid those of other formats: a form that comes again is no chance.

use std::collections::BTreeMap;

use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::{Measured, Metric, Subject, TimeRef};

/// Lines of one name that are no accident.
const ENOUGH: usize = 5;
/// Names of one source. Those of chatter are without number.
const MOST_NAMES: usize = 256;
/// Lines of one source that are kept.
const MOST_LINES: usize = 1 << 20;

/// A line.
#[derive(Debug, Clone, Copy)]
struct Kept {
    line: u64,
    metric: Metric,
    memory: Measured,
    time: Option<TimeRef>,
    /// The number of times above it.
    times_above: u32,
    /// The last line above that a format claimed.
    record_above: u64,
}

/// The lines of one source, by their subjects.
#[derive(Debug, Default)]
pub(super) struct Amid {
    of_subject: BTreeMap<String, (Subject, Vec<Kept>)>,
    count: usize,
    /// The first line beyond the bounds, and the number of them.
    beyond: Option<(u64, usize)>,
}

impl Amid {
    /// Adds a line.
    pub(super) fn push(
        &mut self,
        subject: Subject,
        metric: Metric,
        memory: Measured,
        line: u64,
        scope: Scope,
        record_above: u64,
    ) {
        // A container that is down.
        if memory.value <= 0.0 {
            return;
        }
        let key = subject.name.clone().unwrap_or_default();
        let is_known = self.of_subject.contains_key(&key);
        if self.count >= MOST_LINES || !is_known && self.of_subject.len() >= MOST_NAMES {
            self.beyond.get_or_insert((line, 0)).1 += 1;
            return;
        }
        self.count += 1;
        let (_, lines) = self.of_subject.entry(key).or_insert((subject, Vec::new()));
        // A date above is that of one line of each name.
        let is_first_below = lines.last().is_none_or(|last| last.times_above != scope.times_above);
        let time = scope.time.filter(|_| scope.stamped || is_first_below);
        lines.push(Kept { line, metric, memory, time, times_above: scope.times_above, record_above });
    }

    /// Hands over the lines of names that come again beside the records of other formats, and notes those that cannot
    /// be placed in time.
    pub(super) fn hand_over(self, out: &mut Sink<'_>) {
        if out.formats_with_records().next().is_none() {
            return;
        }
        let all = self.count + self.beyond.map_or(0, |(_, lines)| lines);
        // Of names beyond the bound only the lines are known: as many as one name has make one.
        let names = |lines: &[Kept]| self.of_subject.len().max(all / lines.len().max(1)) as u64;
        let most = out.most_samples();
        let is_series = |lines: &[Kept]| is_series(lines, names(lines), most);
        if let Some((line, lines)) = self.beyond {
            let kind =
                format!("{lines} lines of a name and a size beyond {MOST_NAMES} names or {MOST_LINES} lines");
            // Beside a series they may be others, else they are chatter like what was kept.
            if self.of_subject.values().any(|(_, lines)| is_series(lines)) {
                out.note_not_read(line, kind);
            } else {
                out.note(format!("{kind} are left out"));
            }
        }
        for (subject, lines) in self.of_subject.values() {
            let (Some(first), true) = (lines.first(), is_series(lines)) else { continue };
            let timed = lines.iter().filter(|kept| kept.time.is_some()).count();
            if 2 * timed > lines.len() {
                out.note_guessed(subject.clone());
                if !out.has_first_line() {
                    out.note_first_line(first.line, subject.name.as_deref().unwrap_or_default());
                }
                out.count_records(lines.len() as u64);
                for &Kept { line, metric, memory, time, .. } in lines {
                    out.gathered_sample_at(line, subject.clone(), time).set(metric, memory).push();
                }
            } else if lines.iter().any(|kept| kept.memory.value > first.memory.value) {
                let kind = "lines of a name and a size without times beside the records of a tool";
                out.note_not_read(first.line, kind.to_owned());
            }
        }
    }
}

/// Whether lines of one name are a series, in step with the samples of the rest or in a table of their own, and not
/// what a log says by the way.
fn is_series(lines: &[Kept], names: u64, most_samples: usize) -> bool {
    let pairs = || lines.windows(2);
    // Records stand between them, one line for each.
    let apart = pairs().filter(|pair| pair[0].record_above < pair[1].record_above).count();
    let in_step = 4 * lines.len() >= most_samples && 5 * apart >= 4 * (lines.len() - 1);
    // Lines of other names, and dates, stand between them at most.
    let near = pairs().filter(|pair| pair[1].line - pair[0].line <= names + 1).count();
    lines.len() >= ENOUGH && (in_step || 5 * near >= 4 * (lines.len() - 1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fmt::Write as _;

    use super::{Kept, MOST_NAMES, is_series};
    use crate::formats::container_stats::MEM_USAGE;
    use crate::formats::{Dispatcher, FORMATS, FormatOptions};
    use crate::model::Measured;

    #[test]
    fn names_beyond_the_bound_are_said() {
        for (names, times, not_read) in [
            (MOST_NAMES, 6, false),
            (MOST_NAMES + 1, 6, true),
            (MOST_NAMES + 90, 6, true),
            (MOST_NAMES + 1, 1, false),
        ] {
            // The head is that of a report.
            let mut text = "2024-05-23T09:00:00Z\nVmRSS: 90000 kB\n".repeat(200);
            for minute in 0..times {
                for name in 0..names {
                    writeln!(text, "2024-05-23T10:0{minute}:00Z n{name} 68.4MiB").unwrap();
                }
            }
            let mut dispatcher = Dispatcher::with_options(FORMATS, &FormatOptions::default());
            dispatcher.read(&text);
            let found = dispatcher.finish();
            assert_eq!(!found.not_read.is_empty(), not_read, "{names} names, {times} times");
            let is_said = found.notices.iter().any(|notice| notice.message.contains("are left out"));
            assert_eq!(is_said, names > MOST_NAMES && !not_read, "{names} names, {times} times");
        }
    }

    #[test]
    fn lines_that_come_again_are_a_series() {
        for (lines, most_samples, expected) in [
            // One after each record, a block of them, too few.
            (&[(3, 2), (6, 5), (9, 8), (12, 11), (15, 14)][..], 5, true),
            (&[(3, 2), (4, 2), (5, 2), (6, 2), (7, 2)], 5, true),
            (&[(3, 2), (6, 5), (9, 8), (12, 11)], 4, false),
            // In a log: here and there, and seldom.
            (&[(3, 2), (30, 2), (50, 2), (120, 110), (150, 110)], 5, false),
            (&[(3, 2), (60, 50), (90, 80), (120, 110), (150, 140)], 500, false),
        ] {
            let kept = |&(line, record_above): &(u64, u64)| Kept {
                line,
                metric: MEM_USAGE,
                memory: Measured::exact(1.0),
                time: None,
                times_above: 0,
                record_above,
            };
            let kept: Vec<Kept> = lines.iter().map(kept).collect();
            assert_eq!(is_series(&kept, 1, most_samples), expected, "{lines:?}");
        }
    }
}
