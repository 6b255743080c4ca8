//! Escape sequences of terminals, which `grep --color`, loggers and `script` leave in a log.

use std::borrow::Cow;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while};
use nom::character::complete::{char, one_of, satisfy};
use nom::combinator::{opt, recognize};
use nom::{IResult, Parser};

const ESC: char = '\u{1b}';
const BELL: char = '\u{7}';

/// The text as a terminal would show it, with its lines where they were.
///
/// A terminal that meets a title without an end swallows all that follows. Here a sequence ends with its line
/// at the latest, and of what is no sequence only the ESC is lost: else one stray byte could hide a report.
///
/// Programs that draw a screen move the cursor to the first column of a line instead of ending the one before: text
/// before and after such a move is two lines, as they are on the screen.
#[must_use]
pub fn without_escapes(text: &str) -> Cow<'_, str> {
    if memchr::memchr(ESC as u8, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once(ESC) {
            shown.push_str(before);
            let (next, taken) = sequence(after).unwrap_or((after, ""));
            if moves_to_line(taken) && !shown.is_empty() && !shown.ends_with('\n') {
                shown.push('\n');
            }
            rest = next;
        }
        shown.push_str(rest);
    }
    Cow::Owned(shown)
}

/// Whether a sequence moves the cursor to the first column of a line: `[H`, `[10;1H`.
fn moves_to_line(sequence: &str) -> bool {
    let Some(place) = sequence.strip_prefix('[').and_then(|rest| rest.strip_suffix(['H', 'f'])) else {
        return false;
    };
    let column = place.split_once(';').map_or("", |(_, column)| column);
    matches!(column, "" | "1") && place.bytes().all(|b| b.is_ascii_digit() || b == b';')
}

/// The number of places to which a text moves the cursor within a line: what stands there replaces what stood there.
#[must_use]
pub fn moves_within_lines(text: &str) -> usize {
    let moves = |rest: &&str| {
        let Ok((_, taken)) = sequence(rest) else { return false };
        let Some(place) = taken.strip_prefix('[') else { return false };
        let is_column = |column: &str| column.parse::<u16>().is_ok_and(|column| column > 1);
        match place.as_bytes().last() {
            Some(b'H' | b'f') => {
                place[..place.len() - 1].split_once(';').is_some_and(|(_, column)| is_column(column))
            }
            Some(b'G' | b'`') => is_column(&place[..place.len() - 1]),
            Some(b'd') => true,
            _ => false,
        }
    };
    text.split(ESC).skip(1).filter(moves).count()
}

/// Parses the text after the ESC of a sequence (ECMA-48).
fn sequence(text: &str) -> IResult<&str, &str> {
    let parameter = |c: char| matches!(c, '0'..='?' | '!');
    let ends_control = |c: char| c.is_ascii_alphabetic() || matches!(c, '@' | '~');
    // Colours and the cursor; the end of a line may have cut the letter off.
    let control = (char('['), take_while(parameter), opt(satisfy(ends_control)));
    // Titles, links and the like.
    let end = alt((tag("\u{7}"), tag("\u{1b}\\")));
    let string = (one_of("]PX^_"), take_till(|c| matches!(c, BELL | ESC)), end);
    // `tput sgr0` chooses a character set as well.
    let characters = (one_of("()*+-./#%"), satisfy(|c| c.is_ascii_alphanumeric()));
    let single = one_of("78=>cM\\");
    alt((recognize(control), recognize(string), recognize(characters), recognize(single))).parse(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sequences_go_and_text_stays() {
        for (text, shown) in [
            ("VmRSS: 1 kB", "VmRSS: 1 kB"),
            ("\u{1b}[01;31m\u{1b}[KRssAnon\u{1b}[m\u{1b}[K:\t  5 kB", "RssAnon:\t  5 kB"),
            ("\u{1b}[38:2::1:2:3mx\u{1b}[?25l\u{1b}[!p\u{1b}[3~y", "xy"),
            ("\u{1b}]0;a title\u{7}x\u{1b}]8;;http://a\u{1b}\\link\u{1b}]8;;\u{1b}\\", "xlink"),
            ("\u{1b}P1$r0m\u{1b}\\x", "x"),
            ("\u{1b}[m\u{1b}(BRssAnon", "RssAnon"),
            ("\u{1b}7\u{1b}[1mx\u{1b}8\u{1b}=\u{1b}c", "x"),
            // Cut, or no sequence at all.
            ("x\u{1b}[3", "x"),
            ("x\u{1b}", "x"),
            ("\u{1b} RssAnon", " RssAnon"),
            ("\u{1b}RssAnon", "RssAnon"),
            ("\u{1b}é", "é"),
            ("\u{1b}]RssAnon: 1 kB", "]RssAnon: 1 kB"),
            ("\u{1b}]RssAnon: 1 kB\u{1b}[m", "]RssAnon: 1 kB"),
            ("a\u{1b}]0;b\r\nc\u{7}d\r\n", "a]0;b\r\nc\u{7}d\r\n"),
            ("\u{1b}]\u{1b}[31mRssAnon\u{1b}[m: 1 kB", "]RssAnon: 1 kB"),
            ("\u{1b}PPss: 1 kB", "PPss: 1 kB"),
            ("a\u{1b}[\nKb", "a\nKb"),
            // A screen that is drawn anew.
            ("\u{1b}[H\u{1b}[2Ja\u{1b}[K\u{1b}[10;1H\u{1b}[K\u{1b}[Hb\u{1b}[2;7Hc", "a\nbc"),
            ("a\n\u{1b}]RssAnon: 5 kB\nRssAnon: 6 kB\n", "a\n]RssAnon: 5 kB\nRssAnon: 6 kB\n"),
            ("", ""),
        ] {
            assert_eq!(without_escapes(text), shown, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn lines_stay_where_they_are(
            lines in prop::collection::vec("[a-z]{0,5}|[a\u{1b}\\[\\]P(\\\\;0-9m\u{7}\r]{0,12}|[^Hf]{0,9}", 0..12),
        ) {
            let text = lines.join("\n");
            let shown = without_escapes(&text);
            prop_assert!(!shown.contains(ESC));
            prop_assert_eq!(shown.split('\n').count(), text.split('\n').count());
            for (line, shown) in text.split('\n').zip(shown.split('\n')) {
                prop_assert!(line == shown || line.contains(ESC));
                // Alone a line becomes what it becomes among others.
                prop_assert_eq!(without_escapes(line), shown);
            }
        }
    }
}
