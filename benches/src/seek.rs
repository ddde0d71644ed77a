//! Going back in a long run: 1 000 agents, ten million events.

use engine::playback::checkpoint::Checkpoints;
use engine::sim::Simulation;
use engine::sim::rng::mix;
use serde::{Deserialize, Serialize};

use crate::clock::seconds;
use crate::traffic::{Talker, WORKLOADS};

/// Events of the run: each message is sent and delivered.
const EVENTS: u64 = 10_000_000;

/// Moments gone back to, and steps taken back.
const SEEKS: u64 = 200;

/// The cost of going back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seek {
    pub events: u64,
    pub checkpoints: usize,
    /// Records all checkpoints hold together.
    pub records: usize,
    /// Memory the checkpoints take, in MB; measured natively only.
    pub megabytes: Option<f64>,
    /// Going to a random moment, 95th percentile.
    pub seek_p95_ms: f64,
    pub seek_median_ms: f64,
    /// One step back, 95th percentile.
    pub step_back_p95_ms: f64,
    /// The time that taking checkpoints adds to the run itself, as a ratio.
    pub cost_of_checkpoints: f64,
}

struct Player {
    simulation: Simulation<Talker>,
    checkpoints: Checkpoints<Talker, ()>,
}

impl Player {
    fn new() -> Self {
        let mut simulation = WORKLOADS[0].start();
        let checkpoints = Checkpoints::new(&mut simulation);
        Self { simulation, checkpoints }
    }

    /// Plays on to the given step as a run does: a checkpoint wherever one is due.
    fn advance(&mut self, steps: u64) {
        while self.simulation.steps() < steps {
            let left = steps - self.simulation.steps();
            let slice = self.checkpoints.steps_to_next(self.simulation.steps()).min(left);
            self.simulation.run_until(u64::MAX, slice);
            self.checkpoints.consider(&mut self.simulation);
        }
    }

    fn go_to(&mut self, steps: u64) -> f64 {
        let before_s = seconds();
        if let Some(state) = self.checkpoints.before_step(steps) {
            self.simulation = state.clone();
        }
        self.advance(steps);
        (seconds() - before_s) * 1e3
    }
}

fn percentile(mut values: Vec<f64>, percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * percent / 100).copied().unwrap_or(f64::NAN)
}

/// Plays the run, then goes back and forth in it.
#[must_use]
pub fn measure() -> Seek {
    let before_s = seconds();
    let mut bare = WORKLOADS[0].start();
    while bare.trace.len() < EVENTS {
        bare.run_until(u64::MAX, 10_000);
    }
    let bare_s = seconds() - before_s;
    let end = bare.steps();
    drop(bare);

    let megabytes_before = resident_megabytes();
    let before_s = seconds();
    let mut player = Player::new();
    player.advance(end);
    let played_s = seconds() - before_s;
    let hash = player.simulation.trace.hash();
    let (checkpoints, records) = player.checkpoints.size();
    let megabytes = resident_megabytes().zip(megabytes_before).map(|(now, before)| now - before);

    let mut step_back_ms = Vec::new();
    for back in 1..=SEEKS {
        step_back_ms.push(player.go_to(end - back));
    }
    let mut seek_ms = Vec::new();
    for number in 0..SEEKS {
        seek_ms.push(player.go_to(mix(number) % end));
    }
    player.go_to(end);
    assert_eq!(player.simulation.trace.hash(), hash, "going back must not change the run");
    Seek {
        events: EVENTS,
        checkpoints,
        records,
        megabytes,
        seek_p95_ms: percentile(seek_ms.clone(), 95),
        seek_median_ms: percentile(seek_ms, 50),
        step_back_p95_ms: percentile(step_back_ms, 95),
        cost_of_checkpoints: played_s / bare_s - 1.0,
    }
}

/// Memory of this process that is in use, where the system says so.
#[cfg(not(target_arch = "wasm32"))]
fn resident_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

#[cfg(target_arch = "wasm32")]
fn resident_megabytes() -> Option<f64> {
    None
}
