//! Inputs of which something was not read: growth may lie in it.

use super::limits::Broken;
use super::rule::Rule;
use super::types::{Cause, Finding, Limits, MOST_UNREAD, Recurring, Subject};
use crate::model::SeenForm;

/// The part of an input that was read, and the parts that were not.
#[derive(Debug, Clone, Default)]
pub struct InputFacts {
    /// Its name.
    pub name: String,
    /// Number of records that were read.
    pub records: u64,
    /// Number of lines that begin like a record and could not be read.
    pub unreadable: u64,
    /// Number of samples of the subject that has the most of them, or of snapshots.
    pub most_samples: u64,
    /// The unreadable records that are alike, if several are.
    pub alike: Option<Recurring>,
    /// Forms of memory logs that are known by sight, and not read.
    pub not_read: Vec<SeenForm>,
}

/// Fewer records that are alike are no series.
const LEAST_OF_SERIES: u64 = 5;

/// Returns the findings on an input that was read.
#[must_use]
pub fn of_input(facts: &InputFacts, limits: &Limits) -> Vec<Finding> {
    let InputFacts { name, not_read, .. } = facts;
    let forms =
        not_read.iter().map(|form| Broken { rule: Rule::NotRead, cause: Cause::NotRead(form.clone()) });
    let broken = too_much_unread(facts, limits).or_else(|| recurs(facts, limits)).into_iter().chain(forms);
    broken.map(|Broken { rule, cause }| of(name, rule, cause)).collect()
}

/// Returns the finding on an input that could not be read to its end, for this reason.
#[must_use]
pub fn incomplete(name: &str, reason: &str) -> Finding {
    of(name, Rule::IncompleteInput, Cause::Incomplete(reason.to_owned()))
}

/// Returns the finding on an input that is a form which is not read.
#[must_use]
pub fn not_read(name: &str, kind: &str) -> Finding {
    of(name, Rule::NotRead, Cause::NotRead(SeenForm { kind: kind.to_owned(), line: 0 }))
}

fn of(name: &str, rule: Rule, cause: Cause) -> Finding {
    Finding { rule, subject: Subject::Input(name.to_owned()), cause, known: None }
}

/// More records that could not be read than are accepted.
#[allow(clippy::cast_precision_loss)]
fn too_much_unread(facts: &InputFacts, limits: &Limits) -> Option<Broken> {
    let InputFacts { records, unreadable, .. } = *facts;
    let all = unreadable.saturating_add(records);
    let most = limits.most_unread.unwrap_or(MOST_UNREAD);
    (unreadable as f64 > most * all as f64)
        .then_some(Broken { rule: Rule::IncompleteInput, cause: Cause::Unread { unreadable, all, most } })
}

/// Few records that could not be read, and as many as half of the samples of a process: they may be all of another one,
/// where those that broke off here and there are not alike. A share that is asked for accepts them.
fn recurs(facts: &InputFacts, limits: &Limits) -> Option<Broken> {
    let alike = facts.alike.as_ref().filter(|_| limits.most_unread.is_none())?;
    let is_series = alike.records >= LEAST_OF_SERIES && 2 * alike.records >= facts.most_samples;
    is_series.then(|| Broken { rule: Rule::IncompleteInput, cause: Cause::Recurs(Box::new(alike.clone())) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_in_a_hundred_may_be_unreadable() {
        for (unreadable, records, most_unread, found) in [
            (0, 0, 0.01, false),
            (0, 100, 0.01, false),
            (1, 99, 0.01, false),
            (1, 98, 0.01, true),
            (10, 990, 0.01, false),
            (11, 989, 0.01, true),
            (5, 95, 0.05, false),
            (6, 94, 0.05, true),
            (1, 1_000_000, 0.0, true),
            (99, 1, 1.0, false),
            (u64::MAX, u64::MAX, 0.01, true),
        ] {
            let limits = Limits { most_unread: Some(most_unread), ..Limits::default() };
            let facts = InputFacts { records, unreadable, ..InputFacts::default() };
            let rules: Vec<Rule> = of_input(&facts, &limits).iter().map(|finding| finding.rule).collect();
            let expected = if found { vec![Rule::IncompleteInput] } else { Vec::new() };
            assert_eq!(rules, expected, "{unreadable} beside {records}, at most {most_unread}");
        }
    }

    #[test]
    fn records_that_recur_may_be_a_process() {
        for (unreadable, alike, most_samples, most_unread, found) in [
            (60, 60, 60, None, true),
            (60, 30, 60, None, true),
            (60, 29, 60, None, false),
            (60, 60, 60, Some(0.01), false),
            (4, 4, 4, None, false),
            (5, 5, 10, None, true),
        ] {
            let limits = Limits { most_unread, ..Limits::default() };
            let alike = Some(Recurring { records: alike, line: 7, message: "expected kB".to_owned() });
            let facts =
                InputFacts { records: 10_000, unreadable, most_samples, alike, ..InputFacts::default() };
            assert_eq!(of_input(&facts, &limits).len(), usize::from(found), "{facts:?}");
        }
    }
}
