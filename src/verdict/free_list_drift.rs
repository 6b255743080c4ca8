//! Free-list drift: small blocks that build up slowly without a leak.
//!
//! CPython keeps freed tuples, floats, lists and dicts in free lists (up to 100 floats, 80 lists, 80 dicts, 2000 tuples
//! of a length), and a block in a free list keeps the line that first allocated it. Integers above 256 take the place
//! of small cached ones as counters grow. And the code that takes the snapshots leaves an object or two each time. All
//! three make a site gain less than one small block a snapshot, irregularly, some being given back; it looks like a
//! very slow leak, and ends. (A site whose lasting growth follows a pattern, one block at each fifth snapshot, does not
//! drift.)

/// Blocks larger than this in bytes come from no free list.
const LARGEST_BLOCK: f64 = 128.0;
/// More blocks than this are no drift: the capacity of most free lists.
const MOST_BLOCKS: f64 = 100.0;

/// Fewer blocks than this are no leak that counts, if most snapshots add none.
const FEW_BLOCKS: f64 = 10.0;

/// A site that gained this many blocks, and this many in each step …
const MANY_BLOCKS: f64 = 28.0;
const NEARLY_ONE_A_STEP: f64 = 0.7;
/// … and gave back at most this share of its gain does not drift: what free lists take they give back.
const GIVEN_BACK: f64 = 0.1;

/// Blocks of at most this many bytes are numbers, and take the place of small cached ones however many a site held.
/// Of larger blocks a site that held more than it gained has its own, and what free lists leave is none.
const NUMBER: f64 = 32.0;

/// What gives back more than this many times its gain churns: free lists are taken from, not emptied and filled anew.
const CHURNS: f64 = 2.0;

/// Whether a site may drift that has `counts` of blocks along the snapshots, and `bytes` in the end: it gained less
/// than one block a snapshot and less than a hundred, of at most 128 bytes each; and it gave some back, or it gained
/// less than one in two snapshots and may have given back unseen, the lists being cut (not `complete`), or has gained
/// less than ten. What gained nearly one a snapshot for long, and gave hardly any back, does
/// not drift, nor what comes and goes by far more than it gains, nor what held more than it gained before.
#[must_use]
pub fn is_free_list_drift(counts: &[f64], bytes: f64, complete: bool) -> bool {
    let (Some(first), Some(last)) = (counts.first(), counts.last()) else { return false };
    let gained = last - first;
    let steps = (counts.len() - 1) as f64;
    let given_back: f64 = counts.windows(2).map(|w| (w[0] - w[1]).max(0.0)).sum();
    let lasts = gained >= MANY_BLOCKS.max(NEARLY_ONE_A_STEP * steps) && given_back <= GIVEN_BACK * gained;
    gained > 0.0
        && !lasts
        && given_back <= CHURNS * gained
        && (*first <= gained || bytes <= NUMBER * last)
        && gained < steps.min(MOST_BLOCKS)
        && bytes <= LARGEST_BLOCK * last
        && (given_back > 0.0 || gained < steps / 2.0 && (!complete || gained < FEW_BLOCKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drifts_are_small_slow_and_give_back() {
        let counts = |moves: &str| -> Vec<f64> {
            let mut level = 3.0;
            std::iter::once(level)
                .chain(moves.chars().map(|c| {
                    level += match c {
                        '+' => 1.0,
                        '-' => -1.0,
                        _ => 0.0,
                    };
                    level
                }))
                .collect()
        };
        let slow_on = |level: f64| {
            counts("+.++-+.+.++-+.+.+").iter().map(|count| count - 3.0 + level).collect::<Vec<_>>()
        };
        let slow = counts("+.++-+.+.++-+.+.+");
        let last = slow[slow.len() - 1];
        let never_back = counts("+.++.+.+.++.+.+.+");
        let seldom = counts("+..+..+...+...+..+");
        for (name, counts, bytes, complete, expected) in [
            ("tuples of two", slow.clone(), 56.0 * last, true, true),
            ("large blocks", slow, 512.0 * last, true, false),
            ("never gives back", never_back.clone(), 560.0, true, false),
            ("half of the snapshots, cut", never_back, 560.0, false, false),
            ("may have given back unseen", seldom, 504.0, false, true),
            ("a few in many", counts("...+......+...+...."), 336.0, true, true),
            ("one a snapshot", counts("++++++++"), 616.0, true, false),
            ("two given back of many", counts(&"+++++++++-++++++++++".repeat(2)), 28.0 * 40.0, true, false),
            ("a fifth given back", counts(&"++-+++-+++".repeat(5)), 28.0 * 40.0, true, true),
            ("held more before", slow_on(40.0), 56.0 * 48.0, true, false),
            ("numbers, and held more before", slow_on(40.0), 28.0 * 48.0, true, true),
            (
                "comes and goes by far more",
                vec![3.0, 9.0, 4.0, 8.0, 5.0, 9.0, 6.0, 8.0],
                56.0 * 8.0,
                true,
                false,
            ),
            ("falls", counts("-.--+-"), 28.0, true, false),
            ("nothing", Vec::new(), 0.0, true, false),
        ] {
            assert_eq!(is_free_list_drift(&counts, bytes, complete), expected, "{name}");
        }
    }
}
