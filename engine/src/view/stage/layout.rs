//! Where everyone stands. Worked out once per run, size and topology, in CSS pixels.

use libm::{cos, sin, sqrt};

use super::{NAME_INSIDE_PX, Point, label};
use crate::common::topology::TopologyKind;
use crate::playback::cast::Cast;
use crate::sim::AgentId;

/// The glass at scale 1, as drawn in the mock-ups.
const GLASS_RADIUS_PX: f64 = 290.0;
/// An agent of mean weight at scale 1.
const AGENT_RADIUS_PX: f64 = 33.0;
/// The coordinator in the middle carries a number.
const COUNTER_RADIUS_PX: f64 = 50.0;
const COUNTER_SMALL_RADIUS_PX: f64 = 45.0;
/// Up to here everyone has a name under it, and from here on nobody stands on a circle.
const NAMED_MAX: usize = 12;
/// Up to here there is room for a second line under the name.
const NAMED_FULL_MAX: usize = 8;
const CIRCLE_MAX: usize = 64;
/// Agents of a tree that have less room than this stand in three rows.
const STAGGERED_PX: f64 = 4.0;
const TURN: f64 = core::f64::consts::TAU;

/// How much of each agent there is room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Glyph, ring, badge, arcs, name and a second line.
    #[default]
    Full,
    /// As `Full`, but without second lines and reputation.
    Named,
    /// Glyph or number, ring and badge.
    Faces,
    /// One small shape per agent.
    Dots,
}

/// Where a name stands, seen from its agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Below,
    Above,
    Left,
    Right,
}

/// Where everyone stands.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub width_px: f64,
    pub height_px: f64,
    pub centre: Point,
    pub radius_px: f64,
    /// The scale of strokes, texts and distances.
    pub scale: f64,
    pub detail: Detail,
    /// By agent number.
    pub places: Vec<Point>,
    pub radii_px: Vec<f64>,
    /// The names of all as they stand here: in short where there is little room.
    pub names: Vec<String>,
    /// Where the names stand.
    pub name_sides: Vec<Side>,
    /// Agents whose names would cover others.
    pub hidden_names: Vec<usize>,
    /// The agent in the middle of the glass, if there is one.
    pub middle: Option<AgentId>,
    /// It is a member, and no coordinator.
    is_member_in_the_middle: bool,
    /// Those on the circle, clockwise from twelve o'clock, with their place on it in turns.
    pub circle: Vec<(AgentId, f64)>,
}

/// A point on a circle; 0 turns is twelve o'clock, clockwise.
#[must_use]
pub fn on_circle(centre: Point, radius_px: f64, turns: f64) -> Point {
    let angle = (turns - 0.25) * TURN;
    Point { x: centre.x + radius_px * cos(angle), y: centre.y + radius_px * sin(angle) }
}

impl Layout {
    /// Places everyone on a stage of this size.
    #[must_use]
    pub fn new(cast: &Cast, width_px: f64, height_px: f64) -> Self {
        Self::enlarged(cast, width_px, height_px, 1.0)
    }

    /// The same, drawn larger by a factor, for the back of a room.
    #[must_use]
    pub fn enlarged(cast: &Cast, width_px: f64, height_px: f64, factor: f64) -> Self {
        let least_px = width_px.min(height_px);
        let margin_px = if least_px < 480.0 { 20.0 } else { 38.0 };
        let radius_px = (least_px / 2.0 - margin_px).max(60.0);
        let scale = factor * crate::common::figure::between(radius_px / GLASS_RADIUS_PX, 0.72, 1.5);
        let count = cast.agents.len();
        let mut layout = Self {
            width_px,
            height_px,
            centre: Point { x: width_px / 2.0, y: height_px / 2.0 },
            radius_px,
            scale,
            detail: Detail::Full,
            places: vec![Point::default(); count],
            radii_px: vec![AGENT_RADIUS_PX * scale; count],
            names: cast.agents.iter().map(|agent| agent.name.clone()).collect(),
            name_sides: vec![Side::Below; count],
            hidden_names: Vec::new(),
            middle: None,
            is_member_in_the_middle: false,
            circle: Vec::new(),
        };
        if count > 0 {
            match cast.topology {
                TopologyKind::Mesh | TopologyKind::Star => layout.around_the_middle(cast),
                TopologyKind::Ring => layout.ring(cast),
                TopologyKind::Hierarchical => layout.tree(cast),
            }
        }
        let crowded_tree = cast.topology == TopologyKind::Hierarchical && count > 7;
        // Where discs hold values, a number alone would be taken for one.
        if !cast.pictures.has_values() && (layout.scale < 0.85 || crowded_tree) {
            layout.names = cast.short_names();
        }
        label::settle(&mut layout);
        layout
    }

