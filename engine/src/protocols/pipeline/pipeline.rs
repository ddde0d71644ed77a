//! A pipeline of decisions (W11, E10; seed 000, example 5): stages with a gate. A stage is put to the vote
//! when the stage that is its gate was approved; one that is rejected, or times out, ends it there.

pub mod note;
mod panel;
pub mod report;
pub mod section;
pub mod shown;
pub mod standing;
#[cfg(test)]
mod tests;
mod watch;

use std::convert::Infallible;
use std::sync::Arc;

use self::note::PipelineNote;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::{Proposal, ProposalId, SharedProposal};
use crate::common::consensus::quorum::Decision;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::signal::{Opening, Signal};
use crate::protocol::contract::{Header, Lies, Outlet, Protocol, Requested, Unsaid};
use crate::sim::AgentId;

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

/// The progress of a pipeline, as the agent that opens its stages remembers it.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    pub stages: Arc<[Stage]>,
    /// How far each stage has come.
    pub progress: Vec<Progress>,
    /// Where it ended and how; approved at its last stage when all of them are.
    pub ended: Option<(StageId, Decision)>,
}

/// How far a stage has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Its proposal, once that was opened.
    pub opened: Option<ProposalId>,
    pub decided: Option<Decision>,
}

/// A change of what is remembered.
#[derive(Clone, Copy, Debug)]
pub enum PipelineEntry {
    Opened { stage: StageId, proposal: ProposalId },
    Decided { stage: StageId, decision: Decision },
    Ended { stage: StageId, decision: Decision },
}

/// An order of the scenario.
#[derive(Clone, Copy, Debug)]
pub enum PipelineOrder {
    /// To open the first stage.
    Begin,
}

impl Requested for PipelineOrder {
    fn kind(&self) -> Option<&'static str> {
        let Self::Begin = self;
        Some("pipeline")
    }
}

impl Pipeline {
    #[must_use]
    pub fn new(stages: Arc<[Stage]>) -> Self {
        Self { progress: vec![Progress::default(); stages.len()], stages, ended: None }
    }

    /// The proposal of a stage, once it was opened.
    #[must_use]
    pub fn proposal(&self, stage: StageId) -> Option<ProposalId> {
        self.progress.get(usize::from(stage))?.opened
    }

    /// The first stage for which this is true.
    fn find(&self, is_it: impl Fn(&Stage, &Progress) -> bool) -> Option<StageId> {
        let mut stages = self.stages.iter().zip(&self.progress);
        StageId::try_from(stages.position(|(stage, progress)| is_it(stage, progress))?).ok()
    }

    /// The first stage behind this gate that was not opened; nothing once the pipeline has ended.
    fn behind(&self, gate: Option<StageId>) -> Option<StageId> {
        let behind = self.find(|stage, it| stage.gate == gate && it.opened.is_none());
        behind.filter(|_| self.ended.is_none())
    }

    /// The stage whose proposal this is, before it was opened.
    fn stage_to_open(&self, proposal: &Proposal) -> Option<StageId> {
        self.find(|stage, it| stage.proposal.name == proposal.name && it.opened.is_none())
    }

    fn write(&mut self, entry: PipelineEntry) {
        match entry {
            PipelineEntry::Opened { stage, proposal } => {
                self.progress[usize::from(stage)].opened = Some(proposal);
            }
            PipelineEntry::Decided { stage, decision } => {
                self.progress[usize::from(stage)].decided = Some(decision);
            }
            PipelineEntry::Ended { stage, decision } => self.ended = Some((stage, decision)),
        }
    }

    fn put(&mut self, entry: PipelineEntry, out: &mut impl Outlet<Stages>) {
        self.write(entry);
        out.persist(entry);
    }

    /// Proposes what stands behind this gate, one after the other; behind none: what the pipeline begins with.
    /// Whether there was anything.
    fn propose_next(&self, gate: Option<StageId>, out: &mut impl Outlet<Stages>) -> bool {
        let next = self.behind(gate).and_then(|stage| self.stages.get(usize::from(stage)));
        next.into_iter().for_each(|stage| out.raise(Signal::Proposed(stage.proposal.clone())));
        next.is_some()
    }

    fn on_opened(&mut self, opening: &Opening, out: &mut impl Outlet<Stages>) {
        let Some(stage) = self.stage_to_open(&opening.proposal) else { return };
        let proposal = opening.id;
        self.put(PipelineEntry::Opened { stage, proposal }, out);
        out.note(PipelineNote::StageOpened { proposal, stage });
        self.propose_next(self.stages[usize::from(stage)].gate, out);
    }

    /// A proposal is decided: if it is that of a stage, the pipeline goes on or ends.
    fn on_decided(&mut self, id: ProposalId, decision: Decision, out: &mut impl Outlet<Stages>) {
        let Some(stage) = self.find(|_, progress| progress.opened == Some(id)) else { return };
        self.put(PipelineEntry::Decided { stage, decision }, out);
        if decision != Decision::Approved {
            return self.end(stage, decision, out);
        }
        out.note(PipelineNote::StagePassed { proposal: id, stage });
        let goes_on = self.propose_next(Some(stage), out);
        let is_approved = |it: &Progress| it.decided == Some(Decision::Approved);
        if !goes_on && self.progress.iter().all(is_approved) {
            self.end(stage, decision, out);
        }
    }

    fn end(&mut self, stage: StageId, decision: Decision, out: &mut impl Outlet<Stages>) {
        // Of two stages behind one gate the first that fails ends it for both.
        if self.ended.is_none() {
            self.put(PipelineEntry::Ended { stage, decision }, out);
            out.note(PipelineNote::PipelineEnded { stage, decision });
        }
    }
}

/// The part of the one agent that opens stages.
pub type Stages = Box<Pipeline>;

impl Protocol for Stages {
    /// Its agents say nothing to each other: what is voted on, others see to.
    type Message = Unsaid;
    type Timer = Infallible;
    type Order = PipelineOrder;
    type Durable = Self;
    type Entry = PipelineEntry;
    type Note = PipelineNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &Self) -> Self {
        durable.clone()
    }

    fn write(durable: &mut Self, entry: &PipelineEntry) {
        Pipeline::write(durable, *entry);
    }

    fn on_start(&mut self, _: &mut impl Outlet<Self>) {}

    fn on_message(&mut self, _: AgentId, _: Header, unsaid: &Unsaid, _: &mut impl Outlet<Self>) {
        match *unsaid {}
    }

    fn on_timer(&mut self, timer: Infallible, _: &mut impl Outlet<Self>) {
        match timer {}
    }

    fn on_order(&mut self, order: &PipelineOrder, out: &mut impl Outlet<Self>) {
        let PipelineOrder::Begin = order;
        self.propose_next(None, out);
    }

    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        match signal {
            Signal::Opened(opening) => self.on_opened(opening, out),
            Signal::NotOpened(proposal) => {
                if let Some(stage) = self.stage_to_open(proposal) {
                    self.end(stage, Decision::Rejected, out);
                }
            }
            Signal::Decided { id, decision, .. } => self.on_decided(*id, *decision, out),
            _ => {}
        }
    }
}

impl Lies for Stages {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
