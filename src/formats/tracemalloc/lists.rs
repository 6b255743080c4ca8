//! Records to snapshots: each list, and what is known of the sites that it does not show.
//!
//! A list is believed to be whole only if nothing speaks against it. Lines that could not be read or are left out,
//! ranks that are skipped, a total larger than the sum of what is listed, a heading or an end that all other lists
//! have: each says that part of it is missing, and then a site that it does not show is unknown and not gone.

use std::ops::Range;

use super::record_log::{Gap, Kind, Run, Start};
use super::split::{self, Division};
use crate::model::{Dialect, Measured, Readings, Snapshot, SubjectId, Truncation};

/// Returns the snapshots of one worker's records. `end` is the gap after the last of them.
#[must_use]
pub fn snapshots(runs: &[Run], readings: &Readings, end: Gap, subject: Option<SubjectId>) -> Vec<Snapshot> {
    let division = split::divide(runs, readings);
    let lists = lists(runs, readings, end, &division);
    let common = Common::of(&lists);
    let snapshot = |(index, list): (usize, &List<'_>)| Snapshot {
        time: list.runs.iter().find_map(|run| run.time),
        dialect: list.dialect,
        readings: list.rows.clone(),
        truncation: list.truncation(&Others { common: &common[list.dialect as usize], index }),
        subject,
        line: list.line,
    };
    lists.iter().enumerate().map(snapshot).collect()
}

/// One list of records.
struct List<'a> {
    readings: &'a Readings,
    dialect: Dialect,
    /// Its readings.
    rows: Range<usize>,
    /// Its runs; the first may have begun in the list before, and the last may go on in the next.
    runs: &'a [Run],
    /// Those of its runs that begin in it.
    begun: &'a [Run],
    /// Whether a line that could not be read stands right before it.
    after_damage: bool,
    /// The gap after it.
    after: Gap,
    /// Whether lists are parted by empty lines or other text, and not by headings.
    parted_by_gaps: bool,
    ranked: bool,
    /// The line of its first record.
    line: u64,
}

fn lists<'a>(runs: &'a [Run], readings: &'a Readings, end: Gap, division: &Division) -> Vec<List<'a>> {
    let Division { starts, ranked, dialects } = division;
    let ends = starts.iter().skip(1).map(Some).chain([None]);
    let at_gap = |start: &Start| {
        let run = &runs[start.run];
        start.row == run.rows.start && (run.gap.text || run.gap.blank) && !run.gap.heading
    };
    let parted_by_gaps = starts.len() > 1 && starts[1..].iter().all(at_gap);
    let list = |(start, end_at): (&Start, Option<&Start>)| {
        let first = &runs[start.run];
        let amid = |start: &Start| start.row > runs[start.run].rows.start;
        // The last run may be that in which the next list begins.
        let to = end_at.map_or(runs.len(), |next| next.run + usize::from(amid(next)));
        let own = &runs[start.run..to];
        let last_row = || own.last().map_or(start.row, |run| run.rows.end);
        let is_difference =
            |run: &usize| dialects[*run] == Dialect::Difference && !runs[*run].rows.is_empty();
        let reading = own.iter().find(|run| run.kind == Kind::Reading).unwrap_or(first);
        let before = start.run.checked_sub(1).map(|before| &runs[before]);
        List {
            readings,
            dialect: (start.run..to).find(is_difference).map_or(reading.dialect, |run| dialects[run]),
            rows: start.row..end_at.map_or_else(last_row, |next| next.row),
            runs: own,
            begun: if amid(start) { &own[1..] } else { own },
            after_damage: !amid(start)
                && before.is_some_and(|run| run.kind == Kind::Damaged)
                && first.gap.is_empty(),
            after: end_at.map_or(end, |next| if amid(next) { Gap::default() } else { runs[next.run].gap }),
            parted_by_gaps,
            ranked: *ranked,
            line: first.line + (start.row - first.rows.start) as u64,
        }
    };
    starts.iter().zip(ends).map(list).collect()
}

