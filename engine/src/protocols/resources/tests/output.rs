//! All that is told and shown, word for word, and what the info pages promise.

use std::sync::Arc;

use crate::playback::{Command, Frame, Run};
use crate::protocol::note::letters::{B, check_sentences};
use crate::protocols::resources::note::{GiveUp, ResourcesNote};
use crate::scenario::{Scenario, gallery};
use crate::sim::{AgentId, PropertyStatus};
use crate::view::acts::acts;
use crate::view::documents::documents;
use crate::view::inspector::inspector;
use crate::view::settings::with;
use crate::view::stage::target::Target;
use serde_json::Value;

fn scenario(name: &str) -> Scenario {
    gallery::find(name).and_then(gallery::Entry::scenario).expect("it is in the gallery")
}

fn played(scenario: Scenario, time_us: u64) -> Run {
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).expect("it starts");
    run.apply(&Command::SeekTime { time_us }).expect("it plays");
    run
}

fn told(run: &Run) -> String {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    documents(run, &frame).iter().map(ToString::to_string).collect()
}

fn report(run: &Run) -> Value {
    serde_json::to_value(run.report()).expect("it is JSON")["resources"].clone()
}

fn status(run: &Run, name: &str) -> PropertyStatus {
    let properties = run.report().properties.into_iter();
    properties.filter(|it| it.name == name).map(|it| it.status).next().expect("it is watched")
}

#[test]
fn every_note_has_a_sentence() {
    let (agent, amount, resource, number, demand) = (B, 2, 0, 7, 0);
    let table = [
        (ResourcesNote::Waits { agent, amount, resource }, "ben waits for 2 ."),
        (ResourcesNote::Granted { agent, amount, resource }, "ben gets 2 ."),
        (ResourcesNote::Returned { agent, amount, resource }, "ben gives back 2 ."),
        (ResourcesNote::Withdrawn { agent, amount, resource }, "ben no longer asks for 2 ."),
        (
            ResourcesNote::Lapsed { agent, amount, resource },
            "The lease of ben ended: 2  is free again.",
        ),
        (
            ResourcesNote::Forgotten { agent, amount, resource },
            "Nothing more is heard of ben: its request for 2  is dropped.",
        ),
        (
            ResourcesNote::LateUse { agent, number, resource },
            "ben uses  under grant 7 after its lease: refused.",
        ),
        (
            ResourcesNote::ReturnRefused { agent, amount, resource },
            "ben cannot give back 2 : it holds less.",
        ),
        (
            ResourcesNote::PossibleDeadlock { agents: 3 },
            "3 agents wait for each other: a possible deadlock.",
        ),
        (ResourcesNote::DemandCame { demand }, "ann takes up ."),
        (ResourcesNote::HasAll { demand }, "ann has all of ."),
        (ResourcesNote::DemandEnded { demand }, "ann is done with ."),
        (
            ResourcesNote::Stopped { amount, resource },
            "ann stops using 2 : its lease may have ended.",
        ),
        (ResourcesNote::Deadlock { resource }, "ann waits for , and so for itself: a deadlock."),
        (ResourcesNote::GaveWay { demand }, "ann gives way: it begins  anew."),
        (
            ResourcesNote::GaveUp { demand, reason: GiveUp::NoAnswer },
            "ann gives up : the keeper does not answer.",
        ),
        (ResourcesNote::HoldsNone { resource }, "ann has no  to give back."),
    ];
    check_sentences(&table, |note| match note {
        ResourcesNote::Waits { .. } => 0,
        ResourcesNote::Granted { .. } => 1,
        ResourcesNote::Returned { .. } => 2,
        ResourcesNote::Withdrawn { .. } => 3,
        ResourcesNote::Lapsed { .. } => 4,
        ResourcesNote::Forgotten { .. } => 5,
        ResourcesNote::LateUse { .. } => 6,
        ResourcesNote::ReturnRefused { .. } => 7,
        ResourcesNote::PossibleDeadlock { .. } => 8,
        ResourcesNote::DemandCame { .. } => 9,
        ResourcesNote::HasAll { .. } => 10,
        ResourcesNote::DemandEnded { .. } => 11,
        ResourcesNote::Stopped { .. } => 12,
        ResourcesNote::Deadlock { .. } => 13,
        ResourcesNote::GaveWay { .. } => 14,
        ResourcesNote::GaveUp { .. } => 15,
        ResourcesNote::HoldsNone { .. } => 16,
    });
}

