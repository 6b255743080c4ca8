//! Rows of a list of functions, and the lines around them.

use crate::formats::size::{Multiples, Size, size};
use crate::model::{Frame, Place};

/// A row: the size of a function's own blocks, and its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub flat: Size,
    pub place: Place,
}

/// Whether a line is the header of a list: `flat  flat%   sum%        cum   cum%`.
pub fn is_header(line: &str) -> bool {
    line.split_ascii_whitespace().eq(["flat", "flat%", "sum%", "cum", "cum%"])
}

/// Parses a row: `512.02kB   100%   100%   512.02kB   100%  main.remember`. A number without a unit counts `bare`
/// bytes.
pub fn row(line: &str, bare: f64) -> Option<Row> {
    let (words, name) = five(line)?;
    let is_share = |word: &str| word.strip_suffix('%').is_some_and(|share| share.parse::<f64>().is_ok());
    if !is_share(words[1]) || !is_share(words[2]) || !is_share(words[4]) {
        return None;
    }
    let read = |word: &str| size(word, bare, Multiples::Binary);
    read(words[3])?;
    Some(Row { flat: read(words[0])?, place: place(name) })
}

/// Splits five words off a line.
fn five(line: &str) -> Option<([&str; 5], &str)> {
    let (mut words, mut rest) = ([""; 5], line.trim());
    for word in &mut words {
        let (first, after) = rest.split_once([' ', '\t'])?;
        *word = first;
        rest = after.trim_start();
    }
    (!rest.is_empty()).then_some((words, rest))
}

/// Returns the place of a name: a function, a line (`-lines`: `main.keep /srv/app/main.go:22`), a file (`-files`).
fn place(name: &str) -> Place {
    let name =
        name.strip_suffix(" (inline)").or_else(|| name.strip_suffix(" (partial-inline)")).unwrap_or(name);
    let line = name.rsplit_once(' ').and_then(|(function, place)| {
        let (file, line) = place.rsplit_once(':')?;
        let line: u32 = line.parse().ok().filter(|_| file.contains(['/', '\\', '.']))?;
        Some(Frame { function: Some(function.trim_end().into()), ..Frame::at(file, line) })
    });
    match line {
        Some(frame) => Place::Line(frame),
        None if name.starts_with('/') && !name.contains(' ') => Place::File(name.to_owned()),
        None => Place::Line(Frame { function: Some(name.into()), ..Frame::at("", 0) }),
    }
}

/// The lines above the header of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heading<'t> {
    /// The kind of the profile: `inuse_space`.
    pub kind: Option<&'t str>,
    /// The time of the profile.
    pub time: Option<&'t str>,
    /// The sum of all rows.
    pub shown: Option<Size>,
    /// The sum of the profile.
    pub total: Option<Size>,
    /// The most that a function can have that was left out for being small.
    pub dropped: Option<Size>,
    /// Whether only the first functions are shown.
    pub is_top: bool,
    /// Whether functions are left out by a pattern.
    pub is_filtered: bool,
}

impl<'t> Heading<'t> {
    /// Reads a line above. Returns whether it is one of a heading.
    pub fn line(&mut self, line: &'t str) -> bool {
        let line = line.trim();
        let read = |text: &str| size(text, 1.0, Multiples::Binary);
        if let Some(rest) = line.strip_prefix("Showing nodes accounting for ") {
            // `10.50MB, 95.33% of 11.02MB total`
            let mut words = rest.split([' ', ',']).filter(|word| !word.is_empty());
            self.shown = words.next().and_then(read);
            self.total = words.nth(2).and_then(read);
            return true;
        }
        if let Some((shown, rest)) = line.split_once(" of ")
            && let Some((total, _)) = rest.split_once(" total (")
        {
            // Go before 1.10: `10.50MB of 11.02MB total (95.33%)`.
            (self.shown, self.total) = (read(shown), read(total));
            return true;
        }
        if let Some(rest) = line.strip_prefix("Dropped ") {
            let limit = rest.split_once("(cum <= ").and_then(|(_, limit)| limit.strip_suffix(')'));
            self.dropped = limit.and_then(read);
            return self.dropped.is_some();
        }
        if line.starts_with("Showing top ") && line.contains(" nodes out of ") {
            self.is_top = true;
            return true;
        }
        if let Some(kind) = line.strip_prefix("Type: ") {
            self.kind = Some(kind);
            return true;
        }
        if let Some(time) = line.strip_prefix("Time: ") {
            self.time = Some(time);
            return true;
        }
        if line.starts_with("Active filters:")
            || ["focus=", "ignore=", "hide=", "show="].iter().any(|f| line.starts_with(f))
        {
            self.is_filtered = true;
            return true;
        }
        [
            "File: ",
            "Build ID: ",
            "Duration: ",
            "Entering interactive mode",
            "(pprof) ",
            "Main binary filename",
        ]
        .iter()
        .any(|beginning| line.starts_with(beginning))
    }
}

