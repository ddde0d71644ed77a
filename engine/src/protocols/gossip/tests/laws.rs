//! Gossip (C8): what it costs, how fast a rumour spreads, how often a majority ends wrong, and what no
//! fault may break.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::quorum::Decision;
use crate::common::topology::{Topology, full_tree};
use crate::playback::report::DecisionReport;
use crate::playback::{Command, Report, Run};
use crate::protocols::gossip::report::GossipDetails;
use crate::protocols::gossip::session::GossipSession;
use crate::scenario::{Scenario, gallery};
use crate::sim::{AgentId, Event, PropertyStatus, Status, What};
use crate::swarm::note::Note;
use proptest::prelude::*;
use serde_json::{Value, json};

fn scenario(agents: &Value, gossip: &Value, more: &Value) -> Scenario {
    let mut file = json!({
        "format": 1, "name": "gossip", "title": "Gossip", "agents": agents,
        "network": { "latency_ms": { "uniform": [1, 40] } },
        "proposals": [{ "id": "p", "algorithm": "gossip", "gossip": gossip }],
    });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    Scenario::parse(&file.to_string(), "test").unwrap_or_else(|error| panic!("{error}\n{file}"))
}

fn played(scenario: Scenario, seed: u64) -> Run {
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 60_000_000, budget: u64::MAX }).unwrap();
    assert!(run.ended(), "a gossip ends by itself");
    run
}

/// Agents a-1, a-2, … FOR and b-1, b-2, … AGAINST.
fn sides(in_favour: u32, against: u32) -> Value {
    let sides = [("a", in_favour, "for"), ("b", against, "against")];
    let some = sides.into_iter().filter(|(_, count, _)| *count > 0);
    some.map(|(id, count, mind)| json!({ "id": id, "count": count, "mind": mind })).collect()
}

fn details(report: &Report) -> &GossipDetails {
    report.decisions[0].details.own.gossip.as_ref().unwrap()
}

fn status(report: &Report, name: &str) -> PropertyStatus {
    report.properties.iter().find(|property| property.name == name).unwrap().status
}

fn session(run: &Run, agent: AgentId) -> Option<&GossipSession> {
    let gossiper = run.simulation().agent(agent).process.gossip.as_ref()?.gossiper()?;
    Some(&gossiper.known.get(&0)?.session)
}

/// Rounds that agents began, added up.
fn rounds_begun(run: &Run) -> u64 {
    let began =
        |what: &What<Note>| matches!(what, What::Note(Note::Vote(VoteNote::RoundBegan { .. })));
    run.log().range(0, u64::MAX).filter(|event| began(&event.what)).count() as u64
}

fn check_cost(gossip: &Value, agents: u64, rounds: u64, per_round: [(&str, u64); 2]) {
    let run = played(scenario(&sides(agents as u32, 0), gossip, &json!({})), 1);
    let report = run.report();
    for (kind, each) in per_round {
        let sent = report.messages.by_kind.get(kind).copied().unwrap_or(0);
        assert_eq!(sent, each * agents * rounds, "{kind}, {gossip}");
    }
    assert_eq!(rounds_begun(&run), agents * rounds, "{gossip}");
    // Everyone is called, and reports once.
    let sent: u64 = per_round.iter().map(|(_, each)| each * agents * rounds).sum();
    assert_eq!(report.decisions[0].messages, sent + 2 * agents, "{gossip}");
    assert_eq!(u64::from(details(&report).rounds), rounds);
}

