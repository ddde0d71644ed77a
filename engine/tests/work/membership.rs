//! Membership: registered, unregistered, spawned from a template, and asked how it stands (A4, A5).

use serde_json::{Value, json};
use swarmglass_engine::common::consensus::note::VoteNote;
use swarmglass_engine::common::shown::Look;
use swarmglass_engine::playback::command::Command;
use swarmglass_engine::playback::run::Run;
use swarmglass_engine::protocols::membership::note::MembershipNote;
use swarmglass_engine::protocols::work::panel::panels;
use swarmglass_engine::protocols::work::role::Work;
use swarmglass_engine::sim::AgentId;
use swarmglass_engine::swarm::note::Note;

use super::swarm::{after, at, awarded, board, end, notes, played, reputations, scenario};

fn two() -> Value {
    json!([{ "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["x"] }])
}

fn task_at(ms: u32) -> Value {
    json!({ "tasks": [{ "id": "t", "skills": ["x"], "at_ms": ms }] })
}

fn asked(simulation: &swarmglass_engine::scenario::build::SwarmSimulation) -> Vec<AgentId> {
    super::swarm::job(simulation, "t").asked.to_vec()
}

#[test]
fn whoever_has_left_is_not_asked_until_it_is_back() {
    let leaves = at(1.0, json!({ "unregister": { "agent": "a" } }));
    let gone = after(&two(), &task_at(100), std::slice::from_ref(&leaves));
    assert_eq!(asked(&gone), [AgentId(1)]);
    assert_eq!(awarded(&gone, "t"), [[1]]);
    let back = at(50.0, json!({ "register": { "agent": "a" } }));
    let both = after(&two(), &task_at(100), &[leaves, back]);
    assert_eq!(asked(&both), [AgentId(0), AgentId(1)]);
    assert_eq!(awarded(&both, "t"), [[0]]);
}

#[test]
fn everyone_who_did_not_bid_is_told_of_with_the_reason() {
    let agents = json!([
        { "id": "able", "skills": ["x"] },
        { "id": "other", "skills": ["y"] },
        { "id": "ill", "skills": ["x"], "work": { "healthy": false } },
        { "id": "weak", "skills": ["x"], "capacity": 0 },
        { "id": "away", "skills": ["x"], "domains": ["law"] },
        { "id": "down", "skills": ["x"] },
        { "id": "gone", "skills": ["x"] },
    ]);
    let mut work = task_at(100);
    work["tasks"][0]["domain"] = json!("health");
    let faults = [
        at(1.0, json!({ "unregister": { "agent": "gone" } })),
        at(2.0, json!({ "crash": { "agent": "down" } })),
        at(500.0, json!({ "spawn": { "agent": { "id": "late", "skills": ["x"] } } })),
    ];
    let scenario = scenario(&agents, &work, &faults, &json!({}));
    let mut run = Run::new(scenario.into(), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let report = serde_json::to_value(run.report()).unwrap();
    let expected = json!({ "other": "skill", "ill": "health", "weak": "load", "away": "domain",
        "down": "no_answer", "gone": "not_registered", "late": "not_there" });
    assert_eq!(report["tasks"]["t"]["no_bids"], expected);
    let seen = panels(&run.peek::<Work>().unwrap(), &Look::default());
    let bids = seen.unwrap().bids.unwrap();
    let words = |name: &str| bids.others.iter().find(|it| it.name == name).map(|it| &*it.words);
    assert_eq!(words("gone"), Some("not asked: it was not registered"));
    assert_eq!(words("late"), Some("not asked: it was not there yet"));
    assert_eq!(words("down"), Some("no answer in time"));
    assert_eq!(words("ill"), Some("no bid: is not healthy"));
}

#[test]
fn of_a_task_that_has_ended_only_the_bids_of_its_team_are_kept() {
    let agents = json!([{ "id": "a", "count": 50, "skills": ["x"] }, { "id": "b", "count": 50 }]);
    let simulation = after(&agents, &task_at(0), &[]);
    let job = super::swarm::job(&simulation, "t");
    assert_eq!((job.answers.len(), job.bids_came(), job.refusals().count()), (1, 50, 50));
    assert_eq!((job.ranking.len(), job.silent()), (50, Vec::new()));
}

#[test]
fn whoever_has_left_has_no_vote() {
    let faults = [at(1.0, json!({ "unregister": { "agent": "a" } }))];
    let more = json!({ "proposals": [{ "id": "p", "at_ms": 100 }] });
    let simulation = played(&scenario(&two(), &json!({}), &faults, &more), 1);
    let voted: Vec<AgentId> = notes(&simulation)
        .filter_map(|(event, note)| {
            matches!(note, Note::Vote(VoteNote::Voted { .. })).then_some(event.agent)
        })
        .collect();
    assert_eq!(voted, [AgentId(1)]);
}

#[test]
fn reputation_that_was_earned_is_kept_over_a_leave() {
    let mut work = task_at(0);
    work["tasks"][0]["duration_ms"] = json!(100);
    let faults = [
        at(1_000.0, json!({ "unregister": { "agent": "a" } })),
        at(1_100.0, json!({ "register": { "agent": "a" } })),
    ];
    let simulation = after(&two(), &work, &faults);
    let earned = reputations(&simulation)[0];
    assert!(earned > 100, "{earned}");
    assert_eq!(*board(&simulation).members, [AgentId(0), AgentId(1)]);
}

#[test]
fn a_spawned_agent_is_what_its_template_says() {
    let spawn = |agent: Value| at(10.0, json!({ "spawn": { "agent": agent } }));
    let work = json!({ "tasks": [{ "id": "t", "skills": ["parse"], "at_ms": 100 }] });
    let own = json!({ "templates": { "parser": { "skills": ["parse"], "reputation": 130 } } });
    let built_in = spawn(json!({ "id": "n", "template": "parser" }));
    let simulation = after(&two(), &work, std::slice::from_ref(&built_in));
    assert_eq!((end(&simulation, "t").0, awarded(&simulation, "t")), ("done", vec![vec![3]]));
    // The template of the file goes first, and its reputation comes along.
    let simulation = played(&scenario(&two(), &work, &[built_in], &own), 1);
    let record = board(&simulation).standings.records.get(&AgentId(3)).unwrap();
    assert!(record.score > 130, "{record:?}");
}

#[test]
fn an_agent_that_is_spawned_below_a_manager_works_for_it() {
    let agents = json!([
        { "id": "root", "skills": ["x", "y"], "work": { "manager": true } },
        { "id": "w", "parent": "root", "skills": ["x"] },
    ]);
    let work =
        json!({ "manager": "root", "tasks": [{ "id": "t", "skills": ["y"], "at_ms": 100 }] });
    let more = json!({ "topology": { "kind": "hierarchical" } });
    let alone = played(&scenario(&agents, &work, &[], &more), 1);
    assert_eq!(end(&alone, "t").0, "failed");
    let newcomer = json!({ "id": "n", "parent": "root", "skills": ["y"] });
    let spawn = at(10.0, json!({ "spawn": { "agent": newcomer } }));
    let simulation = played(&scenario(&agents, &work, &[spawn], &more), 1);
    assert_eq!(end(&simulation, "t").0, "done");
}

#[test]
fn who_asks_is_told_how_the_swarm_stands_and_how_an_agent_does() {
    let ask = |ms, about: Option<&str>| {
        let mut ask = json!({ "agent": "b" });
        if let Some(about) = about {
            ask["about"] = json!(about);
        }
        at(ms, json!({ "status": ask }))
    };
    let mut work = task_at(0);
    work["tasks"][0]["duration_ms"] = json!(200);
    let leaves = at(2_900.0, json!({ "unregister": { "agent": "a" } }));
    let faults = [
        ask(150.0, None),
        ask(2_000.0, None),
        ask(2_500.0, Some("a")),
        leaves,
        ask(3_000.0, Some("a")),
    ];
    let simulation = after(&two(), &work, &faults);
    let told: Vec<Note> = notes(&simulation)
        .filter(|(event, _)| event.agent == AgentId(1))
        .map(|(_, note)| note)
        .filter(|it| {
            matches!(
                it,
                Note::Membership(
                    MembershipNote::SwarmStatus { .. } | MembershipNote::AgentStatus { .. }
                )
            )
        })
        .collect();
    let swarm = |tasks| {
        Note::Membership(MembershipNote::SwarmStatus { registered: 2, proposals: 0, tasks })
    };
    let reputation = reputations(&simulation)[0] as u8;
    assert!(reputation > 100);
    let agent = |registered| {
        Note::Membership(MembershipNote::AgentStatus {
            agent: AgentId(0),
            registered,
            reputation,
            done: 1,
            failed: 0,
        })
    };
    assert_eq!(told, [swarm(1), swarm(0), agent(true), agent(false)]);
}

#[test]
fn whoever_leaves_is_not_asked_by_its_manager_until_it_is_back() {
    let agents = json!([
        { "id": "root", "skills": ["x"], "work": { "manager": true } },
        { "id": "w", "parent": "root", "skills": ["x"] },
        { "id": "v", "parent": "root", "skills": ["x"] },
    ]);
    let work =
        json!({ "manager": "root", "tasks": [{ "id": "t", "skills": ["x"], "at_ms": 100 }] });
    let more = json!({ "topology": { "kind": "hierarchical" } });
    let asked = |faults: &[Value]| {
        let simulation = played(&scenario(&agents, &work, faults, &more), 1);
        assert_eq!(end(&simulation, "t").0, "done");
        let (_, board) = super::swarm::boards(&simulation).find(|(it, _)| it.0 == 0).unwrap();
        board.jobs[0].asked.iter().map(|it| it.0).collect::<Vec<u32>>()
    };
    let leaves = at(10.0, json!({ "unregister": { "agent": "w" } }));
    let back = at(50.0, json!({ "register": { "agent": "w" } }));
    assert_eq!(asked(&[]), [1, 2]);
    assert_eq!(asked(std::slice::from_ref(&leaves)), [2]);
    assert_eq!(asked(&[leaves, back]), [1, 2]);
}
