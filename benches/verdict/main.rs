//! The bench of the verdict: series whose future is known, printed as logs print them, and the verdicts on them.
//!
//! `cargo bench --bench verdict` prints Markdown tables. Every series follows from the seed, its family, its length
//! and its number alone.

mod bench;
mod dice;
mod dump;
mod families;
mod observe;
mod one_sided;
mod options;
mod real;
mod rivals;
mod subject;
mod tables;
mod trend_test;
mod work;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use bench::Bench;
use options::{Options, USAGE};

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--help") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let mut options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if options.dump {
        dumped(&options, &mut out)
    } else if options.recordings {
        write!(out, "{}", tables::of_recordings(&options))
    } else if options.real {
        write!(out, "{}", tables::of_real(&options))
    } else if options.leave_one_out {
        write!(out, "{}", tables::of_parts(&mut options))
    } else {
        judged(&options, &mut out)
    };
    match written.and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Prints all series, a line each.
fn dumped(options: &Options, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", dump::HEAD)?;
    for family in &options.families {
        for line in work::of_each(&[*family], options, dump::line) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Judges all series and prints the tables.
fn judged(options: &Options, out: &mut impl Write) -> io::Result<()> {
    let bench = Bench::run(options);
    write!(out, "{}", tables::of(&bench))?;
    if options.many_sites {
        write!(out, "{}", tables::of_recordings(options))?;
        write!(out, "{}", tables::of_many_sites(options))?;
        write!(out, "{}", tables::of_real(options))?;
    }
    Ok(())
}
