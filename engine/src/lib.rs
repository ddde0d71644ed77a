//! The swarmglass engine: a deterministic simulation of agents that coordinate, with no browser in
//! it. The module list is a map of the house; each floor knows only those above it in this list.
//!
//! - [`map`], [`order`]: tools for all floors

pub mod map;
mod order;

pub mod sim;

pub mod protocol;

pub mod coordination;

pub mod scenario;

pub mod playback;

pub mod view;
