//! What a run starts from.
//!
//! - [`mod@file`]: the file format, as it is written; [`file::intervention`]: what is done to a swarm, by the names of its agents
//! - [`bytes`]: the text of a file from its bytes
//! - [`templates`]: kinds of agents to take after
//! - [`migration`]: older formats
//! - [`checked`]: the same after every rule was checked, ready to run
//! - [`build`]: from a scenario and a seed to a simulation
//! - [`gallery`]: the scenarios that come with swarmglass

pub mod build;
pub mod bytes;
pub mod checked;
pub mod file;
pub mod gallery;
pub mod migration;
#[cfg(feature = "schema")]
pub mod schema;
pub mod templates;

pub use crate::protocol::problem::ScenarioError;
pub use checked::Scenario;
