//! H5, as far as tasks go: sums in whole numbers, from which the report and the page make the same figures.
//! Made when someone asks.

use super::boards::{boards, coordinators, worker_of};
use super::job::{Job, Phase};
use super::role::Work;
use super::standing::Standing;
use crate::common::measure::{Measure, Unit};
use crate::common::shown::Peek;
use crate::order::sort_by_key;
use crate::sim::AgentId;

/// The sum of so many things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    pub sum: u64,
    pub count: u64,
}

impl Mean {
    fn add(&mut self, value: u64) {
        self.sum += value;
        self.count += 1;
    }

    /// In thousandths, rounded half up; nothing of nothing.
    #[must_use]
    pub fn milli(self) -> Option<u64> {
        let (sum, count) = (u128::from(self.sum), u128::from(self.count));
        let milli = (sum * 2_000 + count).checked_div(count * 2)?;
        u64::try_from(milli).ok()
    }
}

/// The load of an agent over the run so far, as it was itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    pub agent: AgentId,
    /// The most that it can carry, in units of work; at least 1.
    pub capacity: u32,
    /// Units of work times microseconds.
    pub carried: u128,
    /// The most that it carried at once: so many units of work, of so many that it could then.
    pub peak: (u64, u32),
}

/// How the work of a swarm goes, over the run so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    pub now_us: u64,
    pub tasks: u32,
    pub done: u32,
    pub partial: u32,
    pub failed: u32,
    /// From the beginning of the work to the end.
    pub duration_us: Mean,
    /// From the submission of each task to the beginning of the work on it, the shortest first, in microseconds.
    pub waits_us: Vec<u64>,
    /// From the first submission to the last end, once all have ended.
    pub makespan_us: Option<u64>,
    /// The most parts that any member was awarded, and all of them by the number of members.
    pub shares: (u32, Mean),
    /// Each that ended: 1 if all of it is done.
    pub success: Mean,
    /// Each result, from 0 to 100.
    pub quality: Mean,
    pub team: Mean,
    /// Each that was awarded: 1 if several parts were done at the same time.
    pub parallel: Mean,
    pub mean_reputation_milli: u64,
    pub reputation_deviation_milli: u64,
    /// Results that came after their lease, and tasks that were refused.
    pub late: u32,
    pub refused: u32,
    /// By agent number: of all who work.
    pub loads: Vec<Load>,
}

impl Metrics {
    /// Nothing of a swarm that does not work. Tasks are those of the coordinator; loads are also those that
    /// managers have given their workers.
    #[must_use]
    pub fn new(peek: &dyn Peek<Work>) -> Option<Self> {
        let board = coordinators(peek)?.board;
        let now_us = peek.now_us();
        let mut it = Self {
            now_us,
            tasks: board.jobs.len() as u32,
            mean_reputation_milli: board.standings.mean_milli(),
            reputation_deviation_milli: board.standings.deviation_milli(),
            late: board.late,
            refused: board.refused.len() as u32,
            loads: loads(peek),
            ..Self::default()
        };
        let mut given: Vec<u32> = Vec::new();
        for attempt in board.jobs().flat_map(Job::attempts) {
            let place = attempt.agent.index();
            given.resize(given.len().max(place + 1), 0);
            given[place] += u32::from(!attempt.end.is_some_and(|(end, _)| end.is_no_try()));
        }
        for member in board.members.iter() {
            let count = given.get(member.index()).copied().unwrap_or_default();
            it.shares.0 = it.shares.0.max(count);
            it.shares.1.add(count.into());
        }
        for job in &board.jobs {
            if let Some(began_us) = job.began_us() {
                it.waits_us.push(began_us.since(job.submitted_us));
            }
            if job.awarded_us().is_some() {
                let (members, is_parallel) = job.team_size();
                it.team.add(members as u64);
                it.parallel.add(u64::from(is_parallel));
            }
            if job.phase == Phase::Ended {
                it.take_in(job);
            }
        }
        sort_by_key(&mut it.waits_us, |us| (*us, 0));
        let first_us = board.jobs().map(|job| job.submitted_us).min();
        let ends: Option<Vec<_>> = board.jobs().map(|job| job.ended_us).collect();
        let last_us = ends.and_then(|ends| ends.into_iter().max());
        it.makespan_us = last_us.zip(first_us).map(|(last_us, first_us)| last_us.since(first_us));
        Some(it)
    }

