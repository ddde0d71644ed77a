//! Every number of a file has a range; both ends are taken and nothing beyond.

use swarmglass_engine::scenario::Scenario;

use super::{check, with};

const AGENTS: &str = r#""agents": [{ "id": "a", "count": 4, "skills": ["s"] }]"#;

/// A file with `number` in place of the `@`, where it is one of the scenario.
fn file(parts: &str, number: &str) -> String {
    let agents = if parts.contains("\"agents\"") { String::new() } else { format!("{AGENTS}, ") };
    with(&format!("{agents}{}", parts.replace('@', number)))
}

fn check_taken(text: &str) {
    if let Err(error) = Scenario::parse(text, "my.json") {
        panic!("{error}\n{text}");
    }
}

const MOST_MS: &str = "8640000000";
const BEYOND_MS: &str = "8640000000.001";

/// Where a number stands, and then below its range, at its two ends, and beyond.
type Row = (&'static str, [&'static str; 4]);

const TIME: [&str; 4] = ["-0.001", "0", MOST_MS, BEYOND_MS];
/// A duration, which cannot be zero.
const SPAN: [&str; 4] = ["0", "0.001", MOST_MS, BEYOND_MS];
const SHARE: [&str; 4] = ["-0.000001", "0", "1", "1.000001"];
const THRESHOLD: [&str; 4] = ["0.509999", "0.51", "1", "1.000001"];
const WEIGHT: [&str; 4] = ["0", "0.001", "1000000", "1000000.001"];
const WHOLE_32: [&str; 4] = ["0", "1", "4294967295", "4294967296"];
const WHOLE_64: [&str; 4] = ["0", "1", "18446744073709551615", "18446744073709551616"];
const FROM_0_64: [&str; 4] = ["-1", "0", "18446744073709551615", "18446744073709551616"];
const COUNT: [&str; 4] = ["-1", "1", "1000000000", "1000000001"];
const VALUE: [&str; 4] = ["-1e12", "-999999999999", "999999999999.999", "1e12"];

