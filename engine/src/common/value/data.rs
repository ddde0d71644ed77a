//! A value as files and people write it.

use std::fmt;
use std::sync::Arc;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::common::value::Value;
use crate::map::Map;
use crate::protocol::json;
use crate::protocol::number::{millionths, read_number, write_number};
use crate::protocol::problem::Problem;
use crate::protocol::read::{read, read_number_in};

/// A value: null, true, false, a number, a text, a list or an object of values.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum DataFile {
    #[default]
    Null,
    Bool(bool),
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::values))]
    Number(f64),
    Text(String),
    List(Vec<Self>),
    Map(Map<String, Self>),
}

impl<'de> Deserialize<'de> for DataFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyData)
    }
}

struct AnyData;

impl<'de> Visitor<'de> for AnyData {
    type Value = DataFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value; write for example 10, \"done\" or null")
    }

    fn visit_unit<E>(self) -> Result<DataFile, E> {
        Ok(DataFile::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<DataFile, E> {
        Ok(DataFile::Bool(truth))
    }

    fn visit_f64<E>(self, number: f64) -> Result<DataFile, E> {
        Ok(DataFile::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<DataFile, E> {
        Ok(DataFile::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<DataFile, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items)).map(DataFile::List)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, object: D) -> Result<DataFile, D::Error> {
        Map::deserialize(object).map(DataFile::Map)
    }
}

/// Reads what a person types: a number, true, false, a list or a map by the rules of a file, or else a text.
/// Nothing where a list or a map is not JSON.
///
/// # Errors
/// Those of a file, such as for a number of too many digits.
#[must_use]
pub fn read_data(text: &str) -> Option<Result<DataFile, Problem>> {
    let text = text.trim();
    if text.starts_with(['[', '{']) || matches!(text, "true" | "false") {
        return Some(read(&json::parse(text).ok()?));
    }
    if read_number(text).is_some() {
        return Some(read_number_in(text).map(DataFile::Number));
    }
    Some(Ok(DataFile::Text(text.to_owned())))
}

/// The value that a file or a person writes.
///
/// # Errors
/// When it holds a number of too many digits, is too deep or too large.
pub fn check_value(path: &str, data: &DataFile) -> Result<Value, Problem> {
    let value = value_of(path, data)?;
    value.check().map_err(|error| {
        Problem::new(
            path,
            "a value that is not too deep or large",
            error.to_string(),
            "keep less under one key",
        )
    })?;
    Ok(value)
}

/// The number that a file or a person writes, in millionths.
///
/// # Errors
/// When it has too many digits.
pub fn check_number(path: &str, number: f64) -> Result<i64, Problem> {
    millionths(number).ok_or_else(|| {
        let expected = "a number below 10^12 with at most six decimals";
        Problem::new(path, expected, write_number(number), "write for example 12.5")
    })
}

fn value_of(path: &str, data: &DataFile) -> Result<Value, Problem> {
    Ok(match data {
        DataFile::Null => Value::Null,
        DataFile::Bool(truth) => Value::Bool(*truth),
        DataFile::Number(number) => Value::Number(check_number(path, *number)?),
        DataFile::Text(text) => Value::Text(text.as_str().into()),
        DataFile::List(items) => {
            let items: Result<Vec<Value>, Problem> =
                items.iter().map(|item| value_of(path, item)).collect();
            Value::List(items?.into())
        }
        DataFile::Map(fields) => {
            let mut map = Map::new();
            for (name, data) in fields {
                map.insert(Arc::from(name.as_str()), value_of(path, data)?);
            }
            Value::Map(Arc::new(map))
        }
    })
}
