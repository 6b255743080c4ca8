//! Workers by their prefixes.

use foldhash::HashMap;

use super::evidence::{Evidence, Row, Weight};
use super::forms::is_number;
use super::table::{Column, PrefixId, Table};
use super::words::{self, Label};

/// Fields that name one worker together, at most: a machine, a pod, a process.
const MOST_DEPTH: usize = 4;
/// Values of a column that are looked at to see of what kind they are.
const LOOKED_AT: usize = 64;
/// Smaller process ids are common in containers: two processes may well share one.
const LEAST_RARE_PID: u64 = 100;

/// A writer of records in a log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Worker {
    /// Its name, where the log has several workers; the id of its process where nothing else names it.
    pub name: Option<String>,
    /// The id of its process, where the log has it. Another id is another life of the same worker.
    pub pid: Option<u64>,
}

impl Worker {
    /// Returns the name as people read it: `worker_1`, `pid 1201`.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        let name = self.name.as_ref()?;
        let is_pid = self.pid.is_some_and(|pid| pid.to_string() == *name);
        Some(if is_pid { format!("pid {name}") } else { name.clone() })
    }
}

/// The workers of one source, by the prefixes of their records.
#[derive(Debug, Clone, Default)]
pub struct Workers {
    all: Vec<Worker>,
    /// For each prefix, the place of its worker among all, and the number of that worker's name.
    of_prefix: Vec<Option<(u32, u32)>>,
}

impl Workers {
    /// Returns the worker that wrote the lines with a prefix; `None` where nothing is known of it.
    #[must_use]
    pub fn of(&self, prefix: PrefixId) -> Option<&Worker> {
        let (worker, _) = self.entry(prefix)?;
        self.all.get(worker as usize)
    }

    /// Returns a number that is the same for all prefixes of one worker, whatever its process id; 0 where the prefix
    /// names nobody.
    #[must_use]
    pub fn number(&self, prefix: PrefixId) -> u32 {
        self.entry(prefix).map_or(0, |(_, number)| number)
    }

    fn entry(&self, PrefixId(prefix): PrefixId) -> Option<(u32, u32)> {
        self.of_prefix.get((prefix as usize).checked_sub(1)?).copied().flatten()
    }
}

/// Tells the workers apart by the records after their prefixes. Fields have this weight at most, whatever their form;
/// those of titles are words, and times say nothing of them.
pub(super) fn resolve(table: &Table, rows: Vec<Row>, most: Weight) -> Workers {
    let mut workers = Workers { all: Vec::new(), of_prefix: vec![None; table.prefixes()] };
    if table.prefixes() == 0 {
        return workers;
    }
    let prefixes = (1..).take(table.prefixes()).collect();
    let mut splitter = Splitter { table, most, leaves: Vec::new() };
    splitter.split(Group { prefixes, rows, path: Vec::new() });
    let mut numbers: HashMap<Worker, u32> = HashMap::default();
    let ids = column_of_ids(table, &splitter.leaves);
    for (number, leaf) in (1..).zip(splitter.leaves) {
        let pids = leaf.pids(table).or_else(|| ids.filter(|column| leaf.lasts(table, *column)));
        let name = leaf.name(table);
        for prefix in &leaf.prefixes {
            let pid = pids.and_then(|column| table.text(table.value_in(*prefix, column)?).parse().ok());
            let worker = Worker { name: name.clone(), pid };
            if worker == Worker::default() {
                continue;
            }
            let next = workers.all.len() as u32;
            let place = *numbers.entry(worker.clone()).or_insert_with(|| {
                workers.all.push(worker);
                next
            });
            if let Some(entry) = workers.of_prefix.get_mut(*prefix as usize - 1) {
                *entry = Some((place, if name.is_some() { number } else { 0 }));
            }
        }
    }
    workers
}

/// Returns the column of numbers in brackets of which each is of one named worker: their process ids, most likely.
fn column_of_ids(table: &Table, leaves: &[Group]) -> Option<u16> {
    let named = || leaves.iter().filter(|leaf| !leaf.path.is_empty());
    let is_of_one = |column: u16| {
        let mut owners: HashMap<u32, usize> = HashMap::default();
        let of_leaf = |(place, leaf): (usize, &Group)| {
            let values: Vec<Option<u32>> =
                leaf.prefixes.iter().map(|prefix| table.value_in(*prefix, column)).collect();
            (place, values)
        };
        named().enumerate().map(of_leaf).all(|(place, values)| {
            values.into_iter().all(|value| {
                value.is_some_and(|value| {
                    is_number(table.text(value)) && *owners.entry(value).or_insert(place) == place
                })
            })
        })
    };
    named().next()?;
    let in_brackets =
        |column: &Column| column.label.is_none() && column.number.1 != 0 && !column.marks.after_number;
    let mut columns = (0..).zip(table.columns()).filter(|(_, column)| in_brackets(column));
    columns.find(|&(number, _)| is_of_one(number)).map(|(number, _)| number)
}

