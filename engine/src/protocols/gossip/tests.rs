//! Gossip, step by step; [`curve`] and [`demers`] against the papers, [`laws`] over random faults.

mod curve;
mod demers;
mod laws;

use super::*;

#[test]
fn most_of_those_it_asks_and_itself_decide_what_it_holds() {
    use Vote::{Abstain, Against, For};
    // Own, FOR and AGAINST among those it asked, what it holds then.
    for (own, in_favour, against, expected) in [
        (Some(For), 0, 0, Some(For)),
        (Some(For), 0, 1, Some(For)), // a tie keeps one's own
        (Some(For), 0, 2, Some(Against)),
        (Some(For), 1, 2, Some(For)),
        (Some(For), 1, 3, Some(Against)),
        (Some(Against), 1, 0, Some(Against)),
        (Some(Against), 2, 0, Some(For)),
        (Some(Abstain), 0, 0, Some(Abstain)),
        (Some(Abstain), 1, 1, Some(Abstain)),
        (Some(Abstain), 1, 0, Some(For)),
        (Some(Abstain), 1, 2, Some(Against)),
        (None, 0, 0, None),
        (None, 3, 3, None),
        (None, 0, 1, Some(Against)),
    ] {
        let found = majority(own, in_favour, against);
        assert_eq!(found, expected, "{own:?}, {in_favour} FOR, {against} AGAINST");
    }
}

#[test]
fn convergence_is_a_share_of_all_agents() {
    let of = |convergence| Gossip { convergence, ..Gossip::default() };
    assert!(of(950_000).is_converged(95, 100) && !of(950_000).is_converged(94, 100));
    assert!(of(990_000).is_converged(10, 10) && !of(990_000).is_converged(9, 10));
    assert!(of(510_000).is_converged(6, 10) && !of(510_000).is_converged(5, 10));
}

#[test]
fn rounds_follow_each_other_from_one_round_after_the_opening() {
    let gossip = Gossip { rounds: 5, round_us: 100, ..Gossip::default() };
    assert_eq!(
        (gossip.begins_us(LocalTime(100), 1), gossip.begins_us(LocalTime(100), 5)),
        (LocalTime(100), LocalTime(500))
    );
    assert_eq!(gossip.duration_us(), 600);
}
