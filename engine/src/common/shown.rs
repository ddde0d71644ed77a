//! Output of a protocol: the report, documents, faces, rows of the inspector, explanations and acts. A run asks each
//! protocol for its own through [`Shown`]; the protocol looks at the run through [`Peek`].

use std::fmt::Debug;

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::facts::Facts;
use crate::common::consensus::frame::ProposalFrame;
use crate::common::consensus::hearing::Hearing;
use crate::common::consensus::manager::Manager;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::kind::Described;
use crate::common::measure::Measure;
use crate::common::profile::Profile;
use crate::protocol::document::{Act, Choice, Document};
use crate::protocol::note::{Names, Thing};
use crate::protocol::watch::{Part, Watched};
use crate::sim::{AgentId, Event, EventId};

/// A protocol that can be looked at.
pub trait Shown: Watched<Message: Described> {
    /// The names it has learned in the run so far. They stay when the run goes back.
    type Known: Clone + Debug + Default;
    /// Its part of the report: a struct whose fields stand at the top of the report.
    type Report: Clone + Debug + PartialEq + serde::Serialize;
    /// The figures of a decision that is its own, in the report: their fields stand among the details of the decision.
    type Details: Clone + Debug + PartialEq + serde::Serialize;

    /// Its heading on the page: one word or two. Nothing where it only serves others.
    const TITLE: Option<&'static str> = None;
    /// Its properties: each name with a sentence that says what holds.
    const PROPERTIES: &'static [(&'static str, &'static str)] = &[];
    /// The tab of the log in which its notes stand.
    const LOG: Option<&'static str> = None;
    /// Whether the coordinator has a part in it.
    const IS_COORDINATED: bool = false;
    /// Whether it only follows what other protocols of the run do: then these are told first.
    const FOLLOWS: bool = false;
    /// Whether its discs hold values: numbers beside them would be taken for values, too.
    const HAS_VALUES: bool = false;
    /// The words for cutting an agent off, and for joining it again, where a vote is none of the matter.
    const ISOLATION: Option<(&'static str, &'static str)> = None;
    /// Learns the names of things that have come up since.
    #[inline]
    fn learn(_known: &mut Self::Known, _peek: &dyn Peek<Self>) {}

    /// The name of a thing that its notes number, as the speaker would call it.
    #[inline]
    fn thing(
        _setup: &Self::Setup,
        _known: &Self::Known,
        _speaker: AgentId,
        _thing: Thing,
        _names: &dyn Names,
    ) -> Option<String> {
        None
    }

    /// The outcome, for machines.
    fn report(peek: &dyn Peek<Self>) -> Option<Self::Report>;

    /// Where its documents stand among those of others: the least first.
    #[inline]
    fn place(_peek: &dyn Peek<Self>) -> u8 {
        places::USUAL
    }

    /// Its panels beside the stage.
    #[inline]
    fn documents(_peek: &dyn Peek<Self>, _look: &Look) -> Vec<Document> {
        Vec::new()
    }

    /// Its panels for those who read from top to bottom: with each of several things, not only the one that is looked at.
    #[inline]
    fn whole(peek: &dyn Peek<Self>) -> Vec<Document> {
        Self::documents(peek, &Look::default())
    }

    /// The key to its pictures on the stage.
    #[inline]
    fn key(_peek: &dyn Peek<Self>, _look: &Look) -> Vec<(Picture, &'static str)> {
        Vec::new()
    }

    /// How agents look on the stage, each by its number; nothing at all where the protocol leaves that to others. Words only where
    /// there is room for them ([`has_words`]): it is asked sixty times a second.
    #[inline]
    fn faces(_peek: &dyn Peek<Self>, _look: &Look) -> Vec<Option<Face>> {
        Vec::new()
    }

    /// The rows of the inspector for this agent: a label and lines.
    #[inline]
    fn inspect(_peek: &dyn Peek<Self>, _agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        Vec::new()
    }

    /// The words beside the agent's name in the inspector; nothing where they are to be about its vote.
    #[inline]
    fn headline(_peek: &dyn Peek<Self>, _agent: AgentId) -> Option<String> {
        None
    }