/// Prefixes that may be of several workers, with their records.
#[derive(Debug)]
struct Group {
    prefixes: Vec<u32>,
    rows: Vec<Row>,
    /// The values that name it so far.
    path: Vec<u32>,
}

struct Splitter<'t> {
    table: &'t Table,
    most: Weight,
    leaves: Vec<Group>,
}

impl Splitter<'_> {
    fn split(&mut self, group: Group) {
        let column = (group.path.len() < MOST_DEPTH && group.prefixes.len() > 1)
            .then(|| self.column_of_workers(&group));
        let Some(column) = column.flatten() else { return self.leaves.push(group) };
        let table = self.table;
        let Group { prefixes, rows, path } = group;
        let mut places: HashMap<Option<u32>, usize> = HashMap::default();
        let mut parts: Vec<Group> = Vec::new();
        let mut part_of: HashMap<u32, usize> = HashMap::default();
        for prefix in prefixes {
            let value = table.value_in(prefix, column);
            let place = *places.entry(value).or_insert_with(|| {
                let path = path.iter().copied().chain(value).collect();
                parts.push(Group { prefixes: Vec::new(), rows: Vec::new(), path });
                parts.len() - 1
            });
            parts[place].prefixes.push(prefix);
            part_of.insert(prefix, place);
        }
        for row in rows {
            if let Some(&place) = part_of.get(&row.prefix) {
                parts[place].rows.push(row);
            }
        }
        parts.into_iter().for_each(|part| self.split(part));
    }

    /// Returns the column that tells the workers of a group apart: of several the one with the fewest values, since
    /// what lasts longest names best, and rather a name than a number.
    fn column_of_workers(&self, group: &Group) -> Option<u16> {
        let table = self.table;
        let mut columns: HashMap<u16, Vec<u32>> = HashMap::default();
        let mut values_of: HashMap<u32, ()> = HashMap::default();
        for value in group.prefixes.iter().flat_map(|prefix| table.values_of(*prefix)) {
            if values_of.insert(*value, ()).is_none() {
                columns.entry(table.column_of(*value)).or_default().push(*value);
            }
        }
        // The process is known: fields beside its id are of what happens in it.
        let has_pid = columns.iter().any(|(column, values)| self.is_the_pid(*column, values));
        let is_known = has_pid || group.path.iter().any(|value| self.is_pid(table.column_of(*value)));
        let mut candidates: Vec<(usize, bool, u16)> = Vec::new();
        for (&column, values) in columns.iter().filter(|(_, values)| values.len() > 1) {
            let of = &table.columns()[usize::from(column)];
            let mut weight = weight(table, of, values).min(self.most);
            if of.of_messages {
                weight = weight.min(Weight::Name);
            }
            let numeric = values.iter().take(LOOKED_AT).all(|value| is_number(table.text(*value)));
            if is_known && (numeric || has_pid) && !self.is_pid(column) {
                weight = weight.min(Weight::Word);
            }
            if weight == Weight::Nobody {
                continue;
            }
            let of_titles = self.most <= Weight::Beside;
            if of_titles && numeric && of.label.is_none() {
                continue;
            }
            let evidence = Evidence::of(&group.rows, |prefix| table.value_in(prefix, column));
            let evidence = if of_titles { evidence.without_rounds() } else { evidence };
            if evidence.tells_workers_apart(weight) {
                candidates.push((evidence.values, numeric, column));
            }
        }
        candidates.into_iter().min().map(|(.., column)| column)
    }

    /// Whether a column has one process id, and one that no other process is likely to have.
    fn is_the_pid(&self, column: u16, values: &[u32]) -> bool {
        let is_rare = |text: &str| text.parse().is_ok_and(|pid: u64| pid >= LEAST_RARE_PID);
        matches!(values, [only] if self.is_pid(column) && is_rare(self.table.text(*only)))
    }

    fn is_pid(&self, column: u16) -> bool {
        self.table.columns().get(usize::from(column)).is_some_and(is_pid)
    }
}

/// Whether the values of a column are process ids, by its label or by the level beside it.
fn is_pid(column: &Column) -> bool {
    match &column.label {
        Some(label) => words::label(label) == Label::Pid,
        None => column.marks.beside_level,
    }
}

