//! The end of the program: exit codes, and errors on standard error.

use std::io::{self, Write};
use std::path::Path;

use crate::error::Error;
use crate::report::untrusted::{for_terminal, no_command};

/// Analysed, and no finding.
pub const EXIT_OK: u8 = 0;
/// With `--check`: a finding.
pub const EXIT_FINDINGS: u8 = 1;
/// The command line is wrong, or an input could not be used.
pub const EXIT_ERROR: u8 = 2;

/// Returns the error of writing to a file or to standard output. A reader that is gone (`leakdiff … | head`) is none:
/// the exit code is that of the analysis.
pub fn written(file: Option<&Path>, result: io::Result<()>) -> Result<(), Error> {
    match result {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            let path = file.map_or_else(|| "-".to_owned(), |file| file.display().to_string());
            Err(Error::Unwritable { path, cause })
        }
        _ => Ok(()),
    }
}

/// Writes an error to standard error. It may quote a log, so that control characters and commands of CI runners are
/// escaped.
pub fn report_error(message: &str) {
    let safe = message.lines().map(|line| no_command(&for_terminal(line)).into_owned());
    let safe: Vec<String> = safe.collect();
    // Nothing can be done if standard error is closed.
    let _ = writeln!(io::stderr(), "leakdiff: {}", safe.join("\n"));
}
