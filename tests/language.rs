//! One language: words that were retired, and the names in place of them (docs/architecture.md, "Words").
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Metaphors, and the words in place of them. They stand nowhere: in no name, comment, page or output.
const METAPHORS: &[(&str, &str)] = &[
    ("house", "architecture"),
    ("room", "module, buffer"),
    ("rooms", "modules, buffers"),
    ("door", "entry"),
    ("doors", "entries"),
    ("desk", "dispatcher"),
    ("glance", "fast path"),
    ("undressed", "without decoration"),
    ("hearing", "date-order evidence"),
    ("twin", "ordinal, sites of one text"),
    ("twins", "sites of one text"),
    ("sighting", "occurrence"),
    ("sightings", "occurrences"),
    ("unfold", "to_series"),
    ("story", "growth model"),
    ("stories", "growth models"),
    ("tellings", "models"),
    ("lawful", "regular"),
    ("rhythm", "pattern, lockstep"),
    ("clockwork", "periodic"),
    ("staircase", "steps"),
    ("tooth", "period of a sawtooth"),
    ("teeth", "periods of a sawtooth"),
    ("ledger", "baseline matcher"),
    ("thinned", "downsampled"),
    ("behind", "after"),
    ("even score", "break-even score"),
    ("at rest", "not growing"),
    ("measuring code", "profiler"),
    ("nothing to complain of", "no findings"),
];

/// Phrases in which such a word has its plain meaning.
const PLAIN: &[&str] = &[
    "leave behind",
    "leaves behind",
    "left behind",
    "stay behind",
    "nothing behind",
    // `formats::look_behind`: the lines above a record.
    "look behind",
    "break even score",
    // A value of `leakdiff/1` that docs/output.md lists as renamed.
    "tests.stories",
];

/// Words that are no part of a name. In prose they have their plain meaning.
const NAMES: &[(&str, &str)] = &[
    ("seat", "lazy reader"),
    ("waiting", "look-behind"),
    ("habit", "prefix template"),
    ("dress", "notation"),
    ("lives", "segments"),
    ("collapse", "restart"),
    ("collapsed", "restarted"),
    ("course", "site series"),
    ("weigh", "score"),
    ("future", "outlook"),
    ("floors", "lower envelope"),
    ("telling", "primary metric"),
    ("complain", "report error"),
    ("fine", "ok"),
    ("track", "snapshot sequence"),
    ("tracks", "snapshot sequences"),
    ("unsaid", "unknown"),
    ("trail", "free-list drift"),
    ("spare", "buffer"),
    ("outline", "sparkline"),
    ("instrument", "profiler overhead"),
    ("doubt", "ambiguous"),
    ("tell", "report"),
    ("told", "reported"),
];

