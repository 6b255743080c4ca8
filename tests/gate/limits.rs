//! Findings name the process, and the limit of a machine is none of a process.

use serde_json::Value;

use super::inputs::Inputs;

/// A minute with the memory of a machine.
fn machine(used: usize) -> String {
    format!(
        "               total        used        free      shared  buff/cache   available\nMem:        16000000     {used}     1000000      100000     2000000     3000000\n"
    )
}

/// A minute with two metrics of a process.
fn process(name: &str, resident: usize, anonymous: usize) -> String {
    format!("Name: {name}\nVmRSS:\t{resident} kB\nRssAnon:\t{anonymous} kB\n")
}

#[test]
fn findings_are_of_the_series_that_breaks_a_rule() {
    let noise = |k: usize| 4 * (k * 7 % 5);
    let small = |k: usize| process("small", 900_000 + noise(k), 100_000 + noise(k));
    let large = |k: usize| process("large", 2_200_000 + noise(k), 100_000 + noise(k));
    let leaks = |k: usize| process("leaks", 900_000 + noise(k), 100_000 + 200 * k + noise(k));
    let host = |k: usize| machine(9_000_000 + noise(k));
    let limit = "limit-reached";
    type Minute<'a> = &'a dyn Fn(usize) -> String;
    for (case, minute, expected) in [
        ("a machine alone", &host as Minute<'_>, &[(limit, "used")][..]),
        ("a process below the limit beside a machine", &|k| host(k) + &small(k), &[]),
        ("a process beyond it beside a machine", &|k| host(k) + &large(k), &[(limit, "large VmRSS")]),
        ("the second process", &|k| small(k) + &large(k), &[(limit, "large VmRSS")]),
        (
            "another metric of the second process",
            &|k| small(k) + &leaks(k),
            &[("process-growing", "leaks RssAnon")],
        ),
        (
            "two that grow",
            &|k| leaks(k) + &leaks(k).replace("leaks", "more"),
            &[("process-growing", "leaks RssAnon"), ("process-growing", "more RssAnon")],
        ),
        (
            "one that grows beyond the limit by another metric",
            &|k| process("both", 2_200_000 + noise(k), 100_000 + 200 * k + noise(k)) + &small(k),
            &[("process-growing", "both RssAnon"), (limit, "both VmRSS")],
        ),
        (
            "two processes by a rule each",
            &|k| leaks(k) + &large(k),
            &[("process-growing", "leaks RssAnon"), (limit, "large VmRSS")],
        ),
    ] {
        let to = Inputs::new();
        let sample = |k: usize| format!("{}\n{}", 1_716_465_395 + 600 * k, minute(k));
        to.file("a.txt", (0..60).map(sample).collect::<String>());
        let (code, out, err) = to.run(&["--check", "--limit", "2GiB", "--format", "json", "a.txt"]);
        let document: Value = serde_json::from_str(&out).unwrap();
        let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        let findings = document["findings"].as_array().unwrap().iter();
        let found: Vec<_> =
            findings.map(|finding| (word(finding, "rule"), word(finding, "subject"))).collect();
        let expected: Vec<_> =
            expected.iter().map(|(rule, subject)| ((*rule).to_owned(), (*subject).to_owned())).collect();
        assert_eq!(found, expected, "{case}: {err}");
        assert_eq!(code, i32::from(!expected.is_empty()), "{case}");
    }
}
