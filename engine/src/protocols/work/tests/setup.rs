//! Work as a file spells it, after every rule was checked, and when it reaches whom.

use std::sync::Arc;

use crate::common::value::Value;
use crate::map::Map;
use crate::protocols::work::intervention::WorkAct;
use crate::protocols::work::questions::Need;
use crate::protocols::work::score::Policy;
use crate::protocols::work::section::tasks::{Priorities, Submission};
use crate::protocols::work::section::{PolicyFile, TaskFile, WeightsFile};
use crate::protocols::work::task::{Complexity, Task};
use crate::protocols::work::{WorkChange, WorkOrder, WorkRules, WorkStyle};
use crate::scenario::Scenario;
use crate::scenario::build::Planned;
use crate::scenario::file::intervention::Intervention;
use crate::sim::{AgentId, Fault};
use crate::swarm::Order;

fn scenario(parts: &str) -> Scenario {
    let text = format!(r#"{{ "format": 1, "name": "x", "title": "X", {parts} }}"#);
    Scenario::parse(&text, "my.json").unwrap()
}

fn number(number: i64) -> Value {
    Value::integer(number).unwrap()
}

/// The orders about work that a run gives: when, to whom, what.
fn orders(scenario: &Scenario, interventions: &[Planned]) -> Vec<(u64, AgentId, WorkOrder)> {
    let order = |(at_us, fault)| match fault {
        Fault::Command(agent, Order::Work(order)) => Some((at_us, agent, (*order).clone())),
        _ => None,
    };
    scenario
        .agenda(scenario.file.seed, interventions)
        .unwrap()
        .into_iter()
        .filter_map(order)
        .collect()
}

#[test]
fn work_without_a_word_is_as_usual() {
    let scenario = scenario(r#""agents": [{ "id": "a" }], "work": { "tasks": [{ "id": "t" }] }"#);
    let work = scenario.rooms.work.as_ref().unwrap();
    assert_eq!(*work.rules, WorkRules::default());
    assert_eq!(*scenario.individuals.work[0], WorkStyle::default());
    let usual = Task { kind: "task".to_owned(), ..Task::default() }.named("t".to_owned());
    let priorities = Priorities { least: 5, most: 5 };
    assert_eq!(work.tasks, [Submission { at_us: 0, task: Arc::new(usual), priorities }]);
}

#[test]
fn what_a_task_says_is_what_is_submitted() {
    let scenario = scenario(
        r#""agents": [{ "id": "a", "skills": ["marketing", "finance"] }],
           "work": {
             "policy": { "reputation": 50, "skill": 30, "load": 20 }, "bid_window_ms": 12.5, "lease_ms": 300,
             "attempts": 1, "progress": 0, "manager": "coordinator", "answer_ms": 70.5,
             "tasks": [
               { "id": "plan", "at_ms": 7 },
               { "id": "campaign", "count": 2, "title": "A campaign", "type": "email_campaign", "complexity": "complex",
                 "skills": ["finance", "marketing"], "domain": "health", "priority": 9, "load": 30, "duration_ms": 2300,
                 "deadline_ms": 9000.5, "at_ms": 2, "depends_on": ["plan"], "after": { "marketing": ["finance"] }, "data": { "budget": 50000 } }
             ]
           }"#,
    );
    let work = scenario.rooms.work.as_ref().unwrap();
    let rules = WorkRules {
        policy: Policy { reputation: 50, skill: 30, load: 20 },
        bid_window_us: 12_500,
        lease_us: 300_000,
        attempts: 1,
        progress: 0,
        answer_us: 70_500,
        ..WorkRules::default()
    };
    assert_eq!(*work.rules, rules);
    let campaign = |name: &str| Task {
        name: name.to_owned(),
        kind: "email_campaign".to_owned(),
        title: "A campaign".to_owned(),
        complexity: Complexity::Complex,
        skills: vec!["finance".into(), "marketing".into()],
        domain: Some("health".into()),
        priority: 9,
        load: 30,
        duration_us: 2_300_000,
        // From when it is submitted.
        deadline_us: Some(8_998_500),
        depends_on: vec!["plan".to_owned()],
        after: [("marketing".into(), vec!["finance".into()])].into_iter().collect(),
        data: [("budget".into(), number(50_000))].into_iter().collect(),
        parent: None,
    };
    let plan = Task { name: "plan".to_owned(), kind: "task".to_owned(), ..Task::default() };
    let (coordinator, submit) = (AgentId(1), |task| WorkOrder::Submit(Arc::new(task)));
    let expected = [
        (7_000, coordinator, submit(plan)),
        (2_000, coordinator, submit(campaign("campaign-1"))),
        (2_000, coordinator, submit(campaign("campaign-2"))),
    ];
    assert_eq!(orders(&scenario, &[]), expected);
}

#[test]
fn an_agent_works_as_it_says_or_else_as_its_template() {
    let scenario = scenario(
        r#""templates": { "writer": { "skills": ["marketing"], "work": {
             "speed": 0.5, "fails": 0.25, "quality": [0, 100], "healthy": false,
             "takes_ms": { "marketing": 2300, "other": 1 }, "gives": { "cost": 10 },
             "knows": { "budget": 3 }, "needs": { "budget": { "caps": "cost" } }, "manager": true } } },
           "topology": { "kind": "hierarchical" },
           "agents": [
             { "id": "a", "template": "writer" },
             { "id": "b", "parent": "a", "template": "writer", "work": {
               "speed": 2, "fails": 0, "quality": [7, 7], "healthy": true, "takes_ms": { "marketing": 1.5 },
               "gives": { "x": 1 }, "gives_for": { "marketing": { "cost": 45000, "reach": [1] } },
               "knows": { "limit": "7" }, "needs": { "limit": {}, "budget": { "ask": "a", "as": "most" } }, "manager": false, "weight": 7 } }
           ],
           "work": { "manager": "a" }"#,
    );
    let style = |number: usize| (*scenario.individuals.work[number]).clone();
    let times = |times: &[(&str, u64)]| -> Map<Arc<str>, u64> {
        times.iter().map(|(skill, us)| (Arc::from(*skill), *us)).collect()
    };
    let need = |key: &str, ask: Option<&str>, caps: Option<&str>, gives_as: Option<&str>| {
        let [ask, caps, gives_as] = [ask, caps, gives_as].map(|it| it.map(Arc::from));
        Need { key: key.into(), ask, caps, gives_as }
    };
    let of_template = WorkStyle {
        weight: 1,
        speed_milli: 500,
        fails_ppm: 250_000,
        quality: (0, 100),
        healthy: false,
        takes_us: times(&[("marketing", 2_300_000), ("other", 1_000)]),
        gives: vec![(None, "cost".into(), number(10))],
        knows: [("budget".into(), number(3))].into_iter().collect(),
        needs: vec![need("budget", None, Some("cost"), None)],
        is_manager: true,
    };
    assert_eq!(style(0), of_template);
    let marketing = || Some(Arc::from("marketing"));
    let own = WorkStyle {
        weight: 7,
        speed_milli: 2_000,
        fails_ppm: 0,
        quality: (7, 7),
        healthy: true,
        takes_us: times(&[("marketing", 1_500)]),
        gives: vec![
            (None, "x".into(), number(1)),
            (marketing(), "cost".into(), number(45_000)),
            (marketing(), "reach".into(), Value::List([number(1)].into())),
        ],
        knows: [("limit".into(), Value::text("7"))].into_iter().collect(),
        needs: vec![need("budget", Some("a"), None, Some("most")), need("limit", None, None, None)],
        is_manager: false,
    };
    assert_eq!(style(1), own);
    let rules = &scenario.rooms.work.as_ref().unwrap().rules;
    assert_eq!(rules.manager, Some(AgentId(0)));
    assert_eq!(rules.workers_of(AgentId(0)), [AgentId(1)]);
    assert_eq!(rules.workers_of(AgentId(1)), []);
}

