//! The same recording in other bytes, through another way, or of another scale, gives the same answer.
//!
//! Recordings and their notations are those of `relations.rs`, and so is the number of cases: 50, or `PROPTEST_CASES`.
#![allow(clippy::unwrap_used, clippy::panic, dead_code)]

mod relations {
    pub mod answer;
    pub mod prefixes;
    pub mod recording;
    pub mod stamps;
    pub mod style;
}

use std::io::Write;
use std::process::{Output, Stdio};

use niffler::compression::{Format, Level};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestCaseError};

use relations::answer::{Answer, Compared, Difference, answer, ask, check, command, failed, run, same};
use relations::recording::{Of, Process, Recording, Shape, recordings, recordings_of};
use relations::stamps::{DATED, ISO};
use relations::style::{File, Place, Style, all_stamps, plain_styles, write};

fn config() -> ProptestConfig {
    let given = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { 50 },
        rng_seed: RngSeed::Fixed(12),
        failure_persistence: None,
        max_shrink_iters: 100,
        ..given
    }
}

/// The answers to a log as it is, and in other bytes.
fn hold(recording: &Recording, style: &Style, other: impl Fn(&str) -> Vec<u8>) -> Result<(), TestCaseError> {
    let (files, args) = (write(recording, style), check(recording));
    let bytes: Vec<(&str, Vec<u8>)> =
        files.iter().map(|file| (file.name.as_str(), other(&file.text))).collect();
    agree(&ask(&files, &args), &answer(&run(&bytes, &args, 1)), Compared::All, &files)
}

fn agree(expected: &Answer, found: &Answer, compared: Compared, files: &[File]) -> Result<(), TestCaseError> {
    same(expected, found, compared).map_err(|difference| failed(&difference, files, &[]))
}

