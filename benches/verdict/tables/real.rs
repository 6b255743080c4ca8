//! leakdiff and other rules on real recordings.

use std::collections::BTreeMap;

use leakdiff::stats::Points;
use leakdiff::verdict::{Judge, RULES, Rules};

use super::{Page, percent};
use crate::bench::mean;
use crate::options::Options;
use crate::real::fleet;
use crate::real::programs::{self, Case, FORMS, Form, Program, Series};
use crate::rivals;

/// From this probability on a series is as certain as its length allows: nearly the ceiling.
const NEARLY_CERTAIN: f64 = 0.97;

/// Adds the tables.
pub fn add(page: &mut Page, options: &Options) {
    let programs = programs::judged(&options.programs, &Judge::default());
    page.heading("Recorded programs");
    if programs.is_empty() {
        page.say(&format!("Skipped: there are no recordings in {}.", options.programs.display()));
    } else {
        verdicts(page, &programs);
        probabilities(page, &programs);
        ceilings(page, &programs);
    }
    page.heading("A fleet of processes");
    match fleet::judged(&options.fleet) {
        None => page.say(&format!("Skipped: there is no fleet in {}.", options.fleet.display())),
        Some(groups) => of_fleet(page, &groups),
    }
}

/// Adds the worth of each rule on recorded programs.
pub fn add_leave_one_out(page: &mut Page, options: &Options) {
    page.heading("Recorded programs, one rule left out");
    page.say(
        "F1 by form; the Brier score over that of the base rate, of full lists and logs; programs whose leak is among the \
         first three growing sites, and healthy programs without an alarm.",
    );
    let by_probability = &FORMS[..4];
    let names = std::iter::once("without").chain(FORMS.map(|form| form.name));
    let names = names.chain(by_probability.iter().map(|form| form.name)).chain(["leak first", "no alarm"]);
    page.head(&names.collect::<Vec<_>>(), &[]);
    for name in std::iter::once("nothing").chain(RULES.map(|rule| rule.name)) {
        let judge = Judge { rules: Rules::default().without(name), ..Judge::default() };
        let programs = programs::judged(&options.programs, &judge);
        let f1 = FORMS.map(|form| {
            let judged = of_form(&programs, form).map(|(_, series)| series).filter(|series| !series.misleads);
            f1(judged, |series| series.says == "growing").split(' ').next().unwrap_or_default().to_owned()
        });
        let brier = by_probability.iter().map(|form| {
            let all: Vec<(&str, &Series)> = of_form(&programs, *form).collect();
            format!("{:.2}", brier_over_base(&all))
        });
        let (first, clean) = (leak_first(&programs), no_alarm(&programs));
        let cells = std::iter::once(name.to_owned()).chain(f1).chain(brier).chain([first, clean]);
        page.row(&cells.collect::<Vec<_>>());
    }
    page.end();
}

fn truth(series: &Series) -> f64 {
    f64::from(u8::from(series.leaks))
}

fn brier_over_base(all: &[(&str, &Series)]) -> f64 {
    let n = all.len() as f64;
    let base = all.iter().map(|(_, series)| truth(series)).sum::<f64>() / n;
    let brier = all.iter().map(|(_, s)| (truth(s) - s.probability).powi(2)).sum::<f64>() / n;
    brier / (base * (1.0 - base))
}

/// The programs that leak and have a leak among their first three growing sites.
fn leak_first(programs: &[Program]) -> String {
    right(programs, |case| if let Case::Leaks(found) = case { Some(found) } else { None })
}

/// The programs that do not leak and have no healthy site that grows.
fn no_alarm(programs: &[Program]) -> String {
    right(programs, |case| if let Case::Healthy(clean) = case { Some(clean) } else { None })
}

fn right(programs: &[Program], of: fn(Case) -> Option<bool>) -> String {
    let all: Vec<bool> = programs.iter().filter_map(|program| of(program.case?)).collect();
    format!("{} of {}", all.iter().filter(|right| **right).count(), all.len())
}

fn of_form(programs: &[Program], form: Form) -> impl Iterator<Item = (&str, &Series)> + Clone {
    let of_form = programs.iter().filter(move |program| program.form == form);
    of_form.flat_map(|program| program.series.iter().map(|series| (program.name.as_str(), series)))
}

/// F1, with wrong alarms and missed leaks.
fn f1<'a>(series: impl Iterator<Item = &'a Series>, says: impl Fn(&Series) -> bool) -> String {
    let (mut right, mut wrong, mut missed) = (0_usize, 0_usize, 0_usize);
    for series in series {
        match (says(series), series.leaks) {
            (true, true) => right += 1,
            (true, false) => wrong += 1,
            (false, true) => missed += 1,
            (false, false) => {}
        }
    }
    let f1 = 2.0 * right as f64 / (2 * right + wrong + missed).max(1) as f64;
    format!("{f1:.3} ({wrong}, {missed})")
}

