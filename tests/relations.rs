//! The same facts in another form, order or file, or beside other facts, give the same answer.
//!
//! A recording is data ([`relations::recording`]): processes and heaps at evenly spaced moments. A style
//! ([`relations::style`]) is a way to write it down: the notation of time ([`relations::stamps`]), the prefixes of
//! workers ([`relations::prefixes`]), the notation of records, the files. `write` makes files of both, and `ask` runs
//! the program on them and keeps the fields of its JSON that the form must not change ([`relations::answer`]).
//!
//! A relation writes one recording twice and holds the two answers against each other. To add one:
//!
//! 1. A notation of time or a prefix is a line of a table, and all relations use it. `every_notation_of_time` and
//!    `every_prefix` list the lines of their tables that fail, each on one plain recording; the properties show the
//!    smallest recording that fails.
//! 2. A new dimension is a field of `Style`: plain in `Style::plain()`, drawn in `styles()`, written by `write`.
//! 3. A new relation is a property in this file: draw a recording and a style, write both, call `hold`. [`Compared`]
//!    names the fields that are held against each other: no dates where the notation does not hold them, values alone
//!    where it rounds. Cases that the text does not decide are left out by `Stamp::decides`, with the reason.
//!
//! Findings and exit status of `--check`, with limits among the rates of the recording, are compared in all relations.
//!
//! Cases are the same in each run: 50 a relation from a fixed seed, and a failure writes no file. `PROPTEST_CASES=2000`
//! looks further, `PROPTEST_RNG_SEED=7` elsewhere.
#![allow(clippy::unwrap_used, clippy::panic)]

mod relations {
    pub mod answer;
    pub mod prefixes;
    pub mod recording;
    pub mod stamps;
    pub mod style;
}

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestCaseError};

use relations::answer::{Answer, Compared, Difference, ask, check, failed, same, true_to};
use relations::prefixes::{PREFIXES, decides};
use relations::recording::{
    App, Of, Process, Recording, Shape, Site, Worker, beside, recordings, recordings_of,
};
use relations::stamps::{self, Base, DATED, DAY_FIRST, ISO, LESS, MONTH_FIRST, Stamp, UNTIMED};
use relations::style::{File, Files, Memory, Place, Sites, Style};
use relations::style::{all_stamps, cuts, paths, plain_styles, styles, write};

fn config() -> ProptestConfig {
    let given = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { 50 },
        rng_seed: if std::env::var_os("PROPTEST_RNG_SEED").is_some() {
            given.rng_seed
        } else {
            RngSeed::Fixed(12)
        },
        failure_persistence: None,
        max_global_rejects: 100_000,
        max_shrink_iters: 300,
        ..given
    }
}

/// Asks about two sets of files and holds the answers against each other.
fn hold(
    recording: &Recording,
    one: &[File],
    other: &[File],
    compared: Compared,
) -> Result<(), TestCaseError> {
    let args = check(recording);
    agree(&ask(one, &args), &ask(other, &args), compared, one, other)
}

fn agree(
    expected: &Answer,
    found: &Answer,
    compared: Compared,
    one: &[File],
    other: &[File],
) -> Result<(), TestCaseError> {
    same(expected, found, compared).map_err(|difference| failed(&difference, one, other))
}

/// A process and three sites over eight moments from `2024-05-23 12:00` on.
fn plain_recording(of: Of, workers: usize) -> Recording {
    let line = |from, step| Shape::Line { from, step };
    let worker = |index: usize| {
        let process = Process { anonymous: line(90_000 + 50_000 * index as u64, 500), mapped: Some(11_000) };
        let sizes =
            [line(900 + 500 * index as u64, 5), line(700, 0), Shape::Saw { from: 40, step: 3, length: 3 }];
        let heap = sizes.map(|size| Site { size, block: 128 }).to_vec();
        match of {
            Of::Processes => Worker { index, process: Some(process), heap: Vec::new() },
            Of::Heaps => Worker { index, process: None, heap },
            Of::Both => Worker { index, process: Some(process), heap },
        }
    };
    let start = 1_716_465_600;
    Recording {
        app: App::Service,
        start,
        period: 600,
        moments: 0..8,
        workers: (0..workers).map(worker).collect(),
    }
}

/// Fails with the names and first differences of all that failed.
fn none_failed(failures: Vec<(String, Difference)>) {
    let number = failures.len();
    let start = |d: &Difference| d.0.lines().take(3).map(|line| format!("\n    {line}")).collect::<String>();
    let list: String = failures.iter().map(|(name, d)| format!("\n{name}{}", start(d))).collect();
    assert!(number == 0, "{number} fail:{list}");
}

