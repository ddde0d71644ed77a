//! The settings of what a swarm keeps (S2, S4).

use super::holder::SyncKind;
use super::resolve::Strategy;
use super::section::{StateFile, StateSetup};
use crate::common::settings::Settings;
use crate::protocol::setting::{Scale, Setting};

/// Longer than this nobody waits for the next comparing.
const EVERY_MAX_MS: u32 = 500;

pub(super) fn settings(StateSetup { rules, own_keys, .. }: &StateSetup) -> Vec<Setting> {
    let mut settings = Settings::default();
    // Keys that are made for the work are always merged.
    if let Some(key) = rules.keys.iter().take(*own_keys).find(|key| !key.strong) {
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
    settings.0
}

/// Writes a setting into the section; `None` where it is of another protocol.
pub(super) fn set(state: &mut StateFile, id: &str, value: u32) -> Option<()> {
    match id {
        "resolve-by" => {
            let (strategy, ..) = *Strategy::ALL.get(value as usize)?;
            for key in state.keys.iter_mut().filter(|key| !key.strong) {
                key.strategy = Some(strategy.name().to_owned());
            }
        }
        "sync-every" => state.sync_interval_ms = (value > 0).then_some(f64::from(value)),
        "sync-by" => state.sync = Some(if value == 0 { SyncKind::Delta } else { SyncKind::Full }),
        "push" => state.push = Some(value == 0),
        _ => return None,
    }
    Some(())
}
