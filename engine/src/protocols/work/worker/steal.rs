//! Work stealing (Blumofe & Leiserson 1999, *Scheduling Multithreaded Computations by Work Stealing*): an idle agent asks another
//! for work that waits there. The one asked gives nothing away by itself: it tells the agent that shares out, which ends that
//! attempt and awards the part to the idle one under a lease of its own. So nothing is done twice, whoever crashes in between.

use std::sync::Arc;

use super::super::assign::book::Told;
use super::super::note::WorkNote;
use super::super::role::Work;
use super::super::talk::{Lease, UNNUMBERED, WorkTalk, WorkTimer};
use super::{RESEND_US, RESENDS_MAX, Worker};
use crate::common::signal::TaskStep;
use crate::map::Map;
use crate::protocol::contract::Outlet;
use crate::sim::AgentId;

/// Each question in vain doubles the time to the next, so often at most.
const BACK_OFF_MAX: u32 = 5;

/// When idle agents ask others for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stealing {
    /// The time from becoming idle to the first question, in microseconds.
    pub every_us: u64,
    /// The agents that are there at the start: they have the first numbers.
    pub peers: u32,
}

/// The queues of others as an agent knows them, and what it has given away. Nothing of it survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// How many parts waited at each, as it said last.
    waiting: Map<AgentId, u32>,
    is_timed: bool,
    /// How often it has asked in vain.
    asked: u32,
    given: Vec<Given>,
}

/// A part that is to go to another, until the agent that shares out has confirmed it.
#[derive(Clone, Debug)]
struct Given {
    lease: Lease,
    manager: AgentId,
    to: AgentId,
    said: u32,
}

impl Worker {
    fn is_idle(&self) -> bool {
        self.board.is_none() && self.abilities.style.healthy && self.at_work().next().is_none()
    }

    /// Idle, it asks before long.
    pub(super) fn look_for_work(&mut self, out: &mut impl Outlet<Work>) {
        let Some(stealing) = self.rules.steals else { return };
        if !self.is_idle() {
            self.others.asked = 0;
        } else if !std::mem::replace(&mut self.others.is_timed, true) {
            let delay_us = stealing.every_us << self.others.asked.min(BACK_OFF_MAX);
            out.set_timer(WorkTimer::Steal, delay_us);
        }
    }

    /// Asks the one with the longest queue that it knows, or else one by chance.
    pub(super) fn steal(&mut self, out: &mut impl Outlet<Work>) {
        self.others.is_timed = false;
        let Some(peers) = self.rules.steals.map(|it| it.peers) else { return };
        let own = out.id();
        let is_longest = |(_, waiting): &(&AgentId, &u32)| (**waiting, 0);
        let known = self.others.waiting.iter().filter(|(agent, it)| **it > 0 && **agent != own);
        let fullest = known.max_by_key(is_longest).map(|(agent, _)| *agent);
        // Everyone but itself.
        let others = u64::from(peers).saturating_sub(u64::from(own.0 < peers));
        if !self.is_idle() || fullest.is_none() && others == 0 {
            return;
        }
        let from = fullest.unwrap_or_else(|| {
            let drawn = out.random_between(0, others - 1) as u32;
            AgentId(drawn + u32::from(drawn >= own.0))
        });
        self.others.asked += 1;
        out.send(from, UNNUMBERED, WorkTalk::Steal(Arc::new(self.told())));
    }

    /// An idle agent asks: it may have the last of what waits here, if it can do that.
    pub(super) fn hear_idle(&mut self, from: AgentId, told: &Told, out: &mut impl Outlet<Work>) {
        self.others.waiting.insert(from, 0);
        let waits = self.at_work().enumerate().filter(|(_, it)| it.began_us.is_none());
        let last = waits.filter(|(_, it)| told.could(&it.spec)).last();
        if let Some(lease) = last.map(|(_, it)| it.lease) {
            self.give(lease, from, out);
        }
        let waiting = self.at_work().filter(|it| it.began_us.is_none()).count() as u32;
        out.send(from, UNNUMBERED, WorkTalk::Waiting(waiting));
    }

    pub(super) fn hear_waiting(&mut self, from: AgentId, waiting: u32) {
        self.others.waiting.insert(from, waiting);
    }

    /// Gives away a part that it has not begun.
    pub(super) fn give(&mut self, lease: Lease, to: AgentId, out: &mut impl Outlet<Work>) {
        let is_it = |it: &&mut super::Taken| it.lease == lease && it.began_us.is_none();
        for taken in self.taken.extract_if(.., |it| is_it(&it)) {
            let (task, part) = (lease.task, lease.part);
            out.note(WorkNote::Gives { task, part, agent: to });
            out.raise(taken.spec.moved(TaskStep::GivenUp));
            out.cancel_timer(WorkTimer::Milestone(lease));
            self.others.given.push(Given { lease, manager: taken.manager, to, said: 0 });
        }
        self.tell_given(lease, out);
    }

    /// Tells the agent that shares out, until it has confirmed it.
    pub(super) fn tell_given(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        let mut given = self.others.given.iter_mut();
        let Some(it) = given.find(|it| it.lease == lease && it.said < RESENDS_MAX) else { return };
        it.said += 1;
        out.send(it.manager, UNNUMBERED, WorkTalk::Give { lease, to: it.to });
        out.set_timer(WorkTimer::Give(lease), RESEND_US);
    }

    /// The agent that shares out has heard of it.
    pub(super) fn forget_given(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        if self.others.given.iter().any(|it| it.lease == lease) {
            self.others.given.retain(|it| it.lease != lease);
            out.cancel_timer(WorkTimer::Give(lease));
        }
    }
}
