//! Short names for values in tests.

use crate::common::value::Value;

pub fn number(number: i64) -> Value {
    Value::integer(number).unwrap()
}

pub fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::List(values.into_iter().collect())
}

pub fn map(entries: &[(&str, Value)]) -> Value {
    let entries = entries.iter().map(|(key, value)| ((*key).into(), value.clone()));
    Value::Map(std::sync::Arc::new(entries.collect()))
}
