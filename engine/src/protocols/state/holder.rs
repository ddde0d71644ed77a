//! An agent's part in holding the swarm's state: what it knows of the rules, its replica, and what it has
//! asked others.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::crdt::Operation;
use super::follow_up::FollowUp;
use super::memory::{HolderDurable, StateEntry};
use super::note::StateNote;
use super::of_work::{TaskMemory, WorkKeys};
use super::replica::{KeyId, KeyRule, Replica, Update};
use super::resolve::Strategy;
use super::session::{SyncRecord, SyncSession};
use super::strong::{Strong, StrongSession};
use super::talk::{ANTI_ENTROPY, StateTalk, StateTimer};
use crate::common::consensus::decision_facts::DecisionFacts;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::signal::{Signal, TaskName, TaskStep};
use crate::map::Map;
use crate::protocol::contract::{Header, Lies, Outlet, Protocol, Requested};
use crate::protocol::note::{Names, Thing};
use crate::sim::AgentId;

/// How the swarm keeps its state, the same for all agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRules {
    /// By [`KeyId`].
    pub keys: Vec<KeyRule>,
    /// How often each agent compares itself with a neighbour; never when 0.
    pub sync_interval_us: u64,
    /// The kind of the periodic synchronisation.
    pub sync_by: SyncKind,
    /// Whether a write is told to all neighbours at once.
    pub push: bool,
    /// How long an agent that asks waits for answers.
    pub timeout_us: u64,
    /// How many removals an agent remembers.
    pub horizon: usize,
    /// Whether what an agent holds survives its crash.
    pub durable: bool,
    /// How many members there are from the start: agents below this number are known to all.
    pub members: u32,
    /// The steps that agents take once a proposal is approved.
    pub follow_ups: Vec<FollowUp>,
    /// The keys that keep the swarm's work, if it is kept.
    pub work: Option<WorkKeys>,
}

/// A way to synchronise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SyncFile"))]
#[serde(rename_all = "snake_case")]
// Digests of runs hold the numbers.
pub enum SyncKind {
    /// Agents tell each other what the other lacks.
    #[default]
    Delta = 1,
    /// Agents tell each other everything.
    Full = 0,
    /// Agents tell each other only which versions there are.
    Query = 2,
}

impl SyncKind {
    /// As a file spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delta => "delta",
            Self::Full => "full",
            Self::Query => "query",
        }
    }
}

/// An order of a person or a scenario to an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateOrder {
    /// Several keys are written at once, and told in one message.
    Write(Vec<(KeyId, Operation)>),
    /// Tasks of these names are submitted in the same instant, and are in the queue from now on.
    Enqueue(Vec<Arc<str>>),
    /// A write to a strong key, conditional on its newest version being `expects`.
    StrongWrite {
        key: KeyId,
        operation: Operation,
        expects: u64,
    },
    /// A strong read: asks more than half.
    Read(KeyId),
    Clear(Vec<KeyId>),
    /// Synchronises with one agent, or with all; these keys, or all when none is named.
    Sync {
        kind: SyncKind,
        with: Option<AgentId>,
        keys: Vec<KeyId>,
    },
    SetStrategy {
        keys: Arc<[KeyId]>,
        strategy: Strategy,
        /// The number of the change, from 1: of two changes, an agent goes by the later one.
        change: u32,
    },
}

/// An agent's part in holding the state.
#[derive(Clone, Debug)]
pub struct Holder {
    pub rules: Arc<StateRules>,
    pub replica: Replica,
    pub strong: Map<KeyId, Strong>,
    /// Its open synchronisations, by correlation.
    pub sessions: Vec<SyncSession>,
    pub strong_sessions: Vec<StrongSession>,
    /// The last number it gave a question.
    pub correlation: u32,
    /// The agent with which it compares itself now, and the number of the comparison.
    pub comparing: Option<(AgentId, u32)>,
    /// Its finished synchronisations, the oldest first.
    pub syncs: Vec<SyncRecord>,
    /// Agents beyond [`StateRules::members`] that have said they are there.
    pub newcomers: Vec<AgentId>,
    /// Updates that name agents it does not know of yet.
    pub held: Vec<(AgentId, Arc<Update>)>,
    /// How many steps of each of [`StateRules::follow_ups`] it has done; none of those that are not there.
    pub done: Vec<u32>,
    /// The tasks it has and has done, where work is kept.
    pub tasks: TaskMemory,
    /// Whether a key of its work has changed since it last settled: the agent may have to mend it.
    pub is_unsettled: bool,
    /// The approved proposals that this agent follows up, with how they were approved.
    pub(super) approved: Map<ProposalId, Option<Arc<DecisionFacts>>>,
    /// The steps of its tasks in the handler that runs now.
    pub(super) moved: Vec<(TaskName, TaskStep)>,
    /// After a crash: the tasks that it still has.
    pub(super) left: Option<Arc<[Arc<str>]>>,
}

