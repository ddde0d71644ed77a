//! One line of events: what was done in it, how far it was played, and the way back in it.

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoints;
use super::frame::Mark;
use super::log::Log;
use crate::common::consensus::facts::Facts;
use crate::common::consensus::quorum::Decision;
use crate::protocol::read::time_us;
use crate::scenario::build::{Planned, SwarmSimulation};
use crate::swarm::Swarm;
use crate::swarm::monitor::Monitor;

/// A place in a branch: after so many steps, at this time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub steps: u64,
    #[serde(deserialize_with = "time_us")]
    pub time_us: u64,
}

impl Place {
    #[must_use]
    pub fn of(simulation: &SwarmSimulation) -> Self {
        Self { steps: simulation.steps(), time_us: simulation.now_us() }
    }

    /// Not beyond another place.
    pub(super) fn at_most(self, end: Self) -> Self {
        if self.steps > end.steps || self.time_us > end.time_us { end } else { self }
    }
}

/// One branch of a run.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The branch it left, and when; `None` for the first.
    pub parent: Option<(u32, u64)>,
    /// The intervention where it left: "crash qa-engineer"; empty for the first.
    pub label: String,
    pub(super) interventions: Vec<Planned>,
    pub(super) log: Log,
    pub(super) checkpoints: Checkpoints<Swarm, Monitor>,
    /// The furthest place it was played to.
    pub(super) reached: Place,
    /// Where it was when another branch was looked at.
    pub(super) left_at: Place,
    /// Its result by the furthest place it was played to.
    pub result: BranchResult,
}

/// How a branch stands where it was played to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BranchResult {
    /// The outcome for the swarm as a whole of the newest proposal for which anyone holds one.
    pub decision: Option<Decision>,
    /// Nothing more will come.
    pub ended: bool,
}

impl BranchResult {
    fn of(simulation: &SwarmSimulation, limit_us: u64) -> Self {
        let decision = simulation.observer.facts().iter().rev().find_map(Facts::decision);
        Self { decision, ended: simulation.ended() || simulation.now_us() >= limit_us }
    }
}

impl Branch {
    pub(super) fn new(start: &mut SwarmSimulation) -> Self {
        Self {
            parent: None,
            label: String::new(),
            interventions: Vec::new(),
            log: Log::default(),
            checkpoints: Checkpoints::new(start),
            reached: Place::default(),
            left_at: Place::default(),
            result: BranchResult::default(),
        }
    }

    /// Its interventions by hand, by time.
    #[must_use]
    pub fn interventions(&self) -> &[Planned] {
        &self.interventions
    }

    /// The marks on its tape.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        self.log.marks()
    }

    /// The furthest time it was played to, in microseconds.
    #[must_use]
    pub fn reached_us(&self) -> u64 {
        self.reached.time_us
    }

    /// Whether the simulation stands where the branch has never been played further.
    pub(super) fn is_at_its_end(&self, simulation: &SwarmSimulation) -> bool {
        simulation.steps() >= self.reached.steps && simulation.now_us() >= self.reached.time_us
    }

    /// A branch that leaves this one where the simulation stands.
    pub(super) fn fork(&self, number: u32, label: String, simulation: &SwarmSimulation) -> Self {
        let now_us = simulation.now_us();
        let mut fork = self.clone();
        fork.parent = Some((number, now_us));
        fork.label = label;
        fork.interventions.retain(|planned| planned.time_us <= now_us);
        fork.log.truncate(simulation.trace.len());
        fork.checkpoints.truncate(simulation.steps());
        fork.reached = Place::of(simulation);
        fork.left_at = fork.reached;
        fork.result = BranchResult::of(simulation, u64::MAX);
        fork
    }

    /// Takes over what has happened since, for the log and for the way back. The run ends at the limit.
    pub(super) fn absorb(&mut self, simulation: &mut SwarmSimulation, limit_us: u64) {
        for event in simulation.trace.take() {
            self.log.push(event);
        }
        self.checkpoints.consider(simulation);
        if self.is_at_its_end(simulation) {
            self.result = BranchResult::of(simulation, limit_us);
        }
        self.reached.steps = self.reached.steps.max(simulation.steps());
        self.reached.time_us = self.reached.time_us.max(simulation.now_us());
    }
}
