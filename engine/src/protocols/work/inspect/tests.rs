use std::sync::Arc;

use crate::playback::{Command, Run};
use crate::scenario::gallery;
use crate::sim::AgentId;
use crate::view::inspector::{InspectorRow, inspector};

fn open(name: &str, time_us: u64) -> Run {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us, budget: u64::MAX }).unwrap();
    run
}

fn agent(run: &Run, name: &str) -> AgentId {
    let place = run.cast().agents.iter().position(|info| info.name == name);
    AgentId(place.unwrap() as u32)
}

fn row(run: &Run, name: &str, label: &str) -> InspectorRow {
    let rows = inspector(run, agent(run, name), true);
    rows.into_iter().find(|row| row.label == label).unwrap()
}

#[track_caller]
fn check(run: &Run, name: &str, label: &str, lines: &[&str]) {
    assert_eq!(row(run, name, label).lines, lines, "{name}");
}

#[test]
fn that_time_goes_on_is_no_change_of_what_takes_time() {
    let mut run = open("campaign", 1_000_000);
    let works = |run: &Run| row(run, "marketing", "Works on");
    let before = works(&run);
    let is_here = |run: &Run, from| {
        let end = run.log().end_id();
        run.log().range(from, end).any(|event| run.cast().name(event.agent) == "marketing")
    };
    for _ in 0..3 {
        let from = run.log().end_id();
        run.apply(&Command::StepForward).unwrap();
        let now = works(&run);
        assert!(is_here(&run, from) || !now.changed, "{now:?}");
        assert_ne!(now.lines, before.lines);
    }
}

#[test]
fn of_an_agent_at_work_it_says_what_it_can_and_is_at() {
    let run = open("campaign", 1_000_000);
    for (label, lines) in [
        ("Type", ["marketing"].as_slice()),
        ("Skills", &["marketing, content, social"]),
        ("Domains", &["all"]),
        ("Load", &["20 of 100, 20 %: bids, being below 80 %"]),
        ("Health", &["healthy, at normal speed"]),
        ("Reputation", &["100, Competent, as coordinator holds it"]),
        ("Tasks", &["none yet: success rate 100 %"]),
    ] {
        check(&run, "marketing", label, lines);
    }
    let works = row(&run, "marketing", "Works on").lines.concat();
    assert!(works.starts_with("campaign_001/marketing: 3"), "{works}");
    assert!(works.contains(" s left; its lease ends in 4.0"), "{works}");
    check(&run, "support", "Works on", &["on nothing"]);
    check(&run, "coordinator", "Board", &["1 worked on"]);
    let leases = row(&run, "coordinator", "Leases").lines;
    assert_eq!(leases.len(), 3);
    assert!(leases[0].starts_with("marketing, campaign_001/marketing: ends in 4.0"), "{leases:?}");
    let rows = inspector(&run, agent(&run, "marketing"), true);
    let of_votes = |row: &&InspectorRow| ["Votes", "Rule", "Knows"].contains(&row.label);
    assert!(!rows.iter().any(|row| of_votes(&row)), "{rows:?}");
    let run = open("campaign", 10_000_000);
    check(&run, "marketing", "Tasks", &["1 done, 0 failed: success rate 100 %"]);
}

#[test]
fn a_bid_is_outstanding_until_the_task_is_awarded() {
    let mut run = open("campaign", 0);
    let bids = |run: &Run| {
        let rows = inspector(run, agent(run, "finance"), true);
        rows.into_iter()
            .find(|row| row.label == "Bids for")
            .map(|row| (row.lines.concat(), row.changed))
    };
    let mut seen: Vec<(String, bool)> = Vec::new();
    while run.simulation().now_us() < 100_000 {
        run.apply(&Command::StepForward).unwrap();
        if let Some(bid) = bids(&run).filter(|bid| seen.last().is_none_or(|last| last.0 != bid.0)) {
            seen.push(bid);
        }
    }
    let expected = ["campaign_001: its bid is on its way", "campaign_001: not awarded yet"];
    // Each time it is the last event that has changed it.
    assert_eq!(seen, expected.map(|words| (words.to_owned(), true)));
    assert_eq!(bids(&run), None);
}

#[test]
fn a_manager_is_told_with_its_workers_and_its_board() {
    let run = open("hierarchy", 300_000);
    check(&run, "editor", "Type", &["manager of 3: parser, extractor, analyzer"]);
    check(&run, "editor", "Board", &["1 worked on"]);
    check(&run, "parser", "Reputation", &["100, Competent, as editor holds it"]);
    assert_eq!(row(&run, "editor", "Leases").lines.len(), 3);
}
