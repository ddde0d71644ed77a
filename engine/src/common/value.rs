//! The values of keys: null, a truth, a number, a text, a list or a map (S1).

pub mod data;
#[cfg(test)]
pub(crate) mod letters;
mod plain;

pub use plain::Plain;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::map::Map;
use crate::protocol::number::{millionths, with_point};

/// A value. Numbers are kept in millionths, so that all agents add them up the same. The order is total,
/// by kind and then by content: it breaks the last of all ties.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    /// In millionths.
    Number(i64),
    Text(Arc<str>),
    List(Arc<[Value]>),
    Map(Arc<Map<Arc<str>, Value>>),
}

/// Lists and maps nest at most this deep; what is not a list or a map is one level.
pub const DEPTH_MAX: u32 = 8;

/// A value takes at most so many bytes on a link.
pub const BYTES_MAX: usize = 4_096;

/// The decimals of [`Value::Number`].
const DECIMALS: u32 = 6;

/// The scale of [`Value::Number`], one million.
pub const SCALE: i64 = 1_000_000;

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error(
        "the value is more than {DEPTH_MAX} levels deep; put fewer lists and maps inside one another"
    )]
    TooDeep,
    #[error(
        "the value takes {found} bytes, at most {BYTES_MAX} fit; make it shorter, or several keys of it"
    )]
    TooLarge { found: usize },
}

impl Value {
    /// A number with at most six decimals, below 10^12 in size.
    #[must_use]
    pub fn number(number: f64) -> Option<Self> {
        millionths(number).map(Self::Number)
    }

    /// A whole number below 9.2 · 10^12 in size.
    #[must_use]
    pub fn integer(number: i64) -> Option<Self> {
        number.checked_mul(SCALE).map(Self::Number)
    }

    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// In millionths, if it is a number.
    #[must_use]
    pub const fn as_number(&self) -> Option<i64> {
        match self {
            Self::Number(millionths) => Some(*millionths),
            _ => None,
        }
    }

    /// # Errors
    /// When the value is deeper than [`DEPTH_MAX`] or takes more than [`BYTES_MAX`] on a link.
    pub fn check(&self) -> Result<(), ValueError> {
        if !self.is_within(DEPTH_MAX) {
            return Err(ValueError::TooDeep);
        }
        match self.encoded_bytes() {
            found if found > BYTES_MAX => Err(ValueError::TooLarge { found }),
            _ => Ok(()),
        }
    }

    /// Whether it has at most so many levels. Looks no deeper than that.
    fn is_within(&self, levels: u32) -> bool {
        match (self, levels) {
            (_, 0) => false,
            (Self::List(values), _) => values.iter().all(|value| value.is_within(levels - 1)),
            (Self::Map(map), _) => map.iter().all(|(_, value)| value.is_within(levels - 1)),
            _ => true,
        }
    }

    /// The size of the value on a link. Its depth has to be known to be small.
    fn encoded_bytes(&self) -> usize {
        postcard::experimental::serialized_size(self).unwrap_or(usize::MAX)
    }
}

impl Value {
    /// As people read it where it stands by itself: texts without quotes, lists and maps without brackets.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = String::new();
        // A string takes everything.
        let _ = self.write_plain(&mut text);
        text
    }

    /// The beginning of [`Self::plain`], with one character more than `most` where there are more.
    #[must_use]
    pub fn plain_start(&self, most: usize) -> String {
        let mut start = Start { text: String::new(), left: most + 1 };
        // It fails once it is full.
        let _ = self.write_plain(&mut start);
        start.text
    }

    fn write_plain(&self, to: &mut impl fmt::Write) -> fmt::Result {
        let between = |place: usize| if place == 0 { "" } else { ", " };
        match self {
            Self::Text(text) => to.write_str(text),
            Self::List(items) if items.is_empty() => to.write_str("empty"),
            Self::Map(fields) if fields.is_empty() => to.write_str("empty"),
            Self::List(items) => items.iter().enumerate().try_for_each(|(place, item)| {
                to.write_str(between(place))?;
                item.write_plain(to)
            }),
            Self::Map(fields) => {
                fields.iter().enumerate().try_for_each(|(place, (name, value))| {
                    write!(to, "{}{name} ", between(place))?;
                    value.write_plain(to)
                })
            }
            other => write!(to, "{other}"),
        }
    }
}

