use std::sync::Arc;

use super::*;
use crate::coordination::consensus::manager::{Manager, ManagerError};
use crate::coordination::consensus::proposal::{Proposal, Timing};
use crate::coordination::state::crdt::CrdtKind;
use crate::coordination::state::holder::SyncKind;
use crate::coordination::state::replica::KeyId;
use crate::coordination::state::resolve::Applied;
use crate::coordination::status::Ask;
use crate::coordination::work::assess::Check;
use crate::coordination::work::synthesis::Status;
use crate::coordination::work::task::TaskRefusal;
use crate::map::Map;
use crate::playback::frame::AgentInfo;
use crate::sim::NO_EVENT;

const A: AgentId = AgentId(0);
const B: AgentId = AgentId(1);

fn cast() -> Cast {
    let named = |name: &str| AgentInfo { name: name.to_owned(), ..AgentInfo::default() };
    let agents = vec![named("ann"), named("ben"), named("coordinator")];
    let (stages, proposals) = (vec!["plan".to_owned()], vec![choice().into()]);
    let keys = vec!["queue".to_owned()];
    let questions = vec!["budget".to_owned()];
    let mut tasks = Map::new();
    tasks.insert(A, vec![("campaign".to_owned(), vec!["campaign/finance".to_owned()])]);
    let not_opened = vec![Arc::new(ManagerError::DuplicateId { name: "db".to_owned() })];
    let (name, missing) = ("launch".to_owned(), "design".to_owned());
    let tasks_refused = vec![Arc::new(TaskRefusal::UnknownDependency { name, missing })];
    Cast {
        agents,
        stages,
        proposals,
        not_opened,
        tasks_refused,
        keys,
        tasks,
        questions,
        ..Cast::default()
    }
}

/// A choice between two databases.
fn choice() -> Proposal {
    let options = vec!["postgres".to_owned(), "mysql".to_owned()];
    let algorithm = Manager::default().algorithm(Some("federated")).unwrap().clone();
    let timing = Timing { deadline_us: 1, grace_us: 1, reminder_us: None };
    let (name, question, fields) = ("db".to_owned(), String::new(), Map::new());
    Proposal { name, question, fields, algorithm, timing, electorate: None, options }
}

fn told(what: What<Note>) -> String {
    let event = Event {
        id: 9,
        time_us: 1_000,
        cause: NO_EVENT,
        lamport: 1,
        message: 3,
        agent: A,
        peer: B,
        instance: 0,
        kind: Kind::Ballot as u8,
        what,
    };
    sentence(&event, &cast())
}

