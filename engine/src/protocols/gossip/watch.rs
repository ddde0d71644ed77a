//! The watch of gossips: how each spreads, and that agents decide only what they know.

use super::note::GossipNote;
use super::spread::Spread;
use super::{Gossip, Gossiping, RUMOUR};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::round_length::RoundLength;
use crate::common::sighting::Sighting;
use crate::map::Map;
use crate::protocol::note::ProtocolNote as _;
use crate::protocol::watch::{Part, Sight, Surroundings, Watch, Watched};
use crate::sim::{AgentId, Event, Property, PropertyKind, What};

impl Watched for Gossiping {
    type Setup = ();
    type Watch = GossipWatch;
    type Sighting = Sighting;
}

/// Watches all gossips of a run.
#[derive(Clone, Debug)]
pub struct GossipWatch {
    surroundings: Surroundings,
    gossips: Map<ProposalId, WatchedGossip>,
    validity: Property,
    counted_once: Property,
}

/// One gossip.
#[derive(Clone, Debug)]
struct WatchedGossip {
    spread: Box<Spread>,
    /// The vote that each agent made up its mind to, by its place in the electorate.
    voted: Vec<Option<Vote>>,
    /// The agent that opened it: its clock says when the first round begins.
    recorder: AgentId,
}

impl Default for GossipWatch {
    fn default() -> Self {
        Self {
            surroundings: Surroundings::default(),
            gossips: Map::new(),
            validity: Property::new("validity", PropertyKind::Always),
            counted_once: Property::new("counted_once", PropertyKind::Always),
        }
    }
}

impl Watch<Gossiping> for GossipWatch {
    fn begin(&mut self, (): &(), surroundings: &Surroundings) {
        self.surroundings = surroundings.clone();
    }

    fn on_arrived<N>(&mut self, event: &Event<N>, _: &mut impl Sight<Gossiping>) {
        if event.kind == RUMOUR.number
            && matches!(event.what, What::Delivered)
            && let Some(gossip) = self.gossips.get_mut(&event.instance)
        {
            gossip.spread.delivers(event.time_us);
        }
    }

    fn on_change<N>(&mut self, event: &Event<N>, sight: &mut impl Sight<Gossiping>) {
        if let What::Crashed | What::Removed | What::Restarted | What::Corrupted = event.what {
            for gossip in self.gossips.values_mut() {
                gossip.spread.pass(event.time_us);
            }
            self.look_at(event.agent, sight);
        }
    }

    fn on_note<N>(
        &mut self,
        event: &Event<N>,
        note: GossipNote,
        sight: &mut impl Sight<Gossiping>,
    ) {
        let gossip = note.subject().and_then(|proposal| self.gossips.get_mut(&proposal));
        if let Some(gossip) = gossip {
            gossip.spread.pass(event.time_us);
            if let GossipNote::Spread { known, .. } = note {
                gossip.spread.spreads(event.agent, known);
            }
        }
        match note {
            GossipNote::Spread { .. } | GossipNote::Turned { .. } => {
                self.look_at(event.agent, sight)
            }
            GossipNote::Gathered { proposal, decision } => {
                sight.tell(Sighting::Decided { proposal, decision });
            }
            _ => {}
        }
    }

    fn on_shared_note<N>(
        &mut self,
        event: &Event<N>,
        note: VoteNote,
        sight: &mut impl Sight<Gossiping>,
    ) {
        if let VoteNote::Opened { proposal } = note {
            return self.on_opened(proposal, event, sight);
        }
        let Some(proposal) = note.subject() else { return };
        let Some(gossip) = self.gossips.get_mut(&proposal) else { return };
        gossip.spread.pass(event.time_us);
        match note {
            VoteNote::Voted { vote, .. } => {
                gossip.spread.votes(vote);
                let place = gossip.spread.electorate.binary_search(&event.agent).ok();
                if let Some(voted) = place.and_then(|place| gossip.voted.get_mut(place)) {
                    *voted = Some(vote);
                }
                self.look_at(event.agent, sight);
            }
            // Once a round: there may be a hundred thousand agents.
            VoteNote::RoundBegan { round, .. } if gossip.spread.begins(round.into()) => {
                let by = (gossip.recorder, |agent| sight.clock(agent));
                gossip.spread.check_rounds(event.time_us, Some(event.id), by);
            }
            VoteNote::Concluded { decision, .. } if !gossip.spread.is_liar(event.agent) => {
                let gossiper = sight.agent(event.agent).filter(|it| !it.is_down());
                let gossiper = gossiper.and_then(|it| it.machine?.gossiper());
                let Some(part) = gossiper.and_then(|it| it.known.get(&proposal)) else { return };
                let WatchedGossip { spread, voted, .. } = gossip;
                let of = |place: usize| voted.get(place).copied().flatten();
                let allowed = spread.allows(&part.session, decision, of);
                self.validity.check(allowed, event.id);
                self.counted_once.check(part.session.adds_up(), event.id);
            }
            _ => {}
        }
    }

    fn on_sighting<N>(&mut self, _: &Event<N>, sighting: &Sighting, _: &impl Sight<Gossiping>) {
        if let Sighting::Lies { proposal, agent } = sighting
            && let Some(gossip) = self.gossips.get_mut(proposal)
        {
            gossip.spread.lies(*agent);
        }
    }

    fn is_touched(&self) -> bool {
        !self.gossips.is_empty()
    }

    fn properties(&self, _: bool) -> Vec<Property> {
        vec![self.validity.clone(), self.counted_once.clone()]
    }
}

impl GossipWatch {
    /// How the whole of this gossip stands.
    #[must_use]
    pub fn spread(&self, proposal: ProposalId) -> Option<&Spread> {
        Some(&self.gossips.get(&proposal)?.spread)
    }

    /// Begins to watch a vote, if it is a gossip.
    fn on_opened<N>(
        &mut self,
        proposal: ProposalId,
        event: &Event<N>,
        sight: &mut impl Sight<Gossiping>,
    ) {
        let recorder = sight.agent(event.agent).and_then(|it| it.machine?.recorder());
        let Some(call) = recorder.and_then(|it| it.call(proposal)) else { return };
        let algorithm = &call.proposal.algorithm;
        let Some(gossip) = algorithm.terms::<Gossip>().copied() else { return };
        let latency_most_us = self.surroundings.latency_most_us;
        let length = RoundLength { round_us: gossip.round_us, latency_most_us };
        let electorate = call.electorate.to_vec();
        let voted = vec![None; electorate.len()];
        let mut spread =
            Box::new(Spread::new((gossip, length), algorithm.rule, electorate, event.time_us));
        spread.check_rounds(event.time_us, None, (event.agent, |agent| sight.clock(agent)));
        let recorder = event.agent;
        self.gossips.insert(proposal, WatchedGossip { spread, voted, recorder });
    }

    /// Takes in what the agent holds now in each of its gossips; an agent that is down has none.
    fn look_at(&mut self, agent: AgentId, sight: &impl Sight<Gossiping>) {
        let part = sight.agent(agent).filter(|it: &Part<'_, Gossiping>| !it.is_down());
        let gossiper = part.and_then(|it| it.machine?.gossiper());
        for (proposal, gossip) in self.gossips.iter_mut() {
            let part = gossiper.and_then(|gossiper| gossiper.known.get(proposal));
            gossip.spread.holds(agent, part.map(|part| &*part.session));
        }
    }
}
