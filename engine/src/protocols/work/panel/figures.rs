//! How the work goes, in figures (H5, as far as tasks go).

use super::tenths;
use crate::common::figure::{milli_short, percent, span};
use crate::protocol::number::with_point;
use crate::protocols::work::metrics::{Mean, Metrics};

/// A figure that is not known yet.
const UNKNOWN: &str = "–";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub rows: Vec<Figure>,
    /// "over 12.4 s so far".
    pub hint: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name; tests find it by this.
    pub name: &'static str,
    /// Its meaning, in short.
    pub about: &'static str,
    pub value: String,
}

/// Thousandths with one decimal, rounded: "2.1".
fn tenth(milli: u64) -> String {
    milli_short((milli + 50) / 100 * 100)
}

pub(super) fn figures(metrics: &Metrics) -> Figures {
    let now_us = metrics.now_us;
    let done = u64::from(metrics.done);
    // In hundredths.
    let rate = (done.saturating_mul(200_000_000).saturating_add(now_us)).checked_div(now_us * 2);
    let share = |it: Mean| (it.count > 0).then(|| percent(it.sum, it.count));
    let (peak, capacity) = metrics.peak();
    let has_run = now_us > 0;
    let mut rows = Vec::new();
    let mut tell = |name, about, value: Option<String>| {
        let value = value.unwrap_or_else(|| UNKNOWN.to_owned());
        rows.push(Figure { name, about, value });
    };
    tell("tasks per second", "done, of simulated time", rate.map(|it| with_point(it, 2)));
    let duration = metrics.duration_us.milli().map(|it| tenths(it / 1_000));
    tell("average duration", "from award to end", duration);
    if metrics.tasks > 1 {
        tell("makespan", "from the first task to the last end", metrics.makespan_us.map(tenths));
        tell("mean wait", "from submission to the work", metrics.mean_wait_us().map(span));
        tell("95th percentile", "of the waits", metrics.wait_us(95).map(span));
        let imbalance = metrics.imbalance_milli().map(|milli| with_point((milli + 5) / 10, 2));
        tell("imbalance", "most parts of any agent by the mean", imbalance);
    }
    tell("success rate", "of those that ended", share(metrics.success));
    tell("quality", "of results, 0 to 100", metrics.quality.milli().map(tenth));
    let average = percent(metrics.average_load_permille(), 1_000);
    tell("average load", "of what all can carry", has_run.then_some(average));
    let peak = percent(peak, capacity.into());
    tell("peak load", "most of any agent at once", has_run.then_some(peak));
    tell("team size", "agents for a task", metrics.team.milli().map(tenth));
    tell("parallel rate", "tasks in several parts", share(metrics.parallel));
    tell("mean reputation", "of all agents", Some(tenth(metrics.mean_reputation_milli)));
    let deviation = tenth(metrics.reputation_deviation_milli);
    tell("deviation of it", "standard deviation", Some(deviation));
    tell("late results", "after their lease", Some(metrics.late.to_string()));
    tell("refused tasks", "not taken in", Some(metrics.refused.to_string()));
    Figures { rows, hint: format!("over {} so far", tenths(now_us)) }
}
