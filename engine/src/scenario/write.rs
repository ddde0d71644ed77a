//! JSON from what derives `Serialize`, in the order of its fields. A writer of our own for the same
//! reason as the reader: serde_json's is several times as large.

use std::fmt::Error;

use serde::ser::{
    Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleVariant, Serializer,
};

use crate::coordination::number::write_number;

/// JSON in one line, without spaces.
///
/// # Errors
/// Only for what no file of ours has in it: bytes, characters by themselves, structs without names.
pub fn compact<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    write(value, 0)
}

/// JSON to read and to edit: so many levels of brackets stand on lines of their own.
///
/// # Errors
/// As [`compact`].
pub fn lines<T: Serialize + ?Sized>(value: &T, levels: u32) -> Result<String, Error> {
    write(value, levels).map(|text| text + "\n")
}

fn write<T: Serialize + ?Sized>(value: &T, levels: u32) -> Result<String, Error> {
    let mut writer = Writer { text: String::new(), levels, depth: 0 };
    value.serialize(&mut writer)?;
    Ok(writer.text)
}

struct Writer {
    text: String,
    /// So many levels are written in lines.
    levels: u32,
    depth: u32,
}

impl Writer {
    /// What stands before the next item: a comma after another one, and a new line where there are
    /// lines.
    fn before_item(&mut self) {
        let is_first = self.text.ends_with(['{', '[']);
        if !is_first {
            self.text.push(',');
        }
        if self.is_in_lines() {
            self.new_line();
        } else if !is_first && self.levels > 0 {
            self.text.push(' ');
        }
    }

    fn is_in_lines(&self) -> bool {
        (1..=self.levels).contains(&self.depth)
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        self.text.extend((0..self.depth).map(|_| "  "));
    }

    fn name(&mut self, name: &str) {
        self.before_item();
        self.string(name);
        self.text.push_str(if self.levels > 0 { ": " } else { ":" });
    }

    fn open(&mut self, bracket: char) {
        self.depth += 1;
        self.text.push(bracket);
    }

    fn close(&mut self, bracket: char) {
        let ends_lines = self.is_in_lines() && !self.text.ends_with(['{', '[']);
        self.depth -= 1;
        if ends_lines {
            self.new_line();
        }
        self.text.push(bracket);
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.text.extend(['\\', c]),
                '\n' => self.text.push_str("\\n"),
                c if c < ' ' => self.text += &format!("\\u{:04x}", u32::from(c)),
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }
}

/// What was opened, and is still to be closed.
struct Opened<'a> {
    writer: &'a mut Writer,
    close: &'static [char],
}

impl<'a> Opened<'a> {
    fn new(writer: &'a mut Writer, open: char, close: &'static [char]) -> Self {
        writer.open(open);
        Self { writer, close }
    }

    /// `{"variant": [` or the like: the choice is named outside its content.
    fn variant(writer: &'a mut Writer, variant: &str, open: char, close: &'static [char]) -> Self {
        writer.open('{');
        writer.name(variant);
        Self::new(writer, open, close)
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.writer.before_item();
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.writer.name(name);
        value.serialize(&mut *self.writer)
    }

    fn done(self) -> Result<(), Error> {
        for bracket in self.close {
            self.writer.close(*bracket);
        }
        Ok(())
    }
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Opened<'a>;
    type SerializeTuple = Opened<'a>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Opened<'a>;
    type SerializeMap = Opened<'a>;
    type SerializeStruct = Opened<'a>;
    type SerializeStructVariant = Opened<'a>;

    fn serialize_bool(self, truth: bool) -> Result<(), Error> {
        self.text.push_str(if truth { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i64(self, number: i64) -> Result<(), Error> {
        self.text += &number.to_string();
        Ok(())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Error> {
        self.text += &number.to_string();
        Ok(())
    }

    fn serialize_i8(self, number: i8) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_u8(self, number: u8) -> Result<(), Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<(), Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_f32(self, number: f32) -> Result<(), Error> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Error> {
        self.text += &write_number(number);
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        self.string(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut opened = Opened::new(self, '{', &['}']);
        opened.field(variant, value)?;
        opened.done()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Opened<'a>, Error> {
        Ok(Opened::new(self, '[', &[']']))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Opened<'a>, Error> {
        Ok(Opened::new(self, '[', &[']']))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Opened<'a>, Error> {
        Ok(Opened::variant(self, variant, '[', &[']', '}']))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Opened<'a>, Error> {
        Ok(Opened::new(self, '{', &['}']))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Opened<'a>, Error> {
        Ok(Opened::new(self, '{', &['}']))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Opened<'a>, Error> {
        Ok(Opened::variant(self, variant, '{', &['}', '}']))
    }

    fn serialize_char(self, _character: char) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_bytes(self, _bytes: &[u8]) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        Err(Error)
    }
}

/// What holds things one after the other.
macro_rules! lists {
    ($($kind:ident::$element:ident),*) => {$(
        impl $kind for Opened<'_> {
            type Ok = ();
            type Error = Error;

            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.done()
            }
        }
    )*};
}

lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleVariant::serialize_field
);

impl SerializeMap for Opened<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.item(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.writer.text.push_str(if self.writer.levels > 0 { ": " } else { ":" });
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.done()
    }
}

/// What holds things by their names.
macro_rules! structs {
    ($($kind:ident),*) => {$(
        impl $kind for Opened<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.done()
            }
        }
    )*};
}

structs!(SerializeStruct, SerializeStructVariant);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::file::ScenarioFile;

    const EVERY_FIELD: &str = include_str!("read/every_field.json");

    #[test]
    fn files_are_written_as_the_types_say() {
        let file: ScenarioFile = serde_json::from_str(EVERY_FIELD).unwrap();
        for text in [compact(&file), lines(&file, 1), lines(&file, 2), lines(&file, 9)] {
            let ours: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
            let theirs = serde_json::to_value(&file).unwrap();
            // 1.0 here is 1 there: compare what is read from both.
            let read = |value| serde_json::from_value::<ScenarioFile>(value).unwrap();
            assert_eq!(read(ours), read(theirs));
        }
    }

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