#[test]
fn without_faults_it_costs_what_the_formulas_say() {
    // Per round n·k messages by push, 2n·k where partners answer (SPEC C8: every agent has k partners in
    // each round). Nobody stops in the first two rounds, as two calm ones have to pass.
    for (agents, fanout) in [(4, 1), (10, 3), (11, 10), (30, 5)] {
        for rounds in 1..=2 {
            let of = |exchange: &str| json!({ "exchange": exchange, "fanout": fanout, "rounds": rounds });
            let fanout = fanout as u64;
            check_cost(&of("push"), agents, rounds, [("rumour", fanout), ("rumour_query", 0)]);
            check_cost(&of("push_pull"), agents, rounds, [("rumour", 2 * fanout), ("opinion", 0)]);
            let majority = json!({ "mode": "majority", "fanout": fanout, "rounds": rounds });
            check_cost(&majority, agents, rounds, [("opinion_query", fanout), ("opinion", fanout)]);
        }
    }
    // An agent that asks everyone knows all after one round and stops: 2n·(n − 1) by pull. One that tells
    // everyone goes on for the two calm rounds: 3n·(n − 1) by push. Where all hold the same, majority stops
    // after two.
    for agents in [2, 5, 11] {
        let others = agents - 1;
        let of = |exchange: &str| json!({ "exchange": exchange, "fanout": others, "rounds": 20 });
        check_cost(&of("pull"), agents, 1, [("rumour_query", others), ("rumour", others)]);
        check_cost(&of("push"), agents, 3, [("rumour", others), ("rumour_query", 0)]);
        check_cost(&of("push_pull"), agents, 3, [("rumour", 2 * others), ("rumour_query", 0)]);
        let majority = json!({ "mode": "majority", "fanout": others, "rounds": 20 });
        check_cost(&majority, agents, 2, [("opinion_query", others), ("opinion", others)]);
    }
}

/// The round after which everyone knows the only ballot there is.
fn rounds_to_all(agents: u32, seed: u64) -> usize {
    let one = json!([{ "id": "a" }, { "id": "b", "count": agents - 1, "mind": "silent" }]);
    let scenario = scenario(&one, &json!({ "fanout": 1, "rounds": 64 }), &json!({}));
    let report = played(scenario, seed).report();
    let spread = &details(&report).spread;
    1 + spread.iter().position(|share| *share == 1.0).unwrap()
}

#[test]
fn a_rumour_is_everywhere_after_as_many_rounds_as_published() {
    // Push on a complete graph, fanout 1: log2 n + ln n + O(1) rounds (Frieze & Grimmett 1985; Pittel 1987).
    // The mean lies between ⌊log2 n⌋ + ln n − 1.116 and ⌈log2 n⌉ + ln n + 2.765 + o(1) (Doerr & Künnemann
    // 2014, Tight Analysis of Randomized Rumor Spreading in Complete Graphs).
    const SEEDS: u64 = 200;
    for agents in [8, 32, 100, 256] {
        let sum: usize = (0..SEEDS).map(|seed| rounds_to_all(agents, seed)).sum();
        let mean = sum as f64 / SEEDS as f64;
        let (log2, ln) = (libm::log2(agents.into()), libm::log(agents.into()));
        let bounds = (log2.floor() + ln - 1.116)..=(log2.ceil() + ln + 2.765);
        assert!(bounds.contains(&mean), "n {agents}: mean {mean}, published {bounds:?}");
    }
}

/// How often a gossip came out approved, rejected and split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Outcomes {
    approved: u32,
    rejected: u32,
    split: u32,
}

impl Outcomes {
    fn add(&mut self, decision: Decision) {
        match decision {
            Decision::Approved => self.approved += 1,
            Decision::Rejected => self.rejected += 1,
            Decision::Split => self.split += 1,
            Decision::Timeout => panic!("everyone is on a side"),
        }
    }
}

/// Majority gossip once more, as simple as can be: no network, no clocks, all agents in step.
struct Model {
    state: u64,
}

