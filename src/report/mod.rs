//! What people and programs see: one file per output, all taking their part from one [`Report`].

pub mod document;

pub use document::Report;
