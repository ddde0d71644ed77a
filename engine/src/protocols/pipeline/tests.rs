//! A pipeline of decisions by real messages (W11, E10): a stage opens when its gate is approved, and never
//! otherwise, whatever happens to the network and the agents.
#![cfg(not(target_arch = "wasm32"))]

use crate::common::consensus::quorum::Decision;
use crate::playback::frame::Frame;
use crate::playback::{Command, Report, Run};
use crate::protocol::note::{Names as _, Thing};
use crate::protocols::pipeline::Stages;
use crate::protocols::pipeline::note::PipelineNote;
use crate::protocols::pipeline::report::PipelineReport;
use crate::protocols::pipeline::shown;
use crate::protocols::pipeline::standing::StageState;
use crate::scenario::Scenario;
use crate::sim::AgentId;
use crate::sim::{PropertyStatus, What};
use crate::swarm::note::Note;
use proptest::prelude::*;
use serde_json::{Value, json};

const NAMES: [&str; 3] = ["architecture", "implementation", "deployment"];

/// A stage whose proposal says which one it is, so that agents can be against it.
fn stage(name: &str, more: &Value) -> Value {
    let mut proposal = json!({ "id": format!("{name}-proposal"), "fields": { "stage": name },
        "deadline_ms": 400, "grace_ms": 100 });
    for (field, value) in more.as_object().unwrap() {
        proposal[field] = value.clone();
    }
    json!({ "id": name, "proposal": proposal })
}

fn three() -> Vec<Value> {
    NAMES.iter().map(|name| stage(name, &json!({}))).collect()
}

/// The run at its end: agents with these minds, and these parts of the scenario.
fn played(minds: &[Value], stages: &[Value], more: &Value, seed: u64) -> Run {
    let agents = minds.iter().enumerate();
    let agents = agents.map(|(n, mind)| json!({ "id": format!("a{n}"), "mind": mind }));
    let mut file = json!({ "format": 1, "name": "x", "title": "X",
        "agents": agents.collect::<Vec<_>>(), "pipeline": stages });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    let scenario = Scenario::parse(&file.to_string(), "x.json");
    let scenario = scenario.unwrap_or_else(|error| panic!("{error}\n{file}"));
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: 1_000_000 }).unwrap();
    run
}

fn pipeline(report: &Report) -> &PipelineReport {
    &report.rooms.pipeline.as_ref().unwrap().pipeline
}

fn states(report: &Report) -> Vec<&'static str> {
    pipeline(report).stages.iter().map(|stage| stage.state).collect()
}

fn status(report: &Report, name: &str) -> PropertyStatus {
    report.properties.iter().find(|property| property.name == name).unwrap().status
}

/// Three agents that are for every stage but this one, on which they have this mind.
fn but(stage: &str, mind: &str) -> Vec<Value> {
    match mind {
        "against" => vec![json!({ "if": format!("stage != '{stage}'") }); 3],
        _ => vec![json!("for"), json!("for"), json!("for")],
    }
}

fn check(report: &Report, expected: [&str; 3], outcome: &str, ended_at: &str, reason: &str) {
    assert_eq!(states(report), expected);
    let pipeline = pipeline(report);
    assert_eq!(pipeline.outcome, Some(outcome));
    assert_eq!(pipeline.ended_at.as_deref(), Some(ended_at));
    assert_eq!(pipeline.reason.as_deref(), Some(reason));
    for name in ["agreement", "validity", "termination", "counted_once", "gates"] {
        assert_eq!(status(report, name), PropertyStatus::Holds, "{name}");
    }
    // Proposal, ballot and decision for each of three agents and each stage that opened: 3 · n · stages.
    let opened = pipeline.stages.iter().filter(|stage| stage.opened_at_us.is_some()).count();
    assert_eq!(report.messages.sent, 3 * 3 * opened as u64);
    assert_eq!((report.statistics.all.total, report.decisions.len()), (opened as u64, opened));
}

#[test]
fn a_stage_that_agents_decide_by_themselves_passes_its_gate() {
    for algorithm in ["byzantine", "gossip"] {
        let first = json!({ "algorithm": algorithm, "deadline_ms": 5_000 });
        let stages = [&stage(NAMES[0], &first), &three()[1], &three()[2]].map(Clone::clone);
        let report = played(&vec![json!("for"); 7], &stages, &json!({}), 1).report();
        assert_eq!(states(&report), ["passed"; 3], "{algorithm}");
        assert_eq!(pipeline(&report).outcome, Some("approved"), "{algorithm}");
        assert_eq!(status(&report, "gates"), PropertyStatus::Holds, "{algorithm}");
    }
}

