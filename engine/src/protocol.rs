//! What a protocol is, for the rest of the house.
//!
//! - [`contract`]: the state machine, and the outlet through which it acts
//! - [`document`]: what its panels say, as plain data
//! - [`note`]: what its agents note in the trace, and what people are told of that
//! - [`watch`]: what must hold of it, watched from outside
//! - [`words`]: words that all protocols use

pub mod contract;
pub mod document;
pub mod note;
pub mod watch;
pub mod words;
