//! How a note stands on the tape and in the log; its protocol says so.

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::protocol::note::ProtocolNote;
use crate::sim::{AgentId, DropCause};

/// The pictures of a protocol's notes, beside their sentences.
pub trait Pictured: ProtocolNote {
    /// How it stands on the tape, noted by this agent.
    fn mark(self, _speaker: AgentId) -> Option<MarkKind> {
        None
    }

    /// The picture before its sentence.
    fn glyph(self) -> NoteGlyph {
        NoteGlyph::Dot
    }

    /// The picture that is drawn for a moment on the stage.
    fn effect(self) -> Option<NoteEffect> {
        None
    }

    /// The note in the words that all votes share, if it is one of those.
    #[inline]
    fn shared(self) -> Option<VoteNote> {
        None
    }

    /// Whom it is about, if that is another than the agent that notes it: of a ballot that is counted its voter.
    fn about(self) -> Option<AgentId> {
        None
    }
}

/// A picture that is drawn for a moment on the stage when it is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteEffect {
    /// A ripple with this head runs outwards from the agent.
    Ripple(MessageGlyph),
    /// A ring is drawn around the agent.
    Ring,
}

/// The picture that stands before a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteGlyph {
    /// Filled when it is counted, outlined when it is cast.
    Vote(Vote, bool),
    Letter,
    Decision(Decision),
    Question,
    Lost,
    Down,
    Fault,
    Dot,
}

/// Something on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    Opened {
        proposal: ProposalId,
    },
    Counted {
        proposal: ProposalId,
        voter: AgentId,
        vote: Vote,
    },
    Refused {
        proposal: ProposalId,
        voter: AgentId,
    },
    Decided {
        proposal: ProposalId,
        decision: Decision,
    },
    Closed {
        proposal: ProposalId,
    },
    /// The first honest agent has come to this by itself.
    Concluded {
        proposal: ProposalId,
        decision: Decision,
    },
    /// The first agent has begun a round.
    Round {
        proposal: ProposalId,
        round: u8,
    },
    /// The first agent holds two statements of one voter.
    Exposed {
        proposal: ProposalId,
        voter: AgentId,
    },
    Lost {
        cause: DropCause,
    },
    /// A second copy of a message is on its way.
    Doubled,
    /// The adversary took an agent over, or gave it back.
    Corrupted {
        agent: AgentId,
    },
    Released {
        agent: AgentId,
    },
    /// An agent did something by itself that matters: it wrote under a key, it suspects another.
    Acted {
        agent: AgentId,
    },
    /// An agent holds something else than before, because another told it.
    Learned {
        agent: AgentId,
    },
    /// The result of a part has come back.
    Delivered {
        agent: AgentId,
    },
    /// Something has come to its end, such as a task: the words on its flag, and the outcome of a vote that it is like.
    Ended {
        words: &'static str,
        like: Decision,
    },
    /// Another fault or intervention took effect.
    Fault {
        agent: AgentId,
    },
}
