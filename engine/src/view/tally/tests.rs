use std::sync::Arc;

use super::*;
use crate::common::consensus::quorum::{Account, Side, Tally};
use crate::playback::frame::Terms;

/// Electors by (weight, lamp); the account is the rule's, of the electorate.
fn proposal(measure: Measure, share: Share, electors: &[(u64, Lamp)]) -> ProposalFrame {
    let mut tally = Tally::default();
    let electors: Vec<ElectorFrame> = electors
        .iter()
        .enumerate()
        .map(|(number, &(weight_milli, lamp))| {
            let side = match lamp {
                Lamp::Counted(Vote::For) => &mut tally.in_favour,
                Lamp::Counted(Vote::Against) => &mut tally.against,
                Lamp::Counted(Vote::Abstain) => &mut tally.abstain,
                _ => &mut tally.outstanding,
            };
            *side = Side { count: side.count + 1, weight_milli: side.weight_milli + weight_milli };
            let agent = AgentId(number as u32);
            ElectorFrame { agent, weight_milli, lamp, since_us: 100 * number as u64, outcome: None }
        })
        .collect();
    let of = |side: Side| match measure {
        Measure::Heads => side.count,
        Measure::Weight => side.weight_milli,
    };
    let whole = of(tally.in_favour) + of(tally.against) + of(tally.abstain) + of(tally.outstanding);
    let account = Account {
        in_favour: of(tally.in_favour),
        whole,
        outstanding: of(tally.outstanding),
        needed: share.needed(whole),
    };
    ProposalFrame {
        id: 0,
        terms: Arc::new(Terms {
            of: None,
            name: "p".into(),
            question: String::new(),
            fields: vec![],
            algorithm: "weighted".into(),
            measure,
            share,
            of_votes_cast: false,
            least_participation: 0,
        }),
        opened_us: 0,
        deadline_us: 1_000_000,
        decided: None,
        closed_us: None,
        outcome: None,
        held: [0; 3],
        liars: vec![],
        tally,
        account,
        electors,
        choice: None,
        messages: 0,
        bytes: 0,
        own: None,
    }
}

fn check(proposal: &ProposalFrame, sentence: &str) {
    let view = tally(proposal, None);
    assert_eq!(format!("{}{}", view.strong, view.sentence), sentence);
}

const FOR: Lamp = Lamp::Counted(Vote::For);
const AGAINST: Lamp = Lamp::Counted(Vote::Against);
const ABSTAIN: Lamp = Lamp::Counted(Vote::Abstain);
const OPEN: Lamp = Lamp::Deciding;
const SHARE: Share = Share::AtLeast(650_000);

fn deployment(lamps: [Lamp; 5]) -> ProposalFrame {
    let weights = [3_000, 2_000, 2_000, 2_500, 2_500];
    let electors: Vec<(u64, Lamp)> = weights.into_iter().zip(lamps).collect();
    proposal(Measure::Weight, SHARE, &electors)
}

#[test]
fn an_open_vote_says_what_is_missing_in_weight() {
    check(
        &deployment([FOR, FOR, FOR, Lamp::Cast(Vote::For), OPEN]),
        "0.8 more FOR approves it, 7.0 of 7.8 is in. Rejected once more than 4.2 is not FOR.",
    );
    check(
        &deployment([FOR, OPEN, OPEN, OPEN, AGAINST]),
        "4.8 more FOR approves it, 3.0 of 7.8 is in. Rejected once more than 4.2 is not FOR; 2.5 is so far.",
    );
}

#[test]
fn an_open_vote_says_what_is_missing_in_heads() {
    let heads = |lamps: &[Lamp], share| {
        let electors: Vec<(u64, Lamp)> = lamps.iter().map(|&lamp| (1_000, lamp)).collect();
        proposal(Measure::Heads, share, &electors)
    };
    check(
        &heads(&[FOR, OPEN, OPEN, OPEN, OPEN], Share::Majority),
        "2 more FOR approve it, 1 of 3 is in. Rejected once more than 2 are not FOR.",
    );
    check(
        &heads(&[FOR, FOR, ABSTAIN, OPEN, OPEN], Share::Majority),
        "1 more FOR approves it, 2 of 3 are in. Rejected once more than 2 are not FOR; 1 is so far.",
    );
    check(
        &heads(&[FOR, FOR, OPEN], Share::All),
        "1 more FOR approves it, 2 of 3 are in. The first that is not FOR rejects it.",
    );
}

#[test]
fn a_decision_says_the_numbers_it_turned_on() {
    let decided = |mut proposal: ProposalFrame, decision| {
        proposal.decided = Some((decision, 500));
        proposal.closed_us = Some(600);
        proposal
    };
    check(
        &decided(deployment([FOR, FOR, FOR, FOR, AGAINST]), Decision::Approved),
        "Approved: 9.5 of 12 = 79.2 % FOR, 65 % needed.",
    );
    check(
        &decided(deployment([FOR, AGAINST, OPEN, FOR, AGAINST]), Decision::Rejected),
        "Rejected: 5.5 of 12 = 45.8 % FOR, 65 % needed. 4.5 not FOR, at most 4.2 may be.",
    );
    check(
        &decided(deployment([FOR, FOR, FOR, Lamp::Absent, Lamp::Absent]), Decision::Timeout),
        "Timeout: 7.0 of the 7.8 needed was in at the deadline, 5.0 never came.",
    );
    let mut split = decided(deployment([FOR, FOR, FOR, FOR, AGAINST]), Decision::Approved);
    split.outcome = Some(Decision::Split);
    split.held = [4, 0, 1];
    check(&split, "Split: 4 hold approved, 1 holds timeout.");
}

