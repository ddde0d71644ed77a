//! Everything about one agent at this instant, from its real state; made when someone asks.

use super::frame::fill::{coordinator_of, message_frame, timer_frame};
use super::frame::state::record;
use super::frame::{MessageFrame, TimerFrame};
use super::rooms::Rooms;
use super::run::Run;
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::byzantine::session::{Session, Voter};
use crate::coordination::consensus::choice::OptionId;
use crate::coordination::consensus::condition::{Finding, Value};
use crate::coordination::consensus::gossip::interest::Interest;
use crate::coordination::consensus::gossip::{self, Gossip};
use crate::coordination::consensus::manager::Poll;
use crate::coordination::consensus::mind::Mind;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::consensus::quorum::Decision;
use crate::coordination::state::record::Record;
use crate::coordination::state::replica::KeyId;
use crate::coordination::swarm::{Durable, Swarm};
use crate::scenario::build::SwarmSimulation;
use crate::sim::clock::LocalClock;
use crate::sim::counters::AgentCount;
use crate::sim::{AgentId, EventId, LocalTime, Process, Status, What};

/// Messages received that are told, the newest.
const RECEIVED_MAX: usize = 4;
/// How far back they are looked for.
const LOOK_BACK_EVENTS: u64 = 4_000;
/// Further back than this a state is not worth its replay.
pub(super) const REPLAY_MAX: u64 = 20_000;

/// Whether the coordinator has the agent in its roster.
#[must_use]
pub fn is_registered(simulation: &SwarmSimulation, agent: AgentId) -> bool {
    coordinator_of(simulation).is_some_and(|state| state.roster.contains_key(&agent))
}

/// An agent as it is.
#[derive(Clone, Debug)]
pub struct Inspection {
    pub agent: AgentId,
    pub status: Status,
    pub corrupted: bool,
    pub time_us: u64,
    pub clock: LocalClock,
    /// What its clock shows.
    pub local: LocalTime,
    pub lamport: u64,
    pub count: AgentCount,
    /// By the time they are due.
    pub timers: Vec<TimerFrame>,
    /// What waits while it is paused, oldest first.
    pub inbox: Vec<MessageFrame>,
    /// The events of its last messages, newest first.
    pub received: Vec<EventId>,
    pub node: Node,
    /// The rows of its protocols: a label and lines.
    pub rows: Vec<(&'static str, Vec<String>)>,
}

/// What it is, and knows.
#[derive(Clone, Debug)]
pub enum Node {
    Member {
        /// What its process knows; of a crashed agent what it had written down.
        known: Vec<Known>,
        /// What it would still know after a crash.
        durable: Vec<Known>,
    },
    Coordinator {
        registered: usize,
        polls: Vec<PollInspection>,
    },
}

/// What a member knows of one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub proposal: ProposalId,
    pub name: String,
    /// When it heard of it, on its own clock.
    pub heard_us: LocalTime,
    pub vote: Option<Vote>,
    /// Of a choice: the option its vote is for.
    pub option: Option<String>,
    pub outcome: Option<Decision>,
    /// Of a choice: the option that has won, as it has learned.
    pub winner: Option<String>,
    /// The fields its rule asks for, and what the proposal says.
    pub asked: Vec<(String, Option<String>)>,
    /// Its part in a Byzantine vote.
    pub rounds: Option<RoundsKnown>,
    /// Its part in a gossip.
    pub gossip: Option<GossipKnown>,
    /// What its rule says to that; `None` when it is no matter of fields.
    pub verdict: Option<Vote>,
}

/// How far a member has come in a Byzantine vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundsKnown {
    /// On its own clock; 0 before the first.
    pub round: u32,
    pub in_all: u32,
    /// Voters of whom it has accepted something, and those of them that it knows to lie.
    pub voters: u64,
    pub exposed: u64,
    /// It takes no part any more: it does not know what it missed in a crash.
    pub aside: bool,
}

/// How far a member has come in a gossip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GossipKnown {
    pub gossip: Gossip,
    /// On its own clock; 0 before the first.
    pub round: u32,
    /// FOR, AGAINST and ABSTAIN: the ballots it knows, of so many there can be; by majority those that
    /// answered in the last round that is over.
    pub counts: [u64; 3],
    pub electors: u32,
    /// The side it is on now.
    pub side: Option<Vote>,
    /// Whom it has talked with in this round; by majority those that have not answered.
    pub asked: Vec<AgentId>,
    /// Rounds on end that changed nothing for it.
    pub calm: u32,
    pub knows_all: bool,
    /// Whether it still tells what it knows, where a rule says so.
    pub interest: Interest,
    /// It has decided, and only answers.
    pub is_over: bool,
}

