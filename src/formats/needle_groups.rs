//! Groups of needles that are searched together, and their order.
//!
//! A vectorised searcher (Teddy) compares half bytes. It puts every eighth needle that it is given into one bucket, and
//! stops wherever the first bytes of a text could be made of the half bytes that a bucket's needles have in these
//! places: `MEM ` and `#1: ` in one bucket stop at `#E1 `, too. A stop costs more than the search of a hundred bytes.
//! So needles are put together that let little other text through, by how often each byte comes in logs.

/// Number of needles that one searcher takes without becoming slower by half.
const MOST_AT_ONCE: usize = 32;
/// Number of buckets of a searcher.
const BUCKETS: usize = 8;
/// Bytes of a needle that a searcher compares; fewer if one of its needles is shorter.
const COMPARED: usize = 4;

/// Returns needles in groups of one searcher each, in the order in which it is to be given them.
pub fn groups<'a>(needles: &[&'a str]) -> Vec<Vec<&'a str>> {
    let count = needles.len().div_ceil(MOST_AT_ONCE);
    let rates = Rates::new();
    // One short needle makes the searcher of its group compare less: all of them are in the first.
    let is_short = |text: &str| text.len() < COMPARED;
    let shortest = needles.iter().map(|text| text.len()).min().unwrap_or(COMPARED).min(COMPARED);
    let mut buckets: Vec<Bucket<'a>> = Vec::with_capacity(count * BUCKETS);
    for group in 0..count {
        let length = needles.len() / count + usize::from(group < needles.len() % count);
        let compared = if group == 0 { shortest } else { COMPARED };
        let places = |place: usize| length / BUCKETS + usize::from(place < length % BUCKETS);
        buckets.extend((0..BUCKETS).map(|place| Bucket::new(places(place), compared)));
    }
    // Those that common text resembles choose first.
    let mut order: Vec<(bool, f64, &'a str)> =
        needles.iter().map(|text| (!is_short(text), -rates.of_needle(text), *text)).collect();
    order.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(b.2)));
    for (_, _, text) in order {
        let groups = if is_short(text) { BUCKETS } else { buckets.len() };
        let free = buckets.iter_mut().take(groups).filter(|bucket| bucket.needles.len() < bucket.places);
        let growth = |bucket: &Bucket<'_>| bucket.rate_with(text, &rates) - bucket.rate;
        let best = free.min_by(|a, b| growth(a).total_cmp(&growth(b)));
        match best {
            Some(bucket) => bucket.add(text, &rates),
            // More short needles than the first group takes.
            None => buckets.push(Bucket { needles: vec![text], ..Bucket::new(1, shortest) }),
        }
    }
    let of_group = |buckets: &[Bucket<'a>]| {
        let most = buckets.iter().map(|bucket| bucket.needles.len()).max().unwrap_or(0);
        let row = |row| buckets.iter().filter_map(move |bucket| bucket.needles.get(row).copied());
        (0..most).flat_map(row).collect()
    };
    buckets.chunks(BUCKETS).map(of_group).collect()
}

/// Half bytes that the needles of a bucket have in one place: a bit for each low and each high half.
type Halves = (u16, u16);

/// Some needles of a group.
struct Bucket<'a> {
    needles: Vec<&'a str>,
    places: usize,
    compared: usize,
    halves: [Halves; COMPARED],
    /// The share of places in a log at which it stops.
    rate: f64,
}

impl<'a> Bucket<'a> {
    const fn new(places: usize, compared: usize) -> Self {
        Self { needles: Vec::new(), places, compared, halves: [(0, 0); COMPARED], rate: 0.0 }
    }

    fn halves_with(&self, text: &str) -> [Halves; COMPARED] {
        let mut halves = self.halves;
        for ((low, high), byte) in halves.iter_mut().zip(text.bytes()) {
            *low |= 1 << (byte & 15);
            *high |= 1 << (byte >> 4);
        }
        halves
    }

    fn rate_with(&self, text: &str, rates: &Rates) -> f64 {
        self.halves_with(text).iter().take(self.compared).map(|halves| rates.of_halves(*halves)).product()
    }

    fn add(&mut self, text: &'a str, rates: &Rates) {
        self.rate = self.rate_with(text, rates);
        self.halves = self.halves_with(text);
        self.needles.push(text);
    }
}

/// Frequencies of bytes in logs, by their high and low halves.
struct Rates([[f64; 16]; 16]);

impl Rates {
    fn new() -> Self {
        let total: f64 = (0..=255).map(rate).sum();
        let mut table = [[0.0; 16]; 16];
        for byte in 0..=255_u8 {
            table[usize::from(byte >> 4)][usize::from(byte & 15)] = rate(byte) / total;
        }
        Self(table)
    }

    fn of_needle(&self, text: &str) -> f64 {
        let rate = |byte: u8| self.0[usize::from(byte >> 4)][usize::from(byte & 15)];
        text.bytes().take(COMPARED).map(rate).product()
    }

    fn of_halves(&self, (low, high): Halves) -> f64 {
        let rows = self.0.iter().enumerate().filter(|(half, _)| high >> half & 1 == 1);
        rows.map(|(_, row)| (0..16).filter(|half| low >> half & 1 == 1).map(|half| row[half]).sum::<f64>())
            .sum()
    }
}

/// Returns the frequency of a byte in logs, roughly and out of a thousand.
const fn rate(byte: u8) -> f64 {
    match byte {
        b' ' => 120.0,
        b':' | b'-' | b'.' | b'/' | b'"' => 25.0,
        b'a' | b'c'..=b'e' | b'i' | b'l' | b'n'..=b'p' | b'r'..=b'u' => 25.0,
        b'0'..=b'9' => 18.0,
        b'a'..=b'z' | b'=' | b',' | b'_' | b'[' | b']' | b'(' | b')' => 10.0,
        b'A'..=b'Z' => 2.5,
        _ => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn needles_that_let_other_text_through_together_are_apart() {
        let needles = ["#1: ", "#2: ", "MEM ", "size", " KiB", " MiB", "VmRS", "VmHW", "memo"];
        let groups = groups(&needles);
        let bucket =
            |text: &str| groups[0].iter().position(|other| *other == text).map(|place| place % BUCKETS);
        assert_eq!(groups.len(), 1);
        assert_ne!(bucket("#1: "), bucket("MEM "), "{groups:?}");
    }

    proptest! {
        #[test]
        fn each_needle_is_in_one_group(needles in prop::collection::btree_set("[ -~]{1,7}", 0..150)) {
            let needles: Vec<&str> = needles.iter().map(String::as_str).collect();
            let groups = groups(&needles);
            prop_assert!(groups.iter().all(|group| (1..=MOST_AT_ONCE).contains(&group.len())));
            let mut all = groups.concat();
            all.sort_unstable();
            prop_assert_eq!(all, needles);
        }
    }
}