impl List<'_> {
    /// Returns the meaning of absence from the list, in view of the other lists.
    fn truncation(&self, others: &Others) -> Truncation {
        let (length, smallest) = (self.rows.len(), Truncation::top_of(self.readings, &self.rows));
        let (hidden, total) = (self.sum_of_others(), self.total());
        let missing = total.map(|total| self.missing(total, hidden.unwrap_or_default()));
        let most = |bound: Option<f64>, more: Option<f64>| match (bound, more) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        // A sum of sizes says nothing of changes.
        let sums = self.dialect != Dialect::Difference;
        let top = |more: Option<f64>| match smallest {
            Truncation::TopK { at_most } => {
                Truncation::TopK { at_most: most(Some(at_most), more.filter(|_| sums)).unwrap_or(at_most) }
            }
            other => other,
        };
        match missing {
            Some(Missing::Nothing) if hidden.is_some() => return top(hidden.map(Measured::high)),
            Some(Missing::Nothing) => return Truncation::Complete,
            _ => {}
        }
        let rest = match missing {
            Some(Missing::UpTo(rest)) => Some(rest),
            _ => None,
        };
        let lost_at = self.lost_at().or_else(|| others.lost(self));
        if lost_at.is_some() || rest.is_some() && hidden.is_some() {
            let bound = lost_at.and_then(|row| self.bound(row));
            return Truncation::Partial { at_most: most(bound, rest.filter(|_| sums)) };
        }
        if rest.is_some() {
            return top(rest);
        }
        match self.declared() {
            Some(top) if length < top as usize && hidden.is_none() => {
                if others.may_break_off(self) {
                    Truncation::Unknown
                } else {
                    Truncation::Complete
                }
            }
            None if hidden.is_none() => Truncation::Unknown,
            _ => top(hidden.map(Measured::high)),
        }
    }

    fn is_headed(&self) -> bool {
        self.begun.iter().any(|run| run.gap.heading)
    }

    fn is_closed(&self) -> bool {
        self.runs.iter().any(|run| matches!(run.kind, Kind::Others(_) | Kind::Total(_)))
    }

    /// Whether the list is as long as its heading declares.
    fn is_full(&self) -> bool {
        self.declared().is_some_and(|top| self.rows.len() >= top as usize)
    }

    /// The length that the heading declares.
    fn declared(&self) -> Option<u32> {
        self.begun.iter().rev().find_map(|run| run.declared)
    }

    /// The sum of the sites that the list says it does not show.
    fn sum_of_others(&self) -> Option<Measured> {
        self.runs.iter().find_map(|run| if let Kind::Others(sum) = &run.kind { Some(**sum) } else { None })
    }

    fn total(&self) -> Option<Measured> {
        self.runs.iter().find_map(|run| if let Kind::Total(sum) = &run.kind { Some(**sum) } else { None })
    }

    /// Compares the total with the listed sites and those that the list counts as hidden.
    fn missing(&self, total: Measured, hidden: Measured) -> Missing {
        let listed = self.rows.clone().map(|row| self.readings.as_printed(row).size);
        let rest = total - listed.fold(hidden, |sum, size| sum + size);
        // Whole bytes may be rounded from fractions, as an average is.
        if rest.value > rest.half_width + 1.0 {
            Missing::UpTo(rest.high())
        } else if rest.value >= -rest.half_width - 1.0 {
            Missing::Nothing
        } else {
            // A total of something else: lists that count a block once for each frame have more than there is.
            Missing::Unknown
        }
    }

    /// The row before which a record is missing, if that can be seen; the first if several are.
    fn lost_at(&self) -> Option<usize> {
        if self.loses_its_head() {
            return Some(self.rows.start);
        }
        let mut rank = 0;
        for run in self.runs {
            let first = run.rows.start.max(self.rows.start);
            let begins = run.rows.start >= self.rows.start;
            let skips = self.ranked && run.rank > 0 && rank > 0 && run.rank > rank;
            let left_out = (run.gap.omission_before || run.gap.omission_after) && first > self.rows.start;
            // After the last record and a gap it is the beginning of a list of which nothing else is there.
            let of_next = self.parted_by_gaps && first == self.rows.end && (run.gap.text || run.gap.blank);
            let damaged = run.kind == Kind::Damaged && !of_next;
            if begins && (damaged || skips || left_out) {
                return Some(first);
            }
            if run.rank > 0 {
                rank = run.rank.saturating_add(u32::try_from(run.rows.len()).unwrap_or(u32::MAX));
            }
        }
        self.after.omission_before.then_some(self.rows.end)
    }

    /// Whether records are missing before the first.
    fn loses_its_head(&self) -> bool {
        let Some(first) = self.begun.first().filter(|run| run.rows.start == self.rows.start) else {
            return false;
        };
        let Gap { text, heading, omission_before, omission_after, .. } = first.gap;
        let left_out = omission_after || omission_before && !text && !heading;
        let starts_whole = self.ranked && first.rank == 1;
        first.kind == Kind::Damaged
            || self.ranked && first.rank > 1
            || !starts_whole && (left_out || self.after_damage)
    }

    /// The most that a site can have which is missing from `row` on, if the list is sorted downwards.
    fn bound(&self, row: usize) -> Option<f64> {
        let amount = |row: usize| {
            let reading = self.readings.as_printed(row);
            if self.dialect == Dialect::Difference {
                reading
                    .change
                    .map(|change| Measured::rounded(change.bytes.value.abs(), change.bytes.half_width))
            } else {
                Some(reading.size)
            }
        };
        let amounts: Vec<Measured> = self.rows.clone().filter_map(amount).collect();
        let sorted = amounts.is_sorted_by(|a, b| a.value >= b.value);
        let last = (self.rows.start..row).rev().find_map(amount)?;
        sorted.then(|| last.high())
    }
}

