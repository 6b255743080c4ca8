//! The search for lines that may concern a format.

use aho_corasick::AhoCorasick;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::needle_groups::groups;

/// A set of formats, by their places in a list of at most 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FormatSet(u128);

impl FormatSet {
    /// Returns the set of one format, or of none.
    pub const fn of(place: Option<usize>) -> Self {
        match place {
            Some(place) => Self(1 << place),
            None => Self(0),
        }
    }

    /// Returns the set of the first formats of a list, 128 at most.
    pub fn first(number: usize) -> Self {
        (0..number).collect()
    }

    /// Adds a format.
    pub const fn insert(&mut self, place: usize) {
        self.0 |= 1 << place;
    }

    /// Removes a format.
    pub const fn remove(&mut self, place: usize) {
        self.0 &= !(1 << place);
    }

    /// Returns the formats that are in this set and not in another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns the formats that are in two sets.
    #[must_use]
    pub const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the formats that are in one of two sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a format is in it.
    #[must_use]
    pub const fn contains(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    /// Returns the places in ascending order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            // Of no bits, as many as there are are trailing zeros.
            let place = usize::try_from(left.trailing_zeros()).ok().filter(|place| *place < 128);
            left &= left.wrapping_sub(1);
            place
        })
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<usize> for FormatSet {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        let mut set = Self::default();
        places.into_iter().for_each(|place| set.insert(place));
        set
    }
}

/// All needles of all formats: texts of which each line that concerns a format has at least one.
///
/// A text without needles is searched once, by vectorised searchers, whatever the number of formats.
#[derive(Debug, Default)]
pub struct Needles {
    groups: Vec<Group>,
    /// Finds all needles of one line; `None` if there are more than an automaton can hold.
    of_line: Option<AhoCorasick>,
    /// The format of each needle of `of_line`.
    owners: Vec<usize>,
    formats: FormatSet,
}

/// Some of the needles, searched together.
#[derive(Debug)]
enum Group {
    Packed(Searcher),
    /// Where the processor or the needles do not allow a vectorised search.
    Automaton(AhoCorasick),
    /// There are more needles than an automaton can hold: each line may have one.
    Unsearchable,
}

impl Group {
    fn new(needles: &[&str]) -> Self {
        let packed = Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(needles).build();
        let automaton = || AhoCorasick::new(needles).map_or(Self::Unsearchable, Self::Automaton);
        packed.map_or_else(automaton, Self::Packed)
    }

    fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let found = match self {
            Self::Packed(searcher) => searcher.find(rest).map(|found| found.start()),
            Self::Automaton(automaton) => automaton.find(rest).map(|found| found.start()),
            Self::Unsearchable => (!rest.is_empty()).then_some(0),
        };
        found.map(|at| from + at)
    }
}

impl Needles {
    /// Returns the needles of formats, given with the place of their format.
    #[must_use]
    pub fn new(needles: &[(usize, &str)]) -> Self {
        let texts: Vec<&str> = needles.iter().map(|(_, text)| *text).collect();
        let mut distinct = texts.clone();
        distinct.sort_unstable();
        distinct.dedup();
        // Where a needle stands that holds another, the other does, too.
        let all = distinct.clone();
        distinct.retain(|text| !all.iter().any(|other| other != text && text.contains(other)));
        let groups = groups(&distinct).iter().map(|group| Group::new(group)).collect();
        let mut formats = FormatSet::default();
        needles.iter().for_each(|(format, _)| formats.insert(*format));
        let owners = needles.iter().map(|(format, _)| *format).collect();
        Self { groups, of_line: AhoCorasick::new(&texts).ok(), owners, formats }
    }

    /// Returns the formats that have a needle in a line.
    #[must_use]
    pub fn formats_of(&self, line: &str) -> FormatSet {
        let Some(of_line) = &self.of_line else { return self.formats };
        let mut found = FormatSet::default();
        for needle in of_line.find_overlapping_iter(line) {
            found.insert(self.owners[needle.pattern().as_usize()]);
            if found == self.formats {
                break;
            }
        }
        found
    }

    /// Begins the search of a text.
    #[must_use]
    pub fn search(&self) -> Search<'_> {
        Search { needles: self, next: vec![Some(0); self.groups.len()] }
    }
}

/// The search of one text, from its beginning to its end.
#[derive(Debug)]
pub struct Search<'a> {
    needles: &'a Needles,
    /// The place of the next needle of each group: at least this place where it lies below the one asked for.
    next: Vec<Option<usize>>,
}

impl Search<'_> {
    /// Returns the place of the first needle at `from` or later, of those that hold no other. The text is the same at
    /// each call, and `from` never falls.
    pub fn find(&mut self, text: &[u8], from: usize) -> Option<usize> {
        let mut first: Option<usize> = None;
        for (group, next) in self.needles.groups.iter().zip(&mut self.next) {
            // A needle that was found earlier still stands.
            if next.is_some_and(|at| at < from || from == 0) {
                *next = group.find(text, from);
            }
            first = match (first, *next) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        first
    }
}

/// Returns where the next line with a needle begins, at `at` or later; `at` is the beginning of a line.
pub fn next_line(piece: &str, at: usize, search: &mut Search<'_>) -> Option<usize> {
    let needle = search.find(piece.as_bytes(), at)?;
    Some(memchr::memrchr(b'\n', &piece.as_bytes()[at..needle]).map_or(at, |end| at + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formats_are_found_by_any_of_their_needles() {
        let needles = Needles::new(&[(0, "Rss"), (0, "VmRSS"), (1, "size="), (2, "Rss: ")]);
        for (line, formats) in [
            ("VmRSS:  1 kB", vec![0]),
            ("Rss: 1 kB", vec![0, 2]),
            ("a.py:1: size=1 B, Rss: 3", vec![0, 1, 2]),
            ("nothing", vec![]),
        ] {
            assert_eq!(needles.formats_of(line).iter().collect::<Vec<_>>(), formats, "{line}");
        }
    }

    proptest! {
        #[test]
        fn each_needle_is_met_in_its_place(text in "[ab#Rs1:= ]{0,200}", many in 1..90_usize) {
            let needles: Vec<String> = (0..many).map(|k| format!("{}{}", ["Rs", "a b", "#1: ", "s=:"][k % 4], ["", "s", "a", "b1"][k / 4 % 4])).collect();
            let needles: Vec<(usize, &str)> = needles.iter().map(|text| (0, text.as_str())).collect();
            let all = Needles::new(&needles);
            let holds_none =
                |text: &str| !needles.iter().any(|(_, other)| *other != text && text.contains(other));
            let mut search = all.search();
            for from in 0..text.len() {
                let places = needles.iter().filter(|(_, n)| holds_none(n)).filter_map(|(_, n)| text[from..].find(n));
                let expected = places.min().map(|at| from + at);
                prop_assert_eq!(search.find(text.as_bytes(), from), expected);
            }
        }
    }
}
