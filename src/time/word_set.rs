//! A few words that are looked for in any case, at each word of a log.

/// Words, with the lengths that those of each first letter have: most other words are refused by these alone.
#[derive(Debug)]
pub(super) struct WordSet<const N: usize> {
    words: [&'static str; N],
    /// For each first letter, in lower case, a bit for each length below 32.
    lengths: [u32; 128],
}

impl<const N: usize> WordSet<N> {
    /// Returns the set of these words, which are ASCII, shorter than 32 letters, and not empty.
    pub(super) const fn new(words: [&'static str; N]) -> Self {
        let mut lengths = [0; 128];
        let mut at = 0;
        while at < N {
            let word = words[at].as_bytes();
            lengths[word[0].to_ascii_lowercase() as usize] |= 1 << word.len();
            at += 1;
        }
        Self { words, lengths }
    }

    /// Whether the set has a word, whatever its case.
    pub(super) fn contains(&self, word: &str) -> bool {
        let Some(first) = word.bytes().next().filter(u8::is_ascii) else { return false };
        let lengths = self.lengths.get(usize::from(first.to_ascii_lowercase())).copied().unwrap_or(0);
        word.len() < 32
            && lengths >> word.len() & 1 == 1
            && self.words.iter().any(|known| known.eq_ignore_ascii_case(word))
    }
}

#[cfg(test)]
mod tests {
    use super::WordSet;

    #[test]
    fn words_are_found_in_any_case_and_no_others() {
        static SET: WordSet<3> = WordSet::new(["of", "On", "__TIME"]);
        for (word, expected) in [
            ("of", true),
            ("OF", true),
            ("on", true),
            ("__time", true),
            ("o", false),
            ("off", false),
            ("an", false),
            ("", false),
            ("öf", false),
            ("a_word_that_is_longer_than_any_that_is_known", false),
        ] {
            assert_eq!(SET.contains(word), expected, "{word}");
        }
    }
}