/// Runs the program on these bytes, through a pipe.
fn run_on_pipe(bytes: Vec<u8>, args: &[String]) -> Output {
    let mut command = command(args, 1);
    let command = command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || pipe.write_all(&bytes).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn utf16(text: &str, of_unit: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(of_unit).collect()
}

fn packed(text: &str, format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = niffler::get_writer(Box::new(&mut bytes), format, Level::One).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    drop(writer);
    bytes
}

/// The recording with its numbers changed.
fn with_sizes(recording: &Recording, change: impl Fn(u64, bool) -> u64) -> Recording {
    let shape = |shape: &Shape| match *shape {
        Shape::Line { from, step } => Shape::Line { from: change(from, false), step: change(step, true) },
        Shape::Plateau { from, step, until } => {
            Shape::Plateau { from: change(from, false), step: change(step, true), until }
        }
        Shape::Saw { from, step, length } => {
            Shape::Saw { from: change(from, false), step: change(step, true), length }
        }
        // Noise is drawn from its width, and is another with another one.
        Shape::Noise { from, width, seed } => Shape::Noise { from: change(from, false), width, seed },
    };
    let mut changed = recording.clone();
    for worker in &mut changed.workers {
        if let Some(process) = &mut worker.process {
            let mapped = process.mapped.map(|mapped| change(mapped, true));
            *process = Process { anonymous: shape(&process.anonymous), mapped };
        }
    }
    changed
}

fn has_noise(recording: &Recording) -> bool {
    let processes = recording.workers.iter().filter_map(|worker| worker.process.as_ref());
    processes.map(|process| &process.anonymous).any(|shape| matches!(shape, Shape::Noise { .. }))
}

/// A change of scale: the factor of rates, and the share of a rate, or the probability, by which they may differ, since
/// the step in which sizes are recorded is smaller beside larger ones.
struct Scale {
    in_time: f64,
    of_size: f64,
    share: f64,
}

/// Holds the fields against each other that no change of scale touches, and rates by its factor.
fn same_judgement(
    expected: &Answer,
    found: &Answer,
    scale: &Scale,
    files: &[File],
) -> Result<(), TestCaseError> {
    let fail = |text: String| failed(&Difference(text), files, &[]);
    prop_assert_eq!(expected.exit, found.exit);
    for (expected, found) in
        expected.processes.iter().chain(&expected.sites).zip(found.processes.iter().chain(&found.sites))
    {
        for field in ["verdict", "points", "segments", "grew", "shrank", "held", "since", "rate_unit"] {
            if expected.get(field) != found.get(field) {
                return Err(fail(format!("{field}: {} and {}", expected.get(field), found.get(field))));
            }
        }
        let number = |series: &relations::answer::Series, field| series.get(field).as_f64();
        // Without times a rate is one of snapshots or samples.
        let in_time = expected.get("rate_unit").as_str().is_some_and(|unit| unit.ends_with("/second"));
        let rate = scale.of_size * if in_time { scale.in_time } else { 1.0 };
        for (field, by) in [("probability", 1.0), ("rate", rate)] {
            let (Some(a), Some(b)) = (number(expected, field), number(found, field)) else { continue };
            let whole = if field == "probability" { 1.0 } else { (a * by).abs().max(b.abs()) };
            // A millionth of a byte is no rate.
            if (a * by - b).abs() > scale.share * whole + 1e-6 {
                return Err(fail(format!("{field}: {a} and {b}")));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_encoding_does_not_matter(
        recording in recordings(1..=1),
        style in plain_styles(all_stamps()),
        encoding in 0..4_usize,
    ) {
        hold(&recording, &style, |text| match encoding {
            0 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            1 => [b"\xFF\xFE".to_vec(), utf16(text, u16::to_le_bytes)].concat(),
            2 => [b"\xFE\xFF".to_vec(), utf16(text, u16::to_be_bytes)].concat(),
            _ => utf16(text, u16::to_le_bytes),
        })?;
    }

    #[test]
    fn compression_does_not_matter(
        recording in recordings(1..=1),
        style in plain_styles(all_stamps()),
        format in select(vec![Format::Gzip, Format::Bzip, Format::Lzma, Format::Zstd]),
    ) {
        hold(&recording, &style, |text| packed(text, format))?;
    }

    #[test]
    fn ends_of_lines_are_no_content(
        recording in recordings(1..=1),
        style in plain_styles(DATED.to_vec()),
        form in 0..4_usize,
    ) {
        hold(&recording, &style, |text| match form {
            0 => text.trim_end().as_bytes().to_vec(),
            1 => format!("\n\n{text}\n\n").into_bytes(),
            2 => text.replace('\n', "  \n").into_bytes(),
            _ => text.lines().map(|line| format!("> {line}\n")).collect::<String>().into_bytes(),
        })?;
    }

    #[test]
    fn a_pipe_is_as_good_as_a_file(recording in recordings(1..=1), style in plain_styles(all_stamps())) {
        let (files, args) = (write(&recording, &style), check(&recording));
        let piped = answer(&run_on_pipe(files[0].text.clone().into_bytes(), &args));
        agree(&ask(&files, &args), &piped, Compared::All, &files)?;
    }

    #[test]
    fn threads_and_runs_give_the_same_bytes(
        recording in recordings(1..=3),
        style in plain_styles(all_stamps()),
    ) {
        let (files, args) = (write(&recording, &style), check(&recording));
        let bytes: Vec<(&str, Vec<u8>)> =
            files.iter().map(|file| (file.name.as_str(), file.text.clone().into_bytes())).collect();
        let [one, two, again] = [1, 2, 1].map(|threads| run(&bytes, &args, threads));
        for other in [two, again] {
            prop_assert_eq!(one.status.code(), other.status.code());
            prop_assert!(one.stdout == other.stdout && one.stderr == other.stderr);
        }
    }

    #[test]
    fn the_order_of_keys_does_not_matter(recording in recordings_of(&[Of::Processes], 1..=1)) {
        let style = Style { place: Place::Above, stamp: ISO, ..Style::plain() };
        hold(&recording, &style, |text| {
            let lines: Vec<&str> = text.lines().collect();
            // A date, and its records.
            let samples = lines.chunk_by(|_, next| next.contains("kB"));
            let turned = samples.flat_map(|sample| {
                let (date, records) = sample.split_at(1);
                date.iter().chain(records.iter().rev()).copied()
            });
            turned.map(|line| format!("{line}\n")).collect::<String>().into_bytes()
        })?;
    }

    #[test]
    fn ten_times_the_time_is_a_tenth_of_the_rate(recording in recordings(1..=1)) {
        let slow = Recording { period: 10 * recording.period, ..recording.clone() };
        let (one, other) = (write(&recording, &Style::plain()), write(&slow, &Style::plain()));
        let args = ["--check".to_owned()];
        let scale = Scale { in_time: 0.1, of_size: 1.0, share: 1e-6 };
        same_judgement(&ask(&one, &args), &ask(&other, &args), &scale, &one)?;
    }

    #[test]
    fn a_thousand_times_the_size_is_a_thousand_times_the_rate(
        recording in recordings_of(&[Of::Processes], 1..=1),
    ) {
        prop_assume!(!has_noise(&recording));
        let large = with_sizes(&recording, |size, _| 1000 * size);
        let (one, other) = (write(&recording, &Style::plain()), write(&large, &Style::plain()));
        let args = ["--check".to_owned()];
        let scale = Scale { in_time: 1.0, of_size: 1000.0, share: 0.01 };
        same_judgement(&ask(&one, &args), &ask(&other, &args), &scale, &one)?;
    }
}
