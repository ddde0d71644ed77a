//! What agents note in the trace: the events people care about.

use super::consensus::ballot::{Refusal, Vote};
use super::consensus::choice::OptionId;
use super::consensus::pipeline::StageId;
use super::consensus::proposal::ProposalId;
use super::consensus::quorum::Decision;
use super::state::holder::SyncKind;
use super::state::replica::KeyId;
use super::state::resolve::Applied;
use super::work::assess::Check;
use super::work::synthesis::Status;
use super::work::task::TaskId;
use crate::sim;
use crate::sim::{AgentId, What};

/// Something worth telling that happened inside an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The coordinator opened a proposal.
    Opened {
        proposal: ProposalId,
    },
    /// A proposal could not be opened.
    NotOpened,
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
    /// A round of a Byzantine vote begins for an agent.
    RoundBegan {
        proposal: ProposalId,
        round: u8,
    },
    /// An agent accepts what another has signed.
    Accepted {
        proposal: ProposalId,
        voter: AgentId,
        vote: Vote,
        round: u8,
    },
    /// An agent holds two different votes that the voter has signed.
    Exposed {
        proposal: ProposalId,
        voter: AgentId,
    },
    /// A signed vote came too late for the signatures under it.
    LateEvidence {
        proposal: ProposalId,
        voter: AgentId,
    },
    /// A message of a round that was over.
    CameLate {
        proposal: ProposalId,
        from: AgentId,
    },
    /// The coordinator has heard the same from more agents than may be faulty.
    Recorded {
        proposal: ProposalId,
        decision: Decision,
    },
    /// An agent decides for itself.
    Concluded {
        proposal: ProposalId,
        decision: Decision,
    },
    /// In a gossip an agent holds something else from now on: most of those it asked do.
    Turned {
        proposal: ProposalId,
        vote: Vote,
    },
    /// Ballots have spread to an agent; it knows so many now.
    Spread {
        proposal: ProposalId,
        known: u32,
    },
    /// An agent has heard nothing new for so long that it stops talking of it.
    Rests {
        proposal: ProposalId,
    },
    /// The coordinator has heard the same from more than half of all agents.
    Gathered {
        proposal: ProposalId,
        decision: Decision,
    },
    Registered {
        agent: AgentId,
    },
    Unregistered {
        agent: AgentId,
    },
    /// A message that made no sense to its receiver.
    Misdirected {
        from: AgentId,
    },
    /// An agent made up its mind which option it is for.
    Picked {
        proposal: ProposalId,
        option: OptionId,
    },
    /// The coordinator counted a ballot for an option.
    PickCounted {
        proposal: ProposalId,
        voter: AgentId,
        option: OptionId,
    },
    /// An option has won: no outstanding ballot can change that, or the deadline has come.
    Won {
        proposal: ProposalId,
        option: OptionId,
    },
    /// An agent holds from now on that this option has won.
    LearnedWinner {
        proposal: ProposalId,
        option: OptionId,
    },
    /// At the close others had as much as the option that has won, by standing first.
    Tied {
        proposal: ProposalId,
        option: OptionId,
    },
    /// A stage of the pipeline was put to the vote.
    StageOpened {
        proposal: ProposalId,
        stage: StageId,
    },
    /// A stage was approved: what stands behind it may open.
    StagePassed {
        proposal: ProposalId,
        stage: StageId,
    },
    /// The pipeline ends at this stage; approved when all its stages are.
    PipelineEnded {
        stage: StageId,
        decision: Decision,
    },
    /// An agent wrote to a key.
    Wrote {
        key: KeyId,
    },
    /// An agent did this step of what it does after an approval.
    FollowedUp {
        proposal: ProposalId,
        step: u16,
        of: u16,
    },
    /// A key does not take what was to be written.
    WriteRefused {
        key: KeyId,
    },
    /// An agent holds something else from now on, because of what another sent.
    Merged {
        key: KeyId,
        from: AgentId,
        applied: Applied,
    },
    /// A key is gone: the agent cleared it itself, or heard of it.
    Cleared {
        key: KeyId,
        from: AgentId,
    },
    SyncBegan {
        kind: SyncKind,
    },
    /// A synchronisation is over: so many keys have changed at the agent that asked, so many have not
    /// answered.
    Synced {
        kind: SyncKind,
        changes: u32,
        missing: u32,
    },
    /// Another is further behind than removals are remembered: it gets everything.
    BeyondHorizon {
        from: AgentId,
    },
    /// Another claims to know writes of this agent that it has never made.
    FromTheFuture {
        from: AgentId,
    },
    /// What another sent is of another type than the key.
    MixedTypes {
        from: AgentId,
    },
    /// What another sent names an agent nobody has heard of; it waits.
    Held {
        from: AgentId,
    },
    /// An agent has given its vote for a version of a strong key, for ever.
    StrongVoted {
        key: KeyId,
        version: u32,
    },
    /// An agent knows that more than half have voted for it.
    Committed {
        key: KeyId,
        version: u32,
    },
    /// More than half have told which version they know of.
    StrongRead {
        key: KeyId,
        version: u32,
    },
    StrongRefused {
        key: KeyId,
    },
    /// A task came in,
    TaskCame {
        task: TaskId,
    },
    /// or was refused: there is one of its name, or it depends on one that there is not.
    TaskRefused,
    /// All are asked who can help.
    TaskAnnounced {
        task: TaskId,
    },
    BidCame {
        task: TaskId,
        agent: AgentId,
    },
    /// The agent says that it cannot, and which check it failed.
    NoBid {
        task: TaskId,
        agent: AgentId,
        check: Check,
    },
    /// Nobody can now; it is asked again.
    NobodyFree {
        task: TaskId,
    },
    /// So many do it together.
    TeamMade {
        task: TaskId,
        members: u16,
    },
    Awarded {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// The agent cannot after all.
    NotTaken {
        task: TaskId,
        agent: AgentId,
        check: Check,
    },
    /// An agent works on a part,
    WorkBegan {
        task: TaskId,
        part: u16,
    },
    /// and has come to its end.
    WorkEnded {
        task: TaskId,
        part: u16,
        failed: bool,
    },
    /// A result arrived, and counts.
    Delivered {
        task: TaskId,
        part: u16,
        agent: AgentId,
        quality: u8,
    },
    /// An agent said that it has failed.
    PartFailed {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    LeaseExpired {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// A result arrived after its lease: it does not count.
    CameTooLate {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    TaskEnded {
        task: TaskId,
        status: Status,
    },
    /// What an agent can do, or what counts in scores, was changed.
    WorkChanged,
}

impl Note {
    /// The proposal it is about, if it is about one.
    #[must_use]
    pub fn proposal(&self) -> Option<ProposalId> {
        match *self {
            Self::Opened { proposal }
            | Self::Heard { proposal }
            | Self::Voted { proposal, .. }
            | Self::StaysSilent { proposal }
            | Self::Counted { proposal, .. }
            | Self::Repeated { proposal, .. }
            | Self::Refused { proposal, .. }
            | Self::Decided { proposal, .. }
            | Self::Closed { proposal, .. }
            | Self::Reminded { proposal }
            | Self::Learned { proposal, .. }
            | Self::Asked { proposal }
            | Self::RoundBegan { proposal, .. }
            | Self::Accepted { proposal, .. }
            | Self::Exposed { proposal, .. }
            | Self::LateEvidence { proposal, .. }
            | Self::CameLate { proposal, .. }
            | Self::Recorded { proposal, .. }
            | Self::Concluded { proposal, .. }
            | Self::Turned { proposal, .. }
            | Self::Spread { proposal, .. }
            | Self::Rests { proposal }
            | Self::Gathered { proposal, .. }
            | Self::Picked { proposal, .. }
            | Self::PickCounted { proposal, .. }
            | Self::Won { proposal, .. }
            | Self::LearnedWinner { proposal, .. }
            | Self::Tied { proposal, .. }
            | Self::StageOpened { proposal, .. }
            | Self::StagePassed { proposal, .. }
            | Self::FollowedUp { proposal, .. } => Some(proposal),
            Self::NotOpened
            | Self::PipelineEnded { .. }
            | Self::Registered { .. }
            | Self::Unregistered { .. }
            | Self::Misdirected { .. }
            | Self::Wrote { .. }
            | Self::WriteRefused { .. }
            | Self::Merged { .. }
            | Self::Cleared { .. }
            | Self::SyncBegan { .. }
            | Self::Synced { .. }
            | Self::BeyondHorizon { .. }
            | Self::FromTheFuture { .. }
            | Self::MixedTypes { .. }
            | Self::Held { .. }
            | Self::StrongVoted { .. }
            | Self::Committed { .. }
            | Self::StrongRead { .. }
            | Self::StrongRefused { .. }
            | Self::TaskCame { .. }
            | Self::TaskRefused
            | Self::TaskAnnounced { .. }
            | Self::BidCame { .. }
            | Self::NoBid { .. }
            | Self::NobodyFree { .. }
            | Self::TeamMade { .. }
            | Self::Awarded { .. }
            | Self::NotTaken { .. }
            | Self::WorkBegan { .. }
            | Self::WorkEnded { .. }
            | Self::Delivered { .. }
            | Self::PartFailed { .. }
            | Self::LeaseExpired { .. }
            | Self::CameTooLate { .. }
            | Self::TaskEnded { .. }
            | Self::WorkChanged => None,
        }
    }

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
            Self::NotTaken { task, agent, check } => {
                (63, AgentId(task), u64::from(agent.0) << 2 | check as u64)
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