#[test]
fn all_stages_are_approved_one_after_the_other() {
    for seed in 0..20 {
        let report = played(&but("", "for"), &three(), &json!({}), seed).report();
        let all = "every stage is approved";
        check(&report, ["passed"; 3], "approved", "deployment", all);
        let stages = &pipeline(&report).stages;
        assert!(stages.windows(2).all(|pair| pair[0].decided_at_us == pair[1].opened_at_us));
        assert_eq!(stages[1].gate.as_deref(), Some("architecture"));
        assert_eq!(report.statistics.all.approved, 3);
    }
}

#[test]
fn a_rejected_stage_ends_it_there() {
    let ends = [
        ["rejected", "unreached", "unreached"],
        ["passed", "rejected", "unreached"],
        ["passed", "passed", "rejected"],
    ];
    for (name, states) in NAMES.into_iter().zip(ends) {
        let report = played(&but(name, "against"), &three(), &json!({}), 3).report();
        let reason = format!("{name}-proposal was rejected");
        check(&report, states, "rejected", name, &reason);
    }
}

#[test]
fn a_stage_that_times_out_ends_it_there() {
    // All three must agree, and from the second stage on one of them is gone.
    let unanimous = json!({ "algorithm": "unanimous" });
    let stages = NAMES.map(|name| stage(name, &unanimous));
    let gone = json!({ "faults": [{ "at_ms": 160, "do": { "remove": { "agent": "a2" } } }] });
    let report = played(&but("", "for"), &stages, &gone, 5).report();
    assert_eq!(states(&report), ["passed", "timeout", "unreached"]);
    let pipeline = pipeline(&report);
    assert_eq!((pipeline.outcome, pipeline.ended_at.as_deref()), (Some("timeout"), Some(NAMES[1])));
    assert_eq!(pipeline.reason.as_deref(), Some("implementation-proposal timed out"));
}

#[test]
fn a_coordinator_that_comes_back_goes_on_where_it_was() {
    for at_ms in [5, 60, 130, 190, 260, 330] {
        let down = json!({ "faults": [
            { "at_ms": at_ms, "do": { "crash": { "agent": "coordinator" } } },
            { "at_ms": at_ms + 20, "do": { "restart": { "agent": "coordinator" } } }] });
        let stages = NAMES.map(|name| stage(name, &json!({ "reminder_ms": 90 })));
        let report = played(&but("", "for"), &stages, &down, 3).report();
        assert_eq!(states(&report), ["passed"; 3], "down at {at_ms} ms");
        assert_eq!(status(&report, "gates"), PropertyStatus::Holds);
    }
}

#[test]
fn each_stage_may_be_decided_in_its_own_way() {
    let byzantine =
        json!({ "algorithm": "byzantine", "byzantine": { "round_ms": 20 }, "deadline_ms": 500 });
    let federated = json!({ "algorithm": "federated", "options": ["blue-green", "canary"] });
    let stages = [
        stage("architecture", &byzantine),
        stage("implementation", &json!({ "algorithm": "quorum", "threshold": 0.75 })),
        stage("deployment", &federated),
    ];
    let minds = vec![json!({ "chance": { "for": 1 } }); 4];
    let report = played(&minds, &stages, &json!({}), 3).report();
    assert_eq!(states(&report), ["passed"; 3]);
    assert_eq!(report.decisions[0].algorithm, "byzantine");
    assert!(report.decisions[2].details.own.vote.as_ref().unwrap().winner.is_some());
}

#[test]
fn a_stage_that_cannot_be_put_to_the_vote_ends_it_there() {
    // The liar is exposed and removed; three are too few to bear another.
    let byzantine = json!({ "algorithm": "byzantine", "deadline_ms": 900,
        "byzantine": { "round_ms": 20, "vote_again": true } });
    let stages = NAMES.map(|name| stage(name, &byzantine));
    let lies = json!({ "corrupt": { "agent": "a3", "behaviour": "changes_its_vote" } });
    let more = json!({ "faults": [{ "at_ms": 0, "do": lies }] });
    let report = played(&vec![json!("for"); 4], &stages, &more, 3).report();
    assert_eq!(states(&report), ["passed", "refused", "unreached"]);
    let reason = pipeline(&report).reason.as_deref();
    assert_eq!(reason, Some("implementation-proposal could not be put to the vote"));
}

#[test]
fn two_stages_behind_one_gate_open_together() {
    let mut stages = three();
    stages[2]["gate"] = json!("architecture");
    let report = played(&but("", "for"), &stages, &json!({}), 3).report();
    let opened: Vec<_> = pipeline(&report).stages.iter().map(|it| it.opened_at_us).collect();
    assert_eq!((states(&report), opened[1]), (vec!["passed"; 3], opened[2]));
    assert_eq!(pipeline(&report).outcome, Some("approved"));
    let report = played(&but(NAMES[1], "against"), &stages, &json!({}), 3).report();
    assert_eq!(pipeline(&report).outcome, Some("rejected"));
    assert_eq!(states(&report), ["passed", "rejected", "passed"]);
}

