//! Judges files without one part of the procedure, to see on real recordings what that part is worth.
//!
//! ```text
//! WITHOUT=trails cargo run --release --example without -- snapshots/*.txt
//! ```
//!
//! prints the document as `leakdiff --format json` does; a scorer may call it in place of leakdiff. Parts are named as
//! in [`leakdiff::verdict::Part::ALL`].

use std::error::Error;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::verdict::{Part, Parts, Thresholds};

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::var("WITHOUT").unwrap_or_default();
    let part = Part::ALL.into_iter().find(|(_, name)| *name == wanted);
    if part.is_none() && !wanted.is_empty() {
        let names: Vec<&str> = Part::ALL.into_iter().map(|(_, name)| name).collect();
        return Err(format!("no part \"{wanted}\"; there are: {}", names.join(", ")).into());
    }
    let parts = part.map_or_else(Parts::default, |(part, _)| Parts::all_but(part));
    let thresholds = Thresholds { parts, ..Thresholds::default() };
    let mut analysis = Analysis::new(Options { thresholds, ..Options::default() })?;
    for name in std::env::args().skip(1).filter(|argument| std::path::Path::new(argument).is_file()) {
        let text = std::fs::read_to_string(&name)?;
        analysis.add(&name, &text, text.len() as u64)?;
    }
    println!("{}", serde_json::to_string(&analysis.finish())?);
    Ok(())
}
