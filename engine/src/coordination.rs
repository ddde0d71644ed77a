//! What agents do. First the rules, as pure functions and types; then the state machines that
//! carry them over the network.
//!
//! - [`topology`]: which links there are, and the routes over them (A2)
//! - [`bus`]: envelopes, and how large they are on a link (A3); [`kind`]: the kinds of messages, [`glyph`]: how they are drawn
//! - [`agent`]: who an agent is (A1), and the member of a swarm that votes
//! - [`coordinator`]: the node that facilitates and does not dictate (A4)
//! - [`requests`]: what is asked of an agent that is away
//! - [`membership`], [`status`]: who belongs to the swarm, and how it stands
//! - [`consensus`]: votes, quorums, decisions (C1–C8, C10)
//! - [`signature`]: who has said what
//! - [`state`]: what replicas hold of a key, and how they come to hold the same (S1–S3)
//! - [`work`]: who does what, and how well it went (W1–W5, W8, W11, W12)
//! - [`adversary`]: who sits in the seat of a corrupted agent (C7)
//! - [`number`]: numbers as people write them
//! - [`signal`]: what the protocols of one agent tell each other, [`port`]: the outlet into which they speak
//! - [`swarm`]: all of it as one process for the kernel

pub mod adversary;
pub mod agent;
pub mod bus;
pub mod consensus;
pub mod coordinator;
pub mod glyph;
pub mod kind;
pub mod membership;
pub mod note;
pub mod number;
pub mod port;
pub mod requests;
pub mod signal;
pub mod signature;
pub mod state;
pub mod status;
pub mod swarm;
pub mod topology;
pub mod work;
