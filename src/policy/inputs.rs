//! Inputs of which something was not read: growth may lie in it.

use super::limits::Broken;
use super::rule::Rule;
use super::types::{Cause, Finding, Limits, Subject};
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
    /// Forms of memory logs that are known by sight, and not read.
    pub not_read: Vec<SeenForm>,
}

/// Returns the findings on an input that was read.
#[must_use]
pub fn of_input(facts: &InputFacts, limits: &Limits) -> Vec<Finding> {
    let InputFacts { name, not_read, .. } = facts;
    let forms =
        not_read.iter().map(|form| Broken { rule: Rule::NotRead, cause: Cause::NotRead(form.clone()) });
    let broken = too_much_unread(facts, limits).into_iter().chain(forms);
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
    let most = limits.most_unread;
    (unreadable as f64 > most * all as f64)
        .then_some(Broken { rule: Rule::IncompleteInput, cause: Cause::Unread { unreadable, all, most } })
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
            let limits = Limits { most_unread, ..Limits::default() };
            let facts = InputFacts { name: "a.log".to_owned(), records, unreadable, not_read: Vec::new() };
            let rules: Vec<Rule> = of_input(&facts, &limits).iter().map(|finding| finding.rule).collect();
            let expected = if found { vec![Rule::IncompleteInput] } else { Vec::new() };
            assert_eq!(rules, expected, "{unreadable} beside {records}, at most {most_unread}");
        }
    }
}
