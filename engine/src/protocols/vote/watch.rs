//! The watch of all votes (C10), by whichever protocol they are held.

mod termination;

use crate::common::consensus::facts::Facts;

use self::termination::{Absence, Absences};
use super::Vote;
use super::message::BALLOT;
use crate::common::consensus::manager::Poll;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::sighting::Sighting;
use crate::protocol::note::ProtocolNote as _;
use crate::protocol::watch::{Sight, Watch, Watched};
use crate::sim::{AgentId, Event, Property, PropertyKind, What};

impl Watched for Vote {
    type Setup = ();
    type Watch = VoteWatch;
    type Sighting = Sighting;
}

/// Watches a swarm vote.
#[derive(Clone, Debug)]
pub struct VoteWatch {
    /// By the proposals' numbers.
    pub facts: Vec<Facts>,
    absences: Absences,
    agreement: Property,
    validity: Property,
    counted_once: Property,
}

impl Default for VoteWatch {
    fn default() -> Self {
        let always = |name| Property::new(name, PropertyKind::Always);
        Self {
            facts: Vec::new(),
            absences: Absences::default(),
            agreement: always("agreement"),
            validity: always("validity"),
            counted_once: always("counted_once"),
        }
    }
}

/// The proposal as this agent holds it, which opened it.
fn poll_of(counter: AgentId, proposal: ProposalId, sight: &impl Sight<Vote>) -> Option<&Poll> {
    sight.agent(counter)?.machine?.counter()?.state.manager.poll(proposal)
}

impl Watch<Vote> for VoteWatch {
    fn on_sent<N>(&mut self, event: &Event<N>, bytes: u32, sight: &mut impl Sight<Vote>) {
        if sight.is_about_proposal(event.kind) {
            let facts = self.facts_mut(event.instance);
            facts.messages += 1;
            facts.bytes += u64::from(bytes);
            if event.kind == BALLOT.number {
                facts.of_mut(event.agent).lost = false;
            }
        }
    }

    fn on_lost<N>(&mut self, event: &Event<N>, sight: &mut impl Sight<Vote>) {
        self.on_loss(event, sight);
    }

    fn on_change<N>(&mut self, event: &Event<N>, sight: &mut impl Sight<Vote>) {
        match event.what {
            What::Crashed | What::Removed => {
                self.absences.set(event.agent, Absence::Down(event.id));
            }
            What::Paused => self.absences.set(event.agent, Absence::Paused(event.id)),
            What::Restarted | What::Resumed => self.absences.set(event.agent, Absence::None),
            What::Corrupted => self.on_corruption(event.agent, sight),
            _ => {}
        }
    }

    fn on_note<N>(&mut self, event: &Event<N>, note: VoteNote, sight: &mut impl Sight<Vote>) {
        let Some(proposal) = note.subject() else { return };
        let (agent, time_us) = (event.agent, event.time_us);
        let facts = self.facts_mut(proposal);
        let is_so = match note {
            VoteNote::Choice(note) => facts.see_option(agent, note),
            _ => true,
        };
        match note.without_option() {
            VoteNote::Opened { .. } => self.on_opened(proposal, event, sight),
            VoteNote::Heard { .. } => facts.of_mut(agent).heard_us = Some(time_us),
            VoteNote::Voted { vote, .. } => facts.of_mut(agent).voted = Some((vote, time_us)),
            VoteNote::Counted { voter, vote, .. } => {
                let of = facts.of_mut(voter);
                let is_first = of.counted.replace((vote, time_us)).is_none();
                let is_what_it_said = of.voted.is_some_and(|(voted, _)| voted == vote);
                self.counted_once.check(is_first, event.id);
                self.validity.check(is_what_it_said && is_so, event.id);
            }
            VoteNote::Refused { voter, refusal, .. } => {
                facts.of_mut(voter).refused = Some(refusal);
            }
            VoteNote::Decided { decision, .. } => {
                facts.decided = Some((decision, time_us));
                let poll = poll_of(agent, proposal, sight);
                let supported = poll.is_some_and(|poll| facts.supports(poll, decision));
                self.validity.check(supported, event.id);
                sight.tell(Sighting::Decided { proposal, decision });
            }
            VoteNote::Closed { .. } => facts.closed_us = Some(time_us),
            VoteNote::Learned { decision, .. } => {
                self.on_outcome(proposal, event, decision);
                if !is_so {
                    self.validity.check(false, event.id);
                }
            }
            VoteNote::Concluded { decision, .. } => {
                self.on_outcome(proposal, event, decision);
            }
            // The others change nothing of what is watched here.
            VoteNote::NotOpened { .. }
            | VoteNote::StaysSilent { .. }
            | VoteNote::Repeated { .. }
            | VoteNote::Reminded { .. }
            | VoteNote::Asked { .. }
            | VoteNote::RoundBegan { .. }
            | VoteNote::CameLate { .. }
            | VoteNote::Choice(_) => {}
        }
    }

