use super::*;
use crate::protocol::note::letters::{B, COORDINATOR, check_sentences, said};

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: WorkNote) -> usize {
    match note {
        WorkNote::TaskCame { .. } => 0,
        WorkNote::TaskRefused { .. } => 1,
        WorkNote::TaskAnnounced { .. } => 2,
        WorkNote::BidCame { .. } => 3,
        WorkNote::NoBid { .. } => 4,
        WorkNote::NobodyFree { .. } => 5,
        WorkNote::TeamMade { .. } => 6,
        WorkNote::Awarded { .. } => 7,
        WorkNote::NotTaken { .. } => 8,
        WorkNote::WorkBegan { .. } => 9,
        WorkNote::WorkEnded { .. } => 10,
        WorkNote::Delivered { .. } => 11,
        WorkNote::PartFailed { .. } => 12,
        WorkNote::LeaseExpired { .. } => 13,
        WorkNote::CameTooLate { .. } => 14,
        WorkNote::TaskEnded { .. } => 15,
        WorkNote::WorkChanged => 16,
        WorkNote::WorkerDid { .. } => 17,
        WorkNote::WorkerFailed { .. } => 18,
        WorkNote::AskedAgent { .. } => 19,
        WorkNote::ToldBy { change: 0, .. } => 20,
        WorkNote::ToldBy { .. } => 21,
        WorkNote::Unanswered { .. } => 22,
        WorkNote::AnswerChanged { .. } => 23,
        WorkNote::RollCalled => 24,
        WorkNote::AssignChanged { assign: Assign::ContractNet } => 25,
        WorkNote::AssignChanged { .. } => 26,
        WorkNote::Preempted { .. } => 27,
        WorkNote::Paused { .. } => 28,
        WorkNote::Resumed { .. } => 29,
        WorkNote::WorkPaused { .. } => 30,
        WorkNote::WorkResumed { .. } => 31,
        WorkNote::Gives { .. } => 32,
        WorkNote::Moved { .. } => 33,
        WorkNote::Rebalanced { moves: 0, .. } => 34,
        WorkNote::Rebalanced { .. } => 35,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let table = [
        (WorkNote::TaskCame { task: 0 }, "campaign came in."),
        (WorkNote::TaskRefused { refusal: 0 }, "ann took in no task: there is one of this name."),
        (WorkNote::TaskAnnounced { task: 0 }, "ann asks who can help with campaign."),
        (WorkNote::BidCame { task: 0, agent: B }, "ben bids for campaign."),
        (
            WorkNote::NoBid { task: 0, agent: B, check: Check::Skill },
            "ben does not bid for campaign: it has none of the skills.",
        ),
        (WorkNote::NobodyFree { task: 0 }, "Nobody can take campaign now; it will be asked again."),
        (WorkNote::TeamMade { task: 0, members: 3 }, "3 agents do campaign together."),
        (WorkNote::Awarded { task: 0, part: 0, agent: B }, "ben gets campaign/finance."),
        (
            WorkNote::NotTaken { task: 0, part: 0, agent: B, check: Check::Health },
            "ben cannot take campaign/finance after all: it is not healthy.",
        ),
        (WorkNote::WorkBegan { task: 0, part: 0 }, "ann begins campaign/finance."),
        (WorkNote::WorkEnded { task: 0, part: 0, failed: false }, "ann finished campaign/finance."),
        (
            WorkNote::Delivered { task: 0, part: 0, agent: B, quality: 95 },
            "ben delivered campaign/finance, quality 95.",
        ),
        (
            WorkNote::PartFailed { task: 0, part: 0, agent: B },
            "ben said that it failed at campaign/finance.",
        ),
        (
            WorkNote::LeaseExpired { task: 0, part: 0, agent: B },
            "The lease of ben for campaign/finance ended without a result.",
        ),
        (
            WorkNote::CameTooLate { task: 0, part: 0, agent: B },
            "ben’s result for campaign/finance came after its lease: it does not count.",
        ),
        (WorkNote::TaskEnded { task: 0, status: TaskStatus::Partial }, "campaign is done in part."),
        (WorkNote::WorkChanged, "ann works differently from now on."),
        (
            WorkNote::WorkerDid { task: 0, part: 0, agent: B, quality: 95 },
            "ben did a part of campaign/finance, quality 95, as its manager tells.",
        ),
        (
            WorkNote::WorkerFailed { task: 0, part: 0, agent: B },
            "ben failed at a part of campaign/finance, as its manager tells.",
        ),
        (WorkNote::AskedAgent { question: 0, of: B }, "ann asks ben for budget."),
        (WorkNote::ToldBy { question: 0, by: B, change: 0 }, "ben tells ann its budget."),
        (
            WorkNote::ToldBy { question: 0, by: B, change: 2 },
            "ben tells ann that its budget has changed.",
        ),
        (
            WorkNote::Unanswered { question: 0, of: B },
            "ben has not told ann its budget in time: ann goes on without.",
        ),
        (WorkNote::AnswerChanged { question: 0, change: 1 }, "ann’s budget has changed."),
        (WorkNote::RollCalled, "ann asks everyone what they can do."),
        (
            WorkNote::AssignChanged { assign: Assign::ContractNet },
            "ann lets agents bid for tasks from now on.",
        ),
        (
            WorkNote::AssignChanged { assign: Assign::LeastLoaded },
            "ann assigns tasks by this rule from now on: least loaded.",
        ),
        (
            WorkNote::Preempted { task: 0, by: 0 },
            "campaign makes way for campaign, which has a higher priority.",
        ),
        (WorkNote::Paused { task: 0, part: 0, agent: B }, "ben has paused with campaign/finance."),
        (
            WorkNote::Resumed { task: 0, part: 0, agent: B },
            "ben is to go on with campaign/finance.",
        ),
        (WorkNote::WorkPaused { task: 0, part: 0 }, "ann puts campaign/finance aside."),
        (WorkNote::WorkResumed { task: 0, part: 0 }, "ann goes on with campaign/finance."),
        (WorkNote::Gives { task: 0, part: 0, agent: B }, "ann lets ben have campaign/finance."),
        (WorkNote::Moved { task: 0, part: 0, agent: B }, "campaign/finance goes to ben."),
        (
            WorkNote::Rebalanced { moves: 0, dealt: 0, spread: 20 },
            "ann moves nothing: nothing that waits would bring all within 20.",
        ),
        (
            WorkNote::Rebalanced { moves: 2, dealt: 9, spread: 20 },
            "ann has 2 parts moved, to bring all within 20; dealing out anew would move 9.",
        ),
    ];
    check_sentences(&table, place);
}

#[test]
fn a_change_of_the_coordinator_is_one_of_its_weights() {
    let words = "coordinator weighs bids differently from now on.";
    assert_eq!(said(WorkNote::WorkChanged, COORDINATOR), words);
}
