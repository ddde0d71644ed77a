//! Going back, branching and intervening: whatever a person does, the run is one that could have
//! been played straight.

use std::sync::Arc;

use proptest::prelude::*;
use swarmglass_engine::playback::{Applied, Command, Frame, Run, RunId, Session};
use swarmglass_engine::protocol::{json, read::read};
use swarmglass_engine::scenario::file::intervention::Intervention;
use swarmglass_engine::scenario::{Scenario, gallery};

/// A scenario of the gallery, or one long enough for many checkpoints.
fn scenario(place: usize) -> Arc<Scenario> {
    let scenario = match gallery::all().get(place) {
        Some(entry) => entry.scenario(),
        None => Scenario::parse(&busy(), "busy.json"),
    };
    Arc::new(scenario.unwrap())
}

/// Twelve votes one after another, with so much loss that every one takes many reminders.
fn busy() -> String {
    let proposal = |n: u32| {
        let at_ms = n * 70;
        format!(
            r#"{{ "id": "p{n}", "at_ms": {at_ms}, "algorithm": "unanimous", "deadline_ms": 1000,
                 "reminder_ms": 25 }}"#
        )
    };
    let proposals: Vec<String> = (0..12).map(proposal).collect();
    format!(
        r#"{{ "format": 1, "name": "busy", "title": "Busy",
             "network": {{ "latency_ms": {{ "uniform": [2, 30] }}, "loss": 0.5, "duplication": 0.2 }},
             "agents": [{{ "id": "a", "count": 6 }}], "proposals": [{}] }}"#,
        proposals.join(",")
    )
}

/// How many scenarios there are to play; the busy one is the last.
fn scenarios() -> usize {
    gallery::all().len() + 1
}

/// All that can be seen, as text.
fn picture(run: &Run) -> String {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    // How far it was played, and in which branch, is not part of what happened.
    frame.reached_us = 0;
    frame.branch = 0;
    frame.branches = 0;
    format!("{frame:?}")
}

fn intervention() -> impl Strategy<Value = Intervention> {
    // The coordinator is in every scenario; messages are numbered from 0.
    let agent = || "coordinator".to_owned();
    prop_oneof![
        Just(Intervention::Crash { agent: agent() }),
        Just(Intervention::Restart { agent: agent() }),
        Just(Intervention::Pause { agent: agent() }),
        Just(Intervention::Resume { agent: agent() }),
        Just(Intervention::Heal),
        (0u64..30).prop_map(|message| Intervention::DropMessage { message }),
        (0u64..30).prop_map(|message| Intervention::DuplicateMessage { message }),
        (0u64..30).prop_map(|message| Intervention::DelayMessage { message, by_ms: 50.0 }),
    ]
}

#[derive(Clone, Debug)]
enum Act {
    Advance(u64),
    Forward,
    Back,
    Seek(u64),
    SeekEvent(u64),
    Intervene(Intervention),
    Switch(u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (1u64..600_000).prop_map(Act::Advance),
        2 => Just(Act::Forward),
        2 => Just(Act::Back),
        2 => (0u64..1_500_000).prop_map(Act::Seek),
        1 => (0u64..2_000).prop_map(Act::SeekEvent),
        2 => intervention().prop_map(Act::Intervene),
        1 => (0u32..3).prop_map(Act::Switch),
    ]
}

fn perform(run: &mut Run, act: &Act) {
    let now_us = run.simulation().now_us();
    let command = match act.clone() {
        Act::Advance(by_us) => Command::AdvanceTo { time_us: now_us + by_us, budget: 100_000 },
        Act::Forward => Command::StepForward,
        Act::Back => Command::StepBack,
        Act::Seek(time_us) => Command::SeekTime { time_us },
        Act::SeekEvent(event) => Command::SeekEvent { event },
        Act::Intervene(intervention) => Command::Intervene(intervention),
        Act::Switch(branch) => Command::SwitchBranch { branch },
    };
    // Commands that do not apply (no such branch, no such event yet) must change nothing.
    let before = picture(run);
    if run.apply(&command).is_err() {
        assert_eq!(picture(run), before, "{command:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_history_of_acts_equals_a_straight_run(
        place in 0..scenarios(),
        seed in 0u64..50,
        acts in prop::collection::vec(act(), 1..14),
    ) {
        let scenario = scenario(place);
        let mut run = Run::new(scenario.clone(), seed).unwrap();
        for act in &acts {
            perform(&mut run, act);
        }
        // A fresh run with the interventions of the branch it ended in, stopped at the same step.
        let branch = &run.branches()[run.current_branch() as usize];
        let mut straight = scenario.start(seed, branch.interventions(), 1 << 16).unwrap();
        straight.run_until(u64::MAX, run.simulation().steps());
        prop_assert_eq!(straight.steps(), run.simulation().steps());
        prop_assert_eq!(straight.trace.hash(), run.simulation().trace.hash());
        prop_assert_eq!(straight.trace.len(), run.simulation().trace.len());
        // And both go on alike.
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: 1_000_000 }).unwrap();
        straight.run_until(scenario.ends_at_us.unwrap_or(u64::MAX), 1_000_000);
        prop_assert_eq!(straight.trace.hash(), run.simulation().trace.hash());
        prop_assert!(run.simulation().counters.balance());
    }

    #[test]
    fn seeking_shows_what_was_there(place in 0..scenarios(), seed in 0u64..50, at in 0u64..1_200_000) {
        let mut straight = Run::new(scenario(place), seed).unwrap();
        straight.apply(&Command::AdvanceTo { time_us: at, budget: u64::MAX }).unwrap();
        let mut run = Run::new(scenario(place), seed).unwrap();
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
        run.apply(&Command::SeekTime { time_us: at }).unwrap();
        prop_assert_eq!(picture(&run), picture(&straight));
    }
}

