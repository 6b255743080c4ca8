//! The metrics of Kubernetes as its API gives them: `kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods`, and `kubectl
//! get podmetrics -o json`.

use foldhash::HashMap;
use serde_json::Value;

use super::contract::{Detect, Format, LineParser, Parser};
use super::json_documents::{Documents, Next};
use super::kubectl_top::MEMORY;
use super::line::{Claim, Damage, Line};
use super::scope::Scope;
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Subject, SubjectKind};

/// Metrics of pods and of nodes as JSON.
pub static FORMAT: Format = Format {
    name: "kubernetes-metrics",
    reads: "PodMetrics and NodeMetrics of Kubernetes (kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods)",
    example: "{\"kind\":\"PodMetricsList\",\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"items\":[{\"metadata\":{\"name\":\
              \"shop-db-0\"},\"timestamp\":\"2026-03-14T20:00:00Z\",\"containers\":[{\"name\":\"db\",\"usage\":\
              {\"memory\":\"204800Ki\"}}]}]}\n",
    detect: Detect::Objects(&["metrics.k8s.io", "NodeMetrics", "PodMetrics"]),
    parser: |_| Parser::Lines(Box::new(Metrics::default())),
};

#[derive(Debug, Default)]
struct Metrics {
    documents: Documents,
    /// The time of the last sample of each subject. The server measures every 15 to 60 seconds, and gives the same
    /// sample until it measures again.
    last: HashMap<Subject, String>,
}

impl Metrics {
    /// Reads a list of items, or an item; returns whether there was one.
    fn items(&mut self, value: &Value, line: Line<'_>, scope: Scope, out: &mut Sink<'_>) -> bool {
        match value.get("items").and_then(Value::as_array) {
            Some(items) => items.iter().filter(|item| self.item(item, line, scope, out)).count() > 0,
            None => self.item(value, line, scope, out),
        }
    }

    fn item(&mut self, item: &Value, line: Line<'_>, scope: Scope, out: &mut Sink<'_>) -> bool {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let metadata = item.get("metadata").unwrap_or(&Value::Null);
        let Some(name) = text(metadata, "name") else { return false };
        let of_namespace = match text(metadata, "namespace") {
            Some(namespace) => format!("{namespace}/{name}"),
            None => name,
        };
        let mut found = Vec::new();
        match item.get("containers").and_then(Value::as_array).map(Vec::as_slice) {
            None => found.push((Subject::named(SubjectKind::Host, of_namespace), memory(item))),
            // A pod of one container has the memory of it, as `kubectl top` shows it.
            Some([container]) => {
                found.push((Subject::named(SubjectKind::Pod, of_namespace), memory(container)));
            }
            Some(containers) => {
                for container in containers {
                    let name = text(container, "name").unwrap_or_default();
                    let subject = Subject::named(SubjectKind::Container, format!("{of_namespace}/{name}"));
                    found
                        .push((Subject { parent: Some(of_namespace.clone()), ..subject }, memory(container)));
                }
            }
        }
        let time = text(item, "timestamp");
        let mut has_any = false;
        for (subject, memory) in found {
            let Some(memory) = memory else { continue };
            has_any = true;
            if let Some(time) = &time
                && self.last.insert(subject.clone(), time.clone()).as_ref() == Some(time)
            {
                continue;
            }
            let own = time.as_deref().and_then(|time| out.stamp(time));
            let sample = match own {
                Some(own) => out.sample_at(line, subject, Some(own)),
                None => out.sample_in(line, subject, scope),
            };
            sample.set(MEMORY, memory).push();
        }
        has_any
    }
}

/// Returns the memory in use of a container, or of a node: `204800Ki`.
fn memory(of: &Value) -> Option<Measured> {
    let text = of.get("usage")?.get("memory")?.as_str()?;
    size(text, 1.0, Multiples::Decimal).map(super::size::Size::rounded)
}

impl LineParser for Metrics {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        match self.documents.line(line, out)? {
            Next::Document(document, scope) => {
                let is_mine = self.items(&document, line, scope, out);
                Ok(if is_mine { Claim::Mine } else { Claim::NotMine })
            }
            Next::Other(claim) => Ok(claim),
        }
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.documents.finish(out);
        *self = Self::default();
    }
}
