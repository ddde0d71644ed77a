//! Everything about one agent at this instant, from its real state; made when someone asks.

use super::frame::fill::{message_frame, timer_frame};
use super::frame::{MessageFrame, TimerFrame};
use super::rooms::{Rooms, books, hearings, look_at_kept_books};
use super::run::Run;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::condition::{FieldValue, Finding};
use crate::common::consensus::manager::{Manager, Poll};
use crate::common::consensus::mind::Mind;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::shown::HeardOf;
use crate::order::sort_by_key;
use crate::scenario::build::SwarmSimulation;
use crate::sim::clock::LocalClock;
use crate::sim::counters::AgentCount;
use crate::sim::kernel::Slot;
use crate::sim::{AgentId, EventId, LocalTime, Status, What};
use crate::swarm::Swarm;

/// Messages received that are told, the newest.
const RECEIVED_MAX: usize = 4;
/// How far back they are looked for.
const LOOK_BACK_EVENTS: u64 = 4_000;
/// Further back than this a state is not worth its replay.
pub(super) const REPLAY_MAX: u64 = 20_000;

/// An agent as it is.
#[derive(Clone, Debug)]
pub struct Inspection {
    pub agent: AgentId,
    pub status: Status,
    pub corrupted: bool,
    pub time_us: u64,
    pub clock: LocalClock,
    /// The time on its clock.
    pub local: LocalTime,
    pub lamport: u64,
    pub count: AgentCount,
    /// By the time they are due.
    pub timers: Vec<TimerFrame>,
    /// Messages that wait while it is paused, oldest first.
    pub inbox: Vec<MessageFrame>,
    /// The events of its last messages, newest first.
    pub received: Vec<EventId>,
    pub node: Node,
    /// The rows of its protocols: a label and lines.
    pub rows: Vec<(&'static str, Vec<String>)>,
}

/// The part of an agent in votes, and all that it knows of them.
#[derive(Clone, Debug)]
pub enum Node {
    Member {
        /// As its process knows them; as a crashed agent had written them down.
        known: Vec<Known>,
        /// As it would still know them after a crash.
        durable: Vec<Known>,
    },
    Coordinator {
        polls: Vec<PollInspection>,
    },
}

/// A proposal as a member knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub proposal: ProposalId,
    pub name: String,
    /// When it heard of it, on its own clock.
    pub heard_us: LocalTime,
    pub vote: Option<Vote>,
    /// The option that its vote is for; `None` in a yes-or-no vote.
    pub option: Option<String>,
    pub outcome: Option<Decision>,
    /// The option that has won, as it has learned; `None` in a yes-or-no vote.
    pub winner: Option<String>,
    /// The fields its rule asks for, and what the proposal says.
    pub asked: Vec<(String, Option<String>)>,
    /// How far it has come, until it holds an outcome.
    pub stands: Option<String>,
    /// The verdict of its rule on that; `None` when it is no matter of fields.
    pub verdict: Option<Vote>,
}

/// A proposal as the coordinator holds it.
#[derive(Clone, Debug)]
pub struct PollInspection {
    pub name: String,
    pub counted: u64,
    pub missing: Vec<AgentId>,
    pub decided: Option<Decision>,
    pub closed: bool,
    /// Ballots it refused; it forgets them in a crash.
    pub refused: u32,
}

impl Run {
    /// Everything about an agent as it is now; `None` when there is no such agent.
    #[must_use]
    pub fn inspect(&self, agent: AgentId) -> Option<Inspection> {
        inspect(self, self.simulation(), self.simulation().now_us(), agent)
    }

    /// As it was before the last step, and the first event of that step: what has changed since.
    /// As of now: that time goes on is no change. `None` at the start, and where it would take too long to find out.
    #[must_use]
    pub fn inspect_before(&self, agent: AgentId) -> Option<(Inspection, EventId)> {
        let steps = self.simulation().steps().checked_sub(1)?;
        let before = self.state_at(steps, REPLAY_MAX)?;
        Some((inspect(self, &before, self.simulation().now_us(), agent)?, before.trace.len()))
    }
}

fn inspect(
    run: &Run,
    simulation: &SwarmSimulation,
    now_us: u64,
    agent: AgentId,
) -> Option<Inspection> {
    let slot = simulation.agents().nth(agent.index())?;
    let mut timers: Vec<TimerFrame> = slot.timers.iter().map(timer_frame).collect();
    sort_by_key(&mut timers, |timer| {
        (timer.due_us, timer.awaited.proposal.map_or(u64::from(u32::MAX), u64::from))
    });
    let end = simulation.trace.len();
    let events = run.log().range(end.saturating_sub(LOOK_BACK_EVENTS), end).rev();
    let received = events.filter(|it| it.agent == agent && matches!(it.what, What::Delivered));
    Some(Inspection {
        agent,
        status: slot.status,
        corrupted: slot.corrupted,
        time_us: now_us,
        clock: slot.clock,
        local: slot.clock.local(now_us),
        lamport: slot.lamport,
        count: slot.count,
        timers,
        inbox: slot.inbox().iter().map(message_frame).collect(),
        received: received.take(RECEIVED_MAX).map(|event| event.id).collect(),
        node: node(agent, slot),
        rows: Rooms { simulation, now_us, ..run.rooms() }.inspect(agent),
    })
}

fn node(agent: AgentId, slot: &Slot<Swarm>) -> Node {
    let polls = |books: &Manager| books.polls().iter().map(poll).collect();
    let polls = match slot.status {
        Status::Down | Status::Removed => look_at_kept_books(agent, slot, polls),
        Status::Up | Status::Paused => books(slot).map(polls),
    };
    if let Some(polls) = polls {
        return Node::Coordinator { polls };
    }
    let mind = slot.process.profile().map(|profile| &profile.mind);
    let [known, durable] = hearings(agent, slot).map(|all| {
        let known = all.into_iter().filter_map(|heard| Some(one_known(heard, mind?)));
        known.collect()
    });
    Node::Member { known, durable }
}

fn one_known(heard: HeardOf, mind: &Mind) -> Known {
    let HeardOf { proposal, hearing, own, winner, stands } = heard;
    let fields = &hearing.proposal.fields;
    let says = |name: &&str| ((*name).to_owned(), fields.get(*name).map(FieldValue::plain));
    let options = &hearing.proposal.options;
    let named = |option: OptionId| options.get(usize::from(option)).cloned();
    let (asked, verdict) = match mind {
        Mind::Condition(condition) if options.is_empty() => {
            let verdict = match condition.check(fields) {
                Finding::True => Vote::For,
                Finding::False(_) => Vote::Against,
                Finding::Unknown(_) => Vote::Abstain,
            };
            (condition.asks_for().iter().map(says).collect(), Some(verdict))
        }
        _ => (Vec::new(), None),
    };
    Known {
        proposal,
        name: hearing.proposal.name.clone(),
        heard_us: hearing.heard_us,
        vote: hearing.vote.as_ref().map(|(vote, _)| *vote),
        option: own.and_then(named),
        outcome: hearing.outcome,
        stands,
        winner: winner.and_then(named),
        asked,
        verdict,
    }
}

fn poll(poll: &Poll) -> PollInspection {
    PollInspection {
        name: poll.proposal.name.clone(),
        counted: poll.ballots.tally().cast(),
        missing: poll.ballots.missing().collect(),
        decided: poll.decided.map(|(decision, _)| decision),
        closed: poll.closed_us.is_some(),
        refused: poll.refused,
    }
}
