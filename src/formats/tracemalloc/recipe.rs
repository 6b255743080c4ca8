//! The documentation's recipe: `#1: SITE:LINE: 62.5 KiB`, `N other: 12.3 KiB`, `Total allocated size: 74.8 KiB`, in
//! whatever unit the program was made to print.

use memchr::memmem;

use super::between::without_cut_mark;
use super::place::{Left, left_of_size, place};
use super::rank::rank;
use super::size::{count, size, unit_length};
use crate::model::{Amount, Place};

/// Longer texts at the end of a line are no amount, damaged or not.
const LONGEST_AMOUNT: usize = 1024;

/// One thing that was found in a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// `#1: SITE:LINE: 62.5 KiB`.
    Entry {
        /// Its rank.
        rank: u32,
        /// The site.
        place: Place,
        /// Its size, to half of its last digit.
        size: Amount,
    },
    /// An entry that is damaged: the byte at which reading stopped, and what was expected there.
    Damaged {
        /// Offset in the line, in bytes.
        at: usize,
        /// The expectation, and the text that stood there.
        message: String,
    },
    /// `N other: 12.3 KiB`: the sites that are not shown.
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
    for at in memmem::find_iter(line.as_bytes(), b": ") {
        let Some(before) = line.get(from..at) else { continue };
        let amount = &line[at + 2..];
        match size(amount.trim_start()) {
            Ok((rest, size)) => {
                if let Some(item) = entry(before, size) {
                    found(item);
                }
                from = line.len() - rest.len();
            }
            Err(_) => {
                if is_damaged(amount) && ranked_place(before).is_some() {
                    let stood: String = amount.chars().take(24).collect();
                    found(Found::Damaged {
                        at: at + 2,
                        message: format!("expected a size, found \"{}\"", stood.trim_end()),
                    });
                    from = at + 2;
                }
            }
        }
    }
}

/// `before` is what stands before `: 62.5 KiB`.
fn entry(before: &str, size: Amount) -> Option<Found> {
    if before.ends_with("Total allocated size") {
        return Some(Found::Total(size));
    }
    if let Some(left) = before.strip_suffix(" other") {
        let digits = left.rsplit(|c: char| !c.is_ascii_digit() && c != ',').next().unwrap_or_default();
        return count(digits.trim_start_matches(',')).ok().map(|(_, sites)| Found::Other { sites, size });
    }
    let (rank, place) = ranked_place(before)?;
    Some(Found::Entry { rank, place, size })
}

/// The place after the last `#N: `, and N.
fn ranked_place(before: &str) -> Option<(u32, Place)> {
    let (rank, ranked) = after_rank(before)?;
    match left_of_size(&format!("{ranked}:")) {
        Left::Site(place, 0) => Some((rank, place)),
        // What stands between rank and site is part of a name with blanks.
        Left::Site(_, _) => {
            let (file, line) = ranked.rsplit_once(':')?;
            Some((rank, place(file, line.parse().ok()?)))
        }
        _ => None,
    }
}

