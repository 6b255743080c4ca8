//! Lists of types, gathered until the source ends: only then it is known which of several workers wrote them.

use foldhash::{HashMap, HashSet};

use crate::formats::prefix::{Observation, PrefixId};
use crate::formats::scope::Scope;
use crate::formats::sink::Sink;
use crate::model::{
    Dialect, Measured, Place, Readings, SiteId, Snapshot, Subject, SubjectId, SubjectKind, TimeRef,
    Truncation, WrittenReading,
};

/// A type in a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry<'a> {
    /// Its name.
    pub name: &'a str,
    /// The number of its objects, or the change of it.
    pub count: i64,
    /// Their bytes, or the change of them; `None` where the census has none.
    pub bytes: Option<Measured>,
    /// How many more there are than ever before.
    pub above_peak: Option<i64>,
}

/// The extent of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All types are listed: of others there are none, or they did not change.
    Complete,
    /// The largest are.
    Cut,
    /// It breaks off.
    BrokenOff,
    /// The list does not say.
    Unknown,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    site: SiteId,
    count: i64,
    bytes: Option<Measured>,
    above_peak: Option<i64>,
}

#[derive(Debug)]
struct List {
    time: Option<TimeRef>,
    prefix: PrefixId,
    line: u64,
    extent: Extent,
    begin: usize,
    /// The process id above the list.
    id: Option<String>,
}

/// The lists of one source.
#[derive(Debug, Default)]
pub struct Lists {
    rows: Vec<Row>,
    lists: Vec<List>,
    /// The row of each type in the last list.
    places: HashMap<SiteId, usize>,
}

impl Lists {
    /// Begins a list, whose extent is unknown until it is [set](Self::set_extent).
    pub fn begin(&mut self, scope: Scope, line: u64) {
        self.places.clear();
        let (begin, extent) = (self.rows.len(), Extent::Unknown);
        let Scope { time, prefix, .. } = scope;
        self.lists.push(List { time, prefix, line, extent, begin, id: None });
    }

    /// Adds a type to the last list, and counts it as a record. Types of one name are added up.
    pub fn push(&mut self, entry: Entry<'_>, out: &mut Sink<'_>) {
        out.count_records(1);
        self.push_uncounted(entry, out);
    }

    /// Adds a type to the last list, which may be dropped.
    pub fn push_uncounted(&mut self, entry: Entry<'_>, out: &mut Sink<'_>) {
        let Some(list) = self.lists.last() else { return };
        let Entry { name, count, bytes, above_peak } = entry;
        let site = out.site(Place::Type(name.to_owned()));
        if out.learns_from(list.prefix) {
            #[allow(clippy::cast_precision_loss, reason = "numbers of objects are small")]
            let (rank, amount) = (above_peak.unwrap_or(count) as f64, count as f64);
            out.observe(Observation {
                prefix: list.prefix,
                key: u64::from(site.0),
                bytes: bytes.map_or(amount, |bytes| bytes.value),
                rank: Some(bytes.map_or(rank, |bytes| bytes.value)),
                at: list.time.and_then(|time| out.seconds_so_far(time)),
            });
        }
        if let Some(row) = self.places.get(&site).and_then(|row| self.rows.get_mut(*row)) {
            row.count = row.count.saturating_add(count);
            row.bytes = row.bytes.zip(bytes).map(|(a, b)| a + b);
            return;
        }
        self.places.insert(site, self.rows.len());
        self.rows.push(Row { site, count, bytes, above_peak });
    }

    /// Sets the extent of the last list.
    pub fn set_extent(&mut self, extent: Extent) {
        if let Some(list) = self.lists.last_mut() {
            list.extent = extent;
        }
    }

    /// Sets the process id of the last list.
    pub fn set_id(&mut self, id: String) {
        if let Some(list) = self.lists.last_mut() {
            list.id = Some(id);
        }
    }

    /// Whether the last list has a type.
    pub fn last_has(&self, name: &str, out: &mut Sink<'_>) -> bool {
        self.places.contains_key(&out.site(Place::Type(name.to_owned())))
    }

    /// Returns the number of lists.
    pub const fn len(&self) -> usize {
        self.lists.len()
    }

    /// Drops the lists from the `first` on.
    pub fn drop_from(&mut self, first: usize) {
        if let Some(list) = self.lists.get(first) {
            self.rows.truncate(list.begin);
            self.lists.truncate(first);
        }
    }

    fn rows_of(&self, list: usize) -> &[Row] {
        let end = self.lists.get(list + 1).map_or(self.rows.len(), |next| next.begin);
        self.lists.get(list).and_then(|list| self.rows.get(list.begin..end)).unwrap_or_default()
    }