#[test]
fn the_gate_decides_the_order_and_not_the_place_in_the_file() {
    let mut stages = three();
    stages[1]["gate"] = json!("deployment");
    stages[2]["gate"] = json!("architecture");
    let report = played(&but(NAMES[2], "against"), &stages, &json!({}), 3).report();
    assert_eq!(states(&report), ["passed", "unreached", "rejected"]);
}

#[test]
fn a_frame_shows_the_stages() {
    let begins = json!({ "at_ms": 50 });
    let stages =
        [stage(NAMES[0], &begins), stage(NAMES[1], &json!({})), stage(NAMES[2], &json!({}))];
    let mut run = played(&but(NAMES[1], "against"), &stages, &json!({}), 3);
    let mut frame = Frame::default();
    let mut shown = |run: &mut Run, time_us| {
        run.apply(&Command::SeekTime { time_us }).unwrap();
        run.frame(&mut frame);
        let stages = shown::stages(&run.peek::<Stages>().unwrap());
        let stages = stages.iter().map(|stage| stage.state).collect::<Vec<_>>();
        (stages, frame.statistics.all.total)
    };
    use StageState::{Failed, Open, Passed, Unreached, Waiting};
    let end = u64::MAX;
    let rejected = Failed(Decision::Rejected);
    assert_eq!(shown(&mut run, 0), (vec![Waiting, Waiting, Waiting], 0));
    assert_eq!(shown(&mut run, 60_000), (vec![Open, Waiting, Waiting], 1));
    assert_eq!(shown(&mut run, end), (vec![Passed, rejected, Unreached], 2));
    assert_eq!(run.cast().thing(AgentId(0), Thing::new("stage", 1)), "implementation");
}

fn fault(name: &'static str) -> impl Strategy<Value = Value> {
    let agent = prop_oneof![Just("coordinator".to_owned()), (0..5).prop_map(|n| format!("a{n}"))];
    (0..1_200, agent).prop_map(
        move |(at_ms, agent)| json!({ "at_ms": at_ms, "do": { name: { "agent": agent } } }),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_fault_opens_a_stage_whose_gate_is_not_approved(
        seed in any::<u64>(),
        gates in prop::collection::vec(0..4_usize, 4),
        algorithm in prop::sample::select(vec!["simple", "supermajority", "unanimous"]),
        (loss, duplication) in (0..40, 0..40),
        faults in prop::collection::vec(
            prop_oneof![fault("crash"), fault("restart"), fault("pause"), fault("resume")], 0..8),
    ) {
        let names = ["s0", "s1", "s2", "s3", "s4"];
        let decided = json!({ "algorithm": algorithm, "deadline_ms": 300, "reminder_ms": 90 });
        let mut stages: Vec<Value> = names.iter().map(|name| stage(name, &decided)).collect();
        for (place, gate) in gates.iter().enumerate() {
            stages[place + 1]["gate"] = json!(names[*gate % (place + 1)]);
        }
        let minds = vec![json!({ "chance": { "for": 0.85, "against": 0.1 } }); 5];
        let share = |percent: i32| f64::from(percent) / 100.0;
        let more = json!({ "faults": faults, "ends_at_ms": 4000,
            "network": { "latency_ms": { "uniform": [2, 30] }, "loss": share(loss),
                         "duplication": share(duplication) } });
        let run = played(&minds, &stages, &more, seed);
        let report = run.report();
        for property in &report.properties {
            let may_fail = matches!(property.name, "agreement" | "termination");
            prop_assert!(may_fail || property.status != PropertyStatus::Violated, "{}", property.name);
        }
        // From the events alone: what opened, after what was passed, and before the end.
        let (mut passed, mut ended) = (Vec::new(), false);
        for event in run.log().range(0, u64::MAX) {
            match event.what {
                What::Note(Note::Pipeline(PipelineNote::StageOpened { stage, .. })) => {
                    prop_assert!(!ended, "stage {} opened after the end", stage);
                    let gate = usize::from(stage).checked_sub(1).map(|it| gates[it] % (it + 1));
                    prop_assert!(gate.is_none_or(|gate| passed.contains(&gate)), "{}", stage);
                }
                What::Note(Note::Pipeline(PipelineNote::StagePassed { stage, .. })) => {
                    prop_assert!(!passed.contains(&usize::from(stage)), "passed twice");
                    passed.push(usize::from(stage));
                }
                What::Note(Note::Pipeline(PipelineNote::PipelineEnded { .. })) => {
                    prop_assert!(!ended, "it ends once");
                    ended = true;
                }
                _ => {}
            }
        }
        if passed.len() == names.len() {
            prop_assert_eq!(pipeline(&report).outcome, Some("approved"));
        }
    }
}
