//! The contract between the dispatcher and a format.

use super::line::{Claim, Damage, Line};
use super::options::{ColumnOptions, Grouping, OwnWords};
use super::pattern::Pattern;
use super::sink::Sink;
use super::work_key::WorkKey;
use crate::bounds::Bounds;

/// A way in which memory is written down: one entry of [`super::FORMATS`].
#[derive(Debug)]
pub struct Format {
    /// Its name, for `--input-format` and for documents.
    pub name: &'static str,
    /// Its content, in one sentence with an example: for help, and where nothing was recognised.
    pub reads: &'static str,
    /// A text that is recognised as exactly this format.
    pub example: &'static str,
    /// The evidence by which a source that holds it is recognised.
    pub detect: Detect,
    /// Makes a parser, which reads one source after the other.
    pub parser: fn(&FormatOptions) -> Parser,
}

impl Format {
    /// Whether its records are guesses: they stand beside those of other formats, and count where there are no others.
    #[must_use]
    pub const fn is_guess(&self) -> bool {
        matches!(self.detect, Detect::Words(_))
    }

    /// Whether a source that begins with these bytes is a document of this format.
    #[must_use]
    pub fn begins(&self, head: &[u8]) -> bool {
        match self.detect {
            Detect::Magic(beginnings) => beginnings.iter().any(|beginning| head.starts_with(beginning)),
            Detect::Bytes(holds) => holds(head),
            Detect::Needles(_)
            | Detect::Objects(_)
            | Detect::Words(_)
            | Detect::Head(_)
            | Detect::AllLines
            | Detect::Json(_) => false,
        }
    }
}

/// The evidence of a format in a source.
#[derive(Debug, Clone, Copy)]
pub enum Detect {
    /// Each line of text that holds a record has at least one of these texts. Others are never shown to the parser,
    /// unless they follow a line that it claimed with [`Claim::MoreBelow`].
    Needles(&'static [&'static str]),
    /// The same, of documents of JSON in a line or over several, between other lines. The parser is shown their lines
    /// as they are; objects of other formats are taken apart, and their texts are shown.
    Objects(&'static [&'static str]),
    /// Each line of text that may hold a record has at least one of these texts, and most lines that have one hold
    /// none: a guess. Lines are shown to the parser where no other format claims them; it gathers what it finds, claims
    /// none, and hands its records over at the end.
    Words(&'static [&'static str]),
    /// The beginning of the text ([`HEAD_BYTES`], or its first lines) is that of a source of this format, whose records
    /// have no needles: a table of plain numbers. The parser is shown all lines.
    Head(fn(&str) -> bool),
    /// The parser is shown all lines.
    AllLines,
    /// The source begins with one of these bytes. It is shown as a whole.
    Magic(&'static [&'static [u8]]),
    /// The beginning of the bytes (at least [`HEAD_BYTES`], or all of a shorter source) is that of a document of this
    /// format, which has no mark of its own. It is shown as a whole.
    Bytes(fn(&[u8]) -> bool),
    /// The beginning of the text ([`HEAD_BYTES`], or its first lines) is that of a JSON document of this format. It is
    /// shown as a whole.
    Json(fn(&str) -> bool),
}

/// Bytes of a source that [`Detect::Head`], [`Detect::Magic`], [`Detect::Bytes`] and [`Detect::Json`] are asked about,
/// unless its first lines are longer or it is shorter.
pub const HEAD_BYTES: usize = 4096;

/// Options of the command line that change how a format reads.
#[derive(Debug, Clone, Default)]
pub struct FormatOptions {
    /// Whether the format was asked for by its name, so that even weak evidence is to be read.
    pub asked_for: bool,
    /// What the user says of columns and numbers.
    pub columns: ColumnOptions,
    /// Whether sizes in a program's own words are read.
    pub words: OwnWords,
    /// The groups that blocks with stacks are added up in.
    pub grouping: Grouping,
    /// The count of work, if the user gives one.
    pub work: Option<WorkKey>,
    /// The pattern of lines with sizes, if the user gives one.
    pub pattern: Option<Pattern>,
    /// The most that is read.
    pub bounds: Bounds,
}

/// A parser of one format.
pub enum Parser {
    /// Reads lines of text.
    Lines(Box<dyn LineParser>),
    /// Reads a whole source, of bounded size.
    Document(Box<dyn DocumentParser>),
}

/// Parses the lines of one format, source after source.
///
/// A parser sees no dates. The sink knows the time and the worker of each record by what stands before it in its line,
/// and by the lines above it.
pub trait LineParser: Send {
    /// Parses a line that holds one of the format's needles, or follows a line that was claimed with
    /// [`Claim::MoreBelow`].
    ///
    /// # Errors
    /// Returns the damage of a line that is a record of this format and cannot be read. It counts as claimed.
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage>;

    /// Parses a line amid those of other formats that none of them claims, where the beginning of the source was not
    /// that of this format ([`Detect::Head`]). Only lines that end with a size with its unit are sure to be shown.
    ///
    /// # Errors
    /// Returns the damage of a record that cannot be read, as [`Self::line`] does.
    fn amid(&mut self, _line: Line<'_>, _out: &mut Sink<'_>) -> Result<Claim, Damage> {
        Ok(Claim::NotMine)
    }

    /// Whether the next line is to be shown to this parser, whatever it holds and whatever came of the last one: below
    /// the header of a table rows have no needles, and dates may stand between them.
    fn follows(&self) -> bool {
        false
    }

    /// Parses the lines at the beginning of `text` that are records in their usual form, and returns the number of
    /// bytes that they take up, line ends included. It stops at the first line that needs a closer look.
    ///
    /// A pure optimisation: what it reads is what [`LineParser::line`] would have read.
    fn bulk(&mut self, _text: &str, _out: &mut Sink<'_>) -> usize {
        0
    }

    /// Hands over records that waited for more lines, when there are none: before the times of the source are resolved,
    /// so that the records may still have times of their own.
    fn end_of_lines(&mut self, _out: &mut Sink<'_>) {}

    /// Ends the source: hands over records that waited for its end, and forgets all that was its own.
    fn finish(&mut self, _out: &mut Sink<'_>) {}
}

/// Parses whole documents of one format.
pub trait DocumentParser: Send {
    /// Parses a document.
    ///
    /// # Errors
    /// Returns the damage of a document that cannot be read to its end. What was read before it is kept.
    fn document(&mut self, bytes: &[u8], out: &mut Sink<'_>) -> Result<(), Damage>;
}
