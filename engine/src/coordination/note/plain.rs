//! Notes of a choice as notes of a vote.

use super::{ChoiceNote, Note, VoteNote};
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::quorum::Decision;
use crate::sim::What;

impl Note {
    /// The same of a yes-or-no vote, for who does not ask which option it was.
    #[must_use]
    pub fn without_option(self) -> Self {
        let (vote, decision) = (Vote::For, Decision::Approved);
        match self {
            Note::Choice(ChoiceNote::Picked { proposal, .. }) => {
                Note::Vote(VoteNote::Voted { proposal, vote })
            }
            Note::Choice(ChoiceNote::PickCounted { proposal, voter, .. }) => {
                Note::Vote(VoteNote::Counted { proposal, voter, vote })
            }
            Note::Choice(ChoiceNote::Won { proposal, .. }) => {
                Note::Vote(VoteNote::Decided { proposal, decision })
            }
            Note::Choice(ChoiceNote::LearnedWinner { proposal, .. }) => {
                Note::Vote(VoteNote::Learned { proposal, decision })
            }
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
