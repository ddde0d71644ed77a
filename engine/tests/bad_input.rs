//! Whatever is wrong with a scenario, the message says where, what was expected, what was found,
//! and how to repair it.

mod names;
mod numbers;
mod state;
mod work;

use swarmglass_engine::scenario::{Scenario, gallery};

/// A scenario with these parts beside what every one needs.
fn with(parts: &str) -> String {
    format!(r#"{{ "format": 1, "name": "x", "title": "X", {parts} }}"#)
}

/// The message for this text; it must name the file and contain all of `expected`.
fn check(text: &str, expected: &[&str]) {
    let message = match Scenario::parse(text, "my.json") {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    };
    assert!(message.starts_with("my.json: "), "{message}");
    for part in expected {
        assert!(message.contains(part), "{message}\nlacks {part:?}");
    }
}

#[test]
fn files_that_are_no_scenarios() {
    check("hello", &["not JSON", "line 1, column 1"]);
    check("", &["not JSON"]);
    check("[]", &["at format", "found nothing", "\"format\": 1"]);
    check(r#"{ "format": 2 }"#, &["format 2", "up to format 1", "newer version"]);
    check(r#"{ "format": 99999999999999999999 }"#, &["at format"]);
    check(&"[".repeat(1_000_000), &["not JSON", "more than 128 deep", "never close"]);
    check(&"{\"a\":".repeat(1_000_000), &["more than 128 deep"]);
    check(
        "{ \"format\": 1,\n \"format\": 1 }",
        &["line 2, column 2", "\"format\" a second time", "remove"],
    );
    check("{ \"format\": \"1\" }", &["at format", "found \"1\"", "\"format\": 1"]);
    check(&with(r#""agents": [{ "id": "a", "weight": NaN }]"#), &["not JSON", "line 1"]);
}

#[test]
fn swarms_that_cannot_be() {
    check(&with(r#""agents": []"#), &["at agents", "at least one", "none", "add one"]);
    let many = with(r#""agents": [{ "id": "a", "count": 200001 }]"#);
    check(&many, &["at agents", "at most 200000", "200001", "lower"]);
    let twice = with(r#""agents": [{ "id": "a" }, { "id": "a" }]"#);
    check(&twice, &["agents[1].id", "\"a\" a second time", "id of its own"]);
    let coordinator = with(r#""agents": [{ "id": "coordinator" }]"#);
    check(&coordinator, &["agents[0].id", "second time"]);
    let unknown = with(r#""agents": [{ "id": "a", "wieght": 2 }]"#);
    check(&unknown, &["agents[0].wieght", "unknown field \"wieght\"", "did you mean \"weight\"?"]);
    check(&with(r#""agents": [{}]"#), &["agents[0].id", "\"id\": \"qa-engineer\""]);
    let none = with(r#""agents": [{ "id": "a", "count": 0 }, { "id": "b" }]"#);
    check(&none, &["agents[0].count", "1 or more"]);
    let template = with(r#""agents": [{ "id": "a", "template": "yes" }]"#);
    check(&template, &["agents[0].template", "\"yes\""]);
    let near = with(r#""agents": [{ "id": "a", "template": "analyser" }]"#);
    check(&near, &["agents[0].template", "a built-in one", "did you mean \"analyzer\"?"]);
    for (act, expected) in [
        (r#"{ "register": { "agent": "b" } }"#, "register.agent: expected"),
        (r#"{ "unregister": { "agent": "coordinator" } }"#, "asks nobody; name a member"),
        (r#"{ "status": { "agent": "a", "about": "b" } }"#, "status.about: expected"),
    ] {
        let text = with(&format!(
            r#""agents": [{{ "id": "a" }}], "faults": [{{ "at_ms": 1, "do": {act} }}]"#
        ));
        check(&text, &["faults[0]", expected]);
    }
}

#[test]
fn weights_chances_and_times() {
    let agent = |traits: &str| with(&format!(r#""agents": [{{ "id": "a", {traits} }}]"#));
    for weight in ["-1", "0", "0.0001", "1e300"] {
        check(&agent(&format!(r#""weight": {weight}"#)), &["agents[0].weight", "above 0"]);
    }
    check(
        &agent(r#""weight": "heavy""#),
        &["agents[0].weight: expected a number, found \"heavy\"; write"],
    );
    check(&agent(r#""weight": 1e400"#), &["agents[0].weight", "a number", "1e400"]);
    check(&agent(r#""capacity": 2.5"#), &["agents[0].capacity", "a whole number", "2.5"]);
    check(&agent(r#""skills": ["a", 1]"#), &["agents[0].skills[1]", "a text", "found 1"]);
    check(&agent(r#""mind": "fro""#), &["agents[0].mind", "silent", "did you mean \"for\"?"]);
    check(&agent(r#""mind": { "for": 1 }"#), &["agents[0].mind", "\"for\" alone"]);
    check(&agent(r#""reputation": 200"#), &["agents[0].reputation", "0 to 150", "200"]);
    check(&agent(r#""review_ms": [9, 3]"#), &["agents[0].review_ms", "swap"]);
    let mind = r#""mind": { "chance": { "for": 0.8, "against": 0.3 } }"#;
    check(&agent(mind), &["agents[0].mind.chance", "1.1"]);
    check(
        &agent(r#""mind": { "if": "x <" }"#),
        &["agents[0].mind.if", "character 4", "found \"x <\"", "canary"],
    );
    check(&agent(r#""clock": { "drift_ppm": -1000000 }"#), &["agents[0].clock.drift_ppm"]);
    let network = |link: &str| with(&format!(r#""agents": [{{ "id": "a" }}], "network": {link}"#));
    check(&network(r#"{ "loss": 1.5 }"#), &["network.loss", "0 to 1", "1.5"]);
    check(&network(r#"{ "latency_ms": { "uniform": [9, 3] } }"#), &["network.latency_ms", "swap"]);
    check(&network(r#"{ "latency_ms": { "fixed": -3 } }"#), &["network.latency_ms", "-3"]);
    check(&network(r#"{ "bytes_per_second": 0 }"#), &["network.bytes_per_second", "cut the link"]);
}

#[test]
fn topologies_that_are_none() {
    let tree = |agents: &str| {
        with(&format!(r#""topology": {{ "kind": "hierarchical" }}, "agents": [{agents}]"#))
    };
    let cycle = r#"{ "id": "r" }, { "id": "a", "parent": "b" }, { "id": "b", "parent": "a" }"#;
    check(&tree(cycle), &["agents[1].parent", "a tree", "cycle"]);
    let roots = r#"{ "id": "r" }, { "id": "s" }, { "id": "a", "parent": "r" }"#;
    check(&tree(roots), &["one root", "2 agents without a parent"]);
    check(&tree(r#"{ "id": "a", "parent": "zed" }"#), &["agents[0].parent", "\"zed\""]);
    let parent_in_mesh = with(r#""agents": [{ "id": "a" }, { "id": "b", "parent": "a" }]"#);
    check(&parent_in_mesh, &["agents[1].parent", "hierarchical"]);
    let branching = with(r#""topology": { "branching": 2 }, "agents": [{ "id": "a" }]"#);
    check(&branching, &["topology.branching", "none but in a hierarchy", "leave it out"]);
    let named = r#""topology": { "kind": "hierarchical", "branching": 2 }"#;
    let named =
        with(&format!(r#"{named}, "agents": [{{ "id": "a" }}, {{ "id": "b", "parent": "a" }}]"#));
    check(&named, &["topology.branching", "name their parents"]);
    let hub = with(r#""topology": { "kind": "star", "hub": "bb" }, "agents": [{ "id": "b" }]"#);
    check(&hub, &["topology.hub", "did you mean \"b\"?"]);
}

#[test]
fn proposals_that_cannot_be_decided() {
    let proposal = |parts: &str| {
        with(&format!(r#""agents": [{{ "id": "a" }}], "proposals": [{{ "id": "p", {parts} }}]"#))
    };
    let quorum =
        |threshold: &str| proposal(&format!(r#""algorithm": "quorum", "threshold": {threshold}"#));
    for threshold in ["1.2", "0.5", "-1"] {
        check(&quorum(threshold), &["proposals[0].threshold", "0.51 to 1.0", threshold]);
    }
    check(&proposal(r#""algorithm": "paxos""#), &["proposals[0].algorithm", "supermajority"]);
    check(&proposal(r#""threshold": 0.7"#), &["proposals[0].threshold", "\"quorum\""]);
    check(&proposal(r#""share_of": "votes_cast""#), &["min_participation", "0.5"]);
    check(&proposal(r#""min_participation": 0.5"#), &["min_participation", "votes_cast"]);
    check(&proposal(r#""deadline_ms": 0"#), &["proposals[0].deadline_ms", "30000"]);
    check(&proposal(r#""reminder_ms": 0"#), &["proposals[0].reminder_ms"]);
    let often = proposal(r#""reminder_ms": 1, "deadline_ms": 8640000000"#);
    check(
        &often,
        &["proposals[0].reminder_ms", "8640 or more", "1000000 times", "found 1;", "raise it"],
    );
    let byzantine = with(
        r#""agents": [{ "id": "a", "count": 4 }], "proposals": [{ "id": "p", "algorithm": "byzantine",
           "share_of": "votes_cast", "min_participation": 0.5 }]"#,
    );
    check(&byzantine, &["proposals[0].share_of", "quorum", "leave it out"]);
    check(&proposal(r#""electorate": []"#), &["proposals[0].electorate", "everyone"]);
    check(&proposal(r#""electorate": ["b"]"#), &["proposals[0].electorate[0]", "\"b\""]);
    check(&proposal(r#""electorate": ["coordinator"]"#), &["electorate[0]", "no vote"]);
    let twice = with(r#""agents": [{ "id": "a" }], "proposals": [{ "id": "p" }, { "id": "p" }]"#);
    check(&twice, &["proposals[1].id", "second time"]);
}

#[test]
fn gossips_that_cannot_be_held() {
    let in_a = |topology: &str, parts: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a", "count": 4 }}], "topology": {{ "kind": "{topology}" }},
               "proposals": [{{ "id": "p", "algorithm": "gossip", {parts} }}]"#
        ))
    };
    let gossip = |parts: &str| in_a("mesh", &format!(r#""gossip": {{ {parts} }}"#));
    check(&gossip(r#""fanout": 0"#), &["proposals[0].gossip.fanout", "1 to 10", "found 0"]);
    check(&gossip(r#""fanout": 11"#), &["proposals[0].gossip.fanout", "1 to 10", "found 11"]);
    check(
        &gossip(r#""fanout": 4"#),
        &["gossip.fanout", "neighbours", "found 4, and an agent with 3", "write \"fanout\": 3"],
    );
    check(&gossip(r#""preset": "critical""#), &["gossip.fanout", "5 of the preset \"critical\""]);
    check(&gossip(r#""preset": "fast""#), &["gossip.preset", "standard, critical", "\"fast\""]);
    check(&gossip(r#""rounds": 0"#), &["gossip.rounds", "1 to 64", "found 0", "for 5"]);
    check(&gossip(r#""rounds": 65"#), &["gossip.rounds", "1 to 64", "found 65"]);
    check(&gossip(r#""round_ms": 0"#), &["gossip.round_ms", "100"]);
    for share in ["0.5", "1.1"] {
        let convergence = gossip(&format!(r#""convergence": {share}"#));
        check(&convergence, &["gossip.convergence", "0.51 to 1.0", share, "for 0.95"]);
        let threshold = gossip(&format!(r#""threshold": {share}"#));
        check(&threshold, &["gossip.threshold", "0.51 to 1.0", share, "for 0.66"]);
    }
    check(
        &gossip(r#""mode": "majority", "exchange": "pull""#),
        &["gossip.exchange", "\"rumour\"", "leave it out"],
    );
    let stop = |k: u32| format!(r#""stop": {{ "rule": "counter", "feedback": true, "k": {k} }}"#);
    check(&gossip(&stop(6)), &["gossip.stop.k", "1 to 5", "found 6", "most thorough"]);
    for (way, found) in
        [(r#""exchange": "pull""#, "by pull"), (r#""mode": "majority""#, "by majority")]
    {
        let told_of = ["gossip.stop", "tell by themselves", found, "leave it out"];
        check(&gossip(&format!("{way}, {}", stop(1))), &told_of);
    }
    check(&gossip(r#""stop": { "rule": "dice" }"#), &["gossip.stop.rule", "counter, coin", "dice"]);
    check(&gossip(r#""stop": { "rule": "coin", "k": 1 }"#), &["gossip.stop.feedback"]);
    check(&gossip(r#""mode": "opinion""#), &["gossip.mode", "rumour, majority", "\"opinion\""]);
    // Two neighbours in a ring, and one of them is the coordinator.
    let ring = in_a("ring", r#""gossip": { "fanout": 2 }"#);
    check(&ring, &["gossip.fanout", "an agent with 1", "\"overlay\": true"]);
    let star = in_a("star", r#""gossip": { "fanout": 1 }"#);
    check(&star, &["gossip.fanout", "an agent with 0", "write \"overlay\": true"]);
    let alone = in_a("mesh", r#""gossip": { "fanout": 1 }, "electorate": ["a-1"]"#);
    check(&alone, &["gossip.fanout", "an agent with 0"]);
    check(&in_a("mesh", r#""threshold": 0.7"#), &["proposals[0].threshold", "\"gossip\""]);
    let cast = r#""share_of": "votes_cast", "min_participation": 0.5"#;
    check(&in_a("mesh", cast), &["proposals[0].share_of", "FOR and AGAINST"]);
    check(&in_a("mesh", r#""deadline_ms": 500"#), &["proposals[0].deadline_ms", "700 or more"]);
    let other = with(
        r#""agents": [{ "id": "a" }], "proposals": [{ "id": "p", "gossip": { "fanout": 1 } }]"#,
    );
    check(&other, &["proposals[0].gossip", "\"algorithm\": \"gossip\""]);
}

#[test]
fn choices_between_what_there_is_not() {
    let choice = |agent: &str, parts: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a" {agent} }}], "proposals": [{{ "id": "p", {parts} }}]"#
        ))
    };
    let federated = |parts: &str| choice("", &format!(r#""algorithm": "federated" {parts}"#));
    check(&federated(""), &["proposals[0].options", "2 to 32", "found 0", "postgres"]);
    check(&federated(r#", "options": ["x"]"#), &["proposals[0].options", "2 to 32", "found 1"]);
    let twice = federated(r#", "options": ["x", "y", "x"]"#);
    check(&twice, &["proposals[0].options[2]", "\"x\" a second time", "once"]);
    let nameless = federated(r#", "options": ["x", " "]"#);
    check(&nameless, &["proposals[0].options[1]", "1 to 64 characters"]);
    let xy = r#", "options": ["x", "y"]"#;
    let rule = federated(&format!(r#"{xy}, "rule": "plurality""#));
    check(&rule, &["proposals[0].rule", "majority, weighted, unanimous", "found \"plurality\""]);
    check(&federated(&format!(r#"{xy}, "threshold": 0.6"#)), &["proposals[0].threshold"]);
    let cast = r#""share_of": "votes_cast", "min_participation": 0.5"#;
    check(&federated(&format!("{xy}, {cast}")), &["proposals[0].share_of", "leave it out"]);
    let weights = federated(&format!(r#"{xy}, "domain_weights": {{ "sql": 2 }}"#));
    check(&weights, &["proposals[0].domain_weights", "weighted"]);
    let simple = |parts: &str| choice("", parts);
    check(&simple(r#""options": ["x", "y"]"#), &["proposals[0].options", "\"federated\""]);
    check(&simple(r#""rule": "majority""#), &["proposals[0].rule", "yes or no", "\"federated\""]);
    let xy = r#""algorithm": "federated", "options": ["postgres", "mysql"]"#;
    let prefers = choice(r#", "prefers": ["mysql", "postgers"]"#, xy);
    check(&prefers, &["agents[0].prefers[1]", "found \"postgers\"", "did you mean \"postgres\"?"]);
    let nothing = choice(r#", "prefers": ["mysql"]"#, r#""algorithm": "simple""#);
    check(&nothing, &["agents[0].prefers[0]", "an option of a proposal", "\"options\""]);
    let template = with(
        r#""templates": { "t": { "prefers": ["x"] } }, "agents": [{ "id": "a", "template": "t" }]"#,
    );
    check(&template, &["templates.t.prefers[0]", "\"x\""]);
}

#[test]
fn pipelines_that_never_open() {
    let pipeline = |stages: &str| {
        with(&format!(r#""agents": [{{ "id": "a", "prefers": [] }}], "pipeline": [{stages}]"#))
    };
    let stage = |id: &str, gate: &str| {
        let gate = if gate.is_empty() { String::new() } else { format!(r#""gate": "{gate}","#) };
        format!(r#"{{ "id": "{id}", {gate} "proposal": {{ "id": "p-{id}" }} }}"#)
    };
    let of = |stages: &[(&str, &str)]| {
        let stages: Vec<String> = stages.iter().map(|(id, gate)| stage(id, gate)).collect();
        pipeline(&stages.join(","))
    };
    check(
        &of(&[("plan", ""), ("build", "paln")]),
        &["pipeline[1].gate", "the id of a stage", "found \"paln\"", "did you mean \"plan\"?"],
    );
    let cycle = of(&[("a", ""), ("b", "c"), ("c", "b")]);
    check(&cycle, &["pipeline[1].gate", "found \"c\", which never opens", "leave it out"]);
    check(&of(&[("a", "a")]), &["pipeline[0].gate", "found \"a\", which never opens"]);
    check(&of(&[("a", "b"), ("b", "")]), &["pipeline[0].gate", "\"b\", which never opens"]);
    check(&of(&[("a", ""), ("a", "")]), &["pipeline[1].id", "\"a\" a second time"]);
    check(&of(&[("", "")]), &["pipeline[0].id", "architecture"]);
    let many: Vec<String> = (0..65).map(|n| stage(&format!("s{n}"), "")).collect();
    check(&pipeline(&many.join(",")), &["at pipeline", "at most 64", "found 65"]);
    let late = r#"{ "id": "b", "proposal": { "id": "p", "at_ms": 5 } }"#;
    let late = format!("{}, {late}", stage("a", ""));
    check(
        &pipeline(&late),
        &["pipeline[1].proposal.at_ms", "when its gate is approved", "found 5"],
    );
    let twice = format!("{}, {}", stage("a", ""), r#"{ "id": "b", "proposal": { "id": "p-a" } }"#);
    check(&pipeline(&twice), &["pipeline[1].proposal.id", "\"p-a\" a second time"]);
    let paxos = r#"{ "id": "a", "proposal": { "id": "p", "algorithm": "paxos" } }"#;
    check(&pipeline(paxos), &["pipeline[0].proposal.algorithm", "supermajority"]);
    let nothing = r#"{ "id": "a" }"#;
    check(&pipeline(nothing), &["pipeline[0].proposal", "an object", "found nothing"]);
}

#[test]
fn an_id_that_is_taken_is_not_proposed_again() {
    let file = |parts: &str| {
        let propose = r#"{ "at_ms": 9, "do": { "propose": { "proposal": { "id": "p" } } } }"#;
        with(&format!(r#""agents": [{{ "id": "a" }}], {}"#, parts.replace('@', propose)))
    };
    for taken in [
        r#""proposals": [{ "id": "p" }], "faults": [@]"#,
        r#""pipeline": [{ "id": "s", "proposal": { "id": "p" } }], "faults": [@]"#,
    ] {
        let expected = ["faults[0].do.propose.proposal.id", "\"p\" a second time", "of its own"];
        check(&file(taken), &expected);
    }
    check(&file(r#""faults": [@, @]"#), &["faults[1].do.propose.proposal.id"]);
    assert!(Scenario::parse(&file(r#""faults": [@]"#), "my.json").is_ok());
}

#[test]
fn only_links_that_there_are_can_be_cut() {
    let act = |topology: &str, act: &str, from: &str, to: &str, spawn: bool| {
        let link = if act == "set_link" { r#", "link": {}"# } else { "" };
        let spawn = match spawn {
            true => r#"{ "at_ms": 1, "do": { "spawn": { "agent": { "id": "n" } } } },"#,
            false => "",
        };
        with(&format!(
            r#""agents": [{{ "id": "a", "count": 5 }}], "topology": {{ {topology} }}, "faults": [{spawn}
               {{ "at_ms": 5, "do": {{ "{act}": {{ "from": "{from}", "to": "{to}"{link} }} }} }}]"#
        ))
    };
    let own = |topology: &str, from: &str, to: &str| {
        with(&format!(
            r#""agents": [{{ "id": "a", "count": 5 }}], "topology": {{ {topology} }},
               "links": [{{ "from": "{from}", "to": "{to}", "link": {{}} }}]"#
        ))
    };
    let (mesh, ring) = (r#""kind": "mesh""#, r#""kind": "ring""#);
    let (star, hub) = (r#""kind": "star""#, r#""kind": "star", "hub": "a-2""#);
    let tree = r#""kind": "hierarchical""#;
    for (topology, from, to, spawn, is_link) in [
        (mesh, "a-1", "a-5", false, true),
        (mesh, "coordinator", "a-5", false, true),
        (mesh, "n", "a-5", true, true),
        (mesh, "a-1", "a-1", false, false),
        (ring, "a-1", "a-2", false, true),
        (ring, "a-1", "coordinator", false, true),
        (ring, "a-1", "coordinator", true, false),
        (ring, "n", "coordinator", true, true),
        (ring, "a-1", "a-3", false, false),
        (star, "coordinator", "a-3", false, true),
        (star, "a-1", "a-3", false, false),
        (hub, "a-2", "a-3", false, true),
        (hub, "coordinator", "a-2", false, true),
        (hub, "coordinator", "a-1", false, false),
        (tree, "a-2", "a-5", false, true),
        (tree, "coordinator", "a-1", false, true),
        (tree, "n", "a-1", true, true),
        (tree, "a-2", "a-3", false, false),
        (tree, "coordinator", "a-2", false, false),
    ] {
        for what in ["cut", "mend", "set_link"] {
            let text = act(topology, what, from, to, spawn);
            if is_link {
                assert!(Scenario::parse(&text, "my.json").is_ok(), "{text}");
            } else {
                let (place, names) =
                    (usize::from(spawn), format!("{from:?} and {to:?}, which have none"));
                check(
                    &text,
                    &[&format!("faults[{place}].do.{what}"), &names, "a link between them"],
                );
            }
        }
        if !spawn {
            let text = own(topology, from, to);
            assert_eq!(Scenario::parse(&text, "my.json").is_ok(), is_link, "{text}");
        }
    }
    check(&own(mesh, "a-1", "a-1"), &["at links[0]", "nobody has a link with itself"]);
}

#[test]
fn faults_that_hit_nobody() {
    let fault = |what: &str| {
        with(&format!(
            r#""agents": [{{ "id": "alice" }}], "faults": [{{ "at_ms": 5, "do": {what} }}]"#
        ))
    };
    let crash = fault(r#"{ "crash": { "agent": "alcie" } }"#);
    check(&crash, &["faults[0].do.crash.agent", "did you mean \"alice\"?"]);
    check(&fault(r#"{ "explode": {} }"#), &["faults[0].do", "found \"explode\"", "crash"]);
    check(&fault("\"crash\""), &["faults[0].do.crash", "an object", "found nothing"]);
    check(&fault("null"), &["faults[0].do", "crash, restart", "found null"]);
    let groups = fault(r#"{ "partition": { "groups": [["alice"], ["alice"]] } }"#);
    check(&groups, &["faults[0].do.partition.groups[1][0]", "two groups"]);
    for (replaces, found) in [("1", "1"), (r#""yes""#, r#""yes""#), ("[true]", "a list")] {
        let parts = format!(r#"{{ "groups": [["alice"]], "replaces": {replaces} }}"#);
        let partition = fault(&format!(r#"{{ "partition": {parts} }}"#));
        let path = "faults[0].do.partition.replaces";
        check(&partition, &[path, "true or false", found, "without quotes"]);
    }
    let misspelt = fault(r#"{ "partition": { "groups": [["alice"]], "replace": true } }"#);
    check(&misspelt, &["faults[0].do.partition.replace", "did you mean \"replaces\"?"]);
    let late = fault(r#"{ "delay_message": { "message": 1, "by_ms": -1 } }"#);
    check(&late, &["faults[0].do.delay_message.by_ms"]);
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let message = gallery::find("deploment-vote").unwrap_err().to_string();
    assert!(message.contains("did you mean \"deployment-vote\"?"), "{message}");
    let message = gallery::find("zzz").unwrap_err().to_string();
    assert!(
        !message.contains("did you mean") && message.ends_with("; the gallery lists them all"),
        "{message}"
    );
}

#[test]
fn the_largest_swarm_is_accepted() {
    let largest = with(r#""agents": [{ "id": "a", "count": 200000 }]"#);
    let scenario = Scenario::parse(&largest, "my.json").unwrap();
    assert_eq!(scenario.members.len(), 200_000);
}
