//! The way through the network: which neighbour is next on the shortest path.
//!
//! Routes are fixed when they are set; they do not react to faults nobody has detected (A2).

use super::process::AgentId;
use crate::order::sort_by_key;

/// All links and the shortest paths over them, for `n` agents numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Routes {
    /// Everyone is linked to everyone.
    Mesh { n: u32 },
    /// Each is linked to the one before and the one after; ties go to the one after.
    Ring { n: u32 },
    /// Everyone is linked to the hub alone.
    Star { n: u32, hub: AgentId },
    /// Each is linked to its parent.
    Tree(Tree),
}

/// A rooted tree, numbered so that "is in whose subtree" is two comparisons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Parent of each agent; the root is its own.
    parents: Vec<u32>,
    children: Vec<Vec<u32>>,
    /// Position in a depth-first walk, and the position after the last of its subtree.
    enter: Vec<u32>,
    leave: Vec<u32>,
}

impl Tree {
    /// Builds the tree; the root is its own parent.
    ///
    /// # Errors
    /// Gives an agent that does not descend from the root: it is on a cycle or below one, is a
    /// second root, or names a parent that does not exist.
    #[inline]
    pub fn new(parents: Vec<u32>) -> Result<Self, AgentId> {
        let n = parents.len();
        let mut children = vec![Vec::new(); n];
        let mut root = None;
        for (agent, &parent) in parents.iter().enumerate() {
            let agent = agent as u32;
            if parent == agent {
                if root.replace(agent).is_some() {
                    return Err(AgentId(agent));
                }
            } else {
                children.get_mut(parent as usize).ok_or(AgentId(agent))?.push(agent);
            }
        }
        let mut tree = Self { parents, children, enter: vec![u32::MAX; n], leave: vec![0; n] };
        if let Some(root) = root {
            tree.number(root);
        }
        match tree.enter.iter().position(|&enter| enter == u32::MAX) {
            Some(unreached) => Err(AgentId(unreached as u32)),
            None => Ok(tree),
        }
    }

    #[inline]
    fn number(&mut self, root: u32) {
        let mut position = 0;
        let mut stack = vec![(root, 0usize)];
        self.enter[root as usize] = 0;
        while let Some((agent, next_child)) = stack.pop() {
            if let Some(&child) = self.children[agent as usize].get(next_child) {
                stack.push((agent, next_child + 1));
                position += 1;
                self.enter[child as usize] = position;
                stack.push((child, 0));
            } else {
                self.leave[agent as usize] = position + 1;
            }
        }
    }

    #[inline]
    fn grown(&self) -> Self {
        let root = (0..).zip(&self.parents).find(|(agent, parent)| agent == *parent);
        let root = root.map_or(0, |(root, _)| root);
        let children =
            |agent: u32| self.children.get(agent as usize).map_or(&[][..], Vec::as_slice);
        let mut level = vec![root];
        let has_room = |agent: &u32| children(*agent).len() < children(root).len();
        let mut below = None;
        while below.is_none() && !level.is_empty() {
            below = level.iter().copied().find(has_room);
            level = level.iter().flat_map(|agent| children(*agent)).copied().collect();
        }
        let mut parents = self.parents.clone();
        parents.push(below.unwrap_or(root));
        // A leaf below an agent of a tree leaves it one.
        Self::new(parents).unwrap_or_else(|_| self.clone())
    }

    #[inline]
    fn next_hop(&self, at: u32, dest: u32) -> u32 {
        let inside = |agent: u32| {
            let enter = self.enter[dest as usize];
            self.enter[agent as usize] <= enter && enter < self.leave[agent as usize]
        };
        if !inside(at) {
            return self.parents[at as usize];
        }
        // Children are numbered in order, so the subtree that holds `dest` is found by bisection.
        let children = &self.children[at as usize];
        let after = children
            .partition_point(|&child| self.enter[child as usize] <= self.enter[dest as usize]);
        children[after - 1]
    }
}

