//! The prefix of a record, by which the next lines are recognised.

use super::scope::Scope;

/// The prefix of the last record whose line was read in full, for lines that begin alike.
#[derive(Debug)]
pub(super) struct PrefixTemplate {
    pub(super) text: Vec<u8>,
    /// The bytes at which its stamp begins and ends, if it has one.
    pub(super) stamp: Option<(usize, usize)>,
    /// Whether it has fields or a stamp; else records have the prefix of the message that they are lines of.
    pub(super) has_prefix: bool,
    pub(super) scope: Scope,
}

impl PrefixTemplate {
    /// Whether a text begins with the prefix, or with one that differs from it in nothing but digits.
    pub(super) fn is_like(&self, text: &[u8]) -> bool {
        let same = |(a, b): (&u8, &u8)| a == b || a.is_ascii_digit() && b.is_ascii_digit();
        text.len() >= self.text.len() && self.text.iter().zip(text).all(same)
    }
}
