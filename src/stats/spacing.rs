//! Samples whose distances change for good, and values at even distances in their place.
//!
//! Shapes and growth models count steps: where a recorder takes samples twice as often from some point on, even growth
//! looks as if it had slowed down there. valgrind's massif does so, for it drops the older half of its snapshots each
//! time it has too many.

/// Distances whose usual length in one half is so many times that in the other have changed for good.
const CHANGED: f64 = 1.5;
/// Fewer steps than these have no usual length.
const LEAST_STEPS: usize = 7;

/// Returns the usual distance of some steps, the median.
fn usual(steps: &[f64]) -> f64 {
    let mut steps = steps.to_vec();
    steps.sort_unstable_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Returns the larger of the usual distances of both halves, if they differ; `None` for places that fall.
#[must_use]
pub fn changed(at: &[f64]) -> Option<f64> {
    let steps: Vec<f64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if steps.len() < LEAST_STEPS || !steps.iter().all(|step| *step >= 0.0) {
        return None;
    }
    let (early, late) = steps.split_at(steps.len() / 2);
    let (early, late) = (usual(early), usual(late));
    let (short, long) = (early.min(late), early.max(late));
    // Where most times repeat, their clock is too coarse to tell.
    (short > 0.0 && long >= CHANGED * short).then_some(long)
}

/// Returns the usual distance of all places.
#[must_use]
pub fn usual_distance(at: &[f64]) -> f64 {
    let steps: Vec<f64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    usual(&steps)
}

/// Values at even distances.
#[derive(Debug, Clone, PartialEq)]
pub struct Even {
    /// The places, …
    pub at: Vec<f64>,
    /// … the values there, on straight lines between those that were measured, …
    pub values: Vec<f64>,
    /// … and for each the first measured place that is no earlier, by its index.
    pub indices: Vec<usize>,
}

/// Returns the values at distances of about `step`; `None` where too few would be left.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn even(at: &[f64], values: &[f64], step: f64) -> Option<Even> {
    let (first, last) = (*at.first()?, *at.last()?);
    // Not more values than were measured.
    let steps = ((last - first) / step).min(at.len() as f64 - 1.0).floor() as usize;
    if steps < LEAST_STEPS || at.len() != values.len() {
        return None;
    }
    let distance = (last - first) / steps as f64;
    let mut found = Even { at: Vec::new(), values: Vec::new(), indices: Vec::new() };
    let mut next = 0;
    for k in 0..=steps {
        let place = if k == steps { last } else { distance.mul_add(k as f64, first) };
        while next + 1 < at.len() && at[next] < place {
            next += 1;
        }
        let value = match next.checked_sub(1) {
            Some(before) if at[next] > place => {
                let share = (place - at[before]) / (at[next] - at[before]);
                (values[next] - values[before]).mul_add(share, values[before])
            }
            _ => values[next],
        };
        found.at.push(place);
        found.values.push(value);
        found.indices.push(next);
    }
    Some(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Twenty steps of two seconds, then twenty of one.
    fn places() -> Vec<f64> {
        (0..20).map(|k| f64::from(k) * 2.0).chain((0..21).map(|k| 40.0 + f64::from(k))).collect()
    }

    #[test]
    fn even_growth_stays_even() {
        let at = places();
        let values: Vec<f64> = at.iter().map(|at| 5.0 * at + 1.0).collect();
        let step = changed(&at).unwrap();
        let even = even(&at, &values, step).unwrap();
        assert_eq!((step, even.at.len()), (2.0, 31));
        assert!(even.at.iter().zip(&even.values).all(|(at, value)| (5.0 * at + 1.0 - value).abs() < 1e-9));
        assert_eq!((even.values[0], even.values[30], even.indices[30]), (1.0, 301.0, at.len() - 1));
    }

    #[test]
    fn distances_that_only_scatter_have_not_changed() {
        let scatter: Vec<f64> = (0..40).map(|k| f64::from(k) + 0.3 * (f64::from(k) * 12.9).sin()).collect();
        assert_eq!(changed(&scatter), None);
        let mut pause: Vec<f64> = (0..40).map(f64::from).collect();
        pause[20..].iter_mut().for_each(|at| *at += 500.0);
        assert_eq!(changed(&pause), None, "one pause");
        assert_eq!(changed(&[0.0, 1.0, 2.0, 10.0]), None, "too few");
        let mut back = places();
        back[5] = 0.0;
        assert_eq!(changed(&back), None, "no order");
        assert_eq!(usual_distance(&places()), 2.0);
    }
}
