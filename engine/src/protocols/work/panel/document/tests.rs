//! The documents of work, word for word.

use std::sync::Arc;

use super::*;
use crate::playback::{Command, Run};
use crate::scenario::gallery;

/// One document of a scenario is printed so.
#[track_caller]
fn check(name: &str, time_us: u64, id: &str, expected: &str) {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::SeekTime { time_us }).unwrap();
    let documents = documents(&run.peek::<Work>().unwrap(), &Look::default());
    let ids: Vec<&str> = documents.iter().map(|it| it.id).collect();
    let found = documents.iter().find(|it| it.id == id);
    let found = found.unwrap_or_else(|| panic!("{name} has {ids:?}")).to_string();
    assert_eq!(found, expected, "\n{found}");
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
  marketing  ····················  0 of 100   15.6 %  20 %
    free
  finance    ····················  0 of 100   10.2 %  20 %
    free
  insights   ····················  0 of 100     19 %  20 %
    free
  support    ····················  0 of 100      0 %   0 %
    free
  ▁█████▁▁ most
  ▁▂▄▆▄▂▁▁ mean
  ▁▁▁▁▁▁▁▁ least
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
  marketing  Competent   +5 in 1    105
  finance    Competent   +5 in 1    105
  insights   Competent   +5 in 1    105
  support    Competent              100
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
fn a_task_that_has_just_come_in_waits_for_its_turn() {
    check(
        "campaign",
        0,
        "work-panel",
        "\
campaign_001 (Q1 product launch, complex)
  It waits for its turn.
",
    );
}

#[test]
fn bids_are_told_while_they_come_in() {
    check(
        "campaign",
        60_000,
        "work-bids",
        "\
Bids (2 of 4 so far)
  █ reputation × 0.4, ▓ skill × 0.4, ░ free × 0.2
  finance    bids                            ◔
  marketing  bids                            ◔
  support    no bid: has none of the skills  ○
",
    );
}

#[test]
fn figures_sum_up_the_run() {
    check(
        "campaign",
        5_000_000,
        "work-figures",
        "\
Figures (over 3.0 s so far)
  tasks per second  done, of simulated time    0.34
  average duration  from award to end          2.8 s
  success rate      of those that ended        100 %
  quality           of results, 0 to 100       86
  average load      of what all can carry      14.9 %
  peak load         most of any agent at once  20 %
  team size         agents for a task          3
  parallel rate     tasks in several parts     100 %
  mean reputation   of all agents              103.8
  deviation of it   standard deviation         2.2
  late results      after their lease          0
  refused tasks     not taken in               0
",
    );
}

#[test]
fn figures_that_are_not_known_yet_are_left_open() {
    check(
        "campaign",
        0,
        "work-figures",
        "\
Figures (over 0.0 s so far)
  tasks per second  done, of simulated time    –
  average duration  from award to end          –
  success rate      of those that ended        –
  quality           of results, 0 to 100       –
  average load      of what all can carry      –
  peak load         most of any agent at once  –
  team size         agents for a task          –
  parallel rate     tasks in several parts     –
  mean reputation   of all agents              100
  deviation of it   standard deviation         0
  late results      after their lease          0
  refused tasks     not taken in               0
",
    );
}

#[test]
fn a_task_that_was_announced_says_who_has_answered() {
    check(
        "campaign",
        10_000,
        "work-panel",
        "\
campaign_001 (Q1 product launch, complex)
  0 of 4 have said whether they can help: it asks for marketing, finance and analytics.
",
    );
}

