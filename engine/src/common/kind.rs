//! The kinds of messages: a row each, in the room of its protocol.

use crate::common::glyph::MessageGlyph;
use crate::protocol::contract::Unsaid;
use crate::protocol::note::Importance;
use crate::sim::AgentId;

/// A kind of message.
#[derive(Debug)]
pub struct MessageKind {
    /// Its number in trace events, which it keeps for good.
    pub number: u8,
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name for people.
    pub words: &'static str,
    /// Whether it is about a proposal, and counts among the messages of that.
    pub is_about_proposal: bool,
    /// Whether it is drawn in full; the others only keep house.
    pub is_prominent: bool,
    /// The words that are written where a message is lost.
    pub when_lost: &'static str,
    /// The importance of a loss.
    pub loss: Importance,
    /// The glyph that runs outwards from its receiver when a message arrives.
    pub ripple: Option<MessageGlyph>,
}

impl MessageKind {
    #[must_use]
    pub const fn new(number: u8, name: &'static str, words: &'static str) -> Self {
        Self {
            number,
            name,
            words,
            is_about_proposal: false,
            is_prominent: true,
            when_lost: "lost",
            loss: Importance::Vote,
            ripple: None,
        }
    }

    #[must_use]
    pub const fn about_proposal(self) -> Self {
        Self { is_about_proposal: true, ..self }
    }

    /// It only keeps house: it is drawn quietly, and the loss of one matters as little as a step of an agent.
    #[must_use]
    pub const fn keeping_house(self) -> Self {
        Self { is_prominent: false, loss: Importance::Step, ..self }
    }

    #[must_use]
    pub const fn when_lost(self, words: &'static str) -> Self {
        Self { when_lost: words, ..self }
    }

    #[must_use]
    pub const fn loss(self, importance: Importance) -> Self {
        Self { loss: importance, ..self }
    }

    #[must_use]
    pub const fn ripple(self, glyph: MessageGlyph) -> Self {
        Self { ripple: Some(glyph), ..self }
    }
}

impl PartialEq for MessageKind {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for MessageKind {}

/// A protocol's description of its messages.
pub trait Described {
    /// The kinds of its messages; those of [`shared`] may be among them.
    const KINDS: &'static [&'static MessageKind];

    fn kind(&self) -> &'static MessageKind;

    /// How it is drawn, sent by this agent.
    fn glyph(&self, origin: AgentId) -> MessageGlyph;

    /// The vote or the decision that it says beside its kind, sent by this agent.
    fn says(&self, origin: AgentId) -> Option<&'static str> {
        self.glyph(origin).says()
    }

    /// Whether there is anything in it that its receiver might not know: then it is drawn in full, though it keeps house.
    fn brings_news(&self) -> bool {
        false
    }
}

impl Described for Unsaid {
    const KINDS: &'static [&'static MessageKind] = &[];

    fn kind(&self) -> &'static MessageKind {
        match *self {}
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match *self {}
    }
}

/// The kinds that several protocols have in common.
pub mod shared {
    use crate::common::kind::{MessageGlyph, MessageKind};

    /// A proposal is open: a question for a ballot, or the call of a vote without a counter.
    pub const PROPOSAL: MessageKind = MessageKind::new(0, "proposal", "proposal")
        .about_proposal()
        .when_lost("proposal lost")
        .ripple(MessageGlyph::Proposal);

    /// The decision that an agent has made by itself.
    pub const CONCLUSION: MessageKind =
        MessageKind::new(11, "conclusion", "report").about_proposal();
}

/// Stands where no kind has a number: that of a protocol that is not compiled in.
const UNUSED: MessageKind = MessageKind::new(u8::MAX, "unused", "unused");

/// All kinds by their numbers: a table made when it is compiled. Numbers, names and words are each kind's own.
#[must_use]
pub const fn by_number<const COUNT: usize>(
    protocols: &[&'static [&'static MessageKind]],
) -> [&'static MessageKind; COUNT] {
    let mut table: [Option<&'static MessageKind>; COUNT] = [None; COUNT];
    let mut protocol = 0;
    while protocol < protocols.len() {
        let mut row = 0;
        while row < protocols[protocol].len() {
            let kind = protocols[protocol][row];
            let number = kind.number as usize;
            if let Some(other) = table[number] {
                assert!(is_same(kind.name, other.name), "two kinds of messages have one number");
            }
            table[number] = Some(kind);
            row += 1;
        }
        protocol += 1;
    }
    let mut kinds = [&UNUSED; COUNT];
    let mut number = 0;
    while number < COUNT {
        if let Some(kind) = table[number] {
            let mut before = 0;
            while before < number {
                let other: &MessageKind = kinds[before];
                assert!(!is_same(kind.name, other.name), "two kinds of messages have one name");
                assert!(
                    !is_same(kind.words, other.words),
                    "two kinds of messages have the same words"
                );
                before += 1;
            }
            kinds[number] = kind;
        }
        number += 1;
    }
    kinds
}

/// The number after the largest.
#[must_use]
pub const fn count(protocols: &[&'static [&'static MessageKind]]) -> usize {
    let (mut most, mut protocol) = (0, 0);
    while protocol < protocols.len() {
        let mut row = 0;
        while row < protocols[protocol].len() {
            let number = protocols[protocol][row].number as usize;
            if number >= most {
                most = number + 1;
            }
            row += 1;
        }
        protocol += 1;
    }
    most
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}
