//! Interventions in a swarm from outside, by the names of its agents: the faults of a scenario and
//! what a person does to a running swarm are the same thing (K5).

mod keyed;

use serde::{Deserialize, Serialize};

use super::{AgentFile, LinkFile};
use crate::common::consensus::section::WrittenProposal;
use crate::common::room::Room;
use crate::protocol::document::Act;
use crate::protocol::json::Value;
use crate::protocol::number::write_number;
use crate::protocol::problem::Problem;
use crate::protocol::read::read;
use crate::protocol::section::or_default;
use crate::registry::protocols;
use crate::swarm::adversary::Behaviour;

/// Makes the list of all that can be done, with what each room adds to it.
macro_rules! interventions {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        /// One thing done to the swarm.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        // Read and written by `keyed`: the acts of protocols stand beside the others, each under its own key.
        #[serde(rename_all = "snake_case", deny_unknown_fields, remote = "Self")]
        pub enum Intervention {
            /// The agent's process and its timers are gone.
            Crash {
                agent: String,
            },
            /// A crashed agent is rebuilt from what it had made durable.
            Restart {
                agent: String,
            },
            /// The agent stands still; its messages wait.
            Pause {
                agent: String,
            },
            Resume {
                agent: String,
            },
            /// The agent leaves for good.
            Remove {
                agent: String,
            },
            /// A new agent joins. In a hierarchy its parent is the root unless it names another.
            Spawn {
                agent: Box<AgentFile>,
            },
            /// Nothing passes between the two, or only from the second to the first with `one_way`.
            Cut {
                from: String,
                to: String,
                #[serde(default, deserialize_with = "or_default")]
                one_way: bool,
            },
            Mend {
                from: String,
                to: String,
                #[serde(default, deserialize_with = "or_default")]
                one_way: bool,
            },
            /// Nothing passes between groups; agents in none are with the first. An earlier partition still
            /// holds, unless this one `replaces` it.
            Partition {
                groups: Vec<Vec<String>>,
                #[serde(
                    default,
                    deserialize_with = "or_default",
                    skip_serializing_if = "core::ops::Not::not"
                )]
                replaces: bool,
            },
            /// Ends the partition and all cuts.
            Heal,
            DropMessage {
                #[cfg_attr(
                    feature = "schema",
                    schemars(range(min = 0, max = 18_446_744_073_709_551_615u64))
                )]
                message: u64,
            },
            DuplicateMessage {
                #[cfg_attr(
                    feature = "schema",
                    schemars(range(min = 0, max = 18_446_744_073_709_551_615u64))
                )]
                message: u64,
            },
            DelayMessage {
                #[cfg_attr(
                    feature = "schema",
                    schemars(range(min = 0, max = 18_446_744_073_709_551_615u64))
                )]
                message: u64,
                #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
                by_ms: f64,
            },
            /// Changes one link.
            SetLink {
                from: String,
                to: String,
                #[serde(default, deserialize_with = "or_default")]
                one_way: bool,
                link: LinkFile,
            },
            /// Changes all links.
            SetNetwork {
                link: LinkFile,
            },
            /// The adversary takes the agent over.
            Corrupt {
                agent: String,
                #[serde(default, deserialize_with = "or_default")]
                behaviour: Behaviour,
            },
            Release {
                agent: String,
            },
            $(
                /// Something that is done with this protocol.
                $(#[$on])*
                #[serde(skip)]
                $Row(<$Room as Room>::Act),
            )*
        }

        impl Intervention {
            /// The intervention that an act stands for.
            ///
            /// # Errors
            /// When no intervention has this key and these fields.
            pub fn of(act: &Act) -> Result<Self, Problem> {
                let fields = serde_json::Map::from_iter([(act.key.to_owned(), act.fields.clone())]);
                read(&Value::Object(fields))
            }

            /// Whether it is an act on a protocol, which an agent is told.
            #[must_use]
            pub fn is_act(&self) -> bool {
                match self {
                    $($(#[$on])* Self::$Row(_) => true,)*
                    _ => false,
                }
            }

            /// Whether it changes the setting whose values are compared.
            #[must_use]
            pub fn sets_compared(&self) -> bool {
                match self {
                    $($(#[$on])* Self::$Row(act) => <$Room as Room>::sets_compared(act),)*
                    _ => false,
                }
            }

            /// The proposal that it puts to the vote.
            #[must_use]
            pub fn proposed(&self) -> Option<&WrittenProposal> {
                match self {
                    $($(#[$on])* Self::$Row(act) => <$Room as Room>::proposed(act),)*
                    _ => None,
                }
            }

            /// The intervention in a few words, for a list of branches: "crash qa-engineer".
            #[must_use]
            pub fn label(&self) -> String {
                match self {
                    Self::Crash { agent } => format!("crash {agent}"),
                    Self::Restart { agent } => format!("restart {agent}"),
                    Self::Pause { agent } => format!("pause {agent}"),
                    Self::Resume { agent } => format!("resume {agent}"),
                    Self::Remove { agent } => format!("remove {agent}"),
                    Self::Spawn { agent } => format!("spawn {}", agent.id),
                    Self::Cut { from, to, .. } => format!("cut {from} – {to}"),
                    Self::Mend { from, to, .. } => format!("mend {from} – {to}"),
                    Self::Partition { groups, .. } => format!("partition into {}", groups.len()),
                    Self::Heal => "heal".to_owned(),
                    Self::DropMessage { message } => format!("drop message {message}"),
                    Self::DuplicateMessage { message } => format!("duplicate message {message}"),
                    Self::DelayMessage { message, by_ms } => {
                        format!("delay message {message} by {} ms", write_number(*by_ms))
                    }
                    Self::SetLink { from, to, .. } => format!("change link {from} – {to}"),
                    Self::SetNetwork { .. } => "change the network".to_owned(),
                    Self::Corrupt { agent, behaviour } => {
                        format!("{agent} {}", behaviour.words().to_ascii_lowercase())
                    }
                    Self::Release { agent } => format!("release {agent}"),
                    $($(#[$on])* Self::$Row(act) => <$Room as Room>::label(act),)*
                }
            }
        }
    };
}

protocols!(interventions);
