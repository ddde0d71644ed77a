//! A protocol from outside, as the rest of the house sees it.

use std::sync::Arc;

use super::*;
use crate::playback::{Command, Frame, Run};
use crate::protocol::note::letters::said;
use crate::scenario::Scenario;
use crate::scenario::file::intervention::Intervention;
use crate::sim::{EventId, Property, PropertyKind, PropertyStatus};
use crate::view::sentence::sentence;
use crate::view::stage::layout::Layout;
use crate::view::stage::{Face, Stage, StageLook};

/// Every 50 ms the first agent sends the next number to all others; it persists the last.
#[derive(Clone, Debug, Default)]
struct Counting {
    last: u32,
}

impl ForeignProtocol for Counting {
    fn on_start(&mut self, out: &mut dyn ForeignOutlet) {
        if out.id() == AgentId(0) {
            out.set_timer(1, 50_000);
        }
    }

    fn on_message(&mut self, _: AgentId, kind: u32, bytes: &[u8], out: &mut dyn ForeignOutlet) {
        if let (0, Ok(number)) = (kind, bytes.try_into().map(u32::from_le_bytes)) {
            out.note(0, number);
        }
    }

    fn on_timer(&mut self, _: u32, out: &mut dyn ForeignOutlet) {
        self.last += 1;
        out.persist(&self.last.to_le_bytes());
        for other in (1..out.members()).map(AgentId) {
            out.send(other, 0, &self.last.to_le_bytes());
        }
        out.set_timer(1, 50_000);
    }

    fn on_order(&mut self, text: &str, _: &mut dyn ForeignOutlet) {
        self.last = text.parse().unwrap_or(self.last);
    }

    fn on_restart(&mut self, persisted: &[u8], out: &mut dyn ForeignOutlet) {
        self.last = persisted.try_into().map_or(0, u32::from_le_bytes);
        self.on_start(out);
    }
}

/// No agent hears a number twice.
#[derive(Clone, Debug)]
struct HeardOnce(Vec<(AgentId, u32)>, Property);

impl ForeignWatch for HeardOnce {
    fn on_note(&mut self, event: EventId, agent: AgentId, _: u16, number: u32) {
        self.1.check(!self.0.contains(&(agent, number)), event);
        self.0.push((agent, number));
    }

    fn properties(&self, _: bool) -> Vec<Property> {
        vec![self.1.clone()]
    }
}

const FILE: &str = r#"{ "format": 1, "name": "count", "title": "Count", "coordinator": false, "ends_at_ms": 1000,
    "agents": [{ "id": "agent", "count": 3 }], "faults": [
        { "at_ms": 320, "do": { "crash": { "agent": "agent-1" } } },
        { "at_ms": 500, "do": { "restart": { "agent": "agent-1" } } }
    ] }"#;

fn run() -> Run {
    let mut scenario = Scenario::parse(FILE, "count.json").expect("it is valid");
    let setup = ForeignSetup {
        vocabulary: Vocabulary {
            kinds: vec!["number".to_owned()],
            sentences: vec!["hears {}".to_owned()],
        },
        agents: Box::new(|_| Box::new(Counting::default())),
        watch: Some(Box::new(HeardOnce(
            Vec::new(),
            Property::new("heard_once", PropertyKind::Always),
        ))),
    };
    scenario.rooms.foreign = Some(setup.of(&scenario));
    Run::new(Arc::new(scenario), 7).expect("it starts")
}

fn heard_once(run: &Run) -> PropertyStatus {
    let mut properties = run.report().properties.into_iter();
    properties.find(|it| it.name == "heard_once").expect("it is watched").status
}

#[test]
fn what_was_persisted_survives_a_crash() {
    let mut run = run();
    run.apply(&Command::SeekTime { time_us: 1_000_000 }).expect("it plays");
    assert_eq!(heard_once(&run), PropertyStatus::Holds);
    let report = run.report().rooms.foreign.expect("its part");
    // Six numbers before the crash, ten after it, to two agents each.
    assert_eq!(report.foreign.messages.get("number"), Some(&32), "{report:?}");
    let told = run.log().range(0, u64::MAX).map(|event| sentence(event, run.cast()));
    assert!(told.into_iter().any(|it| it == "agent-3 hears 15."));
}

#[test]
fn a_run_goes_back_and_comes_out_the_same() {
    let mut run = run();
    let at = |run: &mut Run, time_us| {
        run.apply(&Command::SeekTime { time_us }).expect("it plays");
        (run.report().trace_hash, run.report().rooms.foreign)
    };
    let (end, middle) = (at(&mut run, 1_000_000), at(&mut run, 400_000));
    assert_ne!(end, middle);
    assert_eq!(at(&mut run, 1_000_000), end);
    assert_eq!(at(&mut run, 400_000), middle);
}

#[test]
fn it_is_told_something_and_breaks_what_must_hold() {
    let mut run = run();
    run.apply(&Command::SeekTime { time_us: 210_000 }).expect("it plays");
    let tell = r#"{ "tell": { "agent": "agent-1", "text": "1" } }"#;
    let tell: Intervention = serde_json::from_str(tell).expect("it is an act");
    assert_eq!(tell.label(), "tell agent-1 1");
    run.apply(&Command::Intervene(tell)).expect("it is done");
    run.apply(&Command::SeekTime { time_us: 300_000 }).expect("it plays");
    assert_eq!(heard_once(&run), PropertyStatus::Violated);
}

/// It says nothing at all.
#[derive(Clone, Debug)]
struct Silent;

impl ForeignProtocol for Silent {
    fn on_message(&mut self, _: AgentId, _: u32, _: &[u8], _: &mut dyn ForeignOutlet) {}
}

#[test]
fn a_protocol_that_notes_nothing_is_watched_and_looks_like_any_other() {
    let mut scenario = Scenario::parse(FILE, "silent.json").expect("it is valid");
    let once = Property::new("heard_once", PropertyKind::Eventually);
    let setup = ForeignSetup {
        vocabulary: Vocabulary::default(),
        agents: Box::new(|_| Box::new(Silent)),
        watch: Some(Box::new(HeardOnce(Vec::new(), once))),
    };
    scenario.rooms.foreign = Some(setup.of(&scenario));
    let mut run = Run::new(Arc::new(scenario), 7).expect("it starts");
    run.apply(&Command::SeekTime { time_us: 100_000 }).expect("it plays");
    assert_eq!(heard_once(&run), PropertyStatus::Unreached);
    let (mut frame, mut stage) = (Frame::default(), Stage::default());
    run.frame(&mut frame);
    let layout = Layout::new(run.cast(), 800.0, 600.0);
    stage.draw(&layout, run.cast(), &frame, StageLook::default());
    assert_eq!(stage.agents[2].face, Face::Number(3));
}

#[test]
fn code_does_not_come_in_files() {
    let text = FILE.replacen('{', r#"{ "foreign": {},"#, 1);
    let error = Scenario::parse(&text, "x.json").expect_err("no file has it").to_string();
    assert!(error.contains("at foreign") && error.contains("comes from Rust"), "{error}");
}

#[test]
fn a_sentence_that_there_is_not_is_told_by_its_number() {
    assert_eq!(said(ForeignNote { sentence: 0, number: 3 }, AgentId(0)), "ann .");
    let run = run();
    let thing = crate::protocol::note::Thing::inside("foreign", 9, 3);
    assert_eq!(crate::protocol::note::Names::thing(run.cast(), AgentId(0), thing), "notes 3");
}
