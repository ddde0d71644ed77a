//! The section of a scenario: the state that the swarm keeps.

mod check;
pub(super) mod counted;
mod follow_ups;
mod kept_work;
mod keys;
mod replicas;
mod writes;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::common::asking::Asking;
use crate::common::room::{
    Announcement, Brief, Edited, Entrant, Members, Planning, Room, Scenarios, scenarios,
};
use crate::common::shown::Peek;
use crate::common::value::data::DataFile;
use crate::map::Map;
use crate::protocol::decimal;
use crate::protocol::document::{Form, FormError, Typed};
use crate::protocol::problem::Problem;
use crate::protocol::read::given;
use crate::protocol::section::or_default;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

pub use self::check::StateSetup;
pub(super) use self::keys::{check_strategy, find_key};
pub(super) use self::writes::write_orders;
use super::acts::{StateAct, StateMemory};
use super::follow_up::FollowUp;
use super::holder::{State, StateOrder, SyncKind};
use super::memory::HolderDurable;
use super::{form, settings};

/// The state that the swarm keeps, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StateFile {
    /// The keys under which it keeps something.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyFile>,
    /// The parts of its work that it keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<KeptWorkFile>,
    /// How often each agent compares itself with a neighbour, in milliseconds; never by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub sync_interval_ms: Option<f64>,
    /// How agents compare themselves then: by delta by default, or in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<SyncKind>,
    /// Whether a write is told to all neighbours at once; true by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<bool>,
    /// How long an agent that asks waits for answers, in milliseconds; 10000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub timeout_ms: Option<f64>,
    /// How many removals an agent remembers, 0 to 10000; 100 by default. An agent that is further behind gets everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 10_000)))]
    pub horizon: Option<u32>,
    /// Whether what an agent holds survives its crash; true by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durable: Option<bool>,
    /// Values that single agents hold at the start instead of what all others hold.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub replicas: Vec<ReplicaFile>,
    /// Steps that agents take by themselves once a proposal is approved.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub on_approval: Vec<FollowUpFile>,
}

/// The parts of the work that are kept; at least one. The keys are made for it, with these names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeptWorkFile {
    /// A set of the tasks that no agent has taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// For each agent that is there from the start, a set of the tasks it has; the name of its key is this, and then
    /// that of the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lists: Option<String>,
    /// A counter of the tasks that are done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<String>,
}

/// Steps that an agent takes from the moment it knows that a proposal is approved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowUpFile {
    /// The id of one of the scenario's proposals.
    pub proposal: String,
    pub agent: String,
    /// The time before each step, in milliseconds; 100 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub every_ms: Option<f64>,
    /// At least one.
    pub steps: Vec<StepFile>,
}

/// One of its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepFile {
    /// The writes of the agent, all at once.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<WriteFile>,
    /// Facts of the decision itself that it writes, by key: `voters` (the names of those FOR), `share` (the share FOR, from
    /// 0 to 1), `time_ms` (when it was decided by the coordinator's clock). Only where votes are counted.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub facts: Map<String, String>,
    /// How it brings what it holds in step with all others then; not at all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<SyncKind>,
}

/// A key under which the swarm keeps something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// Its name, unique.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub key: String,
    /// So many keys, called key-1, key-2, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 20_000)))]
    pub count: Option<u32>,
    /// g_counter, pn_counter, g_set, or_set, lww_register, mv_register or lww_map; a plain value without one.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// How two values that disagree are resolved: last_write_wins, vector_clock or crdt; crdt where there is a type,
    /// else last_write_wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// Whether a write needs the votes of more than half of all agents, instead of being merged later.
    #[serde(default, deserialize_with = "or_default")]
    pub strong: bool,
    /// The value that all agents hold at the start; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<DataFile>,
}

/// A value that one agent holds of a key at the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplicaFile {
    pub agent: String,
    pub key: String,
    pub value: DataFile,
    /// How often it was written, from 1; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000_000)))]
    pub version: Option<u64>,
    /// When it was written, by the clock of its writer, in milliseconds; before the run by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -8_640_000_000i64, max = 8_640_000_000u64)))]
    pub time_ms: Option<f64>,
    /// The agent that wrote it; the holder itself by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How many writes of each agent it comes after, itself included.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::counts))]
    pub clock: Map<String, u64>,
}