impl Model {
    /// Uniform in 0..bound (splitmix64, Steele, Lea & Flood 2014).
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % bound as u64) as usize
    }

    fn run(&mut self, in_favour: usize, agents: usize, fanout: usize, rounds: u32) -> Decision {
        let mut holds: Vec<bool> = (0..agents).map(|agent| agent < in_favour).collect();
        let mut calm = vec![0; agents];
        let mut approves = vec![false; agents];
        for _ in 0..rounds {
            let before = holds.clone();
            for agent in (0..agents).filter(|agent| calm[*agent] < 2).collect::<Vec<_>>() {
                let mut others: Vec<usize> = (0..agents).filter(|other| *other != agent).collect();
                let asked: Vec<usize> =
                    (0..fanout).map(|_| others.swap_remove(self.below(others.len()))).collect();
                let in_favour = asked.iter().filter(|other| before[**other]).count();
                let with_own = in_favour + usize::from(before[agent]);
                let turns = 2 * with_own != fanout + 1;
                if turns {
                    holds[agent] = 2 * with_own > fanout + 1;
                }
                let same = if holds[agent] { fanout } else { 0 };
                let is_calm = in_favour == same && holds[agent] == before[agent];
                calm[agent] = if is_calm { calm[agent] + 1 } else { 0 };
                let now = in_favour + usize::from(holds[agent]);
                approves[agent] = 100 * now >= 51 * (fanout + 1);
            }
        }
        match approves.iter().filter(|approves| **approves).count() {
            0 => Decision::Rejected,
            all if all == agents => Decision::Approved,
            _ => Decision::Split,
        }
    }
}

fn check_majority(in_favour: u32, against: u32, fanout: u32, expected: Outcomes) {
    const SEEDS: u32 = 400;
    let gossip = json!({ "mode": "majority", "fanout": fanout, "rounds": 10, "threshold": 0.51 });
    let mut found = Outcomes::default();
    for seed in 0..SEEDS {
        let scenario = scenario(&sides(in_favour, against), &gossip, &json!({}));
        let report = played(scenario, u64::from(seed)).report();
        let decision = report.decisions[0].decision;
        found.add(decision);
        let right = Decision::Approved; // more than half are FOR
        assert_eq!(details(&report).ended_right, decision == right, "seed {seed}");
    }
    assert_eq!(found, expected, "{in_favour} to {against}, fanout {fanout}");
    const TRIES: u32 = 20_000;
    let mut model = Model { state: 7 };
    let mut modelled = Outcomes::default();
    for _ in 0..TRIES {
        let agents = (in_favour + against) as usize;
        modelled.add(model.run(in_favour as usize, agents, fanout as usize, 10));
    }
    for (name, found, modelled) in [
        ("approved", found.approved, modelled.approved),
        ("rejected", found.rejected, modelled.rejected),
        ("split", found.split, modelled.split),
    ] {
        let share = f64::from(modelled) / f64::from(TRIES);
        let expected = share * f64::from(SEEDS);
        // Four standard deviations of a binomial, and one for what is too rare for that.
        let most = 4.0 * (expected * (1.0 - share)).sqrt() + 1.0;
        let apart = (f64::from(found) - expected).abs();
        assert!(apart <= most, "{name}: {found} of {SEEDS}, the model says {expected}");
    }
}

#[test]
fn majority_ends_wrong_as_often_as_a_model_of_it() {
    check_majority(11, 9, 3, Outcomes { approved: 282, rejected: 72, split: 46 });
    check_majority(13, 7, 3, Outcomes { approved: 396, rejected: 2, split: 2 });
    check_majority(11, 9, 4, Outcomes { approved: 322, rejected: 76, split: 2 });
}

#[test]
fn a_rumour_that_reaches_all_is_right_whatever_the_seed() {
    for (in_favour, against, expected) in
        [(11, 9, Decision::Rejected), (14, 6, Decision::Approved), (0, 20, Decision::Rejected)]
    {
        for exchange in ["push", "pull", "push_pull"] {
            let gossip = json!({ "exchange": exchange, "preset": "critical" });
            for seed in 0..20 {
                let scenario = scenario(&sides(in_favour, against), &gossip, &json!({}));
                let report = played(scenario, seed).report();
                let details = details(&report);
                assert_eq!(report.decisions[0].decision, expected, "{exchange}, seed {seed}");
                assert!(details.ended_right && details.converged && details.rounds < 10);
                assert_eq!(details.spread.last(), Some(&1.0));
                for name in ["agreement", "validity", "termination", "counted_once"] {
                    assert_eq!(status(&report, name), PropertyStatus::Holds, "{name}");
                }
            }
        }
    }
}

