//! The target of a person's pointer: an agent, a link, or a message on its way.

use super::{LinkState, Point, Stage};
use crate::common::figure::between;
use crate::sim::AgentId;

/// Something on the stage that can be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Agent(AgentId),
    /// In this direction, the one that was drawn.
    Link(AgentId, AgentId),
    Message(u64),
}

impl Target {
    #[must_use]
    pub fn agent(self) -> Option<AgentId> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Link(..) | Self::Message(_) => None,
        }
    }
}

/// Fingers need this much room.
const FINGER_PX: f64 = 22.0;
const MESSAGE_PX: f64 = 15.0;
const LINK_PX: f64 = 7.0;
/// More links than this are a web in which nobody can mean one.
const LINKS_MAX: usize = 400;

impl Stage {
    /// The target at this place: an agent before a message, a message before a link.
    #[must_use]
    pub fn hit(&self, place: Point) -> Option<Target> {
        self.agent_at(place)
            .map(Target::Agent)
            .or_else(|| self.message_at(place).map(Target::Message))
            .or_else(|| self.link_at(place))
    }

    /// Where something is, while it is on the stage.
    #[must_use]
    pub fn place_of(&self, target: Target) -> Option<Point> {
        match target {
            Target::Agent(agent) => self.agents.get(agent.index()).map(|shape| shape.place),
            Target::Message(id) => {
                self.messages.iter().find(|shape| shape.id == id).map(|shape| shape.place)
            }
            Target::Link(from, to) => {
                let link = self.links.iter().find(|link| link.ends == (from, to))?;
                Some(link.from.towards(link.to, 0.5))
            }
        }
    }

    fn agent_at(&self, place: Point) -> Option<AgentId> {
        let mut nearest: Option<(f64, f64, AgentId)> = None;
        for agent in &self.agents {
            let apart_px = agent.place.distance(place) - agent.radius_px;
            if nearest.is_none_or(|(least_px, ..)| apart_px < least_px) {
                nearest = Some((apart_px, agent.radius_px, agent.agent));
            }
        }
        let (apart_px, radius_px, agent) = nearest?;
        (apart_px <= between(FINGER_PX - radius_px, 4.0, 12.0)).then_some(agent)
    }

    fn message_at(&self, place: Point) -> Option<u64> {
        let mut nearest = (MESSAGE_PX, None);
        for message in &self.messages {
            let apart_px = message.place.distance(place);
            if apart_px < nearest.0 {
                nearest = (apart_px, Some(message.id));
            }
        }
        nearest.1
    }

    fn link_at(&self, place: Point) -> Option<Target> {
        let at_rest = self.links.iter().filter(|link| link.state != LinkState::Used);
        let mut nearest = (LINK_PX, None);
        for link in at_rest.take(LINKS_MAX + 1) {
            let apart_px = from_segment_px(place, link.from, link.to);
            if apart_px < nearest.0 {
                nearest = (apart_px, Some(Target::Link(link.ends.0, link.ends.1)));
            }
        }
        nearest.1.filter(|_| self.links.len() <= LINKS_MAX)
    }
}

/// How far a place is from the line between two others.
fn from_segment_px(place: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = (dx * dx + dy * dy).max(1e-9);
    let along = ((place.x - from.x) * dx + (place.y - from.y) * dy) / length;
    place.distance(from.towards(to, between(along, 0.0, 1.0)))
}
