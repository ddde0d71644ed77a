//! What a protocol is, for the rest of the house.
//!
//! - [`contract`]: the state machine, and the outlet through which it acts
//! - [`document`]: what its panels say, as plain data
//! - [`problem`]: what is wrong with a scenario, and how to repair it; [`name`]: what a name may be, [`number`] and [`decimal`]:
//!   exact numbers from the decimals people write
//! - [`rows`]: what the inspector says of it
//! - [`json`]: JSON as values, [`read`](mod@read): the things they stand for, and what is wrong with them, [`write`](mod@write): JSON
//!   from things in memory
//! - [`section`]: how its part of a file is read, `schema`: the ranges of its numbers, [`setting`]: what of it can be set
//! - [`note`]: what its agents note in the trace, and what people are told of that
//! - [`watch`]: what must hold of it, watched from outside
//! - [`words`]: words that all protocols use

pub mod contract;
pub mod decimal;
pub mod document;
pub mod json;
pub mod name;
pub mod note;
pub mod number;
pub mod problem;
pub mod read;
pub mod rows;
#[cfg(feature = "schema")]
pub mod schema;
pub mod section;
pub mod setting;
pub mod watch;
pub mod words;
pub mod write;
