//! The cells of a change, but its name.

use super::document::{Change, Difference};
use super::words::rate_or_verdict;
use crate::report::Style;
use crate::report::quantity::{p_value, rate};
use crate::verdict::Rate;

/// The difference with its interval, all in the unit of the larger end.
fn difference(difference: Option<&Difference>, style: &Style) -> (String, String, String) {
    let Some(Difference { value, low, high, unit, p }) = difference else { return Default::default() };
    let largest = [*low, *high].into_iter().fold(*value, |a, b| if b.abs() > a.abs() { b } else { a });
    // A difference of nothing has no unit of its own.
    let scale = if *value == 0.0 { largest } else { *value };
    let shown = rate(&Rate { value: scale, low: Some(*low), high: Some(*high), unit: *unit }, style.units);
    let sign = if *value > 0.0 { "+" } else { "" };
    let value = if *value == 0.0 { "0".to_owned() } else { format!("{sign}{}{}", shown.value, shown.per) };
    let unit = shown.value.rsplit(' ').next().unwrap_or_default();
    (value, format!("{} {unit}{}", shown.interval, shown.per), p_value(*p))
}

pub(super) const HEADINGS: [(&str, bool); 7] = [
    ("change", false),
    ("before", true),
    ("after", true),
    ("difference", true),
    ("95 %", false),
    ("p", true),
    ("what", false),
];

pub(super) fn cells(change: &Change, style: &Style) -> [String; 6] {
    let (value, interval, p) = difference(change.difference.as_ref(), style);
    let Change { kind: _, name: _, moved_from: _, direction, before, after, difference: _ } = change;
    [
        direction.as_str().to_owned(),
        rate_or_verdict(before.as_ref(), style.units),
        rate_or_verdict(after.as_ref(), style.units),
        value,
        interval,
        p,
    ]
}