#[test]
fn every_notation_of_time() {
    let mut failures = Vec::new();
    for of in [Of::Processes, Of::Heaps] {
        let recording = plain_recording(of, 1);
        let args = check(&recording);
        let expected = ask(&write(&recording, &Style::plain()), &args);
        for stamp in all_stamps() {
            for (place, template) in [(Place::Head, stamp.head), (Place::Above, stamp.above)] {
                if template.is_empty() {
                    continue;
                }
                let files = write(&recording, &Style { stamp, place, ..Style::plain() });
                let compared =
                    if stamp.decides_dates(&recording) { Compared::All } else { Compared::NoDates };
                if let Err(difference) = same(&expected, &ask(&files, &args), compared) {
                    failures.push((format!("{of:?} {place:?} {template}"), difference));
                }
            }
        }
    }
    none_failed(failures);
}

#[test]
fn every_prefix() {
    let mut failures = Vec::new();
    for of in [Of::Processes, Of::Heaps] {
        let recording = plain_recording(of, 2);
        for &prefix in PREFIXES {
            if let Err(difference) =
                workers_apart(&recording, &Style { prefix: Some(prefix), heading: true, ..Style::plain() })
            {
                failures.push((format!("{of:?} {prefix}"), difference.0));
            }
        }
    }
    none_failed(failures);
}

/// Each worker has the series that it has alone.
fn workers_apart(recording: &Recording, style: &Style) -> Result<(), (Difference, Vec<File>)> {
    let args = check(recording);
    let alone = (0..recording.workers.len()).map(|worker| {
        let recording = recording.alone(worker);
        (ask(&write(&recording, style), &args), recording)
    });
    let mut answers = Vec::new();
    for (answer, recording) in alone {
        true_to(&recording, style, &answer).map_err(|d| (d, write(&recording, style)))?;
        answers.push(answer);
    }
    let files = write(recording, style);
    same(&Answer::together(answers), &ask(&files, &args), Compared::NoRecording).map_err(|d| (d, files))
}

/// Whether the size of a site wanders.
fn has_noise(recording: &Recording) -> bool {
    let sites = recording.workers.iter().flat_map(|worker| &worker.heap);
    sites.into_iter().any(|site| matches!(site.size, Shape::Noise { .. }))
}

