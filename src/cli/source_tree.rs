//! The source code that sites stand in: lines of it, and the paths of files below its root.

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::is_own_code;
use crate::report::document::Report;

/// Larger files are not source code.
const LARGEST: u64 = 4 << 20;

/// Source code below a folder.
#[derive(Debug)]
pub struct SourceTree {
    root: PathBuf,
    files: Mutex<HashMap<String, Option<Arc<SourceFile>>>>,
}

#[derive(Debug)]
struct SourceFile {
    /// Its path below the root, with `/` between folders.
    path: String,
    lines: Vec<String>,
}

impl SourceTree {
    /// The source code below a folder.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root, files: Mutex::default() }
    }

    /// Says in the report where the files of sites are below the root, and shows their lines of code.
    pub fn annotate(&self, report: &mut Report) {
        for row in &mut report.sites {
            let Some(file) = row.file.as_ref().and_then(|file| self.file(file)) else { continue };
            row.path = Some(file.path.clone());
            row.code = row.line.and_then(|line| file.line(line)).map(|line| line.trim().to_owned());
        }
    }

    /// The function that a line is in, with the classes and functions around it: `Pool.get`.
    #[must_use]
    pub fn function(&self, file: &str, line: u32) -> Option<String> {
        self.file(file)?.function(line)
    }

    /// The file that a dump names: as much of the end of its path as leads to a file below the root. Files of the standard
    /// library and of installed packages are none of the project's.
    fn file(&self, named: &str) -> Option<Arc<SourceFile>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = files.get(named) {
            return known.clone();
        }
        let found = is_own_code(named).then(|| self.look_for(named)).flatten().map(Arc::new);
        files.insert(named.to_owned(), found.clone());
        found
    }

    fn look_for(&self, named: &str) -> Option<SourceFile> {
        let named = named.replace('\\', "/");
        // Nothing above the root is ever looked at, whatever a dump says.
        let parts: Vec<&str> = Path::new(&named)
            .components()
            .filter_map(|part| match part {
                Component::Normal(part) => part.to_str(),
                _ => None,
            })
            .collect();
        if Path::new(&named).components().any(|part| part == Component::ParentDir) {
            return None;
        }
        (0..parts.len()).find_map(|from| {
            let path = parts[from..].join("/");
            let at = self.root.join(&path);
            let size = fs::metadata(&at).ok().filter(fs::Metadata::is_file)?.len();
            let text = if size <= LARGEST { fs::read(&at).ok()? } else { Vec::new() };
            let lines = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
            Some(SourceFile { path, lines })
        })
    }
}

impl SourceFile {
    fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.lines.get(index).map(String::as_str).filter(|line| !line.trim().is_empty())
    }

    /// By indentation: the nearest `def` or `class` above that is less indented, and those around it.
    fn function(&self, number: u32) -> Option<String> {
        let mut least = indentation(self.line(number)?);
        let mut names = Vec::new();
        let above = usize::try_from(number).ok()?.checked_sub(1)?;
        for line in self.lines.get(..above)?.iter().rev().filter(|line| !line.trim().is_empty()) {
            let here = indentation(line);
            if here < least {
                least = here;
                names.extend(defined(line.trim_start()));
            }
        }
        names.reverse();
        (!names.is_empty()).then(|| names.join("."))
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The name that a line defines.
fn defined(code: &str) -> Option<&str> {
    let rest = ["def ", "async def ", "class "].iter().find_map(|keyword| code.strip_prefix(keyword))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const CODE: &str = "import x\n\nclass Pool:\n    def get(self):\n        if x:\n            a = [\n                1]\n\n        return a\n\nprint(Pool())\n";

    #[test]
    fn files_are_found_by_the_end_of_their_path() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("app")).unwrap();
        fs::write(folder.path().join("app/pool.py"), CODE).unwrap();
        let tree = SourceTree::new(folder.path().to_owned());
        for (named, path) in [
            ("/srv/app/pool.py", Some("app/pool.py")),
            ("app/pool.py", Some("app/pool.py")),
            ("C:\\srv\\app\\pool.py", Some("app/pool.py")),
            ("/usr/lib/python3.11/app/pool.py", None),
            ("/srv/app/../app/pool.py", None),
            ("/etc/passwd", None),
            ("<string>", None),
        ] {
            assert_eq!(tree.file(named).map(|file| file.path.clone()).as_deref(), path, "{named}");
        }
    }

    #[test]
    fn a_line_is_in_the_functions_around_it() {
        let file = SourceFile { path: "pool.py".into(), lines: CODE.lines().map(str::to_owned).collect() };
        for (line, function) in
            [(7, Some("Pool.get")), (9, Some("Pool.get")), (4, Some("Pool")), (11, None), (99, None)]
        {
            assert_eq!(file.function(line).as_deref(), function, "line {line}");
        }
        assert_eq!(file.line(9), Some("        return a"));
        assert_eq!((file.line(2), file.line(0)), (None, None));
    }
}
