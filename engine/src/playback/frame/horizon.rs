//! How long a run should last, from what its scenario plans: how far a tape reaches, and how fast it is shown.

use crate::coordination::profile::Profile;
use crate::coordination::work::task::{Complexity, Task};
use crate::protocol::decimal;
use crate::scenario::Scenario;

/// A run of which nothing is known.
const UNKNOWN_US: u64 = 1_000_000;

/// What bids, awards and results take beside the work.
const AROUND_WORK_US: u64 = 500_000;

/// When the scenario says that it ends, or when all it plans should be over.
pub(super) fn horizon_us(scenario: &Scenario) -> u64 {
    let planned = || {
        let of_rooms = scenario.rooms.horizon_us(scenario).into_iter();
        of_rooms.chain(work_us(scenario)).chain(last_fault_us(scenario))
    };
    scenario.ends_at_us.or_else(|| planned().max()).unwrap_or(UNKNOWN_US)
}

fn last_fault_us(scenario: &Scenario) -> Option<u64> {
    let faults = scenario.file.faults.iter();
    faults.filter_map(|fault| decimal::microseconds("faults", fault.at_ms).ok()).max()
}

/// When the last task that is planned is done, if all goes well: the last to come in alone, or all of them shared out
/// evenly among those who work, whichever takes longer.
fn work_us(scenario: &Scenario) -> Option<u64> {
    let work = scenario.work.as_ref()?;
    let workers = || scenario.members.iter().map(|member| &*member.profile).filter(is_worker);
    let slowest_us = workers().flat_map(|it| it.work.takes_us.iter().map(|(_, us)| *us)).max();
    let takes_us = |task: &Task| task.duration_us.max(slowest_us.unwrap_or_default());
    let last_us = work.tasks.iter().map(|it| it.at_us.saturating_add(takes_us(&it.task))).max()?;
    let first_us = work.tasks.iter().map(|it| it.at_us).min()?;
    let effort = |task: &Task| u128::from(takes_us(task)) * parts(task) as u128;
    let effort_us: u128 = work.tasks.iter().map(|it| effort(&it.task)).sum();
    let speed_milli: u128 = workers().map(|it| u128::from(it.work.speed_milli)).sum();
    let shared_us = u64::try_from(effort_us * 1_000 / speed_milli.max(1)).unwrap_or(u64::MAX);
    Some(last_us.max(first_us.saturating_add(shared_us)).saturating_add(AROUND_WORK_US))
}

fn is_worker(profile: &&Profile) -> bool {
    !profile.work.is_manager && profile.work.healthy
}

/// How many agents have a part in it.
fn parts(task: &Task) -> usize {
    if task.complexity == Complexity::Simple { 1 } else { task.skills.len().max(1) }
}
