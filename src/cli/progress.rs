//! A progress bar on standard error, for runs that take a while.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A run shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how many inputs were read, once that takes longer than a second; only where standard error is a
/// terminal.
pub struct Progress {
    bar: Option<ProgressBar>,
    began: Instant,
    inputs: u64,
    read: u64,
}

impl Progress {
    /// A bar for so many inputs, not shown yet.
    pub fn new(inputs: usize) -> Self {
        Self { bar: None, began: Instant::now(), inputs: inputs as u64, read: 0 }
    }

    /// Says which input is read now.
    pub fn at(&mut self, name: &str) {
        if self.bar.is_none() && self.began.elapsed() > PATIENCE {
            // indicatif draws on standard error, and nothing where that is no terminal.
            let bar = ProgressBar::new(self.inputs);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {eta} {wide_msg}") {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.read);
            bar.set_message(crate::report::untrusted::for_terminal(name));
        }
        self.read += 1;
    }

    /// Takes the bar away.
    pub fn done(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
