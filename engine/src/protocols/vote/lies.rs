//! How a voter lies: it sends another ballot than its own.

use super::Vote;
use super::message::VoteMessage;
use crate::common::consensus::ballot;
use crate::common::consensus::choice::OptionId;
use crate::common::lie::{Lie, Seat, Seats};
use crate::protocol::contract::{Header, Lies};
use crate::sim::AgentId;

impl Lies for Vote {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;

    fn brief(&self, seat: &mut Seat) {
        for (id, knowledge) in self.voter().into_iter().flat_map(|voter| voter.known.iter()) {
            if let Some((vote, _)) = &knowledge.hearing.vote {
                seat.said.insert(*id, *vote);
            }
        }
    }

    fn twist(&self, to: AgentId, header: Header, message: &mut VoteMessage, lie: &Lie) {
        match message {
            VoteMessage::Ballot(vote) => *vote = lie.vote(to, 0, *vote),
            VoteMessage::Pick(option) => {
                let known = self.voter().and_then(|voter| voter.known.get(&header.instance));
                let options = known.map_or(1, |it| it.hearing.proposal.options.len());
                let by = lie.vote(to, 0, ballot::Vote::For) as u64;
                *option = ((u64::from(*option) + by) % options as u64) as OptionId;
            }
            _ => {}
        }
    }
}