#[test]
fn a_tree_of_managers_has_workers_at_each() {
    let scenario = scenario(
        r#""topology": { "kind": "hierarchical" },
           "templates": { "manager": { "work": { "manager": true } } },
           "agents": [
             { "id": "w", "count": 4, "parent": "left" }, { "id": "boss", "template": "manager" },
             { "id": "left", "template": "manager", "parent": "boss" }, { "id": "v", "parent": "boss" }
           ],
           "work": { "manager": "boss" }"#,
    );
    let rules = &scenario.rooms.work.as_ref().unwrap().rules;
    assert_eq!(rules.manager, Some(AgentId(4)));
    assert_eq!(rules.workers_of(AgentId(4)), [AgentId(5), AgentId(6)]);
    assert_eq!(rules.workers_of(AgentId(5)), [0, 1, 2, 3].map(AgentId));
}

#[test]
fn what_a_person_does_reaches_whom_it_is_about() {
    let scenario = scenario(
        r#""agents": [{ "id": "a", "count": 2, "skills": ["finance"] }], "work": {},
           "faults": [
             { "at_ms": 1, "do": { "set_work": { "agent": "a-2", "skills": ["law"], "healthy": false } } },
             { "at_ms": 2, "do": { "spawn": { "agent": { "id": "b", "skills": ["art"] } } } },
             { "at_ms": 3, "do": { "submit": { "task": { "id": "t", "skills": ["law", "art"], "deadline_ms": 5 } } } }
           ]"#,
    );
    let at = |time_us, intervention| Planned { time_us, intervention };
    let later = TaskFile {
        id: "u".to_owned(),
        count: Some(2),
        skills: vec!["sales".to_owned()],
        depends_on: vec!["t".to_owned()],
        ..TaskFile::default()
    };
    let learn = Intervention::Work(WorkAct::SetWork {
        agent: "b".to_owned(),
        speed: Some(0.5),
        fails: Some(0.1),
        healthy: None,
        skills: Some(vec!["sales".to_owned()]),
        capacity: Some(7),
        knows: Map::new(),
    });
    let submit = Intervention::Work(WorkAct::Submit { task: Box::new(later) });
    let policy = PolicyFile::Named("skill_first".to_owned());
    let interventions = [
        at(4_000, learn),
        at(5_000, submit.clone()),
        at(6_000, Intervention::Work(WorkAct::SetPolicy { policy })),
    ];
    let found = orders(&scenario, &interventions);
    let (coordinator, nothing) = (AgentId(2), (None, None, None));
    let set = |(speed_milli, fails_ppm, capacity), healthy, skill: &str| {
        WorkOrder::SetWork(WorkChange {
            speed_milli,
            fails_ppm,
            healthy,
            skills: Some(vec![skill.into()]),
            capacity,
            knows: Vec::new(),
        })
    };
    assert_eq!(found[0], (1_000, AgentId(1), set(nothing, Some(false), "law")));
    assert_eq!(
        found[2],
        (4_000, AgentId(3), set((Some(500), Some(100_000), Some(7)), None, "sales"))
    );
    for (place, (time_us, name, deadline_us)) in
        [(1, (3_000, "t", Some(2_000))), (3, (5_000, "u-1", None)), (4, (5_000, "u-2", None))]
    {
        let (at_us, agent, order) = &found[place];
        assert_eq!((*at_us, *agent), (time_us, coordinator));
        let WorkOrder::Submit(task) = order else { panic!("{order:?} submits nothing") };
        assert_eq!((&*task.name, task.deadline_us), (name, deadline_us));
    }
    assert_eq!(found[5], (6_000, coordinator, WorkOrder::SetPolicy(Policy::SKILL_FIRST)));
    assert_eq!(found.len(), 6);
    // The same a second time, and before anybody knew how.
    for planned in
        [vec![at(5_000, submit.clone())], [&interventions[..], &[at(7_000, submit)]].concat()]
    {
        assert!(scenario.agenda(1, &planned).is_err(), "{planned:?}");
    }
}

