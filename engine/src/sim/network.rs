//! Links and what they do to messages (K2): latency, loss, duplication, bandwidth, cuts, partitions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counters::DropCause;
use super::process::AgentId;
use super::rng::{self, LinkDraws};
use crate::map::Map;
use crate::order::sort_by_key;

/// One million: probabilities are in parts of it.
pub const PPM: u32 = 1_000_000;

/// How long a message is on its way over one link; at least 1 µs whatever is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Latency {
    /// Always the same.
    Fixed { us: u64 },
    /// Uniform from `min_us` to `max_us`, both included.
    Uniform { min_us: u64, max_us: u64 },
    /// Log-normal: `median_us · exp(sigma · z)`, z standard normal, sigma in thousandths.
    LogNormal { median_us: u64, sigma_milli: u32 },
}

/// The longest a log-normal latency gets, in medians: its tail has no end, a simulation has.
const LOG_NORMAL_LIMIT: f64 = 1_000.0;

impl Latency {
    #[inline]
    fn draw(self, draws: &mut LinkDraws) -> u64 {
        match self {
            Self::Fixed { us } => us.max(1),
            Self::Uniform { min_us, max_us } => {
                let span = max_us.saturating_sub(min_us).saturating_add(1);
                min_us.saturating_add(draws.below(span)).max(1)
            }
            Self::LogNormal { median_us, sigma_milli } => {
                let factor = libm::exp(f64::from(sigma_milli) / 1_000.0 * standard_normal(draws));
                // Below 2^53 µs (285 years) the product is exact enough to round.
                (median_us as f64 * factor.min(LOG_NORMAL_LIMIT)).min(9.0e15) as u64
            }
            .max(1),
        }
    }
}

/// A standard normal number by the method of Box & Muller (1958), on `libm` alone.
#[inline]
fn standard_normal(draws: &mut LinkDraws) -> f64 {
    // 53 bits each; the first is never zero, so its logarithm is finite.
    let unit = |bits: u64| ((bits >> 11) as f64 + 1.0) / 9_007_199_254_740_992.0;
    let radius = libm::sqrt(-2.0 * libm::log(unit(draws.draw())));
    radius * libm::cos(2.0 * core::f64::consts::PI * unit(draws.draw()))
}

/// The model of a link: latency, loss, duplication and bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkModel {
    pub latency: Latency,
    /// Share of messages lost, in parts per million.
    pub loss_ppm: u32,
    /// Share of messages that arrive twice, in parts per million.
    pub duplication_ppm: u32,
    /// Bytes per second; messages wait their turn, first in, first out. `None`: no limit.
    pub bytes_per_second: Option<u64>,
}

impl Default for LinkModel {
    #[inline]
    fn default() -> Self {
        Self {
            latency: Latency::Fixed { us: 1_000 },
            loss_ppm: 0,
            duplication_ppm: 0,
            bytes_per_second: None,
        }
    }
}

/// The fate of a message put on a link, decided when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// When it arrives; or, if it is lost, when it disappears, half-way.
    pub due_us: u64,
    pub lost: Option<DropCause>,
    /// When a second copy arrives.
    pub copy_due_us: Option<u64>,
}

/// The effect of a partition on the groups that there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// There was none before.
    First,
    /// Some who were together are apart now; those who were apart still are.
    Further,
    /// All whom it keeps apart were apart.
    Nothing,
}

/// The state of all links.
#[derive(Clone, Debug)]
pub struct Network {
    seed: u64,
    pub default_link: LinkModel,
    /// Links that differ from the default, by direction.
    overrides: Map<(u32, u32), LinkModel>,
    /// Directions that are cut.
    cuts: Map<(u32, u32), ()>,
    /// The group of each agent while there is a partition; a link between two groups is cut.
    groups: Option<Vec<u32>>,
    /// When the last message put on a link with limited bandwidth has left, by direction.
    busy_until_us: BTreeMap<(u32, u32), u64>,
}

