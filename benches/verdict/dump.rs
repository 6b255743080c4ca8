//! The series themselves, a line each, for studies by other means.

use std::fmt::Write as _;

use crate::observe::Observed;

/// The names of the fields of [`line`].
pub const HEAD: &str = "family,truth,n,kind,half_width,snr,growth,noise,periods,rate_per_step,values";

/// One series: fields between commas, the values of the prefix between blanks.
pub fn line(of: &Observed) -> String {
    let facts = &of.facts;
    let mut line = format!(
        "{},{},{},{},{},{},{},{},{},{},",
        of.family.name,
        of.truth.name(),
        of.y.len(),
        of.kind.name(),
        of.half_width(),
        facts.snr,
        facts.growth,
        facts.noise,
        facts.periods,
        of.rate
    );
    for (k, value) in of.y.iter().enumerate() {
        // Writing into a string cannot fail.
        let _ = write!(line, "{}{value}", if k > 0 { " " } else { "" });
    }
    line
}
