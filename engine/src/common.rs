//! Words and pure rules that several protocols speak, and the contract of a protocol with the rest of the house.
//!
//! - [`room`], [`shown`]: what goes into a protocol beside its machine, and what comes out
//! - [`topology`]: which links there are, and the routes over them (A2)
//! - [`kind`]: the kinds of messages, [`glyph`]: how they are drawn
//! - [`mark`]: how a note stands on the tape and in the log, [`misdirected`]: the note of a message that its receiver cannot read
//! - [`awaited`]: what agents wait for
//! - [`signal`]: what the protocols of one agent tell each other, [`sighting`]: what their watches do
//! - [`profile`]: who an agent is (A1), [`reputation`]: how it stands, [`registration`]: what is kept of it where it registers
//! - [`consensus`]: votes, quorums, decisions (C1–C8, C10)
//! - [`signature`]: who has said what, [`lie`]: what protocols know of the seat of a corrupted agent (C7)
//! - [`settings`]: settings that several protocols have
//! - [`value`]: values of keys and data, [`figure`]: numbers as people read them

pub mod awaited;
pub mod consensus;
pub mod figure;
pub mod glyph;
pub mod kind;
pub mod lie;
pub mod mark;
pub mod misdirected;
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
