//! Words of a proposal in a scenario file, and the proposal as it stands there.

use std::fmt;

use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::protocol::read::{read_part, unread};

/// A proposal as a file spells it: unread, since the parts of it belong to several protocols.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WrittenProposal(#[serde(deserialize_with = "given")] pub Value);

/// `null` is the same as leaving a field out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let mut value = unread(deserializer)?;
    leave_out_null(&mut value);
    Ok(value)
}

fn leave_out_null(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
        fields.values_mut().for_each(leave_out_null);
    }
}

impl WrittenProposal {
    /// The id; empty where there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// The name of the algorithm.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.0.get("algorithm").and_then(Value::as_str).unwrap_or("simple")
    }

    /// The options of a choice.
    pub fn options(&self) -> impl Iterator<Item = &str> {
        let options = self.0.get("options").and_then(Value::as_array).into_iter().flatten();
        options.filter_map(Value::as_str)
    }

    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.0.get(field).is_some_and(|field| !field.is_null())
    }

    /// One of its fields; the default where it is not there.
    #[must_use]
    pub fn field<T: DeserializeOwned + Default>(&self, field: &str) -> T {
        let read = self.0.get(field).and_then(|field| read_part(field).ok());
        read.unwrap_or_default()
    }

    /// Writes a field; one that cannot be written stays as it was.
    pub fn put(&mut self, field: &str, value: &impl Serialize) {
        if let (Some(fields), Ok(value)) = (self.0.as_object_mut(), serde_json::to_value(value)) {
            fields.insert(field.to_owned(), value);
        }
    }

    /// Leaves a field out.
    pub fn leave_out(&mut self, field: &str) {
        if let Some(fields) = self.0.as_object_mut() {
            fields.remove(field);
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for WrittenProposal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProposalFile".into()
    }

    /// The schema of this name is made of all that protocols read.
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "$ref": "#/$defs/ProposalFile" })
    }

    fn inline_schema() -> bool {
        true
    }
}

/// The whole that the share is taken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShareOf {
    /// Everyone who may vote.
    #[default]
    Electorate,
    /// The votes cast, if enough took part.
    VotesCast,
}

/// A value an agent can judge a proposal by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum FieldFile {
    Bool(bool),
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::values))]
    Number(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for FieldFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyField)
    }
}

struct AnyField;

impl Visitor<'_> for AnyField {
    type Value = FieldFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, true, false or a text; write for example 10, true or \"production\"")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<FieldFile, E> {
        Ok(FieldFile::Bool(truth))
    }

    fn visit_f64<E>(self, number: f64) -> Result<FieldFile, E> {
        Ok(FieldFile::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldFile, E> {
        Ok(FieldFile::Text(text.to_owned()))
    }
}
