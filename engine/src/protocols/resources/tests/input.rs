//! Everything that is wrong with a section or an act is told with its place, what was expected and found, and the repair.

use crate::scenario::Scenario;
use crate::scenario::gallery;
use crate::view::settings::{settings, with};

/// A section in which one text is replaced by another: the problem has all these parts.
fn check(from: &str, to: &str, expected: &[&str]) {
    let section = r#""resources": {
        "keeper": "k", "lease_ms": 2000, "drift_ms": 50, "deadlock": "none", "ageing_ms": 500,
        "stock": [{ "id": "gpu", "kind": "compute", "capacity": 4 }, { "id": "disk", "kind": "storage", "capacity": 1 }],
        "demands": [{ "agent": "a", "at_ms": 100, "priority": 5, "hold_ms": 800, "times": 3, "every_ms": 900,
            "takes": [{ "resource": "gpu", "amount": 2 }], "gives": [{ "resource": "gpu", "amount": 1, "after_ms": 100 }] }] }"#;
    let act = r#""faults": [{ "at_ms": 9, "do": { "request_resource": { "agent": "a", "resource": "disk", "amount": 1 } } },
        { "at_ms": 99, "do": { "release_resource": { "agent": "a", "resource": "disk", "amount": 1 } } }]"#;
    let agents = r#""agents": [{ "id": "k" }, { "id": "a" }]"#;
    let text =
        format!(r#"{{ "format": 1, "name": "x", "title": "X", {agents}, {section}, {act} }}"#);
    assert!(
        Scenario::parse(&text, "x.json").is_ok(),
        "{:?}",
        Scenario::parse(&text, "x.json").err()
    );
    let wrong = text.replacen(from, to, 1);
    assert_ne!(wrong, text, "{from} is there");
    let error = Scenario::parse(&wrong, "x.json").expect_err(&wrong).to_string();
    for part in expected {
        assert!(error.contains(part), "{error}\nlacks {part:?}");
    }
}

