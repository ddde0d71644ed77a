//! Byzantine voting over random faults: where its assumptions hold, all honest agents decide the same,
//! what is approved has honest agents behind it, liars are exposed and honest agents never are.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::common::consensus::assumption::Assumption;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::facts::Facts;
use crate::common::consensus::quorum::Decision;
use crate::playback::{Command, Run};
use crate::protocols::byzantine::Rounds;
use crate::protocols::byzantine::assumptions::Assumptions;
use crate::protocols::byzantine::note::ByzantineNote;
use crate::protocols::byzantine::voting::Part;
use crate::scenario::Scenario;
use crate::sim::{AgentId, PropertyStatus, What};
use crate::swarm::adversary::Behaviour;
use crate::swarm::note::Note;
use proptest::prelude::*;
use serde_json::{Value, json};

fn scenario(agents: &[Value], fault_tolerance: u32, rounds: u32, more: &Value) -> Scenario {
    let mut file = json!({
        "format": 1, "name": "byzantine", "title": "Byzantine", "agents": agents,
        "network": { "latency_ms": { "uniform": [1, 40] } },
        "proposals": [{ "id": "p", "algorithm": "byzantine",
            "byzantine": { "fault_tolerance": fault_tolerance, "rounds": rounds, "round_ms": 50 } }],
    });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    Scenario::parse(&file.to_string(), "test").unwrap_or_else(|error| panic!("{error}"))
}

fn played(scenario: Scenario, seed: u64) -> Run {
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 60_000_000, budget: u64::MAX }).unwrap();
    run
}

fn facts(run: &Run) -> &Facts {
    &run.simulation().observer.facts()[0]
}

fn watch(run: &Run) -> &Assumptions {
    run.simulation().observer.watches.byzantine.as_ref().unwrap().assumptions(0).unwrap()
}

fn part(run: &Run, agent: AgentId) -> Option<&Part> {
    run.simulation().agent(agent).process.byzantine.as_ref()?.voter()?.known.get(&0)
}

/// The agents that this one has exposed.
fn exposed(run: &Run, agent: AgentId) -> BTreeSet<AgentId> {
    let session = part(run, agent).map(|it| &it.session);
    let voters = session.into_iter().flat_map(|session| session.voters());
    voters.filter(|(_, voter)| voter.is_exposed()).map(|(agent, _)| agent).collect()
}

fn status(run: &Run, name: &str) -> PropertyStatus {
    let properties = run.simulation().observer.properties(true);
    properties.into_iter().find(|property| property.name == name).unwrap().status
}

fn agent(number: usize, mind: &str, behaviour: Option<Behaviour>) -> Value {
    let behaviour = behaviour.map(|it| Behaviour::ALL[it as usize].1);
    // Their clocks are up to 9 ms apart: with 40 ms of latency a round of 50 ms is long enough.
    let offset_ms = number * 7 % 10;
    let clock = json!({ "offset_ms": offset_ms });
    json!({ "id": format!("a{number}"), "mind": mind, "behaviour": behaviour, "clock": clock })
}

#[test]
fn without_faults_it_costs_what_the_formula_says() {
    // (R + 1) · n(n − 1): every agent tells every other one in each voting round, and once more to relay the
    // last votes (SPEC C6).
    for (agents, faulty, rounds) in [(4, 1, 3), (7, 2, 3), (7, 0, 4), (10, 3, 5), (13, 4, 3)] {
        let members: Vec<Value> = (0..agents).map(|n| agent(n, "for", None)).collect();
        let run = played(scenario(&members, faulty, rounds, &json!({})), 1);
        let messages = run.report().messages;
        let sent = messages.by_kind["statements"];
        let of = Rounds { fault_tolerance: faulty, voting_rounds: rounds, ..Rounds::default() };
        assert_eq!(sent, of.messages_without_faults(agents as u64), "n {agents}, f {faulty}");
        assert_eq!(
            (messages.by_kind["proposal"], messages.by_kind["conclusion"]),
            (agents as u64, agents as u64)
        );
        let report = run.report();
        assert_eq!(report.decisions[0].decision, Decision::Approved);
        assert_eq!((watch(&run).broken, report.decisions[0].in_favour), (None, agents as u64));
    }
}