#[test]
fn a_choice_is_told_with_what_counted() {
    check(
        "schedulers",
        2_000_000,
        "work-choice",
        "\
Why this agent (round robin)
  slow-3 was chosen. Round robin: of those with room, it was slow-3’s turn.
",
    );
    check(
        "schedulers",
        4_000_000,
        "work-choice",
        "\
Why this agent (adaptive: 0.4 load + 0.3 capability + 0.2 past + 0.1 distance)
  fast-2 was chosen. Of 10 with room, fast-2 came first: load 100 × 0.4 + capability 50 × 0.3 + past 100 × 0.2 + distance 50 × 0.1 = 80.
  █ load, ▓ capability, ░ past, / distance
  fast-2   ████████▓▓▓░░░░/····  80 points
  usual-4  █████▓▓▓▓▓▓░░░░·····  79.7 points
  usual-2  █████▓▓▓▓▓▓░░░░·····  79.2 points
  usual-3  █████▓▓▓▓▓▓░░░░·····  79.2 points
  fast-1   ██████▓▓▓░░░░//·····  78.6 points
  slow-3   ██████▓▓▓░░░░//·····  78.6 points
  fast-3   ████████▓▓▓░░░░·····  78.3 points
  slow-2   ██████▓▓▓░░░░/······  73.6 points
  and 2 more
",
    );
    check(
        "two-choices",
        60_000,
        "work-choice",
        "\
Why this agent (two choices)
  w-191 was chosen. Two were drawn at random: w-191 carries 1 of 100, w-160 carries 1 of 100. Of equals the first drawn gets it.
  w-191  ····················  carries 1 of 100
  w-160  ····················  carries 1 of 100
",
    );
    check(
        "smooth-weights",
        700_000,
        "work-choice",
        "\
Why this agent (smooth weights)
  b was chosen. Of 3 with room, b came first: current weight 3, own 1.
  b    current weight 3, own 1
  c    current weight 3, own 1
  a    current weight 1, own 5
",
    );
    check(
        "response-time",
        8_000_000,
        "work-choice",
        "\
Why this agent (response time)
  ben was chosen. Of 4 with room, ben came first: 437 ms on average × 2.
  ben     437 ms on average × 2
  cleo    393 ms on average × 3
  anna    406 ms on average × 3
  dora    1.570 s on average × 1
",
    );
}

#[test]
fn shares_are_told_agent_by_agent_or_counted() {
    check(
        "schedulers",
        4_000_000,
        "work-shares",
        "\
Shares (who was given how much)
  2 to 6 parts each: 4 on average of 10 agents.
  █ done, ░ open, / failed
  fast-1   █████████████░░░····  5
  fast-2   █████████████░░░····  5
  fast-3   ██████████··········  3
  usual-1  ██████████░░░░░░░░░░  6
  usual-2  ██████████░░░░░░····  5
  usual-3  ██████████░░░░░░····  5
  usual-4  ██████████░░░░░░····  5
  slow-1   ███░░░··············  2
  slow-2   ███░░░··············  2
  slow-3   ███░░░··············  2
",
    );
    check(
        "two-choices",
        4_000_000,
        "work-shares",
        "\
Shares (who was given how much)
  0 to 3 parts each: 1 on average of 200 agents.
  0 parts  ██████████··········  52 agents
  1 part   ████████████████████  98 agents
  2 parts  █████████···········  48 agents
  3 parts  ····················  2 agents
",
    );
}

#[test]
fn nobody_stops_bidding_under_a_rule() {
    check(
        "response-time",
        8_000_000,
        "work-load",
        "\
Load (of what each can carry)
  4 of 4 agents carry less than 80 % of what they can.
  agent  carries                         average  peak
  anna   █···················  5 of 100    5.1 %  10 %
    task-79, 28 % done
  ben    █···················  5 of 100    5.3 %  10 %
    task-80, 29 % done
  cleo   █···················  5 of 100    5.1 %  10 %
    task-78, 28 % done
  dora   ····················  0 of 100    3.4 %  10 %
    free; slow: 0.2 times the normal speed
  ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█▄█████▄██▄██▄██▄██▄██▄ most
  ▂▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▄▄▅▅▄▆▄▄▅▅▄▆▅▃▅▄▃▅▄▃▅▄▃ mean
  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▄▁▄▁▄▁▄▁▄▄▄▄▁▁▁▁▁▁▁▁▁▁ least
",
    );
}