/// Whether a prefix names a time.
fn is_timed(prefix: &str) -> bool {
    prefix.contains('%') || prefix.contains("{us}")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_notation_of_time_does_not_matter(
        recording in recordings(1..=1),
        style in plain_styles(all_stamps()),
    ) {
        prop_assume!(style.stamp.decides(&recording));
        let plain = Style { stamp: ISO, ..style.clone() };
        let (one, other) = (write(&recording, &plain), write(&recording, &style));
        let args = check(&recording);
        let (expected, found) = (ask(&one, &args), ask(&other, &args));
        true_to(&recording, &plain, &expected).map_err(|d| failed(&d, &[], &one))?;
        let (expected, compared) = match style.stamp.base {
            Base::Dated | Base::DayOrMonthFirst if style.stamp.decides_dates(&recording) => (expected, Compared::All),
            Base::DayOrMonthFirst => (expected, Compared::NoDates),
            _ => (expected.without_dates(), Compared::All),
        };
        agree(&expected, &found, compared, &one, &other)?;
    }

    #[test]
    fn the_order_of_day_and_month_does_not_matter(
        recording in recordings(1..=1),
        place in select(vec![Place::Head, Place::Above]),
    ) {
        let [iso, day, month] = [ISO, DAY_FIRST, MONTH_FIRST].map(|stamp| {
            write(&recording, &Style { stamp, place, ..Style::plain() })
        });
        let compared = if DAY_FIRST.decides_dates(&recording) { Compared::All } else { Compared::NoDates };
        hold(&recording, &iso, &day, compared)?;
        hold(&recording, &iso, &month, compared)?;
    }

    #[test]
    fn the_number_of_files_does_not_matter(
        recording in recordings(1..=1),
        style in plain_styles([DATED, &LESS[..1], &[UNTIMED]].concat()),
        files in cuts(),
    ) {
        prop_assume!(style.stamp.decides(&recording) && names_decide(&recording, &style, &files));
        let style = Style { heading: style.heading || style.stamp.base == Base::Untimed, ..style };
        let other = write(&recording, &Style { files, ..style.clone() });
        hold(&recording, &write(&recording, &style), &other, Compared::All)?;
    }

    /// Lines of their own, since a prefix may name a process as well.
    #[test]
    fn each_half_of_a_rotated_log_may_have_its_own_notation_of_time(
        recording in recordings(1..=1),
        stamps in prop::array::uniform2(select([DATED, &LESS[..1]].concat())),
        at in 1..6_usize,
    ) {
        prop_assume!(stamps.iter().all(|stamp| !stamp.above.is_empty() && stamp.decides(&recording)));
        // One of two settles the other.
        prop_assume!(stamps.iter().any(|stamp| stamp.base == Base::Dated));
        let rotated = Style { place: Place::Above, files: Files::Rotated { at }, ..Style::plain() };
        let [older, newer] = stamps.map(|stamp| write(&recording, &Style { stamp, ..rotated.clone() }));
        let (one, other) = (write(&recording, &rotated), [older[0].clone(), newer[1].clone()]);
        if stamps.iter().any(|stamp| stamp.base == Base::Yearless) {
            // Durations may stay unknown, and so do rates.
            let args = ["--check".to_owned()];
            agree(&ask(&one, &args), &ask(&other, &args), Compared::Values, &one, &other)?;
        } else {
            hold(&recording, &one, &other, Compared::All)?;
        }
    }

    #[test]
    fn services_in_folders_of_their_own_stay_apart(
        recording in recordings(2..=3),
        style in plain_styles(DATED.to_vec()),
        files in cuts(),
    ) {
        let other = write(&recording, &Style { files, ..style.clone() });
        hold(&recording, &write(&recording, &style), &other, Compared::All)?;
    }

    #[test]
    fn the_order_of_files_does_not_matter(
        recording in recordings(1..=1),
        style in plain_styles(DATED.to_vec()),
        files in cuts(),
        keys in prop::collection::vec(any::<u8>(), 30),
    ) {
        let one = write(&recording, &Style { files: files.clone(), ..style });
        let mut other = one.clone();
        if matches!(files, Files::Numbered { .. }) {
            // Numbers that contradict the times.
            let mut names: Vec<(u8, String)> = keys.iter().copied().zip(one.iter().map(|f| f.name.clone())).collect();
            names.sort();
            other.iter_mut().zip(names).for_each(|(file, (_, name))| file.name = name);
        }
        let mut shuffled: Vec<(u8, File)> = keys.iter().rev().copied().zip(other).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let other: Vec<File> = shuffled.into_iter().map(|(_, file)| file).collect();
        hold(&recording, &one, &other, Compared::All)?;
    }

    #[test]
    fn the_newest_may_stand_first(recording in recordings(1..=1), style in plain_styles(DATED.to_vec())) {
        let files = write(&recording, &Style { files: Files::Numbered { every: 1 }, ..style.clone() });
        let text = files.into_iter().rev().map(|file| file.text).collect();
        let other = File { name: "service.log".to_owned(), text };
        hold(&recording, &write(&recording, &style), &[other], Compared::All)?;
    }

    #[test]
    fn an_unrelated_source_changes_nothing(
        recording in recordings(1..=1),
        beside in beside(),
        style in plain_styles(DATED.to_vec()),
        other_style in plain_styles([DATED, LESS, &[UNTIMED]].concat()),
    ) {
        // Dates of the other source may settle an order of day and month that nothing settled.
        prop_assume!(style.stamp.decides_dates(&recording));
        let one = write(&recording, &style);
        let other_style = Style { heading: true, ..other_style };
        let both = [one.clone(), write(&beside.of(&recording), &other_style)].concat();
        let args = check(&recording);
        agree(&ask(&one, &args), &ask(&both, &args).of(App::Service), Compared::NoRecording, &one, &both)?;
    }

    #[test]
    fn workers_in_one_log_are_kept_apart(
        recording in recordings(2..=3),
        prefix in select(PREFIXES),
        heading in any::<bool>(),
        noise in any::<bool>(),
    ) {
        let stamp = Stamp { base: Base::Yearless, ..ISO };
        prop_assume!(recording.period < 12 * 3600 && stamp.decides(&recording) && decides(prefix, &recording));
        // Without times a heading says where a list begins.
        let style = Style { prefix: Some(prefix), heading: heading || !is_timed(prefix), noise, ..Style::plain() };
        workers_apart(&recording, &style).map_err(|(difference, files)| failed(&difference, &[], &files))?;
    }

    #[test]
    fn ends_of_lines_do_not_matter(recording in recordings(1..=1), style in plain_styles(all_stamps())) {
        let other = write(&recording, &Style { crlf: true, ..style.clone() });
        hold(&recording, &write(&recording, &style), &other, Compared::All)?;
    }

    #[test]
    fn lines_that_concern_nobody_do_not_matter(recording in recordings(1..=1), style in plain_styles(all_stamps())) {
        let other = write(&recording, &Style { noise: true, ..style.clone() });
        hold(&recording, &write(&recording, &style), &other, Compared::All)?;
    }

    #[test]
    fn colours_do_not_matter(recording in recordings(1..=1), style in plain_styles(all_stamps())) {
        let other = write(&recording, &Style { colours: true, ..style.clone() });
        hold(&recording, &write(&recording, &style), &other, Compared::All)?;
    }

    #[test]
    fn renaming_sites_renames_them_and_nothing_else(
        recording in recordings_of(&[Of::Heaps], 1..=1),
        style in plain_styles(all_stamps()),
        paths in paths(),
    ) {
        let one = write(&recording, &style);
        let other = write(&recording, &Style { paths, ..style });
        let args = check(&recording);
        let found = ask(&other, &args).renamed(paths, &recording);
        agree(&ask(&one, &args), &found, Compared::All, &one, &other)?;
    }

    #[test]
    fn the_notation_of_memory_does_not_matter(
        recording in recordings_of(&[Of::Processes], 1..=1),
        style in plain_styles(all_stamps()),
        memory in select(vec![Memory::Blank, Memory::Equals]),
    ) {
        let other = write(&recording, &Style { memory, ..style.clone() });
        hold(&recording, &write(&recording, &style), &other, Compared::All)?;
    }

    #[test]
    fn the_notation_of_sites_does_not_matter(
        recording in recordings_of(&[Of::Heaps], 1..=1),
        style in plain_styles(all_stamps()),
        sites in select(vec![Sites::Difference, Sites::Recipe]),
    ) {
        // Differences are exact where sizes are rounded, and a recipe has no counts: both help to judge what wanders.
        prop_assume!(!has_noise(&recording));
        // A list of differences says what was there before: so the first list is none of them.
        let first = usize::from(sites == Sites::Difference);
        let other = write(&recording.cut(first..recording.len()), &Style { sites, ..style.clone() });
        hold(&recording, &write(&recording, &style), &other, Compared::Values)?;
    }

    #[test]
    fn since_and_until_cut_as_by_hand(
        recording in recordings(1..=1),
        style in plain_styles(DATED.to_vec()),
        (from, to) in (0..3_usize, 0..3_usize),
        between in any::<bool>(),
        notation in select(vec!["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%s", ""]),
    ) {
        // As in the source, where one would give it so.
        let own = notation.is_empty() && style.stamp.above.starts_with(|c| c != '[' && c != '@');
        let (notation, zone) = match notation {
            "" if own => (style.stamp.above, style.stamp.zone),
            "" => (ISO.above, 0),
            other => (other, 0),
        };
        prop_assume!(style.stamp.decides_dates(&recording) && (from, to) != (0, 0));
        let (first, end) = (from, recording.len() - to);
        // Half a period outside of the moments that are kept, or on them.
        let shift = if between { recording.period / 2 } else { 0 };
        let bound = |moment: usize, by: i64| {
            let shifted = Recording { start: recording.start + by, ..recording.clone() };
            stamps::fill(notation, &shifted, moment, zone)
        };
        let mut args = check(&recording);
        if from > 0 {
            args.extend(["--since".to_owned(), bound(first, -shift)]);
        }
        if to > 0 {
            args.extend(["--until".to_owned(), bound(end - 1, shift)]);
        }
        let (cut, whole) = (recording.cut(first..end), write(&recording, &style));
        let one = write(&cut, &style);
        let compared = if style.stamp.decides_dates(&cut) { Compared::All } else { Compared::NoDates };
        agree(&ask(&one, &check(&recording)), &ask(&whole, &args), compared, &one, &whole)?;
    }

    #[test]
    fn a_check_passes_or_fails_in_any_form(recording in recordings(1..=1), style in styles(DATED.to_vec())) {
        let one = write(&recording, &Style { place: style.place, ..Style::plain() });
        let other = write(&recording, &style);
        let args = check(&recording);
        let found = ask(&other, &args).renamed(style.paths, &recording);
        agree(&ask(&one, &args), &found, Compared::Verdicts, &one, &other)?;
    }
}

/// Whether files are one recording by their names and times, and in which order.
fn names_decide(recording: &Recording, style: &Style, files: &Files) -> bool {
    let years: Vec<i16> = recording.times().map(stamps::year).collect();
    match style.stamp.base {
        Base::Dated | Base::DayOrMonthFirst => true,
        // `service.log` comes before `service.log.1` in the order of names.
        Base::Yearless => !matches!(files, Files::Rotated { .. }) || years.first() == years.last(),
        // Files of several moments each may be of several processes.
        _ => matches!(files, Files::Numbered { every: 1 }),
    }
}
