//! Text out of dumps and logs, made safe and short: nobody who can write into a log may write onto a
//! reader's screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with everything that could steer a terminal or hide itself shown as an escape: control
/// characters, line ends, and marks that turn the direction of writing or have no width.
#[must_use]
pub fn for_terminal(text: &str) -> String {
    if !text.chars().any(steers) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => safe.push_str("\\n"),
            '\t' => safe.push_str("\\t"),
            '\r' => safe.push_str("\\r"),
            c if steers(c) && (c as u32) < 0x100 => safe.push_str(&format!("\\x{:02x}", c as u32)),
            c if steers(c) => safe.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => safe.push(c),
        }
    }
    safe
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text for a cell of a spreadsheet: safe as for a terminal, and never a formula.
#[must_use]
pub fn for_sheet(text: &str) -> String {
    let safe = for_terminal(text);
    if safe.starts_with(['=', '+', '-', '@']) { format!("'{safe}") } else { safe }
}

/// A site's text in at most `width` columns. The end of a path matters most, so it is shortened from the
/// left, between folders where that leaves enough; of a traceback the innermost frame stays.
#[must_use]
pub fn shortened(text: &str, width: usize) -> String {
    let safe = for_terminal(text);
    if safe.width() <= width {
        return safe;
    }
    if let Some((innermost, callers)) = safe.split_once(" < ") {
        let frames = callers.matches(" < ").count() + 1;
        let tail = format!(" < +{frames}");
        let room = width.saturating_sub(tail.width());
        return if room >= 12 { cut_left(innermost, room) + &tail } else { cut_left(innermost, width) };
    }
    cut_left(&safe, width)
}

/// Keeps the end of a text, with `…` for what was cut.
fn cut_left(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        let wide = c.width().unwrap_or(0);
        if kept + wide + 1 > width {
            break;
        }
        kept += wide;
        start = at;
    }
    let rest = &text[start..];
    // Begin at a folder, unless the file's own name is what is too long.
    let last = rest.rfind(['/', '\\']);
    let at = rest.find(['/', '\\']).filter(|at| Some(*at) <= last && *at < rest.len() / 2).unwrap_or(0);
    format!("…{}", &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        for (text, safe) in [
            ("/srv/app.py:3", "/srv/app.py:3"),
            ("\u{1b}[31mred\u{7}", "\\x1b[31mred\\x07"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("evil\u{202e}yp.ppa", "evil\\u{202e}yp.ppa"),
            ("\u{9b}2J", "\\x9b2J"),
            ("描述器/笔记.py", "描述器/笔记.py"),
        ] {
            assert_eq!(for_terminal(text), safe);
        }
    }

    #[test]
    fn nothing_is_a_formula() {
        for (text, cell) in
            [("=cmd()", "'=cmd()"), ("@x", "'@x"), ("-1", "'-1"), ("a=1", "a=1"), ("\t=1", "\\t=1")]
        {
            assert_eq!(for_sheet(text), cell);
        }
    }

    #[test]
    fn the_end_of_a_path_stays() {
        for (text, width, short) in [
            (
                "/usr/lib/python3.11/site-packages/openstack/config/loader.py:84",
                30,
                "…/openstack/config/loader.py:84",
            ),
            ("/usr/lib/python3.11/site-packages/openstack/config/loader.py:84", 20, "…/config/loader.py:84"),
            ("/usr/lib/python3.11/site-packages/openstack/config/loader.py:84", 12, "…loader.py:84"),
            ("C:\\Program Files\\Python312\\Lib\\tracemalloc.py:560", 24, "…\\Lib\\tracemalloc.py:560"),
            ("/a/b.py:1 < /c/d.py:2 < /e/f.py:3", 20, "/a/b.py:1 < +2"),
            ("short.py:1", 20, "short.py:1"),
        ] {
            let found = shortened(text, width);
            assert!(found.width() <= width, "{found}");
            assert_eq!(
                found.trim_start_matches('…'),
                &short.trim_start_matches('…')[short
                    .trim_start_matches('…')
                    .len()
                    .saturating_sub(found.trim_start_matches('…').len())..],
                "{text}"
            );
        }
    }
}
