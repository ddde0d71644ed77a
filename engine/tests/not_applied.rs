//! An intervention that cannot apply changes nothing and is said; a run with it is saved and opens again.

use std::sync::Arc;

use swarmglass_engine::common::consensus::note::VoteNote;
use swarmglass_engine::common::consensus::section::WrittenProposal;
use swarmglass_engine::map::Map;
use swarmglass_engine::playback::frame::Frame;
use swarmglass_engine::playback::requests::RequestFate;
use swarmglass_engine::playback::{Command, Run, SavedRun};
use swarmglass_engine::protocols::vote::acts::VoteAct;
use swarmglass_engine::protocols::work::intervention::WorkAct;
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::protocols::work::section::TaskFile;
use swarmglass_engine::scenario::file::intervention::Intervention;
use swarmglass_engine::scenario::{Scenario, gallery};
use swarmglass_engine::sim::What;
use swarmglass_engine::sim::fault::FaultKind;
use swarmglass_engine::swarm::note::Note;
use swarmglass_engine::view::caption::caption;
use swarmglass_engine::view::sentence::sentence;

/// The run of a scenario of the gallery with this intervention at the start, played to its end, and its
/// events.
fn done(name: &str, intervention: Intervention) -> (Run, Vec<What<Note>>) {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    run.apply(&Command::Intervene(intervention)).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let end = run.log().end_id();
    let happened = run.log().range(0, end).map(|event| event.what).collect();
    (run, happened)
}

fn check_opens_again(run: &Run) {
    let saved = SavedRun::parse(&run.save(Map::new()).to_file(), "my.json").unwrap();
    let (_, difference) = Run::reopen(&saved).unwrap();
    assert_eq!(difference, None);
}

fn propose(id: &str) -> Intervention {
    let proposal = WrittenProposal(serde_json::json!({ "id": id }));
    Intervention::Vote(VoteAct::Propose { proposal })
}

#[test]
fn no_link_is_cut_or_changed_where_there_is_none() {
    for (from, to) in [("north", "south"), ("north", "north")] {
        let (from, to, one_way) = (from.to_owned(), to.to_owned(), false);
        for (kind, intervention) in [
            (FaultKind::Cut, Intervention::Cut { from: from.clone(), to: to.clone(), one_way }),
            (FaultKind::Mend, Intervention::Mend { from: from.clone(), to: to.clone(), one_way }),
            (
                FaultKind::SetLink,
                Intervention::SetLink {
                    from: from.clone(),
                    to: to.clone(),
                    one_way,
                    link: Default::default(),
                },
            ),
        ] {
            // A star: only the hub has links with all.
            let (run, happened) = done("unanimous", intervention);
            assert!(happened.contains(&What::Inapplicable(kind)), "{kind:?}");
            assert!(!happened.contains(&What::Cut) && !happened.contains(&What::LinkChanged));
            check_opens_again(&run);
        }
    }
}

#[test]
fn an_id_that_is_taken_opens_nothing_and_blocks_no_stage() {
    let pipeline = gallery::find("pipeline").unwrap().scenario().unwrap();
    let last = &pipeline.file.pipeline.as_ref().unwrap().last().unwrap().proposal.id();
    let (run, happened) = done("pipeline", propose(last));
    assert!(happened.contains(&What::Note(Note::Vote(VoteNote::NotOpened { refusal: 0 }))));
    let report = run.report();
    assert_eq!(report.rooms.pipeline.as_ref().unwrap().pipeline.outcome, Some("approved"));
    assert_eq!(report.decisions.len(), pipeline.file.pipeline.as_ref().unwrap().len());
    check_opens_again(&run);
}

/// Checks that a refused request stands in the report with its reason, and that log and caption say the same.
fn check_is_refused(
    scenario: Scenario,
    intervention: Intervention,
    kind: &str,
    id: &str,
    why: &str,
) {
    let name = scenario.file.name.clone();
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    // Once what the scenario asks for has come in.
    run.apply(&Command::AdvanceTo { time_us: 100_000, budget: u64::MAX }).unwrap();
    run.apply(&Command::Intervene(intervention)).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 110_000, budget: u64::MAX }).unwrap();
    let report = run.report();
    let refused: Vec<_> =
        report.requests.iter().filter(|it| it.fate == RequestFate::Refused).collect();
    let told: Vec<_> = refused.iter().map(|it| (it.kind, it.name.as_str())).collect();
    assert_eq!(told, [(kind, id)], "{name}: it alone is refused");
    assert_eq!(refused[0].refusal.as_deref(), Some(why), "{name}");
    let is_refusal = |what| {
        matches!(
            what,
            What::Note(
                Note::Vote(VoteNote::NotOpened { .. }) | Note::Work(WorkNote::TaskRefused { .. })
            )
        )
    };
    let event = run.log().range(0, run.log().end_id()).find(|event| is_refusal(event.what));
    let told = sentence(event.unwrap(), run.cast());
    assert!(told.ends_with(&format!(": {why}.")), "{told}");
    let mut frame = Frame::default();
    run.frame(&mut frame);
    assert_eq!(format!("{}.", caption(&run, &frame).text), told);
    check_opens_again(&run);
}

#[test]
fn a_proposal_whose_id_is_taken_is_refused_by_its_id_in_report_log_and_caption() {
    let pipeline = gallery::find("pipeline").unwrap().scenario().unwrap();
    let stage = &pipeline.file.pipeline.as_ref().unwrap().last().unwrap().proposal.id();
    for (scenario, id) in [("unanimous", "rotate-key"), ("pipeline", stage)] {
        let why = format!("a proposal called {id:?} exists already; give this one another id");
        let scenario = gallery::find(scenario).unwrap().scenario().unwrap();
        check_is_refused(scenario, propose(id), "proposal", id, &why);
    }
}

#[test]
fn a_task_that_needs_one_that_has_not_come_in_is_refused_by_its_id_in_report_log_and_caption() {
    let file = r#"{ "format": 1, "name": "launch", "title": "Launch", "agents": [{ "id": "a", "count": 3 }],
        "work": { "tasks": [{ "id": "design", "at_ms": 2000 }] } }"#;
    let task = TaskFile {
        id: "launch".to_owned(),
        depends_on: vec!["design".to_owned()],
        ..TaskFile::default()
    };
    let why =
        "the task \"launch\" depends on \"design\", which has not come in; submit that one first";
    let submit = Intervention::Work(WorkAct::Submit { task: Box::new(task) });
    check_is_refused(Scenario::parse(file, "launch.json").unwrap(), submit, "task", "launch", why);
}

#[test]
fn of_two_proposals_of_one_id_that_waited_for_the_coordinator_the_second_is_refused() {
    let file = r#"{ "format": 1, "name": "away", "title": "Away", "agents": [{ "id": "a", "count": 3 }],
        "faults": [{ "at_ms": 5, "do": { "crash": { "agent": "coordinator" } } },
            { "at_ms": 10, "do": { "propose": { "proposal": { "id": "b" } } } },
            { "at_ms": 30, "do": { "restart": { "agent": "coordinator" } } }] }"#;
    let mut run = Run::new(Scenario::parse(file, "away.json").unwrap().into(), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 20_000, budget: u64::MAX }).unwrap();
    run.apply(&Command::Intervene(propose("b"))).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let fates: Vec<_> = run.report().requests.iter().map(|it| it.fate).collect();
    assert_eq!(fates, [RequestFate::Heard, RequestFate::Refused]);
}
