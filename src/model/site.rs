//! Allocation sites, by which `tracemalloc` groups memory blocks.

use std::fmt;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// A place in a program: a file and a line of it, a function, or both.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The file name as the dump has it: a path, `<frozen importlib._bootstrap>`, `<string>`, or empty.
    pub file: String,
    /// The line, counted from 1; 0 where the dump has none.
    pub line: u32,
    /// The function, where the dump has it: `main.remember`, `cleaky+0x122c`.
    pub function: Option<Box<str>>,
}

impl Frame {
    /// Returns a frame of a dump that has no functions.
    #[must_use]
    pub fn at(file: impl Into<String>, line: u32) -> Self {
        Self { file: file.into(), line, function: None }
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, function } = self;
        match (function, file.as_str(), line) {
            (None, file, line) => write!(f, "{file}:{line}"),
            (Some(function), "", _) => f.write_str(function),
            (Some(function), file, 0) => write!(f, "{function} ({file})"),
            (Some(function), file, line) => write!(f, "{function} ({file}:{line})"),
        }
    }
}

/// The place of a site, as far as the dump has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// One line of one file.
    Line(Frame),
    /// A whole file (`tracemalloc` prints it as line 0).
    File(String),
    /// A call stack, innermost frame first. All frames are its identity.
    Traceback(Vec<Frame>),
    /// A site whose line number was lost when the dump was copied; only this text is left.
    Lost(String),
    /// A type of objects, by its name: a census has no files.
    Type(String),
}

/// A site: a place, and an ordinal that distinguishes it from others of the same text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Site {
    /// The place where the blocks were allocated.
    pub place: Place,
    /// 1 for the only or first site of this place, 2 for the second, and so on.
    pub ordinal: u32,
}

impl Site {
    /// The first site of a place.
    #[must_use]
    pub const fn of(place: Place) -> Self {
        Self { place, ordinal: 1 }
    }

    /// The text that identifies the site: `path.py:84`, `path.py`, `main.remember (main.go:22)`, frames joined with
    /// ` < `; ` #2` follows for an ordinal above 1.
    ///
    /// It is as untrusted as the dump; every output must escape it in its own way.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = match &self.place {
            Place::Line(frame) => frame.to_string(),
            Place::File(file) => file.clone(),
            Place::Traceback(frames) => frames.iter().map(Frame::to_string).collect::<Vec<_>>().join(" < "),
            Place::Lost(text) | Place::Type(text) => text.clone(),
        };
        if self.ordinal > 1 {
            text.push_str(&format!(" #{}", self.ordinal));
        }
        text
    }

    /// The file of the site; of a traceback the innermost frame's; `None` where the dump does not say.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match &self.place {
            Place::Line(_) | Place::Traceback(_) => {
                // A file without a name is one of tracemalloc's; a function without a file is none.
                let frame = self.innermost()?;
                Some(frame.file.as_str()).filter(|file| !file.is_empty() || frame.function.is_none())
            }
            Place::File(file) => Some(file),
            Place::Lost(_) | Place::Type(_) => None,
        }
    }

    /// The line of the site; of a traceback the innermost frame's; `None` where the dump does not say.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        self.innermost().filter(|frame| frame.line > 0 || frame.function.is_none()).map(|frame| frame.line)
    }

    /// The frame of the program's own code that is nearest to the allocation; `None` where there is no such frame.
    #[must_use]
    pub fn owner(&self) -> Option<&Frame> {
        self.own_frames().next()
    }

    /// The frames of the program's own code, innermost first: those that are neither of the standard library nor of an
    /// installed package.
    pub fn own_frames(&self) -> impl Iterator<Item = &Frame> {
        let frames = match &self.place {
            Place::Line(frame) => std::slice::from_ref(frame),
            Place::Traceback(frames) => frames.as_slice(),
            Place::File(_) | Place::Lost(_) | Place::Type(_) => &[],
        };
        frames.iter().filter(|frame| !frame.file.is_empty() && is_own_code(&frame.file))
    }

    /// The frame that allocated; `None` where the site is none.
    fn innermost(&self) -> Option<&Frame> {
        match &self.place {
            Place::Line(frame) => Some(frame),
            Place::Traceback(frames) => frames.first(),
            Place::File(_) | Place::Lost(_) | Place::Type(_) => None,
        }
    }

    /// Whether the site is in the program's own code, and not in the standard library or an installed package. `false`
    /// where the dump does not say.
    #[must_use]
    pub fn is_own_code(&self) -> bool {
        self.file().is_some_and(is_own_code)
    }

    /// Whether the site belongs to the profiler: `tracemalloc` itself, `linecache` (which prints source lines), the
    /// recorder of leakdiff or the importer. They grow because of the measurement, and are never a finding.
    #[must_use]
    pub fn is_profiler(&self) -> bool {
        let Some(file) = self.file() else { return false };
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        // A program may have a module of the same name; of a path that was cut the folders say little.
        let is_whole = file.starts_with('/') || file.get(1..3) == Some(":\\");
        matches!(base, "tracemalloc.py" | "linecache.py") && !(is_whole && is_own_code(file))
            || base == "leakdiff_record.py"
            || file.starts_with("<frozen importlib")
            // Packages, where sites are added up by them.
            || matches!(file, "tracemalloc" | "linecache")
    }
}