const OF_THE_SWARM: &[Row] = &[
    (r#""seed": @"#, FROM_0_64),
    (r#""ends_at_ms": @"#, TIME),
    (r#""inbox": @"#, WHOLE_32),
    (r#""topology": { "kind": "hierarchical", "branching": @ }"#, WHOLE_32),
    (r#""network": { "loss": @ }"#, SHARE),
    (r#""network": { "duplication": @ }"#, SHARE),
    (r#""network": { "bytes_per_second": @ }"#, WHOLE_64),
    (r#""network": { "latency_ms": { "fixed": @ } }"#, TIME),
    (r#""network": { "latency_ms": { "uniform": [@, 8640000000] } }"#, TIME),
    (r#""network": { "latency_ms": { "log_normal": { "median": @, "sigma": 1 } } }"#, TIME),
    (
        r#""network": { "latency_ms": { "log_normal": { "median": 1, "sigma": @ } } }"#,
        ["0", "0.001", "5", "5.001"],
    ),
    (r#""agents": [{ "id": "a", "count": @ }]"#, ["0", "1", "200000", "200001"]),
    (r#""agents": [{ "id": "a", "weight": @ }]"#, WEIGHT),
    (r#""agents": [{ "id": "a", "capacity": @ }]"#, ["-1", "0", "1000000000", "1000000001"]),
    (r#""agents": [{ "id": "a", "reputation": @ }]"#, ["-1", "0", "150", "151"]),
    (r#""agents": [{ "id": "a", "mind": { "chance": { "for": @ } } }]"#, SHARE),
    (r#""agents": [{ "id": "a", "mind": { "chance": { "for": 0, "against": @ } } }]"#, SHARE),
    (r#""agents": [{ "id": "a", "review_ms": [@, 8640000000] }]"#, TIME),
    (
        r#""agents": [{ "id": "a", "clock": { "offset_ms": @ } }]"#,
        ["-8640000000.001", "-8640000000", MOST_MS, BEYOND_MS],
    ),
    (
        r#""agents": [{ "id": "a", "clock": { "drift_ppm": @ } }]"#,
        ["-900001", "-900000", "900000", "900001"],
    ),
    (r#""faults": [{ "at_ms": @, "do": "heal" }]"#, TIME),
    (r#""faults": [{ "at_ms": 1, "do": { "drop_message": { "message": @ } } }]"#, FROM_0_64),
    (r#""faults": [{ "at_ms": 1, "do": { "duplicate_message": { "message": @ } } }]"#, FROM_0_64),
    (
        r#""faults": [{ "at_ms": 1, "do": { "delay_message": { "message": @, "by_ms": 1 } } }]"#,
        FROM_0_64,
    ),
    (
        r#""faults": [{ "at_ms": 1, "do": { "delay_message": { "message": 1, "by_ms": @ } } }]"#,
        TIME,
    ),
    (r#""faults": [{ "at_ms": 1, "do": { "set_network": { "link": { "loss": @ } } } }]"#, SHARE),
];

const OF_PROPOSALS: &[Row] = &[
    (r#""at_ms": @"#, TIME),
    (r#""algorithm": "quorum", "threshold": @"#, THRESHOLD),
    (r#""algorithm": "quorum", "share_of": "votes_cast", "min_participation": @"#, SHARE),
    (r#""algorithm": "byzantine", "byzantine": { "fault_tolerance": @ }"#, ["-1", "0", "1", "2"]),
    (r#""algorithm": "byzantine", "byzantine": { "rounds": @ }"#, ["2", "3", "20", "21"]),
    (
        r#""algorithm": "byzantine", "byzantine": { "round_ms": @ }"#,
        ["0.001", "0.002", MOST_MS, BEYOND_MS],
    ),
    (r#""algorithm": "gossip", "gossip": { "fanout": @ }"#, ["0", "1", "3", "4"]),
    (
        r#""algorithm": "gossip", "gossip": { "stop": { "rule": "coin", "feedback": true, "k": @ } }"#,
        ["0", "1", "5", "6"],
    ),
    (r#""algorithm": "gossip", "gossip": { "rounds": @ }"#, ["0", "1", "64", "65"]),
    (
        r#""algorithm": "gossip", "gossip": { "round_ms": @ }"#,
        ["0.001", "0.002", MOST_MS, BEYOND_MS],
    ),
    (r#""algorithm": "gossip", "gossip": { "convergence": @ }"#, THRESHOLD),
    (r#""algorithm": "gossip", "gossip": { "threshold": @ }"#, THRESHOLD),
    (r#""algorithm": "weighted", "domain_weights": { "d": @ }"#, WEIGHT),
    (r#""deadline_ms": @"#, SPAN),
    (r#""grace_ms": @"#, TIME),
    (r#""fields": { "f": @ }"#, VALUE),
];

const OF_STATE: &[Row] = &[
    (r#""keys": [{ "key": "k", "count": @ }]"#, ["0", "1", "20000", "20001"]),
    (r#""keys": [{ "key": "k", "value": @ }]"#, VALUE),
    (r#""keys": [{ "key": "k" }], "timeout_ms": @"#, SPAN),
    (r#""keys": [{ "key": "k" }], "horizon": @"#, ["-1", "0", "10000", "10001"]),
    (
        r#""keys": [{ "key": "k" }], "replicas": [{ "agent": "a-1", "key": "k", "value": 1, "version": @ }]"#,
        ["0", "1", "1000000000", "1000000001"],
    ),
    (
        r#""keys": [{ "key": "k" }], "replicas": [{ "agent": "a-1", "key": "k", "value": 1, "time_ms": @ }]"#,
        ["-8640000000.001", "-8640000000", MOST_MS, BEYOND_MS],
    ),
    (
        r#""keys": [{ "key": "k" }], "replicas": [{ "agent": "a-1", "key": "k", "value": 1, "clock": { "a-1": @ } }]"#,
        ["0", "1", "1000000000", "1000000001"],
    ),
];

const OF_WRITES: &[Row] = &[
    (r#""key": "strong", "set": 1, "expects": @"#, COUNT),
    (r#""key": "sum", "add": @"#, VALUE),
    (r#""key": "plain", "set": [@]"#, VALUE),
];

const OF_WORK: &[Row] = &[
    (r#""bid_window_ms": @"#, SPAN),
    (r#""lease_ms": @"#, SPAN),
    (r#""attempts": @"#, ["0", "1", "10", "11"]),
    (r#""progress": @"#, ["-1", "0", "100", "101"]),
    (r#""policy": { "reputation": @, "skill": 0, "load": 0 }"#, ["99", "100", "100", "101"]),
    (r#""tasks": [{ "id": "t", "count": @ }]"#, ["0", "1", "10000", "10001"]),
    (r#""tasks": [{ "id": "t", "priority": @ }]"#, ["0", "1", "10", "11"]),
    (r#""tasks": [{ "id": "t", "load": @ }]"#, ["0", "1", "1000000", "1000001"]),
    (r#""tasks": [{ "id": "t", "duration_ms": @ }]"#, SPAN),
    (
        r#""tasks": [{ "id": "t", "at_ms": 1, "deadline_ms": @ }]"#,
        ["1", "1.001", MOST_MS, BEYOND_MS],
    ),
    (r#""tasks": [{ "id": "t", "at_ms": @ }]"#, TIME),
    (
        r#""tasks": [{ "id": "t", "count": 3, "every_ms": @ }]"#,
        ["-1", "0", "4320000000", "4320000000.001"],
    ),
    (r#""tasks": [{ "id": "t", "count": 2001, "load": @ }]"#, ["0", "1", "999500", "999501"]),
    (r#""tasks": [{ "id": "t", "data": { "d": @ } }]"#, VALUE),
];

const OF_WORKERS: &[Row] = &[
    (r#""speed": @"#, ["0", "0.001", "1000", "1000.001"]),
    (r#""fails": @"#, SHARE),
    (r#""quality": [@, 100]"#, ["-1", "0", "100", "101"]),
    (r#""takes_ms": { "s": @ }"#, SPAN),
    (r#""gives": { "cost": @ }"#, VALUE),
    (r#""gives_for": { "s": { "cost": @ } }"#, VALUE),
];

fn check_rows(rows: &[Row], place: impl Fn(&str) -> String) {
    for (parts, [below, least, most, beyond]) in rows {
        let parts = place(parts);
        check_taken(&file(&parts, least));
        check_taken(&file(&parts, most));
        for outside in [below, beyond] {
            check(&file(&parts, outside), &["expected"]);
        }
    }
}

#[test]
fn both_ends_of_a_range_are_taken_and_nothing_beyond() {
    check_rows(OF_THE_SWARM, str::to_owned);
    check_rows(OF_PROPOSALS, |parts| format!(r#""proposals": [{{ "id": "p", {parts} }}]"#));
    check_rows(OF_STATE, |parts| format!(r#""state": {{ {parts} }}"#));
    check_rows(OF_WRITES, |parts| {
        let keys = r#"[{ "key": "plain" }, { "key": "sum", "type": "pn_counter" }, { "key": "strong", "strong": true }]"#;
        format!(
            r#""state": {{ "keys": {keys} }},
               "faults": [{{ "at_ms": 1, "do": {{ "write": {{ "agent": "a-1", "writes": [{{ {parts} }}] }} }} }}]"#
        )
    });
    check_rows(OF_WORK, |parts| format!(r#""work": {{ {parts} }}"#));
    check_rows(OF_WORKERS, |parts| {
        format!(
            r#""agents": [{{ "id": "a", "skills": ["s"], "work": {{ {parts} }} }}], "work": {{}}"#
        )
    });
}

#[test]
fn a_whole_number_may_be_written_with_a_point_or_an_exponent() {
    for (number, same) in [("7.0", "7"), ("1e3", "1000"), ("-0", "0"), ("12e-1", ""), ("1e-1", "")]
    {
        let text = file(r#""seed": @"#, number);
        if same.is_empty() {
            check(&text, &["at seed", "a whole number from 0 to 18446744073709551615", number]);
        } else {
            let seed = Scenario::parse(&text, "my.json").unwrap().file.seed;
            assert_eq!(seed.to_string(), same);
        }
    }
    let exact = file(r#""seed": @"#, "9007199254740993.0");
    assert_eq!(Scenario::parse(&exact, "my.json").unwrap().file.seed, 9_007_199_254_740_993);
    check(&file(r#""seed": @"#, "1e400"), &["at seed", "found 1e400"]);
    check(&file(r#""seed": @"#, "-1e3"), &["at seed", "found -1e3"]);
    check_taken(
        &with(&format!("{AGENTS}, \"inbox\": 1e1")).replace("\"format\": 1", "\"format\": 1.0"),
    );
}

#[test]
fn a_number_is_taken_exactly_or_not_at_all() {
    let ends = |number: &str| file(r#""ends_at_ms": @"#, number);
    check_taken(&ends("1.5e3"));
    check_taken(&ends("0.1000000000000000000"));
    check(&ends("8639999999.9999999"), &["at ends_at_ms", "at most 15 digits", "round it"]);
    check(&ends("0.30000000000000004"), &["at ends_at_ms", "at most 15 digits"]);
    for none in ["1e400", "1e-400"] {
        check(&ends(none), &["at ends_at_ms", "a number", none]);
    }
    let value = |number: &str| file(r#""state": { "keys": [{ "key": "k", "value": @ }] }"#, number);
    check(&value("123456789012.123456"), &["state.keys[0].value", "at most 15 digits"]);
}

#[test]
fn what_agents_count_fits_when_it_is_added_up() {
    let writes = |count: usize| {
        let write = |agent: usize| {
            format!(
                r#"{{ "at_ms": 1, "do": {{ "write": {{ "agent": "a-{}", "writes": [{{ "key": "k", "add": 9e11 }}] }} }} }}"#,
                agent % 4 + 1
            )
        };
        let writes: Vec<String> = (0..count).map(write).collect();
        let keys = r#"{ "key": "k", "type": "g_counter" }"#;
        with(&format!(
            r#"{AGENTS}, "state": {{ "keys": [{keys}] }}, "faults": [{}]"#,
            writes.join(",")
        ))
    };
    check_taken(&writes(10));
    let expected = ["faults[10].do.write.writes", "at most 9223372036854 in all writes to k"];
    check(&writes(11), &expected);
}

#[test]
fn what_is_set_fits_when_a_change_of_strategy_has_it_added_up() {
    let file = |sets: usize, strategies: &[(u64, &str)]| {
        let write = |number: usize| {
            format!(
                r#"{{ "at_ms": 10, "do": {{ "write": {{ "agent": "a-{}", "writes": [{{ "key": "k", "set": 9e11 }}] }} }} }}"#,
                number % 4 + 1
            )
        };
        let change = |(at_ms, strategy): &(u64, &str)| {
            format!(
                r#"{{ "at_ms": {at_ms}, "do": {{ "set_strategy": {{ "strategy": "{strategy}" }} }} }}"#
            )
        };
        let faults = (0..sets).map(write).chain(strategies.iter().map(change));
        let faults = faults.collect::<Vec<_>>().join(",");
        with(&format!(
            r#"{AGENTS}, "state": {{ "keys": [{{ "key": "k" }}, {{ "key": "s", "strong": true }}] }}, "faults": [{faults}]"#
        ))
    };
    let most = "at most 9223372036854 in all writes to k";
    // The last write wins: nothing is added up.
    check_taken(&file(11, &[]));
    check_taken(&file(11, &[(20, "vector_clock")]));
    check_taken(&file(10, &[(20, "crdt")]));
    // Turned before the writes or after them.
    check(
        &file(11, &[(20, "crdt")]),
        &["faults[11].do.set_strategy.keys", most, "found 9900000000000"],
    );
    check(&file(11, &[(1, "crdt")]), &["faults[10].do.write.writes", most]);
    // A key whose writes have been added up once stays so.
    check(&file(11, &[(1, "crdt"), (2, "last_write_wins")]), &["faults[10].do.write.writes", most]);
}
