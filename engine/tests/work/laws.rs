//! Laws over random histories.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use swarmglass_engine::common::value::Value;
use swarmglass_engine::protocols::work::job::{AttemptEnd, Job, Phase};
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::protocols::work::synthesis::{PartEnd, TaskStatus};
use swarmglass_engine::scenario::build::SwarmSimulation;
use swarmglass_engine::sim::kernel::Fate;
use swarmglass_engine::sim::{AgentId, LocalTime, PropertyStatus, What};
use swarmglass_engine::swarm::note::Note;

use super::random::{Case, cases};
use super::swarm::{board, check_durable, notes, workers};

/// Checks the invariants: nobody takes more than it can carry, and a part is with one agent only.
fn check_now(simulation: &SwarmSimulation, loads: &mut BTreeMap<AgentId, u32>) {
    for (agent, worker) in workers(simulation) {
        let (load, capacity) = (worker.load(), worker.abilities.capacity);
        let before = loads.insert(agent, load).unwrap_or(0);
        assert!(load <= before || load <= capacity, "{agent:?} carries {load} of {capacity}");
    }
    let board = board(simulation);
    let takes_slot = |job: &Job| job.phase == Phase::Announced || job.is_at_work();
    let slots = board.jobs.iter().filter(|job| takes_slot(job)).count();
    assert!(board.rules.limit.is_none_or(|limit| slots <= limit as usize), "{slots} run at once");
    for job in &board.jobs {
        for part in &job.parts {
            let [before @ .., _] = part.attempts.as_slice() else { continue };
            assert!(before.iter().all(|attempt| attempt.end.is_some()), "{}", part.spec.name);
            assert!(part.end.is_none() || part.running().is_none(), "{}", part.spec.name);
        }
    }
}

/// The coordinator's notes on a part so far.
#[derive(Default)]
struct Told {
    attempts: usize,
    /// Who has it now, and since when.
    running: Option<(AgentId, u64)>,
    /// Since when it is paused.
    paused_us: Option<u64>,
    delivered: u32,
}

/// The history as it was noted, told against what the coordinator holds in the end.
struct History<'a> {
    case: &'a Case,
    jobs: &'a [Arc<Job>],
    came: BTreeSet<u32>,
    announced: BTreeSet<u32>,
    ended: BTreeMap<u32, TaskStatus>,
    bids: BTreeSet<(u32, AgentId)>,
    parts: BTreeMap<(u32, u16), Told>,
    scores: BTreeMap<AgentId, i64>,
    late: u32,
    /// How often a team is still to be made for a task.
    teams_to_come: BTreeMap<u32, u32>,
}

impl<'a> History<'a> {
    fn new(case: &'a Case, jobs: &'a [Arc<Job>]) -> Self {
        let agents = (0..).map(AgentId).zip(&case.agents);
        let scores = agents.map(|(agent, it)| (agent, i64::from(it.reputation))).collect();
        Self {
            case,
            jobs,
            came: BTreeSet::new(),
            announced: BTreeSet::new(),
            ended: BTreeMap::new(),
            bids: BTreeSet::new(),
            parts: BTreeMap::new(),
            scores,
            late: 0,
            teams_to_come: BTreeMap::new(),
        }
    }

    fn settle(&mut self, agent: AgentId, change: i64) {
        let score = self.scores.entry(agent).or_insert(100);
        *score = (*score + change).clamp(0, 150);
    }

    /// An attempt is over that was running.
    fn over(&mut self, part: (u32, u16), agent: AgentId, now_us: u64) -> u64 {
        let told = self.parts.get_mut(&part).unwrap();
        let (holder, since_us) = told.running.take().expect("an attempt that runs");
        assert_eq!(holder, agent, "{part:?}");
        now_us - since_us
    }

    fn is_free(&self, job: &Job) -> bool {
        job.spec.depends_on.iter().all(|name| {
            let needed = self.jobs.iter().position(|it| it.spec.name == *name).unwrap() as u32;
            self.ended.get(&needed).is_some_and(|status| *status != TaskStatus::Failed)
        })
    }

    fn announce(&mut self, task: u32) {
        let job = &self.jobs[task as usize];
        assert!(self.is_free(job), "{} waits for {:?}", job.spec.name, job.spec.depends_on);
        if self.announced.insert(task) {
            for other in
                self.came.difference(&self.announced).filter(|it| !self.ended.contains_key(it))
            {
                let other = &self.jobs[*other as usize];
                let alike = other.spec.skills == job.spec.skills && self.is_free(other);
                let (own, others) = (job.spec.priority, other.spec.priority);
                assert!(!alike || others <= own, "{} before {}", job.spec.name, other.spec.name);
            }
        }
    }

