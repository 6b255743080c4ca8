//! Processes of one service in groups, one of which grows without bound.

use std::path::Path;

use leakdiff::analysis::Options;

use super::{document, entries, json};

/// A group of processes, and leakdiff's words for them.
pub struct Group {
    /// Its name.
    pub name: String,
    /// Whether it grows without bound.
    pub grows: bool,
    /// Number of processes.
    pub processes: usize,
    /// Number of those called growing.
    pub growing: usize,
    /// Number of those that Mann and Kendall's test calls rising, at 5 %.
    pub rising: usize,
}

/// Judges each process of the fleet by itself; `None` where there is no fleet.
pub fn judged(folder: &Path) -> Option<Vec<Group>> {
    let truth = json(&folder.join("truth.json"))?;
    let grows =
        |name: &str| truth["grows"].as_array().is_some_and(|all| all.iter().any(|group| group == name));
    let group = |path: &std::path::PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let trends: Vec<serde_json::Value> = entries(path)
            .into_iter()
            .filter_map(|file| {
                let options = Options { metrics: vec!["VmRSS".to_owned()], ..Options::default() };
                document(&[file], options)?.pointer("/processes/0/trend").cloned()
            })
            .collect();
        let rises = |trend: &serde_json::Value| {
            let test = &trend["tests"]["mann_kendall"];
            test["z"].as_f64().is_some_and(|z| z > 0.0) && test["p"].as_f64().is_some_and(|p| p < 0.05)
        };
        Some(Group {
            grows: grows(&name),
            name,
            processes: trends.len(),
            growing: trends.iter().filter(|trend| trend["verdict"] == "growing").count(),
            rising: trends.iter().filter(|trend| rises(trend)).count(),
        })
    };
    Some(entries(&folder.join("logs")).iter().filter_map(group).collect())
}
