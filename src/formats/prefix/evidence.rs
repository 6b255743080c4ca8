//! The records after a field's values: whether they are of several workers, or of one.

use foldhash::HashMap;

use super::table::PrefixId;

/// A record that stands after a prefix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The prefix.
    pub prefix: PrefixId,
    /// The same for records of the same site or metric, another for all others.
    pub key: u64,
    /// Its number of bytes.
    pub bytes: f64,
    /// In lists that are sorted downwards, the number that they are sorted by.
    pub rank: Option<f64>,
    /// Its time in seconds of any clock, if it has one.
    pub at: Option<f64>,
}

/// A share of the shortest time between two records of one worker, within which another worker's record is of the
/// same round.
const SAME_ROUND: f64 = 0.1;

/// Records of a site or metric that are a series.
const ENOUGH_ROWS: usize = 5;

/// Number of steps of which the sizes are no accident.
const ENOUGH_STEPS: usize = 8;

/// An observation as it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) prefix: u32,
    pub(super) key: u64,
    /// The number of bytes; once all rows are known, its logarithm, since records of one site or metric are compared
    /// by their ratio.
    level: f64,
    rank: f64,
    at: f64,
}

impl Row {
    pub(super) fn new(prefix: u32, observation: &Observation) -> Self {
        let Observation { key, bytes, rank, at, .. } = *observation;
        let (rank, at) = (rank.unwrap_or(f64::NAN), at.unwrap_or(f64::NAN));
        Self { prefix, key, level: bytes, rank, at }
    }

    /// Makes levels of the numbers of bytes.
    pub(super) fn level(rows: &mut [Self]) {
        rows.iter_mut().for_each(|row| row.level = row.level.max(0.0).ln_1p());
    }
}

/// The strength with which the form of a field alone says that it names a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It names nobody: a thread, a request, a place in the code.
    Nobody,
    /// Its label is one of what names nobody in most logs: a module, a queue, a tenant. Or it is a word after a
    /// record.
    Unlikely,
    /// It is a column of a table or a field after a record, whose header says nothing, or a line above.
    Beside,
    /// It may be any word.
    Word,
    /// It looks like a name or an id.
    Name,
    /// The same, put before the line by whoever collected it.
    Collected,
    /// Its label says that it is one.
    Labelled,
}

/// Counts of what happens to a field's values from record to record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// Distinct values.
    pub(super) values: usize,
    rows: usize,
    /// All rows, with a value or without.
    all: usize,
    /// Values of which the record of a site or metric comes often enough to be a series, and the rows of those.
    long_values: usize,
    rows_of_long: usize,
    /// Number of times that an earlier value comes back, with any record.
    turns: usize,
    /// Number of times that the record of a site or metric comes again under another value than the last time.
    changes: usize,
    /// Of these, how often under an earlier value.
    returns: usize,
    /// Of these, how often in the same round as the last time, by the times, and how often at the same time.
    together: usize,
    at_once: usize,
    /// Number of times that a record comes again under the same value, and of those at the same time as the last one.
    repeats: usize,
    still: usize,
    /// Records whose site or metric comes under several values.
    shared: usize,
    /// Values of which less than half of the records are such.
    strangers: usize,
    /// Records that come again under the same value.
    again: usize,
    /// Sorted lists without repetition that are needed to hold all records, together or for each value.
    lists_together: usize,
    lists_apart: usize,
    /// The sum of all steps from record to record of a site or metric, together or for each value.
    path_together: f64,
    path_apart: f64,
    /// The sums of the steps within a round, and of those from one round to the next.
    path_within: f64,
    path_across: f64,
    /// Of the repeats, how often the time does not go back.
    onward: usize,
    /// Values of which most of the time is that of the value before them.
    begun_anew: usize,
}

/// The last record of a site or metric.
#[derive(Debug, Clone, Copy)]
struct Last {
    value: u32,
    level: f64,
    at: f64,
    /// The shortest time between two of them.
    interval: f64,
    /// The list in which it stands.
    list: usize,
    rows: usize,
    /// Whether it came under several values.
    several: bool,
    /// Its place among the sites or metrics, of all or of the value, by their first records.
    place: f64,
}

/// The first and the last time of a value.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: f64,
    to: f64,
}

impl Span {
    /// Whether the shorter of two lasts while the other does, for more than half of it.
    fn is_beside(self, other: Self) -> bool {
        let shorter = (self.to - self.from).min(other.to - other.from);
        shorter > 0.0 && self.to.min(other.to) - self.from.max(other.from) > 0.5 * shorter
    }
}

/// The list that is being read.
#[derive(Debug, Clone, Copy)]
struct List {
    number: usize,
    rank: f64,
}

