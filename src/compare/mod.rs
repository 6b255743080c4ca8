//! Two recordings compared: each series that grows faster, stopped or is new, judged and not merely
//! subtracted.
//!
//! Both sides are documents, made just now or read from a file. For each series that both know the difference of the
//! rates is compared with the differences that chance makes:
//!
//! ```text
//! z = (after − before) / √(s₁² + s₂² + f²)      s: half of the 95 % interval / 1.96
//! f = FLOOR · max(|before|, |after|) ⊕ one block a recording      (⊕: root of the sum of squares)
//! ```
//!
//! f is the difference of the rates of one program from one recording to the next, beyond the interval of each
//! (docs/statistics.md). Of all differences that are believed at most one in twenty is so by chance (Benjamini and
//! Hochberg).

mod cells;
mod document;
mod html;
mod judge;
mod matched;
mod read;
mod render;
mod side;
mod words;

pub use document::{Change, Comparison, Difference, Direction, Kind, SCHEMA, SideRow, State};
pub use judge::compare;
pub use read::read;
pub use render::{FORMATS, render};
pub use side::Side;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
