//! What is wrong with a command line, in the words of all other errors: `--top: expected a whole number, found "five"`.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Error};

use super::flags::Flags;

/// Least likeness (Jaro and Winkler) of a misspelt key and the key that was meant.
const ALIKE: f64 = 0.75;

/// Returns an error of the command line in one line; `None` for what is no error, such as a request for help, and for
/// what has no better words than those that it came with.
pub fn in_words(error: &Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) if !texts.is_empty() => Some(texts.join(", ")),
        _ => None,
    };
    let option = option(&text(ContextKind::InvalidArg)?).to_owned();
    let found = text(ContextKind::InvalidValue).filter(|value| !value.is_empty());
    let found = found.map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"));
    Some(match error.kind() {
        ErrorKind::InvalidValue => match text(ContextKind::ValidValue) {
            Some(names) => {
                let alike = text(ContextKind::SuggestedValue);
                let alike = alike.map_or_else(String::new, |name| format!("; did you mean {name}?"));
                format!("{option}: expected one of {names}, found {found}{alike}")
            }
            None => format!("{option}: expected a value, found nothing"),
        },
        ErrorKind::ValueValidation => {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            format!("{option}: {}, found {found}", expectation(&cause))
        }
        ErrorKind::UnknownArgument => match nearest(option.trim_start_matches('-'), &names()) {
            Some(alike) => format!("there is no option {option}; did you mean --{alike}?"),
            None => format!("there is no option {option}; --help lists them"),
        },
        ErrorKind::ArgumentConflict => {
            let other = text(ContextKind::PriorArg)?;
            if other == text(ContextKind::InvalidArg)? {
                return Some(format!("{option} stands twice"));
            }
            let others: Vec<&str> = other.split(", ").map(self::option).collect();
            format!("{option} cannot be used with {}", others.join(", "))
        }
        ErrorKind::TooManyValues | ErrorKind::NoEquals | ErrorKind::WrongNumberOfValues => {
            format!("{option}: expected {option} or {option}=VALUE, found {found}")
        }
        _ => return None,
    })
}

/// The long names of all options.
fn names() -> Vec<String> {
    let mut command = Flags::command();
    command.build();
    command.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned)).collect()
}

/// Returns the name that is most like another, if any is like it.
pub fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    // One letter that is wrong, missing or swapped with the next is a slip, however short the name.
    let alike = |known: &String| match strsim::osa_distance(name, known) {
        0 | 1 => 1.0,
        _ => strsim::jaro_winkler(name, known),
    };
    let nearest = known.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|n| alike(n) >= ALIKE);
    nearest.map(String::as_str)
}

/// The option alone, of its description: `--quiet` of `--quiet[=<BOOL>]`.
fn option(described: &str) -> &str {
    described.split(['[', ' ', '=', '<']).next().filter(|name| !name.is_empty()).unwrap_or(described)
}

/// The expectation of a value, where the parser of whole numbers says another thing.
fn expectation(cause: &str) -> String {
    if cause.starts_with("expected") || cause.contains("expected ") {
        cause.to_owned()
    } else if let Some((_, range)) = cause.split_once(" is not in ") {
        let (least, most) = range.split_once("..").unwrap_or((range, range));
        let most = most.trim_start_matches('=');
        if most == u64::MAX.to_string() {
            format!("expected a whole number, {least} or more")
        } else {
            format!("expected a whole number from {least} to {most}")
        }
    } else if cause.contains("too large") {
        "expected a smaller number".to_owned()
    } else if cause.contains("digit") || cause.contains("empty string") {
        "expected a whole number".to_owned()
    } else {
        cause.to_owned()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_command_line_is_one_line_in_our_words() {
        for (line, expected) in [
            ("r --top five", "--top: expected a whole number, found \"five\""),
            ("r --top -1", "there is no option -1; --help lists them"),
            ("r --top=-1", "--top: expected a whole number, found \"-1\""),
            (
                "r --top=99999999999999999999",
                "--top: expected a smaller number, found \"99999999999999999999\"",
            ),
            ("r --top", "--top: expected a value, found nothing"),
            (
                "r --domain 4294967296",
                "--domain: expected a whole number from 0 to 4294967295, found \"4294967296\"",
            ),
            ("r --iterations 0", "--iterations: expected a whole number, 1 or more, found \"0\""),
            (
                "r --sort rat",
                "--sort: expected one of growth, rate, gained, size, probability, blocks, name, found \"rat\"; did you mean rate?",
            ),
            (
                "r --since soon",
                "--since: expected a time such as 2024-05-23T11:56:35Z, 2024-05-23, 11:56 or 2h (before the end), found \"soon\"",
            ),
            ("r --limit much", "--limit: expected a size such as 1GiB or 512M, found \"much\""),
            ("r --min-probability 80", "--min-probability: expected a probability from 0 to 1, found \"80\""),
            ("r --tpo 3", "there is no option --tpo; did you mean --top?"),
            ("r --frobnicate", "there is no option --frobnicate; --help lists them"),
            ("r -q -v", "--quiet cannot be used with --verbose"),
            ("r --follow --check", "--follow cannot be used with --check"),
            ("r --compare --baseline x", "--compare cannot be used with --baseline"),
            ("r --top 1 --top 2", "--top stands twice"),
            ("r --no-guess=perhaps", "--no-guess: expected one of true, false, found \"perhaps\""),
        ] {
            let error =
                Flags::command().try_get_matches_from(["leakdiff"].into_iter().chain(line.split(' ')));
            assert_eq!(in_words(&error.unwrap_err()).as_deref(), Some(expected), "{line}");
        }
        for line in ["--help", "--version"] {
            let error = Flags::command().try_get_matches_from(["leakdiff", line]);
            assert_eq!(in_words(&error.unwrap_err()), None, "{line}");
        }
    }
}
