//! One run: a scenario and a seed, played forward and back, in as many branches as a person makes.

use std::sync::Arc;

use super::branch::{Branch, Place};
use super::cast::Cast;
use super::command::{Applied, Command, CommandError};
use super::frame::{Frame, Mark};
use super::log::Log;
use super::report::Report;
use super::requests::{RequestFate, requests};
use crate::common::consensus::section::WrittenProposal;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::scenario::Scenario;
use crate::scenario::build::{Planned, SwarmSimulation};
use crate::scenario::checked::proposals_of;
use crate::scenario::file::intervention::Intervention;
use crate::sim::Progress;

/// Events the simulation itself keeps until the log takes them.
pub(super) const TRACE_CAPACITY: usize = 1 << 18;

/// Steps between two times that the log takes events over.
const SLICE: u64 = 4_096;

/// A run with its branches.
#[derive(Clone, Debug)]
pub struct Run {
    pub(super) scenario: Arc<Scenario>,
    pub(super) seed: u64,
    pub(super) cast: Cast,
    pub(super) branches: Vec<Branch>,
    pub(super) current: usize,
    pub(super) simulation: SwarmSimulation,
}

impl Run {
    /// # Errors
    /// When the scenario cannot start; one that was checked can.
    pub fn new(scenario: Arc<Scenario>, seed: u64) -> Result<Self, Problem> {
        let mut simulation = scenario.start(seed, &[], TRACE_CAPACITY)?;
        let mut branch = Branch::new(&mut simulation);
        branch.absorb(&mut simulation, scenario.ends_at_us.unwrap_or(u64::MAX));
        let cast = Cast::new(&scenario, seed, &simulation, &scenario.agent_names(&[])?);
        Ok(Self { scenario, seed, cast, branches: vec![branch], current: 0, simulation })
    }

    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    #[must_use]
    pub fn cast(&self) -> &Cast {
        &self.cast
    }

    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The number of the branch that is shown.
    #[must_use]
    pub fn current_branch(&self) -> u32 {
        self.current as u32
    }

