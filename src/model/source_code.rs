//! The source code that sites are in, as far as it is at hand.

use foldhash::HashMap;

/// Source code by the names that a dump gives its files.
#[derive(Debug, Clone, Default)]
pub struct SourceCode {
    files: HashMap<String, SourceFile>,
}

/// A file of source code.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// Its path below the root of the source code, with `/` between folders.
    pub path: String,
    /// The lines that sites are in, by their numbers from 1.
    pub lines: HashMap<u32, SourceLine>,
}

/// A line of source code.
#[derive(Debug, Clone, Default)]
pub struct SourceLine {
    /// Its text, without blanks around it; `None` where it is empty or not there.
    pub code: Option<String>,
    /// The function that it is in, with the classes and functions around it: `Pool.get`.
    pub function: Option<String>,
}

impl SourceCode {
    /// Adds a file by the name that a dump gives it.
    pub fn insert(&mut self, named: String, file: SourceFile) {
        self.files.insert(named, file);
    }

    /// The file of a name.
    #[must_use]
    pub fn file(&self, named: &str) -> Option<&SourceFile> {
        self.files.get(named)
    }

    /// A line of a file.
    #[must_use]
    pub fn line(&self, named: &str, number: u32) -> Option<&SourceLine> {
        self.file(named)?.lines.get(&number)
    }
}
