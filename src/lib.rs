//! leakdiff reads what people save while they hunt a memory leak, and says what keeps growing.

pub mod error;
pub mod formats;
pub mod input;
pub mod model;
pub mod report;
pub mod stats;
