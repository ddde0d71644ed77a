use std::sync::Arc;

use super::*;
use crate::playback::Command;
use crate::scenario::gallery;

fn at(name: &str, time_us: u64) -> (Run, Frame) {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::SeekTime { time_us }).unwrap();
    let mut frame = Frame::default();
    run.frame(&mut frame);
    (run, frame)
}

fn view(name: &str, time_us: u64) -> StateView {
    let (run, frame) = at(name, time_us);
    state_view(&run, &frame).unwrap()
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
    let wrote =
        run.simulation().observer.state.changes.iter().rfind(|it| it.from.is_none()).unwrap();
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
    let (run, frame) = at("counter-partition", 1_000_000);
    let timeline = timeline(&run, &frame).unwrap();
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

#[test]
fn a_run_ends_with_what_is_held() {
    let said = |name: &str, time_us| {
        let (run, frame) = at(name, time_us);
        crate::view::caption::outcome(&frame, run.cast()).map(|caption| caption.text)
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
