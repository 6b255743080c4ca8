//! The lists of words of columns, looked up by word: a log has a million names to ask for.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use super::words::{BESIDE_TIME, FILLERS, MEMORY, NO_MEMORY, TIME, WEAK};
use crate::model::Role;

/// The lists that a word stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownWord {
    /// The role, if it is memory whatever stands beside it.
    pub memory: Option<Role>,
    /// The role, if it is memory beside such a word or a unit.
    pub weak: Option<Role>,
    /// Whether it is a word of a time.
    pub is_time: bool,
    /// Whether it may stand beside one.
    pub is_beside_time: bool,
    /// Whether no name with it is a level of memory.
    pub is_no_memory: bool,
    /// Whether it is of no meaning for the role.
    pub is_filler: bool,
}

const UNKNOWN: KnownWord = KnownWord {
    memory: None,
    weak: None,
    is_time: false,
    is_beside_time: false,
    is_no_memory: false,
    is_filler: false,
};

/// Returns the lists that a word in small letters stands in.
#[must_use]
pub fn known_word(word: &str) -> KnownWord {
    static WORDS: LazyLock<HashMap<&str, KnownWord>> = LazyLock::new(|| {
        let mut words: HashMap<&str, KnownWord> = HashMap::new();
        let mut set = |word: &'static str, set: &dyn Fn(&mut KnownWord)| {
            set(words.entry(word).or_insert(UNKNOWN));
        };
        MEMORY.iter().for_each(|(word, role)| set(word, &|known| known.memory = Some(*role)));
        WEAK.iter().for_each(|(word, role)| set(word, &|known| known.weak = Some(*role)));
        TIME.iter().for_each(|word| set(word, &|known| known.is_time = true));
        BESIDE_TIME.iter().for_each(|word| set(word, &|known| known.is_beside_time = true));
        NO_MEMORY.iter().for_each(|word| set(word, &|known| known.is_no_memory = true));
        FILLERS.iter().for_each(|word| set(word, &|known| known.is_filler = true));
        words
    });
    WORDS.get(word).copied().unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::{KnownWord, Role, UNKNOWN, known_word};

    #[test]
    fn a_word_may_stand_in_several_lists() {
        assert_eq!(known_word("of"), KnownWord { is_beside_time: true, is_filler: true, ..UNKNOWN });
        assert_eq!(known_word("vms"), KnownWord { memory: Some(Role::Virtual), ..UNKNOWN });
        assert_eq!(known_word("peak"), KnownWord { weak: Some(Role::Peak), ..UNKNOWN });
        assert_eq!(known_word("ago"), UNKNOWN);
    }
}
