//! Deadlocks, found by those who wait: edge chasing in the AND model (Chandy, Misra & Haas 1983, *Distributed Deadlock Detection*).
//!
//! An agent that has waited for some time asks the holder of what it waits for; a holder that waits itself passes the question on. If
//! it comes back, its initiator waits for itself. That is only asked where a resource has one unit: there the holder is the one
//! that is waited for. Of all on a cycle only the youngest demand has its probe passed on all the way round, so that one agent finds
//! it, and the same one gives way.

use super::Taker;
use crate::protocol::contract::{Header, Outlet};
use crate::protocols::resources::Resources;
use crate::protocols::resources::message::{ResourcesTalk, Ticket};
use crate::protocols::resources::note::ResourcesNote;
use crate::protocols::resources::stock::{DeadlockPolicy, ResourceId};
use crate::sim::AgentId;

impl Taker {
    /// The ticket of its request that waits, the resource, and the holder of that.
    fn blocked(&self) -> Option<(Ticket, ResourceId, AgentId)> {
        let ask = self.course.as_ref()?.ask.as_ref()?;
        Some((ask.ticket, ask.take.resource, ask.holder?))
    }

    /// Asks along those who wait. The keeper has just said who holds what this agent waits for.
    pub(super) fn probe(&mut self, out: &mut impl Outlet<Resources>) {
        let order = self.course.as_ref().and_then(|course| course.order);
        let (Some((ticket, resource, holder)), Some(order)) = (self.blocked(), order) else {
            return;
        };
        // An agent that was down may wait for what it held before: that comes back by itself.
        if holder != out.id() {
            let header = Header { instance: ticket, correlation: self.attempts };
            out.send(holder, header, ResourcesTalk::Probe { initiator: out.id(), order, resource });
        }
    }

    pub(super) fn on_probe(
        &mut self,
        from: AgentId,
        header: Header,
        (initiator, order, resource): (AgentId, u32, ResourceId),
        out: &mut impl Outlet<Resources>,
    ) {
        let Some((ticket, own, holder)) = self.blocked() else { return };
        // The sender waits for this agent only if it holds what the sender waits for.
        if from == out.id() || self.held(resource) == 0 {
            return;
        }
        if initiator == out.id() {
            if header.instance == ticket {
                self.on_own_probe(own, out);
            }
            return;
        }
        let age = self.course.as_ref().and_then(|course| course.order);
        let question = (header.instance, header.correlation);
        let is_younger = age.is_some_and(|age| order > age);
        let was_passed = self.passed.get(&initiator).is_some_and(|it| *it >= question);
        if is_younger && !was_passed && holder != out.id() {
            self.passed.insert(initiator, question);
            let probe = ResourcesTalk::Probe { initiator, order, resource: own };
            out.send(holder, header, probe);
        }
    }

    /// The question has come back: this agent waits for itself.
    fn on_own_probe(&mut self, own: ResourceId, out: &mut impl Outlet<Resources>) {
        let ask = self.course.as_mut().and_then(|course| course.ask.as_mut());
        let Some(ask) = ask else { return };
        if !core::mem::replace(&mut ask.is_deadlocked, true) {
            out.note(ResourcesNote::Deadlock { resource: own });
        }
        if self.rules().policy == DeadlockPolicy::YoungestGivesWay {
            self.give_way(out);
        }
    }

    pub(super) fn give_way(&mut self, out: &mut impl Outlet<Resources>) {
        if let Some(demand) = self.plans.current().map(|open| open.number) {
            out.note(ResourcesNote::GaveWay { demand });
            self.begin_anew(out);
        }
    }
}
