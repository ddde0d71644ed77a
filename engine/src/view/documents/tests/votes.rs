//! Votes, pipelines, liars and gossips.

use super::check;

#[test]
fn the_bar_of_a_vote_begins_empty() {
    check(
        "deployment-vote",
        90000,
        "vote",
        "\
Weighted vote (as the coordinator counts it)
  7.8 more FOR approves it, 0.0 of 7.8 is in. Rejected once more than 4.2 is not FOR.
  [..........................|..............] FOR 0.0 = 0 % | 65 % = 7.8
  ○ lead-engineer    no vote yet
  ○ backend-expert   no vote yet
  ○ devops-engineer  no vote yet
  ○ qa-engineer      no vote yet
  ○ frontend-expert  no vote yet
  ○ agreement: not yet
  ○ validity: not yet
  ○ termination: not yet
  ○ counted once: not yet
  ✓ books balance: holds
",
    );
}

#[test]
fn a_weighted_vote_is_approved() {
    check(
        "deployment-vote",
        5000000,
        "vote",
        "\
Weighted vote (as the coordinator counts it)
  Approved: 9.5 of 12 = 79.2 % FOR, 65 % needed.
  [██████████████████████████|█████▓▓▓▓▓▓▓▓▓] FOR 9.5 = 79.2 % | 65 % = 7.8
  ✓ lead-engineer    FOR, counted
  ✓ frontend-expert  FOR, counted
  ✓ backend-expert   FOR, counted
  ✓ devops-engineer  FOR, counted
  ✗ qa-engineer      AGAINST, counted
  ✓ agreement: holds
  ✓ validity: holds
  ✓ termination: holds
  ✓ counted once: holds
  ✓ books balance: holds
  ✓ convergence: holds
",
    );
}

#[test]
fn options_are_told_with_their_letters() {
    check(
        "database-choice",
        5000000,
        "vote",
        "\
Federated vote (as the coordinator counts it)
  postgres has won with 3 of 8: level with another, it stands first.
  A postgres  wins   3
    ███████·············
  B mysql     level  3
    ███████·············
  C sqlite           1
    ██··················
  D mongodb          1
    ██··················
  A backend-1  postgres, counted
  A backend-2  postgres, counted
  B data-1     mysql, counted
  B data-2     mysql, counted
  C mobile     sqlite, counted
  D web        mongodb, counted
  A devops     postgres, counted
  B lead       mysql, counted
  ✓ agreement: holds
  ✓ validity: holds
  ✓ termination: holds
  ✓ counted once: holds
  ✓ books balance: holds
",
    );
}

#[test]
fn the_stages_of_a_pipeline_are_a_chain() {
    check(
        "pipeline",
        5000000,
        "stages",
        "\
Pipeline
  3 of 3 stages passed.
  ✓ architecture    passed
  ✓ implementation  passed
  ✓ deployment      passed
",
    );
}

#[test]
fn a_vote_in_a_pipeline_is_told_with_its_statistics() {
    check(
        "pipeline",
        5000000,
        "vote",
        "\
Unanimous vote (as the coordinator counts it)
  Approved: 3 of 3 = 100 % FOR, everyone needed.
  [████████████████████████████████████████|] FOR 3 = 100 % | all = 3
  ✓ architect  FOR, counted
  ✓ devops     FOR, counted
  ✓ security   FOR, counted
  ✓ agreement: holds
  ✓ validity: holds
  ✓ termination: holds
  ✓ counted once: holds
  ✓ books balance: holds
  ✓ gates: holds
  ✓ convergence: holds
  3 proposals: 3 approved; 100 % approved, 261 ms on average.
  quorum         1 approved  277 ms
  supermajority  1 approved  237 ms
  unanimous      1 approved  269 ms
",
    );
}

#[test]
fn ballots_of_liars_are_told_round_by_round() {
    check(
        "byzantine-equivocator",
        5000000,
        "ballots",
        "\
Ballots by round (as ada sees it)
             round 1          round 2          round 3          counts as
  ada        FOR              FOR              FOR                    FOR
  ben        FOR              FOR              FOR                    FOR
  cleo       FOR              FOR              FOR                    FOR
  ! mallory  FOR and AGAINST  FOR and AGAINST  FOR and AGAINST    nothing
",
    );
}

#[test]
fn evidence_is_two_statements_of_one_agent() {
    check(
        "byzantine-equivocator",
        5000000,
        "evidence-1",
        "\
Evidence against mallory (known to 3 of 3)
  round 1: FOR, from mallory, received 0.137, signed 4·5189ce8d
  round 1: AGAINST, from mallory, received 0.247, signed 4·b76b8ed9
  Only mallory can sign for mallory, so it said both.
  What mallory itself told whom
        round 1  round 2  round 3
  ada   FOR      FOR      FOR
  ben   AGAINST  AGAINST  AGAINST
  cleo  FOR      FOR      FOR
",
    );
}

