//! A swarm that works, from a few lines of JSON, and what can be asked of it.

use serde_json::{Value, json};
use swarmglass_engine::protocols::work::board::Board;
use swarmglass_engine::protocols::work::job::{Job, PartJob};
use swarmglass_engine::protocols::work::worker::Worker;
use swarmglass_engine::scenario::Scenario;
use swarmglass_engine::scenario::build::SwarmSimulation;
use swarmglass_engine::sim::{AgentId, Event, Status, What};
use swarmglass_engine::swarm::note::Note;

pub fn scenario(agents: &Value, work: &Value, faults: &[Value], more: &Value) -> Scenario {
    let mut file = json!({
        "format": 1, "name": "work", "title": "Work", "agents": agents, "work": work, "faults": faults,
    });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    Scenario::parse(&file.to_string(), "test").unwrap_or_else(|error| panic!("{error}\n{file}"))
}

pub fn started(scenario: &Scenario, seed: u64) -> SwarmSimulation {
    scenario.start(seed, &[], 1_000_000).unwrap()
}

/// Played to its end, which must come by itself.
pub fn played(scenario: &Scenario, seed: u64) -> SwarmSimulation {
    let mut simulation = started(scenario, seed);
    while simulation.step(u64::MAX) {
        assert!(simulation.now_us() < 3_600_000_000, "it goes on for ever");
    }
    simulation
}

/// On links that take 2 ms and lose nothing.
pub fn after(agents: &Value, work: &Value, faults: &[Value]) -> SwarmSimulation {
    let more = json!({ "network": { "latency_ms": { "fixed": 2 } } });
    played(&scenario(agents, work, faults, &more), 1)
}

pub fn at(ms: f64, fault: Value) -> Value {
    json!({ "at_ms": ms, "do": fault })
}

pub fn boards(simulation: &SwarmSimulation) -> impl Iterator<Item = (AgentId, &Board)> {
    (0..)
        .map(AgentId)
        .zip(simulation.agents())
        .filter_map(|(agent, slot)| Some((agent, slot.process.work.as_ref()?.board()?)))
}

/// The same as it would be after a crash.
pub fn durable_boards(simulation: &SwarmSimulation) -> impl Iterator<Item = (AgentId, &Board)> {
    (0..)
        .map(AgentId)
        .zip(simulation.agents())
        .filter_map(|(agent, slot)| Some((agent, slot.durable.work.as_ref()?.board()?)))
}

/// Whatever a manager has said or counted survives a crash.
pub fn check_durable(simulation: &SwarmSimulation) {
    for ((agent, board), (_, kept)) in boards(simulation).zip(durable_boards(simulation)) {
        if matches!(simulation.agent(agent).status, Status::Down | Status::Removed) {
            continue;
        }
        let counts =
            |it: &Board| (it.late, it.refused.len(), it.jobs.len(), it.policy, it.members.clone());
        assert_eq!(counts(board), counts(kept));
        assert_eq!(board.standings, kept.standings);
        for (job, kept) in board.jobs.iter().zip(&kept.jobs) {
            let ended = |it: &Job| (it.ended_us, it.reason.clone(), it.on_behalf, it.team.clone());
            assert_eq!(ended(job), ended(kept), "{}", job.spec.name);
            assert_eq!(job.parts.len(), kept.parts.len(), "{}", job.spec.name);
            for (part, kept) in job.parts.iter().zip(&kept.parts) {
                assert_eq!(part.end, kept.end, "{}", job.spec.name);
                let attempts = |it: &PartJob| -> Vec<_> {
                    it.attempts.iter().map(|it| (it.agent, it.taken, it.late, it.end)).collect()
                };
                assert_eq!(attempts(part), attempts(kept), "{}", job.spec.name);
            }
        }
    }
}

/// The coordinator's.
pub fn board(simulation: &SwarmSimulation) -> &Board {
    let coordinator = simulation.agents().find_map(|slot| {
        slot.process.vote.as_ref()?.counter()?;
        slot.process.work.as_ref()?.board()
    });
    coordinator.unwrap()
}

pub fn workers(simulation: &SwarmSimulation) -> impl Iterator<Item = (AgentId, &Worker)> {
    let slots = (0..).map(AgentId).zip(simulation.agents());
    slots.filter_map(|(agent, slot)| Some((agent, slot.process.work.as_ref()?.worker()?)))
}

pub fn job<'a>(simulation: &'a SwarmSimulation, name: &str) -> &'a Job {
    board(simulation).jobs.iter().find(|job| job.spec.name == name).unwrap()
}

/// How a task came out, and why it failed.
pub fn end(simulation: &SwarmSimulation, name: &str) -> (&'static str, Option<String>) {
    let job = job(simulation, name);
    let status = job.synthesis.as_ref().map_or("open", |it| it.status.name());
    (status, job.reason.as_ref().map(|reason| reason.words()))
}

pub fn warnings(simulation: &SwarmSimulation, name: &str) -> Vec<String> {
    let synthesis = job(simulation, name).synthesis.as_ref().unwrap();
    synthesis.warnings.iter().map(|it| it.words(&|agent| format!("agent {}", agent.0))).collect()
}

/// The agents that were awarded the parts of a task, by part and attempt.
pub fn awarded(simulation: &SwarmSimulation, name: &str) -> Vec<Vec<u32>> {
    let parts = job(simulation, name).parts.iter();
    parts.map(|part| part.attempts.iter().map(|attempt| attempt.agent.0).collect()).collect()
}

pub fn reputations(simulation: &SwarmSimulation) -> Vec<u32> {
    board(simulation).standings.records.iter().map(|(_, record)| record.score).collect()
}

pub fn notes(simulation: &SwarmSimulation) -> impl Iterator<Item = (&Event<Note>, Note)> {
    simulation.trace.kept().filter_map(|event| match event.what {
        What::Note(note) => Some((event, note)),
        _ => None,
    })
}
