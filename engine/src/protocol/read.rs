//! From JSON values to what they stand for. The types say what is read (`serde` derives it); this says how people write
//! it: `7.0` where an integer is meant, `null` for a field that is left out, and what is wrong with it in their words.

mod fault;
mod value;

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde_path_to_error::Segment;

use self::value::{UNREAD, Written};
use super::json::Value;
use super::number::read_whole;
use super::problem::{Problem, shortened};

/// Reads the thing that a value stands for.
///
/// # Errors
/// The first place where something else was expected.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    read_under(value, "the top")
}

/// As [`read`], for a part of another value: a fault of the part itself has an empty path.
///
/// # Errors
/// The first place where something else was expected.
pub fn read_part<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    read_under(value, "")
}

fn read_under<T: DeserializeOwned>(value: &Value, top: &str) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Written::of(value)).map_err(|error| {
        let mut steps = error.path().iter();
        let is_top = steps.len() == 0;
        let found = steps.try_fold(value, |value, step| match step {
            Segment::Seq { index } => value.get(index),
            Segment::Map { key } => value.get(key),
            Segment::Enum { variant } => value.get(variant),
            Segment::Unknown => None,
        });
        let path = if is_top { String::new() } else { error.path().to_string() };
        error.into_inner().at(path, found, top)
    })
}

/// Reads an object as it stands, for callers that learn its type later.
///
/// # Errors
/// When it is none.
pub fn unread<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    deserializer.deserialize_newtype_struct(UNREAD, Unread)
}

struct Unread;

impl<'de> Visitor<'de> for Unread {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Value, D::Error> {
        Value::deserialize(value)
    }
}

/// A whole number, if this is one of this type; `7.0` and `1e3` are whole too.
#[must_use]
pub fn whole<T: TryFrom<i128>>(value: Option<&Value>) -> Option<T> {
    match value {
        Some(Value::Number(number)) => T::try_from(read_whole(number.as_str())?).ok(),
        _ => None,
    }
}

/// The value found there, in words for a message.
#[must_use]
pub fn found(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(truth)) => truth.to_string(),
        // `serde_json` writes an exponent as `e+3`.
        Some(Value::Number(number)) => shortened(&number.as_str().replace('+', "")),
        Some(Value::String(text)) => format!("{:?}", shortened(text)),
        Some(Value::Array(items)) => format!("a list of {}", items.len()),
        Some(Value::Object(_)) => "an object".to_owned(),
    }
}

/// Reads a field for which `null` is a value like others; `None` where there is no such field.
///
/// # Errors
/// When it is something else than it should be.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    value::given(deserializer)
}

/// Thirty years: beyond this, times could no longer be added up.
const TIME_MAX_US: u64 = 1_000_000_000_000_000;

/// Reads a time of a run, in microseconds.
///
/// # Errors
/// When it is too long.
pub fn time_us<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let time_us = u64::deserialize(deserializer)?;
    if time_us > TIME_MAX_US {
        return Err(refused("microseconds, up to 1000000000000000", "save the run again"));
    }
    Ok(time_us)
}

/// The error of a value that its own rule refuses.
pub fn refused<E: serde::de::Error>(expected: &str, repair: &str) -> E {
    E::custom(fault::said(expected, repair))
}

/// Reads a number that stands in a text.
///
/// # Errors
/// When it has too many digits to be read exactly.
pub fn read_number_in(text: &str) -> Result<f64, Problem> {
    value::number_of(text)
        .map_err(|fault| fault.at(String::new(), Some(&Value::from(text)), "the top"))
}

#[cfg(test)]
mod tests;
