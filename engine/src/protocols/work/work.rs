//! Work that a swarm shares out: who does what, and how well it went. First the rules, as pure functions
//! and types (W1–W5, W8, W11, W12).
//!
//! - [`task`]: what is to be done, and its parts
//! - [`assess`]: what an agent checks of itself before it says that it can help
//! - [`score`]: how suitable it is, in parts that a screen can show
//! - [`team`]: who does it together
//! - [`synthesis`]: what the parts come to, [`aggregate`]: what a manager makes of them
//! - [`reputation`]: what outcomes do to an agent's standing
//!
//! And then the protocol:
//!
//! - [`talk`]: what is said
//! - [`board`], `bids`, `results`: who shares it out, to whom, and what becomes of it; [`assign`] and `dispatch`: by a
//!   rule instead of bids; `arbitrate`: how many at once, and which makes way, by a [`pause`]; [`rebalance`]: which parts go elsewhere; [`job`]: a task
//!   there, `queue`: which is next, `order`: what comes before what; [`questions`]: what agents ask each other
//! - [`role`]: an agent's part in all that, as a protocol
//! - [`worker`]: an agent at work, [`taken`]: what it has taken, `manager`: one that has others work for it, and [`account`]: what it tells of them
//! - [`watch`]: what must hold of all that; [`carried`]: what workers carry meanwhile, [`utilisation`]: of what they can
//!
//! And its input:
//!
//! - [`section`]: the section of a scenario, and how an agent of it works, with the rules of both; [`intervention`]: what can be
//!   done to it, `plan`: the orders that carry that out; `settings`: what can be set
//! - `room`: all of that as the rest of the house asks for it
//!
//! And its output:
//!
//! - [`boards`]: who holds which tasks at one instant; [`overview`]: the one that is looked at; [`standing`]: a task in a word
//! - [`report`]: the outcome, for machines; [`metrics`]: the same in sums
//! - [`panel`]: the same for people; `face` and `inspect`: one agent; `caption` and `why`: one event; [`known`]: names
//! - `acts`: what a page offers to do to an agent at work

pub mod account;
mod acts;
pub mod aggregate;
mod arbitrate;
pub mod assess;
pub mod assign;
mod bids;
pub mod board;
pub mod boards;
mod caption;
pub mod carried;
pub mod dispatch;
mod face;
mod forms;
mod inspect;
pub mod intervention;
pub mod job;
pub mod known;
#[cfg(test)]
mod letters;
mod manager;
pub mod metrics;
pub mod note;
mod order;
pub mod overview;
pub mod panel;
pub mod pause;
mod plan;
pub mod questions;
mod queue;
pub mod rebalance;
pub mod report;
pub mod reputation;
mod results;
pub mod role;
mod room;
pub mod score;
pub mod section;
mod settings;
mod shown;
pub mod standing;
pub mod synthesis;
pub mod taken;
pub mod talk;
pub mod task;
pub mod team;
#[cfg(test)]
mod tests;
pub mod utilisation;
pub mod watch;
mod why;
pub mod worker;

use std::sync::Arc;

use self::assign::{Assign, Weights};
use self::questions::{Need, QuestionId};
use self::score::Policy;
use self::task::Task;
use self::worker::steal::Stealing;
use crate::common::value::Value;
use crate::map::Map;
use crate::sim::AgentId;

/// How the swarm shares out work, the same for all agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRules {
    /// How agents are found for tasks at the start.
    pub assign: Assign,
    /// The weights of the adaptive rule.
    pub weights: Weights,
    /// A response time counts half after so long.
    pub half_life_us: u64,
    pub policy: Policy,
    /// How long bids are waited for.
    pub bid_window_us: u64,
    /// How long an agent has for what it was awarded; what comes later does not count.
    pub lease_us: u64,
    /// How many tasks run at once at most, 1 to 10 000; `None` for as many as find agents.
    pub limit: Option<u32>,
    /// Whether a running task makes way for one of a strictly higher priority that waits.
    pub preempts: bool,
    /// Whether idle agents ask others for work that waits there.
    pub steals: Option<Stealing>,
    /// How often a part is tried, 1 to 10.
    pub attempts: u32,
    /// How often an agent reports while it works on a part, 0 to 100.
    pub progress: u32,
    /// The agent that assigns to its workers (W11); without one the coordinator asks everyone for bids.
    pub manager: Option<AgentId>,
    /// All who are managers, with their workers: those right below them in the tree.
    pub workers: Vec<(AgentId, Vec<AgentId>)>,
    /// The keys that agents ask each other for, in order.
    pub questions: Vec<Arc<str>>,
    /// How long an answer is waited for.
    pub answer_us: u64,
}

