//! The keeper's durable books: who holds how much under which number and until when, and who waits for how much.

use std::sync::Arc;

use super::message::Ticket;
use super::stock::{ResourceId, Rules};
use crate::map::Map;
use crate::order::sort_by_key;
use crate::sim::{AgentId, LocalTime};

/// A request in the books: its agent, and the ticket that the agent gave it.
pub type ClaimId = (AgentId, Ticket);

/// A request that waits or is granted. Times are by the keeper's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub resource: ResourceId,
    /// The amount that it waits for, or still holds.
    pub amount: u32,
    pub priority: u8,
    /// The beginning of a demand to which it belongs, as its agent numbers them.
    pub run: u32,
    /// Its place among all requests, from 1.
    pub order: u32,
    pub asked_us: LocalTime,
    /// The last attempt that was heard of.
    pub attempt: u32,
    /// It lapses then, unless its agent is heard of again.
    pub until_us: LocalTime,
    pub standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Waits,
    /// It is lent under this number, and so many parts were given back.
    Holds {
        number: u32,
        returns: u32,
    },
}

impl Claim {
    #[must_use]
    pub fn waits(&self) -> bool {
        self.standing == Standing::Waits
    }

    /// The number under which it is lent.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match self.standing {
            Standing::Waits => None,
            Standing::Holds { number, .. } => Some(number),
        }
    }
}

/// The books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    pub rules: Arc<Rules>,
    pub claims: Map<ClaimId, Claim>,
    /// The newest ticket of each agent that was heard of: older ones that are not in the books are over.
    pub newest: Map<AgentId, Ticket>,
    /// Grants that lapsed, with their numbers: a use of them is late.
    pub lapsed: Map<ClaimId, u32>,
    /// The last number under which each resource was lent.
    pub numbers: Vec<u32>,
    /// How many requests there were so far.
    pub requests: u32,
}

/// One change of the books.
#[derive(Clone, Debug)]
pub enum BooksEntry {
    Asked {
        id: ClaimId,
        claim: Claim,
    },
    /// The agent was heard of: the claim stands until then.
    Heard {
        id: ClaimId,
        attempt: u32,
        until_us: LocalTime,
    },
    Granted {
        id: ClaimId,
        until_us: LocalTime,
    },
    /// A part came back.
    Returned {
        id: ClaimId,
        amount: u32,
    },
    /// The agent is done with it, or never comes to ask for it.
    Done {
        id: ClaimId,
    },
    /// Its time ran out.
    Lapsed {
        id: ClaimId,
    },
}

impl Books {
    #[must_use]
    pub fn new(rules: Arc<Rules>) -> Self {
        let numbers = vec![0; rules.stock.len()];
        Self {
            rules,
            claims: Map::new(),
            newest: Map::new(),
            lapsed: Map::new(),
            numbers,
            requests: 0,
        }
    }

    pub fn write(&mut self, entry: &BooksEntry) {
        match *entry {
            BooksEntry::Asked { id, claim } => {
                self.hear_of(id);
                self.requests = self.requests.max(claim.order);
                self.claims.insert(id, claim);
            }
            BooksEntry::Heard { id, attempt, until_us } => {
                if let Some(claim) = self.claims.get_mut(&id) {
                    claim.attempt = claim.attempt.max(attempt);
                    claim.until_us = claim.until_us.max(until_us);
                }
            }
            BooksEntry::Granted { id, until_us } => {
                let Some(claim) = self.claims.get_mut(&id) else { return };
                let number = &mut self.numbers[usize::from(claim.resource)];
                *number += 1;
                claim.until_us = until_us;
                claim.standing = Standing::Holds { number: *number, returns: 0 };
            }
            BooksEntry::Returned { id, amount } => {
                let Some(claim) = self.claims.get_mut(&id) else { return };
                claim.amount = claim.amount.saturating_sub(amount);
                if let Standing::Holds { returns, .. } = &mut claim.standing {
                    *returns += 1;
                }
                if claim.amount == 0 {
                    self.claims.remove(&id);
                }
            }
            BooksEntry::Done { id } => {
                self.hear_of(id);
                self.claims.remove(&id);
            }
            BooksEntry::Lapsed { id } => {
                if let Some(number) = self.claims.remove(&id).and_then(|claim| claim.number()) {
                    self.lapsed.insert(id, number);
                }
            }
        }
    }

