//! Gossip among neighbours (C8): in rounds of its own clock every agent talks with a few partners that it
//! draws by chance, stops by a rule of its own, and decides for itself.
//!
//! Two modes. *Majority* is opinion dynamics (E6): an agent takes over what most of those it asks hold, so
//! the swarm can end split, or with what most were against. *Rumour* spreads the ballots themselves, and
//! every agent adds up those it knows; nobody changes a ballot by passing it on.
//!
//! In a round an agent tells, by itself or in answer, only what it knew when that round began, so that all go
//! by the same round, as in the papers. A message names its round, that of the agent that begins to talk. An
//! agent answers for the round it is asked about: it leaves out what was told to it in that round or later.
//! Where clocks are apart, one that is behind has not heard yet all that belongs before the round it is
//! asked about, and answers with what it has; one that is ahead still answers for the round before its own.
//! A message that comes after its round counts for that round, and is told from the next on.
//!
//! - this file: the rules, and what is said
//! - [`ballots`]: the ballots an agent knows, two bits each
//! - [`recent`]: in which of the last rounds they were told
//! - [`interest`]: when it stops telling, by the rules of Demers et al.
//! - [`session`]: one agent's part: what it holds, whom it asks, when it stops
//! - [`spreading`]: how an agent takes part
//! - [`recorder`]: the agent that opens gossips, and keeps the record of them
//! - [`watch`]: what is true of the whole, which no agent knows, round by round ([`spread`])
//! - `lies`: what a liar does with its messages
//! - [`section`], `settings`: all that goes in
//! - `shown`: all that comes out: the whole in its panels, each agent by its face (`seen`)

pub mod ballots;
mod inspect;
pub mod interest;
mod lies;
pub mod note;
pub mod panel;
pub mod recent;
pub mod recorder;
pub mod report;
pub mod section;
mod seen;
pub mod session;
mod settings;
mod shown;
pub mod spread;
pub mod spreading;
#[cfg(test)]
mod tests;
pub mod watch;

use std::convert::Infallible;
use std::sync::Arc;

use serde::Serialize;

use self::ballots::{Ballots, Voters};
use self::interest::Stop;
use self::note::GossipNote;
use self::recorder::Recorder;
use self::spreading::{Gossiper, GossiperDurable, Part};
use crate::common::awaited::{Awaited, Waiting};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::conclusion::Conclusion;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::{Algorithm, ProposalId, SharedProposal, Terms};
use crate::common::consensus::quorum::{Base, Decision, MILLIONTHS, Measure, Rule, Share};
use crate::common::glyph::MessageGlyph;
use crate::common::kind::shared::{CONCLUSION, PROPOSAL};
use crate::common::kind::{Described, MessageKind};
use crate::common::signal::Signal;
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet, Protocol};
use crate::sim::{AgentId, LocalTime};

/// Which way ballots go when two agents talk (Demers et al. 1987, *Epidemic Algorithms for Replicated
/// Database Maintenance*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Exchange {
    /// An agent tells its partners what it knows.
    Push,
    /// It asks them for what it lacks.
    Pull,
    /// Both.
    PushPull,
}

/// The content that spreads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Mode {
    /// Opinions: each takes over what most of those it asks hold.
    Majority,
    /// Ballots.
    Rumour(Exchange),
}

/// How a gossip is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Gossip {
    pub mode: Mode,
    /// So many partners per round, 1 to 10 in files.
    pub fanout: u32,
    /// The most rounds an agent takes part in, 1 to [`ROUNDS_MAX`] in files.
    pub rounds: u32,
    /// How long a round is, in microseconds.
    pub round_us: u64,
    /// The share of all agents that has to agree for the whole to count as converged, in millionths. An
    /// observer's figure: no agent can know it.
    pub convergence: u64,
    /// Partners may be anyone, not only neighbours; messages to others are passed on.
    pub overlay: bool,
    /// When agents stop telling. Without this rule, an agent that knows the ballots of all tells them for
    /// [`CALM_ROUNDS`] more rounds in which it hears nothing new, and one that misses a ballot goes on to the
    /// last round: a blind counter that does not begin before all is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
}

/// A rumour is told in so many more rounds once there is nothing new in it, and an opinion kept for so
/// many against which nobody speaks. The first is the counter of Demers et al. 1987; of the second,
/// Snowflake's (Team Rocket et al. 2018), it is β.
pub const CALM_ROUNDS: u32 = 2;

/// The most rounds that a file may ask for: a rumour of Demers et al. has died out in a thousand agents long
/// before.
pub const ROUNDS_MAX: u32 = 64;

/// The presets of the specification: name, fanout, rounds, convergence in millionths.
pub const PRESETS: [(&str, u32, u32, u64); 3] =
    [("standard", 3, 5, 950_000), ("critical", 5, 10, 990_000), ("large", 10, 3, 900_000)];