#[test]
fn what_a_byzantine_vote_rests_on_holds_or_not() {
    check(
        "byzantine-equivocator",
        5000000,
        "rests-on",
        "\
What it rests on
  ✓ At most 1 faulty, 1 so far: holds
  ✓ Between the others nothing is lost or late: holds
  ✓ A round of 100 ms outlasts every delay: holds
  ✓ No agent alone can part the network: holds
",
    );
}

#[test]
fn a_gossip_is_drawn_beside_the_textbook() {
    check("gossip-ten", 5000000, "gossip", "\
Coverage (ballots known per agent, %)
  ▁▃▇▇██ expected
  ▁▃▇███
  After round 5: 100.0 %, in the textbook 100.0 %.
  The textbook's curve is the limit of a large swarm. A single run scatters around it, most of all while few agents know a ballot.
  Rumour, 3 partners a round, 5 rounds at most
  ✓ A round of 100 ms outlasts every delay and the difference of the clocks: holds
");
}

#[test]
fn news_of_a_gossip_is_told_round_by_round() {
    check(
        "gossip-ten",
        5000000,
        "news-of",
        "\
New ballots per round (messages with news)
  round                         news  ballots
  1      ████████████████████  100 %       30
  2      ██████████████······   73 %       48
  3      ████················   23 %       12
  4      ····················    0 %        0
  5      ····················    0 %        0
  Round 5: 0 of 18 messages brought news, 0 ballots in all.
",
    );
}

#[test]
fn a_broken_property_is_marked() {
    check(
        "partitioned-vote",
        5000000,
        "vote",
        "\
Simple vote (as the coordinator counts it)
  Split: 4 hold approved, 3 hold timeout.
  [██████████████████████|..................] FOR 4 = 57.1 % | > half = 4
  ✓ a  FOR, counted
  ✓ b  FOR, counted
  ✓ c  FOR, counted
  ✓ d  FOR, counted
  × e  AGAINST, lost on the way
  × f  AGAINST, lost on the way
  × g  AGAINST, lost on the way
  ✗ agreement: violated
  ✓ validity: holds
  ✓ termination: holds
  ✓ counted once: holds
  ✓ books balance: holds
",
    );
}

#[test]
fn a_majority_that_lost_says_what_would_be_right() {
    check("gossip-majority", 5_000_000, "vote", "\
Gossip vote (as no agent can see it)
  Rejected: more than half of all agents came to it by themselves. 11 voted FOR and 9 AGAINST at first: approved would be right.
  [▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓|▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓] FOR 0 = 0 % | more than half
  ✗✗✗✗✗✗✗✗✗✗✗✗✗✗✗✗✗✗✗✗
  ✓ agreement: holds
  ✓ validity: holds
  ✓ termination: holds
  ✓ counted once: holds
  ✓ books balance: holds
");
}

#[test]
fn a_majority_that_lost_is_drawn_below_the_textbook() {
    check("gossip-majority", 5_000_000, "gossip", "\
On the side of FOR (of those on a side, %)
  ▄▅▅▅▆▇▇████ expected
  ▄▄▃▁▁▁▁
  After round 6: 0.0 %, in the textbook 98.4 %.
  The textbook's curve is the limit of a large swarm. A single run scatters around it, most of all while few agents know a ballot.
  Majority, 3 partners a round, 10 rounds at most
  ✓ A round of 100 ms outlasts every delay and the difference of the clocks: holds
");
}

#[test]
fn a_rumour_comes_to_what_all_votes_say() {
    check("gossip-rumour", 5_000_000, "vote", "\
Gossip vote (as no agent can see it)
  Approved: more than half of all agents came to it by themselves. 11 voted FOR and 9 AGAINST at first, which comes to the same.
  [██████████████████████|██████████████████] FOR 20 = 100 % | more than half
  ✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓
  ✓ agreement: holds
  ✓ validity: holds
  ✓ termination: holds
  ✓ counted once: holds
  ✓ books balance: holds
");
}

#[test]
fn too_many_liars_break_what_must_hold() {
    check(
        "byzantine-too-many",
        5_000_000,
        "vote",
        "\
Byzantine vote (as agent-1 sees it)
  Split: 3 honest hold approved, 1 honest holds timeout, 3 lie; needs 5 of 7, here 4 FOR, 3 exposed.
  [██████████████████████~~~~~~|~~~~~~~~~~~~] FOR 4 = 57.1 % | 5 needed
  ✓ agent-1  FOR, counted
  ✓ agent-2  FOR, counted
  ✓ agent-3  FOR, counted
  ✓ agent-4  FOR, counted
  ! agent-5  exposed: it has signed two votes
  ! agent-6  exposed: it has signed two votes
  ! agent-7  exposed: it has signed two votes
  ✗ agreement: violated
  ✗ validity: violated
  ✓ termination: holds
  ✓ counted once: holds
  ✓ books balance: holds
",
    );
}

#[test]
fn too_many_liars_break_what_it_rests_on() {
    check(
        "byzantine-too-many",
        5_000_000,
        "rests-on",
        "\
What it rests on
  ✗ At most 2 faulty, 3 so far: does not hold
  ✓ Between the others nothing is lost or late: holds
  ✓ A round of 100 ms outlasts every delay: holds
  ✓ No 2 agents can part the network: holds
",
    );
}
