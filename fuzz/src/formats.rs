//! Each format by itself, and all together.

use leakdiff::formats::{Detect, FORMATS, FormatOptions};

use super::records::{hold, hold_bytes, options};

/// The first byte chooses a format, or all of them; the second one the way in which it is read
/// again; an odd third one says that the format was asked for.
pub fn formats(data: &[u8]) {
    let Some((&[format, way, asked], text)) = data.split_first_chunk() else { return };
    let chosen = FORMATS.get(usize::from(format) % (FORMATS.len() + 1));
    let options = FormatOptions { asked_for: chosen.is_some() && asked & 1 == 1, ..options() };
    match chosen {
        Some(format) if matches!(format.detect, Detect::Bytes(_) | Detect::Magic(_)) => {
            hold_bytes(text, format, &options);
        }
        Some(format) => hold(&String::from_utf8_lossy(text), &[format], &options, way),
        None => hold(&String::from_utf8_lossy(text), FORMATS, &options, way),
    }
}
