//! How an agent lies in a Byzantine vote: it signs another vote than its own, or several pool their keys to show
//! one agent alone, at the last moment that counts, that all of them have signed two.

use std::sync::Arc;

use super::message::{ByzantineMessage, ByzantineTimer};
use super::{Batch, Byzantine, Statement};
use crate::common::consensus::ballot::Vote;
use crate::common::lie::{Behaviour, Lie, Seat, Seats, other};
use crate::common::signature::{Key, Signed};
use crate::protocol::contract::{Header, Lies};
use crate::sim::AgentId;

impl Lies for Byzantine {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;

    fn brief(&self, seat: &mut Seat) {
        let Some(voter) = self.voter() else { return };
        seat.key = Some(voter.key);
        for (id, part) in voter.known.iter() {
            if let Some((vote, _)) = &part.hearing.vote {
                seat.said.insert(*id, *vote);
            }
        }
    }

    fn twist(&self, to: AgentId, _: Header, message: &mut ByzantineMessage, lie: &Lie) {
        if let (ByzantineMessage::Statements(batch), Some(key)) = (message, lie.key) {
            retell(lie.agent, batch, &key, |round, vote| lie.vote(to, round, vote));
        }
    }

    fn is_of_a_round(message: &ByzantineMessage) -> bool {
        matches!(message, ByzantineMessage::Statements(_))
    }

    fn begins_round(timer: ByzantineTimer) -> bool {
        matches!(timer, ByzantineTimer::Round(_))
    }

    /// The last moment at which something new of the last voting round counts: as many agents sign it as pool
    /// their keys, and it is shown to one honest agent alone.
    fn add(
        &self,
        agent: AgentId,
        timer: ByzantineTimer,
        seats: &Seats,
        out: &mut impl FnMut(AgentId, Header, ByzantineMessage),
    ) {
        let ByzantineTimer::Round(id) = timer;
        let Some(part) = self.voter().and_then(|voter| voter.known.get(&id)) else { return };
        let (call, now) = (&part.session.call, part.session.round);
        let pool: Vec<(AgentId, &Seat, Key)> = colluders(&call.electorate, seats).collect();
        let is_first = pool.first().is_some_and(|(first, ..)| *first == agent);
        let signers = (pool.len() as u32).min(call.rounds.fault_tolerance + 1);
        let last_round = call.rounds.voting_rounds + signers.saturating_sub(1);
        let honest = |it: &&AgentId| !seats.contains_key(*it);
        let Some(victim) = call.electorate.iter().find(honest) else { return };
        if !is_first || now != last_round {
            return;
        }
        let mut statements = Vec::new();
        for (voter, seat, key) in &pool {
            let Some(vote) = seat.said.get(&id) else { continue };
            let round = call.rounds.voting_rounds;
            let statement = Statement { proposal: id, voter: *voter, round, vote: other(*vote) };
            let mut signed = Signed::new(statement, key);
            pool.iter().for_each(|(.., key)| signed.countersign(key));
            statements.push(signed);
        }
        let batch = Batch { round: now, evidence: true, statements };
        out(*victim, Header::about(id), ByzantineMessage::Statements(Arc::new(batch)));
    }
}

fn colluders<'a>(
    electorate: &'a [AgentId],
    seats: &'a Seats,
) -> impl Iterator<Item = (AgentId, &'a Seat, Key)> {
    let taken = electorate.iter().filter_map(|agent| Some((*agent, seats.get(agent)?)));
    let colluding = taken.filter(|(_, seat)| seat.behaviour == Behaviour::Colludes);
    colluding.filter_map(|(agent, seat)| Some((agent, seat, seat.key?)))
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
