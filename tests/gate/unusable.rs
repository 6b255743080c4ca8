//! Rows of the table about files and settings that cannot be used.

use super::inputs::{Inputs, partly_unreadable, samples};

/// Makes the inputs of a row; returns the arguments, without `--check`. `None`: the row is of another kind.
pub fn make(case: &str, to: &Inputs) -> Option<Vec<&'static str>> {
    let steady = samples(60, 0);
    match case {
        "a named file is not there" => return Some(vec!["gone.txt"]),
        "a named file cannot be used, beside one that can" => {
            to.file("a.txt", steady);
            return Some(vec!["a.txt", "gone.txt"]);
        }
        "a named file is empty" => {
            to.file("a.txt", steady);
            to.file("b.txt", "");
            return Some(vec!["a.txt", "b.txt"]);
        }
        "a named file has nothing to do with memory" => {
            to.file("a.txt", steady);
            to.file("b.txt", "The logs of one night.\n");
            return Some(vec!["a.txt", "b.txt"]);
        }
        "no record of a named file can be read" => {
            to.file("a.txt", steady);
            to.file("b.txt", partly_unreadable(0, 30));
            return Some(vec!["a.txt", "b.txt"]);
        }
        "nothing can be unpacked of a named archive" => {
            to.file("a.txt", steady);
            to.file("b.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
            return Some(vec!["a.txt", "b.gz"]);
        }
        "nothing is left after `--since`, `--until`, `--include` or `--metric`" => {
            to.file("a.txt", steady);
            return Some(vec!["a.txt", "--since", "2030-01-01"]);
        }
        "a setting has a value that it cannot have" => {
            to.file("a.txt", steady);
            return Some(vec!["a.txt", "--allow-unread", "5"]);
        }
        "`leakdiff.toml` has a value that its setting cannot have" => {
            to.file("a.txt", steady);
            to.file("leakdiff.toml", "allow-unread = 0.05\n");
        }
        "`leakdiff.toml` has a key that is no setting" => {
            to.file("a.txt", steady);
            to.file("leakdiff.toml", "max-grwoth = '1MiB/h'\n");
        }
        "the baseline is not there" => {
            to.file("a.txt", steady);
            return Some(vec!["a.txt", "--baseline", "gone.json"]);
        }
        "the baseline is none" => {
            to.file("a.txt", steady);
            to.file("known.json", "[]");
            return Some(vec!["a.txt", "--baseline", "known.json"]);
        }
        "the report cannot be written" => {
            to.file("a.txt", steady);
            return Some(vec!["a.txt", "-o", "nowhere/report"]);
        }
        "the report would overwrite an input" => {
            to.file("a.txt", steady);
            return Some(vec!["a.txt", "-o", "./a.txt"]);
        }
        _ => return None,
    }
    Some(vec!["a.txt"])
}
