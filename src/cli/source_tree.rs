//! The source code that sites are in: read from the files below a folder, before sites are judged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};

use crate::analysis::{Joined, Outcome};
use crate::bounds::SOURCE_BYTES;
use crate::model::{Site, SourceCode, SourceFile, SourceLine, is_own_code};

/// Judges a recording, with the lines of code below a root.
pub fn judge(joined: Joined, root: Option<&Path>) -> Outcome {
    let code = root.map(|root| source_code(root, joined.sites()));
    joined.judge(code.unwrap_or_default())
}

/// Reads the source code below `root` that these sites are in. Files of the standard library and of installed packages
/// are none of the project's.
fn source_code<'a>(root: &Path, sites: impl Iterator<Item = &'a Site>) -> SourceCode {
    let mut wanted: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for site in sites {
        for frame in site.own_frames() {
            wanted.entry(&frame.file).or_default().push(frame.line);
        }
        if let Some(file) = site.file().filter(|file| is_own_code(file)) {
            wanted.entry(file).or_default();
        }
    }
    let mut code = SourceCode::default();
    let Ok(root) = fs::canonicalize(root) else { return code };
    for (named, numbers) in wanted {
        let Some((path, text)) = find(&root, named) else { continue };
        let parsed = Lines::parse(&text);
        let lines = numbers.into_iter().map(|number| (number, parsed.get(number))).collect();
        code.insert(named.to_owned(), SourceFile { path, lines });
    }
    code
}

/// Folders below the root in which a file is looked for. A dump names paths of any length.
const MOST_FOLDERS: usize = 64;

/// Returns the path below the root of the file that a dump names, and its text. The longest end of the name that leads
/// to a file there counts. Links are followed as far as they stay below the root, which is canonical.
fn find(root: &Path, named: &str) -> Option<(String, String)> {
    let named = named.replace('\\', "/");
    // Nothing outside of the root is ever read, even if a dump names it.
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
    (parts.len().saturating_sub(MOST_FOLDERS)..parts.len()).find_map(|from| {
        let path = parts[from..].join("/");
        let at = fs::canonicalize(root.join(&path)).ok().filter(|at| at.starts_with(root))?;
        let size = fs::metadata(&at).ok().filter(fs::Metadata::is_file)?.len();
        let text = if size <= SOURCE_BYTES { fs::read(&at).ok()? } else { Vec::new() };
        Some((path, String::from_utf8_lossy(&text).into_owned()))
    })
}

/// The lines of a file, and the blocks that they are in by their indentation.
struct Lines<'a> {
    texts: Vec<&'a str>,
    /// For each line the nearest one above that is less indented.
    outer: Vec<Option<usize>>,
}

impl<'a> Lines<'a> {
    fn parse(text: &'a str) -> Self {
        let texts: Vec<&str> = text.lines().collect();
        let mut open: Vec<usize> = Vec::new();
        let mut outer = vec![None; texts.len()];
        for (i, line) in texts.iter().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            while open.last().is_some_and(|&above| indentation(texts[above]) >= indentation(line)) {
                open.pop();
            }
            outer[i] = open.last().copied();
            open.push(i);
        }
        Self { texts, outer }
    }

    /// The line of a number, counted from 1; without text if it is empty or not there.
    fn get(&self, number: u32) -> SourceLine {
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let Some(index) = index.filter(|&i| self.texts.get(i).is_some_and(|line| !line.trim().is_empty()))
        else {
            return SourceLine::default();
        };
        SourceLine { code: Some(self.texts[index].trim().to_owned()), function: self.function(index) }
    }

    /// The names of the `def` and `class` blocks that a line is in, the outermost first.
    fn function(&self, index: usize) -> Option<String> {
        let blocks = std::iter::successors(self.outer[index], |&block| self.outer[block]);
        let mut names: Vec<&str> =
            blocks.filter_map(|block| defined(self.texts[block].trim_start())).collect();
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
    use crate::model::{Frame, Place};

    const CODE: &str = "import x\n\nclass Pool:\n    def get(self):\n        if x:\n            a = [\n                1]\n\n        return a\n\nprint(Pool())\n";

    #[test]
    fn files_are_found_by_the_end_of_their_path() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("app")).unwrap();
        fs::write(folder.path().join("app/pool.py"), CODE).unwrap();
        for (named, path) in [
            ("/srv/app/pool.py", Some("app/pool.py")),
            ("app/pool.py", Some("app/pool.py")),
            ("C:\\srv\\app\\pool.py", Some("app/pool.py")),
            ("/usr/lib/python3.11/app/pool.py", None),
            ("/srv/app/../app/pool.py", None),
            ("/etc/passwd", None),
            ("<string>", None),
        ] {
            let site = Site::of(Place::Line(Frame::at(named, 9)));
            let code = source_code(folder.path(), std::iter::once(&site));
            assert_eq!(code.file(named).map(|file| file.path.as_str()), path, "{named}");
            let line = code.line(named, 9).and_then(|line| line.code.as_deref());
            assert_eq!(line, path.map(|_| "return a"), "{named}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_below_the_root_only() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("src"), folder.path().join("secret"));
        fs::create_dir_all(root.join("real")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        for file in [root.join("real/pool.py"), outside.join("pool.py")] {
            fs::write(file, CODE).unwrap();
        }
        symlink("real", root.join("inside")).unwrap();
        symlink(&outside, root.join("outside")).unwrap();
        symlink(outside.join("pool.py"), root.join("link.py")).unwrap();
        symlink("../secret/pool.py", root.join("up.py")).unwrap();
        symlink("loop.py", root.join("loop.py")).unwrap();
        // The root itself may be a link.
        symlink(&root, folder.path().join("root")).unwrap();
        for (named, path) in [
            ("/srv/real/pool.py", Some("real/pool.py")),
            ("/srv/inside/pool.py", Some("inside/pool.py")),
            ("/srv/outside/pool.py", None),
            ("/srv/link.py", None),
            ("/srv/up.py", None),
            ("/srv/loop.py", None),
        ] {
            let site = Site::of(Place::Line(Frame::at(named, 9)));
            for root in [root.clone(), folder.path().join("root")] {
                let code = source_code(&root, std::iter::once(&site));
                assert_eq!(code.file(named).map(|file| file.path.as_str()), path, "{named}");
            }
        }
    }

    #[test]
    fn a_line_is_in_the_functions_around_it() {
        let lines = Lines::parse(CODE);
        for (number, code, function) in [
            (7, Some("1]"), Some("Pool.get")),
            (9, Some("return a"), Some("Pool.get")),
            (4, Some("def get(self):"), Some("Pool")),
            (11, Some("print(Pool())"), None),
            (2, None, None),
            (0, None, None),
            (99, None, None),
        ] {
            let SourceLine { code: found_code, function: found } = lines.get(number);
            assert_eq!((found_code.as_deref(), found.as_deref()), (code, function), "line {number}");
        }
    }
}
