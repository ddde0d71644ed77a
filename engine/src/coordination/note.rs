//! What agents note in the trace: the events people care about.

mod digest;
mod plain;

use super::consensus::ballot::{Refusal, Vote};
use super::consensus::choice::OptionId;
use super::consensus::pipeline::StageId;
use super::consensus::proposal::ProposalId;
use super::consensus::quorum::Decision;
use super::state::holder::SyncKind;
use super::state::replica::KeyId;
use super::state::resolve::Applied;
use super::status::Ask;
use super::work::assess::Check;
use super::work::questions::QuestionId;
use super::work::synthesis::Status;
use super::work::task::TaskId;
use crate::sim::AgentId;

/// Something worth telling that happened inside an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The coordinator opened a proposal.
    Opened {
        proposal: ProposalId,
    },
    /// A proposal could not be opened; why not, the coordinator remembers by this number.
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
    /// An agent has lost interest in what it knows, and tells it no more.
    LosesInterest {
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
        key: KeyId,
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
    TaskRefused {
        /// By this number it remembers why.
        refusal: u32,
    },
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
        part: u16,
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
    /// An agent asks something of the coordinator, as it was told to.
    Asks(Ask),
    /// It was told how the swarm stands: how many belong to it, and what has not come to its end,
    SwarmStatus {
        registered: u16,
        proposals: u16,
        tasks: u16,
    },
    /// or how an agent does.
    AgentStatus {
        agent: AgentId,
        registered: bool,
        /// 0 to 150.
        reputation: u8,
        done: u16,
        failed: u16,
    },
    /// A manager has told with its result what its workers did: one has done something of the part,
    WorkerDid {
        task: TaskId,
        part: u16,
        agent: AgentId,
        quality: u8,
    },
    /// or has failed at something of it.
    WorkerFailed {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// An agent at work asked another for what it needs to know.
    AskedAgent {
        question: QuestionId,
        of: AgentId,
    },
    /// It was told: first in reply (0), then of each change.
    ToldBy {
        question: QuestionId,
        by: AgentId,
        change: u32,
    },
    /// Something that an agent tells others has changed.
    AnswerChanged {
        question: QuestionId,
        change: u32,
    },
    /// It goes on without: there was no reply in time.
    Unanswered {
        question: QuestionId,
        of: AgentId,
    },
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
            | Self::LosesInterest { proposal }
            | Self::Gathered { proposal, .. }
            | Self::Picked { proposal, .. }
            | Self::PickCounted { proposal, .. }
            | Self::Won { proposal, .. }
            | Self::LearnedWinner { proposal, .. }
            | Self::Tied { proposal, .. }
            | Self::StageOpened { proposal, .. }
            | Self::StagePassed { proposal, .. }
            | Self::FollowedUp { proposal, .. } => Some(proposal),
            Self::NotOpened { .. }
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
            | Self::TaskRefused { .. }
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
            | Self::WorkChanged
            | Self::Asks(_)
            | Self::SwarmStatus { .. }
            | Self::AgentStatus { .. }
            | Self::WorkerDid { .. }
            | Self::WorkerFailed { .. }
            | Self::AskedAgent { .. }
            | Self::ToldBy { .. }
            | Self::AnswerChanged { .. }
            | Self::Unanswered { .. } => None,
        }
    }
}
