//! A run in time: advance, seek, step back, branch, intervene; and what is visible at an instant.
//!
//! - [`session`]: several runs side by side; commands in, frames out
//! - [`command`]: everything a person can do, as data
//! - [`run`]: one run with its branches
//! - [`branch`]: one line of events: what was done in it, how far it was played
//! - [`log`]: the events that are kept, and the marks on the tape
//! - [`checkpoint`]: the way back
//! - [`frame`]: what is visible at one instant, as plain data, and how it is filled
//! - [`inspect`]: everything about one agent, when someone asks
//! - [`saved`]: a run as text: a file, or a link; and the run again
//! - [`rooms`]: what protocols say themselves of a run
//! - [`report`]: how a run came out, for machines

pub mod branch;
pub mod cast;
pub mod checkpoint;
pub mod command;
pub mod frame;
mod horizon;
pub mod inspect;
pub mod log;
pub mod report;
pub mod requests;
pub mod rooms;
pub mod run;
pub mod saved;
pub mod session;

pub use cast::Cast;
pub use command::{Applied, Command, CommandError};
pub use frame::Frame;
pub use log::Log;
pub use report::Report;
pub use run::Run;
pub use saved::SavedRun;
pub use session::{RunId, Session};
