//! The kernel's promises, over thousands of random fault schedules.

mod chatter;
mod schedule;

use chatter::{Chatter, chatter_simulation};
use proptest::prelude::*;
use schedule::{AGENTS, Schedule, rerouting, schedule};
use swarmglass_engine::sim::{Fault, Simulation, What};

/// Everything two runs could differ in.
fn fingerprint(simulation: &Simulation<Chatter>) -> (u64, u64, u64, u64, bool) {
    let trace = &simulation.trace;
    (trace.hash(), trace.len(), simulation.now_us(), simulation.steps(), simulation.ended())
}

fn start(schedule: &Schedule) -> Simulation<Chatter> {
    chatter_simulation(schedule.seed, schedule.link, schedule.topology, schedule.faults.clone())
}

const END_US: u64 = 400_000;

fn finish(simulation: &mut Simulation<Chatter>) {
    simulation.run_until(END_US, 200_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn books_balance_at_every_instant(schedule in schedule()) {
        let mut simulation = start(&schedule);
        while simulation.step(END_US) && simulation.steps() < 20_000 {
            let counters = &simulation.counters;
            prop_assert!(counters.balance(), "{:?} {:?}", counters.end_to_end, counters.hops);
            let in_inboxes: usize = simulation.agents().map(|slot| slot.inbox().len()).sum();
            let on_links = simulation.in_flight().count();
            prop_assert_eq!((on_links + in_inboxes) as u64, counters.end_to_end.in_flight);
            prop_assert_eq!((on_links + in_inboxes) as u64, counters.hops.in_flight);
        }
        let by_cause: u64 = simulation.counters.dropped_by.iter().sum();
        prop_assert_eq!(by_cause, simulation.counters.end_to_end.dropped);
    }

    #[test]
    fn the_same_run_gives_the_same_trace(schedule in schedule()) {
        let (mut one, mut other) = (start(&schedule), start(&schedule));
        finish(&mut one);
        while other.step(END_US) {}
        other.run_until(END_US, 1);
        prop_assert_eq!(fingerprint(&one), fingerprint(&other));
        prop_assert!(one.trace.kept().eq(other.trace.kept()));
    }

    #[test]
    fn a_checkpoint_goes_on_as_the_original(schedule in schedule(), at in 0..END_US) {
        let mut straight = start(&schedule);
        finish(&mut straight);
        let mut original = start(&schedule);
        original.run_until(at, 1_000);
        let mut copy = original.clone();
        finish(&mut original);
        finish(&mut copy);
        prop_assert_eq!(fingerprint(&original), fingerprint(&straight));
        prop_assert_eq!(fingerprint(&copy), fingerprint(&straight));
    }

    #[test]
    fn live_interventions_equal_planned_ones(schedule in schedule(), cuts in prop::collection::vec(1u64..60_000, 0..4)) {
        let planned = schedule.clone();
        let mut live = start(&schedule);
        let mut faults = planned.faults.clone();
        let mut now_us = 0;
        for (agent, cut) in (0u32..).zip(cuts) {
            now_us += cut;
            live.run_until(now_us, 200_000);
            let fault = schedule::fault_for(agent);
            faults.push((live.intervene(fault.clone()), fault));
        }
        finish(&mut live);
        let mut replay = start(&Schedule { faults, ..planned });
        finish(&mut replay);
        prop_assert_eq!(fingerprint(&live), fingerprint(&replay));
    }

    #[test]
    fn a_crashed_agent_knows_only_what_it_persisted(schedule in schedule()) {
        let mut simulation = start(&schedule);
        let mut seen = 0;
        while simulation.step(END_US) && simulation.steps() < 20_000 {
            let new: Vec<_> =
                simulation.trace.kept().skip_while(|event| event.id < seen).copied().collect();
            seen = simulation.trace.len();
            for event in new.iter().filter(|event| event.what == What::Restarted) {
                let slot = simulation.agent(event.agent);
                prop_assert_eq!(slot.process.heard, slot.durable);
                prop_assert_eq!(slot.process.volatile, 0);
            }
        }
    }

    #[test]
    fn nothing_is_lost_on_a_fault_free_network(schedule in schedule()) {
        let mut link = schedule.link;
        link.loss_ppm = 0;
        let schedule = Schedule { faults: Vec::new(), link, ..schedule };
        let mut simulation = start(&schedule);
        simulation.run_until(60_000_000, 200_000);
        let books = simulation.counters.end_to_end;
        prop_assert!(simulation.ended());
        prop_assert_eq!(books.dropped, 0);
        prop_assert_eq!(books.delivered, books.sent + books.duplicated);
    }

    #[test]
    fn what_is_on_its_way_arrives_when_routes_change(
        schedule in schedule(),
        changes in prop::collection::vec((0u64..200_000, rerouting()), 1..20),
    ) {
        let most = changes.len() as u32 * AGENTS + AGENTS;
        let mut link = schedule.link;
        link.loss_ppm = 0;
        let mut simulation = start(&Schedule { faults: changes, link, ..schedule });
        simulation.run_until(60_000_000, 200_000);
        let books = simulation.counters.end_to_end;
        prop_assert!(simulation.ended());
        prop_assert_eq!((books.dropped, books.in_flight), (0, 0));
        prop_assert_eq!(books.delivered, books.sent + books.duplicated);
        let mut links = std::collections::BTreeMap::new();
        for event in simulation.trace.kept() {
            match event.what {
                What::Forwarded => *links.entry(event.message).or_insert(0) += 1,
                What::RoutesChanged => prop_assert!(event.cause < event.id, "an agent did it"),
                _ => {}
            }
        }
        prop_assert!(links.values().all(|links| *links < most), "{links:?}");
    }

    #[test]
    fn causes_come_first_and_lamport_time_grows_along_them(schedule in schedule()) {
        let mut simulation = start(&schedule);
        finish(&mut simulation);
        let events: Vec<_> = simulation.trace.kept().copied().collect();
        for event in events.iter().filter(|event| event.cause != u64::MAX) {
            let cause = &events[event.cause as usize];
            prop_assert!(cause.id < event.id && cause.time_us <= event.time_us);
            let is_logical = !matches!(event.what, What::Dropped { .. } | What::Duplicated { .. });
            prop_assert!(!is_logical || cause.lamport < event.lamport, "{cause:?} {event:?}");
        }
    }
}

#[test]
fn removing_one_fault_leaves_other_draws_as_they_were() {
    use swarmglass_engine::sim::{AgentId, Event};
    // Agent 3 is paused for good: what the others say to each other takes as long as before,
    // message by message on each link.
    let arrivals = |faults: Vec<(u64, Fault<Chatter>)>| {
        let mut simulation = chatter_simulation(7, schedule::uniform_link(), 0, faults);
        finish(&mut simulation);
        let mut sent: Vec<(u64, Event<()>)> = Vec::new();
        let mut latencies = std::collections::BTreeMap::new();
        for event in simulation.trace.kept() {
            match event.what {
                What::Sent { .. } => sent.push((event.message, *event)),
                What::Delivered => {
                    let first = sent.iter().find(|(message, _)| *message == event.message);
                    if let Some((_, first)) = first {
                        let link = (first.agent, event.agent);
                        let took_us = event.time_us - first.time_us;
                        latencies
                            .entry(link)
                            .or_insert_with(Vec::new)
                            .push((first.message, took_us));
                    }
                }
                _ => {}
            }
        }
        for on_link in latencies.values_mut() {
            on_link.sort_unstable();
        }
        latencies
    };
    let with = arrivals(vec![(20_000, Fault::Pause(AgentId(3)))]);
    let without = arrivals(Vec::new());
    let mut compared = 0;
    for (link, took) in &with {
        let all = &without[link];
        for ((_, a), (_, b)) in took.iter().zip(all) {
            assert_eq!(a, b, "on {link:?}");
            compared += 1;
        }
    }
    assert!(compared > 20, "only {compared} messages to compare");
}

#[test]
fn the_adversary_sees_everything_and_lets_go() {
    use swarmglass_engine::sim::AgentId;
    let faults = vec![(5_000, Fault::Corrupt(AgentId(1))), (150_000, Fault::Release(AgentId(1)))];
    let mut simulation = chatter_simulation(7, schedule::uniform_link(), 0, faults);
    simulation.run_until(5_000, 100_000);
    let taken_over = simulation.trace.len();
    simulation.run_until(149_999, 100_000);
    assert!(simulation.adversary().seen > 0);
    assert!(simulation.adversary().lies > 0, "it told different things to different agents");
    assert!(simulation.adversary().withheld > 0, "it kept some of what the process would send");
    let events: Vec<_> = simulation.trace.kept().copied().collect();
    let answers = events.iter().filter(|event| {
        let is_answer =
            event.cause < event.id && events[event.cause as usize].what == What::Delivered;
        event.id >= taken_over && event.agent == AgentId(1) && is_answer
    });
    let answers: Vec<_> = answers.filter(|event| matches!(event.what, What::Sent { .. })).collect();
    assert!(!answers.is_empty());
    for answer in answers {
        assert_eq!((answer.peer.0 % 2, answer.kind), (1, 0), "revised: {answer:?}");
    }
    assert!(simulation.counters.balance());
    let seen = simulation.adversary().seen;
    finish(&mut simulation);
    assert_eq!(simulation.adversary().seen, seen, "after its release the agent is its own again");
}

#[test]
fn an_intervention_that_no_longer_applies_says_so() {
    use swarmglass_engine::sim::AgentId;
    use swarmglass_engine::sim::fault::FaultKind;
    let faults = vec![(1_000, Fault::DropMessage(999_999)), (2_000, Fault::Restart(AgentId(0)))];
    let mut simulation = chatter_simulation(7, schedule::uniform_link(), 0, faults);
    finish(&mut simulation);
    let said: Vec<_> = simulation
        .trace
        .kept()
        .filter_map(|event| match event.what {
            What::Inapplicable(kind) => Some(kind),
            _ => None,
        })
        .collect();
    assert_eq!(said, [FaultKind::DropMessage, FaultKind::Restart]);
}

#[test]
fn a_paused_agents_inbox_is_in_flight_and_bounded() {
    use swarmglass_engine::sim::AgentId;
    let mut simulation =
        chatter_simulation(7, schedule::uniform_link(), 0, vec![(1, Fault::Pause(AgentId(2)))]);
    simulation.run_until(100_000, 100_000);
    let slot = simulation.agent(AgentId(2));
    assert_eq!(slot.inbox().len(), chatter::INBOX_CAPACITY);
    assert!(simulation.counters.balance());
    let full = simulation.counters.drops().find(|(cause, _)| cause.name() == "inbox_full");
    assert!(full.is_some_and(|(_, count)| count > 0));
    simulation.intervene(Fault::Resume(AgentId(2)));
    simulation.run_until(100_002, 100_000);
    assert!(simulation.agent(AgentId(2)).inbox().is_empty());
    assert!(simulation.agent(AgentId(2)).process.heard > 0);
}

#[test]
fn vector_clocks_know_what_happened_before() {
    use swarmglass_engine::sim::causality::{causes_of, happened_before, vector_clock};
    let mut simulation = chatter_simulation(7, schedule::uniform_link(), 1, Vec::new());
    simulation.run_until(60_000, 2_000);
    let events: Vec<_> = simulation.trace.kept().copied().collect();
    let delivered = events.iter().rev().find(|event| event.what == What::Delivered).unwrap();
    let causes = causes_of(&events, delivered.id);
    assert!(causes.len() > 2, "{causes:?}");
    let clock = |id| vector_clock(&events, id).unwrap();
    for cause in causes {
        assert!(happened_before(&clock(cause), &clock(delivered.id)), "event {cause}");
        assert!(!happened_before(&clock(delivered.id), &clock(cause)));
    }
}
