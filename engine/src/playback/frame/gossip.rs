//! What is visible of a gossip at one instant: how the whole stands now, and how it stood at the end of
//! each round. What one agent holds is in its [`AgentFrame`].

use super::{AgentFrame, Lamp, ProposalFrame};
use crate::coordination::bus::{Body, Message};
use crate::coordination::consensus::assumption::Broken;
use crate::coordination::consensus::gossip::spread::{Point, Spread, Told};
use crate::coordination::consensus::gossip::{Gossip, Talk};
use crate::coordination::consensus::quorum::{Account, Decision};
use crate::coordination::consensus::vote::watch::Facts;
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::InFlight;

/// A gossip at this instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GossipFrame {
    /// How it is held.
    pub gossip: Gossip,
    /// Agents entitled to vote that do not lie: all counts below are of them.
    pub agents: u32,
    /// FOR, AGAINST and ABSTAIN as they voted at first, before they heard anything.
    pub cast: [u32; 3],
    pub now: Point,
    /// At the end of round 1, 2, …; as many as are over, 64 at most.
    pub curve: Vec<Point>,
    /// By rumour: what was told in round 1, 2, …; the last one may still go on.
    pub told: Vec<Told>,
    /// What all the votes as they were cast at first come to, if someone could see them at once.
    pub full_tally: Decision,
    /// The first round at whose end enough of the whole agreed, from 1.
    pub converged_in: Option<u32>,
    /// The first time that rounds were too short for all to be in step, if there was one.
    pub broken: Option<Broken>,
}

/// Turns what the coordinator has heard of a gossip into what is so: each elector stands where its
/// belief is, solid once it has decided.
pub(super) fn see(proposal: &mut ProposalFrame, agents: &[AgentFrame], facts: &Facts) {
    let Some(gossip) = &proposal.gossip else { return };
    for elector in &mut proposal.electors {
        let Some(state) = agents.get(elector.agent.index()) else { continue };
        elector.lamp = match (state.side, state.outcome) {
            _ if !state.knows => Lamp::Unaware,
            (Some(side), Some(_)) => Lamp::Counted(side),
            (Some(side), None) => Lamp::Holds(side),
            (None, Some(_)) => Lamp::Absent,
            (None, None) => Lamp::Deciding,
        };
        if let Some((_, at_us)) = facts.of(elector.agent).outcome {
            elector.since_us = at_us;
        }
    }
    let agents = u64::from(gossip.agents);
    proposal.account = Account {
        in_favour: gossip.now.in_favour.into(),
        whole: agents,
        outstanding: 0,
        needed: agents / 2 + 1,
    };
}

/// Whether a message only tells ballots that its receiver knows by now.
pub(super) fn is_repeat(simulation: &SwarmSimulation, message: &InFlight<Message>) -> bool {
    let Body::Gossip(Talk::Rumour { ballots, .. }) = &message.message.body else { return false };
    if message.dest.index() >= simulation.agent_count() {
        return false;
    }
    let (slot, id) = (simulation.agent(message.dest), message.message.header.instance);
    super::fill::gossip_session(slot, id).is_some_and(|session| session.is_repeat(ballots))
}

impl GossipFrame {
    pub(in crate::playback) fn new(watch: &Spread, now_us: u64) -> Self {
        let curve: Vec<Point> = watch.curve(now_us).collect();
        let gossip = watch.gossip;
        let enough = |it: &Point| gossip.is_converged(it.agreeing().into(), it.agents.into());
        let converged = curve.iter().position(enough);
        Self {
            gossip,
            agents: watch.point().agents,
            cast: watch.cast,
            now: watch.point(),
            told: watch.told.clone(),
            full_tally: watch.full_tally(),
            converged_in: converged.map(|place| place as u32 + 1),
            curve,
            broken: watch.broken,
        }
    }

    /// The share of all ballots cast that all agents together know at this point, in millionths: of one
    /// ballot among them on average, the share of agents it has reached.
    #[must_use]
    pub fn spread(&self, point: &Point) -> u64 {
        point.spread(self.cast.iter().map(|count| u64::from(*count)).sum())
    }
}
