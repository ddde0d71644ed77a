//! The versions of a key as a picture: which of them was written knowing which (a Hasse diagram). The newest
//! stand on top and what they knew below them; versions that stand side by side did not know one another.

use super::members;
use super::short::Shorts;
use crate::common::figure::shortened;
use crate::common::shown::Peek;
use crate::common::value::Value;
use crate::protocol::document::Graph;
use crate::protocols::state::clock::{Causality, VectorClock};
use crate::protocols::state::holder::State;
use crate::protocols::state::resolve::{Strategy, resolve};
use crate::protocols::state::standing::{KeyStanding, parts, record};
use crate::protocols::state::version::StateVersion;
use crate::sim::AgentId;

/// More versions that are held than this cannot be read.
const HELD_MAX: usize = 6;
/// With what was written before not more than this.
const NODES_MAX: usize = 5;
/// So many stand side by side.
const ACROSS_MAX: usize = 3;
/// So many are named of those who hold a version.
const AT_MAX: usize = 2;

/// The picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lattice {
    pub nodes: Vec<Node>,
    /// The width of each of them.
    pub width: i32,
    pub rows: usize,
    /// Each from the older to the newer; what follows from two others is left out.
    pub edges: Vec<(usize, usize)>,
    /// Neighbours, from left to right, that are concurrent.
    pub ties: Vec<(usize, usize)>,
    /// Versions there is no room for.
    pub more: usize,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub value: String,
    /// "{a1:2, a2:1}"; of very many only the numbers.
    pub clock: String,
    /// "by a2, at a2 a3".
    pub whose: String,
    pub kind: NodeKind,
    /// Where its middle is.
    pub x: i32,
    /// From the top.
    pub row: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Someone holds it.
    Held,
    /// It was known when the held one was written.
    Replaced,
    /// Nobody holds it, and it was not known when the held one was written.
    Lost,
    /// It would be held if all merged now.
    Merged,
}

/// A version that is shown.
struct Version {
    value: String,
    clock: VectorClock,
    kind: NodeKind,
    /// Its writer; nobody where a merge has made it.
    by: Option<AgentId>,
    at: Vec<AgentId>,
}

/// The picture of what is held, and of what was written before that.
pub(super) fn lattice(
    peek: &dyn Peek<State>,
    state: &KeyStanding<'_>,
    held: &[(AgentId, StateVersion)],
) -> Lattice {
    let strategy = state.rule.strategy;
    let mut shown = Shown { versions: Vec::new(), more: 0 };
    for (_, version) in held {
        shown.hold(peek, state, version);
    }
    let mut was_cleared = false;
    for change in peek.watch().changes.iter().rev() {
        if change.key == state.key && change.from.is_none() {
            // It began anew then.
            was_cleared |= change.clock.is_empty();
            if !was_cleared {
                shown.remember(change.agent, &change.clock, &change.value);
            }
        }
    }
    let start = peek.known().at_start.get(state.key.0 as usize).filter(|_| !was_cleared);
    for head in start.into_iter().flatten() {
        shown.remember(head.dot.origin.agent, &head.clock, &head.value);
    }
    // By replicated types a merge makes something new.
    let all: Vec<&StateVersion> = held.iter().map(|(_, version)| version).collect();
    if strategy == Strategy::Crdt
        && !all.is_empty()
        && let Ok(resolution) = resolve(strategy, &all)
    {
        shown.add(None, &resolution.version.clock, &resolution.version.value, NodeKind::Merged);
    }
    let clocks: Vec<&VectorClock> = shown.versions.iter().map(|it| &it.clock).collect();
    let places = arrange(&clocks);
    nodes(&shown, places, peek)
}

struct Shown {
    versions: Vec<Version>,
    more: usize,
}

impl Shown {
    /// Everyone keeps to one side: they stand in the order of agents. A clock is shown once.
    fn add(
        &mut self,
        by: Option<AgentId>,
        clock: &VectorClock,
        value: &Value,
        kind: NodeKind,
    ) -> Option<&mut Version> {
        let versions = &mut self.versions;
        if let Some(same) = versions.iter_mut().find(|it| it.clock == *clock) {
            // It was no merge but a write.
            same.by = same.by.or(by);
            return None;
        }
        let most = if kind == NodeKind::Held { HELD_MAX } else { NODES_MAX };
        if versions.len() >= most && kind != NodeKind::Merged {
            self.more += 1;
            return None;
        }
        let place = versions.iter().take_while(|it| it.by <= by).count();
        let (value, clock) = (value.plain(), clock.clone());
        versions.insert(place, Version { value, clock, kind, by, at: Vec::new() });
        versions.get_mut(place)
    }

