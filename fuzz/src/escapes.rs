//! Escape sequences of terminals.

use leakdiff::formats::escapes::{moves_within_lines, without_escapes};

/// The first byte chooses where the text is cut.
pub fn escapes(data: &[u8]) {
    let Some((&cut, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let shown = without_escapes(&text);
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
    assert_eq!(without_escapes(&shown), shown);
    // The lines stay where they are; a move of the cursor may begin one more.
    let ends = |text: &str| text.matches('\n').count();
    assert!(ends(&shown) >= ends(&text), "{shown:?}");
    assert!(shown.len() <= text.len(), "{shown:?}");
    assert!(moves_within_lines(&text) <= text.matches('\u{1b}').count());
    let at: usize = super::lines(&text).iter().take(usize::from(cut)).map(|line| line.len()).sum();
    let (before, after) = text.split_at(at);
    assert_eq!(format!("{}{}", without_escapes(before), without_escapes(after)), shown, "cut at byte {at}");
}
