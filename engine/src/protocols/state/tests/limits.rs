//! At the ends of what a file may say nothing wraps, and all come to the same.

use crate::common::value::Value;
use crate::protocols::state::note::StateNote;
use crate::swarm::note::Note;
use serde_json::json;

use super::swarm::{at, holders, notes, played, scenario, value_at, write};

const MOST: u64 = 1_000_000_000;

#[test]
fn after_the_greatest_clock_and_version_all_hold_what_was_written_next() {
    let agents = json!([{ "id": "a", "count": 3 }]);
    for strategy in ["last_write_wins", "vector_clock"] {
        let state = json!({
            "keys": [{ "key": "k", "strategy": strategy }], "sync_interval_ms": 50,
            "replicas": [{ "agent": "a-1", "key": "k", "value": 1, "version": MOST, "clock": { "a-1": MOST } }],
        });
        let next = at(10, write("a-1", &json!({ "key": "k", "set": 2 })));
        let file = scenario(&agents, &state, &[next], &json!({ "ends_at_ms": 1000 }));
        let simulation = played(&file, 1, 1_000);
        for (agent, holder) in holders(&simulation) {
            assert_eq!(value_at(&simulation, agent.0, 0), Value::integer(2), "{strategy}");
            let (_, record) = holder.replica.records.iter().next().unwrap();
            assert_eq!(record.current().version, MOST + 1, "{strategy}");
            assert_eq!(record.current().dot.sequence, MOST + 1, "{strategy}");
        }
    }
}

#[test]
fn the_greatest_version_that_a_strong_write_may_expect_is_refused_as_another() {
    let state = json!({ "keys": [{ "key": "k", "strong": true }] });
    let faults = [at(10, write("a-1", &json!({ "key": "k", "set": 2, "expects": MOST })))];
    let file = scenario(&json!([{ "id": "a", "count": 3 }]), &state, &faults, &json!({}));
    let simulation = played(&file, 1, 1_000);
    let voted = |note: &Note| {
        matches!(note, Note::State(StateNote::StrongVoted { .. } | StateNote::Committed { .. }))
    };
    assert!(!notes(&simulation).any(|(_, note)| voted(&note)));
}

#[test]
fn what_nine_agents_count_at_once_is_added_up_exactly() {
    let state = json!({ "keys": [{ "key": "k", "type": "pn_counter" }], "sync_interval_ms": 50 });
    let adds = (1..=9).map(|n| {
        at(10, write(&format!("a-{n}"), &json!({ "key": "k", "add": 999_999_999_999_u64 })))
    });
    let faults: Vec<_> = adds.collect();
    let agents = json!([{ "id": "a", "count": 10 }]);
    let file = scenario(&agents, &state, &faults, &json!({ "ends_at_ms": 3000 }));
    let simulation = played(&file, 1, 3_000);
    for agent in 0..10 {
        assert_eq!(value_at(&simulation, agent, 0), Value::integer(9 * 999_999_999_999));
    }
}
