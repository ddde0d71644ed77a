//! A run that is saved and opened again is the same run at the same moment; one that is damaged,
//! foreign or newer says so.

use std::sync::Arc;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use swarmglass_engine::common::room::Members as _;
use swarmglass_engine::map::Map;
use swarmglass_engine::playback::saved::{LINK_MAX, LinkError, Reopening, VERSION};
use swarmglass_engine::playback::{Command, Frame, Run, SavedRun};
use swarmglass_engine::protocol::json;
use swarmglass_engine::protocol::read::read;
use swarmglass_engine::protocols::vote::acts::VoteAct;
use swarmglass_engine::scenario::file::intervention::Intervention;
use swarmglass_engine::scenario::{Scenario, ScenarioError, gallery};

fn gallery_run(name: &str, seed: u64) -> Run {
    Run::new(Arc::new(gallery::find(name).unwrap().scenario().unwrap()), seed).unwrap()
}

/// All that can be seen, as text. A cast knows no more than the names of those who join until it is made
/// again, so the names are compared.
fn picture(run: &Run) -> String {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    format!("{frame:?} {:?}", names(run))
}

fn names(run: &Run) -> Vec<&str> {
    run.cast().agents.iter().map(|agent| agent.name.as_str()).collect()
}

/// As a link sees it: there is one branch in it.
fn picture_of_branch(run: &Run) -> String {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    (frame.branch, frame.branches) = (0, 0);
    format!("{frame:?} {:?}", names(run))
}

fn open_link(link: &str) -> Run {
    let saved = SavedRun::from_link(link).unwrap_or_else(|error| panic!("{error}: {link}"));
    let (run, difference) = Run::reopen(&saved).unwrap();
    assert_eq!(difference, None, "{link}");
    run
}

fn open_file(text: &str) -> Run {
    assert!(SavedRun::is_one(text));
    let saved = SavedRun::parse(text, "my.json").unwrap_or_else(|error| panic!("{error}: {text}"));
    let (run, difference) = Run::reopen(&saved).unwrap();
    assert_eq!(difference, None, "{text}");
    run
}

/// A run with a branch in its past.
fn crashed() -> Run {
    let mut run = gallery_run("deployment-vote", 7);
    run.apply(&Command::AdvanceTo { time_us: 400_000, budget: u64::MAX }).unwrap();
    run.apply(&Command::SeekTime { time_us: 100_000 }).unwrap();
    let crash = Intervention::Crash { agent: "devops-engineer".into() };
    run.apply(&Command::Intervene(crash)).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 250_000, budget: u64::MAX }).unwrap();
    run
}

#[test]
fn a_link_to_the_gallery_is_short_and_can_be_read() {
    let link = gallery_run("deployment-vote", 7).save(Map::new()).to_link();
    let start = "run=1&scenario=deployment-vote&seed=7&at=('steps':0,'time_us':0)&events=6&hash=";
    assert!(link.starts_with(start), "{link}");
    assert!(link.len() < 150, "{} {link}", link.len());
    let link = crashed().save(Map::new()).to_link();
    let done = "&done=$('at_us':100001,'do':('crash':('agent':'devops-engineer')));&";
    assert!(link.contains(done), "{link}");
    assert!(link.len() < 250, "{} {link}", link.len());
}

#[test]
fn the_way_it_was_looked_at_is_kept_whatever_it_says() {
    let odd = "a 'b' \"c\" (d) [e] {f} $;&=+%#<>|\\^`\n\u{1} ä€😀";
    let view: Map<String, String> = [("agent", odd), (odd, ""), ("speed", "-130")]
        .map(|(k, v)| (k.into(), v.into()))
        .into_iter()
        .collect();
    let saved = crashed().save(view.clone());
    assert_eq!(SavedRun::from_link(&saved.to_link()).unwrap().view, view);
    assert_eq!(SavedRun::parse(&saved.to_file(), "x").unwrap().view, view);
}

