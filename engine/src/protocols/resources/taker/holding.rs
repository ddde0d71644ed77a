//! The grants of an agent: it renews the leases by using, stops before they end, and gives back.

use super::asking::forget;
use super::{Course, Got, Return, TRIES_MAX, Taker};
use crate::protocol::contract::{Header, Outlet};
use crate::protocols::resources::Resources;
use crate::protocols::resources::demand::Hold;
use crate::protocols::resources::message::{ResourcesTalk, ResourcesTimer, Ticket};
use crate::protocols::resources::note::ResourcesNote;
use crate::protocols::resources::stock::ResourceId;

impl Taker {
    /// It says from time to time that it still waits and still uses.
    pub(super) fn keep_renewing(&mut self, out: &mut impl Outlet<Resources>) {
        if !core::mem::replace(&mut self.is_renewing, true) {
            out.set_timer(ResourcesTimer::Renew, self.rules().again_us());
        }
    }

    pub(super) fn renew(&mut self, out: &mut impl Outlet<Resources>) {
        self.is_renewing = false;
        let keeper = self.rules().keeper;
        let Some(course) = &mut self.course else { return };
        let waits = course.ask.as_ref().is_some_and(|ask| ask.is_heard);
        for got in &mut course.got {
            self.attempts += 1;
            got.sent.insert(self.attempts, out.now());
            let header = Header { instance: got.ticket, correlation: self.attempts };
            let Got { resource, number, .. } = *got;
            out.send(keeper, header, ResourcesTalk::Use { resource, number });
        }
        let holds = !course.got.is_empty();
        if waits {
            self.send_ask(out);
        }
        if waits || holds {
            self.keep_renewing(out);
        }
    }

    /// It uses a grant so long after it asked for it: it stops before the lease ends, by as much as clocks diverge.
    pub(super) fn use_us(&self) -> u64 {
        self.rules().lease_us.saturating_sub(self.rules().drift_us)
    }

    /// The lease of something that it has is longer now; whether it has it.
    pub(super) fn prolong(
        &mut self,
        ticket: Ticket,
        attempt: u32,
        out: &mut impl Outlet<Resources>,
    ) -> bool {
        let use_us = self.use_us();
        let got = self.course.iter_mut().flat_map(|course| &mut course.got);
        let Some(got) = got.into_iter().find(|got| got.ticket == ticket) else { return false };
        if let Some(sent_us) = got.sent.get(&attempt) {
            got.until_us = got.until_us.max(sent_us.after(use_us));
            forget(&mut got.sent, attempt);
            self.watch_the_time(out);
        }
        true
    }

    /// Sets the timer by which it stops using the first thing whose lease may end.
    pub(super) fn watch_the_time(&mut self, out: &mut impl Outlet<Resources>) {
        let got = self.course.iter().flat_map(|course| &course.got);
        match got.map(|got| got.until_us).min() {
            Some(until_us) => {
                out.set_timer(ResourcesTimer::Stop, until_us.since(out.now()).max(1));
            }
            None => out.cancel_timer(ResourcesTimer::Stop),
        }
    }

    /// Stops using all whose lease may have ended by now. It is called before anything else is done.
    pub fn stop_in_time(&mut self, out: &mut impl Outlet<Resources>) {
        let now_us = out.now();
        self.lose(|got| got.until_us <= now_us, out);
    }

    /// Some grants are lost, and with them the demand: it needs all at the same time.
    pub(super) fn lose(
        &mut self,
        is_lost: impl Fn(&Got) -> bool,
        out: &mut impl Outlet<Resources>,
    ) {
        let Some(course) = &mut self.course else { return };
        let mut is_any = false;
        for Got { amount, resource, .. } in course.got.iter().filter(|got| is_lost(got)) {
            is_any = true;
            out.note(ResourcesNote::Stopped { amount: *amount, resource: *resource });
        }
        if is_any {
            self.begin_anew(out);
        }
    }

    /// Gives back everything and calls off what it asks for.
    pub(super) fn leave(&mut self, out: &mut impl Outlet<Resources>) {
        let Some(course) = self.course.take() else { return };
        for timer in [ResourcesTimer::Again, ResourcesTimer::Next, ResourcesTimer::Hold] {
            out.cancel_timer(timer);
        }
        let gives = self.plans.current().map_or(0, |open| open.demand.gives.len() as u8);
        for step in 0..gives {
            out.cancel_timer(ResourcesTimer::Give { step });
        }
        for got in course.got {
            self.give_back_all(got.ticket, got.returns + 1, out);
        }
        if let Some(ask) = course.ask {
            self.give_back_all(ask.ticket, 1, out);
        }
        self.watch_the_time(out);
    }

