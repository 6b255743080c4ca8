//! Pickled snapshots.

use super::records::{format, hold_bytes, options};

/// All bytes are the pickle.
pub fn pickles(data: &[u8]) {
    hold_bytes(data, format("tracemalloc-pickle"), &options());
}