    fn hold(&mut self, peek: &dyn Peek<State>, state: &KeyStanding<'_>, version: &StateVersion) {
        // Merged types are dated by the last write in them: whether it is one is seen later.
        let by = Some(version.dot.origin.agent).filter(|_| state.rule.strategy != Strategy::Crdt);
        let Some(added) = self.add(by, &version.clock, &version.value, NodeKind::Held) else {
            return;
        };
        for (agent, part) in parts(peek) {
            let heads = record(&part, state.key).map(|record| &record.heads);
            if heads.is_some_and(|heads| heads.iter().any(|head| head.clock == version.clock)) {
                added.at.push(agent);
            }
        }
    }

    fn remember(&mut self, by: AgentId, clock: &VectorClock, value: &Value) {
        let knew = |it: &Version| {
            it.kind == NodeKind::Held && clock.compare(&it.clock) == Causality::Before
        };
        let is_known = self.versions.iter().any(knew);
        let kind = if is_known { NodeKind::Replaced } else { NodeKind::Lost };
        self.add(Some(by), clock, value, kind);
    }
}

fn nodes(shown: &Shown, places: Places, peek: &dyn Peek<State>) -> Lattice {
    let Places { x, rows, edges, ties, width } = places;
    let mut named = Vec::new();
    for version in &shown.versions {
        named.extend(version.by);
        named.extend(version.at.iter().take(AT_MAX));
        named.extend(version.clock.iter().map(|(origin, _)| origin.agent));
    }
    let shorts = Shorts::new(peek.names(), &named);
    let mut nodes = Vec::new();
    for (place, version) in shown.versions.iter().enumerate() {
        let mut whose = match version.by {
            Some(by) => format!("by {}", shorts.of(by)),
            None if version.kind == NodeKind::Merged => "if they merged".to_owned(),
            None => "merged".to_owned(),
        };
        if version.kind == NodeKind::Lost {
            whose += ", lost";
        }
        match version.at.len() {
            0 => {}
            count if count == members(peek) => whose += ", at all",
            count if count > AT_MAX => whose += &format!(", at {count} agents"),
            _ => {
                whose += ", at";
                for agent in &version.at {
                    whose += " ";
                    whose += shorts.of(*agent);
                }
            }
        }
        nodes.push(Node {
            value: shortened(&version.value, (width / 9).unsigned_abs() as usize),
            clock: shorts.clock(&version.clock, (width / 6).unsigned_abs() as usize),
            whose,
            kind: version.kind,
            x: x[place],
            row: rows[place],
        });
    }
    let rows = rows.iter().map(|row| row + 1).max().unwrap_or(0);
    Lattice { nodes, width, rows, edges, ties, more: shown.more }
}

/// Where everything stands.
#[derive(Debug, Default)]
struct Places {
    x: Vec<i32>,
    rows: Vec<usize>,
    edges: Vec<(usize, usize)>,
    ties: Vec<(usize, usize)>,
    width: i32,
}

