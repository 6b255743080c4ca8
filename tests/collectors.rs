//! Heaps with a garbage collector, recorded of a program that leaks and of its control: the leak is growing by the
//! sizes that full collections leave, the control is not, and no size that counts garbage ever is.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use serde_json::Value;

fn report(path: &str) -> Value {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/tests/collectors/{path}");
    let output = Command::cargo_bin("leakdiff").unwrap().args(["--format", "json", &path]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn growing(report: &Value) -> Vec<&str> {
    let all = report["processes"].as_array().unwrap().iter();
    all.filter(|row| row["trend"]["verdict"] == "growing")
        .map(|row| row["metric"].as_str().unwrap())
        .collect()
}

#[test]
fn leaks_grow_and_controls_do_not() {
    for (collector, metric) in [
        ("node", "live after full GC"),
        ("parallel", "live after full GC"),
        ("z", "live after full GC"),
        ("g1", "lowest use of a GC cycle"),
        ("jstat-serial", "OU after old GC"),
        ("jstat-g1", "OU after old GC"),
    ] {
        let leaking = report(&format!("{collector}-leaking.txt"));
        assert_eq!(growing(&leaking), [metric], "{collector}");
        let control = report(&format!("{collector}-control.txt"));
        assert!(growing(&control).is_empty(), "{collector}");
    }
}

#[test]
fn without_full_collections_nothing_grows_and_the_report_says_so() {
    let report = report("young-collections-of-a-leak.txt");
    assert!(growing(&report).is_empty());
    assert!(report.to_string().contains("no-full-collection"));
}
