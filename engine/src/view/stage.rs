//! The swarm as shapes: plain data that a painter paints and a test reads. Lengths are CSS pixels.
//!
//! - [`layout`]: where everyone stands; [`label`]: and their names
//! - [`target`]: what can be pointed at
//! - [`cloud`]: messages in their thousands
//! - [`camera`]: which part of it is seen
//! - [`rim`]: the clock around the glass
//! - [`crack`]: what a partition does to the glass
//! - [`glyph`]: pictures of roles
//! - `disc`: a count, a value, a picture or a number in an agent's disc
//! - `doing`: what an agent is doing, in a word
//! - `message`: what kind a message is, and where it is now
//! - `gauge`: what the coordinator has counted

pub mod camera;
pub mod cloud;
pub mod crack;
mod disc;
mod doing;
mod gauge;
pub mod glyph;
pub mod label;
pub mod layout;
mod message;
pub mod rim;
pub mod target;

pub use crate::common::glyph::MessageGlyph;
use cloud::Clouds;
use doing::second_line;
use gauge::gauge;
use glyph::Glyph;
use label::Label;
use layout::{Detail, Layout};
use message::message_shape;
use rim::Rim;
use target::Target;

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::quorum::Decision;
use crate::common::shown::FaceRing;
use crate::common::topology::TopologyKind;
use crate::playback::cast::Cast;
use crate::playback::frame::{AgentFrame, Frame, Lamp};
use crate::sim::{AgentId, Status};

/// A place on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    fn towards(self, other: Self, part: f64) -> Self {
        Self { x: self.x + (other.x - self.x) * part, y: self.y + (other.y - self.y) * part }
    }

    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        // For each message of each frame: `hypot` and libm's root take ten times as long, and this root is
        // exact everywhere.
        let (x, y) = (self.x - other.x, self.y - other.y);
        (x * x + y * y).sqrt()
    }
}

/// From this radius on there is room in the coordinator's disc for what it is.
pub const NAME_INSIDE_PX: f64 = 40.0;

/// More words than this cover one another.
const WORDS_MAX: usize = 40;

/// The viewer's part in the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageLook {
    pub selected: Option<Target>,
    pub hovered: Option<Target>,
    pub noise: Noise,
    /// Messages jump in eight steps instead of moving.
    pub reduced_motion: bool,
}

/// How much of the traffic is shown, so that housekeeping does not drown a vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Noise {
    /// Only what the vote turns on: proposals, ballots, decisions.
    Focus,
    /// The rest as dots.
    #[default]
    Context,
    /// Everything, with a word beside it.
    All,
}

impl Noise {
    pub const ALL: [Self; 3] = [Self::Focus, Self::Context, Self::All];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Focus => "Focus",
            Self::Context => "Context",
            Self::All => "All",
        }
    }
}

/// Everything on the stage at one instant, in buffers that are reused.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    pub rim: Rim,
    pub links: Vec<LinkShape>,
    pub cracks: Vec<Vec<Point>>,
    pub agents: Vec<AgentShape>,
    pub messages: Vec<MessageShape>,
    /// Instead of messages, where they are too many; only those pointed at stay single.
    pub clouds: Clouds,
    /// The number in the middle of the glass, where nobody stands.
    pub count: Option<Count>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkShape {
    pub ends: (AgentId, AgentId),
    pub from: Point,
    pub to: Point,
    pub state: LinkState,
    pub selected: bool,
    pub hovered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    AtRest,
    /// A message is on it.
    Used,
    /// Nothing passes.
    Severed,
}

/// The count, large, and what it is counted against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub value: String,
    pub against: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AgentShape {
    pub agent: AgentId,
    pub place: Point,
    pub radius_px: f64,
    pub face: Face,
    pub ring: Ring,
    /// Its vote; filled once it is counted.
    pub badge: Option<(Vote, bool)>,
    /// The option that it is for, where options are put to the vote: that stands in place of its vote.
    pub option: Option<OptionId>,
    /// It has signed two different votes: that stands in place of its vote.
    pub exposed: bool,
    /// It is in the adversary's seat.
    pub corrupted: bool,
    /// How full it is, of 1, and the side that colours it.
    pub level: Option<(f64, Vote)>,
    /// Its part of the task has come back: whether it is done.
    pub result: Option<bool>,
    pub outcome: Option<Decision>,
    pub status: Status,
    pub selected: bool,
    /// Under the pointer, or where the keyboard is.
    pub hovered: bool,
    /// The reputation, 0 to 1.
    pub reputation: Option<f64>,
    /// How much of its running timer has elapsed, of 1.
    pub timer: Option<f64>,
    pub label: Option<Label>,
}