#[test]
fn the_longest_scenario_is_long_enough_for_checkpoints() {
    let mut run = Run::new(scenario(scenarios() - 1), 7).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let steps = run.simulation().steps();
    assert!(steps > 1_500, "{steps} steps");
}

#[test]
fn stepping_back_and_forth_shows_the_same_pictures() {
    for place in 0..scenarios() {
        let mut run = Run::new(scenario(place), 7).unwrap();
        let mut pictures = vec![picture(&run)];
        while run.apply(&Command::StepForward).unwrap() == Applied::Done {
            pictures.push(picture(&run));
        }
        pictures.pop();
        for expected in pictures.iter().rev() {
            run.apply(&Command::StepBack).unwrap();
            // Nothing has ended where something is still to come.
            assert_eq!(&picture(&run), expected);
        }
    }
}

#[test]
fn acting_in_the_past_starts_a_branch_and_keeps_the_old_one() {
    let mut run = Run::new(scenario(0), 7).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let first = run.report();
    run.apply(&Command::SeekTime { time_us: 100_000 }).unwrap();
    let crash = Intervention::Crash { agent: "coordinator".into() };
    let applied = run.apply(&Command::Intervene(crash)).unwrap();
    assert_eq!(applied, Applied::Intervened { at_us: 100_001, branched: true });
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let second = run.report();
    assert!(second.decisions[0].decided_at_us.is_none());
    assert_ne!(first.trace_hash, second.trace_hash);
    assert_eq!(run.branches()[1].label, "crash coordinator");
    run.apply(&Command::SwitchBranch { branch: 0 }).unwrap();
    assert_eq!(run.simulation().now_us(), 100_000, "where it was left");
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    assert_eq!(run.report(), first);
}

#[test]
fn a_crashed_agent_is_shown_with_what_it_had_written_down() {
    let mut run = Run::new(scenario(0), 7).unwrap();
    let shown = |run: &Run| {
        let mut frame = Frame::default();
        run.frame(&mut frame);
        // lead-engineer votes first, qa-engineer last.
        (frame.agents[0].vote.is_some(), frame.agents[3].knows)
    };
    run.apply(&Command::AdvanceTo { time_us: 300_000, budget: 1_000 }).unwrap();
    assert_eq!(shown(&run), (true, true));
    for agent in ["lead-engineer", "qa-engineer"] {
        let crash = Intervention::Crash { agent: agent.into() };
        run.apply(&Command::Intervene(crash)).unwrap();
    }
    run.apply(&Command::AdvanceTo { time_us: 300_010, budget: 1_000 }).unwrap();
    assert_eq!(shown(&run), (true, false), "a vote is durable, what was only heard is not");
}

#[test]
fn an_agent_that_joins_takes_part_in_the_next_vote() {
    let mut run = Run::new(scenario(1), 3).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let join = r#"{ "spawn": { "agent": { "id": "fay", "mind": "for" } } }"#;
    let propose = r#"{ "propose": { "proposal": { "id": "second", "algorithm": "unanimous" } } }"#;
    for text in [join, propose] {
        let intervention: Intervention = read(&json::parse(text).unwrap()).unwrap();
        run.apply(&Command::Intervene(intervention)).unwrap();
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    }
    let report = run.report();
    assert_eq!(report.decisions[1].electorate, 6);
    assert_eq!(report.decisions[1].ballots["fay"], "for");
    assert_eq!(run.cast().agents.last().map(|info| info.name.as_str()), Some("fay"));
}

#[test]
fn runs_of_a_session_do_not_know_each_other() {
    let mut session = Session::new();
    let open = |session: &mut Session, seed| {
        session.open(gallery::all()[0].scenario().unwrap(), seed).unwrap()
    };
    let (a, b) = (open(&mut session, 7), open(&mut session, 7));
    let advance = Command::AdvanceTo { time_us: 300_000, budget: 1_000 };
    session.apply(a, &advance).unwrap();
    let crash = Command::Intervene(Intervention::Crash { agent: "qa-engineer".into() });
    session.apply(b, &crash).unwrap();
    session.apply(b, &advance).unwrap();
    let hash = |id: RunId, session: &Session| session.run(id).unwrap().report().trace_hash;
    assert_ne!(hash(a, &session), hash(b, &session));
    assert!(session.close(a) && !session.close(a));
    assert!(session.apply(a, &advance).is_err());
    assert!(session.run(b).is_some());
}

#[test]
fn a_wrong_intervention_says_how_to_repair_it_and_changes_nothing() {
    let mut run = Run::new(scenario(0), 7).unwrap();
    let crash = Intervention::Crash { agent: "qa-enginer".into() };
    let error = run.apply(&Command::Intervene(crash)).unwrap_err().to_string();
    assert!(error.contains("did you mean \"qa-engineer\"?"), "{error}");
    assert!(run.branches()[0].interventions().is_empty());
}
