//! What a person does that cannot apply changes nothing and is said; a run with it is saved and opens again.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use std::sync::Arc;

use swarmglass_engine::coordination::note::Note;
use swarmglass_engine::map::Map;
use swarmglass_engine::playback::{Command, Run, SavedRun};
use swarmglass_engine::scenario::file::ProposalFile;
use swarmglass_engine::scenario::gallery;
use swarmglass_engine::scenario::intervention::Intervention;
use swarmglass_engine::sim::What;
use swarmglass_engine::sim::fault::FaultKind;

/// What happened in a scenario of the gallery to which this was done at the start, until its end.
fn done(name: &str, intervention: Intervention) -> (Run, Vec<What<Note>>) {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    run.apply(&Command::Intervene(intervention)).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let end = run.log().end_id();
    let happened = run.log().range(0, end).map(|event| event.what).collect();
    (run, happened)
}

fn check_opens_again(run: &Run) {
    let saved = SavedRun::parse(&run.save(Map::new()).to_file(), "my.json").unwrap();
    let (_, difference) = Run::reopen(&saved).unwrap();
    assert_eq!(difference, None);
}

#[test]
fn no_link_is_cut_or_changed_where_there_is_none() {
    for (from, to) in [("north", "south"), ("north", "north")] {
        let (from, to, one_way) = (from.to_owned(), to.to_owned(), false);
        for (kind, intervention) in [
            (FaultKind::Cut, Intervention::Cut { from: from.clone(), to: to.clone(), one_way }),
            (FaultKind::Mend, Intervention::Mend { from: from.clone(), to: to.clone(), one_way }),
            (
                FaultKind::SetLink,
                Intervention::SetLink {
                    from: from.clone(),
                    to: to.clone(),
                    one_way,
                    link: Default::default(),
                },
            ),
        ] {
            // A star: only the hub has links with all.
            let (run, happened) = done("unanimous", intervention);
            assert!(happened.contains(&What::Inapplicable(kind)), "{kind:?}");
            assert!(!happened.contains(&What::Cut) && !happened.contains(&What::LinkChanged));
            check_opens_again(&run);
        }
    }
}

#[test]
fn an_id_that_is_taken_opens_nothing_and_blocks_no_stage() {
    let propose = |id: &str| {
        let proposal = ProposalFile { id: id.to_owned(), ..ProposalFile::default() };
        Intervention::Propose { proposal: Box::new(proposal) }
    };
    let pipeline = gallery::find("pipeline").unwrap().scenario().unwrap();
    let last = &pipeline.file.pipeline.last().unwrap().proposal.id;
    let (run, happened) = done("pipeline", propose(last));
    assert!(happened.contains(&What::Note(Note::NotOpened)));
    let report = run.report();
    assert_eq!(report.pipeline.as_ref().unwrap().outcome, Some("approved"));
    assert_eq!(report.decisions.len(), pipeline.file.pipeline.len());
    check_opens_again(&run);
}
