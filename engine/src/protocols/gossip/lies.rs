//! How an agent lies in a gossip: about what it holds, or about its own ballot among those that it passes on.

use std::sync::Arc;

use super::{GossipTimer, Gossiping, Talk};
use crate::common::lie::{Lie, Seat, Seats};
use crate::protocol::contract::{Header, Lies};
use crate::sim::AgentId;

impl Lies for Gossiping {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;

    fn brief(&self, seat: &mut Seat) {
        for (id, part) in self.gossiper().into_iter().flat_map(|it| it.known.iter()) {
            if let Some((vote, _)) = &part.hearing.vote {
                seat.said.insert(*id, *vote);
            }
        }
    }

    fn twist(&self, to: AgentId, header: Header, talk: &mut Talk, lie: &Lie) {
        let Header { instance: id, correlation: round } = header;
        match talk {
            Talk::Opinion(Some(vote)) => *vote = lie.vote(to, round, *vote),
            Talk::Rumour { ballots, .. } => {
                let part = self.gossiper().and_then(|it| it.known.get(&id));
                let place = part.map(|part| part.session.place());
                let own = place.and_then(|place| Some((place, ballots.get(place)?)));
                if let Some((place, vote)) = own {
                    Arc::make_mut(ballots).set(place, lie.vote(to, round, vote));
                }
            }
            _ => {}
        }
    }

    fn is_of_a_round(talk: &Talk) -> bool {
        !matches!(talk, Talk::Call(_) | Talk::Conclusion(_))
    }

    fn begins_round(timer: GossipTimer) -> bool {
        matches!(timer, GossipTimer::Round(_))
    }
}
