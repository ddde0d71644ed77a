use std::sync::Arc;

use super::*;
use crate::playback::command::Command;
use crate::scenario::file::intervention::Intervention;
use crate::scenario::{Scenario, gallery};

fn deployment() -> Run {
    let scenario = gallery::find("deployment-vote").unwrap().scenario().unwrap();
    let seed = scenario.file.seed;
    Run::new(Arc::new(scenario), seed).unwrap()
}

fn agent(run: &Run, name: &str) -> AgentId {
    let place = run.cast().agents.iter().position(|info| info.name == name);
    AgentId(place.unwrap() as u32)
}

fn play(run: &mut Run, time_us: u64) {
    run.apply(&Command::SeekTime { time_us }).unwrap();
}

fn row(run: &Run, name: &str, label: &str) -> InspectorRow {
    let rows = inspector(run, agent(run, name), true);
    let found = rows.iter().find(|row| row.label == label);
    found.cloned().unwrap_or_else(|| panic!("no {label} in {rows:?}"))
}

fn check(run: &Run, name: &str, label: &str, lines: &[&str]) {
    assert_eq!(row(run, name, label).lines, lines, "{label} of {name}");
}

#[test]
fn a_rule_is_told_with_the_values_of_the_proposal() {
    let mut run = deployment();
    check(&run, "qa-engineer", "Rule", &["FOR if load_test == true"]);
    play(&mut run, 150_000);
    let asked = ["FOR if load_test == true", "load_test is false, so AGAINST"];
    check(&run, "qa-engineer", "Rule", &asked);
    let asked = row(&run, "devops-engineer", "Rule").lines.remove(1);
    assert_eq!(asked, "rollback_plan is true and canary_percentage is 10, so FOR");
}

#[test]
fn of_a_gossip_it_says_what_it_knows_whom_it_told_and_when_it_rests() {
    let open = |name: &str, time_us| {
        let scenario = gallery::find(name).unwrap().scenario().unwrap();
        let seed = scenario.file.seed;
        let mut run = Run::new(Arc::new(scenario), seed).unwrap();
        play(&mut run, time_us);
        run
    };
    let run = open("gossip-ten", 250_000);
    let gossip = row(&run, "no-2", "Gossip").lines;
    assert_eq!(
        gossip,
        [
            "8 of 10 ballots: 5 FOR, 3 AGAINST; not enough to approve",
            "round 2 of 5: told yes-1, yes-2, yes-4",
            "rests 2 rounds after it knows all"
        ]
    );
    let run = open("gossip-ten", 2_000_000);
    let all = "10 of 10 ballots: 7 FOR, 3 AGAINST; enough to approve";
    check(&run, "no-2", "Gossip", &[all, "rests, and only answers"]);
    let run = open("gossip-majority", 280_000);
    let gossip = row(&run, "yes-1", "Gossip").lines;
    assert_eq!(
        gossip,
        [
            "holds FOR; it heard 1 FOR, 2 AGAINST last",
            "round 2 of 10: no answer yet from no-5, no-2",
            "rests after 2 more rounds without dissent"
        ]
    );
}

#[test]
fn what_it_knows_and_would_keep_grows_with_its_vote_and_the_decision() {
    let mut run = deployment();
    check(&run, "qa-engineer", "Knows", &["of no proposal"]);
    check(&run, "qa-engineer", "Would keep", &["nothing"]);
    play(&mut run, 150_000);
    check(&run, "qa-engineer", "Votes", &["not yet"]);
    let lost = "nothing yet: a crash would make it forget the proposal";
    check(&run, "qa-engineer", "Would keep", &[lost]);
    play(&mut run, 2_000_000);
    check(&run, "qa-engineer", "Votes", &["AGAINST"]);
    assert_eq!(row(&run, "qa-engineer", "Votes").tone, Tone::Vote(Vote::Against));
    check(&run, "qa-engineer", "Would keep", &["deploy-v3.0: AGAINST, approved"]);
    check(&run, "coordinator", "Counts", &["deploy-v3.0: 5 of 5 ballots, approved, closed"]);
}

