//! A swarm that keeps something, from a few lines of JSON, and what can be asked of it.

use crate::common::value;
use crate::protocols::state::holder::Holder;
use crate::protocols::state::replica::KeyId;
use crate::scenario::Scenario;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, Event, Status, What};
use crate::swarm::note::Note;
use serde_json::{Value, json};

pub fn scenario(agents: &Value, state: &Value, faults: &[Value], more: &Value) -> Scenario {
    let mut file = json!({
        "format": 1, "name": "state", "title": "State", "agents": agents, "state": state, "faults": faults,
    });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    Scenario::parse(&file.to_string(), "test").unwrap_or_else(|error| panic!("{error}\n{file}"))
}

pub fn started(scenario: &Scenario, seed: u64) -> SwarmSimulation {
    scenario.start(seed, &[], 1_000_000).unwrap()
}

/// Played until this time, or the end.
pub fn played(scenario: &Scenario, seed: u64, until_ms: u64) -> SwarmSimulation {
    let mut simulation = started(scenario, seed);
    simulation.run_until(until_ms * 1_000, u64::MAX);
    simulation
}

pub fn at(ms: u64, fault: Value) -> Value {
    json!({ "at_ms": ms, "do": fault })
}

pub fn write(agent: &str, write: &Value) -> Value {
    json!({ "write": { "agent": agent, "writes": [write] } })
}

/// The holders of all members that are up, by number.
pub fn holders(simulation: &SwarmSimulation) -> Vec<(AgentId, &Holder)> {
    let slots = (0..).map(AgentId).zip(simulation.agents());
    let up = slots.filter(|(_, slot)| slot.status == Status::Up);
    up.filter_map(|(agent, slot)| Some((agent, slot.process.state.as_deref()?))).collect()
}

pub fn holder(simulation: &SwarmSimulation, agent: u32) -> &Holder {
    holders(simulation).into_iter().find(|(id, _)| id.0 == agent).unwrap().1
}

pub fn value_at(simulation: &SwarmSimulation, agent: u32, key: u32) -> Option<value::Value> {
    let record = holder(simulation, agent).replica.records.get(&KeyId(key))?;
    Some(record.current().value.clone())
}

pub fn notes(simulation: &SwarmSimulation) -> impl Iterator<Item = (&Event<Note>, Note)> {
    simulation.trace.kept().filter_map(|event| match event.what {
        What::Note(note) => Some((event, note)),
        _ => None,
    })
}