#[test]
fn the_largest_heap_of_work_is_accepted() {
    let chained = r#"{ "id": "b", "count": 4999, "depends_on": ["a-5000", "c"] }"#;
    let scenario = scenario(&format!(
        r#""agents": [{{ "id": "a" }}], "work": {{ "tasks": [{chained}, {{ "id": "a", "count": 5000 }}, {{ "id": "c" }}] }}"#
    ));
    assert_eq!(orders(&scenario, &[]).len(), 10_000);
}

#[test]
fn orders_about_work_have_names_for_people() {
    let set = |speed: Option<f64>, fails, healthy, skills: Option<&[&str]>, capacity| {
        let skills = skills.map(|skills| skills.iter().copied().map(str::to_owned).collect());
        let agent = "ann".to_owned();
        let knows = Map::new();
        Intervention::Work(WorkAct::SetWork {
            agent,
            speed,
            fails,
            healthy,
            skills,
            capacity,
            knows,
        })
        .label()
    };
    for (found, expected) in [
        (set(Some(0.5), None, None, None, None), "ann works at 0.5 × speed"),
        (set(None, Some(0.29), None, None, None), "ann fails 29 %"),
        (set(None, None, Some(true), None, None), "ann is healthy"),
        (set(None, None, Some(false), None, None), "ann is not healthy"),
        (set(None, None, None, Some(&["law", "art"]), None), "ann knows law, art"),
        (set(None, None, None, Some(&[]), None), "ann forgets its skills"),
        (set(None, None, None, None, Some(7)), "ann carries 7"),
        (set(Some(2.0), None, Some(true), None, None), "ann works in another way"),
    ] {
        assert_eq!(found, expected);
    }
    let task = Box::new(TaskFile { id: "t".to_owned(), ..TaskFile::default() });
    assert_eq!(Intervention::Work(WorkAct::Submit { task }).label(), "submit t");
    let policy = PolicyFile::Named("balanced".to_owned());
    assert_eq!(Intervention::Work(WorkAct::SetPolicy { policy }).label(), "choose by balanced");
    let policy = PolicyFile::Weights(WeightsFile { reputation: 1, skill: 2, load: 97 });
    assert_eq!(
        Intervention::Work(WorkAct::SetPolicy { policy }).label(),
        "choose by weights 1, 2, 97"
    );
}