    fn hear_of(&mut self, (agent, ticket): ClaimId) {
        let newest = self.newest.get(&agent).copied().unwrap_or_default();
        self.newest.insert(agent, newest.max(ticket));
    }

    /// Whether a request of this ticket was dealt with: what comes of it now is late.
    #[must_use]
    pub fn is_over(&self, id: ClaimId) -> bool {
        let newest = self.newest.get(&id.0).copied().unwrap_or_default();
        id.1 <= newest && !self.claims.contains_key(&id)
    }

    /// All that holds some of a resource.
    pub fn holding(&self, resource: ResourceId) -> impl Iterator<Item = (ClaimId, &Claim)> {
        let own = self.claims.iter().filter(move |(_, it)| it.resource == resource && !it.waits());
        own.map(|(id, claim)| (*id, claim))
    }

    /// The amount that is lent of a resource.
    #[must_use]
    pub fn granted(&self, resource: ResourceId) -> u64 {
        self.holding(resource).map(|(_, claim)| u64::from(claim.amount)).sum()
    }

    /// The amount that is left of a resource.
    #[must_use]
    pub fn free(&self, resource: ResourceId) -> u64 {
        u64::from(self.rules.capacity(resource)).saturating_sub(self.granted(resource))
    }

    /// All that waits for a resource, in the order in which it is served at this time: by priority, then arrival. Nothing
    /// overtakes the first, however little it asks for: the first would starve.
    #[must_use]
    pub fn queue(&self, resource: ResourceId, now_us: LocalTime) -> Vec<(ClaimId, Claim)> {
        let waits = self.claims.iter().filter(|(_, it)| it.resource == resource && it.waits());
        let mut queue: Vec<(ClaimId, Claim)> = waits.map(|(id, claim)| (*id, *claim)).collect();
        sort_by_key(&mut queue, |(_, claim)| {
            let priority = self.priority(claim, now_us);
            (u64::from(u8::MAX - priority), claim.order.into())
        });
        queue
    }

    /// The priority of a claim, with what it has risen by waiting.
    #[must_use]
    pub fn priority(&self, claim: &Claim, now_us: LocalTime) -> u8 {
        self.rules.aged(claim.priority, now_us.since(claim.asked_us))
    }

    /// The claim to be granted next: the first of a queue for which there is enough.
    #[must_use]
    pub fn next(&self, now_us: LocalTime) -> Option<(ClaimId, Claim)> {
        self.rules.resources().find_map(|(resource, _)| {
            let first = self.queue(resource, now_us).into_iter().next()?;
            (u64::from(first.1.amount) <= self.free(resource)).then_some(first)
        })
    }

    /// The claims whose time has run out.
    #[must_use]
    pub fn overdue(&self, now_us: LocalTime) -> Vec<(ClaimId, Claim)> {
        let overdue = self.claims.iter().filter(|(_, claim)| claim.until_us <= now_us);
        overdue.map(|(id, claim)| (*id, *claim)).collect()
    }

    /// When the first claim lapses.
    #[must_use]
    pub fn first_end_us(&self) -> Option<LocalTime> {
        self.claims.iter().map(|(_, claim)| claim.until_us).min()
    }

    /// The holder of a resource that has one unit.
    #[must_use]
    pub fn only_holder(&self, resource: ResourceId) -> Option<AgentId> {
        let is_single = self.rules.capacity(resource) == 1;
        let holder = self.holding(resource).next().map(|((agent, _), _)| agent);
        holder.filter(|_| is_single)
    }
}
