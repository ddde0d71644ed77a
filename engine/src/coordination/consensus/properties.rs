//! What must hold of every vote (C10), watched from outside while it runs.

mod facts;
mod termination;
mod world;

pub use self::facts::{AgentFacts, Facts};

use self::termination::{Absence, Absences};
use self::world::{clocks, gossip_of, is_about_proposal, poll_of};
use super::byzantine::assumptions::{Surroundings, Watch};
use super::gossip;
use super::gossip::session::Session;
use super::proposal::ProposalId;
use super::quorum::Decision;
use super::round_length::RoundLength;
use crate::coordination::consensus::byzantine::message::{EVIDENCE, STATEMENTS};
use crate::coordination::consensus::byzantine::note::ByzantineNote;
use crate::coordination::consensus::gossip::RUMOUR;
use crate::coordination::consensus::gossip::note::GossipNote;
use crate::coordination::consensus::note::VoteNote;
use crate::coordination::consensus::pipeline::note::PipelineNote;
use crate::coordination::consensus::vote::message::BALLOT;
use crate::coordination::kind::shared::PROPOSAL;
use crate::coordination::note::Note;
use crate::coordination::requests::RequestWatch;
use crate::coordination::state::watch::StateWatch;
use crate::coordination::swarm::Swarm;
use crate::coordination::work::watch::WorkWatch;
use crate::sim::{
    AgentId, Event, EventId, Observer, Property, PropertyKind, PropertyStatus, Status, What, World,
};

/// Watches a swarm vote.
#[derive(Clone, Debug)]
pub struct Monitor {
    /// By the proposals' numbers.
    pub facts: Vec<Facts>,
    pub(super) coordinator: Option<AgentId>,
    surroundings: Surroundings,
    absences: Absences,
    /// The newest event of all.
    newest: EventId,
    agreement: Property,
    validity: Property,
    counted_once: Property,
    books: Property,
    /// Of a pipeline, once its first stage was opened.
    pub(super) gates: Option<Property>,
    /// What the swarm keeps.
    pub state: StateWatch,
    /// What it has to do.
    pub work: WorkWatch,
    /// Of what was asked while an agent was paused or down.
    pub requests: RequestWatch,
}

impl Monitor {
    #[must_use]
    pub fn new(coordinator: Option<AgentId>, surroundings: Surroundings) -> Self {
        let always = |name| Property::new(name, PropertyKind::Always);
        Self {
            facts: Vec::new(),
            coordinator,
            surroundings,
            absences: Absences::default(),
            newest: 0,
            agreement: always("agreement"),
            validity: always("validity"),
            counted_once: always("counted_once"),
            books: always("books_balance"),
            gates: None,
            state: StateWatch::default(),
            work: WorkWatch::default(),
            requests: RequestWatch::default(),
        }
    }

    /// The properties as they stand; `ended` says that nothing more will come.
    #[must_use]
    pub fn properties(&self, ended: bool) -> Vec<Property> {
        let mut properties = Vec::new();
        // Where nothing is decided there is nothing to agree on.
        if !self.facts.is_empty() || !(self.state.is_touched() || self.work.is_touched()) {
            properties.extend([self.agreement.clone(), self.validity.clone()]);
            properties.extend([self.termination(ended), self.counted_once.clone()]);
        }
        properties.push(self.books.clone());
        properties.extend(self.gates.clone());
        let holds =
            |agent: AgentId| Some(agent) != self.coordinator && !self.absences.is_down(agent);
        properties.extend(self.state.properties(ended, holds));
        properties.extend(self.work.properties(ended, self.coordinator));
        properties.extend(self.requests.property(ended));
        // What was to come by the end, and has not, is seen where the run has ended.
        for property in &mut properties {
            if property.status == PropertyStatus::Violated {
                property.event = property.event.or(Some(self.newest));
            }
        }
        properties
    }

    fn facts_mut(&mut self, proposal: ProposalId) -> &mut Facts {
        let count = proposal as usize + 1;
        if self.facts.len() < count {
            self.facts.resize_with(count, Facts::default);
        }
        &mut self.facts[proposal as usize]
    }