    /// The events of the branch, up to the furthest it was played to.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.branches[self.current].log
    }

    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        self.log().marks()
    }

    #[must_use]
    pub fn simulation(&self) -> &SwarmSimulation {
        &self.simulation
    }

    #[must_use]
    pub fn report(&self) -> Report {
        Report::new(&self.cast, &self.simulation, self.ended())
    }

    /// Fills the frame with what is visible now.
    pub fn frame(&self, frame: &mut Frame) {
        frame.fill(&self.rooms());
        frame.unheard.clear();
        if self.simulation.observer.requests.waiting() > 0 {
            let asked = requests(&self.cast, &self.simulation, false).into_iter();
            frame.unheard.extend(asked.filter(|it| it.fate == RequestFate::Waits));
        }
        frame.ended = self.ended();
        frame.faces = self.faces(&frame.look);
        frame.ends = self.ends();
        frame.is_led = self.cast.pictures.is_led;
        frame.properties = self.simulation.observer.properties(frame.ended);
        frame.reached_us = self.branches[self.current].reached_us();
        frame.branch = self.current as u32;
        frame.branches = self.branches.len() as u32;
    }

    /// Whether nothing more happens.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.simulation.ended() || self.simulation.now_us() >= self.limit_us()
    }

    pub(super) fn limit_us(&self) -> u64 {
        self.scenario.ends_at_us.unwrap_or(u64::MAX)
    }

    /// # Errors
    /// When the command cannot be carried out; the run is as it was.
    pub fn apply(&mut self, command: &Command) -> Result<Applied, CommandError> {
        match command {
            Command::AdvanceTo { time_us, budget } => Ok(self.advance(*time_us, *budget)),
            Command::StepForward => Ok(self.step_forward()),
            Command::StepBack => {
                let steps = self.simulation.steps().saturating_sub(1);
                self.restore(|branch| branch.checkpoints.before_step(steps));
                self.advance_to_step(steps);
                Ok(Applied::Done)
            }
            Command::SeekTime { time_us } => {
                self.seek_time(*time_us);
                Ok(Applied::Done)
            }
            Command::SeekEvent { event } => self.seek_event(*event),
            Command::Intervene(intervention) => self.intervene(intervention),
            Command::SwitchBranch { branch } => self.switch(*branch),
        }
    }

    fn advance(&mut self, time_us: u64, budget: u64) -> Applied {
        let limit_us = self.limit_us();
        let time_us = time_us.min(limit_us);
        let mut left = budget;
        while left > 0 {
            let branch = &mut self.branches[self.current];
            let slice = branch.checkpoints.steps_to_next(self.simulation.steps());
            let slice = slice.min(SLICE).min(left);
            let progress = self.simulation.run_until(time_us, slice);
            branch.absorb(&mut self.simulation, limit_us);
            self.cast.look(&self.simulation);
            left -= slice;
            match progress {
                Progress::Budget => {}
                Progress::Reached if !self.ended() => return Applied::Done,
                Progress::Reached | Progress::Ended => return Applied::Ended,
            }
        }
        Applied::Budget
    }

    fn advance_to_step(&mut self, steps: u64) {
        let missing = steps.saturating_sub(self.simulation.steps());
        self.advance(u64::MAX, missing);
    }

    /// Goes ahead to a place, or to its time if there are fewer steps up to it; false when `budget` steps
    /// were not enough.
    pub(super) fn go_on_towards(&mut self, place: Place, budget: u64) -> bool {
        let missing = place.steps.saturating_sub(self.simulation.steps());
        if missing > budget {
            return self.advance(place.time_us, budget) != Applied::Budget;
        }
        self.advance(place.time_us, missing);
        self.simulation.now_us() >= place.time_us
            || self.advance(place.time_us, budget - missing) != Applied::Budget
    }

    /// Puts the simulation back to the checkpoint nearest to a place.
    pub(super) fn restore_before(&mut self, place: Place) {
        self.restore(|branch| branch.checkpoints.before_place(place.steps, place.time_us));
    }

    fn step_forward(&mut self) -> Applied {
        let limit_us = self.limit_us();
        let stepped = self.simulation.step(limit_us);
        self.branches[self.current].absorb(&mut self.simulation, limit_us);
        self.cast.look(&self.simulation);
        if stepped { Applied::Done } else { Applied::Ended }
    }

    pub(super) fn seek_time(&mut self, time_us: u64) {
        let now_us = self.simulation.now_us();
        let nearest = self.branches[self.current].checkpoints.before_time(time_us);
        let is_nearer = nearest.is_some_and(|nearest| nearest.now_us() > now_us);
        if time_us < now_us || is_nearer {
            self.restore(|branch| branch.checkpoints.before_time(time_us));
        }
        self.advance(time_us, u64::MAX);
    }

    fn seek_event(&mut self, event: u64) -> Result<Applied, CommandError> {
        let known = self.log().end_id().max(self.simulation.trace.len());
        if event >= known {
            return Err(CommandError::UnknownEvent { event });
        }
        self.restore(|branch| branch.checkpoints.before_event(event));
        while self.simulation.trace.len() <= event {
            if self.step_forward() == Applied::Ended {
                break;
            }
        }
        Ok(Applied::Done)
    }

    /// Puts the simulation back to a checkpoint, with the branch's own plans for the future.
    fn restore(&mut self, find: impl for<'a> FnOnce(&'a Branch) -> Option<&'a SwarmSimulation>) {
        let branch = &self.branches[self.current];
        let Some(state) = find(branch) else { return };
        self.simulation = self.resumed(state);
    }

    /// A copy of a checkpoint that goes on as the branch does.
    fn resumed(&self, state: &SwarmSimulation) -> SwarmSimulation {
        let mut simulation = state.clone();
        // Checked when the intervention was made.
        if let Ok(agenda) =
            self.scenario.agenda(self.seed, &self.branches[self.current].interventions)
        {
            simulation.set_agenda(agenda);
        }
        simulation
    }

    /// The state after so many steps of this branch, if it takes no more than `replay_max` of them
    /// to get there.
    pub(super) fn state_at(&self, steps: u64, replay_max: u64) -> Option<SwarmSimulation> {
        let nearest = self.branches[self.current].checkpoints.before_step(steps)?;
        let missing = steps.checked_sub(nearest.steps()).filter(|it| *it <= replay_max)?;
        let mut state = self.resumed(nearest);
        state.run_until(self.limit_us(), missing);
        Some(state)
    }

    /// The state after the step in which the event happened, under the same condition.
    pub(super) fn state_after(&self, event: u64, replay_max: u64) -> Option<SwarmSimulation> {
        let mut state = self.resumed(self.branches[self.current].checkpoints.before_event(event)?);
        let last = state.steps() + replay_max;
        while state.trace.len() <= event {
            let steps = state.steps();
            state.run_until(self.limit_us(), 1);
            if state.steps() == steps || steps == last {
                return None;
            }
        }
        Some(state)
    }

    fn intervene(&mut self, intervention: &Intervention) -> Result<Applied, CommandError> {
        let now_us = self.simulation.now_us();
        if now_us >= self.limit_us() {
            return Err(CommandError::RunEnded { ended_us: now_us });
        }
        let at_us = now_us + 1;
        let branch = &self.branches[self.current];
        let branched = !branch.is_at_its_end(&self.simulation);
        let mut interventions = branch.interventions.clone();
        if branched {
            interventions.retain(|planned| planned.time_us <= now_us);
        }
        interventions.push(Planned { time_us: at_us, intervention: intervention.clone() });
        let names = self.scenario.agent_names(&interventions);
        let names = names.map_err(CommandError::Intervention)?;
        let agenda =
            self.scenario.agenda(self.seed, &interventions).map_err(CommandError::Intervention)?;
        if branched {
            let label = self.label(intervention);
            let fork = branch.fork(self.current as u32, label, &self.simulation);
            self.branches[self.current].left_at = Place::of(&self.simulation);
            self.branches.push(fork);
            self.current = self.branches.len() - 1;
        }
        self.branches[self.current].interventions = interventions;
        self.simulation.set_agenda(agenda);
        self.cast = Cast::new(&self.scenario, self.seed, &self.simulation, &names);
        Ok(Applied::Intervened { at_us, branched })
    }

    /// The interventions at this time in this branch, by the scenario and by hand.
    pub fn done_at(&self, time_us: u64) -> impl Iterator<Item = &Intervention> {
        let planned = self.scenario.file.faults.iter();
        let at_us = |at_ms| decimal::microseconds("faults", at_ms).ok();
        let planned = planned.filter(move |fault| at_us(fault.at_ms) == Some(time_us));
        let done = self.branches[self.current].interventions.iter();
        let done = done.filter(move |it| it.time_us == time_us).map(|it| &it.intervention);
        planned.map(|fault| &fault.intervention).chain(done)
    }

    /// All that is done to the swarm in this branch: first by the scenario, then by hand; some of it may be to come.
    pub(super) fn done(&self) -> impl Iterator<Item = &Intervention> {
        let planned = self.scenario.file.faults.iter().map(|fault| &fault.intervention);
        let done = self.branches[self.current].interventions.iter();
        planned.chain(done.map(|planned| &planned.intervention))
    }

    /// A name that no proposal of this branch has, nor will have.
    #[must_use]
    pub fn new_proposal_id(&self) -> String {
        let begun = proposals_of(&self.scenario.file);
        let put = self.done().filter_map(Intervention::proposed).map(WrittenProposal::id);
        let taken: Vec<&str> = begun.iter().map(WrittenProposal::id).chain(put).collect();
        let mut number = taken.len() + 1;
        loop {
            let id = format!("proposal-{number}");
            if !taken.contains(&id.as_str()) {
                return id;
            }
            number += 1;
        }
    }

    /// The intervention in a few words; a message by its kind and its origin.
    fn label(&self, intervention: &Intervention) -> String {
        let (done, id) = match intervention {
            Intervention::DropMessage { message } => ("drop", message),
            Intervention::DuplicateMessage { message } => ("duplicate", message),
            Intervention::DelayMessage { message, .. } => ("delay", message),
            _ => return intervention.label(),
        };
        match self.simulation.in_flight().find(|in_flight| in_flight.id == *id) {
            Some(in_flight) => {
                let kind = in_flight.message.body.kind().words;
                format!("{done} {kind} of {}", self.cast.name(in_flight.origin))
            }
            None => intervention.label(),
        }
    }

    fn switch(&mut self, number: u32) -> Result<Applied, CommandError> {
        let count = self.branches.len() as u32;
        let Some(branch) = self.branches.get(number as usize) else {
            return Err(CommandError::UnknownBranch { branch: number, count });
        };
        if number == self.current_branch() {
            return Ok(Applied::Done);
        }
        let names = self.scenario.agent_names(&branch.interventions);
        let names = names.map_err(CommandError::Intervention)?;
        let place = branch.left_at;
        self.branches[self.current].left_at = Place::of(&self.simulation);
        self.current = number as usize;
        self.restore_before(place);
        self.go_on_towards(place, u64::MAX);
        self.cast = Cast::new(&self.scenario, self.seed, &self.simulation, &names);
        Ok(Applied::Done)
    }
}
