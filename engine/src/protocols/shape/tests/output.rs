//! All that is told and shown, word for word, and what the info page promises.

use std::sync::Arc;

use crate::common::shown::Face;
use crate::common::topology::TopologyKind::{self, Hierarchical, Mesh, Ring, Star};
use crate::playback::{Command, Frame, Run};
use crate::protocol::note::letters::check_sentences;
use crate::protocols::shape::note::ShapeNote;
use crate::protocols::shape::rule::{Reason, Why};
use crate::scenario::file::intervention::Intervention;
use crate::scenario::{Scenario, gallery};
use crate::sim::{AgentId, Event, PropertyStatus, What};
use crate::swarm::note::Note;
use crate::view::acts::acts;
use crate::view::documents::documents;
use crate::view::inspector::inspector;
use crate::view::sentence::sentence;
use crate::view::settings::with;
use crate::view::stage::layout::Layout;
use crate::view::stage::target::Target;
use crate::view::why::why;
use serde_json::{Value, json};

fn scenario() -> Scenario {
    gallery::find("topology-adapts").and_then(gallery::Entry::scenario).expect("it is there")
}

fn played(scenario: Scenario, time_us: u64) -> Run {
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).expect("it starts");
    run.apply(&Command::SeekTime { time_us }).expect("it plays");
    run
}

fn report(run: &Run) -> Value {
    serde_json::to_value(run.report()).expect("it is JSON")["shape"].clone()
}

fn shapes(run: &Run) -> Vec<Value> {
    let switches = report(run)["switches"].as_array().expect("a list").clone();
    switches.into_iter().map(|it| it["to"].clone()).collect()
}

#[test]
fn every_note_has_a_sentence() {
    let (epoch, to) = (2, Star);
    let why = Why { reason: Reason::Agents, value: 24, limit: 12 };
    let table = [
        (ShapeNote::Confirms { epoch, to }, "ann confirms switch 2: star."),
        (
            ShapeNote::Begins { epoch, from: Mesh, to, why },
            "Star instead of mesh: 24 agents, and a mesh is for 12 at most.",
        ),
        (
            ShapeNote::Switches { epoch, to },
            "All have promised switch 2: ann makes the network a star.",
        ),
        (ShapeNote::Undoes { epoch, to, missing: 2 }, "ann undoes switch 2: 2 promises missing."),
        (ShapeNote::Unsure { answer: 2, of: 6 }, "ann hears from 2 of 6 agents: too few to judge."),
        (ShapeNote::Chatter { per_second: 3 }, "Each agent sends 3 messages a second."),
    ];
    check_sentences(&table, |note| match note {
        ShapeNote::Confirms { .. } => 0,
        ShapeNote::Begins { .. } => 1,
        ShapeNote::Switches { .. } => 2,
        ShapeNote::Undoes { .. } => 3,
        ShapeNote::Unsure { .. } => 4,
        ShapeNote::Chatter { .. } => 5,
    });
    assert!(size_of::<ShapeNote>() <= 12);
}

#[test]
fn the_network_takes_four_shapes_and_then_is_calm() {
    let run = played(scenario(), u64::MAX);
    assert_eq!(shapes(&run), ["star", "hierarchical", "ring", "star"]);
    let report = run.report();
    for property in report.properties {
        assert_eq!(property.status, PropertyStatus::Holds, "{}", property.name);
    }
    // Things to notice, and to try.
    let levels = |time_us| {
        let mut frame = Frame::default();
        played(scenario(), time_us).frame(&mut frame);
        let level = |face: &Option<Face>| face.as_ref().and_then(|face| face.level_permille);
        let mut others: Vec<u16> = frame.faces.iter().skip(1).filter_map(level).collect();
        others.sort_unstable();
        (frame.faces.first().and_then(level).expect("ann has a level"), others)
    };
    let (ann, others) = levels(8_900_000);
    assert!(others.len() == 11 && others.iter().all(|other| ann > 2 * other), "{ann} {others:?}");
    let (ann, others) = levels(13_900_000);
    assert!(3 * others[0] > ann && ann <= others[10], "a ring: {ann} {others:?}");
    let changed = with(&scenario(), "shape-band", 0).expect("it is on its scale");
    let changed = with(&changed, "shape-hold", 1).expect("it is on its scale");
    let restless = shapes(&played(changed, u64::MAX)).len();
    assert!(restless > 6, "{restless} switches");
}

