use std::sync::Arc;

use super::bids::Bid;
use super::*;
use crate::playback::{Command, Frame, Run};
use crate::protocol::document::{Choice, SpanLook};
use crate::protocols::work::WorkStyle;
use crate::protocols::work::board::Board;
use crate::protocols::work::boards::coordinators;
use crate::protocols::work::caption::{ended, outcome};
use crate::protocols::work::face::faces;
use crate::protocols::work::note::WorkNote;
use crate::protocols::work::overview::AtWork;
use crate::protocols::work::task::TaskId;
use crate::scenario::gallery;
use crate::sim::What;
use crate::swarm::note::Note;
use crate::view::why;

fn at(name: &str, time_us: u64) -> Run {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us, budget: u64::MAX }).unwrap();
    run
}

fn looked_at(run: &Run, look: &Look) -> Panels {
    panels(&run.peek::<Work>().unwrap(), look).unwrap()
}

fn view(time_us: u64) -> Panels {
    looked_at(&at("campaign", time_us), &Look::default())
}

/// The board of the coordinator.
fn board(run: &Run) -> Board {
    coordinators(&run.peek::<Work>().unwrap()).unwrap().board.clone()
}

/// Why the event happened, besides its causes.
fn grounds(run: &Run, event: u64) -> Vec<String> {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    why::why(run, &frame, event).unwrap().grounds
}

const END: u64 = 10_000_000;

#[test]
fn a_score_is_told_in_parts_that_sum_to_it() {
    let bids = view(END).bids.unwrap();
    let told = |bid: &Bid| (bid.parts.clone().map(|(_, words)| words), bid.total.clone());
    let parts = ["40", "8", "20"].map(str::to_owned);
    for bid in &bids.rows {
        assert_eq!(told(bid), (parts.clone(), "68".to_owned()));
        assert!(bid.chosen);
    }
    assert_eq!(bids.parts, ["reputation × 0.4", "skill × 0.4", "free × 0.2"]);
    assert_eq!(bids.others[0].name, "support");
    assert_eq!(bids.others[0].words, "no bid: has none of the skills");
    assert!(bids.hint.starts_with("3 of 4, ranked at 0."), "{}", bids.hint);
}

#[test]
fn the_same_time_is_compared_with_one_by_one() {
    // At its end, and when all have begun: agents know how long they take.
    for (time_us, words) in [
        (END, "2.8 s, not 6.6 s: 2.4 times faster"),
        (1_000_000, "2.8 s at this speed, not 6.6 s: 2.4 times faster"),
    ] {
        let gantt = view(time_us).gantt.unwrap();
        assert_eq!(gantt.strong + &gantt.rest, words);
        assert_eq!(gantt.one_by_one.iter().map(|(_, takes_us)| takes_us).sum::<u64>(), 6_600_000);
    }
    let running = view(1_900_000).gantt.unwrap();
    let kind = |name: &str| {
        let lane = running.lanes.iter().find(|lane| lane.name == name).unwrap();
        (lane.bars[0].look, lane.bars[0].words.clone())
    };
    assert_eq!(kind("finance"), (SpanLook::Done, "1.5 s".to_owned()));
    assert_eq!(kind("insights"), (SpanLook::Running, "2.8 s".to_owned()));
}

#[test]
fn what_came_of_it_is_told_with_what_to_know() {
    let run = at("campaign", END);
    let view = looked_at(&run, &Look::default());
    assert_eq!(view.warnings, ["cost 55000 is above the budget of 50000"]);
    let told = run.last_word(&Look::default()).unwrap().text;
    assert!(told.starts_with("campaign_001 is done: 3 parts, quality "), "{told}");
    assert!(told.ends_with("; cost 55000 is above the budget of 50000"), "{told}");
    assert!(view.tasks.is_none(), "one task needs no board");
}

#[test]
fn reputations_rise_with_results_and_the_books_balance() {
    let seen = view(END).reputations;
    assert_eq!(seen.outcomes, 3);
    assert_eq!(seen.rows.last().map(|row| (row.name.as_str(), row.score)), Some(("support", 100)));
    for line in &seen.lines {
        assert_eq!(line.steps[0].1, 100, "{}", line.name);
    }
    let before = view(100).reputations;
    assert!(before.lines.is_empty() && before.bands.is_empty());
}

