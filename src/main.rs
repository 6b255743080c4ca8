//! The program; the library says what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    leakdiff::cli::run()
}
