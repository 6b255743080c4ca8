//! Beyond a bound leakdiff says which, and how to raise it, and judges nothing.
#![allow(clippy::unwrap_used)]

use leakdiff::analysis::{Analysis, Options};
use leakdiff::bounds::Bounds;
use leakdiff::formats::FormatOptions;

/// Sites of a snapshot, or samples of processes.
fn sites(range: std::ops::Range<u32>) -> String {
    range.map(|n| format!("/srv/app.py:{}: size={} B, count=1, average=1 B\n", n + 1, 900 - n)).collect()
}

fn processes(range: std::ops::Range<u32>) -> String {
    range.map(|n| format!("Name:\tp{n}\nPid:\t{}\nVmRSS:\t{} kB\n", n + 1, 90_000 + n)).collect()
}

/// The error about sources that are read with these bounds.
fn error(bounds: Bounds, sources: &[String]) -> Option<String> {
    let reading = FormatOptions { bounds, ..FormatOptions::default() };
    let mut analysis = Analysis::new(Options { reading, ..Options::default() }).unwrap();
    for (number, text) in sources.iter().enumerate() {
        // Errors about one source are none here.
        let _ = analysis.add(&format!("{number}.log"), text, text.len() as u64);
    }
    analysis.finish().err().map(|error| error.to_string())
}

#[test]
fn what_is_beyond_a_bound_is_refused_with_the_option_that_raises_it() {
    let of_sites = Bounds { sites: 10, ..Bounds::default() };
    let of_subjects = Bounds { subjects: 10, ..Bounds::default() };
    let of_records = Bounds { records: 10, ..Bounds::default() };
    let too_many = |of: &str, option: &str| {
        Some(format!("the recording has more than 10 {of}; {option} raises the bound"))
    };
    for (what, bounds, sources, expected) in [
        ("sites", of_sites, vec![sites(0..10)], None),
        ("sites", of_sites, vec![sites(0..11)], too_many("sites", "--max-sites")),
        ("the same sites twice", of_sites, vec![sites(0..10), sites(0..10)], None),
        ("sites of two sources", of_sites, vec![sites(0..6), sites(5..11)], too_many("sites", "--max-sites")),
        ("processes", of_subjects, vec![processes(0..10)], None),
        (
            "processes",
            of_subjects,
            vec![processes(0..11)],
            too_many("processes or containers", "--max-subjects"),
        ),
        ("records", of_records, vec![sites(0..5), sites(0..5)], None),
        ("records", of_records, vec![sites(0..5), sites(0..6)], too_many("records", "--max-records")),
        ("records of processes", of_records, vec![processes(0..11)], too_many("records", "--max-records")),
        ("all within", Bounds::default(), vec![sites(0..100), processes(0..100)], None),
    ] {
        assert_eq!(error(bounds, &sources), expected, "{what}");
    }
}