#[test]
fn the_gallery_comes_out_as_its_pages_say() {
    let of = |name: &str| {
        let scenario = gallery::find(name).unwrap().scenario().unwrap();
        let seed = scenario.file.seed;
        played(scenario, seed).report()
    };
    for (name, decision, right, rounds, messages) in [
        ("gossip-ten", Decision::Approved, true, 5, 158),
        ("gossip-twenty", Decision::Approved, true, 4, 840),
        ("gossip-majority", Decision::Rejected, false, 6, 652),
        ("gossip-rumour", Decision::Approved, true, 6, 367),
        ("gossip-lossy", Decision::Approved, true, 10, 5_299),
    ] {
        let report = of(name);
        let details = details(&report);
        let found: &DecisionReport = &report.decisions[0];
        assert_eq!((found.decision, details.ended_right), (decision, right), "{name}");
        assert_eq!((details.rounds, found.messages), (rounds, messages), "{name}");
        assert_eq!(details.agreement.len(), rounds as usize, "{name}");
        assert!(details.converged, "{name}");
    }
}

#[test]
fn neighbours_alone_talk_with_each_other() {
    let ring = json!({ "topology": { "kind": "ring" } });
    let tree = json!({ "topology": { "kind": "hierarchical" } });
    for (topology, overlay) in [(&ring, false), (&tree, false), (&ring, true)] {
        let gossip =
            json!({ "exchange": "push_pull", "fanout": 1, "rounds": 20, "overlay": overlay });
        let run = played(scenario(&sides(5, 1), &gossip, topology), 3);
        let routes = run.simulation().routes();
        let mut far = 0;
        for event in run.log().range(0, u64::MAX) {
            if let What::Sent { .. } = event.what
                && session(&run, event.agent).is_some()
                && session(&run, event.peer).is_some()
            {
                let next = routes.next_hop(event.agent, event.peer);
                far += u32::from(next != Some(event.peer));
            }
        }
        assert_eq!(far > 0, overlay, "{topology}");
        assert_eq!(run.report().decisions[0].decision, Decision::Approved, "{topology}");
    }
}

#[test]
fn after_a_crash_an_agent_has_its_own_ballot_and_learns_the_others_again() {
    let fault = |at_ms, what: &str| json!({ "at_ms": at_ms, "do": { what: { "agent": "a-2" } } });
    let gossip = json!({ "preset": "critical", "fanout": 2 });
    let of =
        |faults: Value| played(scenario(&sides(5, 3), &gossip, &json!({ "faults": faults })), 1);
    // Down while the others spread what they know, and back before the last round.
    let back = of(json!([fault(250, "crash"), fault(520, "restart")]));
    let report = back.report();
    assert_eq!(report.decisions[0].ballots["a-2"], "for", "it had written it down");
    let voted = |event: &&Event<Note>| {
        event.agent == AgentId(1)
            && matches!(event.what, What::Note(Note::Vote(VoteNote::Voted { .. })))
    };
    assert_eq!(back.log().range(0, u64::MAX).filter(voted).count(), 1, "it votes once");
    assert_eq!(session(&back, AgentId(1)).unwrap().known(), 8);
    // Back when all is over: it asks what came of it.
    let late = of(json!([fault(250, "crash"), fault(1_050, "restart")]));
    let outcome = &late.report().decisions[0].outcome_by_agent;
    assert_eq!((outcome["a-2"], outcome["a-1"]), ("rejected", "rejected"));
    // Gone before it heard of the vote: it is absent, and the others go on to the last round.
    let gone = of(json!([fault(0, "crash")]));
    let report = gone.report();
    let decision = &report.decisions[0];
    assert_eq!(
        (decision.ballots["a-2"].as_str(), decision.outcome_by_agent["a-2"]),
        ("absent", "none")
    );
    assert_eq!((details(&report).rounds, decision.absent), (10, 1));
}