impl Routes {
    /// How many agents these routes are for.
    #[must_use]
    #[inline]
    pub fn len(&self) -> u32 {
        match self {
            Self::Mesh { n } | Self::Ring { n } | Self::Star { n, .. } => *n,
            Self::Tree(tree) => tree.parents.len() as u32,
        }
    }

    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The neighbour of `at` on a shortest path to `dest`; `None` when there is no path.
    #[must_use]
    #[inline]
    pub fn next_hop(&self, at: AgentId, dest: AgentId) -> Option<AgentId> {
        if at == dest || at.0 >= self.len() || dest.0 >= self.len() {
            return None;
        }
        match self {
            Self::Mesh { .. } => Some(dest),
            Self::Ring { n } => {
                let ahead = (dest.0 + n - at.0) % n;
                let step = if ahead <= n - ahead { 1 } else { n - 1 };
                Some(AgentId((at.0 + step) % n))
            }
            Self::Star { hub, .. } => Some(if at == *hub { dest } else { *hub }),
            Self::Tree(tree) => Some(AgentId(tree.next_hop(at.0, dest.0))),
        }
    }

    /// How many links a message takes from the one to the other; 0 to itself, and where no way leads.
    #[must_use]
    #[inline]
    pub fn distance(&self, from: AgentId, to: AgentId) -> u32 {
        let way = std::iter::successors(Some(from), |at| self.next_hop(*at, to));
        way.skip(1).count() as u32
    }

    /// The same shape with one more agent, numbered after the others. In a tree it goes below the first agent, from the root
    /// down, that has fewer children than the root.
    #[must_use]
    #[inline]
    pub fn grown(&self) -> Self {
        match self {
            Self::Mesh { n } => Self::Mesh { n: n + 1 },
            Self::Ring { n } => Self::Ring { n: n + 1 },
            Self::Star { n, hub } => Self::Star { n: n + 1, hub: *hub },
            Self::Tree(tree) => Self::Tree(tree.grown()),
        }
    }

