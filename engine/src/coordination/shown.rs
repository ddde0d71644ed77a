//! Output of a protocol: the report, documents, faces, rows of the inspector, explanations and acts. A run asks each
//! protocol for its own through [`Shown`]; the protocol looks at the run through [`Peek`].

use std::fmt::Debug;

use super::glyph::MessageGlyph;
use super::kind::Described;
use crate::protocol::document::{Act, Choice, Document};
use crate::protocol::note::{Names, Thing};
use crate::protocol::watch::{Part, Watched};
use crate::sim::{AgentId, Event, EventId};

/// A protocol that can be looked at.
pub trait Shown: Watched<Message: Described> {
    /// Its section of the scenario, checked.
    type Setup: Clone + Debug;
    /// The names it has learned in the run so far. They stay when the run goes back.
    type Known: Clone + Debug + Default;
    /// Its part of the report: a struct whose fields stand at the top of the report.
    type Report: Clone + Debug + PartialEq + serde::Serialize;

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
    /// What cutting an agent off, and joining it again, is called where a vote is none of the matter.
    const ISOLATION: Option<(&'static str, &'static str)> = None;
    /// The key to its pictures on the stage.
    const KEY: &'static [(Picture, &'static str)] = &[];

    /// Learns the names of things that have come up since.
    fn learn(_known: &mut Self::Known, _peek: &dyn Peek<Self>) {}

    /// The name of a thing that its notes number, as the speaker would call it.
    fn thing(
        _setup: &Self::Setup,
        _known: &Self::Known,
        _speaker: AgentId,
        _thing: Thing,
        _names: &dyn Names,
    ) -> Option<String> {
        None
    }

    /// Why an agent refused what was asked of it, by the number in its note.
    fn refusal(_known: &Self::Known, _number: u32) -> Option<String> {
        None
    }

    /// The outcome, for machines.
    fn report(peek: &dyn Peek<Self>) -> Option<Self::Report>;

    /// Where its documents stand among those of others: the least first.
    fn place(_peek: &dyn Peek<Self>) -> u8 {
        places::USUAL
    }

    /// Its panels beside the stage.
    fn documents(_peek: &dyn Peek<Self>, _look: &Look) -> Vec<Document> {
        Vec::new()
    }

    /// Its panels for those who read from top to bottom: with each of several things, not only the one that is looked at.
    fn whole(peek: &dyn Peek<Self>) -> Vec<Document> {
        Self::documents(peek, &Look::default())
    }

    /// How agents look on the stage, each by its number; nothing at all where the protocol leaves that to others.
    fn faces(_peek: &dyn Peek<Self>, _look: &Look) -> Vec<Option<Face>> {
        Vec::new()
    }

    /// The rows of the inspector for this agent: a label and lines.
    fn inspect(_peek: &dyn Peek<Self>, _agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        Vec::new()
    }

    /// The words beside the agent's name in the inspector; nothing where they are to be about its vote.
    fn headline(_peek: &dyn Peek<Self>, _agent: AgentId) -> Option<String> {
        None
    }

    /// The acts that a person can do at this agent now.
    fn acts(_peek: &dyn Peek<Self>, _agent: AgentId) -> Vec<Offer> {
        Vec::new()
    }

    /// The facts that an event of its own rests on, besides its causes, in sentences.
    fn explain(_peek: &dyn Peek<Self>, _event: &Event<Self::Note>) -> Vec<String> {
        Vec::new()
    }

    /// An event of its own as the caption tells it, with the numbers it changed; by default as the log does.
    fn caption(_peek: &dyn Peek<Self>, _event: &Event<Self::Note>) -> Option<String> {
        None
    }

    /// How many things of its own end with a flag on the tape.
    fn ends(_peek: &dyn Peek<Self>) -> usize {
        0
    }

    /// The last caption of a run: the outcome in one sentence, without a full stop.
    fn last_word(_peek: &dyn Peek<Self>) -> Option<LastWord> {
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
}

/// A run, as a protocol may look at it at one instant: it sees its own part of everything.
pub trait Peek<P: Shown> {
    fn now_us(&self) -> u64;

    /// Whether nothing more will happen.
    fn has_ended(&self) -> bool;

    fn setup(&self) -> &P::Setup;

    fn known(&self) -> &P::Known;

    /// Its watch, with all that it has seen so far.
    fn watch(&self) -> &P::Watch;

    /// How many agents there are by now, the coordinator among them.
    fn agents(&self) -> u32;

    fn agent(&self, agent: AgentId) -> Option<Part<'_, P>>;

    /// The agent that keeps the roster, counts and shares out work, if there is one.
    fn coordinator(&self) -> Option<AgentId>;

    /// The names of agents and things.
    fn names(&self) -> &dyn Names;

    /// The kind of agent that it is, as the scenario calls it; empty where nobody has this number.
    fn role(&self, agent: AgentId) -> &str;

    /// Its messages on their way, each with who sent it.
    fn in_flight(&self) -> Box<dyn Iterator<Item = (AgentId, &P::Message)> + '_>;

    /// The times of a proposal, whichever protocol it is voted on by.
    fn proposal(&self, proposal: u32) -> Option<ProposalTimes>;

    /// The number of the proposal that was opened last.
    fn newest_proposal(&self) -> Option<u32>;

    /// How far the proposals of the run have come.
    fn voting(&self) -> Voting;

    /// An event of the run so far, if it is kept and is no note of another protocol.
    fn event(&self, event: EventId) -> Option<Event<P::Note>>;

    /// The events from `from` up to, not including, `to` that are kept and no notes of other protocols.
    fn events(
        &self,
        from: EventId,
        to: EventId,
    ) -> Box<dyn DoubleEndedIterator<Item = Event<P::Note>> + '_>;

    /// The number of the next event.
    fn next_event(&self) -> EventId;

    /// Looks at the run as it was after the step in which the event happened, and before that step. It looks at nothing where
    /// it would take too long to get there.
    fn look_after(&self, event: EventId, look: &mut dyn FnMut(&dyn Peek<P>));

    fn look_before(&self, event: EventId, look: &mut dyn FnMut(&dyn Peek<P>));
}

/// The times of a proposal, in microseconds of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposalTimes {
    pub opened_us: u64,
    pub decided_us: Option<u64>,
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
    pub fn of(&self, what: &str, agent: Option<AgentId>) -> Option<u32> {
        let is_it = |it: &&Choice| it.what == what && it.agent == agent;
        self.chosen.iter().find(is_it).map(|it| it.number)
    }

    /// A look at one chosen thing.
    #[must_use]
    pub fn at(what: &'static str, number: u32) -> Self {
        Self { selected: None, chosen: vec![Choice::new(what, number)] }
    }

    /// Looks at this, instead of what was chosen of its sort.
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
