use super::*;
use crate::common::shown::Peek as _;
use crate::playback::Command;
use crate::playback::run::Run;
use crate::protocol::setting::Scale;
use crate::protocols::gossip::Gossiping;
use crate::protocols::gossip::section::{StopFile, StopRuleFile};
use crate::protocols::work::boards::coordinators;
use crate::protocols::work::role::Work;
use crate::protocols::work::section::{PolicyFile, WeightsFile};
use crate::scenario::gallery;
use std::sync::Arc;

fn scenario(name: &str) -> Scenario {
    gallery::find(name).unwrap().scenario().unwrap()
}

fn find(scenario: &Scenario, id: &str) -> Setting {
    let found = settings(scenario).into_iter().find(|it| it.id == id);
    found.unwrap_or_else(|| panic!("{} has no {id}", scenario.file.name))
}

/// The ids with their words.
fn told(scenario: &Scenario) -> Vec<String> {
    settings(scenario).iter().map(|it| format!("{} {}", it.id, it.words)).collect()
}

#[test]
fn only_what_applies_can_be_set() {
    let gossip = ["fanout 3", "gossip-rounds 5", "convergence 95 %", "preset Standard"];
    assert_eq!(told(&scenario("gossip-ten"))[..4], gossip);
    assert_eq!(told(&scenario("gossip-ten"))[4..5], ["exchange Push"]);
    let byzantine = ["faulty 2", "voting-rounds 3", "round-length 100 ms"];
    assert_eq!(told(&scenario("byzantine-recovery")), byzantine);
    let weighted = ["approved-by share of weight", "share-needed 65 %"];
    assert_eq!(told(&scenario("deployment-vote"))[..2], weighted);
    assert_eq!(told(&scenario("unanimous")), ["approved-by everyone"]);
    assert_eq!(told(&scenario("database-choice")), ["wins-by most votes"]);
    let work = [
        "assign contract net",
        "score-by balanced",
        "bid-window 100 ms",
        "lease 5000 ms",
        "limit no limit",
        "preempt no pre-emption",
        "steal 0 ms",
        "attempts 3",
        "progress 4",
    ];
    assert_eq!(told(&scenario("campaign")), work);
    assert_eq!(told(&scenario("hierarchy"))[7..], ["asked managers"]);
    // Keys that are made for the work are always merged.
    let both = ["sync-every 0 ms", "push tell writes at once", "assign contract net"];
    assert_eq!(told(&scenario("task-distribution"))[..3], both);
    // Each stage has a rule of its own; what is kept can be set.
    let of_state = told(&scenario("reconnection"));
    let of_pipeline = settings(&scenario("pipeline"));
    assert!(of_pipeline.iter().all(|it| of_state.iter().any(|known| known.starts_with(it.id))));
}

#[test]
fn each_setting_of_the_gallery_goes_from_its_least_to_its_most() {
    let mut moved = 0;
    for entry in gallery::all() {
        let scenario = entry.scenario().unwrap();
        for setting in settings(&scenario) {
            let (name, id) = (entry.name, setting.id);
            let (least, most) = setting.scale.ends();
            for value in [least, most] {
                let changed = with(&scenario, id, value)
                    .unwrap_or_else(|problem| panic!("{name}, {id} {value}: {problem:?}"));
                let now = find(&changed, id);
                assert_eq!(now.value, value, "{name}, {id}");
                assert_eq!(now.words, setting.scale.words(value), "{name}, {id}");
                // And on from there, wherever everything else is.
                for other in settings(&changed) {
                    let (least, most) = other.scale.ends();
                    for end in [least, most] {
                        with(&changed, other.id, end).unwrap_or_else(|problem| {
                            panic!("{name}, {id} {value}, {} {end}: {problem:?}", other.id)
                        });
                        moved += 1;
                    }
                }
            }
        }
    }
    assert!(moved > 300, "only {moved} were tried");
}

#[test]
fn a_scenario_that_was_set_runs_as_it_says() {
    let changed = with(&scenario("gossip-ten"), "fanout", 7).unwrap();
    let seed = changed.file.seed;
    let mut run = Run::new(Arc::new(changed), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    assert_eq!(run.peek::<Gossiping>().unwrap().watch().spread(0).unwrap().gossip.fanout, 7);
}

/// The agent that does the first task of a scenario.
fn first_worker(scenario: Scenario) -> String {
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 400_000, budget: u64::MAX }).unwrap();
    let peek = run.peek::<Work>().unwrap();
    let job = &coordinators(&peek).unwrap().board.jobs[0];
    run.cast().name(job.parts[0].attempts[0].agent).to_owned()
}

#[test]
fn work_is_shared_out_as_it_is_set() {
    let before = scenario("skill-or-reputation");
    let changed = with(&before, "score-by", 1).unwrap();
    let mut expected = before.file.clone();
    let work = expected.work.as_mut().unwrap();
    work.policy = Some(PolicyFile::Named("skill_first".to_owned()));
    assert_eq!(changed.file, expected, "the rest stays as it was");
    assert_eq!(find(&changed, "score-by").note, "0.4 reputation, 0.6 skill");
    assert_eq!(first_worker(before.clone()), "veteran");
    assert_eq!(first_worker(changed), "specialist");
    for (id, value) in [("lease", 900), ("bid-window", 60), ("attempts", 1), ("progress", 0)] {
        let changed = with(&before, id, value).unwrap();
        let rules = &changed.rooms.work.as_ref().unwrap().rules;
        let found = [rules.lease_us / 1_000, rules.bid_window_us / 1_000];
        let [attempts, progress] = [rules.attempts, rules.progress].map(u64::from);
        let found = [
            ("lease", found[0]),
            ("bid-window", found[1]),
            ("attempts", attempts),
            ("progress", progress),
        ];
        assert!(found.contains(&(id, value.into())), "{id}: {found:?}");
    }
    // Weights of its own are none of the two, and said.
    let mut file = before.file;
    let weights = WeightsFile { reputation: 5, skill: 70, load: 25 };
    file.work.as_mut().unwrap().policy = Some(PolicyFile::Weights(weights));
    let own = find(&Scenario::check(file).unwrap(), "score-by");
    assert_eq!((own.value, &*own.note), (2, "0.05 reputation, 0.7 skill, 0.25 free"));
}

