//! A JSON value as `serde` reads from it.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Map;

use super::fault::ReadFault;
use super::{found, whole};
use crate::protocol::json::Value;
use crate::protocol::number::{DIGITS_MAX, read_exactly, read_number};
use crate::protocol::problem::{shortened, suggestion};

/// A value, or a field that is not there: a struct reads all of its fields, so that those that must be there can say what
/// they expect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'de>(Option<&'de Value>);

impl<'de> Written<'de> {
    pub(super) fn of(value: &'de Value) -> Self {
        Self(Some(value))
    }

    /// Every field in the order of its type: so the first problem is the first that a reader of the file meets in the
    /// documentation, and not in the alphabet.
    fn fields<V: Visitor<'de>>(
        self,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadFault> {
        let fields = self.object(Some(known))?;
        visitor.visit_map(MapDeserializer::new(
            known.iter().map(|name| (*name, Self(fields.get(*name)))),
        ))
    }

    fn items<V: Visitor<'de>>(
        self,
        length: Option<usize>,
        visitor: V,
    ) -> Result<V::Value, ReadFault> {
        visit_all(self.list(length)?, visitor)
    }
}

/// The parts that are the same whatever is read, once in the program.
impl<'de> Written<'de> {
    /// An object, with no other fields than these if they are named.
    #[inline(never)]
    fn object(self, known: Option<&[&str]>) -> Result<&'de Map<String, Value>, ReadFault> {
        let Some(Value::Object(fields)) = self.0 else {
            return Err(ReadFault::new("an object", "write { … }"));
        };
        let Some(known) = known else { return Ok(fields) };
        let Some(unknown) = fields.keys().find(|name| !known.contains(&name.as_str())) else {
            return Ok(fields);
        };
        let near = suggestion(unknown, known.iter().copied());
        let expected = format!("only fields it may have ({})", known.join(", "));
        Err(ReadFault {
            found: Some(format!("the unknown field {:?}", shortened(unknown))),
            field: Some(unknown.clone()),
            ..ReadFault::new(expected, format!("rename it or leave it out{near}"))
        })
    }

    #[inline(never)]
    fn list(self, length: Option<usize>) -> Result<&'de [Value], ReadFault> {
        match (self.0, length) {
            (Some(Value::Array(items)), None) => Ok(items),
            (Some(Value::Array(items)), Some(length)) if items.len() == length => Ok(items),
            (Some(Value::Array(_)), Some(_)) => {
                Err(ReadFault::new("a list of two numbers", "write for example [50, 150]"))
            }
            _ => Err(ReadFault::new("a list", "write [ … ]")),
        }
    }

    #[inline(never)]
    fn integer<T: TryFrom<i128> + Display>(self, (least, most): (T, T)) -> Result<T, ReadFault> {
        whole(self.0).ok_or_else(|| {
            let expected = format!("a whole number from {least} to {most}");
            ReadFault::new(expected, "write it without quotes and decimals")
        })
    }

    #[inline(never)]
    fn truth(self) -> Result<bool, ReadFault> {
        match self.0 {
            Some(Value::Bool(truth)) => Ok(*truth),
            _ => Err(ReadFault::new("true or false", "write one of the two, without quotes")),
        }
    }

    #[inline(never)]
    fn number(self) -> Result<f64, ReadFault> {
        match self.0 {
            Some(Value::Number(number)) => number_of(number.as_str()),
            _ => Err(ReadFault::new("a number", "write it without quotes, for example 2.5")),
        }
    }

    #[inline(never)]
    fn text(self) -> Result<&'de str, ReadFault> {
        match self.0 {
            Some(Value::String(text)) => Ok(text),
            _ => Err(ReadFault::new("a text", "write it in double quotes")),
        }
    }

    /// One of several: a text that names it, or an object whose only field does.
    #[inline(never)]
    fn choice(self, names: &[&str]) -> Result<Choice<'de>, ReadFault> {
        let written = match self.0 {
            Some(Value::String(name)) => Some((name, Self(None))),
            Some(Value::Object(fields)) if fields.len() == 1 => {
                fields.iter().next().map(|(name, content)| (name, Self::of(content)))
            }
            _ => None,
        };
        if let Some((name, content)) = written.filter(|(name, _)| names.contains(&name.as_str())) {
            return Ok(Choice { name, content });
        }
        let name = written.map(|(name, _)| name.as_str());
        let near = name.map_or_else(String::new, |name| suggestion(name, names.iter().copied()));
        let found = name.map_or_else(|| found(self.0), |name| format!("{:?}", shortened(name)));
        let expected = format!("one of {}", names.join(", "));
        Err(ReadFault {
            found: Some(found),
            ..ReadFault::new(expected, format!("take one of these{near}"))
        })
    }
}

