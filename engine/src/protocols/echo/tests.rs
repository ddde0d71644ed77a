//! The protocol as the rest of the house sees it.

use std::sync::Arc;

use super::note::EchoNote;
use crate::playback::{Command, Frame, Run};
use crate::protocol::note::letters::{B, check_sentences};
use crate::scenario::file::intervention::Intervention;
use crate::scenario::{Scenario, gallery};
use crate::sim::{AgentId, PropertyStatus};
use crate::view::acts::acts;
use crate::view::documents::{documents, of_run};
use crate::view::inspector::inspector;
use crate::view::settings::{settings, with};
use crate::view::stage::target::Target;

fn scenario() -> Scenario {
    gallery::find("echo").and_then(gallery::Entry::scenario).expect("it is in the gallery")
}

fn played(scenario: Scenario, time_us: u64) -> Run {
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).expect("it starts");
    run.apply(&Command::SeekTime { time_us }).expect("it plays");
    run
}

fn status(run: &Run) -> (PropertyStatus, Option<u64>) {
    let properties = run.report().properties.into_iter();
    let own = properties.filter(|it| it.name == "every_question_answered");
    own.map(|it| (it.status, it.event)).next().expect("it is watched")
}

#[test]
fn every_note_has_a_sentence() {
    let question = 0;
    let table = [
        (EchoNote::Asks { question }, "ann asks ."),
        (EchoNote::Answered { question, by: B, missing: 2 }, "ben answers ; 2 to come."),
        (EchoNote::GaveUp { question, missing: 1 }, "ann gives up : 1 never answered."),
    ];
    check_sentences(&table, |note| match note {
        EchoNote::Asks { .. } => 0,
        EchoNote::Answered { .. } => 1,
        EchoNote::GaveUp { .. } => 2,
    });
}

#[test]
fn what_is_lost_is_asked_again_until_everyone_has_answered() {
    let run = played(scenario(), u64::MAX);
    assert_eq!(status(&run).0, PropertyStatus::Holds);
    let report = serde_json::to_value(run.report()).expect("it is JSON");
    let questions = report["echo"]["questions"].as_array().expect("its section");
    assert_eq!(questions.len(), 3, "two of the section, one of a fault: {questions:?}");
    for question in questions {
        assert_eq!(question["answered_by"].as_array().map(Vec::len), Some(4), "{question}");
    }
    assert!(questions.iter().any(|it| it["tries"].as_u64() > Some(1)), "{questions:?}");
    assert!(report["messages"]["by_kind"]["echo_answer"].as_u64() >= Some(12));
}

#[test]
fn who_never_answers_is_given_up_and_that_is_violated_there() {
    let mut file = scenario().file;
    file.ends_at_ms = Some(10_000.0);
    file.faults.truncate(1);
    let run = played(Scenario::check(file).expect("it is valid"), u64::MAX);
    let (status, event) = status(&run);
    assert_eq!(status, PropertyStatus::Violated);
    let event = run.log().get(event.expect("it was given up")).expect("it is kept");
    let sentence = crate::view::sentence::sentence(event, run.cast());
    assert_eq!(sentence, "ann gives up question 1: 1 never answered.");
}

// An intervention by hand takes effect when the run goes on: at the next microsecond.
#[test]
fn what_was_answered_survives_a_crash() {
    let mut run = played(scenario(), 260_000);
    let before = run.report().rooms.echo.expect("its part").echo.questions[0].answered_by.clone();
    assert!(!before.is_empty() && before.len() < 4, "{before:?}");
    let crash = Intervention::Crash { agent: "ann".into() };
    let restart = Intervention::Restart { agent: "ann".into() };
    for (time_us, intervention) in [(260_000, crash), (400_000, restart)] {
        run.apply(&Command::SeekTime { time_us }).expect("it plays");
        run.apply(&Command::Intervene(intervention)).expect("it is done");
    }
    run.apply(&Command::SeekTime { time_us: 2_900_000 }).expect("it plays");
    let after = &run.report().rooms.echo.expect("its part").echo.questions[0].answered_by;
    assert!(after.starts_with(&before) && after.len() == 4, "{before:?} {after:?}");
}