/// Checks a run in which the assumptions held.
fn check(run: &Run) {
    let watch = watch(run);
    let honest: Vec<AgentId> = watch.honest().collect();
    let decisions: BTreeSet<Decision> =
        honest.iter().map(|it| part(run, *it).unwrap().hearing.outcome.unwrap()).collect();
    assert_eq!(decisions.len(), 1, "honest agents agree");
    let votes: Vec<Option<Vote>> =
        honest.iter().map(|it| facts(run).of(*it).voted.map(|(vote, _)| vote)).collect();
    let in_favour = votes.iter().filter(|vote| **vote == Some(Vote::For)).count() as u64;
    let needed = watch.rounds.honest_behind_approval(watch.electorate.len() as u64);
    if decisions.contains(&Decision::Approved) {
        assert!(in_favour >= needed, "{in_favour} honest agents stand behind it");
    } else {
        assert!(in_favour < honest.len() as u64, "all honest agents were for it");
    }
    // The votes that honest agents have accepted, together.
    let mut accepted: BTreeMap<AgentId, BTreeSet<Vote>> = BTreeMap::new();
    let log = run.log();
    assert_eq!(log.first_id(), 0);
    for event in log.range(0, log.end_id()).filter(|event| honest.contains(&event.agent)) {
        if let What::Note(Note::Byzantine(ByzantineNote::Accepted { voter, vote, .. })) = event.what
        {
            accepted.entry(voter).or_default().insert(vote);
        }
    }
    let liars: BTreeSet<AgentId> =
        accepted.iter().filter(|(_, votes)| votes.len() > 1).map(|(voter, _)| *voter).collect();
    for it in &honest {
        let exposed = exposed(run, *it);
        assert!(exposed.is_superset(&liars), "{liars:?} have said two things to honest agents");
        assert!(exposed.iter().all(|other| !honest.contains(other)), "{exposed:?} of {honest:?}");
    }
    for name in ["agreement", "validity"] {
        assert_eq!(status(run, name), PropertyStatus::Holds, "{name}");
    }
}

/// Something that goes wrong besides the liars.
fn mishap(agents: usize) -> impl Strategy<Value = Value> {
    let at = 0..400_u32;
    prop_oneof![
        (at.clone(), 0..agents).prop_map(|(at, n)| json!({ "at_ms": at, "do": { "crash": { "agent": format!("a{n}") } } })),
        (at.clone(), 0..agents).prop_map(|(at, n)| json!({ "at_ms": at, "do": { "restart": { "agent": format!("a{n}") } } })),
        (at.clone(), 0..agents).prop_map(|(at, n)| json!({ "at_ms": at, "do": { "pause": { "agent": format!("a{n}") } } })),
        (at.clone(), 0..agents, 0..6_usize).prop_map(|(at, n, how)| json!({ "at_ms": at, "do": {
            "corrupt": { "agent": format!("a{n}"), "behaviour": Behaviour::ALL[how].1 } } })),
        (at.clone(), 0..agents).prop_map(|(at, n)| json!({ "at_ms": at, "do": { "release": { "agent": format!("a{n}") } } })),
        (at, 0..agents, 0..agents).prop_map(move |(at, n, m)| json!({ "at_ms": at, "do": {
            "cut": { "from": format!("a{n}"), "to": format!("a{}", if m == n { (n + 1) % agents } else { m }) } } })),
    ]
}

#[derive(Debug, Clone)]
struct Case {
    agents: Vec<Value>,
    fault_tolerance: u32,
    rounds: u32,
    mishaps: Vec<Value>,
    /// The coordinator's clock.
    clock: Value,
    /// When the vote is opened: the longer a clock has drifted by then, the more it is wrong.
    opens_ms: u32,
    seed: u64,
}

/// Mostly as [`agent`] gives them, else anything.
fn clock() -> impl Strategy<Value = Option<(i32, i32)>> {
    prop_oneof![
        6 => Just(None),
        1 => (-9..=9_i32).prop_map(|offset_ms| Some((offset_ms, 0))),
        1 => (-400..=400_i32, -200_000..=200_000_i32).prop_map(Some),
        1 => (-20_000..=20_000_i32).prop_map(|drift_ppm| Some((0, drift_ppm))),
    ]
}

fn clock_of((offset_ms, drift_ppm): (i32, i32)) -> Value {
    json!({ "offset_ms": offset_ms, "drift_ppm": drift_ppm })
}

