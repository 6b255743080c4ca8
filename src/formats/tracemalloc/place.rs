//! The beginning of a site in its line: between the prefix of a logger and ` size=`.

use crate::model::{Frame, Place};

/// The text before ` size=`, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// A site, and the byte at which it begins.
    Site(Place, usize),
    /// Nothing at all, or only blanks: a statistic whose site is lost altogether.
    Nothing,
    /// Words of another program.
    Other,
}

/// Characters with which a quotation, a list or Markdown surrounds a path, its line number included.
const DECORATION: [char; 9] = ['\'', '"', '`', '*', '_', ')', ']', '>', '|'];
/// Marks that begin an item of a list, also right before a path.
const BULLETS: [char; 11] = ['•', '–', '—', '·', '▪', '►', '→', '‣', '◦', '●', '-'];
/// Texts that part what a logger prints, and that no path has.
const SEPARATORS: [&str; 8] = [": ", " | ", "\" ", " -> ", " => ", " :: ", "] ", "; "];
/// Separators of fields that may stand in the name of a folder as well (`OneDrive - Company`).
const DASHES: [&str; 3] = [" - ", " – ", " -- "];
/// Ends of the names of logs, before what stands in them.
const LOG_FILES: [&str; 4] = [".log:", ".txt:", ".out:", ".err:"];
/// Folders at the top of a file system. Other paths that begin with a slash may be those of a request.
const TOP_FOLDERS: [&str; 27] = [
    "home",
    "Users",
    "usr",
    "opt",
    "srv",
    "var",
    "mnt",
    "media",
    "tmp",
    "root",
    "app",
    "apps",
    "data",
    "workspace",
    "workspaces",
    "Library",
    "Applications",
    "Volumes",
    "private",
    "etc",
    "lib",
    "lib64",
    "nix",
    "build",
    "code",
    "src",
    "work",
];

/// Reads the site that ends where ` size=` (or the like) begins.
///
/// `left` is the line up to there. A site is everything before the last `:digits:`; it may hold spaces,
/// colons, angle brackets or nothing at all, so its beginning is looked for among the beginnings that paths
/// have, the rightmost first.
pub fn left_of_size(left: &str) -> Left {
    let trimmed = left.trim_end();
    if trimmed
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '>' | '|') || DECORATION.contains(&c))
        .is_empty()
    {
        return Left::Nothing;
    }
    let Some(unended) = trimmed.strip_suffix(':') else { return lost(trimmed) };
    let Some((head, line)) = numbered(unended) else { return Left::Other };
    let start = beginning(head);
    Left::Site(place(&head[start..], line), start)
}

/// The file and the line of `FILE:LINE`, perhaps within quotes. Where a printer added the line to a text that had it,
/// it stands there twice; another number after it is a column.
fn numbered(text: &str) -> Option<(&str, u32)> {
    let (head, line) = trailing_number(text.trim_end_matches(DECORATION))?;
    let (head, line) = match trailing_number(head) {
        Some((file, first)) if first == line || file.ends_with(".py") => (file, first),
        _ => (head, line),
    };
    Some((head.trim_end_matches(['`', '*', '"', '\'']), line))
}

/// The number after the last colon of a text, and the text before it.
fn trailing_number(text: &str) -> Option<(&str, u32)> {
    let (head, number) = text.rsplit_once(':')?;
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    Some((head, number.parse().ok().filter(|_| digits)?))
}

/// The place that a file name and a line stand for: line 0 is `tracemalloc`'s way to say "the whole file".
pub fn place(file: &str, line: u32) -> Place {
    let file = plain_separators(file);
    if line == 0 { Place::File(file) } else { Place::Line(Frame::at(file, line)) }
}

