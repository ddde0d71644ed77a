//! How a message is drawn while it is on its way; its protocol says so.

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::quorum::Decision;

/// The picture of a message; each has a shape and a colour of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageGlyph {
    Proposal,
    Ballot(Vote),
    /// A ballot for an option.
    Pick(OptionId),
    /// Signed, one of many: with its sender's own vote, or only what others have said.
    Statement(Option<Vote>),
    /// Proof that someone has said two things.
    Evidence,
    /// Ballots on their way from mouth to mouth.
    Rumour,
    /// Ballots that their receiver knows already.
    Repeat,
    Decision(Decision),
    Question,
    /// What another lacks, or everything an agent holds.
    Delta,
    FullState,
    /// A task that is announced or awarded; a bid, or how far its agent is; and what it came to.
    Call,
    Report,
    Result,
    /// Registrations, reports: what the vote does not turn on.
    Other,
}

impl MessageGlyph {
    /// What it says: a vote, or a decision.
    #[must_use]
    pub fn says(self) -> Option<&'static str> {
        match self {
            Self::Ballot(vote) | Self::Statement(Some(vote)) => Some(vote.word()),
            Self::Pick(_) => Some(Vote::For.word()),
            Self::Decision(decision) => Some(decision.word()),
            _ => None,
        }
    }
}