/// The share of FOR + AGAINST that approves where none is named, in millionths.
pub const THRESHOLD: u64 = 660_000;

impl Terms for Gossip {
    fn least_us(&self) -> u64 {
        self.duration_us().saturating_add(self.round_us)
    }

    /// Each agent has an opinion of its own about what all think.
    fn is_common(&self) -> bool {
        false
    }
}

impl Gossip {
    /// The algorithm by which this share of FOR and AGAINST approves, in millionths.
    #[must_use]
    pub fn algorithm(self, threshold: u64) -> Algorithm {
        let share = Share::AtLeast(threshold);
        Algorithm {
            name: "gossip".to_owned(),
            rule: Rule { measure: Measure::Heads, share, base: Base::Sides },
            domain_weights_milli: Map::new(),
            own: Some(Arc::new(self)),
        }
    }
}

impl Default for Gossip {
    /// The standard preset, by rumour, in rounds of 100 ms.
    fn default() -> Self {
        let (_, fanout, rounds, convergence) = PRESETS[0];
        let mode = Mode::Rumour(Exchange::Push);
        Self { mode, fanout, rounds, round_us: 100_000, convergence, overlay: false, stop: None }
    }
}

impl Gossip {
    /// From the opening to the end of the last round: the first begins a round after the opening, so
    /// that everyone has heard of it.
    #[must_use]
    pub fn duration_us(&self) -> u64 {
        self.round_us.saturating_mul(u64::from(self.rounds) + 1)
    }

    /// When this round begins on everyone's own clock; the first is 1.
    #[must_use]
    pub fn begins_us(&self, starts_us: LocalTime, round: u32) -> LocalTime {
        starts_us.after(self.round_us.saturating_mul(u64::from(round.saturating_sub(1))))
    }

    /// Whether so many of all agents are as many as have to agree.
    #[must_use]
    pub fn is_converged(&self, agreeing: u64, agents: u64) -> bool {
        u128::from(agreeing) * u128::from(MILLIONTHS)
            >= u128::from(self.convergence) * u128::from(agents)
    }
}

/// The opinion of an agent after it has asked others: that of most of them and itself. A tie leaves it with
/// its own, and abstentions do not count.
#[must_use]
pub fn majority(own: Option<Vote>, in_favour: u64, against: u64) -> Option<Vote> {
    let in_favour = in_favour + u64::from(own == Some(Vote::For));
    let against = against + u64::from(own == Some(Vote::Against));
    match in_favour.cmp(&against) {
        core::cmp::Ordering::Greater => Some(Vote::For),
        core::cmp::Ordering::Less => Some(Vote::Against),
        core::cmp::Ordering::Equal => own,
    }
}

/// A gossip begins: what it is about, who votes, and when the first round starts on everyone's own clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GossipCall {
    pub proposal: SharedProposal,
    pub starts_us: LocalTime,
    /// In the order of their numbers.
    pub electorate: Arc<[AgentId]>,
}

impl GossipCall {
    /// The place of an agent in the electorate.
    #[must_use]
    pub fn place(&self, agent: AgentId) -> Option<usize> {
        self.electorate.binary_search(&agent).ok()
    }
}

/// A message between agents. The envelope's correlation is the round of the agent that asks.
#[derive(Clone, Debug, Serialize)]
pub enum Talk {
    /// Which opinion do you hold?
    OpinionQuery,
    Opinion(Option<Vote>),
    /// These ballots I know; with `asks`: tell me those I lack.
    Rumour {
        ballots: Arc<Ballots>,
        asks: bool,
    },
    /// Tell me the ballots of all voters but these.
    RumourQuery(Arc<Voters>),
    /// An answer to a rumour: I knew all of it, or something was new.
    Feedback {
        knew: bool,
    },
    /// From the recorder: a gossip begins.
    Call(Arc<GossipCall>),
    /// To the recorder: the decision of an agent by itself.
    Conclusion(Arc<Conclusion>),
}

pub const OPINION_QUERY: MessageKind =
    MessageKind::new(12, "opinion_query", "question for a view").about_proposal();
pub const OPINION: MessageKind = MessageKind::new(13, "opinion", "view").about_proposal();
pub const RUMOUR: MessageKind = MessageKind::new(14, "rumour", "rumour").about_proposal();
pub const RUMOUR_QUERY: MessageKind =
    MessageKind::new(15, "rumour_query", "question for rumours").about_proposal();
pub const FEEDBACK: MessageKind = MessageKind::new(32, "feedback", "feedback").about_proposal();