/// Backslashes that an escaped string doubled or doubled twice become single again, so that a site keeps one
/// name. Those before a server (`\\host\share`) or a long path (`\\?\C:\`) are two.
fn plain_separators(file: &str) -> String {
    if !file.contains("\\\\") {
        return file.to_owned();
    }
    let inner = file.trim_start_matches('\\');
    let leading = file.len() - inner.len();
    let doubled = inner.contains("\\\\");
    let mut plain = String::with_capacity(file.len());
    if leading > 0 {
        // `\\srv\\app.py` is a rooted path that was escaped.
        plain.push_str(if leading == 1 || leading == 2 && doubled { "\\" } else { "\\\\" });
    }
    for c in inner.chars() {
        if !(c == '\\' && plain.ends_with('\\')) {
            plain.push(c);
        }
    }
    plain
}

/// A site without the colon that ends it (`app.py:84 size=…`, as people print it themselves), or a path without
/// file name and line, as the text of a web page leaves it (`…/openstack/config/ size=…`).
fn lost(trimmed: &str) -> Left {
    if let Some((head, line)) = numbered(trimmed)
        && (head.ends_with(".py") || head.ends_with('>'))
    {
        let start = beginning(head);
        return Left::Site(place(&head[start..], line), start);
    }
    let start = beginning(trimmed);
    let text = &trimmed[start..];
    let path_like = text.ends_with(['/', '\\']) || text.ends_with(".py") && text.contains(['/', '\\']);
    if path_like && !text.contains(' ') {
        Left::Site(Place::Lost(text.to_owned()), start)
    } else {
        Left::Other
    }
}

/// Characters that a logger, a quotation or a list puts right before a path.
const fn sets_off(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'#' | b'\'' | b'"' | b'=' | b':' | b'|' | b',' | b'`' | b'[' | b'(' | b'*' | b';'
    )
}

/// Returns the byte at which the site in `head` begins.
fn beginning(head: &str) -> usize {
    if let Some(at) = rightmost_absolute(head) {
        return match end_of_prefix(&head[at..]) {
            Some(end) => at + end + beginning(&head[at + end..]),
            None => at,
        };
    }
    // A relative path: what stands after the last character that sets it off.
    let bytes = head.as_bytes();
    let mut at = head.len();
    while at > 0 && !sets_off(bytes[at - 1]) && bytes[at - 1] != b'>' {
        at -= 1;
    }
    let name = head[at..].trim_start_matches(BULLETS);
    // The line feed of a string that could not be undone; `\tools\x.py` is a path.
    let fed = ["\\r\\n", "\\n", "\\t"].iter().find_map(|feed| name.strip_prefix(feed));
    let name = fed.filter(|name| !name.contains('\\')).unwrap_or(name);
    head.len() - name.len()
}

/// Returns the byte after a text like an absolute path that is a prefix (the path of a request, an address).
fn end_of_prefix(path: &str) -> Option<usize> {
    let last = |separators: &[&str]| {
        separators.iter().filter_map(|separator| Some(path.rfind(separator)? + separator.len())).max()
    };
    let at = last(&SEPARATORS);
    let after_dash = last(&DASHES).filter(|&dash| {
        let before = path[..dash].trim_end_matches([' ', '-', '–']);
        let name = before.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_file = name.rsplit_once('.').is_some_and(|(stem, extension)| {
            !stem.is_empty()
                && extension.len() <= 5
                && extension.starts_with(|c: char| c.is_ascii_alphabetic())
        });
        let top = path.strip_prefix('/').and_then(|path| path.split(['/', ' ']).next());
        is_file || top.is_some_and(|top| !TOP_FOLDERS.contains(&top))
    });
    // The file in which `grep -H` and collectors found the line: `/var/log/app.log:`.
    let after_file = last(&LOG_FILES);
    at.max(after_dash).max(after_file).filter(|at| *at < path.len())
}

