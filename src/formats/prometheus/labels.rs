//! The name and the labels of a series: whom it measures, and whether it is memory.

use super::super::columns::names::{Meaning, Quantity, meaning};
use crate::model::{Metric, Role, Subject, SubjectKind};

/// A series by its name and labels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// The name; empty where a function took it away, such as `sum()`.
    pub name: String,
    /// The labels.
    pub labels: Vec<(String, String)>,
}

/// Ends of the names of counters, histograms and other numbers that are no level of memory.
const NO_LEVELS: [&str; 9] =
    ["_total", "_created", "_count", "_sum", "_bucket", "_ratio", "_percent", "_seconds", "_failcnt"];

/// Labels that all series of a target share.
const OF_TARGETS: [&str; 19] = [
    "__name__",
    "namespace",
    "image",
    "instance",
    "job",
    "endpoint",
    "node",
    "prometheus",
    "cluster",
    "env",
    "environment",
    "region",
    "zone",
    "metrics_path",
    "uid",
    "host",
    "hostname",
    "datacenter",
    "version",
];

impl Series {
    /// Returns the value of a label that is not empty.
    fn label(&self, name: &str) -> Option<&str> {
        let found = self.labels.iter().find(|(label, _)| label == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.label(name)).map(str::to_owned)
    }

    /// Returns whom the series measures.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let pod = self.first(&["pod", "pod_name"]);
        // `POD` is the container that holds the network of a pod.
        let container = self.first(&["container", "container_name"]).filter(|name| name != "POD");
        let container = container.or_else(|| self.label("image").and_then(|_| self.first(&["name"])));
        if let Some(container) = container {
            return Subject { kind: SubjectKind::Container, name: Some(container), id: None, parent: pod };
        }
        if let Some(pod) = pod {
            return Subject::named(SubjectKind::Pod, pod);
        }
        let instance = self.first(&["instance", "host", "hostname", "node"]);
        if self.name.starts_with("node_memory_") {
            return Subject { kind: SubjectKind::Host, name: instance, id: None, parent: None };
        }
        let name = self.first(&[
            "service",
            "service_name",
            "app",
            "application",
            "deployment",
            "component",
            "groupname",
            "process",
            "worker",
            "name",
            "job",
        ]);
        match (name, instance) {
            (Some(name), id) => Subject { kind: SubjectKind::Process, name: Some(name), id, parent: None },
            (None, name) => Subject { kind: SubjectKind::Process, name, id: None, parent: None },
        }
    }

    /// Returns the metric of the series, if that is memory; one without a name may be.
    #[must_use]
    pub fn metric(&self) -> Option<Metric> {
        let role = if self.name.is_empty() { Role::Resident } else { role(&self.name)? };
        let Subject { name, id, parent, .. } = self.subject();
        let of_subject =
            |value: &String| [&name, &id, &parent].iter().any(|known| known.as_ref() == Some(value));
        let is_shared = |(label, value): &(String, String)| {
            // The control group of a container, and the empty labels of a pod's own.
            let is_path = label == "id" && value.starts_with('/');
            value.is_empty() || is_path || OF_TARGETS.contains(&label.as_str()) || of_subject(value)
        };
        let others = self.labels.iter().filter(|label| !is_shared(label));
        let mut others: Vec<String> = others.map(|(label, value)| format!("{label}={value:?}")).collect();
        others.sort_unstable();
        let name = if self.name.is_empty() { "value" } else { &self.name };
        if others.is_empty() {
            return Some(Metric::of_recording(name, role));
        }
        Some(Metric::of_recording(&format!("{name}{{{}}}", others.join(", ")), role))
    }

    /// Returns all labels, to tell series apart that nothing else does.
    #[must_use]
    pub fn all_labels(&self) -> String {
        let labels: Vec<String> =
            self.labels.iter().map(|(label, value)| format!("{label}={value}")).collect();
        labels.join(",")
    }

    /// Parses `name{label="value", …}` at the beginning of a text; returns the rest as well.
    #[must_use]
    pub fn parse(text: &str) -> Option<(Self, &str)> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.');
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        let (name, mut rest) = text.split_at_checked(end)?;
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut series = Self { name: name.to_owned(), labels: Vec::new() };
        let Some(mut labels) = rest.strip_prefix('{') else {
            return (!name.is_empty()).then_some((series, rest));
        };
        loop {
            labels = labels.trim_start_matches([' ', ',']);
            if let Some(after) = labels.strip_prefix('}') {
                rest = after;
                break;
            }
            let (label, after) = labels.split_once('=')?;
            let (value, after) = quoted(after.trim_start())?;
            series.labels.push((label.trim().to_owned(), value));
            labels = after;
        }
        if let Some(place) = series.labels.iter().position(|(label, _)| label == "__name__") {
            series.name = series.labels.remove(place).1;
        }
        Some((series, rest))
    }
}