/// Whether a folder of this name holds the standard library of Python, `lib-python` and `pypy3.10` that of PyPy.
#[must_use]
pub fn is_library_folder(name: &str) -> bool {
    let is_version = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    matches!(name, "Lib" | "lib-python")
        || name.strip_prefix("python").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        || name.strip_prefix("pypy").is_some_and(is_version)
}

/// Whether a folder of this name holds packages that were installed.
#[must_use]
pub fn is_package_folder(name: &str) -> bool {
    matches!(name, "site-packages" | "dist-packages" | "node_modules")
}

/// Whether a file is the program's own: not of the standard library, not of an installed package, not made up.
#[must_use]
pub fn is_own_code(file: &str) -> bool {
    let mut folders = file.split(['/', '\\']).rev().skip(1);
    let is_made_up = file.starts_with('<') || file.starts_with("node:");
    !is_made_up && !folders.any(|name| is_library_folder(name) || is_package_folder(name))
}

/// The number of a place within one [`SiteTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub u32);

impl SiteId {
    /// The number as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Numbers places, so that a place met a million times is stored once.
#[derive(Debug, Clone)]
pub struct SiteTable {
    places: Vec<Place>,
    /// The numbers by the hashes of their places, which are stored once.
    numbers: HashTable<SiteId>,
    hasher: RandomState,
    most: usize,
    is_beyond: bool,
}

impl Default for SiteTable {
    fn default() -> Self {
        Self::bounded(usize::MAX)
    }
}

impl SiteTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty table for at most so many places.
    #[must_use]
    pub fn bounded(most: usize) -> Self {
        let (places, numbers, hasher) = Default::default();
        Self { places, numbers, hasher, most, is_beyond: false }
    }

    /// Whether there were more places than the bound. Their numbers are those of others.
    #[must_use]
    pub const fn is_beyond(&self) -> bool {
        self.is_beyond
    }

    /// The number of `place`, a new one if it was never met.
    pub fn intern(&mut self, place: Place) -> SiteId {
        let Self { places, numbers, hasher, .. } = self;
        let hash = hasher.hash_one(&place);
        if let Some(id) = numbers.find(hash, |id| places[id.index()] == place) {
            return *id;
        }
        if places.len() >= self.most {
            self.is_beyond = true;
            return SiteId(0);
        }
        let id = SiteId(u32::try_from(places.len()).unwrap_or(u32::MAX));
        places.push(place);
        numbers.insert_unique(hash, id, |id| hasher.hash_one(&places[id.index()]));
        id
    }

    /// The place that a number stands for.
    ///
    /// # Panics
    /// If the number is of another table.
    #[must_use]
    pub fn place(&self, id: SiteId) -> &Place {
        &self.places[id.index()]
    }

