//! Questions between agents, and the data that they pass on (W15).

use proptest::prelude::*;
use serde_json::{Value, json};
use swarmglass_engine::common::value::Value as Data;
use swarmglass_engine::protocol::read::read;
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::scenario::Scenario;
use swarmglass_engine::scenario::build::{Planned, SwarmSimulation};
use swarmglass_engine::scenario::file::intervention::Intervention;
use swarmglass_engine::scenario::gallery;
use swarmglass_engine::sim::{AgentId, Status};
use swarmglass_engine::swarm::note::Note;

use super::swarm::{
    after, at, awarded, end, job, notes, played, scenario, started, warnings, workers,
};

const MARKETING: AgentId = AgentId(0);
const FINANCE: AgentId = AgentId(1);

fn number(whole: i64) -> Option<Data> {
    Some(Data::Number(whole * 1_000_000))
}

/// The value that a task gave under a key.
fn gave(simulation: &SwarmSimulation, task: &str, key: &str) -> Option<Data> {
    job(simulation, task).synthesis.as_ref()?.data.get(key).cloned()
}

/// The last answer to the agent, and after how many changes.
fn told(simulation: &SwarmSimulation, agent: AgentId) -> Option<(Data, u32)> {
    let (_, worker) = workers(simulation).find(|(it, _)| *it == agent)?;
    let (reply, _) = worker.questions.asked.first()?.reply.as_ref()?;
    Some((reply.value.clone(), reply.change))
}

/// The built-in scenario, with this done to it besides.
fn budget_question(faults: &[(u64, Value)]) -> SwarmSimulation {
    let scenario: Scenario = gallery::find("budget-question").unwrap().scenario().unwrap();
    let faults: Vec<Planned> = faults
        .iter()
        .map(|(at_us, fault)| Planned {
            time_us: *at_us,
            intervention: read::<Intervention>(fault).unwrap(),
        })
        .collect();
    let mut simulation = scenario.start(7, &faults, 1_000_000).unwrap();
    while simulation.step(u64::MAX) {}
    simulation
}

#[test]
fn an_agent_asks_another_and_is_told_of_a_change() {
    let simulation = budget_question(&[]);
    assert_eq!(told(&simulation, MARKETING), number(25_000).map(|it| (it, 1)));
    assert_eq!(gave(&simulation, "campaign", "cost"), number(25_000));
    assert_eq!(warnings(&simulation, "campaign"), [""; 0]);
    let talk: Vec<Note> = notes(&simulation)
        .map(|(_, note)| note)
        .filter(|note| {
            let is_answer =
                matches!(note, Note::Work(WorkNote::ToldBy { .. } | WorkNote::Unanswered { .. }));
            is_answer || matches!(note, Note::Work(WorkNote::AskedAgent { .. }))
        })
        .collect();
    let question = 0;
    assert_eq!(
        talk,
        [
            Note::Work(WorkNote::AskedAgent { question, of: FINANCE }),
            Note::Work(WorkNote::ToldBy { question, by: FINANCE, change: 0 }),
            Note::Work(WorkNote::ToldBy { question, by: FINANCE, change: 1 }),
        ]
    );
}

#[test]
fn without_a_reply_the_work_goes_on_without() {
    let cut = json!({ "cut": { "from": "marketing", "to": "finance" } });
    let simulation = budget_question(&[(1, cut)]);
    assert_eq!(told(&simulation, MARKETING), None);
    assert_eq!(gave(&simulation, "campaign", "cost"), number(55_000));
    assert_eq!(warnings(&simulation, "campaign"), ["cost 55000 is above the budget of 30000"]);
    let mut asked = notes(&simulation).filter(|(_, note)| {
        matches!(note, Note::Work(WorkNote::AskedAgent { .. } | WorkNote::Unanswered { .. }))
    });
    let (asked_us, gave_up_us) = (asked.next().unwrap().0.time_us, asked.next().unwrap().0.time_us);
    assert_eq!(gave_up_us - asked_us, 1_000_000, "answer_ms is 1000 by default");
}

#[test]
fn a_change_is_told_until_it_is_confirmed() {
    for (mended_us, cost) in [(1_300_000, 25_000), (2_000_000, 25_000), (3_000_000, 30_000)] {
        let link = json!({ "from": "marketing", "to": "finance" });
        let (cut, mend) = (json!({ "cut": link }), json!({ "mend": link }));
        let simulation = budget_question(&[(1_000_000, cut), (mended_us, mend)]);
        // Its part ends at 2.39 s.
        assert_eq!(gave(&simulation, "campaign", "cost"), number(cost), "mended at {mended_us}");
        assert_eq!(told(&simulation, MARKETING), number(25_000).map(|it| (it, 1)));
    }
}

