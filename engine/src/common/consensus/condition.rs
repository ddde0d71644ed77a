//! Conditions on a proposal's fields, such as `canary_percentage <= 10 and rollback_plan == true`.
//!
//! Grammar: comparisons joined by `and` and `or` (`and` binds tighter), with parentheses. A
//! comparison is a field, one of `==` `!=` `<` `<=` `>` `>=`, and a number, `true`, `false` or a
//! text in single or double quotes.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::map::Map;
use crate::protocol::number::{millionths, read_number, with_point};

/// A value in a proposal's fields. Numbers are kept in millionths, so that comparing is exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum FieldValue {
    Bool(bool),
    Number(i64),
    Text(String),
}

/// The decimals of [`FieldValue::Number`].
const DECIMALS: u32 = 6;

impl FieldValue {
    /// The value as people read it: a text without quotes.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// A number with at most six decimals, below 10^12 in size.
    #[must_use]
    pub fn number(number: f64) -> Option<Self> {
        millionths(number).map(Self::Number)
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(millionths) => {
                let sign = if *millionths < 0 { "-" } else { "" };
                write!(f, "{sign}{}", with_point(millionths.unsigned_abs(), DECIMALS))
            }
            Self::Text(text) => write!(f, "\"{text}\""),
        }
    }
}

/// A proposal's fields by name.
pub type Fields = Map<String, FieldValue>;

/// How a condition turned out, and which comparison decided it, for the explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    True,
    /// The first comparison that failed.
    False(String),
    /// The proposal has no such field, or one of another type.
    Unknown(String),
}

/// A parsed condition. Its text is kept, and is what is written to files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    text: String,
    expression: Expression,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expression {
    Compare { field: String, operator: Operator, value: FieldValue },
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Operator {
    const ALL: [(&'static str, Self); 6] = [
        ("==", Self::Equal),
        ("!=", Self::Unequal),
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("<", Self::Less),
        (">", Self::Greater),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, operator)| *operator == self).map_or("", |(name, _)| *name)
    }

    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

/// Why a condition cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot read the condition {text:?} at character {at}: expected {expected}; write for \
     example \"canary_percentage <= 10 and rollback_plan == true\""
)]
pub struct ConditionError {
    pub text: String,
    /// The byte of the text, counted from 1.
    pub at: usize,
    pub expected: &'static str,
}

/// Parentheses nest at most this deep.
const DEPTH_MAX: u32 = 32;

impl Condition {
    /// # Errors
    /// When the text is not a condition; says where and what was expected.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let mut parser = Parser { text, at: 0, depth: 0 };
        let expression = parser.any()?;
        parser.skip_space();
        if parser.at < text.len() {
            return Err(parser.error("`and`, `or` or the end"));
        }
        Ok(Self { text: text.to_owned(), expression })
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn check(&self, fields: &Fields) -> Finding {
        self.expression.check(fields)
    }

    /// The fields it asks for, each once, in its order.
    #[must_use]
    pub fn asks_for(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.expression.collect(&mut names);
        names
    }
}

impl TryFrom<String> for Condition {
    type Error = ConditionError;
    fn try_from(text: String) -> Result<Self, ConditionError> {
        Self::parse(&text)
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.text
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Condition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Condition".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A condition on the proposal's fields: comparisons (== != < <= > >=) joined by `and` and `or`, with parentheses.",
            "examples": ["canary_percentage <= 10 and rollback_plan == true"]
        })
    }
}

impl Expression {
    fn collect<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Compare { field, .. } if names.contains(&field.as_str()) => {}
            Self::Compare { field, .. } => names.push(field),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.collect(names));
            }
        }
    }

    fn check(&self, fields: &Fields) -> Finding {
        match self {
            Self::Compare { field, operator, value } => compare(fields, field, *operator, value),
            Self::All(parts) => parts
                .iter()
                .map(|part| part.check(fields))
                .find(|finding| *finding != Finding::True)
                .unwrap_or(Finding::True),
            Self::Any(parts) => {
                let findings: Vec<Finding> = parts.iter().map(|part| part.check(fields)).collect();
                if findings.contains(&Finding::True) {
                    return Finding::True;
                }
                findings.into_iter().next().unwrap_or(Finding::True)
            }
        }
    }
}

