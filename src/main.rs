//! The program. The library documents it.

use std::process::ExitCode;

fn main() -> ExitCode {
    leakdiff::cli::run()
}
