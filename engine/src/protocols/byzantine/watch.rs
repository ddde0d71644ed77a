//! The watch of Byzantine votes: their assumptions hold, and honest agents decide only what the votes allow.

use super::assumptions::Assumptions;
use super::message::{EVIDENCE, STATEMENTS};
use super::note::ByzantineNote;
use super::{Byzantine, ByzantineCall};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::kind::shared::PROPOSAL;
use crate::common::sighting::Sighting;
use crate::map::Map;
use crate::protocol::watch::{Sight, Surroundings, Watch, Watched};
use crate::sim::{AgentId, Event, EventId, Property, PropertyKind, Status, What};

impl Watched for Byzantine {
    type Setup = ();
    type Watch = ByzantineWatch;
    type Sighting = Sighting;
}

/// Watches all Byzantine votes of a run.
#[derive(Clone, Debug)]
pub struct ByzantineWatch {
    surroundings: Surroundings,
    votes: Map<ProposalId, WatchedVote>,
    validity: Property,
    counted_once: Property,
}

/// One vote.
#[derive(Clone, Debug)]
struct WatchedVote {
    assumptions: Assumptions,
    liars: Vec<AgentId>,
    /// The vote that each agent made up its mind to, by its place in the electorate.
    voted: Vec<Option<Vote>>,
    /// The holder of both statements of a voter, that voter, and the event since which it holds them.
    exposures: Vec<(AgentId, AgentId, EventId)>,
}

impl Default for ByzantineWatch {
    fn default() -> Self {
        Self {
            surroundings: Surroundings::default(),
            votes: Map::new(),
            validity: Property::new("validity", PropertyKind::Always),
            counted_once: Property::new("counted_once", PropertyKind::Always),
        }
    }
}

impl Watch<Byzantine> for ByzantineWatch {
    fn begin(&mut self, (): &(), surroundings: &Surroundings) {
        self.surroundings = surroundings.clone();
    }

    fn on_lost<N>(&mut self, event: &Event<N>, sight: &mut impl Sight<Byzantine>) {
        let Some(vote) = self.votes.get_mut(&event.instance) else { return };
        // One between two agents leaves a gap, a call that never came leaves its receiver out.
        if [STATEMENTS.number, EVIDENCE.number].contains(&event.kind) {
            vote.assumptions.gap(event.agent, event.peer, event.id);
        } else if event.kind == PROPOSAL.number {
            vote.assumptions.fails(event.peer, event.id);
        } else {
            return;
        }
        vote.tell(event.instance, sight);
    }

    fn on_change<N>(&mut self, event: &Event<N>, sight: &mut impl Sight<Byzantine>) {
        // The agent is faulty in every vote that goes on.
        if let What::Crashed | What::Removed | What::Corrupted | What::Paused = event.what {
            for (&proposal, vote) in self.votes.iter_mut() {
                if vote.assumptions.is_on(event.time_us) {
                    vote.assumptions.fails(event.agent, event.id);
                    vote.tell(proposal, sight);
                }
            }
        }
    }

    fn on_note<N>(
        &mut self,
        event: &Event<N>,
        note: ByzantineNote,
        sight: &mut impl Sight<Byzantine>,
    ) {
        match note {
            ByzantineNote::Recorded { proposal, decision } => {
                sight.tell(Sighting::Decided { proposal, decision });
            }
            ByzantineNote::Exposed { proposal, voter } => {
                if let Some(vote) = self.votes.get_mut(&proposal) {
                    vote.exposures.push((event.agent, voter, event.id));
                }
            }
            _ => {}
        }
    }

