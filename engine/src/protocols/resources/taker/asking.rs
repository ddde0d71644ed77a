//! A request, until it is granted: it is repeated until it is answered, and as long as it waits.

use super::{Ask, Got, TRIES_MAX, Taker};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::protocols::resources::Resources;
use crate::protocols::resources::demand::{PlansEntry, Take};
use crate::protocols::resources::message::{ResourcesTalk, ResourcesTimer, Ticket};
use crate::protocols::resources::note::GiveUp;
use crate::sim::{AgentId, LocalTime};

impl Taker {
    /// Asks under a new ticket.
    pub(super) fn ask(&mut self, take: Take, out: &mut impl Outlet<Resources>) {
        self.put(PlansEntry::Asked, out);
        let Some(course) = &mut self.course else { return };
        course.ask = Some(Ask {
            ticket: self.plans.tickets,
            take,
            since_us: out.now(),
            is_heard: false,
            is_deadlocked: false,
            holder: None,
            sent: Map::new(),
            tries: 0,
        });
        self.send_ask(out);
        out.set_timer(ResourcesTimer::Again, self.rules().again_us());
    }

    pub(super) fn send_ask(&mut self, out: &mut impl Outlet<Resources>) {
        let (keeper, run) = (self.rules().keeper, self.plans.runs);
        let priority = self.plans.current().map(|open| open.demand.priority);
        let ask = self.course.as_mut().and_then(|course| course.ask.as_mut());
        let (Some(ask), Some(priority)) = (ask, priority) else { return };
        self.attempts += 1;
        ask.sent.insert(self.attempts, out.now());
        let header = Header { instance: ask.ticket, correlation: self.attempts };
        let Take { resource, amount, .. } = ask.take;
        out.send(keeper, header, ResourcesTalk::Ask { resource, amount, priority, run });
    }

    /// The keeper has not answered yet.
    pub(super) fn ask_again(&mut self, out: &mut impl Outlet<Resources>) {
        let Some(ask) = self.course.as_mut().and_then(|course| course.ask.as_mut()) else { return };
        ask.tries += 1;
        if ask.tries >= TRIES_MAX {
            return self.give_up(GiveUp::NoAnswer, out);
        }
        self.send_ask(out);
        out.set_timer(ResourcesTimer::Again, self.rules().again_us());
    }

    /// The request that waits under this ticket.
    fn waiting(&mut self, ticket: Ticket) -> Option<&mut Ask> {
        let ask = self.course.as_mut()?.ask.as_mut()?;
        (ask.ticket == ticket).then_some(ask)
    }

    pub(super) fn on_queued(
        &mut self,
        header: Header,
        order: u32,
        holder: Option<AgentId>,
        out: &mut impl Outlet<Resources>,
    ) {
        let Some(ask) = self.waiting(header.instance) else { return };
        (ask.is_heard, ask.holder) = (true, holder);
        // A grant later answers this attempt, or a newer one.
        forget(&mut ask.sent, header.correlation.saturating_sub(1));
        let waited_us = out.now().since(ask.since_us);
        self.grow_old(order);
        out.cancel_timer(ResourcesTimer::Again);
        self.keep_renewing(out);
        if waited_us >= self.rules().patience_us() {
            self.probe(out);
        }
    }

    /// The age of a demand is that of its first request.
    fn grow_old(&mut self, order: u32) {
        if let Some(course) = &mut self.course {
            course.order = Some(course.order.map_or(order, |it| it.min(order)));
        }
    }

    /// The lease counts from when the attempt was sent that is answered, not from when the answer came.
    pub(super) fn on_granted(
        &mut self,
        header: Header,
        order: u32,
        number: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        let (ticket, attempt) = (header.instance, header.correlation);
        if self.prolong(ticket, attempt, out) {
            return;
        }
        let use_us = self.use_us();
        let Some(ask) = self.waiting(ticket) else {
            // It is for something that this agent no longer wants.
            let is_returning = self.returns.iter().any(|it| it.ticket == ticket);
            if !is_returning {
                self.give_back_all(ticket, 1, out);
            }
            return;
        };
        let sent_us = ask.sent.get(&attempt).copied();
        let until_us = sent_us.map(|sent_us| sent_us.after(use_us));
        // An answer that comes too late to be used is asked for again, which renews the lease.
        let Some(until_us) = until_us.filter(|until_us| *until_us > out.now()) else { return };
        let Take { resource, amount, .. } = ask.take;
        let mut sent = core::mem::take(&mut ask.sent);
        forget(&mut sent, attempt);
        if let Some(course) = &mut self.course {
            course.ask = None;
            course.taken += 1;
            course.got.push(Got { ticket, resource, amount, number, until_us, sent, returns: 0 });
        }
        self.grow_old(order);
        out.cancel_timer(ResourcesTimer::Again);
        self.keep_renewing(out);
        self.watch_the_time(out);
        self.advance(out);
    }

    /// Nothing is in the books under this ticket any more: a request is made anew, a grant is lost.
    pub(super) fn on_over(&mut self, ticket: Ticket, out: &mut impl Outlet<Resources>) {
        if let Some(ask) = self.waiting(ticket) {
            let take = ask.take;
            return self.ask(take, out);
        }
        self.lose(|got| got.ticket == ticket, out);
    }
}

/// Forgets attempts up to this.
pub(super) fn forget(sent: &mut Map<u32, LocalTime>, attempt: u32) {
    *sent = sent.iter().filter(|(it, _)| **it > attempt).map(|(it, us)| (*it, *us)).collect();
}
