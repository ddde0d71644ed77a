//! Values that a file may hold, and the message for one wrong value anywhere in it.

use serde_json::{Value, json};

use super::{found, read};
use crate::common::value::data::DataFile;
use crate::common::value::data::read_data;
use crate::protocol::json::parse;
use crate::protocol::problem::Problem;
use crate::protocol::write::{compact, lines};
use crate::scenario::file::ScenarioFile;
use crate::scenario::gallery;

/// A file in which each field and each choice appears.
const EVERY_FIELD: &str = include_str!("every_field.json");

fn ours(text: &str) -> Option<ScenarioFile> {
    read(&parse(text).ok()?).ok()
}

#[test]
fn what_is_written_is_read_again() {
    for text in gallery::all().iter().map(|entry| entry.json).chain([EVERY_FIELD]) {
        let file: ScenarioFile = read(&parse(text).unwrap()).unwrap();
        assert_eq!(ours(&compact(&file).unwrap()), Some(file));
    }
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

/// Objects whose field names are free, and fields for which `null` is a value like others.
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

/// As a message names it: `agents[0].id` of `/agents/0/id`.
fn path_of(pointer: &str) -> String {
    pointer.split('/').skip(1).fold(String::new(), |path, part| match part.parse::<usize>() {
        Ok(number) => format!("{path}[{number}]"),
        Err(_) if path.is_empty() => part.to_owned(),
        Err(_) => format!("{path}.{part}"),
    })
}

/// The problem of a file; `None` where it is read, and it is then written and read again.
fn problem_of(changed: &Value) -> Option<Problem> {
    match read::<ScenarioFile>(&parse(&changed.to_string()).unwrap()) {
        Ok(file) => {
            assert_eq!(ours(&compact(&file).unwrap()), Some(file), "{changed}");
            None
        }
        Err(problem) => Some(problem),
    }
}

#[test]
fn one_wrong_value_anywhere_is_told_at_its_place() {
    let file: Value = serde_json::from_str(EVERY_FIELD).unwrap();
    let mut all = Vec::new();
    places(&file, "", &mut all);
    assert!(all.len() > 200);
    let others = json!([null, true, 0, 1, -1, 2.5, 4294967296u64, "x", "for", [], [1, 2], {}]);
    let mut refused = 0;
    for place in &all {
        let path = path_of(place);
        for other in others.as_array().unwrap() {
            let mut changed = file.clone();
            *changed.pointer_mut(place).unwrap() = other.clone();
            let Some(problem) = problem_of(&changed) else { continue };
            refused += 1;
            let at = if path.is_empty() { "the top" } else { &path };
            if problem.path == at {
                assert_eq!(problem.found, found(Some(other)), "{place}: {problem:?}");
            } else {
                // The problem is a field that the object lacks or holds.
                assert!(problem.path.starts_with(&path), "{place}: {problem:?}");
            }
            assert!(!problem.expected.is_empty() && !problem.repair.is_empty(), "{problem:?}");
        }
        let Some(fields) = file.pointer(place).and_then(Value::as_object) else { continue };
        let below = |name: &str| path_of(&format!("{place}/{name}"));
        for name in fields.keys() {
            let mut changed = file.clone();
            changed.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(name);
            let Some(problem) = problem_of(&changed) else { continue };
            refused += 1;
            let is_missing = problem.path == below(name) && problem.found == "nothing";
            let no_choice = problem.path == path && problem.found == "an object";
            assert!(is_missing || no_choice, "{place} without {name}: {problem:?}");
        }
        let mut changed = file.clone();
        changed.pointer_mut(place).unwrap()["zed"] = json!({});
        let Some(problem) = problem_of(&changed) else { continue };
        refused += 1;
        assert!([&path, &below("zed")].contains(&&problem.path), "{place} with zed: {problem:?}");
    }
    assert!(refused > 5_000, "{refused}");
}

#[test]
fn what_is_typed_is_judged_as_in_a_file() {
    let read = |text| read_data(text).expect("it is JSON, or a text");
    assert_eq!(read(" 2.5 "), Ok(DataFile::Number(2.5)));
    assert_eq!(read("007"), Ok(DataFile::Number(7.0)));
    assert_eq!(read("fast"), Ok(DataFile::Text("fast".to_owned())));
    assert_eq!(read("true"), Ok(DataFile::Bool(true)));
    assert!(read_data("[1, ").is_none());
    for many in ["1234567890123456", "0.12345678901234567", "[1234567890123456]"] {
        let problem = read(many).expect_err(many).in_file("write").to_string();
        assert!(problem.contains("at most 15 digits") && problem.contains("round it"), "{problem}");
    }
}

#[test]
fn files_are_written_as_the_types_say() {
    let file: ScenarioFile = read(&parse(EVERY_FIELD).unwrap()).unwrap();
    for text in [compact(&file), lines(&file, 1), lines(&file, 2), lines(&file, 9)] {
        let ours = parse(&text.unwrap()).unwrap();
        let theirs = serde_json::to_value(&file).unwrap();
        // 1.0 here is 1 there: compare what is read from both.
        let read = |value| read::<ScenarioFile>(&value).unwrap();
        assert_eq!(read(ours), read(theirs));
    }
}
