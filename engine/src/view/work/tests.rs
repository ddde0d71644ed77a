use std::sync::Arc;

use super::bids::Bid;
use super::gantt::BarKind;
use super::*;
use crate::playback::frame::work::WorkerFrame;
use crate::playback::{Command, Run};
use crate::scenario::gallery;

fn at(name: &str, time_us: u64) -> (Run, Frame) {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us, budget: u64::MAX }).unwrap();
    let mut frame = Frame::default();
    run.frame(&mut frame);
    (run, frame)
}

fn view(time_us: u64) -> WorkView {
    let (run, frame) = at("campaign", time_us);
    work_view(&frame, run.cast()).unwrap()
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
        (lane.bars[0].kind, lane.bars[0].words.clone())
    };
    assert_eq!(kind("finance"), (BarKind::Done, "1.5 s".to_owned()));
    assert_eq!(kind("insights"), (BarKind::Running, "2.8 s".to_owned()));
}

#[test]
fn what_came_of_it_is_told_with_what_to_know() {
    let (run, frame) = at("campaign", END);
    let view = work_view(&frame, run.cast()).unwrap();
    assert_eq!(view.warnings, ["cost 55000 is above the budget of 50000"]);
    let told = last_word(&frame, run.cast()).unwrap();
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
    let (run, mut frame) = at("campaign", END);
    let work = frame.work.as_mut().unwrap();
    work.tasks = vec![Standing::Done, Standing::Done, Standing::Waiting];
    work.late = 1;
    let board = tasks(work, run.cast()).unwrap();
    assert_eq!(board.counts, "1 waiting, 2 done");
    assert_eq!(board.items.iter().filter(|item| item.shown).count(), 1);
    assert_eq!(board.notes, ["1 result came after the lease and did not count"]);
    assert_eq!(last_word(&frame, run.cast()).unwrap(), "3 tasks: 1 waiting, 2 done");
}

#[test]
fn an_agent_at_work_is_seen_as_it_is_itself() {
    let (_, frame) = at("campaign", 1_000_000);
    let workers: Vec<WorkerFrame> =
        frame.work.iter().flat_map(|work| work.workers.iter().flatten().copied()).collect();
    let at_work = workers.iter().filter(|worker| worker.doing.is_some());
    assert_eq!((workers.len(), at_work.count()), (4, 3));
    let marketing = workers[0].doing.unwrap();
    // It reports four times; in between nobody is told.
    let expected = (1_000_000 - marketing.began_us) * 1_000 / 2_300_000;
    assert_eq!(u64::from(marketing.permille), expected);
    assert_eq!(marketing.left_us, 2_300_000 - (1_000_000 - marketing.began_us));
}
