//! A pipeline of decisions (W11, E10; seed 000, example 5): stages with a gate. A stage is put to the vote
//! when the stage that is its gate was approved; one that is rejected, or times out, ends it there.

pub mod note;

use std::sync::Arc;

use super::manager::Poll;
use super::properties::Monitor;
use super::proposal::{ProposalId, SharedProposal};
use super::quorum::Decision;
use crate::coordination::consensus::pipeline::note::PipelineNote;
use crate::coordination::coordinator::{Coordinator, CoordinatorEntry};
use crate::coordination::port::Port;
use crate::coordination::swarm::Swarm;
use crate::sim::{EventId, Property, PropertyKind, World};

/// The place of a stage in its pipeline, from 0.
pub type StageId = u8;

/// More stages than this nobody can follow.
pub const STAGES_MAX: usize = 64;

/// One decision of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub name: String,
    /// The stage that must be approved before this one opens; the first has none.
    pub gate: Option<StageId>,
    pub proposal: SharedProposal,
}

/// How far a pipeline has come, as the coordinator remembers it.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    pub stages: Arc<[Stage]>,
    /// The proposal of each stage that was opened.
    pub opened: Vec<Option<ProposalId>>,
    /// Where it ended and how; approved at its last stage when all of them are.
    pub ended: Option<(StageId, Decision)>,
}

impl Pipeline {
    #[must_use]
    pub fn new(stages: Arc<[Stage]>) -> Self {
        Self { opened: vec![None; stages.len()], stages, ended: None }
    }

    /// The proposal of a stage, once it was opened.
    #[must_use]
    pub fn proposal(&self, stage: StageId) -> Option<ProposalId> {
        self.opened.get(usize::from(stage)).copied().flatten()
    }

    fn stage_of(&self, proposal: ProposalId) -> Option<StageId> {
        let place = self.opened.iter().position(|opened| *opened == Some(proposal))?;
        StageId::try_from(place).ok()
    }

    /// The first stage behind this gate that was not opened; nothing once it has ended.
    fn behind(&self, gate: Option<StageId>) -> Option<StageId> {
        let waits = |(stage, opened): (&Stage, &Option<_>)| stage.gate == gate && opened.is_none();
        let place = self.stages.iter().zip(&self.opened).position(waits);
        place.filter(|_| self.ended.is_none()).and_then(|place| StageId::try_from(place).ok())
    }
}

impl Coordinator {
    /// Opens what stands behind this gate; behind none: what the pipeline begins with.
    pub fn open_stages(&mut self, gate: Option<StageId>, out: &mut Port<'_, '_>) {
        while let Some(stage) = self.state.pipeline.behind(gate) {
            let proposal = self.state.pipeline.stages[usize::from(stage)].proposal.clone();
            let proposal = match self.open(&proposal, out) {
                Ok(proposal) => proposal,
                Err(error) => {
                    self.does_not_open(error, out);
                    return self.end_pipeline(stage, Decision::Rejected, out);
                }
            };
            self.write(CoordinatorEntry::StageOpened { stage, proposal }, out);
            out.note(PipelineNote::StageOpened { proposal, stage });
        }
    }

    /// A proposal is decided: if it is that of a stage, the pipeline goes on or ends.
    pub fn pass_gate(&mut self, id: ProposalId, decision: Decision, out: &mut Port<'_, '_>) {
        let Some(stage) = self.state.pipeline.stage_of(id) else { return };
        if decision != Decision::Approved {
            return self.end_pipeline(stage, decision, out);
        }
        out.note(PipelineNote::StagePassed { proposal: id, stage });
        self.open_stages(Some(stage), out);
        let manager = &self.state.manager;
        let is_approved = |poll: &Poll| poll.decided.is_some_and(|it| it.0 == Decision::Approved);
        let mut opened = self.state.pipeline.opened.iter();
        if opened.all(|id| id.and_then(|id| manager.poll(id)).is_some_and(is_approved)) {
            self.end_pipeline(stage, decision, out);
        }
    }

    fn end_pipeline(&mut self, stage: StageId, decision: Decision, out: &mut Port<'_, '_>) {
        // Of two stages behind one gate the first that fails ends it for both.
        if self.state.pipeline.ended.is_none() {
            self.write(CoordinatorEntry::PipelineEnded { stage, decision }, out);
            out.note(PipelineNote::PipelineEnded { stage, decision });
        }
    }
}

impl Monitor {
    /// A stage was opened: that of its gate must have been approved, and the pipeline must go on (E10).
    pub(super) fn on_stage(&mut self, stage: StageId, event: EventId, world: &World<'_, Swarm>) {
        let slot = world.agent(self.coordinator);
        let Some(node) = slot.and_then(|slot| slot.process.coordinator()) else { return };
        let pipeline = &node.state.pipeline;
        let gate = pipeline.stages.get(usize::from(stage)).and_then(|stage| stage.gate);
        let is_approved = |gate| {
            let facts = pipeline.proposal(gate).and_then(|id| self.facts.get(id as usize));
            facts.and_then(|facts| facts.decided).is_some_and(|it| it.0 == Decision::Approved)
        };
        let may_open = gate.is_none_or(is_approved) && pipeline.ended.is_none();
        let new = || Property::new("gates", PropertyKind::Always);
        self.gates.get_or_insert_with(new).check(may_open, event);
    }
}