impl Waiting for GossipTimer {
    fn awaited(self) -> Awaited {
        let Self::Round(id) = self;
        Awaited::new("the end of the round").about(id)
    }
}

impl Described for Talk {
    const KINDS: &'static [&'static MessageKind] =
        &[&PROPOSAL, &CONCLUSION, &OPINION_QUERY, &OPINION, &RUMOUR, &RUMOUR_QUERY, &FEEDBACK];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::OpinionQuery => &OPINION_QUERY,
            Self::Opinion(_) => &OPINION,
            Self::Rumour { .. } => &RUMOUR,
            Self::RumourQuery(_) => &RUMOUR_QUERY,
            Self::Feedback { .. } => &FEEDBACK,
            Self::Call(_) => &PROPOSAL,
            Self::Conclusion(_) => &CONCLUSION,
        }
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::OpinionQuery | Self::RumourQuery(_) => MessageGlyph::Question,
            Self::Opinion(vote) => MessageGlyph::Statement(*vote),
            Self::Rumour { .. } => MessageGlyph::Rumour,
            Self::Call(_) => MessageGlyph::Proposal,
            Self::Feedback { .. } | Self::Conclusion(_) => MessageGlyph::Other,
        }
    }

    fn says(&self, origin: AgentId) -> Option<&'static str> {
        match self {
            Self::Conclusion(conclusion) => Some(conclusion.decision.word()),
            _ => self.glyph(origin).says(),
        }
    }
}

/// A timer of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GossipTimer {
    /// A round ends, and the next begins.
    Round(ProposalId),
}

/// An agent's part.
#[derive(Clone, Debug)]
pub enum Gossiping {
    Gossiper(Gossiper),
    /// It has opened gossips, and keeps the record of them.
    Recorder(Box<Recorder>),
}

/// The durable state, which survives a crash.
#[derive(Clone, Debug)]
pub enum GossipDurable {
    Gossiper(GossiperDurable),
    Recorder(Box<Recorder>),
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum GossipEntry {
    /// An entry of a participant.
    Known {
        id: ProposalId,
        part: Box<Part>,
    },
    Opened {
        id: ProposalId,
        call: Arc<GossipCall>,
    },
    Reported {
        id: ProposalId,
        agent: AgentId,
        decision: Decision,
    },
    Closed {
        id: ProposalId,
    },
}

impl Gossiping {
    #[must_use]
    pub fn recorder(&self) -> Option<&Recorder> {
        match self {
            Self::Recorder(recorder) => Some(recorder),
            Self::Gossiper(_) => None,
        }
    }

    #[must_use]
    pub fn gossiper(&self) -> Option<&Gossiper> {
        match self {
            Self::Gossiper(gossiper) => Some(gossiper),
            Self::Recorder(_) => None,
        }
    }
}

impl Protocol for Gossiping {
    type Message = Talk;
    type Timer = GossipTimer;
    /// There is none: gossips are proposed to the agent that counts.
    type Order = Infallible;
    type Durable = GossipDurable;
    type Entry = GossipEntry;
    type Note = GossipNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &GossipDurable) -> Self {
        match durable {
            GossipDurable::Gossiper(durable) => Self::Gossiper(durable.clone()),
            GossipDurable::Recorder(recorder) => Self::Recorder(recorder.clone()),
        }
    }

    fn write(durable: &mut GossipDurable, entry: &GossipEntry) {
        match (durable, entry) {
            (GossipDurable::Gossiper(gossiper), GossipEntry::Known { id, part }) => {
                gossiper.known.insert(*id, (**part).clone());
            }
            (GossipDurable::Recorder(recorder), entry) => recorder.write(entry),
            // A participant keeps no record.
            (GossipDurable::Gossiper(_), _) => {}
        }
    }

    fn on_start(&mut self, _: &mut impl Outlet<Self>) {}

    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        if let Self::Gossiper(gossiper) = self {
            gossiper.on_restart(out);
        }
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        talk: &Talk,
        out: &mut impl Outlet<Self>,
    ) {
        match (self, talk) {
            (Self::Recorder(recorder), Talk::Conclusion(report)) => {
                recorder.on_report(header.instance, from, report, out);
            }
            (Self::Gossiper(gossiper), talk) => gossiper.on_talk(from, header, talk, out),
            (Self::Recorder(_), _) => out.refuse(from),
        }
    }

    fn on_timer(&mut self, timer: GossipTimer, out: &mut impl Outlet<Self>) {
        let GossipTimer::Round(id) = timer;
        if let Self::Gossiper(gossiper) = self {
            gossiper.on_round(id, out);
        }
    }

    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        match self {
            Self::Gossiper(gossiper) => gossiper.on_signal(signal, out),
            Self::Recorder(recorder) => recorder.on_signal(signal, out),
        }
    }
}
