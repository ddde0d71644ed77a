//! The scenario file (F1): JSON as people write it. Unknown fields are errors, so that a typing
//! error cannot pass for a setting.

pub mod intervention;
pub mod proposal;

use serde::{Deserialize, Deserializer, Serialize};

use self::intervention::Intervention;
use self::proposal::ProposalFile;
use crate::common::consensus::condition::Condition;
use crate::common::room::{Individual, Room};
use crate::common::topology::TopologyKind;
use crate::map::Map;
use crate::protocol::read::refused;
use crate::protocol::section::or_default;
use crate::registry::{individuals, sections};
use crate::swarm::adversary::Behaviour;

/// The format this version writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// Makes the file, with the sections of protocols.
macro_rules! scenario_file {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        /// A scenario: a swarm, its network, what it decides, and what goes wrong.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct ScenarioFile {
            /// Version of the file format; this is 1.
            #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
            pub format: u32,
            /// Short name: lower-case letters, digits and hyphens.
            pub name: String,
            /// The name people see.
            pub title: String,
            /// The scenario in one or two sentences.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
            pub summary: String,
            /// One thing to watch for.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
            pub notice: String,
            /// The seed all randomness comes from, unless another is asked for.
            #[serde(default, deserialize_with = "or_default")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 18_446_744_073_709_551_615u64)))]
            pub seed: u64,
            /// Virtual time at which the run ends, in milliseconds; without it, when nothing is left to do.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
            pub ends_at_ms: Option<f64>,
            #[serde(default, deserialize_with = "or_default")]
            pub topology: TopologyFile,
            /// The effect of every link on messages.
            #[serde(default, deserialize_with = "or_default")]
            pub network: LinkFile,
            /// Messages that wait at a paused agent; more are dropped. 1000 by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u64)))]
            pub inbox: Option<u32>,
            /// Links that differ from the others.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
            pub links: Vec<LinkOverride>,
            /// Kinds of agents, for agents to take after.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
            pub templates: Map<String, AgentFile>,
            /// The members of the swarm. The coordinator is added to them, if there is one.
            pub agents: Vec<AgentFile>,
            /// Whether there is a coordinator, which keeps the roster, counts ballots and shares out work. By default there is one, but
            /// not where the scenario only has protocols that do without; agents that only keep state can do without, too.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub coordinator: Option<bool>,
            /// How the coordinator's clock differs from the time of the run.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub coordinator_clock: Option<ClockFile>,
            /// The proposals on which the swarm decides.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
            pub proposals: Vec<ProposalFile>,
            $(
                $(#[$on])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(description = <$Room as Room>::ABOUT))]
                pub $field: Option<<$Room as Room>::File>,
            )*
            /// The faults, and when they happen.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
            pub faults: Vec<FaultFile>,
        }
    };
}

sections!(scenario_file);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TopologyFile {
    #[serde(default, deserialize_with = "or_default")]
    pub kind: TopologyKind,
    /// The agent in the middle of a star; the coordinator by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// Children per agent in a hierarchy in which no agent names its parent, 2 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u64)))]
    pub branching: Option<u32>,
}

/// The effect of a link on messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkFile {
    /// How long a message is on its way; 1 ms by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<LatencyFile>,
    /// Share of messages lost, 0 to 1.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub loss: f64,
    /// Share of messages that arrive twice, 0 to 1.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub duplication: f64,
    /// Bytes per second; messages wait their turn. Without it there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 18_446_744_073_709_551_615u64)))]
    pub bytes_per_second: Option<u64>,
}

/// How long a message is on its way, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LatencyFile {
    /// Always the same.
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::times))]
    Fixed(f64),
    /// Anything between the two, equally likely.
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::times))]
    Uniform(f64, f64),
    /// Log-normal: half the messages take less than the median; sigma is the spread of its
    /// logarithm.
    LogNormal {
        #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
        median: f64,
        #[cfg_attr(feature = "schema", schemars(range(min = 0.001, max = 5)))]
        sigma: f64,
    },
}

/// A link that differs from the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkOverride {
    pub from: String,
    pub to: String,
    /// Only from the one to the other, not back.
    #[serde(default, deserialize_with = "or_default")]
    pub one_way: bool,
    pub link: LinkFile,
}

/// Makes an agent of the file, with the parts of it that protocols read.
macro_rules! agent_file {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        /// One agent, or several alike, or a template for agents. An agent's own settings go before those of
        /// its template.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct AgentFile {
            /// Its name, unique in the swarm. Templates have none.
            #[cfg_attr(feature = "schema", schemars(length(max = 64)))]
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
            pub id: String,
            /// So many agents, called id-1, id-2, …
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 200_000)))]
            pub count: Option<u32>,
            /// The template it takes after.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub template: Option<String>,
            /// Whom it stands below in a hierarchy.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub parent: Option<String>,
            /// lead, backend, frontend, qa, devops, parser, analyzer, manager, worker, …
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub role: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub skills: Option<Vec<String>>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub domains: Option<Vec<String>>,
            /// Weight in weighted votes; 1 by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0.001, max = 1_000_000)))]
            pub weight: Option<f64>,
            /// The load it can carry; 100 by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1_000_000_000)))]
            pub capacity: Option<u32>,
            /// 0 to 150; 100 by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 150)))]
            pub reputation: Option<u32>,
            /// How it makes up its mind; "for" by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub mind: Option<MindFile>,
            /// The options it is for where it can choose, the best first; of these the first that is among the options
            /// gets its vote. ABSTAIN where none is, or any by "chance".
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub prefers: Option<Vec<String>>,
            /// How long it reviews a proposal, least and most, in milliseconds; 50 to 150 by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::times))]
            pub review_ms: Option<(f64, f64)>,
            $(
                $(#[$on])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "schema", schemars(description = <<$Room as Room>::Agent as Individual>::ABOUT))]
                pub $field: Option<<<$Room as Room>::Agent as Individual>::File>,
            )*
            /// Its own clock.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub clock: Option<ClockFile>,
            /// It is corrupted from the start, and behaves like this.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub behaviour: Option<Behaviour>,
        }
    };
}

individuals!(agent_file);

/// How an agent makes up its mind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MindFile {
    For,
    Against,
    Abstain,
    /// Says nothing at all.
    Silent,
    /// By chance; what the two leave is ABSTAIN.
    Chance {
        #[serde(rename = "for")]
        #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
        in_favour: f64,
        #[serde(default, deserialize_with = "or_default")]
        #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
        against: f64,
    },
    /// FOR when the condition on the proposal's fields holds, AGAINST when not, ABSTAIN when the
    /// proposal lacks the field.
    If(#[serde(deserialize_with = "condition")] Condition),
}

fn condition<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
    Condition::parse(&String::deserialize(deserializer)?).map_err(|error| {
        let example = "\"canary_percentage <= 10 and rollback_plan == true\"";
        let expected = format!("{} at character {}", error.expected, error.at);
        refused(&expected, &format!("write for example {example}"))
    })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClockFile {
    /// The time it shows at the start, in milliseconds; negative: it is behind.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(range(min = -8_640_000_000i64, max = 8_640_000_000u64)))]
    pub offset_ms: f64,
    /// How much faster it runs, in parts per million; negative: slower.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(range(min = -900_000, max = 900_000)))]
    pub drift_ppm: i32,
}

/// Something done to the swarm at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FaultFile {
    /// When, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub at_ms: f64,
    #[serde(rename = "do")]
    pub intervention: Intervention,
}
