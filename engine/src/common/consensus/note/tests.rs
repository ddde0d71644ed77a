use super::*;
use crate::protocol::note::letters::{B, check_sentences};

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: VoteNote) -> usize {
    match note {
        VoteNote::Opened { .. } => 0,
        VoteNote::NotOpened { .. } => 1,
        VoteNote::Heard { .. } => 2,
        VoteNote::Voted { .. } => 3,
        VoteNote::StaysSilent { .. } => 4,
        VoteNote::Counted { .. } => 5,
        VoteNote::Repeated { .. } => 6,
        VoteNote::Refused { .. } => 7,
        VoteNote::Decided { .. } => 8,
        VoteNote::Closed { .. } => 9,
        VoteNote::Reminded { .. } => 10,
        VoteNote::Learned { .. } => 11,
        VoteNote::Asked { .. } => 12,
        VoteNote::RoundBegan { .. } => 13,
        VoteNote::CameLate { .. } => 14,
        VoteNote::Concluded { .. } => 15,
        VoteNote::Choice(_) => 16,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let proposal = 0;
    let decision = Decision::Approved;
    let refusal = Refusal::Late;
    let table = [
        (VoteNote::Opened { proposal }, "ann put the proposal to the vote."),
        (VoteNote::NotOpened { refusal: 0 }, "ann opened no vote: there is one of this name."),
        (VoteNote::Heard { proposal }, "ann heard of the proposal."),
        (VoteNote::Voted { proposal, vote: Vote::Abstain }, "ann abstains."),
        (VoteNote::StaysSilent { proposal }, "ann stays silent."),
        (
            VoteNote::Counted { proposal, voter: B, vote: Vote::For },
            "ben’s ballot was counted: FOR.",
        ),
        (VoteNote::Repeated { proposal, voter: B }, "ben’s ballot came again; it is counted once."),
        (
            VoteNote::Refused { proposal, voter: B, refusal },
            "ben’s ballot was refused: it came after the close.",
        ),
        (VoteNote::Decided { proposal, decision }, "Approved: no missing ballot can change that."),
        (VoteNote::Closed { proposal, decision }, "The vote is closed."),
        (VoteNote::Reminded { proposal }, "ann asked those again whose ballot is missing."),
        (VoteNote::Learned { proposal, decision }, "ann learned: approved."),
        (VoteNote::Asked { proposal }, "ann asked what was decided."),
        (VoteNote::RoundBegan { proposal, round: 2 }, "Round 2 begins for ann."),
        (VoteNote::CameLate { proposal, from: B }, "A message of ben came to ann after its round."),
        (VoteNote::Concluded { proposal, decision }, "ann decides for itself: approved."),
        // The others of its kind have a table of their own.
        (VoteNote::Choice(ChoiceNote::Picked { proposal, option: 1 }), "ann is for mysql."),
    ];
    check_sentences(&table, place);
}