impl Holder {
    #[must_use]
    pub fn new(durable: &HolderDurable) -> Self {
        Self {
            rules: durable.rules.clone(),
            replica: durable.replica.clone(),
            strong: durable.strong.clone(),
            sessions: Vec::new(),
            strong_sessions: Vec::new(),
            correlation: 0,
            comparing: None,
            syncs: Vec::new(),
            newcomers: durable.newcomers.clone(),
            held: Vec::new(),
            done: durable.done.clone(),
            tasks: durable.tasks.clone(),
            is_unsettled: false,
            approved: Map::new(),
            moved: Vec::new(),
            left: None,
        }
    }

    /// How many steps of a follow-up it has done.
    #[must_use]
    pub fn done(&self, follow_up: usize) -> usize {
        self.done.get(follow_up).map_or(0, |done| *done as usize)
    }

    /// Whether it knows all the agents an update is about.
    #[must_use]
    pub fn knows_all_in(&self, update: &Update) -> bool {
        update.seen.iter().all(|(origin, _)| self.knows(origin.agent))
    }

    /// Whether it knows the agent. Members from the start have the first numbers; the coordinator, which
    /// holds nothing, has the next.
    #[must_use]
    pub fn knows(&self, agent: AgentId) -> bool {
        agent.0 < self.rules.members || self.newcomers.contains(&agent)
    }
}

/// An agent's part in holding the swarm's state, which few swarms do.
pub type State = Box<Holder>;

impl Protocol for State {
    type Message = StateTalk;
    type Timer = StateTimer;
    type Order = StateOrder;
    type Durable = Box<HolderDurable>;
    type Entry = Box<StateEntry>;
    type Note = StateNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &Box<HolderDurable>) -> Self {
        Self::new(Holder::new(durable))
    }

    fn write(durable: &mut Box<HolderDurable>, entry: &Box<StateEntry>) {
        durable.write(entry);
    }

    fn on_start(&mut self, out: &mut impl Outlet<Self>) {
        self.start(out);
    }

    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        self.restart(out);
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        talk: &StateTalk,
        out: &mut impl Outlet<Self>,
    ) {
        self.on_talk(from, header, talk, out);
    }

    fn on_timer(&mut self, timer: StateTimer, out: &mut impl Outlet<Self>) {
        match timer {
            StateTimer::AntiEntropy => self.on_anti_entropy(out),
            StateTimer::SyncDeadline(correlation) => self.on_sync_deadline(correlation, out),
            StateTimer::FollowUp { proposal, number } => self.on_follow_up((proposal, number), out),
        }
    }

    fn on_order(&mut self, order: &StateOrder, out: &mut impl Outlet<Self>) {
        self.carry_out(order, out);
    }

    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        match signal {
            Signal::Decided { id, proposal, decision: Decision::Approved, facts } => {
                self.follow_up((*id, &proposal.name), facts.as_ref(), out);
            }
            Signal::TaskMoved { task, step } if self.rules.work.is_some() => {
                self.moved.push((task.clone(), *step));
            }
            Signal::TasksLeft(left) => self.left = Some(left.clone()),
            _ => {}
        }
    }

    fn on_settled(&mut self, out: &mut impl Outlet<Self>) {
        self.settle(out);
    }

    fn is_housekeeping(timer: StateTimer) -> bool {
        timer == StateTimer::AntiEntropy
    }

    fn is_housekeeping_message(header: Header, _: &StateTalk) -> bool {
        header.correlation >= ANTI_ENTROPY
    }
}

impl Requested for StateOrder {
    fn kind(&self) -> Option<&'static str> {
        Some(match self {
            // It goes with the submission of a task.
            Self::Enqueue(_) => return None,
            Self::Write(_) | Self::StrongWrite { .. } => "write",
            Self::Read(_) => "read",
            Self::Clear(_) => "clear",
            Self::Sync { .. } => "sync",
            Self::SetStrategy { .. } => "strategy",
        })
    }

    fn about(&self, names: &dyn Names) -> String {
        let name = |key: &KeyId| names.thing(AgentId(0), Thing::new("key", key.0));
        let all = |keys: &[KeyId]| keys.iter().map(name).collect::<Vec<_>>().join(", ");
        match self {
            Self::Enqueue(_) => String::new(),
            Self::Write(writes) => {
                writes.iter().map(|(key, _)| name(key)).collect::<Vec<_>>().join(", ")
            }
            Self::StrongWrite { key, .. } | Self::Read(key) => name(key),
            Self::Clear(keys) | Self::Sync { keys, .. } => all(keys),
            Self::SetStrategy { keys, .. } => all(keys),
        }
    }
}

impl Lies for State {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
