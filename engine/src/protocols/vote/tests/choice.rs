//! Federated choice between options by real messages (C9, C10), whatever happens to the network and the
//! agents.

use std::collections::BTreeMap;

use crate::common::consensus::ballot::{Receipt, Refusal};
use crate::common::consensus::manager::Manager;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::note::choice::ChoiceNote;
use crate::common::consensus::quorum::Decision;
use crate::playback::frame::Frame;
use crate::playback::inspect::Node;
use crate::playback::report::DecisionReport;
use crate::playback::{Command, Report, Run};
use crate::protocols::vote::choice::{Amount, ChoiceDetails};
use crate::scenario::Scenario;
use crate::sim::{AgentId, LocalTime, PropertyStatus, What};
use crate::swarm::adversary::Behaviour;
use crate::swarm::note::Note;
use crate::view::caption::outcome;
use crate::view::inspector::inspector;
use crate::view::why::why;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The run at its end; agents have these parts beside their ids.
fn played(agents: Vec<Value>, proposal: &Value, more: &Value, seed: u64) -> Run {
    let named = agents.into_iter().enumerate().map(|(number, mut agent)| {
        agent["id"] = json!(format!("a{number}"));
        agent
    });
    let mut choice = json!({ "id": "db", "algorithm": "federated", "deadline_ms": 600,
        "grace_ms": 200, "options": ["postgres", "mysql", "sqlite"] });
    for (name, value) in proposal.as_object().unwrap() {
        choice[name] = value.clone();
    }
    let mut file = json!({ "format": 1, "name": "x", "title": "X",
        "agents": named.collect::<Vec<_>>(), "proposals": [choice] });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    let scenario = Scenario::parse(&file.to_string(), "x.json");
    let scenario = scenario.unwrap_or_else(|error| panic!("{error}\n{file}"));
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: 1_000_000 }).unwrap();
    run
}

/// Agents with a word each: what they prefer, with a weight after a colon, `-` to abstain, `silent`.
fn agents(words: &str) -> Vec<Value> {
    let agent = |word: &str| {
        let (name, weight) = word.split_once(':').unwrap_or((word, "1"));
        let weight: f64 = weight.parse().unwrap();
        match name {
            "silent" => json!({ "mind": "silent", "weight": weight }),
            "-" => json!({ "weight": weight }),
            _ => json!({ "prefers": [name], "weight": weight }),
        }
    };
    words.split_whitespace().map(agent).collect()
}

fn status(report: &Report, name: &str) -> PropertyStatus {
    report.properties.iter().find(|property| property.name == name).unwrap().status
}

fn details(decision: &DecisionReport) -> &ChoiceDetails {
    decision.details.own.vote.as_ref().unwrap()
}

fn check(words: &str, rule: &str, winner: Option<&str>, decision: Decision, tie: bool) {
    for seed in 0..20 {
        let report = played(agents(words), &json!({ "rule": rule }), &json!({}), seed).report();
        let [found] = report.decisions.as_slice() else { panic!("one decision") };
        let details = details(found);
        let came_out = (details.winner.as_deref(), found.decision, details.tie);
        assert_eq!(came_out, (winner, decision, tie), "{words}, {rule}, seed {seed}");
        assert_eq!(found.algorithm, "federated");
        let holds = |name: &String| winner == Some(name.as_str());
        assert!(details.winner_by_agent.values().all(holds), "{words}, {rule}");
        for name in ["agreement", "validity", "termination", "counted_once", "books_balance"] {
            assert_eq!(status(&report, name), PropertyStatus::Holds, "{name}: {words}, {rule}");
        }
    }
}

