//! Workers of one log are told apart by the text before their records, for sites and for processes alike.
#![allow(clippy::unwrap_used)]

#[path = "workers/prefixes.rs"]
mod prefixes;
mod reading;

use std::collections::BTreeMap;

use prefixes::{BEFORE_PROCESSES, OF_ONE_PROCESS, OF_ONE_PROCESS_WITH_PATH, OF_TWO_WORKERS, prefix};
use reading::Read;

const ROUNDS: usize = 6;
/// Sites of a list, the largest first.
const SITES: [&str; 3] = ["app/a.py:3", "app/b.py:4", "app/c.py:5"];

/// The records of one round of a worker: a list of sites, or the metrics of a process.
type Records = fn(usize) -> Vec<String>;

fn one_site(size: usize) -> Vec<String> {
    vec![site(SITES[0], size)]
}

fn list_of_sites(size: usize) -> Vec<String> {
    SITES.iter().zip([1, 2, 3]).map(|(name, part)| site(name, size / part)).collect()
}

fn one_metric(size: usize) -> Vec<String> {
    vec![format!("VmRSS: {size} kB")]
}

fn metrics(size: usize) -> Vec<String> {
    vec![
        format!("VmRSS: {size} kB"),
        format!("RssAnon: {} kB", size / 2),
        format!("RssFile: {} kB", size / 3),
    ]
}

/// A log of two workers, of which the first grows: the records of each in every round.
fn two_workers(template: &str, records: Records) -> String {
    let size = |worker: usize, round: usize| if worker == 0 { 900 + 6 * round } else { 1400 };
    let turns = (0..2 * ROUNDS).flat_map(|turn| {
        let (worker, round) = (turn % 2, turn / 2);
        records(size(worker, round)).into_iter().map(move |record| (worker, round, record))
    });
    let line = |(line, (worker, round, record)): (usize, (usize, usize, String))| {
        format!("{}{}\n", prefix(template, worker, line, round), closed(template, record))
    };
    turns.enumerate().map(line).collect()
}

/// A log of one process that grows. The field that differs takes turns from line to line, or from list to list.
fn one_process(template: &str, records: Records, by_line: bool) -> String {
    let rounds = (0..2 * ROUNDS)
        .flat_map(|round| records(900 + 6 * round).into_iter().map(move |record| (round, record)));
    let line = |(line, (round, record)): (usize, (usize, String))| {
        let turn = if by_line { line } else { round };
        format!("{}{}\n", prefix(template, turn % 2, line, round), closed(template, record))
    };
    rounds.enumerate().map(line).collect()
}

fn site(name: &str, size: usize) -> String {
    format!("{name}: size={size} KiB, count=1, average={size} KiB")
}

/// The end of the object, where there is one.
fn closed(template: &str, record: String) -> String {
    if template.contains("{\"") { record + "\"}" } else { record }
}

/// Sizes in KiB, by the worker of the snapshot: a list for each snapshot.
fn sizes_of_sites(log: &str) -> BTreeMap<String, Vec<Vec<u64>>> {
    let read = Read::of("tracemalloc", log);
    let mut sizes: BTreeMap<String, Vec<Vec<u64>>> = BTreeMap::new();
    for snapshot in &read.snapshots {
        let worker = read.subject(snapshot.subject).trim_start_matches("pid ").to_owned();
        let list = read.readings(snapshot).iter().map(|r| r.size.value as u64 / 1024).collect();
        sizes.entry(worker).or_default().push(list);
    }
    sizes
}

/// Sizes in kB, by the name of the process: a list for each sample.
fn sizes_of_processes(log: &str) -> BTreeMap<String, Vec<Vec<u64>>> {
    let read = Read::of("rss-report", log);
    let mut sizes: BTreeMap<String, Vec<Vec<u64>>> = BTreeMap::new();
    let samples = read.samples();
    for index in 0..samples.len() {
        let name = read.subject(Some(samples.subject(index)));
        let sample = samples.values(index).map(|(_, value)| value.value as u64 / 1024).collect();
        sizes.entry(name).or_default().push(sample);
    }
    sizes
}

/// The sizes that records of a number of parts have.
fn parts(size: u64, of: usize) -> Vec<u64> {
    [size, size / 2, size / 3][..of].to_vec()
}