    fn tell(&mut self, note: Note, now_us: u64) {
        match note {
            Note::Work(WorkNote::TaskCame { task }) => assert!(self.came.insert(task)),
            Note::Work(WorkNote::TaskAnnounced { task }) => self.announce(task),
            Note::Work(WorkNote::TeamMade { task, .. }) => {
                // A dispatcher announces nothing.
                self.announced.insert(task);
                let left = self.teams_to_come.get_mut(&task).unwrap();
                *left -= 1;
                if *left == 0 {
                    self.teams_to_come.remove(&task);
                }
            }
            Note::Work(WorkNote::BidCame { task, agent }) => {
                self.bids.insert((task, agent));
            }
            Note::Work(WorkNote::Awarded { task, part, agent }) => {
                let has_bid = self.bids.contains(&(task, agent)) || !self.case.is_by_bids();
                assert!(has_bid, "{agent:?} has not bid for {task}");
                assert!(!self.ended.contains_key(&task), "{task} has ended");
                let job = &self.jobs[task as usize];
                let focus = job.parts[usize::from(part)].focus();
                // Before the last team is made, the whole task is awarded, and the order of its parts does
                // not apply.
                let is_last = !self.teams_to_come.contains_key(&task);
                let before = job.spec.after.get(&focus).filter(|_| is_last);
                for skill in before.into_iter().flatten() {
                    let before = job.parts.iter().position(|it| it.focus() == *skill).unwrap();
                    let told = &self.parts[&(task, before as u16)];
                    assert_eq!(told.delivered, 1, "{task} {focus} comes after {skill}");
                }
                let told = self.parts.entry((task, part)).or_default();
                assert!(
                    told.running.is_none() && told.delivered == 0,
                    "{task} {part} is awarded twice"
                );
                (told.running, told.attempts) = (Some((agent, now_us)), told.attempts + 1);
                told.paused_us = None;
            }
            Note::Work(WorkNote::Moved { task, part, .. }) => {
                let (holder, _) = self.parts[&(task, part)].running.expect("an attempt that runs");
                self.over((task, part), holder, now_us);
            }
            Note::Work(WorkNote::Paused { task, part, agent }) => {
                let told = self.parts.get_mut(&(task, part)).unwrap();
                assert_eq!(told.running.map(|(holder, _)| holder), Some(agent), "{task} {part}");
                assert!(told.paused_us.replace(now_us).is_none(), "{task} {part} pauses twice");
            }
            Note::Work(WorkNote::Resumed { task, part, .. }) => {
                let told = self.parts.get_mut(&(task, part)).unwrap();
                let stood_us = now_us - told.paused_us.take().expect("a pause");
                // Its lease stood still meanwhile.
                if let Some((_, since_us)) = &mut told.running {
                    *since_us += stood_us;
                }
            }
            Note::Work(WorkNote::Delivered { task, part, agent, quality }) => {
                let took_us = self.over((task, part), agent, now_us);
                assert!(took_us <= self.case.lease_us(), "{task} {part} counts after its lease");
                self.parts.get_mut(&(task, part)).unwrap().delivered += 1;
                self.settle(agent, if quality > 90 { 7 } else { 5 });
            }
            Note::Work(WorkNote::PartFailed { task, part, agent }) => {
                self.over((task, part), agent, now_us);
                self.settle(agent, -10);
            }
            Note::Work(WorkNote::LeaseExpired { task, part, agent }) => {
                let number = self.parts[&(task, part)].attempts - 1;
                self.over((task, part), agent, now_us);
                let attempt = &self.jobs[task as usize].parts[usize::from(part)].attempts[number];
                assert!(matches!(attempt.end, Some((AttemptEnd::Expired, _))));
                if attempt.taken {
                    self.settle(agent, -10);
                }
            }
            Note::Work(WorkNote::NotTaken { task, part, agent, check }) => {
                let number = self.parts[&(task, part)].attempts - 1;
                self.over((task, part), agent, now_us);
                let attempt = &self.jobs[task as usize].parts[usize::from(part)].attempts[number];
                assert_eq!(
                    attempt.end,
                    Some((AttemptEnd::NotTaken(check), LocalTime(0).after(now_us)))
                );
            }
            Note::Work(WorkNote::CameTooLate { .. }) => self.late += 1,
            Note::Work(WorkNote::TaskEnded { task, status }) => {
                assert!(self.ended.insert(task, status).is_none(), "{task} ends twice");
                for (_, told) in self.parts.iter_mut().filter(|((of, _), _)| *of == task) {
                    told.running = None;
                }
            }
            _ => {}
        }
    }
}

