use std::sync::Arc;

use super::lattice::{Node, NodeKind};
use super::overview::{Overview, overview};
use super::timeline::timeline;
use super::*;
use crate::playback::frame::Frame;
use crate::playback::{Command, Run};
use crate::protocols::state::note::StateNote;
use crate::protocols::state::replica::KeyId;
use crate::scenario::gallery;
use crate::sim::{Event, What};
use crate::swarm::note::Note;
use crate::view::why::why;

pub(super) fn at(name: &str, time_us: u64) -> (Run, Frame) {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::SeekTime { time_us }).unwrap();
    let mut frame = Frame::default();
    run.frame(&mut frame);
    (run, frame)
}

fn view(name: &str, time_us: u64) -> StateView {
    let (run, _) = at(name, time_us);
    let peek = run.peek::<State>().unwrap();
    state_view(&peek, &standing(&peek, &Look::default()).unwrap())
}

/// The table of all keys, with this one shown.
fn table(name: &str, time_us: u64, key: u32) -> Option<Overview> {
    let (run, _) = at(name, time_us);
    let peek = run.peek::<State>().unwrap();
    overview(&peek, &standing(&peek, &Look::at("key", key)).unwrap())
}

fn outcome(view: &StateView, strategy: Strategy) -> &Outcome {
    view.outcomes.iter().find(|it| it.strategy == strategy).unwrap()
}

#[test]
fn one_conflict_is_resolved_in_three_ways() {
    let view = view("counter-partition", 600_000);
    assert_eq!(
        view.strong + &view.rest,
        "2 different values of completed_count are held: the network is split."
    );
    let held: Vec<_> = view.rows.iter().map(|row| (row.value.as_str(), row.differs)).collect();
    assert_eq!(held, [("62", false), ("75", true), ("75", true)]);
    let last = view.outcomes.iter().map(|it| (it.value.as_str(), it.loses, it.used));
    assert_eq!(
        last.collect::<Vec<_>>(),
        [("75", true, false), ("75", false, false), ("87", false, true)]
    );
    assert_eq!(view.outcomes[0].words, "The 62 of agent-1 is lost");
    assert_eq!(view.clocks.len(), 1);
    assert!(view.clocks[0].1, "{:?}", view.clocks);
}

#[test]
fn a_counter_is_merged_entry_by_entry() {
    let view = view("counter-partition", 600_000);
    let steps = &outcome(&view, Strategy::Crdt).steps;
    let table = steps.iter().find(|step| !step.entries.is_empty()).unwrap();
    assert_eq!(table.columns, ["agent-1", "agent-2"]);
    let keeps =
        table.entries.iter().map(|it| (it.of.as_str(), it.held.join(" "), it.keeps.as_str()));
    let expected = [("agent-1", "42 30".to_owned(), "42"), ("agent-2", "20 45".to_owned(), "45")];
    assert_eq!(keeps.collect::<Vec<_>>(), expected);
    assert!(steps.iter().any(|step| step.text == "The value is their sum: 42 + 45 = 87."));
}

#[test]
fn a_clock_that_is_ahead_drops_the_newer_write_and_a_vector_clock_does_not() {
    // The moment after agent-2, who knows of "running", wrote "done".
    let (run, _) = at("skewed-clocks", 900_000);
    let peek = run.peek::<State>().unwrap();
    let wrote = peek.watch().changes.iter().rfind(|it| it.from.is_none()).unwrap();
    assert_eq!((wrote.agent, wrote.value.plain().as_str()), (AgentId(1), "running"));
    let causal = view("vector-causal", 1);
    let ben = outcome(&causal, Strategy::VectorClock);
    assert_eq!((ben.value.as_str(), ben.loses), ("ben", false));
    assert_eq!(outcome(&causal, Strategy::LastWriteWins).value, "ann");
    assert!(causal.clocks[0].0.contains("happened before"), "{:?}", causal.clocks);
}

#[test]
fn what_is_concurrent_is_kept_side_by_side() {
    let view = view("vector-concurrent", 500_000);
    assert!(view.rows.iter().all(|row| row.written.starts_with("2 concurrent writes")));
    assert_eq!(
        outcome(&view, Strategy::VectorClock).words,
        "Concurrent: all are kept until somebody writes again"
    );
}

