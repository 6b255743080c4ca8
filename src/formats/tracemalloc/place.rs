//! Where in a line a site begins: between whatever a logger put before it and ` size=`.

use crate::model::{Frame, Place};

/// What stands before ` size=`, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// A site, and the byte at which it begins.
    Site(Place, usize),
    /// Nothing at all, or only blanks: a statistic whose site is lost altogether.
    Nothing,
    /// Words of another program.
    Other,
}

/// Reads the site that ends where ` size=` (or the like) begins.
///
/// `left` is the line up to there. A site is everything before the last `:digits:`; it may hold spaces,
/// colons, angle brackets or nothing at all, so its beginning is looked for among the beginnings that paths
/// have, the rightmost first.
pub fn left_of_size(left: &str) -> Left {
    let trimmed = left.trim_end();
    if trimmed
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '>' | '|' | '`' | '\'' | '"'))
        .is_empty()
    {
        return Left::Nothing;
    }
    let Some(unended) = trimmed.strip_suffix(':') else { return lost(trimmed) };
    let Some((head, digits)) = unended.rsplit_once(':') else { return Left::Other };
    let (Ok(line), true) = (digits.parse::<u32>(), digits.bytes().all(|b| b.is_ascii_digit())) else {
        return Left::Other;
    };
    let start = beginning(head);
    Left::Site(place(&head[start..], line), start)
}

/// The place that a file name and a line stand for: line 0 is `tracemalloc`'s way to say "the whole file".
pub fn place(file: &str, line: u32) -> Place {
    let file = plain_separators(file);
    if line == 0 { Place::File(file) } else { Place::Line(Frame { file, line }) }
}

/// Backslashes that an escaped string doubled or doubled twice become single again, so that a site keeps one
/// name.
fn plain_separators(file: &str) -> String {
    if !file.contains("\\\\") {
        return file.to_owned();
    }
    let mut plain = String::with_capacity(file.len());
    for c in file.chars() {
        if !(c == '\\' && plain.ends_with('\\')) {
            plain.push(c);
        }
    }
    plain
}

/// A site without the colon that ends it (`app.py:84 size=…`, as people print it themselves), or a path without
/// file name and line, as the text of a web page leaves it (`…/openstack/config/ size=…`).
fn lost(trimmed: &str) -> Left {
    if let Some((head, digits)) = trimmed.rsplit_once(':')
        && (head.ends_with(".py") || head.ends_with('>'))
        && let Ok(line) = digits.parse()
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
    matches!(byte, b' ' | b'\t' | b'#' | b'\'' | b'"' | b'=' | b':' | b'|' | b',' | b'`' | b'[' | b'(' | b'*')
}

/// Where the site in `head` begins.
fn beginning(head: &str) -> usize {
    if let Some(at) = rightmost_absolute(head) {
        return at;
    }
    // A relative path: what stands behind the last character that sets it off.
    let bytes = head.as_bytes();
    let mut at = head.len();
    while at > 0 && !sets_off(bytes[at - 1]) && bytes[at - 1] != b'>' {
        at -= 1;
    }
    at
}

/// The rightmost place at which an absolute path or a bracketed name begins.
fn rightmost_absolute(head: &str) -> Option<usize> {
    let bytes = head.as_bytes();
    let mut at = bytes.len();
    while at > 0 {
        at -= 1;
        if !matches!(bytes[at], b'/' | b'<' | b'.' | b'~')
            && !bytes[at].is_ascii_alphabetic()
            && bytes[at] != 0xE2
        {
            continue;
        }
        let set_off = at == 0 || sets_off(bytes[at - 1]) || is_head_mark(bytes, at);
        if (set_off || glued_name(&bytes[at..]) && !inside_path(bytes, at))
            && absolute(&bytes[at..])
            && !is_drive_slash(bytes, at)
        {
            return Some(at);
        }
    }
    None
}

/// Whether only marks of quotation stand before `at` (`>/srv/app.py`), where `>` elsewhere may belong to a
/// path.
fn is_head_mark(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().all(|b| matches!(b, b'>' | b' ' | b'\t' | b'#'))
}

/// Whether a path begins here: `/`, `C:\`, `C:/`, `<name>`, `./`, `.../`, `…/`, `~/`.
fn absolute(bytes: &[u8]) -> bool {
    match bytes {
        [b'/', next, ..] => *next != b' ',
        [b'<', ..] => bytes.contains(&b'>'),
        [drive, b':', b'\\' | b'/', ..] => drive.is_ascii_alphabetic(),
        [b'~', b'/', ..] | [b'.', b'/' | b'\\', ..] => true,
        [b'.', b'.', rest @ ..] => matches!(rest, [b'/' | b'\\', ..] | [b'.', b'/' | b'\\', ..]),
        [0xE2, 0x80, 0xA6, b'/' | b'\\', ..] => true,
        _ => false,
    }
}

/// Whether the slash at `at` belongs to a drive (`C:/`), so that the path begins two bytes before it.
fn is_drive_slash(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'/'
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
    fn a_site_is_found_behind_any_prefix() {
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
            ("2020-12-02 16:04:33: runner] top_diffs i=1, stat=", "XXX/python3.8/linecache.py"),
            ("MEMPROF  ", "tracemalloc.py"),
            ("epoch: 2 training seq 6254 of 6255", "<frozen abc>"),
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