/// Parses the first line of a list of gperftools, `Total: 16.6 MB`: the sum, and the bytes that a number below counts.
pub fn total(line: &str) -> Option<(Size, f64)> {
    let (number, unit) = line.trim().strip_prefix("Total: ")?.split_once(' ')?;
    let bare = match unit {
        "B" => 1.0,
        "MB" => 1_048_576.0,
        _ => return None,
    };
    Some((size(number, bare, Multiples::Binary)?, bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_places() {
        for (line, bare, expected) in [
            (
                "  512.02kB   100%   100%   512.02kB   100%  main.remember",
                1.0,
                Some((524_308.48, "main.remember")),
            ),
            ("  1.50MB 9.1% 90% 2MB 12% main.keep (inline)", 1.0, Some((1_572_864.0, "main.keep"))),
            ("         0     0%   100%   512.02kB   100%  runtime.main", 1.0, Some((0.0, "runtime.main"))),
            ("    14.6  88.0%  88.0%     14.6  88.0% keep", 1_048_576.0, Some((15_309_209.6, "keep"))),
            (
                "1MB 1% 1% 1MB 1% a.F[go.shape.int] /srv/app/a.go:7",
                1.0,
                Some((1_048_576.0, "a.F[go.shape.int] (/srv/app/a.go:7)")),
            ),
            ("1MB 1% 1% 1MB 1% /srv/app/a.go", 1.0, Some((1_048_576.0, "/srv/app/a.go"))),
            (
                "1MB 1% 1% 1MB 1% operator new(unsigned long)",
                1.0,
                Some((1_048_576.0, "operator new(unsigned long)")),
            ),
            ("10ms 1% 1% 20ms 2% main.spin", 1.0, None),
            ("1MB 1% 1% 1MB main.keep", 1.0, None),
            ("hello", 1.0, None),
        ] {
            let found = row(line, bare).map(|row| (row.flat.bytes, crate::model::Site::of(row.place).text()));
            let found = found.map(|(bytes, text)| ((bytes * 100.0).round() / 100.0, text));
            assert_eq!(found, expected.map(|(bytes, text)| (bytes, text.to_owned())), "{line}");
        }
    }

    #[test]
    fn headings() {
        let mut heading = Heading::default();
        for line in [
            "File: gosvc",
            "Type: inuse_space",
            "Time: Nov 26, 2026 at 10:45am (UTC)",
            "Showing nodes accounting for 10.50MB, 95.33% of 11.02MB total",
            "Dropped 12 nodes (cum <= 0.06MB)",
            "      Showing top 10 nodes out of 45",
        ] {
            assert!(heading.line(line), "{line}");
        }
        let bytes = |size: Option<Size>| size.map(|size| (size.bytes / 1_048_576.0 * 100.0).round());
        assert_eq!((bytes(heading.shown), bytes(heading.total)), (Some(1050.0), Some(1102.0)));
        assert_eq!(
            (bytes(heading.dropped), heading.is_top, heading.kind),
            (Some(6.0), true, Some("inuse_space"))
        );
        let mut old = Heading::default();
        assert!(old.line("10.50MB of 11.02MB total (95.33%)"));
        assert_eq!(bytes(old.total), Some(1102.0));
        assert!(!Heading::default().line("2026-11-26 12:00:00 started"));
        assert_eq!(total("Total: 16.6 MB").map(|(size, _)| size.bytes), Some(16.6 * 1_048_576.0));
        assert_eq!(total("Total: 312 samples"), None);
    }
}
