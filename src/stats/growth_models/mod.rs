//! The growth model that fits a series best, and the probability that growth continues.
//!
//! **Question.** Not "is there a trend" (a cache that has filled has one) but "will it go on". Fifteen models, from
//! [`GrowthModel::Flat`] to [`GrowthModel::Accelerating`], are fitted along 98 curves and under three kinds of noise;
//! the probability that growth continues is the weight of the models that keep growing.
//!
//! **Procedure.**
//! 1. The series, one segment without a restart, and without a start-up jump.
//! 2. Blocks: A, medians of at most 24 blocks, counted from the end; B, minima of at most 12, which lie under garbage.
//! 3. For each, the weight of every curve is its marginal likelihood times its prior; `posterior.rs` has the
//!    formula, `curves.rs` the list of models with their priors.
//! 4. A and B are combined by the mean of their logits, each clipped to 10⁻⁴ … 1 − 10⁻⁴.
//! 5. Where nothing is given back, the times of growth are a third witness (`timing.rs`): the mean of its logit and
//!    that of step 4.
//!
//! The result is ordered well but too timid; [`calibrated`] makes a probability of it.
//!
//! **Assumptions.** Even steps in time. One kind of noise for the whole stretch: scatter, AR(0.6), or a
//! random walk, which has most of the prior, since memory wanders: an autocorrelated series does not become
//! a leak by its length.
//!
//! **Source.** Zellner's g prior (1986) with g = N, the information of one observation (Kass and Wasserman
//! 1995): a perfect fit is bounded evidence, so five even points are not proof. Priors and grids by hand on
//! simulated series.
//!
//! **Cost.** One pass for blocks, some 12,000 multiply-adds and 550 square roots; about 5 µs. The designs are made once
//! per process and number of blocks.
//!
//! **When it misleads.** A cache that fills after the recording, or the first period of a sawtooth, is a leak to
//! every method. Steps that double look like one step or two, leaks under a cycle or a sawtooth like none: see
//! `step_pattern`, `cycle` and `sawtooth`. Restarts must be cut before. Walks near zero and trickles that fade like 1/t
//! are called growing in some per cent of cases.
//!
//! ```
//! use leakdiff::stats::growth_models::{GrowthModel, calibrated, fit};
//! let rss = [30.6, 31.0, 31.4, 31.9, 32.2, 32.7, 33.1, 33.4];
//! let fitted = fit(&rss, 0.05).ok_or("fewer than four values")?;
//! assert_eq!(fitted.likeliest, GrowthModel::Leak);
//! assert!(calibrated(fitted.p_continues) > 0.9);
//! # Ok::<(), &str>(())
//! ```

mod blocks;
mod column_blocks;
mod curves;
mod design;
mod fit;
mod posterior;
mod start_up;
mod timing;
mod types;

pub use fit::{calibrated, fit};
pub use types::{FittedModels, GrowthModel, Outlook};
