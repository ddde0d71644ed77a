//! The properties of the work a swarm shares out, watched from outside: nothing is done or ended twice,
//! reputations follow from outcomes alone, and in the end every task has ended.

use super::board::Board;
use super::carried::Loads;
use super::job::Attempt;
use super::note::WorkNote;
use super::reputation::{Outcome, change};
use super::role::{Work, WorkDurable};
use super::section::check::WorkSetup;
use super::talk::{BID, CALL, NO_BID, PROGRESS, QUERY, REPLY};
use super::task::TaskId;
use crate::common::reputation::Reputation;
use crate::common::sighting::Sighting;
use crate::map::Map;
use crate::protocol::watch::{Sight, Watch, Watched};
use crate::sim::{AgentId, Event, EventId, Property, PropertyKind, PropertyStatus, What};

impl Watched for Work {
    type Setup = WorkSetup;
    type Watch = WorkWatch;
    type Sighting = Sighting;
}

/// The observations so far.
#[derive(Clone, Debug, Default)]
pub struct WorkWatch {
    /// Whether a task has ended, by the agent whose task it is and its number.
    ended: Map<(AgentId, TaskId), bool>,
    /// The agents that take in tasks from outside; a manager shares out parts of those.
    takes_in: Vec<AgentId>,
    /// The parts that were done, in order.
    done: Vec<(AgentId, TaskId, u16)>,
    /// The number of an agent's outcomes and the reputation they come to, by the agent that shares out and
    /// the one that earned them.
    earned: Map<(AgentId, AgentId), (usize, u32)>,
    once: Option<Property>,
    adds_up: Option<Property>,
    within_limit: Option<Property>,
    pub loads: Loads,
    last_ended: EventId,
    /// The agents that joined later, each with the event.
    joined: Vec<(AgentId, EventId)>,
    /// The event by which a task was announced last, by whose it is and its number.
    announced: Map<(AgentId, TaskId), EventId>,
    /// The event by which its team was made last, or else the first award of a part of it.
    awarded: Map<(AgentId, TaskId), EventId>,
}

fn always(property: &mut Option<Property>, name: &'static str, holds: bool, event: EventId) {
    property.get_or_insert_with(|| Property::new(name, PropertyKind::Always)).check(holds, event);
}

/// The board of an agent.
fn board_of(world: &impl Sight<Work>, agent: AgentId) -> Option<&Board> {
    world.agent(agent)?.machine?.board()
}

/// Whether the agent's last attempt at a part that is over came with what its workers did: it is a manager.
fn has_told(
    world: &impl Sight<Work>,
    (whose, task, part): (AgentId, TaskId, u16),
    agent: AgentId,
) -> bool {
    let job = board_of(world, whose).and_then(|board| board.jobs.get(task as usize));
    let part = job.and_then(|job| job.parts.get(usize::from(part)));
    let over = |attempt: &&Attempt| attempt.agent == agent && attempt.end.is_some();
    let last = part.and_then(|part| part.attempts.iter().rev().find(over));
    last.is_some_and(|attempt| attempt.account.is_some())
}

impl WorkWatch {
    /// Whether the agent was there when the task was announced last.
    #[must_use]
    pub fn was_there(&self, task: (AgentId, TaskId), agent: AgentId) -> bool {
        let announced = self.announced.get(&task).copied().unwrap_or_default();
        !self.joined.iter().any(|(it, event)| *it == agent && *event > announced)
    }

    /// The event in which the task was awarded last: where its scores are told.
    #[must_use]
    pub fn award(&self, task: (AgentId, TaskId)) -> Option<EventId> {
        self.awarded.get(&task).copied()
    }

    /// Applies an outcome to the agent's reputation, and checks that the board holds the same.
    fn earn<N>(
        &mut self,
        event: &Event<N>,
        (agent, outcome): (AgentId, Outcome),
        world: &impl Sight<Work>,
    ) {
        let start = || {
            let start = world.agent(agent).and_then(|it| match it.durable? {
                WorkDurable::Worker(worker) => Some(worker.reputation),
                WorkDurable::Board(_) => None,
            });
            start.unwrap_or_default().0
        };
        let key = (event.agent, agent);
        let (outcomes, before) = self.earned.get(&key).copied().unwrap_or_else(|| (0, start()));
        let after = (outcomes + 1, Reputation(before).after(change(outcome)).0);
        self.earned.insert(key, after);
        let record = board_of(world, event.agent).and_then(|it| it.standings.records.get(&agent));
        // One event can bring several outcomes of one agent.
        let nth = record.and_then(|record| record.history.get(outcomes));
        let held = nth.map(|entry| (outcomes + 1, entry.score));
        always(&mut self.adds_up, "reputation_adds_up", held == Some(after), event.id);
    }
}