/// The place of a kind of event in the table. A new kind does not compile until it has one, and the
/// test below fails until it has a sentence there.
fn place(what: &What<Note>) -> usize {
    let note = match what {
        What::Started => return 0,
        What::Sent { .. } => return 1,
        What::Forwarded => return 2,
        What::Delivered => return 3,
        What::Dropped { .. } => return 4,
        What::Duplicated { .. } => return 5,
        What::Delayed { .. } => return 6,
        What::Timer => return 7,
        What::Commanded => return 8,
        What::Crashed => return 9,
        What::Restarted => return 10,
        What::Paused => return 11,
        What::Resumed => return 12,
        What::Spawned => return 13,
        What::Removed => return 14,
        What::Corrupted => return 15,
        What::Released => return 16,
        What::Cut => return 17,
        What::Mended => return 18,
        What::Partitioned => return 19,
        What::PartitionedFurther => return 98,
        What::Healed => return 20,
        What::LinkChanged => return 21,
        What::RoutesChanged => return 22,
        What::Inapplicable(_) => return 23,
        What::Deferred => return 96,
        What::Note(note) => note,
    };
    match note {
        Note::Opened { .. } => 24,
        Note::NotOpened { .. } => 25,
        Note::Heard { .. } => 26,
        Note::Voted { .. } => 27,
        Note::StaysSilent { .. } => 28,
        Note::Counted { .. } => 29,
        Note::Repeated { .. } => 30,
        Note::Refused { .. } => 31,
        Note::Decided { .. } => 32,
        Note::Closed { .. } => 33,
        Note::Reminded { .. } => 34,
        Note::Learned { .. } => 35,
        Note::Asked { .. } => 36,
        Note::Registered { .. } => 37,
        Note::Unregistered { .. } => 38,
        Note::Misdirected { .. } => 39,
        Note::RoundBegan { .. } => 40,
        Note::Accepted { .. } => 41,
        Note::Exposed { .. } => 42,
        Note::LateEvidence { .. } => 43,
        Note::CameLate { .. } => 44,
        Note::Concluded { .. } => 45,
        Note::Recorded { .. } => 46,
        Note::Turned { .. } => 47,
        Note::Spread { .. } => 48,
        Note::Rests { .. } => 49,
        Note::LosesInterest { .. } => 97,
        Note::Gathered { .. } => 50,
        Note::Picked { .. } => 51,
        Note::PickCounted { .. } => 52,
        Note::Won { .. } => 53,
        Note::LearnedWinner { .. } => 54,
        Note::Tied { .. } => 55,
        Note::StageOpened { .. } => 56,
        Note::StagePassed { .. } => 57,
        Note::PipelineEnded { .. } => 58,
        Note::FollowedUp { .. } => 59,
        Note::Wrote { .. } => 60,
        Note::WriteRefused { .. } => 61,
        Note::Merged { .. } => 62,
        Note::Cleared { .. } => 63,
        Note::SyncBegan { .. } => 64,
        Note::Synced { .. } => 65,
        Note::BeyondHorizon { .. } => 66,
        Note::FromTheFuture { .. } => 67,
        Note::MixedTypes { .. } => 68,
        Note::Held { .. } => 69,
        Note::StrongVoted { .. } => 70,
        Note::Committed { .. } => 71,
        Note::StrongRead { .. } => 72,
        Note::StrongRefused { .. } => 73,
        Note::TaskCame { .. } => 74,
        Note::TaskRefused { .. } => 75,
        Note::TaskAnnounced { .. } => 76,
        Note::BidCame { .. } => 77,
        Note::NoBid { .. } => 78,
        Note::NobodyFree { .. } => 79,
        Note::TeamMade { .. } => 80,
        Note::Awarded { .. } => 81,
        Note::NotTaken { .. } => 82,
        Note::WorkBegan { .. } => 83,
        Note::WorkEnded { .. } => 84,
        Note::Delivered { .. } => 85,
        Note::PartFailed { .. } => 86,
        Note::LeaseExpired { .. } => 87,
        Note::CameTooLate { .. } => 88,
        Note::TaskEnded { .. } => 89,
        Note::WorkChanged => 90,
        Note::SwarmStatus { .. } => 91,
        Note::AgentStatus { .. } => 92,
        Note::Asks(_) => 93,
        Note::WorkerDid { .. } => 94,
        Note::WorkerFailed { .. } => 95,
        Note::AskedAgent { .. } => 99,
        Note::ToldBy { change: 0, .. } => 100,
        Note::ToldBy { .. } => 101,
        Note::Unanswered { .. } => 102,
        Note::AnswerChanged { .. } => 103,
    }
}