impl List {
    /// Begins another list where a record is in this one, or is sorted before its last; says whether it did.
    fn take(this: &mut Option<Self>, last: Option<usize>, rank: f64, lists: &mut usize) -> usize {
        let goes_on = this.is_some_and(|list| last != Some(list.number) && rank <= list.rank);
        if !goes_on {
            *lists += 1;
        }
        let number = *lists;
        *this = Some(Self { number, rank });
        number
    }
}

impl Evidence {
    /// Looks at records in their order; `value` is that of the field in a prefix, if it has the field.
    pub(super) fn of(rows: &[Row], value: impl Fn(u32) -> Option<u32>) -> Self {
        let mut found = Self { all: rows.len(), ..Self::default() };
        let mut places: HashMap<u32, usize> = HashMap::default();
        let mut keys: HashMap<u64, Last> = HashMap::default();
        let mut pairs: HashMap<(u64, u32), Last> = HashMap::default();
        let mut all: [Option<List>; 2] = [None; 2];
        let mut of_value: HashMap<(u32, bool), Option<List>> = HashMap::default();
        let mut keys_of: HashMap<u32, usize> = HashMap::default();
        let mut before: Option<usize> = None;
        let mut spans: Vec<Span> = Vec::new();
        for row in rows {
            let Some(value) = value(row.prefix) else { continue };
            found.rows += 1;
            let next = places.len();
            let place = *places.entry(value).or_insert(next);
            match spans.get_mut(place) {
                Some(span) => *span = Span { from: span.from.min(row.at), to: span.to.max(row.at) },
                None => spans.push(Span { from: row.at, to: row.at }),
            }
            found.turns += usize::from(before.is_some_and(|before| place < before));
            before = Some(place);

            let (key, pair) = (keys.get(&row.key).copied(), pairs.get(&(row.key, value)).copied());
            let nth = key.map_or(keys.len() as f64, |key| key.place);
            let is_sorted = !row.rank.is_nan();
            let rank = if is_sorted { row.rank } else { -nth };
            let list = List::take(
                &mut all[usize::from(is_sorted)],
                key.map(|key| key.list),
                rank,
                &mut found.lists_together,
            );
            // Each worker has an order of its own.
            let keys_of_value = keys_of.entry(value).or_default();
            let own_nth = pair.map_or(*keys_of_value as f64, |pair| pair.place);
            *keys_of_value += usize::from(pair.is_none());
            let own_rank = if is_sorted { row.rank } else { -own_nth };
            let own = of_value.entry((value, is_sorted)).or_default();
            let own_list = List::take(own, pair.map(|pair| pair.list), own_rank, &mut found.lists_apart);

            let own_passed = pair.map_or(f64::NAN, |pair| row.at - pair.at);
            let shortest = pair.map_or(f64::INFINITY, |pair| pair.interval);
            let interval = if own_passed > 0.0 { shortest.min(own_passed) } else { shortest };
            let interval_known = if interval.is_finite() { interval } else { 0.0 };
            if let Some(key) = key {
                let step = (row.level - key.level).abs();
                found.path_together += step;
                if key.value != value {
                    found.changes += 1;
                    let is_return = places.get(&key.value).is_some_and(|last| place < *last);
                    found.returns += usize::from(is_return);
                    *(if is_return { &mut found.path_across } else { &mut found.path_within }) += step;
                    let passed = row.at - key.at;
                    let is_near = passed >= 0.0 && passed <= SAME_ROUND * interval_known;
                    found.together += usize::from(passed == 0.0 || is_near);
                    found.at_once += usize::from(passed == 0.0);
                }
            }
            if let Some(pair) = pair {
                found.path_apart += (row.level - pair.level).abs();
                found.repeats += 1;
                found.still += usize::from(row.at == pair.at);
                found.onward += usize::from(row.at >= pair.at);
            }
            let last = Last {
                value,
                level: row.level,
                at: row.at,
                interval,
                list,
                rows: 1,
                several: false,
                place: nth,
            };
            let several = key.is_some_and(|key| key.several || key.value != value);
            keys.insert(row.key, Last { rows: key.map_or(0, |key| key.rows) + 1, several, ..last });
            let rows = pair.map_or(0, |pair| pair.rows) + 1;
            pairs.insert((row.key, value), Last { rows, list: own_list, place: own_nth, ..last });
        }
        found.values = places.len();
        found.shared = keys.values().filter(|key| key.several).map(|key| key.rows).sum();
        // Of each value: its rows, those that are shared, and those of its longest series.
        let mut of_values: HashMap<u32, (usize, usize, usize)> = HashMap::default();
        for ((key, value), pair) in &pairs {
            let (all, shared, longest) = of_values.entry(*value).or_default();
            *all += pair.rows;
            *shared += if keys.get(key).is_some_and(|key| key.several) { pair.rows } else { 0 };
            *longest = pair.rows.max(*longest);
        }
        found.strangers = of_values.values().filter(|(all, shared, _)| shared * 2 < *all).count();
        for (all, ..) in of_values.values().filter(|(.., longest)| *longest >= ENOUGH_ROWS) {
            found.long_values += 1;
            found.rows_of_long += all;
        }
        found.begun_anew = spans.windows(2).filter(|pair| pair[1].is_beside(pair[0])).count();
        found.again = pairs.values().filter(|pair| pair.rows > 1).map(|pair| pair.rows).sum();
        if found.still * 2 > found.repeats {
            // All have one time: it says nothing.
            (found.together, found.at_once) = (0, 0);
        }
        found
    }

