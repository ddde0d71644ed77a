//! A text as JSON values, or an error that says where it is none. Numbers stay as they are written (the feature
//! `arbitrary_precision` of `serde_json`): nothing is lost before it is known what kind of number is meant.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
pub use serde_json::Value;

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// The syntax error there.
    Syntax(String),
    /// Brackets within brackets within brackets.
    TooDeep,
    /// A field of this name is there already.
    Repeated(String),
}

/// Where a text is not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The byte of the text.
    pub at: usize,
    pub fault: JsonFault,
}

impl JsonError {
    /// The line and the column in characters, both counted from 1.
    #[must_use]
    pub fn position(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The character at the error, for a message.
    #[must_use]
    pub fn found(&self, text: &str) -> String {
        let next = text.get(self.at..).and_then(|rest| rest.chars().next());
        next.map_or_else(|| "the end".to_owned(), |c| format!("{c:?}"))
    }
}

/// Values nest at most this deep; deeper ones would overflow the stack.
pub const DEPTH_MAX: u32 = 128;

/// Reads a whole text.
///
/// # Errors
/// When it is not JSON, nests deeper than [`DEPTH_MAX`], or has a field twice.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let mut own = OnceCell::new();
    let mut reader = unlimited(text);
    let checked = Checked { depth: 0, fault: &own }.deserialize(&mut reader);
    checked.and_then(|()| reader.end()).map_err(|error| error_of(text, &error, own.take()))?;
    let value = serde::Deserialize::deserialize(&mut unlimited(text));
    value.map_err(|error| error_of(text, &error, None))
}

/// Nests as deep as [`Checked`] allows.
fn unlimited(text: &str) -> serde_json::Deserializer<serde_json::de::StrRead<'_>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    reader
}

/// Reads a value and keeps nothing of it. `serde_json` itself takes a field that is there twice, and the last counts.
/// A number that is not whole counts as one more bracket.
struct Checked<'a> {
    /// How many brackets it stands in.
    depth: u32,
    /// The fault, where it is not the syntax.
    fault: &'a OnceCell<JsonFault>,
}

impl Checked<'_> {
    /// `serde_json` adds the place, and needs no words.
    fn refuse<E: serde::de::Error>(&self, fault: JsonFault) -> E {
        self.fault.get_or_init(|| fault);
        E::custom("")
    }

    fn within<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.depth == DEPTH_MAX {
            return Err(self.refuse(JsonFault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, fault: self.fault })
    }
}

impl<'de> DeserializeSeed<'de> for Checked<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _truth: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _number: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _number: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _text: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self.within()?)?.is_some() {}
        Ok(())
    }

    /// Numbers that are not whole come here too: as an object whose only field is their text.
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if names.contains(&name) {
                return Err(self.refuse(JsonFault::Repeated(name)));
            }
            names.insert(name);
            fields.next_value_seed(self.within()?)?;
        }
        Ok(())
    }
}

fn error_of(text: &str, error: &serde_json::Error, own: Option<JsonFault>) -> JsonError {
    // Line and column are of the last byte that was read, or looked at; both are counted from 1.
    let lines_before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let read = lines_before.map(str::len).sum::<usize>() + error.column();
    let last = text.floor_char_boundary(read.saturating_sub(1));
    let before = text.get(..read).unwrap_or(text);
    let Some(fault) = own else {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let said = error.to_string();
        let (at, said) = match said.strip_suffix(&place).unwrap_or(&said) {
            "expected ident" => (start_of_word(before), "expected a value".to_owned()),
            said if error.is_eof() => {
                (text.len(), said.replace("EOF while parsing", "expected the rest of"))
            }
            said => (last, said.to_owned()),
        };
        return JsonError { at, fault: JsonFault::Syntax(said) };
    };
    let at = match fault {
        JsonFault::Repeated(_) => start_of_name(before),
        _ => before.rfind(['[', '{']),
    };
    JsonError { at: at.unwrap_or(last), fault }
}

/// Where a word begins that is none of `true`, `false` and `null`; it may have ended already.
fn start_of_word(before: &str) -> usize {
    let to_the_word = before.trim_end_matches(|c: char| !c.is_ascii_lowercase());
    to_the_word.trim_end_matches(|c: char| c.is_ascii_lowercase()).len()
}

