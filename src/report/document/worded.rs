//! A fact with its text: `{"code": …, "text": …}`, and the numbers of the fact between them.

use serde::{Deserialize, Serialize};

/// A fact as a code, and the same in English.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Worded<T> {
    /// The fact, with its code.
    #[serde(flatten)]
    pub fact: T,
    /// The fact in words.
    pub text: String,
}
