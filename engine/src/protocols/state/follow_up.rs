//! The follow-up of an approved proposal: the steps that an agent takes by itself, in which it writes and
//! synchronises. Its progress survives its crash, so that no step is done twice and none is left out.

use std::sync::Arc;

use super::crdt::Operation;
use super::holder::StateOrder;
use super::holder::{Holder, State};
use super::memory::StateEntry;
use super::replica::KeyId;
use super::talk::StateTimer;
use crate::common::consensus::decision_facts::DecisionFacts;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::millionths;
use crate::common::value::{SCALE, Value};
use crate::protocol::contract::Outlet;
use crate::protocols::state::note::StateNote;
use crate::sim::AgentId;

/// One agent's follow-up of one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// The proposal's name.
    pub proposal: Arc<str>,
    pub agent: AgentId,
    /// The time before each step.
    pub every_us: u64,
    pub steps: Vec<Step>,
    /// The names of all agents, for steps that write names.
    pub names: Arc<[Arc<str>]>,
}

/// The writes and orders of one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The facts about the decision that it writes, by key.
    pub facts: Vec<(KeyId, Fact)>,
    pub orders: Vec<StateOrder>,
}

/// A fact about an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The names of those who were FOR.
    Voters,
    /// The share FOR, from 0 to 1, cut to six decimals.
    Share,
    /// When it was decided by the coordinator's clock, in milliseconds.
    TimeMs,
}

impl Fact {
    /// All facts, with their names in files.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Voters, "voters"), (Self::Share, "share"), (Self::TimeMs, "time_ms")];

    /// As it is written; null where nothing was told.
    #[must_use]
    pub fn value(self, facts: &DecisionFacts, names: &[Arc<str>]) -> Value {
        match self {
            Self::Voters => {
                let name = |agent: &AgentId| names.get(agent.index()).cloned();
                Value::List(facts.voters.iter().filter_map(name).map(Value::Text).collect())
            }
            Self::Share => millionths(facts.in_favour, facts.whole)
                .try_into()
                .map_or(Value::Null, Value::Number),
            Self::TimeMs => Value::Number(facts.decided_us.0.saturating_mul(SCALE / 1_000)),
        }
    }
}

impl Holder {
    /// Takes up what an approval asks of it; after a crash, what is left of that.
    pub(super) fn follow_up(
        &mut self,
        (proposal, name): (ProposalId, &str),
        facts: Option<&Arc<DecisionFacts>>,
        out: &mut impl Outlet<State>,
    ) {
        let rules = self.rules.clone();
        for (number, plan) in (0..).zip(&rules.follow_ups) {
            if plan.agent != out.id() || *plan.proposal != *name {
                continue;
            }
            self.approved.insert(proposal, facts.cloned());
            let (before, left) = plan.steps.split_at(self.done(number).min(plan.steps.len()));
            if !left.is_empty() {
                let number = number as u32;
                out.set_timer(StateTimer::FollowUp { proposal, number }, plan.every_us);
            }
            // A crash has ended its questions, perhaps before it told the others.
            for order in before.last().into_iter().flat_map(|step| &step.orders) {
                if let StateOrder::Sync { .. } = order {
                    self.carry_out(order, out);
                }
            }
        }
    }

    /// The time for the next step has come.
    pub(super) fn on_follow_up(
        &mut self,
        (proposal, number): (ProposalId, u32),
        out: &mut impl Outlet<State>,
    ) {
        let rules = self.rules.clone();
        let place = number as usize;
        let Some(plan) = rules.follow_ups.get(place) else { return };
        let done = self.done(place);
        let Some(step) = plan.steps.get(done) else { return };
        self.done.resize(rules.follow_ups.len(), 0);
        self.done[place] += 1;
        out.persist(Box::new(StateEntry::FollowUps(self.done.clone())));
        let of = plan.steps.len();
        out.note(StateNote::FollowedUp { proposal, step: done as u16 + 1, of: of as u16 });
        let facts = self.approved.get(&proposal).cloned().flatten();
        let value =
            |fact: Fact| facts.as_ref().map_or(Value::Null, |it| fact.value(it, &plan.names));
        let written = step.facts.iter().map(|(key, fact)| (*key, Operation::Set(value(*fact))));
        let written: Vec<_> = written.collect();
        if !written.is_empty() {
            self.carry_out(&StateOrder::Write(written), out);
        }
        for order in &step.orders {
            self.carry_out(order, out);
        }
        if done + 1 < of {
            out.set_timer(StateTimer::FollowUp { proposal, number }, plan.every_us);
        }
    }
}
