//! A wrong value, before it is known where it stands.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::found;
use crate::protocol::json::Value;
use crate::protocol::problem::Problem;

/// The expected value and its repair; the value found is looked up, unless the fault names it.
#[derive(Clone, Debug)]
pub(super) struct ReadFault {
    pub(super) expected: String,
    pub(super) repair: String,
    pub(super) found: Option<String>,
    /// It is about this field of what stands there.
    pub(super) field: Option<String>,
}

impl ReadFault {
    pub(super) fn new(expected: impl Into<String>, repair: impl Into<String>) -> Self {
        Self { expected: expected.into(), repair: repair.into(), found: None, field: None }
    }

    /// The same at its place; `top` is that of the whole.
    pub(super) fn at(self, mut path: String, value: Option<&Value>, top: &str) -> Problem {
        if let Some(field) = &self.field {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(field);
        }
        if path.is_empty() {
            path.push_str(top);
        }
        let found = self.found.unwrap_or_else(|| found(value));
        Problem::new(path, self.expected, found, self.repair)
    }
}

/// The expected value and its repair as one text.
pub(super) fn said(expected: &str, repair: &str) -> String {
    format!("{expected}; {repair}")
}

impl de::Error for ReadFault {
    /// Reads the message of a rule of ours: the expected value and, after a semicolon, its repair.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        let (expected, repair) = message.split_once("; ").unwrap_or((&message, "mend it there"));
        Self::new(expected, repair)
    }

    fn invalid_type(_found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(expected)
    }

    fn invalid_value(_found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(expected)
    }
}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&said(&self.expected, &self.repair))
    }
}

impl std::error::Error for ReadFault {}
