//! The swarmglass engine: a deterministic simulation of agents that coordinate, with no browser in it.
//!
//! ```
//! use swarmglass_engine::playback::{Command, Run};
//! use swarmglass_engine::scenario::gallery;
//!
//! let scenario = gallery::find("deployment-vote")?.scenario()?;
//! let mut run = Run::new(scenario.into(), 7)?;
//! run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX })?;
//! let report = run.report();
//! assert_eq!(report.decisions[0].approval.to_string(), "0.791666");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A run comes out the same on every machine: `report.trace_hash` takes in every event. A protocol of your own runs through
//! [`coordination::foreign`] (`engine/examples/own_protocol.rs`), or becomes a folder and a line ([`coordination::room`]).
//!
//! # The house
//!
//! Each floor knows only those below it, and no protocol names another.
//!
//! | floor | what stands there |
//! |---|---|
//! | [`sim`] | the kernel: time, queue, network, faults, trace, properties |
//! | [`protocol`] | what a protocol is: its machine, notes, watch and documents |
//! | [`coordination`] | the words that protocols share, the protocols, and the registry that makes an agent of them |
//! | [`scenario`] | what a run starts from: the file, its checks, the gallery, interventions |
//! | [`playback`] | a run in time: advance, seek, branch, intervene; what is visible at an instant, and the report |
//! | [`view`] | what is shown of it, as plain data: shapes, sentences, documents |
//!
//! [`map`] and `order` are tools for all floors. `src/ARCHITECTURE.md` says where everything is.

pub mod map;
mod order;

pub mod sim;

pub mod protocol;

pub mod coordination;

pub mod scenario;

pub mod playback;

pub mod view;
