use std::sync::Arc;

use super::*;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::note::VoteNote;
use crate::playback::command::Command;
use crate::scenario::Scenario;
use crate::scenario::file::LinkFile;
use crate::scenario::file::intervention::Intervention;
use crate::scenario::gallery;
use crate::sim::NO_EVENT;
use crate::view::why::why;

fn opened(name: &str) -> Run {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    let seed = scenario.file.seed;
    Run::new(Arc::new(scenario), seed).unwrap()
}

fn ended(name: &str) -> (Run, Frame) {
    let mut run = opened(name);
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let frame = frame(&run);
    (run, frame)
}

fn frame(run: &Run) -> Frame {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    frame
}

fn find(run: &Run, is: impl Fn(&Event<Note>) -> bool) -> EventId {
    run.log().range(0, u64::MAX).find(|event| is(event)).unwrap().id
}

fn shown(run: &Run, frame: &Frame, filter: &Filter) -> Page {
    let mut index = Index::default();
    index.follow(1, run, filter);
    index.page(run, frame, None, LINES_MAX)
}

#[test]
fn a_filter_keeps_what_it_names_newest_first() {
    let (run, frame) = ended("partitioned-vote");
    let all = shown(&run, &frame, &Filter { group: Group::All, ..Filter::default() });
    assert_eq!((all.matching, all.looked), (frame.events, frame.events));
    assert!(all.lines.is_sorted_by(|a, b| a.event > b.event));

    let faults = shown(&run, &frame, &Filter { group: Group::Faults, ..Filter::default() });
    let words: Vec<&str> = faults.lines.iter().map(|line| line.words.as_str()).collect();
    assert_eq!(
        words,
        ["The network healed.", "The network broke apart: nothing passes between the groups."]
    );

    let votes =
        Filter { group: Group::Notes("Votes"), words: "AGAINST".into(), ..Filter::default() };
    let votes = shown(&run, &frame, &votes);
    assert!(votes.matching > 0 && votes.lines.iter().all(|line| line.words.contains("AGAINST")));

    let agent = AgentId(0);
    let of_one = Filter { agent: Some(agent), group: Group::Messages, words: String::new() };
    let of_one = shown(&run, &frame, &of_one);
    assert!(of_one.lines.iter().all(|line| {
        let event = run.log().get(line.event).unwrap();
        is_message(event) && (event.agent == agent || event.peer == agent)
    }));
    let nothing = Filter { words: "no such words".into(), ..Filter::default() };
    assert_eq!(shown(&run, &frame, &nothing).lines, []);
}

#[test]
fn an_index_that_follows_the_run_finds_what_a_fresh_one_finds() {
    let mut run = opened("lossy-vote");
    let (mut index, filter) = (Index::default(), Filter::default());
    for step in 1..=40 {
        run.apply(&Command::AdvanceTo { time_us: step * 50_000, budget: 100 }).unwrap();
        index.follow(1, &run, &filter);
        let frame = frame(&run);
        assert_eq!(index.page(&run, &frame, None, LINES_MAX), shown(&run, &frame, &filter));
    }
    // Back in time it tells only what has happened there.
    run.apply(&Command::SeekTime { time_us: 100_000 }).unwrap();
    let frame = frame(&run);
    index.follow(1, &run, &filter);
    let page = index.page(&run, &frame, None, LINES_MAX);
    assert!(page.lines.iter().all(|line| line.time_us <= 100_000));
    assert_eq!(page.matching, page.lines.len() as u64);
}

#[test]
fn a_long_log_is_read_in_pages_and_searched_in_parts() {
    let crowd = r#"{ "format": 1, "name": "crowd", "title": "Crowd", "topology": { "kind": "star" },
                     "agents": [{ "id": "a", "count": 2000 }], "proposals": [{ "id": "p" }] }"#;
    let scenario = Scenario::parse(crowd, "crowd.json").unwrap();
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let frame = frame(&run);
    let page = shown(&run, &frame, &Filter::default());
    assert_eq!((page.lines.len(), page.older, page.newer), (LINES_MAX, true, false));

    let mut index = Index::default();
    index.follow(1, &run, &Filter::default());
    let next = index.page(&run, &frame, page.lines.last().map(|line| line.event), LINES_MAX);
    assert!(next.newer && next.lines[0].event < page.lines[LINES_MAX - 1].event);

    let words = Filter { words: "put the proposal".into(), ..Filter::default() };
    index.follow(1, &run, &words);
    let mut page = index.page(&run, &frame, None, LINES_MAX);
    assert_eq!((page.looked, page.matching), (SEARCH_MAX, 0));
    while page.unsearched > 0 {
        index.look_back(&run);
        page = index.page(&run, &frame, None, LINES_MAX);
    }
    assert_eq!((page.looked, page.matching), (frame.events, 1));
}

