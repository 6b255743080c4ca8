//! A progress bar on standard error, for runs that take a while.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows the number of inputs read so far, from the first second on, where standard error is a terminal. Shared by all
/// threads that read.
pub struct Progress {
    bar: OnceLock<ProgressBar>,
    began: Instant,
    inputs: u64,
    read: AtomicU64,
}

impl Progress {
    /// Returns a bar for this number of inputs, not shown yet.
    pub fn new(inputs: usize) -> Self {
        Self { bar: OnceLock::new(), began: Instant::now(), inputs: inputs as u64, read: AtomicU64::new(0) }
    }

    /// Shows the name of the input that is read.
    pub fn at(&self, name: &str) {
        if self.began.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            // indicatif draws on standard error if that is a terminal.
            let bar = ProgressBar::new(self.inputs);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {eta} {wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(self.read.load(Ordering::Relaxed));
        bar.set_message(crate::report::untrusted::for_terminal(name));
    }

    /// Counts an input that was read.
    pub fn read_one(&self) {
        self.read.fetch_add(1, Ordering::Relaxed);
    }

    /// Removes the bar.
    pub fn done(self) {
        if let Some(bar) = self.bar.into_inner() {
            bar.finish_and_clear();
        }
    }
}
