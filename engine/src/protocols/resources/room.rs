//! Input of the protocol: what a scenario, its settings and a person say of it.

use super::acts::{self, ResourcesAct};
use super::books::Books;
use super::check::{self, ResourcesSetup};
use super::demand::{Demand, Hold, Plans};
use super::section::ResourcesFile;
use super::stock::DeadlockPolicy;
use super::{Resources, ResourcesDurable, ResourcesOrder};
use crate::common::room::{Brief, Edited, Entrant, Members, Planning, Room, Scenarios, scenarios};
use crate::common::settings::Settings;
use crate::protocol::decimal::period;
use crate::protocol::problem::Problem;
use crate::protocol::setting::{Scale, Setting};
use crate::sim::AgentId;

/// The policies as settings name them, in the order of [`DeadlockPolicy::ALL`].
const POLICIES: &[&str] = &["only shown", "youngest gives way", "ordered requests"];
/// A setting goes so far.
const LEASE_MAX_MS: u32 = 10_000;
const AGEING_MAX_MS: u32 = 2_000;

impl Room for Resources {
    type File = ResourcesFile;
    type Agent = ();
    type Act = ResourcesAct;
    type Memory = ();

    const ABOUT: &'static str = "A stock of resources that an agent lends to the others.";
    const MISSING: Option<(&'static str, &'static str)> = Some((
        "a scenario that has resources",
        "add \"resources\" to the scenario, with a keeper and a stock",
    ));
    const SCENARIOS: Scenarios =
        scenarios!("resources": "contention", "deadlock", "dining", "starvation");

    fn check(brief: &Brief<'_, Self>) -> Result<ResourcesSetup, Problem> {
        check::check(brief)
    }

    fn check_span(setup: &ResourcesSetup, span_us: u64) -> Result<(), Problem> {
        period("lease_ms", setup.rules.again_us(), span_us, "until the end")
    }

    /// The keeper lends, everyone else may ask; a coordinator that does not keep has no part in it.
    fn durable(
        setup: &ResourcesSetup,
        entrant: &Entrant<'_, Self>,
        _: &dyn Members,
    ) -> Option<ResourcesDurable> {
        let rules = setup.rules.clone();
        if entrant.agent == rules.keeper {
            return Some(ResourcesDurable::Books(Box::new(Books::new(rules))));
        }
        entrant.member.map(|_| ResourcesDurable::Plans(Box::new(Plans::new(rules))))
    }

    fn orders(
        setup: &ResourcesSetup,
        _: &dyn Members,
        _: u64,
    ) -> Vec<(u64, AgentId, ResourcesOrder)> {
        let order = |demand| ResourcesOrder::Demand(demand);
        let all = setup.demands.iter();
        all.map(|it| (it.at_us, it.agent, order(it.demand.clone()))).collect()
    }

    fn plan(
        setup: &ResourcesSetup,
        act: &ResourcesAct,
        planning: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, ResourcesOrder)>, Problem> {
        acts::plan(setup, act, planning)
    }

    fn label(act: &ResourcesAct) -> String {
        act.label()
    }

    /// When all demands are done one after the other, from the last that comes on.
    fn horizon_us(setup: &ResourcesSetup, _: &dyn Members) -> Option<u64> {
        let last_us = setup.demands.iter().map(|it| it.at_us).max()?;
        let first_us = setup.demands.iter().map(|it| it.at_us).min()?;
        let takes_us: u64 = setup.demands.iter().map(|it| duration_us(&it.demand)).sum();
        Some(last_us.max(first_us.saturating_add(takes_us)).saturating_add(setup.rules.lease_us))
    }

    /// Leases are renewed, and deadlocks last, to the end that the scenario names.
    fn goes_on(_: &ResourcesSetup) -> bool {
        true
    }

    fn settings(setup: &ResourcesSetup, _: &dyn Members) -> Vec<Setting> {
        let rules = &setup.rules;
        let milliseconds = |us: u64| u32::try_from(us / 1_000).unwrap_or(u32::MAX);
        // The shortest lease that is more than twice the drift, in whole tenths of a second.
        let least_ms = (milliseconds(rules.drift_us.saturating_mul(2)) / 100 + 1) * 100;
        let most_ms = LEASE_MAX_MS.max(least_ms);
        let mut settings = Settings::default();
        let lease_ms = milliseconds(rules.lease_us);
        settings.number(("resource-lease", "Lease"), lease_ms, (least_ms, most_ms), (100, " ms"));
        let policy = rules.policy as u32;
        settings.add("resource-deadlock", "Deadlocks", policy, Scale::List(POLICIES));
        let ageing_ms = rules.ageing_us.map_or(0, milliseconds);
        let label = "Priority rises after waiting";
        settings.number(("resource-ageing", label), ageing_ms, (0, AGEING_MAX_MS), (100, " ms"));
        if rules.ageing_us.is_none() {
            settings.say("0 ms".to_owned(), "0: it never does".to_owned());
        }
        settings.0
    }

    fn set(
        _: &ResourcesSetup,
        file: &mut Edited<'_, ResourcesFile>,
        setting: &str,
        value: u32,
    ) -> Option<()> {
        let section = &mut *file.section;
        match setting {
            "resource-lease" => section.lease_ms = Some(value.into()),
            "resource-deadlock" => {
                let policy = DeadlockPolicy::ALL.get(value as usize).copied();
                section.deadlock = policy.unwrap_or_default();
            }
            "resource-ageing" => section.ageing_ms = (value > 0).then(|| value.into()),
            _ => return None,
        }
        Some(())
    }
}

/// How long a demand takes if nothing has to be waited for.
fn duration_us(demand: &Demand) -> u64 {
    let takes_us: u64 = demand.takes.iter().map(|take| take.after_us).sum();
    match demand.hold {
        Hold::For(hold_us) => takes_us.saturating_add(hold_us),
        Hold::UntilReleased => takes_us,
    }
}
