//! Words and pure rules that several protocols speak, and the contract of a protocol with the rest of the house.
//!
//! - [`room`]: the input of a protocol, [`shown`]: its output, [`asking`]: the branch as its forms look at it; [`settings`]: settings as they are gathered
//! - [`consensus`]: proposals and votes
//! - [`signal`]: facts that the protocols of one agent tell each other, [`sighting`]: those that their watches do
//! - [`profile`]: who an agent is, [`reputation`]: how it stands, [`registration`]: the words with which it registers
//! - [`topology`]: links, and the routes over them
//! - [`value`]: values of keys and data, [`signature`]: proof of who has said something
//! - [`kind`]: kinds of messages, [`glyph`]: their pictures, [`mark`]: the pictures of notes, [`misdirected`]: a note that any agent can make, [`awaited`]: the words for timers
//! - [`lie`]: the seat of a corrupted agent, as protocols see it
//! - [`figure`]: numbers as people read them

pub mod asking;
pub mod awaited;
pub mod consensus;
pub mod figure;
pub mod glyph;
pub mod kind;
pub mod lie;
pub mod mark;
pub mod measure;
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
