use std::sync::Arc;

use super::*;
use crate::playback::{Command, Frame, Run};
use crate::scenario::gallery;
use crate::view::stage::layout::Layout;
use crate::view::stage::{Ring, Stage};
use crate::view::tally::tally;

fn at(time_us: u64) -> (Run, Frame) {
    let scenario = gallery::find("database-choice").and_then(gallery::Entry::scenario);
    let scenario = scenario.expect("it is in the gallery");
    let mut run = Run::new(Arc::new(scenario), 9).expect("it starts");
    run.apply(&Command::SeekTime { time_us }).expect("any time can be sought");
    let mut frame = Frame::default();
    run.frame(&mut frame);
    (run, frame)
}

fn shown(frame: &Frame) -> Vec<String> {
    let proposal = frame.proposal().expect("it was opened");
    let view = tally(proposal, None);
    let bar = |bar: &OptionBar| {
        let OptionBar { letter, name, amount, stands, counted_permille, cast_permille, .. } = bar;
        format!("{letter} {name} {amount} {stands} {counted_permille}+{cast_permille}")
    };
    let lead = format!("{}{}", view.strong, view.sentence);
    core::iter::once(lead).chain(view.options.iter().map(bar)).collect()
}

#[test]
fn each_option_has_a_bar_of_the_whole_electorate() {
    for (time_us, expected) in [
        (
            30_000,
            [
                "No option has a vote yet; 8 to come.",
                "A postgres 0  0+0",
                "B mysql 0  0+0",
                "C sqlite 0  0+0",
                "D mongodb 0  0+0",
            ],
        ),
        (
            2_000_000,
            [
                "postgres has won with 3 of 8: level with another, it stands first.",
                "A postgres 3 wins 375+0",
                "B mysql 3 level 375+0",
                "C sqlite 1  125+0",
                "D mongodb 1  125+0",
            ],
        ),
    ] {
        let (_run, frame) = at(time_us);
        assert_eq!(shown(&frame), expected, "at {time_us}");
    }
}

#[test]
fn what_is_on_its_way_stands_behind_what_is_counted() {
    let mut sent = 0;
    for time_us in (60_000..500_000).step_by(20_000) {
        let (_run, frame) = at(time_us);
        let proposal = frame.proposal().expect("it was opened");
        let cast = proposal.electors.iter().filter(|it| matches!(it.lamp, Lamp::Cast(_))).count();
        let permille: u64 = bars(proposal).iter().map(|bar| bar.cast_permille).sum();
        assert_eq!(permille, cast as u64 * 125, "at {time_us}");
        sent += cast;
    }
    assert!(sent > 0, "no ballot was seen on its way");
}

#[test]
fn a_letter_says_on_the_stage_who_is_for_what() {
    let (run, frame) = at(2_000_000);
    let layout = Layout::new(run.cast(), 800.0, 800.0);
    let mut stage = Stage::default();
    stage.draw(&layout, run.cast(), &frame, crate::view::stage::StageLook::default());
    let proposal = frame.proposal().expect("it was opened");
    for elector in &proposal.electors {
        let agent = &stage.agents[elector.agent.index()];
        let (letter_, name) = picked(proposal, elector.agent).expect("all have voted");
        assert_eq!(agent.option.map(letter), Some(letter_));
        assert_eq!(agent.label.as_ref().map(|label| label.second.as_str()), Some(name.as_str()));
    }
    let gauge = &stage.agents[run.cast().coordinator.unwrap().index()].ring;
    let parts = vec![(0.0, 0.375), (0.375, 0.75), (0.75, 0.875), (0.875, 1.0)];
    assert_eq!(*gauge, Ring::Options(parts));
}