#[test]
fn who_crashed_tells_again_what_has_changed() {
    for down_us in [1_395_000, 1_400_002, 1_410_000] {
        let (crash, restart) = (
            json!({ "crash": { "agent": "finance" } }),
            json!({ "restart": { "agent": "finance" } }),
        );
        let simulation = budget_question(&[(down_us, crash), (1_800_000, restart)]);
        assert_eq!(gave(&simulation, "campaign", "cost"), number(25_000), "down at {down_us}");
    }
}

#[test]
fn a_part_begins_after_those_before_it_and_gets_what_they_gave() {
    let simulation = budget_question(&[]);
    let team = job(&simulation, "campaign");
    let of = |focus: &str| team.parts.iter().find(|part| &*part.focus() == focus).unwrap();
    let (before, after) = (of("marketing").attempts[0].end.unwrap().1, of("analytics"));
    assert!(after.attempts[0].awarded_us >= before);
    let passed_on = after.spec.data.get("marketing").unwrap();
    assert_eq!(passed_on.to_string(), "{cost: 25000}");
    assert_eq!(of("finance").spec.data.get("marketing"), None, "it does not come after it");
    assert_eq!(gave(&simulation, "campaign", "paid_for"), number(25_000), "not asked, passed on");
    let report = job(&simulation, "report");
    assert_eq!(
        report.spec.data.get("campaign").unwrap().to_string(),
        "{cost: 25000, paid_for: 25000, reach: 40000}"
    );
    assert_eq!(gave(&simulation, "report", "reported_reach"), number(40_000));
}

fn chain(fails: [f64; 3]) -> (Value, Value) {
    let agent = |(place, skill): (usize, &str)| {
        json!({ "id": skill, "skills": [skill], "work": { "takes_ms": { skill: 100 },
            "gives": { (format!("by_{skill}")): place }, "fails": fails[place] } })
    };
    let agents: Vec<Value> = ["x", "y", "z"].into_iter().enumerate().map(agent).collect();
    let task = json!({ "id": "t", "complexity": "complex", "skills": ["z", "y", "x"],
        "after": { "z": ["y"], "y": ["x"] } });
    (json!(agents), json!({ "tasks": [task], "attempts": 2 }))
}

#[test]
fn parts_in_a_chain_are_done_one_after_the_other() {
    let (agents, work) = chain([0.0; 3]);
    let simulation = after(&agents, &work, &[]);
    let synthesis = job(&simulation, "t").synthesis.as_ref().unwrap();
    assert_eq!(end(&simulation, "t"), ("done", None));
    assert!(synthesis.parallel_us >= synthesis.sequential_us, "{synthesis:?}");
    let data: Vec<String> = job(&simulation, "t")
        .parts
        .iter()
        .map(|part| Data::Map(part.spec.data.clone().into()).to_string())
        .collect();
    assert_eq!(data, ["{y: {by_y: 1}}", "{x: {by_x: 0}}", "{}"], "of z, y and x");
}

#[test]
fn parts_that_come_after_one_that_failed_fail_with_it() {
    for (fails, (status, reason), told) in [
        ([1.0, 0.0, 0.0], ("failed", Some("x, which it depends on, was not done")), 3),
        ([0.0, 1.0, 0.0], ("partial", None), 2),
        ([0.0, 0.0, 1.0], ("partial", None), 1),
    ] {
        let (agents, work) = chain(fails);
        let simulation = after(&agents, &work, &[]);
        let (found, why) = end(&simulation, "t");
        assert_eq!(found, status, "{fails:?}");
        assert_eq!(warnings(&simulation, "t").len(), told, "{:?}", warnings(&simulation, "t"));
        if let Some(reason) = reason {
            assert!(warnings(&simulation, "t").iter().any(|it| it.contains(reason)), "{why:?}");
        }
        let tries = awarded(&simulation, "t");
        let not_begun = tries.iter().filter(|it| it.is_empty()).count();
        assert_eq!(not_begun, told - 1, "those behind it were awarded to nobody: {tries:?}");
    }
}