    fn on_note(&mut self, event: &Event<Note>, note: Note, world: World<'_, Swarm>) {
        if let Note::Pipeline(PipelineNote::StageOpened { stage, .. }) = note {
            self.on_stage(stage, event.id, &world);
        }
        let Some(proposal) = note.proposal() else {
            self.state.see(event, note, &world);
            return self.work.see(event, note, &world);
        };
        let time_us = event.time_us;
        let coordinator = self.coordinator;
        let facts = self.facts_mut(proposal);
        if let Some(watch) = &mut facts.gossip {
            watch.pass(time_us);
        }
        let is_so = facts.see_option(event.agent, note);
        match note.without_option() {
            Note::Vote(VoteNote::Opened { .. }) => {
                facts.opened_us = time_us;
                self.watch(proposal, event, world);
            }
            Note::Vote(VoteNote::Heard { .. }) => {
                facts.of_mut(event.agent).heard_us = Some(time_us)
            }
            Note::Vote(VoteNote::Voted { vote, .. }) => {
                facts.of_mut(event.agent).voted = Some((vote, time_us));
                if let Some(watch) = &mut facts.gossip {
                    watch.votes(vote);
                }
                self.on_gossip(event.agent, &world);
            }
            Note::Gossip(GossipNote::Spread { known, .. }) => {
                if let Some(watch) = &mut facts.gossip {
                    watch.spreads(event.agent, known);
                }
                self.on_gossip(event.agent, &world);
            }
            Note::Gossip(GossipNote::Turned { .. }) => self.on_gossip(event.agent, &world),
            Note::Vote(VoteNote::RoundBegan { round, .. }) => {
                let (event, clock_of) = (Some(event.id), clocks(&world));
                // Once a round: there may be a hundred thousand agents.
                if let Some(watch) = &mut facts.gossip
                    && watch.begins(round.into())
                {
                    watch.check_rounds(time_us, event, coordinator, &clock_of);
                }
                if let Some(watch) = &mut facts.watch {
                    watch.check_rounds(time_us, event, clock_of);
                }
            }
            Note::Vote(VoteNote::Counted { voter, vote, .. }) => {
                let of = facts.of_mut(voter);
                let is_first = of.counted.replace((vote, time_us)).is_none();
                let is_what_it_said = of.voted.is_some_and(|(voted, _)| voted == vote);
                self.counted_once.check(is_first, event.id);
                self.validity.check(is_what_it_said && is_so, event.id);
            }
            Note::Vote(VoteNote::Refused { voter, refusal, .. }) => {
                facts.of_mut(voter).refused = Some(refusal)
            }
            Note::Vote(VoteNote::Decided { decision, .. }) => {
                facts.decided = Some((decision, time_us));
                let poll = poll_of(coordinator, proposal, &world);
                // Of a gossip the coordinator only says that it has heard too little.
                let supported = facts.gossip.is_some() && decision == Decision::Timeout
                    || poll.is_some_and(|poll| facts.supports(poll, decision));
                self.validity.check(supported, event.id);
            }
            Note::Byzantine(ByzantineNote::Recorded { decision, .. })
            | Note::Gossip(GossipNote::Gathered { decision, .. }) => {
                facts.decided = Some((decision, time_us))
            }
            Note::Vote(VoteNote::Closed { .. }) => facts.closed_us = Some(time_us),
            Note::Vote(VoteNote::Learned { decision, .. })
            | Note::Vote(VoteNote::Concluded { decision, .. }) => {
                let before = facts.of_mut(event.agent).outcome.replace((decision, time_us));
                if !facts.heeds(event.agent) {
                    return;
                }
                // After a restart an agent learns it anew.
                if let Some((before, _)) = before
                    && let Some(held) = facts.held.get_mut(before as usize)
                {
                    *held = held.saturating_sub(1);
                }
                if let Some(held) = facts.held.get_mut(decision as usize) {
                    *held += 1;
                }
                facts.last_learned = event.id;
                let agree = facts.decision() != Some(Decision::Split);
                let own = matches!(note, Note::Vote(VoteNote::Concluded { .. }));
                let allowed = facts.allows(decision)
                    && facts.vouches(&world, (event.agent, proposal), decision);
                let adds_up = gossip_of(&world, event.agent, proposal).is_none_or(Session::adds_up);
                self.agreement.check(agree, event.id);
                if own {
                    self.counted_once.check(adds_up, event.id);
                }
                if own || !is_so {
                    self.validity.check(allowed && is_so, event.id);
                }
            }
            Note::Vote(VoteNote::CameLate { from, .. }) => {
                if let Some(watch) = &mut facts.watch {
                    watch.gap(from, event.agent, event.id);
                }
            }
            // The others change nothing of what is watched here.
            _ => {}
        }
    }
}

impl Monitor {
    /// Begins to watch what a Byzantine vote rests on.
    fn watch(&mut self, proposal: ProposalId, event: &Event<Note>, world: World<'_, Swarm>) {
        let Some(coordinator) = self.coordinator else { return };
        let Some(poll) = poll_of(self.coordinator, proposal, &world) else { return };
        let electorate: Vec<AgentId> = poll.ballots.electors().iter().map(|it| it.agent).collect();
        let lies = |agent: &AgentId| world.agent(*agent).is_some_and(|slot| slot.corrupted);
        let liars: Vec<AgentId> = electorate.iter().copied().filter(lies).collect();
        let facts = self.facts_mut(proposal);
        (facts.electorate, facts.liars) = (electorate.clone(), liars.clone());
        if let Some(gossip) = poll.proposal.algorithm.gossip {
            let rule = poll.proposal.algorithm.rule;
            let latency_most_us = self.surroundings.latency_most_us;
            let length = RoundLength { round_us: gossip.round_us, latency_most_us };
            let mut watch =
                gossip::watch::Watch::new((gossip, length), rule, electorate, event.time_us);
            watch.check_rounds(event.time_us, None, self.coordinator, clocks(&world));
            liars.into_iter().for_each(|liar| watch.lies(liar));
            self.facts_mut(proposal).gossip = Some(Box::new(watch));
            return;
        }
        let Some(rounds) = poll.proposal.algorithm.rounds else { return };
        let who = (electorate.clone(), coordinator);
        let mut watch = Watch::new(rounds, who, event.time_us, &self.surroundings, clocks(&world));
        for agent in electorate {
            let slot = world.agent(agent);
            if slot.is_none_or(|slot| slot.status != Status::Up || slot.corrupted) {
                watch.fails(agent, event.id);
            }
        }
        self.facts_mut(proposal).watch = Some(Box::new(watch));
    }