/// The rightmost place at which an absolute path or a bracketed name begins.
fn rightmost_absolute(head: &str) -> Option<usize> {
    let bytes = head.as_bytes();
    let mut at = bytes.len();
    while at > 0 {
        at -= 1;
        if !matches!(bytes[at], b'/' | b'<' | b'.' | b'~' | b'\\')
            && !bytes[at].is_ascii_alphabetic()
            && bytes[at] != 0xE2
        {
            continue;
        }
        let set_off = at == 0 || sets_off(bytes[at - 1]) || is_head_mark(bytes, at);
        if (set_off || glued_name(&bytes[at..]) && !inside_path(bytes, at))
            && absolute(&bytes[at..])
            && !is_drive_slash(bytes, at)
            && !is_address(bytes, at)
        {
            return Some(at);
        }
        // The path of `file:///srv/app.py`.
        if bytes[at] == b'/' && bytes[..at].ends_with(b"file://") {
            let drive = absolute(&bytes[at + 1..]) && bytes.get(at + 1) != Some(&b'/');
            return Some(at + usize::from(drive));
        }
    }
    None
}

/// Whether the slashes at `at` are those of an address (`tcp://10.0.0.1:4000`).
fn is_address(bytes: &[u8], at: usize) -> bool {
    let scheme = bytes[..at].strip_suffix(b":").unwrap_or_default();
    let letters =
        scheme.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    bytes[at..].starts_with(b"//") && letters.count() > 1
}

/// Whether only marks of quotation stand before `at` (`>/srv/app.py`), where `>` elsewhere may belong to a
/// path.
fn is_head_mark(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().all(|b| matches!(b, b'>' | b' ' | b'\t' | b'#'))
}

/// Whether a path begins here: `/`, `C:\`, `C:/`, `\\host\`, `<name>`, `./`, `.../`, `…/`, `~/`.
fn absolute(bytes: &[u8]) -> bool {
    match bytes {
        [b'/', next, ..] => *next != b' ',
        // The whole file, or a part of a path: `<13>1 host` is neither.
        [b'<', ..] => {
            let after = bytes.iter().position(|b| *b == b'>').and_then(|end| bytes.get(end + 1));
            bytes.ends_with(b">") || matches!(after, Some(b'/' | b'\\'))
        }
        [b'\\', b'\\', rest @ ..] => rest.iter().any(|b| !matches!(b, b'\\' | b' ')),
        [drive, b':', b'\\' | b'/', ..] => drive.is_ascii_alphabetic(),
        [b'~', b'/', ..] | [b'.', b'/' | b'\\', ..] => true,
        [b'.', b'.', rest @ ..] => matches!(rest, [b'/' | b'\\', ..] | [b'.', b'/' | b'\\', ..]),
        [0xE2, 0x80, 0xA6, b'/' | b'\\', ..] => true,
        _ => false,
    }
}

/// Whether the slash at `at` belongs to a drive (`C:/`), so that the path begins two bytes before it.
fn is_drive_slash(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at], b'/' | b'\\')
        && at >= 2
        && bytes[at - 1] == b':'
        && bytes[at - 2].is_ascii_alphabetic()
        && (at == 2 || !bytes[at - 3].is_ascii_alphanumeric())
}

/// Names that cannot be part of a path, so that they may follow a progress text without a blank (`of
/// 6255<frozen abc>`).
fn glued_name(bytes: &[u8]) -> bool {
    [b"<frozen ".as_slice(), b"<string>", b"<stdin>", b"<unknown>", b"<console>", b"<ipython"]
        .iter()
        .any(|name| bytes.starts_with(name))
}