#[test]
fn a_person_asks_sets_and_looks() {
    let mut run = played(scenario(), 2_000_000);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let offered = acts(&run, &frame, Target::Agent(AgentId(4)));
    let ask = offered.iter().find(|act| act.label == "Ask everyone").expect("it is offered");
    assert_eq!(ask.intervention.label(), "eve asks");
    run.apply(&Command::Intervene(ask.intervention.clone())).expect("it is done");
    run.apply(&Command::SeekTime { time_us: 2_900_000 }).expect("it plays");
    run.frame(&mut frame);
    assert_eq!(frame.faces[4].as_ref().map(|face| face.second.as_str()), Some("4 of 4 answered"));
    let rows = inspector(&run, AgentId(4), false);
    let asked = rows.iter().find(|row| row.label == "Asked").expect("the inspector tells it");
    assert_eq!(asked.lines, ["question 1: 4 answers of 4"]);
    let setting = &settings(run.scenario())[0];
    assert_eq!((setting.id, setting.value, setting.words.as_str()), ("echo-again", 200, "200 ms"));
    let changed = with(run.scenario(), "echo-again", 60).expect("it is on its scale");
    assert_eq!(changed.rooms.echo.expect("its part").pace.again_us, 60_000);
}

#[test]
fn its_documents_read_so() {
    let run = played(scenario(), u64::MAX);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let text: Vec<String> = documents(&run, &frame).iter().map(ToString::to_string).collect();
    let expected = "\
Questions
  asked by  answers    asked
  ann        4 of 4  5 times
  dan        4 of 4  2 times
  ben        4 of 4   1 time
  ▁▂▂▃▃▄▅▅▆▆▇█
What must hold
  ✓ books balance: holds
  ✓ every question answered: holds
";
    assert_eq!(text.concat(), expected);
    let printed: Vec<String> = of_run(&run).iter().map(ToString::to_string).collect();
    assert!(printed.concat().starts_with("Questions\n"), "{}", printed.concat());
    assert!(!printed.concat().contains("vote"), "{}", printed.concat());
}

#[test]
fn what_is_wrong_with_its_section_is_told_with_its_place() {
    let check = |section: &str, expected: &[&str]| {
        let text = format!(
            r#"{{ "format": 1, "name": "x", "title": "X", "agents": [{{ "id": "a" }}, {{ "id": "b" }}], {section} }}"#
        );
        let error = Scenario::parse(&text, "x.json").expect_err(&text).to_string();
        for part in expected {
            assert!(error.contains(part), "{error}\nlacks {part:?}");
        }
    };
    let asks = r#""echo": { "questions": [{ "at_ms": 5, "agent": "c" }] }"#;
    check(asks, &["at echo.questions[0].agent", "found \"c\"", "name one that is in agents"]);
    check(r#""echo": { "again_ms": 0 }"#, &["at echo.again_ms", "more than 0"]);
    check(r#""echo": { "think_ms": [9, 3] }"#, &["at echo.think_ms", "swap the two"]);
    check(r#""echo": { "agian_ms": 9 }"#, &["at echo.agian_ms", "did you mean \"again_ms\"?"]);
    let without = r#""faults": [{ "at_ms": 1, "do": { "echo": { "agent": "a" } } }]"#;
    check(without, &["at faults[0].do.echo", "a scenario that has \"echo\"", "add \"echo\""]);
    let nobody = r#""echo": {}, "faults": [{ "at_ms": 1, "do": { "echo": { "agent": "c" } } }]"#;
    check(nobody, &["at faults[0].do.echo.agent", "found \"c\""]);
}

#[test]
fn it_needs_no_coordinator() {
    let run = played(scenario(), 0);
    assert_eq!(run.cast().coordinator, None);
    assert_eq!(run.cast().agents.len(), 5);
}
