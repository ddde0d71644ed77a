//! The keeper: it lends the stock by its books, and writes down each change before it tells of it. Every request may come more than
//! once, and in another order than it was sent: the ticket says what was dealt with.

use std::collections::BTreeSet;

use super::books::{Books, BooksEntry, Claim, ClaimId, Standing};
use super::message::{ResourcesTalk, ResourcesTimer};
use super::note::ResourcesNote;
use super::reduction::{deadlocked, youngest};
use super::stock::DeadlockPolicy;
use super::{Resources, ResourcesEntry};
use crate::protocol::contract::{Header, Outlet};
use crate::sim::AgentId;

/// An agent that lends the stock.
#[derive(Clone, Debug)]
pub struct Keeper {
    pub books: Books,
    /// The agents that it has said may wait for each other.
    pub told: BTreeSet<AgentId>,
    /// Whether it will look for such.
    pub is_looking: bool,
}

impl Keeper {
    #[must_use]
    pub fn new(books: Books) -> Self {
        Self { books, told: BTreeSet::new(), is_looking: false }
    }

    /// Writes down an entry, here and in what survives.
    fn put(&mut self, entry: BooksEntry, out: &mut impl Outlet<Resources>) {
        self.books.write(&entry);
        out.persist(ResourcesEntry::Books(entry));
    }

    /// Brings the books up to date, after each input: what has lapsed is free, and whoever is next is served.
    pub fn settle(&mut self, out: &mut impl Outlet<Resources>) {
        self.expire(out);
        while let Some((id, claim)) = self.books.next(out.now()) {
            let until_us = out.now().after(self.books.rules.lease_us);
            self.put(BooksEntry::Granted { id, until_us }, out);
            let number = self.books.numbers[usize::from(claim.resource)];
            let (resource, amount) = (claim.resource, claim.amount);
            out.note(ResourcesNote::Granted { agent: id.0, amount, resource });
            let header = Header { instance: id.1, correlation: claim.attempt };
            out.send(id.0, header, ResourcesTalk::Granted { order: claim.order, number });
        }
        match self.books.first_end_us() {
            Some(end_us) => {
                out.set_timer(ResourcesTimer::LeaseEnd, end_us.since(out.now()).max(1));
            }
            None => out.cancel_timer(ResourcesTimer::LeaseEnd),
        }
        let anybody_waits = self.books.claims.iter().any(|(_, claim)| claim.waits());
        if anybody_waits && !self.is_looking {
            self.is_looking = true;
            out.set_timer(ResourcesTimer::Look, self.books.rules.patience_us().max(1));
        }
    }

    fn expire(&mut self, out: &mut impl Outlet<Resources>) {
        for (id, claim) in self.books.overdue(out.now()) {
            self.put(BooksEntry::Lapsed { id }, out);
            let (agent, amount, resource) = (id.0, claim.amount, claim.resource);
            out.note(match claim.standing {
                Standing::Waits => ResourcesNote::Forgotten { agent, amount, resource },
                Standing::Holds { .. } => ResourcesNote::Lapsed { agent, amount, resource },
            });
        }
    }

