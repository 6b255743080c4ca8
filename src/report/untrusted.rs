//! Text out of dumps and logs, made safe and short: access to a log must not give access to a reader's screen.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::is_own_code;

/// The text with everything that could steer a terminal or hide itself shown as an escape: control
/// characters, line ends, and marks that turn the direction of writing or cannot be seen.
#[must_use]
pub fn for_terminal(text: &str) -> String {
    shown(text, false)
}

/// The text in printable ASCII characters; all others are shown as escapes.
#[must_use]
pub fn for_ascii(text: &str) -> String {
    shown(text, true)
}

fn shown(text: &str, ascii: bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for (_, c, escape) in shown_characters(text, ascii) {
        match escape {
            Some(escape) => safe.push_str(&escape),
            None => safe.push(c),
        }
    }
    safe
}

/// Marks on one character, such as accents, that are shown. More of them would cover the lines above and below; no
/// language needs more in a name.
const MOST_MARKS: usize = 2;

/// The characters of a text with their places, and the replacements of those that are not shown themselves.
fn shown_characters(text: &str, ascii: bool) -> impl Iterator<Item = (usize, char, Option<String>)> {
    let mut marks = 0;
    text.char_indices().map(move |(at, c)| {
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        let is_shown = !steers(c) && marks <= MOST_MARKS && (c.is_ascii() || !ascii);
        (at, c, (!is_shown).then(|| escaped(c)))
    })
}

/// The escape of a character.
fn escaped(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        c if (c as u32) < 0x100 => format!("\\x{:02x}", c as u32),
        c => format!("\\u{{{:x}}}", c as u32),
    }
}