    /// Returns the numbers of objects of each list, with the names of their types.
    pub fn counts<'a>(&'a self, out: &'a Sink<'_>) -> impl Iterator<Item = Vec<(&'a str, i64)>> {
        (0..self.lists.len()).map(move |list| {
            let rows = self.rows_of(list).iter();
            rows.filter_map(|row| Some((out.type_name(row.site)?, row.count))).collect()
        })
    }

    /// Whether some type has less than nothing: the lists are of changes.
    pub fn has_negative(&self) -> bool {
        self.rows.iter().any(|row| row.count < 0 || row.bytes.is_some_and(|bytes| bytes.value < 0.0))
    }

    /// Takes lists as cut that are as long as the longest, if people cut at that length, and others as complete.
    pub fn cut_the_longest(&mut self) {
        let longest = (0..self.lists.len()).map(|list| self.rows_of(list).len()).max().unwrap_or(0);
        let is_usual = longest == 3 || longest > 0 && longest.is_multiple_of(5);
        self.cut_at(if is_usual { longest } else { usize::MAX });
    }

    /// Takes lists as cut that have fewer types than any Python program, and others as complete.
    pub fn cut_if_short(&mut self) {
        let lengths: Vec<usize> = (0..self.lists.len()).map(|list| self.rows_of(list).len()).collect();
        for (list, length) in self.lists.iter_mut().zip(lengths) {
            if list.extent == Extent::Unknown {
                list.extent = if length < LEAST_TYPES { Extent::Cut } else { Extent::Complete };
            }
        }
    }

    /// Takes lists of at least so many types as cut, and others as complete.
    pub fn cut_at(&mut self, most: usize) {
        let lengths: Vec<usize> = (0..self.lists.len()).map(|list| self.rows_of(list).len()).collect();
        for (list, length) in self.lists.iter_mut().zip(lengths) {
            if list.extent == Extent::Unknown {
                list.extent = if length >= most { Extent::Cut } else { Extent::Complete };
            }
        }
    }

    /// Ends the source: hands the lists over as snapshots of a dialect.
    pub fn finish(&mut self, dialect: Dialect, out: &mut Sink<'_>) {
        let mut lists = std::mem::take(self);
        let mut sums: HashMap<(Option<SubjectId>, SiteId), (i64, Measured)> = HashMap::default();
        let (mut readings, mut snapshots) = (Readings::new(), Vec::new());
        let mut known = HashSet::default();
        for number in 0..lists.len() {
            let Some(list) = lists.lists.get_mut(number) else { break };
            let id = list.id.take();
            let (time, line, extent, prefix) = (list.time, list.line, list.extent, list.prefix);
            let subject = match id {
                Some(id) => {
                    let subject = Subject { kind: SubjectKind::Heap, name: None, id: Some(id), parent: None };
                    Some(out.subject(subject))
                }
                None => out.heap(prefix),
            };
            let rows = lists.rows_of(number);
            // A first look has no peak: all is more than ever before.
            let is_first = rows.iter().all(|row| row.above_peak == Some(row.count))
                && (known.insert(subject) || rows.len() >= LEAST_OF_FIRST);
            let begin = readings.len();
            for row in rows {
                let reading = match dialect {
                    Dialect::CensusDifference => {
                        let change = row.bytes.unwrap_or_default();
                        let sum = sums.entry((subject, row.site)).or_default();
                        *sum = (sum.0.saturating_add(row.count), sum.1 + change);
                        WrittenReading {
                            site: row.site,
                            size: sum.1.into(),
                            average: None,
                            blocks: u64::try_from(sum.0).ok(),
                            change: Some((change.into(), Some(row.count))),
                        }
                    }
                    _ => row.reading(!is_first),
                };
                readings.push(&reading);
            }
            let rows = begin..readings.len();
            let truncation = match extent {
                Extent::Complete => Truncation::Complete,
                Extent::Cut => Truncation::top_of(&readings, &rows),
                Extent::BrokenOff => match Truncation::top_of(&readings, &rows) {
                    Truncation::TopK { at_most } => Truncation::Partial { at_most: Some(at_most) },
                    _ => Truncation::Partial { at_most: None },
                },
                Extent::Unknown => Truncation::Unknown,
            };
            snapshots.push(Snapshot { time, dialect, readings: rows, truncation, subject, line });
        }
        out.add_snapshots(snapshots, readings);
    }
}

/// Every Python program has objects of more types than this.
const LEAST_TYPES: usize = 50;
/// A later list of which each type is more than ever before by all that there is of it is a first look again, after a
/// restart, if it has so many types.
const LEAST_OF_FIRST: usize = 5;

impl Row {
    /// Returns the reading of a row that stands for itself.
    #[allow(clippy::cast_precision_loss, reason = "numbers of objects are small")]
    fn reading(self, with_change: bool) -> WrittenReading {
        let Self { site, count, bytes, above_peak } = self;
        let blocks = u64::try_from(count).ok();
        let exact = |count: i64| Measured::exact(count as f64);
        WrittenReading {
            site,
            size: bytes.unwrap_or_else(|| exact(count)).into(),
            average: None,
            blocks: blocks.filter(|_| bytes.is_some()),
            change: above_peak.filter(|_| with_change).map(|change| (exact(change).into(), None)),
        }
    }
}
