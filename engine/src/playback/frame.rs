//! A run as it is visible at one instant: plain data with public fields, in buffers that are reused.

pub(in crate::playback) mod fill;

pub use crate::common::consensus::frame::{
    ChoiceFrame, Decentral, ElectorFrame, Lamp, OptionFrame, ProposalFrame, RoundsFrame, Terms,
};

use super::requests::Request;
use crate::common::awaited::Awaited;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::manager::Statistics;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::kind::MessageKind;
pub use crate::common::mark::MarkKind;
use crate::common::shown::{Face, Look};
use crate::sim::{AgentId, Books, DropCause, LinkModel, Property, Status};
use crate::swarm::adversary::Behaviour;

/// Everything visible at one instant.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub time_us: u64,
    /// Steps taken (a delivery, a timer, a fault) and events recorded so far.
    pub steps: u64,
    pub events: u64,
    pub trace_hash: u64,
    /// Whether nothing more will happen.
    pub ended: bool,
    /// How far this branch has been played, at the most: what lies between is known.
    pub reached_us: u64,
    pub branch: u32,
    pub branches: u32,
    /// By agent number.
    pub agents: Vec<AgentFrame>,
    /// By the time they were put on their link, then by number.
    pub messages: Vec<MessageFrame>,
    /// In the order they were opened.
    pub proposals: Vec<ProposalFrame>,
    /// Everything that a person looks at; it stays when the frame is filled anew.
    pub look: Look,
    /// The model of every link that has none of its own.
    pub network: LinkModel,
    /// Directions that are cut.
    pub cuts: Vec<(AgentId, AgentId)>,
    /// The group of each agent while there is a partition; empty otherwise.
    pub groups: Vec<u32>,
    /// From sender to receiver, and over single links.
    pub end_to_end: Books,
    pub hops: Books,
    pub dropped_by: Vec<(DropCause, u64)>,
    pub properties: Vec<Property>,
    /// The outcomes of all proposals, as the coordinator decided.
    pub statistics: Statistics,
    /// Whether something leads that other protocols only follow.
    pub is_led: bool,
    /// How many things end with a flag on the tape.
    pub ends: usize,
    /// The faces of agents, by number, as their protocols show them; empty where none does.
    pub faces: Vec<Option<Face>>,
    /// Requests to agents that are paused or down, which wait until they are back.
    pub unheard: Vec<Request>,
}

impl Frame {
    /// The proposal that is shown: the one that was chosen, if it is there, else the newest.
    #[must_use]
    pub fn proposal(&self) -> Option<&ProposalFrame> {
        let chosen = self
            .look
            .of("proposal", None)
            .and_then(|id| self.proposals.iter().find(|it| it.id == id));
        chosen.or(self.proposals.last())
    }
}

/// One agent at this instant. Vote and outcome are about the proposal that is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct AgentFrame {
    pub status: Status,
    pub corrupted: bool,
    /// How it behaves while it is corrupted.
    pub behaviour: Option<Behaviour>,
    /// It has heard of the proposal.
    pub knows: bool,
    /// Its vote, or the side it is on by now.
    pub vote: Option<Vote>,
    pub outcome: Option<Decision>,
    /// The running timer that is due next.
    pub timer: Option<TimerFrame>,
    /// Messages that wait in its inbox.
    pub waiting: u32,
    pub sent: u64,
    pub received: u64,
    pub lamport: u64,
}

/// A running timer.
#[derive(Clone, Copy, Debug)]
pub struct TimerFrame {
    pub awaited: Awaited,
    pub set_us: u64,
    pub due_us: u64,
}

/// A message on a link, at this instant.
#[derive(Clone, Copy, Debug)]
pub struct MessageFrame {
    pub id: u64,
    pub kind: &'static MessageKind,
    pub glyph: MessageGlyph,
    /// Its content beside its kind: a vote, or a decision.
    pub says: Option<&'static str>,
    /// Its receiver knows by now all that is in it: the ballots of a rumour.
    pub is_repeat: bool,
    pub proposal: ProposalId,
    /// The two ends of the link it is on.
    pub from: AgentId,
    pub to: AgentId,
    /// Who sent it, and for whom it is.
    pub origin: AgentId,
    pub dest: AgentId,
    /// Its place on the link is linear in time between these two.
    pub sent_us: u64,
    pub arrives_us: u64,
    pub bytes: u32,
    /// Two agents compare what they hold, and nothing has come of it so far.
    pub is_housekeeping: bool,
}

/// Something on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub time_us: u64,
    /// The event to jump to.
    pub event: u64,
    pub kind: MarkKind,
}