/// Names of the document, which other programs read.
const OF_THE_DOCUMENT: &[&str] = &["instrument", "outline"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the texts of the files below a folder that have one of the extensions.
fn texts(folders: &[&str], extensions: &[&str]) -> Vec<(String, String)> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|of| extensions.iter().any(|known| of == *known)) {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            if name != "tests/language.rs" {
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Returns the words of a text in lower case, names in `snake_case` and `CamelCase` taken apart, with a blank around
/// each.
fn words(text: &str) -> String {
    let mut words = String::from(" ");
    let mut last = ' ';
    for letter in text.chars() {
        if letter.is_uppercase() && last.is_lowercase() || !letter.is_alphanumeric() && !words.ends_with(' ')
        {
            words.push(' ');
        }
        if letter.is_alphanumeric() {
            words.extend(letter.to_lowercase());
        }
        last = letter;
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Returns the names that a line of code declares: of functions, types, modules, constants, fields and variables.
fn declared(line: &str) -> Vec<&str> {
    const BEFORE: [&str; 10] =
        ["fn ", "struct ", "enum ", "trait ", "mod ", "type ", "const ", "static ", "let ", "let mut "];
    let line = line.trim_start();
    if line.starts_with("//") {
        return Vec::new();
    }
    let end = |rest: &str| rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let mut names: Vec<&str> = BEFORE
        .iter()
        .flat_map(|before| line.match_indices(before))
        .filter(|(at, _)| line[..*at].chars().next_back().is_none_or(|c| !c.is_alphanumeric()))
        .map(|(at, before)| &line[at + before.len()..])
        .map(|rest| &rest[..end(rest)])
        .collect();
    // `name: Type` of a field or a parameter, and a variant.
    let field = line.strip_prefix("pub(super) ").or(line.strip_prefix("pub ")).unwrap_or(line);
    let name = &field[..end(field)];
    if field[name.len()..].starts_with([':', ',', '(', '{']) || field[name.len()..].starts_with(" {") {
        names.push(name);
    }
    names
}

fn is_test(name: &str) -> bool {
    // Names of tests are sentences.
    name.starts_with("tests/") || name.contains("/tests")
}

#[test]
fn retired_words_stand_nowhere() {
    let mut all = texts(
        &[
            "src",
            "tests",
            "benches",
            "docs",
            "README.md",
            "AGENTS.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "action.yml",
        ],
        &["rs", "md", "snap", "yml", "js", "css", "html"],
    );
    // The words of recordings are not ours.
    all.retain(|(name, _)| !name.starts_with("tests/reference"));
    assert!(all.len() > 200, "{} files", all.len());
    let mut found = BTreeSet::new();
    for (name, text) in &all {
        for (number, line) in (1..).zip(text.lines()) {
            let raw = line.replace('_', " ");
            let mut line = words(line);
            for plain in PLAIN {
                line = line.replace(&words(plain), " ");
            }
            for (word, instead) in METAPHORS {
                // A word of two is one only where a blank parts it: `at, rest` are two names.
                if line.contains(&words(word)) && (!word.contains(' ') || raw.to_lowercase().contains(word)) {
                    found.insert(format!("{name}:{number}: {word} (instead: {instead})"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", Vec::from_iter(found).join("\n"));
}

#[test]
fn names_are_the_field_s_words() {
    let mut found = BTreeSet::new();
    let mut declarations = 0;
    for (file, text) in texts(&["src", "benches"], &["rs"]).iter().filter(|(name, _)| !is_test(name)) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in (1..).zip(code.lines()) {
            for name in declared(line) {
                declarations += 1;
                let parts = words(name);
                for (word, instead) in NAMES {
                    if parts.contains(&words(word)) && !OF_THE_DOCUMENT.contains(&name) {
                        found.insert(format!("{file}:{number}: {name} (instead of {word}: {instead})"));
                    }
                }
            }
        }
    }
    assert!(declarations > 2000, "{declarations} names");
    assert!(found.is_empty(), "{}", Vec::from_iter(found).join("\n"));
}

#[test]
fn prose_is_no_wider_than_120_columns() {
    let all = texts(
        &["src", "tests", "benches", "docs", "README.md", "AGENTS.md", "CHANGELOG.md", "CONTRIBUTING.md"],
        &["rs", "md"],
    );
    let mut found = Vec::new();
    for (name, text) in &all {
        // Outputs of the program are as wide as they are.
        if name.starts_with("tests/commands") {
            continue;
        }
        let mut in_block = false;
        for (number, line) in (1..).zip(text.lines()) {
            let is_comment = line.trim_start().starts_with("//");
            let text = line.trim_start().trim_start_matches(['/', '!']).trim_start();
            in_block ^= text.starts_with("```");
            // A row of a table and a line of an example cannot be wrapped.
            let line_of_prose = (is_comment || name.ends_with(".md"))
                && !in_block
                && !text.starts_with('|')
                && !text.contains("](http");
            if line_of_prose && line.chars().count() > 120 {
                found.push(format!("{name}:{number}: {} columns", line.chars().count()));
            }
        }
    }
    assert!(found.is_empty(), "{} lines:\n{}", found.len(), found.join("\n"));
}

#[test]
fn words_of_a_line() {
    for (text, expected) in [
        ("fn tell_apart(Desk)", " fn tell apart desk "),
        ("let atRest = x;", " let at rest x "),
        ("HTMLPage", " htmlpage "),
    ] {
        assert_eq!(words(text), expected);
    }
    assert_eq!(declared("    pub fn desk(seat: Seat) -> Room {"), ["desk"]);
    assert_eq!(declared("    pub(super) room: Room,"), ["room"]);
    assert_eq!(declared("// let room = 1;"), Vec::<&str>::new());
}
