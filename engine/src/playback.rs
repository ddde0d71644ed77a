//! A run in time: advance, seek, step back, branch, intervene; and what is visible at an instant.
//!
//! - [`session`]: several runs side by side; commands in, frames out
//! - [`command`]: everything a person can do, as data
//! - [`run`]: one run with its branches
//! - [`branch`]: one line of events: its log, its marks, its checkpoints
//! - [`frame`]: what is visible at one instant, as plain data

pub mod branch;
pub mod command;
pub mod frame;
pub mod run;
pub mod session;

pub use command::Command;
pub use frame::Frame;
pub use run::Run;
pub use session::{RunId, Session};