#[test]
fn a_refused_write_says_what_it_could_reach() {
    let view = view("strong-minority", 700_000);
    assert!(view.outcomes.is_empty(), "nothing is merged");
    let refused = view.rows[3].refused.as_deref();
    assert_eq!(refused, Some("refused: 2 of the 3 it needs could be reached"));
}

#[test]
fn a_timeline_tells_who_has_it_from_whom() {
    let (run, _) = at("counter-partition", 1_000_000);
    let timeline = timeline(&run.peek::<State>().unwrap(), KeyId(0));
    assert_eq!(timeline.agents.len(), 3);
    let (mut wrote, mut told) = (0, 0);
    for dot in &timeline.dots {
        assert!((timeline.from_us..=timeline.to_us).contains(&dot.time_us));
        match dot.from {
            None => wrote += 1,
            Some((line, sent_us)) => {
                assert!(line != dot.line && sent_us < dot.time_us);
                told += 1;
            }
        }
    }
    assert_eq!(wrote, 5, "as many as the file says");
    assert!(told >= 6, "{told}");
    let bytes = view("delta-sync", 1_200_000).bytes;
    assert_eq!(bytes.iter().map(|it| it.kind).collect::<Vec<_>>(), ["full", "delta"]);
    assert!(
        bytes[1].bytes * 50 < bytes[0].bytes && compared(&bytes).starts_with("The delta took 0.")
    );
}

/// Each version of the picture as "value {clock} whose kind row", from the top and from left to right.
fn check_lattice(name: &str, time_us: u64, expected: &[&str]) {
    let lattice = view(name, time_us).lattice;
    let mut nodes: Vec<&Node> = lattice.nodes.iter().collect();
    nodes.sort_by_key(|node| (node.row, node.x));
    let found: Vec<String> = nodes
        .iter()
        .map(|it| format!("{} {} {} {}", it.row, it.value, it.clock, it.whose))
        .collect();
    assert_eq!(found, expected, "{name} at {time_us}");
}

#[test]
fn clocks_are_drawn_with_what_was_known_below() {
    check_lattice(
        "vector-causal",
        1,
        &["0 ben {a1:1, a2:1} by a1, at a1", "1 ann {a2:1} by a2, at a2 a3"],
    );
    // The version of the start is remembered when all hold something newer.
    check_lattice(
        "vector-causal",
        600_000,
        &["0 ben {a1:1, a2:1} by a1, at all", "1 ann {a2:1} by a2"],
    );
    check_lattice(
        "vector-concurrent",
        900_000,
        &[
            "0 ann and ben {a1:1, a2:1, a3:1} by a3, at all",
            "1 ann {a1:1} by a1",
            "1 ben {a2:1} by a2",
        ],
    );
}

#[test]
fn a_split_is_drawn_with_what_a_merge_would_come_to() {
    let before = [
        "0 87 {a1:3, a2:3} if they merged",
        "1 62 {a1:3, a2:1} by a1, at a1",
        "1 75 {a1:2, a2:3} by a2, at a2 a3",
        "2 71 {a1:2, a2:2} by a2",
        "3 50 {a1:2, a2:1} by a1",
        "4 20 {a1:1, a2:1} by a2",
    ];
    check_lattice("counter-partition", 600_000, &before);
    let after = [
        "0 87 {a1:3, a2:3} merged, at all",
        "1 62 {a1:3, a2:1} by a1",
        "1 75 {a1:2, a2:3} by a2",
        "2 71 {a1:2, a2:2} by a2",
        "3 50 {a1:2, a2:1} by a1",
    ];
    check_lattice("counter-partition", 1_000_000, &after);
    assert_eq!(view("counter-partition", 1_000_000).lattice.more, 2);
    // Where the last write wins, the other one is lost.
    let lost = view("counter-last-write", 1_000_000).lattice;
    let of = |value| lost.nodes.iter().find(|it| it.value == value).map(|it| it.kind);
    assert_eq!((of("62"), of("75")), (Some(NodeKind::Lost), Some(NodeKind::Held)));
}