/// Places versions by their clocks alone.
fn arrange(clocks: &[&VectorClock]) -> Places {
    let count = clocks.len();
    let is_before =
        |one: usize, other: usize| clocks[one].compare(clocks[other]) == Causality::Before;
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for older in 0..count {
        for newer in 0..count {
            let between = |it: usize| is_before(older, it) && is_before(it, newer);
            if is_before(older, newer) && !(0..count).any(between) {
                edges.push((older, newer));
            }
        }
    }
    // One row below the lowest of those that knew it.
    let mut depth = vec![0; count];
    for _ in 0..count {
        for (older, newer) in &edges {
            depth[*older] = depth[*older].max(depth[*newer] + 1);
        }
    }
    let is_crowded = |row: usize| depth.iter().filter(|it| **it == row).count() > 2;
    let width = if (0..count).any(is_crowded) { 96 } else { 120 };
    let (mut x, mut rows, mut ties) = (vec![0; count], vec![0; count], Vec::new());
    let mut next = 0;
    for row in 0..count {
        // Each as near as can be to those that knew it.
        let mut across: Vec<(i32, usize)> = Vec::new();
        for node in (0..count).filter(|node| depth[*node] == row) {
            let (mut sum, mut above) = (0, 0);
            for (_, newer) in edges.iter().filter(|it| it.0 == node) {
                sum += x[*newer];
                above += 1;
            }
            let wish = if above > 0 { sum / above } else { Graph::WIDTH / 2 };
            let place = across.iter().take_while(|it| it.0 <= wish).count();
            across.insert(place, (wish, node));
        }
        for across in across.chunks(ACROSS_MAX) {
            let apart = (Graph::WIDTH - width) / (across.len() as i32 - 1).max(1);
            for (place, (wish, node)) in across.iter().enumerate() {
                let alone = across.len() == 1;
                x[*node] = if alone { *wish } else { width / 2 + apart * place as i32 };
                rows[*node] = next;
                if place > 0 {
                    ties.push((across[place - 1].1, *node));
                }
            }
            next += 1;
        }
    }
    Places { x, rows, edges, ties, width }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::clock;

    /// Rows from the top, each from left to right, as "place@x", with edges and ties.
    fn check(
        clocks: &[&str],
        rows: &[&[usize]],
        edges: &[(usize, usize)],
        ties: &[(usize, usize)],
    ) {
        let owned: Vec<VectorClock> = clocks.iter().map(|text| clock(text)).collect();
        let places = arrange(&owned.iter().collect::<Vec<_>>());
        let row = |row: usize| {
            let mut row: Vec<usize> =
                (0..clocks.len()).filter(|node| places.rows[*node] == row).collect();
            row.sort_by_key(|node| places.x[*node]);
            row
        };
        let found: Vec<Vec<usize>> = (0..rows.len()).map(row).collect();
        assert_eq!(found, rows, "{clocks:?}");
        assert_eq!(places.edges, edges, "{clocks:?}");
        assert_eq!(places.ties, ties, "{clocks:?}");
        for (place, x) in places.x.iter().enumerate() {
            let half = places.width / 2;
            assert!(
                (half..=Graph::WIDTH - half).contains(x),
                "{place} of {clocks:?} leaves the picture"
            );
        }
        for row in found {
            for pair in row.windows(2) {
                let apart = places.x[pair[1]] - places.x[pair[0]];
                assert!(apart >= places.width + 8, "{pair:?} of {clocks:?} touch");
            }
        }
    }

    #[test]
    fn older_stands_below_and_concurrent_beside() {
        check(&[], &[], &[], &[]);
        check(&["A1"], &[&[0]], &[], &[]);
        check(&["A1 B1", "B1"], &[&[0], &[1]], &[(1, 0)], &[]);
        check(&["A1", "B1"], &[&[0, 1]], &[], &[(0, 1)]);
        // Two, and the one who knew both: a diamond with what both knew.
        let diamond = &["A2 B2", "A2 B1", "A1 B2", "A1 B1"];
        let edges = &[(1, 0), (2, 0), (3, 1), (3, 2)];
        check(diamond, &[&[0], &[1, 2], &[3]], edges, &[(1, 2)]);
    }

    #[test]
    fn what_follows_from_two_edges_is_no_edge() {
        check(&["A3", "A2", "A1"], &[&[0], &[1], &[2]], &[(1, 0), (2, 1)], &[]);
        // 62 and 75 on top, the write between them in its own column.
        let counter = &["A2 B1", "A1 B3", "A1 B2", "A1 B1", "B1"];
        let edges = &[(2, 1), (3, 0), (3, 2), (4, 3)];
        check(counter, &[&[0, 1], &[2], &[3], &[4]], edges, &[(0, 1)]);
    }

    #[test]
    fn many_that_did_not_know_one_another_take_two_rows() {
        let rows: &[&[usize]] = &[&[0, 1, 2], &[3, 4, 5]];
        let ties = &[(0, 1), (1, 2), (3, 4), (4, 5)];
        check(&["A1", "B1", "C1", "D1", "E1", "F1"], rows, &[], ties);
        check(&["A1", "B1", "C1", "D1"], &[&[0, 1, 2], &[3]], &[], &[(0, 1), (1, 2)]);
    }
}
