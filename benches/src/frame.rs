//! The work that the engine does for the page at each frame, and ten times a second: the slowest scenario of the gallery.

use std::sync::Arc;

use engine::common::shown::Look;
use engine::playback::Frame;
use engine::playback::command::Command;
use engine::playback::run::Run;
use engine::scenario::gallery;
use serde::{Deserialize, Serialize};

use crate::clock::seconds;

/// Steps of each run before it is looked at.
const STEPS: u64 = 3_000;
/// How often each thing is made: a browser's clock is coarse.
const ROUNDS: u32 = 2_000;

/// The scenario that takes the longest, for one thing that is made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Slowest {
    pub scenario: String,
    pub microseconds: f64,
}

/// The slowest scenarios.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FrameCost {
    /// Filling a frame, at most sixty times a second.
    pub frame: Slowest,
    /// The forms, at most ten times a second.
    pub forms: Slowest,
    /// The documents of all protocols, at most ten times a second.
    pub documents: Slowest,
}

/// # Panics
/// When a scenario of the gallery does not start, which its tests rule out.
#[must_use]
pub fn measure() -> FrameCost {
    let mut cost = FrameCost::default();
    for entry in gallery::all() {
        let Ok(scenario) = entry.scenario() else { panic!("{} must be right", entry.name) };
        let seed = scenario.file.seed;
        let Ok(mut run) = Run::new(Arc::new(scenario), seed) else { panic!("it must start") };
        let ahead = Command::AdvanceTo { time_us: u64::MAX, budget: STEPS };
        run.apply(&ahead).unwrap_or_else(|_| panic!("it must go on"));
        let (mut frame, look) = (Frame::default(), Look::default());
        cost.frame.take(entry.name, || run.frame(&mut frame));
        cost.forms.take(entry.name, || drop(std::hint::black_box(run.forms(&look))));
        cost.documents.take(entry.name, || drop(std::hint::black_box(run.room_documents(&look))));
    }
    cost
}

impl Slowest {
    fn take(&mut self, scenario: &str, mut make: impl FnMut()) {
        let before_s = seconds();
        (0..ROUNDS).for_each(|_| make());
        let microseconds = (seconds() - before_s) / f64::from(ROUNDS) * 1e6;
        if microseconds > self.microseconds {
            *self = Self { scenario: scenario.to_owned(), microseconds };
        }
    }
}
