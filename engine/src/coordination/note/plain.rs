//! Notes of a choice as notes of a vote.

use super::Note;
use crate::sim::What;

impl Note {
    /// The same of a yes-or-no vote, for who does not ask which option it was.
    #[must_use]
    pub fn without_option(self) -> Self {
        match self {
            Note::Vote(note) => Note::Vote(note.without_option()),
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
