//! A value in a report.

use serde::{Serialize, Serializer};

use crate::common::value::Value;

/// A value as JSON has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain(pub Value);

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plain = |value: &Value| Self(value.clone());
        match &self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(truth) => serializer.serialize_bool(*truth),
            Value::Number(millionths) if millionths % 1_000_000 == 0 => {
                serializer.serialize_i64(millionths / 1_000_000)
            }
            Value::Number(millionths) => serializer.serialize_f64(*millionths as f64 / 1e6),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items.iter().map(plain)),
            Value::Map(fields) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (&**name, plain(value))))
            }
        }
    }
}
