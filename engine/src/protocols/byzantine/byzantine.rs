//! Byzantine voting (C6): agents sign their votes, send them to everyone in several rounds, and relay what
//! they hear; an agent that signs two different votes is exposed. Every honest agent decides for itself, and
//! all decide the same as long as at most `f` agents are faulty.
//!
//! - this file: the rules, and what is said
//! - [`session`]: what one agent has accepted of one vote (Dolev & Strong 1983, *Authenticated
//!   Algorithms for Byzantine Agreement*, SIAM J. Comput. 12(4))
//! - [`voting`]: how an agent takes part, [`message`]: what is said
//! - [`recorder`]: the agent that opens votes, and keeps the record of them
//! - [`assumptions`]: what it all rests on, watched from outside ([`watch`])
//! - `lies`: what a liar does with its messages
//! - [`section`], `settings`: all that goes in
//! - `shown`: all that comes out. It is shown as one agent sees it (`seen`): the one that is selected, or the first honest one

pub mod assumptions;
mod lies;
pub mod message;
pub mod note;
pub mod panel;
pub mod recorder;
pub mod report;
pub mod section;
mod seen;
pub mod session;
mod settings;
mod shown;
#[cfg(test)]
mod tests;
pub mod voting;
pub mod watch;

use std::convert::Infallible;
use std::sync::Arc;

use serde::Serialize;

use self::message::{ByzantineMessage, ByzantineTimer};
use self::note::ByzantineNote;
use self::recorder::Recorder;
use self::voting::{Part, Voter, VoterDurable};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::conclusion::Conclusion;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::{Algorithm, ProposalId, SharedProposal, Terms};
use crate::common::consensus::quorum::{Base, Measure, Rule, Share};
use crate::common::glyph::MessageGlyph;
use crate::common::signal::Signal;
use crate::common::signature::{Digest, Signed};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet, Protocol};
use crate::sim::{self, AgentId, LocalTime};

/// How a Byzantine vote is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rounds {
    /// So many agents may be faulty: lie, be silent, crash.
    pub fault_tolerance: u32,
    /// In so many rounds every agent signs its vote; as many rounds of relaying as may be faulty follow.
    pub voting_rounds: u32,
    /// How long a round is, in microseconds.
    pub round_us: u64,
    /// Those who were exposed are removed, and the vote is held again without them.
    pub vote_again: bool,
}

impl Default for Rounds {
    /// The least that is worth the name: one faulty agent, three rounds of 100 ms.
    fn default() -> Self {
        Self { fault_tolerance: 1, voting_rounds: 3, round_us: 100_000, vote_again: false }
    }
}

impl Rounds {
    /// The fewest agents that can bear so many faulty ones: 3f + 1 (Pease, Shostak & Lamport 1980).
    #[must_use]
    pub fn agents_needed(fault_tolerance: u32) -> u64 {
        3 * u64::from(fault_tolerance) + 1
    }

    /// So many equal votes decide: ⌊(n + f) / 2⌋ + 1. Two such groups share an honest agent.
    #[must_use]
    pub fn quorum(self, agents: u64) -> u64 {
        (agents + u64::from(self.fault_tolerance)) / 2 + 1
    }

    /// The fewest honest agents that are FOR an approved proposal: ⌊(n − f) / 2⌋ + 1.
    #[must_use]
    pub fn honest_behind_approval(self, agents: u64) -> u64 {
        agents.saturating_sub(u64::from(self.fault_tolerance)) / 2 + 1
    }

    /// Voting rounds and relay rounds.
    #[must_use]
    pub fn in_all(self) -> u32 {
        self.voting_rounds + self.fault_tolerance
    }

    /// From the opening to the end of the last round: the first begins a round after the opening, so
    /// that everyone has heard of it.
    #[must_use]
    pub fn duration_us(self) -> u64 {
        self.round_us.saturating_mul(u64::from(self.in_all()) + 1)
    }

    /// Messages of a vote without faults, on a mesh: (R + 1) · n(n − 1), and R · n(n − 1) where
    /// nothing is relayed.
    #[must_use]
    pub fn messages_without_faults(self, agents: u64) -> u64 {
        let relayed = u64::from(self.fault_tolerance > 0);
        (u64::from(self.voting_rounds) + relayed) * agents * (agents - 1)
    }
}

impl Terms for Rounds {
    fn least_us(&self) -> u64 {
        self.duration_us() + self.round_us
    }

    /// A number of equal votes that depends on how many agents there are.
    fn share_of(&self, agents: u64) -> Result<Option<Share>, String> {
        let (faulty, needed) = (self.fault_tolerance, Self::agents_needed(self.fault_tolerance));
        if agents < needed {
            return Err(format!(
                "byzantine voting with f = {faulty} needs at least {needed} agents, found {agents}; \
                 add agents or lower f"
            ));
        }
        Ok(Some(Share::Count(self.quorum(agents))))
    }

    fn is_common(&self) -> bool {
        true
    }
}

impl From<Rounds> for Algorithm {
    fn from(rounds: Rounds) -> Self {
        Self {
            name: "byzantine".to_owned(),
            rule: Rule { measure: Measure::Heads, share: Share::Majority, base: Base::Electorate },
            domain_weights_milli: Map::new(),
            own: Some(Arc::new(rounds)),
        }
    }
}