    fn on_sighting<N>(&mut self, event: &Event<N>, sighting: &Sighting, _: &impl Sight<Vote>) {
        match sighting {
            Sighting::Decided { proposal, decision } => {
                self.facts_mut(*proposal).decided = Some((*decision, event.time_us));
            }
            Sighting::Faulty { proposal, agents } => {
                let is_fault = matches!(
                    event.what,
                    What::Crashed | What::Removed | What::Paused | What::Corrupted
                );
                let facts = self.facts_mut(*proposal);
                let was_heeded = is_fault && facts.heeds(event.agent);
                facts.faulty.clone_from(agents);
                facts.forget(event.agent, was_heeded);
            }
            Sighting::Lies { .. } => {}
        }
    }

    fn is_touched(&self) -> bool {
        !self.facts.is_empty()
    }

    fn properties(&self, ended: bool) -> Vec<Property> {
        let termination = self.termination(ended);
        let Self { agreement, validity, counted_once, .. } = self;
        vec![agreement.clone(), validity.clone(), termination, counted_once.clone()]
    }
}

impl VoteWatch {
    fn facts_mut(&mut self, proposal: ProposalId) -> &mut Facts {
        let count = proposal as usize + 1;
        if self.facts.len() < count {
            self.facts.resize_with(count, Facts::default);
        }
        &mut self.facts[proposal as usize]
    }

    fn on_opened<N>(
        &mut self,
        proposal: ProposalId,
        event: &Event<N>,
        sight: &mut impl Sight<Vote>,
    ) {
        let facts = self.facts_mut(proposal);
        facts.opened_us = event.time_us;
        facts.counter = Some(event.agent);
        let Some(poll) = poll_of(event.agent, proposal, sight) else { return };
        facts.electorate = poll.ballots.electors().iter().map(|it| it.agent).collect();
        facts.is_decided_by_agents =
            poll.proposal.algorithm.own.as_ref().is_some_and(|terms| terms.is_common());
        let lies = |agent: &AgentId| sight.agent(*agent).is_some_and(|it| it.corrupted);
        facts.liars = facts.electorate.iter().copied().filter(lies).collect();
        for agent in facts.liars.iter().copied() {
            sight.tell(Sighting::Lies { proposal, agent });
        }
    }

    /// An agent holds this outcome from now on.
    fn on_outcome<N>(&mut self, proposal: ProposalId, event: &Event<N>, decision: Decision) {
        let facts = self.facts_mut(proposal);
        let before = facts.of_mut(event.agent).outcome.replace((decision, event.time_us));
        if !facts.heeds(event.agent) {
            return;
        }
        // After a restart an agent learns it anew.
        if let Some((before, _)) = before {
            facts.let_go(before);
        }
        if let Some(held) = facts.held.get_mut(decision as usize) {
            *held += 1;
        }
        facts.last_learned = event.id;
        let agree = facts.decision() != Some(Decision::Split);
        self.agreement.check(agree, event.id);
    }

    /// The agent lies from now on, in every vote that goes on.
    fn on_corruption(&mut self, agent: AgentId, sight: &mut impl Sight<Vote>) {
        for (proposal, facts) in (0..).zip(&mut self.facts) {
            let goes_on = facts.closed_us.is_none() || facts.of(agent).outcome.is_none();
            if goes_on && facts.electorate.contains(&agent) && !facts.liars.contains(&agent) {
                let was_heeded = facts.heeds(agent);
                facts.liars.push(agent);
                facts.forget(agent, was_heeded);
                sight.tell(Sighting::Lies { proposal, agent });
            }
        }
    }

    /// A message was lost: perhaps a ballot, or what would have told its receiver of the vote.
    fn on_loss<N>(&mut self, event: &Event<N>, sight: &impl Sight<Vote>) {
        let Some(facts) = self.facts.get_mut(event.instance as usize) else { return };
        if event.kind == BALLOT.number {
            facts.of_mut(event.agent).lost = true;
        }
        let is_there = self.absences.of(event.peer) == Absence::None;
        let is_untold = facts.of(event.peer).heard_us.is_none();
        if is_there && is_untold && sight.is_about_proposal(event.kind) {
            facts.last_untold = Some(event.id);
        }
    }
}
