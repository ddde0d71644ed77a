//! An agent at work, and whoever shares work out, as they are at this instant.

use std::sync::Arc;

use crate::coordination::bus::Body;
use crate::coordination::work::board::Board;
use crate::coordination::work::job::{Answer, AttemptEnd, Phase};
use crate::coordination::work::talk::{Lease, WorkTalk};
use crate::coordination::work::worker::{Abilities, Taken, Worker};
use crate::playback::frame::fill::coordinator_of;
use crate::playback::frame::work::{Standing, board_of};
use crate::playback::metrics::worker;
use crate::scenario::build::SwarmSimulation;
use crate::sim::AgentId;

/// What there is to know of an agent at work.
#[derive(Clone, Debug)]
pub struct WorkInspection {
    pub abilities: Abilities,
    pub domains: Vec<Arc<str>>,
    /// What it carries, in units of work.
    pub load: u32,
    /// What it has taken, and when the lease ends; it works on the first.
    pub taken: Vec<(Taken, Option<u64>)>,
    /// The tasks it has bid for and that are not awarded yet; false of a bid that is on its way.
    pub bids: Vec<(String, bool)>,
    /// Results of which it does not know that they have arrived.
    pub unheard: usize,
    /// Who shares out work to it, and holds its reputation.
    pub manager: AgentId,
    pub reputation: u32,
    /// Of its attempts that its manager knows of.
    pub done: u32,
    pub failed: u32,
    /// Whom it has work for it.
    pub workers: Vec<AgentId>,
}

/// What there is to know of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardInspection {
    /// How many tasks stand how.
    pub counts: Vec<(Standing, usize)>,
    /// Leases that run: when they end, whose they are, and for what; the first to end first.
    pub leases: Vec<(u64, AgentId, String)>,
    /// Of tasks that bids are waited for: how many have answered, of how many.
    pub asked: Vec<(String, usize, usize)>,
    pub late: u32,
    pub refused: u32,
}

/// Nothing of who is down, and of the coordinator.
pub fn inspect_worker(simulation: &SwarmSimulation, agent: AgentId) -> Option<WorkInspection> {
    let worker: &Worker = worker(simulation, agent)?;
    let rules = &worker.rules;
    let mut managers = rules.workers.iter();
    let manager = managers.find(|(_, workers)| workers.contains(&agent)).map(|(it, _)| *it);
    let manager = manager.filter(|_| rules.manager.is_some());
    let slot = manager.and_then(|it| simulation.agents().nth(it.index()));
    let of_manager = slot.and_then(board_of);
    let board = of_manager.or_else(|| coordinator_of(simulation).map(|it| &it.board))?;
    let numbered = simulation.agents().zip((0..).map(AgentId));
    let coordinator = || {
        let mut found = numbered.filter(|(slot, _)| {
            matches!(slot.process, crate::coordination::swarm::Swarm::Coordinator(_))
        });
        found.next().map_or(AgentId::NONE, |(_, agent)| agent)
    };
    let (mut done, mut failed) = (0, 0);
    let attempts = board.jobs.iter().flat_map(|job| &job.parts).flat_map(|part| &part.attempts);
    for attempt in attempts.filter(|attempt| attempt.agent == agent) {
        match attempt.end {
            Some((AttemptEnd::Done, _)) => done += 1,
            Some((AttemptEnd::Failed, _)) => failed += 1,
            Some((AttemptEnd::Expired, _)) if attempt.taken => failed += 1,
            _ => {}
        }
    }
    let lease_end = |lease: Lease| {
        let part = board.jobs.get(lease.task as usize)?.parts.get(usize::from(lease.part))?;
        let attempt = part.attempts.get(usize::from(lease.attempt).checked_sub(1)?)?;
        let runs = attempt.end.is_none() && attempt.agent == agent;
        runs.then(|| attempt.awarded_us.saturating_add(rules.lease_of(agent)))
    };
    Some(WorkInspection {
        abilities: worker.abilities.clone(),
        domains: worker.domains.clone(),
        load: worker.load(),
        taken: worker.taken.iter().map(|it| (it.clone(), lease_end(it.lease))).collect(),
        bids: bids(simulation, board, agent),
        unheard: worker.unheard.len(),
        manager: manager.unwrap_or_else(coordinator),
        reputation: board.standings.of(agent),
        done,
        failed,
        workers: if rules.manages(agent) { rules.workers_of(agent).to_vec() } else { Vec::new() },
    })
}

/// Bids that nothing has come of yet: those that have arrived, and those on their way.
fn bids(simulation: &SwarmSimulation, board: &Board, agent: AgentId) -> Vec<(String, bool)> {
    let mut bids = Vec::new();
    for job in board.jobs.iter().filter(|job| job.phase == Phase::Announced) {
        let has =
            |(from, answer): &(AgentId, Answer)| *from == agent && matches!(answer, Answer::Bid(_));
        if job.answers.iter().any(has) {
            bids.push((job.spec.name.clone(), true));
        }
    }
    for message in simulation.in_flight().filter(|it| it.origin == agent) {
        if let Body::Work(WorkTalk::Bid(bid)) = &message.message.body {
            let job = board.jobs.get(bid.task as usize);
            bids.extend(job.map(|job| (job.spec.name.clone(), false)));
        }
    }
    bids
}

/// The board of the coordinator or of a manager; nothing of who has none.
pub fn inspect_board(simulation: &SwarmSimulation, agent: AgentId) -> Option<BoardInspection> {
    let board = board_of(simulation.agents().nth(agent.index())?)?;
    let mut counts: Vec<(Standing, usize)> = Standing::ALL.map(|it| (it, 0)).to_vec();
    let (mut leases, mut asked) = (Vec::new(), Vec::new());
    for job in &board.jobs {
        let standing = Standing::of(job);
        counts.iter_mut().filter(|(it, _)| *it == standing).for_each(|(_, count)| *count += 1);
        if job.phase == Phase::Announced {
            asked.push((job.spec.name.clone(), job.answers.len(), board.members.len()));
        }
        for part in &job.parts {
            if let Some(attempt) = part.running() {
                let end_us = attempt.awarded_us.saturating_add(board.rules.lease_of(attempt.agent));
                leases.push((end_us, attempt.agent, part.spec.name.clone()));
            }
        }
    }
    crate::order::sort_by_key(&mut leases, |(end_us, agent, _)| (*end_us, agent.0.into()));
    counts.retain(|(_, count)| *count > 0);
    let (late, refused) = (board.late, board.refused);
    Some(BoardInspection { counts, leases, asked, late, refused })
}
