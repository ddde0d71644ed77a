//! The stock of resources, and the rules by which it is lent.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::sim::AgentId;

/// The place of a resource in the stock, from 0.
pub type ResourceId = u16;

/// The sort of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    Compute,
    Memory,
    Storage,
    ApiCalls,
    Data,
}

impl ResourceKind {
    /// Its words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Compute => "compute",
            Self::Memory => "memory",
            Self::Storage => "storage",
            Self::ApiCalls => "API calls",
            Self::Data => "data",
        }
    }
}

/// The rule by which deadlocks are dealt with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeadlockPolicy {
    /// They are found and shown, and stay.
    #[default]
    None,
    /// The youngest demand on the cycle gives back all it has, and begins anew after a random pause.
    YoungestGivesWay,
    /// Agents ask in the order of the stock: then there are none.
    Ordered,
}

impl DeadlockPolicy {
    pub const ALL: [Self; 3] = [Self::None, Self::YoungestGivesWay, Self::Ordered];
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub name: Arc<str>,
    pub kind: ResourceKind,
    pub capacity: u32,
}

/// The rules of a keeper and of those who ask it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The agent that lends the stock.
    pub keeper: AgentId,
    pub stock: Vec<Resource>,
    /// A grant lasts so long, unless it is renewed.
    pub lease_us: u64,
    /// Two clocks diverge at most so far within one lease: a holder stops so much earlier.
    pub drift_us: u64,
    pub policy: DeadlockPolicy,
    /// The priority of a request rises by one each time it has waited so long.
    pub ageing_us: Option<u64>,
}

/// Priorities are at least this and at most that.
pub const PRIORITY_LEAST: u8 = 1;
pub const PRIORITY_MOST: u8 = 10;
/// The priority of a demand that names none.
pub const PRIORITY_USUAL: u8 = 5;

impl Rules {
    /// How often a request is repeated and a lease renewed: four times within a lease.
    #[must_use]
    pub fn again_us(&self) -> u64 {
        (self.lease_us / 4).max(1)
    }

    /// A request that has waited so long is asked about: does it wait for itself?
    #[must_use]
    pub fn patience_us(&self) -> u64 {
        self.lease_us / 2
    }

    /// The capacity of a resource; 0 where there is no such.
    #[must_use]
    pub fn capacity(&self, resource: ResourceId) -> u32 {
        self.stock.get(usize::from(resource)).map_or(0, |it| it.capacity)
    }

    /// All resources by their places.
    pub fn resources(&self) -> impl Iterator<Item = (ResourceId, &Resource)> {
        (0..).zip(&self.stock)
    }

    /// The priority of a request after it has waited so long.
    #[must_use]
    pub fn aged(&self, priority: u8, waited_us: u64) -> u8 {
        let risen = self.ageing_us.map_or(0, |ageing_us| waited_us / ageing_us.max(1));
        let risen = u8::try_from(risen).unwrap_or(PRIORITY_MOST);
        priority.saturating_add(risen).min(PRIORITY_MOST.max(priority))
    }
}