#[test]
fn a_liar_can_change_its_own_ballot_and_no_other() {
    let agents = json!([
        { "id": "a", "count": 7, "mind": "for" },
        { "id": "liar", "mind": "for", "behaviour": "equivocates" },
    ]);
    let mut told_two_things = 0;
    for seed in 0..20 {
        let run = played(scenario(&agents, &json!({ "exchange": "push" }), &json!({})), seed);
        let mut said = BTreeMap::new();
        for agent in (0..7).map(AgentId) {
            let session = session(&run, agent).unwrap();
            assert!(
                (0..7).all(|place| session.ballots.get(place).is_none_or(|it| it == Vote::For))
            );
            if let Some(vote) = session.ballots.get(7) {
                *said.entry(vote).or_insert(0) += 1;
            }
            assert!(session.adds_up());
        }
        told_two_things += u32::from(said.len() == 2);
    }
    assert!(told_two_things > 10, "{told_two_things} of 20");
}

#[derive(Clone, Debug)]
struct Case {
    agents: Vec<Value>,
    gossip: Value,
    more: Value,
    seed: u64,
}

/// Whether the fault is no cut, or one of a link that there is in a topology of this kind.
fn cuts_a_link(fault: &Value, kind: &str, agents: usize) -> bool {
    let cut = &fault["do"]["cut"];
    let number = |name: &Value| name.as_str()?[1..].parse().ok().map(AgentId);
    let (Some(from), Some(to)) = (number(&cut["from"]), number(&cut["to"])) else { return true };
    let members = agents as u32;
    let coordinator = AgentId(members);
    let topology = match kind {
        "ring" => Topology::Ring,
        "star" => Topology::Star { hub: coordinator },
        "hierarchical" => Topology::Hierarchical { parents: full_tree(members, 2) },
        _ => Topology::Mesh,
    };
    topology.routes(members, Some(coordinator)).is_ok_and(|routes| routes.are_linked(from, to))
}