#[test]
fn every_rule_finds_its_winner() {
    use Decision::{Approved, Rejected, Timeout};
    // Two of five is a plurality, and no majority.
    check("mysql mysql postgres sqlite -", "majority", Some("mysql"), Approved, false);
    check("sqlite mysql sqlite mysql", "majority", Some("mysql"), Approved, true);
    check("postgres mysql sqlite", "majority", Some("postgres"), Approved, true);
    check("mysql silent silent", "majority", Some("mysql"), Approved, false);
    check("- - -", "majority", None, Rejected, false);
    check("- silent", "majority", None, Timeout, false);
    check("mysql:3 postgres:1 postgres:1.5", "weighted", Some("mysql"), Approved, false);
    check("mysql:2.5 postgres:1 postgres:1.5", "weighted", Some("postgres"), Approved, true);
    check("mysql mysql mysql", "unanimous", Some("mysql"), Approved, false);
    check("mysql mysql sqlite", "unanimous", None, Rejected, false);
    check("mysql mysql -", "unanimous", None, Rejected, false);
    check("mysql mysql silent", "unanimous", None, Timeout, false);
}

#[test]
fn the_result_says_what_each_option_has_and_who_voted_what() {
    let by_weight = json!({ "rule": "weighted" });
    let run = played(agents("mysql:2.5 postgres sqlite:0.5 -"), &by_weight, &json!({}), 1);
    let report = serde_json::to_value(run.report()).unwrap();
    let decision = &report["decisions"][0];
    let details = &decision["details"];
    assert_eq!(details["options"], json!({ "postgres": 1.0, "mysql": 2.5, "sqlite": 0.5 }));
    let text = serde_json::to_string(&run.report()).unwrap();
    assert!(text.contains(r#"{"postgres":1.0,"mysql":2.5,"sqlite":0.5}"#), "in their own order");
    assert_eq!((&details["winner"], &details["tie"]), (&json!("mysql"), &json!(false)));
    let ballots = json!({ "a0": "mysql", "a1": "postgres", "a2": "sqlite", "a3": "abstain" });
    assert_eq!(decision["ballots"], ballots);
    assert_eq!((&decision["for"], &decision["abstain"]), (&json!(3), &json!(1)));
    assert_eq!((&decision["weight_for"], &decision["approval"]), (&json!(2.5), &json!(0.5)));
    let heads = played(agents("mysql mysql postgres"), &json!({}), &json!({}), 1).report();
    assert_eq!(votes(&heads), [("postgres", 1), ("mysql", 2), ("sqlite", 0)]);
}

/// The votes for each option, in heads.
fn votes(report: &Report) -> Vec<(&str, u64)> {
    let options = details(&report.decisions[0]).options.0.iter();
    let vote = |(name, amount): &'_ (String, Amount)| match amount {
        Amount::Votes(votes) => *votes,
        Amount::Weight(weight) => panic!("{name} has a weight of {weight}"),
    };
    options.map(|it| (it.0.as_str(), vote(it))).collect()
}

#[test]
fn it_is_decided_as_soon_as_nothing_can_change_it() {
    // Three of five are for mysql and speak first; the last two cannot overtake.
    let mut agents = agents("mysql mysql mysql sqlite sqlite");
    for (number, agent) in agents.iter_mut().enumerate() {
        let at_ms = 10 + 50 * number;
        agent["review_ms"] = json!([at_ms, at_ms]);
    }
    let report = played(agents, &json!({}), &json!({}), 1).report();
    let decision = &report.decisions[0];
    // The proposal takes a millisecond, the review of the third 110, its ballot another.
    assert_eq!(decision.decided_at_us, Some(112_000));
    assert_eq!((decision.closed_at_us, decision.in_favour), (Some(212_000), 5));
}

#[test]
fn a_choice_on_a_perfect_mesh_takes_three_messages_per_agent() {
    // Proposal, ballot, decision: 3n, as any vote that the coordinator counts.
    for n in [1, 2, 5, 30] {
        let agents = (0..n).map(|_| json!({ "prefers": ["mysql"] })).collect();
        let report = played(agents, &json!({}), &json!({}), 7).report();
        assert_eq!((report.messages.sent, report.decisions[0].messages), (3 * n, 3 * n));
    }
}

#[test]
fn a_preference_that_is_not_on_offer_passes_to_the_next() {
    let other = json!({ "id": "cache", "algorithm": "federated", "options": ["redis", "none"] });
    let choice = json!({ "id": "db", "algorithm": "federated", "options": ["mysql", "sqlite"] });
    let agents = || vec![json!({ "prefers": ["redis", "sqlite", "mysql"] })];
    let run = played(agents(), &json!({}), &json!({ "proposals": [other, choice] }), 3);
    let winners: Vec<_> =
        run.report().decisions.iter().map(|it| details(it).winner.clone().unwrap()).collect();
    assert_eq!(winners, ["redis", "sqlite"]);
}

#[test]
fn who_votes_by_chance_and_prefers_nothing_takes_any_option() {
    let mut found = BTreeMap::new();
    for seed in 0..300 {
        let agent = json!({ "mind": { "chance": { "for": 0.75 } } });
        let report = played(vec![agent], &json!({}), &json!({}), seed).report();
        *found.entry(report.decisions[0].ballots["a0"].clone()).or_insert(0) += 1;
    }
    // A quarter each; 4.5 standard deviations of 75 are 34.
    assert_eq!(found.len(), 4);
    assert!(found.values().all(|count| (41..=109).contains(count)), "{found:?}");
}

#[test]
fn ballots_are_refused_as_in_any_vote() {
    let slow = json!([{ "from": "a1", "to": "coordinator", "one_way": true,
        "link": { "latency_ms": { "fixed": 900 } } }]);
    let run = played(agents("mysql sqlite mysql"), &json!({}), &json!({ "links": slow }), 1);
    let report = run.report();
    let decision = &report.decisions[0];
    assert_eq!((decision.details.refused, decision.ballots["a1"].as_str()), (1, "absent"));
    let mut manager: Manager = Manager::default();
    let poll = run.poll(0).unwrap();
    let voters = [(AgentId(0), 1_000), (AgentId(1), 1_000)];
    let id = manager.request_consensus(poll.proposal.clone(), voters, LocalTime(0)).unwrap();
    let refused = Receipt::Refused;
    assert_eq!(manager.record_pick(id, AgentId(2), 0), refused(Refusal::Foreign));
    assert_eq!(manager.record_pick(id, AgentId(0), 3), refused(Refusal::NoSuchOption));
    assert_eq!(manager.record_pick(id, AgentId(0), 1), Receipt::Counted);
    assert_eq!(manager.record_pick(id, AgentId(0), 1), Receipt::Repeated);
    assert_eq!(manager.record_pick(id, AgentId(0), 2), refused(Refusal::SecondDifferent));
    assert_eq!(manager.close(id, LocalTime(5)), Some(Decision::Approved));
    assert_eq!(manager.record_pick(id, AgentId(1), 1), refused(Refusal::Late));
    assert_eq!(manager.poll(id).unwrap().winner, Some(1));
}

#[test]
fn a_liar_has_one_ballot_as_everyone_else() {
    for (_, name, _) in Behaviour::ALL {
        for seed in 0..20 {
            let lies = json!({ "corrupt": { "agent": "a3", "behaviour": name } });
            let more = json!({ "faults": [{ "at_ms": 0, "do": lies }] });
            let run = played(agents("mysql mysql mysql sqlite"), &json!({}), &more, seed);
            let report = run.report();
            check_safety_of(&report, &["counted_once", "books_balance", "agreement"]).unwrap();
            let decision = &report.decisions[0];
            assert_eq!(details(decision).winner.as_deref(), Some("mysql"), "{name}");
            let known = ["postgres", "mysql", "sqlite", "absent"];
            assert!(known.contains(&decision.ballots["a3"].as_str()), "{name}");
        }
    }
}

#[test]
fn a_coordinator_that_comes_back_still_knows_who_is_for_what() {
    let mut agents = agents("sqlite sqlite mysql");
    agents[2]["review_ms"] = json!([400, 400]);
    let down = json!({ "faults": [
        { "at_ms": 200, "do": { "crash": { "agent": "coordinator" } } },
        { "at_ms": 300, "do": { "restart": { "agent": "coordinator" } } }] });
    let report = played(agents, &json!({}), &down, 7).report();
    let decision = &report.decisions[0];
    assert_eq!(details(decision).winner.as_deref(), Some("sqlite"));
    assert_eq!((decision.ballots["a0"].as_str(), decision.absent), ("sqlite", 0));
}

#[test]
fn an_agent_holds_its_option_and_the_winner_beyond_a_crash() {
    let down = json!({ "faults": [
        { "at_ms": 400, "do": { "crash": { "agent": "a0" } } },
        { "at_ms": 450, "do": { "restart": { "agent": "a0" } } }] });
    let run = played(agents("sqlite mysql mysql"), &json!({}), &down, 7);
    let Some(Node::Member { known, .. }) = run.inspect(AgentId(0)).map(|it| it.node) else {
        panic!("a member")
    };
    assert_eq!(
        (known[0].option.as_deref(), known[0].winner.as_deref()),
        (Some("sqlite"), Some("mysql"))
    );
    let rows = inspector(&run, AgentId(0), false);
    let says = |label| rows.iter().find(|row| row.label == label).unwrap().lines.clone();
    assert_eq!(says("Votes"), ["sqlite"]);
    assert!(says("Would keep")[0].contains("sqlite, mysql has won"), "{:?}", says("Would keep"));
    let led_to = why(&run, &frame_of(&run), event_of(&run)).unwrap();
    assert_eq!(led_to.grounds, ["postgres 0, mysql 2, sqlite 1; 0 ballots were still missing."]);
}

fn frame_of(run: &Run) -> Frame {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    frame
}

/// The event by which an option has won.
fn event_of(run: &Run) -> u64 {
    let mut events = run.log().range(0, u64::MAX);
    events
        .find(|event| {
            matches!(event.what, What::Note(Note::Vote(VoteNote::Choice(ChoiceNote::Won { .. }))))
        })
        .unwrap()
        .id
}

#[test]
fn what_came_out_is_told_in_a_sentence() {
    let told = |words, rule: &str| {
        let run = played(agents(words), &json!({ "rule": rule }), &json!({}), 4);
        outcome(&run, &frame_of(&run)).unwrap().text
    };
    assert_eq!(told("mysql mysql sqlite", "majority"), "mysql has won with 2 of 3");
    let tie = "mysql has won with 1 of 2: level with another, it stands first";
    assert_eq!(told("sqlite mysql", "majority"), tie);
    assert_eq!(told("mysql:2.5 sqlite", "weighted"), "mysql has won with 2.5 of 3.5");
    let differ = "Rejected: not everyone is for the same option";
    assert_eq!(told("mysql sqlite", "unanimous"), differ);
    assert_eq!(told("- -", "majority"), "Rejected: nobody is for any option");
    let missing = "Timeout: 1 ballot never came";
    assert_eq!(told("mysql silent", "unanimous"), missing);
}

#[test]
fn a_frame_shows_how_the_options_stand() {
    let mut run = played(agents("mysql sqlite mysql -"), &json!({}), &json!({}), 4);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let choice = frame.proposals[0].choice.as_ref().unwrap();
    let named: Vec<_> = choice.options.iter().map(|it| (it.name.as_str(), it.count)).collect();
    assert_eq!(named, [("postgres", 0), ("mysql", 2), ("sqlite", 1)]);
    assert_eq!((choice.leader, choice.winner, choice.tie), (Some(1), Some(1), false));
    assert_eq!(choice.picked, [Some(1), Some(2), Some(1), None]);
    assert_eq!(choice.held, [Some(1); 4]);
    run.apply(&Command::SeekTime { time_us: 20_000 }).unwrap();
    run.frame(&mut frame);
    let choice = frame.proposals[0].choice.as_ref().unwrap();
    assert_eq!(
        (choice.leader, choice.winner, choice.picked.as_slice()),
        (None, None, &[None; 4][..])
    );
}

/// The properties that no fault may break.
fn check_safety(report: &Report) -> Result<(), TestCaseError> {
    check_safety_of(report, &["validity", "counted_once", "books_balance"])
}

fn check_safety_of(report: &Report, properties: &[&str]) -> Result<(), TestCaseError> {
    for name in properties {
        prop_assert_ne!(status(report, name), PropertyStatus::Violated, "{}", name);
    }
    for decision in &report.decisions {
        let details = details(decision);
        let held: Vec<&String> = details.winner_by_agent.values().collect();
        prop_assert!(held.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", held);
        prop_assert!(held.iter().all(|held| details.winner.as_ref() == Some(held)));
        if let Some(winner) = &details.winner {
            prop_assert!(decision.ballots.values().any(|ballot| ballot == winner));
        }
        let counted: u64 = votes(report).iter().map(|(_, votes)| votes).sum();
        prop_assert_eq!(counted, decision.in_favour);
        let all = decision.in_favour + decision.abstain + decision.absent;
        prop_assert_eq!(all, decision.electorate);
    }
    Ok(())
}

fn fault(name: &'static str) -> impl Strategy<Value = Value> {
    let agent = prop_oneof![Just("coordinator".to_owned()), (0..7).prop_map(|n| format!("a{n}"))];
    (0..700, agent).prop_map(
        move |(at_ms, agent)| json!({ "at_ms": at_ms, "do": { name: { "agent": agent } } }),
    )
}

fn voter() -> impl Strategy<Value = Value> {
    let prefers = prop::sample::select(vec!["postgres", "mysql", "sqlite"]);
    prop_oneof![
        8 => prefers.prop_map(|name| json!({ "prefers": [name] })),
        2 => Just(json!({ "mind": { "chance": { "for": 0.7 } } })),
        1 => Just(json!({})),
        1 => Just(json!({ "mind": "silent" })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_fault_makes_agents_hold_different_winners_or_counts_a_vote_twice(
        seed in any::<u64>(),
        voters in prop::collection::vec(voter(), 7),
        rule in prop::sample::select(vec!["majority", "unanimous"]),
        kind in prop::sample::select(vec!["mesh", "star", "ring", "hierarchical"]),
        (loss, duplication) in (0..50, 0..50),
        reminder in any::<bool>(),
        faults in prop::collection::vec(
            prop_oneof![fault("crash"), fault("restart"), fault("pause"), fault("resume")], 0..8),
    ) {
        let mut proposal = json!({ "rule": rule });
        if reminder {
            proposal["reminder_ms"] = json!(90);
        }
        let share = |percent: i32| f64::from(percent) / 100.0;
        let more = json!({ "topology": { "kind": kind }, "faults": faults, "ends_at_ms": 3000,
            "network": { "latency_ms": { "uniform": [5, 60] }, "loss": share(loss),
                         "duplication": share(duplication) } });
        check_safety(&played(voters, &proposal, &more, seed).report())?;
    }

    #[test]
    fn without_faults_the_winner_is_who_has_most_and_everyone_learns_it(
        seed in any::<u64>(),
        picks in prop::collection::vec(0..4_usize, 1..12),
    ) {
        let options = ["postgres", "mysql", "sqlite"];
        let agents = picks.iter().map(|pick| match options.get(*pick) {
            Some(name) => json!({ "prefers": [name] }),
            None => json!({}),
        });
        let network = json!({ "network": { "latency_ms": { "uniform": [1, 30] } } });
        let report = played(agents.collect(), &json!({}), &network, seed).report();
        check_safety(&report)?;
        let has = |place| picks.iter().filter(|pick| **pick == place).count();
        let most = (0..3).map(has).max().unwrap_or(0);
        let first = (0..3).find(|place| has(*place) == most && most > 0);
        let level = (0..3).filter(|place| has(*place) == most).count();
        let details = details(&report.decisions[0]);
        prop_assert_eq!(details.winner.as_deref(), first.map(|place| options[place]));
        prop_assert_eq!(details.tie, first.is_some() && level > 1);
        for name in ["agreement", "termination"] {
            prop_assert_eq!(status(&report, name), PropertyStatus::Holds);
        }
        let learned = details.winner_by_agent.len();
        prop_assert_eq!(learned, if first.is_some() { picks.len() } else { 0 });
    }
}