fn compare(fields: &Fields, field: &str, operator: Operator, wanted: &FieldValue) -> Finding {
    let ordering = match (fields.get(field), wanted) {
        (Some(FieldValue::Number(found)), FieldValue::Number(wanted)) => found.cmp(wanted),
        (Some(FieldValue::Text(found)), FieldValue::Text(wanted)) => found.cmp(wanted),
        (Some(FieldValue::Bool(found)), FieldValue::Bool(wanted)) => found.cmp(wanted),
        (None, _) => return Finding::Unknown(format!("the proposal has no field {field}")),
        (Some(found), wanted) => {
            return Finding::Unknown(format!("{field} is {found}, not comparable with {wanted}"));
        }
    };
    if operator.holds(ordering) {
        Finding::True
    } else {
        let found = fields.get(field).map_or_else(String::new, ToString::to_string);
        Finding::False(format!("{field} is {found}, not {} {wanted}", operator.name()))
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl Parser<'_> {
    fn error(&self, expected: &'static str) -> ConditionError {
        ConditionError { text: self.text.to_owned(), at: self.at + 1, expected }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Takes `token` if it comes next.
    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    /// Takes the word if it comes next as a whole word.
    fn take_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let ends = self.rest().strip_prefix(word).is_some_and(|after| !after.starts_with(in_word));
        self.at += if ends { word.len() } else { 0 };
        ends
    }

    fn any(&mut self) -> Result<Expression, ConditionError> {
        let mut parts = vec![self.all()?];
        while self.take_word("or") {
            parts.push(self.all()?);
        }
        Ok(single_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, ConditionError> {
        let mut parts = vec![self.part()?];
        while self.take_word("and") {
            parts.push(self.part()?);
        }
        Ok(single_or(parts, Expression::All))
    }

    fn part(&mut self) -> Result<Expression, ConditionError> {
        if !self.take("(") {
            return self.comparison();
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error("fewer parentheses inside one another"));
        }
        let inside = self.any()?;
        self.depth -= 1;
        if self.take(")") { Ok(inside) } else { Err(self.error("`)`")) }
    }

    fn comparison(&mut self) -> Result<Expression, ConditionError> {
        self.skip_space();
        let named = |c: char| in_word(c) || c == '.';
        let length = self.rest().find(|c| !named(c)).unwrap_or(self.rest().len());
        if length == 0 || self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.error("the name of a field"));
        }
        let field = self.rest()[..length].to_owned();
        self.at += length;
        let Some((_, operator)) = Operator::ALL.into_iter().find(|(token, _)| self.take(token))
        else {
            return Err(self.error("one of == != < <= > >="));
        };
        Ok(Expression::Compare { field, operator, value: self.value()? })
    }

    fn value(&mut self) -> Result<FieldValue, ConditionError> {
        if self.take_word("true") {
            return Ok(FieldValue::Bool(true));
        }
        if self.take_word("false") {
            return Ok(FieldValue::Bool(false));
        }
        for (quote, sign) in [("\"", '"'), ("'", '\'')] {
            if self.take(quote) {
                let Some(length) = self.rest().find(sign) else {
                    return Err(self.error("the closing quote"));
                };
                let text = self.rest()[..length].to_owned();
                self.at += length + quote.len();
                return Ok(FieldValue::Text(text));
            }
        }
        let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
        let length = self.rest().find(|c| !numeric(c)).unwrap_or(self.rest().len());
        let number = read_number(&self.rest()[..length]).and_then(FieldValue::number);
        let value = number.ok_or_else(|| self.error("a number, true, false or a quoted text"))?;
        self.at += length;
        Ok(value)
    }
}

fn single_or(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

/// Letters of any language; which those are exactly would take a table of 2 KB.
fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !(c.is_ascii() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields {
        [
            ("canary_percentage", FieldValue::number(10.0)),
            ("rollback_plan", Some(FieldValue::Bool(true))),
            ("environment", Some(FieldValue::Text("production".into()))),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }

    fn check(condition: &str, expected: Finding) {
        let finding = Condition::parse(condition).map(|condition| condition.check(&fields()));
        assert_eq!(finding, Ok(expected), "{condition}");
    }

    #[test]
    fn conditions_compare_numbers_texts_and_truths() {
        check("canary_percentage <= 10", Finding::True);
        check("canary_percentage == 10.0 and rollback_plan == true", Finding::True);
        check("environment != 'staging'", Finding::True);
        check("canary_percentage < 10 or (rollback_plan == true)", Finding::True);
        let why = "canary_percentage is 10, not < 10";
        check("rollback_plan == true and canary_percentage < 10", Finding::False(why.into()));
    }

    #[test]
    fn a_missing_field_or_another_type_is_neither_true_nor_false() {
        let why = "the proposal has no field load_test";
        check("load_test == true", Finding::Unknown(why.into()));
        let why = "environment is \"production\", not comparable with 3";
        check("environment > 3", Finding::Unknown(why.into()));
    }

    #[test]
    fn it_names_the_fields_it_asks_for_once() {
        let condition = Condition::parse("a == 1 and (b > 2 or a < 0)").unwrap();
        assert_eq!(condition.asks_for(), ["a", "b"]);
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let at = |text: &str| Condition::parse(text).map_err(|error| error.at);
        assert_eq!(at("canary_percentage <=").err(), Some(21));
        assert_eq!(at("<= 10").err(), Some(1));
        assert_eq!(at("a == 1 b == 2").err(), Some(8));
        assert_eq!(at("(a == 1").err(), Some(8));
        assert_eq!(at("a == 'x").err(), Some(7));
        assert!(Condition::parse(&"(".repeat(1_000_000)).is_err());
    }
}