/// The last rank, and what stands after it.
fn after_rank(text: &str) -> Option<(u32, &str)> {
    let mut ranked = None;
    for at in memmem::find_iter(text.as_bytes(), b"#") {
        let rest = &text[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let after = &rest[digits..];
        let site = after.trim_start_matches([':', '.', ')']).trim_start_matches([' ', '\'', '"']);
        let number = rank(&text[at..text.len() - site.len()]);
        if number > 0 && after.len() > site.len() {
            ranked = Some((number, site));
        }
    }
    ranked
}

/// Whether an amount that is no size was one: digits among which a letter slipped, or what is left of a cut line.
fn is_damaged(amount: &str) -> bool {
    if !amount.starts_with(|c: char| c.is_ascii_digit()) || amount.len() > LONGEST_AMOUNT {
        return false;
    }
    let (amount, _) = without_cut_mark(amount.trim_end());
    let number = amount.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let digits = number.trim_end();
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    let unit = &amount[number.len()..];
    // `10.5 Ki`, `10.5`, and `4o.0 KiB` or more digits than a number has.
    let breaks_off = is_number(digits) && ["", "K", "M", "G", "T", "Ki", "Mi", "Gi", "Ti"].contains(&unit);
    let word = amount.split(' ').next().unwrap_or_default();
    let with_unit =
        amount[word.len()..].strip_prefix(' ').is_some_and(|rest| unit_length(rest) == Some(rest.len()));
    breaks_off || with_unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<String> {
        let mut all = Vec::new();
        entries(line, |item| {
            all.push(match item {
                Found::Entry { rank, place, size } => {
                    let site = crate::model::Site::of(place).text();
                    format!("{rank} {site} {:.1}", size.measured().value / 1024.0)
                }
                Found::Damaged { at, message } => format!("{at}: {message}"),
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
            ("#1: /srv/app/background.py:26: 16.1 KiB", vec!["1 /srv/app/background.py:26 16.1"]),
            ("    #10: typing/context.py:456: 105.1 KiB", vec!["10 typing/context.py:456 105.1"]),
            (
                "#4: <frozen importlib._bootstrap_external>:487: 961.4 KiB",
                vec!["4 <frozen importlib._bootstrap_external>:487 961.4"],
            ),
            ("#2: gensim\\utils.py:1398: 65934.3 KiB", vec!["2 gensim\\utils.py:1398 65934.3"]),
            ("#3: my dir/app.py:12: 0.5 KiB", vec!["3 my dir/app.py:12 0.5"]),
            ("3212 other: 4611.9 KiB", vec!["3212 other 4611.9"]),
            ("3,212 other: 4611.9 KiB", vec!["3212 other 4611.9"]),
            ("Total allocated size: 15179.4 KiB", vec!["total 15179.4"]),
            (
                "#1: a.py:1: 2.5 KiB#2: b.py:2: 1.5 KiB    x = '#3: ' + s.read()#3: c.py:3: 0.5 KiB7 other: 0.1 KiBTotal allocated size: 4.6 KiB",
                vec!["1 a.py:1 2.5", "2 b.py:2 1.5", "3 c.py:3 0.5", "7 other 0.1", "total 4.6"],
            ),
            // In other units, and with other signs after the rank.
            ("#1: a.py:3: 10.5 MiB", vec!["1 a.py:3 10752.0"]),
            ("#1: a.py:3: 0.25 GiB", vec!["1 a.py:3 262144.0"]),
            ("#1: a.py:3: 10.5 MB", vec!["1 a.py:3 10752.0"]),
            ("#1: a.py:3: 1,234.5 kB", vec!["1 a.py:3 1234.5"]),
            ("#1: a.py:3: 2048 B", vec!["1 a.py:3 2.0"]),
            ("#1: a.py:3: 2048 bytes", vec!["1 a.py:3 2.0"]),
            ("#1: a.py:3: 10.5MiB", vec!["1 a.py:3 10752.0"]),
            ("#1 a.py:3: 1.5 KiB", vec!["1 a.py:3 1.5"]),
            ("5 other: 3.0 MiB", vec!["5 other 3072.0"]),
            ("Total allocated size: 1.5 GB", vec!["total 1572864.0"]),
            // Damaged entries.
            ("#2: a.py:3: 4o.0 KiB", vec!["12: expected a size, found \"4o.0 KiB\""]),
            ("#2: a.py:3: 40.0 Ki", vec!["12: expected a size, found \"40.0 Ki\""]),
            ("#2: a.py:3: 40>", vec!["12: expected a size, found \"40>\""]),
            // Words of other programs.
            ("cache: 12.0 KiB", vec![]),
            ("peak: 12.0 KiB of 13.0 KiB", vec![]),
            ("    return '%.1f KiB' % size", vec![]),
            ("#2: a.py:3: 3 Bananas", vec![]),
            ("#2: a.py:3: 4 errors", vec![]),
            ("#12: fix the cache: 12.0 KiB less", vec![]),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }
}
