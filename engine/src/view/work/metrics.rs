//! How the work goes, in figures (H5, as far as tasks go).

use super::tenths;
use crate::coordination::number::with_point;
use crate::playback::metrics::Metrics;
use crate::view::figure::{milli_short, percent};

/// What is not known yet.
const UNKNOWN: &str = "–";

/// More points than this are not told apart in the curve.
const POINTS_MAX: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub rows: Vec<Figure>,
    /// How many tasks were done by when, in thousandths of the time so far; empty before the second.
    pub curve: Vec<(u64, u32)>,
    pub done: u32,
    /// "20 done in 12.4 s".
    pub hint: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name; tests find it by this.
    pub name: &'static str,
    /// What it says, in short.
    pub about: &'static str,
    pub value: String,
}

/// Thousandths with one decimal, rounded: "2.1".
fn tenth(milli: u64) -> String {
    milli_short((milli + 50) / 100 * 100)
}

pub(super) fn figures(metrics: &Metrics) -> Figures {
    let now_us = metrics.now_us;
    let known = |value: Option<String>| value.unwrap_or_else(|| UNKNOWN.to_owned());
    let done = u64::from(metrics.done);
    // In hundredths.
    let rate = (done.saturating_mul(200_000_000).saturating_add(now_us)).checked_div(now_us * 2);
    let share =
        |it: crate::playback::metrics::Mean| (it.count > 0).then(|| percent(it.sum, it.count));
    let (peak, capacity) = metrics.peak();
    let has_run = now_us > 0;
    let figure = |name, about, value: Option<String>| Figure { name, about, value: known(value) };
    let rows = vec![
        figure("tasks per second", "done, of simulated time", rate.map(|it| with_point(it, 2))),
        figure(
            "average duration",
            "from award to end",
            metrics.duration_us.milli().map(|it| tenths(it / 1_000)),
        ),
        figure("success rate", "of those that ended", share(metrics.success)),
        figure("quality", "of results, 0 to 100", metrics.quality.milli().map(tenth)),
        figure(
            "average load",
            "of what all can carry",
            has_run.then(|| percent(metrics.average_load_permille(), 1_000)),
        ),
        figure(
            "peak load",
            "most of any agent at once",
            has_run.then(|| percent(peak, capacity.into())),
        ),
        figure("team size", "agents for a task", metrics.team.milli().map(tenth)),
        figure("parallel rate", "tasks in several parts", share(metrics.parallel)),
        figure("mean reputation", "of all agents", Some(tenth(metrics.mean_reputation_milli))),
        figure(
            "deviation of it",
            "standard deviation",
            Some(tenth(metrics.reputation_deviation_milli)),
        ),
        figure("late results", "after their lease", Some(metrics.late.to_string())),
        figure("refused tasks", "not taken in", Some(metrics.refused.to_string())),
    ];
    let count = metrics.done_us.len();
    let step = count.div_ceil(POINTS_MAX).max(1);
    let points = metrics
        .done_us
        .iter()
        .enumerate()
        .filter(|(place, _)| (place + 1).is_multiple_of(step) || place + 1 == count);
    let point = |(place, at_us): (usize, &u64)| {
        let part = u128::from(*at_us) * 1_000 / u128::from(now_us.max(1));
        (u64::try_from(part).unwrap_or(1_000), place as u32 + 1)
    };
    Figures {
        rows,
        curve: if count > 1 { points.map(point).collect() } else { Vec::new() },
        done: count as u32,
        hint: format!("over {} so far", tenths(now_us)),
    }
}
