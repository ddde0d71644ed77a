//! Strong keys: whatever goes wrong, no version ever has two values; a minority refuses, a majority goes on.

use std::collections::BTreeMap;

use crate::common::value;
use crate::protocols::state::note::StateNote;
use crate::protocols::state::replica::KeyId;
use crate::protocols::state::strong::StrongRefusal;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, Property, PropertyStatus};
use crate::swarm::note::Note;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::swarm::{at, holder, holders, notes, played, scenario, started, write};

const KEY: KeyId = KeyId(0);

fn state(more: &Value) -> Value {
    let mut state = json!({ "keys": [{ "key": "x", "strong": true }], "timeout_ms": 200 });
    for (name, value) in more.as_object().unwrap() {
        state[name] = value.clone();
    }
    state
}

fn agents(count: u32) -> Value {
    json!([{ "id": "a", "count": count }])
}

fn set(agent: &str, value: u32, expects: u64) -> Value {
    write(agent, &json!({ "key": "x", "set": value, "expects": expects }))
}

fn read(agent: &str) -> Value {
    json!({ "read": { "agent": agent, "key": "x" } })
}

fn partition(groups: &[&[&str]]) -> Value {
    json!({ "partition": { "groups": groups } })
}

/// Version and value that the agent knows of.
fn known(simulation: &SwarmSimulation, agent: u32) -> (u64, value::Value) {
    let strong = holder(simulation, agent).strong.get(&KEY);
    strong.map_or((0, value::Value::Null), |it| (it.committed.version, it.committed.value.clone()))
}

fn refusal(simulation: &SwarmSimulation, agent: u32) -> Option<StrongRefusal> {
    holder(simulation, agent).strong.get(&KEY)?.refused
}

fn number(number: i64) -> value::Value {
    value::Value::integer(number).unwrap()
}

fn after(agents_count: u32, faults: &[Value], until_ms: u64) -> SwarmSimulation {
    played(&scenario(&agents(agents_count), &state(&json!({})), faults, &json!({})), 1, until_ms)
}

#[test]
fn a_write_that_expects_the_newest_version_reaches_all() {
    let simulation = after(5, &[at(1, set("a-1", 7, 0)), at(50, set("a-4", 8, 1))], 1_000);
    for agent in 0..5 {
        assert_eq!(known(&simulation, agent), (2, number(8)));
    }
}

#[test]
fn a_minority_refuses_and_a_majority_goes_on() {
    let apart = partition(&[&["a-1", "a-2"], &["a-3", "a-4", "a-5"]]);
    let faults =
        [at(1, apart), at(10, set("a-1", 7, 0)), at(10, set("a-3", 8, 0)), at(20, read("a-2"))];
    let simulation = after(5, &faults, 1_000);
    let refused = |reached| Some(StrongRefusal::NoQuorum { reached, needed: 3 });
    assert_eq!(refusal(&simulation, 0), refused(2));
    assert_eq!(refusal(&simulation, 1), refused(2), "it cannot read either");
    for (agent, version) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1)] {
        assert_eq!(known(&simulation, agent).0, version, "agent {agent}");
    }
}

#[test]
fn a_write_that_expects_an_old_version_is_refused_and_learns_the_new_one() {
    let apart = partition(&[&["a-1"], &["a-2", "a-3"]]);
    let faults =
        [at(1, apart), at(10, set("a-2", 7, 0)), at(300, json!("heal")), at(310, set("a-1", 8, 0))];
    let simulation = after(3, &faults, 1_000);
    assert_eq!(refusal(&simulation, 0), Some(StrongRefusal::OtherVersion { newest: 1 }));
    assert_eq!(known(&simulation, 0), (1, number(7)));
    // Its own knowledge is enough to refuse.
    let simulation = after(3, &[at(1, set("a-1", 7, 0)), at(50, set("a-2", 8, 5))], 1_000);
    assert_eq!(refusal(&simulation, 1), Some(StrongRefusal::OtherVersion { newest: 1 }));
}

