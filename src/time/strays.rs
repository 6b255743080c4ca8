//! Stamps that are wrong: of a clock that was not set, or far from those before and after.

use super::calendar::DAY;

/// A clock that was not set begins in 1970; no log is of that year if most of its stamps are of this century.
const UNSET_BEFORE: f64 = 366.0 * 86_400.0;
const CENTURY: f64 = 946_684_800.0;
/// A single stamp is wrong if it lies this many usual steps, and more than a day, outside of those before and after it.
const STEPS_OUTSIDE: f64 = 10.0;
/// More than one in this many are no exceptions.
const MOST: usize = 4;

/// Returns the places of wrong stamps, in ascending order. `seconds` are since 1970, not a number where unknown.
pub(super) fn strays(seconds: &[f64]) -> Vec<usize> {
    let is_unset = |at: f64| at < UNSET_BEFORE;
    let (unset, others) = (count(seconds, is_unset), count(seconds, |at| at >= CENTURY));
    let drops_unset = unset > 0 && others > unset;
    let known: Vec<(usize, f64)> = seconds
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, at)| !(at.is_nan() || drops_unset && is_unset(*at)))
        .collect();
    let (mut alone, mut outside) = (Vec::new(), None);
    for triple in known.windows(3) {
        let (before, (place, at), after) = (triple[0].1, triple[1], triple[2].1);
        let distance = (at - before.max(after)).max(before.min(after) - at);
        if distance <= DAY as f64 {
            continue;
        }
        let (usual, falls) = *outside.get_or_insert_with(|| usual_step(&known));
        // A log of another process that begins anew goes the other way.
        let in_order = if falls { before >= after } else { before <= after };
        if in_order && distance > STEPS_OUTSIDE * usual {
            alone.push(place);
        }
    }
    if alone.len() * MOST > known.len() {
        alone.clear();
    }
    if drops_unset {
        alone.extend((0..seconds.len()).filter(|place| is_unset(seconds[*place])));
        alone.sort_unstable();
    }
    alone
}

fn count(seconds: &[f64], is_such: impl Fn(f64) -> bool) -> usize {
    seconds.iter().filter(|at| is_such(**at)).count()
}

/// Returns the median distance of neighbours that differ, and whether most steps go back.
fn usual_step(known: &[(usize, f64)]) -> (f64, bool) {
    let mut steps: Vec<f64> = known.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    steps.retain(|step| *step != 0.0);
    let falls = count(&steps, |step| step < 0.0) * 2 > steps.len();
    steps.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    (steps.get(steps.len() / 2).map_or(0.0, |step| step.abs()), falls)
}

#[cfg(test)]
mod tests {
    use super::strays;

    #[test]
    fn stamps_far_from_those_around_them_are_wrong() {
        let day = 86_400.0;
        let from = |days: &[f64]| days.iter().map(|at| 1.7e9 + at * day).collect::<Vec<f64>>();
        let steady = from(&[0.0, 0.1, 0.2, 0.3, 0.4]);
        let mut unset = steady.clone();
        (unset[0], unset[1]) = (7.0, 60.0);
        for (seconds, expected) in [
            (steady, &[][..]),
            (unset, &[0, 1]),
            (from(&[0.0, 0.1, 900.0, 0.3, 0.4, 0.5]), &[2]),
            (from(&[0.5, 0.4, -900.0, 0.3, 0.2, 0.1]), &[2]),
            // A pause, two logs one after the other, and a cycle of weeks.
            (from(&[0.0, 0.1, 0.2, 900.0, 900.1]), &[]),
            (from(&[7.0, 14.0, 21.0, 28.0, 1.0, 8.0, 15.0]), &[]),
            (from(&[7.0, 14.0, 21.0, 28.0, 21.0, 28.0, 35.0]), &[]),
            (vec![7.0, 60.0, 120.0], &[]),
        ] {
            assert_eq!(strays(&seconds), expected, "{seconds:?}");
        }
    }
}
