//! The reader and the types it fills must not drift apart: serde derives a reader from the types
//! (and the schema from the same attributes), and the two have to agree on every file.

use serde_json::{Value, json};

use super::{ScenarioFile, read};
use crate::scenario::gallery;
use crate::scenario::json::parse;

/// A file in which each field and each choice appears.
const EVERY_FIELD: &str = include_str!("every_field.json");

fn ours(text: &str) -> Option<ScenarioFile> {
    read(&parse(text).ok()?).ok()
}

fn check_alike(text: &str) {
    assert_eq!(ours(text), serde_json::from_str(text).ok(), "{text}");
}

#[test]
fn files_are_read_as_the_types_say() {
    for text in gallery::all().iter().map(|entry| entry.json).chain([EVERY_FIELD]) {
        let problem = read(&parse(text).unwrap()).err();
        assert_eq!(problem, None);
        check_alike(text);
    }
}

#[test]
fn what_is_written_is_read_again() {
    let file: ScenarioFile = serde_json::from_str(EVERY_FIELD).unwrap();
    let written = serde_json::to_string(&file).unwrap();
    assert_eq!(ours(&written), Some(file));
}

/// Every value in the file, as a JSON pointer.
fn places(value: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                self::places(item, &format!("{at}/{number}"), places);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                self::places(field, &format!("{at}/{name}"), places);
            }
        }
        _ => {}
    }
}

#[test]
fn one_wrong_value_anywhere_is_refused_as_the_types_say() {
    let file: Value = serde_json::from_str(EVERY_FIELD).unwrap();
    let mut all = Vec::new();
    places(&file, "", &mut all);
    assert!(all.len() > 200);
    let others = json!([null, true, 0, 1, -1, 2.5, 4294967296u64, "x", "for", [], [1, 2], {}]);
    let check_with = |place: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = file.clone();
        change(changed.pointer_mut(place).unwrap());
        check_alike(&changed.to_string());
    };
    for place in &all {
        let is_object = file.pointer(place).is_some_and(Value::is_object);
        for other in others.as_array().unwrap() {
            // Serde takes a list for an object whose names were left out; we refuse it.
            if !(is_object && other.is_array()) {
                check_with(place, &|value| *value = other.clone());
            }
        }
        let Some(fields) = file.pointer(place).and_then(Value::as_object) else { continue };
        for name in fields.keys() {
            check_with(place, &|value| {
                value.as_object_mut().unwrap().remove(name);
            });
        }
        check_with(place, &|value| value["zed"] = json!({}));
    }
}

/// Whose fields have names of one's own, and those of which `null` is a value like others.
const NAMED_FREELY: [&str; 11] = [
    "templates",
    "domain_weights",
    "fields",
    "takes_ms",
    "gives",
    "gives_for",
    "data",
    "value",
    "set",
    "put",
    "clock",
];

#[test]
fn null_is_the_same_as_leaving_a_field_out() {
    let file: Value = serde_json::from_str(EVERY_FIELD).unwrap();
    let mut all = Vec::new();
    places(&file, "", &mut all);
    let mut optional = 0;
    for place in &all {
        let Some((of, name)) = place.rsplit_once('/') else { continue };
        let is_named_freely = of.split('/').any(|part| NAMED_FREELY.contains(&part));
        let is_agents_clock = of.ends_with("/clock") && matches!(name, "offset_ms" | "drift_ppm");
        let is_value = match name {
            "set" | "insert" | "remove" => of.contains("/writes/"),
            _ => name == "value" && of.contains("/replicas/"),
        };
        if (is_named_freely && !is_agents_clock) || is_value {
            continue;
        }
        let without = |fields: &mut Value| fields.as_object_mut()?.remove(name);
        let (mut left_out, mut null) = (file.clone(), file.clone());
        if without(left_out.pointer_mut(of).unwrap()).is_none() {
            continue;
        }
        *null.pointer_mut(place).unwrap() = Value::Null;
        let (left_out, null) = (ours(&left_out.to_string()), ours(&null.to_string()));
        optional += u32::from(left_out.is_some());
        assert!(null == left_out, "{place}");
    }
    assert!(optional > 150, "{optional}");
}
