//! Lines that are wholly a date: what `date` prints, and headings.

use super::civil::DateLine;
use super::digits::iso;
use super::headers;
use super::locate::{has_time_shape, text_follows};
use super::prefix::{self, Admitted, Places};
use super::stamp::{simple, stamp_at, whole};

/// Longer lines have no date at their end, as the header of `watch` does.
const LONGEST_HEADER: usize = 400;

/// Longer lines are no dates.
const LONGEST_DATE_LINE: usize = 160;

/// Longer lines without anything like a time are no dates.
const LONGEST_WITHOUT_TIME: usize = 48;

/// Parses a line that is wholly a date, perhaps decorated, and after a prefix or a label.
pub(super) fn date_line(line: &str) -> Option<DateLine<'_>> {
    let line = line.trim();
    if line.len() > LONGEST_DATE_LINE || !line.bytes().any(|b| b.is_ascii_digit()) || is_stamped_text(line) {
        return if line.len() > LONGEST_HEADER { None } else { headers::date(line) };
    }
    // A date without a time of day, or the time since a start.
    let is_short = line.len() <= LONGEST_WITHOUT_TIME;
    let has_shape = has_time_shape(line.as_bytes());
    if !has_shape && !is_short {
        return headers::date(line);
    }
    let bare = without_decoration(line);
    let found =
        whole(line).or_else(|| if bare.len() < line.len() { whole(bare) } else { None }).or_else(|| {
            if has_shape || line.starts_with('[') || prefix::begins_with_label(line) {
                after_prefix(line)
            } else {
                None
            }
        });
    found.or_else(|| headers::date(line)).map(|date| DateLine { text: line, ..date })
}

/// Parses a date that takes up the rest of a line after a prefix or a label.
fn after_prefix(line: &str) -> Option<DateLine<'_>> {
    let mut places = Places::new(line).skip_while(|place| place.at == 0);
    places.find_map(|place| match place.admitted {
        Admitted::WholeDates { .. } => None,
        admitted => {
            let rest = without_decoration(line.get(place.at..)?);
            let stamped = || {
                let (written, end) = stamp_at(line, place.at, admitted)?;
                without_decoration(line.get(end..)?).is_empty().then_some(simple(line, written))
            };
            let elapsed_only = matches!(admitted, Admitted::ElapsedOnly { .. });
            if elapsed_only { stamped() } else { whole(rest).or_else(stamped) }
        }
    })
}

/// Returns a text without the signs around it: `=== … ===`, `[…]`, `# …`, `"…",`.
fn without_decoration(text: &str) -> &str {
    text.trim_matches(|sign: char| "=-*#~<>[](){}|_ \t.:\"',`".contains(sign))
}

/// Whether a line is a stamp in the common form and text after it, too long to be a zone in any notation.
fn is_stamped_text(line: &str) -> bool {
    const LONGEST_DATE: usize = 48;
    let text = line.as_bytes();
    line.len() > LONGEST_DATE && iso(text, 0).is_some_and(|(.., end)| text_follows(text, end))
}