fn verdicts(page: &mut Page, programs: &[Program]) {
    let count = programs.iter().map(|program| &program.name).collect::<std::collections::BTreeSet<_>>().len();
    page.say(&format!(
        "{count} programs. F1 of `growing` (wrong alarms, missed leaks); sites whose prefix says one thing and whose future \
         another are left out. Rivals see exact sizes."
    ));
    let names: Vec<&str> = std::iter::once("method").chain(FORMS.map(|form| form.name)).collect();
    page.head(&names, &[]);
    let judged = |form| of_form(programs, form).map(|(_, series)| series).filter(|series| !series.misleads);
    let row = FORMS.map(|form| f1(judged(form), |series| series.says == "growing"));
    page.row(&std::iter::once("**leakdiff**".to_owned()).chain(row).collect::<Vec<_>>());
    for (name, rule) in rivals::ALL {
        let says = |series: &Series| {
            let x: Vec<f64> = (0..series.values.len()).map(|k| k as f64).collect();
            Points::new(&x, &series.values).is_ok_and(rule)
        };
        let row = FORMS.map(|form| {
            let has_values = judged(form).any(|series| !series.values.is_empty());
            if has_values { f1(judged(form), says) } else { "–".to_owned() }
        });
        page.row(&std::iter::once(name.to_owned()).chain(row).collect::<Vec<_>>());
    }
    page.end();
    page.say(&format!(
        "A leak is among the first three growing sites in {} programs that leak; no healthy site grows in {} that do not.",
        leak_first(programs),
        no_alarm(programs),
    ));
}

fn probabilities(page: &mut Page, programs: &[Program]) {
    page.say(
        "Probabilities, all sites that are not doubtful: the Brier score over that of the base rate, and the mean distance of \
         what is said from what came, in tenths. Rates: leaks called growing whose future rate the 95 % interval holds, by \
         site and by program (each weighs the same), and its median half-width in % of that rate.",
    );
    page.head(
        &["form", "sites", "Brier ÷ base rate's", "off by", "rate covered, by site", "by program", "± %"],
        &[],
    );
    for form in FORMS {
        let all: Vec<(&str, &Series)> = of_form(programs, form).collect();
        let n = all.len() as f64;
        let mut tenths = [0.0; 10];
        for (_, series) in &all {
            tenths[((series.probability * 10.0) as usize).min(9)] += truth(series) - series.probability;
        }
        let off = tenths.iter().map(|sum: &f64| sum.abs()).sum::<f64>() / n;
        let (by_site, by_program, width) = coverage(&all);
        page.row(&[
            form.name.to_owned(),
            all.len().to_string(),
            format!("{:.2}", brier_over_base(&all)),
            format!("{off:.3}"),
            percent(by_site),
            percent(by_program),
            percent(width),
        ]);
    }
    page.end();
}

fn coverage(all: &[(&str, &Series)]) -> (Option<f64>, Option<f64>, Option<f64>) {
    let mut widths = Vec::new();
    let mut held: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (program, series) in all.iter().filter(|(_, series)| series.leaks && series.says == "growing") {
        if let (Some(rate), Some(interval)) = (series.rate, series.interval) {
            let holds = interval.low <= rate && rate <= interval.high;
            held.entry(program).or_default().push(f64::from(u8::from(holds)));
            widths.push((interval.high - interval.low) / 2.0 / rate);
        }
    }
    widths.sort_by(f64::total_cmp);
    let by_program: Vec<f64> = held.values().filter_map(|held| mean(held)).collect();
    let by_site: Vec<f64> = held.into_values().flatten().collect();
    (mean(&by_site), mean(&by_program), widths.get(widths.len() / 2).copied())
}

/// The share of series as certain as can be that came true, each program weighing the same, leaving out each in turn.
fn ceilings(page: &mut Page, programs: &[Program]) {
    page.say(&format!(
        "Growth said to continue with at least {NEARLY_CERTAIN} of the highest probability of its form: the share that did, \
         by site, by program, and the least and the highest share if one program is left out."
    ));
    page.head(&["form", "said", "by site", "by program", "leaving one out", "sites, programs"], &[]);
    for form in FORMS {
        let all: Vec<(&str, &Series)> = of_form(programs, form).collect();
        let most = all.iter().map(|(_, series)| series.probability).fold(0.0, f64::max);
        let mut came: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut said = Vec::new();
        for (program, series) in all.iter().filter(|(_, series)| series.probability >= NEARLY_CERTAIN * most)
        {
            came.entry(program).or_default().push(f64::from(u8::from(series.leaks)));
            said.push(series.probability);
        }
        let by_program: Vec<f64> = came.values().filter_map(|came| mean(came)).collect();
        let n = by_program.len() as f64;
        let sum: f64 = by_program.iter().sum();
        let left_out = || by_program.iter().map(|share| (sum - share) / (n - 1.0));
        let (low, high) = (left_out().fold(1.0, f64::min), left_out().fold(0.0, f64::max));
        let by_site: Vec<f64> = came.values().flatten().copied().collect();
        let two = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{share:.2}"));
        page.row(&[
            form.name.to_owned(),
            two(mean(&said)),
            two(mean(&by_site)),
            two(mean(&by_program)),
            if by_program.len() > 1 { format!("{low:.2} to {high:.2}") } else { "–".to_owned() },
            format!("{}, {}", by_site.len(), by_program.len()),
        ]);
    }
    page.end();
}

fn of_fleet(page: &mut Page, groups: &[fleet::Group]) {
    page.say("Resident memory of processes of one service, by group; one group grows without bound.");
    page.head(&["group", "grows", "processes", "called growing", "Mann–Kendall 5 %: rises"], &[]);
    for group in groups {
        page.row(&[
            group.name.clone(),
            if group.grows { "yes" } else { "no" }.to_owned(),
            group.processes.to_string(),
            group.growing.to_string(),
            group.rising.to_string(),
        ]);
    }
    page.end();
}