    /// The layout on the way from another of the same size: `part` of 1 of the way is gone, slowly at both ends. All but the
    /// places and sizes of agents is as at its end.
    #[must_use]
    pub fn coming_from(&self, before: &Self, part: f64) -> Self {
        let eased = part * part * (3.0 - 2.0 * part);
        let mut layout = self.clone();
        for (place, from) in layout.places.iter_mut().zip(&before.places) {
            *place = from.towards(*place, eased);
        }
        for (radius_px, from_px) in layout.radii_px.iter_mut().zip(&before.radii_px) {
            *radius_px = from_px + (*radius_px - from_px) * eased;
        }
        layout
    }

    /// A coordinator in the middle has a number that says what it is, and no room beside it.
    pub(super) fn has_no_room_for_a_name(&self, agent: usize) -> bool {
        self.detail == Detail::Named
            && !self.is_member_in_the_middle
            && self.middle.is_some_and(|it| it.index() == agent)
    }

    /// Puts an agent where a person wants it: so many radii of the glass from its centre, and never
    /// outside.
    pub fn place(&mut self, agent: AgentId, offset: Point) {
        let Some(radius_px) = self.radii_px.get(agent.index()) else { return };
        let most = (1.0 - radius_px / self.radius_px).max(0.0);
        let length = Point::default().distance(offset).max(1e-9);
        let part = (most / length).min(1.0) * self.radius_px;
        self.places[agent.index()] =
            Point { x: self.centre.x + offset.x * part, y: self.centre.y + offset.y * part };
    }

    /// Where a place is, in radii of the glass from its centre: it holds for any size.
    #[must_use]
    pub fn offset(&self, place: Point) -> Point {
        Point {
            x: (place.x - self.centre.x) / self.radius_px,
            y: (place.y - self.centre.y) / self.radius_px,
        }
    }

    /// The agents that a line from rim to rim parts from the coordinator; without one, from the first agent.
    #[must_use]
    pub fn beyond(&self, from: Point, to: Point, coordinator: Option<AgentId>) -> Vec<AgentId> {
        let side = |place: Point| {
            (to.x - from.x) * (place.y - from.y) - (to.y - from.y) * (place.x - from.x) > 0.0
        };
        let here = coordinator.unwrap_or(AgentId(0));
        let here = self.places.get(here.index()).copied().is_some_and(side);
        let agents = (0..).map(AgentId).zip(&self.places);
        agents.filter(|(_, place)| side(**place) != here).map(|(agent, _)| agent).collect()
    }

    fn around_the_middle(&mut self, cast: &Cast) {
        self.middle = hub(cast);
        self.is_member_in_the_middle = self.middle != cast.coordinator;
        let is_aside = |agent: &AgentId| Some(*agent) != self.middle;
        let others: Vec<AgentId> = members(cast).filter(is_aside).collect();
        if others.len() > CIRCLE_MAX {
            self.sunflower(cast, &others);
        } else {
            self.on_a_circle(cast, others);
        }
        let Some(middle) = self.middle else { return };
        self.places[middle.index()] = self.centre;
        let full = self.detail == Detail::Full;
        let counter_px = if full { COUNTER_RADIUS_PX } else { COUNTER_SMALL_RADIUS_PX };
        // On a small stage a little larger, so that its name has room in its disc.
        let roomy_px = (self.radius_px / 5.0).min(NAME_INSIDE_PX);
        self.radii_px[middle.index()] = (counter_px * self.scale).max(roomy_px);
    }

    fn ring(&mut self, cast: &Cast) {
        // The coordinator, if there is one, is the last of the ring, so it stands at twelve o'clock and the first
        // agent follows clockwise.
        let rest = members(cast).filter(|&agent| Some(agent) != cast.coordinator);
        self.on_a_circle(cast, cast.coordinator.into_iter().chain(rest).collect());
        // Messages keep to the circle, so names stand inside it, where two lines would meet.
        if self.detail == Detail::Full {
            self.detail = Detail::Named;
        }
        for &(agent, turns) in self.circle.iter().skip(1) {
            let across = sin(turns * TURN);
            let high = cos(turns * TURN) > 0.6;
            self.name_sides[agent.index()] = match across {
                _ if high => Side::Below,
                0.4.. => Side::Left,
                ..-0.4 => Side::Right,
                _ => Side::Above,
            };
        }
    }