#[test]
fn of_the_votes_cast_the_share_is_of_those() {
    let mut cast = deployment([FOR, FOR, OPEN, OPEN, AGAINST]);
    Arc::make_mut(&mut cast.terms).of_votes_cast = true;
    cast.account = Account { in_favour: 5_000, whole: 7_500, outstanding: 4_500, needed: 4_875 };
    check(
        &cast,
        "66.7 % of the votes cast is FOR, 5.0 of 7.5. 65 % of what is cast by the deadline approves it.",
    );
    cast.decided = Some((Decision::Approved, 900));
    cast.closed_us = Some(1_000);
    check(&cast, "Approved: 5.0 of 7.5 = 66.7 % FOR, 65 % needed.");
}

#[test]
fn for_grows_from_the_left_and_against_from_the_right() {
    let view = tally(&deployment([AGAINST, FOR, OPEN, FOR, Lamp::Cast(Vote::For)]), None);
    let order: Vec<u32> = view.segments.iter().filter_map(|s| s.agent).map(|a| a.0).collect();
    assert_eq!(order, [1, 3, 4, 2, 0]);
    assert_eq!(view.threshold_permille, 650);
    assert_eq!(view.in_favour, "FOR 4.5 = 37.5 %");
    assert_eq!(view.needed, "65 % = 7.8");
}

#[test]
fn a_crowd_has_one_segment_per_side() {
    let electors: Vec<(u64, Lamp)> =
        (0..50).map(|n| (1_000, if n % 5 == 0 { AGAINST } else { FOR })).collect();
    let view = tally(&proposal(Measure::Heads, Share::TwoThirds, &electors), None);
    let labels: Vec<&str> = view.segments.iter().map(|s| s.label.as_str()).collect();
    assert_eq!(labels, ["40", "10"]);
    assert!(view.segments.iter().all(|segment| segment.agent.is_none()));
}

fn heads(lamps: &[Lamp], share: Share) -> ProposalFrame {
    let electors: Vec<(u64, Lamp)> = lamps.iter().map(|&lamp| (1_000, lamp)).collect();
    proposal(Measure::Heads, share, &electors)
}

#[test]
fn what_can_no_longer_be_approved_says_how_much_could_still_come() {
    let mut rejected = deployment([FOR, AGAINST, OPEN, OPEN, AGAINST]);
    rejected.decided = Some((Decision::Rejected, 500));
    check(
        &rejected,
        "Rejected: it cannot be approved any more, at most 7.5 of the 7.8 needed can be FOR. Ballots count until all are in.",
    );
    let mut unanimous = heads(&[FOR, ABSTAIN, OPEN], Share::All);
    unanimous.decided = Some((Decision::Rejected, 500));
    check(
        &unanimous,
        "Rejected: it cannot be approved any more, at most 2 of the 3 needed can be FOR. Ballots count until all are in.",
    );
    let mut approved = heads(&[FOR, FOR, OPEN], Share::TwoThirds);
    approved.decided = Some((Decision::Approved, 500));
    check(
        &approved,
        "Approved: 2 of 3 = 66.7 % FOR, two thirds needed. Ballots count until all are in.",
    );
}

/// A share of the votes cast, with at least 40 % of the heads taking part; one lamp per head.
fn of_the_votes_cast(lamps: &[Lamp]) -> ProposalFrame {
    let mut proposal = heads(lamps, Share::Majority);
    let cast = proposal.account.whole - proposal.account.outstanding;
    Arc::make_mut(&mut proposal.terms).of_votes_cast = true;
    Arc::make_mut(&mut proposal.terms).least_participation = 400_000;
    proposal.account.whole = cast;
    proposal.account.needed = Share::Majority.needed(cast);
    proposal
}

#[test]
fn a_share_of_the_votes_cast_says_who_has_to_take_part() {
    let mut few = of_the_votes_cast(&[FOR, OPEN, OPEN, OPEN, OPEN]);
    check(
        &few,
        "100 % of the votes cast is FOR, 1 of 1. More than half of what is cast by the deadline approves it if 40 % take part, 1 of 5 has so far.",
    );
    few.decided = Some((Decision::Timeout, 900));
    few.closed_us = Some(900);
    check(&few, "Timeout: too few voted, 1 of 5 = 20 %, 40 % had to.");
    let mut lost = of_the_votes_cast(&[AGAINST, AGAINST, AGAINST, OPEN, OPEN]);
    lost.decided = Some((Decision::Rejected, 500));
    check(
        &lost,
        "Rejected: at most 40 % of the votes cast can be FOR, more than half needed. Ballots count until all are in.",
    );
}

#[test]
fn a_crowd_is_counted_by_how_its_ballots_stand() {
    let vote =
        heads(&[FOR, OPEN, FOR, Lamp::Cast(Vote::For), Lamp::Unaware, OPEN], Share::Majority);
    assert_eq!(
        lamp_groups(&vote),
        [(FOR, 2), (Lamp::Cast(Vote::For), 1), (OPEN, 2), (Lamp::Unaware, 1)]
    );
    assert_eq!(choice(&vote), "p, open");
}

#[test]
fn every_lamp_has_words_of_its_own() {
    let mut words: Vec<String> = [FOR, AGAINST, ABSTAIN, OPEN, Lamp::Unaware, Lamp::Absent]
        .into_iter()
        .chain(Vote::ALL.map(Lamp::Cast))
        .map(lamp_words)
        .collect();
    let count = words.len();
    words.sort();
    words.dedup();
    assert_eq!(words.len(), count);
}
