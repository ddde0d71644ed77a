use super::*;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::note::choice::ChoiceNote;
use crate::protocols::byzantine::note::ByzantineNote;
use crate::protocols::gossip::note::GossipNote;
use crate::protocols::state::holder::SyncKind;
use crate::protocols::state::note::StateNote;
use crate::protocols::state::replica::KeyId;
use crate::protocols::state::resolve::Applied;
use crate::protocols::work::assess::Check;
use crate::protocols::work::note::WorkNote;
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
                Note::Vote(VoteNote::Counted { proposal, voter: agent, vote: Vote::For }),
                Note::Vote(VoteNote::Counted { proposal, voter: agent, vote: Vote::Against }),
                Note::Vote(VoteNote::Repeated { proposal, voter: agent }),
                Note::Byzantine(ByzantineNote::Exposed { proposal, voter: agent }),
                Note::Vote(VoteNote::Choice(ChoiceNote::PickCounted {
                    proposal,
                    voter: agent,
                    option: 1,
                })),
                Note::Gossip(GossipNote::Spread { proposal, known: b.into() }),
                Note::State(StateNote::FollowedUp { proposal, step: b, of: 3 }),
                Note::State(StateNote::FollowedUp { proposal, step: 3, of: b + 600 }),
                Note::State(StateNote::Merged {
                    key: KeyId(a.into()),
                    from: agent,
                    applied: Applied::VectorCausal,
                }),
                Note::State(StateNote::Cleared { key: KeyId(a.into()), from: agent }),
                Note::State(StateNote::Synced {
                    kind: SyncKind::Full,
                    changes: a.into(),
                    missing: b.into(),
                }),
                Note::State(StateNote::Synced {
                    kind: SyncKind::Delta,
                    changes: a.into(),
                    missing: b.into(),
                }),
                Note::Work(WorkNote::BidCame { task, agent }),
                Note::Work(WorkNote::AskedAgent { question: a, of: agent }),
                Note::Work(WorkNote::ToldBy { question: a, by: agent, change: 0 }),
                Note::Work(WorkNote::ToldBy { question: a, by: agent, change: 1 }),
                Note::Work(WorkNote::Unanswered { question: a, of: agent }),
                Note::Work(WorkNote::NoBid { task, agent, check: Check::Load }),
                Note::Work(WorkNote::NoBid { task, agent, check: Check::Health }),
                Note::Work(WorkNote::WorkEnded { task, part, failed: true }),
                Note::Work(WorkNote::WorkEnded { task, part, failed: false }),
            ]);
            for part in small {
                notes.extend([
                    Note::Work(WorkNote::Awarded { task, part, agent }),
                    Note::Work(WorkNote::PartFailed { task, part, agent }),
                    Note::Work(WorkNote::Delivered { task, part, agent, quality: 0 }),
                    Note::Work(WorkNote::Delivered { task, part, agent, quality: 90 }),
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

#[test]
fn a_note_is_small() {
    assert_eq!((size_of::<Note>(), size_of::<sim::Event<Note>>()), (16, 72));
}