    /// The acts that a person can do at this agent now.
    #[inline]
    fn acts(_peek: &dyn Peek<Self>, _agent: AgentId) -> Vec<Offer> {
        Vec::new()
    }

    /// The facts that an event of its own rests on, besides its causes, in sentences.
    #[inline]
    fn explain(_peek: &dyn Peek<Self>, _event: &Event<Self::Note>) -> Vec<String> {
        Vec::new()
    }

    /// An event of its own as the caption tells it, with the numbers it changed; by default as the log does.
    #[inline]
    fn caption(_peek: &dyn Peek<Self>, _event: &Event<Self::Note>) -> Option<String> {
        None
    }

    /// All proposals that it counts, in the order in which they were opened.
    #[inline]
    fn proposals(_peek: &dyn Peek<Self>) -> Vec<ProposalFrame> {
        Vec::new()
    }

    /// The books of an agent that opens proposals.
    #[inline]
    fn books(_machine: &Self) -> Option<&Manager> {
        None
    }

    /// Shows a proposal that agents decide by this protocol: from as it was counted to as it is.
    #[inline]
    fn revise(_peek: &dyn Peek<Self>, _look: &Look, _proposal: &mut ProposalFrame) {}

    /// The facts about each proposal, by its number, where its watch keeps them for all.
    #[inline]
    fn facts(_watch: &Self::Watch) -> &[Facts] {
        &[]
    }

    /// The agent as a member, where it is one by this protocol.
    #[inline]
    fn profile(_machine: &Self) -> Option<&Profile> {
        None
    }

    /// The vote and the outcome of an agent in a proposal that it has heard of by this protocol.
    #[inline]
    fn holds(_part: &Part<'_, Self>, _proposal: ProposalId) -> Option<Holds> {
        None
    }

    /// All proposals that an agent has heard of by this protocol.
    #[inline]
    fn hearings(_agent: AgentId, _machine: &Self) -> Vec<HeardOf> {
        Vec::new()
    }

    /// Whether a message tells its receiver only what that knows by now.
    #[inline]
    fn is_repeat(_receiver: &Part<'_, Self>, _instance: u32, _message: &Self::Message) -> bool {
        false
    }

    /// A proposal that agents decide by this protocol, in a sentence: the deciding words, and the rest.
    #[inline]
    fn lead(_peek: &dyn Peek<Self>, _proposal: &ProposalFrame) -> Option<(String, String)> {
        None
    }

    /// How far such a proposal has come, in a few words.
    #[inline]
    fn so_far(_peek: &dyn Peek<Self>, _proposal: ProposalId) -> Option<String> {
        None
    }

    /// Something to say before another agent is corrupted.
    #[inline]
    fn warning(_peek: &dyn Peek<Self>, _look: &Look) -> Option<String> {
        None
    }

    /// The figures of a decision.
    #[inline]
    fn details(
        _peek: &dyn Peek<Self>,
        _proposal: ProposalId,
        _decision: Decision,
    ) -> Option<Self::Details> {
        None
    }

    /// The figures of a run, by which it is compared with others.
    #[inline]
    fn measures(_peek: &dyn Peek<Self>) -> Vec<Measure> {
        Vec::new()
    }

    /// How many things of its own end with a flag on the tape.
    #[inline]
    fn ends(_peek: &dyn Peek<Self>) -> usize {
        0
    }

    /// The last caption of a run: the outcome in one sentence, without a full stop.
    #[inline]
    fn last_word(_peek: &dyn Peek<Self>, _look: &Look) -> Option<LastWord> {
        None
    }
}

/// Where documents stand: a pipeline before its votes, work before what follows from it.
pub mod places {
    pub const PIPELINE: u8 = 0;
    pub const STAGES: u8 = 1;
    pub const USUAL: u8 = 2;
    pub const WORK: u8 = 3;
    pub const STATE: u8 = 4;
    pub const VOTES: u8 = 5;
    pub const AFTER_VOTES: u8 = 6;
    pub const CHECKS: u8 = 7;
}

