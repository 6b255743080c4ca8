//! Lines that wait: what stands before a record may tell of it, and most lines of a log stand before none.

use super::Line;

/// So many bytes wait at most; of more, what came last.
const MOST: usize = 256 * 1024;

/// Lines in the order in which they came.
#[derive(Debug, Default)]
pub struct Waiting {
    text: String,
    /// The number of each line, and where in the text it ends.
    lines: Vec<(u64, usize)>,
    /// Whether the last of them, and of its source, lacks its end.
    cut: bool,
}

impl Waiting {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds a line.
    pub fn push(&mut self, line: Line<'_>) {
        if self.text.len() + line.text.len() > MOST || self.lines.len() >= MOST {
            self.forget_half();
        }
        self.text.push_str(line.text);
        self.lines.push((line.number, self.text.len()));
        self.cut = !line.ended;
    }

    fn forget_half(&mut self) {
        let half = self.lines.len().div_ceil(2);
        let Some(&(_, end)) = half.checked_sub(1).and_then(|last| self.lines.get(last)) else { return };
        self.lines.drain(..half);
        self.lines.iter_mut().for_each(|(_, at)| *at -= end);
        self.text.drain(..end);
    }

    /// The lines.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = Line<'_>> {
        let begins = std::iter::once(0).chain(self.lines.iter().map(|&(_, end)| end)).collect::<Vec<_>>();
        (0..self.lines.len()).map(move |k| {
            let (number, end) = self.lines[k];
            let ended = !self.cut || k + 1 < self.lines.len();
            Line { text: &self.text[begins[k]..end], number, ended }
        })
    }

    /// Shows all lines in their order, and forgets them.
    pub fn take_all(&mut self, mut show: impl FnMut(Line<'_>)) {
        self.lines().for_each(&mut show);
        self.clear();
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept() {
        let mut waiting = Waiting::default();
        let count = 200_000;
        for number in 1..=count {
            waiting.push(Line { text: &format!("line {number}"), number, ended: true });
        }
        let kept: Vec<(String, u64)> = waiting.lines().map(|l| (l.text.to_owned(), l.number)).collect();
        assert!(kept.len() > 5_000 && kept.len() < 30_000, "{}", kept.len());
        assert!(kept.iter().all(|(text, number)| *text == format!("line {number}")));
        assert_eq!(kept.last().map(|(_, number)| *number), Some(count));
        waiting.take_all(|_| {});
        assert!(waiting.is_empty());
    }
}
