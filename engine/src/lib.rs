//! The swarmglass engine: a deterministic simulation of agents that coordinate, with no browser in
//! it. The module list is a map of the house; each floor knows only those above it in this list.
//!
//! - [`order`]: a tool for all floors

mod order;

pub mod sim;

pub mod coordination;

pub mod scenario;

pub mod playback;

pub mod view;