#[test]
fn a_link_that_was_encoded_once_more_reads_the_same() {
    let run = crashed();
    let link = run.save(Map::new()).to_link();
    let encoded: String = link
        .chars()
        .map(|c| if "()$;'+:,".contains(c) { format!("%{:02x}", u32::from(c)) } else { c.into() })
        .collect();
    assert_eq!(picture_of_branch(&open_link(&encoded)), picture_of_branch(&run));
}

#[test]
fn a_file_keeps_every_branch() {
    let run = crashed();
    let mut again = open_file(&run.save(Map::new()).to_file());
    assert_eq!(picture(&again), picture(&run));
    assert_eq!(again.branches()[1].label, "crash devops-engineer");
    assert_eq!(again.branches()[1].parent, Some((0, 100_000)));
    let mut run = run;
    for branch in [0, 1] {
        for run in [&mut run, &mut again] {
            run.apply(&Command::SwitchBranch { branch }).unwrap();
        }
        assert_eq!(picture(&again), picture(&run));
        assert_eq!(again.log().end_id(), run.log().end_id());
    }
}

#[test]
fn a_kept_run_goes_on_where_its_link_stands_with_all_its_branches() {
    let mut run = crashed();
    let kept = SavedRun::parse(&run.save(Map::new()).to_file(), "kept").unwrap();
    let at_link = |run: &Run| {
        let link = SavedRun::from_link(&run.save(Map::new()).to_link()).unwrap();
        let mut kept = kept.clone();
        kept.go_to_link(&link).map(|()| kept)
    };
    for branch in [1, 0] {
        run.apply(&Command::SwitchBranch { branch }).unwrap();
        run.apply(&Command::AdvanceTo { time_us: 600_000, budget: u64::MAX }).unwrap();
        run.apply(&Command::SeekTime { time_us: 500_000 }).unwrap();
        let again = at_link(&run).unwrap();
        assert_eq!((again.branches.len(), again.branch), (2, branch));
        let (again, difference) = Run::reopen(&again).unwrap();
        assert_eq!((picture(&again), difference), (picture(&run), None));
    }
    // Something else was done in it, or it is another run.
    run.apply(&Command::Intervene(Intervention::Heal)).unwrap();
    assert!(at_link(&run).is_none());
    assert!(at_link(&gallery_run("deployment-vote", 8)).is_none());
    assert!(at_link(&gallery_run("ring-vote", 7)).is_none());
    assert!(at_link(&gallery_run("deployment-vote", 7)).is_some());
}

/// Opens or says why not; when it opens without a word, it is the run that was saved.
fn check_link(link: &str, expected: &str) {
    let Ok(saved) = SavedRun::from_link(link) else { return };
    if let Ok((run, None)) = Run::reopen(&saved) {
        assert_eq!(picture_of_branch(&run), expected, "{link}");
    }
}

#[test]
fn a_link_cut_short_anywhere_is_refused() {
    let link = crashed().save(Map::new()).to_link();
    for end in 0..link.len() {
        let error = SavedRun::from_link(&link[..end]).unwrap_err();
        assert!(matches!(error, LinkError::Foreign | LinkError::Damaged { .. }), "{error}");
    }
    for start in 1..link.len() {
        assert_eq!(SavedRun::from_link(&link[start..]).unwrap_err(), LinkError::Foreign);
    }
}

#[test]
fn a_link_with_one_character_changed_lost_or_doubled_never_opens_another_run() {
    let run = crashed();
    let (link, expected) = (run.save(Map::new()).to_link(), picture_of_branch(&run));
    for place in 0..link.len() {
        let (before, after) = (&link[..place], &link[place + 1..]);
        check_link(&format!("{before}{after}"), &expected);
        check_link(&format!("{before}{0}{0}{after}", &link[place..=place]), &expected);
        for other in "019aZf-_.~!$'();:@/?,+&=% #\"{}é\u{0}😀".chars() {
            check_link(&format!("{before}{other}{after}"), &expected);
        }
    }
}

