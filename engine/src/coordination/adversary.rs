//! Who sits in the seat of a corrupted agent (C7): one mind behind all of them, which holds their keys
//! and decides what each says to whom. No protocol contains bad behaviour; all of it is here.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::bus::{Body, Message};
use super::consensus::ballot::Vote;
use super::consensus::byzantine::message::{ByzantineMessage, ByzantineTimer};
use super::consensus::byzantine::session::Session;
use super::consensus::byzantine::{Batch, Statement};
use super::consensus::choice::OptionId;
use super::consensus::gossip::{GossipTimer, Talk};
use super::consensus::proposal::ProposalId;
use super::consensus::vote::message::VoteMessage;
use super::signature::{Key, Signed};
use super::swarm::{Order, Swarm, Timer};
use crate::map::Map;
use crate::protocol::contract::Header;
use crate::sim::{self, AgentId, Input, Outbox};

/// How a corrupted agent behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// Says one thing in the first round and another from then on.
    #[default]
    ChangesItsVote,
    /// Says one thing to half of the others, and another to the rest.
    Equivocates,
    /// Says nothing.
    StaysSilent,
    /// Says everything a round late.
    Delays,
    /// Says anything to anyone.
    VotesAtRandom,
    /// Pools keys with others like it; at the last moment that counts they show one agent that they all
    /// have said two things.
    Colludes,
}

impl Behaviour {
    /// All there are, with their names in files and what people read.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::ChangesItsVote, "changes_its_vote", "Changes its vote"),
        (Self::Equivocates, "equivocates", "Equivocates"),
        (Self::StaysSilent, "stays_silent", "Stays silent"),
        (Self::Delays, "delays", "Delays"),
        (Self::VotesAtRandom, "votes_at_random", "Votes at random"),
        (Self::Colludes, "colludes", "Colludes"),
    ];

    /// What people read.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}

/// What the adversary keeps of one of its agents.
#[derive(Clone, Debug)]
struct Seat {
    behaviour: Behaviour,
    key: Key,
    /// What it has held back, and for whom.
    held: Vec<(AgentId, Message)>,
    /// What it has said in each vote.
    said: Map<ProposalId, Vote>,
}

/// The mind behind all corrupted agents.
#[derive(Clone, Debug, Default)]
pub struct Adversary {
    seats: Map<AgentId, Seat>,
    /// How those are to behave that were down or paused when they were corrupted.
    ordered: Map<AgentId, Behaviour>,
}

impl Adversary {
    /// How the agent behaves, while it is corrupted.
    #[must_use]
    pub fn behaviour(&self, agent: AgentId) -> Option<Behaviour> {
        self.seats.get(&agent).map(|seat| seat.behaviour)
    }

    /// Takes the agent's seat, if there is anything that it signs.
    fn take_seat(&mut self, agent: AgentId, process: &Swarm) {
        let Some(voter) = process.byzantine_voter() else { return };
        let behaviour = self.ordered.remove(&agent).unwrap_or_default();
        let key = voter.key;
        self.seats.insert(agent, Seat { behaviour, key, held: Vec::new(), said: Map::new() });
    }

    /// Says what the process wanted to say, in its own way.
    fn twist(&mut self, agent: AgentId, process: &Swarm, out: &mut Outbox<'_, Swarm>) {
        self.remember(agent, process);
        let Some(seat) = self.seats.get(&agent) else { return };
        let (behaviour, key) = (seat.behaviour, seat.key);
        let noise = match behaviour {
            Behaviour::VotesAtRandom => out.random_between(0, u64::MAX - 1),
            _ => 0,
        };
        let said = |to: AgentId, round: u32, vote: Vote| match behaviour {
            Behaviour::ChangesItsVote if round > 1 => other(vote),
            Behaviour::Equivocates if to.0 % 2 == 1 => other(vote),
            Behaviour::VotesAtRandom => {
                let drawn = sim::rng::mix(noise ^ u64::from(to.0)) % Vote::ALL.len() as u64;
                Vote::ALL[drawn as usize]
            }
            _ => vote,
        };
        let mut held = Vec::new();
        out.revise(|to, message| match behaviour {
            Behaviour::StaysSilent => false,
            Behaviour::Delays if is_of_a_round(&message.body) => {
                held.push((to, message.clone()));
                false
            }
            _ => {
                let Header { instance: id, correlation: round } = message.header;
                match &mut message.body {
                    Body::Vote(VoteMessage::Ballot(vote)) => *vote = said(to, 0, *vote),
                    Body::Vote(VoteMessage::Pick(option)) => {
                        let hearing = process.hearing(id);
                        let options = hearing.map_or(1, |it| it.proposal.options.len());
                        let next = u64::from(*option) + said(to, 0, Vote::For) as u64;
                        *option = (next % options as u64) as OptionId;
                    }
                    Body::Byzantine(ByzantineMessage::Statements(batch)) => {
                        retell(agent, batch, &key, |round, vote| said(to, round, vote));
                    }
                    Body::Gossip(Talk::Opinion(Some(vote))) => *vote = said(to, round, *vote),
                    // Its own ballot, among those it passes on as they are.
                    Body::Gossip(Talk::Rumour { ballots, .. }) => {
                        let place = process.gossip_session(id).map(|session| session.place());
                        if let Some((place, vote)) =
                            place.and_then(|it| Some((it, ballots.get(it)?)))
                        {
                            Arc::make_mut(ballots).set(place, said(to, round, vote));
                        }
                    }
                    _ => {}
                }
                true
            }
        });
        if let Some(seat) = self.seats.get_mut(&agent) {
            seat.held.append(&mut held);
        }
    }

