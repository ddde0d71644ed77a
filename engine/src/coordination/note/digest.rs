//! A note as the trace hash takes it in: the name of its protocol and of itself, then its fields one after
//! the other. A name, so that a note keeps its number wherever it stands.

use super::Note;
use crate::coordination::status::Ask;
use crate::sim::{self, Digest, tag};

/// The digest of a note of this name with these fields.
macro_rules! about {
    ($name:literal $(, $field:expr)*) => {
        const { Digest::of(tag($name)) }$(.word($field))*.number()
    };
}

impl sim::Note for Note {
    fn digest(&self) -> u64 {
        match *self {
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
            Self::RoundBegan { proposal, round } => {
                about!("byzantine.round_began", proposal.into(), round.into())
            }
            Self::Accepted { proposal, voter, vote, round } => about!(
                "byzantine.accepted",
                proposal.into(),
                voter.0.into(),
                vote as u64,
                round.into()
            ),
            Self::Exposed { proposal, voter } => {
                about!("byzantine.exposed", proposal.into(), voter.0.into())
            }
            Self::LateEvidence { proposal, voter } => {
                about!("byzantine.late_evidence", proposal.into(), voter.0.into())
            }
            Self::CameLate { proposal, from } => {
                about!("byzantine.came_late", proposal.into(), from.0.into())
            }
            Self::Recorded { proposal, decision } => {
                about!("byzantine.recorded", proposal.into(), decision as u64)
            }
            Self::Concluded { proposal, decision } => {
                about!("byzantine.concluded", proposal.into(), decision as u64)
            }
            Self::Turned { proposal, vote } => {
                about!("gossip.turned", proposal.into(), vote as u64)
            }
            Self::Spread { proposal, known } => {
                about!("gossip.spread", proposal.into(), known.into())
            }
            Self::Rests { proposal } => about!("gossip.rests", proposal.into()),
            Self::LosesInterest { proposal } => {
                about!("gossip.loses_interest", proposal.into())
            }
            Self::Gathered { proposal, decision } => {
                about!("gossip.gathered", proposal.into(), decision as u64)
            }
            Self::Registered { agent } => about!("membership.registered", agent.0.into()),
            Self::Unregistered { agent } => about!("membership.unregistered", agent.0.into()),
            Self::Misdirected { from } => about!("membership.misdirected", from.0.into()),
            Self::Picked { proposal, option } => {
                about!("choice.picked", proposal.into(), option.into())
            }
            Self::PickCounted { proposal, voter, option } => {
                about!("choice.pick_counted", proposal.into(), voter.0.into(), option.into())
            }
            Self::Won { proposal, option } => about!("choice.won", proposal.into(), option.into()),
            Self::LearnedWinner { proposal, option } => {
                about!("choice.learned_winner", proposal.into(), option.into())
            }
            Self::Tied { proposal, option } => {
                about!("choice.tied", proposal.into(), option.into())
            }
            Self::StageOpened { proposal, stage } => {
                about!("pipeline.stage_opened", proposal.into(), stage.into())
            }
            Self::StagePassed { proposal, stage } => {
                about!("pipeline.stage_passed", proposal.into(), stage.into())
            }
            Self::PipelineEnded { stage, decision } => {
                about!("pipeline.pipeline_ended", stage.into(), decision as u64)
            }
            Self::Wrote { key } => about!("state.wrote", key.0.into()),
            Self::FollowedUp { proposal, step, of } => {
                about!("state.followed_up", proposal.into(), step.into(), of.into())
            }
            Self::WriteRefused { key } => about!("state.write_refused", key.0.into()),
            Self::Merged { key, from, applied } => {
                about!("state.merged", key.0.into(), from.0.into(), applied.number())
            }
            Self::Cleared { key, from } => about!("state.cleared", key.0.into(), from.0.into()),
            Self::SyncBegan { kind } => about!("state.sync_began", kind as u64),
            Self::Synced { kind, changes, missing } => {
                about!("state.synced", kind as u64, changes.into(), missing.into())
            }
            Self::BeyondHorizon { from } => about!("state.beyond_horizon", from.0.into()),
            Self::FromTheFuture { from } => about!("state.from_the_future", from.0.into()),
            Self::MixedTypes { key, from } => {
                about!("state.mixed_types", key.0.into(), from.0.into())
            }
            Self::Held { from } => about!("state.held", from.0.into()),
            Self::StrongVoted { key, version } => {
                about!("state.strong_voted", key.0.into(), version.into())
            }
            Self::Committed { key, version } => {
                about!("state.committed", key.0.into(), version.into())
            }
            Self::StrongRead { key, version } => {
                about!("state.strong_read", key.0.into(), version.into())
            }
            Self::StrongRefused { key } => about!("state.strong_refused", key.0.into()),
            Self::TaskCame { task } => about!("work.task_came", task.into()),
            Self::TaskRefused { refusal } => about!("work.task_refused", refusal.into()),
            Self::TaskAnnounced { task } => about!("work.task_announced", task.into()),
            Self::BidCame { task, agent } => about!("work.bid_came", task.into(), agent.0.into()),
            Self::NoBid { task, agent, check } => {
                about!("work.no_bid", task.into(), agent.0.into(), check as u64)
            }
            Self::NobodyFree { task } => about!("work.nobody_free", task.into()),
            Self::TeamMade { task, members } => {
                about!("work.team_made", task.into(), members.into())
            }
            Self::Awarded { task, part, agent } => {
                about!("work.awarded", task.into(), part.into(), agent.0.into())
            }
            Self::NotTaken { task, part, agent, check } => {
                about!("work.not_taken", task.into(), part.into(), agent.0.into(), check as u64)
            }
            Self::WorkBegan { task, part } => about!("work.work_began", task.into(), part.into()),
            Self::WorkEnded { task, part, failed } => {
                about!("work.work_ended", task.into(), part.into(), failed.into())
            }
            Self::Delivered { task, part, agent, quality } => {
                about!("work.delivered", task.into(), part.into(), agent.0.into(), quality.into())
            }
            Self::PartFailed { task, part, agent } => {
                about!("work.part_failed", task.into(), part.into(), agent.0.into())
            }
            Self::LeaseExpired { task, part, agent } => {
                about!("work.lease_expired", task.into(), part.into(), agent.0.into())
            }
            Self::CameTooLate { task, part, agent } => {
                about!("work.came_too_late", task.into(), part.into(), agent.0.into())
            }
            Self::TaskEnded { task, status } => {
                about!("work.task_ended", task.into(), status as u64)
            }
            Self::WorkerDid { task, part, agent, quality } => {
                about!("work.worker_did", task.into(), part.into(), agent.0.into(), quality.into())
            }
            Self::AskedAgent { question, of } => {
                about!("work.asked_agent", question.into(), of.0.into())
            }
            Self::ToldBy { question, by, change } => {
                about!("work.told_by", question.into(), by.0.into(), change.into())
            }
            Self::AnswerChanged { question, change } => {
                about!("work.answer_changed", question.into(), change.into())
            }
            Self::Unanswered { question, of } => {
                about!("work.unanswered", question.into(), of.0.into())
            }
            Self::WorkerFailed { task, part, agent } => {
                about!("work.worker_failed", task.into(), part.into(), agent.0.into())
            }
            Self::WorkChanged => about!("work.work_changed"),
            Self::Asks(Ask::Register) => about!("membership.asks_register"),
            Self::Asks(Ask::Unregister) => about!("membership.asks_unregister"),
            Self::Asks(Ask::Status(None)) => about!("membership.asks_status"),
            Self::Asks(Ask::Status(Some(agent))) => {
                about!("membership.asks_status", agent.0.into())
            }
            Self::SwarmStatus { registered, proposals, tasks } => {
                about!("membership.swarm_status", registered.into(), proposals.into(), tasks.into())
            }
            Self::AgentStatus { agent, registered, reputation, done, failed } => about!(
                "membership.agent_status",
                agent.0.into(),
                registered.into(),
                reputation.into(),
                done.into(),
                failed.into()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordination::consensus::ballot::Vote;
    use crate::coordination::state::holder::SyncKind;
    use crate::coordination::state::replica::KeyId;
    use crate::coordination::state::resolve::Applied;
    use crate::coordination::work::assess::Check;
    use crate::sim::{AgentId, Note as _};

    /// Notes of several fields, each with values that a careless hash would take for one another.
    fn notes() -> Vec<Note> {
        let mut notes = Vec::new();
        let small = [0_u16, 1, 2, 3, 4, 8, 256, 512];
        for a in small {
            for b in small {
                let (task, agent, part) = (u32::from(a), AgentId(b.into()), b);
                let proposal = u32::from(a);
                notes.extend([
                    Note::Counted { proposal, voter: agent, vote: Vote::For },
                    Note::Counted { proposal, voter: agent, vote: Vote::Against },
                    Note::Repeated { proposal, voter: agent },
                    Note::Exposed { proposal, voter: agent },
                    Note::PickCounted { proposal, voter: agent, option: 1 },
                    Note::Spread { proposal, known: b.into() },
                    Note::FollowedUp { proposal, step: b, of: 3 },
                    Note::FollowedUp { proposal, step: 3, of: b + 600 },
                    Note::Merged {
                        key: KeyId(a.into()),
                        from: agent,
                        applied: Applied::VectorCausal,
                    },
                    Note::Cleared { key: KeyId(a.into()), from: agent },
                    Note::Synced { kind: SyncKind::Full, changes: a.into(), missing: b.into() },
                    Note::Synced { kind: SyncKind::Delta, changes: a.into(), missing: b.into() },
                    Note::BidCame { task, agent },
                    Note::AskedAgent { question: a, of: agent },
                    Note::ToldBy { question: a, by: agent, change: 0 },
                    Note::ToldBy { question: a, by: agent, change: 1 },
                    Note::Unanswered { question: a, of: agent },
                    Note::NoBid { task, agent, check: Check::Load },
                    Note::NoBid { task, agent, check: Check::Health },
                    Note::WorkEnded { task, part, failed: true },
                    Note::WorkEnded { task, part, failed: false },
                ]);
                for part in small {
                    notes.extend([
                        Note::Awarded { task, part, agent },
                        Note::PartFailed { task, part, agent },
                        Note::Delivered { task, part, agent, quality: 0 },
                        Note::Delivered { task, part, agent, quality: 90 },
                    ]);
                }
            }
        }
        notes
    }

    #[test]
    fn different_notes_have_different_digests() {
        let mut seen = std::collections::BTreeMap::new();
        for note in notes() {
            let other = seen.insert(note.digest(), note);
            assert!(other.is_none(), "{note:?} and {other:?}");
        }
    }
}
