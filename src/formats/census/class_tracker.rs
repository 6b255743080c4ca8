//! Summaries of pympler's `ClassTracker`: the instances of a few classes at each of its snapshots.

use super::lists::{Entry, Extent, Lists};
use super::rows::{last_word, pympler_size, whole};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::model::{Dialect, Measured};

/// Summaries of `ClassTracker`.
pub static FORMAT: Format = Format {
    name: "class-tracker",
    reads: "pympler's ClassTracker (\"tick 0      active      0     B      average   pct\")",
    example: "---- SUMMARY ----\n\
              tick 0                                   active      0     B      average   pct\n  \
              __main__.Session                            1    624     B    624     B    0%\n",
    detect: Detect::Needles(&["  average   pct", "---- SUMMARY ----"]),
    parser: |_| Parser::Lines(Box::<Tracked>::default()),
};

/// Reads summaries.
#[derive(Debug, Default)]
struct Tracked {
    lists: Lists,
    is_open: bool,
    /// The lists of the longest summary before.
    before: Lists,
}

impl LineParser for Tracked {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if line.text.trim_start().starts_with("---- SUMMARY ----") {
            self.end_summary();
            return Ok(Claim::MoreBelow);
        }
        let text = line.text.trim_end();
        if text.ends_with("  average   pct") && text.contains(" active ") {
            let scope = out.bare_scope();
            self.lists.begin(scope, line.number);
            self.lists.set_extent(Extent::Complete);
            self.is_open = true;
            return Ok(Claim::MoreBelow);
        }
        if !self.is_open {
            return Ok(Claim::NotMine);
        }
        match row(text) {
            Some((name, count, bytes)) => {
                self.lists.push(Entry { name, count, bytes: Some(bytes), above_peak: None }, out);
                Ok(Claim::MoreBelow)
            }
            None => {
                self.is_open = false;
                if !line.ended {
                    self.lists.set_extent(Extent::BrokenOff);
                }
                Ok(Claim::NotMine)
            }
        }
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.end_summary();
        self.before.finish(Dialect::Census, out);
        *self = Self::default();
    }
}

impl Tracked {
    /// Ends a summary. Each repeats all snapshots so far, so that the longest has all.
    fn end_summary(&mut self) {
        self.is_open = false;
        let lists = std::mem::take(&mut self.lists);
        if lists.len() >= self.before.len() {
            self.before = lists;
        }
    }
}

/// Parses `  __main__.Session    26      8.03 KB    316     B    0%`.
fn row(text: &str) -> Option<(&str, i64, Measured)> {
    let (rest, percent) = last_word(text)?;
    percent.strip_suffix('%').and_then(whole)?;
    let (rest, unit) = last_word(rest)?;
    let (rest, average) = last_word(rest)?;
    pympler_size(&format!("{average} {unit}"))?;
    let (rest, unit) = last_word(rest)?;
    let (rest, sum) = last_word(rest)?;
    let bytes = pympler_size(&format!("{sum} {unit}"))?;
    let (name, count) = last_word(rest)?;
    Some((name.trim(), whole(count).filter(|count| *count >= 0)?, bytes))
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn rows() {
        let found = row("  __main__.Session            26      8.03 KB    316     B    0%");
        let found = found.map(|(name, count, bytes)| (name, count, bytes.value.round()));
        assert_eq!(found, Some(("__main__.Session", 26, 8223.0)));
        for text in ["", "----", "  __main__.Session 26 8.03 KB 316 B", "a b c d e f g"] {
            assert_eq!(row(text), None, "{text}");
        }
    }
}
