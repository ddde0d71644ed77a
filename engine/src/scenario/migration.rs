//! Reading older formats: each step lifts a file from one format to the next.

use super::file::FORMAT;
use crate::protocol::json::Value;

/// Lifts a file from format `n + 1` to `n + 2`, where `n` is the step's place in the list.
type Step = fn(&mut Value);

/// One step per older format. Format 1 is the first, so there is none yet.
const STEPS: [Step; FORMAT as usize - 1] = [];

/// Brings a file of the given format up to the newest.
pub fn migrate(value: &mut Value, from_format: u32) {
    apply(&STEPS, value, from_format);
}

fn apply(steps: &[Step], value: &mut Value, from_format: u32) {
    let done = from_format.saturating_sub(1) as usize;
    for (step, lifts_to) in steps.iter().zip(2u32..).skip(done) {
        step(value);
        set(value, "format", lifts_to.into());
    }
}

/// Sets a field when this is an object.
fn set(value: &mut Value, name: &str, field: Value) {
    if let Value::Object(fields) = value {
        fields.insert(name.to_owned(), field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json::parse;

    #[test]
    fn steps_are_taken_from_the_files_format_on() {
        let steps: [Step; 2] = [
            |value| set(value, "first", Value::Bool(true)),
            |value| {
                let first = value.get("first").cloned().unwrap_or(Value::Null);
                set(value, "second", first);
            },
        ];
        let check = |from: &str, format, to: &str| {
            let mut value = parse(from).unwrap();
            apply(&steps, &mut value, format);
            assert_eq!(value, parse(to).unwrap());
        };
        let lifted = r#"{ "format": 3, "first": true, "second": true }"#;
        check(r#"{ "format": 1 }"#, 1, lifted);
        let lifted = r#"{ "format": 3, "first": 7, "second": 7 }"#;
        check(r#"{ "format": 2, "first": 7 }"#, 2, lifted);
    }
}
