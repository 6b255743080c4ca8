//! The rows of hints.

use crate::assessment::Assessment;
use crate::insight::{Hint, HintSubject};
use crate::report::document::HintRow;
use crate::report::wording;

/// Returns the rows of all hints.
pub fn hint_rows(assessment: &Assessment) -> Vec<HintRow> {
    assessment.hints.iter().filter_map(|hint| hint_row(hint, assessment)).collect()
}

fn hint_row(hint: &Hint, assessment: &Assessment) -> Option<HintRow> {
    let Hint { id, subject, evidence } = hint;
    let (subject, source, process) = match *subject {
        HintSubject::Process(first) => {
            let process = &assessment.processes.get(first)?.process;
            ((&process.subject).into(), Some(process.source().to_owned()), process.process.clone())
        }
        HintSubject::Heap(number) => {
            let heap = assessment.histories.get(number)?;
            ((&heap.subject).into(), heap.source.clone(), None)
        }
    };
    Some(HintRow {
        id: *id,
        subject,
        source,
        process,
        text: wording::hint(*id, evidence),
        evidence: evidence.clone(),
        test: wording::hint_test(*id).to_owned(),
    })
}
