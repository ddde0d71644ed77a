//! A pipeline as a scenario spells it: its stages and their gates.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Pipeline, PipelineOrder, STAGES_MAX, Stage, StageId, Stages};
use crate::common::consensus::proposal::SharedProposal;
use crate::common::consensus::section::WrittenProposal;
use crate::common::room::{
    Brief, Entrant, Members, NoAct, OPENED_BY_IT, Planning, Room, Scenarios, scenarios,
    with_coordinator,
};
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::number::write_number;
use crate::protocol::problem::{Problem, suggestion};
use crate::sim::AgentId;

/// One stage of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StageFile {
    /// Its name, unique in the pipeline.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub id: String,
    /// The stage that must be approved before this one opens; the stage before it by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// Its proposal. Only that of the first stage says when it is opened.
    pub proposal: WrittenProposal,
}

/// The stages, after every rule was checked.
#[derive(Clone, Debug)]
pub struct PipelineSetup {
    /// When the first stage is opened, in microseconds.
    pub begins_us: u64,
    pub stages: Arc<[Stage]>,
    coordinator: Option<AgentId>,
}

impl Room for Stages {
    type File = Vec<StageFile>;
    type Agent = ();
    type Act = NoAct;
    type Memory = ();

    const IS_LED: bool = true;
    const SCENARIOS: Scenarios = scenarios!("pipeline": "pipeline");

    fn check(brief: &Brief<'_, Self>) -> Result<PipelineSetup, Problem> {
        check(brief.file, brief.cast)
    }

    /// The coordinator opens the stages.
    fn durable(
        setup: &PipelineSetup,
        entrant: &Entrant<'_, Self>,
        _: &dyn Members,
    ) -> Option<Box<Pipeline>> {
        let opens = setup.coordinator == Some(entrant.agent);
        opens.then(|| Box::new(Pipeline::new(setup.stages.clone())))
    }

    fn orders(
        setup: &PipelineSetup,
        _: &dyn Members,
        _: u64,
    ) -> Vec<(u64, AgentId, PipelineOrder)> {
        let coordinator = setup.coordinator.filter(|_| !setup.stages.is_empty());
        coordinator.map(|it| (setup.begins_us, it, PipelineOrder::Begin)).into_iter().collect()
    }

    fn plan(
        _: &PipelineSetup,
        act: &NoAct,
        _: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, PipelineOrder)>, Problem> {
        match *act {}
    }

    fn label(act: &NoAct) -> String {
        match *act {}
    }

    fn horizon_us(setup: &PipelineSetup, _: &dyn Members) -> Option<u64> {
        let stages_us = setup.stages.iter().map(|stage| stage.proposal.timing.deadline_us);
        (!setup.stages.is_empty()).then(|| stages_us.fold(setup.begins_us, u64::saturating_add))
    }

    fn proposals(setup: &PipelineSetup) -> Vec<&SharedProposal> {
        setup.stages.iter().map(|stage| &stage.proposal).collect()
    }

    fn proposal_files(files: &Vec<StageFile>) -> Vec<&WrittenProposal> {
        files.iter().map(|stage| &stage.proposal).collect()
    }
}

fn check(files: &[StageFile], cast: &dyn Members) -> Result<PipelineSetup, Problem> {
    let coordinator = match files.is_empty() {
        true => cast.coordinator(),
        false => Some(with_coordinator(cast, "", OPENED_BY_IT)?),
    };
    if files.len() > STAGES_MAX {
        let expected = format!("at most {STAGES_MAX} stages");
        return Err(Problem::new("", expected, files.len().to_string(), "leave some out"));
    }
    let mut begins_us = 0;
    let mut stages: Vec<Stage> = Vec::new();
    for (place, file) in files.iter().enumerate() {
        let path = format!("[{place}]");
        let is_known = stages.iter().any(|stage| stage.name == file.id);
        let repair = "write for example \"id\": \"architecture\"";
        check_name(&format!("{path}.id"), &file.id, repair)?;
        if is_known {
            let found = format!("{:?} a second time", file.id);
            return Err(Problem::new(format!("{path}.id"), "a new name", found, repair));
        }
        let gate = check_gate(files, place).map_err(|problem| problem.under(&path))?;
        let path = format!("{path}.proposal");
        let proposal =
            cast.check_proposal(&file.proposal).map_err(|problem| problem.under(&path))?;
        let is_own = stages.iter().any(|stage| stage.proposal.name == proposal.name);
        if is_own || cast.has_proposal(&proposal.name) {
            let found = format!("{:?} a second time", proposal.name);
            let repair = "give each proposal an id of its own";
            return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
        }
        let at_ms: f64 = file.proposal.field("at_ms");
        let at_us = decimal::microseconds(&format!("{path}.at_ms"), at_ms)?;
        match gate {
            None => begins_us = at_us,
            Some(_) if at_us > 0 => {
                let found = write_number(at_ms);
                let expected = "none: the stage opens when its gate is approved";
                let path = format!("{path}.at_ms");
                return Err(Problem::new(path, expected, found, "leave it out"));
            }
            Some(_) => {}
        }
        stages.push(Stage { name: file.id.clone(), gate, proposal: Arc::new(proposal) });
    }
    Ok(PipelineSetup { begins_us, stages: stages.into(), coordinator })
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
