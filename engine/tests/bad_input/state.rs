//! Data that a swarm cannot keep, and acts that cannot be done to it.

use swarmglass_engine::scenario::Scenario;

use super::{check, with};

/// A scenario of three agents that keeps this.
fn keeping(state: &str) -> String {
    with(&format!(r#""agents": [{{ "id": "a", "count": 3 }}], "state": {{ {state} }}"#))
}

#[test]
fn keys_that_cannot_be_kept() {
    let key = |parts: &str| keeping(&format!(r#""keys": [{{ {parts} }}]"#));
    check(
        &keeping(r#""keys": []"#),
        &["at state.keys", "1 to 20000 keys", "0 keys", "leave \"state\" out"],
    );
    check(&keeping(""), &["at state.keys", "1 to 20000 keys", "0 keys", "leave \"state\" out"]);
    let many =
        keeping(r#""keys": [{ "key": "a", "count": 15000 }, { "key": "b", "count": 15000 }]"#);
    check(&many, &["at state.keys", "1 to 20000 keys", "30000 keys", "fewer"]);
    for name in ["", "two words", &"x".repeat(65)] {
        check(
            &key(&format!(r#""key": "{name}""#)),
            &["state.keys[0].key", "1 to 64 letters", "task_queue"],
        );
    }
    let twice = keeping(r#""keys": [{ "key": "x-2" }, { "key": "x", "count": 2 }]"#);
    check(&twice, &["state.keys[1].key", "\"x-2\" a second time", "name of its own"]);
    check(&key(r#""key": "x", "count": 0"#), &["state.keys[0].count", "1 to 20000", "found 0"]);
    check(&key(r#""key": "x", "count": 20001"#), &["state.keys[0].count", "1 to 20000", "20001"]);
    check(
        &key(r#""key": "x", "type": "pn_conter""#),
        &[
            "state.keys[0].type",
            "found \"pn_conter\"",
            "g_set, or_set",
            "did you mean \"pn_counter\"?",
        ],
    );
    check(
        &key(r#""key": "x", "strategy": "vector_clok""#),
        &[
            "state.keys[0].strategy",
            "last_write_wins, vector_clock, crdt",
            "did you mean \"vector_clock\"?",
        ],
    );
    let strong = key(r#""key": "x", "strong": true, "type": "g_set""#);
    check(
        &strong,
        &["state.keys[0].type", "none for a strong key", "found \"g_set\"", "leave its type out"],
    );
    check(
        &key(r#""key": "x", "kind": "g_set""#),
        &["state.keys[0].kind", "unknown field \"kind\""],
    );
    check(
        &keeping(r#""keys": [{ "key": "x" }], "horizon": 10001"#),
        &["state.horizon", "0 to 10000", "for 100"],
    );
    check(
        &keeping(r#""keys": [{ "key": "x" }], "timeout_ms": 0"#),
        &["state.timeout_ms", "above 0"],
    );
    check(
        &keeping(r#""keys": [{ "key": "x" }], "sync_interval_ms": -1"#),
        &["state.sync_interval_ms", "-1"],
    );
    let often = keeping(
        r#""keys": [{ "key": "x" }], "sync_interval_ms": 0.001 }, "ends_at_ms": 8640000000, "topology": {"#,
    );
    check(&often, &["state.sync_interval_ms", "8640 or more", "until the run ends", "found 0.001"]);
    let strong = key(r#""key": "x", "strong": true, "strategy": "crdt""#);
    check(&strong, &["state.keys[0].strategy", "none for a strong key", "found \"crdt\""]);
    check(
        &keeping(r#""keys": [{ "key": "x" }], "sync": "some""#),
        &["state.sync", "delta, full, query", "\"some\""],
    );
}

#[test]
fn work_that_cannot_be_kept() {
    let with_keys = |work: &str, keys: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a", "count": 3 }}], "work": {{}}, "state": {{ "work": {work}, "keys": [{keys}] }}"#
        ))
    };
    let kept = |work: &str| with_keys(work, "");
    check(
        &keeping(r#""work": { "queue": "q" }"#),
        &[
            "at state.work",
            "a scenario that has work",
            "found none",
            "add \"work\": {}",
            "leave this out",
        ],
    );
    check(
        &kept("{}"),
        &[
            "at state.work",
            "one of queue, lists, completed",
            "found none",
            "\"queue\": \"task_queue\"",
        ],
    );
    check(
        &kept(r#"{ "queu": "q" }"#),
        &["state.work.queu", "unknown field", "did you mean \"queue\"?"],
    );
    check(&kept(r#"{ "queue": 3 }"#), &["state.work.queue", "a text", "found 3"]);
    for field in ["queue", "completed"] {
        check(
            &kept(&format!(r#"{{ "{field}": "two words" }}"#)),
            &[&format!("state.work.{field}"), "1 to 64 letters", "\"two words\"", "task_queue"],
        );
    }
    let long = "x".repeat(62);
    check(
        &kept(&format!(r#"{{ "lists": "{long}" }}"#)),
        &[
            "state.work.lists",
            "1 to 64 letters",
            "xa-1\"",
            "the id of each agent stands behind it: shorten it",
        ],
    );
    for (work, keys) in [
        (r#"{ "queue": "q" }"#, r#"{ "key": "q" }"#),
        (r#"{ "lists": "of_" }"#, r#"{ "key": "of_a", "count": 2 }"#),
        (r#"{ "completed": "q" }"#, r#"{ "key": "q", "type": "g_counter" }"#),
        (r#"{ "queue": "of_a-1", "lists": "of_" }"#, ""),
        (r#"{ "queue": "q", "completed": "q" }"#, ""),
    ] {
        check(
            &with_keys(work, keys),
            &[
                "state.work.",
                "a new name",
                "a second time",
                "leave it out of state.keys, or name it another way",
            ],
        );
    }
    let many = r#"{ "key": "k", "count": 19998 }"#;
    check(
        &with_keys(r#"{ "lists": "of_" }"#, many),
        &["state.work.lists", "1 to 20000 keys in all", "20001", "keep fewer keys"],
    );
    // The work's additions to the count fit beside the author's.
    let adds = r#""faults": [{ "at_ms": 1, "do": { "write": { "agent": "a-1", "writes": [{ "key": "n", "add": 999999999999 }] } } }]"#;
    let file = |count: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a" , "count": 3 }}], "work": {{}}, "state": {{ "work": {{ "completed": "n" }}, "keys": [{{ "key": "k" }}] }}, {count}"#
        ))
    };
    assert!(Scenario::parse(&file(adds), "my.json").is_ok());
    let often = adds.replace(
        "[{ \"key\"",
        &format!("[{}{{ \"key\"", "{ \"key\": \"n\", \"add\": 999999999999 }, ".repeat(9)),
    );
    check(&file(&often), &["write.writes", "at most 9223372036854", "smaller numbers"]);
}

#[test]
fn values_that_do_not_fit_their_key() {
    let of = |kind: &str, value: &str| {
        keeping(&format!(r#""keys": [{{ "key": "x", "type": "{kind}", "value": {value} }}]"#))
    };
    check(
        &of("g_counter", "\"many\""),
        &["state.keys[0].value", "a number for a counter", "\"many\"", "write"],
    );
    check(&of("g_counter", "-1"), &["state.keys[0].value", "cannot go down", "pn_counter"]);
    check(&of("or_set", "3"), &["state.keys[0].value", "a list for a set", "found 3"]);
    check(&of("lww_map", "[1]"), &["state.keys[0].value", "an object for a map", "found [1]"]);
    check(&of("lww_register", "1e300"), &["state.keys[0].value", "below 10^12", "12.5"]);
    check(&of("pn_counter", "0.0000001"), &["state.keys[0].value", "at most six decimals"]);
    let deep = format!("{}1{}", "[".repeat(8), "]".repeat(8));
    check(
        &of("lww_register", &deep),
        &["state.keys[0].value", "more than 8 levels deep", "fewer lists"],
    );
    let large = format!("\"{}\"", "x".repeat(5_000));
    check(&of("lww_register", &large), &["state.keys[0].value", "at most 4096", "shorter"]);
}

#[test]
fn replicas_that_cannot_be() {
    let replicas = |replicas: &str| {
        let keys = r#"{ "key": "sum", "type": "g_counter" }, { "key": "x", "value": 1 }, { "key": "s", "strong": true }"#;
        keeping(&format!(r#""keys": [{keys}], "replicas": [{replicas}]"#))
    };
    let replica = |parts: &str| replicas(&format!(r#"{{ {parts} }}"#));
    let sum = r#""agent": "a-2", "key": "sum", "value": 4"#;
    check(
        &replica(r#""agent": "a-9", "key": "sum", "value": 4"#),
        &["state.replicas[0].agent", "\"a-9\""],
    );
    let coordinator = replica(r#""agent": "coordinator", "key": "sum", "value": 4"#);
    check(&coordinator, &["state.replicas[0].agent", "a member", "holds nothing"]);
    check(
        &replica(r#""agent": "a-2", "key": "sun", "value": 4"#),
        &["state.replicas[0].key", "found \"sun\"", "did you mean \"sum\"?"],
    );
    check(&replica(r#""agent": "a-2", "key": "sum""#), &["state.replicas[0].value", "a value"]);
    check(
        &replica(r#""agent": "a-2", "key": "sum", "value": "x""#),
        &["state.replicas[0].value", "a number for a counter", "found \"x\""],
    );
    check(
        &replica(r#""agent": "a-2", "key": "sum", "value": -1"#),
        &["state.replicas[0].value", "cannot go down", "of the type"],
    );
    check(&replica(&format!(r#"{sum}, "by": "b""#)), &["state.replicas[0].by", "\"b\""]);
    check(
        &replica(&format!(r#"{sum}, "clock": {{ "a-2": 1, "a-7": 1 }}"#)),
        &["state.replicas[0].clock.a-7", "\"a-7\"", "did you mean"],
    );
    check(
        &replica(&format!(r#"{sum}, "clock": {{ "a-1": 1 }}"#)),
        &[
            "state.replicas[0].clock",
            "an entry of who wrote it",
            "found none of a-1",
            "count the write itself",
        ],
    );
    check(
        &replica(r#""agent": "a-2", "key": "x", "value": 4, "version": 1"#),
        &[
            "state.replicas[0].version",
            "goes forward",
            "version 1, after version 1",
            "count versions up",
        ],
    );
    let one = r#"{ "agent": "a-2", "key": "sum", "value": 4, "clock": { "a-2": 3 } }"#;
    let other =
        r#"{ "agent": "a-2", "key": "x", "value": 4, "version": 2, "clock": { "a-2": 3 } }"#;
    check(
        &replicas(&format!("{one}, {other}")),
        &["state.replicas[1].clock", "write 3 of a-2 for two keys", "a number of its own"],
    );
    let other =
        r#"{ "agent": "a-3", "by": "a-2", "key": "sum", "value": 5, "clock": { "a-2": 3 } }"#;
    check(
        &replicas(&format!("{one}, {other}")),
        &["state.replicas[1].clock", "write 3 of a-2 for two values"],
    );
    // A value that all hold was written by the first agent.
    let first = r#""agent": "a-1", "key": "sum", "value": 4, "clock": { "a-1": 1 }"#;
    check(&replica(first), &["state.replicas[0].clock", "write 1 of a-1 for two keys"]);
    check(
        &replica(r#""agent": "a-2", "key": "s", "value": 4"#),
        &["state.replicas[0].key", "not strong", "in state.keys"],
    );
}

#[test]
fn writes_that_mean_nothing() {
    let keys = r#"{ "key": "sum", "type": "g_counter" }, { "key": "tags", "type": "or_set" }, { "key": "x" },
                  { "key": "lock", "strong": true }"#;
    let fault = |fault: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a", "count": 3 }}], "state": {{ "keys": [{keys}] }},
               "faults": [{{ "at_ms": 5, "do": {fault} }}]"#
        ))
    };
    let write = |parts: &str| {
        fault(&format!(r#"{{ "write": {{ "agent": "a-1", "writes": [{{ {parts} }}] }} }}"#))
    };
    let path = "faults[0].do.write.writes[0]";
    check(
        &write(r#""key": "tag", "insert": 1"#),
        &[&format!("{path}.key"), "\"tag\"", "did you mean \"tags\"?"],
    );
    check(&write(r#""key": "sum""#), &[path, "one of set, add", "found none", "\"add\": 1"]);
    check(&write(r#""key": "sum", "insert": 1"#), &[path, "no operation insert", "it has add"]);
    check(&write(r#""key": "sum", "add": -1"#), &[path, "cannot go down", "pn_counter"]);
    check(&write(r#""key": "sum", "add": 1e15"#), &[path, "below 10^12"]);
    check(&write(r#""key": "tags", "add": 1"#), &[path, "no operation add", "insert and remove"]);
    check(&write(r#""key": "x", "add": 1"#), &[path, "no type", "give it a type"]);
    check(
        &write(r#""key": "lock", "add": 1"#),
        &[path, "set for a strong key", "found add", "use set"],
    );
    check(
        &write(r#""key": "x", "set": 1, "expects": 2"#),
        &[&format!("{path}.expects"), "not strong", "leave it out"],
    );
    let several = write(r#""key": "lock", "set": 1, "add": 1"#);
    check(&several, &[path, "one write of a strong key", "one after the other"]);
    let deep = format!(r#""key": "tags", "insert": {}1{}"#, "[".repeat(8), "]".repeat(8));
    check(&write(&deep), &[&format!("{path}.insert"), "more than 8 levels"]);
    let large = format!(r#""key": "x", "set": "{}""#, "x".repeat(5_000));
    check(&write(&large), &[&format!("{path}.set"), "at most 4096"]);
    let nothing = fault(r#"{ "write": { "agent": "a-1", "writes": [] } }"#);
    check(&nothing, &["faults[0].do.write.writes", "at least one write", "found none"]);
    for (what, path) in [
        (
            r#"{ "write": { "agent": "coordinator", "writes": [{ "key": "x", "set": 1 }] } }"#,
            "write.agent",
        ),
        (r#"{ "clear": { "agent": "coordinator" } }"#, "clear.agent"),
        (r#"{ "sync": { "agent": "coordinator" } }"#, "sync.agent"),
        (r#"{ "sync": { "agent": "a-1", "with": "coordinator" } }"#, "sync.with"),
        (r#"{ "read": { "agent": "coordinator", "key": "lock" } }"#, "read.agent"),
    ] {
        let path = format!("faults[0].do.{path}");
        check(&fault(what), &[&path, "a member of the swarm", "holds nothing"]);
    }
    let itself = fault(r#"{ "sync": { "agent": "a-1", "with": "a-1" } }"#);
    check(&itself, &["faults[0].do.sync.with", "another agent", "itself", "leave it out for all"]);
    let kind = fault(r#"{ "sync": { "agent": "a-1", "kind": "half" } }"#);
    check(&kind, &["faults[0].do.sync.kind", "delta, full, query", "\"half\""]);
    check(
        &fault(r#"{ "clear": { "agent": "a-1", "keys": ["y"] } }"#),
        &["faults[0].do.clear.keys", "\"y\""],
    );
    let strong = fault(r#"{ "clear": { "agent": "a-1", "keys": ["lock"] } }"#);
    check(&strong, &["faults[0].do.clear.keys", "strong", "write null"]);
    let plain = fault(r#"{ "read": { "agent": "a-1", "key": "x" } }"#);
    check(&plain, &["faults[0].do.read.key", "a strong key", "\"x\"", "sync"]);
    let strategy = fault(r#"{ "set_strategy": { "strategy": "crtd" } }"#);
    check(&strategy, &["faults[0].do.set_strategy.strategy", "did you mean \"crdt\"?"]);
    let without = with(
        r#""agents": [{ "id": "a" }], "faults": [{ "at_ms": 5, "do": { "clear": { "agent": "a" } } }]"#,
    );
    check(&without, &["faults[0].do.clear", "a scenario that keeps something", "state.keys"]);
}

#[test]
fn what_cannot_follow_an_approval() {
    let follow = |parts: &str| {
        keeping(&format!(
            r#""keys": [{{ "key": "x" }}], "on_approval": [{{ {parts} }}] }},
               "proposals": [{{ "id": "release" }}], "topology": {{ "kind": "mesh""#
        ))
    };
    let step = r#""steps": [{ "writes": [{ "key": "x", "set": 1 }] }]"#;
    let path = "at state.on_approval[0]";
    check(
        &follow(&format!(r#""proposal": "relase", "agent": "a-1", {step}"#)),
        &[&format!("{path}.proposal"), "the id of a proposal", "did you mean \"release\"?"],
    );
    check(
        &follow(&format!(r#""proposal": "release", "agent": "a-4", {step}"#)),
        &[&format!("{path}.agent"), "the id of an agent", "found \"a-4\""],
    );
    check(
        &follow(&format!(r#""proposal": "release", "agent": "coordinator", {step}"#)),
        &[&format!("{path}.agent"), "a member of the swarm", "name a member"],
    );
    let facts = |facts: &str| {
        follow(&format!(
            r#""proposal": "release", "agent": "a-1", "steps": [{{ "facts": {facts} }}]"#
        ))
    };
    check(
        &facts(r#"{ "x": "voter" }"#),
        &[
            &format!("{path}.steps[0].facts.x"),
            "something about the decision",
            "did you mean \"voters\"?",
        ],
    );
    check(&facts(r#"{ "y": "voters" }"#), &[&format!("{path}.steps[0].facts.y"), "\"y\""]);
    check(
        &follow(&format!(r#""proposal": "release", "agent": "a-1", "every_ms": -1, {step}"#)),
        &[&format!("{path}.every_ms"), "-1"],
    );
    let steps = |steps: &str| {
        follow(&format!(r#""proposal": "release", "agent": "a-1", "steps": [{steps}]"#))
    };
    check(&steps(""), &[&format!("{path}.steps"), "1 to 1000 steps", "0 steps", "progress"]);
    check(&steps("{}"), &[&format!("{path}.steps[0]"), "writes, facts or sync", "none of them"]);
    check(
        &steps(r#"{ "writes": [{ "key": "y", "set": 1 }] }"#),
        &[&format!("{path}.steps[0].writes[0].key"), "the name of a key", "found \"y\""],
    );
    check(
        &steps(r#"{ "writes": [{ "key": "x", "add": 1 }] }"#),
        &[&format!("{path}.steps[0].writes[0].key"), "what its type takes"],
    );
    check(&steps(r#"{ "sync": "detla" }"#), &[&format!("{path}.steps[0].sync"), "\"delta\""]);
}