/// A write to one key: one of set, add, insert, remove, put and take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteFile {
    pub key: String,
    /// The new value of a plain value, a register or a strong key.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub set: Option<DataFile>,
    /// How much is added to a counter; less than 0 only for one that can go down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = -1_000_000_000_000i64, max = 1_000_000_000_000u64)))]
    pub add: Option<f64>,
    /// An item that is in the set from now on.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub insert: Option<DataFile>,
    /// An item that is not in the set any more.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub remove: Option<DataFile>,
    /// Values that stand in the map under these names from now on.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub put: Map<String, DataFile>,
    /// A name under which nothing stands in the map any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<String>,
    /// The version of a strong key that is expected to be the newest; 0 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1_000_000_000)))]
    pub expects: Option<u64>,
}

impl Room for State {
    type File = StateFile;
    type Agent = ();
    type Act = StateAct;
    type Memory = StateMemory;

    const ABOUT: &'static str = "The state that the swarm keeps.";
    const IS_LED: bool = true;
    const MISSING: Option<(&'static str, &'static str)> =
        Some(("a scenario that keeps something", "name in state.keys what the swarm keeps"));
    const SCENARIOS: Scenarios = scenarios!(
        "state":
        "reconnection",
        "counter-partition",
        "counter-last-write",
        "set-add-wins",
        "map-per-key",
        "vector-causal",
        "vector-concurrent",
        "skewed-clocks",
        "delta-sync",
        "beyond-horizon",
        "strong-minority",
    );

    fn check(brief: &Brief<'_, Self>) -> Result<StateSetup, Problem> {
        check::check(brief.file, brief.cast)
    }

    /// Agents compare what they hold until the run ends.
    fn check_span(setup: &StateSetup, span_us: u64) -> Result<(), Problem> {
        match setup.rules.sync_interval_us {
            0 => Ok(()),
            every_us => {
                decimal::period("sync_interval_ms", every_us, span_us, "until the run ends")
            }
        }
    }

    /// All but the coordinator hold something; a member that joins later begins with nothing.
    fn durable(
        setup: &StateSetup,
        Entrant { agent, member, .. }: &Entrant<'_, Self>,
        _: &dyn Members,
    ) -> Option<Box<HolderDurable>> {
        member.as_ref()?;
        let first = setup.holders.get(agent.index()).cloned();
        Some(Box::new(first.unwrap_or_else(|| HolderDurable::new(*agent, setup.rules.clone()))))
    }

    /// Tasks that are submitted go into the queue, where one is kept: at the first agent.
    fn answers(setup: &StateSetup, to: &Announcement) -> Vec<(AgentId, StateOrder)> {
        let Announcement::Submitted(names) = to;
        let queue = setup.rules.work.as_ref().and_then(|keys| keys.queue);
        queue.map(|_| (AgentId(0), StateOrder::Enqueue(names.clone()))).into_iter().collect()
    }

    fn plan(
        setup: &StateSetup,
        act: &StateAct,
        planning: &mut Planning<'_, StateMemory>,
    ) -> Result<Vec<(AgentId, StateOrder)>, Problem> {
        act.plan(setup, planning)
    }

    fn label(act: &StateAct) -> String {
        act.label()
    }

    fn asks_facts_of(setup: &StateSetup) -> Vec<Arc<str>> {
        let writes_facts = |plan: &&FollowUp| plan.steps.iter().any(|step| !step.facts.is_empty());
        let plans = setup.rules.follow_ups.iter().filter(writes_facts);
        plans.map(|plan| plan.proposal.clone()).collect()
    }

    /// Kept work alone is over with the work, unless agents go on comparing it.
    fn goes_on(setup: &StateSetup) -> bool {
        setup.rules.work.is_none() || setup.rules.sync_interval_us > 0
    }

    fn settings(setup: &StateSetup, _: &dyn Members) -> Vec<Setting> {
        settings::settings(setup)
    }

    fn set(
        _: &StateSetup,
        file: &mut Edited<'_, StateFile>,
        setting: &str,
        value: u32,
    ) -> Option<()> {
        settings::set(file.section, setting, value)
    }

    fn forms(peek: &dyn Peek<Self>, asking: &Asking<'_, Self>) -> Vec<Form> {
        vec![form::form(peek, asking)]
    }

    fn read(
        peek: &dyn Peek<Self>,
        asking: &Asking<'_, Self>,
        form: &str,
        typed: &Typed,
    ) -> Option<Result<StateAct, FormError>> {
        (form == form::ID).then(|| form::read(peek, asking, typed))
    }
}