    fn on_shared_note<N>(
        &mut self,
        event: &Event<N>,
        note: VoteNote,
        sight: &mut impl Sight<Byzantine>,
    ) {
        if let VoteNote::Opened { proposal } = note {
            return self.on_opened(proposal, event, sight);
        }
        match note {
            VoteNote::Voted { proposal, vote } => {
                let Some(watched) = self.votes.get_mut(&proposal) else { return };
                let place = watched.assumptions.electorate.iter().position(|it| *it == event.agent);
                if let Some(voted) = place.and_then(|place| watched.voted.get_mut(place)) {
                    *voted = Some(vote);
                }
            }
            VoteNote::RoundBegan { proposal, .. } => {
                let Some(vote) = self.votes.get_mut(&proposal) else { return };
                vote.assumptions
                    .check_rounds(event.time_us, Some(event.id), |agent| sight.clock(agent));
            }
            VoteNote::CameLate { proposal, from } => {
                let Some(vote) = self.votes.get_mut(&proposal) else { return };
                vote.assumptions.gap(from, event.agent, event.id);
                vote.tell(proposal, sight);
            }
            VoteNote::Concluded { proposal, decision } => {
                let Some(vote) = self.votes.get(&proposal) else { return };
                if vote.liars.contains(&event.agent) || !vote.assumptions.is_honest(event.agent) {
                    return;
                }
                self.validity.check(vote.allows(decision), event.id);
                let voter = sight.agent(event.agent).and_then(|it| it.machine?.voter());
                let adds_up = voter
                    .and_then(|it| it.known.get(&proposal))
                    .is_some_and(|it| it.session.adds_up());
                self.counted_once.check(adds_up, event.id);
            }
            _ => {}
        }
    }

    fn on_sighting<N>(&mut self, _: &Event<N>, sighting: &Sighting, _: &impl Sight<Byzantine>) {
        if let Sighting::Lies { proposal, agent } = sighting
            && let Some(vote) = self.votes.get_mut(proposal)
        {
            vote.liars.push(*agent);
        }
    }

    fn is_touched(&self) -> bool {
        !self.votes.is_empty()
    }

    fn properties(&self, _: bool) -> Vec<Property> {
        vec![self.validity.clone(), self.counted_once.clone()]
    }
}

impl ByzantineWatch {
    /// The assumptions of this vote.
    #[must_use]
    pub fn assumptions(&self, proposal: ProposalId) -> Option<&Assumptions> {
        Some(&self.votes.get(&proposal)?.assumptions)
    }

    /// The event at which an agent first held both statements of a voter.
    #[must_use]
    pub fn exposure(&self, proposal: ProposalId, by: AgentId, voter: AgentId) -> Option<EventId> {
        let mut exposures = self.votes.get(&proposal)?.exposures.iter();
        exposures.find(|(who, whom, _)| (*who, *whom) == (by, voter)).map(|(.., event)| *event)
    }

    /// Begins to watch a vote, if it is a Byzantine one.
    fn on_opened<N>(
        &mut self,
        proposal: ProposalId,
        event: &Event<N>,
        sight: &mut impl Sight<Byzantine>,
    ) {
        let recorder = sight.agent(event.agent).and_then(|it| it.machine?.recorder());
        let Some(ByzantineCall { rounds, electorate, .. }) =
            recorder.and_then(|it| it.call(proposal))
        else {
            return;
        };
        let (rounds, electorate) = (*rounds, electorate.to_vec());
        let who = (electorate.clone(), event.agent);
        let of = &self.surroundings;
        let mut assumptions =
            Assumptions::new(rounds, who, event.time_us, of, |agent| sight.clock(agent));
        for agent in &electorate {
            let part = sight.agent(*agent);
            if part.is_none_or(|it| it.status != Status::Up || it.corrupted) {
                assumptions.fails(*agent, event.id);
            }
        }
        let voted = vec![None; electorate.len()];
        let vote = WatchedVote { assumptions, liars: Vec::new(), voted, exposures: Vec::new() };
        vote.tell(proposal, sight);
        self.votes.insert(proposal, vote);
    }
}

impl WatchedVote {
    /// Tells the other watches which agents count as faulty.
    fn tell(&self, proposal: ProposalId, sight: &mut impl Sight<Byzantine>) {
        let is_faulty = |agent: &AgentId| !self.assumptions.is_honest(*agent);
        let agents = self.assumptions.electorate.iter().copied().filter(is_faulty).collect();
        sight.tell(Sighting::Faulty { proposal, agents });
    }

    /// Whether an honest agent may decide so by itself: what everyone honest is for is approved, and what
    /// is approved has enough of them behind it.
    fn allows(&self, decision: Decision) -> bool {
        let Self { assumptions, voted, .. } = self;
        let all = assumptions.electorate.iter().zip(voted);
        let (mut whole, mut in_favour) = (0, 0);
        for (_, vote) in all.filter(|(agent, _)| assumptions.is_honest(**agent)) {
            whole += 1;
            in_favour += u64::from(*vote == Some(Vote::For));
        }
        let agents = assumptions.electorate.len() as u64;
        let enough = in_favour >= assumptions.rounds.honest_behind_approval(agents);
        if decision == Decision::Approved { enough } else { in_favour < whole }
    }
}
