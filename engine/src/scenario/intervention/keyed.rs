//! Interventions as a file spells them: an object with one key. Acts of protocols have keys of their own, beside those that every
//! swarm knows.

use std::cell::Cell;
use std::fmt;
use std::sync::OnceLock;

use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IntoDeserializer as _, VariantAccess, Visitor,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, forward_to_deserialize_any};

use super::Intervention;
use crate::coordination::registry::protocols;
use crate::coordination::room::Room;

/// Makes what asks each protocol for its acts.
macro_rules! acts {
    ($($(#[$on:meta])* $field:ident $mark:tt $(in $path:literal)?: $Row:ident = $Room:ty,)*) => {
        /// Every key of an intervention.
        fn keys() -> &'static [&'static str] {
            static KEYS: OnceLock<Vec<&'static str>> = OnceLock::new();
            KEYS.get_or_init(|| {
                let mut keys = keys_of(|asking| drop(Intervention::deserialize(asking))).to_vec();
                $($(#[$on])* keys.extend(keys_of(|asking| drop(<$Room as Room>::Act::deserialize(asking))));)*
                keys
            })
        }

        impl<'de> Visitor<'de> for AnyIntervention {
            type Value = Intervention;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an intervention")
            }

            fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Intervention, A::Error> {
                let (key, variant) = access.variant::<String>()?;
                let keyed = Keyed { key: &key, variant };
                $($(#[$on])* if keys_of(|asking| drop(<$Room as Room>::Act::deserialize(asking))).contains(&key.as_str()) {
                    return <$Room as Room>::Act::deserialize(keyed).map(Intervention::$Row);
                })*
                Intervention::deserialize(keyed)
            }
        }

        impl Serialize for Intervention {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $($(#[$on])* Self::$Row(act) => act.serialize(serializer),)*
                    own => Self::serialize(own, serializer),
                }
            }
        }
    };
}

protocols!(acts);

struct AnyIntervention;

/// The keys for which a type asks that is read; reading ends there.
fn keys_of(read: impl FnOnce(Asking<'_>)) -> &'static [&'static str] {
    let keys = Cell::new(&[][..]);
    read(Asking(&keys));
    keys.get()
}

/// Hears for which keys a type asks.
struct Asking<'a>(&'a Cell<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Asking<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("only keys are asked for"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.set(keys);
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> Deserialize<'de> for Intervention {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Intervention", keys(), AnyIntervention)
    }
}

/// One of several whose key was read already.
struct Keyed<'a, A> {
    key: &'a str,
    variant: A,
}

impl<'de, A: VariantAccess<'de>> Deserializer<'de> for Keyed<'_, A> {
    type Error = A::Error;

    fn deserialize_any<T: Visitor<'de>>(self, visitor: T) -> Result<T::Value, A::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: VariantAccess<'de>> EnumAccess<'de> for Keyed<'_, A> {
    type Error = A::Error;
    type Variant = A;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, A), A::Error> {
        let key: StrDeserializer<'_, A::Error> = self.key.into_deserializer();
        Ok((seed.deserialize(key)?, self.variant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json;
    use crate::protocol::read::read;

    #[test]
    fn every_key_is_known_and_none_is_known_twice() {
        for (place, key) in keys().iter().enumerate() {
            assert!(!keys()[..place].contains(key), "{key} is the key of two");
            let read = read::<Intervention>(&json::parse(&format!("{{ \"{key}\": 7 }}")).unwrap());
            let problem = read.unwrap_err();
            let path = &problem.path;
            assert!(path.is_empty() || path == *key, "{key}: {path}");
        }
        assert!(keys().contains(&"crash") && keys().contains(&"tell"), "{:?}", keys());
        let unknown = json::parse("{ \"crush\": { \"agent\": \"ann\" } }").unwrap();
        let problem = read::<Intervention>(&unknown).unwrap_err();
        assert!(problem.repair.contains("did you mean \"crash\"?"), "{problem:?}");
    }
}
