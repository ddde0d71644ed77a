//! What a swarm that keeps something can be set to (S2, S4).

use crate::coordination::settings::Settings;
use crate::coordination::state::holder::SyncKind;
use crate::coordination::state::resolve::Strategy;
use crate::protocol::setting::Scale;
use crate::scenario::Scenario;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::state::SyncFile;

/// Longer than this nobody waits for the next comparing.
const EVERY_MAX_MS: u32 = 500;

pub(super) fn list(scenario: &Scenario, settings: &mut Settings) -> Option<()> {
    let rules = &scenario.state.as_ref()?.rules;
    // Keys that are made for the work stand behind those of the file, and are always merged.
    let of_file = scenario.file.state.iter().flat_map(|state| &state.keys);
    let all = of_file.map(|key| key.count.unwrap_or(1) as usize).sum();
    if let Some(key) = rules.keys.iter().take(all).find(|key| !key.strong) {
        let ways = Scale::List(&["last write wins", "vector clock", "replicated type"]);
        settings.add("resolve-by", "Resolver", key.strategy as u32, ways);
    }
    let every_ms = (rules.sync_interval_us / 1_000) as u32;
    settings.number(("sync-every", "Compare every"), every_ms, (0, EVERY_MAX_MS), (20, " ms"));
    if every_ms == 0 {
        settings.say("0 ms".to_owned(), "They never compare what they hold".to_owned());
    } else {
        let by = u32::from(rules.sync_by == SyncKind::Full);
        settings.add("sync-by", "Compare", by, Scale::Buttons(&["compare by delta", "in full"]));
    }
    let told = u32::from(!rules.push);
    settings.add("push", "A write is", told, Scale::Buttons(&["tell writes at once", "do not"]));
    Some(())
}

pub(super) fn set(file: &mut ScenarioFile, id: &str, value: u32) -> Option<()> {
    let state = file.state.as_mut()?;
    match id {
        "resolve-by" => {
            let (strategy, ..) = *Strategy::ALL.get(value as usize)?;
            for key in state.keys.iter_mut().filter(|key| !key.strong) {
                key.strategy = Some(strategy.name().to_owned());
            }
        }
        "sync-every" => state.sync_interval_ms = (value > 0).then_some(f64::from(value)),
        "sync-by" => state.sync = Some(if value == 0 { SyncFile::Delta } else { SyncFile::Full }),
        "push" => state.push = Some(value == 0),
        _ => return None,
    }
    Some(())
}
