//! Output of a pipeline: its report, its panel, and the names of its stages.

use super::report::{PipelineReport, Report};
use super::section::PipelineSetup;
use super::standing::{StageStanding, standings};
use super::{Pipeline, Stages, panel};
use crate::common::shown::{Look, Peek, Shown, looked_at, places};
use crate::protocol::document::Document;
use crate::protocol::note::{Names, Thing};
use crate::sim::AgentId;

impl Shown for Stages {
    type Known = ();
    type Report = Report;
    type Details = ();

    const PROPERTIES: &'static [(&'static str, &'static str)] =
        &[("gates", "No stage is opened before the one that is its gate was approved")];
    const LOG: Option<&'static str> = Some("Votes");

    fn thing(
        setup: &PipelineSetup,
        (): &(),
        _: AgentId,
        Thing { sort, number, .. }: Thing,
        _: &dyn Names,
    ) -> Option<String> {
        let name = || setup.stages.get(number as usize).map(|stage| stage.name.clone());
        (sort == "stage").then(|| name().unwrap_or_else(|| format!("stage {}", number + 1)))
    }

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        PipelineReport::new(peek).map(|pipeline| Report { pipeline })
    }

    fn place(_: &dyn Peek<Self>) -> u8 {
        places::PIPELINE
    }

    fn documents(peek: &dyn Peek<Self>, look: &Look) -> Vec<Document> {
        panel::document(&stages(peek), looked_at(peek, look)).into_iter().collect()
    }
}

/// The pipeline, as the agent holds it that opens its stages.
pub(super) fn pipeline(peek: &dyn Peek<Stages>) -> Option<&Pipeline> {
    peek.agent(peek.coordinator()?)?.machine.map(|machine| &**machine)
}

/// All stages in their order; none where there is no pipeline.
pub fn stages(peek: &dyn Peek<Stages>) -> Vec<StageStanding> {
    pipeline(peek).map_or_else(Vec::new, standings)
}
