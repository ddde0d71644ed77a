//! A swarm with a keeper, from a few lines of JSON, and what can be asked of it.

use crate::protocols::resources::Resources;
use crate::protocols::resources::books::Books;
use crate::protocols::resources::note::ResourcesNote;
use crate::protocols::resources::taker::Taker;
use crate::protocols::resources::watch::ResourcesWatch;
use crate::scenario::Scenario;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, Event, PropertyStatus, What};
use crate::swarm::note::Note;
use serde_json::{Value, json};

/// The keeper is agent 0, named k; then come a, b, c, …
pub const KEEPER: AgentId = AgentId(0);

pub fn scenario(takers: usize, resources: &Value, faults: &[Value], more: &Value) -> Scenario {
    let letters = "kabcdefgh".chars().take(takers + 1);
    let agents: Vec<Value> = letters.map(|id| json!({ "id": id.to_string() })).collect();
    let mut section = json!({ "keeper": "k" });
    for (name, value) in resources.as_object().unwrap() {
        section[name] = value.clone();
    }
    let mut file = json!({
        "format": 1, "name": "resources", "title": "Resources", "agents": agents, "resources": section,
        "faults": faults, "network": { "latency_ms": { "fixed": 10 } }, "ends_at_ms": 20_000,
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

pub fn unit(id: &str, capacity: u32) -> Value {
    json!({ "id": id, "kind": "compute", "capacity": capacity })
}

/// A demand of an agent, with what it takes: names and amounts.
pub fn demand(agent: &str, at_ms: u64, takes: &[(&str, u32)], hold_ms: u64) -> Value {
    let take = |(resource, amount): &(&str, u32)| json!({ "resource": resource, "amount": amount });
    let takes: Vec<Value> = takes.iter().map(take).collect();
    json!({ "agent": agent, "at_ms": at_ms, "takes": takes, "hold_ms": hold_ms })
}

/// The same with another value.
pub fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

pub fn books(simulation: &SwarmSimulation) -> &Books {
    let durable = simulation.agent(KEEPER).durable.resources.as_ref();
    durable.and_then(|it| it.books()).unwrap()
}

pub fn taker(simulation: &SwarmSimulation, agent: u32) -> &Taker {
    let machine = simulation.agent(AgentId(agent)).process.resources.as_ref();
    machine.and_then(Resources::taker).unwrap()
}

pub fn watch(simulation: &SwarmSimulation) -> &ResourcesWatch {
    simulation.observer.watches.resources.as_ref().unwrap()
}

/// All notes of the protocol, with their times in milliseconds and the agents that note them.
pub fn notes(simulation: &SwarmSimulation) -> Vec<(u64, u32, ResourcesNote)> {
    let own = |event: &Event<Note>| match event.what {
        What::Note(Note::Resources(note)) => Some((event.time_us / 1_000, event.agent.0, note)),
        _ => None,
    };
    simulation.trace.kept().filter_map(own).collect()
}

/// The agents in the order of their grants.
pub fn granted(simulation: &SwarmSimulation) -> String {
    let agent = |(.., note): &(u64, u32, ResourcesNote)| match note {
        ResourcesNote::Granted { agent, .. } => "kabcdefgh".chars().nth(agent.index()),
        _ => None,
    };
    notes(simulation).iter().filter_map(agent).collect()
}

pub fn status(simulation: &SwarmSimulation, name: &str) -> PropertyStatus {
    let properties = simulation.observer.properties(true);
    properties.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{properties:?}")).status
}
