//! Rows of the table about comparisons.

use super::inputs::{Inputs, gzip, noisy_samples, partly_unreadable, samples, samples_of};

/// Makes two recordings to be compared; returns the arguments, without `--check`. `None`: the row is of another kind.
pub fn make(case: &str, to: &Inputs) -> Option<Vec<&'static str>> {
    let cut = |text: &str| gzip(text)[..gzip(text).len() * 3 / 4].to_vec();
    let named = |name: &str, gain| samples_of(&format!("Name: {name}\n"), 100_000, 60, gain);
    let (before, after) = match case {
        "`--compare`: something grows that did not grow before" => (samples(60, 0), samples(60, 200)),
        "`--compare`: something grows that was not there before" => {
            (named("a", 0), named("a", 0) + &named("b", 200))
        }
        "`--compare`: something grows faster than before" => (samples(60, 100), samples(60, 400)),
        "`--compare`: something grows as before" => (samples(60, 200), samples(60, 200)),
        "`--compare`: one of the recordings has too few samples" => (samples(60, 0), samples(4, 0)),
        "`--compare`: one of the recordings is cut" => {
            to.file("before.gz", cut(&noisy_samples()));
            to.file("after.txt", samples(60, 0));
            return Some(vec!["--compare", "before.gz", "after.txt"]);
        }
        "`--compare`: too many records of one of them cannot be read" => {
            (samples(60, 0), partly_unreadable(90, 10))
        }
        _ => return None,
    };
    to.file("before.txt", before);
    to.file("after.txt", after);
    Some(vec!["--compare", "before.txt", "after.txt"])
}
