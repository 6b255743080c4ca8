//! A progress bar on standard error, for runs that take a while.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A run shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how many inputs were read, once that takes longer than a second; only where standard error is a
/// terminal. Those who read share it.
pub struct Progress {
    bar: OnceLock<ProgressBar>,
    began: Instant,
    inputs: u64,
    read: AtomicU64,
}

impl Progress {
    /// A bar for so many inputs, not shown yet.
    pub fn new(inputs: usize) -> Self {
        Self { bar: OnceLock::new(), began: Instant::now(), inputs: inputs as u64, read: AtomicU64::new(0) }
    }

    /// Says which input is read now.
    pub fn at(&self, name: &str) {
        if self.began.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            // indicatif draws on standard error, and nothing where that is no terminal.
            let bar = ProgressBar::new(self.inputs);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {eta} {wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(self.read.load(Ordering::Relaxed));
        bar.set_message(crate::report::untrusted::for_terminal(name));
    }

    /// Says that an input was read.
    pub fn read_one(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the bar away.
    pub fn done(self) {
        if let Some(bar) = self.bar.into_inner() {
            bar.finish_and_clear();
        }
    }
}