    /// Takes back what the times say of rounds.
    pub(super) const fn without_rounds(self) -> Self {
        Self { together: 0, at_once: 0, ..self }
    }

    /// Whether the field tells workers apart.
    pub(super) fn tells_workers_apart(&self, weight: Weight) -> bool {
        // One process writes each of its lists whole, so its lists fall apart where its lines are.
        let is_torn = self.lists_apart * 10 > self.lists_together * 11;
        let are_mixed = self.lists_apart * 5 < self.lists_together * 4;
        let in_rounds = self.together > 0 && self.together * 4 >= self.changes;
        let are_rounds_alike = {
            let (forward, back) = (self.changes - self.returns, self.returns);
            let mean = |path: f64, count: usize| path / count.max(1) as f64;
            forward >= 2 && back >= 2 && mean(self.path_within, forward) < 0.5 * mean(self.path_across, back)
        };
        let have_levels = |most: f64| self.path_apart < most * self.path_together;
        let are_several = are_mixed || in_rounds || have_levels(0.5);
        let is_one = self.path_apart > 1.5 * self.path_together && !are_several && !are_rounds_alike;
        let is_shared = self.shared * 2 >= self.rows;
        // One worker may have many sites that no other has.
        let are_shared = is_shared || self.strangers <= 1;
        let comes_again = self.again * 2 >= self.rows || self.together >= self.changes.max(1);
        // Where each value has a level of its own all the time, lists of several workers only look like one.
        let differ = have_levels(0.1) && self.repeats.min(self.changes) >= ENOUGH_STEPS;
        let fits = (!is_torn || differ) && are_shared && comes_again;
        if weight != Weight::Nobody && self.are_sections() {
            return true;
        }
        match weight {
            Weight::Nobody => false,
            Weight::Unlikely => fits && is_shared && self.returns >= 2 && differ && self.are_series(),
            Weight::Beside => {
                let at_once = self.at_once > 0 && self.at_once * 4 >= self.changes;
                fits && is_shared && self.returns >= 2 && (at_once || have_levels(0.25)) && self.are_series()
            }
            Weight::Word => {
                fits && is_shared && self.returns >= 2 && (are_mixed || in_rounds || have_levels(0.25))
            }
            Weight::Name | Weight::Collected => {
                let is_seen_enough = self.returns >= 2
                    || self.returns >= 1 && (are_several || weight == Weight::Collected)
                    || self.together > 0 && self.together >= self.changes;
                fits && is_seen_enough && (!is_one || weight == Weight::Collected)
            }
            Weight::Labelled => self.turns >= 1 || self.together >= 1,
        }
    }

    /// Whether nearly all records have a value, and most are of values with a series of their own: what happens to one
    /// process has many values, or rare ones.
    const fn are_series(&self) -> bool {
        self.rows * 10 >= self.all * 9 && self.long_values > 1 && self.rows_of_long * 5 >= self.rows * 4
    }

    /// Whether the records of each value stand together, in the order of their times, and the time begins anew with
    /// each: those of workers that ran side by side, sorted by their names. The next life of a process comes later.
    const fn are_sections(&self) -> bool {
        self.values > 1
            && self.turns == 0
            && self.begun_anew + 1 == self.values
            && self.shared * 2 >= self.rows
            && self.onward * 10 >= self.repeats * 9
            && self.repeats >= ENOUGH_STEPS
            && self.repeats >= 2 * self.values
    }
}

/// Whether the rows of a table, each with the number of its value in a column, are of several subjects by that column:
/// see [`Prefixes::resolve`](super::Prefixes::resolve). Its header says nothing.
pub fn are_of_several(records: impl IntoIterator<Item = (u32, Observation)>) -> bool {
    let mut rows: Vec<Row> =
        records.into_iter().map(|(value, observation)| Row::new(value, &observation)).collect();
    Row::level(&mut rows);
    let mut evidence = Evidence::of(&rows, Some);
    // Each subject has one row for each time; what happens to one process may happen twice at a time.
    if evidence.still * 50 > evidence.repeats {
        evidence = evidence.without_rounds();
    }
    evidence.tells_workers_apart(Weight::Beside)
}