impl Watch<Work> for WorkWatch {
    fn on_event<N>(&mut self, _: &Event<N>, world: &mut impl Sight<Work>) {
        self.loads.settle(world);
    }

    fn on_arrived<N>(&mut self, event: &Event<N>, _: &mut impl Sight<Work>) {
        // These change the load of their receiver only by what it notes.
        const WITHOUT_LOAD: [u8; 6] =
            [CALL.number, BID.number, NO_BID.number, PROGRESS.number, QUERY.number, REPLY.number];
        if self.is_touched() && !WITHOUT_LOAD.contains(&event.kind) {
            self.loads.may_change(event.agent, event.time_us);
        }
    }

    fn on_timer<N>(&mut self, event: &Event<N>, _: &mut impl Sight<Work>) {
        if self.is_touched() {
            self.loads.may_change(event.agent, event.time_us);
        }
    }

    fn on_change<N>(&mut self, event: &Event<N>, _: &mut impl Sight<Work>) {
        if self.is_touched() {
            self.loads.may_change(event.agent, event.time_us);
        }
        if matches!(event.what, What::Spawned) {
            self.joined.push((event.agent, event.id));
        }
    }

    fn on_note<N>(&mut self, event: &Event<N>, note: WorkNote, world: &mut impl Sight<Work>) {
        let whose = event.agent;
        self.loads.look_at(whose, event.time_us, world);
        if let Some(board) = board_of(world, whose)
            && let Some(limit) = board.rules.limit
        {
            let holds = board.slots_taken() <= limit as usize;
            always(&mut self.within_limit, "limit_is_kept", holds, event.id);
        }
        match note {
            WorkNote::TaskCame { task } => {
                self.ended.insert((whose, task), false);
                let part = world.agent(whose).and_then(|it| it.machine);
                if matches!(part, Some(Work::Board(_))) && !self.takes_in.contains(&whose) {
                    self.takes_in.push(whose);
                }
            }
            WorkNote::TaskAnnounced { task } => {
                self.announced.insert((whose, task), event.id);
            }
            WorkNote::TeamMade { task, .. } => {
                self.awarded.insert((whose, task), event.id);
            }
            WorkNote::Awarded { task, .. } if !self.awarded.contains_key(&(whose, task)) => {
                self.awarded.insert((whose, task), event.id);
            }
            WorkNote::TaskEnded { task, .. } => {
                let before = self.ended.insert((whose, task), true);
                self.last_ended = event.id;
                always(&mut self.once, "results_count_once", before == Some(false), event.id);
            }
            WorkNote::Delivered { task, part, agent, quality } => {
                let key = (whose, task, part);
                let place = self.done.binary_search(&key);
                always(&mut self.once, "results_count_once", place.is_err(), event.id);
                self.done.insert(place.unwrap_or_else(|place| place), key);
                if !has_told(world, key, agent) {
                    self.earn(event, (agent, Outcome::Success { quality }), world);
                }
            }
            WorkNote::PartFailed { task, part, agent }
                if !has_told(world, (whose, task, part), agent) =>
            {
                self.earn(event, (agent, Outcome::Failure), world);
            }
            WorkNote::WorkerDid { agent, quality, .. } => {
                self.earn(event, (agent, Outcome::Success { quality }), world);
            }
            WorkNote::WorkerFailed { agent, .. } => {
                self.earn(event, (agent, Outcome::Failure), world)
            }
            // An agent that had not even heard of the award has not failed.
            WorkNote::LeaseExpired { agent, .. } => {
                let history =
                    |board: &Board| Some(board.standings.records.get(&agent)?.history.len());
                let held = board_of(world, whose).and_then(history).unwrap_or_default();
                let known = self.earned.get(&(whose, agent)).map_or(0, |(outcomes, _)| *outcomes);
                if held > known {
                    self.earn(event, (agent, Outcome::Failure), world);
                }
            }
            _ => {}
        }
    }

    fn is_touched(&self) -> bool {
        !self.ended.is_empty()
    }

    fn properties(&self, ended: bool) -> Vec<Property> {
        if !self.is_touched() {
            return Vec::new();
        }
        let mut all_end = Property::new("every_task_ends", PropertyKind::Eventually);
        if self.ended.iter().all(|((whose, _), ended)| *ended || !self.takes_in.contains(whose)) {
            all_end.status = PropertyStatus::Holds;
            all_end.event = Some(self.last_ended);
        } else if ended {
            all_end.status = PropertyStatus::Violated;
        }
        let always = [&self.once, &self.adds_up, &self.within_limit].into_iter().flatten();
        [all_end].into_iter().chain(always.cloned()).collect()
    }
}
