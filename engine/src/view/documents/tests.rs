//! What panels say, word for word.

use std::sync::Arc;

use super::*;
use crate::playback::Command;
use crate::scenario::gallery;

/// The documents of a scenario of the gallery at a moment.
fn documents_at(name: &str, time_us: u64, look: Look) -> Vec<Document> {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::SeekTime { time_us }).unwrap();
    let mut frame = Frame::default();
    run.frame(&mut frame);
    documents(&run, &frame, look)
}

/// One document of a scenario is printed so.
#[track_caller]
fn check(name: &str, time_us: u64, id: &str, expected: &str) {
    let documents = documents_at(name, time_us, Look::default());
    let ids: Vec<&str> = documents.iter().map(|it| it.id).collect();
    let found = documents.iter().find(|it| it.id == id);
    let found = found.unwrap_or_else(|| panic!("{name} has {ids:?}")).to_string();
    assert_eq!(found, expected, "\n{found}");
}

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
  ada        FOR              FOR              FOR              FOR
  ben        FOR              FOR              FOR              FOR
  cleo       FOR              FOR              FOR              FOR
  ! mallory  FOR and AGAINST  FOR and AGAINST  FOR and AGAINST  nothing
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
  round                        news   ballots
  1      ████████████████████  100 %  30
  2      ██████████████······  73 %   48
  3      ████················  23 %   12
  4      ····················  0 %    0
  5      ····················  0 %    0
  Round 5: 0 of 18 messages brought news, 0 ballots in all.
",
    );
}

#[test]
fn replicas_that_differ_are_marked() {
    check(
        "counter-partition",
        600000,
        "state",
        "\
completed_count (counter that only grows, replicated types merge)
  2 different values of completed_count are held: the network is split.
  agent-1  62    version 4, 0.360 by agent-1, clock 3 · 1
  agent-2  ≠ 75  version 5, 0.480 by agent-2, clock 2 · 3
  agent-3  ≠ 75  version 5, 0.480 by agent-2, clock 2 · 3
",
    );
}

#[test]
fn three_ways_to_merge_are_compared() {
    check(
        "counter-partition",
        600000,
        "state-merge",
        "\
If they merged now
  Last write wins: 75, The 62 of agent-1 is lost
  Vector clock: 75, Concurrent: all are kept until somebody writes again
  Replicated type: 87, Nothing is lost: all that was written counts
  1. The key is a counter that only grows.
  2. Every agent has an entry of its own, which only it can raise.
  3. Of each entry the larger stays.
  entry of  agent-1  agent-2  keeps
  agent-1   42       30       42
  agent-2   20       45       45
  4. The value is their sum: 42 + 45 = 87.
  5. To merge it again with any of them changes nothing.
",
    );
}

#[test]
fn versions_are_drawn_above_what_they_knew() {
    check(
        "counter-partition",
        600000,
        "state-clocks",
        "\
Vector clocks (what was known when it was written)
  87 {a1:3, a2:3} if they merged
    62 {a1:3, a2:1} by a1, at a1
    75 {a1:2, a2:3} by a2, at a2 a3
      71 {a1:2, a2:2} by a2
        50 {a1:2, a2:1} by a1
          20 {a1:1, a2:1} by a2
  ↑ happened before
  thin: not held any more
  and 1 more
  ∥ agent-1’s 62 is concurrent with agent-2’s 75
",
    );
}

#[test]
fn a_delta_is_compared_with_everything() {
    check(
        "delta-sync",
        1000000,
        "state-costs",
        "\
Full against delta (the last of each)
  full   ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓  13834 B
    3 messages, 200 keys
  delta                        112 B
    2 messages, 2 keys
  The delta took 0.8 % of the bytes.
",
    );
}

#[test]
fn work_is_drawn_on_an_axis_of_time() {
    check(
        "campaign",
        1000000,
        "work-gantt",
        "\
At the same time (from the award on)
  marketing  0.022 s to 2.322 s marketing: 2.3 s
  finance    0.035 s to 1.535 s finance: 1.5 s
  insights   0.026 s to 2.826 s analytics: 2.8 s
  2.8 s at this speed, not 6.6 s: 2.4 times faster
",
    );
}

#[test]
fn a_task_is_told_with_its_warnings() {
    check(
        "campaign",
        5000000,
        "work-panel",
        "\
campaign_001 (Q1 product launch, complex)
  Done: 3 parts, quality 86.
  ! cost 55000 is above the budget of 50000
  Result (put together by key)
  cost  55000  marketing
",
    );
}

#[test]
fn bids_are_drawn_in_the_parts_of_their_scores() {
    check(
        "campaign",
        5000000,
        "work-bids",
        "\
Bids (3 of 4, ranked at 0.066)
  █ reputation × 0.4, ▓ skill × 0.4, ░ free × 0.2
  marketing  ███████████▓▓▓░░░░░  40 + 8 + 20  68
  finance    ███████████▓▓▓░░░░░  40 + 8 + 20  68
  insights   ███████████▓▓▓░░░░░  40 + 8 + 20  68
  support    no bid: has none of the skills    ○
",
    );
}

#[test]
fn a_team_is_told_by_skill() {
    check(
        "campaign",
        5000000,
        "work-team",
        "\
Team (3 of 3 skills covered, 3 of at most 5 agents)
             1 marketing     2 finance       3 insights
  marketing  has done it     has not got it  has not got it
  finance    has not got it  has done it     has not got it
  analytics  has not got it  has not got it  has done it
",
    );
}

#[test]
fn loads_are_drawn_with_what_agents_are_at() {
    check(
        "campaign",
        5000000,
        "work-load",
        "\
Load (of what each can carry)
  4 of 4 agents can take more: each carries less than 80 %.
  agent      carries                         average  peak
  marketing  ····················  0 of 100  15.6 %   20 %
    free
  finance    ····················  0 of 100  10.2 %   20 %
    free
  insights   ····················  0 of 100  19 %     20 %
    free
  support    ····················  0 of 100  0 %      0 %
    free
",
    );
}

#[test]
fn reputations_are_ranked() {
    check(
        "campaign",
        5000000,
        "work-reputation",
        "\
Reputation (by outcome, with tiers)
  ▃▅ marketing 105
  ▃▅ finance 105
  ▃▅ insights 105
  ▃ support 100
  agent      tier       outcomes  score
  marketing  Competent  +5 in 1   105
  finance    Competent  +5 in 1   105
  insights   Competent  +5 in 1   105
  support    Competent            100
",
    );
}

#[test]
fn managers_are_told_with_what_they_gave() {
    check(
        "hierarchy",
        5000000,
        "work-managers",
        "\
Managers (whose board is shown)
  coordinator  3 of 3 tasks ended
  editor       3 of 3 tasks ended
",
    );
}

#[test]
fn tasks_are_listed_while_they_are_few() {
    check(
        "hierarchy",
        5000000,
        "work-tasks",
        "\
Tasks (3 done)
  ● document-1  done
  ● document-2  done
  ● document-3  done
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
