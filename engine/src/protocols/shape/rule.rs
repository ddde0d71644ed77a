//! The rule: which shape suits what was measured. The first that does is chosen, in the order of how few links a message takes:
//!
//! - a **mesh** takes one link, but everyone keeps a link with everyone: for up to so many agents
//! - a **star** takes two, and its hub carries every message: while that is no more than one agent may carry
//! - a **hierarchy** takes up to 2 log₂ n; in a tree of two branches the busiest carry 5/8 of messages between random agents: those
//!   that cross the root (half of them), and those within its own half that it passes on
//! - a **ring** takes n/4 on average, and everyone carries only a quarter of all messages: where even a hierarchy would carry too much,
//!   the way around is short enough, and everyone answers, since a ring breaks at an agent that is down
//!
//! Where nothing suits, a hierarchy is the lesser evil. The load of a shape is predicted from the traffic of all, not from the
//! load that was measured: that falls with the switch itself, and the shape would go to and fro. A shape that is in force, or an
//! earlier one, is left beyond a *band* above its limit and taken up again at the limit: hysteresis (Schmitt 1938).

use serde::Serialize;

use crate::common::topology::TopologyKind::{self, Hierarchical, Mesh, Ring, Star};
use crate::protocol::words::counted;

/// Thresholds, as the section sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Agents in a mesh.
    pub mesh_max: u32,
    /// Messages a second that one agent may carry.
    pub load_max: u32,
    /// The mean way around a ring, in microseconds.
    pub detour_max_us: u64,
    /// How far above its limit a shape is left, in per cent.
    pub band_percent: u32,
}

/// One measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// Agents that answer, the decider among them.
    pub agents: u32,
    /// Agents that it knows and that do not answer.
    pub silent: u32,
    /// Half a round trip divided by the links on the way, the median of all, in microseconds.
    pub link_us: u64,
    /// Messages that all send in a second.
    pub traffic: u32,
    /// Messages that the busiest agent puts on links in a second, its own and those it passes on.
    pub load: u32,
}

impl Measured {
    /// The mean way around a ring: a quarter of it, in microseconds.
    #[must_use]
    pub fn detour_us(&self) -> u64 {
        u64::from(self.agents) * self.link_us / 4
    }
}

/// Why a shape is wanted: a number that was measured beside its limit. Both are at most 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Why {
    pub reason: Reason,
    pub value: u16,
    pub limit: u16,
}

/// The measure that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Agents, beside those of a mesh.
    Agents,
    /// Messages a second, beside those that a hub can carry.
    Hub,
    /// Messages a second, beside those that a hierarchy can carry.
    Tree,
    /// Milliseconds around a ring.
    Detour,
    /// Agents that do not answer; there is no limit.
    Silent,
    /// A person asked for it.
    Asked,
}

impl Why {
    pub(super) fn new(reason: Reason, value: u64, limit: u64) -> Self {
        let number = |number| u16::try_from(number).unwrap_or(u16::MAX);
        Self { reason, value: number(value), limit: number(limit) }
    }

    /// "15 agents, and a mesh is for 14 at most."
    #[must_use]
    pub fn words(self) -> String {
        let Self { reason, value, limit } = self;
        let is_over = value > limit;
        let up_to = |subject: &str| match is_over {
            true => format!("{subject} {limit} at most"),
            false => format!("{subject} up to {limit}"),
        };
        match reason {
            Reason::Agents => format!("{value} agents, and {}", up_to("a mesh is for")),
            Reason::Hub => format!("{value} messages a second, and {}", up_to("a hub carries")),
            Reason::Tree => {
                format!("{value} messages a second, and {}", up_to("a hierarchy carries"))
            }
            Reason::Detour => format!("{value} ms around, and {}", up_to("a ring may take")),
            Reason::Silent => {
                let silent = counted(value.into(), "agent");
                format!("{silent} silent, and messages must not pass through silent agents")
            }
            Reason::Asked => "asked for by hand".to_owned(),
        }
    }
}

/// A topology in a word.
#[must_use]
pub const fn word(kind: TopologyKind) -> &'static str {
    match kind {
        Mesh => "mesh",
        Star => "star",
        Ring => "ring",
        Hierarchical => "hierarchy",
    }
}

/// Its place in the order in which shapes are tried.
const fn rank(kind: TopologyKind) -> u8 {
    match kind {
        Mesh => 0,
        Star => 1,
        Hierarchical => 2,
        Ring => 3,
    }
}

impl Limits {
    /// The traffic at which the busiest agent of a hierarchy carries as much as it may.
    #[must_use]
    pub fn tree_max(&self) -> u64 {
        u64::from(self.load_max) * 8 / 5
    }

    /// Up to where this shape suits, while another is in force.
    fn reach(&self, kind: TopologyKind, in_force: TopologyKind, limit: u64) -> u64 {
        let is_kept = rank(in_force) <= rank(kind);
        let percent = if is_kept { 100 + u64::from(self.band_percent) } else { 100 };
        limit.saturating_mul(percent) / 100
    }

