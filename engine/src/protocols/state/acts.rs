//! Acts of a person or a scenario on what the swarm keeps.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::holder::{StateOrder, StateRules, SyncKind};
use super::replica::{KeyId, KeyRule};
use super::section::counted::Counted;
use super::section::{StateSetup, WriteFile, check_strategy, find_key, write_orders};
use crate::common::room::{Members, Planning};
use crate::protocol::problem::Problem;
use crate::protocol::section::or_default;
use crate::sim::AgentId;

/// An intervention in what the swarm keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StateAct {
    /// The agent writes to keys, all at once.
    Write { agent: String, writes: Vec<WriteFile> },
    /// The agent clears these keys, or all when none is named.
    Clear {
        agent: String,
        #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
        keys: Vec<String>,
    },
    /// The agent brings what it holds in step with another, or with all.
    Sync {
        agent: String,
        #[serde(default, deserialize_with = "or_default")]
        kind: SyncKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<String>,
        /// The keys it is about; all by default.
        #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
        keys: Vec<String>,
    },
    /// The agent asks more than half of all for the newest version of a strong key.
    Read { agent: String, key: String },
    /// Two values that disagree are resolved in this way, for these keys or for all when none is named.
    SetStrategy {
        #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
        keys: Vec<String>,
        strategy: String,
    },
}

/// The state of a plan: the sums by key so far, and how often the strategy of keys was changed.
#[derive(Clone, Debug, Default)]
pub struct StateMemory {
    counted: Option<Counted>,
    changes: u32,
}

impl StateMemory {
    /// The sums so far: at first those of the section.
    fn counted(&mut self, setup: &StateSetup) -> &mut Counted {
        self.counted.get_or_insert_with(|| setup.counted.clone())
    }
}

impl StateAct {
    /// The orders that carry it out.
    ///
    /// # Errors
    /// The rule that it breaks, with its place from its key on.
    pub fn plan(
        &self,
        setup: &StateSetup,
        planning: &mut Planning<'_, StateMemory>,
    ) -> Result<Vec<(AgentId, StateOrder)>, Problem> {
        let (rules, cast) = (&*setup.rules, planning.cast);
        match self {
            Self::Write { agent, writes } => {
                let agent = cast.member("write.agent", agent)?;
                if writes.is_empty() {
                    let repair = "write for example { \"key\": \"x\", \"set\": 1 }";
                    return Err(Problem::new("write.writes", "at least one write", "none", repair));
                }
                let orders =
                    write_orders(writes, rules).map_err(|problem| problem.under("write"))?;
                let counted = planning.memory.counted(setup);
                for order in &orders {
                    counted.add_order("write.writes", order, rules)?;
                }
                Ok(orders.into_iter().map(|order| (agent, order)).collect())
            }
            Self::Clear { agent, keys: names } => {
                let keys = find_keys("clear.keys", names, rules)?;
                if !names.is_empty() && keys.iter().any(|(_, rule)| rule.strong) {
                    let (expected, found) = ("keys that are not strong", "a strong key");
                    let repair = "a strong key is never cleared: write null to it";
                    return Err(Problem::new("clear.keys", expected, found, repair));
                }
                let weak = keys.into_iter().filter(|(_, rule)| !rule.strong);
                let keys = weak.map(|(key, _)| key).collect();
                Ok(vec![(cast.member("clear.agent", agent)?, StateOrder::Clear(keys))])
            }
            Self::Sync { agent, kind, with, keys } => {
                let asks = cast.member("sync.agent", agent)?;
                let with = with.as_ref().map(|name| cast.member("sync.with", name)).transpose()?;
                if with == Some(asks) {
                    let repair = "name another member, or leave it out for all";
                    return Err(Problem::new("sync.with", "another agent", "itself", repair));
                }
                let key = |(place, name): (usize, &String)| {
                    find_key(&format!("sync.keys[{place}]"), name, rules).map(|(key, _)| key)
                };
                let keys = keys.iter().enumerate().map(key).collect::<Result<_, _>>()?;
                Ok(vec![(asks, StateOrder::Sync { kind: *kind, with, keys })])
            }
            Self::Read { agent, key: name } => {
                let (key, rule) = find_key("read.key", name, rules)?;
                if !rule.strong {
                    let repair = "agents hold the others themselves: use sync";
                    let found = format!("{name:?}");
                    return Err(Problem::new("read.key", "a strong key", found, repair));
                }
                Ok(vec![(cast.member("read.agent", agent)?, StateOrder::Read(key))])
            }
            Self::SetStrategy { keys: names, strategy } => {
                let strategy = check_strategy("set_strategy.strategy", strategy)?;
                let keys = find_keys("set_strategy.keys", names, rules)?;
                let keys = keys.into_iter().map(|(key, _)| key).collect::<Arc<[KeyId]>>();
                let counted = planning.memory.counted(setup);
                counted.set_strategy("set_strategy.keys", &keys, strategy, rules)?;
                planning.memory.changes += 1;
                let change = planning.memory.changes;
                let order = StateOrder::SetStrategy { keys, strategy, change };
                Ok(holders(cast).map(|agent| (agent, order.clone())).collect())
            }
        }
    }

    /// In a few words, for a list of branches.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Write { agent, writes } => match writes.as_slice() {
                [write] => format!("{agent} writes {}", write.key),
                _ => format!("{agent} writes {} keys", writes.len()),
            },
            Self::Clear { agent, .. } => format!("{agent} clears"),
            Self::Sync { agent, .. } => format!("{agent} synchronises"),
            Self::Read { agent, key } => format!("{agent} reads {key}"),
            Self::SetStrategy { strategy, .. } => format!("resolve by {strategy}"),
        }
    }
}

/// The keys of these names; all when none is named.
fn find_keys<'a>(
    path: &str,
    names: &[String],
    rules: &'a StateRules,
) -> Result<Vec<(KeyId, &'a KeyRule)>, Problem> {
    if names.is_empty() {
        return Ok((0..).map(KeyId).zip(&rules.keys).collect());
    }
    names.iter().map(|name| find_key(path, name, rules)).collect()
}

/// All agents but the coordinator.
fn holders(cast: &dyn Members) -> impl Iterator<Item = AgentId> {
    let coordinator = cast.coordinator();
    (0..cast.agents()).map(AgentId).filter(move |agent| Some(*agent) != coordinator)
}
