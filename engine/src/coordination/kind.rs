//! The kinds of messages, one row each.

use super::glyph::MessageGlyph;
use crate::protocol::contract::Unsaid;
use crate::sim::AgentId;

/// Makes the enum and all that is told of a kind from its row, so that nothing can be left out.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $name:literal, $words:literal,)*) => {
        /// The kinds of messages, by their number on the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All of them, in the order of their numbers.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$kind),*];

            /// Its name in JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What it is called where people read it.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {
                    $(Self::$kind => $words,)*
                }
            }
        }
    };
}

kinds! {
    Proposal: "proposal", "proposal",
    Ballot: "ballot", "ballot",
    Decision: "decision", "decision",
    OutcomeQuery: "outcome_query", "question",
    Register: "register", "registration",
    Registered: "registered", "welcome",
    Unregister: "unregister", "farewell",
    StatusQuery: "status_query", "status question",
    StatusReply: "status_reply", "status",
    /// Signed votes.
    Statements: "statements", "signed votes",
    /// Signed votes that prove a lie.
    Evidence: "evidence", "evidence",
    Conclusion: "conclusion", "report",
    /// What an agent holds, asked and told.
    OpinionQuery: "opinion_query", "question for a view",
    Opinion: "opinion", "view",
    /// Ballots that spread.
    Rumour: "rumour", "rumour",
    RumourQuery: "rumour_query", "question for rumours",
    /// What an agent holds, asked and told: what another lacks, or everything.
    StateQuery: "state_query", "question for state",
    Delta: "delta", "delta",
    FullState: "full_state", "full state",
    Versions: "versions", "versions",
    /// Votes for the next version of a strong key.
    StrongQuery: "strong_query", "question for a vote",
    StrongAnswer: "strong_answer", "answer",
    StrongCommit: "strong_commit", "commit",
    Hello: "hello", "greeting",
    /// Work: announced, bid for, awarded, done.
    Call: "call", "announcement",
    Bid: "bid", "bid",
    NoBid: "no_bid", "refusal to bid",
    Award: "award", "award",
    Taken: "taken", "answer to an award",
    Progress: "progress", "progress",
    Result: "result", "result",
    Receipt: "receipt", "receipt",
    /// Whether those who are told a rumour knew it.
    Feedback: "feedback", "feedback",
    /// What agents at work ask each other.
    Query: "query", "query",
    Reply: "reply", "reply",
}

impl Kind {
    /// The kind of this number, as trace events hold it.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Whether it is about work.
    #[must_use]
    pub fn is_of_work(self) -> bool {
        (Self::Call as u8..=Self::Receipt as u8).contains(&(self as u8))
            || matches!(self, Self::Query | Self::Reply)
    }

    /// Whether it is about what the swarm keeps.
    #[must_use]
    pub fn is_of_state(self) -> bool {
        (Self::StateQuery as u8..Self::Hello as u8).contains(&(self as u8))
    }

    /// Whether a vote consists of such messages; the others only keep house.
    #[must_use]
    pub fn is_of_a_vote(self) -> bool {
        matches!(
            self,
            Self::Proposal
                | Self::Ballot
                | Self::Decision
                | Self::OutcomeQuery
                | Self::Statements
                | Self::Evidence
                | Self::Conclusion
                | Self::OpinionQuery
                | Self::Opinion
                | Self::Rumour
                | Self::RumourQuery
                | Self::Feedback
        )
    }
}

/// What a protocol says of its messages.
pub trait Described {
    fn kind(&self) -> Kind;

    /// How it is drawn, sent by this agent.
    fn glyph(&self, origin: AgentId) -> MessageGlyph;

    /// What it says beside its kind, sent by this agent: a vote, or a decision.
    fn says(&self, origin: AgentId) -> Option<&'static str> {
        self.glyph(origin).says()
    }
}

impl Described for Unsaid {
    fn kind(&self) -> Kind {
        match *self {}
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> =
            Kind::ALL.iter().map(|kind| kind.name()).collect();
        let words: std::collections::BTreeSet<_> =
            Kind::ALL.iter().map(|kind| kind.words()).collect();
        assert_eq!((names.len(), words.len()), (Kind::ALL.len(), Kind::ALL.len()));
    }

    #[test]
    fn kinds_are_numbered_in_order() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(Kind::from_number(number as u8), Some(kind));
            assert_eq!(kind as usize, number);
        }
        assert_eq!(Kind::from_number(Kind::ALL.len() as u8), None);
    }
}
