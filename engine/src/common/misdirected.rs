//! The note of a message that its receiver cannot read, whichever protocol it is of.

use crate::common::mark::{NoteGlyph, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, about};
use crate::sim::AgentId;

/// A message made no sense to its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misdirected {
    pub from: AgentId,
}

impl ProtocolNote for Misdirected {
    fn digest(self) -> u64 {
        // The name under which runs have always hashed it.
        about!("membership.misdirected", self.from.0.into())
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let [agent, from] = [speaker, self.from].map(|it| names.agent(it));
        format!("{agent} could make nothing of a message from {from}.")
    }

    fn importance(self) -> Importance {
        Importance::Step
    }
}

impl Pictured for Misdirected {
    fn glyph(self) -> NoteGlyph {
        NoteGlyph::Lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::note::letters::{B, check_sentences};

    #[test]
    fn it_has_a_sentence() {
        let sentence = "ann could make nothing of a message from ben.";
        check_sentences(&[(Misdirected { from: B }, sentence)], |_| 0);
    }
}
