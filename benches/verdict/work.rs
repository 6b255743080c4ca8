//! All series of a run, drawn and worked on by as many threads as there are cores, in an order that does not
//! depend on them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::families::Family;
use crate::observe::Observed;
use crate::options::Options;

/// Series that a thread takes at once.
const AT_ONCE: usize = 50;

/// Some series of one family and length.
struct Task {
    family: &'static Family,
    n: usize,
    first: usize,
    count: usize,
}

/// The results of `work` on each series of these families: by family, then length, then number.
pub fn of_each<T: Send>(
    families: &[&'static Family],
    options: &Options,
    work: impl Fn(&Observed) -> T + Sync,
) -> Vec<T> {
    let mut tasks = Vec::new();
    for &family in families {
        for &n in &options.lengths {
            let series = options.series(n);
            for first in (0..series).step_by(AT_ONCE) {
                tasks.push(Task { family, n, first, count: AT_ONCE.min(series - first) });
            }
        }
    }
    in_order(tasks.len(), |number| {
        let task = &tasks[number];
        let series = task.first..task.first + task.count;
        series.map(|index| work(&Observed::draw(options.seed, task.family, task.n, index))).collect()
    })
}

/// The results of `count` pieces of work, one after the other.
pub fn in_order<T: Send>(count: usize, work: impl Fn(usize) -> Vec<T> + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let results = work(number);
                    if let Ok(mut done) = done.lock() {
                        done.push((number, results));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().flat_map(|(_, results)| results).collect()
}
