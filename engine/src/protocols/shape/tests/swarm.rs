//! A swarm from a few lines of JSON, and switches that something interrupts.

use crate::common::topology::TopologyKind::{self, Hierarchical, Mesh, Ring, Star};
use crate::protocols::shape::ledger::Ledger;
use crate::protocols::shape::note::ShapeNote;
use crate::scenario::Scenario;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, Routes, What};
use crate::swarm::note::Note;
use serde_json::{Value, json};

pub fn at(ms: u64, fault: Value) -> Value {
    json!({ "at_ms": ms, "do": fault })
}

pub fn reshape(ms: u64, to: &str) -> Value {
    at(ms, json!({ "reshape": { "to": to } }))
}

pub fn chatter(ms: u64, per_second: u32) -> Value {
    at(ms, json!({ "chatter": { "per_second": per_second } }))
}

pub fn named(count: u32) -> Vec<Value> {
    (0..count).map(|number| json!({ "id": format!("a{number}") })).collect()
}

/// So many agents, a0 to the last; a0 decides, twice a second. A link takes 10 ms.
pub fn scenario(count: u32, section: &Value, faults: &[Value], more: &Value) -> Scenario {
    let mut file = json!({
        "format": 1, "name": "shape", "title": "Shape", "agents": named(count), "faults": faults,
        "shape": { "measure_ms": 500, "patience_ms": 800 },
        "network": { "latency_ms": { "fixed": 10 } }, "ends_at_ms": 20_000,
    });
    for (name, value) in section.as_object().unwrap() {
        file["shape"][name] = value.clone();
    }
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    Scenario::parse(&file.to_string(), "test").unwrap_or_else(|error| panic!("{error}\n{file}"))
}

pub fn started(scenario: &Scenario, seed: u64) -> SwarmSimulation {
    scenario.start(seed, &[], 1_000_000).unwrap()
}

fn played(count: u32, section: &Value, faults: &[Value]) -> SwarmSimulation {
    let mut simulation = started(&scenario(count, section, faults, &json!({})), 5);
    simulation.run_until(20_000_000, u64::MAX);
    simulation
}

pub fn ledger(simulation: &SwarmSimulation) -> &Ledger {
    let books = simulation.agent(AgentId(0)).durable.shape.as_ref();
    books.and_then(|books| books.ledger.as_deref()).unwrap()
}

/// The switches that were carried through, and those that were undone with so many promises missing; each with its time in ms.
fn ends(simulation: &SwarmSimulation) -> Vec<(u64, Result<TopologyKind, u16>)> {
    let end = |event: &crate::sim::Event<Note>| match event.what {
        What::Note(Note::Shape(ShapeNote::Switches { to, .. })) => Some(Ok(to)),
        What::Note(Note::Shape(ShapeNote::Undoes { missing, .. })) => Some(Err(missing)),
        _ => None,
    };
    let all = simulation.trace.kept();
    all.filter_map(|event| Some((event.time_us / 1_000, end(event)?))).collect()
}

/// Everyone, and the network itself, has the shape of the last switch.
pub fn check_agreed(simulation: &SwarmSimulation) {
    let ledger = ledger(simulation);
    assert_eq!(TopologyKind::of(simulation.routes()), ledger.shape);
    for slot in simulation.agents() {
        let books = slot.durable.shape.as_ref().unwrap();
        let (epoch, promised) = (books.stand.confirmed, books.stand.promised);
        assert_eq!((epoch, promised, books.shape), (ledger.epoch, 0, ledger.shape));
    }
}

#[test]
fn a_switch_takes_a_promise_and_a_word() {
    let simulation = played(6, &json!({}), &[reshape(2_100, "ring")]);
    assert_eq!(ends(&simulation), [(2_120, Ok(Ring))]);
    check_agreed(&simulation);
    let events: Vec<_> = simulation.trace.kept().collect();
    let rewired = events.iter().find(|event| event.what == What::RoutesChanged).unwrap();
    assert_eq!(rewired.agent, AgentId(0));
    assert_eq!(events[rewired.cause as usize].what, What::Delivered, "by the last promise");
}

#[test]
fn messages_on_their_way_arrive_by_the_new_links() {
    let shapes = ["ring", "hierarchical", "star", "ring", "mesh", "hierarchical", "adaptive"];
    let mut faults = vec![chatter(100, 40)];
    faults.extend(shapes.iter().zip(3..).map(|(to, second)| reshape(second * 1_000, to)));
    faults.push(chatter(15_000, 0));
    let simulation = played(9, &json!({}), &faults);
    let books = simulation.counters.end_to_end;
    assert_eq!(ends(&simulation).len(), 7);
    assert!(books.sent > 4_000, "{books:?}");
    assert_eq!((books.dropped, books.delivered + books.in_flight), (0, books.sent));
}