    /// All places in the order of their numbers.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Number of places.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(file: &str, line: u32) -> Place {
        Place::Line(Frame::at(file, line))
    }

    #[test]
    fn the_text_of_a_site_is_what_the_dump_calls_it() {
        let stack =
            Place::Traceback(vec![Frame::at("/srv/app/worker.py", 28), Frame::at("/srv/app/main.py", 3)]);
        let function = |name: &str, file: &str, line| {
            Place::Line(Frame { function: Some(name.into()), ..Frame::at(file, line) })
        };
        for (place, ordinal, text) in [
            (line("/usr/lib/python3.9/x.py", 84), 1, "/usr/lib/python3.9/x.py:84"),
            (line("", 1), 1, ":1"),
            (Place::File("app.py".into()), 1, "app.py"),
            (Place::Lost("…/openstack/config/".into()), 2, "…/openstack/config/ #2"),
            (Place::Type("__main__.Session".into()), 1, "__main__.Session"),
            (stack, 1, "/srv/app/worker.py:28 < /srv/app/main.py:3"),
            (function("main.remember", "main.go", 22), 1, "main.remember (main.go:22)"),
            (function("malloc", "libc.so.6", 0), 1, "malloc (libc.so.6)"),
            (function("cleaky+0x122c", "", 0), 2, "cleaky+0x122c #2"),
        ] {
            assert_eq!(Site { place, ordinal }.text(), text);
        }
    }

    #[test]
    fn the_owner_is_the_first_frame_of_own_code() {
        let frames = |files: &[&str]| {
            let frame = |(at, file): (usize, &&str)| Frame::at(*file, u32::try_from(at).unwrap_or(0) + 1);
            Site::of(Place::Traceback(files.iter().enumerate().map(frame).collect()))
        };
        for (files, owner) in [
            (&["/usr/lib/python3.11/json/decoder.py", "/srv/app/api.py", "/srv/app/main.py"][..], Some(2)),
            (&["/srv/app/api.py", "/srv/app/main.py"], Some(1)),
            (&["/srv/venv/lib/python3.11/site-packages/x.py", "<frozen runpy>", ""], None),
        ] {
            assert_eq!(frames(files).owner().map(|frame| frame.line), owner, "{files:?}");
        }
    }

    #[test]
    fn the_profiler_is_known_by_its_file() {
        for (file, of_profiler) in [
            ("/usr/lib/python3.11/tracemalloc.py", true),
            ("C:\\Python312\\Lib\\linecache.py", true),
            ("<frozen importlib._bootstrap_external>", true),
            ("tracemalloc.py", true),
            ("python3.8/linecache.py", true),
            ("redacted/linecache.py", true),
            ("/usr/lib/pypy3.10/linecache.py", true),
            ("/opt/pypy/lib-python/3/linecache.py", true),
            ("/srv/app/leakdiff_record.py", true),
            ("/srv/app/my_tracemalloc.py", false),
            ("/srv/app/linecache.py", false),
            ("<frozen codecs>", false),
            ("<unknown>", false),
        ] {
            assert_eq!(Site::of(line(file, 1)).is_profiler(), of_profiler, "{file}");
        }
    }

    #[test]
    fn own_code_is_what_is_not_installed() {
        for (file, own) in [
            ("/srv/app/worker.py", true),
            ("worker.py", true),
            ("/home/me/python-things/app.py", true),
            ("/usr/lib64/python3.11/copy.py", false),
            ("/srv/app/.venv/lib/python3.12/site-packages/requests/hooks.py", false),
            ("/usr/lib/python3/dist-packages/apt/cache.py", false),
            ("C:\\Python312\\Lib\\json\\decoder.py", false),
            ("/opt/pypy/lib-python/3/copy.py", false),
            ("/srv/pypy3-app/worker.py", true),
            ("<string>", false),
        ] {
            assert_eq!(Site::of(line(file, 1)).is_own_code(), own, "{file}");
        }
    }

    #[test]
    fn a_place_is_numbered_once() {
        let mut table = SiteTable::new();
        let a = table.intern(line("a.py", 1));
        let b = table.intern(line("a.py", 2));
        assert_eq!((table.intern(line("a.py", 1)), table.len()), (a, 2));
        assert_ne!(a, b);
        assert_eq!(table.place(b), &line("a.py", 2));
        let mut full = SiteTable::bounded(2);
        let ids = [1, 2, 1, 3, 2].map(|number| full.intern(line("a.py", number)));
        assert!(ids == [a, b, a, a, b] && full.len() == 2 && full.is_beyond() && !table.is_beyond());
    }
}
