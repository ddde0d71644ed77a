//! The kernel: deterministic discrete-event simulation of processes that exchange messages.
//!
//! It knows agents as numbers and messages as a type parameter; no word of coordination is in it.
//! Start with [`Process`] (what an agent is), then [`Simulation`] (what happens to agents).
//!
//! - [`process`]: a process, its outbox of effects, and the adversary's seat
//! - [`kernel`]: the simulation: one step after another
//! - [`queue`]: what is due next, in the order (time, phase, sequence)
//! - `pending`: what waits there: messages on their way, and timers
//! - [`network`] and [`routes`]: links, what they do to messages, and the way through them
//! - [`fault`]: everything that can be done to a running simulation from outside
//! - [`trace`]: what happened, and the hash that says two runs are the same; [`digest`]: what goes into it
//! - [`counters`]: counts and bytes; the books that must balance
//! - [`property`]: what should hold, checked while it runs
//! - [`causality`]: causes and vector clocks, computed from the trace
//! - [`clock`], [`rng`], [`chunks`]: local clocks, named random streams, copy-on-write storage

pub mod causality;
pub mod chunks;
pub mod clock;
pub mod counters;
pub mod digest;
pub mod fault;
mod fetch;
pub mod kernel;
pub mod network;
mod pending;
pub mod process;
pub mod property;
pub mod queue;
pub mod rng;
pub mod routes;
pub mod trace;

pub use clock::{LocalClock, LocalTime};
pub use counters::{Books, Counters, DropCause};
pub use digest::{Digest, tag};
pub use fault::Fault;
pub use kernel::{Config, Progress, Setup, Simulation, Status};
pub use network::{Latency, LinkModel, PPM};
pub use process::{Adversary, AgentId, Input, NoAdversary, Note, Outbox, Process, Traffic, Wire};
pub use property::{Observer, Property, PropertyKind, PropertyStatus, World};
pub use routes::Routes;
pub use trace::{Event, EventId, NO_EVENT, Trace, What};
