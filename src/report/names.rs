//! Names of processes: with the source that they were read from, where the name alone is that of several.

use std::collections::HashMap;

/// Whether processes of several sources have one name, or none: each is then named with its source. Takes the name and
/// the source of each series.
pub fn need_sources<'a>(series: impl IntoIterator<Item = (Option<&'a str>, &'a str)>) -> bool {
    // Names are out of logs: a hash that can be foreseen can be made to collide.
    let mut sources: HashMap<Option<&str>, &str> = HashMap::new();
    series.into_iter().any(|(name, source)| *sources.entry(name).or_insert(source) != source)
}

#[cfg(test)]
mod tests {
    use super::need_sources;

    #[test]
    fn a_name_of_its_own_needs_no_source() {
        for (series, expected) in [
            (&[(None, "a.txt"), (None, "a.txt")][..], false),
            (&[(None, "a.txt"), (None, "b.txt")], true),
            (&[(Some("app [7]"), "a.txt"), (Some("app [9]"), "b.txt")], false),
            (&[(Some("app"), "a.txt"), (Some("web"), "b.txt"), (Some("app"), "b.txt")], true),
        ] {
            assert_eq!(need_sources(series.iter().copied()), expected, "{series:?}");
        }
    }
}
