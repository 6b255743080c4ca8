//! Sites found again by their names, though lines have moved.

use std::collections::VecDeque;
use std::hash::Hash;

use foldhash::{HashMap, HashSet};

/// A site's name, and other properties that identify it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// Its text.
    pub text: &'a str,
    /// Mean size of its blocks, where that is known.
    pub block_bytes: Option<f64>,
    /// The function that it is in, where that is known.
    pub function: Option<&'a str>,
    /// The heap that it is of, where that is known: processes that run the same code have the same sites.
    pub heap: Option<&'a str>,
}

/// The most lines that a site may have moved by, if its function is not known.
const NEARBY_LINES: u32 = 30;
/// Blocks on average may differ by this share.
const SAME_BLOCKS: f64 = 0.05;

/// Returns, for each wanted site, the index of the same site among those that are there: by name, else, where lines
/// have moved, the one in the same file and function (or nearby) whose blocks are as large on average.
///
/// A site is found once. Sites of one name are those of the same heap, else they follow one another in both lists.
#[must_use]
pub fn find_named(wanted: &[Named<'_>], there: &[Named<'_>]) -> Vec<Option<usize>> {
    let mut taken = vec![false; there.len()];
    let mut found = vec![None; wanted.len()];
    find_equal(wanted, there, |site| Some((site.text, site.heap?)), &mut found, &mut taken);
    find_equal(wanted, there, |site| Some(site.text), &mut found, &mut taken);
    // A name that is there has not moved.
    let names: HashSet<&str> = there.iter().map(|site| site.text).collect();
    let files = |text| frames(text).map(|(file, _)| file).collect::<Vec<&str>>();
    // By their files, sorted by the lines of their first frames: most are far from one another.
    let mut by_files: HashMap<Vec<&str>, Vec<(u32, usize)>> = HashMap::default();
    let mut by_function: HashMap<(Vec<&str>, &str), Vec<usize>> = HashMap::default();
    for (i, site) in there.iter().enumerate().filter(|(i, _)| !taken[*i]) {
        let files = files(site.text);
        if let Some(function) = site.function {
            by_function.entry((files.clone(), function)).or_default().push(i);
        }
        by_files.entry(files).or_default().push((first_line(site.text), i));
    }
    by_files.values_mut().for_each(|sites| sites.sort_unstable());
    let mut moves: Vec<(u32, usize, usize)> = Vec::new();
    for (e, site) in wanted.iter().enumerate().filter(|(_, site)| !names.contains(site.text)) {
        let Some(size) = site.block_bytes else { continue };
        let same_size =
            |i: usize| there[i].block_bytes.is_some_and(|now| (now - size).abs() <= SAME_BLOCKS * size);
        let (files, line) = (files(site.text), first_line(site.text));
        let in_files = by_files.get(&files).map(Vec::as_slice).unwrap_or_default();
        let from = in_files.partition_point(|(other, _)| *other < line.saturating_sub(NEARBY_LINES));
        let nearby =
            in_files[from..].iter().take_while(|(other, _)| *other <= line.saturating_add(NEARBY_LINES));
        let nearby = nearby.map(|&(_, i)| (distance(site.text, there[i].text), i));
        moves.extend(
            nearby.filter(|&(far, i)| far <= NEARBY_LINES && same_size(i)).map(|(far, i)| (far, e, i)),
        );
        let Some(function) = site.function else { continue };
        let in_function = by_function.get(&(files, function)).into_iter().flatten();
        let in_function = in_function.map(|&i| (distance(site.text, there[i].text), i));
        moves.extend(
            in_function.filter(|&(far, i)| far > NEARBY_LINES && same_size(i)).map(|(far, i)| (far, e, i)),
        );
    }
    // The nearest first; a site has moved from one place only.
    moves.sort_unstable();
    for (_, e, i) in moves {
        if found[e].is_none() && !taken[i] {
            (found[e], taken[i]) = (Some(i), true);
        }
    }
    found
}

