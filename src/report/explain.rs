//! The explanation of the inputs: the format of each and the evidence for it, subjects, times, and lines that could not
//! be read.

use std::io::{self, Write};

use super::document::{
    Gap, Input, InputSpan, MeasuredSubject, NotUnderstood, Recognised, SubjectRow, TimeBaseCode,
};
use super::quantity::{count, counted, duration};
use super::untrusted::{for_terminal, no_command};
use crate::model::SubjectKind;

/// Subjects that are listed one by one.
const MOST_SUBJECTS: usize = 8;
/// The width of the labels.
const LABEL: usize = 12;

/// Writes the explanation of all inputs.
///
/// # Errors
/// Those of the writer.
pub fn explain(inputs: &[Input], out: &mut dyn Write) -> io::Result<()> {
    for (place, input) in inputs.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        explain_input(input, out)?;
    }
    Ok(())
}

fn explain_input(input: &Input, out: &mut dyn Write) -> io::Result<()> {
    let Input {
        path,
        format: _,
        bytes: _,
        lines,
        records: _,
        unreadable_lines,
        snapshots,
        recognised,
        span,
        subjects,
        not_understood,
    } = input;
    let times = match *snapshots {
        1 => "1 snapshot or time".to_owned(),
        several => format!("{} snapshots or times", count(several)),
    };
    let first = format!("{}: {}, {times}", for_terminal(path), counted(*lines, "line"));
    writeln!(out, "{}", no_command(&first))?;
    for found in recognised {
        row(out, "format", &format(found))?;
        if let (Some(line), Some(text)) = (found.line, &found.text) {
            row(out, "", &format!("first in line {}: {}", count(line), for_terminal(text)))?;
        }
    }
    for measured in subjects.iter().take(MOST_SUBJECTS) {
        row(out, "measured", &subject(measured))?;
    }
    if subjects.len() > MOST_SUBJECTS {
        let more = (subjects.len() - MOST_SUBJECTS) as u64;
        row(out, "", &format!("and {} more", count(more)))?;
    }
    match span {
        Some(span) => {
            row(out, "times", &times_of(span))?;
            for gap in &span.gaps {
                row(out, "gap", &gap_of(gap))?;
            }
        }
        None => row(out, "times", "none: only the order of the records is known")?,
    }
    if *unreadable_lines > 0 {
        row(out, "not read", &format!("{}, such as", counted(*unreadable_lines, "line")))?;
        for NotUnderstood { line, message } in not_understood {
            row(out, "", &format!("line {}: {}", count(*line), for_terminal(message)))?;
        }
    }
    Ok(())
}

fn row(out: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
    writeln!(out, "{}", no_command(&format!("  {label:LABEL$}{text}")))
}

fn format(found: &Recognised) -> String {
    let Recognised { format, records, unreadable_lines: _, line: _, text: _ } = found;
    format!("{format}: {}", counted(*records, "record"))
}

fn subject(measured: &MeasuredSubject) -> String {
    let MeasuredSubject { subject, samples, snapshots } = measured;
    let name = match subject {
        Some(SubjectRow { kind, name, id, parent }) => {
            let id = id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            let name = name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let parent = parent.as_ref().map(|parent| format!(" of {parent}")).unwrap_or_default();
            for_terminal(&format!("{}{name}{id}{parent}", kind_name(*kind)))
        }
        None => "not named".to_owned(),
    };
    let mut counts = Vec::new();
    if *samples > 0 {
        counts.push(counted(*samples, "sample"));
    }
    if *snapshots > 0 {
        counts.push(counted(*snapshots, "snapshot"));
    }
    format!("{name}: {}", counts.join(", "))
}

const fn kind_name(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Process => "process",
        SubjectKind::Container => "container",
        SubjectKind::Pod => "pod",
        SubjectKind::Cgroup => "control group",
        SubjectKind::Host => "host",
        SubjectKind::Heap => "heap of process",
    }
}

fn times_of(span: &InputSpan) -> String {
    let InputSpan { base, start, end, start_seconds, end_seconds, usual_step_seconds, gaps: _ } = span;
    let length = duration(end_seconds - start_seconds);
    let from_to = match (start, end) {
        (Some(start), Some(end)) => format!("{} to {} ({length})", start.to_second(), end.to_second()),
        _ => format!("{length} from first to last"),
    };
    let clock = match base {
        TimeBaseCode::Utc => "",
        TimeBaseCode::Yearless => "; the year is not known",
        TimeBaseCode::Clock => "; times of day, their date is not known",
        TimeBaseCode::Elapsed => "; seconds since the start",
        TimeBaseCode::Index => "; no times",
    };
    let step =
        usual_step_seconds.map(|step| format!(", mostly {} apart", duration(step))).unwrap_or_default();
    format!("{from_to}{step}{clock}")
}

fn gap_of(gap: &Gap) -> String {
    let Gap { after, after_seconds, seconds } = gap;
    let from =
        after.map_or_else(|| format!("{} after the first", duration(*after_seconds)), |at| at.to_second());
    format!("{} without records, from {from}", duration(*seconds))
}
