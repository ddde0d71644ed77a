//! A small map: a list in the order of its keys. Replicas are joined all the time, which is one walk along two lists, and copied,
//! which is one allocation; with the standard library's tree the merges of the benchmark are three to twelve times
//! slower. It does as well as a tree wherever things are few, or come in the order of their keys.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::slice;

use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Things by their keys, in the order of the keys. To insert before many others takes time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Map<K, V> {
    entries: Vec<(K, V)>,
}

impl<K, V> Map<K, V> {
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline]
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.entries.iter().map(|(key, _)| key)
    }

    #[inline]
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    #[inline]
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    #[inline]
    pub fn iter(&self) -> Iter<'_, K, V> {
        self.entries.iter().map(|(key, value)| (key, value))
    }
}

impl<K: Ord, V> Map<K, V> {
    /// Gives what was there before.
    #[inline]
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        // Keys mostly come in order.
        let is_last = self.entries.last().is_none_or(|(last, _)| *last < key);
        let place = if is_last { Err(self.entries.len()) } else { self.place(&key) };
        match place {
            Ok(place) => Some(core::mem::replace(&mut self.entries[place].1, value)),
            Err(place) => {
                // Most agents keep one thing: a list that grows by itself makes room for four.
                if self.entries.capacity() == 0 {
                    self.entries.reserve_exact(1);
                }
                self.entries.insert(place, (key, value));
                None
            }
        }
    }

    #[inline]
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.entries.remove(place).1)
    }

    #[must_use]
    #[inline]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| &self.entries[place].1)
    }

    #[inline]
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| &mut self.entries[place].1)
    }

    #[must_use]
    #[inline]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    #[inline]
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.entries.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }
}

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    /// The join of two maps, in one walk along both: `keeps` says which entries stay that only this map
    /// has, `takes` which come that only the other has, and `both` joins what both have and says whether
    /// that changed anything. Gives whether anything changed.
    #[inline]
    pub fn join(
        &mut self,
        other: &Self,
        mut keeps: impl FnMut(&K) -> bool,
        mut takes: impl FnMut(&K) -> bool,
        mut both: impl FnMut(&mut V, &V) -> bool,
    ) -> bool {
        let (mut changed, mut at) = (false, 0);
        // The entry to insert before a place, or `None` to remove the one at it. Mostly there are no edits.
        let mut edits: Vec<(usize, Option<&(K, V)>)> = Vec::new();
        for entry in &other.entries {
            let found = self.seek(at, &entry.0);
            let (Ok(place) | Err(place)) = found;
            edits
                .extend((at..place).filter(|it| !keeps(&self.entries[*it].0)).map(|it| (it, None)));
            at = place;
            if found.is_ok() {
                changed |= both(&mut self.entries[at].1, &entry.1);
                at += 1;
            } else if takes(&entry.0) {
                edits.push((at, Some(entry)));
            }
        }
        let rest = at..self.entries.len();
        edits.extend(rest.filter(|it| !keeps(&self.entries[*it].0)).map(|it| (it, None)));
        let Some((first, _)) = edits.first() else { return changed };
        let mut at = *first;
        let mut rest = self.entries.split_off(at).into_iter();
        self.entries.reserve(rest.len() + edits.len());
        for (place, edit) in edits {
            self.entries.extend(rest.by_ref().take(place - at));
            at = place;
            if let Some(entry) = edit {
                self.entries.push(entry.clone());
            } else {
                at += 1;
                rest.next();
            }
        }
        self.entries.extend(rest);
        true
    }

    /// Where the key is from a place on, or would be: first near the place, then in strides that double.
    #[inline]
    fn seek(&self, from: usize, key: &K) -> Result<usize, usize> {
        match self.entries.get(from).map(|(own, _)| own.cmp(key)) {
            None | Some(Ordering::Greater) => return Err(from),
            Some(Ordering::Equal) => return Ok(from),
            Some(Ordering::Less) => {}
        }
        let (mut low, mut stride) = (from + 1, 1);
        while self.entries.get(low + stride - 1).is_some_and(|(own, _)| own < key) {
            low += stride;
            stride *= 2;
        }
        let high = self.entries.len().min(low + stride);
        let found = self.entries[low..high].binary_search_by(|(own, _)| own.cmp(key));
        found.map(|place| low + place).map_err(|place| low + place)
    }
}

impl<K, V> Default for Map<K, V> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    #[inline]
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

/// Keys with their values.
pub type Iter<'a, K, V> =
    core::iter::Map<slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Not `collect_map`, which is not inlined: messages are counted in bytes by it.
        let mut entries = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self.iter() {
            entries.serialize_entry(key, value)?;
        }
        entries.end()
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = BTreeMap::deserialize(deserializer)?;
        Ok(Self { entries: entries.into_iter().collect() })
    }
}

#[cfg(feature = "schema")]
impl<V: schemars::JsonSchema> schemars::JsonSchema for Map<String, V> {
    #[inline]
    fn inline_schema() -> bool {
        true
    }

    #[inline]
    fn schema_name() -> std::borrow::Cow<'static, str> {
        BTreeMap::<String, V>::schema_name()
    }

    #[inline]
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        BTreeMap::<String, V>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_what_a_tree_does() {
        let (mut map, mut tree) = (Map::new(), BTreeMap::new());
        for number in 0..2_000_u32 {
            let key = number.wrapping_mul(2_654_435_761) % 97;
            if number % 3 == 0 {
                assert_eq!(map.remove(&key), tree.remove(&key));
            } else {
                assert_eq!(map.insert(key, number), tree.insert(key, number));
            }
            assert_eq!(map.get(&number), tree.get(&number));
            assert_eq!(map.contains_key(&key), tree.contains_key(&key));
        }
        assert!(map.iter().eq(&tree));
    }

    #[test]
    fn a_join_is_what_one_by_one_would_give() {
        // Every pair of sets of five keys, with what stays and comes decided by the key.
        for (own, other) in (0..32_u32).flat_map(|own| (0..32).map(move |other| (own, other))) {
            let of = |bits: u32, scale: u32| -> Map<u32, u32> {
                (0..5).filter(|key| bits >> key & 1 == 1).map(|key| (key, key * scale)).collect()
            };
            let (before, theirs) = (of(own, 10), of(other, 11));
            let (keeps, takes) = (|key: &u32| *key != 3, |key: &u32| *key != 1);
            let mut joined = before.clone();
            let changed = joined.join(&theirs, keeps, takes, |own, other| {
                let greater = (*own).max(*other);
                core::mem::replace(own, greater) != greater
            });
            let mut expected = Map::new();
            for key in 0..5 {
                let value = match (before.get(&key), theirs.get(&key)) {
                    (Some(own), Some(other)) => Some(*own.max(other)),
                    (Some(own), None) => keeps(&key).then_some(*own),
                    (None, other) => other.copied().filter(|_| takes(&key)),
                };
                value.map(|value| expected.insert(key, value));
            }
            assert_eq!(joined, expected, "{own:b} with {other:b}");
            assert_eq!(changed, joined != before, "{own:b} with {other:b}");
        }
    }
}
