//! What the place that is written to can show.

use anstream::ColorChoice;

/// Columns of an output that is no terminal: wide enough for a log viewer, narrow enough for a page.
const PIPED_WIDTH: usize = 100;

/// What an output can show.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Its width in columns.
    pub width: usize,
    /// Whether it shows colours, and the user wants them.
    pub colour: bool,
}

/// Standard output. `NO_COLOR`, `CLICOLOR_FORCE` and `TERM=dumb` are honoured; `--color` goes before them.
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

/// A file.
pub const fn of_file() -> Terminal {
    Terminal { width: PIPED_WIDTH, colour: false }
}
