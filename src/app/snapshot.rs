//! The run as panels see it, at most ten times a second.

use std::sync::Arc;

use engine::common::shown::Picture;
use engine::playback::cast::Cast;
use engine::playback::frame::{Frame, ProposalFrame};
use engine::playback::log::MARKS_MAX;
use engine::protocol::document::Document;
use engine::sim::AgentId;
use engine::view::branches::{self, BranchLine};

use super::forms::forms;
use super::player::Player;
use super::tape_painter;

/// The view that panels read in place of the player.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The number of the run that it is of.
    pub opened: Option<u32>,
    pub cast: Arc<Cast>,
    pub frame: Arc<Frame>,
    /// The key to what is on the stage.
    pub key: Vec<(Picture, &'static str)>,
    /// The forms by which a person acts on the swarm.
    pub forms: Vec<Arc<Document>>,
    /// Something to say before another agent is corrupted.
    pub warning: Option<String>,
    /// The branches, while there are several.
    pub branches: Vec<BranchLine>,
    /// The tape holds as many marks as it can.
    pub tape_full: bool,
}

impl Snapshot {
    pub fn proposal(&self) -> Option<&ProposalFrame> {
        self.frame.proposal()
    }

    pub fn name(&self, agent: AgentId) -> &str {
        self.cast.agents.get(agent.index()).map_or("nobody", |info| info.name.as_str())
    }

    /// The run as it is now; nothing while there is none.
    pub fn of(player: &Player, before: &Self) -> Option<Self> {
        let (run, opened) = (player.run()?, Some(player.opened));
        // The names of thousands of agents are copied only when there are others.
        let same = before.opened == opened
            && before.frame.branch == player.frame.branch
            && before.cast.agents.len() == run.cast().agents.len()
            && run.cast().has_routes(before.cast.routes.as_ref());
        let look = &player.frame.look;
        Some(Self {
            opened,
            cast: if same { before.cast.clone() } else { Arc::new(run.cast().clone()) },
            frame: player.frame.clone(),
            key: run.key(look),
            forms: forms(run, look, &before.forms, same),
            warning: run.warning(look),
            branches: branches::branches(run, tape_painter::span_us(player)),
            tape_full: run.marks().len() >= MARKS_MAX,
        })
    }
}
