//! A gossip as a scenario spells it (C8).

mod check;

use serde::{Deserialize, Serialize};

pub use self::check::Electors;
use super::spreading::Gossiper;
use super::{GossipDurable, Gossiping, settings};
use crate::common::room::{
    Brief, Edited, Entrant, Members, NoAct, Planning, Room, Scenarios, scenarios,
};
use crate::map::Map;
use crate::protocol::problem::Problem;
use crate::protocol::section::or_default;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

/// How a gossip is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GossipFile {
    /// Whether ballots spread, or opinions; rumour by default.
    #[serde(default, deserialize_with = "or_default")]
    pub mode: GossipMode,
    /// By rumour: which way ballots go; push by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<GossipExchange>,
    /// Fanout, rounds and convergence together; standard (3, 5, 0.95) by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<GossipPreset>,
    /// With how many neighbours an agent talks in a round, 1 to 10, and not more than any agent has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub fanout: Option<u32>,
    /// The most rounds an agent takes part in, 1 to 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 64)))]
    pub rounds: Option<u32>,
    /// How long a round is, in milliseconds; 100 by default. Longer than a message there and back, where
    /// agents ask each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.002, max = 8_640_000_000u64)))]
    pub round_ms: Option<f64>,
    /// The share of agents that has to agree for the whole to be called converged, 0.51 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.51, max = 1)))]
    pub convergence: Option<f64>,
    /// The share of FOR among FOR and AGAINST that approves, 0.51 to 1; 0.66 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.51, max = 1)))]
    pub threshold: Option<f64>,
    /// Whether agents talk with anyone who votes, and not only with neighbours.
    #[serde(default, deserialize_with = "or_default")]
    pub overlay: bool,
    /// When agents stop telling, by push or push_pull. Without it, an agent that knows all ballots tells them
    /// for two more rounds in which it hears nothing new, and one that misses a ballot goes on to the last
    /// round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopFile>,
}

/// When an agent stops telling what it knows (Demers et al. 1987).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StopFile {
    pub rule: StopRuleFile,
    /// true: those who are told answer whether they knew it, and only rounds in which all did count. false:
    /// every round in which an agent tells counts.
    pub feedback: bool,
    /// After how many such rounds on end, or with a chance of one in how many: 1 to 5.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 5)))]
    pub k: u32,
}

/// How an agent loses interest in what it knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StopRuleFile {
    /// After k rounds on end that count.
    #[default]
    Counter,
    /// With a chance of one in k after each round that counts.
    Coin,
}

/// The content that spreads in a gossip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GossipMode {
    /// The ballots themselves; every agent adds up those it knows.
    #[default]
    Rumour,
    /// Opinions: an agent takes over what most of those it asks hold. It can end wrong, or split.
    Majority,
}

/// Which way ballots go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GossipExchange {
    /// An agent tells its partners what it knows.
    #[default]
    Push,
    /// It asks them for what it lacks.
    Pull,
    /// Both.
    PushPull,
}

/// Fanout, rounds and convergence that go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GossipPreset {
    /// 3, 5, 0.95.
    #[default]
    Standard,
    /// 5, 10, 0.99.
    Critical,
    /// 10, 3, 0.90.
    Large,
}

impl Room for Gossiping {
    type File = ();
    type Agent = ();
    type Act = NoAct;
    type Memory = ();

    const SCENARIOS: Scenarios = scenarios!(
        "gossip":
        "gossip-ten",
        "gossip-twenty",
        "gossip-majority",
        "gossip-rumour",
        "gossip-lossy",
    );

    fn check(_: &Brief<'_, Self>) -> Result<(), Problem> {
        Ok(())
    }

    /// Nobody votes without a coordinator, which opens and records proposals.
    fn durable((): &(), entrant: &Entrant<'_, Self>, cast: &dyn Members) -> Option<GossipDurable> {
        cast.coordinator()?;
        Some(match entrant.member {
            Some(profile) => {
                GossipDurable::Gossiper(Gossiper { profile: profile.clone(), known: Map::new() })
            }
            None => GossipDurable::Recorder(Box::default()),
        })
    }

    fn plan(
        (): &(),
        act: &NoAct,
        _: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, Self::Order)>, Problem> {
        match *act {}
    }

    fn label(act: &NoAct) -> String {
        match *act {}
    }

    fn settings((): &(), cast: &dyn Members) -> Vec<Setting> {
        settings::list(cast).unwrap_or_default()
    }

    fn set((): &(), file: &mut Edited<'_, ()>, setting: &str, value: u32) -> Option<()> {
        settings::set(file.proposals, setting, value)
    }
}