impl Network {
    #[must_use]
    #[inline]
    pub fn new(seed: u64, default_link: LinkModel) -> Self {
        Self {
            seed,
            default_link,
            overrides: Map::new(),
            cuts: Map::new(),
            groups: None,
            busy_until_us: BTreeMap::new(),
        }
    }

    /// Decides what becomes of the `number`-th message on the link, sent now.
    #[inline(always)]
    pub fn fate(&mut self, link: (AgentId, AgentId), number: u64, bytes: u32, now_us: u64) -> Fate {
        let (from, to) = (link.0.0, link.1.0);
        let model = self.model(from, to);
        let mut draws = LinkDraws::new(self.seed, from, to, number);
        let chances = draws.draw();
        let lost_by_chance = chance(chances as u32, model.loss_ppm);
        let doubled = chance((chances >> 32) as u32, model.duplication_ppm);
        let leaves_us = match model.bytes_per_second {
            None => now_us,
            Some(rate) => self.queue_behind((from, to), now_us, bytes, rate),
        };
        let latency_us = model.latency.draw(&mut draws);
        let lost = if lost_by_chance { Some(DropCause::Loss) } else { self.cut_cause(from, to) };
        let on_wire_us = leaves_us.saturating_sub(now_us).saturating_add(latency_us);
        if lost.is_some() {
            let due_us = now_us.saturating_add((on_wire_us / 2).max(1));
            return Fate { due_us, lost, copy_due_us: None };
        }
        let copy_due_us = doubled.then(|| leaves_us.saturating_add(model.latency.draw(&mut draws)));
        Fate { due_us: now_us.saturating_add(on_wire_us), lost: None, copy_due_us }
    }

    #[inline]
    fn queue_behind(&mut self, link: (u32, u32), now_us: u64, bytes: u32, rate: u64) -> u64 {
        let sending_us = (u64::from(bytes) * 1_000_000).div_ceil(rate.max(1));
        let free_us = self.busy_until_us.get(&link).copied().unwrap_or(0).max(now_us);
        let leaves_us = free_us.saturating_add(sending_us);
        self.busy_until_us.insert(link, leaves_us);
        leaves_us
    }

    #[inline]
    fn model(&self, from: u32, to: u32) -> LinkModel {
        if self.overrides.is_empty() {
            return self.default_link;
        }
        self.overrides.get(&(from, to)).copied().unwrap_or(self.default_link)
    }

    /// The model of the link in this direction.
    #[must_use]
    #[inline]
    pub fn link(&self, from: AgentId, to: AgentId) -> LinkModel {
        self.model(from.0, to.0)
    }

    /// Gives one direction of a link a model of its own.
    #[inline]
    pub fn set_link(&mut self, from: AgentId, to: AgentId, model: LinkModel) {
        self.overrides.insert((from.0, to.0), model);
    }

    /// Gives all links the same model.
    #[inline]
    pub fn set_all_links(&mut self, model: LinkModel) {
        self.default_link = model;
        self.overrides = Map::new();
    }

    #[inline]
    fn cut_cause(&self, from: u32, to: u32) -> Option<DropCause> {
        if self.groups.is_none() && self.cuts.is_empty() {
            return None;
        }
        let group = |agent: u32| {
            self.groups.as_ref().and_then(|groups| groups.get(agent as usize)).copied().unwrap_or(0)
        };
        if group(from) != group(to) {
            return Some(DropCause::Partition);
        }
        self.cuts.contains_key(&(from, to)).then_some(DropCause::Cut)
    }

    /// Why nothing gets from the one to the other directly, if so.
    #[must_use]
    #[inline]
    pub fn blocked(&self, from: AgentId, to: AgentId) -> Option<DropCause> {
        self.cut_cause(from.0, to.0)
    }

    /// Cuts one direction; false when it is cut already.
    #[inline]
    pub fn cut(&mut self, from: AgentId, to: AgentId) -> bool {
        self.cuts.insert((from.0, to.0), ()).is_none()
    }