#[test]
fn every_chain_of_causes_goes_back_in_order_to_its_root() {
    for entry in gallery::all() {
        let (run, frame) = ended(entry.name);
        for event in run.log().range(0, u64::MAX) {
            let found = why(&run, &frame, event.id).unwrap();
            let mut last = event.id;
            for cause in &found.causes {
                assert!(cause.event < last, "{}: {} of {event:?}", entry.name, cause.words);
                last = cause.event;
            }
            let ends = ["The scenario begins.", "The scenario plans this."];
            assert!(ends.contains(&found.end), "{}: {event:?} ends {:?}", entry.name, found.end);
        }
    }
}

#[test]
fn a_decision_is_explained_by_the_ballot_that_made_it() {
    let (run, frame) = ended("deployment-vote");
    let decided =
        find(&run, |event| matches!(event.what, What::Note(Note::Vote(VoteNote::Decided { .. }))));
    let found = why(&run, &frame, decided).unwrap();
    let words: Vec<&str> = found.causes.iter().map(|line| line.words.as_str()).collect();
    let ballot = |name: &str| format!("{name}’s ballot was counted: FOR.");
    for name in ["devops-engineer", "frontend-expert", "backend-expert", "lead-engineer"] {
        assert!(words.contains(&ballot(name).as_str()), "{words:?}");
    }
    assert_eq!(words[..2], [ballot("devops-engineer").as_str(), "devops-engineer votes FOR."]);
    assert_eq!(words.last(), Some(&"coordinator put the proposal to the vote."));
    assert_eq!(found.grounds, ["9.5 FOR of 12.0, 7.8 needed; 2.5 was still missing."]);
    assert_eq!(found.end, "The scenario plans this.");
}

#[test]
fn a_vote_is_explained_by_the_rule_behind_it() {
    let (run, frame) = ended("deployment-vote");
    let against = |event: &Event<Note>| {
        matches!(event.what, What::Note(Note::Vote(VoteNote::Counted { vote: Vote::Against, .. })))
    };
    let found = why(&run, &frame, find(&run, against)).unwrap();
    let expected =
        ["The rule of qa-engineer: FOR if load_test == true.", "load_test is false, so AGAINST."];
    assert_eq!(found.grounds, expected);
}

#[test]
fn what_the_links_were_set_to_is_told() {
    let mut run = opened("deployment-vote");
    let link = LinkFile { loss: 1.0, ..LinkFile::default() };
    run.apply(&Command::Intervene(Intervention::SetNetwork { link })).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 10, budget: u64::MAX }).unwrap();
    let changed = find(&run, |event| event.what == What::LinkChanged);
    let line = Line::new(run.log().get(changed).unwrap(), &run, &frame(&run));
    assert_eq!(line.words, "All links from now on: 1 ms, 100 % lost.");
}

#[test]
fn what_a_person_did_is_said_to_be_done_by_them() {
    let mut run = opened("deployment-vote");
    run.apply(&Command::AdvanceTo { time_us: 100_000, budget: u64::MAX }).unwrap();
    let crash = Intervention::Crash { agent: "qa-engineer".into() };
    run.apply(&Command::Intervene(crash)).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 200_000, budget: u64::MAX }).unwrap();
    let crashed = find(&run, |event| event.what == What::Crashed);
    let found = why(&run, &frame(&run), crashed).unwrap();
    assert_eq!((found.causes.len(), found.end), (0, "You did this."));
}

#[test]
fn a_long_chain_keeps_its_two_ends() {
    let reminding = r#"{ "format": 1, "name": "r", "title": "R", "agents": [{ "id": "a", "mind": "silent" }],
        "proposals": [{ "id": "p", "deadline_ms": 1000, "reminder_ms": 10 }] }"#;
    let scenario = Scenario::parse(reminding, "r.json").unwrap();
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let reminded = |event: &&Event<Note>| {
        matches!(event.what, What::Note(Note::Vote(VoteNote::Reminded { .. })))
    };
    let last = run.log().range(0, u64::MAX).rfind(reminded).unwrap();
    let found = why(&run, &frame(&run), last.id).unwrap();
    assert!(found.left_out > 50, "{found:?}");
    let first = found.causes.last().unwrap();
    assert_eq!(first.words, "coordinator put the proposal to the vote.");
    assert_ne!(run.log().get(last.id).unwrap().cause, NO_EVENT);
}

#[test]
fn several_proposals_are_told_by_their_names() {
    let two = r#"{ "format": 1, "name": "t", "title": "T", "agents": [{ "id": "a" }],
        "proposals": [{ "id": "first" }, { "id": "second", "at_ms": 10 }] }"#;
    let scenario = Scenario::parse(two, "t.json").unwrap();
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let page = shown(&run, &frame(&run), &Filter::default());
    let told = |words: &str| page.lines.iter().any(|line| line.words == words);
    assert!(told("first: a votes FOR.") && told("second: a votes FOR."), "{page:?}");
}