#[test]
fn contention_reads_so_while_cleo_waits() {
    let run = played(scenario("contention"), 1_500_000);
    let expected = "\
Resources (as keeper lends them)
  resource        lent  in use  held by
  gpu, compute  3 of 4    73 %  ann 1, ben 2
    ███████████████.....
  waits  for     since  priority
  cleo   3 gpu  784 ms         5
";
    let text = told(&run);
    assert!(text.starts_with(expected), "{text}");
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let faces: Vec<(Option<u16>, &str)> = frame
        .faces
        .iter()
        .flatten()
        .map(|face| (face.level_permille, face.second.as_str()))
        .collect();
    let expected = [
        (None, "keeper, 1 waiting"),
        (Some(500), "holds 1 gpu"),
        (Some(1_000), "holds 2 gpu"),
        (Some(0), "waits for 3 gpu"),
    ];
    assert_eq!(faces, expected);
    assert_eq!(run.cast().coordinator, None);
}

#[test]
fn a_deadlock_is_shown_as_a_cycle() {
    let run = played(scenario("deadlock"), u64::MAX);
    let text = told(&run);
    let expected = "\
Who waits for whom
  Deadlock: ann → ben → ann.
  ann waits for 1 disk
    ben waits for 1 gpu
      ann waits for 1 disk
  ann waits for 1 disk, held by ben.
  ben waits for 1 gpu, held by ann.
";
    assert!(text.contains(expected), "{text}");
    let report = report(&run);
    assert_eq!(report["deadlocks"][0]["agents"], serde_json::json!(["ben", "ann"]));
    assert_eq!(report["demands"][1]["fate"], "waits");
    assert_eq!(status(&run, "every_request_served"), PropertyStatus::Violated);
    // Things to try.
    for (policy, name) in [(1, "every_request_served"), (2, "no_deadlock")] {
        let changed = with(&scenario("deadlock"), "resource-deadlock", policy).expect("a policy");
        let run = played(Scenario::check(changed.file).expect("it is valid"), u64::MAX);
        assert_eq!(status(&run, name), PropertyStatus::Holds);
        assert_eq!(status(&run, "every_request_served"), PropertyStatus::Holds);
    }
}

#[test]
fn the_philosophers_eat_after_one_has_given_way() {
    let run = played(scenario("dining"), u64::MAX);
    let report = report(&run);
    assert_eq!(report["deadlocks"][0]["agents"].as_array().map(Vec::len), Some(5));
    assert_eq!(status(&run, "every_request_served"), PropertyStatus::Holds);
    let changed = with(&scenario("dining"), "resource-deadlock", 0).expect("a policy");
    let run = played(Scenario::check(changed.file).expect("it is valid"), u64::MAX);
    let last = run.report();
    assert!(
        last.rooms
            .resources
            .expect("its part")
            .resources
            .demands
            .iter()
            .all(|it| it.had_all_at_us.is_none())
    );
}

#[test]
fn zoe_starves_unless_priorities_age() {
    let zoe = |run: &Run| {
        let report = report(run);
        let demands = report["demands"].as_array().expect("a list").clone();
        demands.into_iter().find(|it| it["agent"] == "zoe").expect("she asks")["had_all_at_us"]
            .clone()
    };
    let starved = zoe(&played(scenario("starvation"), u64::MAX));
    assert!(starved.as_u64().is_some_and(|us| us > 10_500_000), "{starved}");
    let changed = with(&scenario("starvation"), "resource-ageing", 500).expect("a time");
    let run = played(Scenario::check(changed.file).expect("it is valid"), u64::MAX);
    assert!(zoe(&run).as_u64().is_some_and(|us| us < 6_000_000), "{}", zoe(&run));
}

#[test]
fn a_person_asks_gives_back_and_looks() {
    let mut run = played(scenario("contention"), 1_500_000);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let ann = AgentId(1);
    let offered = acts(&run, &frame, Target::Agent(ann));
    let release = offered.iter().find(|act| act.label == "Give back 1 gpu").expect("it is offered");
    assert_eq!(release.intervention.label(), "ann gives back 1 gpu");
    run.apply(&Command::Intervene(release.intervention.clone())).expect("it is done");
    run.apply(&Command::SeekTime { time_us: 1_560_000 }).expect("it plays");
    assert!(told(&run).contains("gpu, compute  2 of 4"), "{}", told(&run));
    let keeper = acts(&run, &frame, Target::Agent(AgentId(0)));
    assert!(!keeper.iter().any(|act| act.label.contains("gpu")), "the keeper demands nothing");
    let rows = inspector(&run, AgentId(2), false);
    let holds = rows.iter().find(|row| row.label == "Holds").expect("the inspector tells it");
    assert!(holds.lines[0].starts_with("2 gpu, grant 2, until "), "{:?}", holds.lines);
}