/// A run, as a protocol may look at it at one instant: it sees its own part of everything.
pub trait Peek<P: Shown> {
    fn now_us(&self) -> u64;

    /// The end of the run, if its scenario names one, or else the time by which all that it plans should be over.
    fn horizon_us(&self) -> u64;

    fn setup(&self) -> &P::Setup;

    fn known(&self) -> &P::Known;

    /// Its watch, with all that it has seen so far.
    fn watch(&self) -> &P::Watch;

    /// How many agents there are by now, the coordinator among them.
    fn agents(&self) -> u32;

    /// How many there are once all have joined that are known to join.
    fn agents_in_all(&self) -> u32;

    fn agent(&self, agent: AgentId) -> Option<Part<'_, P>>;

    /// The agent that keeps the roster, counts and shares out work, if there is one.
    fn coordinator(&self) -> Option<AgentId>;

    /// Whether another protocol leads that this one only follows.
    fn is_led(&self) -> bool;

    /// Whether the network is split into groups.
    fn is_partitioned(&self) -> bool;

    /// The names of agents and things.
    fn names(&self) -> &dyn Names;

    /// The kind of agent that it is, as the scenario calls it; empty where nobody has this number.
    fn role(&self, agent: AgentId) -> &str;

    /// Its messages on their way, each with who sent it.
    fn in_flight(&self) -> Box<dyn Iterator<Item = (AgentId, &P::Message)> + '_>;

    /// All that is true of a proposal, whichever protocol it is voted on by.
    fn facts(&self, proposal: ProposalId) -> Option<&Facts>;

    /// The number of the proposal that was opened last.
    fn newest_proposal(&self) -> Option<ProposalId>;

    /// How far the proposals of the run have come.
    fn voting(&self) -> Voting;

    /// The proposal of this name as the scenario spells it, or else the last there is; with a name that no proposal of the run
    /// has.
    fn spelled_anew(&self, proposal: &str) -> Option<serde_json::Value>;

    /// An event of the run so far, if it is kept and is no note of another protocol.
    fn event(&self, event: EventId) -> Option<Event<P::Note>>;

    /// The events from `from` up to, not including, `to` that are kept and no notes of other protocols.
    fn events(
        &self,
        from: EventId,
        to: EventId,
    ) -> Box<dyn DoubleEndedIterator<Item = Event<P::Note>> + '_>;

    /// Looks at the run as it was after the step in which the event happened, and before that step. It looks at nothing where
    /// it would take too long to get there.
    fn look_after(&self, event: EventId, look: &mut dyn FnMut(&dyn Peek<P>));

    fn look_before(&self, event: EventId, look: &mut dyn FnMut(&dyn Peek<P>));
}

/// The part of an agent in a proposal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Its vote, or the side it is on by now.
    pub vote: Option<Vote>,
    pub outcome: Option<Decision>,
}

impl Holds {
    #[must_use]
    #[inline]
    pub fn of(hearing: &Hearing) -> Self {
        let vote = hearing.vote.as_ref().map(|(vote, _)| *vote);
        Self { vote, outcome: hearing.outcome }
    }
}

/// A proposal as an agent has heard of it.
#[derive(Clone, Debug)]
pub struct HeardOf {
    pub proposal: ProposalId,
    pub hearing: Hearing,
    /// The option that its vote is for, and the one that has won, as it has learned; nothing of a yes-or-no vote.
    pub own: Option<OptionId>,
    pub winner: Option<OptionId>,
    /// How far it has come, until it holds an outcome.
    pub stands: Option<String>,
}

/// The proposal that is looked at, if it is there, or else the newest.
#[inline]
pub fn looked_at<P: Shown>(peek: &dyn Peek<P>, look: &Look) -> Option<ProposalId> {
    let chosen = look.of("proposal", None).filter(|id| peek.facts(*id).is_some());
    chosen.or_else(|| peek.newest_proposal())
}

impl HeardOf {
    #[must_use]
    #[inline]
    pub fn new(proposal: ProposalId, hearing: &Hearing) -> Self {
        let hearing = hearing.clone();
        Self { proposal, hearing, own: None, winner: None, stands: None }
    }
}