#[test]
fn a_file_cut_short_is_refused_and_one_that_was_changed_says_so() {
    let run = crashed();
    let (text, expected) = (run.save(Map::new()).to_file(), picture(&run));
    for end in 0..text.trim_end().len() {
        if text.is_char_boundary(end) {
            assert!(SavedRun::parse(&text[..end], "x").is_err());
        }
    }
    let other_seed = text.replacen("\"seed\": 7", "\"seed\": 8", 1);
    let saved = SavedRun::parse(&other_seed, "x").unwrap();
    let (_, difference) = Run::reopen(&saved).unwrap();
    let message = difference.unwrap().to_string();
    assert!(message.contains("changed since it was saved"), "{message}");
    assert!(open_file(&text).branches().len() == 2 && picture(&open_file(&text)) == expected);
}

#[test]
fn an_upgrade_that_changes_the_run_is_said() {
    let mut saved = crashed().save(Map::new());
    saved.version = "0.0.9".into();
    // The version alone changes nothing.
    assert_eq!(Run::reopen(&saved).unwrap().1, None);
    saved.trace_hash ^= 1;
    let (run, difference) = Run::reopen(&saved).unwrap();
    let message = difference.unwrap().to_string();
    for part in
        ["saved by swarmglass 0.0.9", VERSION, "as many, but not the same", "not what was shared"]
    {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(run.simulation().now_us(), 250_000);
    saved.events += 3;
    saved.branches[1].at.steps += 1_000;
    let (run, difference) = Run::reopen(&saved).unwrap();
    assert!(difference.unwrap().to_string().contains("and now there are "));
    assert_eq!(run.simulation().now_us(), 250_000);
}

#[test]
fn played_again_in_parts_it_is_the_same_run() {
    let run = crashed();
    for budget in [1, 7, 50] {
        let mut reopening = Reopening::new(run.save(Map::new())).unwrap();
        let (mut parts, mut before) = (0, 0);
        while !reopening.advance(budget).unwrap() {
            let (played, whole) = reopening.progress();
            assert!((before..=before + budget).contains(&played) && played <= whole);
            (parts, before) = (parts + 1, played);
        }
        assert!(parts > 0);
        let (reopened, difference) = reopening.finish().unwrap();
        assert_eq!((difference, picture(&reopened)), (None, picture(&run)));
    }
}

#[test]
fn no_saved_run_takes_longer_than_it_says() {
    let endless = r#"{ "format": 1, "name": "patience", "title": "Patience",
        "agents": [{ "id": "a", "count": 3, "mind": "silent" }],
        "proposals": [{ "id": "p", "deadline_ms": 100000000, "reminder_ms": 100 }] }"#;
    let scenario = Arc::new(Scenario::parse(endless, "x").unwrap());
    let mut run = Run::new(scenario, 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 1_000_000, budget: u64::MAX }).unwrap();
    let mut saved = run.save(Map::new());
    // Its moment is beyond what was ever played.
    saved.branches[0].at.steps = u64::MAX;
    saved.branches[0].at.time_us = 1 << 40;
    let (reopened, difference) = Run::reopen(&saved).unwrap();
    assert!(difference.is_none(), "the end of what was played is where it was saved");
    assert_eq!(reopened.simulation().steps(), run.simulation().steps());
    // It was played for ever: in parts that can be given up.
    saved.branches[0].reached = saved.branches[0].at;
    let mut reopening = Reopening::new(saved).unwrap();
    for _ in 0..10 {
        assert!(!reopening.advance(1_000).unwrap());
    }
    assert_eq!(reopening.progress(), (10_000, u64::MAX));
}

#[test]
fn a_proposal_that_is_put_by_hand_has_a_name_of_its_own() {
    let mut run = gallery_run("deployment-vote", 7);
    run.apply(&Command::Intervene(Intervention::Crash { agent: "coordinator".into() })).unwrap();
    let like = run.scenario().opened_files()[0].clone();
    for expected in ["proposal-2", "proposal-3"] {
        let id = run.new_proposal_id();
        assert_eq!(id, expected);
        let mut proposal = like.clone();
        proposal.put("id", &id);
        run.apply(&Command::Intervene(Intervention::Vote(VoteAct::Propose { proposal }))).unwrap();
    }
}

