use std::sync::Arc;

use super::*;
use crate::playback::Command;
use crate::scenario::file::intervention::Intervention;
use crate::scenario::gallery;

fn start(name: &str) -> Run {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario);
    Run::new(Arc::new(scenario.expect("it is in the gallery")), 7).expect("it starts")
}

fn now(run: &Run) -> Caption {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    caption(run, &frame)
}

fn apply(run: &mut Run, command: Command) {
    run.apply(&command).expect("it is carried out");
}

fn advance(run: &mut Run, time_us: u64) {
    apply(run, Command::AdvanceTo { time_us, budget: u64::MAX });
}

const SCENARIOS: [&str; 8] = [
    "deployment-vote",
    "partitioned-vote",
    "byzantine-too-many",
    "gossip-majority",
    "counter-partition",
    "campaign",
    "pipeline",
    "database-choice",
];

/// Played in small frames, in large ones, sought from either side, and after a step back and forth.
#[test]
fn a_moment_has_one_caption_however_one_came_there() {
    for name in SCENARIOS {
        let mut whole = start(name);
        advance(&mut whole, 4_000_000);
        let end_us = whole.simulation().now_us();
        let (mut slow, mut fast) = (start(name), start(name));
        for moment in 1..=40 {
            let time_us = end_us * moment / 40;
            for part in 1..=9 {
                advance(&mut slow, end_us * (moment - 1) / 40 + end_us / 40 * part / 10);
            }
            advance(&mut slow, time_us);
            advance(&mut fast, time_us);
            let expected = now(&slow);
            assert!(!expected.text.is_empty(), "{name} at {time_us}");
            assert_eq!(now(&fast), expected, "{name} at {time_us}: played fast");
            apply(&mut whole, Command::SeekTime { time_us });
            assert_eq!(now(&whole), expected, "{name} at {time_us}: sought");
            apply(&mut whole, Command::SeekTime { time_us: 0 });
            apply(&mut whole, Command::SeekTime { time_us });
            assert_eq!(now(&whole), expected, "{name} at {time_us}: sought from the start");
        }
    }
}

#[test]
fn a_step_back_and_on_again_leads_to_the_same_caption() {
    for name in SCENARIOS {
        let mut run = start(name);
        for _ in 0..60 {
            apply(&mut run, Command::StepForward);
            let expected = now(&run);
            let steps = run.simulation().steps();
            apply(&mut run, Command::StepForward);
            if run.simulation().steps() == steps {
                break;
            }
            apply(&mut run, Command::StepBack);
            assert_eq!(now(&run), expected, "{name}");
        }
    }
}

#[test]
fn what_a_person_has_just_done_is_told() {
    let mut run = start("deployment-vote");
    advance(&mut run, 100_000);
    let agent = "devops-engineer".to_owned();
    apply(&mut run, Command::Intervene(Intervention::Crash { agent }));
    advance(&mut run, 100_001);
    assert_eq!(now(&run).text, "devops-engineer crashed: it forgets all it had not written down");
}

#[test]
fn where_there_is_work_what_is_kept_of_it_only_follows() {
    let mut run = start("task-distribution");
    for time_us in (50_000..450_000).step_by(50_000) {
        advance(&mut run, time_us);
        let text = now(&run).text;
        assert!(!text.contains("merged") && !text.contains("wrote"), "{time_us} us: {text}");
    }
}
