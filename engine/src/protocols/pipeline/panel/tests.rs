use std::sync::Arc;

use super::*;
use crate::common::shown::Peek as _;
use crate::playback::{Command, Run};
use crate::protocols::pipeline::Stages;
use crate::protocols::pipeline::shown::stages;
use crate::scenario::file::intervention::Intervention;
use crate::scenario::gallery;

fn run() -> Run {
    let scenario = gallery::find("pipeline").and_then(gallery::Entry::scenario);
    Run::new(Arc::new(scenario.expect("it is in the gallery")), 5).expect("it starts")
}

fn at(run: &mut Run, time_us: u64) -> &Run {
    run.apply(&Command::SeekTime { time_us }).expect("any time can be sought");
    run
}

fn said(run: &Run) -> Vec<String> {
    let peek = run.peek::<Stages>().expect("there is a coordinator");
    let track = track(&stages(&peek), peek.newest_proposal()).expect("there is a pipeline");
    let step = |step: &Step| {
        let shown = if step.shown { ", shown" } else { "" };
        format!("{}: {}{shown}", step.name, step.words)
    };
    let lead = format!("{}{}", track.strong, track.rest);
    core::iter::once(lead).chain(track.steps.iter().map(step)).collect()
}

#[test]
fn every_stage_says_how_far_it_has_come() {
    let mut run = run();
    for (time_us, expected) in [
        (
            30_000,
            [
                "0 of 3 stages passed; architecture is open.",
                "architecture: open, shown",
                "implementation: waits for architecture",
                "deployment: waits for implementation",
            ],
        ),
        (
            3_000_000,
            [
                "3 of 3 stages passed.",
                "architecture: passed",
                "implementation: passed",
                "deployment: passed, shown",
            ],
        ),
    ] {
        assert_eq!(said(at(&mut run, time_us)), expected, "at {time_us}");
    }
}

#[test]
fn a_stage_that_times_out_ends_it_there() {
    let mut run = run();
    at(&mut run, 30_000);
    for agent in ["architect", "backend", "frontend"] {
        let intervention = Intervention::Crash { agent: agent.to_owned() };
        run.apply(&Command::Intervene(intervention)).expect("it can crash");
    }
    assert_eq!(
        said(at(&mut run, 5_000_000)),
        [
            "0 of 3 stages passed; architecture timed out, and what it gates is not asked.",
            "architecture: timed out, shown",
            "implementation: not reached",
            "deployment: not reached",
        ]
    );
}

#[test]
fn without_a_pipeline_there_is_no_track() {
    assert_eq!(track(&[], None), None);
}
