//! Names are 1 to 64 characters, which are seen and leave the text around them alone.

use swarmglass_engine::scenario::{Scenario, ScenarioError};

use super::with;

/// Where a name stands, as `@`, and the path that is told.
const PLACES: &[(&str, &str)] = &[
    (r#""agents": [{ "id": "@" }]"#, "agents[0].id"),
    (r#""agents": [{ "id": "a", "role": "@" }]"#, "agents[0].role"),
    (r#""agents": [{ "id": "a", "skills": ["x", "@"] }]"#, "agents[0].skills[1]"),
    (r#""agents": [{ "id": "a", "domains": ["@"] }]"#, "agents[0].domains[0]"),
    (r#""templates": { "@": {} }, "agents": [{ "id": "a" }]"#, "templates"),
    (
        r#""templates": { "t": { "skills": ["@"] } }, "agents": [{ "id": "a" }]"#,
        "templates.t.skills[0]",
    ),
    (r#""agents": [{ "id": "a" }], "proposals": [{ "id": "@" }]"#, "proposals[0].id"),
    (
        r#""agents": [{ "id": "a" }], "proposals": [{ "id": "p", "fields": { "@": 1 } }]"#,
        "proposals[0].fields",
    ),
    (
        r#""agents": [{ "id": "a" }], "proposals": [{ "id": "p", "algorithm": "weighted", "domain_weights": { "@": 1 } }]"#,
        "proposals[0].domain_weights",
    ),
    (
        r#""agents": [{ "id": "a" }], "proposals": [{ "id": "p", "algorithm": "federated", "options": ["x", "@"] }]"#,
        "proposals[0].options[1]",
    ),
    (
        r#""agents": [{ "id": "a" }], "pipeline": [{ "id": "@", "proposal": { "id": "p" } }]"#,
        "pipeline[0].id",
    ),
    (
        r#""agents": [{ "id": "a" }], "pipeline": [{ "id": "s", "proposal": { "id": "@" } }]"#,
        "pipeline[0].proposal.id",
    ),
    (r#""agents": [{ "id": "a" }], "work": { "tasks": [{ "id": "@" }] }"#, "work.tasks[0].id"),
    (
        r#""agents": [{ "id": "a" }], "work": { "tasks": [{ "id": "t", "type": "@" }] }"#,
        "work.tasks[0].type",
    ),
    (
        r#""agents": [{ "id": "a" }], "work": { "tasks": [{ "id": "t", "domain": "@" }] }"#,
        "work.tasks[0].domain",
    ),
    (
        r#""agents": [{ "id": "a" }], "faults": [{ "at_ms": 1, "do": { "spawn": { "agent": { "id": "@" } } } }]"#,
        "faults[0].do.spawn.agent.id",
    ),
    (
        r#""agents": [{ "id": "a" }], "faults": [{ "at_ms": 1, "do": { "propose": { "proposal": { "id": "@" } } } }]"#,
        "faults[0].do.propose.proposal.id",
    ),
    (
        r#""agents": [{ "id": "a" }], "work": {}, "faults": [{ "at_ms": 1, "do": { "set_work": { "agent": "a", "skills": ["@"] } } }]"#,
        "faults[0].do.set_work.skills[0]",
    ),
];

fn parse(place: &str, name: &str) -> Result<Scenario, ScenarioError> {
    // Escaped as JSON, control characters too.
    let name = serde_json::Value::from(name).to_string();
    Scenario::parse(&with(&place.replace("\"@\"", &name)), "my.json")
}

#[test]
fn a_name_of_sixty_four_characters_is_one_in_any_writing() {
    let ideographs = "字".repeat(25);
    let longest = "字".repeat(64);
    for (place, path) in PLACES {
        for name in ["x1", &ideographs, &longest] {
            if let Err(error) = parse(place, name) {
                panic!("{path}: {error}");
            }
        }
    }
}

#[test]
fn what_is_no_name_is_refused_where_it_stands_and_not_repeated_raw() {
    let long = "字".repeat(65);
    for (place, path) in PLACES {
        for (name, expected) in [
            ("", "1 to 64 characters"),
            ("\u{200b}\u{2060}", "invisible"),
            (long.as_str(), "1 to 64 characters"),
            ("a\u{1b}[2Jb", "without control characters"),
            ("a\u{0}", "without control characters"),
            ("two\nlines", "turn or break the line"),
            ("a\u{202e}b", "turn or break the line"),
        ] {
            let error = match parse(place, name) {
                Ok(_) => panic!("{path} takes {name:?}"),
                Err(error) => error.to_string(),
            };
            assert!(error.contains(&format!("at {path}: ")), "{path}: {error}");
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains(|c: char| c.is_control() || c == '\u{202e}'), "{error:?}");
        }
    }
}

#[test]
fn the_numbers_behind_names_count_too() {
    let long = "x".repeat(62);
    for place in [
        r#""agents": [{ "id": "@", "count": 12 }]"#,
        r#""agents": [{ "id": "a" }], "work": { "tasks": [{ "id": "@", "count": 12 }] }"#,
        r#""agents": [{ "id": "a" }], "state": { "keys": [{ "key": "@", "count": 12 }] }"#,
    ] {
        let error = parse(place, &long).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("a number stands behind it"), "{error}");
        assert!(parse(place, &long[..61]).is_ok(), "{place}");
    }
}

#[test]
fn an_error_never_repeats_a_files_text_raw() {
    for text in [
        with("\"agents\": [{ \"id\": \"a\", \"\\u001b[31m\": 1 }]"),
        with("\"agents\": [{ \"id\": \"a\", \"mind\": \"\\u001b\" }]"),
        with("\"agents\": [{ \"id\": \"a\", \"work\": { \"gives\": { \"\\u001b\": 1e300 } } }]"),
        with(
            "\"agents\": [{ \"id\": \"a\" }], \"state\": { \"keys\": [{ \"key\": \"\\u202e\" }] }",
        ),
        with("\"agents\": [\u{1b}"),
        "\u{202e}".to_owned(),
    ] {
        let error = Scenario::parse(&text, "\u{1b}[31m\u{202e}.json").map(|_| ()).unwrap_err();
        let error = error.to_string();
        assert!(!error.contains(|c: char| c.is_control() || c == '\u{202e}'), "{error:?}");
    }
}