#[test]
fn every_task_is_on_the_board_and_one_of_them_is_shown() {
    let run = at("campaign", END);
    let peek = run.peek::<Work>().unwrap();
    let mut board = board(&run);
    let done = board.jobs[0].clone();
    board.jobs.extend([done.clone(), done]);
    Arc::make_mut(&mut board.jobs[2]).phase = Phase::Waiting;
    board.late = 1;
    let work = Overview { board: &board, ..Overview::whole(&peek, &Look::default()).unwrap() };
    let seen = tasks(&work).unwrap();
    assert_eq!(seen.counts, "1 waiting, 2 done");
    assert_eq!(seen.items.iter().filter(|item| item.shown).count(), 1);
    assert_eq!(seen.notes, ["1 result came after the lease and did not count"]);
    assert_eq!(outcome(&work).unwrap(), "3 tasks: 1 waiting, 2 done");
}

#[test]
fn an_agent_at_work_is_seen_as_it_is_itself() {
    let run = at("campaign", 1_000_000);
    let peek = run.peek::<Work>().unwrap();
    let work = Overview::whole(&peek, &Look::default()).unwrap();
    let agents = (0..peek.agents()).map(AgentId);
    let workers: Vec<AtWork> = agents.filter_map(|agent| work.at_work(agent)).collect();
    let at_work = workers.iter().filter(|worker| worker.doing.is_some());
    assert_eq!((workers.len(), at_work.count()), (4, 3));
    let marketing = workers[0].doing.unwrap();
    // It reports four times; in between nobody is told.
    let expected = (1_000_000 - marketing.began_us) * 1_000 / 2_300_000;
    assert_eq!(u64::from(marketing.permille), expected);
    assert_eq!(marketing.left_us, 2_300_000 - (1_000_000 - marketing.began_us));
}

#[test]
fn what_an_agent_carries_is_told_of_what_it_can() {
    let run = at("campaign", 1_000_000);
    let seen = looked_at(&run, &Look::default()).loads.unwrap();
    assert_eq!(
        seen.strong + seen.rest,
        "4 of 4 agents can take more: each carries less than 80 %."
    );
    let told: Vec<_> =
        seen.rows.iter().map(|row| (row.name.as_str(), row.carries.as_str())).collect();
    let all = ["marketing", "finance", "insights"].map(|name| (name, "20 of 100"));
    assert_eq!(told, [&all[..], &[("support", "0 of 100")]].concat());
    assert!(seen.rows[0].doing.starts_with("campaign_001/marketing"), "{}", seen.rows[0].doing);
    assert_eq!(seen.rows[0].peak, "20 %");
    let run = at("campaign", END);
    let view = looked_at(&run, &Look::default());
    let metrics = Metrics::new(&run.peek::<Work>().unwrap()).unwrap();
    // 20 units for 2.3, 1.5 and 2.8 s, and the way there and back.
    for (load, least_us) in metrics.loads.iter().zip([2_300_000, 1_500_000, 2_800_000]) {
        let took_us = load.carried / 20;
        assert!((least_us..least_us + 100_000).contains(&took_us), "{load:?}");
    }
    assert!(view.loads.unwrap().rows.iter().all(|row| row.carries == "0 of 100"));
}

#[test]
fn an_agent_in_trouble_is_told_so_in_words() {
    let style =
        WorkStyle { healthy: false, speed_milli: 500, fails_ppm: 300_000, ..Default::default() };
    let words = [
        "paused",
        "not healthy: does not bid",
        "slow: 0.5 times the normal speed",
        "unreliable: fails 30 % of the time",
    ];
    assert_eq!(load::trouble(&style, true), words);
}

#[test]
fn the_figures_of_a_campaign_are_those_of_its_report() {
    let run = at("campaign", END);
    let figures = looked_at(&run, &Look::default()).figures.unwrap();
    let value = |name: &str| {
        figures.rows.iter().find(|row| row.name == name).map(|row| row.value.as_str()).unwrap()
    };
    for (name, expected) in [
        ("success rate", "100 %"),
        ("team size", "3"),
        ("parallel rate", "100 %"),
        ("peak load", "20 %"),
        ("mean reputation", "103.8"),
        ("deviation of it", "2.2"),
        ("late results", "0"),
    ] {
        assert_eq!(value(name), expected, "{name}");
    }
    let report = run.report().rooms.work.unwrap().metrics;
    assert!((report.mean_reputation - 103.75).abs() < 1e-9);
    assert!((report.peak_load - 0.2).abs() < 1e-9);
    let run = at("campaign", 1_000);
    let figures = looked_at(&run, &Look::default()).figures.unwrap();
    let unknown = figures.rows.iter().filter(|row| row.value == "–").count();
    assert_eq!(unknown, 5, "{:?}", figures.rows);
}

