//! A cycle in a series (a day, a week, a batch that runs every hour): found, so that it can be taken out.
//!
//! **Question.** Does the series repeat itself, and what is the rest without the cycle? A leak under a daily cycle
//! is hidden from every test for a trend, and a cycle that is cut off in its rise looks like one.
//!
//! **Procedure.** At most 120 means of blocks; for each number of periods f = 2, 2.125 … 24 least squares of the means
//! on 1, t, sin 2πft, cos 2πft and, where the blocks are fine enough, sin 4πft, cos 4πft. The f with the smallest rest
//! (among those whose first wave explains as much as the second) is *the* cycle if
//!
//! - it explains at least 0.7 of a straight line's squared residuals (adjusted for the coefficients and for the
//!   search),
//! - both halves of the series, fitted apart, have the same wave: the cosine of the angle between their (sin, cos)
//!   coefficients is at least 0.6,
//! - it goes down as well as up: of the movement between blocks of an eighth of a period at least 0.15 is falls.
//!   Steps upward are no cycle.
//!
//! **Assumptions.** Even steps in time; one wave of one length over the whole recording.
//!
//! **Source.** Harmonic regression, and the choice of frequency by least squares (the periodogram of Lomb 1976 with a
//! trend); the three conditions by simulation (docs/statistics.md).
//!
//! **Cost.** One pass for the means. 177 frequencies × 4 dot products of 120 numbers would cost 40 µs; most of them are
//! refused by the bounds of `design.rs` without changing the result: 1 to 3 µs where there is no cycle.
//!
//! **When it misleads.** Fewer than two periods are a slow wave and are not looked for; a wave that grows or
//! drifts in length is found only in part.
//!
//! ```
//! let y: Vec<f64> = (0..96).map(|h| f64::from(h) + 40.0 * (f64::from(h) * std::f64::consts::TAU / 24.0).sin()).collect();
//! let found = leakdiff::stats::cycle::cycle(&y).ok_or("four days without a cycle")?;
//! assert!((found.periods - 4.0).abs() < 0.2 && found.share > 0.99);
//! # Ok::<(), &str>(())
//! ```

mod design;
mod find;

pub use find::{Cycle, cycle};
