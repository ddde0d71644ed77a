use std::sync::Arc;

use super::*;
use crate::common::shown::Look;
use crate::playback::{Command, Run};
use crate::scenario::file::intervention::Intervention;
use crate::scenario::gallery;

fn run_of(name: &str) -> Run {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).expect("it is there");
    Run::new(Arc::new(scenario), 7).expect("it starts")
}

/// The form as a person sends it, with this algorithm.
fn proposed(run: &Run, algorithm: &str) -> WrittenProposal {
    let forms = run.forms(&Look::default());
    let form = forms.iter().find(|form| form.id == ID).expect("it is there");
    let typed = form.fields.iter().map(|field| {
        let value = if field.name == "rule" { algorithm } else { &field.value };
        (field.name.to_owned(), value.to_owned())
    });
    match run.read_form(&Look::default(), ID, &Typed(typed.collect())) {
        Some(Ok(Intervention::Vote(VoteAct::Propose { proposal }))) => proposal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_algorithm_that_is_offered_can_be_proposed() {
    for (name, id) in [("deployment-vote", "proposal-2"), ("gossip-ten", "proposal-2")] {
        let mut run = run_of(name);
        let forms = run.forms(&Look::default());
        let Some(Input::OneOf(offered)) = forms[0].fields.get(1).map(|field| &field.input) else {
            panic!("{forms:?}")
        };
        let words: Vec<&str> = offered.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words.last(), Some(&"in signed rounds, among liars"));
        assert_eq!(words.len(), 5, "{words:?}");
        for (algorithm, _) in offered.clone() {
            let proposal = proposed(&run, &algorithm);
            assert_eq!((proposal.algorithm(), proposal.has("gossip")), (&*algorithm, false));
            assert_eq!(proposal.has("deadline_ms"), algorithm != "byzantine", "{proposal:?}");
            assert_eq!(proposal.has("threshold"), algorithm == "weighted", "{proposal:?}");
            if run.branches()[0].interventions().is_empty() {
                assert_eq!(proposal.id(), id);
            }
            let act = Intervention::Vote(VoteAct::Propose { proposal });
            run.apply(&Command::Intervene(act)).expect(&algorithm);
        }
    }
}

#[test]
fn as_many_liars_are_borne_as_the_swarm_can_bear() {
    let faulty = |name: &str| proposed(&run_of(name), "byzantine").0["byzantine"].clone();
    assert_eq!(faulty("gossip-ten"), json!({ "fault_tolerance": 3 }));
    let own = run_of("byzantine-equivocator").scenario().file.proposals[0].byzantine;
    let own = serde_json::to_value(own.expect("it says how")).expect("it is JSON");
    assert_eq!(faulty("byzantine-equivocator"), own, "as the scenario says");
}

#[test]
fn the_seconds_of_a_vote_are_read_as_every_number_is() {
    let seconds = |text: &str| {
        let typed = Typed(vec![("seconds".to_owned(), text.to_owned())]);
        deadline_ms(&typed).map_err(|problem| problem.to_string())
    };
    assert_eq!((seconds("1.5"), seconds(" 0.1 ")), (Ok(1_500.0), Ok(100.0)));
    for (text, found) in [
        ("", "nothing"),
        ("soon", "\"soon\""),
        ("0.3000000000000000001", "a number of at most 15 digits"),
    ] {
        let error = seconds(text).unwrap_err();
        assert!(error.contains("propose.seconds") && error.contains(found), "{error}");
    }
}