/// Where the last name begins: at the last but one quote without a backslash.
fn start_of_name(before: &str) -> Option<usize> {
    let is_escaped = |quote: usize| {
        let backslashes = before.bytes().take(quote).rev().take_while(|byte| *byte == b'\\');
        backslashes.count() % 2 == 1
    };
    let quotes = before.rmatch_indices('"').map(|(quote, _)| quote);
    quotes.filter(|quote| !is_escaped(*quote)).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::read::found;

    #[test]
    fn what_is_json_is_read_as_others_read_it() {
        let texts = [
            "null",
            " true\t",
            "\r\nfalse\n",
            "0",
            "-7",
            "12.5",
            "-0.25",
            "[]",
            "[ ]",
            "{}",
            "[1, [2, []], \"x\"]",
            r#"{ "a": { "b": [null, true] }, "ü": "ö€😀" }"#,
            r#""\"\\\/\b\f\n\r\tä\u20AC\ud83d\ude00""#,
            r#"{"":""}"#,
        ];
        for text in texts {
            assert_eq!(parse(text).ok(), serde_json::from_str(text).ok(), "{text}");
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in ["1e3", "1.50e-2", "-0", "0e1", "99999999999999999999", "1e400", "1.0"] {
            assert_eq!(found(parse(text).ok().as_ref()), text, "as it is written");
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let texts = [
            "",
            " ",
            "hello",
            "tru",
            "truth",
            "nul",
            "[",
            "]",
            "{",
            "}",
            "[1,]",
            "[1 2]",
            "[,]",
            "{a:1}",
            r#"{"a"}"#,
            r#"{"a" 1}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{"a":1"#,
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "1e+",
            "0x1",
            "NaN",
            "Infinity",
            "'a'",
            "\"a",
            "\"\n\"",
            r#""\x""#,
            r#""\u12""#,
            r#""\u+123""#,
            r#""\ud800""#,
            r#""\ud800\n""#,
            r#""\udc00""#,
            r#""\ud800\u0041""#,
            "1 2",
            "// a\n1",
            "\u{feff}1",
            "[1]]",
            "\"\\",
            "\"\\u",
        ];
        for text in texts {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_says_where() {
        let place = |text: &str| parse(text).unwrap_err().position(text);
        assert_eq!(place("hello"), (1, 1));
        assert_eq!(place("{\n  \"ä\": tru\n}"), (2, 8));
        assert_eq!(place(""), (1, 1));
        assert_eq!(place("[1,\n"), (2, 1));
        let text = r#"{ "seed": 1, "seed": 2 }"#;
        let twice = parse(text).unwrap_err();
        assert_eq!(twice.fault, JsonFault::Repeated("seed".into()));
        assert_eq!(twice.position(text), (1, 14));
        let text = "{\n \"\\\"é\": 1,\n \"\\\"é\"  : 2 }";
        let twice = parse(text).unwrap_err();
        assert_eq!(
            (twice.fault.clone(), twice.position(text)),
            (JsonFault::Repeated("\"é".into()), (3, 2))
        );
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let says = |text: &str| {
            let error = parse(text).unwrap_err();
            let JsonFault::Syntax(reason) = &error.fault else { panic!("{error:?}") };
            format!("{reason}, found {}", error.found(text))
        };
        assert_eq!(says("[1 2]"), "expected `,` or `]`, found '2'");
        assert_eq!(says("[1,]"), "trailing comma, found ']'");
        assert_eq!(says("{a: 1}"), "key must be a string, found 'a'");
        assert_eq!(says("[ture]"), "expected a value, found 't'");
        assert_eq!(says("[1,"), "expected the rest of a value, found the end");
        assert_eq!(says("1 2"), "trailing characters, found '2'");
    }

    #[test]
    fn nesting_ends_somewhere() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(DEPTH_MAX as usize)).is_ok());
        let error = parse(&nested(DEPTH_MAX as usize + 1)).unwrap_err();
        assert_eq!(error, JsonError { at: DEPTH_MAX as usize, fault: JsonFault::TooDeep });
        // Brackets beside one another are not nested.
        assert!(parse(&format!("[{}[]]", "[],[[]],".repeat(1_000))).is_ok());
    }
}
