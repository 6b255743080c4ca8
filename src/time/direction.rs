//! The order of the records of a source: as they are written, the newest first, or a few of them late.

use crate::model::RecordOrder;

/// Steps back that tell such a source …
const LEAST_STEPS_BACK: usize = 2;
/// … if there are this many of them for each step forward.
const STEPS_BACK_PER_STEP_FORWARD: usize = 8;

/// Whether the newest of some times stands first: nearly all go back. Those that are not a number are passed over.
pub(super) fn is_newest_first(times: impl IntoIterator<Item = f64>) -> bool {
    let (mut forward, mut back) = (0_usize, 0_usize);
    let mut before = f64::NAN;
    for at in times.into_iter().filter(|at| !at.is_nan()) {
        forward += usize::from(at > before);
        back += usize::from(at < before);
        before = at;
    }
    back >= LEAST_STEPS_BACK && forward * STEPS_BACK_PER_STEP_FORWARD <= back
}

/// A late record stands at most this many times after its place.
const FARTHEST: usize = 3;
/// Of this many times at most one is late; else they are of several clocks.
const TIMES_PER_LATE_RECORD: usize = 4;

/// Records stand in no order at all if this many steps or more lead back …
const LEAST_STEPS_OF_NO_ORDER: usize = 4;
/// … and one in so many does: a clock is set back now and then, and a log begins anew now and then.
const STEPS_PER_STEP_BACK: usize = 3;

/// Returns the order of records by their times in seconds, which are `dated` or may begin anew; those that are not a
/// number are passed over.
pub(super) fn record_order(mut seconds: Vec<f64>, dated: bool) -> RecordOrder {
    seconds.retain(|at| !at.is_nan());
    if seconds.is_sorted() {
        return RecordOrder::AsWritten;
    }
    if is_newest_first(seconds.iter().copied()) {
        return RecordOrder::NewestFirst;
    }
    seconds.dedup();
    let back: Vec<usize> = (1..seconds.len()).filter(|&at| seconds[at] < seconds[at - 1]).collect();
    let is_late = |at: usize| {
        let goes_on = seconds.get(at + 1).is_some_and(|next| *next >= seconds[at - 1]);
        goes_on && at.checked_sub(FARTHEST).is_some_and(|before| seconds[before] <= seconds[at])
    };
    let no_order = back.len() >= LEAST_STEPS_OF_NO_ORDER
        && back.len() * STEPS_PER_STEP_BACK >= seconds.len().saturating_sub(1);
    if dated && no_order {
        return RecordOrder::ByTime;
    }
    let few = back.len() * TIMES_PER_LATE_RECORD <= seconds.len();
    if few && back.into_iter().all(is_late) { RecordOrder::ByTime } else { RecordOrder::AsWritten }
}

#[cfg(test)]
mod tests {
    use super::{is_newest_first, record_order};
    use crate::model::RecordOrder::{AsWritten, ByTime, NewestFirst};

    #[test]
    fn a_few_records_may_come_late() {
        for (seconds, expected) in [
            (&[1.0, 2.0, 3.0, 5.0, 4.0, 6.0, 7.0, 8.0][..], ByTime),
            (&[1.0, 2.0, 3.0, 4.0, 5.0], AsWritten),
            (&[5.0, 4.0, 3.0, 2.0], NewestFirst),
            // A clock that was set back, another log, and a record of long ago.
            (&[1.0, 2.0, 3.0, 4.0, 3.0, 3.5, 4.5, 5.0], AsWritten),
            (&[1.0, 2.0, 3.0, 1.0, 2.0, 3.0], AsWritten),
            (&[1.0, 2.0, 3.0, 4.0, 5.0, 1.5, 6.0, 7.0], AsWritten),
        ] {
            assert_eq!(record_order(seconds.to_vec(), true), expected, "{seconds:?}");
        }
    }

    #[test]
    fn dated_records_may_stand_in_no_order() {
        for (seconds, expected) in [
            (&[5.0, 1.0, 7.0, 3.0, 2.0, 8.0, 4.0, 9.0, 6.0][..], ByTime),
            // Two halves, by turns.
            (&[1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0, 4.5], ByTime),
            // Lives of three samples.
            (&[1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0], AsWritten),
        ] {
            assert_eq!(record_order(seconds.to_vec(), true), expected, "{seconds:?}");
            assert_eq!(record_order(seconds.to_vec(), false), AsWritten, "{seconds:?}");
        }
    }

    #[test]
    fn nearly_all_steps_go_back() {
        for (times, expected) in [
            (&[9.0, 8.0, 8.0, f64::NAN, 7.0][..], true),
            (&[9.0, 8.0], false),
            (&[9.0, 8.0, 7.0, 8.0, 6.0], false),
            (&[1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 0.5], false),
        ] {
            assert_eq!(is_newest_first(times.iter().copied()), expected, "{times:?}");
        }
    }
}
