use std::sync::Arc;

use super::*;
use crate::common::shown::Look;
use crate::playback::inspect::Node;
use crate::playback::{Command, Frame, Run};
use crate::protocols::byzantine::Byzantine;
use crate::protocols::byzantine::seen::seen;
use crate::scenario::gallery;
use crate::view::tally::tally;

/// A scenario of the gallery at this time, seen by this agent.
fn seen_at(name: &str, time_us: u64, viewer: u32) -> (Run, Frame) {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario);
    let scenario = scenario.expect("it is in the gallery");
    let mut run = Run::new(Arc::new(scenario), 7).expect("it starts");
    run.apply(&Command::SeekTime { time_us }).expect("any time can be sought");
    let mut frame = Frame {
        look: Look { selected: Some(AgentId(viewer)), ..Look::default() },
        ..Frame::default()
    };
    run.frame(&mut frame);
    (run, frame)
}

fn shown<'a>(run: &Run, frame: &'a Frame) -> (&'a ProposalFrame, Seen) {
    let proposal = frame.proposals.first().expect("it was opened");
    let peek = run.peek::<Byzantine>().expect("there is a coordinator");
    (proposal, seen(&peek, &frame.look, proposal.id).expect("it is a Byzantine vote"))
}

fn sentence(name: &str, time_us: u64) -> String {
    let (run, frame) = seen_at(name, time_us, 0);
    let view = {
        let proposal = &frame.proposals[0];
        tally(proposal, run.lead(proposal))
    };
    format!("{}{}", view.strong, view.sentence)
}

#[test]
fn the_quorum_stands_in_a_sentence() {
    for (name, time_us, expected) in [
        (
            "byzantine-recovery",
            21_000,
            "Needs 5 of 7 equal votes; 0 FOR. It decides after round 5.",
        ),
        (
            "byzantine-recovery",
            219_000,
            "Needs 5 of 7 equal votes; 6 FOR, 1 AGAINST. It decides after round 5, this is round 1.",
        ),
        (
            "byzantine-recovery",
            319_000,
            "Needs 5 of 7 equal votes; 5 FOR, 1 AGAINST, 1 exposed. It decides after round 5, \
             this is round 2.",
        ),
        ("byzantine-recovery", 640_000, "Approved: needs 5 of 7; 5 FOR, 1 AGAINST, 1 exposed."),
        ("byzantine-silent", 2_000_000, "Approved: needs 5 of 7; 6 FOR."),
        (
            "byzantine-ring",
            2_000_000,
            "Split: 3 honest hold approved, 2 honest hold timeout; needs 5 of 7, here 4 FOR.",
        ),
    ] {
        assert_eq!(sentence(name, time_us), expected, "{name} at {time_us}");
    }
}

#[test]
fn the_matrix_says_who_said_what_in_which_round() {
    let (run, frame) = seen_at("byzantine-recovery", 319_000, 3);
    let matrix = matrix(&shown(&run, &frame).1);
    let rounds: Vec<_> = matrix.rounds.iter().map(|(words, now)| (words.as_str(), *now)).collect();
    assert_eq!(rounds, [("round 1", false), ("round 2", true), ("round 3", false)]);
    let said = |cell: &MatrixCell| match cell {
        MatrixCell::Said(votes) => votes.iter().map(vote_letter).collect(),
        MatrixCell::Nothing => "-".to_owned(),
        MatrixCell::NotYet => ".".to_owned(),
    };
    fn vote_letter(vote: Vote) -> char {
        match vote {
            Vote::For => 'f',
            Vote::Against => 'a',
            Vote::Abstain => 'o',
        }
    }
    let rows: Vec<(String, &str, bool)> = matrix
        .rows
        .iter()
        .map(|row| (row.cells.iter().map(said).collect(), row.counts_as, row.exposed))
        .collect();
    let honest = ("ff.".to_owned(), "FOR", false);
    let mut expected = vec![honest; 5];
    expected.push(("aa.".to_owned(), "AGAINST", false));
    expected.push(("fa.".to_owned(), "nothing", true));
    assert_eq!(rows, expected);
    // Silence shows once the round is over.
    let (run, frame) = seen_at("byzantine-silent", 219_000, 0);
    let last = |run: &Run, frame: &Frame| {
        self::matrix(&shown(run, frame).1).rows.last().unwrap().cells.clone()
    };
    assert_eq!(last(&run, &frame), vec![MatrixCell::NotYet; 3]);
    let (run, frame) = seen_at("byzantine-silent", 319_000, 0);
    assert_eq!(last(&run, &frame), [MatrixCell::Nothing, MatrixCell::NotYet, MatrixCell::NotYet]);
}