#[test]
fn what_is_foreign_or_newer_is_told_apart() {
    let check = |link: &str, expected: &str| {
        let message = SavedRun::from_link(link).unwrap_err().to_string();
        assert!(message.contains(expected), "{link}: {message}");
    };
    for foreign in ["", "top", "/route?x=1", "RUN=1", "{\"run\":1}"] {
        check(foreign, "no run of swarmglass");
    }
    check("run=2&anything=at~all", "format 2");
    check("run=2", "open it with a newer version");
    check("run=", "damaged");
    check("run=0&check=00000000", "damaged");
    check("run=1&seed=7", "its end is missing");
    check("run=1&seed&check=00000000", "damaged");
    check("run=1&seed=%zz&check=00000000", "damaged");
    check("run=1&seed=%ff&check=00000000", "damaged");
    let file = |text: &str, expected: &str| {
        let message = SavedRun::parse(text, "my.json").unwrap_err().to_string();
        assert!(message.starts_with("my.json") && message.contains(expected), "{message}");
    };
    file("hello", "not JSON");
    file("{}", "at run");
    file(r#"{ "run": 3 }"#, "newer version");
    file(r#"{ "run": 1 }"#, "at scenario");
    file(r#"{ "run": 1, "scenario": { "format": 9 } }"#, "scenario: at format");
    let unknown =
        SavedRun::parse(r#"{ "run": 1, "scenario": "deploymentvote" }"#, "x").unwrap_err();
    assert!(matches!(unknown, ScenarioError::UnknownName { .. }));
    let whole = crashed().save(Map::new()).to_file();
    for (part, other, expected) in [
        ("\"branch\": 1", "\"branch\": 2", "at branch"),
        ("\"left\":{\"branch\":0", "\"left\":{\"branch\":1", "branches[1].left.branch"),
        ("\"hash\": \"", "\"hash\": \"x", "at hash"),
        ("\"steps\":", "\"step\":", "unknown field \"step\""),
        ("\"at_us\":100001", "\"at_us\":1000000000000001", "done[0].at_us"),
        ("\"crash\"", "\"clash\"", "did you mean \"crash\"?"),
    ] {
        assert!(whole.contains(part), "{part} in {whole}");
        file(&whole.replacen(part, other, 1), expected);
    }
    let nobody = whole.replacen("{\"agent\":\"devops", "{\"agent\":\"nobody", 1);
    let saved = SavedRun::parse(&nobody, "x").unwrap();
    assert!(Run::reopen(&saved).is_err());
    assert!(!SavedRun::is_one(gallery::all()[0].json));
    assert!(!SavedRun::is_one("[1"));
}

#[test]
fn a_scenario_of_ones_own_is_in_the_link_as_long_as_it_fits() {
    let own = |count: usize| {
        let agents: Vec<String> =
            (0..count).map(|n| format!(r#"{{ "id": "agent-number-{n}" }}"#)).collect();
        let text = format!(
            r#"{{ "format": 1, "name": "mine", "title": "Mine & yours: 100 % \"x\"", "seed": 18446744073709551615,
                 "agents": [{}], "proposals": [{{ "id": "p" }}] }}"#,
            agents.join(",")
        );
        let scenario = Scenario::parse(&text, "mine.json").unwrap();
        let seed = scenario.file.seed;
        Run::new(Arc::new(scenario), seed).unwrap()
    };
    let mut run = own(5);
    run.apply(&Command::AdvanceTo { time_us: 70_000, budget: u64::MAX }).unwrap();
    let saved = run.save(Map::new());
    assert_eq!(picture(&open_link(&saved.to_link())), picture(&run));
    assert_eq!(picture(&open_file(&saved.to_file())), picture(&run));
    assert!(saved.to_link().len() < 900, "{}", saved.to_link());
    assert!(own(400).save(Map::new()).to_link().len() > LINK_MAX);
}

#[test]
fn every_scenario_is_the_same_after_it_was_written_and_read() {
    let every_field = include_str!("../src/protocol/read/every_field.json");
    for text in gallery::all().iter().map(|entry| entry.json).chain([every_field]) {
        let Ok(scenario) = Scenario::parse(text, "x") else { continue };
        let again = Scenario::parse(&scenario.to_text(), "x").unwrap();
        assert_eq!(again.file, scenario.file);
    }
}

/// Reads a part of a file.
fn part<T: DeserializeOwned>(text: &str) -> T {
    read(&json::parse(text).unwrap()).unwrap()
}

fn intervention() -> impl Strategy<Value = Intervention> {
    let agent = || "coordinator".to_owned();
    let spawned = || r#"{ "id": "late", "mind": { "chance": { "for": 0.25 } }, "weight": 1.5 }"#;
    let spawned = move || Box::new(part(spawned()));
    let asked =
        r#"{ "id": "again", "threshold": 0.6, "algorithm": "quorum", "fields": { "n": 2.5 } }"#;
    let slow = r#"{ "latency_ms": { "uniform": [1.5, 30] }, "loss": 0.1 }"#;
    prop_oneof![
        Just(Intervention::Crash { agent: agent() }),
        Just(Intervention::Restart { agent: agent() }),
        Just(Intervention::Pause { agent: agent() }),
        Just(Intervention::Resume { agent: agent() }),
        Just(Intervention::Heal),
        Just(Intervention::Partition { groups: vec![vec![agent()], vec![]], replaces: false }),
        Just(Intervention::Spawn { agent: spawned() }),
        Just(Intervention::Vote(VoteAct::Propose { proposal: part(asked) })),
        Just(Intervention::SetNetwork { link: part(slow) }),
        (0u64..30).prop_map(|message| Intervention::DropMessage { message }),
        (0u64..30).prop_map(|message| Intervention::DelayMessage { message, by_ms: 50.125 }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (1u64..1_500_000).prop_map(|time_us| Command::AdvanceTo { time_us, budget: 100_000 }),
        1 => (1u64..900_000, 1u64..40).prop_map(|(time_us, budget)| Command::AdvanceTo { time_us, budget }),
        2 => Just(Command::StepForward),
        3 => Just(Command::StepBack),
        2 => (0u64..1_500_000).prop_map(|time_us| Command::SeekTime { time_us }),
        2 => (0u64..300).prop_map(|event| Command::SeekEvent { event }),
        4 => intervention().prop_map(Command::Intervene),
        1 => (0u32..4).prop_map(|branch| Command::SwitchBranch { branch }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn whatever_was_done_the_run_opens_as_it_was_saved(
        place in 0..gallery::all().len(),
        seed in 0u64..50,
        before in prop::collection::vec(command(), 1..12),
        after in prop::collection::vec(command(), 0..4),
    ) {
        let mut run = gallery_run(gallery::all()[place].name, seed);
        for command in &before {
            // A command that does not apply here changes nothing.
            let _ = run.apply(command);
        }
        let saved = run.save(Map::new());
        let mut from_file = open_file(&saved.to_file());
        let mut from_link = open_link(&saved.to_link());
        prop_assert_eq!(picture(&from_file), picture(&run));
        prop_assert_eq!(picture_of_branch(&from_link), picture_of_branch(&run));
        prop_assert_eq!(from_file.save(Map::new()).to_file(), saved.to_file());
        prop_assert_eq!(from_link.save(Map::new()).to_link(), saved.to_link());
        // And goes on as it would have.
        for command in &after {
            let applied = run.apply(command);
            prop_assert_eq!(from_file.apply(command), applied.clone());
            prop_assert_eq!(picture(&from_file), picture(&run));
            // Another branch is not in a link.
            if matches!(command, Command::SwitchBranch { .. }) {
                break;
            }
            prop_assert_eq!(from_link.apply(command), applied);
            prop_assert_eq!(picture_of_branch(&from_link), picture_of_branch(&run));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "(run=1&)?[a-z0-9=&$();',%{}\"]{0,60}(&check=[0-9a-f]{8})?") {
        let _ = SavedRun::from_link(&text);
        let _ = SavedRun::parse(&text, "x");
    }
}
