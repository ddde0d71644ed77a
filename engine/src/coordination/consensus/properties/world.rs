//! What a watch reads of the world: an agent's part in a vote, its clock.

use crate::coordination::bus::KINDS;
use crate::coordination::consensus::gossip::session::Session;
use crate::coordination::consensus::manager::Poll;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::swarm::Swarm;
use crate::sim::{AgentId, LocalClock, Status, World};

/// An agent's part in a gossip; nothing while it is down.
pub(super) fn gossip_of<'a>(
    world: &'a World<'_, Swarm>,
    agent: AgentId,
    proposal: ProposalId,
) -> Option<&'a Session> {
    let slot =
        world.agent(agent).filter(|slot| !matches!(slot.status, Status::Down | Status::Removed))?;
    slot.process.gossip_session(proposal)
}

/// The clock of each agent.
pub(super) fn clocks(world: &World<'_, Swarm>) -> impl Fn(AgentId) -> LocalClock {
    |agent| world.agent(agent).map_or_else(LocalClock::default, |slot| slot.clock)
}

pub(super) fn poll_of<'a>(
    coordinator: Option<AgentId>,
    proposal: ProposalId,
    world: &'a World<'_, Swarm>,
) -> Option<&'a Poll> {
    world.agent(coordinator?)?.process.poll(proposal)
}

/// Whether a vote consists of such messages.
pub(super) fn is_about_proposal(kind: u8) -> bool {
    KINDS.get(usize::from(kind)).is_some_and(|kind| kind.is_about_proposal)
}
