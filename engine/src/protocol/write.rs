//! JSON from what derives `Serialize`, as people write it: numbers as they mean them, and only so many levels of brackets
//! in lines of their own.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::protocol::number::write_number;

/// JSON in one line, without spaces.
///
/// # Errors
/// Only for what no file of ours has in it: maps whose keys are no texts.
pub fn compact<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    write(value, 0)
}

/// JSON to read and to edit: so many levels of brackets stand on lines of their own.
///
/// # Errors
/// As [`compact`].
pub fn lines<T: Serialize + ?Sized>(value: &T, levels: u32) -> serde_json::Result<String> {
    write(value, levels).map(|text| text + "\n")
}

fn write<T: Serialize + ?Sized>(value: &T, levels: u32) -> serde_json::Result<String> {
    let mut text = Vec::new();
    let style = Style { levels, depth: 0, is_empty: true };
    value.serialize(&mut Serializer::with_formatter(&mut text, style))?;
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

struct Style {
    /// So many levels are written in lines; where there are none, there are no spaces either.
    levels: u32,
    depth: u32,
    /// Whether nothing stands yet in the brackets that were opened last.
    is_empty: bool,
}

impl Style {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.is_empty = true;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        let ends_lines = self.depth <= self.levels && !self.is_empty;
        self.depth -= 1;
        self.is_empty = false;
        if ends_lines {
            self.new_line(writer)?;
        }
        writer.write_all(bracket)
    }

    /// Writes the separator before an item: a comma after another item, and a new line where there are lines.
    fn before_item<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.is_empty = false;
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth <= self.levels {
            self.new_line(writer)
        } else if !first && self.levels > 0 {
            writer.write_all(b" ")
        } else {
            Ok(())
        }
    }

    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Style {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, number: f64) -> io::Result<()> {
        writer.write_all(write_number(number).as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.before_item(writer, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.before_item(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.levels > 0 { b": " } else { b":" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_others_do() {
        let text = "\"q\" \\ / \n\t\r\u{0}\u{1f}\u{7f} ä€😀";
        let written = compact(text).unwrap();
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn lines_are_as_people_write_them() {
        let value = serde_json::json!({ "a": [1, { "b": [] }], "c": {}, "d": [[1, 2]] });
        assert_eq!(compact(&value).unwrap(), r#"{"a":[1,{"b":[]}],"c":{},"d":[[1,2]]}"#);
        let expected = "{\n  \"a\": [\n    1,\n    {\"b\": []}\n  ],\n  \"c\": {},\n  \"d\": [\n    [1, 2]\n  ]\n}\n";
        assert_eq!(lines(&value, 2).unwrap(), expected);
    }
}
