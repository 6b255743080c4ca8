//! Heap profilers over time, recorded of a program that keeps a list and of its control, whose cache fills: the leaking
//! site stands first and grows, and nothing of the control does. `--no-capture` prints a table.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use assert_cmd::Command;
use serde_json::Value;

fn report(path: &str) -> Value {
    let path = format!("{}/tests/profilers/{path}", env!("CARGO_MANIFEST_DIR"));
    let args = ["--no-config", "--format", "json", &path];
    let output = Command::cargo_bin("leakdiff").unwrap().args(args).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn growing(report: &Value) -> Vec<&Value> {
    let sites = report["sites"].as_array().unwrap().iter();
    sites.filter(|site| site["trend"]["verdict"] == "growing").collect()
}

#[test]
fn the_leaking_site_stands_first_and_the_control_has_none() {
    println!("| profiler | snapshots | first site | P(keeps growing) | control: snapshots, growing |");
    for (profiler, ending) in [
        ("massif", "out"),
        ("massif-instructions", "out"),
        ("massif-bytes", "out"),
        ("heaptrack", "zst"),
        ("v8", "tar.gz"),
    ] {
        let leaking = report(&format!("{profiler}-leaking.{ending}"));
        let first = &leaking["sites"][0];
        let name = first["site"].as_str().unwrap();
        assert!(name.starts_with("keep") || name.starts_with("remember"), "{profiler}: {name}");
        assert_eq!(growing(&leaking).len(), 1, "{profiler}");
        assert_eq!(first["trend"]["verdict"], "growing", "{profiler}");
        let control = report(&format!("{profiler}-control.{ending}"));
        println!(
            "| {profiler} | {} | {name} | {:.2} | {}, {} |",
            leaking["recording"]["snapshots"],
            first["trend"]["probability"].as_f64().unwrap(),
            control["recording"]["snapshots"],
            growing(&control).len()
        );
        assert!(growing(&control).is_empty(), "{profiler}");
        // The least for a verdict on the leak; massif keeps few snapshots with sites of a heap that holds still.
        assert!(leaking["recording"]["snapshots"].as_u64() >= Some(20), "{profiler}");
    }
}