fn inside_path(bytes: &[u8], at: usize) -> bool {
    at > 0 && matches!(bytes[at - 1], b'/' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(file: &str, line: u32) -> Left {
        match left_of_size(&format!("{file}:{line}:")) {
            Left::Site(place, _) => Left::Site(place, 0),
            other => other,
        }
    }

    #[test]
    fn a_site_is_found_after_any_prefix() {
        for (prefix, file) in [
            ("", "/usr/lib/python3.9/x.py"),
            ("    ", "app.py"),
            ("# ", "C:\\Python311\\Lib\\opcode.py"),
            ("#", "/app/tools/tools.py"),
            ("#1: ", "E:\\projects\\app.py"),
            ("'", "/opt/conda/lib/log.py"),
            ("> ", "/srv/app/worker.py"),
            (">", "/srv/app/worker.py"),
            ("2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY ", "/usr/lib/python3.11/linecache.py"),
            ("2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY ", "<attrs generated init worker.Row-52>"),
            ("2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY ", "<template>"),
            ("2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY ", ""),
            ("2024-05-23 12:16:35.313 1 DEBUG mgr [-] MEMORY ", "worker.py"),
            ("[2019-09-11 17:09:33 INFO] Python:", "/tmp/obj_report.py"),
            ("[2019-09-11 17:09:33 INFO] Python:", "<unknown>"),
            ("2020-12-02 16:04:33: runner] top_diffs i=1, stat=", "venv/python3.8/linecache.py"),
            ("MEMPROF  ", "tracemalloc.py"),
            ("epoch: 2 training seq 6254 of 6255", "<frozen abc>"),
            ("<13>1 2024-05-23T12:00:00Z host app 1 - - ", "/srv/app/manager.py"),
            ("<13>1 2024-05-23T12:00:00Z host app 1 - - ", "worker.py"),
            ("<13>1 2024-05-23T12:00:00Z host app 1 - - ", "<string>"),
            ("<worker 1> ", "app/worker.py"),
            ("/var/log/pods/web-1.log:2024-05-23T12:00:00Z stdout F ", "app/worker.py"),
            ("2024-05-23 12:00:00;1201;", "app/worker.py"),
            ("{\"ts\": \"2024-05-23T11:57:35Z\", \"msg\": \"MEMORY ", "/srv/app/manager.py"),
            ("GET http://127.0.0.1:6385/v1/nodes then ", "/srv/app/manager.py"),
            ("- ", "C:\\Program Files\\Python312\\Lib\\tracemalloc.py"),
            ("\t", "e:\\UDemy Final\\python\\asyncio.py"),
            ("", "c:/Workspace/Test/tracemalloc_test.py"),
            ("", "/<some>/<path>/<here>/foo_module.py"),
            ("", "/opt/Cellar/python@3.11/3.11.11/lib/tracemalloc.py"),
            ("", "<__array_function__ internals>"),
            ("", "<frozen importlib._bootstrap_external>"),
            ("  ", ".../language_demo.py"),
            ("", "C:/Users/abc/4.描述器/随堂笔记/10.py"),
            ("", "/home/me/My Project/app.py"),
            ("* ", "~/app/main.py"),
        ] {
            let left = format!("{prefix}{file}:7:");
            assert_eq!(left_of_size(&left), Left::Site(place(file, 7), prefix.len()), "{left}");
        }
    }

    #[test]
    fn line_zero_is_the_whole_file_and_escapes_are_undone() {
        assert_eq!(site("a/b.py", 0), Left::Site(Place::File("a/b.py".into()), 0));
        assert_eq!(site("D:\\\\\\\\learn\\\\\\\\x.py", 3), site("D:\\learn\\x.py", 3));
    }

    #[test]
    fn words_of_other_programs_are_no_site() {
        for left in [
            "cache:",
            "sqlite connection pool:",
            "file=simple.pdf",
            "Traced Python memory:",
            "51150 more:",
            "block 0x1f:",
        ] {
            assert_eq!(left_of_size(left), Left::Other, "{left}");
        }
        for left in ["", "  ", "# "] {
            assert_eq!(left_of_size(left), Left::Nothing, "{left:?}");
        }
    }

    #[test]
    fn a_path_that_lost_its_file_and_line_is_still_a_site() {
        let text = "/usr/lib/python3.9/site-packages/openstack/config/";
        let left = format!("2024-05-23 11:56:35 DEBUG [-] MEMORY {text}");
        assert_eq!(left_of_size(&left), Left::Site(Place::Lost(text.into()), left.len() - text.len()));
        assert_eq!(
            left_of_size("…/openstack/config/"),
            Left::Site(Place::Lost("…/openstack/config/".into()), 0)
        );
    }
}