    /// What its agents have said honestly, so that they can unsay it.
    fn remember(&mut self, agent: AgentId, process: &Swarm) {
        let Some(seat) = self.seats.get_mut(&agent) else { return };
        for (id, hearing) in process.hearings() {
            if let Some((vote, _)) = &hearing.vote {
                seat.said.insert(id, *vote);
            }
        }
    }

    /// The last moment at which something new of the last voting round counts: as many agents sign it as
    /// pool their keys, and it is shown to one honest agent alone.
    fn release(
        &self,
        agent: AgentId,
        id: ProposalId,
        session: &Session,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let call = &session.call;
        let pool: Vec<(AgentId, &Seat)> = self.colluders(&call.electorate).collect();
        let is_first = pool.first().is_some_and(|(first, _)| *first == agent);
        let signers = (pool.len() as u32).min(call.rounds.fault_tolerance + 1);
        let last_round = call.rounds.voting_rounds + signers.saturating_sub(1);
        let honest = |it: &&AgentId| !self.seats.contains_key(*it);
        let Some(victim) = call.electorate.iter().find(honest) else { return };
        if !is_first || session.round != last_round {
            return;
        }
        let mut statements = Vec::new();
        for (voter, seat) in &pool {
            let Some(vote) = seat.said.get(&id) else { continue };
            let round = call.rounds.voting_rounds;
            let statement = Statement { proposal: id, voter: *voter, round, vote: other(*vote) };
            let mut signed = Signed::new(statement, &seat.key);
            pool.iter().for_each(|(_, seat)| signed.countersign(&seat.key));
            statements.push(signed);
        }
        let batch = Batch { round: session.round, evidence: true, statements };
        let body = Body::Byzantine(ByzantineMessage::Statements(Arc::new(batch)));
        out.send(*victim, Message { header: Header::about(id), body });
    }

    fn colluders<'a>(
        &'a self,
        electorate: &'a [AgentId],
    ) -> impl Iterator<Item = (AgentId, &'a Seat)> {
        let seats = electorate.iter().filter_map(|agent| Some((*agent, self.seats.get(agent)?)));
        seats.filter(|(_, seat)| seat.behaviour == Behaviour::Colludes)
    }
}

/// Whether it belongs to a round, so that it can come one late.
fn is_of_a_round(body: &Body) -> bool {
    match body {
        Body::Byzantine(message) => matches!(message, ByzantineMessage::Statements(_)),
        Body::Gossip(talk) => !matches!(talk, Talk::Call(_) | Talk::Conclusion(_)),
        _ => false,
    }
}

fn other(vote: Vote) -> Vote {
    match vote {
        Vote::For => Vote::Against,
        Vote::Against | Vote::Abstain => Vote::For,
    }
}

/// Replaces what the agent itself says in a batch.
fn retell(agent: AgentId, batch: &mut Arc<Batch>, key: &Key, said: impl Fn(u32, Vote) -> Vote) {
    let is_own = |it: &Signed<Statement>| it.content().voter == agent;
    let Some(place) = batch.statements.iter().position(is_own) else { return };
    let statement = *batch.statements[place].content();
    let vote = said(statement.round, statement.vote);
    if vote != statement.vote {
        let lie = Signed::new(Statement { vote, ..statement }, key);
        Arc::make_mut(batch).statements[place] = lie;
    }
}

impl sim::Adversary<Swarm> for Adversary {
    fn on_takeover(&mut self, agent: AgentId, process: &mut Swarm, _: &mut Outbox<'_, Swarm>) {
        self.take_seat(agent, process);
    }

    fn on_input(
        &mut self,
        agent: AgentId,
        input: Input<'_, Swarm>,
        process: &mut Swarm,
        out: &mut Outbox<'_, Swarm>,
    ) {
        // Who was corrupted while it was down or paused is taken over with the first it hears.
        if !self.seats.contains_key(&agent) {
            self.take_seat(agent, process);
        }
        if let Input::Command(Order::Behave(behaviour)) = input {
            if let Some(seat) = self.seats.get_mut(&agent) {
                seat.behaviour = *behaviour;
            }
            return;
        }
        let round = match input {
            Input::Timer(
                Timer::Byzantine(ByzantineTimer::Round(id)) | Timer::Gossip(GossipTimer::Round(id)),
            ) => Some(id),
            _ => None,
        };
        // Only the next round frees what was held back.
        let held = self.seats.get_mut(&agent).filter(|_| round.is_some());
        let held = held.map_or_else(Vec::new, |seat| core::mem::take(&mut seat.held));
        input.deliver(process, out);
        self.twist(agent, process, out);
        for (to, message) in held {
            out.send(to, message);
        }
        let session = round.and_then(|id| process.byzantine_session(id));
        if let (Some(id), Some(session)) = (round, session) {
            self.release(agent, id, session, out);
        }
    }

    fn on_order(&mut self, agent: AgentId, order: &Order) -> bool {
        let Order::Behave(behaviour) = order else { return false };
        match self.seats.get_mut(&agent) {
            Some(seat) => seat.behaviour = *behaviour,
            None => {
                self.ordered.insert(agent, *behaviour);
            }
        }
        true
    }

    fn on_release(&mut self, agent: AgentId, _: &mut Swarm, out: &mut Outbox<'_, Swarm>) {
        let seat = self.seats.remove(&agent);
        for (to, message) in seat.map_or_else(Vec::new, |seat| seat.held) {
            out.send(to, message);
        }
    }
}
