//! Everything a person can do to a run, as data: the page, the command line and the bindings all
//! send these.

use serde::{Deserialize, Serialize};

use crate::scenario::intervention::Intervention;

/// One thing to do to a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Goes on until this virtual time, at most so many steps.
    AdvanceTo { time_us: u64, budget: u64 },
    /// One step on, or back. A step is a delivery, a timer or a fault with all it leads to at
    /// that instant.
    StepForward,
    StepBack,
    /// To this time, back or ahead.
    SeekTime { time_us: u64 },
    /// To the moment just after this event.
    SeekEvent { event: u64 },
    /// Does something to the swarm at the next microsecond. In the past of a branch this starts a
    /// new one and keeps the old.
    Intervene(Intervention),
    /// To another branch, at the place where it was left.
    SwitchBranch { branch: u32 },
}
