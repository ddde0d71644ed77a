//! What a protocol is, for the rest of the house.
//!
//! - [`contract`]: the state machine, and the outlet through which it acts
//! - [`note`]: what its agents note in the trace, and what people are told of that
//! - [`words`]: words that all protocols use

pub mod contract;
pub mod note;
pub mod words;
