//! What an agent does by itself once a proposal is approved, step by step: it writes, and synchronises. How far
//! it has come survives its crash, so that no step is done twice and none is left out.

use std::sync::Arc;

use super::crdt::Operation;
use super::holder::StateOrder;
use super::memory::StateEntry;
use super::replica::KeyId;
use super::value::{SCALE, Value};
use crate::coordination::agent::Member;
use crate::coordination::consensus::facts::DecisionFacts;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::consensus::quorum::{Decision, millionths};
use crate::coordination::state::note::StateNote;
use crate::coordination::swarm::{Entry, Swarm, Timer};
use crate::sim::{AgentId, Outbox};

/// What one agent does after the approval of one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// The proposal's name.
    pub proposal: Arc<str>,
    pub agent: AgentId,
    /// The time before each step.
    pub every_us: u64,
    pub steps: Vec<Step>,
    /// What agents are called, where a step writes that.
    pub names: Arc<[Arc<str>]>,
}

/// What it does at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it writes of the decision itself.
    pub facts: Vec<(KeyId, Fact)>,
    pub orders: Vec<StateOrder>,
}

/// Something about an approval.
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
    /// With their names in files.
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

impl Member {
    /// Takes up what this outcome asks of it; after a crash, what is left of that.
    pub fn follow_up(&mut self, proposal: ProposalId, out: &mut Outbox<'_, Swarm>) {
        let (Some(knowledge), Some(holder)) = (self.known.get(&proposal), &self.state) else {
            return;
        };
        if knowledge.outcome != Some(Decision::Approved) {
            return;
        }
        let (name, rules) = (knowledge.proposal.clone(), holder.rules.clone());
        for (number, plan) in (0..).zip(&rules.follow_ups) {
            let Some(holder) = &self.state else { return };
            if plan.agent != out.id() || *plan.proposal != *name.name {
                continue;
            }
            let (before, left) = plan.steps.split_at(holder.done(number).min(plan.steps.len()));
            if !left.is_empty() {
                let number = number as u32;
                out.set_timer(Timer::FollowUp { proposal, number }, plan.every_us);
            }
            // A crash has ended its questions, perhaps before it told the others.
            for order in before.last().into_iter().flat_map(|step| &step.orders) {
                if let StateOrder::Sync { .. } = order {
                    self.on_state_order(order, out);
                }
            }
        }
    }

    /// The time for the next step has come.
    pub fn on_follow_up(
        &mut self,
        (proposal, number): (ProposalId, u32),
        out: &mut Outbox<'_, Swarm>,
    ) {
        let Some(holder) = &mut self.state else { return };
        let rules = holder.rules.clone();
        let place = number as usize;
        let Some(plan) = rules.follow_ups.get(place) else { return };
        let done = holder.done(place);
        let Some(step) = plan.steps.get(done) else { return };
        holder.done.resize(rules.follow_ups.len(), 0);
        holder.done[place] += 1;
        out.persist(Entry::State(Box::new(StateEntry::FollowUps(holder.done.clone()))));
        let of = plan.steps.len();
        out.note(StateNote::FollowedUp { proposal, step: done as u16 + 1, of: of as u16 });
        let facts = self.known.get(&proposal).and_then(|it| it.facts.clone());
        let value =
            |fact: Fact| facts.as_ref().map_or(Value::Null, |it| fact.value(it, &plan.names));
        let written = step.facts.iter().map(|(key, fact)| (*key, Operation::Set(value(*fact))));
        let written: Vec<_> = written.collect();
        if !written.is_empty() {
            self.on_state_order(&StateOrder::Write(written), out);
        }
        for order in &step.orders {
            self.on_state_order(order, out);
        }
        if done + 1 < of {
            out.set_timer(Timer::FollowUp { proposal, number }, plan.every_us);
        }
    }
}
