//! A set in which adding wins over removing: a removal takes away only what its writer had seen, and
//! nothing is kept of what was removed (Bieniusa et al. 2012, *An optimized conflict-free replicated
//! set*).

use serde::Serialize;

use super::dotted::Dotted;
use super::g_set::GSet;
use crate::coordination::state::clock::Origin;
use crate::coordination::state::value::Value;

/// Every value is there as long as one of the dots is under which it was inserted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrSet(Dotted);

impl OrSet {
    pub fn insert(&mut self, origin: Origin, value: &Value) -> Self {
        Self(self.0.replace(|other| other == value, Some((origin, value))))
    }

    /// Takes the value away as far as it was seen here. Of a value that is not there nothing changes.
    pub fn remove(&mut self, value: &Value) -> Self {
        Self(self.0.replace(|other| other == value, None))
    }

    pub fn join(&mut self, other: &Self) -> bool {
        self.0.join(&other.0)
    }

    #[must_use]
    pub fn contains(&self, value: &Value) -> bool {
        self.0.values().any(|other| other == value)
    }

    /// A sorted list.
    #[must_use]
    pub fn value(&self) -> Value {
        self.0.values().cloned().collect::<GSet>().value()
    }
}