    /// The shape that suits what was measured, and why.
    #[must_use]
    pub fn judge(&self, measured: &Measured, in_force: TopologyKind) -> (TopologyKind, Why) {
        let (agents, traffic) = (u64::from(measured.agents), u64::from(measured.traffic));
        let mesh = self.reach(Mesh, in_force, self.mesh_max.into());
        let hub = self.reach(Star, in_force, self.load_max.into());
        let tree = self.reach(Hierarchical, in_force, self.tree_max());
        let is_ring = in_force == Ring;
        let detour_us = match is_ring {
            true => self.reach(Ring, in_force, self.detour_max_us),
            false => self.detour_max_us,
        };
        if agents <= mesh {
            return (Mesh, Why::new(Reason::Agents, agents, mesh));
        }
        if traffic <= hub {
            let why = match in_force {
                Mesh => Why::new(Reason::Agents, agents, mesh),
                _ => Why::new(Reason::Hub, traffic, hub),
            };
            return (Star, why);
        }
        let is_short = measured.detour_us() <= detour_us;
        if traffic > tree && is_short && measured.silent == 0 {
            return (Ring, Why::new(Reason::Tree, traffic, tree));
        }
        let why = match is_ring {
            true if traffic <= tree => Why::new(Reason::Tree, traffic, tree),
            true if is_short => Why::new(Reason::Silent, measured.silent.into(), 0),
            true => Why::new(Reason::Detour, measured.detour_us() / 1_000, detour_us / 1_000),
            false => Why::new(Reason::Hub, traffic, hub),
        };
        (Hierarchical, why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { mesh_max: 12, load_max: 60, detour_max_us: 100_000, band_percent: 20 };

    fn measured(agents: u32, traffic: u32) -> Measured {
        Measured { agents, traffic, link_us: 10_000, ..Measured::default() }
    }

    #[test]
    fn each_shape_is_the_answer_for_something() {
        let (far, silent) = (
            Measured { link_us: 40_000, ..measured(16, 200) },
            Measured { silent: 1, ..measured(16, 200) },
        );
        for (measured, in_force, wanted, why) in [
            (measured(8, 900), Mesh, Mesh, "8 agents, and a mesh is for up to 14"),
            (measured(14, 30), Mesh, Mesh, "14 agents, and a mesh is for up to 14"),
            (measured(15, 30), Mesh, Star, "15 agents, and a mesh is for 14 at most"),
            (measured(13, 30), Star, Star, "30 messages a second, and a hub carries up to 72"),
            (measured(12, 30), Star, Mesh, "12 agents, and a mesh is for up to 12"),
            (
                measured(16, 73),
                Star,
                Hierarchical,
                "73 messages a second, and a hub carries 72 at most",
            ),
            (
                measured(16, 61),
                Hierarchical,
                Hierarchical,
                "61 messages a second, and a hub carries 60 at most",
            ),
            (
                measured(16, 60),
                Hierarchical,
                Star,
                "60 messages a second, and a hub carries up to 60",
            ),
            (
                measured(16, 116),
                Hierarchical,
                Ring,
                "116 messages a second, and a hierarchy carries 115 at most",
            ),
            (
                measured(16, 96),
                Ring,
                Hierarchical,
                "96 messages a second, and a hierarchy carries up to 96",
            ),
            (
                far,
                Hierarchical,
                Hierarchical,
                "200 messages a second, and a hub carries 60 at most",
            ),
            (far, Ring, Hierarchical, "160 ms around, and a ring may take 120 at most"),
            (
                silent,
                Ring,
                Hierarchical,
                "1 agent silent, and messages must not pass through silent agents",
            ),
        ] {
            let (found, reason) = LIMITS.judge(&measured, in_force);
            assert_eq!(
                (found, reason.words().as_str()),
                (wanted, why),
                "{measured:?} in a {}",
                word(in_force)
            );
        }
    }

    /// How often the shape changes, where each judgement takes effect at once.
    fn changes(limits: Limits, courses: impl IntoIterator<Item = Measured>) -> usize {
        let mut in_force = Mesh;
        let judged = courses.into_iter().filter(|measured| {
            let (wanted, _) = limits.judge(measured, in_force);
            std::mem::replace(&mut in_force, wanted) != wanted
        });
        judged.count()
    }

    #[test]
    fn with_a_band_nothing_goes_to_and_fro_at_a_limit() {
        let sizes = || (0..40).map(|round| measured(12 + round % 2, 10));
        let loads = || (0..40).map(|round| measured(16, 58 + 4 * (round % 2)));
        let without = Limits { band_percent: 0, ..LIMITS };
        assert_eq!((changes(LIMITS, sizes()), changes(without, sizes())), (0, 39));
        assert_eq!((changes(LIMITS, loads()), changes(without, loads())), (1, 40));
    }
}
