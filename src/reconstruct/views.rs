//! Two recordings of one heap: a log and a folder of snapshots of the same process.

use foldhash::HashMap;

use super::list::List;
use crate::model::{Measured, SiteId};

/// Lists of the second recording that are compared, spread over all of it.
const MOST_COMPARED: usize = 48;
/// Two lists are of one moment if they are no farther apart than this share of the usual distance between lists …
const SAME_MOMENT: f64 = 0.1;
/// … or than these seconds: a log prints in whole seconds.
const SAME_MOMENT_SECONDS: f64 = 2.0;
/// Of the sizes that move, at least this share agrees within rounding …
const AGREEING: f64 = 0.8;
/// … and there are at least as many as these.
const LEAST_MOVING: usize = 3;

/// Whether two recordings show the same sizes at the same moments.
///
/// Processes of one program have many sites in common that never change, so only sizes that move are compared. Both
/// have times on one clock.
pub(super) fn are_views(one: &[&List], other: &[&List]) -> bool {
    let one = in_order(one);
    let other = in_order(other);
    let nearness = SAME_MOMENT_SECONDS.max(SAME_MOMENT * usual_distance(&one).min(usual_distance(&other)));
    let step = other.len().div_ceil(MOST_COMPARED).max(1);
    // For each site the pairs of sizes at the same moments.
    let mut pairs: HashMap<SiteId, Vec<(Measured, Measured)>> = HashMap::default();
    for list in other.iter().step_by(step) {
        let Some(same) =
            nearest(&one, list.seconds).filter(|same| (same.seconds - list.seconds).abs() <= nearness)
        else {
            continue;
        };
        add_pairs(same, list, &mut pairs);
    }
    show_the_same(&pairs)
}

/// Snapshots by which two recordings may begin at different ones.
const MOST_SHIFTED: usize = 2;

/// Returns the time in seconds of each list of a recording without times, if another recording shows the same sizes in
/// the same order: lists that it has no counterpart of have no time. A list of differences is of the later moment.
pub(super) fn times_by_order(timed: &[&List], untimed: &[&List]) -> Option<Vec<f64>> {
    if timed.len().abs_diff(untimed.len()) > MOST_SHIFTED || timed.iter().any(|list| list.seconds.is_nan()) {
        return None;
    }
    // The place in the timed recording of the first list of the other, shifted so as to be no less than 0.
    let shift = (0..=2 * MOST_SHIFTED).find(|shift| {
        let mut pairs: HashMap<SiteId, Vec<(Measured, Measured)>> = HashMap::default();
        for (place, list) in untimed.iter().enumerate() {
            let Some(same) = (place + shift).checked_sub(MOST_SHIFTED).and_then(|at| timed.get(at)) else {
                continue;
            };
            add_pairs(same, list, &mut pairs);
        }
        show_the_same(&pairs)
    })?;
    let time = |place: usize| {
        let at = (place + shift).checked_sub(MOST_SHIFTED)?;
        timed.get(at).map(|list| list.seconds)
    };
    Some((0..untimed.len()).map(|place| time(place).unwrap_or(f64::NAN)).collect())
}

/// Adds the sizes of the sites that two lists have in common.
fn add_pairs(one: &List, other: &List, pairs: &mut HashMap<SiteId, Vec<(Measured, Measured)>>) {
    let sizes: HashMap<SiteId, Measured> =
        one.rows.clone().map(|row| (one.site(row), one.reading(row).size)).collect();
    for row in other.rows.clone() {
        if let Some(size) = sizes.get(&other.site(row)) {
            pairs.entry(other.site(row)).or_default().push((*size, other.reading(row).size));
        }
    }
}

/// Whether sizes that move are the same in both of two recordings.
#[allow(clippy::cast_precision_loss, reason = "numbers of sizes are small")]
fn show_the_same(pairs: &HashMap<SiteId, Vec<(Measured, Measured)>>) -> bool {
    let moves = |pairs: &[(Measured, Measured)]| {
        pairs.windows(2).any(|pair| !pair[0].0.agrees_with(pair[1].0) || !pair[0].1.agrees_with(pair[1].1))
    };
    let moving = pairs.values().filter(|pairs| moves(pairs)).flatten();
    let (mut agreeing, mut compared) = (0_usize, 0_usize);
    for (a, b) in moving {
        compared += 1;
        agreeing += usize::from(a.agrees_with(*b));
    }
    compared >= LEAST_MOVING && agreeing as f64 >= AGREEING * compared as f64
}

fn in_order<'a>(lists: &[&'a List]) -> Vec<&'a List> {
    let mut timed: Vec<&List> = lists.iter().copied().filter(|list| !list.seconds.is_nan()).collect();
    timed.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    timed
}

/// The median distance between neighbours, in seconds.
fn usual_distance(lists: &[&List]) -> f64 {
    let mut steps: Vec<f64> = lists.windows(2).map(|pair| pair[1].seconds - pair[0].seconds).collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(0.0)
}

fn nearest<'a>(lists: &[&'a List], seconds: f64) -> Option<&'a List> {
    let after = lists.partition_point(|list| list.seconds < seconds);
    let candidates = [after.checked_sub(1), Some(after)];
    let near = candidates.into_iter().flatten().filter_map(|at| lists.get(at));
    near.min_by(|a, b| (a.seconds - seconds).abs().total_cmp(&(b.seconds - seconds).abs())).copied()
}