#[test]
fn a_partition_undoes_a_switch_and_the_next_goes_without_those_beyond() {
    let parted = json!({ "partition": { "groups": [["a0", "a1", "a2", "a3"], ["a4", "a5"]] } });
    let faults = [at(2_095, parted), reshape(2_100, "star"), at(9_000, json!("heal"))];
    let simulation = played(6, &json!({}), &faults);
    let ends = ends(&simulation);
    assert_eq!(ends.first(), Some(&(2_900, Err(2))));
    assert!(ends.len() > 1 && ends.last().is_some_and(|(ms, end)| *ms < 9_000 && *end == Ok(Star)));
    check_agreed(&simulation);
}

#[test]
fn the_smaller_part_does_not_judge() {
    let parted = json!({ "partition": { "groups": [["a0", "a1"], ["a2", "a3", "a4"]] } });
    let faults = [at(2_000, parted), reshape(6_000, "star"), at(9_000, json!("heal"))];
    let simulation = played(5, &json!({}), &faults);
    let [(ms, Ok(Star))] = ends(&simulation)[..] else { panic!("{:?}", ends(&simulation)) };
    assert!(ms > 9_000);
    check_agreed(&simulation);
}

/// The decider crashes so many microseconds after it was asked for a star, and comes back.
fn crashed_after(us: u64) -> SwarmSimulation {
    let ms = 2_100.0 + us as f64 / 1_000.0;
    let crash = json!({ "at_ms": ms, "do": { "crash": { "agent": "a0" } } });
    let back = at(4_000, json!({ "restart": { "agent": "a0" } }));
    // The wish is taken back in between, so that the crash alone decides.
    let faults = [reshape(2_100, "star"), crash, reshape(3_000, "adaptive"), back];
    played(6, &json!({}), &faults)
}

#[test]
fn a_crash_of_the_decider_undoes_a_switch_or_has_it_carried_through() {
    for (us, first) in [(1_000, Err(0)), (19_000, Err(0)), (20_001, Ok(Star)), (25_000, Ok(Star))] {
        let simulation = crashed_after(us);
        assert_eq!(ends(&simulation).first().map(|it| it.1), Some(first), "after {us} µs");
        check_agreed(&simulation);
        assert_eq!(ledger(&simulation).shape, Mesh, "six agents are few");
    }
}

#[test]
fn who_joins_takes_up_the_shape_and_who_comes_back_asks_for_it() {
    let joins = |ms, id: &str| at(ms, json!({ "spawn": { "agent": { "id": id } } }));
    let faults = [
        at(1_000, json!({ "crash": { "agent": "a3" } })),
        reshape(4_000, "hierarchical"),
        joins(5_000, "b"),
        joins(5_001, "c"),
        at(6_000, json!({ "restart": { "agent": "a3" } })),
    ];
    let simulation = played(6, &json!({}), &faults);
    assert_eq!(ends(&simulation), [(4_020, Ok(Hierarchical))]);
    check_agreed(&simulation);
    let Routes::Tree(_) = **simulation.routes() else { panic!("{:?}", simulation.routes()) };
    assert_eq!(simulation.routes().len(), 8);
    // a3 was down: nobody's way leads through it.
    let parent = |agent| simulation.routes().parent(AgentId(agent));
    assert!((0..6).all(|agent| parent(agent) != Some(AgentId(3))));
    assert_eq!(ledger(&simulation).known.len(), 7);
}

#[test]
fn a_hierarchy_is_laid_anew_around_an_agent_that_is_down() {
    let faults = [reshape(2_100, "hierarchical"), at(5_000, json!({ "crash": { "agent": "a1" } }))];
    let simulation = played(7, &json!({}), &faults);
    let ends = ends(&simulation);
    assert_eq!(ends.iter().map(|it| it.1).collect::<Vec<_>>(), [Ok(Hierarchical); 2], "{ends:?}");
    let parent = |agent| simulation.routes().parent(AgentId(agent));
    assert!((0..7).all(|agent| parent(agent) != Some(AgentId(1))));
}

#[test]
fn an_answer_may_take_longer_than_a_round() {
    let slow = json!({ "network": { "latency_ms": { "fixed": 60 } } });
    let section = json!({ "measure_ms": 100, "patience_ms": 2_000, "mesh_max": 5 });
    let mut simulation = started(&scenario(8, &section, &[], &slow), 5);
    simulation.run_until(10_000_000, u64::MAX);
    let decider = simulation.agent(AgentId(0)).process.shape.as_ref().unwrap();
    let measured = decider.decider.as_ref().unwrap().measured;
    assert_eq!((measured.agents, measured.silent, measured.link_us), (8, 0, 60_000));
}

#[test]
fn without_hysteresis_the_shape_goes_to_and_fro() {
    let count = |section: &Value| ends(&played(10, section, &[chatter(100, 4)])).len();
    let section = |hold: u32, band_percent: u32| json!({ "mesh_max": 5, "load_max": 76, "hold": hold, "band_percent": band_percent });
    let (with, without) = (count(&section(3, 20)), count(&section(1, 0)));
    assert_eq!(with, 1, "to a star");
    assert!(without > 5, "{without} switches");
}