    fn on_a_circle(&mut self, cast: &Cast, members: Vec<AgentId>) {
        let count = members.len().max(1);
        let reach = if count <= NAMED_FULL_MAX {
            0.655
        } else if count <= NAMED_MAX {
            0.70
        } else {
            0.84
        };
        let circle_px = reach * self.radius_px;
        let apart_px = 2.0 * circle_px * sin(TURN / 2.0 / count as f64);
        let room_px = if count == 1 { f64::MAX } else { apart_px / 2.0 };
        self.detail = self.detail_of(count, room_px);
        self.size_agents(cast, |_| room_px);
        for (place, &agent) in members.iter().enumerate() {
            let turns = place as f64 / count as f64;
            self.places[agent.index()] = on_circle(self.centre, circle_px, turns);
            if place == 0 && count > 1 {
                // On a small stage there is no room between the agent and the rim.
                let small = self.scale < 0.85;
                self.name_sides[agent.index()] = if small { Side::Right } else { Side::Above };
            }
            self.circle.push((agent, turns));
        }
    }

    /// Too many for a circle: each next one a golden angle further, so that all have equal room.
    fn sunflower(&mut self, cast: &Cast, members: &[AgentId]) {
        let golden = 0.381_966_011_250_105;
        let inner_px = (COUNTER_RADIUS_PX + 26.0) * self.scale;
        let outer_px = 0.93 * self.radius_px;
        let area = outer_px * outer_px - inner_px * inner_px;
        let count = members.len() as f64;
        let room_px = sqrt(area * TURN / 2.0 / count) / 2.0;
        self.detail = self.detail_of(members.len(), room_px);
        self.size_agents(cast, |_| room_px);
        for (number, agent) in members.iter().enumerate() {
            let share = (number as f64 + 0.5) / count;
            let from_centre_px = sqrt(inner_px * inner_px + share * area);
            let turns = number as f64 * golden;
            self.places[agent.index()] = on_circle(self.centre, from_centre_px, turns);
        }
    }

    /// A tree from the coordinator down; leaves share the width, parents stand over their leaves.
    fn tree(&mut self, cast: &Cast) {
        let tree = Tree::new(cast);
        let top_px = self.centre.y - 0.70 * self.radius_px;
        let level_px = 1.36 * self.radius_px / tree.depth_max.max(1) as f64;
        for agent in members(cast) {
            let depth = tree.depth[agent.index()];
            let y = top_px + level_px * depth as f64;
            let from_middle = (y - self.centre.y) / self.radius_px;
            let half_chord_px = sqrt((1.0 - from_middle * from_middle).max(0.04)) * self.radius_px;
            let x = self.centre.x + (tree.across[agent.index()] - 0.5) * 1.72 * half_chord_px;
            self.places[agent.index()] = Point { x, y };
        }
        let mut room_px = self.room_by_depth(&tree, level_px * 0.38);
        self.stagger(&tree, level_px, &mut room_px);
        let least_room_px = room_px.iter().copied().fold(f64::MAX, f64::min);
        self.detail = self.detail_of(cast.agents.len(), least_room_px);
        if self.detail == Detail::Full {
            // Links leave an agent downwards, where the second line would be.
            self.detail = Detail::Named;
        }
        self.size_agents(cast, |agent| room_px[tree.depth[agent]]);
        for (side, has_children) in self.name_sides.iter_mut().zip(&tree.has_children) {
            *side = if *has_children { Side::Right } else { Side::Below };
        }
    }

    /// Where neighbours of one level would touch, every third is a little lower and every third a
    /// little higher.
    fn stagger(&mut self, tree: &Tree, level_px: f64, room_px: &mut [f64]) {
        let crowded: Vec<bool> = room_px.iter().map(|room_px| *room_px < STAGGERED_PX).collect();
        let row_px = level_px * 0.2;
        let mut seen = vec![0_u32; crowded.len()];
        for agent in self.left_to_right() {
            let depth = tree.depth[agent];
            if crowded[depth] {
                self.places[agent].y += (f64::from(seen[depth] % 3) - 1.0) * row_px;
                seen[depth] += 1;
            }
        }
        for (room_px, _) in room_px.iter_mut().zip(crowded).filter(|(_, crowded)| *crowded) {
            *room_px = (*room_px * 2.6).min(row_px / 2.2);
        }
    }

    fn left_to_right(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by(|a, b| self.places[*a].x.total_cmp(&self.places[*b].x));
        order
    }

