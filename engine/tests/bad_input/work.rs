//! Work that cannot be done, and agents that cannot do it.

use super::{check, with};

/// A scenario of three agents that know something, with this to do.
fn working(work: &str) -> String {
    let agent = r#"{ "id": "a", "count": 3, "skills": ["marketing", "finance"] }"#;
    with(&format!(r#""agents": [{agent}], "work": {{ {work} }}"#))
}

fn tasks(tasks: &str) -> String {
    working(&format!(r#""tasks": [{tasks}]"#))
}

fn task(parts: &str) -> String {
    tasks(&format!(r#"{{ "id": "t", {parts} }}"#))
}

/// An agent that works like this.
fn worker(work: &str) -> String {
    with(&format!(r#""agents": [{{ "id": "a", "skills": ["marketing"], "work": {{ {work} }} }}]"#))
}

#[test]
fn tasks_that_cannot_be_done() {
    let path = "at work.tasks[0]";
    check(
        &task(r#""skills": ["finance", "marketng"]"#),
        &[
            &format!("{path}.skills[1]"),
            "a skill that an agent has",
            "\"marketng\", which nobody has",
            "did you mean \"marketing\"?",
        ],
    );
    check(
        &task(r#""skills": ["finance", "finance"]"#),
        &[&format!("{path}.skills[1]"), "each skill once", "a second time", "leave it out"],
    );
    for load in ["0", "-5", "2.5", "1000001"] {
        let (path, found) = (format!("{path}.load"), format!("found {load};"));
        let message = [&path, "units of work above 0, up to 1000000", &found, "for 20"];
        check(&task(&format!(r#""load": {load}"#)), &message);
    }
    check(&task(r#""load": "much""#), &[&format!("{path}.load"), "a number", "\"much\""]);
    let deadline = |deadline: &str| task(&format!(r#""at_ms": 250.5, "deadline_ms": {deadline}"#));
    for ms in ["-1", "0", "200", "250.5"] {
        check(
            &deadline(ms),
            &[
                &format!("{path}.deadline_ms"),
                "a time after 250.5 ms, when the task is submitted",
                &format!("found {ms}, which is past by then"),
                "a later time of the run, or leave it out",
            ],
        );
    }
    check(&deadline("1e300"), &[&format!("{path}.deadline_ms"), "milliseconds from 0", "1e300"]);
    check(
        &task(r#""complexity": "komplex""#),
        &[
            &format!("{path}.complexity"),
            "one of simple, moderate, complex",
            "found \"komplex\"",
            "did you mean \"complex\"?",
        ],
    );
    check(
        &task(r#""prioritty": 3"#),
        &[&format!("{path}.prioritty"), "unknown field", "did you mean \"priority\"?"],
    );
    for priority in ["0", "11", "300"] {
        check(
            &task(&format!(r#""priority": {priority}"#)),
            &[&format!("{path}.priority"), "1 to 10", &format!("found {priority}"), "5 is usual"],
        );
    }
    for (priorities, found) in [
        ("[0, 10]", "0 and 10"),
        ("[1, 11]", "1 and 11"),
        ("[7, 3]", "7 and 3"),
        ("[1.5, 3]", "1.5 and 3"),
    ] {
        let path = format!("{path}.priorities");
        let found = format!("found {found}");
        let message =
            [&*path, "two whole numbers from 1 to 10, the lower one first", &found, "[1, 10]"];
        check(&task(&format!(r#""priorities": {priorities}"#)), &message);
    }
    check(
        &task(r#""priority": 5, "priorities": [1, 10]"#),
        &[
            &format!("{path}.priorities"),
            "no priority beside",
            "priority 5",
            "leave one of them out",
        ],
    );
    check(&task(r#""priorities": [1]"#), &[&format!("{path}.priorities"), "a list of two numbers"]);
    check(&task(r#""priority": "high""#), &[&format!("{path}.priority"), "a whole number"]);
    let every =
        [&format!("{path}.every_ms"), "several tasks", "\"count\": 5, or leave every_ms out"];
    check(&task(r#""every_ms": 100"#), &every);
    check(&task(r#""every_ms": 0"#), &every);
    check(&task(r#""duration_ms": 0"#), &[&format!("{path}.duration_ms"), "above 0", "for 1000"]);
    check(&task(r#""duration_ms": -2"#), &[&format!("{path}.duration_ms"), "found -2"]);
    check(&task(r#""at_ms": -2"#), &[&format!("{path}.at_ms"), "found -2"]);
    check(
        &task(&format!(r#""data": {{ "text": "{}" }}"#, "x".repeat(5_000))),
        &[&format!("{path}.data"), "at most 4096 fit"],
    );
    check(&tasks("{}"), &[&format!("{path}.id"), "a text", "found nothing"]);
    for id in ["", " ", &"x".repeat(65)] {
        let nameless = tasks(&format!(r#"{{ "id": "{id}" }}"#));
        check(&nameless, &[&format!("{path}.id"), "1 to 64 characters", "campaign_001"]);
    }
}

#[test]
fn tasks_that_do_not_go_together() {
    let twice = tasks(r#"{ "id": "t-2" }, { "id": "t", "count": 2 }"#);
    check(&twice, &["work.tasks[1].id", "a new id", "\"t-2\" a second time", "id of its own"]);
    let other = tasks(r#"{ "id": "budget" }, { "id": "launch", "depends_on": ["budge"] }"#);
    check(
        &other,
        &["work.tasks[1].depends_on[0]", "the id of a task", "\"budge\"", "mean \"budget\"?"],
    );
    let circle = tasks(
        r#"{ "id": "first", "depends_on": ["a"] }, { "id": "a", "depends_on": ["c"] },
           { "id": "free" }, { "id": "b", "depends_on": ["free", "a"] }, { "id": "c", "depends_on": ["b"] }"#,
    );
    check(
        &circle,
        &["work.tasks[1].depends_on", "before this one", "a circle: a, c, b, a", "leave one"],
    );
    let itself = tasks(r#"{ "id": "a", "depends_on": ["a"] }"#);
    check(&itself, &["work.tasks[0].depends_on", "found a circle: a, a"]);
    check(&task(r#""count": 0"#), &["work.tasks[0].count", "1 or more", "leave the task out"]);
    let many = tasks(r#"{ "id": "a", "count": 6000 }, { "id": "b", "count": 4001 }"#);
    check(&many, &["at work.tasks", "at most 10000 tasks", "found 10001", "lower the counts"]);
    check(&task(r#""count": 4294967295"#), &["at work.tasks", "at most 10000", "4294967295"]);
}

#[test]
fn work_that_cannot_be_shared_out() {
    check(
        &working(r#""policy": "ballanced""#),
        &[
            "at work.policy",
            "the name of a policy",
            "found \"ballanced\"",
            "one of balanced, skill_first, did you mean \"balanced\"?",
        ],
    );
    check(
        &working(r#""policy": { "reputation": 40, "skill": 40, "load": 30 }"#),
        &["at work.policy", "weights that sum to 100", "found 110", "\"load\": 20"],
    );
    let huge = r#""policy": { "reputation": 4294967295, "skill": 4294967295, "load": 102 }"#;
    check(&working(huge), &["at work.policy", "sum to 100", "8589934692"]);
    check(
        &working(r#""policy": { "reputation": 40, "skill": 60 }"#),
        &["at work.policy.load", "a whole number", "found nothing"],
    );
    check(&working(r#""policy": 7"#), &["at work.policy", "or weights", "found 7", "balanced"]);
    check(&working(r#""attempts": 0"#), &["at work.attempts", "1 to 10", "found 0", "for 3"]);
    check(&working(r#""attempts": 11"#), &["at work.attempts", "1 to 10", "found 11"]);
    check(&working(r#""progress": 101"#), &["at work.progress", "0 to 100", "101", "for 4"]);
    check(&working(r#""lease_ms": 0"#), &["at work.lease_ms", "above 0", "leave it out for 5000"]);
    check(&working(r#""bid_window_ms": 0"#), &["at work.bid_window_ms", "above 0", "for 100"]);
    check(&working(r#""lease_ms": -1"#), &["at work.lease_ms", "found -1"]);
    check(&working(r#""leese_ms": 1"#), &["at work.leese_ms", "did you mean \"lease_ms\"?"]);
}

#[test]
fn managers_without_anyone_to_manage() {
    let swarm = |kind: &str, manager: &str| {
        with(&format!(
            r#""topology": {{ "kind": "{kind}" }}, "agents": [{{ "id": "boss" }}, {{ "id": "w", "count": 2, "parent": "boss" }},
               {{ "id": "lead", "parent": "boss", "work": {{ "manager": true }} }}], "work": {{ "manager": "{manager}" }}"#
        ))
    };
    check(
        &swarm("hierarchical", "lead"),
        &[
            "at agents[2].work.manager",
            "a manager with workers",
            "\"lead\" with nobody below it",
            "the parent of its workers",
        ],
    );
    let of = |manager: &str, agents: &str| {
        with(&format!(
            r#""topology": {{ "kind": "hierarchical" }}, "agents": [{agents}], "work": {{ "manager": "{manager}" }}"#
        ))
    };
    let boss = r#"{ "id": "boss", "work": { "manager": true } }, { "id": "w", "count": 2, "parent": "boss" }"#;
    check(
        &of("bos", boss),
        &["at work.manager", "the id of an agent", "found \"bos\"", "did you mean \"boss\"?"],
    );
    check(
        &of("w-1", boss),
        &["at work.manager", "an agent that is a manager", "\"w-1\"", "\"manager\": true"],
    );
    let mesh = with(r#""agents": [{ "id": "boss", "work": { "manager": true } }], "work": {}"#);
    check(&mesh, &["at agents[0].work.manager", "with nobody below it", "hierarchical"]);
}

#[test]
fn agents_that_cannot_work() {
    let path = "at agents[0].work";
    check(
        &worker(r#""quality": [95, 85]"#),
        &[&format!("{path}.quality"), "the least quality", "95 before 85", "swap"],
    );
    for quality in ["[0, 101]", "[-1, 50]", "[50.5, 60]"] {
        check(
            &worker(&format!(r#""quality": {quality}"#)),
            &[&format!("{path}.quality"), "whole numbers from 0 to 100", "[85, 95]"],
        );
    }
    check(&worker(r#""quality": 90"#), &[&format!("{path}.quality"), "a list"]);
    for speed in ["0", "-1", "1001", "0.0001"] {
        check(
            &worker(&format!(r#""speed": {speed}"#)),
            &[&format!("{path}.speed"), "0.001 to 1000", &format!("found {speed}"), "write 0.5"],
        );
    }
    check(&worker(r#""fails": 1.5"#), &[&format!("{path}.fails"), "0 to 1", "found 1.5"]);
    check(
        &worker(r#""takes_ms": { "marketing": 0 }"#),
        &[&format!("{path}.takes_ms.marketing"), "above 0", "what the task says"],
    );
    check(
        &worker(r#""takes_ms": { "markting": 5 }"#),
        &[&format!("{path}.takes_ms"), "\"markting\", which it does not have", "\"marketing\"?"],
    );
    check(
        &worker(r#""gives_for": { "sales": { "cost": 5 } }"#),
        &[&format!("{path}.gives_for"), "\"sales\", which it does not have", "one of its skills"],
    );
    let large = format!(r#""gives": {{ "text": "{}" }}"#, "x".repeat(5_000));
    check(&worker(&large), &[&format!("{path}.gives"), "at most 4096 fit"]);
    check(&worker(r#""gives": { "cost": 1e300 }"#), &[&format!("{path}.gives"), "below 10^12"]);
    check(&worker(r#""sped": 2"#), &[&format!("{path}.sped"), "did you mean \"speed\"?"]);
    let template = r#""templates": { "slow": { "work": { "speed": 0 } } }, "agents": [{ "id": "a", "template": "slow" }]"#;
    check(&with(template), &[&format!("{path}.speed"), "found 0"]);
}

#[test]
fn orders_about_work_that_mean_nothing() {
    let fault = |what: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a", "skills": ["finance"] }}], "work": {{ "tasks": [{{ "id": "first" }}] }},
               "faults": [{{ "at_ms": 5, "do": {what} }}]"#
        ))
    };
    let submit = |task: &str| fault(&format!(r#"{{ "submit": {{ "task": {{ {task} }} }} }}"#));
    let path = "at faults[0].do.submit.task";
    check(
        &submit(r#""id": "x", "skills": ["finanse"]"#),
        &[&format!("{path}.skills[0]"), "which nobody has", "did you mean \"finance\"?"],
    );
    check(
        &submit(r#""id": "x", "deadline_ms": 5"#),
        &[&format!("{path}.deadline_ms"), "a time after 5 ms", "past by then"],
    );
    check(
        &submit(r#""id": "first""#),
        &[&format!("{path}.id"), "\"first\" a second time", "of its own"],
    );
    check(
        &submit(r#""id": "x", "depends_on": ["firs"]"#),
        &[&format!("{path}.depends_on[0]"), "\"firs\"", "did you mean \"first\"?"],
    );
    check(&submit(r#""id": "x", "depends_on": ["x"]"#), &[&format!("{path}.depends_on[0]")]);
    for (field, ms) in [("at_ms", "5"), ("every_ms", "2.5")] {
        let late = submit(&format!(r#""id": "x", "count": 2, "{field}": {ms}"#));
        let expected = "nothing: all of them are submitted when the intervention is due";
        check(
            &late,
            &[&format!("{path}.{field}"), expected, &format!("found {ms}"), "leave it out"],
        );
    }
    let many = submit(r#""id": "x", "count": 10000"#);
    check(&many, &[&format!("{path}.count"), "at most 10000 tasks", "10001"]);
    let set = |parts: &str| fault(&format!(r#"{{ "set_work": {{ {parts} }} }}"#));
    let path = "at faults[0].do.set_work";
    check(
        &set(r#""agent": "a""#),
        &[path, "one of speed, fails, healthy, skills, capacity", "none", "\"speed\": 0.5"],
    );
    check(&set(r#""agent": "b", "speed": 2"#), &[&format!("{path}.agent"), "\"b\""]);
    check(
        &set(r#""agent": "coordinator", "speed": 2"#),
        &[&format!("{path}.agent"), "a member", "name a member"],
    );
    check(&set(r#""agent": "a", "speed": 0"#), &[&format!("{path}.speed"), "0.001 to 1000"]);
    check(&set(r#""agent": "a", "fails": 2"#), &[&format!("{path}.fails"), "0 to 1"]);
    check(&set(r#""agent": "a", "capacity": -2"#), &[&format!("{path}.capacity"), "found -2"]);
    check(
        &fault(r#"{ "set_policy": { "policy": "skil_first" } }"#),
        &["at faults[0].do.set_policy.policy", "did you mean \"skill_first\"?"],
    );
    for (key, order) in [
        ("submit", r#"{ "submit": { "task": { "id": "x" } } }"#),
        ("set_work", r#"{ "set_work": { "agent": "a", "speed": 2 } }"#),
        ("set_policy", r#"{ "set_policy": { "policy": "balanced" } }"#),
    ] {
        let without = with(&format!(
            r#""agents": [{{ "id": "a" }}], "faults": [{{ "at_ms": 5, "do": {order} }}]"#
        ));
        let place = format!("at faults[0].do.{key}");
        check(&without, &[&place, "a scenario that has work", "\"work\": {}"]);
    }
}

#[test]
fn parts_that_cannot_come_after_one_another() {
    let path = "at work.tasks[0]";
    let ordered = |after: &str| {
        task(&format!(
            r#""complexity": "complex", "skills": ["finance", "marketing"], "after": {after}"#
        ))
    };
    check(
        &ordered(r#"{ "finanse": ["marketing"] }"#),
        &[&format!("{path}.after.finanse"), "a skill of this task", "did you mean \"finance\"?"],
    );
    check(
        &ordered(r#"{ "finance": ["marketing", "x"] }"#),
        &[&format!("{path}.after.finance[1]"), "a skill of this task", "\"x\""],
    );
    check(
        &ordered(r#"{ "finance": ["marketing", "marketing"] }"#),
        &[&format!("{path}.after.finance[1]"), "each skill once", "leave it out"],
    );
    check(
        &ordered(r#"{ "finance": ["marketing"], "marketing": ["finance"] }"#),
        &[&format!("{path}.after.finance"), "a circle: finance, marketing, finance", "waits"],
    );
    check(&ordered(r#"{ "finance": ["finance"] }"#), &["a circle: finance, finance"]);
    check(
        &task(r#""skills": ["finance", "marketing"], "after": { "finance": ["marketing"] }"#),
        &[&format!("{path}.after"), "a task with parts", "a simple one", "\"moderate\""],
    );
    let taken = r#""after": { "finance": ["marketing"] }, "data": { "marketing": 1 }"#;
    check(
        &task(&format!(r#""complexity": "complex", "skills": ["finance", "marketing"], {taken}"#)),
        &[&format!("{path}.data.marketing"), "names that nothing before it has", "something else"],
    );
    check(
        &tasks(
            r#"{ "id": "first" }, { "id": "t", "depends_on": ["first"], "data": { "first": 1 } }"#,
        ),
        &["at work.tasks[1].data.first", "names that nothing before it has"],
    );
}

#[test]
fn questions_that_nobody_can_answer() {
    let pair = |one: &str, other: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a", "work": {{ {one} }} }}, {{ "id": "b", "work": {{ {other} }} }}], "work": {{}}"#
        ))
    };
    let needs = |need: &str| pair(&format!(r#""needs": {{ "budget": {need} }}"#), "");
    let path = "at agents[0].work.needs.budget";
    check(
        &needs(r#"{ "ask": "b" }"#),
        &[
            &format!("{path}.ask"),
            "an agent that knows budget",
            "\"b\", which does not",
            "\"knows\"",
        ],
    );
    check(&needs(r#"{ "ask": "bb" }"#), &[&format!("{path}.ask"), "\"bb\"", "did you mean \"b\"?"]);
    check(&needs(r#"{ "ask": "a" }"#), &[&format!("{path}.ask"), "another agent", "itself"]);
    check(&needs(r#"{ "ask": "coordinator" }"#), &[&format!("{path}.ask"), "an agent that knows"]);
    check(
        &needs(r#"{ "caps": "cost" }"#),
        &[&format!("{path}.caps"), "a number that the agent gives", "\"cost\""],
    );
    check(
        &pair(r#""gives": { "cost": "much" }, "needs": { "budget": { "caps": "cost" } }"#, ""),
        &[&format!("{path}.caps"), "a number that the agent gives"],
    );
    check(
        &pair(r#""needs": { "budget": { "ask": "b" } }"#, r#""knows": { "bugdet": 1 }"#),
        &["at agents[0].work.needs.budget.ask", "an agent that knows budget"],
    );
    check(
        &pair(r#""needs": { "budget": {} }"#, r#""knows": { "bugdet": 1 }"#),
        &[
            "at agents[1].work.knows.bugdet",
            "a key that an agent needs",
            "did you mean \"budget\"?",
        ],
    );
    check(&needs(r#"{ "of": "b" }"#), &[path, "ask, caps, as", "unknown field \"of\""]);
    let asked = r#""needs": { "budget": { "ask": "b" } }"#;
    let late = |fault: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a", "work": {{ {asked} }} }}, {{ "id": "b", "work": {{ "knows": {{ "budget": 1 }} }} }}],
               "work": {{}}, "faults": [{{ "at_ms": 5, "do": {fault} }}]"#
        ))
    };
    check(
        &late(r#"{ "set_work": { "agent": "b", "knows": { "bugdet": 2 } } }"#),
        &["at faults[0].do.set_work.knows.bugdet", "a key that an agent needs", "did you mean"],
    );
    check(
        &late(r#"{ "spawn": { "agent": { "id": "c", "work": { "needs": { "rate": {} } } } } }"#),
        &["at faults[0].do.spawn.agent.work.needs.rate", "a key that an agent needs", "\"rate\""],
    );
    check(
        &late(
            r#"{ "spawn": { "agent": { "id": "c", "work": { "needs": { "budget": { "ask": "a" } } } } } }"#,
        ),
        &["at faults[0].do.spawn.agent.work.needs.budget.ask", "name one that does: b"],
    );
}

#[test]
fn ways_to_assign_that_do_not_exist() {
    check(
        &working(r#""assign": "round_robbin""#),
        &[
            "at work.assign",
            "a way to assign tasks",
            "\"round_robbin\"",
            "did you mean \"round_robin\"?",
        ],
    );
    check(
        &working(r#""adaptive": { "load": 0, "capability": 0, "past": 0, "distance": 0 }"#),
        &["at work.adaptive", "weights that sum to 100", "found 0;", "\"load\": 40"],
    );
    check(
        &working(r#""adaptive": { "load": 50, "capability": 50 }"#),
        &["at work.adaptive", "past"],
    );
    check(
        &working(r#""half_life_ms": 0"#),
        &["at work.half_life_ms", "above 0", "leave it out for 2000"],
    );
    for weight in ["0", "1001"] {
        let found = format!("found {weight};");
        let message = ["at agents[0].work.weight", "1 to 1000", &found, "leave it out for 1"];
        check(&worker(&format!(r#""weight": {weight}"#)), &message);
    }
    let fault = r#"{ "at_ms": 1, "do": { "set_assign": { "assign": "luck" } } }"#;
    check(
        &with(&format!(r#""agents": [{{ "id": "a" }}], "work": {{}}, "faults": [{fault}]"#)),
        &["at faults[0].do.set_assign.assign", "a way to assign tasks", "\"luck\""],
    );
}

#[test]
fn limits_that_nothing_could_keep() {
    for limit in ["0", "10001"] {
        let found = format!("found {limit};");
        check(
            &working(&format!(r#""limit": {limit}"#)),
            &["at work.limit", "1 to 10000 tasks", &found, "leave it out"],
        );
    }
    check(&working(r#""preempt": "yes""#), &["at work.preempt", "true or false"]);
    check(
        &with(
            r#""topology": { "kind": "hierarchical" },
               "agents": [{ "id": "a", "work": { "manager": true } }, { "id": "b", "parent": "a" }],
               "work": { "manager": "a", "preempt": true }"#,
        ),
        &["at work.preempt", "false where agents are managers", "cannot be paused from above"],
    );
}

#[test]
fn a_spread_that_is_no_number_of_units() {
    let spreads = [
        ("-1", "-1"),
        ("1.5", "1.5"),
        (r#""even""#, r#""even""#),
        ("1000001", "write for example 20"),
    ];
    for (spread, found) in spreads {
        let fault =
            format!(r#"{{ "at_ms": 1, "do": {{ "rebalance": {{ "spread": {spread} }} }} }}"#);
        check(
            &with(&format!(r#""agents": [{{ "id": "a" }}], "work": {{}}, "faults": [{fault}]"#)),
            &["at faults[0].do.rebalance.spread", found],
        );
    }
}
