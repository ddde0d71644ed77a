//! Ranges in the JSON Schema of a scenario's sections.

use schemars::Schema;
use serde_json::{Value, json};

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

/// Changes a schema as JSON; what is no schema any more stays as it was.
pub fn change(schema: &mut Schema, by: impl FnOnce(&mut Value)) {
    let mut value = schema.as_value().clone();
    by(&mut value);
    if let Ok(changed) = Schema::try_from(value) {
        *schema = changed;
    }
}

/// Times in milliseconds.
pub fn times(schema: &mut Schema) {
    within(schema, &json!(0), &json!(8_640_000_000_u64));
}

/// Weights in votes.
pub fn weights(schema: &mut Schema) {
    within(schema, &json!(0.001), &json!(1_000_000));
}

/// Qualities of results.
pub fn qualities(schema: &mut Schema) {
    within(schema, &json!(0), &json!(100));
}

/// Priorities of tasks.
pub fn priorities(schema: &mut Schema) {
    within(schema, &json!(1), &json!(10));
}

/// Counts that only grow.
pub fn counts(schema: &mut Schema) {
    within(schema, &json!(0), &json!(1_000_000_000));
}

/// Numbers that agents judge by and keep.
pub fn values(schema: &mut Schema) {
    within(schema, &json!(-1_000_000_000_000_i64), &json!(1_000_000_000_000_i64));
}