impl Default for WorkRules {
    fn default() -> Self {
        Self {
            assign: Assign::default(),
            weights: Weights::default(),
            half_life_us: 2_000_000,
            policy: Policy::BALANCED,
            bid_window_us: 100_000,
            lease_us: 5_000_000,
            limit: None,
            preempts: false,
            steals: None,
            attempts: 3,
            progress: 4,
            manager: None,
            workers: Vec::new(),
            questions: Vec::new(),
            answer_us: 1_000_000,
        }
    }
}

impl WorkRules {
    /// The agents that it assigns to; none when it is no manager.
    #[must_use]
    pub fn workers_of(&self, manager: AgentId) -> &[AgentId] {
        let found = self.workers.iter().find(|(agent, _)| *agent == manager);
        found.map_or(&[], |(_, workers)| workers)
    }

    /// The manager that the agent stands below, if there is one.
    #[must_use]
    pub fn manager_of(&self, agent: AgentId) -> Option<AgentId> {
        let mut managers = self.workers.iter().map(|(manager, _)| *manager);
        managers.find(|it| self.manages(*it) && self.workers_of(*it).contains(&agent))
    }

    /// Whether the agent has others work for it.
    #[must_use]
    pub fn manages(&self, agent: AgentId) -> bool {
        self.manager.is_some() && !self.workers_of(agent).is_empty()
    }

    /// The manager whose board the agent is at: its own, or that of the manager it stands below; nothing where that is the
    /// coordinator's.
    #[must_use]
    pub fn board_over(&self, agent: AgentId) -> Option<AgentId> {
        if self.manages(agent) { Some(agent) } else { self.manager_of(agent) }
    }

    /// The key that agents ask for by this number.
    #[must_use]
    pub fn asked_for(&self, question: QuestionId) -> &str {
        self.questions.get(usize::from(question)).map_or("something", |key| key)
    }

    /// How long the agent has for what it was awarded. A manager has as long as its workers need for all
    /// their attempts, and once more to ask them.
    #[must_use]
    pub fn lease_of(&self, agent: AgentId) -> u64 {
        if !self.manages(agent) {
            return self.lease_us;
        }
        let workers = self.workers_of(agent).iter();
        let longest_us = workers.map(|it| self.lease_of(*it)).max().unwrap_or(self.lease_us);
        longest_us.saturating_mul(u64::from(self.attempts) + 1)
    }
}

/// Something in the data of what an agent has done: of a part about this skill or of all, under a key.
pub type Gift = (Option<Arc<str>>, Arc<str>, Value);

/// How an agent works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkStyle {
    /// In thousandths of the normal speed, 1 to 1 000 000.
    pub speed_milli: u32,
    /// How often it fails, in parts per million.
    pub fails_ppm: u32,
    /// Its results' quality, least and most, 0 to 100.
    pub quality: (u8, u8),
    pub healthy: bool,
    /// How long it takes for a part of this skill at normal speed, instead of what the task says.
    pub takes_us: Map<Arc<str>, u64>,
    /// The data of its results.
    pub gives: Vec<Gift>,
    /// Values that it tells others who ask, at the start.
    pub knows: Map<Arc<str>, Value>,
    /// Values that it needs itself.
    pub needs: Vec<Need>,
    pub is_manager: bool,
    /// How much more than others it gets of a rule that weighs, 1 to 1000.
    pub weight: u32,
}

impl Default for WorkStyle {
    fn default() -> Self {
        Self {
            speed_milli: 1_000,
            fails_ppm: 0,
            quality: (85, 95),
            healthy: true,
            takes_us: Map::new(),
            gives: Vec::new(),
            knows: Map::new(),
            needs: Vec::new(),
            is_manager: false,
            weight: 1,
        }
    }
}

/// An order of a person or a scenario about the work, to the coordinator; [`Self::SetWork`] is to the agent itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkOrder {
    Submit(Arc<Task>),
    SetWork(WorkChange),
    SetPolicy(Policy),
    SetAssign(Assign),
    /// Parts that wait at agents go to others, until none carries so many units of work more than another.
    Rebalance {
        spread: u32,
    },
}

/// A change of what an agent can do; what is not there stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkChange {
    pub speed_milli: Option<u32>,
    pub fails_ppm: Option<u32>,
    pub healthy: Option<bool>,
    pub skills: Option<Vec<Arc<str>>>,
    pub capacity: Option<u32>,
    /// Values that it tells others who ask, from now on.
    pub knows: Vec<(Arc<str>, Value)>,
}
