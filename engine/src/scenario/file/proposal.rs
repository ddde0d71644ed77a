//! A proposal in a scenario file.

use serde::{Deserialize, Serialize};

use crate::common::consensus::choice::section::ChoiceRule;
use crate::common::consensus::section::{FieldFile, ShareOf};
use crate::map::Map;
use crate::protocol::section::or_default;
use crate::registry::electives;

/// Makes a proposal of the file, with the parts of those protocols by which agents decide one themselves.
macro_rules! proposal_file {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        /// A question put to the swarm.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct ProposalFile {
            /// Its name, unique in the run.
            #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
            pub id: String,
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
            pub question: String,
            /// When it is opened, in milliseconds.
            #[serde(default, deserialize_with = "or_default")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
            pub at_ms: f64,
            /// simple, supermajority, unanimous, quorum, weighted, byzantine, gossip or federated; simple by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub algorithm: Option<String>,
            /// The share that approves, 0.51 to 1; for quorum and weighted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0.51, max = 1)))]
            pub threshold: Option<f64>,
            #[serde(default, deserialize_with = "or_default")]
            pub share_of: ShareOf,
            /// The least share of the electorate that must take part, 0 to 1; for a share of the votes cast.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
            pub min_participation: Option<f64>,
            $(
                $(#[$on])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<<$Room as crate::common::room::Elective>::File>,
            )*
            /// The options of a federated one, 2 to 32 names; of those that are level the first wins.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
            pub options: Vec<String>,
            /// The rule by which an option of a federated one wins; majority by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub rule: Option<ChoiceRule>,
            /// Weights of agents that know a domain, in place of their own.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
            #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::weights))]
            pub domain_weights: Map<String, f64>,
            /// From opening to closing, in milliseconds; 30000 by default, and as long as its rounds take for a
            /// byzantine one and a gossip.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
            pub deadline_ms: Option<f64>,
            /// How long after the deadline agents wait for the decision; 1000 by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
            pub grace_ms: Option<f64>,
            /// How often those are asked again whose ballot is not in; never by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 8_640_000_000u64)))]
            pub reminder_ms: Option<f64>,
            /// Fields that agents can judge it by: numbers, truths, texts.
            #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
            pub fields: Map<String, FieldFile>,
            /// Who may vote; everyone by default.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub electorate: Option<Vec<String>>,
        }
    };
}

electives!(proposal_file);