fn table() -> Vec<(What<Note>, &'static str)> {
    let lost = What::Dropped { cause: DropCause::Cut, from: A, to: B, progress_permille: 500 };
    let proposal = 0;
    let decision = Decision::Approved;
    let refusal = Refusal::Late;
    let key = KeyId(0);
    vec![
        (What::Started, "ann started."),
        (What::Sent { bytes: 4 }, "ann sent ben a ballot."),
        (What::Forwarded, "ann passed on a ballot for ben."),
        (What::Delivered, "ben’s ballot reached ann."),
        (lost, "ann’s ballot to ben was lost: the link from ann to ben is cut."),
        (What::Duplicated { copy: 4 }, "The network doubled ann’s ballot to ben."),
        (What::Delayed { by_us: 50_000 }, "ann’s ballot to ben was delayed by 0.050 s."),
        (What::Timer, "A timer of ann ran out."),
        (What::Commanded, "ann was told what to do."),
        (What::Crashed, "ann crashed: it forgets all it had not written down."),
        (What::Restarted, "ann restarted from what it had written down."),
        (What::Paused, "ann was paused."),
        (What::Resumed, "ann goes on."),
        (What::Spawned, "ann joined."),
        (What::Removed, "ann left for good."),
        (What::Corrupted, "ann was corrupted."),
        (What::Released, "ann is honest again."),
        (What::Cut, "The link from ann to ben was cut."),
        (What::Mended, "The link from ann to ben was mended."),
        (What::Partitioned, "The network broke apart: nothing passes between the groups."),
        (What::Healed, "The network healed."),
        (What::LinkChanged, "The link from ann to ben changed."),
        (What::RoutesChanged, "Messages take other ways from now on."),
        (
            What::Inapplicable(FaultKind::Restart),
            "Nothing changed at ann: there is no need to restart it, as it stands.",
        ),
        (What::Note(Note::Opened { proposal }), "ann put the proposal to the vote."),
        (
            What::Note(Note::NotOpened { refusal: 0 }),
            "ann opened no vote: a proposal called \"db\" exists already; give this one another id.",
        ),
        (What::Note(Note::Heard { proposal }), "ann heard of the proposal."),
        (What::Note(Note::Voted { proposal, vote: Vote::Abstain }), "ann abstains."),
        (What::Note(Note::StaysSilent { proposal }), "ann stays silent."),
        (
            What::Note(Note::Counted { proposal, voter: B, vote: Vote::For }),
            "ben’s ballot was counted: FOR.",
        ),
        (
            What::Note(Note::Repeated { proposal, voter: B }),
            "ben’s ballot came again; it is counted once.",
        ),
        (
            What::Note(Note::Refused { proposal, voter: B, refusal }),
            "ben’s ballot was refused: it came after the close.",
        ),
        (
            What::Note(Note::Decided { proposal, decision }),
            "Approved: no missing ballot can change that.",
        ),
        (What::Note(Note::Closed { proposal, decision }), "The vote is closed."),
        (What::Note(Note::Reminded { proposal }), "ann asked those again whose ballot is missing."),
        (What::Note(Note::Learned { proposal, decision }), "ann learned: approved."),
        (What::Note(Note::Asked { proposal }), "ann asked what was decided."),
        (What::Note(Note::Registered { agent: B }), "ben was registered."),
        (What::Note(Note::Unregistered { agent: B }), "ben was unregistered."),
        (
            What::Note(Note::Misdirected { from: B }),
            "ann could make nothing of a message from ben.",
        ),
        (What::Note(Note::RoundBegan { proposal, round: 2 }), "Round 2 begins for ann."),
        (
            What::Note(Note::Accepted { proposal, voter: B, vote: Vote::For, round: 2 }),
            "ann accepts what ben signed for round 2: FOR.",
        ),
        (
            What::Note(Note::Exposed { proposal, voter: B }),
            "ann holds two different votes signed by ben.",
        ),
        (
            What::Note(Note::LateEvidence { proposal, voter: B }),
            "ann got a vote of ben too late for the signatures under it; it does not count.",
        ),
        (
            What::Note(Note::CameLate { proposal, from: B }),
            "A message of ben came to ann after its round.",
        ),
        (What::Note(Note::Concluded { proposal, decision }), "ann decides for itself: approved."),
        (
            What::Note(Note::Recorded { proposal, decision }),
            "Approved: more agents say so than may be faulty.",
        ),
        (
            What::Note(Note::Turned { proposal, vote: Vote::For }),
            "ann goes over to FOR, as most of those it asked.",
        ),
        (What::Note(Note::Spread { proposal, known: 7 }), "ann knows 7 ballots now."),
        (What::Note(Note::Rests { proposal }), "ann hears nothing new and stops."),
        (
            What::Note(Note::Gathered { proposal, decision }),
            "Approved: more than half of all agents say so.",
        ),
        (What::Note(Note::Picked { proposal, option: 1 }), "ann is for mysql."),
        (
            What::Note(Note::PickCounted { proposal, voter: B, option: 1 }),
            "ben’s ballot was counted: mysql.",
        ),
        (
            What::Note(Note::Won { proposal, option: 0 }),
            "postgres has won: no missing ballot can change that.",
        ),
        (What::Note(Note::LearnedWinner { proposal, option: 2 }), "ann learned: option 3 has won."),
        (
            What::Note(Note::Tied { proposal, option: 0 }),
            "It is a tie: postgres wins by standing first.",
        ),
        (What::Note(Note::StageOpened { proposal, stage: 0 }), "The stage plan opens."),
        (What::Note(Note::StagePassed { proposal, stage: 0 }), "The stage plan is passed."),
        (
            What::Note(Note::PipelineEnded { stage: 0, decision: Decision::Timeout }),
            "The pipeline ends at plan: timed out.",
        ),
        (
            What::Note(Note::FollowedUp { proposal, step: 2, of: 6 }),
            "ann goes on after the approval: step 2 of 6.",
        ),
        (What::Note(Note::Wrote { key }), "ann wrote queue."),
        (What::Note(Note::WriteRefused { key }), "queue does not take what ann wrote."),
        (
            What::Note(Note::Merged { key, from: B, applied: Applied::Crdt(CrdtKind::GCounter) }),
            "ann merged queue with that of ben: the larger of each entry.",
        ),
        (What::Note(Note::Cleared { key, from: B }), "ann heard from ben that queue was cleared."),
        (What::Note(Note::SyncBegan { kind: SyncKind::Delta }), "ann asks for what it lacks."),
        (
            What::Note(Note::Synced { kind: SyncKind::Delta, changes: 3, missing: 0 }),
            "ann is in step: 3 keys changed.",
        ),
        (
            What::Note(Note::BeyondHorizon { from: B }),
            "ben is further behind than ann remembers removals: it gets everything.",
        ),
        (
            What::Note(Note::FromTheFuture { from: B }),
            "ann refused: ben claims writes it has never made.",
        ),
        (
            What::Note(Note::MixedTypes { key, from: B }),
            "ann cannot merge queue with what ben holds: the two are of different types.",
        ),
        (
            What::Note(Note::Held { from: B }),
            "What ben sent names an agent that ann does not know; it waits.",
        ),
        (
            What::Note(Note::StrongVoted { key, version: 2 }),
            "ann votes for version 2 of queue, and for no other value of it.",
        ),
        (
            What::Note(Note::Committed { key, version: 2 }),
            "ann holds version 2 of queue: more than half have voted for it.",
        ),
        (
            What::Note(Note::StrongRead { key, version: 2 }),
            "ann read queue: more than half know of no version after 2.",
        ),
        (
            What::Note(Note::StrongRefused { key }),
            "ann was refused queue: too few could vote for it.",
        ),
        (What::Note(Note::TaskCame { task: 0 }), "campaign came in."),
        (
            What::Note(Note::TaskRefused { refusal: 0 }),
            "ann took in no task: the task \"launch\" depends on \"design\", which has not come in; submit that one \
             first.",
        ),
        (What::Note(Note::TaskAnnounced { task: 0 }), "ann asks who can help with campaign."),
        (What::Note(Note::BidCame { task: 0, agent: B }), "ben bids for campaign."),
        (
            What::Note(Note::NoBid { task: 0, agent: B, check: Check::Skill }),
            "ben does not bid for campaign: it has none of the skills.",
        ),
        (
            What::Note(Note::NobodyFree { task: 0 }),
            "Nobody can take campaign now; it will be asked again.",
        ),
        (What::Note(Note::TeamMade { task: 0, members: 3 }), "3 agents do campaign together."),
        (What::Note(Note::Awarded { task: 0, part: 0, agent: B }), "ben gets campaign/finance."),
        (
            What::Note(Note::NotTaken { task: 0, part: 0, agent: B, check: Check::Health }),
            "ben cannot take campaign/finance after all: it is not healthy.",
        ),
        (What::Note(Note::WorkBegan { task: 0, part: 0 }), "ann begins campaign/finance."),
        (
            What::Note(Note::WorkEnded { task: 0, part: 0, failed: false }),
            "ann finished campaign/finance.",
        ),
        (
            What::Note(Note::Delivered { task: 0, part: 0, agent: B, quality: 95 }),
            "ben delivered campaign/finance, quality 95.",
        ),
        (
            What::Note(Note::PartFailed { task: 0, part: 0, agent: B }),
            "ben said that it failed at campaign/finance.",
        ),
        (
            What::Note(Note::LeaseExpired { task: 0, part: 0, agent: B }),
            "The lease of ben for campaign/finance ended without a result.",
        ),
        (
            What::Note(Note::CameTooLate { task: 0, part: 0, agent: B }),
            "ben’s result for campaign/finance came after its lease: it does not count.",
        ),
        (
            What::Note(Note::TaskEnded { task: 0, status: Status::Partial }),
            "campaign is done in part.",
        ),
        (What::Note(Note::WorkChanged), "ann weighs bids differently from now on."),
        (
            What::Note(Note::SwarmStatus { registered: 2, proposals: 1, tasks: 0 }),
            "ann hears how the swarm stands: 2 agents, 1 proposal and 0 tasks open.",
        ),
        (
            What::Note(Note::AgentStatus {
                agent: B,
                registered: true,
                reputation: 105,
                done: 1,
                failed: 0,
            }),
            "ann hears that ben is registered: reputation 105, 1 done, 0 failed.",
        ),
        (What::Note(Note::Asks(Ask::Status(Some(B)))), "ann asks how ben does."),
        (
            What::Note(Note::WorkerDid { task: 0, part: 0, agent: B, quality: 95 }),
            "ben did a part of campaign/finance, quality 95, as its manager tells.",
        ),
        (
            What::Note(Note::WorkerFailed { task: 0, part: 0, agent: B }),
            "ben failed at a part of campaign/finance, as its manager tells.",
        ),
        (What::Deferred, "ann cannot hear now: what was asked of it waits until it is back."),
        (What::Note(Note::LosesInterest { proposal }), "ann loses interest and tells no more."),
        (
            What::PartitionedFurther,
            "The network broke apart further: whatever was apart stays apart until it heals.",
        ),
        (What::Note(Note::AskedAgent { question: 0, of: B }), "ann asks ben for budget."),
        (What::Note(Note::ToldBy { question: 0, by: B, change: 0 }), "ben tells ann its budget."),
        (
            What::Note(Note::ToldBy { question: 0, by: B, change: 2 }),
            "ben tells ann that its budget has changed.",
        ),
        (
            What::Note(Note::Unanswered { question: 0, of: B }),
            "ben has not told ann its budget in time: ann goes on without.",
        ),
        (What::Note(Note::AnswerChanged { question: 0, change: 1 }), "ann’s budget has changed."),
    ]
}

#[test]
fn every_kind_of_event_has_a_sentence() {
    for (number, (what, expected)) in table().into_iter().enumerate() {
        assert_eq!(told(what), expected);
        assert_eq!(place(&what), number, "{what:?}");
    }
    assert_eq!(table().len(), 104);
}

#[test]
fn every_cause_of_a_loss_is_told_apart() {
    let mut told: Vec<String> = DropCause::ALL
        .into_iter()
        .map(|cause| told(What::Dropped { cause, from: A, to: B, progress_permille: 0 }))
        .collect();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), DropCause::ALL.len());
}
