//! What agents do. First the rules, as pure functions and types; then the state machines that
//! carry them over the network.
//!
//! - [`topology`]: which links there are, and the routes over them (A2)
//! - [`room`], [`shown`]: what goes into a protocol beside its machine, and what comes out, [`asking`]: what its forms look at; [`registry`]: the list of protocols; [`swarm`]: the agent made of them, [`peek`]: what may be seen of it from outside
//! - [`bus`]: envelopes, and how large they are on a link (A3); [`kind`]: the kinds of messages, [`glyph`]: how they are drawn
//! - [`note`]: what agents note, [`mark`]: how that stands on the tape and in the log
//! - [`awaited`]: what agents wait for
//! - [`signal`]: what the protocols of one agent tell each other
//! - [`profile`]: who an agent is (A1), [`reputation`]: how it stands, [`registration`]: what is kept of it where it registers
//! - [`membership`]: who belongs to the swarm, and how it stands (A4)
//! - [`consensus`]: votes, quorums, decisions (C1–C8, C10)
//! - [`signature`]: who has said what
//! - [`state`]: what replicas hold of a key, and how they come to hold the same (S1–S3)
//! - [`work`]: who does what, and how well it went (W1–W5, W8, W11, W12)
//! - [`adversary`]: who sits in the seat of a corrupted agent (C7), [`lie`]: what protocols know of that
//! - [`monitor`]: the watches of all protocols, [`sighting`]: what they tell each other, [`requests`]: what is asked of an
//!   agent that is away
//! - [`value`]: values of keys and data, [`figure`]: numbers as people read them

pub mod asking;
pub mod awaited;
pub mod consensus;
pub mod figure;
pub mod glyph;
pub mod kind;
pub mod lie;
pub mod mark;
pub mod profile;
pub mod registration;
pub mod reputation;
pub mod room;
pub mod settings;
pub mod shown;
pub mod sighting;
pub mod signal;
pub mod signature;
pub mod topology;
pub mod value;