    /// Half the least distance between neighbours of one level, and at most `most_px`.
    fn room_by_depth(&self, tree: &Tree, most_px: f64) -> Vec<f64> {
        let mut levels: Vec<Vec<f64>> = vec![Vec::new(); tree.depth_max + 1];
        for agent in self.left_to_right() {
            levels[tree.depth[agent]].push(self.places[agent].x);
        }
        let room = |across: &Vec<f64>| {
            let gaps = across.windows(2).map(|pair| (pair[1] - pair[0]) / 2.0);
            gaps.fold(most_px, f64::min)
        };
        levels.iter().map(room).collect()
    }

    fn detail_of(&self, count: usize, room_px: f64) -> Detail {
        if count <= NAMED_FULL_MAX + 1 && self.radius_px >= 190.0 && room_px > 34.0 {
            Detail::Full
        } else if count <= NAMED_MAX + 1 && room_px > 22.0 {
            Detail::Named
        } else if room_px > 9.0 || count <= 100 {
            Detail::Faces
        } else {
            Detail::Dots
        }
    }

    /// Area follows weight; nobody takes more than its room.
    fn size_agents(&mut self, cast: &Cast, room_px: impl Fn(usize) -> f64) {
        let voters = || cast.agents.iter().filter(|agent| !agent.is_coordinator);
        let total: u64 = voters().map(|agent| agent.weight_milli).sum();
        let mean = (total as f64 / voters().count().max(1) as f64).max(1.0);
        let named = matches!(self.detail, Detail::Full | Detail::Named);
        let share = if named { 0.62 } else { 0.72 };
        for (number, agent) in cast.agents.iter().enumerate() {
            let room_px = room_px(number);
            let middling_px = (AGENT_RADIUS_PX * self.scale).min(room_px * share);
            let relative =
                if agent.is_coordinator { 1.2 } else { agent.weight_milli as f64 / mean };
            let most_px = (room_px * 0.92).min(AGENT_RADIUS_PX * 1.7 * self.scale);
            self.radii_px[number] =
                crate::common::figure::between(middling_px * sqrt(relative), 1.2, most_px.max(1.2));
        }
    }
}

fn members(cast: &Cast) -> impl Iterator<Item = AgentId> {
    (0..cast.agents.len() as u32).map(AgentId)
}

/// The agent in the middle: the coordinator, unless an agent is the hub of a star.
fn hub(cast: &Cast) -> Option<AgentId> {
    if cast.topology != TopologyKind::Star || cast.links.len() < 2 {
        return cast.coordinator;
    }
    let (first, second) = (cast.links[0], cast.links[1]);
    Some(if first.0 == second.0 || first.0 == second.1 { first.0 } else { first.1 })
}

/// Depth and place across of every node of a hierarchy.
struct Tree {
    depth: Vec<usize>,
    /// From 0 to 1.
    across: Vec<f64>,
    has_children: Vec<bool>,
    depth_max: usize,
    leaves: usize,
}

impl Tree {
    fn new(cast: &Cast) -> Self {
        let count = cast.agents.len();
        let has_none = |agent: &usize| cast.parents.get(*agent).copied().flatten().is_none();
        let root = cast.coordinator.map(AgentId::index).filter(has_none);
        let root = root.or_else(|| (0..count).find(has_none));
        let root = root.unwrap_or_default();
        let mut children = vec![Vec::new(); count];
        for agent in 0..count {
            if agent != root {
                let parent = cast.parents.get(agent).copied().flatten();
                children[parent.map_or(root, AgentId::index)].push(agent);
            }
        }
        let mut tree = Self {
            depth: vec![0; count],
            across: vec![0.5; count],
            has_children: children.iter().map(|children| !children.is_empty()).collect(),
            depth_max: 0,
            leaves: 0,
        };
        // Deep hierarchies must not exhaust the stack, so the walk keeps its own.
        let mut order = Vec::with_capacity(count);
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            order.push(node);
            for &child in children[node].iter().rev() {
                tree.depth[child] = tree.depth[node] + 1;
                open.push(child);
            }
        }
        tree.depth_max = tree.depth.iter().copied().max().unwrap_or(0);
        for &node in &order {
            if children[node].is_empty() {
                tree.across[node] = tree.leaves as f64 + 0.5;
                tree.leaves += 1;
            }
        }
        tree.leaves = tree.leaves.max(1);
        for &node in order.iter().rev() {
            if let (Some(&first), Some(&last)) = (children[node].first(), children[node].last()) {
                tree.across[node] = f64::midpoint(tree.across[first], tree.across[last]);
            }
        }
        for across in &mut tree.across {
            *across /= tree.leaves as f64;
        }
        tree
    }
}
