//! Notes about every vote, by whichever protocol: those of voters, and those of the agent that counts.

pub mod choice;

use self::choice::ChoiceNote;
use super::ballot::{Refusal, Vote};
use super::proposal::ProposalId;
use super::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::mark::{MarkKind, NoteEffect, NoteGlyph, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::protocol::words::refused;
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteNote {
    /// The coordinator opened a proposal.
    Opened {
        proposal: ProposalId,
    },
    /// A proposal could not be opened; the coordinator keeps the reason under this number.
    NotOpened {
        refusal: u32,
    },
    /// An agent heard of a proposal for the first time.
    Heard {
        proposal: ProposalId,
    },
    /// An agent made up its mind.
    Voted {
        proposal: ProposalId,
        vote: Vote,
    },
    /// An agent sends nothing, by its own rule.
    StaysSilent {
        proposal: ProposalId,
    },
    /// The coordinator counted a ballot.
    Counted {
        proposal: ProposalId,
        voter: AgentId,
        vote: Vote,
    },
    /// The coordinator had this ballot already.
    Repeated {
        proposal: ProposalId,
        voter: AgentId,
    },
    Refused {
        proposal: ProposalId,
        voter: AgentId,
        refusal: Refusal,
    },
    /// No outstanding ballot can change it any more, or the deadline has come.
    Decided {
        proposal: ProposalId,
        decision: Decision,
    },
    /// No more ballots count.
    Closed {
        proposal: ProposalId,
        decision: Decision,
    },
    /// The coordinator asks those again whose ballot is not in.
    Reminded {
        proposal: ProposalId,
    },
    /// An agent holds this outcome from now on.
    Learned {
        proposal: ProposalId,
        decision: Decision,
    },
    /// An agent asks what was decided.
    Asked {
        proposal: ProposalId,
    },
    /// A round begins for an agent, where agents vote in rounds.
    RoundBegan {
        proposal: ProposalId,
        round: u8,
    },
    /// A message of a round that was over.
    CameLate {
        proposal: ProposalId,
        from: AgentId,
    },
    /// An agent decides for itself, where nobody counts for all.
    Concluded {
        proposal: ProposalId,
        decision: Decision,
    },
    /// Something of a choice between options.
    Choice(ChoiceNote),
}

impl From<ChoiceNote> for VoteNote {
    fn from(note: ChoiceNote) -> Self {
        Self::Choice(note)
    }
}

impl VoteNote {
    /// The same note of a yes-or-no vote, for readers to whom the option does not matter.
    #[must_use]
    pub fn without_option(self) -> Self {
        match self {
            Self::Choice(note) => note.without_option().unwrap_or(self),
            _ => self,
        }
    }
}

impl ProtocolNote for VoteNote {
    fn digest(self) -> u64 {
        match self {
            Self::Opened { proposal } => about!("vote.opened", proposal.into()),
            Self::NotOpened { refusal } => about!("vote.not_opened", refusal.into()),
            Self::Heard { proposal } => about!("vote.heard", proposal.into()),
            Self::Voted { proposal, vote } => about!("vote.voted", proposal.into(), vote as u64),
            Self::StaysSilent { proposal } => about!("vote.stays_silent", proposal.into()),
            Self::Counted { proposal, voter, vote } => {
                about!("vote.counted", proposal.into(), voter.0.into(), vote as u64)
            }
            Self::Repeated { proposal, voter } => {
                about!("vote.repeated", proposal.into(), voter.0.into())
            }
            Self::Refused { proposal, voter, refusal } => {
                about!("vote.refused", proposal.into(), voter.0.into(), refusal as u64)
            }
            Self::Decided { proposal, decision } => {
                about!("vote.decided", proposal.into(), decision as u64)
            }
            Self::Closed { proposal, decision } => {
                about!("vote.closed", proposal.into(), decision as u64)
            }
            Self::Reminded { proposal } => about!("vote.reminded", proposal.into()),
            Self::Learned { proposal, decision } => {
                about!("vote.learned", proposal.into(), decision as u64)
            }
            Self::Asked { proposal } => about!("vote.asked", proposal.into()),
            // These three keep the names under which runs were hashed before gossips had rounds too.
            Self::RoundBegan { proposal, round } => {
                about!("byzantine.round_began", proposal.into(), round.into())
            }
            Self::CameLate { proposal, from } => {
                about!("byzantine.came_late", proposal.into(), from.0.into())
            }
            Self::Choice(note) => note.digest(),
            Self::Concluded { proposal, decision } => {
                about!("byzantine.concluded", proposal.into(), decision as u64)
            }
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        match self {
            Self::Opened { .. } => format!("{agent} put the proposal to the vote."),
            Self::NotOpened { refusal } => refused(
                agent,
                "opened no vote",
                &names.thing(speaker, Thing::new("refused vote", refusal)),
            ),
            Self::Heard { .. } => format!("{agent} heard of the proposal."),
            Self::Voted { vote, .. } => format!("{agent} {}.", voted(vote)),
            Self::StaysSilent { .. } => format!("{agent} stays silent."),
            Self::Counted { voter, vote, .. } => {
                format!("{}’s ballot was counted: {}.", names.agent(voter), vote.word())
            }
            Self::Repeated { voter, .. } => {
                format!("{}’s ballot came again; it is counted once.", names.agent(voter))
            }
            Self::Refused { voter, refusal, .. } => {
                format!("{}’s ballot was refused: {}.", names.agent(voter), refusal.words())
            }
            Self::Decided { decision, .. } => decided(decision).to_owned(),
            Self::Closed { .. } => "The vote is closed.".to_owned(),
            Self::Reminded { .. } => format!("{agent} asked those again whose ballot is missing."),
            Self::Learned { decision: Decision::Timeout, .. } => {
                format!("{agent} records a timeout.")
            }
            Self::Learned { decision, .. } => format!("{agent} learned: {}.", decision.word()),
            Self::Asked { .. } => format!("{agent} asked what was decided."),
            Self::RoundBegan { round, .. } => format!("Round {round} begins for {agent}."),
            Self::CameLate { from, .. } => {
                format!("A message of {} came to {agent} after its round.", names.agent(from))
            }
            Self::Choice(note) => note.sentence(speaker, names),
            Self::Concluded { decision, .. } => {
                format!("{agent} decides for itself: {}.", decision.word())
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::Choice(note) => note.importance(),
            Self::Learned { decision: Decision::Timeout, .. } => Importance::Decision,
            Self::Heard { .. }
            | Self::Repeated { .. }
            | Self::Reminded { .. }
            | Self::Asked { .. }
            | Self::RoundBegan { .. }
            | Self::CameLate { .. } => Importance::Step,
            Self::Voted { .. }
            | Self::StaysSilent { .. }
            | Self::Counted { .. }
            | Self::Refused { .. }
            | Self::Closed { .. }
            | Self::Concluded { .. }
            | Self::Learned { .. } => Importance::Vote,
            Self::Opened { .. } | Self::NotOpened { .. } | Self::Decided { .. } => {
                Importance::Decision
            }
        }
    }

    fn subject(self) -> Option<u32> {
        match self {
            Self::Opened { proposal, .. }
            | Self::Heard { proposal, .. }
            | Self::Voted { proposal, .. }
            | Self::StaysSilent { proposal, .. }
            | Self::Counted { proposal, .. }
            | Self::Repeated { proposal, .. }
            | Self::Refused { proposal, .. }
            | Self::Decided { proposal, .. }
            | Self::Closed { proposal, .. }
            | Self::Reminded { proposal, .. }
            | Self::Learned { proposal, .. }
            | Self::Asked { proposal, .. }
            | Self::RoundBegan { proposal, .. }
            | Self::CameLate { proposal, .. }
            | Self::Concluded { proposal, .. } => Some(proposal),
            Self::Choice(note) => note.subject(),
            Self::NotOpened { .. } => None,
        }
    }

    fn refusal(self) -> Option<u32> {
        match self {
            Self::NotOpened { refusal } => Some(refusal),
            _ => None,
        }
    }
}

fn voted(vote: Vote) -> &'static str {
    match vote {
        Vote::For => "votes FOR",
        Vote::Against => "votes AGAINST",
        Vote::Abstain => "abstains",
    }
}

fn decided(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "Approved: no missing ballot can change that.",
        Decision::Rejected => "Rejected: no missing ballot can change that.",
        Decision::Timeout => "The deadline came and neither side had enough: a timeout.",
        Decision::Split => "Split: agents hold different outcomes.",
    }
}

impl Pictured for VoteNote {
    fn mark(self, speaker: AgentId) -> Option<MarkKind> {
        Some(match self {
            Self::Opened { proposal } => MarkKind::Opened { proposal },
            Self::Counted { proposal, voter, vote } => MarkKind::Counted { proposal, voter, vote },
            Self::Refused { proposal, voter, .. } => MarkKind::Refused { proposal, voter },
            Self::Decided { proposal, decision } => MarkKind::Decided { proposal, decision },
            Self::Closed { proposal, .. } => MarkKind::Closed { proposal },
            Self::RoundBegan { proposal, round } => MarkKind::Round { proposal, round },
            Self::Concluded { proposal, decision } => MarkKind::Concluded { proposal, decision },
            Self::Choice(note) => return note.mark(speaker),
            Self::NotOpened { .. }
            | Self::Heard { .. }
            | Self::Voted { .. }
            | Self::StaysSilent { .. }
            | Self::Repeated { .. }
            | Self::Reminded { .. }
            | Self::Learned { .. }
            | Self::Asked { .. }
            | Self::CameLate { .. } => return None,
        })
    }

    fn glyph(self) -> NoteGlyph {
        match self {
            Self::Choice(note) => note.glyph(),
            Self::Opened { .. } | Self::Heard { .. } => NoteGlyph::Letter,
            Self::Voted { vote, .. } => NoteGlyph::Vote(vote, false),
            Self::Counted { vote, .. } => NoteGlyph::Vote(vote, true),
            Self::Decided { decision, .. }
            | Self::Closed { decision, .. }
            | Self::Learned { decision, .. } => NoteGlyph::Decision(decision),
            Self::Asked { .. } | Self::Reminded { .. } => NoteGlyph::Question,
            Self::Refused { .. } | Self::NotOpened { .. } => NoteGlyph::Lost,
            Self::StaysSilent { .. }
            | Self::Repeated { .. }
            | Self::RoundBegan { .. }
            | Self::CameLate { .. }
            | Self::Concluded { .. } => NoteGlyph::Dot,
        }
    }

    fn effect(self) -> Option<NoteEffect> {
        match self {
            Self::Counted { vote, .. } => Some(NoteEffect::Ripple(MessageGlyph::Ballot(vote))),
            Self::Voted { .. } => Some(NoteEffect::Ring),
            Self::Choice(note) => note.effect(),
            _ => None,
        }
    }

    #[inline]
    fn shared(self) -> Option<VoteNote> {
        Some(self)
    }

    fn about(self) -> Option<AgentId> {
        match self {
            Self::Counted { voter, .. }
            | Self::Repeated { voter, .. }
            | Self::Refused { voter, .. } => Some(voter),
            Self::Choice(note) => note.about(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
