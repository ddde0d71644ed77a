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
//! [`protocols::foreign`] (`engine/examples/own_protocol.rs`), or becomes a folder and a line ([`common::room`]).
//!
//! # The house
//!
//! Each floor knows only those below it, and no protocol names another.
//!
//! | floor | what stands there |
//! |---|---|
//! | [`sim`] | the kernel: time, queue, network, faults, trace, properties |
//! | [`protocol`] | what a protocol is: its machine, notes, watch and documents |
//! | [`common`] | words and pure rules that several protocols speak, and the contract of a protocol with the shells: [`common::room`] for its input, [`common::shown`] for its output |
//! | [`protocols`] | the protocols, each in a folder of its own |
//! | [`registry`] | the list of the protocols |
//! | [`swarm`] | the agent that is made of them, and what is watched of it |
//! | [`scenario`] | what a run starts from: the file, its checks, the gallery, interventions |
//! | [`playback`] | a run in time: advance, seek, branch, intervene; what is visible at an instant, and the report |
//! | [`view`] | what is shown of it, as plain data: shapes, sentences, documents |
//!
//! [`map`] and `order` are tools for all floors. `src/ARCHITECTURE.md` says where everything is.

pub mod map;
mod order;

pub mod sim;

pub mod protocol;

pub mod common;

/// The protocols that agents run, each in a folder of its own: its machine, its messages and notes, its section of the scenario
/// file, its acts and settings, its report, its documents, its face, and its tests. None names another; the [`registry`] lists
/// them.
pub mod protocols {
    use crate::registry;

    /// Makes the module of each protocol, with its file.
    macro_rules! modules {
        ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
            $($(#[$on])* #[path = $path] pub mod $field;)*
        };
    }

    registry::protocols!(modules);
}

pub mod registry;

pub mod swarm;

pub mod scenario;

pub mod playback;

pub mod view;
