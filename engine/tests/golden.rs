//! The built-in scenarios come out the same everywhere: natively and in the browser.
//!
//! After a change that is meant to change them, `UPDATE_GOLDEN=1 cargo test -p swarmglass-engine
//! --test golden` writes the files anew; the difference is read in review.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use swarmglass_engine::playback::{Command, Run};
use swarmglass_engine::scenario::gallery;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn finished(name: &str, seed: u64) -> Run {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    assert!(run.ended(), "{name} has an end");
    run
}

fn hashes(entries: &[gallery::Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        let own = entry.scenario().unwrap().file.seed;
        for seed in [own, 1_000 + own] {
            let report = finished(entry.name, seed).report();
            let line = format!("{} {seed} {} {}\n", entry.name, report.trace_hash, report.events);
            text.push_str(&line);
        }
    }
    text
}

#[test]
fn traces_are_those_that_were_committed() {
    for scenarios in gallery::by_protocol() {
        let found = hashes(scenarios.entries);
        #[cfg(not(target_arch = "wasm32"))]
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            if let Some(entry) = scenarios.entries.first() {
                std::fs::write(format!("{}/golden/hashes.txt", entry.folder), &found).unwrap();
            }
            continue;
        }
        let committed = scenarios.hashes;
        assert_eq!(found, committed, "see the top of this file for how to accept a change");
    }
}

#[test]
fn the_deployment_vote_is_approved_with_any_seed() {
    for seed in 0..50 {
        let report = finished("deployment-vote", seed).report();
        let decision = &report.decisions[0];
        assert_eq!(decision.approval.to_string(), "0.791666", "seed {seed}");
        assert_eq!((decision.in_favour, decision.against), (4, 1), "seed {seed}");
    }
}

/// Each scenario as a transcript: every sentence of its log, with its time.
#[cfg(not(target_arch = "wasm32"))]
mod transcripts {
    use super::*;

    use swarmglass_engine::sim::What;
    use swarmglass_engine::view::property::meaning;
    use swarmglass_engine::view::sentence::{Importance, importance, seconds, sentence};

    /// The traffic of larger swarms is left out: it would fill hundreds of kilobytes, and is in the hash.
    const AGENTS_MAX: usize = 30;

    fn transcript(name: &str) -> String {
        let seed = gallery::find(name).unwrap().scenario().unwrap().file.seed;
        let run = finished(name, seed);
        let mut text = String::new();
        let large = run.cast().agents.len() > AGENTS_MAX;
        for event in run.log().range(0, u64::MAX) {
            if large && importance(event) == Importance::Traffic {
                continue;
            }
            if !matches!(event.what, What::Started | What::Timer | What::Commanded) {
                let sentence = sentence(event, run.cast());
                text.push_str(&format!("{} {sentence}\n", seconds(event.time_us)));
            }
        }
        text
    }

    #[test]
    fn what_happens_reads_as_it_was_committed() {
        for entry in gallery::all() {
            let folder = format!("{}/golden", entry.folder);
            let path = format!("{folder}/{}.txt", entry.name);
            let found = transcript(entry.name);
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::create_dir_all(folder).unwrap();
                std::fs::write(&path, &found).unwrap();
            }
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(found, expected, "{path}: see the top of golden.rs");
        }
    }

    #[test]
    fn every_property_says_what_it_means() {
        let mut told = std::collections::BTreeMap::new();
        for entry in gallery::all() {
            for property in
                finished(entry.name, entry.scenario().unwrap().file.seed).report().properties
            {
                told.insert(property.name, meaning(property.name));
            }
        }
        let different: std::collections::BTreeSet<_> = told.values().collect();
        assert!(told.len() >= 10, "{told:?}");
        assert!(different.len() == told.len() && !different.contains(&""), "{told:?}");
    }

    #[test]
    fn every_scenario_has_an_info_page_with_its_four_parts() {
        let parts = ["## What it is", "## How it works", "## Things to notice", "## Things to try"];
        for entry in gallery::all() {
            let places: Vec<_> = parts.iter().map(|part| entry.info.find(part)).collect();
            assert!(places.iter().all(Option::is_some), "{}: {places:?}", entry.name);
            assert!(places.is_sorted(), "{}: parts in this order", entry.name);
            let scenario = entry.scenario().unwrap();
            assert_eq!(scenario.file.name, entry.name);
            assert!(entry.info.starts_with(&format!("# {}\n", scenario.file.title)));
            assert!(!scenario.file.summary.is_empty() && !scenario.file.notice.is_empty());
        }
    }
}

/// Each scenario as the report that `swarmglass run NAME --json` prints. Keys may be added to it; none may go, and no value may change.
#[cfg(not(target_arch = "wasm32"))]
mod reports {
    use serde_json::Value;

    use super::*;

    /// Where the report lacks something of the golden one, or says it differently.
    fn lost(path: &str, golden: &Value, found: Option<&Value>) -> Option<String> {
        match (golden, found) {
            (Value::Object(golden), Some(Value::Object(found))) => golden
                .iter()
                .find_map(|(key, golden)| lost(&format!("{path}.{key}"), golden, found.get(key))),
            (Value::Array(golden), Some(Value::Array(found))) if golden.len() == found.len() => {
                let pairs = golden.iter().zip(found).enumerate();
                pairs
                    .map(|(place, (golden, found))| (format!("{path}[{place}]"), golden, found))
                    .find_map(|(path, golden, found)| lost(&path, golden, Some(found)))
            }
            (golden, Some(found)) if golden == found => None,
            (golden, found) => Some(format!("{path}: {golden} has become {found:?}")),
        }
    }

    #[test]
    fn reports_say_all_that_was_committed() {
        for entry in gallery::all() {
            let path = format!("{}/golden/{}.json", entry.folder, entry.name);
            let seed = entry.scenario().unwrap().file.seed;
            let text = serde_json::to_string_pretty(&finished(entry.name, seed).report()).unwrap();
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::write(&path, format!("{text}\n")).unwrap();
            }
            let golden = std::fs::read_to_string(&path).unwrap();
            let golden: Value = serde_json::from_str(&golden).unwrap();
            let found: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(lost(entry.name, &golden, Some(&found)), None, "{path}");
        }
    }

    #[test]
    fn what_is_lost_is_named() {
        let golden = serde_json::json!({ "a": [1, { "b": null }] });
        for (found, expected) in [
            (serde_json::json!({ "a": [1, { "b": null, "c": 2 }], "d": 3 }), None),
            (serde_json::json!({ "a": [1, {}] }), Some("x.a[1].b: null has become None")),
            (serde_json::json!({ "a": [1] }), Some("x.a: [1,{\"b\":null}] has become")),
            (serde_json::json!({ "a": [2, { "b": null }] }), Some("x.a[0]: 1 has become")),
        ] {
            let lost = lost("x", &golden, Some(&found));
            match expected {
                None => assert_eq!(lost, None),
                Some(expected) => assert!(lost.clone().unwrap().starts_with(expected), "{lost:?}"),
            }
        }
    }
}
