//! Outputs for people and programs: one file per output, all taking their part from one [`Report`].

pub mod assemble;
mod change;
mod chart;
mod check;
mod columns;
mod csv;
pub mod document;
mod explain;
mod github;
mod headline;
mod hints;
pub(crate) mod html;
mod json;
mod junit;
mod markdown;
mod names;
mod output_format;
pub(crate) mod page;
pub(crate) mod quantity;
#[cfg(test)]
#[allow(clippy::expect_used)]
mod sample;
mod sarif;
mod selection;
mod sentence;
mod sparkline;
mod streamed;
mod table;
pub mod untrusted;
mod wording;

pub use change::changes;
pub use document::Report;
pub use explain::explain;
pub use output_format::{Detail, OutputFormat, Style};
pub use quantity::Units;

/// All outputs, in the order in which help lists them.
pub const OUTPUT_FORMATS: &[&dyn OutputFormat] = &[
    &table::Table,
    &json::Json,
    &csv::Csv,
    &markdown::Markdown,
    &html::Html,
    &junit::Junit,
    &github::Github,
    &sarif::Sarif,
];

/// The output of a name, if there is one.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn OutputFormat> {
    OUTPUT_FORMATS.iter().copied().find(|format| format.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (i, format) in OUTPUT_FORMATS.iter().enumerate() {
            assert!(OUTPUT_FORMATS[..i].iter().all(|other| other.name() != format.name()));
            assert!(by_name(format.name()).is_some());
        }
        assert!(by_name("pdf").is_none());
    }
}
