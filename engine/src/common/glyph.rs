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
    /// The part of the state that another agent lacks.
    Delta,
    /// Everything that an agent holds.
    FullState,
    /// A task that is announced or awarded.
    Call,
    /// A bid, a progress report, or a reply.
    Report,
    /// The result of a task.
    Result,
    /// Registrations, reports: messages on which the vote does not turn.
    Other,
}

impl MessageGlyph {
    /// The vote or the decision that it says.
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