    /// Whether these are the same links, but for those of agents that only one of the two knows.
    #[must_use]
    #[inline]
    pub fn is_shaped_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Mesh { .. }, Self::Mesh { .. }) | (Self::Ring { .. }, Self::Ring { .. }) => true,
            (Self::Star { hub, .. }, Self::Star { hub: other, .. }) => hub == other,
            (Self::Tree(tree), Self::Tree(other)) => {
                tree.parents.iter().zip(&other.parents).all(|(parent, other)| parent == other)
            }
            _ => false,
        }
    }

    /// The parent of this agent in a tree; `None` for the root, and for other topologies.
    #[must_use]
    #[inline]
    pub fn parent(&self, agent: AgentId) -> Option<AgentId> {
        let Self::Tree(tree) = self else { return None };
        let parent = tree.parents.get(agent.index()).copied().map(AgentId);
        parent.filter(|parent| *parent != agent)
    }

    /// Whether the two are linked; nobody is with itself.
    #[must_use]
    #[inline]
    pub fn are_linked(&self, one: AgentId, other: AgentId) -> bool {
        self.next_hop(one, other) == Some(other)
    }

    /// Every link once, as (lower number, higher number), in order. A mesh has n(n−1)/2 of them.
    #[must_use]
    #[inline]
    pub fn links(&self) -> Vec<(AgentId, AgentId)> {
        let n = self.len();
        let mut links: Vec<(u32, u32)> = match self {
            Self::Mesh { .. } => (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect(),
            Self::Ring { .. } if n < 3 => (1..n).map(|b| (0, b)).collect(),
            Self::Ring { .. } => (0..n).map(|a| (a, (a + 1) % n)).collect(),
            Self::Star { hub, .. } => (0..n).filter(|a| *a != hub.0).map(|a| (a, hub.0)).collect(),
            Self::Tree(tree) => {
                let parents = tree.parents.iter().enumerate();
                parents.map(|(a, &b)| (a as u32, b)).filter(|(a, b)| a != b).collect()
            }
        };
        for link in &mut links {
            *link = (link.0.min(link.1), link.0.max(link.1));
        }
        sort_by_key(&mut links, |(a, b)| ((*a).into(), (*b).into()));
        links.into_iter().map(|(a, b)| (AgentId(a), AgentId(b))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(routes: &Routes, from: u32, to: u32) -> Vec<u32> {
        let mut at = AgentId(from);
        let mut path = vec![from];
        while let Some(next) = routes.next_hop(at, AgentId(to)) {
            path.push(next.0);
            at = next;
            assert!(path.len() <= routes.len() as usize, "{path:?} goes in circles");
        }
        path
    }

    #[test]
    fn a_ring_is_walked_the_shorter_way_round() {
        let ring = Routes::Ring { n: 6 };
        assert_eq!(path(&ring, 0, 2), [0, 1, 2]);
        assert_eq!(path(&ring, 0, 4), [0, 5, 4]);
        assert_eq!(path(&ring, 5, 2), [5, 0, 1, 2]);
    }

    #[test]
    fn a_star_goes_through_its_hub() {
        let star = Routes::Star { n: 4, hub: AgentId(3) };
        assert_eq!(path(&star, 0, 2), [0, 3, 2]);
        assert_eq!(path(&star, 3, 1), [3, 1]);
    }

    #[test]
    fn a_tree_goes_up_and_down() {
        //      0
        //    1   2
        //   3 4   5
        let tree = Routes::Tree(Tree::new(vec![0, 0, 0, 1, 1, 2]).unwrap());
        assert_eq!(path(&tree, 3, 4), [3, 1, 4]);
        assert_eq!(path(&tree, 4, 5), [4, 1, 0, 2, 5]);
        assert_eq!(path(&tree, 0, 3), [0, 1, 3]);
    }

    #[test]
    fn a_grown_shape_keeps_its_form() {
        let tree = |parents: &[u32]| Routes::Tree(Tree::new(parents.to_vec()).unwrap());
        for (routes, grown) in [
            (Routes::Mesh { n: 3 }, Routes::Mesh { n: 4 }),
            (Routes::Ring { n: 3 }, Routes::Ring { n: 4 }),
            (Routes::Star { n: 3, hub: AgentId(1) }, Routes::Star { n: 4, hub: AgentId(1) }),
            (tree(&[0]), tree(&[0, 0])),
            (tree(&[0, 0, 0, 1]), tree(&[0, 0, 0, 1, 1])),
            (tree(&[2, 2, 2, 0, 0]), tree(&[2, 2, 2, 0, 0, 1])),
        ] {
            assert_eq!(routes.grown(), grown);
            assert!(routes.is_shaped_as(&grown) && grown.is_shaped_as(&routes));
        }
    }

    #[test]
    fn a_distance_is_the_number_of_links_on_the_way() {
        let ring = Routes::Ring { n: 6 };
        let distance = |to| ring.distance(AgentId(0), AgentId(to));
        assert_eq!([0, 1, 2, 3, 4, 5, 9].map(distance), [0, 1, 2, 3, 2, 1, 0]);
    }

    #[test]
    fn a_cycle_or_a_second_root_is_no_tree() {
        assert_eq!(Tree::new(vec![0, 2, 1]), Err(AgentId(1)));
        assert_eq!(Tree::new(vec![0, 1]), Err(AgentId(1)));
        assert_eq!(Tree::new(vec![0, 9]), Err(AgentId(1)));
    }

    #[test]
    fn those_are_linked_that_have_a_link() {
        let tree = || Routes::Tree(Tree::new(vec![0, 0, 1, 1, 0]).unwrap());
        let stars = (1..7).map(|n| Routes::Star { n, hub: AgentId(n / 2) });
        let rings = (1..8).map(|n| Routes::Ring { n });
        let meshes = (1..7).map(|n| Routes::Mesh { n });
        for routes in stars.chain(rings).chain(meshes).chain([tree()]) {
            let links = routes.links();
            for (a, b) in (0..9).flat_map(|a| (0..9).map(move |b| (AgentId(a), AgentId(b)))) {
                let is_link = links.contains(&(a.min(b), a.max(b)));
                assert_eq!(routes.are_linked(a, b), is_link, "{routes:?}: {a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn link_counts_follow_their_formulas() {
        let count = |routes: Routes| routes.links().len();
        assert_eq!(count(Routes::Mesh { n: 7 }), 21);
        assert_eq!(count(Routes::Ring { n: 7 }), 7);
        assert_eq!(count(Routes::Ring { n: 2 }), 1);
        assert_eq!(count(Routes::Star { n: 7, hub: AgentId(0) }), 6);
        assert_eq!(count(Routes::Tree(Tree::new(vec![0, 0, 1, 1]).unwrap())), 3);
    }
}