/// A Byzantine vote begins: what it is about, who votes, and when the first round starts on everyone's
/// own clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ByzantineCall {
    pub proposal: SharedProposal,
    pub rounds: Rounds,
    pub starts_us: LocalTime,
    /// In the order of their numbers.
    pub electorate: Arc<[AgentId]>,
}

impl ByzantineCall {
    /// The place of an agent in the electorate.
    #[must_use]
    #[inline]
    pub fn place(&self, agent: AgentId) -> Option<usize> {
        self.electorate.binary_search_by(|it| it.cmp(&agent)).ok()
    }
}

/// "This is my vote in this round", to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    pub proposal: ProposalId,
    pub voter: AgentId,
    pub round: u32,
    pub vote: Vote,
}

impl Digest for Statement {
    fn digest(&self) -> u64 {
        let Self { proposal, voter, round, vote } = *self;
        let about = const { sim::Digest::of(sim::tag("byzantine.statement")) };
        let about = about.word(proposal.into()).word(voter.0.into());
        about.word(round.into()).word(vote as u64).number()
    }
}

/// A message of one round: the sender's own vote, and the statements that it relays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Batch {
    pub round: u32,
    /// It proves that someone has said two things.
    pub evidence: bool,
    pub statements: Vec<Signed<Statement>>,
}

impl Batch {
    /// The vote of the sender itself.
    #[must_use]
    pub fn own(&self, sender: AgentId) -> Option<Vote> {
        let own = self.statements.iter().find(|it| it.content().voter == sender);
        own.map(|it| it.content().vote)
    }

    /// How it is drawn, sent by this agent.
    #[must_use]
    pub fn glyph(&self, sender: AgentId) -> MessageGlyph {
        match self.evidence {
            true => MessageGlyph::Evidence,
            false => MessageGlyph::Statement(self.own(sender)),
        }
    }
}

/// An agent's part.
#[derive(Clone, Debug)]
pub enum Byzantine {
    Voter(Voter),
    /// It has opened votes, and keeps the record of them.
    Recorder(Box<Recorder>),
}

/// The durable state, which survives a crash.
#[derive(Clone, Debug)]
pub enum ByzantineDurable {
    Voter(VoterDurable),
    Recorder(Box<Recorder>),
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum ByzantineEntry {
    /// An entry of a voter.
    Known {
        id: ProposalId,
        part: Box<Part>,
    },
    Opened {
        id: ProposalId,
        call: Arc<ByzantineCall>,
    },
    Reported {
        id: ProposalId,
        agent: AgentId,
        report: Arc<Conclusion>,
    },
    Closed {
        id: ProposalId,
    },
}

impl Byzantine {
    #[must_use]
    pub fn recorder(&self) -> Option<&Recorder> {
        match self {
            Self::Recorder(recorder) => Some(recorder),
            Self::Voter(_) => None,
        }
    }

    #[must_use]
    pub fn voter(&self) -> Option<&Voter> {
        match self {
            Self::Voter(voter) => Some(voter),
            Self::Recorder(_) => None,
        }
    }
}

impl Protocol for Byzantine {
    type Message = ByzantineMessage;
    type Timer = ByzantineTimer;
    /// There is none: votes are proposed to the agent that counts.
    type Order = Infallible;
    type Durable = ByzantineDurable;
    type Entry = ByzantineEntry;
    type Note = ByzantineNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &ByzantineDurable) -> Self {
        match durable {
            ByzantineDurable::Voter(durable) => Self::Voter(durable.clone()),
            ByzantineDurable::Recorder(recorder) => Self::Recorder(recorder.clone()),
        }
    }

    fn write(durable: &mut ByzantineDurable, entry: &ByzantineEntry) {
        match (durable, entry) {
            (ByzantineDurable::Voter(voter), ByzantineEntry::Known { id, part }) => {
                voter.known.insert(*id, (**part).clone());
            }
            (ByzantineDurable::Recorder(recorder), entry) => recorder.write(entry),
            // A voter keeps no record.
            (ByzantineDurable::Voter(_), _) => {}
        }
    }

    fn on_start(&mut self, _: &mut impl Outlet<Self>) {}

    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        if let Self::Voter(voter) = self {
            voter.on_restart(out);
        }
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &ByzantineMessage,
        out: &mut impl Outlet<Self>,
    ) {
        let id = header.instance;
        match (self, message) {
            (Self::Voter(voter), ByzantineMessage::Call(call)) => {
                voter.on_call(id, from, call, out)
            }
            (Self::Voter(voter), ByzantineMessage::Statements(batch)) => {
                voter.on_statements(id, from, batch, out);
            }
            (Self::Recorder(recorder), ByzantineMessage::Conclusion(report)) => {
                recorder.on_report(id, from, report, out);
            }
            (Self::Voter(_), ByzantineMessage::Conclusion(_))
            | (Self::Recorder(_), ByzantineMessage::Call(_) | ByzantineMessage::Statements(_)) => {
                out.refuse(from);
            }
        }
    }

    fn on_timer(&mut self, timer: ByzantineTimer, out: &mut impl Outlet<Self>) {
        let ByzantineTimer::Round(id) = timer;
        if let Self::Voter(voter) = self {
            voter.on_round(id, out);
        }
    }

    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        match self {
            Self::Voter(voter) => voter.on_signal(signal, out),
            Self::Recorder(recorder) => recorder.on_signal(signal, out),
        }
    }
}
