//! A note as the trace hash takes it in.

use super::Note;
use crate::coordination::status::Ask;
use crate::sim;
use crate::sim::AgentId;

impl Note {
    /// Tag, agent and detail, for the trace hash.
    fn parts(&self) -> (u64, AgentId, u64) {
        let none = AgentId::NONE;
        match *self {
            Self::Opened { .. } => (1, none, 0),
            Self::NotOpened => (2, none, 0),
            Self::Heard { .. } => (3, none, 0),
            Self::Voted { vote, .. } => (4, none, vote as u64),
            Self::StaysSilent { .. } => (5, none, 0),
            Self::Counted { voter, vote, .. } => (6, voter, vote as u64),
            Self::Repeated { voter, .. } => (7, voter, 0),
            Self::Refused { voter, refusal, .. } => (8, voter, refusal as u64),
            Self::Decided { decision, .. } => (9, none, decision as u64),
            Self::Closed { decision, .. } => (10, none, decision as u64),
            Self::Reminded { .. } => (11, none, 0),
            Self::Learned { decision, .. } => (12, none, decision as u64),
            Self::Asked { .. } => (13, none, 0),
            Self::Registered { agent } => (14, agent, 0),
            Self::Unregistered { agent } => (15, agent, 0),
            Self::Misdirected { from } => (16, from, 0),
            Self::RoundBegan { round, .. } => (17, none, u64::from(round)),
            Self::Accepted { voter, vote, round, .. } => {
                (18, voter, vote as u64 | u64::from(round) << 2)
            }
            Self::Exposed { voter, .. } => (19, voter, 0),
            Self::LateEvidence { voter, .. } => (20, voter, 0),
            Self::CameLate { from, .. } => (21, from, 0),
            Self::Recorded { decision, .. } => (23, none, decision as u64),
            Self::Concluded { decision, .. } => (22, none, decision as u64),
            Self::Turned { vote, .. } => (24, none, vote as u64),
            Self::Spread { known, .. } => (25, AgentId(known), 0),
            Self::Rests { .. } => (26, none, 0),
            Self::Gathered { decision, .. } => (27, none, decision as u64),
            Self::Picked { option, .. } => (32, none, u64::from(option)),
            Self::PickCounted { voter, option, .. } => (33, voter, u64::from(option)),
            Self::Won { option, .. } => (34, none, u64::from(option)),
            Self::LearnedWinner { option, .. } => (35, none, u64::from(option)),
            Self::Tied { option, .. } => (36, none, u64::from(option)),
            Self::StageOpened { stage, .. } => (37, none, u64::from(stage)),
            Self::StagePassed { stage, .. } => (38, none, u64::from(stage)),
            Self::PipelineEnded { stage, decision } => {
                (39, none, u64::from(stage) | (decision as u64) << 6)
            }
            Self::Wrote { key } => (40, AgentId(key.0), 0),
            Self::WriteRefused { key } => (41, AgentId(key.0), 0),
            Self::Merged { key, from, applied } => {
                (42, AgentId(key.0), u64::from(from.0) << 8 | applied.number())
            }
            Self::Cleared { key, from } => (43, AgentId(key.0), u64::from(from.0)),
            Self::SyncBegan { kind } => (44, none, kind as u64),
            Self::Synced { kind, changes, missing } => {
                (45, AgentId(changes), kind as u64 | u64::from(missing) << 2)
            }
            Self::BeyondHorizon { from } => (46, from, 0),
            Self::FromTheFuture { from } => (47, from, 0),
            Self::MixedTypes { from } => (48, from, 0),
            Self::Held { from } => (49, from, 0),
            Self::StrongVoted { key, version } => (50, AgentId(key.0), u64::from(version)),
            Self::Committed { key, version } => (51, AgentId(key.0), u64::from(version)),
            Self::StrongRead { key, version } => (52, AgentId(key.0), u64::from(version)),
            Self::StrongRefused { key } => (53, AgentId(key.0), 0),
            Self::FollowedUp { step, of, .. } => (54, AgentId(step.into()), of.into()),
            Self::TaskCame { task } => (55, AgentId(task), 0),
            Self::TaskRefused => (56, none, 0),
            Self::TaskAnnounced { task } => (57, AgentId(task), 0),
            Self::BidCame { task, agent } => (58, AgentId(task), agent.0.into()),
            Self::NoBid { task, agent, check } => {
                (59, AgentId(task), u64::from(agent.0) << 2 | check as u64)
            }
            Self::NobodyFree { task } => (60, AgentId(task), 0),
            Self::TeamMade { task, members } => (61, AgentId(task), members.into()),
            Self::Awarded { task, part, agent } => (62, AgentId(task), of_part(part, agent)),
            Self::NotTaken { task, part, agent, check } => {
                (63, AgentId(task), of_part(part, agent) << 2 | check as u64)
            }
            Self::WorkBegan { task, part } => (64, AgentId(task), part.into()),
            Self::WorkEnded { task, part, failed } => {
                (65, AgentId(task), u64::from(part) << 1 | u64::from(failed))
            }
            Self::Delivered { task, part, agent, quality } => {
                (66, AgentId(task), of_part(part, agent) << 8 | u64::from(quality))
            }
            Self::PartFailed { task, part, agent } => (67, AgentId(task), of_part(part, agent)),
            Self::LeaseExpired { task, part, agent } => (68, AgentId(task), of_part(part, agent)),
            Self::CameTooLate { task, part, agent } => (69, AgentId(task), of_part(part, agent)),
            Self::TaskEnded { task, status } => (70, AgentId(task), status as u64),
            Self::WorkChanged => (71, none, 0),
            Self::Asks(Ask::Register) => (74, none, 0),
            Self::Asks(Ask::Unregister) => (74, none, 1),
            Self::Asks(Ask::Status(about)) => (74, about.unwrap_or(none), 2),
            Self::SwarmStatus { registered, proposals, tasks } => {
                let counts = u64::from(proposals) << 16 | u64::from(tasks);
                (72, AgentId(registered.into()), counts)
            }
            Self::WorkerDid { task, part, agent, quality } => {
                (75, AgentId(task), of_part(part, agent) << 8 | u64::from(quality))
            }
            Self::WorkerFailed { task, part, agent } => (76, AgentId(task), of_part(part, agent)),
            Self::AgentStatus { agent, registered, reputation, done, failed } => {
                let standing = u64::from(reputation) << 1 | u64::from(registered);
                (73, agent, standing << 32 | u64::from(done) << 16 | u64::from(failed))
            }
        }
    }
}

/// A part and who does it, for the trace hash.
fn of_part(part: u16, agent: AgentId) -> u64 {
    u64::from(part) << 32 | u64::from(agent.0)
}

impl sim::Note for Note {
    fn digest(&self) -> u64 {
        let (tag, agent, detail) = self.parts();
        let proposal = self.proposal().map_or(0, |proposal| u64::from(proposal) + 1);
        tag | (detail << 8) | (u64::from(agent.0) << 16) | (proposal << 48)
    }
}