    /// What an agent holds has changed in the gossips it takes part in.
    fn on_gossip(&mut self, agent: AgentId, world: &World<'_, Swarm>) {
        for (proposal, facts) in (0..).zip(&mut self.facts) {
            if let Some(watch) = &mut facts.gossip {
                watch.holds(agent, gossip_of(world, agent, proposal));
            }
        }
    }

    /// The agent is down, is back, or has been corrupted.
    fn on_fault(&mut self, event: &Event<Note>, world: &World<'_, Swarm>) {
        for watch in self.facts.iter_mut().filter_map(|facts| facts.gossip.as_mut()) {
            watch.pass(event.time_us);
        }
        self.on_gossip(event.agent, world);
    }

    /// The agent of the event is faulty in every vote that goes on.
    fn fails(&mut self, event: &Event<Note>) {
        let agent = event.agent;
        let lies = matches!(event.what, What::Corrupted);
        for facts in &mut self.facts {
            let was_heeded = facts.heeds(agent);
            if let Some(watch) = facts.watch.as_mut().filter(|watch| watch.is_on(event.time_us)) {
                watch.fails(agent, event.id);
            }
            let goes_on = facts.closed_us.is_none() || facts.of(agent).outcome.is_none();
            if lies && goes_on && facts.electorate.contains(&agent) && !facts.liars.contains(&agent)
            {
                facts.liars.push(agent);
                if let Some(watch) = &mut facts.gossip {
                    watch.lies(agent);
                }
            }
            // What it already holds is no honest agent's any more.
            let is_lost = was_heeded && !facts.heeds(agent);
            if let Some((decision, _)) = facts.of(agent).outcome.filter(|_| is_lost)
                && let Some(held) = facts.held.get_mut(decision as usize)
            {
                *held = held.saturating_sub(1);
            }
        }
    }

    /// A message was lost: one between two agents leaves a gap, a call that never came leaves its
    /// receiver out.
    fn on_loss(&mut self, event: &Event<Note>) {
        let Some(facts) = self.facts.get_mut(event.instance as usize) else { return };
        if event.kind == BALLOT.number {
            facts.of_mut(event.agent).lost = true;
        }
        let is_there = self.absences.of(event.peer) == Absence::None;
        if is_there && is_about_proposal(event.kind) && facts.of(event.peer).heard_us.is_none() {
            facts.last_untold = Some(event.id);
        }
        let Some(watch) = &mut facts.watch else { return };
        if [STATEMENTS.number, EVIDENCE.number].contains(&event.kind) {
            watch.gap(event.agent, event.peer, event.id);
        } else if event.kind == PROPOSAL.number {
            watch.fails(event.peer, event.id);
        }
    }
}

impl Observer<Swarm> for Monitor {
    fn on_event(&mut self, event: &Event<Note>, world: World<'_, Swarm>) {
        self.newest = event.id;
        if self.work.is_touched() {
            self.work.loads.see(event, &world);
        }
        self.state.look(event, &world);
        match event.what {
            What::Note(note) => {
                self.requests.see(event);
                self.on_note(event, note, world);
            }
            What::Sent { bytes } if is_about_proposal(event.kind) => {
                let facts = self.facts_mut(event.instance);
                facts.messages += 1;
                facts.bytes += u64::from(bytes);
                if event.kind == BALLOT.number {
                    facts.of_mut(event.agent).lost = false;
                }
            }
            What::Delivered => {
                self.books.check(world.counters.balance(), event.id);
                let facts = self.facts.get_mut(event.instance as usize);
                let facts = facts.filter(|_| event.kind == RUMOUR.number);
                if let Some(watch) = facts.and_then(|facts| facts.gossip.as_mut()) {
                    watch.delivers(event.time_us);
                }
            }
            What::Dropped { .. } => {
                self.books.check(world.counters.balance(), event.id);
                self.on_loss(event);
            }
            What::Crashed | What::Removed => {
                self.absences.set(event.agent, Absence::Down(event.id));
                self.fails(event);
                self.on_fault(event, &world);
            }
            What::Restarted => {
                self.absences.set(event.agent, Absence::None);
                self.on_fault(event, &world);
            }
            What::Corrupted => {
                self.fails(event);
                self.on_fault(event, &world);
            }
            What::Paused => {
                self.absences.set(event.agent, Absence::Paused(event.id));
                self.fails(event);
            }
            What::Spawned => self.work.joins(event),
            What::Resumed => self.absences.set(event.agent, Absence::None),
            What::Deferred | What::Commanded | What::Inapplicable(_) => self.requests.see(event),
            _ => {}
        }
    }
}
