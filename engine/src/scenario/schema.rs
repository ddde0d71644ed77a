//! The JSON Schema of the scenario file, made from the types that read it.

use schemars::Schema;
use serde_json::{Value, json};

use super::file::ScenarioFile;

/// The schema as indented JSON.
///
/// # Errors
/// When it cannot be written as JSON, which does not happen.
pub fn schema() -> Result<String, serde_json::Error> {
    let mut schema = schemars::schema_for!(ScenarioFile);
    change(&mut schema, take_null);
    serde_json::to_string_pretty(&schema)
}

/// Every field that need not be there takes `null`, which is the same as leaving it out.
fn take_null(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(take_null),
        Value::Object(parts) => {
            let required = parts.get("required").and_then(Value::as_array).cloned();
            let is_required =
                |name: &String| required.iter().flatten().any(|other| other.as_str() == Some(name));
            if let Some(fields) = parts.get_mut("properties").and_then(Value::as_object_mut) {
                let fields = fields.iter_mut().filter(|(name, _)| !is_required(name));
                fields.for_each(|(_, field)| or_null(field));
            }
            parts.values_mut().for_each(take_null);
        }
        _ => {}
    }
}

fn or_null(schema: &mut Value) {
    let Value::Object(parts) = schema else { return };
    if let Some(Value::String(name)) = parts.get("type") {
        let both = json!([name, "null"]);
        parts.insert("type".to_owned(), both);
    } else if let Some(named) = parts.remove("$ref") {
        parts.insert("anyOf".to_owned(), json!([{ "$ref": named }, { "type": "null" }]));
    }
}

/// States a range for each number within.
fn each(schema: &mut Value, least: &Value, most: &Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|it| each(it, least, most)),
        Value::Object(parts) => {
            if matches!(parts.get("type").and_then(Value::as_str), Some("number" | "integer")) {
                parts.insert("minimum".to_owned(), least.clone());
                parts.insert("maximum".to_owned(), most.clone());
            }
            parts.values_mut().for_each(|it| each(it, least, most));
        }
        _ => {}
    }
}

fn within(schema: &mut Schema, least: &Value, most: &Value) {
    change(schema, |value| each(value, least, most));
}

fn change(schema: &mut Schema, by: impl FnOnce(&mut Value)) {
    let mut value = schema.as_value().clone();
    by(&mut value);
    if let Ok(changed) = Schema::try_from(value) {
        *schema = changed;
    }
}

/// Times in milliseconds.
pub(super) fn times(schema: &mut Schema) {
    within(schema, &json!(0), &json!(8_640_000_000_u64));
}

pub(super) fn weights(schema: &mut Schema) {
    within(schema, &json!(0.001), &json!(1_000_000));
}

pub(super) fn qualities(schema: &mut Schema) {
    within(schema, &json!(0), &json!(100));
}

pub(super) fn priorities(schema: &mut Schema) {
    within(schema, &json!(1), &json!(10));
}

/// Counts that only grow.
pub(super) fn counts(schema: &mut Schema) {
    within(schema, &json!(0), &json!(1_000_000_000));
}

/// Numbers that agents judge by and keep.
pub(super) fn values(schema: &mut Schema) {
    within(schema, &json!(-1_000_000_000_000_i64), &json!(1_000_000_000_000_i64));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers in the schema that have no range, by where they are.
    fn without_range(schema: &Value, at: &str, found: &mut Vec<String>) {
        match schema {
            Value::Array(items) => items.iter().for_each(|it| without_range(it, at, found)),
            Value::Object(parts) => {
                let names = match parts.get("type") {
                    Some(Value::Array(names)) => names.clone(),
                    name => name.cloned().into_iter().collect(),
                };
                let is_number = names.iter().any(|name| *name == "number" || *name == "integer");
                if is_number && !(parts.contains_key("minimum") && parts.contains_key("maximum")) {
                    found.push(at.to_owned());
                }
                for (name, part) in parts {
                    without_range(part, &format!("{at}/{name}"), found);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_number_has_a_range() {
        let schema = serde_json::from_str(&schema().unwrap()).unwrap();
        let mut found = Vec::new();
        without_range(&schema, "", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn every_field_that_may_be_left_out_takes_null() {
        let schema: Value = serde_json::from_str(&schema().unwrap()).unwrap();
        let seed = &schema["properties"]["seed"];
        assert_eq!(seed["type"], json!(["integer", "null"]));
        assert_eq!(schema["properties"]["format"]["type"], "integer");
        let topology = &schema["properties"]["topology"]["anyOf"];
        assert_eq!(topology[1], json!({ "type": "null" }));
    }
}
