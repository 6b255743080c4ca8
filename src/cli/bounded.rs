//! Files that are read whole, up to a bound.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::error::Error;

/// Reads a text file of at most `most_bytes`. The size of a device is known only when it was read, so that no more than
/// the bound is read of it.
///
/// # Errors
/// [`Error::TooLarge`], [`Error::Unreadable`].
pub fn read_text(path: &Path, most_bytes: u64, role: &'static str) -> Result<String, Error> {
    let name = || path.display().to_string();
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(most_bytes + 1).read_to_string(&mut text));
    match read {
        // The bound may cut a character in two.
        Ok(bytes) if bytes as u64 > most_bytes => Err(Error::TooLarge { path: name(), most_bytes, role }),
        Ok(_) => Ok(text),
        Err(cause) if cause.kind() == io::ErrorKind::InvalidData && is_longer(path, most_bytes) => {
            Err(Error::TooLarge { path: name(), most_bytes, role })
        }
        Err(cause) => Err(Error::Unreadable { path: name(), cause }),
    }
}

/// Whether a file has more bytes than this.
fn is_longer(path: &Path, bytes: u64) -> bool {
    path.metadata().is_ok_and(|facts| facts.len() > bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_up_to_the_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for (text, expected) in [
            ("12345678", Ok("12345678")),
            ("123456789", Err("is larger than 8 bytes, the bound of a baseline")),
            ("1234567é", Err("is larger than 8 bytes, the bound of a baseline")),
            ("", Ok("")),
        ] {
            std::fs::write(&path, text).unwrap();
            let read = read_text(&path, 8, "a baseline").map_err(|error| error.to_string());
            let read = read.as_deref().map_err(|error| error.split_once(": ").unwrap().1);
            assert_eq!(read, expected, "{text}");
        }
    }
}
