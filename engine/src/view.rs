//! From a frame to what is drawn and said, still plain data: no DOM, no signals.
//!
//! - [`stage`]: the swarm as shapes
//! - [`tape`]: the scrubber, painted with what happened
//! - [`documents`]: what is said beside the stage, in order
//! - [`branches`]: the lines under the scrubber
//! - [`tally`]: the count of one vote, and the sentence that says how it stands
//! - [`statistics`]: what has become of all proposals
//! - [`settings`]: what the protocol of a scenario can be set to
//! - [`comparison`]: the values of one setting, over many runs
//! - [`property`]: what a property says
//! - [`sentence`]: every event in a sentence
//! - [`log`] and [`why`]: which events are told, and what led to each
//! - [`inspector`]: what one agent is, knows, has received and waits for
//! - [`caption`]: what just happened, in one sentence
//! - [`acts`]: what can be done to what is selected
//! - [`kept`]: a person's own runs and scenarios, as a browser keeps and lists them
//! - [`newcomer`]: agents that can be added
//! - [`network`]: what links do, in words
//! - [`pace`]: at which speed a run is shown

pub mod acts;
pub mod branches;
pub mod caption;
pub mod comparison;
pub mod documents;
pub mod inspector;
pub mod kept;
pub mod log;
pub mod network;
pub mod newcomer;
pub mod pace;
pub mod property;
pub mod sentence;
pub mod settings;
pub mod stage;
pub mod statistics;
pub mod tally;
pub mod tape;
pub mod why;
