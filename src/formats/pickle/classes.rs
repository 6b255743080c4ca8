//! The names that a snapshot needs. They are compared and never called.

use super::cursor::wrong;
use crate::formats::line::Damage;

/// Characters of a foreign name that are shown.
const SHOWN_NAME: usize = 60;

/// The classes and functions that a snapshot needs. None of them is ever called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `tracemalloc.Snapshot`.
    Snapshot,
    /// `tracemalloc._Traces`.
    Traces,
    /// `copyreg._reconstructor`, with which protocols 0 and 1 make objects.
    Reconstructor,
    /// `object`.
    Object,
}

impl Class {
    /// Returns the class or function of a name.
    ///
    /// # Errors
    /// Returns the damage of a name that no snapshot needs.
    pub fn named(module: &[u8], name: &[u8]) -> Result<Self, Damage> {
        match (module, name) {
            (b"tracemalloc", b"Snapshot") => Ok(Self::Snapshot),
            (b"tracemalloc", b"_Traces") => Ok(Self::Traces),
            (b"copyreg" | b"copy_reg", b"_reconstructor") => Ok(Self::Reconstructor),
            (b"builtins" | b"__builtin__", b"object") => Ok(Self::Object),
            (b"tracemalloc", _) => Err(wrong(format!(
                "a pickle of {}, of which no statistics can be made: save the snapshot itself with Snapshot.dump",
                shown(module, name)
            ))),
            _ => Err(wrong(format!(
                "a pickle of {}: only snapshots of tracemalloc are read, as Snapshot.dump writes them",
                shown(module, name)
            ))),
        }
    }
}

/// Returns the beginning of a name from outside, without characters that no name has.
fn shown(module: &[u8], name: &[u8]) -> String {
    let letter = |byte: &u8| if byte.is_ascii_graphic() { char::from(*byte) } else { '?' };
    let named = module.iter().chain(b".").chain(name);
    named.take(SHOWN_NAME).map(letter).collect()
}
