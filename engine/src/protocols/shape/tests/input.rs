//! Everything that is wrong with the section or an act is told with its place, what was expected and found, and the repair.

use super::swarm::{at, scenario};
use crate::protocols::shape::rule::Limits;
use crate::scenario::{Scenario, gallery};
use crate::view::settings::{settings, with};
use serde_json::json;

/// A section and an act; the problem has all these parts.
fn check(section: &str, act: &str, expected: &[&str]) {
    let agents = r#""agents": [{ "id": "a" }, { "id": "b" }]"#;
    let faults = format!(r#""faults": [{{ "at_ms": 9, "do": {act} }}]"#);
    let text = format!(
        r#"{{ "format": 1, "name": "x", "title": "X", {agents}, "ends_at_ms": 9000000, "shape": {section}, {faults} }}"#
    );
    let error = Scenario::parse(&text, "x.json").expect_err(&text).to_string();
    for part in expected {
        assert!(error.contains(part), "{error}\nlacks {part:?}");
    }
}

const ACT: &str = r#""heal""#;

#[test]
fn the_rules_are_told() {
    check(r#"{ "decider": "c" }"#, ACT, &["at shape.decider", "found \"c\"", "name one"]);
    check(r#"{ "decider": "coordinator" }"#, ACT, &["at shape.decider", "found \"coordinator\""]);
    for field in ["mesh_max", "load_max", "hold"] {
        let place = format!("at shape.{field}");
        let section = format!(r#"{{ "{field}": 0 }}"#);
        check(&section, ACT, &[&place, "expected 1 to", "found 0", "write for example"]);
        let section = format!(r#"{{ "{field}": -3 }}"#);
        check(&section, ACT, &[&place, "found -3"]);
    }
    for field in ["detour_max_ms", "measure_ms", "patience_ms"] {
        let place = format!("at shape.{field}");
        let section = format!(r#"{{ "{field}": 0 }}"#);
        check(&section, ACT, &[&place, "expected more than 0", "found 0", "or leave it out"]);
    }
    check(r#"{ "band_percent": 401 }"#, ACT, &["at shape.band_percent", "0 to 400"]);
    check(r#"{ "measure_ms": 0.001 }"#, ACT, &["at shape.measure_ms", "9 or more"]);
    check(r#"{ "mesh_mx": 9 }"#, ACT, &["at shape.mesh_mx", "did you mean \"mesh_max\"?"]);
}

#[test]
fn acts_are_checked() {
    let cube = r#"{ "reshape": { "to": "cube" } }"#;
    check("{}", cube, &["at faults[0].do.reshape.to", "found \"cube\""]);
    let much = r#"{ "chatter": { "per_second": 1001 } }"#;
    check("{}", much, &["at faults[0].do.chatter.per_second", "0 to 1000", "found 1001"]);
    let text = r#"{ "format": 1, "name": "x", "title": "X", "agents": [{ "id": "a" }],
        "faults": [{ "at_ms": 1, "do": { "reshape": { "to": "ring" } } }] }"#;
    let error = Scenario::parse(text, "x.json").expect_err("there is no section").to_string();
    assert!(
        error.contains("at faults[0].do.reshape") && error.contains("add \"shape\""),
        "{error}"
    );
}

#[test]
fn the_coordinator_decides_where_there_is_one() {
    let led = scenario(3, &json!({}), &[], &json!({ "coordinator": true }));
    let own = scenario(3, &json!({ "decider": "a2" }), &[at(9, json!("heal"))], &json!({}));
    let decider = |scenario: &Scenario| scenario.rooms.shape.as_ref().unwrap().rules.decider.0;
    assert_eq!((decider(&led), decider(&own)), (3, 2));
}

#[test]
fn a_person_sets_the_thresholds() {
    let scenario =
        gallery::find("topology-adapts").and_then(gallery::Entry::scenario).expect("it is there");
    let told: Vec<(&str, String)> =
        settings(&scenario).into_iter().map(|it| (it.id, it.words)).collect();
    for (id, words) in [
        ("shape-mesh", "8 agents"),
        ("shape-load", "30 messages/s"),
        ("shape-band", "20 %"),
        ("shape-hold", "3"),
    ] {
        assert!(told.iter().any(|it| (it.0, it.1.as_str()) == (id, words)), "{told:?}");
    }
    let mut changed = scenario;
    for (id, value) in
        [("shape-mesh", 20), ("shape-load", 100), ("shape-band", 0), ("shape-hold", 1)]
    {
        changed = with(&changed, id, value).expect("it is on its scale");
    }
    let rules = changed.rooms.shape.expect("its part").rules;
    let limits = Limits { mesh_max: 20, load_max: 100, detour_max_us: 200_000, band_percent: 0 };
    assert_eq!((rules.limits, rules.hold), (limits, 1));
}
