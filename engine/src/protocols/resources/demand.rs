//! Demands: what an agent takes one after the other, holds together and gives back; and the agent's durable list of them.

use std::sync::Arc;

use super::message::Ticket;
use super::stock::{DeadlockPolicy, ResourceId, Rules};
use crate::order::sort_by_key;

/// One thing that a demand takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    pub resource: ResourceId,
    pub amount: u32,
    /// It is asked for so long after the take before it was granted.
    pub after_us: u64,
}

/// A part that is given back while the rest is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Give {
    pub resource: ResourceId,
    pub amount: u32,
    /// So long after everything was there.
    pub after_us: u64,
}

/// How long a demand holds what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// From when everything was there.
    For(u64),
    /// Until a person has it given back.
    UntilReleased,
}

/// A demand of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    pub priority: u8,
    pub takes: Vec<Take>,
    pub gives: Vec<Give>,
    pub hold: Hold,
}

impl Demand {
    /// How much of a resource it takes in all.
    #[must_use]
    pub fn amount(&self, resource: ResourceId) -> u64 {
        let own = self.takes.iter().filter(|take| take.resource == resource);
        own.map(|take| u64::from(take.amount)).sum()
    }

    /// How much it takes of everything.
    #[must_use]
    pub fn whole(&self) -> u64 {
        self.takes.iter().map(|take| u64::from(take.amount)).sum()
    }

    /// The same demand as an agent carries it out: in the order of the stock where the policy says so.
    #[must_use]
    pub fn under(mut self, policy: DeadlockPolicy) -> Self {
        if policy == DeadlockPolicy::Ordered {
            sort_by_key(&mut self.takes, |take| (take.resource.into(), 0));
        }
        self
    }

    /// Whether a person can have it take this too: it must fit beside the rest, and keep the order.
    #[must_use]
    pub fn has_room_for(&self, take: Take, rules: &Rules) -> bool {
        let fits = self.amount(take.resource) + u64::from(take.amount)
            <= u64::from(rules.capacity(take.resource));
        let is_next = self.takes.iter().all(|it| it.resource < take.resource);
        let in_order = rules.policy != DeadlockPolicy::Ordered || is_next;
        self.hold == Hold::UntilReleased && self.takes.len() < TAKES_MAX && fits && in_order
    }
}

/// A demand takes and gives at most so many things.
pub const TAKES_MAX: usize = 32;

/// A demand that is not over yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDemand {
    /// The place among the demands of its agent, from 0.
    pub number: u32,
    pub demand: Arc<Demand>,
    /// How often it was begun.
    pub beginnings: u8,
}

/// The durable list of an agent. The first demand is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plans {
    pub rules: Arc<Rules>,
    pub open: Vec<OpenDemand>,
    /// How many demands have come so far.
    pub came: u32,
    /// How many requests were made so far.
    pub tickets: Ticket,
    /// How often a demand was begun so far.
    pub runs: u32,
}

/// One change of the list.
#[derive(Clone, Debug)]
pub enum PlansEntry {
    Came(Arc<Demand>),
    /// A person has the last demand take this too.
    Added(Take),
    Begun,
    Asked,
    Ended,
}

impl Plans {
    #[must_use]
    pub fn new(rules: Arc<Rules>) -> Self {
        Self { rules, open: Vec::new(), came: 0, tickets: 0, runs: 0 }
    }

    pub fn write(&mut self, entry: &PlansEntry) {
        match entry {
            PlansEntry::Came(demand) => {
                let demand = demand.clone();
                self.open.push(OpenDemand { number: self.came, demand, beginnings: 0 });
                self.came += 1;
            }
            PlansEntry::Added(take) => {
                if let Some(last) = self.open.last_mut() {
                    Arc::make_mut(&mut last.demand).takes.push(*take);
                }
            }
            PlansEntry::Begun => {
                self.runs += 1;
                if let Some(first) = self.open.first_mut() {
                    first.beginnings = first.beginnings.saturating_add(1);
                }
            }
            PlansEntry::Asked => self.tickets += 1,
            PlansEntry::Ended => {
                if !self.open.is_empty() {
                    self.open.remove(0);
                }
            }
        }
    }

    /// The demand that is under way.
    #[must_use]
    pub fn current(&self) -> Option<&OpenDemand> {
        self.open.first()
    }
}