/// Parses a text in quotes with escapes; returns the rest as well.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, text.get(at + 2..)?)),
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

/// Returns the role of a metric by its name, if it is a level of memory in bytes.
fn role(name: &str) -> Option<Role> {
    if NO_LEVELS.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    if let Some(part) = name.strip_prefix("go_memstats_").and_then(|rest| rest.strip_suffix("_bytes")) {
        return (part != "next_gc").then_some(if part == "sys" { Role::Virtual } else { Role::Part });
    }
    let Meaning::Memory(Quantity { role, unit, .. }) = meaning(name) else { return None };
    // Base units are bytes; those of cAdvisor without a unit are bytes as well.
    let are_bytes = unit == Some(1.0) || unit.is_none() && name.starts_with("container_memory_");
    if !are_bytes {
        return None;
    }
    Some(if name.ends_with("_max_bytes") || name.starts_with("machine_") {
        Role::Limit
    } else if name.starts_with("container_memory_cache") {
        Role::Cache
    } else if name.starts_with("jvm_") && role == Role::Resident {
        Role::Part
    } else {
        role
    })
}

#[cfg(test)]
mod tests {
    use super::{Role, Series, SubjectKind, role};

    #[test]
    fn levels_of_memory_by_name() {
        for (name, expected) in [
            ("process_resident_memory_bytes", Some(Role::Resident)),
            ("process_virtual_memory_bytes", Some(Role::Virtual)),
            ("process_virtual_memory_max_bytes", Some(Role::Limit)),
            ("container_memory_working_set_bytes", Some(Role::Resident)),
            ("container_memory_rss", Some(Role::Resident)),
            ("container_memory_cache", Some(Role::Cache)),
            ("container_memory_failcnt", None),
            ("container_memory_max_usage_bytes", Some(Role::Peak)),
            ("container_spec_memory_limit_bytes", Some(Role::Limit)),
            ("go_memstats_heap_inuse_bytes", Some(Role::Part)),
            ("go_memstats_alloc_bytes", Some(Role::Part)),
            ("go_memstats_alloc_bytes_total", None),
            ("go_memstats_heap_objects", None),
            ("jvm_memory_used_bytes", Some(Role::Part)),
            ("nodejs_heap_size_used_bytes", Some(Role::Part)),
            ("node_memory_MemAvailable_bytes", Some(Role::Free)),
            ("process_open_fds", None),
            ("process_cpu_seconds_total", None),
            ("prometheus_tsdb_wal_storage_size_bytes", None),
            ("process_start_time_seconds", None),
        ] {
            assert_eq!(role(name), expected, "{name}");
        }
    }

    #[test]
    fn labels_name_the_subject() {
        let parse =
            |text: &str| Series::parse(text).map(|(series, rest)| (series.subject(), rest.to_owned()));
        let (subject, rest) =
            parse(r#"m_bytes{container="api", pod="api-1", image="a\"b"} 5"#).unwrap_or_default();
        assert_eq!((subject.kind, subject.name.as_deref()), (SubjectKind::Container, Some("api")));
        assert_eq!((subject.parent.as_deref(), rest.as_str()), (Some("api-1"), " 5"));
        let (subject, _) = parse(r#"{__name__="m_bytes", instance="h:1", job="app"} 5"#).unwrap_or_default();
        assert_eq!((subject.name.as_deref(), subject.id.as_deref()), (Some("app"), Some("h:1")));
        assert!(parse("{} => 5").is_some_and(|(subject, rest)| subject.is_anonymous() && rest == " => 5"));
        assert!(parse("{a=").is_none() && parse("12 m").is_none());
    }
}