    pub(super) fn give_back_all(
        &mut self,
        ticket: Ticket,
        nth: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        // This is more than any part of it that is on its way back.
        for it in self.returns.iter().filter(|it| it.ticket == ticket) {
            out.cancel_timer(ResourcesTimer::Return { ticket, nth: it.nth });
        }
        self.returns.retain(|it| it.ticket != ticket);
        self.send_back(Return { ticket, nth, amount: None, tries: 0 }, out);
    }

    fn send_back(&mut self, back: Return, out: &mut impl Outlet<Resources>) {
        let Return { ticket, nth, amount, .. } = back;
        let message = match amount {
            Some(amount) => ResourcesTalk::GiveBack { amount },
            None => ResourcesTalk::Done,
        };
        self.returns.push(back);
        out.send(self.rules().keeper, Header { instance: ticket, correlation: nth }, message);
        out.set_timer(ResourcesTimer::Return { ticket, nth }, self.rules().again_us());
    }

    /// A return was not answered. After so many tries the lease has ended by itself.
    pub(super) fn return_again(
        &mut self,
        ticket: Ticket,
        nth: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        let place = self.returns.iter().position(|it| (it.ticket, it.nth) == (ticket, nth));
        let Some(back) = place.map(|place| self.returns.remove(place)) else { return };
        if back.tries < TRIES_MAX {
            self.send_back(Return { tries: back.tries + 1, ..back }, out);
        }
    }

    pub(super) fn on_returned(
        &mut self,
        ticket: Ticket,
        nth: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        self.returns.retain(|it| (it.ticket, it.nth) != (ticket, nth));
        out.cancel_timer(ResourcesTimer::Return { ticket, nth });
    }

    /// The keeper says that it holds only so much: nothing has come back.
    pub(super) fn on_not_returned(
        &mut self,
        header: Header,
        held: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        let (ticket, nth) = (header.instance, header.correlation);
        self.on_returned(ticket, nth, out);
        let got = self.course.iter_mut().flat_map(|course| &mut course.got);
        if let Some(got) = got.into_iter().find(|got| got.ticket == ticket && got.returns == nth) {
            (got.amount, got.returns) = (got.amount.min(held), nth - 1);
        }
    }

    /// Gives back so much of what it has of a resource, and goes on with the rest.
    pub(super) fn give_part(
        &mut self,
        resource: ResourceId,
        amount: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        let Some(course) = &mut self.course else { return };
        let mut left = amount;
        let mut backs = Vec::new();
        for got in course.got.iter_mut().filter(|got| got.resource == resource) {
            let part = left.min(got.amount);
            if part == 0 {
                break;
            }
            left -= part;
            got.amount -= part;
            got.returns += 1;
            let amount = (got.amount > 0).then_some(part);
            backs.push(Return { ticket: got.ticket, nth: got.returns, amount, tries: 0 });
        }
        course.got.retain(|got| got.amount > 0);
        for back in backs {
            match back.amount {
                Some(_) => self.send_back(back, out),
                None => self.give_back_all(back.ticket, back.nth, out),
            }
        }
        self.watch_the_time(out);
    }

    /// A person has it give back so much. More than it holds is the keeper's to refuse.
    pub(super) fn release(
        &mut self,
        resource: ResourceId,
        amount: u32,
        out: &mut impl Outlet<Resources>,
    ) {
        let held = self.held(resource);
        if held == 0 {
            return out.note(ResourcesNote::HoldsNone { resource });
        }
        if amount > held {
            let got = self.course.iter_mut().flat_map(|course| &mut course.got);
            if let Some(got) = got.into_iter().find(|got| got.resource == resource) {
                got.returns += 1;
                let (ticket, nth) = (got.ticket, got.returns);
                self.send_back(Return { ticket, nth, amount: Some(amount), tries: 0 }, out);
            }
            return;
        }
        self.give_part(resource, amount, out);
        let is_empty = |course: &Course| course.got.is_empty() && course.ask.is_none();
        let holds_nothing = self.course.as_ref().is_some_and(is_empty);
        let by_hand = self.plans.current().is_some_and(|it| it.demand.hold == Hold::UntilReleased);
        if holds_nothing && by_hand {
            self.end(out);
        }
    }
}