#[test]
fn after_a_lease_has_ended_the_team_is_who_did_it() {
    let run = at("late-result", 60_000_000);
    let coverage = looked_at(&run, &Look::default()).coverage.unwrap();
    let attempts: Vec<AgentId> = board(&run).jobs[0].attempts().map(|it| it.agent).collect();
    let [.., first, last] = attempts.as_slice() else { panic!("{attempts:?}") };
    assert_ne!(first, last, "another did it");
    assert_eq!(coverage.members, [run.cast().name(*last)]);
    assert!(coverage.rows.iter().all(|row| row.cells == [team::TeamCell::Done]));
}

#[test]
fn of_many_tasks_it_is_told_how_many_are_done() {
    let run = at("task-distribution", 3_000_000);
    let peek = run.peek::<Work>().unwrap();
    let work = Overview::whole(&peek, &Look::default()).unwrap();
    let done = (0..).zip(work.standings()).filter(|(_, it)| *it == Standing::Done);
    let done: Vec<TaskId> = done.map(|(task, _)| task).collect();
    let [.., last] = done.as_slice() else { panic!("nothing is done") };
    assert_eq!(done.len(), 20);
    let told = ended(*last, &work).unwrap();
    assert!(told.ends_with(" is done: 20 of 50"), "{told}");
    let run = at("task-distribution", u64::MAX);
    assert!(run.ended());
    assert!(board(&run).jobs.iter().all(|job| Standing::of(job) == Standing::Done));
}

#[test]
fn a_manager_has_a_board_of_its_own() {
    let run = at("hierarchy", 300_000);
    let agent = |name: &str| {
        let place = run.cast().agents.iter().position(|info| info.name == name).unwrap();
        AgentId(place as u32)
    };
    let whole = looked_at(&run, &Look::default());
    assert_eq!(format!("{}{}", whole.strong, whole.rest), "editor has those below it do it.");
    assert!(whole.coverage.is_none(), "it is on the editor's own board");
    let managers = whole.managers.unwrap();
    assert_eq!(
        managers.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["coordinator", "editor"]
    );
    let gave = &managers.rows[1].gave;
    assert_eq!(gave.len(), 3);
    assert_eq!(gave[0], ("parser".to_owned(), "document-1/parse, 20 %".to_owned()));
    assert!(whole.bids.is_none(), "nobody bids to the coordinator");
    // By a worker as by its manager.
    for name in ["editor", "parser"] {
        let look = Look { selected: Some(agent(name)), ..Look::default() };
        let view = looked_at(&run, &look);
        let bids = view.bids.unwrap();
        assert_eq!(bids.rows.len(), 3, "{name}");
        assert_eq!(view.reputations.rows.len(), 3, "{name}");
        assert!(view.managers.unwrap().rows[1].is_shown);
    }
    let run = at("hierarchy", END);
    let editor = agent("editor");
    let first = Choice { what: "task", number: 0, agent: Some(editor), selects: None };
    let look = Look { selected: Some(editor), chosen: vec![first] };
    let view = looked_at(&run, &look);
    let results = view.results.unwrap();
    let told: Vec<_> = results
        .rows
        .iter()
        .map(|row| format!("{} = {} of {}", row.key, row.value, row.from))
        .collect();
    assert_eq!(
        told,
        [
            "notes = [\"scanned\", \"two tables are cut\"] of parser, extractor",
            "pages = 12 of parser",
            "tables = 4 of extractor 3, analyzer 1",
            "topics = 5 of analyzer",
        ]
    );
    assert_eq!(view.name, "document-1");
    assert!(view.warnings.is_empty(), "{:?}", view.warnings);
}

