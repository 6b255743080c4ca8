//! Text on its way to people: paragraphs wrapped to the width, colours where they are wanted.

use std::io;

use anstyle::{AnsiColor, Style as Paint};

use super::Style;
use super::untrusted::{for_ascii, no_command};
use crate::verdict::Verdict;

/// Text that need not be read.
pub const FAINT: Paint = Paint::new().dimmed();
/// Text that is to be read first.
pub const STRONG: Paint = Paint::new().bold();

/// The colour of a verdict.
pub const fn paint(word: Verdict) -> Paint {
    match word {
        Verdict::Growing => AnsiColor::Red.on_default().bold(),
        Verdict::Unclear => AnsiColor::Yellow.on_default(),
        Verdict::Settled | Verdict::Steady => AnsiColor::Green.on_default(),
        Verdict::Shrinking => AnsiColor::Cyan.on_default(),
    }
}

/// Lines on their way out.
pub struct Page<'a> {
    /// Their style.
    pub style: &'a Style,
    lines: Vec<String>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub const fn new(style: &'a Style) -> Self {
        Self { style, lines: Vec::new() }
    }

    /// The text in a colour, where colours are wanted.
    pub fn painted(&self, text: &str, paint: Paint) -> String {
        if self.style.colour && !text.is_empty() {
            format!("{paint}{text}{paint:#}")
        } else {
            text.to_owned()
        }
    }

    /// An empty line, unless there is one already or the page begins.
    pub fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// A line that is painted and no wider than the page.
    pub fn line(&mut self, line: String) {
        self.lines.push(line);
    }

    /// A paragraph, wrapped at blanks, since a date or a path is not to end at a hyphen; its further lines are
    /// indented.
    pub fn paragraph(&mut self, text: &str, first: &str, further: &str, paint: Paint) {
        let plain = |text: &str| if self.style.ascii { in_ascii(text) } else { text.to_owned() };
        let (text, first) = (plain(text), plain(first));
        let options = textwrap::Options::new(self.style.width)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .initial_indent(&first)
            .subsequent_indent(further);
        for line in textwrap::wrap(&text, options) {
            let line = self.painted(&line, paint);
            self.lines.push(line);
        }
    }

    /// Writes the page, without blanks at its end.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let end = self.lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        self.lines.iter().take(end).try_for_each(|line| writeln!(out, "{}", no_command(line.trim_end())))
    }
}

/// The signs that a page itself uses, in ASCII; all others as escapes.
fn in_ascii(text: &str) -> String {
    for_ascii(&text.replace(['–', '•'], "-").replace('²', "2").replace('→', "->"))
}
