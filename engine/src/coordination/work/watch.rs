//! What must hold of the work a swarm shares out, watched from outside: nothing is done or ended twice,
//! reputations follow from outcomes alone, and in the end every task has ended.

use super::board::Board;
use super::carried::Loads;
use super::job::Attempt;
use super::reputation::{Outcome, Reputation, change};
use super::task::TaskId;
use crate::coordination::note::Note;
use crate::coordination::swarm::Swarm;
use crate::coordination::work::note::WorkNote;
use crate::map::Map;
use crate::sim::{AgentId, Event, EventId, Property, PropertyKind, PropertyStatus, World};

/// What was seen so far.
#[derive(Clone, Debug, Default)]
pub struct WorkWatch {
    /// By whose task it is and its number: whether it has ended.
    ended: Map<(AgentId, TaskId), bool>,
    /// The parts that were done, in order.
    done: Vec<(AgentId, TaskId, u16)>,
    /// Of an agent, as the one who shares out must hold it: how many outcomes there were, and what they come to.
    earned: Map<(AgentId, AgentId), (usize, u32)>,
    once: Option<Property>,
    adds_up: Option<Property>,
    pub loads: Loads,
    last_ended: EventId,
    /// Who joined later, by which event.
    joined: Vec<(AgentId, EventId)>,
    /// The event by which a task was announced last, by whose it is and its number.
    announced: Map<(AgentId, TaskId), EventId>,
}

fn always(property: &mut Option<Property>, name: &'static str, holds: bool, event: EventId) {
    property.get_or_insert_with(|| Property::new(name, PropertyKind::Always)).check(holds, event);
}

/// What an agent shares out.
fn board_of<'a>(world: &'a World<'_, Swarm>, agent: AgentId) -> Option<&'a Board> {
    world.agent(agent)?.process.board()
}

/// Whether the agent's last attempt at a part that is over came with what its workers did: it is a manager.
fn has_told(
    world: &World<'_, Swarm>,
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
    /// The agent of this event is there from now on.
    pub fn joins(&mut self, event: &Event<Note>) {
        self.joined.push((event.agent, event.id));
    }

    /// Whether the agent was there when the task was announced last.
    #[must_use]
    pub fn was_there(&self, task: (AgentId, TaskId), agent: AgentId) -> bool {
        let announced = self.announced.get(&task).copied().unwrap_or_default();
        !self.joined.iter().any(|(it, event)| *it == agent && *event > announced)
    }

    /// Something has happened.
    pub fn see(&mut self, event: &Event<Note>, note: Note, world: &World<'_, Swarm>) {
        let whose = event.agent;
        match note {
            Note::Work(WorkNote::TaskCame { task }) => {
                self.ended.insert((whose, task), false);
            }
            Note::Work(WorkNote::TaskAnnounced { task }) => {
                self.announced.insert((whose, task), event.id);
            }
            Note::Work(WorkNote::TaskEnded { task, .. }) => {
                let before = self.ended.insert((whose, task), true);
                self.last_ended = event.id;
                always(&mut self.once, "results_count_once", before == Some(false), event.id);
            }
            Note::Work(WorkNote::Delivered { task, part, agent, quality }) => {
                let key = (whose, task, part);
                let place = self.done.binary_search(&key);
                always(&mut self.once, "results_count_once", place.is_err(), event.id);
                self.done.insert(place.unwrap_or_else(|place| place), key);
                if !has_told(world, key, agent) {
                    self.earn(event, (agent, Outcome::Success { quality }), world);
                }
            }
            Note::Work(WorkNote::PartFailed { task, part, agent })
                if !has_told(world, (whose, task, part), agent) =>
            {
                self.earn(event, (agent, Outcome::Failure), world);
            }
            Note::Work(WorkNote::WorkerDid { agent, quality, .. }) => {
                self.earn(event, (agent, Outcome::Success { quality }), world);
            }
            Note::Work(WorkNote::WorkerFailed { agent, .. }) => {
                self.earn(event, (agent, Outcome::Failure), world)
            }
            // Whoever had not even heard of it has not failed.
            Note::Work(WorkNote::LeaseExpired { agent, .. }) => {
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

    /// What this outcome makes of the agent's reputation, and whether it is what is held of it.
    fn earn(
        &mut self,
        event: &Event<Note>,
        (agent, outcome): (AgentId, Outcome),
        world: &World<'_, Swarm>,
    ) {
        let start = || {
            let profile = world.agent(agent).and_then(|slot| slot.process.profile());
            profile.map_or(Reputation::default().0, |profile| profile.reputation.0)
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

    /// Whether there was anything to do.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        !self.ended.is_empty()
    }

    /// What there is to say, once there was anything to do; `ended` says that nothing more will come. What a
    /// manager shares out is a part of what came to the coordinator.
    #[must_use]
    pub fn properties(&self, ended: bool, coordinator: Option<AgentId>) -> Vec<Property> {
        if !self.is_touched() {
            return Vec::new();
        }
        let mut all_end = Property::new("every_task_ends", PropertyKind::Eventually);
        if self.ended.iter().all(|((whose, _), ended)| *ended || Some(*whose) != coordinator) {
            all_end.status = PropertyStatus::Holds;
            all_end.event = Some(self.last_ended);
        } else if ended {
            all_end.status = PropertyStatus::Violated;
        }
        [Some(all_end), self.once.clone(), self.adds_up.clone()].into_iter().flatten().collect()
    }
}