/// The grounds of the award of the first task, and of its first part.
fn check_why(name: &str, expected: [&[&str]; 2]) {
    let run = at(name, END);
    let team = looked_at(&run, &Look::at("task", 0)).bids.unwrap().why.unwrap();
    assert_eq!(grounds(&run, team), expected[0], "the team of {name}");
    let mut events = run.log().range(team, run.log().end_id());
    let first =
        events.find(|event| matches!(event.what, What::Note(Note::Work(WorkNote::Awarded { .. }))));
    assert_eq!(grounds(&run, first.unwrap().id), expected[1], "the award of {name}");
}

#[test]
fn an_award_is_explained_by_its_sum() {
    let equals =
        "finance and insights have as much: of equals, the first in the scenario goes first.";
    let sum = "reputation 100 × 0.4 + skill 20 × 0.4 + free 100 × 0.2 = 68.";
    let [first, second, third] =
        ["marketing came first", "finance came second", "insights came third"]
            .map(|it| format!("{it} of 3: {sum}"));
    let covers = "The best goes into the team first, then whoever brings a skill that it lacks: marketing covers marketing, finance covers finance, insights covers analytics.";
    let silent = "No bid: support has none of the skills.";
    check_why(
        "campaign",
        [
            &[&first, equals, &second, &third, covers, silent],
            &[&first, equals, "In the team it is the first that has marketing.", silent],
        ],
    );
}

#[test]
fn a_part_that_waits_for_another_is_told() {
    let run = at("budget-question", 1_000_000);
    let view = looked_at(&run, &Look::default());
    let (strong, rest) = (view.strong, view.rest);
    let expected =
        "0 of 3 parts came back, 2 are worked on. analytics waits for marketing.".to_owned();
    assert_eq!(strong + &rest, expected);
    let team = view.coverage.unwrap();
    assert_eq!(team.rows[2].cells[2], team::TeamCell::Waits);
}

#[test]
fn every_outcome_of_every_scenario_of_work_can_be_explained() {
    for name in [
        "campaign",
        "hierarchy",
        "late-result",
        "nobody-capable",
        "reputation-journey",
        "uncovered-team",
        "skill-or-reputation",
        "budget-question",
    ] {
        let run = at(name, 60_000_000);
        for event in run.log().range(0, run.log().end_id()) {
            let What::Note(note) = event.what else { continue };
            let needed = matches!(
                note,
                Note::Work(
                    WorkNote::Awarded { .. }
                        | WorkNote::TeamMade { .. }
                        | WorkNote::Delivered { .. }
                        | WorkNote::PartFailed { .. }
                        | WorkNote::WorkerDid { .. }
                        | WorkNote::WorkerFailed { .. }
                        | WorkNote::LeaseExpired { .. }
                        | WorkNote::CameTooLate { .. }
                        | WorkNote::NoBid { .. }
                )
            );
            let grounds = grounds(&run, event.id);
            assert!(!needed || !grounds.is_empty(), "{name}: {note:?}");
        }
    }
}

/// A manager's account of its workers is explained by the figures that are theirs, and what they did to their
/// reputations.
#[test]
fn what_workers_did_below_a_manager_is_explained_by_their_own_figures() {
    let run = at("hierarchy", END);
    let mut told = Vec::new();
    for event in run.log().range(0, run.log().end_id()) {
        let What::Note(Note::Work(WorkNote::WorkerDid { agent, quality, .. })) = event.what else {
            continue;
        };
        let grounds = grounds(&run, event.id);
        let name = run.cast().name(agent);
        assert!(
            grounds[0].contains(&format!(" tells it with its result: {name} did ")),
            "{grounds:?}"
        );
        assert_eq!(grounds.iter().any(|it| it.contains("counts 7 instead of 5")), quality > 90);
        let change = grounds.last().unwrap();
        assert!(change.starts_with("Its reputation "), "{grounds:?}");
        told.push(change.clone());
    }
    assert!(told.len() > 3, "{told:?}");
}

#[test]
fn a_member_whose_part_comes_after_another_says_what_it_waits_for() {
    let said = |time_us| {
        let run = at("budget-question", time_us);
        let faces = faces(&run.peek::<Work>().unwrap(), &Look::default());
        faces[2].as_ref().unwrap().second.clone()
    };
    assert_eq!(said(1_000_000), "waits for marketing");
    assert_eq!(said(2_800_000), "28 %, 0.9 s to go");
}
