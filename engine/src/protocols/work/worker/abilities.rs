//! The abilities of an agent, and its own words on them.

use std::sync::Arc;

use super::super::WorkStyle;
use super::super::assign::book::Told;
use super::super::role::Work;
use super::super::talk::{UNNUMBERED, WorkTalk};
use super::Worker;
use crate::common::profile::Profile;
use crate::protocol::contract::Outlet;
use crate::sim::AgentId;

/// The abilities of an agent now; they survive a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abilities {
    pub style: WorkStyle,
    pub skills: Arc<Vec<Arc<str>>>,
    pub capacity: u32,
}

impl Abilities {
    #[must_use]
    pub fn of(profile: &Profile, style: &WorkStyle) -> Self {
        Self {
            style: style.clone(),
            skills: Arc::new(profile.skills.clone()),
            capacity: profile.capacity,
        }
    }
}

impl Worker {
    pub(super) fn told(&self) -> Told {
        Told {
            skills: self.abilities.skills.clone(),
            domains: self.domains.clone(),
            capacity: self.abilities.capacity,
            healthy: self.abilities.style.healthy,
            weight: self.abilities.style.weight,
        }
    }

    /// Says what it can do.
    pub(super) fn tell_abilities(&self, to: AgentId, out: &mut impl Outlet<Work>) {
        out.send(to, UNNUMBERED, WorkTalk::Abilities(Arc::new(self.told())));
    }
}
