//! One of several replicas that grows.

use std::ops::Range;

use foldhash::HashMap;

use super::types::HintEvidence;
use crate::insight::primary_metric;
use crate::model::SubjectKind;
use crate::verdict::{JudgedProcess, Verdict};

/// Replicas that make one of them an exception.
const LEAST: usize = 4;

/// Returns the evidence for each process that is the only one of its replicas to grow.
pub fn outliers(ranges: &[Range<usize>], series: &[JudgedProcess]) -> Vec<Option<HintEvidence>> {
    let mut of_service: HashMap<(SubjectKind, String), Vec<usize>> = HashMap::default();
    for (number, range) in ranges.iter().enumerate() {
        let Some(first) = series.get(range.start).map(|judged| &judged.process) else { continue };
        let name = first.process.as_deref().or(first.subject.name.as_deref()).unwrap_or(first.source());
        of_service.entry((first.subject.kind, service(name))).or_default().push(number);
    }
    let mut found = vec![None; ranges.len()];
    for members in of_service.into_values().filter(|members| members.len() >= LEAST) {
        let verdict = |number: usize| {
            let group = &series[ranges[number].clone()];
            group[primary_metric(group)].trend.verdict
        };
        let (growing, others): (Vec<usize>, Vec<usize>) =
            members.iter().partition(|&&number| verdict(number) == Verdict::Growing);
        let [one] = growing.as_slice() else { continue };
        // Where the others are undecided, too, nothing is known of them.
        if others.iter().all(|&number| verdict(number) != Verdict::Unclear) {
            found[*one] = Some(HintEvidence::Replicas { growing: 1, of: members.len() as u64 });
        }
    }
    found
}

/// Returns a name without the words that tell replicas apart: numbers, hashes, and the ending that a cluster gives to a
/// pod.
fn service(name: &str) -> String {
    let words: Vec<&str> = name.split(['-', '.', '_', ':', '/', ' ', '@', '#']).collect();
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let hashed = words.len() > 2 && words.iter().rev().nth(1).is_some_and(|word| has_digit(word));
    let kept = words.iter().enumerate().filter(|(place, word)| {
        let is_ending = hashed && *place + 1 == words.len() && word.len() == 5;
        !has_digit(word) && !is_ending
    });
    kept.map(|(_, word)| *word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::service;

    #[test]
    fn replicas_have_one_name() {
        for (name, expected) in [
            ("api-7d9f8b6c5-x2x4z", "api"),
            ("api-7d9f8b6c5-qwert", "api"),
            ("web-0", "web"),
            ("pods/web-12.txt", "pods-web-txt"),
            ("celery worker 3", "celery-worker"),
            ("postgres", "postgres"),
        ] {
            assert_eq!(service(name), expected, "{name}");
        }
        assert_ne!(service("api-1"), service("web-1"));
    }
}
