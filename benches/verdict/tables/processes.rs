//! Processes of the kinds of families by which a change of the verdict is held against another: leaks of a few times
//! their noise, under sawteeth, in steps and across restarts, and what does not grow.

use std::collections::BTreeMap;

use super::{Page, percent_to_a_tenth, ranking, reasons};
use crate::families::{self, Family, Truth};
use crate::observe::{Kind, Observed, PAGE};
use crate::options::{Options, Subject};
use crate::subject::{self, Opinion, Says};
use crate::work;

/// Lengths of the series.
const LENGTHS: [usize; 4] = [8, 20, 40, 200];
/// Series of each family.
const SERIES: usize = 100;
/// Families of leaks; the first of them show themselves in eight samples already.
const LEAKS: [&str; 13] = [
    "process_5",
    "process_10",
    "process_30",
    "process_ar6_10",
    "process_ar9_10",
    "linear_exact",
    "start_up_leak",
    "late_start",
    "every_kth",
    "random_steps",
    "saw_leak",
    "restart_deep",
    "restart_seen",
];
const SHORT_LEAKS: usize = 7;
/// Families that do not grow.
const CONTROLS: [&str; 19] = [
    "white",
    "ar",
    "heavy",
    "spikes",
    "constant",
    "walk",
    "step_start",
    "step_mid",
    "lazy_steps",
    "cache",
    "cache_mid",
    "fill_stops",
    "saw_only",
    "diurnal",
    "restart_flat",
    "ratchet",
    "shrinking",
    "noisy_step",
    "noisy_ramp",
];
/// Families of leaks that nothing tells from what does not grow; they are in no figure over all families.
const UNDECIDED: [&str; 1] = ["restart_shallow"];
/// Leaks of less growth than this over their noise are left out.
const CLEAR: f64 = 5.0;
/// Leaks of fewer pages are no growth that counts: a process touches as many for the first time long after it has
/// started.
const LEAST_PAGES: f64 = 10.0;
/// Series are numbered from here, so that none is in any other table.
const FIRST: usize = 4_000_000;
/// A series that is not clear enough is drawn anew, as many times.
const DRAWS: usize = 50;

struct Process {
    family: &'static Family,
    /// Its growth over the prefix.
    pages: f64,
    said: Opinion,
}

/// Adds the tables.
pub fn add(page: &mut Page, options: &Options) {
    let all: Vec<Vec<Process>> = LENGTHS.iter().map(|&n| judged(n, options)).collect();
    page.heading("Processes of leaks and controls");
    page.say(&format!(
        "{SERIES} of each of {} families of leaks ({SHORT_LEAKS} at n = 8; growth of {CLEAR:.0} times the noise or more) and of \
         {} of controls, recorded in pages.",
        LEAKS.len(),
        CONTROLS.len()
    ));
    page.head(&["figure"], &LENGTHS);
    for (name, truth) in [("leaks found %", Truth::Leak), ("controls called growing %", Truth::Not)] {
        let cells = all
            .iter()
            .map(|of| percent_to_a_tenth(share(of.iter().filter(|process| process.family.truth == truth))));
        page.row(&std::iter::once(name.to_owned()).chain(cells).collect::<Vec<_>>());
    }
    let counts = |process: &&Process| process.family.truth == Truth::Leak && process.pages >= LEAST_PAGES;
    let cells = all.iter().map(|of| percent_to_a_tenth(share(of.iter().filter(counts))));
    let name = format!("leaks of {LEAST_PAGES:.0} pages or more found %");
    page.row(&std::iter::once(name).chain(cells).collect::<Vec<_>>());
    let cells = all.iter().zip(LENGTHS).map(|(of, n)| {
        let judged = of.iter().map(|process| (process.family.truth, process.said.probability));
        percent_to_a_tenth(ranking::found(judged, n))
    });
    page.row(&std::iter::once(ranking::NAME.to_owned()).chain(cells).collect::<Vec<_>>());
    let cells = all.iter().map(|of| format!("{:.2}", brier(of)));
    page.row(&std::iter::once("Brier ÷ base rate's".to_owned()).chain(cells).collect::<Vec<_>>());
    page.end();
    page.say("Called growing, in % of each family:");
    page.head(&["family"], &LENGTHS);
    let mut by_family: BTreeMap<&str, Vec<Option<f64>>> = BTreeMap::new();
    let names = || LEAKS.iter().chain(&UNDECIDED).chain(&CONTROLS);
    for (column, of) in all.iter().enumerate() {
        for name in names() {
            let found = share(of.iter().filter(|process| process.family.name == *name));
            by_family.entry(name).or_insert_with(|| vec![None; LENGTHS.len()])[column] = found;
        }
    }
    for name in names() {
        let Some(shares) = by_family.remove(name) else { continue };
        if CONTROLS.contains(name) && shares.iter().flatten().all(|share| *share == 0.0) {
            continue;
        }
        let cells = std::iter::once((*name).to_owned()).chain(shares.into_iter().map(percent_to_a_tenth));
        page.row(&cells.collect::<Vec<_>>());
    }
    page.end();
    if options.list {
        let names = LEAKS.iter().chain(&CONTROLS).copied();
        reasons::add_families(page, names, &LENGTHS, |column| {
            all[column].iter().map(|process| (process.family, &process.said))
        });
    }
}

fn judged(n: usize, options: &Options) -> Vec<Process> {
    let (leaks, undecided) =
        if n <= 8 { (&LEAKS[..SHORT_LEAKS], &[][..]) } else { (&LEAKS[..], &UNDECIDED[..]) };
    let clear = leaks.iter().chain(undecided).map(|name| (*name, CLEAR));
    let names: Vec<(&str, f64)> = clear.chain(CONTROLS.iter().map(|name| (*name, 0.0))).collect();
    work::in_order(names.len() * SERIES, |number| {
        let (name, least) = names[number / SERIES];
        let draw = |try_number: usize| {
            let family = families::named(name)?;
            let index = FIRST + (number % SERIES) * DRAWS + try_number;
            let drawn = Observed::printed_as(Kind::Pages, options.seed, family, n, index);
            (drawn.truth == family.truth && (least == 0.0 || drawn.facts.clarity() >= least)).then_some(drawn)
        };
        let process = (0..DRAWS).find_map(draw).and_then(|drawn| {
            let said = subject::opinion(&drawn, Subject::Process, &options.question)?;
            Some(Process { family: drawn.family, pages: drawn.facts.growth / PAGE, said })
        });
        process.into_iter().collect()
    })
}

/// The share that is called growing.
fn share<'a>(processes: impl Iterator<Item = &'a Process>) -> Option<f64> {
    let said: Vec<bool> = processes.map(|process| process.said.says == Says::Growing).collect();
    (!said.is_empty()).then(|| said.iter().filter(|growing| **growing).count() as f64 / said.len() as f64)
}

fn brier(processes: &[Process]) -> f64 {
    let leaks = |process: &Process| f64::from(u8::from(process.family.truth == Truth::Leak));
    let decided = || processes.iter().filter(|process| process.family.truth != Truth::Open);
    let n = decided().count() as f64;
    let base = decided().map(leaks).sum::<f64>() / n;
    let errors = decided().map(|process| (leaks(process) - process.said.probability).powi(2));
    errors.sum::<f64>() / n / (base * (1.0 - base))
}