#[test]
fn of_many_keys_those_that_differ_come_first() {
    let table = table("delta-sync", 500_000, 0).unwrap();
    assert_eq!(table.strong, "2 of 200 keys differ");
    assert_eq!(table.columns, ["a1", "a2", "a3", "a4"]);
    let cells = |row: usize| -> (String, Vec<(String, bool)>) {
        let (name, cells) = &table.rows[row];
        (name.clone(), cells.iter().map(|it| (it.version.clone(), it.differs)).collect())
    };
    let of = |version: &str, differs| (version.to_owned(), differs);
    let one_behind = vec![of("2", false), of("2", false), of("2", false), of("1", true)];
    assert_eq!(cells(0), ("setting-1".to_owned(), one_behind.clone()));
    assert_eq!(cells(1), ("setting-120".to_owned(), one_behind));
    assert_eq!((table.rows.len(), table.more.as_str()), (8, "and 192 more that are the same"));
    assert_eq!(table.rows[0].1[3].words, "setting-1 at agent-4: default");
    let none = self::table("counter-partition", 500_000, 0);
    assert_eq!(none, None, "one key is told by the replicas");
}

#[test]
fn the_key_that_is_shown_is_in_the_table() {
    let table = table("delta-sync", 500_000, 77).unwrap();
    assert!(table.rows.iter().any(|(name, _)| name == "setting-78"));
}

/// The answer to "why?" for the last merge of the run.
fn why_of_last(name: &str, is: impl Fn(Applied) -> bool) -> Vec<String> {
    let (run, frame) = at(name, 2_000_000);
    let merged = |event: &&Event<Note>| matches!(event.what, What::Note(Note::State(StateNote::Merged { applied, .. })) if is(applied));
    let event = run.log().range(0, u64::MAX).filter(merged).last().unwrap();
    why(&run, &frame, event.id).unwrap().grounds
}

#[test]
fn why_of_a_merge_does_its_arithmetic() {
    let counted = why_of_last("counter-partition", |it| matches!(it, Applied::Crdt(_)));
    assert_eq!(
        counted[2..],
        [
            "Of each entry the larger stays. agent-1 42 (of 30 and 42), agent-2 45 (of 45 and 20).",
            "The value is their sum: 42 + 45 = 87.",
            "So agent-2 came to hold 87.",
        ]
    );
    let last = why_of_last("counter-last-write", |it| matches!(it, Applied::LastWrite { .. }));
    assert_eq!(
        last,
        [
            "agent-2 holds 75, written 0.480 itself.",
            "agent-1 holds 62, written 0.360 itself.",
            "The latest time counts, 0.480 against 0.360: that of agent-2 stays.",
            "So agent-2 came to hold 75.",
        ]
    );
    let causal = why_of_last("vector-causal", |it| it == Applied::VectorCausal);
    let higher = "it is higher in agent-1’s entry (1 against 0) and lower in none";
    assert!(causal[2].contains(higher), "{causal:?}");
    let is_concurrent = |it| matches!(it, Applied::VectorConcurrentLww { .. });
    let concurrent = why_of_last("vector-concurrent", is_concurrent);
    let neither = "Neither knew the other: one clock is higher in agent-2’s entry (1 against 0), the \
                   other in agent-1’s entry (1 against 0).";
    assert_eq!(concurrent[2], neither);
}

#[test]
fn a_run_ends_with_what_is_held() {
    let said = |name: &str, time_us| {
        let (run, frame) = at(name, time_us);
        crate::view::caption::outcome(&run, &frame).map(|caption| caption.text)
    };
    let all = Some("Approved, then progress: all 5 hold 100".to_owned());
    assert_eq!(said("deployment-vote", 5_000_000), all);
    // Before the first step of the rollout the vote is the news.
    let vote = "Approved: 9.5 of 12 = 79.2 % FOR, 65 % needed; qa-engineer was AGAINST".to_owned();
    assert_eq!(said("deployment-vote", 700_000), Some(vote));
    assert_eq!(said("reconnection", 5_000_000).as_deref(), Some("counter: all 5 hold 101"));
    let apart = "2 different values of completed_count are held: the network is split";
    assert_eq!(said("counter-partition", 600_000).as_deref(), Some(apart));
    assert_eq!(said("reconnection", 150_000), None);
}