#[test]
fn its_documents_read_so() {
    let run = played(scenario(), 10_000_000);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let text: String = documents(&run, &frame).iter().map(ToString::to_string).collect();
    let expected = "\
Shape of the network (as ann measures it)
  Hierarchy since 9.025 s: 46 messages a second, and a hub carries 36 at most.
  measure                    now  at most
  agents                      12  8 in a mesh
  messages a second           74  30 in a star, 48 in a hierarchy
  busiest agent      59 a second
  one link                 10 ms
  a quarter around         32 ms  200 ms in a ring
  ▁▁▂▂▂▂▂▂▂▂ agents
  ▁▂▃▃▃▆▅▅▅█ sent by all
  ▁▂▂▂▂▅▄▄▄▆ busiest
  Switches
    begun  to         in force
  9.000 s  hierarchy  after 25 ms
    46 messages a second, and a hub carries 36 at most
  5.000 s  star       after 25 ms
    12 agents, and a mesh is for 9 at most
What must hold
  ✓ books balance: holds
  ✓ one shape per switch: holds
  ✓ no older shape: holds
  ✓ switch ends: holds
  ✓ shape agreed: holds
  ✓ shape changes: holds
";
    assert_eq!(text, expected);
}

#[test]
fn why_a_switch_began_is_told_with_what_was_measured() {
    let run = played(scenario(), 6_000_000);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let is_begun = |event: &&Event<Note>| {
        matches!(event.what, What::Note(Note::Shape(ShapeNote::Begins { .. })))
    };
    let begun = run.log().range(0, u64::MAX).find(is_begun).expect("a switch began");
    let said = sentence(begun, run.cast());
    assert_eq!(said, "Star instead of mesh: 12 agents, and a mesh is for 9 at most.");
    let grounds = why(&run, &frame, begun.id).expect("it is kept").grounds;
    let expected = [
        "Measured: 12 agents, 31 messages a second, 10 ms a link.",
        "The busiest agent put 12 messages on links in a second.",
        "At most 8 agents in a mesh, 30 messages a second in a star, 48 in a hierarchy, 200 ms in a ring.",
        "A shape is left 20 % above its limit, after 3 measurements in a row.",
    ];
    assert_eq!(grounds, expected);
}

#[test]
fn a_jump_back_shows_the_shape_of_then() {
    let mut run = played(scenario(), 8_000_000);
    let places = |run: &Run| Layout::new(run.cast(), 848.0, 664.0).places;
    let star = places(&run);
    assert_eq!((run.cast().topology, run.cast().links.len()), (Star, 11));
    run.apply(&Command::SeekTime { time_us: 4_900_000 }).expect("it plays");
    assert_eq!((run.cast().topology, run.cast().links.len()), (Mesh, 66));
    assert_ne!(places(&run), star);
    run.apply(&Command::SeekTime { time_us: 11_000_000 }).expect("it plays");
    assert_eq!(run.cast().topology, Hierarchical);
    run.apply(&Command::SeekTime { time_us: 8_000_000 }).expect("it plays");
    assert_eq!(places(&run), star);
}

#[test]
fn a_person_asks_for_a_shape_and_lets_it_adapt_again() {
    let large = with(&scenario(), "shape-mesh", 20).expect("it is on its scale");
    let mut run = played(large, 3_500_000);
    let mut act = |label: &str, until_us: u64| -> TopologyKind {
        let mut frame = Frame::default();
        run.frame(&mut frame);
        let offered = acts(&run, &frame, Target::Agent(AgentId(0)));
        let act = offered.iter().find(|act| act.label == label).expect("it is offered");
        run.apply(&Command::Intervene(act.intervention.clone())).expect("it is done");
        run.apply(&Command::SeekTime { time_us: until_us }).expect("it plays");
        run.cast().topology
    };
    assert_eq!(act("Make it a ring", 3_700_000), Ring);
    assert_eq!(act("Let it adapt again", 4_500_000), Ring, "three measurements are to come");
    run.apply(&Command::SeekTime { time_us: 7_000_000 }).expect("it plays");
    assert_eq!(run.cast().topology, Mesh);
    let rows = inspector(&run, AgentId(1), false);
    let row = rows.iter().find(|row| row.label == "Shape").expect("the inspector tells it");
    assert_eq!(row.lines, ["mesh, switch 2"]);
    let asked: Intervention =
        serde_json::from_value(json!({ "reshape": { "to": "adaptive" } })).expect("an act");
    assert_eq!(asked.label(), "adapt");
}
