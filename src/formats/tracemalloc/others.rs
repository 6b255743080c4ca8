//! Lines without a record, kept until one comes: what stands before a record tells of it, and most of a log stands before
//! none.

/// So much is kept; of more, what came last.
const MOST: usize = 1024 * 1024;

/// Lines in the order in which they came.
#[derive(Debug, Default)]
pub struct Others {
    text: String,
}

impl Others {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds a line.
    pub fn push(&mut self, line: &str) {
        if self.text.len() + line.len() >= MOST {
            let half = self.text.floor_char_boundary(self.text.len() / 2);
            let next_line = self.text[half..].find('\n').map_or(self.text.len(), |end| half + end + 1);
            self.text.drain(..next_line);
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Takes all lines out; give the text back with [`Others::reuse`].
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Takes back the room of a text that was taken out.
    pub fn reuse(&mut self, mut text: String) {
        text.clear();
        self.text = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept() {
        let mut others = Others::default();
        let lines = 200_000;
        (0..lines).for_each(|k| others.push(&format!("line {k}")));
        let text = others.take();
        assert!(text.len() <= MOST && text.len() > MOST / 3, "{}", text.len());
        assert!(text.starts_with("line ") && text.ends_with(&format!("line {}\n", lines - 1)));
        others.reuse(text);
        assert!(others.is_empty());
    }
}