#[test]
fn a_crashed_agent_has_what_it_had_written_down() {
    let mut run = deployment();
    play(&mut run, 150_000);
    let heard = row(&run, "qa-engineer", "Knows").lines;
    assert!(heard[0].starts_with("deploy-v3.0 since 0.0"), "{heard:?}");
    run.apply(&Command::Intervene(Intervention::Crash { agent: "qa-engineer".into() })).unwrap();
    play(&mut run, 150_010);
    check(&run, "qa-engineer", "State", &["crashed; it keeps what it had written down"]);
    check(&run, "qa-engineer", "Knows", &["of no proposal"]);
    check(&run, "qa-engineer", "Waits for", &["nothing"]);
}

#[test]
fn a_paused_agent_shows_what_waits_in_its_inbox() {
    let mut run = deployment();
    run.apply(&Command::Intervene(Intervention::Pause { agent: "coordinator".into() })).unwrap();
    play(&mut run, 10_000);
    let rows = inspector(&run, agent(&run, "coordinator"), false);
    assert!(rows.iter().all(|row| row.label != "Inbox"), "nothing waits yet: {rows:?}");

    let mut run = deployment();
    play(&mut run, 100_000);
    run.apply(&Command::Intervene(Intervention::Pause { agent: "coordinator".into() })).unwrap();
    play(&mut run, 900_000);
    let inbox = row(&run, "coordinator", "Inbox").lines;
    assert!(inbox.iter().any(|line| line == "ballot from qa-engineer, AGAINST"), "{inbox:?}");
    let state = row(&run, "coordinator", "State").lines.remove(0);
    assert!(state.starts_with("paused, ") && state.ends_with(" messages wait"), "{state}");
    play(&mut run, 2_000_000);
    let waits = row(&run, "coordinator", "Waits for").lines;
    assert!(waits.contains(&"the deadline: due, once it goes on".to_owned()), "{waits:?}");
}

#[test]
fn a_clock_that_is_wrong_says_by_how_much() {
    let drifting = r#"{ "format": 1, "name": "d", "title": "D",
        "agents": [{ "id": "a", "review_ms": [400, 400], "clock": { "offset_ms": 250, "drift_ppm": 20000 } }, { "id": "b" }],
        "proposals": [{ "id": "p" }] }"#;
    let scenario = Scenario::parse(drifting, "d.json").unwrap();
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    play(&mut run, 100_000);
    let clock = row(&run, "a", "Own clock").lines.remove(0);
    assert!(clock.starts_with("0.352, 252 ms ahead, runs 2 % fast; logical time"), "{clock}");
    let clock = row(&run, "b", "Own clock").lines.remove(0);
    assert!(clock.starts_with("0.100, exact"), "{clock}");
    // The review takes 400 ms on its own clock, and so does the part of it that has passed.
    let waits = row(&run, "a", "Waits for").lines.remove(0);
    assert!(waits.starts_with("the end of its review, "), "{waits}");
}

#[test]
fn what_the_last_event_changed_is_marked_and_nothing_else() {
    let mut run = deployment();
    play(&mut run, 2_000_000);
    // To the step in which the agent votes, and the one before.
    let voted = run
        .log()
        .range(0, u64::MAX)
        .find(|event| sentence(event, run.cast()) == "qa-engineer votes AGAINST.");
    let event = voted.unwrap().id;
    run.apply(&Command::SeekEvent { event }).unwrap();
    let rows = inspector(&run, agent(&run, "qa-engineer"), true);
    let changed: Vec<&str> = rows.iter().filter(|row| row.changed).map(|row| row.label).collect();
    let expected = ["Votes", "Would keep", "Waits for", "Messages", "Own clock", "Changed"];
    assert_eq!(changed, expected);
    let other = inspector(&run, agent(&run, "lead-engineer"), true);
    assert!(other.iter().all(|row| !row.changed), "{other:?}");
    run.apply(&Command::StepBack).unwrap();
    check(&run, "qa-engineer", "Votes", &["not yet"]);
}

#[test]
fn how_far_it_has_come_in_a_byzantine_vote_is_told() {
    let scenario = gallery::find("byzantine-recovery").unwrap().scenario().unwrap();
    let mut run = Run::new(Arc::new(scenario), 7).unwrap();
    play(&mut run, 319_000);
    let knows = "security-patch since 0.079: round 2 of 5, signed votes of 7, 1 exposed";
    check(&run, "agent-4", "Knows", &[knows]);
}