#[test]
fn the_rules_are_told() {
    check(r#""keeper": "k""#, r#""keeper": "kk""#, &["at resources.keeper", "found \"kk\""]);
    let of_lease = ["at resources.lease_ms", "more than twice the drift of 50 ms", "found 100"];
    check(r#""lease_ms": 2000"#, r#""lease_ms": 100"#, &of_lease);
    let of_policy = ["at resources.deadlock", "did you mean \"ordered\"?"];
    check(r#""deadlock": "none""#, r#""deadlock": "orderd""#, &of_policy);
    check(r#""ageing_ms": 500"#, r#""ageing_ms": 0"#, &["at resources.ageing_ms", "more than 0"]);
}

#[test]
fn the_stock_is_checked() {
    let of_capacity = ["at resources.stock[0].capacity", "at least one unit"];
    check(r#""capacity": 4"#, r#""capacity": 0"#, &[of_capacity[0], "found 0", of_capacity[1]]);
    check(r#""capacity": 4"#, r#""capacity": -1"#, &["at resources.stock[0].capacity", "found -1"]);
    check(r#""capacity": 4"#, r#""capacity": 1.5"#, &["at resources.stock[0].capacity", "1.5"]);
    let of_kind = ["at resources.stock[0].kind", "did you mean \"compute\"?"];
    check(r#""compute""#, r#""conpute""#, &of_kind);
    let again = ["at resources.stock[1].id", "each resource once", "found \"gpu\" again"];
    check(r#""id": "disk""#, r#""id": "gpu""#, &again);
}

#[test]
fn demands_are_checked() {
    let of_keeper = ["at resources.demands[0].agent", "an agent beside the keeper", "found \"k\""];
    check(r#""agent": "a", "at_ms": 100"#, r#""agent": "k", "at_ms": 100"#, &of_keeper);
    let nobody = ["at resources.demands[0].agent", "found \"b\""];
    check(r#""agent": "a", "at_ms": 100"#, r#""agent": "b", "at_ms": 100"#, &nobody);
    let of_resource = [
        "at resources.demands[0].takes[0].resource",
        "take one of gpu, disk",
        "did you mean \"gpu\"?",
    ];
    check(r#""takes": [{ "resource": "gpu""#, r#""takes": [{ "resource": "gpuu""#, &of_resource);
    let too_much =
        ["at resources.demands[0].takes[0].amount", "1 to 4", "found 5", "raise its capacity"];
    check(r#""amount": 2"#, r#""amount": 5"#, &too_much);
    let of_gives = ["at resources.demands[0].gives[0].amount", "at most the 2", "found 3"];
    check(r#""amount": 1, "after_ms""#, r#""amount": 3, "after_ms""#, &of_gives);
    let late = ["at resources.demands[0].gives[0].after_ms", "less than hold_ms", "found 800"];
    check(r#""after_ms": 100"#, r#""after_ms": 800"#, &late);
    check(
        r#""priority": 5"#,
        r#""priority": 11"#,
        &["at resources.demands[0].priority", "1 to 10"],
    );
    check(r#", "every_ms": 900"#, "", &["at resources.demands[0].every_ms", "found nothing"]);
    check(
        r#""takes": [{ "resource": "gpu", "amount": 2 }]"#,
        r#""takes": []"#,
        &["at resources.demands[0].takes", "1 to 32"],
    );
}

#[test]
fn acts_are_checked_and_never_queued_for_ever() {
    let path = "at faults[0].do.request_resource";
    let request = r#""request_resource": { "agent": "a", "resource": "disk", "amount": 1"#;
    let of = |agent: &str, resource: &str, amount: u32| {
        format!(
            r#""request_resource": {{ "agent": "{agent}", "resource": "{resource}", "amount": {amount}"#
        )
    };
    check(request, &of("a", "disk", 2), &[&format!("{path}.amount"), "1 to 1", "found 2"]);
    check(request, &of("k", "disk", 1), &[&format!("{path}.agent"), "beside the keeper"]);
    check(request, &of("a", "dsk", 1), &[&format!("{path}.resource"), "did you mean \"disk\"?"]);
    let release = r#""release_resource": { "agent": "a", "resource": "disk", "amount": 1"#;
    let none = r#""release_resource": { "agent": "a", "resource": "disk", "amount": 0"#;
    check(release, none, &["at faults[1].do.release_resource.amount", "1 or more"]);
}

#[test]
fn an_act_needs_a_keeper() {
    let text = r#"{ "format": 1, "name": "x", "title": "X", "agents": [{ "id": "a" }],
        "faults": [{ "at_ms": 1, "do": { "request_resource": { "agent": "a", "resource": "gpu", "amount": 1 } } }] }"#;
    let error = Scenario::parse(text, "x.json").expect_err("nothing is kept").to_string();
    assert!(error.contains("a scenario that has resources"), "{error}");
}

#[test]
fn a_person_sets_lease_policy_and_ageing() {
    let scenario =
        gallery::find("deadlock").and_then(gallery::Entry::scenario).expect("it is there");
    let told: Vec<(&str, String)> =
        settings(&scenario).into_iter().map(|it| (it.id, it.words)).collect();
    let expected = [
        ("resource-lease", "2000 ms"),
        ("resource-deadlock", "only shown"),
        ("resource-ageing", "0 ms"),
    ];
    for (id, words) in expected {
        assert!(told.iter().any(|it| (it.0, it.1.as_str()) == (id, words)), "{told:?}");
    }
    let changed = with(&scenario, "resource-deadlock", 2).expect("it is on its scale");
    let changed = with(&changed, "resource-ageing", 500).expect("it is on its scale");
    let told: Vec<String> = settings(&changed).into_iter().map(|it| it.words).collect();
    assert!(told.contains(&"ordered requests".to_owned()), "{told:?}");
    assert!(told.contains(&"500 ms".to_owned()), "{told:?}");
}