#[test]
fn two_workers_are_two_series_whatever_logger_wrote_them() {
    let expected = |names: [&str; 2], of: usize| {
        let first = (0..ROUNDS as u64).map(|round| parts(900 + 6 * round, of)).collect();
        BTreeMap::from([(names[0].to_owned(), first), (names[1].to_owned(), vec![parts(1400, of); ROUNDS])])
    };
    let mut wrong = Vec::new();
    for (template, names) in OF_TWO_WORKERS {
        for (records, of) in [(one_site as Records, 1), (list_of_sites, 3)] {
            let sizes = sizes_of_sites(&two_workers(template, records));
            if sizes != expected(*names, of) {
                wrong.push(format!("{of} sites {template}: {sizes:?}"));
            }
        }
    }
    for (template, names) in OF_TWO_WORKERS.iter().chain(BEFORE_PROCESSES) {
        for (records, of) in [(one_metric as Records, 1), (metrics, 3)] {
            let sizes = sizes_of_processes(&two_workers(template, records));
            if sizes != expected(*names, of) {
                wrong.push(format!("{of} metrics {template}: {sizes:?}"));
            }
        }
    }
    assert!(OF_TWO_WORKERS.len() >= 60 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_process_is_one_series_whatever_changes_in_its_lines() {
    let expected =
        |of: usize| (0..2 * ROUNDS as u64).map(|round| parts(900 + 6 * round, of)).collect::<Vec<_>>();
    let mut wrong = Vec::new();
    for by_line in [true, false] {
        for template in OF_ONE_PROCESS {
            for (records, of) in [(one_site as Records, 1), (list_of_sites, 3)] {
                let sizes = sizes_of_sites(&one_process(template, records, by_line));
                if sizes.values().collect::<Vec<_>>() != [&expected(of)] {
                    wrong.push(format!("{of} sites {by_line} {template}: {sizes:?}"));
                }
            }
        }
        for template in OF_ONE_PROCESS.iter().chain(OF_ONE_PROCESS_WITH_PATH) {
            for (records, of) in [(one_metric as Records, 1), (metrics, 3)] {
                let sizes = sizes_of_processes(&one_process(template, records, by_line));
                if sizes.values().collect::<Vec<_>>() != [&expected(of)] {
                    wrong.push(format!("{of} metrics {by_line} {template}: {sizes:?}"));
                }
            }
        }
    }
    assert!(OF_ONE_PROCESS.len() >= 25 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lines_of_a_message_are_of_the_worker_that_began_it() {
    let mut log = String::new();
    for round in 0..ROUNDS {
        for (worker, size) in [(71, 900 + 6 * round), (72, 1400)] {
            log +=
                &format!("[2024-05-06 07:{round:02}:{:02} +0000] [{worker}] [INFO] [ Top 3 ]\n", worker - 71);
            log += &list_of_sites(size).join("\n");
            log += "\n";
        }
    }
    let first = (0..ROUNDS as u64).map(|round| parts(900 + 6 * round, 3)).collect();
    let expected =
        BTreeMap::from([("71".to_owned(), first), ("72".to_owned(), vec![parts(1400, 3); ROUNDS])]);
    assert_eq!(sizes_of_sites(&log), expected);
}

#[test]
fn lines_of_others_within_a_list_take_none_of_its_sites() {
    let mut log = String::new();
    for round in 0..2 * ROUNDS {
        for (place, site) in list_of_sites(900 + 6 * round).iter().enumerate() {
            let pid = 71 + (round + place) % 2;
            log += &format!("2024-05-06 07:{round:02}:00 [{pid}] INFO request served\n{site}\n");
        }
    }
    let all: Vec<Vec<u64>> = (0..2 * ROUNDS as u64).map(|round| parts(900 + 6 * round, 3)).collect();
    assert_eq!(sizes_of_sites(&log), BTreeMap::from([("-".to_owned(), all)]));
}

#[test]
fn twenty_thousand_workers_are_read_in_the_time_of_their_lines() {
    let mut log = String::new();
    for round in 0..2 {
        for pid in 1000..21_000 {
            log += &format!("May 23 12:{:02}:00 host svc[{pid}]: {}\n", 10 * round, site(SITES[0], pid));
        }
    }
    let began = std::time::Instant::now();
    let sizes = sizes_of_sites(&log);
    assert_eq!((sizes.len(), &sizes["20999"]), (20_000, &vec![vec![20_999], vec![20_999]]));
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