/// Finds sites by a property that both have: the first by the first, the second by the second.
fn find_equal<'a, K: Eq + Hash>(
    wanted: &[Named<'a>],
    there: &[Named<'a>],
    key: impl Fn(&Named<'a>) -> Option<K>,
    found: &mut [Option<usize>],
    taken: &mut [bool],
) {
    let mut of_key: HashMap<K, VecDeque<usize>> = HashMap::default();
    for (i, site) in there.iter().enumerate().filter(|(i, _)| !taken[*i]) {
        if let Some(key) = key(site) {
            of_key.entry(key).or_default().push_back(i);
        }
    }
    for (site, found) in wanted.iter().zip(found).filter(|(_, found)| found.is_none()) {
        *found = key(site).and_then(|key| of_key.get_mut(&key)?.pop_front());
        found.iter().for_each(|i| taken[*i] = true);
    }
}

/// The frames of a site's text: file and line, or all of it where there is no line.
fn frames(text: &str) -> impl Iterator<Item = (&str, Option<u32>)> {
    text.split(" < ").map(|frame| {
        let (file, line) = frame.rsplit_once(':').unwrap_or((frame, ""));
        line.parse().map_or((frame, None), |line| (file, Some(line)))
    })
}

/// The line of a site's first frame; 0 where it has none.
fn first_line(text: &str) -> u32 {
    frames(text).next().and_then(|(_, line)| line).unwrap_or(0)
}

/// The largest distance between the lines of two sites in the same files, frame by frame.
fn distance(a: &str, b: &str) -> u32 {
    let lines = frames(a).zip(frames(b)).map(|((_, a), (_, b))| a.zip(b).map_or(0, |(a, b)| a.abs_diff(b)));
    lines.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_of_one_name_are_found_once_each() {
        let named = |sites: &[(&'static str, Option<&'static str>)]| -> Vec<Named<'static>> {
            let of = |&(text, heap)| Named { text, block_bytes: Some(64.0), function: None, heap };
            sites.iter().map(of).collect()
        };
        let (web, job, api) = (Some("web"), Some("job"), Some("api"));
        let two = [("a.py:1", None), ("a.py:1", None)];
        let cases = [
            (two, two, [Some(0), Some(1)]),
            ([("a.py:1", web), ("a.py:1", job)], [("a.py:1", job), ("a.py:1", web)], [Some(1), Some(0)]),
            // A process of another name.
            ([("a.py:1", web), ("a.py:1", job)], [("a.py:1", api), ("a.py:1", web)], [Some(1), Some(0)]),
            // One of them is gone; the line nearby is not the other one.
            (two, [("a.py:1", None), ("a.py:3", None)], [Some(0), None]),
            // Both have moved.
            (two, [("a.py:3", None), ("a.py:3", None)], [Some(0), Some(1)]),
            (two, [("b.py:1", None), ("b.py:2", None)], [None, None]),
        ];
        for (wanted, there, expected) in cases {
            assert_eq!(find_named(&named(&wanted), &named(&there)), expected, "{wanted:?} in {there:?}");
        }
    }

    #[test]
    fn a_site_moved_where_its_blocks_are_as_large() {
        let at = |text, block_bytes, function| Named { text, block_bytes, function, heap: None };
        let wanted = at("a.py:10", Some(64.0), Some("f"));
        for (there, expected) in [
            (at("a.py:12", Some(64.0), None), Some(0)),
            (at("a.py:12", Some(200.0), Some("f")), None),
            (at("a.py:12", Some(70.0), Some("f")), None),
            // Its blocks were not counted.
            (at("a.py:12", None, Some("f")), None),
            // Far away in the function, far away in another one, and in another file.
            (at("a.py:900", Some(64.0), Some("f")), Some(0)),
            (at("a.py:900", Some(64.0), Some("g")), None),
            (at("b.py:10", Some(64.0), Some("f")), None),
        ] {
            assert_eq!(find_named(&[wanted], &[there]), [expected], "{there:?}");
        }
        assert_eq!(find_named(&[at("a.py:10", None, None)], &[at("a.py:12", Some(64.0), None)]), [None]);
    }

    #[test]
    fn lines_of_the_same_files_are_so_far_apart() {
        for (a, b, apart) in [
            ("/srv/a.py:10", "/srv/a.py:14", 4),
            ("a.py:1 < b.py:20", "a.py:3 < b.py:15", 5),
            ("C:\\srv\\a.py:7", "C:\\srv\\a.py:9", 2),
            ("a.py", "a.py", 0),
        ] {
            assert_eq!(distance(a, b), apart, "{a} and {b}");
        }
        let files = |text: &'static str| frames(text).map(|(file, _)| file).collect::<Vec<_>>();
        assert_eq!(files("C:\\a.py:7 < b.py:3 < c.py"), ["C:\\a.py", "b.py", "c.py"]);
        assert_ne!(files("a.py:1"), files("a.py:1 < b.py:2"));
    }
}
