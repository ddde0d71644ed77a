//! From a frame to what is drawn and said, still plain data: no DOM, no signals.
//!
//! - [`stage`]: the swarm as shapes
//! - [`tape`]: the scrubber, painted with what happened
//! - [`tally`]: the count of one vote, and the sentence that says how it stands
//! - [`figure`]: numbers as people read them

pub mod figure;
pub mod stage;
pub mod tally;
pub mod tape;
