//! The labels of one source, each with its meaning: digits in them are all alike.

use std::collections::HashMap;

use super::super::columns::words::words;
use super::meaning::{Meaning, meaning, meaning_in_list};

/// Labels of one source. A log with more has no words of its own but texts.
const MOST_LABELS: usize = 4096;
/// Texts of one label that differ in their digits: subjects are few, indexes are many.
const MOST_VARIANTS: usize = 64;
/// Characters of a line that is shown as an example.
const LONGEST_EXAMPLE: usize = 60;

/// Labels that say nothing alone.
const VAGUE: &[&str] = &["used", "current", "free", "available", "avail", "left", "remaining", "in use"];
/// Nouns that may stand before those.
const NOUNS: &[&str] = &["memory", "mem", "ram", "heap", "vram", "swap"];

/// Returns the last noun in the words before a label.
fn noun_of(before: &str) -> Option<&'static str> {
    words(before).iter().rev().find_map(|word| NOUNS.iter().copied().find(|noun| noun == word))
}

/// The number of a label among those of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub u32);

/// A label that speaks of memory.
#[derive(Debug, Clone)]
pub struct Label {
    /// Its text, with `#` for each number.
    pub text: String,
    /// Its meaning.
    pub meaning: Meaning,
    /// Its texts with their numbers, as far as they are few.
    pub variants: Vec<String>,
    /// Whether there are more.
    pub has_more_variants: bool,
    /// The noun before it, where it says nothing alone: `memory` of `Memory: total 5 MB, free 3 MB`.
    pub noun: Option<&'static str>,
    /// The first line that has it.
    pub example: String,
    /// Whether it is a name of a runtime that other names near it are of: then one reading is enough.
    pub is_known: bool,
}

impl Label {
    /// Returns a name of it that says what it is alone.
    pub fn whole_name(&self, name: &str) -> String {
        self.noun.map_or_else(|| name.to_owned(), |noun| format!("{noun} {name}"))
    }
}

/// The labels of one source. The keys of the map are texts from outside, so it is one with a random seed.
#[derive(Debug, Default)]
pub struct Labels {
    numbers: HashMap<Box<str>, Option<LabelId>>,
    all: Vec<Label>,
    /// The text that is being looked up.
    masked: String,
}

impl Labels {
    /// Returns a label and its meaning, if it speaks of memory.
    pub fn find(&mut self, text: &str) -> Option<(LabelId, Meaning)> {
        self.find_within(text, text)
    }

    /// Returns a label of a list and its meaning, if it or the words of the list speak of memory.
    pub fn find_within(&mut self, text: &str, list: &str) -> Option<(LabelId, Meaning)> {
        mask(text, &mut self.masked);
        let known = self.numbers.get(self.masked.as_str()).copied();
        let id = match known {
            Some(known) => known,
            None if self.numbers.len() >= MOST_LABELS => None,
            None => {
                let id =
                    meaning(&self.masked).or_else(|| meaning_in_list(&self.masked, list)).map(|meaning| {
                        let id = LabelId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
                        self.all.push(Label {
                            text: self.masked.clone(),
                            meaning,
                            variants: Vec::new(),
                            has_more_variants: false,
                            noun: None,
                            example: String::new(),
                            is_known: false,
                        });
                        id
                    });
                self.numbers.insert(self.masked.as_str().into(), id);
                id
            }
        }?;
        Some((id, self.all.get(id.0 as usize)?.meaning.clone()))
    }

    /// Returns the number of a label's text among those that differ from it in their digits.
    pub fn variant(&mut self, id: LabelId, text: &str) -> u16 {
        let Some(label) = self.all.get_mut(id.0 as usize).filter(|label| label.text.contains('#')) else {
            return 0;
        };
        let known = label.variants.iter().position(|known| known == text);
        let place = known.unwrap_or_else(|| {
            if label.variants.len() < MOST_VARIANTS {
                label.variants.push(text.to_owned());
                label.variants.len() - 1
            } else {
                label.has_more_variants = true;
                MOST_VARIANTS
            }
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    /// Keeps the first line of a label, which begins at a byte of it.
    pub fn note_example(&mut self, id: LabelId, (line, start): (&str, usize), is_known: bool) {
        let Some(label) = self.all.get_mut(id.0 as usize) else { return };
        if label.example.is_empty() {
            let is_vague = VAGUE.iter().any(|word| label.text.eq_ignore_ascii_case(word));
            label.noun = line.get(..start).filter(|_| is_vague).and_then(noun_of);
            label.example = excerpt(line, start);
        }
        label.is_known |= is_known && label.meaning.runtime.is_some();
    }

    /// Returns the label of a number.
    pub fn get(&self, id: LabelId) -> Option<&Label> {
        self.all.get(id.0 as usize)
    }
}

/// Returns the part of a line that begins with a label. A number that is cut is another one, so it is cut between
/// words.
fn excerpt(line: &str, start: usize) -> String {
    let rest = line.get(start..).unwrap_or(line).trim();
    let Some((end, _)) = rest.char_indices().nth(LONGEST_EXAMPLE) else { return rest.to_owned() };
    let cut = rest[..end].rfind([' ', '\t', ',']).filter(|cut| *cut > LONGEST_EXAMPLE / 2);
    format!("{} ...", rest[..cut.unwrap_or(end)].trim_end())
}

/// Writes a text with `#` for each number in it.
fn mask(text: &str, masked: &mut String) {
    masked.clear();
    let mut in_number = false;
    let mut letters = text.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        let goes_on = letters.peek().is_some_and(char::is_ascii_digit);
        if letter.is_ascii_digit() {
            if !in_number {
                masked.push('#');
            }
            in_number = true;
        } else if !(in_number && goes_on && matches!(letter, '.' | ',')) {
            in_number = false;
            masked.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn excerpts_show_the_label() {
        let long = "x".repeat(40);
        for (line, start, expected) in [
            ("worker RSS: 5 MB\n".to_owned(), 7, "RSS: 5 MB".to_owned()),
            (format!("RSS: 5 MB {long} 123456789012345"), 0, format!("RSS: 5 MB {long} ...")),
        ] {
            assert_eq!(excerpt(&line, start), expected, "{line}");
        }
    }
}
