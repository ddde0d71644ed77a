//! Reading older formats: each step lifts a file from one format to the next.

use serde_json::Value;

use super::file::FORMAT;

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
        value["format"] = lifts_to.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_from_the_files_format_on() {
        let steps: [Step; 2] = [
            |value| value["first"] = true.into(),
            |value| value["second"] = value["first"].clone(),
        ];
        let mut old = serde_json::json!({ "format": 1 });
        apply(&steps, &mut old, 1);
        assert_eq!(old, serde_json::json!({ "format": 3, "first": true, "second": true }));
        let mut newer = serde_json::json!({ "format": 2, "first": 7 });
        apply(&steps, &mut newer, 2);
        assert_eq!(newer, serde_json::json!({ "format": 3, "first": 7, "second": 7 }));
    }
}
