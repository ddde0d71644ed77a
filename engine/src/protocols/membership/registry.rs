//! The roster of the swarm and its status, as the coordinator knows them (A4).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::MembershipEntry;
use super::message::{AgentStatus, MembershipStatus, SwarmStatus};
use crate::common::consensus::proposal::ProposalId;
use crate::common::registration::Registration;
use crate::common::signal::Signal;
use crate::map::Map;
use crate::sim::AgentId;

/// The roster, and what the agent's other protocols tell of proposals and tasks.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    pub roster: Map<AgentId, Arc<Registration>>,
    open: BTreeSet<ProposalId>,
    open_tasks: u32,
    ended_tasks: u32,
    standings: Map<AgentId, Standing>,
}

/// How an agent has done so far.
#[derive(Clone, Copy, Debug)]
struct Standing {
    reputation: u32,
    done: u32,
    failed: u32,
}

impl Registry {
    /// Carries out one change; the same in memory and in the journal.
    pub fn write(&mut self, entry: &MembershipEntry) {
        match entry {
            MembershipEntry::Registered { agent, registration } => {
                self.standing(*agent, registration.reputation);
                self.roster.insert(*agent, registration.clone());
            }
            MembershipEntry::Unregistered { agent } => {
                self.roster.remove(agent);
            }
            MembershipEntry::Heard(signal) => self.learn(signal),
        }
    }

    #[inline]
    fn standing(&mut self, agent: AgentId, reputation: u32) -> Option<&mut Standing> {
        if !self.standings.contains_key(&agent) {
            self.standings.insert(agent, Standing { reputation, done: 0, failed: 0 });
        }
        self.standings.get_mut(&agent)
    }

    /// Whether the signal changes anything of what is kept here.
    pub fn concerns(signal: &Signal) -> bool {
        matches!(
            signal,
            Signal::Opened(_)
                | Signal::Closed { .. }
                | Signal::TaskOpened
                | Signal::TaskEnded
                | Signal::Earned { .. }
        )
    }

    #[inline]
    fn learn(&mut self, signal: &Signal) {
        match signal {
            Signal::Opened(opening) => {
                self.open.insert(opening.id);
            }
            Signal::Closed { id } => {
                self.open.remove(id);
            }
            Signal::TaskOpened => self.open_tasks += 1,
            Signal::TaskEnded => {
                self.open_tasks -= 1;
                self.ended_tasks += 1;
            }
            Signal::Earned { agent, is_done, reputation } => {
                if let Some(standing) = self.standing(*agent, *reputation) {
                    standing.reputation = *reputation;
                    standing.done += u32::from(*is_done);
                    standing.failed += u32::from(!*is_done);
                }
            }
            _ => {}
        }
    }

    /// How the agent stands, or the swarm when none is named.
    #[must_use]
    pub fn status(&self, about: Option<AgentId>) -> MembershipStatus {
        let Some(agent) = about else {
            return MembershipStatus::Swarm(SwarmStatus {
                registered: self.roster.keys().copied().collect(),
                open_proposals: self.open.iter().copied().collect(),
                open_tasks: self.open_tasks,
                ended_tasks: self.ended_tasks,
            });
        };
        let registration = self.roster.get(&agent);
        let standing = self.standings.get(&agent);
        MembershipStatus::Agent(AgentStatus {
            agent,
            registered: registration.is_some(),
            weight_milli: registration.map_or(0, |it| it.weight_milli),
            reputation: standing.map_or(0, |it| it.reputation),
            done: standing.map_or(0, |it| it.done),
            failed: standing.map_or(0, |it| it.failed),
        })
    }
}
