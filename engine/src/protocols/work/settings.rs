//! Settings: how a swarm shares out its work (W2, W3, W5, W11).

use super::assign::Assign;
use super::assign::words::formula;
use super::score::Policy;
use super::section::check::WorkSetup;
use super::section::{PolicyFile, WorkFile};
use crate::common::room::Edited;
use crate::common::settings::Settings;
use crate::protocol::number::with_point;
use crate::protocol::setting::{Scale, Setting};

/// Longer than these nobody waits.
const WINDOW_MAX_MS: u32 = 500;
const LEASE_MAX_MS: u32 = 10_000;
/// A longer half-life hardly forgets in a run.
const HALF_LIFE_MAX_MS: u32 = 10_000;
/// Idle agents that ask less often find nothing.
const STEAL_MAX_MS: u32 = 500;
/// More reports than these nobody reads.
const REPORTS_MAX: u32 = 20;

/// Limits of running tasks, and their words.
const LIMITS: [(Option<u32>, &str); 8] = [
    (None, "no limit"),
    (Some(1), "one"),
    (Some(2), "at most 2"),
    (Some(3), "at most 3"),
    (Some(5), "at most 5"),
    (Some(10), "at most 10"),
    (Some(20), "at most 20"),
    (Some(50), "at most 50"),
];
const LIMIT_WORDS: [&str; LIMITS.len()] = {
    let mut words = [""; LIMITS.len()];
    let mut place = 0;
    while place < LIMITS.len() {
        words[place] = LIMITS[place].1;
        place += 1;
    }
    words
};

pub(super) fn list(setup: &WorkSetup) -> Vec<Setting> {
    let mut settings = Settings::default();
    let rules = &setup.rules;
    let assign = rules.assign;
    let ways = Scale::List(&Assign::WORDS);
    settings.add("assign", "Assign by", assign.place() as u32, ways);
    if assign == Assign::Adaptive {
        settings.say(assign.words().to_owned(), formula(rules.weights));
    }
    let policy = rules.policy;
    let named = Policy::ALL.iter().position(|(known, _)| *known == policy);
    let named = named.unwrap_or(Policy::ALL.len()) as u32;
    let scale = Scale::Buttons(&["balanced", "skill first"]);
    if !assign.is_dispatch() {
        settings.add("score-by", "What counts in a score", named, scale);
        settings.say(scale.words(named), weights(policy));
    }
    let window = ("Wait for bids", "bid-window", rules.bid_window_us, (20, WINDOW_MAX_MS), 20);
    let lease = ("Lease per attempt", "lease", rules.lease_us, (100, LEASE_MAX_MS), 100);
    let times = Some(window).filter(|_| !assign.is_dispatch()).into_iter().chain([lease]);
    for (label, id, us, ends, step) in times {
        settings.number((id, label), (us / 1_000) as u32, ends, (step, " ms"));
        settings.say(format!("{} ms", with_point(us, 3)), String::new());
    }
    if assign == Assign::ResponseTime {
        let half_life_ms = (rules.half_life_us / 1_000) as u32;
        let label = ("half-life", "Half-life of the average");
        settings.number(label, half_life_ms, (100, HALF_LIFE_MAX_MS), (100, " ms"));
        settings.say(format!("{} ms", with_point(rules.half_life_us, 3)), String::new());
    }
    let limit = LIMITS.iter().position(|(limit, _)| *limit == rules.limit);
    let place = limit.unwrap_or(LIMITS.len()) as u32;
    settings.add("limit", "Tasks at once", place, Scale::List(&LIMIT_WORDS));
    if let (None, Some(limit)) = (limit, rules.limit) {
        settings.say(format!("at most {limit}"), String::new());
    }
    if rules.workers.is_empty() {
        let scale = Scale::Buttons(&["no pre-emption", "pre-empt"]);
        settings.add("preempt", "Higher priorities", rules.preempts.into(), scale);
        let steal_ms = rules.steals.map_or(0, |it| (it.every_us / 1_000) as u32);
        let steal = ("steal", "The idle ask for work");
        settings.number(steal, steal_ms, (0, STEAL_MAX_MS), (10, " ms"));
    }
    settings.number(("attempts", "Attempts at most"), rules.attempts, (1, 10), (1, ""));
    settings.number(("progress", "Reports on a part"), rules.progress, (0, REPORTS_MAX), (1, ""));
    if !rules.workers.is_empty() {
        let asked = u32::from(rules.manager.is_none());
        settings.add("asked", "Who is asked", asked, Scale::Buttons(&["managers", "everyone"]));
    }
    settings.0
}

/// "0.4 reputation, 0.6 skill": what counts for nothing is left out.
fn weights(policy: Policy) -> String {
    let Policy { reputation, skill, load } = policy;
    let parts = [("reputation", reputation), ("skill", skill), ("free", load)];
    let said = parts.into_iter().filter(|(_, weight)| *weight > 0);
    let said: Vec<String> =
        said.map(|(name, weight)| format!("{} {name}", with_point(weight.into(), 2))).collect();
    said.join(", ")
}

pub(super) fn set(
    setup: &WorkSetup,
    edited: &mut Edited<'_, WorkFile>,
    setting: &str,
    value: u32,
) -> Option<()> {
    let work = &mut *edited.section;
    match setting {
        "assign" => {
            let (_, name) = Assign::ALL.get(value as usize)?;
            work.assign = Some((*name).to_owned());
        }
        "half-life" => work.half_life_ms = Some(value.into()),
        "score-by" => {
            let (_, name) = Policy::ALL.get(value as usize)?;
            work.policy = Some(PolicyFile::Named((*name).to_owned()));
        }
        "bid-window" => work.bid_window_ms = Some(value.into()),
        "lease" => work.lease_ms = Some(value.into()),
        "limit" => work.limit = LIMITS.get(value as usize)?.0,
        "steal" => work.steal_ms = Some(value.into()),
        "preempt" => work.preempt = Some(value > 0),
        "attempts" => work.attempts = Some(value),
        "progress" => work.progress = Some(value),
        "asked" => {
            let first = setup.rules.workers.first().filter(|_| value == 0);
            let manager = first.and_then(|(manager, _)| edited.cast.profile(*manager));
            work.manager = manager.map(|manager| manager.name.clone());
        }
        _ => return None,
    }
    Some(())
}
