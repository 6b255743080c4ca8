//! The documentation's recipe: `#1: SITE:LINE: 62.5 KiB`, `N other: 12.3 KiB`, `Total allocated size: 74.8
//! KiB`.

use memchr::memmem;

use super::place::{Left, left_of_size};
use super::size::{count, size};
use crate::model::{Amount, Place};

/// One thing that was found in a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// `#1: SITE:LINE: 62.5 KiB`.
    Entry {
        /// The site.
        place: Place,
        /// Its size; always in KiB with one decimal, so to half of 102.4 bytes.
        size: Amount,
    },
    /// `N other: 12.3 KiB`: how many sites are not shown, and their size.
    Other {
        /// Number of sites that are not shown.
        sites: u64,
        /// Their size together.
        size: Amount,
    },
    /// `Total allocated size: 74.8 KiB`.
    Total(Amount),
}

/// Reads all entries of a line; where the line ends were lost there are several.
pub fn entries(line: &str, mut found: impl FnMut(Found)) {
    let mut from = 0;
    for at in memmem::find_iter(line.as_bytes(), b" KiB") {
        let (left, end) = (&line[from..at], at + " KiB".len());
        let Some((before, number)) = left.rsplit_once(": ") else { continue };
        let Ok((_, size)) = size(&format!("{number} KiB")) else { continue };
        if let Some(item) = entry(before, size) {
            found(item);
        }
        from = end;
    }
}

/// `before` is what stands before `: 62.5 KiB`.
fn entry(before: &str, size: Amount) -> Option<Found> {
    if before.ends_with("Total allocated size") {
        return Some(Found::Total(size));
    }
    if let Some(left) = before.strip_suffix(" other") {
        let digits = left.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        return count(digits).ok().map(|(_, sites)| Found::Other { sites, size });
    }
    let ranked = behind_rank(before)?;
    match left_of_size(&format!("{ranked}:")) {
        Left::Site(place, 0) => Some(Found::Entry { place, size }),
        // What stands between rank and site is part of a name with blanks.
        Left::Site(_, _) => {
            let (file, line) = ranked.rsplit_once(':')?;
            Some(Found::Entry { place: super::place::place(file, line.parse().ok()?), size })
        }
        _ => None,
    }
}

/// What stands behind the last `#N: `.
fn behind_rank(text: &str) -> Option<&str> {
    let mut rest = text;
    let mut ranked = None;
    while let Some(at) = rest.find('#') {
        rest = &rest[at + 1..];
        if let Ok((after, _)) = count(rest)
            && let Some(site) = after.strip_prefix(": ")
        {
            ranked = Some(site);
        }
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<String> {
        let mut all = Vec::new();
        entries(line, |item| {
            all.push(match item {
                Found::Entry { place, size } => {
                    format!("{} {:.1}", crate::model::Site::of(place).text(), size.measured().value / 1024.0)
                }
                Found::Other { sites, size } => {
                    format!("{sites} other {:.1}", size.measured().value / 1024.0)
                }
                Found::Total(size) => format!("total {:.1}", size.measured().value / 1024.0),
            });
        });
        all
    }

    #[test]
    fn entries_of_the_recipe() {
        for (line, expected) in [
            ("#1: /srv/app/background.py:26: 16.1 KiB", vec!["/srv/app/background.py:26 16.1"]),
            ("    #10: typing/context.py:456: 105.1 KiB", vec!["typing/context.py:456 105.1"]),
            (
                "#4: <frozen importlib._bootstrap_external>:487: 961.4 KiB",
                vec!["<frozen importlib._bootstrap_external>:487 961.4"],
            ),
            ("#2: gensim\\utils.py:1398: 65934.3 KiB", vec!["gensim\\utils.py:1398 65934.3"]),
            ("#3: my dir/app.py:12: 0.5 KiB", vec!["my dir/app.py:12 0.5"]),
            ("3212 other: 4611.9 KiB", vec!["3212 other 4611.9"]),
            ("Total allocated size: 15179.4 KiB", vec!["total 15179.4"]),
            (
                "#1: a.py:1: 2.5 KiB#2: b.py:2: 1.5 KiB    x = '#3: ' + s.read()#3: c.py:3: 0.5 KiB7 other: 0.1 KiBTotal allocated size: 4.6 KiB",
                vec!["a.py:1 2.5", "b.py:2 1.5", "c.py:3 0.5", "7 other 0.1", "total 4.6"],
            ),
            ("cache: 12.0 KiB", vec![]),
            ("peak: 12.0 KiB of 13.0 KiB", vec![]),
            ("    return '%.1f KiB' % size", vec![]),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }
}