#[test]
fn evidence_is_two_statements_and_what_was_told_to_whom() {
    let (run, frame) = seen_at("byzantine-recovery", 640_000, 3);
    let found = evidence(&shown(&run, &frame).1);
    let [liar] = &found[..] else { panic!("one is exposed: {found:?}") };
    assert_eq!((liar.agent, liar.known_to.as_str()), (AgentId(6), "known to 6 of 6"));
    let [one, other] = &liar.cards;
    assert_eq!((one.round.as_str(), one.vote), ("round 1", Vote::For));
    assert_eq!((other.round.as_str(), other.vote), ("round 2", Vote::Against));
    assert!(one.received_us < other.received_us);
    assert_ne!(one.signature, other.signature);
    assert!(liar.told.is_empty(), "it told everyone the same");
    let (run, frame) = seen_at("byzantine-equivocator", 540_000, 0);
    let found = evidence(&shown(&run, &frame).1);
    let told: Vec<&MatrixCell> = found[0].told.iter().map(|row| &row.cells[0]).collect();
    assert_eq!(told.len(), 3);
    assert!(told.iter().any(|cell| *cell != told[0]), "it told them different things: {told:?}");
}

#[test]
fn premises_turn_and_name_what_breaks_them() {
    let list = |name, time_us| {
        let (run, frame) = seen_at(name, time_us, 0);
        let premises = premises(&shown(&run, &frame).1, run.cast());
        let broken = premises.iter().filter(|it| !it.holds);
        let broken: Vec<_> = broken.map(|it| (it.text.clone(), it.event.is_some())).collect();
        (premises.len(), broken)
    };
    assert_eq!(list("byzantine-recovery", 640_000), (4, vec![]));
    let faulty = ("At most 2 faulty, 3 so far".to_owned(), true);
    assert_eq!(list("byzantine-too-many", 100_000), (4, vec![faulty]));
    let cut = ("agent-1 and agent-3 alone can part the network".to_owned(), false);
    assert_eq!(list("byzantine-ring", 100_000), (4, vec![cut]));
}

#[test]
fn one_liar_too_many_is_warned_of() {
    let of = |name| {
        let (run, frame) = seen_at(name, 100_000, 0);
        warning(&shown(&run, &frame).1)
    };
    assert_eq!(of("byzantine-recovery"), None);
    let words = "2 of 7 lie already, and f = 2: with one more nothing is promised.";
    assert_eq!(of("byzantine-colluders").as_deref(), Some(words));
}

/// Everything that names who is exposed, in the eyes of one agent.
fn exposed_in_the_eyes_of(name: &str, viewer: u32) -> Vec<Vec<AgentId>> {
    let (run, frame) = seen_at(name, 2_000_000, viewer);
    let (proposal, seen) = shown(&run, &frame);
    let lamps = proposal.electors.iter().filter(|it| it.lamp == Lamp::Exposed);
    let rows = matrix(&seen).rows.into_iter().filter(|row| row.exposed);
    let Node::Member { known, .. } = run.inspect(AgentId(viewer)).unwrap().node else {
        panic!("{viewer} votes")
    };
    let evidence = evidence(&seen);
    let count = evidence.len();
    let exposed = if count > 0 { format!(", {count} exposed") } else { String::new() };
    let stands = known[0].stands.as_ref().unwrap();
    let said = stands.split_once("signed votes of ").unwrap().1;
    assert_eq!(
        said.trim_start_matches(|it: char| it.is_ascii_digit()),
        exposed,
        "{name}, {viewer}"
    );
    vec![
        lamps.map(|it| it.agent).collect(),
        rows.map(|it| it.agent).collect(),
        evidence.into_iter().map(|it| it.agent).collect(),
    ]
}

#[test]
fn a_liar_is_exposed_in_the_eyes_of_all_but_itself() {
    let mut liars = 0;
    for name in ["byzantine-recovery", "byzantine-equivocator", "byzantine-colluders"] {
        let all = exposed_in_the_eyes_of(name, 0);
        for liar in all[0].iter().filter(|liar| **liar != AgentId(0)) {
            liars += 1;
            for named in exposed_in_the_eyes_of(name, liar.0) {
                assert!(!named.contains(liar), "{name}: {liar:?} exposes itself");
            }
            let (run, frame) = seen_at(name, 2_000_000, liar.0);
            let (proposal, seen) = shown(&run, &frame);
            let own = proposal.electors.iter().find(|it| it.agent == *liar).unwrap();
            assert_eq!(own.lamp, Lamp::Void, "{name}: its vote counts for nothing all the same");
            let row = matrix(&seen).rows.into_iter().find(|row| row.agent == *liar);
            assert_eq!(row.unwrap().counts_as, "nothing", "{name}");
        }
    }
    assert!(liars >= 2, "{liars}");
}
