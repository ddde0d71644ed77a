//! Rebalancing (W7): which parts have to go elsewhere, so that all agents carry about as much, in few moves.

mod balance;

use self::balance::{Balance, Movable, redistributed};
use super::bids::fits;
use super::board::Board;
use super::note::WorkNote;
use super::pause::Pace;
use super::role::Work;
use super::talk::{Lease, UNNUMBERED, WorkTalk};
use crate::protocol::contract::Outlet;
use crate::sim::AgentId;

impl Board {
    /// Has parts that wait at agents moved to others, as far as it was told: one that has begun meanwhile stays.
    pub fn rebalance(&mut self, most: u32, out: &mut impl Outlet<Work>) {
        let place = |agent: AgentId| self.members.binary_search(&agent).ok();
        let load = |agent: &AgentId| self.queue.carried.get(agent).copied().unwrap_or_default();
        let loads: Vec<u64> = self.members.iter().map(|agent| load(agent).into()).collect();
        let (mut leases, mut parts) = (Vec::new(), Vec::new());
        for (task, job) in (0..).zip(&self.jobs) {
            for (lease, attempt) in job.running(task) {
                let waits = attempt.taken && attempt.began_us.is_none();
                let at = place(attempt.agent).filter(|_| waits && attempt.pace() == Pace::Running);
                let Some(at) = at else { continue };
                leases.push((lease, attempt.agent));
                parts.push(Movable { at, load: job.spec.load.into() });
            }
        }
        let could: Vec<Vec<bool>> =
            leases.iter().map(|(lease, _)| self.could_have(*lease)).collect();
        let may = |part: usize, to: usize| could[part][to];
        let dealt = redistributed(&parts, loads.len());
        let plan = Balance { loads, parts, may: &may, spread: most.into() }.plan();
        let number = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let moves = number(plan.len());
        out.note(WorkNote::Rebalanced { moves, dealt: number(dealt), spread: most });
        for (part, to) in plan {
            let ends = leases.get(part).zip(self.members.get(to).copied());
            if let Some(((lease, from), to)) = ends {
                out.send(*from, UNNUMBERED, WorkTalk::Move { lease: *lease, to });
            }
        }
    }

    /// Which members could do this part: by their books, or as they bid for the task.
    fn could_have(&self, lease: Lease) -> Vec<bool> {
        let job = &self.jobs[lease.task as usize];
        let (spec, bids) = (&job.parts[usize::from(lease.part)].spec, job.bids());
        let could = |agent: &AgentId| match self.assign.is_dispatch() {
            true => self.book(*agent).is_some_and(|book| book.could(spec)),
            false => bids.get(agent).is_some_and(|it| fits(spec, it) && spec.load <= it.capacity),
        };
        self.members.iter().map(could).collect()
    }
}
