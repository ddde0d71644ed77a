//! Everything a person can do to a run, as data: the page, the command line and the bindings all
//! send these.

use serde::{Deserialize, Serialize};

use crate::protocol::problem::Problem;
use crate::scenario::file::intervention::Intervention;

/// One thing to do to a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Goes on until this virtual time, at most so many steps.
    AdvanceTo {
        time_us: u64,
        budget: u64,
    },
    /// One step on, or back. A step is a delivery, a timer or a fault with all it leads to at
    /// that instant.
    StepForward,
    StepBack,
    /// Goes to this time, back or ahead.
    SeekTime {
        time_us: u64,
    },
    /// Goes to the moment just after this event.
    SeekEvent {
        event: u64,
    },
    /// Does something to the swarm at the next microsecond. In the past of a branch this starts a
    /// new one and keeps the old.
    Intervene(Intervention),
    /// Goes to another branch, at the place where it was left.
    SwitchBranch {
        branch: u32,
    },
}

/// The result of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    /// The run is where it should be.
    Done,
    /// The budget of steps was used up first.
    Budget,
    /// Nothing more happens in this branch.
    Ended,
    /// The intervention takes effect at this time; `branched` when a new branch was started.
    Intervened { at_us: u64, branched: bool },
}

/// Why a command was not carried out; the run is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("no run has this number; it was closed, or never opened")]
    UnknownRun,
    #[error("there is no branch {branch}; this run has {count}")]
    UnknownBranch { branch: u32, count: u32 },
    #[error("event {event} has not happened yet in this branch; play on to get there")]
    UnknownEvent { event: u64 },
    #[error("the run has ended, at {ended_us} µs; go back to before its end to change something")]
    RunEnded { ended_us: u64 },
    #[error("at {}: expected {}, found {}; {}", .0.path, .0.expected, .0.found, .0.repair)]
    Intervention(Problem),
}
