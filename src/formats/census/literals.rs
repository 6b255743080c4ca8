//! Lists of tuples as Python prints them: `[('list', 301, 16), ('State', 7, 1)]`, and `Counter({'list': 301})`.

use super::rows::whole;

/// The name, the number and the increase of a tuple.
type Tuple<'a> = (&'a str, i64, Option<i64>);

/// A list of tuples in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal<'a> {
    /// Where it begins.
    pub at: usize,
    /// Its tuples.
    pub tuples: Vec<Tuple<'a>>,
}

/// Finds the last list of tuples in a line, which all have as many fields; it may be followed by closing brackets.
pub fn tuples(line: &str) -> Option<Literal<'_>> {
    let at = line.find("[('").or_else(|| line.find("[(\""))?;
    let mut tuples = Vec::new();
    let mut rest = line.get(at + 1..)?;
    loop {
        let (tuple, after) = tuple(rest)?;
        tuples.push(tuple);
        rest = after;
        match rest.strip_prefix(", ") {
            Some(next) => rest = next,
            None => break,
        }
    }
    rest.strip_prefix(']')?;
    let has_increase = |tuple: &Tuple<'_>| tuple.2.is_some();
    let alike = tuples.iter().all(has_increase) || !tuples.iter().any(has_increase);
    alike.then_some(Literal { at, tuples })
}

/// Parses `('list', 301, 16)` or `('list', 301)`.
fn tuple(text: &str) -> Option<(Tuple<'_>, &str)> {
    let (inner, after) = text.strip_prefix('(')?.split_once(')')?;
    let (name, numbers) = named(inner)?;
    let mut numbers = numbers.strip_prefix(", ")?.split(", ");
    let count = whole(numbers.next()?)?;
    let increase = match numbers.next() {
        Some(increase) => Some(whole(increase)?),
        None => None,
    };
    numbers.next().is_none().then_some(((name, count, increase), after))
}

/// Parses a quoted name, and returns it with the text after it.
fn named(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (name, after) = text.get(1..)?.split_once(quote)?;
    (!name.is_empty()).then_some((name, after))
}

/// Finds `Counter({'list': 301, 'dict': 44})` in a line.
pub fn counter(line: &str) -> Option<Literal<'_>> {
    let at = line.find("Counter({")?;
    let (inner, _) = line.get(at + "Counter({".len()..)?.split_once("})")?;
    let mut tuples = Vec::new();
    for item in inner.split(", ") {
        let (name, count) = named(item)?;
        tuples.push((name, whole(count.strip_prefix(": ")?)?, None));
    }
    Some(Literal { at, tuples })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_tuples() {
        let growth = "12:00 CRITICAL Memory Growth: [('list', 301, 16), ('State', 7, 1)]";
        let found = tuples(growth);
        let expected = vec![("list", 301, Some(16)), ("State", 7, Some(1))];
        assert_eq!(found, Some(Literal { at: 30, tuples: expected }));
        let counts = tuples("[('list', 301), ('State', 7)]").map(|found| found.tuples);
        assert_eq!(counts, Some(vec![("list", 301, None), ("State", 7, None)]));
        for line in [
            "[('list', 301, 16), ('State', 7)]",
            "[('list', 301, 16), ('State', 7, 1",
            "[('list', '301')]",
            "[('a', 1, 2, 3)]",
            "[('a')]",
            "[('', 1)]",
            "[]",
        ] {
            assert_eq!(tuples(line), None, "{line}");
        }
        let counted = counter("top: Counter({'list': 301, 'dict': 44})").map(|found| found.tuples);
        assert_eq!(counted, Some(vec![("list", 301, None), ("dict", 44, None)]));
        assert_eq!(counter("Counter({})"), None);
    }
}
