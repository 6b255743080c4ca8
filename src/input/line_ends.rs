//! Line ends that are CR alone, as of old Macs and some exports.

use memchr::{memchr, memchr_iter};

/// LFs of a text that has hardly any: one after a header, one at the end.
const FEW: usize = 2;
/// Lone CRs for each of them, at least.
const LONE_FOR_EACH: usize = 20;

/// Returns whether the lines of a text end in CR alone, by its first piece: it has no LF, or hardly any among many CRs.
///
/// In a text whose lines end in LF, a CR begins a line anew, as that of a progress bar does.
pub(super) fn are_cr_alone(bytes: &[u8]) -> bool {
    let feeds = memchr_iter(b'\n', bytes).take(FEW + 1).count();
    if feeds > FEW {
        return false;
    }
    let lone = memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    lone > 0 && lone >= LONE_FOR_EACH * feeds
}

/// Replaces each lone CR from a place on. One at the very end waits for what follows, unless the text `ended`.
pub(super) fn replace_lone_cr(bytes: &mut [u8], mut from: usize, ended: bool) {
    while let Some(at) = bytes.get(from..).and_then(|rest| memchr(b'\r', rest)) {
        from += at + 1;
        if bytes.get(from).map_or(ended, |next| *next != b'\n') {
            bytes[from - 1] = b'\n';
        }
    }
}

/// Replaces each lone CR of a decoded text from a place on, and one that waited just before it.
pub(super) fn replace_lone_cr_of_text(text: &mut String, from: usize, ended: bool) {
    let from = if text.get(..from).is_some_and(|before| before.ends_with('\r')) { from - 1 } else { from };
    if !text.get(from..).is_some_and(|fresh| fresh.contains('\r')) {
        return;
    }
    let mut fresh = text.split_off(from).into_bytes();
    replace_lone_cr(&mut fresh, 0, ended);
    // One ASCII character in place of another.
    text.push_str(&String::from_utf8_lossy(&fresh));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_told_from_progress_bars() {
        let many = "1 kB\r".repeat(60);
        for (text, expected) in [
            ("", false),
            ("Rss: 1 kB", false),
            ("Rss: 1 kB\r", true),
            ("a\rb\rc", true),
            ("a\r\nb\r\n", false),
            ("a\r\r\nb\r\r\n", false),
            ("bar 10%\rbar 20%\rVmRSS: 1 kB\n", false),
            ("bar 10%\rbar 20%\rVmRSS: 1 kB\r\n", false),
            (&many, true),
            (&format!("{many}\n"), true),
            (&format!("time,rss\r\n{many}\n"), true),
            (&format!("{many}\n1 kB\n2 kB\n"), false),
        ] {
            assert_eq!(are_cr_alone(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn they_are_replaced_in_decoded_text() {
        for (before, text, ended, expected) in [
            ("", "a\rb\r\nc\n\rd", false, "a\nb\r\nc\n\nd"),
            ("a", "b\r", false, "ab\r"),
            ("a", "b\r", true, "ab\n"),
            ("é\r", "b", false, "é\nb"),
            ("é\r", "\nb", false, "é\r\nb"),
            ("é\r", "", true, "é\n"),
        ] {
            let mut whole = format!("{before}{text}");
            replace_lone_cr_of_text(&mut whole, before.len(), ended);
            assert_eq!(whole, expected);
        }
    }
}