fn check_end(job: &Job, history: &History<'_>, task: u32) {
    let name = &job.spec.name;
    assert_eq!(job.phase, Phase::Ended, "{name} has not ended: {job:?}");
    let status = history.ended[&task];
    let synthesis = job.synthesis.as_ref().unwrap();
    assert_eq!(synthesis.status, status);
    assert_eq!(job.reason.is_some(), status == TaskStatus::Failed, "{name}: {:?}", job.reason);
    let mut done = 0;
    for (number, part) in (0_u16..).zip(&job.parts) {
        let delivered = history.parts.get(&(task, number)).map_or(0, |told| told.delivered);
        let counted =
            part.attempts.iter().filter(|it| matches!(it.end, Some((AttemptEnd::Done, _))));
        assert_eq!(counted.count() as u32, delivered);
        let tries = part.attempts.iter();
        let tries = tries.filter(|it| !it.end.is_some_and(|(end, _)| end.is_no_try())).count();
        assert!(tries <= history.case.attempts() as usize, "{name} was tried {tries} times");
        match part.end.as_ref().unwrap() {
            PartEnd::Done { agent, data, .. } => {
                let last = part.attempts.last().unwrap();
                assert!(last.agent == *agent && delivered == 1, "{name}");
                let who = match agent.index() {
                    it if it < history.case.agents.len() => format!("a-{it}"),
                    _ => "n".to_owned(),
                };
                assert_eq!(data.get("by"), Some(&Value::text(&who)), "{name}");
                done += 1;
            }
            PartEnd::Failed { .. } => assert_eq!(delivered, 0, "{name}"),
        }
    }
    let all = done == job.parts.len() && job.team.uncovered.is_empty();
    let expected = match done {
        0 => TaskStatus::Failed,
        _ if all => TaskStatus::Done,
        _ => TaskStatus::Partial,
    };
    assert_eq!(status, expected, "{name}");
}

fn check(case: &Case) {
    let mut simulation = case.simulation();
    let mut loads = BTreeMap::new();
    let mut steps = 0;
    while simulation.step(u64::MAX) {
        check_now(&simulation, &mut loads);
        check_durable(&simulation);
        steps += 1;
        assert!(steps < 200_000 && simulation.now_us() < 7_200_000_000, "it goes on for ever");
    }
    let unheard =
        simulation.agenda().any(|(.., fate)| matches!(fate, Fate::Waits | Fate::NeverHeard));
    for property in simulation.observer.properties(true) {
        let may_fail = unheard && property.name == "requests_heard";
        assert_eq!(property.status == PropertyStatus::Violated, may_fail, "{property:?}");
    }
    let board = board(&simulation);
    let mut history = History::new(case, &board.jobs);
    for (_, note) in notes(&simulation) {
        if let Note::Work(WorkNote::TeamMade { task, .. }) = note {
            *history.teams_to_come.entry(task).or_default() += 1;
        }
    }
    let mut refused = 0;
    for (event, note) in notes(&simulation) {
        refused += usize::from(matches!(note, Note::Work(WorkNote::TaskRefused { .. })));
        history.tell(note, event.time_us);
    }
    for (task, job) in (0..).zip(&board.jobs) {
        check_end(job, &history, task);
    }
    // Whatever the coordinator has heard is a task, or was refused.
    let coordinator = AgentId(case.agents.len() as u32);
    let (mut orders, mut changes) = (0, 0);
    for event in simulation.trace.kept().filter(|event| event.agent == coordinator) {
        orders += usize::from(event.what == What::Commanded);
        changes += usize::from(matches!(
            event.what,
            What::Note(Note::Work(
                WorkNote::WorkChanged
                    | WorkNote::AssignChanged { .. }
                    | WorkNote::Rebalanced { .. }
            ))
        ));
    }
    assert_eq!(orders, board.jobs.len() + refused + changes);
    assert_eq!((history.late, refused), (board.late, board.refused.len()));
    for (agent, record) in &board.standings.records {
        let expected = history.scores.get(agent).copied().unwrap_or(100);
        assert_eq!(i64::from(record.score), expected, "{agent:?} {record:?}");
        let mut keys: Vec<_> =
            record.history.iter().map(|it| (it.task, it.part, it.attempt)).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), record.history.len(), "once per attempt");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_task_ends_once_and_nothing_counts_twice(case in cases()) {
        check(&case);
    }
}
