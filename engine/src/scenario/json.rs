//! JSON as people write it: a text becomes values, or an error that says where. A reader of our own
//! because the page has to be small, and because it refuses a field that is there twice.

use crate::map::Map;

/// A value of a JSON text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// As it is written: nothing is lost before it is known what kind of number it should be.
    Number(String),
    Text(String),
    List(Vec<Self>),
    Object(Map<String, Self>),
}

impl Value {
    /// The field of this name, when this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.get(name),
            _ => None,
        }
    }

    /// Takes out what stands in a field, when this is an object that has it.
    pub fn take(&mut self, name: &str) -> Option<Self> {
        match self {
            Self::Object(fields) => {
                fields.get_mut(name).map(|it| std::mem::replace(it, Self::Null))
            }
            _ => None,
        }
    }

    /// Sets a field when this is an object.
    pub fn set(&mut self, name: &str, value: Self) {
        if let Self::Object(fields) = self {
            fields.insert(name.to_owned(), value);
        }
    }
}

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What should be there instead.
    Expected(&'static str),
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
    pub fault: Fault,
}

impl JsonError {
    /// The line and the column in characters, both counted from 1.
    #[must_use]
    pub fn position(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// What stands there, for a message.
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
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.expected("the end"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    /// The byte that is read next; it always begins a character.
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Value, JsonError> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => Ok(Value::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let mut fields = Map::new();
        let mut more = self.open(b'}')?;
        while more {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name in double quotes"));
            }
            let at = self.at;
            let name = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.expected("\":\""));
            }
            if fields.contains_key(&name) {
                return Err(JsonError { at, fault: Fault::Repeated(name) });
            }
            fields.insert(name, self.value()?);
            more = self.another(b'}', "\",\" or \"}\"")?;
        }
        Ok(Value::Object(fields))
    }

    fn list(&mut self) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        let mut more = self.open(b']')?;
        while more {
            items.push(self.value()?);
            more = self.another(b']', "\",\" or \"]\"")?;
        }
        Ok(Value::List(items))
    }

    /// Takes an opening bracket; false when the closing one follows at once.
    fn open(&mut self, close: u8) -> Result<bool, JsonError> {
        if self.depth == DEPTH_MAX {
            return Err(JsonError { at: self.at, fault: Fault::TooDeep });
        }
        self.at += 1;
        self.skip_space();
        let closes = self.take(close);
        self.depth += u32::from(!closes);
        Ok(!closes)
    }

    /// After an item: takes the comma before another one, or the closing bracket.
    fn another(&mut self, close: u8, expected: &'static str) -> Result<bool, JsonError> {
        self.skip_space();
        if self.take(b',') {
            return Ok(true);
        }
        if self.take(close) {
            self.depth -= 1;
            return Ok(false);
        }
        Err(self.expected(expected))
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'-') || self.take(b'+');
            self.digits()?;
        }
        Ok(Value::Number(self.text[start..self.at].to_owned()))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '));
            let plain = plain.unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.at += plain;
            if self.take(b'"') {
                return Ok(text);
            }
            if !self.take(b'\\') {
                return Err(self.expected("a closing double quote"));
            }
            text.push(self.escape()?);
        }
    }

    /// The character that what follows a backslash stands for.
    fn escape(&mut self) -> Result<char, JsonError> {
        let escaped = match self.peek() {
            Some(b'u') => return self.unicode(),
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            _ => return Err(self.expected("one of \" \\ / b f n r t u after a backslash")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// A character by its number in UTF-16, which is two numbers for some.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.unit()?;
        let is_half = (0xD800..0xDC00).contains(&first);
        let second = if is_half && self.take(b'\\') { self.unit()? } else { 0 };
        let character = char::decode_utf16([first, second]).next().and_then(Result::ok);
        character.ok_or_else(|| self.expected("the second half of a character"))
    }

    /// `u` and four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, JsonError> {
        if !self.take(b'u') {
            return Err(self.expected("u and the second half of a character"));
        }
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.expected("four hexadecimal digits"))?;
        self.at += 4;
        Ok(unit)
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, expected: &'static str) -> JsonError {
        JsonError { at: self.at, fault: Fault::Expected(expected) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What serde_json makes of the text, in our values; `None` where it refuses it.
    fn by_serde(text: &str) -> Option<Value> {
        fn convert(value: serde_json::Value) -> Value {
            match value {
                serde_json::Value::Null => Value::Null,
                serde_json::Value::Bool(truth) => Value::Bool(truth),
                serde_json::Value::Number(number) => Value::Number(number.to_string()),
                serde_json::Value::String(text) => Value::Text(text),
                serde_json::Value::Array(items) => {
                    Value::List(items.into_iter().map(convert).collect())
                }
                serde_json::Value::Object(fields) => Value::Object(
                    fields.into_iter().map(|(name, value)| (name, convert(value))).collect(),
                ),
            }
        }
        serde_json::from_str(text).ok().map(convert)
    }

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
            assert_eq!(parse(text).ok(), by_serde(text), "{text}");
            assert!(parse(text).is_ok(), "{text}");
        }
        let number = |text: &str| Ok(Value::Number(text.to_owned()));
        for text in ["1e3", "1.50E-2", "-0", "0e+1", "99999999999999999999"] {
            assert_eq!(parse(text), number(text));
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
            assert_eq!(by_serde(text), None, "{text}");
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
        assert_eq!(twice.fault, Fault::Repeated("seed".into()));
        assert_eq!(twice.position(text), (1, 14));
    }

    #[test]
    fn nesting_ends_somewhere() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(DEPTH_MAX as usize)).is_ok());
        let error = parse(&nested(DEPTH_MAX as usize + 1)).unwrap_err();
        assert_eq!(error, JsonError { at: DEPTH_MAX as usize, fault: Fault::TooDeep });
        // Brackets beside one another are not nested.
        assert!(parse(&format!("[{}[]]", "[],[[]],".repeat(1_000))).is_ok());
    }
}
