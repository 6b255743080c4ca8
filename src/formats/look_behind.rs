//! Lines above a record that no format claimed: they may tell its time, or name its subject.

/// Bytes of text that are kept; of more, the last lines.
const MOST_BYTES: usize = 64 * 1024;

/// Unclaimed lines in the order of the source.
/// A parser takes them when it claims the line below them.
#[derive(Debug, Clone, Default)]
pub struct LinesAbove {
    text: String,
    /// The number of each line, and the byte after its end in `text`.
    lines: Vec<(u64, usize)>,
}

impl LinesAbove {
    /// Whether there are no lines.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns the number of the last line; 0 if there are none.
    pub(super) fn last_number(&self) -> u64 {
        self.lines.last().map_or(0, |(number, _)| *number)
    }

    /// Appends a line, without its line end.
    pub(super) fn push(&mut self, number: u64, line: &str) {
        let from = line.len().saturating_sub(MOST_BYTES);
        let line = (from..line.len()).find_map(|from| line.get(from..)).unwrap_or_default();
        while !self.is_empty()
            && (self.text.len() + line.len() > MOST_BYTES || self.lines.len() >= MOST_BYTES)
        {
            self.drop_half();
        }
        self.text.push_str(line);
        self.lines.push((number, self.text.len()));
    }

    fn drop_half(&mut self) {
        let half = self.lines.len().div_ceil(2);
        let Some(&(_, end)) = half.checked_sub(1).and_then(|last| self.lines.get(last)) else { return };
        self.lines.drain(..half);
        self.lines.iter_mut().for_each(|(_, at)| *at -= end);
        self.text.drain(..end);
    }

    /// Returns the lines with their numbers.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = (u64, &str)> {
        (0..self.lines.len()).filter_map(|k| {
            let begin = k.checked_sub(1).map_or(0, |before| self.lines[before].1);
            let (number, end) = self.lines[k];
            Some((number, self.text.get(begin..end)?))
        })
    }

    /// Removes all lines.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }
}

/// Returns the last lines of a text, at most `most` bytes of them, and the number of lines before them.
pub fn tail(text: &str, most: usize) -> (&str, u64) {
    if text.len() <= most {
        return (text, 0);
    }
    let from = text.len() - most;
    let bytes = text.as_bytes();
    let Some(end) = memchr::memchr(b'\n', &bytes[from..]) else { return ("", count_lines(text)) };
    let (before, kept) = (from + end + 1, text.get(from + end + 1..).unwrap_or(""));
    (kept, count_lines(&text[..before]))
}

/// Returns the number of line ends in a text.
pub fn count_lines(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64
}

/// Returns at most `most` bytes of the beginning of a text.
pub(super) fn start(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rfind(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept() {
        let mut above = LinesAbove::default();
        let count = 200_000;
        (1..=count).for_each(|number| above.push(number, &format!("line {number}")));
        let kept: Vec<(u64, String)> =
            above.lines().map(|(number, text)| (number, text.to_owned())).collect();
        assert!(kept.len() > 2_000 && kept.len() < 8_000, "{}", kept.len());
        assert!(kept.iter().all(|(number, text)| *text == format!("line {number}")));
        assert_eq!(kept.last().map(|(number, _)| *number), Some(count));
        above.push(1, &"x".repeat(1_000_000));
        assert!(above.lines().map(|(_, text)| text.len()).sum::<usize>() <= MOST_BYTES);
        above.clear();
        assert!(above.is_empty());
    }
}