/// Takes so many characters, and no more.
struct Start {
    text: String,
    left: usize,
}

impl fmt::Write for Start {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for letter in more.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(letter);
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Self::Number(millionths) => {
                f.write_str(if *millionths < 0 { "-" } else { "" })?;
                f.write_str(&with_point(millionths.unsigned_abs(), DECIMALS))
            }
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::List(values) => {
                f.write_str("[")?;
                for (place, value) in values.iter().enumerate() {
                    f.write_str(if place == 0 { "" } else { ", " })?;
                    value.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("{")?;
                for (place, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{key}: ", if place == 0 { "" } else { ", " })?;
                    value.fmt(f)?;
                }
                f.write_str("}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::value::letters::{list, map, number};

    #[test]
    fn values_are_written_as_people_write_them() {
        let half = Value::number(-0.5).unwrap();
        let all = [Value::Null, Value::Bool(true), number(42), half, Value::text("text")];
        assert_eq!(list(all).to_string(), "[null, true, 42, -0.5, \"text\"]");
        let inner = map(&[("b", list([number(1), number(2)])), ("a", map(&[]))]);
        assert_eq!(inner.to_string(), "{a: {}, b: [1, 2]}");
    }

    #[test]
    fn a_value_begins_as_it_is_read() {
        let long = Value::text(&"x".repeat(100));
        for value in [list([number(1), long]), map(&[("a", number(2)), ("b", list([]))])] {
            let all = value.plain();
            for most in 0..110 {
                let start: String = all.chars().take(most + 1).collect();
                assert_eq!(value.plain_start(most), start);
            }
        }
        assert_eq!(map(&[("a", number(2)), ("b", list([]))]).plain(), "a 2, b empty");
    }

    #[test]
    fn numbers_have_six_decimals() {
        assert_eq!(Value::number(0.1).and_then(|value| value.as_number()), Some(100_000));
        for refused in [0.000_000_1, 1e13, f64::NAN, f64::INFINITY] {
            assert_eq!(Value::number(refused), None, "{refused}");
        }
        assert_eq!(Value::integer(i64::MAX), None);
        assert_eq!(Value::Null.as_number(), None);
    }

    #[test]
    fn the_order_is_by_kind_and_then_by_content() {
        let sorted = [
            Value::Null,
            Value::Bool(false),
            Value::Bool(true),
            number(-1),
            number(7),
            Value::text(""),
            Value::text("b"),
            list([]),
            list([number(1)]),
            list([number(1), Value::Null]),
            list([number(2)]),
            map(&[]),
            map(&[("a", number(2))]),
            map(&[("b", number(1))]),
        ];
        assert!(sorted.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn eight_levels_fit_and_nine_do_not() {
        let nested = |levels: u32| (1..levels).fold(number(1), |inner, _| list([inner]));
        assert_eq!(nested(8).check(), Ok(()));
        assert_eq!(nested(9).check(), Err(ValueError::TooDeep));
        assert_eq!(map(&[("a", nested(8))]).check(), Err(ValueError::TooDeep));
        assert!(nested(1_000).check().is_err(), "looking goes no deeper than the limit");
    }

    #[test]
    fn what_is_too_long_for_a_link_is_refused_with_its_length() {
        // One byte says that it is a text, two how long it is.
        let text = |length: usize| Value::text(&"x".repeat(length)).check();
        assert_eq!(text(4_093), Ok(()));
        let error = text(4_094).unwrap_err();
        assert_eq!(error, ValueError::TooLarge { found: 4_097 });
        assert!(error.to_string().starts_with("the value takes 4097 bytes, at most 4096 fit"));
    }
}
