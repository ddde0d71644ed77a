//! The order in which an agent works on what it has taken, and its pauses (W9).

use super::super::assess::Check;
use super::super::note::WorkNote;
use super::super::role::Work;
use super::super::taken::Taken;
use super::super::talk::{Award, Lease, UNNUMBERED, WorkTalk, WorkTimer};
use super::{RESENDS_MAX, Worker};
use crate::protocol::contract::Outlet;
use crate::sim::AgentId;

impl Worker {
    /// Begun work is finished first, unless tasks make way for those of a higher priority; of the rest the higher priority goes
    /// first.
    pub(super) fn line_up(&mut self, taken: Taken, out: &mut impl Outlet<Work>) {
        let is_before = |it: &&Taken| {
            let is_begun = it.began_us.is_some() && !it.is_aside && !self.rules.preempts;
            is_begun || it.spec.priority >= taken.spec.priority
        };
        let place = self.at_work().take_while(is_before).count();
        if place > 0 {
            return self.taken.insert(place, taken);
        }
        self.stop_work(out);
        self.taken.insert(0, taken);
        self.go_on(out);
    }

    /// It puts aside what it works on.
    fn stop_work(&mut self, out: &mut impl Outlet<Work>) {
        self.count(out.now());
        let is_at = |first: &&mut Taken| first.began_us.is_some() && !first.is_aside;
        let Some(first) = self.taken.first_mut().filter(is_at) else { return };
        first.is_aside = true;
        out.cancel_timer(WorkTimer::Milestone(first.lease));
        out.note(WorkNote::WorkPaused { task: first.lease.task, part: first.lease.part });
    }

    /// It is to pause with this.
    pub(super) fn pause(
        &mut self,
        from: AgentId,
        (lease, turn): (Lease, u16),
        out: &mut impl Outlet<Work>,
    ) {
        let found = self.taken.iter().position(|taken| taken.lease == lease);
        let Some(place) = found else {
            let talk = match self.knows(lease) {
                Some(result @ WorkTalk::Result(_)) => result,
                // It has lost it in a crash.
                _ => WorkTalk::Paused { lease, turn, permille: 0 },
            };
            return out.send(from, UNNUMBERED, talk);
        };
        if self.taken[place].turn < turn {
            if place == 0 {
                self.stop_work(out);
            }
            let mut taken = self.taken.remove(place);
            taken.turn = turn;
            self.taken.push(taken);
            if place == 0 {
                self.go_on(out);
            }
        }
        let taken = self.taken.iter().find(|it| it.lease == lease && it.is_paused());
        if let Some(taken) = taken {
            let (turn, permille) = (taken.turn, taken.permille());
            out.send(from, UNNUMBERED, WorkTalk::Paused { lease, turn, permille });
            out.set_timer(WorkTimer::Milestone(lease), self.rules.lease_us);
        }
    }

    /// It has paused with this for long: the one who told it to may have called it off unheard.
    pub(super) fn ask_still(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        let mut taken = self.taken.iter_mut();
        let Some(taken) = taken.find(|it| it.lease == lease && it.said < RESENDS_MAX) else {
            return;
        };
        taken.said += 1;
        let (turn, permille) = (taken.turn, taken.permille());
        out.send(taken.manager, UNNUMBERED, WorkTalk::Paused { lease, turn, permille });
        out.set_timer(WorkTimer::Milestone(lease), self.rules.lease_us);
    }

    /// Whether it paused with this, and a later word than that is to go on.
    pub(super) fn is_paused(&self, lease: Lease, turn: u16) -> bool {
        let is_it = |taken: &&Taken| taken.lease == lease && taken.is_paused();
        self.taken.iter().find(is_it).is_some_and(|taken| taken.turn < turn)
    }

    /// It goes on with what it has paused, unless it carries too much by now.
    pub(super) fn resume_part(
        &mut self,
        from: AgentId,
        award: &Award,
        out: &mut impl Outlet<Work>,
    ) {
        let lease = award.lease;
        let Some(place) = self.taken.iter().position(|taken| taken.lease == lease) else { return };
        if self.load().saturating_add(award.spec.load) > self.abilities.capacity {
            let check = Check::Load;
            self.last.insert((lease.task, lease.part), (lease.attempt, Some(check)));
            self.leave(|taken| taken.lease == lease, out);
            return out.send(from, UNNUMBERED, WorkTalk::NotTaken { lease, check });
        }
        let mut taken = self.taken.remove(place);
        (taken.turn, taken.said) = (award.turn, 0);
        out.cancel_timer(WorkTimer::Milestone(lease));
        let begins = taken.began_us == Some(taken.taken_us);
        self.line_up(taken, out);
        out.send(from, UNNUMBERED, WorkTalk::Taken { lease, begins, turn: award.turn });
    }
}
