//! Panels of keys, word for word.

use super::super::tests::at;
use crate::common::shown::Look;

/// One document of a scenario of the gallery is printed so at a moment.
#[track_caller]
fn check(name: &str, time_us: u64, id: &str, expected: &str) {
    let documents = at(name, time_us).0.room_documents(&Look::default());
    let found = documents.iter().flat_map(|(_, all)| all).find(|it| it.id == id);
    let found = found.unwrap_or_else(|| panic!("{name} has no {id}")).to_string();
    assert_eq!(found, expected, "\n{found}");
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
  agent-1        42       30     42
  agent-2        20       45     45
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
fn a_refused_write_is_told_at_its_replica() {
    check(
        "strong-minority",
        5_000_000,
        "state",
        "\
leader (plain value, by the votes of more than half)
  2 different values of leader are held.
  agent-1  agent-3    version 3
  agent-2  agent-3    version 3
  agent-3  agent-3    version 3
  agent-4  ≠ agent-2  refused: 2 of the 3 it needs could be reached
  agent-5  agent-3    version 3
",
    );
}
