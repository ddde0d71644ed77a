//! State that many agents hold and change: the rules by which replicas come to hold the same (S1–S3).
//!
//! A *write* has a dot, a name nobody else uses. A [`version`] is what a write made of a key, a
//! [`record`] what one replica holds of it, and the merge of two records is a join: the order in which
//! replicas hear of writes, and how often, changes nothing.
//!
//! - [`clock`]: dots, and vector clocks, which say what was known
//! - [`version`]: a value with its clock
//! - [`crdt`]: replicated types, which merge without losing writes
//! - [`resolve`]: what all replicas should hold, by one of three strategies
//! - `infer`: values that were written without a type, as replicated types
//! - [`record`]: what one replica holds of a key
//! - [`replica`]: what it holds of all keys, and how it catches up with another (S4, S5)
//! - [`talk`]: what agents say to each other about it
//! - [`holder`], [`sync`], [`session`], [`strong`]: a member's part in it, in messages (S4, S6)
//! - [`of_work`]: what of the swarm's work is kept so (W14)
//! - [`memory`]: what of that survives a crash
//! - [`watch`]: what must hold of it, seen from outside
//! - [`section`], [`acts`], `settings`, `form`: all that goes in
//! - `shown`: all that comes out: its report, `panel`s and `face`s, and `why` two versions were merged; [`standing`] is how
//!   a key stands

pub mod acts;
pub mod clock;
pub mod crdt;
mod face;
pub mod follow_up;
mod form;
pub mod holder;
mod infer;
#[cfg(test)]
pub(crate) mod letters;
pub mod memory;
pub mod note;
pub mod of_work;
mod panel;
pub mod record;
pub mod replica;
pub mod report;
pub mod resolve;
pub mod section;
pub mod session;
mod settings;
mod shown;
pub mod standing;
pub mod strong;
pub mod sync;
pub mod talk;
#[cfg(test)]
mod tests;
pub mod version;
pub mod watch;
mod why;
