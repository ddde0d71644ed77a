//! The JSON Schema of the scenario file, made from the types that read it.

use schemars::{JsonSchema as _, Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::file::ScenarioFile;
use super::file::proposal::ProposalFile;
use crate::coordination::registry::protocols;
use crate::coordination::room::Room;
use crate::protocol::schema::change;

/// The schema as indented JSON.
///
/// # Errors
/// When it cannot be written as JSON, which does not happen.
pub fn schema() -> Result<String, serde_json::Error> {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<ProposalFile>();
    let acts = acts(&mut generator);
    let mut schema = generator.into_root_schema_for::<ScenarioFile>();
    change(&mut schema, |schema| add_acts(schema, acts));
    change(&mut schema, take_null);
    serde_json::to_string_pretty(&schema)
}

/// Makes the schemas of the protocols' acts.
macro_rules! of_acts {
    ($($(#[$on:meta])* $field:ident $mark:tt $(in $path:literal)?: $Row:ident = $Room:ty,)*) => {
        fn acts(generator: &mut SchemaGenerator) -> Vec<Schema> {
            vec![$($(#[$on])* <$Room as Room>::Act::json_schema(generator),)*]
        }
    };
}

protocols!(of_acts);

/// Acts of protocols stand beside the other interventions.
fn add_acts(schema: &mut Value, acts: Vec<Schema>) {
    let Some(Value::Array(all)) = schema.pointer_mut("/$defs/Intervention/oneOf") else { return };
    for act in acts {
        if let Some(Value::Array(keyed)) = act.get("oneOf") {
            all.extend(keyed.iter().cloned());
        }
    }
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
    fn acts_of_protocols_are_interventions() {
        let schema: Value = serde_json::from_str(&schema().unwrap()).unwrap();
        let all = schema["$defs"]["Intervention"]["oneOf"].as_array().unwrap();
        for key in ["crash", "tell"] {
            assert!(all.iter().any(|it| it["required"][0] == key), "{key}");
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
