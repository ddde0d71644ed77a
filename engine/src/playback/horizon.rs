//! How long a run should last, from what its scenario plans: how far a tape reaches, and how fast it is shown.

use crate::protocol::decimal;
use crate::scenario::Scenario;

/// The length of a run about which nothing is known.
const UNKNOWN_US: u64 = 1_000_000;

/// When the scenario says that it ends, or when all it plans should be over.
pub(super) fn horizon_us(scenario: &Scenario) -> u64 {
    let planned = || {
        let of_rooms = scenario.rooms.horizon_us(scenario).into_iter();
        of_rooms.chain(last_fault_us(scenario))
    };
    scenario.ends_at_us.or_else(|| planned().max()).unwrap_or(UNKNOWN_US)
}

fn last_fault_us(scenario: &Scenario) -> Option<u64> {
    let faults = scenario.file.faults.iter();
    faults.filter_map(|fault| decimal::microseconds("faults", fault.at_ms).ok()).max()
}
