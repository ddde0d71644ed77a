//! Hundreds of agents that have nothing to tell them apart but their vote: one path for all that
//! has the same colour.

use engine::coordination::consensus::ballot::Vote;
use engine::sim::Status;
use engine::view::stage::{AgentShape, Face, Ring, Stage};

use super::{DISC_MIN_PX, ring_gap_px, ring_width_px};
use crate::app::painter::brush::Brush;
use crate::app::painter::marks;
use crate::app::palette::Colour;

/// Whether an agent is painted with the others.
pub fn is_in(agent: &AgentShape) -> bool {
    agent.radius_px >= DISC_MIN_PX
        && agent.status == Status::Up
        && agent.face == Face::Blank
        && !matches!(agent.ring, Ring::Gauge { .. })
        && (agent.timer.is_none() || agent.radius_px < 16.0)
        && agent.reputation.is_none()
        && (agent.outcome.is_none() || agent.radius_px < 16.0)
}

pub fn crowd(brush: &Brush, stage: &Stage) {
    let all = || stage.agents.iter().filter(|agent| is_in(agent));
    let Some(one) = all().next() else { return };
    let (gap_px, width_px) = (ring_gap_px(one, brush.scale), ring_width_px(one, brush.scale));
    brush.begin();
    all().for_each(|agent| brush.circle(agent.place, agent.radius_px * 1.36));
    brush.fill(Colour::Glass);
    brush.begin();
    all().for_each(|agent| brush.circle(agent.place, agent.radius_px));
    brush.stroke(Colour::Ink, 1.5);

    let rings = |ring: Ring, by_px: f64| {
        brush.begin();
        for agent in all().filter(|agent| agent.ring == ring) {
            brush.circle(agent.place, agent.radius_px + gap_px + by_px);
        }
    };
    rings(Ring::Voted(Vote::For), 0.0);
    brush.stroke(Colour::For, width_px);
    for side in [-0.4, 0.4] {
        rings(Ring::Voted(Vote::Abstain), side * width_px);
        brush.stroke(Colour::Abstain, 1.4);
    }
    let length_px = core::f64::consts::TAU * (one.radius_px + gap_px);
    brush.dash(&[length_px * 0.07, length_px * 0.03]);
    rings(Ring::Voted(Vote::Against), 0.0);
    brush.stroke(Colour::Against, width_px);
    brush.dash(&[1.6, 4.0]);
    rings(Ring::Open, 0.0);
    brush.stroke(Colour::Hollow, 1.6);
    brush.dash(&[]);
    badges(brush, stage);
}

/// As [`marks::vote`] paints one, where there is no room for its sign.
fn badges(brush: &Brush, stage: &Stage) {
    let outlines = |vote: Vote, counted: Option<bool>, by_px: f64| {
        brush.begin();
        for agent in stage.agents.iter().filter(|agent| is_in(agent)) {
            let Some(badge) = agent.badge else { continue };
            if badge.0 == vote && counted.is_none_or(|counted| counted == badge.1) {
                let radius_px = super::badge_radius_px(agent, brush.scale);
                let place = super::corner(agent, 0.125, brush.scale);
                marks::outline(brush, place, radius_px + by_px, vote);
            }
        }
    };
    for vote in Vote::ALL {
        outlines(vote, None, 2.0);
        brush.fill(Colour::Glass);
        outlines(vote, Some(true), 0.0);
        brush.fill(marks::vote_colour(vote));
        outlines(vote, Some(false), -1.0);
        brush.fill(Colour::Glass);
        brush.stroke(marks::vote_colour(vote), 2.0);
    }
}
