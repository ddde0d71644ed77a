use super::*;
use crate::common::consensus::quorum::{Base, Measure};
use Decision::{Approved, Rejected, Timeout};

fn rule(measure: Measure, share: Share) -> Rule {
    Rule { measure, share, base: Base::Electorate }
}

fn side(weights: &[u64]) -> Side {
    let mut side = Side::default();
    weights.iter().for_each(|weight| side.add(*weight));
    side
}

/// Checks a choice with these weights, in thousandths, for each option.
fn check(
    rule: Rule,
    options: &[&[u64]],
    [abstain, outstanding]: [&[u64]; 2],
    settled: Option<(Decision, Option<OptionId>)>,
    at_deadline: (Decision, Option<OptionId>),
) {
    let in_favour = side(&options.concat());
    let (abstain, outstanding) = (side(abstain), side(outstanding));
    let tally = Tally { in_favour, abstain, outstanding, ..Tally::default() };
    let options: Vec<Side> = options.iter().map(|weights| side(weights)).collect();
    let count = Count { rule, options: &options, tally, closed: false };
    assert_eq!(count.settled(), settled, "{options:?} before the deadline");
    assert_eq!(count.at_deadline(), at_deadline, "{options:?} at the deadline");
}

const ONE: u64 = 1_000;

#[test]
fn a_plurality_wins_once_nothing_can_overtake_it() {
    let by = rule(Measure::Heads, Share::Plurality);
    let none: &[u64] = &[];
    let heads = |count: usize| &[ONE; 9][..count];
    let won = |option| (Approved, Some(option));
    // No majority: four of nine.
    let counted = [heads(2), heads(4), heads(3)];
    check(by, &counted, [none, none], Some(won(1)), won(1));
    // One that is missing could make it level: then the first in order wins.
    let counted = [heads(3), heads(2)];
    check(by, &counted, [none, heads(1)], Some(won(0)), won(0));
    let counted = [heads(2), heads(3)];
    check(by, &counted, [none, heads(1)], None, won(1));
    let counted = [heads(3), heads(3), heads(1)];
    check(by, &counted, [none, none], Some(won(0)), won(0));
    check(by, &[none, none], [heads(2), none], Some((Rejected, None)), (Rejected, None));
    check(by, &[none, none], [heads(1), heads(1)], None, (Timeout, None));
    check(by, &[none, heads(1)], [heads(1), heads(7)], None, won(1));
}

#[test]
fn by_weight_the_heavier_side_wins() {
    let by = rule(Measure::Weight, Share::Plurality);
    let counted: [&[u64]; 2] = [&[ONE, ONE, ONE], &[3_500]];
    check(by, &counted, [&[], &[]], Some((Approved, Some(1))), (Approved, Some(1)));
    check(by, &counted, [&[], &[499]], Some((Approved, Some(1))), (Approved, Some(1)));
    check(by, &counted, [&[], &[500]], None, (Approved, Some(1)));
    let level: [&[u64]; 2] = [&[ONE, ONE], &[2_000]];
    check(by, &level, [&[], &[]], Some((Approved, Some(0))), (Approved, Some(0)));
}

#[test]
fn unanimous_is_all_or_nothing() {
    let by = rule(Measure::Heads, Share::All);
    let three: &[u64] = &[ONE; 3];
    let one: &[u64] = &[ONE];
    check(by, &[&[], three], [&[], &[]], Some((Approved, Some(1))), (Approved, Some(1)));
    check(by, &[&[], three], [&[], one], None, (Timeout, None));
    check(by, &[one, three], [&[], one], Some((Rejected, None)), (Rejected, None));
    check(by, &[&[], three], [one, one], Some((Rejected, None)), (Rejected, None));
}

#[test]
fn a_tie_is_marked_and_what_is_needed_is_what_wins_for_certain() {
    let options = [side(&[ONE; 2]), side(&[ONE; 2]), side(&[ONE])];
    let tally =
        Tally { in_favour: side(&[ONE; 5]), outstanding: side(&[ONE; 4]), ..Tally::default() };
    let rule = rule(Measure::Heads, Share::Plurality);
    let mut count = Count { rule, options: &options, tally, closed: false };
    let standing = count.standing();
    assert_eq!((standing.leader, standing.tie), (Some(0), true));
    // Of the eight that the two may share four are enough for the first in order.
    assert_eq!((standing.account.in_favour, standing.account.needed), (2, 4));
    count.closed = true;
    assert_eq!(count.standing().account.needed, 2);
    let later = [side(&[ONE; 2]), side(&[ONE; 3])];
    let count = Count { options: &later, ..count };
    assert_eq!((count.standing().leader, count.standing().tie), (Some(1), false));
    assert_eq!(count.standing().account.needed, 3);
}
