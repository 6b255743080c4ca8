//! The abilities of the output: width and colours.

use anstream::ColorChoice;

/// Columns where the output is no terminal: wide enough for a log viewer, narrow enough for a page.
const PIPED_WIDTH: usize = 100;

/// The abilities of an output.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Width in columns.
    pub width: usize,
    /// Whether colours are shown and wanted.
    pub colour: bool,
}

/// Returns the abilities of standard output. `NO_COLOR`, `CLICOLOR_FORCE` and `TERM=dumb` are honoured; `--color` goes
/// before them.
pub fn of_standard_output(wish: ColorChoice) -> Terminal {
    let stdout = std::io::stdout();
    let colour = match wish {
        ColorChoice::Auto => anstream::AutoStream::choice(&stdout) != ColorChoice::Never,
        ColorChoice::Never => false,
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
    };
    let width = terminal_size::terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0));
    Terminal { width: width.unwrap_or(PIPED_WIDTH), colour }
}

/// Returns the abilities of a file.
pub const fn of_file() -> Terminal {
    Terminal { width: PIPED_WIDTH, colour: false }
}