impl Group {
    /// Returns the name of the only worker of the group.
    fn name(&self, table: &Table) -> Option<String> {
        let shown = |value: &u32| {
            let text = table.text(*value);
            let label = table.columns().get(usize::from(table.column_of(*value)))?.label.as_deref();
            let label = label.filter(|label| is_number(text) && words::label(label) != Label::Pid);
            Some(label.map_or_else(|| text.to_owned(), |label| format!("{label} {text}")))
        };
        let parts: Vec<String> = self.path.iter().filter_map(shown).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Returns the column of the process ids of the group: one of which each value lasts for more than a record.
    fn pids(&self, table: &Table) -> Option<u16> {
        let columns = (0..).zip(table.columns());
        let mut ids = columns.filter(|(_, column)| is_pid(column)).map(|(number, _)| number);
        ids.find(|&column| {
            let has = |prefix: &u32| {
                table.value_in(*prefix, column).is_some_and(|value| is_number(table.text(value)))
            };
            self.prefixes.iter().any(has) && self.lasts(table, column)
        })
    }

    /// Whether the records of a site or metric come again under the same value more often than under another.
    fn lasts(&self, table: &Table, column: u16) -> bool {
        let mut last: HashMap<u64, u32> = HashMap::default();
        let (mut changes, mut repeats) = (0_usize, 0_usize);
        for row in &self.rows {
            let Some(value) = table.value_in(row.prefix, column) else { continue };
            match last.insert(row.key, value) {
                Some(before) if before == value => repeats += 1,
                Some(_) => changes += 1,
                None => {}
            }
        }
        changes <= repeats
    }
}

/// Returns the strength with which a column's form says that it names workers.
fn weight(table: &Table, column: &Column, values: &[u32]) -> Weight {
    let texts = || values.iter().take(LOOKED_AT).map(|value| table.text(*value));
    let all = |is: fn(&str) -> bool| texts().all(is);
    let any = |is: fn(&str) -> bool| texts().any(is);
    if let Some(label) = &column.label {
        return match words::label(label) {
            Label::Pid if all(is_number) => Weight::Labelled,
            Label::Pid | Label::Worker if !any(words::is_thread) => Weight::Labelled,
            Label::Pid | Label::Worker => Weight::Nobody,
            Label::Nobody => Weight::Unlikely,
            Label::Other if column.marks.after_record => Weight::Beside,
            Label::Other => Weight::Word,
        };
    }
    let marks = column.marks;
    if marks.after_record {
        return if any(is_code) || all(is_counted) { Weight::Nobody } else { Weight::Unlikely };
    }
    if any(words::is_thread) || any(is_code) || all(is_counted) {
        return Weight::Nobody;
    }
    let (number, bracket) = column.number;
    let is_collected = number == 0 && (marks.before_stamp || marks.before_bar);
    let stands_out = marks.before_stamp || marks.before_bar || marks.alone;
    if marks.after_number {
        return in_text(number, bracket);
    }
    if all(is_number) {
        if is_collected && marks.before_bar {
            return Weight::Collected;
        }
        let may_be_id = bracket != 0 || marks.beside_level || stands_out;
        return if may_be_id { Weight::Name } else { in_text(number, bracket) };
    }
    let is_numbered = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let is_module = |text: &str| text.contains('.');
    let is_process = |text: &str| text.to_ascii_lowercase().contains("process");
    if is_collected && all(is_numbered) || any(is_process) {
        return Weight::Collected;
    }
    if all(is_numbered) || stands_out && bracket == 0 && !all(is_module) {
        Weight::Name
    } else {
        in_text(number, bracket)
    }
}

/// Whether a word counts or names samples: `step-3`, `req-17`.
fn is_counted(word: &str) -> bool {
    word.contains(char::is_alphabetic) && words::labels_a_sample(word)
}

/// Words far from the beginning of a line are text.
fn in_text(number: u8, bracket: u8) -> Weight {
    const LAST_NAME: u8 = 5;
    if bracket == 0 && number > LAST_NAME { Weight::Nobody } else { Weight::Word }
}

/// Whether a word is a place in the code: `app.py:84`, `mem.rs`.
fn is_code(word: &str) -> bool {
    const ENDINGS: [&str; 12] =
        [".py", ".pyc", ".rs", ".c", ".cc", ".cpp", ".h", ".go", ".js", ".ts", ".java", ".rb"];
    let file = word.rsplit_once(':').filter(|(_, line)| is_number(line)).map_or(word, |(file, _)| file);
    ENDINGS.iter().any(|ending| file.ends_with(ending))
}