#[test]
fn a_part_after_a_skill_that_nobody_has_fails_at_once() {
    let agents = json!([
        { "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["y"] },
        { "id": "c", "skills": ["z"], "work": { "healthy": false } },
    ]);
    for (order, status) in [
        (json!({ "x": ["z"] }), "partial"),
        (json!({ "x": ["z"], "y": ["x"] }), "failed"),
        (json!({ "x": ["z"], "y": ["z"] }), "failed"),
    ] {
        let task = json!({ "id": "t", "complexity": "complex", "skills": ["x", "y", "z"], "after": order });
        let simulation = after(&agents, &json!({ "tasks": [task] }), &[]);
        assert_eq!(end(&simulation, "t").0, status, "{order}");
    }
}

#[test]
fn whoever_takes_a_part_over_gets_the_same_data() {
    let agents = json!([
        { "id": "first", "skills": ["x"], "work": { "gives": { "found": 7 } } },
        { "id": "slow", "skills": ["y"], "reputation": 150 },
        { "id": "other", "skills": ["y"], "work": { "needs": { "found": { "as": "used" } } } },
    ]);
    let task = json!({ "id": "t", "complexity": "moderate", "skills": ["x", "y"], "after": { "y": ["x"] } });
    let work = json!({ "tasks": [task] });
    let simulation = after(&agents, &work, &[at(1_500.0, json!({ "crash": { "agent": "slow" } }))]);
    assert_eq!(awarded(&simulation, "t"), [vec![0], vec![1, 2]]);
    assert_eq!(gave(&simulation, "t", "used"), number(7));
}

#[test]
fn a_crash_of_the_coordinator_between_two_parts_loses_nothing() {
    let (agents, work) = chain([0.0; 3]);
    let network = json!({ "network": { "latency_ms": { "fixed": 2 } } });
    for ms in (100..460).step_by(7) {
        let faults = [
            at(f64::from(ms), json!({ "crash": { "agent": "coordinator" } })),
            at(f64::from(ms) + 60.0, json!({ "restart": { "agent": "coordinator" } })),
        ];
        let simulation = played(&scenario(&agents, &work, &faults, &network), 1);
        assert_eq!(end(&simulation, "t"), ("done", None), "down at {ms}");
        let z = &job(&simulation, "t").parts[0];
        assert_eq!(Data::Map(z.spec.data.clone().into()).to_string(), "{y: {by_y: 1}}", "{ms}");
    }
}

/// The seed, the loss in percent, when the value changes, and what is done when to whom.
type History = (u64, u32, Vec<u64>, Vec<(u64, u8, usize)>);

/// One that knows and three that ask, with work all the time and anything done to them for two seconds.
fn random_history((seed, loss, changes, steps): History) -> SwarmSimulation {
    let asks = |id: &str| {
        json!({ "id": id, "skills": ["x"], "work": { "takes_ms": { "x": 90 },
            "needs": { "limit": { "ask": "oracle", "as": "limit" } } } })
    };
    let agents = json!([
        { "id": "oracle", "skills": ["y"], "work": { "knows": { "limit": 0 } } },
        asks("a"), asks("b"), asks("c"),
    ]);
    let names = ["oracle", "a", "b", "c"];
    let mut faults: Vec<Value> = Vec::new();
    for (value, ms) in changes.iter().enumerate() {
        let knows = json!({ "limit": value + 1 });
        faults.push(at(*ms as f64, json!({ "set_work": { "agent": "oracle", "knows": knows } })));
    }
    for (ms, what, agent) in steps {
        let who = json!({ "agent": names[agent] });
        faults.push(at(
            ms as f64,
            match what {
                0 => json!({ "crash": who }),
                1 => json!({ "restart": who }),
                2 => json!({ "pause": who }),
                3 => json!({ "resume": who }),
                4 => json!({ "partition": { "groups": [[names[agent]], []] } }),
                _ => json!("heal"),
            },
        ));
    }
    faults.push(at(2_001.0, json!("heal")));
    for name in names {
        faults.push(at(2_001.0, json!({ "resume": { "agent": name } })));
        faults.push(at(2_001.0, json!({ "restart": { "agent": name } })));
    }
    let work = json!({ "tasks": [{ "id": "t", "count": 40, "every_ms": 50, "skills": ["x"], "load": 30 }] });
    let network = json!({ "network": { "latency_ms": { "uniform": [1, 30] }, "loss": f64::from(loss) / 100.0 } });
    let mut simulation = started(&scenario(&agents, &work, &faults, &network), seed);
    while simulation.step(u64::MAX) {}
    simulation
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_the_end_all_who_were_answered_hold_the_last_value(
        history in (
            any::<u64>(),
            0..30_u32,
            prop::collection::vec(0..2_000_u64, 0..5),
            prop::collection::vec((0..2_000_u64, 0..6_u8, 0..4_usize), 0..12),
        )
    ) {
        let simulation = random_history(history);
        let (_, oracle) = workers(&simulation).next().unwrap();
        let (change, value) = oracle.questions.answers.known.get("limit").unwrap();
        for (agent, worker) in workers(&simulation).skip(1) {
            prop_assert_eq!(simulation.agent(agent).status, Status::Up);
            for asked in &worker.questions.asked {
                let Some((reply, _)) = &asked.reply else { continue };
                prop_assert_eq!((&reply.change, &reply.value), (change, value), "{:?}", agent);
            }
        }
    }
}