    /// Mends one direction; false when it was not cut.
    #[inline]
    pub fn mend(&mut self, from: AgentId, to: AgentId) -> bool {
        self.cuts.remove(&(from.0, to.0)).is_some()
    }

    /// Splits the agents into groups, one number per agent; agents not listed are in group 0. An earlier
    /// partition still holds: two agents are in one group only if both partitions put them in one.
    #[inline]
    pub fn partition(&mut self, groups: &[u32]) -> Parting {
        let Some(before) = self.groups.take() else {
            self.groups = Some(groups.to_vec());
            return Parting::First;
        };
        let group = |groups: &[u32], agent: usize| groups.get(agent).copied().unwrap_or(0);
        // The place of a pair is the number of its group: those listed nowhere stay in group 0.
        let mut pairs = vec![(0, 0)];
        let refine = |agent| {
            let pair = (group(&before, agent), group(groups, agent));
            let known = pairs.iter().position(|it| *it == pair);
            let number = known.unwrap_or_else(|| {
                pairs.push(pair);
                pairs.len() - 1
            });
            number as u32
        };
        let refined: Vec<u32> = (0..before.len().max(groups.len())).map(refine).collect();
        let mut old: Vec<u32> = pairs.iter().map(|pair| pair.0).collect();
        sort_by_key(&mut old, |group| ((*group).into(), 0));
        old.dedup();
        self.groups = Some(refined);
        if pairs.len() > old.len() { Parting::Further } else { Parting::Nothing }
    }

    /// Ends the partition, and no cut.
    #[inline]
    pub fn end_partition(&mut self) {
        self.groups = None;
    }

    /// Ends the partition and all cuts; false when there was nothing to heal.
    #[inline]
    pub fn heal(&mut self) -> bool {
        let was_broken = self.groups.is_some() || !self.cuts.is_empty();
        self.groups = None;
        self.cuts = Map::new();
        was_broken
    }

    /// The group of each agent while there is a partition.
    #[must_use]
    #[inline]
    pub fn groups(&self) -> Option<&[u32]> {
        self.groups.as_deref()
    }

    /// The directions that are cut, in order.
    #[inline]
    pub fn cuts(&self) -> impl Iterator<Item = (AgentId, AgentId)> {
        self.cuts.keys().map(|&(from, to)| (AgentId(from), AgentId(to)))
    }
}