/// The content of a disc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face {
    Glyph(Glyph),
    Number(u32),
    /// The value that it holds, and whether it differs from the first agent's.
    Value(String, bool),
    Count(Count),
    /// No room for anything.
    Blank,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ring {
    /// There is nothing to vote on.
    None,
    /// It has not voted.
    Open,
    Voted(Vote),
    /// The coordinator's count, in turns, in the order in which it came.
    Gauge {
        parts: Vec<(f64, f64, Vote)>,
        needed: f64,
    },
    /// The coordinator's count of each option, in turns, the most first.
    Options(Vec<(f64, f64)>),
    /// How much of what it works on is done, of 1.
    Progress(f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MessageShape {
    pub id: u64,
    pub head: MessageGlyph,
    pub place: Point,
    /// Where the link it is on begins, for the direction of its tail.
    pub from: Point,
    /// How far it has come, of 1.
    pub progress: f64,
    pub selected: bool,
    pub hovered: bool,
    /// Its kind in a word, where everything is said.
    pub words: &'static str,
}

impl Stage {
    /// Draws this instant anew.
    pub fn draw(&mut self, layout: &Layout, cast: &Cast, frame: &Frame, look: StageLook) {
        self.rim = rim::rim(frame);
        self.cracks = crack::cracks(layout, &frame.groups, cast.coordinator);
        self.draw_links(layout, cast, frame, look);
        self.draw_agents(layout, cast, frame, look);
        self.draw_messages(layout, frame, look);
        if self.messages.len() > WORDS_MAX {
            self.messages.iter_mut().for_each(|message| message.words = "");
        }
        self.count = None;
        if layout.middle.is_none() && !layout.circle.is_empty() {
            self.count = frame.proposal().map(disc::count);
        }
    }

    fn draw_messages(&mut self, layout: &Layout, frame: &Frame, look: StageLook) {
        let crowded = frame.messages.len() > cloud::SINGLE_MAX;
        let (width_px, height_px) =
            if crowded { (layout.width_px, layout.height_px) } else { (0.0, 0.0) };
        self.clouds.clear(width_px, height_px);
        self.messages.clear();
        for message in &frame.messages {
            let Some(shape) = message_shape(layout, frame, message, look) else { continue };
            if crowded && !shape.selected && !shape.hovered {
                self.clouds.add(shape.head, shape.place);
            } else {
                self.messages.push(shape);
            }
        }
    }

    fn draw_links(&mut self, layout: &Layout, cast: &Cast, frame: &Frame, look: StageLook) {
        let place = |agent: AgentId| layout.places.get(agent.index()).copied();
        let absent = absent(cast);
        let severed = |from: AgentId, to: AgentId| {
            let group = |agent: AgentId| frame.groups.get(agent.index());
            frame.cuts.contains(&(from, to))
                || frame.cuts.contains(&(to, from))
                || group(from) != group(to)
        };
        self.links.clear();
        for &(a, b) in &cast.links {
            if absent == Some(a) || absent == Some(b) {
                continue;
            }
            let (Some(from), Some(to)) = (place(a), place(b)) else { continue };
            let state = if severed(a, b) { LinkState::Severed } else { LinkState::AtRest };
            let is = |target| target == Some(Target::Link(a, b));
            let (selected, hovered) = (is(look.selected), is(look.hovered));
            self.links.push(LinkShape { ends: (a, b), from, to, state, selected, hovered });
        }
        if frame.messages.len() <= 400 {
            for message in &frame.messages {
                let ends = (message.from, message.to);
                let (Some(from), Some(to)) = (place(ends.0), place(ends.1)) else { continue };
                let state = LinkState::Used;
                let used = LinkShape { ends, from, to, state, selected: false, hovered: false };
                self.links.push(used);
            }
        }
    }

    fn draw_agents(&mut self, layout: &Layout, cast: &Cast, frame: &Frame, look: StageLook) {
        let proposal = frame.proposal();
        // Where everyone decides for itself the coordinator keeps the records.
        let counts = proposal.is_some_and(|proposal| !proposal.has_no_counter());
        let mut lamps: Vec<Option<(Lamp, u64)>> = vec![None; cast.agents.len()];
        let mut options: Vec<Option<OptionId>> = vec![None; cast.agents.len()];
        let mut picked = proposal.and_then(|it| it.choice.as_ref()).map(|it| it.picked.iter());
        for elector in proposal.iter().flat_map(|proposal| &proposal.electors) {
            let picked = picked.as_mut().and_then(|it| it.next().copied().flatten());
            if let Some(lamp) = lamps.get_mut(elector.agent.index()) {
                *lamp = Some((elector.lamp, elector.weight_milli));
                options[elector.agent.index()] = picked;
            }
        }
        let has_values = frame.faces.iter().flatten().any(|it| it.value.is_some());
        self.agents.clear();
        for (number, (info, state)) in cast.agents.iter().zip(&frame.agents).enumerate() {
            let agent = AgentId(number as u32);
            if absent(cast) == Some(agent) {
                continue;
            }
            let (Some(&place), Some(&radius_px)) =
                (layout.places.get(number), layout.radii_px.get(number))
            else {
                continue;
            };
            let detail = layout.detail;
            let counter = info.is_coordinator;
            let is = |target| target == Some(Target::Agent(agent));
            let (selected, hovered) = (is(look.selected), is(look.hovered));
            let pointed_at = selected || hovered;
            let named = matches!(detail, Detail::Full | Detail::Named)
                && !layout.has_no_room_for_a_name(number)
                && !layout.hidden_names.contains(&number);
            // In the middle a name would stand where ballots arrive: there is room for it in the disc.
            let inside = counter
                && layout.middle == Some(agent)
                && radius_px >= NAME_INSIDE_PX
                && state.status == Status::Up
                && counts;
            let lamp = lamps[number];
            let shown = disc::shown(frame, agent);
            let permille = |of: Option<u16>| of.map(|permille| f64::from(permille) / 1_000.0);
            self.agents.push(AgentShape {
                agent,
                place,
                radius_px,
                face: disc::face(layout, frame, &info.role, agent, counter, radius_px, has_values),
                ring: match shown.and_then(|shown| shown.ring) {
                    Some(FaceRing::Progress(permille)) => {
                        Ring::Progress(f64::from(permille) / 1_000.0)
                    }
                    Some(FaceRing::Open) => Ring::Open,
                    None => match proposal {
                        Some(_) if counter && !counts => Ring::None,
                        Some(proposal) if counter => gauge(proposal),
                        Some(_) => state.vote.map_or(Ring::Open, Ring::Voted),
                        None => Ring::None,
                    },
                },
                badge: badge(state.vote, lamp.map(|lamp| lamp.0)),
                level: permille(shown.and_then(|it| it.level_permille))
                    .map(|part| (part, state.vote.unwrap_or(Vote::Abstain))),
                result: shown.and_then(|shown| shown.result),
                option: options[number],
                exposed: lamp.is_some_and(|lamp| lamp.0 == Lamp::Exposed),
                corrupted: state.corrupted,
                outcome: state.outcome.filter(|_| !counter),
                status: state.status,
                selected,
                hovered,
                reputation: (detail == Detail::Full && !counter).then(|| {
                    let own = permille(shown.and_then(|shown| shown.reputation_permille));
                    own.unwrap_or_else(|| f64::from(info.reputation) / 150.0)
                }),
                timer: timer(state, frame.time_us).filter(|_| !counter && detail != Detail::Dots),
                label: (named && !inside || pointed_at).then(|| {
                    let name = layout.names.get(number).cloned().unwrap_or_default();
                    let second = match detail {
                        Detail::Named => String::new(),
                        _ => second_line(state, frame, lamp, counter, options[number], agent),
                    };
                    Label::new(layout, number, layout.name_sides[number], (name, second))
                }),
            });
        }
    }
}

/// The coordinator where it has no part: nothing is put to the vote, it shares out no work, and nothing passes through
/// it. It is the last of all then, so that the others keep their places.
#[must_use]
pub fn absent(cast: &Cast) -> Option<AgentId> {
    let has_none = !cast.pictures.titles.is_empty()
        && !cast.pictures.is_coordinated
        && cast.opened == 0
        && !cast.has_proposals;
    let is_aside = |agent: &AgentId| {
        cast.topology == TopologyKind::Mesh && agent.index() + 1 == cast.agents.len()
    };
    cast.coordinator.filter(|agent| has_none && is_aside(agent))
}

/// Its vote, and whether that is counted.
fn badge(vote: Option<Vote>, lamp: Option<Lamp>) -> Option<(Vote, bool)> {
    vote.map(|vote| (vote, matches!(lamp, Some(Lamp::Counted(_)))))
}

fn timer(state: &AgentFrame, now_us: u64) -> Option<f64> {
    let timer = state.timer.filter(|timer| timer.awaited.is_review)?;
    let whole_us = timer.due_us.saturating_sub(timer.set_us).max(1);
    Some((now_us.saturating_sub(timer.set_us) as f64 / whole_us as f64).min(1.0))
}

#[cfg(test)]
mod tests;