    /// The time that this share of tasks waited at the most, in hundredths (nearest rank); nothing where none has begun.
    #[must_use]
    pub fn wait_us(&self, percent: usize) -> Option<u64> {
        let rank = (self.waits_us.len() * percent).div_ceil(100);
        self.waits_us.get(rank.saturating_sub(1)).copied()
    }

    /// The figures by which ways to assign are compared.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        let span = |name, about, value| Measure {
            name,
            about,
            unit: Unit::Microseconds,
            less_is_better: true,
            value,
        };
        vec![
            span("makespan", "from the first task to the last end", self.makespan_us),
            span("mean wait", "from submission to the work", self.mean_wait_us()),
            span("95th percentile", "of the waits", self.wait_us(95)),
            Measure {
                name: "imbalance",
                about: "most parts of any agent by the mean",
                unit: Unit::Thousandths,
                less_is_better: true,
                value: self.imbalance_milli(),
            },
            Measure {
                name: "done",
                about: "tasks that were done",
                unit: Unit::Count,
                less_is_better: false,
                value: Some(self.done.into()),
            },
        ]
    }

    /// The mean time from submission to the beginning of the work; nothing where none has begun.
    #[must_use]
    pub fn mean_wait_us(&self) -> Option<u64> {
        let sum: u64 = self.waits_us.iter().sum();
        sum.checked_div(self.waits_us.len() as u64)
    }

    /// The most parts that any member was given, by the mean of all, in thousandths: 1000 is even.
    #[must_use]
    pub fn imbalance_milli(&self) -> Option<u64> {
        let (most, Mean { sum, count }) = self.shares;
        (u64::from(most) * count * 1_000).checked_div(sum)
    }

    /// A task that has ended.
    fn take_in(&mut self, job: &Job) {
        let standing = Standing::of(job);
        match standing {
            Standing::Done => self.done += 1,
            Standing::Partial => self.partial += 1,
            _ => self.failed += 1,
        }
        if let (Some(began_us), Some(ended_us)) = (job.began_us(), job.ended_us) {
            self.duration_us.add(ended_us.since(began_us));
        }
        if let Some(quality) = job.synthesis.as_ref().and_then(|it| it.quality) {
            self.quality.add(quality.into());
        }
        self.success.add((standing == Standing::Done).into());
    }

    /// The most that any agent carried at once: so many units, of so many that it can.
    #[must_use]
    pub fn peak(&self) -> (u64, u32) {
        let mut most = (0, 1);
        for load in &self.loads {
            if load.peak.0 * u64::from(most.1) > most.0 * u64::from(load.peak.1) {
                most = load.peak;
            }
        }
        most
    }

    /// The average load of all of what they can carry, in thousandths, each agent alike.
    #[must_use]
    pub fn average_load_permille(&self) -> u64 {
        let mut mean = Mean::default();
        for load in &self.loads {
            mean.add(load.average_permille(self.now_us));
        }
        mean.milli().unwrap_or_default() / 1_000
    }
}

impl Load {
    /// Its average load of what it can carry, in thousandths, rounded.
    #[must_use]
    pub fn average_permille(&self, now_us: u64) -> u64 {
        let whole = u128::from(self.capacity) * u128::from(now_us);
        let permille = (self.carried * 2_000 + whole).checked_div(whole * 2).unwrap_or_default();
        u64::try_from(permille).unwrap_or(u64::MAX)
    }
}

fn loads(peek: &dyn Peek<Work>) -> Vec<Load> {
    let (now_us, watched) = (peek.now_us(), &peek.watch().loads);
    let boards = boards(peek);
    let mut loads = Vec::new();
    for agent in (0..peek.agents()).map(AgentId) {
        let said = boards.iter().find_map(|it| it.board.capacities.get(&agent).copied());
        let own = || worker_of(peek, agent).map(|(worker, _)| worker.abilities.capacity);
        let carried = watched.of(agent);
        let (most, of) = carried.peak;
        // An agent that has had nothing to do with work is not one that carries nothing.
        if said.is_none() && most == 0 {
            continue;
        }
        let capacity = said.or_else(own).unwrap_or(of).max(1);
        let (carried, peak) = (carried.until(now_us), (most.into(), of.max(1)));
        loads.push(Load { agent, capacity, carried, peak });
    }
    loads
}
