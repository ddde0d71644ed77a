//! Votes by real messages (C1–C5, C10), whatever happens to the network and the agents.

use crate::common::consensus::quorum::Decision;
use crate::playback::report::DecisionReport;
use crate::playback::{Command, Report, Run};
use crate::scenario::Scenario;
use crate::sim::PropertyStatus;
use crate::view::sentence::sentence;
use proptest::prelude::*;

/// Runs a scenario with these parts to its end.
fn run(agents: &str, rest: &str, seed: u64) -> Report {
    let text =
        format!(r#"{{ "format": 1, "name": "x", "title": "X", "agents": [{agents}] {rest} }}"#);
    let scenario = match Scenario::parse(&text, "x.json") {
        Ok(scenario) => scenario,
        Err(error) => panic!("{error}\n{text}"),
    };
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: 1_000_000 }).unwrap();
    run.report()
}

/// Agents a, b, c, … with these minds, one word each.
fn agents(minds: &str) -> String {
    let agent = |(place, mind): (usize, &str)| {
        let name = char::from(b'a' + place as u8);
        format!(r#"{{ "id": "{name}", "mind": "{mind}" }}"#)
    };
    minds.split_whitespace().enumerate().map(agent).collect::<Vec<_>>().join(",")
}

fn status(report: &Report, name: &str) -> PropertyStatus {
    report.properties.iter().find(|property| property.name == name).unwrap().status
}

fn check_vote(minds: &str, proposal: &str, decision: Decision, counts: [u64; 4]) {
    let rest = format!(r#", "proposals": [{{ "id": "p", "deadline_ms": 500, {proposal} }}]"#);
    let report = run(&agents(minds), &rest, 7);
    let found = &report.decisions[0];
    assert_eq!(found.decision, decision, "{minds}, {proposal}");
    let found = [found.in_favour, found.against, found.abstain, found.absent];
    assert_eq!(found, counts, "{minds}, {proposal}");
    for name in ["agreement", "validity", "termination", "counted_once", "books_balance"] {
        assert_eq!(status(&report, name), PropertyStatus::Holds, "{name}: {minds}, {proposal}");
    }
}

#[test]
fn every_algorithm_decides_by_its_rule() {
    use Decision::{Approved, Rejected, Timeout};
    let simple = r#""algorithm": "simple""#;
    check_vote("for for for against against", simple, Approved, [3, 2, 0, 0]);
    check_vote("for for against against", simple, Rejected, [2, 2, 0, 0]);
    check_vote("for for silent silent", simple, Timeout, [2, 0, 0, 2]);
    let supermajority = r#""algorithm": "supermajority""#;
    check_vote("for for against", supermajority, Approved, [2, 1, 0, 0]);
    check_vote("for for against abstain", supermajority, Rejected, [2, 1, 1, 0]);
    let unanimous = r#""algorithm": "unanimous""#;
    check_vote("for for for", unanimous, Approved, [3, 0, 0, 0]);
    check_vote("for for abstain", unanimous, Rejected, [2, 0, 1, 0]);
    check_vote("for for silent", unanimous, Timeout, [2, 0, 0, 1]);
    let quorum = r#""algorithm": "quorum", "threshold": 0.8"#;
    check_vote("for for for for against", quorum, Approved, [4, 1, 0, 0]);
    check_vote("for for for against against", quorum, Rejected, [3, 2, 0, 0]);
    let cast = r#""algorithm": "simple", "share_of": "votes_cast", "min_participation": 0.4"#;
    check_vote("for for against silent silent", cast, Approved, [2, 1, 0, 2]);
    check_vote("for silent silent silent", cast, Timeout, [1, 0, 0, 3]);
}

#[test]
fn an_expert_in_the_domain_weighs_more() {
    let agents = r#"{ "id": "a", "domains": ["security"], "mind": "against" },
        { "id": "b", "mind": "for" }, { "id": "c", "mind": "for" }"#;
    let rest = r#", "proposals": [{ "id": "p", "algorithm": "weighted", "domain_weights": { "security": 2.5 } }]"#;
    let report = run(agents, rest, 7);
    let decision = &report.decisions[0];
    assert_eq!(decision.decision, Decision::Rejected);
    assert_eq!((decision.weight_for, decision.needed), (2.0, 2.251));
}

#[test]
fn only_the_electorate_votes() {
    let rest = r#", "proposals": [{ "id": "p", "electorate": ["a", "b"] }]"#;
    let report = run(&agents("for for against against"), rest, 7);
    let decision = &report.decisions[0];
    assert_eq!((decision.electorate, decision.decision), (2, Decision::Approved));
    assert!(!decision.ballots.contains_key("c"));
}

#[test]
fn a_ballot_that_comes_after_the_close_is_refused() {
    // c's ballot takes longer than the deadline.
    let rest = r#", "links": [{ "from": "c", "to": "coordinator", "one_way": true, "link": { "latency_ms": { "fixed": 900 } } }],
        "proposals": [{ "id": "p", "deadline_ms": 500 }]"#;
    let report = run(&agents("for against for"), rest, 7);
    let decision = &report.decisions[0];
    assert_eq!(decision.decision, Decision::Timeout);
    assert_eq!((decision.in_favour, decision.absent, decision.details.refused), (1, 1, 1));
}

#[test]
fn a_coordinator_that_comes_back_still_knows_what_it_counted() {
    let rest = r#", "proposals": [{ "id": "p", "deadline_ms": 900 }],
        "faults": [{ "at_ms": 160, "do": { "crash": { "agent": "coordinator" } } },
                   { "at_ms": 300, "do": { "restart": { "agent": "coordinator" } } }]"#;
    let slow = r#"{ "id": "d", "mind": "for", "review_ms": [400, 400] }"#;
    let agents = format!("{},{slow}", agents("for for"));
    let report = run(&agents, rest, 7);
    let decision = &report.decisions[0];
    assert_eq!((decision.decision, decision.in_favour), (Decision::Approved, 3));
}

#[test]
fn agents_that_hear_nothing_record_a_timeout() {
    let rest = r#", "proposals": [{ "id": "p", "deadline_ms": 300, "grace_ms": 100 }],
        "faults": [{ "at_ms": 40, "do": { "crash": { "agent": "coordinator" } } }]"#;
    let report = run(&agents("for for for"), rest, 7);
    let decision = &report.decisions[0];
    assert_eq!((decision.decision, decision.decided_at_us), (Decision::Timeout, None));
    assert!(decision.outcome_by_agent.values().all(|outcome| *outcome == "timeout"));
}

#[test]
fn a_vote_on_a_perfect_mesh_takes_three_messages_per_agent() {
    // Proposal, ballot, decision: 3n, and nothing is asked twice.
    for n in [1, 2, 5, 30] {
        let agents = format!(r#"{{ "id": "a", "count": {n} }}"#);
        let report = run(&agents, r#", "proposals": [{ "id": "p" }]"#, 7);
        assert_eq!(report.messages.sent, 3 * n, "{n} agents");
        assert_eq!(report.decisions[0].messages, 3 * n);
    }
}

/// Checks what no fault may break.
fn check_safety(report: &Report) -> Result<(), TestCaseError> {
    prop_assert_ne!(status(report, "validity"), PropertyStatus::Violated);
    prop_assert_ne!(status(report, "counted_once"), PropertyStatus::Violated);
    prop_assert_ne!(status(report, "books_balance"), PropertyStatus::Violated);
    let messages = &report.messages;
    let settled = messages.delivered + messages.dropped + messages.in_flight;
    prop_assert_eq!(messages.sent + messages.duplicated, settled);
    for DecisionReport { in_favour, against, abstain, absent, electorate, .. } in &report.decisions
    {
        prop_assert_eq!(in_favour + against + abstain + absent, *electorate);
    }
    Ok(())
}

fn fault(name: &'static str) -> impl Strategy<Value = String> {
    let agent =
        prop_oneof![Just("coordinator".to_owned()), (1u32..7).prop_map(|n| format!("a-{n}")),];
    (0u64..700, agent).prop_map(move |(at_ms, agent)| {
        format!(r#"{{ "at_ms": {at_ms}, "do": {{ "{name}": {{ "agent": "{agent}" }} }} }}"#)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_fault_breaks_validity_or_counts_a_vote_twice(
        seed in any::<u32>(),
        kind in prop::sample::select(vec!["mesh", "star", "ring", "hierarchical"]),
        (loss, duplication) in (0u32..50, 0u32..50),
        reminder in any::<bool>(),
        faults in prop::collection::vec(
            prop_oneof![fault("crash"), fault("restart"), fault("pause"), fault("resume")], 0..10),
    ) {
        let reminder = if reminder { r#", "reminder_ms": 90"# } else { "" };
        let rest = format!(
            r#", "topology": {{ "kind": "{kind}" }},
            "network": {{ "latency_ms": {{ "uniform": [5, 60] }}, "loss": 0.{loss:02}, "duplication": 0.{duplication:02} }},
            "proposals": [{{ "id": "p", "deadline_ms": 600, "grace_ms": 200 {reminder} }},
                          {{ "id": "q", "at_ms": 150, "algorithm": "weighted", "threshold": 0.6, "deadline_ms": 300 }}],
            "faults": [{}], "ends_at_ms": 3000"#,
            faults.join(",")
        );
        let agents = r#"{ "id": "a", "count": 6, "mind": { "chance": { "for": 0.6, "against": 0.3 } } }"#;
        check_safety(&run(agents, &rest, u64::from(seed)))?;
    }

    #[test]
    fn without_faults_everyone_agrees(
        seed in any::<u32>(),
        kind in prop::sample::select(vec!["mesh", "star", "ring", "hierarchical"]),
        n in 1u32..20,
    ) {
        let rest = format!(
            r#", "topology": {{ "kind": "{kind}" }}, "network": {{ "latency_ms": {{ "uniform": [1, 20] }} }},
            "proposals": [{{ "id": "p", "algorithm": "supermajority", "deadline_ms": 2000 }}]"#
        );
        let agents = format!(
            r#"{{ "id": "a", "count": {n}, "mind": {{ "chance": {{ "for": 0.7, "against": 0.2 }} }} }}"#
        );
        let report = run(&agents, &rest, u64::from(seed));
        check_safety(&report)?;
        prop_assert_eq!(status(&report, "agreement"), PropertyStatus::Holds);
        prop_assert_eq!(status(&report, "termination"), PropertyStatus::Holds);
        prop_assert_eq!(report.decisions[0].absent, 0);
        prop_assert_eq!(report.messages.dropped, 0);
    }
}

/// Checks the event of the violated *termination*, as it is told: it ended all hope of an outcome.
fn check_missed(faults: &str, rest: &str, event: &str) {
    let text = format!(
        r#"{{ "format": 1, "name": "x", "title": "X", "agents": [{{ "id": "a", "count": 3, "review_ms": [600, 600] }}],
        "network": {{ "latency_ms": {{ "fixed": 5 }} }}, "proposals": [{{ "id": "p", "deadline_ms": 500, "grace_ms": 100 }}],
        "faults": [{faults}] {rest} }}"#
    );
    let scenario = Scenario::parse(&text, "x.json").unwrap_or_else(|it| panic!("{it}\n{text}"));
    let mut run = Run::new(scenario.into(), 7).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: 1_000_000 }).unwrap();
    let report = run.report();
    assert_eq!(status(&report, "termination"), PropertyStatus::Violated, "{faults}");
    let property = report.properties.iter().find(|property| property.name == "termination");
    let id = property.unwrap().event.unwrap();
    let found = run.log().range(id, id + 1).next().unwrap();
    let told = format!("{} ms: {}", found.time_us / 1_000, sentence(found, run.cast()));
    assert_eq!(told, event, "{faults}");
}

#[test]
fn a_vote_that_never_ends_names_the_event_after_which_it_could_not() {
    let fault = |ms: u64, what: &str, agent: &str| {
        format!(r#"{{ "at_ms": {ms}, "do": {{ "{what}": {{ "agent": "{agent}" }} }} }}"#)
    };
    let crash = |ms, agent: &str| fault(ms, "crash", agent);
    let of = |faults: &[String]| faults.join(",");
    // The agents that were to decide are down, in any order; messages lost at them afterwards change nothing.
    let crashed = "a-2 crashed: it forgets all it had not written down.";
    let all = [crash(50, "a-1"), crash(70, "a-2"), crash(60, "a-3")];
    check_missed(&of(&all), "", &format!("70 ms: {crashed}"));
    let removed = [crash(50, "a-1"), crash(60, "a-3"), fault(80, "remove", "a-2")];
    check_missed(&of(&removed), "", "80 ms: a-2 left for good.");
    // One is paused and stays so; another that goes on has its outcome.
    let paused = [fault(30, "pause", "a-1"), fault(40, "pause", "a-3"), fault(60, "resume", "a-3")];
    check_missed(&of(&paused), "", "30 ms: a-1 was paused.");
    // Nobody hears of it: who tells it is gone, or the last that told it was lost.
    let cut = r#"{ "at_ms": 1, "do": { "partition": { "groups": [["a-1", "a-2", "a-3"], ["coordinator"]] } } }"#;
    check_missed(
        &of(&[cut.to_owned(), crash(200, "coordinator")]),
        "",
        "200 ms: coordinator crashed: it forgets all it had not written down.",
    );
    let lost = "502 ms: coordinator’s decision to a-3 was lost where the network is broken.";
    check_missed(cut, "", lost);
    // Those that are there would have given up by themselves: the run ended before.
    check_missed("", r#", "ends_at_ms": 300"#, "5 ms: a-3 heard of the proposal.");
}

#[test]
fn the_coordinators_seat_cannot_be_taken() {
    let corrupted = r#", "proposals": [{ "id": "p" }], "faults": [{ "at_ms": 0, "do": {
        "corrupt": { "agent": "coordinator", "behaviour": "stays_silent" } } }]"#;
    let report = run(&agents("for for for"), corrupted, 1);
    assert_eq!(report.decisions[0].decision, Decision::Approved);
}
