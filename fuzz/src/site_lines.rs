//! Lines of allocation sites, with the fast path and without.

use super::records::{format, hold, options};

/// The first byte chooses where the text is cut.
pub fn site_lines(data: &[u8]) {
    let Some((&cut, text)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let tracemalloc = [format("tracemalloc")];
    hold(&text, &tracemalloc, &options(), cut);
    // The names of all sites are known when the text comes again.
    let again = if text.ends_with('\n') { text.repeat(2) } else { format!("{text}\n{text}") };
    hold(&again, &tracemalloc, &options(), cut);
}