/// The difference between a total and its parts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Missing {
    /// Nothing: they agree.
    Nothing,
    /// Something that is not listed, of so many bytes at most.
    UpTo(f64),
    /// The total is not one of these parts.
    Unknown,
}

/// Facts about the lists of one dialect.
#[derive(Debug, Clone, Copy, Default)]
struct Common {
    lists: usize,
    /// Index of the first and of the last.
    first: usize,
    last: usize,
    /// Number of lists with a heading, and with an end: a total, or the sum of what is hidden.
    headed: usize,
    closed: usize,
    /// Number of lists as long as their heading declares.
    full: usize,
    /// The shortest length, and the shortest but one (the same where two lists have it).
    shortest: [usize; 2],
}

impl Common {
    /// Facts by dialect.
    fn of(lists: &[List<'_>]) -> [Self; 4] {
        let mut all = [Self { shortest: [usize::MAX; 2], ..Self::default() }; 4];
        for (index, list) in lists.iter().enumerate() {
            let common = &mut all[list.dialect as usize];
            if common.lists == 0 {
                common.first = index;
            }
            common.last = index;
            common.lists += 1;
            common.headed += usize::from(list.is_headed());
            common.closed += usize::from(list.is_closed());
            common.full += usize::from(list.is_full());
            let length = list.rows.len();
            let [a, b] = common.shortest;
            common.shortest = if length < a { [length, a] } else { [a, b.min(length)] };
        }
        all
    }
}

/// The other lists of a list's dialect.
struct Others<'a> {
    common: &'a Common,
    index: usize,
}

impl Others<'_> {
    /// Whether there are some, and all of them are among `number` lists of which the list is none.
    const fn all(&self, number: usize) -> bool {
        self.common.lists > 1 && number + 1 == self.common.lists
    }

    /// The row of `list` before which records must be missing, since all other lists have a beginning or an end that it
    /// has not.
    fn lost(&self, list: &List<'_>) -> Option<usize> {
        let Common { first, last, headed, closed, full, .. } = *self.common;
        let begins = list.begun.first().filter(|run| run.rows.start == list.rows.start);
        let starts_bare = begins.is_some_and(|run| run.gap.is_empty() && !(list.ranked && run.rank == 1));
        if self.index == first && starts_bare && !list.is_headed() && self.all(headed) {
            return Some(list.rows.start);
        }
        let unclosed = !list.is_closed() && self.all(closed);
        let short = self.index == last && list.declared().is_some() && !list.is_full() && full > 0;
        (unclosed || short).then_some(list.rows.end)
    }

    /// Whether a list that is shorter than its heading says may break off: it is the last of several, and shorter than
    /// all others.
    fn may_break_off(&self, list: &List<'_>) -> bool {
        let Common { lists, last, shortest: [shortest, other], .. } = *self.common;
        lists > 1 && self.index == last && list.rows.len() == shortest && shortest < other
    }
}
