//! What stands before the sites of a log: nearly the same on each line.

use crate::model::Moment;
use crate::time::Clock;

use super::worker::worker;

/// Longer prefixes are read in the usual way.
const LONGEST: usize = 300;

/// The prefix of the last line that was read in full, and what it says.
#[derive(Debug)]
pub struct PrefixTemplate {
    prefix: Vec<u8>,
    /// Where its time stamp ends, if it has one.
    stamp_end: Option<usize>,
    /// The time that it tells.
    pub at: Option<Moment>,
    /// The process that it tells.
    pub worker: Option<u32>,
}

impl PrefixTemplate {
    /// Returns the template of a prefix whose time stamp ends as given, or `None` if a line that begins so has to be read in
    /// full: its stamp ends behind it, or it holds escapes.
    pub fn new(prefix: &str, stamp: Option<(usize, Moment)>, worker: Option<u32>) -> Option<Self> {
        let stamp_end = stamp.map(|(end, _)| end);
        let fits = prefix.len() <= LONGEST
            && stamp_end.is_none_or(|end| end <= prefix.len())
            && !prefix.contains(['\\', '&']);
        let prefix = prefix.as_bytes().to_vec();
        fits.then_some(Self { prefix, stamp_end, at: stamp.map(|(_, at)| at), worker })
    }

    /// How long the prefix is.
    pub const fn len(&self) -> usize {
        self.prefix.len()
    }

    /// Whether a text begins with the same prefix.
    pub fn begins(&self, text: &[u8]) -> bool {
        // A dump has no prefix. To compare nothing with nothing is no work, but the call costs more than all else here.
        self.prefix.is_empty() || text.starts_with(&self.prefix)
    }

    /// Whether a text begins with a prefix that differs in nothing but digits. Where in a line a site begins does not
    /// depend on digits.
    pub fn resembles(&self, text: &[u8]) -> bool {
        let same = |(a, b): (&u8, &u8)| a == b || a.is_ascii_digit() && b.is_ascii_digit();
        text.len() >= self.prefix.len() && self.prefix.iter().zip(text).all(same)
    }

    /// Takes over the digits of a line that resembles; `false` if its time is not where it was.
    pub fn adopt(&mut self, line: &str, clock: &mut Clock) -> bool {
        let stamp = clock.stamp(line);
        if stamp.map(|stamp| stamp.end) != self.stamp_end {
            return false;
        }
        let prefix = &line[..self.prefix.len()];
        self.at = stamp.map(|stamp| stamp.moment);
        self.worker = worker(&prefix[self.stamp_end.unwrap_or(0)..]);
        self.prefix.clear();
        self.prefix.extend_from_slice(prefix.as_bytes());
        true
    }
}