impl GossipKnown {
    fn new(session: &gossip::session::Session) -> Self {
        let rule = &session.call.proposal.algorithm.rule;
        let [in_favour, against] = session.last_sampled;
        let known = session.counts.map(u64::from);
        let by_majority = session.gossip.mode == gossip::Mode::Majority;
        Self {
            gossip: session.gossip,
            round: session.round,
            counts: if by_majority { [in_favour, against, 0] } else { known },
            electors: session.call.electorate.len() as u32,
            side: session.side(rule),
            asked: session.asked.clone(),
            calm: session.calm,
            knows_all: session.knows_all(),
            interest: session.interest,
            is_over: session.is_over,
        }
    }
}

impl RoundsKnown {
    fn new(session: &Session, agent: AgentId) -> Self {
        let count =
            |of: &dyn Fn((AgentId, &Voter)) -> bool| session.voters().filter(|it| of(*it)).count();
        Self {
            round: session.round,
            in_all: session.call.rounds.in_all(),
            voters: count(&|(_, voter)| voter.first.is_some()) as u64,
            exposed: count(&|(other, voter)| other != agent && voter.is_exposed()) as u64,
            aside: session.aside,
        }
    }
}

/// What the coordinator holds of one proposal.
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

    /// What an agent held of a key before and after the step in which this happened. `None` where it would
    /// take too long to find out.
    #[must_use]
    pub fn held_around(
        &self,
        event: EventId,
        agent: AgentId,
        key: KeyId,
    ) -> Option<[Option<Record>; 2]> {
        let after = self.state_after(event, REPLAY_MAX)?;
        let before = self.state_at(after.steps().checked_sub(1)?, REPLAY_MAX)?;
        let held = |simulation: &SwarmSimulation| {
            record(simulation.agents().nth(agent.index())?, key).cloned()
        };
        Some([held(&before), held(&after)])
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
    timers.sort_by_key(|timer| {
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
        inbox: slot.inbox.iter().map(message_frame).collect(),
        received: received.take(RECEIVED_MAX).map(|event| event.id).collect(),
        node: node(agent, (&slot.process, &slot.durable), slot.status),
        rows: Rooms {
            cast: run.cast(),
            simulation,
            now_us,
            has_ended: run.ended(),
            run: Some(run),
        }
        .inspect(agent),
    })
}

fn node(agent: AgentId, (process, durable): (&Swarm, &Durable), status: Status) -> Node {
    let is_gone = matches!(status, Status::Down | Status::Removed);
    // As it would be after a crash.
    let kept = <Swarm as Process>::new(agent, durable);
    let now = if is_gone { &kept } else { process };
    match now.counter() {
        None => Node::Member { known: all_known(agent, now), durable: all_known(agent, &kept) },
        Some(counter) => {
            let polls = counter.manager.polls().iter().map(poll);
            Node::Coordinator { registered: counter.roster.len(), polls: polls.collect() }
        }
    }
}

fn all_known(agent: AgentId, process: &Swarm) -> Vec<Known> {
    let mut known: Vec<Known> =
        process.hearings().filter_map(|(id, _)| one_known(agent, id, process)).collect();
    known.sort_by_key(|it| it.proposal);
    known
}

fn one_known(agent: AgentId, id: ProposalId, process: &Swarm) -> Option<Known> {
    let (hearing, mind) = (process.hearing(id)?, &process.profile()?.mind);
    let held = process.knowledge(id).map(|it| it.held).unwrap_or_default();
    let fields = &hearing.proposal.fields;
    let says = |name: &&str| {
        let value = fields.get(*name).map(|value| match value {
            Value::Text(text) => text.clone(),
            other => other.to_string(),
        });
        ((*name).to_owned(), value)
    };
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
    Some(Known {
        proposal: id,
        name: hearing.proposal.name.clone(),
        heard_us: hearing.heard_us,
        vote: hearing.vote.as_ref().map(|(vote, _)| *vote),
        option: held.own.and_then(named),
        outcome: hearing.outcome,
        rounds: process.byzantine_session(id).map(|session| RoundsKnown::new(session, agent)),
        gossip: process.gossip_session(id).map(GossipKnown::new),
        winner: held.winner.and_then(named),
        asked,
        verdict,
    })
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