#[test]
fn split_votes_are_refused_and_change_nothing() {
    let faults: Vec<Value> = (1..=3).map(|it| at(5, set(&format!("a-{it}"), it, 0))).collect();
    let simulation = after(3, &faults, 1_000);
    for agent in 0..3 {
        assert_eq!(refusal(&simulation, agent), Some(StrongRefusal::VotesSplit));
        assert_eq!(known(&simulation, agent), (0, value::Value::Null));
    }
}

#[test]
fn what_more_than_half_have_voted_for_is_found_when_its_writer_is_gone() {
    // The votes are given at 2 ms; the one who would count them crashes first, or is cut off.
    let crash = json!({ "crash": { "agent": "a-1" } });
    let begun = [at(1, set("a-1", 7, 0)), at(2, crash)];
    for ask in [read("a-2"), set("a-2", 9, 0)] {
        let is_read = ask.get("read").is_some();
        let mut faults = begun.to_vec();
        faults.push(at(20, ask));
        let simulation = after(5, &faults, 1_000);
        assert_eq!(known(&simulation, 1), (1, number(7)));
        let newest = StrongRefusal::OtherVersion { newest: 1 };
        assert_eq!(refusal(&simulation, 1), (!is_read).then_some(newest));
    }
}

#[test]
fn a_read_finishes_a_write_that_may_have_been_committed() {
    // a-1 has its own vote and that of a-2, commits, and is gone before anyone hears of it; a-3 never voted.
    let cut = json!({ "cut": { "from": "a-1", "to": "a-3" } });
    let faults = [
        at(1, cut),
        at(2, set("a-1", 7, 0)),
        json!({ "at_ms": 4.002, "do": { "cut": { "from": "a-1", "to": "a-2" } } }),
        json!({ "at_ms": 4.003, "do": { "crash": { "agent": "a-1" } } }),
        at(20, read("a-3")),
    ];
    let scenario = scenario(&agents(3), &state(&json!({})), &faults, &json!({}));
    let simulation = played(&scenario, 1, 15);
    assert_eq!(known(&simulation, 1).0, 0, "nobody who is up knows");
    let durable = &simulation.agent(AgentId(0)).durable;
    assert_eq!(durable.state.as_ref().unwrap().strong.get(&KEY).unwrap().committed.version, 1);
    let simulation = played(&scenario, 1, 2_000);
    assert_eq!(known(&simulation, 2), (1, number(7)));
    assert!(
        notes(&simulation)
            .any(|it| it.1 == Note::State(StateNote::StrongRead { key: KEY, version: 1 }))
    );
}

#[test]
fn agents_that_came_later_have_no_vote() {
    // Four newcomers could outvote one side of the four that are there.
    let spawn = |it: u32| at(1, json!({ "spawn": { "agent": { "id": format!("n-{it}") } } }));
    let mut faults: Vec<Value> = (1..=4).map(spawn).collect();
    let apart = partition(&[&["a-1", "a-2"], &["a-3", "a-4", "n-1", "n-2", "n-3", "n-4"]]);
    faults.extend([at(50, apart), at(60, set("n-1", 7, 0)), at(60, set("a-1", 8, 0))]);
    let simulation = after(4, &faults, 400);
    let refused = |reached| Some(StrongRefusal::NoQuorum { reached, needed: 3 });
    // The coordinator is number 4.
    assert_eq!((refusal(&simulation, 5), refusal(&simulation, 0)), (refused(2), refused(2)));
    faults.truncate(4);
    faults.push(at(60, set("n-1", 7, 0)));
    let simulation = after(4, &faults, 400);
    for agent in [0, 1, 2, 3, 5] {
        assert_eq!(known(&simulation, agent), (1, number(7)));
    }
}

#[test]
fn anti_entropy_brings_commits_that_were_lost() {
    let state = state(&json!({ "sync_interval_ms": 50 }));
    let apart = partition(&[&["a-1", "a-2"], &["a-3"]]);
    let faults = [at(1, apart), at(10, set("a-1", 7, 0)), at(300, json!("heal"))];
    let scenario = scenario(&agents(3), &state, &faults, &json!({ "ends_at_ms": 1_000 }));
    assert_eq!(known(&played(&scenario, 1, 299), 2).0, 0);
    assert_eq!(known(&played(&scenario, 1, 1_000), 2), (1, number(7)));
}