fn visit_all<'de, V: Visitor<'de>>(items: &'de [Value], visitor: V) -> Result<V::Value, ReadFault> {
    visitor.visit_seq(SeqDeserializer::new(items.iter().map(Written::of)))
}

/// A number, if reading it loses nothing.
pub(super) fn number_of(written: &str) -> Result<f64, ReadFault> {
    read_exactly(written).ok_or_else(|| {
        if read_number(written).is_some_and(|number| number != 0.0 && number.is_finite()) {
            ReadFault::new(format!("a number of at most {DIGITS_MAX} digits"), "round it")
        } else {
            ReadFault::new("a number", "write it without quotes, for example 2.5")
        }
    })
}

impl<'de> IntoDeserializer<'de, ReadFault> for Written<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty => $visit:ident,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
            visitor.$visit(self.integer((<$type>::MIN, <$type>::MAX))?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Written<'de> {
    type Error = ReadFault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        match self.0 {
            None => visitor.visit_none(),
            Some(Value::Null) => visitor.visit_unit(),
            Some(Value::Bool(truth)) => visitor.visit_bool(*truth),
            Some(Value::Number(number)) => visitor.visit_f64(number_of(number.as_str())?),
            Some(Value::String(text)) => visitor.visit_borrowed_str(text),
            Some(Value::Array(items)) => visit_all(items, visitor),
            // Handed on whole: what it is read as depends on who asks.
            Some(Value::Object(_)) => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        visitor.visit_bool(self.truth()?)
    }

    integers! {
        deserialize_i8: i8 => visit_i8,
        deserialize_i16: i16 => visit_i16,
        deserialize_i32: i32 => visit_i32,
        deserialize_i64: i64 => visit_i64,
        deserialize_u8: u8 => visit_u8,
        deserialize_u16: u16 => visit_u16,
        deserialize_u32: u32 => visit_u32,
        deserialize_u64: u64 => visit_u64,
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        visitor.visit_f64(self.number()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        self.deserialize_str(visitor)
    }

    /// `null` is the same as leaving the field out.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        match self.0 {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadFault> {
        match self.0 {
            None if name == GIVEN => visitor.visit_none(),
            Some(value @ Value::Object(_)) if name == UNREAD => {
                visitor.visit_newtype_struct(Unread(value))
            }
            _ if name == UNREAD => Err(ReadFault::new("an object", "write { … }")),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        self.items(None, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, ReadFault> {
        self.items(Some(len), visitor)
    }

    /// An object with fields of any name.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        let fields =
            self.object(None)?.iter().map(|(name, value)| (name.as_str(), Self::of(value)));
        visitor.visit_map(MapDeserializer::new(fields))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadFault> {
        self.fields(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadFault> {
        visitor.visit_enum(self.choice(names)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 f32 char bytes byte_buf unit unit_struct tuple_struct identifier
    }
}

/// The variant that was chosen among several.
struct Choice<'de> {
    name: &'de str,
    /// The value beside the name; nothing when the name stands alone.
    content: Written<'de>,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = ReadFault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), ReadFault> {
        let name: StrDeserializer<'_, ReadFault> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = ReadFault;

    fn unit_variant(self) -> Result<(), ReadFault> {
        let name = self.name;
        match self.content.0 {
            None => Ok(()),
            Some(_) => {
                Err(ReadFault::new(format!("{name:?} alone"), format!("write just {name:?}")))
            }
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, ReadFault> {
        seed.deserialize(self.content)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, ReadFault> {
        self.content.items(Some(len), visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadFault> {
        self.content.fields(fields, visitor)
    }
}

/// The name by which an object is asked for as it stands.
pub(super) const UNREAD: &str = "unread";

/// A value as it stands: numbers keep all their digits.
struct Unread<'de>(&'de Value);

impl<'de> Deserializer<'de> for Unread<'de> {
    type Error = ReadFault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadFault> {
        self.0.deserialize_any(visitor).map_err(ReadFault::custom)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The name by which [`given`] asks, as there is no other way to ask for it.
const GIVEN: &str = "given";

pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_newtype_struct(GIVEN, Given(PhantomData))
}

struct Given<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Given<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}
