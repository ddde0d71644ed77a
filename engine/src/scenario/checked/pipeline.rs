//! The stages of a pipeline and their gates.

use std::sync::Arc;

use super::proposals::check_proposal;
use super::{OPENED_BY_IT, Scenario};
use crate::coordination::consensus::pipeline::{STAGES_MAX, Stage, StageId};
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::number::write_number;
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::file::StageFile;

/// The stages, and when the first is opened, in microseconds.
pub(super) fn check_pipeline(scenario: &Scenario) -> Result<(u64, Arc<[Stage]>), Problem> {
    let files = &scenario.file.pipeline;
    if !files.is_empty() {
        scenario.counts_on_coordinator("pipeline", OPENED_BY_IT)?;
    }
    if files.len() > STAGES_MAX {
        let expected = format!("at most {STAGES_MAX} stages");
        return Err(Problem::new("pipeline", expected, files.len().to_string(), "leave some out"));
    }
    let mut begins_us = 0;
    let mut stages: Vec<Stage> = Vec::new();
    for (place, file) in files.iter().enumerate() {
        let path = format!("pipeline[{place}]");
        let is_known = stages.iter().any(|stage| stage.name == file.id);
        let repair = "write for example \"id\": \"architecture\"";
        check_name(&format!("{path}.id"), &file.id, repair)?;
        if is_known {
            let found = format!("{:?} a second time", file.id);
            return Err(Problem::new(format!("{path}.id"), "a new name", found, repair));
        }
        let gate = check_gate(files, place).map_err(|problem| problem.under(&path))?;
        let path = format!("{path}.proposal");
        let proposal = check_proposal(&file.proposal, &scenario.names, &scenario.topology)
            .map_err(|problem| problem.under(&path))?;
        let taken = scenario.proposals.iter().map(|(_, other)| other);
        let mut taken = taken.chain(stages.iter().map(|stage| &stage.proposal));
        if taken.any(|other| other.name == proposal.name) {
            let found = format!("{:?} a second time", proposal.name);
            let repair = "give each proposal an id of its own";
            return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
        }
        let at_us = decimal::microseconds(&format!("{path}.at_ms"), file.proposal.at_ms)?;
        match gate {
            None => begins_us = at_us,
            Some(_) if at_us > 0 => {
                let found = write_number(file.proposal.at_ms);
                let expected = "none: the stage opens when its gate is approved";
                let path = format!("{path}.at_ms");
                return Err(Problem::new(path, expected, found, "leave it out"));
            }
            Some(_) => {}
        }
        stages.push(Stage { name: file.id.clone(), gate, proposal: Arc::new(proposal) });
    }
    Ok((begins_us, stages.into()))
}

/// The place of the stage that is the gate of another: one that it names, or the one before it.
fn gate_of(files: &[StageFile], place: usize) -> Option<usize> {
    match &files[place].gate {
        None => place.checked_sub(1),
        Some(name) => files.iter().position(|other| other.id == *name),
    }
}

/// The gate of a stage, which must not wait for the stage itself.
fn check_gate(files: &[StageFile], place: usize) -> Result<Option<StageId>, Problem> {
    let gate = gate_of(files, place);
    if let (Some(name), None) = (&files[place].gate, gate) {
        let near = suggestion(name, files.iter().map(|file| file.id.as_str()));
        let repair = format!("name one that is in pipeline, or leave it out{near}");
        return Err(Problem::new("gate", "the id of a stage", format!("{name:?}"), repair));
    }
    let mut before = gate;
    for _ in 0..files.len() {
        before = before.and_then(|place| gate_of(files, place));
    }
    if before.is_some() {
        let found = format!("{:?}, which never opens", files[gate.unwrap_or_default()].id);
        let repair =
            "leave it out: the first stage has no gate, and that of another is the one before it";
        return Err(Problem::new("gate", "a stage that opens before this one", found, repair));
    }
    Ok(gate.and_then(|gate| StageId::try_from(gate).ok()))
}