#[test]
fn everyone_is_asked_or_the_manager() {
    let before = scenario("hierarchy");
    let flat = with(&before, "asked", 1).unwrap();
    assert_eq!(flat.rooms.work.as_ref().unwrap().rules.manager, None);
    assert_eq!(first_worker(before.clone()), "editor");
    assert_ne!(first_worker(flat.clone()), "editor");
    assert_eq!(with(&flat, "asked", 0).unwrap().file, before.file, "and back");
}

#[test]
fn the_rest_of_the_file_stays_as_it_was() {
    let before = scenario("gossip-lossy");
    let changed = with(&before, "fanout", 4).unwrap();
    let mut expected = before.file.clone();
    expected.proposals[0].gossip.as_mut().unwrap().fanout = Some(4);
    assert_eq!(changed.file, expected);
    assert_eq!(before.file, scenario("gossip-lossy").file, "nor the gallery's");
    assert!(gallery::entry_of(&changed.file).is_none(), "it is none of the gallery any more");
    let mut expected = scenario("byzantine-ring").file;
    expected.proposals[0].byzantine.as_mut().unwrap().rounds = Some(8);
    assert_eq!(with(&scenario("byzantine-ring"), "voting-rounds", 8).unwrap().file, expected);
}

#[test]
fn the_rule_by_which_agents_stop_telling_can_be_set() {
    let ten = scenario("gossip-ten");
    assert_eq!(find(&ten, "stop").words, "when all is known, and two rounds bring no news");
    assert!(with(&ten, "stop-k", 2).is_err(), "without a rule there is no k");
    for (place, words, feedback, rule) in [
        (1, "feedback and counter", true, StopRuleFile::Counter),
        (2, "feedback and coin", true, StopRuleFile::Coin),
        (3, "blind and counter", false, StopRuleFile::Counter),
        (4, "blind and coin", false, StopRuleFile::Coin),
    ] {
        let set = with(&with(&ten, "stop", place).unwrap(), "stop-k", 4).unwrap();
        assert_eq!((find(&set, "stop").value, find(&set, "stop").words.as_str()), (place, words));
        assert_eq!(find(&set, "stop-k").value, 4);
        let written = set.file.proposals[0].gossip.unwrap().stop;
        assert_eq!(written, Some(StopFile { rule, feedback, k: 4 }));
        // An agent that does not tell by itself has nothing to stop: the rule is gone, and does not come back
        // with the next way of talking.
        let pull = with(&set, "exchange", 1).unwrap();
        assert_eq!(pull.file.proposals[0].gossip.unwrap().stop, None);
        assert!(settings(&pull).iter().all(|it| it.id != "stop"));
        assert_eq!(with(&set, "stop", 0).unwrap().file.proposals[0].gossip.unwrap().stop, None);
    }
}

#[test]
fn what_cannot_be_set_is_said_and_changes_nothing() {
    let ten = scenario("gossip-ten");
    // There are nine others: no agent has a tenth partner, and the preset that asks for ten is not offered.
    assert_eq!(find(&ten, "fanout").scale.ends(), (1, 9));
    assert_eq!(find(&ten, "preset").scale, Scale::Buttons(&["Standard", "Critical"]));
    let refused = with(&ten, "fanout", 10).unwrap_err();
    assert_eq!((refused.path.as_str(), refused.expected.as_str()), ("fanout", "1 to 9"));
    assert!(with(&ten, "faulty", 1).is_err() && with(&ten, "nothing", 1).is_err());
    // A deadline bounds what has to be over by then.
    assert_eq!(find(&scenario("gossip-lossy"), "gossip-rounds").scale.ends(), (1, 23));
    assert_eq!(find(&ten, "gossip-rounds").scale.ends(), (1, 64), "without one there may be all");
    let mut file = scenario("gossip-lossy").file;
    file.proposals[0].deadline_ms = Some(1_500.0);
    let hasty = Scenario::check(file).unwrap();
    assert_eq!(find(&hasty, "gossip-rounds").scale.ends(), (1, 13));
}

#[test]
fn what_lies_off_the_scale_is_said_exactly() {
    let mut file = scenario("deployment-vote").file;
    file.proposals[0].threshold = Some(0.6675);
    let share = find(&Scenario::check(file.clone()).unwrap(), "share-needed");
    assert_eq!((share.value, share.words.as_str()), (66, "66.75 %"));
    file.proposals[0].threshold = None;
    assert_eq!(find(&Scenario::check(file).unwrap(), "share-needed").words, "more than half");
    let mut file = scenario("byzantine-ring").file;
    file.proposals[0].byzantine.as_mut().unwrap().round_ms = Some(720.5);
    let length = find(&Scenario::check(file).unwrap(), "round-length");
    assert_eq!((length.words.as_str(), length.scale.ends()), ("720.5 ms", (10, 720)));
}