    /// A message of an agent. The books are up to date before and after.
    pub fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &ResourcesTalk,
        out: &mut impl Outlet<Resources>,
    ) {
        self.expire(out);
        let id = (from, header.instance);
        match *message {
            ResourcesTalk::Ask { resource, amount, priority, run } => {
                if amount == 0 || amount > self.books.rules.capacity(resource) {
                    return out.refuse(from);
                }
                let asked_us = out.now();
                let claim = Claim {
                    resource,
                    amount,
                    priority,
                    run,
                    order: self.books.requests + 1,
                    asked_us,
                    attempt: header.correlation,
                    until_us: asked_us.after(self.books.rules.lease_us),
                    standing: Standing::Waits,
                };
                self.on_ask(id, claim, out);
            }
            ResourcesTalk::Use { resource, number } => {
                self.on_use(id, header, (resource, number), out)
            }
            ResourcesTalk::GiveBack { amount } => self.on_give_back(id, header, amount, out),
            ResourcesTalk::Done => self.on_done(id, header, out),
            _ => return out.refuse(from),
        }
        self.settle(out);
    }

    /// A request, perhaps not for the first time: then it says that its agent still waits, or did not hear of its grant.
    fn on_ask(&mut self, id: ClaimId, asked: Claim, out: &mut impl Outlet<Resources>) {
        let (until_us, attempt) = (asked.until_us, asked.attempt);
        if self.books.is_over(id) {
            return out.send(id.0, answer(id, attempt), ResourcesTalk::Over);
        }
        if self.books.claims.contains_key(&id) {
            self.put(BooksEntry::Heard { id, attempt, until_us }, out);
        } else {
            // An agent asks for one thing after the other: what it asked for before it no longer waits for.
            let older =
                self.books.claims.iter().filter(|(it, claim)| it.0 == id.0 && claim.waits());
            let older: Vec<ClaimId> = older.map(|(it, _)| *it).collect();
            for id in older {
                self.put(BooksEntry::Done { id }, out);
            }
            self.put(BooksEntry::Asked { id, claim: asked }, out);
            self.settle(out);
            if self.books.claims.get(&id).is_some_and(Claim::waits) {
                let (amount, resource) = (asked.amount, asked.resource);
                out.note(ResourcesNote::Waits { agent: id.0, amount, resource });
            } else {
                return;
            }
        }
        self.answer(id, attempt, out);
    }

    /// Tells an agent how its request stands.
    fn answer(&self, id: ClaimId, attempt: u32, out: &mut impl Outlet<Resources>) {
        let Some(claim) = self.books.claims.get(&id) else { return };
        let order = claim.order;
        let message = match claim.standing {
            Standing::Waits => {
                let holder = self.books.only_holder(claim.resource);
                ResourcesTalk::Queued { order, holder }
            }
            Standing::Holds { number, .. } => ResourcesTalk::Granted { order, number },
        };
        out.send(id.0, answer(id, attempt), message);
    }

    /// A use renews the lease. One after the lease is refused and told; one that was overtaken by its return is only answered.
    fn on_use(
        &mut self,
        id: ClaimId,
        header: Header,
        (resource, number): (u16, u32),
        out: &mut impl Outlet<Resources>,
    ) {
        let attempt = header.correlation;
        let claim = self.books.claims.get(&id);
        if claim.and_then(Claim::number) == Some(number) {
            let until_us = out.now().after(self.books.rules.lease_us);
            self.put(BooksEntry::Heard { id, attempt, until_us }, out);
            return out.send(id.0, answer(id, attempt), ResourcesTalk::Renewed);
        }
        if self.books.lapsed.get(&id) == Some(&number) {
            out.note(ResourcesNote::LateUse { agent: id.0, number, resource });
        }
        out.send(id.0, answer(id, attempt), ResourcesTalk::Over);
    }

    fn on_give_back(
        &mut self,
        id: ClaimId,
        header: Header,
        amount: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        let (agent, nth) = (id.0, header.correlation);
        let back = answer(id, nth);
        let Some(claim) = self.books.claims.get(&id).copied() else {
            return out.send(agent, back, ResourcesTalk::Returned);
        };
        let Standing::Holds { returns, .. } = claim.standing else { return out.refuse(agent) };
        if nth <= returns {
            return out.send(agent, back, ResourcesTalk::Returned);
        }
        // It has overtaken the one before, which is repeated, and so is it.
        if nth > returns + 1 {
            return;
        }
        let (resource, held) = (claim.resource, claim.amount);
        if amount > held {
            out.note(ResourcesNote::ReturnRefused { agent, amount, resource });
            return out.send(agent, back, ResourcesTalk::NotReturned { held });
        }
        self.put(BooksEntry::Returned { id, amount }, out);
        out.note(ResourcesNote::Returned { agent, amount, resource });
        out.send(agent, back, ResourcesTalk::Returned);
    }

    fn on_done(&mut self, id: ClaimId, header: Header, out: &mut impl Outlet<Resources>) {
        let claim = self.books.claims.get(&id).copied();
        self.put(BooksEntry::Done { id }, out);
        if let Some(Claim { amount, resource, standing, .. }) = claim {
            let agent = id.0;
            out.note(match standing {
                Standing::Waits => ResourcesNote::Withdrawn { agent, amount, resource },
                Standing::Holds { .. } => ResourcesNote::Returned { agent, amount, resource },
            });
        }
        out.send(id.0, answer(id, header.correlation), ResourcesTalk::Returned);
    }

    pub fn on_timer(&mut self, timer: ResourcesTimer, out: &mut impl Outlet<Resources>) {
        if timer == ResourcesTimer::Look {
            self.is_looking = false;
            self.look(out);
        }
        self.settle(out);
    }

    /// Says once who may wait for each other, where a probe cannot: where a resource has several units.
    fn look(&mut self, out: &mut impl Outlet<Resources>) {
        let stuck = deadlocked(&self.books, out.now());
        let rules = &self.books.rules;
        let several = self.books.claims.iter().any(|((agent, _), claim)| {
            claim.waits() && stuck.contains(agent) && rules.capacity(claim.resource) > 1
        });
        if several && stuck != self.told {
            out.note(ResourcesNote::PossibleDeadlock { agents: stuck.len() as u32 });
        }
        if several && rules.policy == DeadlockPolicy::YoungestGivesWay {
            self.ask_to_give_way(out);
        }
        self.told = if several { stuck } else { BTreeSet::new() };
    }

    /// The youngest demand among those that wait for each other is to give way. It is said again as long as they do.
    fn ask_to_give_way(&self, out: &mut impl Outlet<Resources>) {
        if let Some((id, claim)) = youngest(&self.books, out.now()) {
            out.send(id.0, Header::about(id.1), ResourcesTalk::GiveWay { run: claim.run });
        }
    }
}

/// The header of an answer about this request.
fn answer(id: ClaimId, correlation: u32) -> Header {
    Header { instance: id.1, correlation }
}