fn case() -> impl Strategy<Value = Case> {
    (4..=10_usize, 3..=4_u32, any::<u64>()).prop_flat_map(|(count, rounds, seed)| {
        let most = (count as u32 - 1) / 3;
        let minds = proptest::collection::vec(
            prop_oneof![4 => Just("for"), 2 => Just("against"), 1 => Just("abstain"), 1 => Just("silent")],
            count,
        );
        let liars = proptest::collection::vec((0..count, 0..6_usize), 0..=most as usize + 1);
        let mishaps = proptest::collection::vec(mishap(count), 0..=2);
        let clocks = (proptest::collection::vec(clock(), count + 1), prop_oneof![Just(0), 0..2_000_u32]);
        (minds, liars, mishaps, 0..=most, clocks).prop_map(move |(minds, liars, mishaps, fault_tolerance, (clocks, opens_ms))| {
            let behaviour = |n: usize| {
                liars.iter().find(|(liar, _)| *liar == n).map(|(_, how)| Behaviour::ALL[*how].0)
            };
            let agents = minds.iter().enumerate();
            let mut agents: Vec<Value> = agents.map(|(n, mind)| agent(n, mind, behaviour(n))).collect();
            for (agent, clock) in agents.iter_mut().zip(&clocks) {
                if let Some(clock) = clock {
                    agent["clock"] = clock_of(*clock);
                }
            }
            let clock = clock_of(clocks[count].unwrap_or_default());
            Case { agents, fault_tolerance, rounds, mishaps: mishaps.clone(), clock, opens_ms, seed }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn where_its_assumptions_hold_honest_agents_agree_and_liars_are_exposed(case in case()) {
        let Case { agents, fault_tolerance, rounds, mishaps, clock, opens_ms, seed } = case;
        let more = json!({ "faults": mishaps, "coordinator_clock": clock, "proposals": [{
            "id": "p", "algorithm": "byzantine", "at_ms": opens_ms,
            "byzantine": { "fault_tolerance": fault_tolerance, "rounds": rounds, "round_ms": 50 } }] });
        let run = played(scenario(&agents, fault_tolerance, rounds, &more), seed);
        if watch(&run).broken.is_none() {
            check(&run);
        }
    }
}

#[test]
fn every_behaviour_and_every_pair_of_them_is_borne() {
    for first in Behaviour::ALL {
        for second in Behaviour::ALL {
            for seed in 0..10 {
                let liar = |n| match n {
                    2 => Some(first.0),
                    5 => Some(second.0),
                    _ => None,
                };
                let members: Vec<Value> = (0..7)
                    .map(|n| agent(n, if n == 6 { "against" } else { "for" }, liar(n)))
                    .collect();
                let run = played(scenario(&members, 2, 3, &json!({})), seed);
                assert_eq!(watch(&run).broken, None);
                check(&run);
            }
        }
    }
}

#[test]
fn one_colluder_too_many_splits_honest_agents() {
    // Four agents bear one liar: two that pool their keys show one honest agent alone, in the last round
    // that counts, that they have said two things.
    let mut split = 0;
    for seed in 0..20 {
        let liar = |n| (n >= 2).then_some(Behaviour::Colludes);
        let members: Vec<Value> = (0..4).map(|n| agent(n, "for", liar(n))).collect();
        let run = played(scenario(&members, 1, 3, &json!({})), seed);
        let broken = watch(&run).broken.unwrap();
        assert_eq!((broken.assumption, broken.event.is_some()), (Assumption::Faulty, true));
        split += u32::from(status(&run, "agreement") == PropertyStatus::Violated);
    }
    assert!(split > 10, "{split} of 20");
}

#[test]
fn what_breaks_an_assumption_is_named() {
    let members: Vec<Value> = (0..4).map(|n| agent(n, "for", None)).collect();
    let broken = |more: &Value| {
        let broken = watch(&played(scenario(&members, 1, 3, more), 3)).broken;
        broken.map(|broken| (broken.assumption, broken.event.is_some()))
    };
    assert_eq!(broken(&json!({})), None);
    let ring = json!({ "topology": { "kind": "star" } });
    assert_eq!(broken(&ring), Some((Assumption::Connectivity, false)));
    let slow = json!({ "network": { "latency_ms": { "fixed": 44 } } });
    assert_eq!(broken(&slow), Some((Assumption::RoundLength, false)));
    let lossy = json!({ "network": { "latency_ms": { "fixed": 10 }, "loss": 0.5 } });
    assert!(broken(&lossy).is_some_and(|(_, at_an_event)| at_an_event));
    let crash = |n| json!({ "at_ms": 120, "do": { "crash": { "agent": format!("a{n}") } } });
    assert_eq!(broken(&json!({ "faults": [crash(0)] })), None);
    let two = json!({ "faults": [crash(0), crash(1)] });
    assert_eq!(broken(&two), Some((Assumption::Faulty, true)));
}

/// Four members with these clocks, rounds of 100 ms and latencies up to 40 ms: what broke first.
fn broken_by_clocks(
    clocks: [Value; 4],
    coordinator: Value,
    opens_ms: u32,
) -> Option<(Assumption, bool)> {
    let members = clocks.iter().enumerate().map(|(n, clock)| {
        let mut member = agent(n, "for", None);
        member["clock"] = clock.clone();
        member
    });
    let members: Vec<Value> = members.collect();
    let more = json!({ "coordinator_clock": coordinator, "proposals": [{
        "id": "p", "algorithm": "byzantine", "at_ms": opens_ms,
        "byzantine": { "fault_tolerance": 1, "rounds": 3, "round_ms": 100 } }] });
    let run = played(scenario(&members, 1, 3, &more), 3);
    let report = run.report();
    let details = report.decisions[0].details.own.byzantine.as_ref().unwrap();
    assert_eq!(details.byzantine_safe, details.assumptions.held);
    let broken = details.assumptions.broken;
    if broken.is_none() {
        assert_eq!(
            report.decisions[0].decision,
            Decision::Approved,
            "all honest agents are for it"
        );
    }
    broken.map(|broken| (broken, details.assumptions.event.is_some()))
}

#[test]
fn clocks_that_are_too_far_apart_break_the_length_of_rounds() {
    let (right, wrong) = (json!({}), |ms: i32| json!({ "offset_ms": ms }));
    let one = |clock: &Value| [right.clone(), right.clone(), right.clone(), clock.clone()];
    let all = |ms| [(); 4].map(|()| wrong(ms));
    let too_short = Some((Assumption::RoundLength, false));
    assert_eq!(broken_by_clocks(one(&wrong(60)), right.clone(), 0), None);
    assert_eq!(broken_by_clocks(one(&wrong(61)), right.clone(), 0), too_short);
    assert_eq!(broken_by_clocks(one(&wrong(-61)), right.clone(), 0), too_short);
    // The coordinator's clock says when the first round begins.
    assert_eq!(broken_by_clocks(all(-300), right.clone(), 0), too_short);
    assert_eq!(broken_by_clocks(all(300), right.clone(), 0), too_short);
    assert_eq!(broken_by_clocks(all(-300), wrong(-300), 0), None);
    // 0.5 % are 50 ms after ten seconds and 60 ms after twelve; the last round ends half a second later.
    let drifts = json!({ "drift_ppm": 5_000 });
    assert_eq!(broken_by_clocks(one(&drifts), right.clone(), 10_000), None);
    assert_eq!(
        broken_by_clocks(one(&drifts), right.clone(), 11_700),
        Some((Assumption::RoundLength, true)),
        "it held at first"
    );
    assert_eq!(broken_by_clocks(one(&drifts), right, 20_000), too_short);
}

#[test]
fn the_liar_of_seven_is_exposed_and_the_rest_votes_again() {
    let liar = |n| (n == 6).then_some(Behaviour::ChangesItsVote);
    let mind = |n| if n == 5 { "against" } else { "for" };
    let members: Vec<Value> = (0..7).map(|n| agent(n, mind(n), liar(n))).collect();
    let again = json!({ "proposals": [{ "id": "patch", "algorithm": "byzantine",
        "byzantine": { "fault_tolerance": 2, "round_ms": 50, "vote_again": true } }] });
    for seed in 0..50 {
        let report = played(scenario(&members, 2, 3, &again), seed).report();
        let [first, second] = report.decisions.as_slice() else { panic!("two votes") };
        assert_eq!((first.decision, first.in_favour, first.against), (Decision::Approved, 5, 1));
        assert_eq!(
            (first.needed, first.electorate, first.ballots["a6"].as_str()),
            (5.0, 7, "absent")
        );
        let details = first.details.own.byzantine.as_ref().unwrap();
        assert!(details.byzantine_safe && details.assumptions.held);
        assert_eq!((details.fault_tolerance, details.quorum, details.rounds), (2, 5, 3));
        assert_eq!(details.exposed.keys().collect::<Vec<_>>(), ["a6"]);
        let [one, other] = &details.exposed["a6"];
        assert!(one.vote != other.vote && one.signature != other.signature);
        assert_eq!((details.decided_by.len(), details.decided_by["a0"]), (6, "approved"));
        assert!(details.unresponsive.is_empty());
        assert_eq!(
            (second.proposal.as_str(), second.decision),
            ("patch-again", Decision::Approved)
        );
        assert_eq!((second.needed, second.electorate, second.in_favour), (4.0, 6, 5));
    }
}
