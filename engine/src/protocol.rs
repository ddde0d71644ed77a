//! What a protocol is, as far as the rest of the house asks: what it says of itself.
//!
//! - [`document`]: what its panels say, as plain data
//! - [`note`]: what its agents note in the trace, and what people are told of that
//! - [`words`]: words that all protocols use

pub mod document;
pub mod note;
pub mod words;