#[derive(Clone, Debug)]
struct Step {
    ms: u64,
    what: u8,
    agent: u32,
    other: u32,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (1..2_000_u64, 0..20_u8, 0..6_u32, 0..64_u32);
    let step = step.prop_map(|(ms, what, agent, other)| Step { ms, what, agent, other });
    prop::collection::vec(step, 1..50)
}

/// Plays the steps; a write expects what the writer knows at that moment, or one more or less.
fn check(count: u32, loss: u32, anti_entropy: bool, seed: u64, steps: &[Step]) {
    let name = |agent: u32| {
        if agent % (count + 1) == count {
            "n".into()
        } else {
            format!("a-{}", agent % (count + 1) + 1)
        }
    };
    let mut faults = vec![at(0, json!({ "spawn": { "agent": { "id": "n" } } }))];
    for (value, step) in (0..).zip(steps) {
        let agent = name(step.agent);
        let fault = match step.what {
            0..8 => set(&agent, value, u64::from(step.other % 4)),
            8..11 => read(&agent),
            11 => {
                let side = |side| {
                    let of = |it: &u32| (step.other >> it & 1) == side;
                    (0..=count).filter(of).map(name).collect::<Vec<_>>()
                };
                json!({ "partition": { "groups": [side(0), side(1)] } })
            }
            12 | 13 => json!("heal"),
            14 => json!({ "crash": { "agent": agent } }),
            15 | 16 => json!({ "restart": { "agent": agent } }),
            17 => json!({ "pause": { "agent": agent } }),
            18 => json!({ "resume": { "agent": agent } }),
            _ => continue,
        };
        faults.push(at(step.ms, fault));
    }
    faults.push(at(2_000, json!("heal")));
    let link = json!({ "latency_ms": { "fixed": 2 } });
    faults.push(at(2_000, json!({ "set_network": { "link": link } })));
    for agent in 0..=count {
        faults.push(at(2_000, json!({ "restart": { "agent": name(agent) } })));
        faults.push(at(2_000, json!({ "resume": { "agent": name(agent) } })));
    }
    faults.push(at(2_500, read("a-1")));
    let state = state(&json!({
        "sync_interval_ms": if anti_entropy { 100 } else { 0 }, "durable": seed.is_multiple_of(2),
    }));
    let network = json!({
        "latency_ms": { "uniform": [1, 40] }, "loss": f64::from(loss) / 100.0, "duplication": 0.1,
    });
    let more = json!({ "network": network, "ends_at_ms": 3_500 });
    let scenario = scenario(&agents(count), &state, &faults, &more);
    let mut simulation = started(&scenario, seed);
    let mut values: BTreeMap<u64, value::Value> = BTreeMap::new();
    let mut committed = vec![0; count as usize + 2];
    while simulation.step(3_500_000) {
        for (agent, holder) in holders(&simulation) {
            let Some(strong) = holder.strong.get(&KEY) else { continue };
            let (version, value) = (strong.committed.version, &strong.committed.value);
            let known = values.entry(version).or_insert_with(|| value.clone());
            assert_eq!(known, value, "version {version} at {agent:?}");
            let before = std::mem::replace(&mut committed[agent.index()], version);
            assert!(before <= version, "{agent:?} went back from {before} to {version}");
        }
    }
    let newest = *values.keys().max().unwrap_or(&0);
    let read = known(&simulation, 0).0;
    assert!(newest <= read || values.is_empty(), "read {read}, the newest is {newest}");
    let violated = |it: &Property| it.status == PropertyStatus::Violated;
    let properties = simulation.observer.properties(false);
    assert!(!properties.iter().any(violated), "{properties:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_version_ever_has_two_values(
        count in 1..=5_u32, loss in 0..=40_u32, anti_entropy: bool, seed: u64, steps in steps(),
    ) {
        check(count, loss, anti_entropy, seed, &steps);
    }
}
