//! An agent at work, and whoever shares work out, as they are at this instant.

use crate::coordination::bus::Body;
use crate::coordination::work::board::Board;
use crate::coordination::work::job::{Answer, Phase};
use crate::coordination::work::standing::Standing;
use crate::coordination::work::talk::{Lease, WorkTalk};
use crate::coordination::work::worker::Worker;
use crate::playback::frame::work::{board_of, worker};
use crate::scenario::build::SwarmSimulation;
use crate::sim::AgentId;

/// What there is to know of an agent at work.
#[derive(Clone, Debug)]
pub struct WorkInspection {
    pub worker: Worker,
    /// When the leases of what it has taken end, if its manager holds that they run.
    pub ends_us: Vec<Option<u64>>,
    /// The tasks it has bid for and that are not awarded yet; false of a bid that is on its way.
    pub bids: Vec<(String, bool)>,
    /// Who shares out work to it, and holds its reputation.
    pub manager: AgentId,
    pub reputation: u32,
    /// Of its attempts that its manager knows of.
    pub done: u32,
    pub failed: u32,
}

/// What there is to know of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardInspection {
    /// How its tasks stand.
    pub tasks: Vec<Standing>,
    /// Leases that run: when they end, whose they are, and for which of `names`; the first to end first.
    pub leases: Vec<(u64, u64, u32)>,
    pub names: Vec<String>,
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
    let (manager, board, clock) =
        simulation.agents().zip((0..).map(AgentId)).find_map(|(slot, it)| {
            let is_it = match manager {
                Some(manager) => manager == it,
                None => slot.process.counter().is_some(),
            };
            if is_it { Some((it, board_of(slot)?, slot.clock)) } else { None }
        })?;
    let (done, failed) = board.outcomes_of(agent);
    let mut ends_us = vec![None; worker.taken.len()];
    for (task, job) in (0..).zip(&board.jobs) {
        for (part, it) in (0..).zip(&job.parts) {
            for (number, attempt) in (1..).zip(&it.attempts) {
                if attempt.agent != agent || attempt.end.is_some() {
                    continue;
                }
                let lease = Lease { task, part, attempt: number };
                let end_us = attempt.awarded_us.after(rules.lease_of(agent));
                let end_us = clock.virtual_us(end_us);
                for (taken, ends) in worker.taken.iter().zip(&mut ends_us) {
                    if taken.lease == lease {
                        *ends = Some(end_us);
                    }
                }
            }
        }
    }
    Some(WorkInspection {
        worker: worker.clone(),
        ends_us,
        bids: bids(simulation, board, agent),
        manager,
        reputation: board.standings.of(agent),
        done,
        failed,
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
    let slot = simulation.agents().nth(agent.index())?;
    let board = board_of(slot)?;
    let mut it = BoardInspection {
        tasks: board.jobs.iter().map(Standing::of).collect(),
        leases: Vec::new(),
        names: Vec::new(),
        asked: Vec::new(),
        late: board.late,
        refused: board.refused.len() as u32,
    };
    for job in &board.jobs {
        if job.phase == Phase::Announced {
            it.asked.push((job.spec.name.clone(), job.answers.len(), job.asked.len()));
        }
        for part in &job.parts {
            if let Some(attempt) = part.running() {
                let end_us = attempt.awarded_us.after(board.rules.lease_of(attempt.agent));
                let end_us = slot.clock.virtual_us(end_us);
                it.leases.push((end_us, attempt.agent.0.into(), it.names.len() as u32));
                it.names.push(part.spec.name.clone());
            }
        }
    }
    it.leases.sort_unstable();
    Some(it)
}
