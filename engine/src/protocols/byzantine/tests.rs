//! Byzantine votes, step by step; [`faults`] over random faults.

mod faults;

use super::*;

fn rounds(fault_tolerance: u32) -> Rounds {
    Rounds { fault_tolerance, voting_rounds: 3, round_us: 1_000, vote_again: false }
}

#[test]
fn quorums_are_those_of_the_literature() {
    // (n, f, quorum): 2f + 1 where n = 3f + 1, more where there are more agents (E12).
    for (agents, faulty, quorum) in [
        (4, 1, 3),
        (5, 1, 4),
        (6, 1, 4),
        (7, 2, 5),
        (10, 1, 6),
        (10, 3, 7),
        (100, 33, 67),
        (1, 0, 1),
    ] {
        assert_eq!(rounds(faulty).quorum(agents), quorum, "n {agents}, f {faulty}");
    }
}

#[test]
fn two_quorums_share_an_honest_agent_and_honest_agents_alone_are_one() {
    for faulty in 0..20 {
        for agents in Rounds::agents_needed(faulty)..Rounds::agents_needed(faulty) + 30 {
            let quorum = rounds(faulty).quorum(agents);
            assert!(2 * quorum > agents + u64::from(faulty), "n {agents}, f {faulty}");
            assert!(quorum <= agents - u64::from(faulty), "n {agents}, f {faulty}");
            let honest = rounds(faulty).honest_behind_approval(agents);
            assert_eq!(honest, quorum - u64::from(faulty), "n {agents}, f {faulty}");
        }
    }
}

#[test]
fn statements_that_differ_have_digests_that_differ() {
    let base = Statement { proposal: 1, voter: AgentId(2), round: 3, vote: Vote::For };
    let others = [
        Statement { proposal: 2, ..base },
        Statement { voter: AgentId(3), ..base },
        Statement { round: 4, ..base },
        Statement { vote: Vote::Against, ..base },
    ];
    assert!(others.iter().all(|other| other.digest() != base.digest()));
}
