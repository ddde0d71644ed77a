//! Rebalancing (W7): which parts have to go elsewhere, so that all agents carry about as much, in few moves.
//!
//! For up to eight parts the fewest moves are searched for: one, then two, … Where there are more, or the search would take too
//! long, each step is the one after which the sum of the squares of all loads is the least: a move, or where no move helps, two
//! parts that change places. Where all parts are equally heavy that takes the fewest moves as well, since each takes from the most
//! loaded and gives to the least.

use super::board::Board;
use super::note::WorkNote;
use super::pause::Pace;
use super::role::Work;
use super::talk::{Lease, UNNUMBERED, WorkTalk};
use super::task::Task;
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
        let may = |part: usize, to: usize| {
            let ends = leases.get(part).zip(self.members.get(to));
            ends.is_some_and(|((lease, _), agent)| self.could_have(*lease, *agent))
        };
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

    /// Whether the agent could do this part: by its book, or as it bid for the task.
    fn could_have(&self, lease: Lease, agent: AgentId) -> bool {
        let Some(job) = self.jobs.get(lease.task as usize) else { return false };
        let part = job.parts.get(usize::from(lease.part));
        let could = |spec: &Task| match self.assign.is_dispatch() {
            true => self.book(agent).is_some_and(|book| book.could(spec)),
            false => job.bids().get(&agent).is_some_and(|bid| {
                let fits =
                    spec.skills.is_empty() || spec.skills.iter().any(|it| bid.skills.contains(it));
                fits && spec.load <= bid.capacity
            }),
        };
        part.is_some_and(|part| could(&part.spec))
    }
}

/// A part that has not begun, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movable {
    pub at: usize,
    /// In units of work.
    pub load: u64,
}

/// So many parts are searched.
const SEARCHED_MAX: usize = 8;
/// A search looks at so many combinations at most.
const LOOKS_MAX: u32 = 200_000;

/// Agents by their places: what each carries, and which parts may go to which.
pub struct Balance<'a> {
    pub loads: Vec<u64>,
    pub parts: Vec<Movable>,
    pub may: &'a dyn Fn(usize, usize) -> bool,
    /// The most that any carries above the least, in units of work.
    pub spread: u64,
}

/// The difference between the most and the least.
#[must_use]
pub fn spread(loads: &[u64]) -> u64 {
    let (most, least) = (loads.iter().max(), loads.iter().min());
    most.zip(least).map_or(0, |(most, least)| most - least)
}

impl Balance<'_> {
    fn is_balanced(&self) -> bool {
        spread(&self.loads) <= self.spread
    }

    /// The parts with the agents that they go to; as near to the spread as it gets, where it cannot be reached.
    #[must_use]
    pub fn plan(mut self) -> Vec<(usize, usize)> {
        let start: Vec<usize> = self.parts.iter().map(|part| part.at).collect();
        if self.parts.len() <= SEARCHED_MAX {
            let mut looks = 0;
            for moves in 0..=self.parts.len() {
                let mut found = Vec::new();
                if self.search(0, moves, &mut found, &mut looks) {
                    found.sort_unstable();
                    return found;
                }
                if looks > LOOKS_MAX {
                    break;
                }
            }
        }
        while !self.is_balanced() && self.improve() {}
        let ends = self.parts.iter().map(|part| part.at);
        let moved = start.into_iter().zip(ends).enumerate().filter(|(_, (from, to))| from != to);
        moved.map(|(part, (_, to))| (part, to)).collect()
    }

    /// Tries all ways to move so many of the parts from this one on.
    fn search(
        &mut self,
        first: usize,
        moves: usize,
        found: &mut Vec<(usize, usize)>,
        looks: &mut u32,
    ) -> bool {
        *looks += 1;
        if moves == 0 {
            return self.is_balanced();
        }
        for part in first..self.parts.len() {
            for to in 0..self.loads.len() {
                let Movable { at, load } = self.parts[part];
                if to == at || *looks > LOOKS_MAX || !(self.may)(part, to) {
                    continue;
                }
                self.shift(at, to, load);
                found.push((part, to));
                if self.search(part + 1, moves - 1, found, looks) {
                    return true;
                }
                found.pop();
                self.shift(to, at, load);
            }
        }
        false
    }

    fn shift(&mut self, from: usize, to: usize, load: u64) {
        self.loads[from] -= load;
        self.loads[to] += load;
    }

    /// The change of the sum of squares when so much goes from one to another.
    fn gain(&self, from: usize, to: usize, load: i128) -> i128 {
        let (from, to) = (i128::from(self.loads[from]), i128::from(self.loads[to]));
        2 * load * (from - to - load)
    }

    /// Takes the best step, if any is one.
    fn improve(&mut self) -> bool {
        let mut best: Option<(i128, usize, usize, Option<usize>)> = None;
        let mut offer = |gain: i128, part, to, back| {
            if gain > best.map_or(0, |(gain, ..)| gain) {
                best = Some((gain, part, to, back));
            }
        };
        for (part, it) in self.parts.iter().enumerate() {
            for to in (0..self.loads.len()).filter(|to| *to != it.at && (self.may)(part, *to)) {
                offer(self.gain(it.at, to, it.load.into()), part, to, None);
            }
        }
        if best.is_none() {
            let mut offer = |gain: i128, part, to, back| {
                if gain > best.map_or(0, |(gain, ..)| gain) {
                    best = Some((gain, part, to, back));
                }
            };
            for (part, it) in self.parts.iter().enumerate() {
                for (back, other) in self.parts.iter().enumerate() {
                    let may = (self.may)(part, other.at) && (self.may)(back, it.at);
                    if it.load > other.load && it.at != other.at && may {
                        let load = i128::from(it.load - other.load);
                        offer(self.gain(it.at, other.at, load), part, other.at, Some(back));
                    }
                }
            }
        }
        let Some((_, part, to, back)) = best else { return false };
        let from = self.parts[part].at;
        self.shift(from, to, self.parts[part].load);
        self.parts[part].at = to;
        if let Some(back) = back {
            self.shift(to, from, self.parts[back].load);
            self.parts[back].at = from;
        }
        true
    }
}

/// How many parts a full redistribution would move: all are dealt out anew, one to each agent in turn.
#[must_use]
pub fn redistributed(parts: &[Movable], agents: usize) -> usize {
    let dealt = parts.iter().enumerate().filter(|(place, part)| part.at != place % agents.max(1));
    dealt.count()
}

#[cfg(test)]
mod tests;
