//! From a frame to what is drawn and said, still plain data: no DOM, no signals.
//!
//! - [`stage`]: the swarm as shapes
//! - [`tape`]: the scrubber, painted with what happened
//! - [`tally`]: the count of one vote, and the sentence that says how it stands
//! - [`sentence`]: every event in a sentence
//! - [`caption`]: what just happened, in one sentence
//! - [`figure`]: numbers as people read them

pub mod caption;
pub mod figure;
pub mod sentence;
pub mod stage;
pub mod tally;
pub mod tape;