fn fault(agents: usize) -> impl Strategy<Value = Value> {
    let named = |what: &'static str| {
        (0..900_u32, 0..=agents).prop_map(move |(at_ms, agent)| {
            let name = if agent == agents { "coordinator".to_owned() } else { format!("a{agent}") };
            json!({ "at_ms": at_ms, "do": { what: { "agent": name } } })
        })
    };
    let cut = (0..900_u32, 0..agents, 1..agents).prop_map(move |(at_ms, from, by)| {
        let (from, to) = (format!("a{from}"), format!("a{}", (from + by) % agents));
        json!({ "at_ms": at_ms, "do": { "cut": { "from": from, "to": to } } })
    });
    let partition = (0..900_u32, 1..agents).prop_map(move |(at_ms, first)| {
        let group: Vec<String> = (0..first).map(|agent| format!("a{agent}")).collect();
        json!({ "at_ms": at_ms, "do": { "partition": { "groups": [[], group] } } })
    });
    let heal = (0..900_u32).prop_map(|at_ms| json!({ "at_ms": at_ms, "do": "heal" }));
    prop_oneof![
        3 => named("crash"), 3 => named("restart"), 2 => named("pause"), 2 => named("resume"),
        1 => cut, 1 => partition, 1 => heal,
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let mode = prop::sample::select(vec!["majority", "push", "pull", "push_pull"]);
    let kind = prop::sample::select(vec!["mesh", "star", "ring", "hierarchical"]);
    (3..=10_usize, mode, kind, any::<u32>()).prop_flat_map(|(count, mode, kind, seed)| {
        let mind = prop_oneof![4 => Just("for"), 2 => Just("against"), 1 => Just("abstain"), 1 => Just("silent")];
        let minds = prop::collection::vec(mind, count);
        let faults = prop::collection::vec(fault(count), 0..8);
        let rates = (0..50_u32, 0..50_u32, 1..3_u32, 1..8_u32, any::<bool>());
        (minds, faults, rates).prop_map(move |(minds, mut faults, rates)| {
            faults.retain(|fault| cuts_a_link(fault, kind, minds.len()));
            let (loss, duplication, fanout, rounds, reminds) = rates;
            let agents = minds.iter().enumerate().map(|(number, mind)| {
                let clock = json!({ "offset_ms": number * 7 % 30, "drift_ppm": number as i64 * 900 - 3_000 });
                json!({ "id": format!("a{number}"), "mind": mind, "clock": clock })
            });
            let mut gossip = json!({ "fanout": fanout, "rounds": rounds, "overlay": true, "round_ms": 80 });
            match mode {
                "majority" => gossip["mode"] = json!(mode),
                exchange => gossip["exchange"] = json!(exchange),
            }
            let mut proposal = json!({ "id": "p", "algorithm": "gossip", "gossip": gossip });
            if reminds {
                proposal["reminder_ms"] = json!(90);
            }
            let more = json!({
                "topology": { "kind": kind }, "faults": faults, "proposals": [proposal],
                "network": { "latency_ms": { "uniform": [1, 60] }, "loss": f64::from(loss) / 100.0,
                    "duplication": f64::from(duplication) / 100.0 },
            });
            Case { agents: agents.collect(), gossip, more, seed: u64::from(seed) }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_fault_keeps_it_from_ending_or_makes_a_ballot_count_twice(case in case()) {
        let Case { agents, gossip, more, seed } = case;
        let run = played(scenario(&json!(agents), &gossip, &more), seed);
        let report = run.report();
        for name in ["validity", "counted_once", "books_balance"] {
            prop_assert_ne!(status(&report, name), PropertyStatus::Violated, "{}", name);
        }
        for (number, slot) in run.simulation().agents().enumerate() {
            let Some(gossiper) = slot.process.gossip.as_ref().and_then(|it| it.gossiper()) else { continue };
            let Some(part) = gossiper.known.get(&0).filter(|_| slot.status == Status::Up) else { continue };
            prop_assert!(part.hearing.outcome.is_some(), "agent {} has come to nothing", number);
            prop_assert!(part.session.adds_up());
        }
        for DecisionReport { in_favour, against, abstain, absent, electorate, .. } in &report.decisions {
            prop_assert_eq!(in_favour + against + abstain + absent, *electorate);
        }
    }
}

#[test]
fn clocks_that_are_too_far_apart_break_the_length_of_rounds() {
    let broken = |offset_ms: i32, coordinator_ms: i32, at_ms: u32, drift_ppm: i32| {
        let clock = |n: usize| match n {
            0 => json!({ "offset_ms": offset_ms, "drift_ppm": drift_ppm }),
            _ => json!({ "offset_ms": 10 }),
        };
        let agents: Vec<Value> =
            (0..4).map(|n| json!({ "id": format!("a{n}"), "clock": clock(n) })).collect();
        let gossip = json!({ "round_ms": 100 });
        let more = json!({
            "coordinator_clock": { "offset_ms": coordinator_ms },
            "network": { "latency_ms": { "uniform": [1, 60] } },
            "proposals": [{ "id": "p", "algorithm": "gossip", "gossip": gossip, "at_ms": at_ms }],
        });
        let report = played(scenario(&json!(agents), &gossip, &more), 1).report();
        let assumptions =
            report.decisions[0].details.own.gossip.as_ref().unwrap().assumptions.clone();
        assert_eq!(assumptions.held, assumptions.broken.is_none());
        assumptions.broken.map(|_| assumptions.event.is_some())
    };
    assert_eq!(broken(50, 10, 0, 0), None);
    assert_eq!(broken(51, 10, 0, 0), Some(false));
    assert_eq!(broken(10, 51, 0, 0), Some(false), "the coordinator's clock counts too");
    assert_eq!(broken(10, 10, 3_900, 10_000), Some(true), "it drifts apart while it goes on");
    assert_eq!(broken(10, 10, 3_000, 10_000), None);
}