/// Controls, the characters that Unicode calls default ignorable, blanks other than the usual one, and those that are
/// no characters: they turn the direction of writing, or have no look of their own, so that two names that differ would
/// look the same. XML has no place for some.
fn steers(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || c == '\u{2800}'
        || (c as u32) & 0xfffe == 0xfffe
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        || matches!(c, '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}')
        || matches!(c, '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A line that no CI runner takes for a command: `::error::` begins one of GitHub's, and `##[error]` is one wherever it
/// stands. Colours before it are looked through: the next program may take them away.
#[must_use]
pub fn no_command(line: &str) -> Cow<'_, str> {
    let text = without_colours_before(line);
    let is_command = text.starts_with("::");
    if !is_command && !line.contains("##[") {
        return Cow::Borrowed(line);
    }
    let (before, text) = line.split_at(line.len() - text.len());
    let text = text.replace("##[", "#\\x23[");
    Cow::Owned(if is_command { format!("{before}\\x3a{}", &text[1..]) } else { format!("{before}{text}") })
}

/// The rest of a line after blanks and the escapes of colours.
fn without_colours_before(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(codes) = rest.strip_prefix("\u{1b}[") {
        match codes.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m') {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    rest
}

/// The text for a cell of a spreadsheet: safe as for a terminal, and never a formula.
#[must_use]
pub fn for_sheet(text: &str) -> String {
    let safe = for_terminal(text);
    // Some spreadsheets take the full-width signs for the plain ones.
    if safe.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) { format!("'{safe}") } else { safe }
}

/// The text for a page: safe as for a terminal, and never markup, neither between tags nor inside a quoted attribute.
#[must_use]
pub fn for_page(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in for_terminal(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// The text as code in Markdown: safe as for a terminal, and neither markup nor a mention. A line of a table is not cut
/// by it.
#[must_use]
pub fn for_markdown(text: &str) -> String {
    let safe = for_terminal(text).replace('|', "\\|");
    let longest = safe.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank between fence and text is no part of the text, where there is one at both ends.
    let pad = if longest > 0 || safe.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{safe}{pad}{fence}")
}

/// A sentence in Markdown: markup in it is shown as it is, and it mentions no user.
#[must_use]
pub fn sentence_for_markdown(text: &str) -> String {
    let safe = for_terminal(text);
    // Text that GitHub turns into links is left alone only in code.
    if safe.contains(['@', '#']) || safe.contains("://") || safe.contains("www.") {
        return for_markdown(&safe);
    }
    let mut escaped = String::with_capacity(safe.len());
    for c in safe.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '>' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// JSON for a script element of a page: characters that could end the element are escapes, which mean the same in JSON.
#[must_use]
pub fn for_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", c as u32)),
            c => safe.push(c),
        }
    }
    safe
}

/// A site's text in at most `width` columns. The end of a path matters most, so it is shortened from the left, between
/// folders where that leaves enough. Of a traceback the innermost frame stays, and the nearest frame of own code leads:
/// `api.py:52 → json/decoder.py:353 < +3`.
#[must_use]
pub fn shortened(text: &str, width: usize, ascii: bool) -> String {
    let owner = text.split(" < ").find(|frame| is_own_code(file_of(frame)));
    shortened_from(text, owner, width, ascii)
}

/// The same of a traceback whose frame of own code is known.
#[must_use]
pub fn shortened_from(text: &str, owner: Option<&str>, width: usize, ascii: bool) -> String {
    let whole = shown(text, ascii);
    if whole.width() <= width {
        return whole;
    }
    if let Some((innermost, callers)) = text.split_once(" < ") {
        if let Some(owner) = owner.filter(|owner| *owner != innermost) {
            return from_owner(owner, innermost, callers.matches(" < ").count(), width, ascii);
        }
        let frames = callers.matches(" < ").count() + 1;
        let tail = format!(" < +{frames}");
        let space = width.saturating_sub(tail.width());
        return if space >= 12 {
            cut_left(innermost, space, ascii) + &tail
        } else {
            cut_left(innermost, width, ascii)
        };
    }
    cut_left(text, width, ascii)
}

/// Columns that the file name of a frame needs at least.
const LEAST_FRAME: usize = 12;

/// A traceback by its frame of own code and its innermost one; `others` are not shown.
fn from_owner(owner: &str, innermost: &str, others: usize, width: usize, ascii: bool) -> String {
    let arrow = if ascii { " -> " } else { " → " };
    let tail = if others > 0 { format!(" < +{others}") } else { String::new() };
    let space = width.saturating_sub(arrow.width() + tail.width());
    let (space, tail) = if space >= 2 * LEAST_FRAME {
        (space, tail)
    } else {
        (width.saturating_sub(arrow.width()), String::new())
    };
    if space < 2 * LEAST_FRAME {
        return cut_left(owner, width, ascii);
    }
    // The shorter one leaves its columns to the other.
    let half = space / 2;
    let (first, last) = (shown(owner, ascii).width(), shown(innermost, ascii).width());
    let first = first.min(half.max(space.saturating_sub(last)));
    let owner = cut_left(owner, first, ascii);
    let rest = space.saturating_sub(owner.width());
    owner + arrow + &cut_left(innermost, rest, ascii) + &tail
}

/// The file of a frame: `/srv/app.py` of `/srv/app.py:12` and of `serve (/srv/app.py:12)`.
fn file_of(frame: &str) -> &str {
    let place =
        frame.strip_suffix(')').and_then(|frame| frame.rsplit_once(" (")).map_or(frame, |(_, place)| place);
    place.rsplit_once(':').map_or(place, |(file, _)| file)
}

/// The beginning of a text in at most `width` columns, with a mark for the cut part.
#[must_use]
pub fn beginning(text: &str, width: usize, ascii: bool) -> String {
    let whole = shown(text, ascii);
    if whole.width() <= width {
        return whole;
    }
    let mark = if ascii { &"..."[..width.min(3)] } else { "…" };
    let mut space = width.saturating_sub(mark.width());
    let mut short = String::new();
    for (_, c, escape) in shown_characters(text, ascii) {
        let shown = escape.unwrap_or_else(|| c.to_string());
        if shown.width() > space {
            break;
        }
        space -= shown.width();
        short += &shown;
    }
    short + mark
}

/// Keeps the end of a text, with a mark for the cut part. The raw text is cut, so that no escape is
/// cut in two or its backslash taken for the end of a folder.
fn cut_left(text: &str, width: usize, ascii: bool) -> String {
    let whole = shown(text, ascii);
    if whole.width() <= width {
        return whole;
    }
    let mark = if ascii { &"..."[..width.min(3)] } else { "…" };
    let mut space = width.saturating_sub(mark.width());
    let mut start = text.len();
    // The first of many marks are shown: those of the part that is kept take no more columns than in the whole.
    let characters: Vec<_> = shown_characters(text, ascii).collect();
    for (at, c, escape) in characters.into_iter().rev() {
        let wide = escape.map_or_else(|| c.width().unwrap_or(0), |escape| escape.len());
        if wide > space {
            break;
        }
        space -= wide;
        start = at;
    }
    let rest = &text[start..];
    // Begin at a folder, unless the file's own name is too long.
    let at = rest.find(['/', '\\']).filter(|at| *at < rest.len() / 2).unwrap_or(0);
    format!("{mark}{}", shown(&rest[at..], ascii))
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
            ("a\u{3164}b❤\u{fe0f}", "a\\u{3164}b❤\\u{fe0f}"),
            ("a\u{a0}b\u{2003}c\u{2800}d e", "a\\xa0b\\u{2003}c\\u{2800}d e"),
            ("e\u{301}\u{323}\u{301}\u{301}e\u{301}", "e\u{301}\u{323}\\u{301}\\u{301}e\u{301}"),
            ("한국어 한국어", "한국어 한국어"),
        ] {
            assert_eq!(for_terminal(text), safe);
        }
    }

    #[test]
    fn no_line_is_a_command() {
        for (line, written) in [
            ("::stop-commands::x", "\\x3a:stop-commands::x"),
            ("  ##[error]x", "  #\\x23[error]x"),
            ("a ##[add-mask]x ###[y", "a #\\x23[add-mask]x ##\\x23[y"),
            (" ::a##[b", " \\x3a:a#\\x23[b"),
            ("\u{1b}[1m::a\u{1b}[0m", "\u{1b}[1m\\x3a:a\u{1b}[0m"),
            (" \u{1b}[1;31m \u{1b}[m::a##[b", " \u{1b}[1;31m \u{1b}[m\\x3a:a#\\x23[b"),
            ("\u{1b}[1mVmRSS\u{1b}[0m ::b", "\u{1b}[1mVmRSS\u{1b}[0m ::b"),
            ("a ::b", "a ::b"),
            ("#  verdict", "#  verdict"),
            ("", ""),
        ] {
            assert_eq!(no_command(line), written);
        }
    }

    #[test]
    fn nothing_is_a_formula() {
        for (text, cell) in [
            ("=cmd()", "'=cmd()"),
            ("@x", "'@x"),
            ("-1", "'-1"),
            ("a=1", "a=1"),
            ("\t=1", "\\t=1"),
            ("＝1", "'＝1"),
        ] {
            assert_eq!(for_sheet(text), cell);
        }
    }

    #[test]
    fn nothing_is_markup() {
        for (text, code) in [
            ("/srv/app.py:3", "`/srv/app.py:3`"),
            ("a`b", "`` a`b ``"),
            ("```\n# big", "```` ```\\n# big ````"),
            ("a|b <i>@me", "`a\\|b <i>@me`"),
            ("", "`  `"),
        ] {
            assert_eq!(for_markdown(text), code);
        }
        for (text, sentence) in [
            ("grows 1.68 MiB/h (1.44 to 1.92)", "grows 1.68 MiB/h (1.44 to 1.92)"),
            ("a_b *c* <d> [e](f) | g & h", "a\\_b \\*c\\* &lt;d\\> \\[e\\](f) \\| g &amp; h"),
            ("ask @me", "`ask @me`"),
            ("see http://x", "`see http://x`"),
        ] {
            assert_eq!(sentence_for_markdown(text), sentence);
        }
    }

    #[test]
    fn the_end_of_a_path_stays() {
        let loader = "/usr/lib/python3.11/site-packages/openstack/config/loader.py:84";
        let coloured = "/srv/\u{1b}[31mred.py:1";
        let decoder =
            "/usr/lib/python3.11/json/decoder.py:353 < /srv/shop/app/api.py:52 < /srv/shop/app/main.py:3";
        for (text, width, short) in [
            (loader, 63, loader),
            (loader, 31, "…/openstack/config/loader.py:84"),
            (loader, 30, "…/config/loader.py:84"),
            (loader, 20, "…/loader.py:84"),
            (loader, 12, "…oader.py:84"),
            ("C:\\Program Files\\Python312\\Lib\\tracemalloc.py:560", 25, "…\\Lib\\tracemalloc.py:560"),
            ("/a/b.py:1 < /c/d.py:2 < /e/f.py:3", 20, "/a/b.py:1 < +2"),
            ("/srv/long/name/b.py:1 < /c/d.py:2", 18, "…/name/b.py:1 < +1"),
            (decoder, 44, "…/app/api.py:52 → …/json/decoder.py:353 < +1"),
            (decoder, 30, "…/api.py:52 → …/decoder.py:353"),
            (decoder, 16, "…/app/api.py:52"),
            ("short.py:1", 20, "short.py:1"),
            (coloured, 22, "/srv/\\x1b[31mred.py:1"),
            (coloured, 18, "…/\\x1b[31mred.py:1"),
            (coloured, 17, "…\\x1b[31mred.py:1"),
            (coloured, 16, "…[31mred.py:1"),
            ("", 5, ""),
        ] {
            assert_eq!(shortened(text, width, false), short, "{text} in {width}");
        }
        assert_eq!(shortened(loader, 24, true), ".../config/loader.py:84");
        assert_eq!(shortened("/srv/笔记.py:1", 30, true), "/srv/\\u{7b14}\\u{8bb0}.py:1");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_wider_than_its_column(text in "\\PC{0,40}|[a-z/\\\\<\u{1b}\u{fe0f}\u{301}\u{2800}❤笔 ]{0,60}", width in 1..50_usize) {
            for ascii in [false, true] {
                for short in [shortened(&text, width, ascii), beginning(&text, width, ascii)] {
                    proptest::prop_assert!(short.width() <= width, "{}", short);
                    proptest::prop_assert!(!short.chars().any(steers));
                    proptest::prop_assert!(short.is_ascii() || !ascii);
                }
            }
        }
    }

    #[test]
    fn no_markup_comes_through() {
        for (text, safe) in [
            ("<b a=\"x\" b='y'>&amp;", "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;"),
            ("\u{1b}[31m\u{202e}", "\\x1b[31m\\u{202e}"),
            ("a.py:1 → b", "a.py:1 → b"),
        ] {
            assert_eq!(for_page(text), safe);
        }
        assert_eq!(for_script("\"</script>\u{2028}&\""), "\"\\u003c/script\\u003e\\u2028\\u0026\"");
    }
}
