//! The text of panels, word for word.

mod votes;

use std::sync::Arc;

use super::*;
use crate::common::shown::Look;
use crate::playback::Command;
use crate::scenario::gallery;

/// The documents of a scenario of the gallery at a moment.
fn documents_at(name: &str, time_us: u64, look: Look) -> Vec<Document> {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::SeekTime { time_us }).unwrap();
    let mut frame = Frame { look, ..Frame::default() };
    run.frame(&mut frame);
    documents(&run, &frame)
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
fn where_nobody_votes_nothing_is_said_of_votes() {
    let documents = documents_at("campaign", 5_000_000, Look::default());
    assert!(documents.len() >= 8, "{}", documents.len());
    for document in &documents {
        let text = document.to_string();
        assert!(!text.contains("put to the vote") && !text.contains("termination"), "{text}");
    }
}

#[test]
fn what_is_kept_stands_first_but_after_stages_and_work() {
    let order = |name: &str| -> Vec<&str> {
        let all = documents_at(name, 5_000_000, Look::default());
        all.iter()
            .map(|it| it.id)
            .filter(|id| ["stages", "vote", "state", "work-panel", "checks"].contains(id))
            .collect()
    };
    assert_eq!(order("deployment-vote"), ["state", "vote"]);
    assert_eq!(order("pipeline"), ["stages", "vote", "state"]);
    assert_eq!(order("task-distribution"), ["work-panel", "state", "checks"]);
    assert_eq!(order("counter-partition"), ["state", "checks"]);
}

#[test]
fn a_run_is_told_vote_by_vote_and_key_by_key() {
    let scenario = gallery::find("pipeline").and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::SeekTime { time_us: 5_000_000 }).unwrap();
    let told = of_run(&run);
    let count = |id: &str| told.iter().filter(|it| it.id == id).count();
    assert_eq!((count("stages"), count("vote"), count("who-holds")), (1, 3, 3));
    assert_eq!((count("state"), count("state-versions"), count("checks")), (4, 1, 1));
    let votes: Vec<&str> =
        told.iter().filter(|it| it.id == "vote").map(|it| it.hint.as_str()).collect();
    assert_eq!(votes[2], "deployment-strategy, as the coordinator counts it");
}

#[test]
fn where_nobody_votes_nothing_must_hold_of_votes() {
    check(
        "campaign",
        5_000_000,
        "checks",
        "\
What must hold
  ✓ books balance: holds
  ✓ every task ends: holds
  ✓ results count once: holds
  ✓ reputation adds up: holds
",
    );
}
