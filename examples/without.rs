//! Judges files without one rule, to see on real recordings what that rule is worth.
//!
//! ```text
//! WITHOUT=free-list-drift cargo run --release --example without -- snapshots/*.txt
//! ```
//!
//! prints the document as `leakdiff --format json` does; a scorer may call it in place of leakdiff. Rules are named as
//! in [`leakdiff::verdict::RULES`].

use std::error::Error;

use leakdiff::analysis::{Analysis, Options};
use leakdiff::verdict::{Judge, RULES, Rules};

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::var("WITHOUT").unwrap_or_default();
    let names = RULES.map(|rule| rule.name);
    if !name.is_empty() && !names.contains(&name.as_str()) {
        return Err(format!("no rule \"{name}\"; there are: {}", names.join(", ")).into());
    }
    let judge = Judge { rules: Rules::default().without(&name), ..Judge::default() };
    let mut analysis = Analysis::new(Options { judge, ..Options::default() })?;
    for name in std::env::args().skip(1).filter(|argument| std::path::Path::new(argument).is_file()) {
        let text = std::fs::read_to_string(&name)?;
        analysis.add(&name, &text, text.len() as u64)?;
    }
    println!("{}", serde_json::to_string(&analysis.finish()?)?);
    Ok(())
}
