//! Notes of a choice as notes of a vote.

use super::Note;
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::quorum::Decision;
use crate::sim::What;

impl Note {
    /// The same of a yes-or-no vote, for who does not ask which option it was.
    #[must_use]
    pub fn without_option(self) -> Self {
        let (vote, decision) = (Vote::For, Decision::Approved);
        match self {
            Self::Picked { proposal, .. } => Self::Voted { proposal, vote },
            Self::PickCounted { proposal, voter, .. } => Self::Counted { proposal, voter, vote },
            Self::Won { proposal, .. } => Self::Decided { proposal, decision },
            Self::LearnedWinner { proposal, .. } => Self::Learned { proposal, decision },
            _ => self,
        }
    }

    /// What happened, as [`Note::without_option`].
    #[must_use]
    pub fn plain(what: What<Self>) -> What<Self> {
        match what {
            What::Note(note) => What::Note(note.without_option()),
            other => other,
        }
    }
}
