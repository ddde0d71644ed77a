//! The watch of a pipeline (E10): a stage opens only when that of its gate was approved, and only while the pipeline goes on.

use super::Stages;
use super::note::PipelineNote;
use super::section::PipelineSetup;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::sighting::Sighting;
use crate::protocol::watch::{Sight, Watch, Watched};
use crate::sim::{Event, Property, PropertyKind};

impl Watched for Stages {
    type Setup = PipelineSetup;
    type Watch = PipelineWatch;
    type Sighting = Sighting;
}

/// Watches the gates of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct PipelineWatch {
    approved: Vec<ProposalId>,
    /// Once its first stage was opened.
    gates: Option<Property>,
}

impl Watch<Stages> for PipelineWatch {
    fn on_note<N>(&mut self, event: &Event<N>, note: PipelineNote, sight: &mut impl Sight<Stages>) {
        let PipelineNote::StageOpened { stage, .. } = note else { return };
        let Some(pipeline) = sight.agent(event.agent).and_then(|it| it.machine) else { return };
        let gate = pipeline.stages.get(usize::from(stage)).and_then(|stage| stage.gate);
        let is_approved =
            |gate| pipeline.proposal(gate).is_some_and(|id| self.approved.contains(&id));
        let may_open = gate.is_none_or(is_approved) && pipeline.ended.is_none();
        let new = || Property::new("gates", PropertyKind::Always);
        self.gates.get_or_insert_with(new).check(may_open, event.id);
    }

    fn on_sighting<N>(&mut self, _: &Event<N>, sighting: &Sighting, _: &impl Sight<Stages>) {
        let Sighting::Decided { proposal, decision } = sighting else { return };
        self.approved.retain(|approved| approved != proposal);
        if *decision == Decision::Approved {
            self.approved.push(*proposal);
        }
    }

    fn is_touched(&self) -> bool {
        self.gates.is_some()
    }

    fn properties(&self, _: bool) -> Vec<Property> {
        self.gates.iter().cloned().collect()
    }
}
