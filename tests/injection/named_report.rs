//! A report whose names are chosen.
#![allow(clippy::unwrap_used)]

use std::sync::OnceLock;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::report::document::Report;

/// A report of growing sites and processes, whose names are these: readers take some characters away, and outputs must
/// not rely on it.
pub fn report(names: &[String; 5]) -> Report {
    static PLAIN: OnceLock<Report> = OnceLock::new();
    let mut report = PLAIN.get_or_init(plain).clone();
    let [one, two, three, four, five] = names;
    for (row, name) in report.sites.iter_mut().zip([one, two, three]) {
        (row.site, row.file, row.own_file) = (name.clone(), Some(name.clone()), Some(name.clone()));
        (row.path, row.code) = (Some(name.clone()), Some(name.clone()));
        std::sync::Arc::make_mut(&mut row.subject).name = Some(five.clone());
    }
    for row in &mut report.processes {
        let name = if row.process.as_deref() == Some("web") { four } else { five };
        (row.process, row.source, row.metric) = (Some(name.clone()), one.clone(), two.clone());
    }
    for (finding, name) in report.findings.iter_mut().zip([four, five, one, two, three]) {
        finding.subject.clone_from(name);
        finding.message = format!("{name} grows by {name}");
    }
    report.inputs.iter_mut().for_each(|input| input.path.clone_from(three));
    report.warnings.iter_mut().for_each(|warning| warning.path = Some(four.clone()));
    report
}

/// The same with plain names.
fn plain() -> Report {
    let mut sites = String::new();
    let mut processes = String::new();
    for k in 0..8 {
        sites += "\n";
        for site in ["/srv/a.py:1", "/srv/b.py:2", "/srv/c.py:3"] {
            let size = 90_000 + 9_000 * k;
            sites += &format!("{site}: size={size} B, count={}, average=10 B\n", size / 10);
        }
        processes += &format!("{}\n", 1_716_465_395 + 600 * k);
        for process in ["web", "job"] {
            processes += &format!("Name:\t{process}\nVmRSS:\t{} kB\n", 90_000 + 900 * k);
        }
    }
    let mut analysis = Analysis::new(Options { check: true, ..Options::default() }).unwrap();
    analysis.add("sites.log", &sites, sites.len() as u64).unwrap();
    analysis.add("processes.log", &processes, processes.len() as u64).unwrap();
    analysis.finish().unwrap()
}