/// Whether a uniform 32-bit draw hits a probability in parts per million; 0 never does, one
/// million always does.
#[inline]
fn chance(uniform: u32, ppm: u32) -> bool {
    rng::scale(u64::from(uniform) << 32, u64::from(PPM)) < u64::from(ppm)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LINK: (AgentId, AgentId) = (AgentId(1), AgentId(2));

    fn network(model: LinkModel) -> Network {
        Network::new(7, model)
    }

    #[test]
    fn uniform_latency_reaches_both_ends_and_no_further() {
        let latency = Latency::Uniform { min_us: 3, max_us: 6 };
        let mut network = network(LinkModel { latency, ..LinkModel::default() });
        let mut seen = BTreeSet::new();
        for number in 0..200 {
            seen.insert(network.fate(LINK, number, 10, 100).due_us - 100);
        }
        assert!(seen.into_iter().eq(3..=6));
    }

    #[test]
    fn a_latency_of_zero_takes_one_microsecond() {
        let latency = Latency::Fixed { us: 0 };
        let mut network = network(LinkModel { latency, ..LinkModel::default() });
        assert_eq!(network.fate(LINK, 0, 10, 100).due_us, 101);
    }

    #[test]
    fn log_normal_latency_has_its_median() {
        let latency = Latency::LogNormal { median_us: 10_000, sigma_milli: 500 };
        let mut network = network(LinkModel { latency, ..LinkModel::default() });
        let below = (0..4_000).filter(|&n| network.fate(LINK, n, 10, 0).due_us < 10_000).count();
        assert!((1_850..2_150).contains(&below), "{below} of 4000 below the median");
    }

    #[test]
    fn loss_and_duplication_happen_as_often_as_said() {
        let model =
            LinkModel { loss_ppm: 200_000, duplication_ppm: 100_000, ..LinkModel::default() };
        let mut network = network(model);
        let fates: Vec<Fate> = (0..10_000).map(|n| network.fate(LINK, n, 10, 0)).collect();
        let lost = fates.iter().filter(|fate| fate.lost.is_some()).count();
        let doubled = fates.iter().filter(|fate| fate.copy_due_us.is_some()).count();
        assert!((1_850..2_150).contains(&lost), "{lost}");
        assert!((700..900).contains(&doubled), "{doubled}: a tenth of the four fifths not lost");
    }

    #[test]
    fn certain_loss_loses_all_and_no_loss_none() {
        assert!((0..=u32::MAX).step_by(65_537).all(|draw| chance(draw, PPM) && !chance(draw, 0)));
        assert!(chance(u32::MAX, PPM));
    }

    #[test]
    fn messages_on_a_slow_link_wait_their_turn() {
        let latency = Latency::Fixed { us: 10 };
        let bytes_per_second = Some(1_000);
        let mut network = network(LinkModel { latency, bytes_per_second, ..LinkModel::default() });
        let due = |network: &mut Network, n| network.fate(LINK, n, 100, 0).due_us;
        assert_eq!(due(&mut network, 0), 100_010, "100 bytes at 1000 per second");
        assert_eq!(due(&mut network, 1), 200_010, "and the next one behind it");
    }

    #[test]
    fn a_partition_cuts_between_groups_only_and_heals() {
        let mut network = network(LinkModel::default());
        network.partition(&[0, 0, 1]);
        assert_eq!(network.blocked(AgentId(0), AgentId(1)), None);
        assert_eq!(network.blocked(AgentId(2), AgentId(1)), Some(DropCause::Partition));
        assert!(network.heal() && !network.heal());
        assert_eq!(network.blocked(AgentId(2), AgentId(1)), None);
    }

    /// All pairs of partitions of four agents into up to three groups, and an agent that is in no list.
    #[test]
    fn what_was_apart_stays_apart_through_a_second_partition() {
        let all = || (0..81_u32).map(|n| [n % 3, n / 3 % 3, n / 9 % 3, n / 27]);
        for first in all() {
            for second in all() {
                let mut network = network(LinkModel::default());
                assert_eq!(network.partition(&first), Parting::First);
                let did = network.partition(&second);
                let of = |groups: [u32; 4], agent| groups.get(agent).copied().unwrap_or(0);
                let mut further = false;
                for (from, to) in (0..5).flat_map(|from| (0..5).map(move |to| (from, to))) {
                    let was_apart = of(first, from) != of(first, to);
                    let is_apart = was_apart || of(second, from) != of(second, to);
                    further |= is_apart && !was_apart;
                    let blocked = network.blocked(AgentId(from as u32), AgentId(to as u32));
                    let expected = is_apart.then_some(DropCause::Partition);
                    assert_eq!(blocked, expected, "{first:?}, then {second:?}: {from} to {to}");
                }
                let expected = if further { Parting::Further } else { Parting::Nothing };
                assert_eq!(did, expected, "{first:?}, then {second:?}");
                assert!(network.heal());
                assert_eq!(network.blocked(AgentId(0), AgentId(3)), None);
            }
        }
    }

    #[test]
    fn a_one_way_cut_lets_the_other_way_pass() {
        let mut network = network(LinkModel::default());
        assert!(network.cut(AgentId(0), AgentId(1)) && !network.cut(AgentId(0), AgentId(1)));
        assert_eq!(network.blocked(AgentId(0), AgentId(1)), Some(DropCause::Cut));
        assert_eq!(network.blocked(AgentId(1), AgentId(0)), None);
    }
}