/// How far the proposals of a run have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voting {
    /// Nothing was put to the vote so far.
    Nothing,
    /// The newest has no outcome yet.
    Open,
    Over,
}

/// In a larger swarm there is no room for words beside agents.
pub const WORDS_MAX: u32 = 300;

/// Whether there is room for words beside the agent: in a larger swarm only beside the one that is selected.
#[inline]
pub fn has_words<P: Shown>(peek: &dyn Peek<P>, look: &Look, agent: AgentId) -> bool {
    peek.agents() <= WORDS_MAX || look.selected == Some(agent)
}

/// Everything that a person looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The agent that is selected.
    pub selected: Option<AgentId>,
    /// The last choice of each sort, and of each agent's own.
    pub chosen: Vec<Choice>,
}

impl Look {
    /// The number of the thing of this sort that was chosen; where each agent has its own, at this agent.
    #[must_use]
    #[inline]
    pub fn of(&self, what: &str, agent: Option<AgentId>) -> Option<u32> {
        let is_it = |it: &&Choice| it.what == what && it.agent == agent;
        self.chosen.iter().find(is_it).map(|it| it.number)
    }

    /// A look at one chosen thing.
    #[must_use]
    #[inline]
    pub fn at(what: &'static str, number: u32) -> Self {
        Self { selected: None, chosen: vec![Choice::new(what, number)] }
    }

    /// Looks at this, instead of what was chosen of its sort.
    #[inline]
    pub fn choose(&mut self, choice: Choice) {
        self.chosen.retain(|it| (it.what, it.agent) != (choice.what, choice.agent));
        self.chosen.push(choice);
    }
}

/// A picture that a key explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    Message(MessageGlyph),
    /// How full a disc is.
    Level,
    /// A ring that closes.
    Progress,
    /// A part that came back.
    Result,
    Reputation,
    /// An agent that has signed two votes.
    Exposed,
}

/// How an agent looks on the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// How full its disc is, in thousandths.
    pub level_permille: Option<u16>,
    /// The ring around it.
    pub ring: Option<FaceRing>,
    /// Its part of something has come back: whether it is done.
    pub result: Option<bool>,
    /// The arc below it, in thousandths.
    pub reputation_permille: Option<u16>,
    /// The text in the disc; nothing of what others show as their own is "–".
    pub value: Option<String>,
    /// Whether others show another value.
    pub differs: bool,
    /// The coordinator, where it shares out work.
    pub is_hub: bool,
    /// The line under its name.
    pub second: String,
}

impl Face {
    /// This face, completed by another.
    #[must_use]
    #[inline]
    pub fn or(self, other: Self) -> Self {
        Self {
            level_permille: self.level_permille.or(other.level_permille),
            ring: self.ring.or(other.ring),
            result: self.result.or(other.result),
            reputation_permille: self.reputation_permille.or(other.reputation_permille),
            differs: if self.value.is_some() { self.differs } else { other.differs },
            value: self.value.or(other.value),
            is_hub: self.is_hub || other.is_hub,
            second: if self.second.is_empty() { other.second } else { self.second },
        }
    }
}

/// The ring around an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaceRing {
    Open,
    /// How far it is closed, in thousandths.
    Progress(u16),
}

/// Something that a person can do at an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Tests find its button by this.
    pub id: &'static str,
    /// The picture and the words of its button.
    pub picture: OfferPicture,
    pub label: String,
    pub act: Act,
}

/// The picture on the button of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferPicture {
    /// Something is asked of the agent.
    Ask,
    /// It belongs to the swarm from now on, or no longer.
    Join,
    Leave,
    /// It exchanges what is new to another, or all it holds.
    Delta,
    Full,
    /// It becomes slower, less reliable, healthy or not.
    Pace,
    Trouble,
    Health,
}

/// The outcome of a run in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastWord {
    pub text: String,
    /// When it came to be so; nothing where that is the end of the run.
    pub time_us: Option<u64>,
}
