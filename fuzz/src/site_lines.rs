//! Lines of allocation sites, with the fast path and without.

use super::records::{format, hold, options};

/// The first byte chooses the way in which it is read again.
pub fn site_lines(data: &[u8]) {
    let Some((&way, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let tracemalloc = [format("tracemalloc")];
    // The names of all sites are known when the text comes again.
    if way & 7 == 7 {
        let again = if text.ends_with('\n') { text.repeat(2) } else { format!("{text}\n{text}") };
        hold(&again, &tracemalloc, &options(), way);
    } else {
        hold(&text, &tracemalloc, &options(), way);
    }
}
