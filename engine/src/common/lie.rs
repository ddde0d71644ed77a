//! The protocols' knowledge of agents that lie: how each behaves, and what it can sign and has said.

use serde::{Deserialize, Serialize};

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::signature::Key;
use crate::map::Map;
use crate::sim::{self, AgentId};

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
    /// All behaviours, with their names in files and their labels for people.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::ChangesItsVote, "changes_its_vote", "Changes its vote"),
        (Self::Equivocates, "equivocates", "Equivocates"),
        (Self::StaysSilent, "stays_silent", "Stays silent"),
        (Self::Delays, "delays", "Delays"),
        (Self::VotesAtRandom, "votes_at_random", "Votes at random"),
        (Self::Colludes, "colludes", "Colludes"),
    ];

    /// Its label for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}

/// A corrupted agent as the adversary in its seat knows it.
#[derive(Clone, Debug, Default)]
pub struct Seat {
    pub behaviour: Behaviour,
    /// The key that it signs with.
    pub key: Option<Key>,
    /// The honest vote that it has told on each proposal, so that it can unsay it.
    pub said: Map<ProposalId, Vote>,
}

/// The seats of all corrupted agents.
pub type Seats = Map<AgentId, Seat>;

/// How an agent lies while it handles one input.
#[derive(Clone, Copy, Debug)]
pub struct Lie {
    /// The liar.
    pub agent: AgentId,
    pub behaviour: Behaviour,
    pub key: Option<Key>,
    /// A number drawn for this input, for an agent that votes at random.
    pub noise: u64,
}

impl Lie {
    /// The vote that the agent tells this one in a round, given the vote that it would tell honestly.
    #[must_use]
    pub fn vote(&self, to: AgentId, round: u32, honest: Vote) -> Vote {
        match self.behaviour {
            Behaviour::ChangesItsVote if round > 1 => other(honest),
            Behaviour::Equivocates if to.0 % 2 == 1 => other(honest),
            Behaviour::VotesAtRandom => {
                let drawn = sim::rng::mix(self.noise ^ u64::from(to.0)) % Vote::ALL.len() as u64;
                Vote::ALL[drawn as usize]
            }
            _ => honest,
        }
    }
}

/// The opposite of a vote.
#[must_use]
pub fn other(vote: Vote) -> Vote {
    match vote {
        Vote::For => Vote::Against,
        Vote::Against | Vote::Abstain => Vote::For,
    }
}
