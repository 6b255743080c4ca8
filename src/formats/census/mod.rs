//! Censuses: the types of the objects of a heap, with their numbers and their bytes.
//!
//! A type is a site without a file. Censuses of Python's garbage collector (objgraph, `gc`) have numbers of objects and
//! no bytes.

pub mod class_tracker;
pub mod gc;
pub mod guppy;
pub mod java_histogram;
mod lists;
mod literals;
pub mod objgraph;
pub mod pympler;
mod rows;
