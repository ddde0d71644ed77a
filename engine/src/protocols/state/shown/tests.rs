use super::*;
use crate::playback::{Command, Run};
use crate::scenario::{Scenario, gallery};

fn at(name: &str, time_us: u64) -> Run {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::SeekTime { time_us }).unwrap();
    run
}

/// The faces of the first agents: the value, with "≠" where it differs, and the second line.
fn check_faces(name: &str, time_us: u64, expected: &[(&str, &str)]) {
    let run = at(name, time_us);
    let faces = State::faces(&run.peek::<State>().unwrap(), &Look::default());
    let told = |face: &Face| {
        let sign = if face.differs { "≠ " } else { "" };
        (format!("{sign}{}", face.value.clone().unwrap_or_default()), face.second.clone())
    };
    let found: Vec<_> = faces.iter().take(expected.len()).flatten().map(told).collect();
    let expected: Vec<_> =
        expected.iter().map(|(value, second)| ((*value).into(), (*second).into())).collect();
    assert_eq!(found, expected, "{name} at {time_us}");
}

#[test]
fn a_disc_holds_the_value_where_nothing_else_is_the_matter() {
    let apart = [("62", "version 4"), ("≠ 75", "version 5"), ("≠ 75", "version 5")];
    check_faces("counter-partition", 600_000, &apart);
    check_faces("vector-concurrent", 500_000, &[("ben", "2 concurrent")]);
    let (newest, old) = (("agent-3", "version 3"), ("≠ agent-2", "version 2"));
    let refused = ("≠ agent-2", "refused");
    check_faces("strong-minority", 700_000, &[newest, newest, newest, refused, old]);
    // While a proposal is open discs are about that, and where there is work about work.
    check_faces("deployment-vote", 100_000, &[("", "version 1")]);
    check_faces("deployment-vote", 5_000_000, &[("100", "version 6")]);
    check_faces("task-distribution", 5_000_000, &[("", "version 23")]);
}

#[test]
fn the_coordinator_holds_nothing_and_is_offered_nothing() {
    let run = at("counter-partition", 600_000);
    let (peek, coordinator) = (run.peek::<State>().unwrap(), run.cast().coordinator.unwrap());
    assert_eq!(State::faces(&peek, &Look::default())[coordinator.index()], None);
    assert!(State::acts(&peek, coordinator).is_empty());
    let ids: Vec<_> = State::acts(&peek, AgentId(0)).iter().map(|offer| offer.id).collect();
    assert_eq!(ids, ["sync-delta", "sync-full"]);
}

#[test]
fn in_a_large_swarm_there_are_words_only_beside_the_agent_that_is_selected() {
    let agents = json!([{ "id": "agent", "count": 301, "role": "worker" }]);
    let keys = json!({ "keys": [{ "key": "mode", "value": "calm" }] });
    let entry = gallery::find("delta-sync").unwrap();
    let mut file: serde_json::Value = serde_json::from_str(entry.json).unwrap();
    (file["agents"], file["state"], file["faults"]) = (agents, keys, json!([]));
    let run = Run::new(Arc::new(Scenario::from_value(file, "large").unwrap()), 1).unwrap();
    let look = Look { selected: Some(AgentId(7)), ..Look::default() };
    let faces = State::faces(&run.peek::<State>().unwrap(), &look);
    let told = (0..).zip(&faces).filter(|(_, face)| {
        face.as_ref().is_some_and(|it| it.value.is_some() || !it.second.is_empty())
    });
    let told: Vec<(u32, &str)> =
        told.filter_map(|(agent, face)| Some((agent, face.as_ref()?.second.as_str()))).collect();
    assert_eq!(told, [(7, "version 1")]);
}
