//! The acts of a person: an agent asks for something, or gives something back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ResourcesOrder;
use super::check::{ResourcesSetup, amount, priority, resource, taker};
use super::demand::{Demand, Hold, Take};
use crate::common::room::Planning;
use crate::protocol::problem::Problem;
use crate::sim::AgentId;

/// An act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ResourcesAct {
    /// The agent asks for so much, beside what it was asked to hold before, and holds it until a person has it give it back.
    RequestResource {
        agent: String,
        resource: String,
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000)))]
        amount: u32,
        /// 1 to 10, higher first; 5 by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
        priority: Option<u8>,
    },
    /// The agent gives back so much of what it holds.
    ReleaseResource {
        agent: String,
        resource: String,
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000)))]
        amount: u32,
    },
}

impl ResourcesAct {
    /// The act in a few words: "ann asks for 2 gpu".
    pub(super) fn label(&self) -> String {
        match self {
            Self::RequestResource { agent, resource, amount, .. } => {
                format!("{agent} asks for {amount} {resource}")
            }
            Self::ReleaseResource { agent, resource, amount } => {
                format!("{agent} gives back {amount} {resource}")
            }
        }
    }
}

pub(super) fn plan(
    setup: &ResourcesSetup,
    act: &ResourcesAct,
    planning: &Planning<'_, ()>,
) -> Result<Vec<(AgentId, ResourcesOrder)>, Problem> {
    let rules = &setup.rules;
    let (key, name, of, number) = match act {
        ResourcesAct::RequestResource { agent, resource, amount, .. } => {
            ("request_resource", agent, resource, *amount)
        }
        ResourcesAct::ReleaseResource { agent, resource, amount } => {
            ("release_resource", agent, resource, *amount)
        }
    };
    let agent = taker(&format!("{key}.agent"), name, rules, planning.cast)?;
    let resource = resource(&format!("{key}.resource"), of, rules)?;
    let order = match act {
        ResourcesAct::RequestResource { priority: own, .. } => {
            let amount = amount(&format!("{key}.amount"), number, resource, rules)?;
            let priority = priority(&format!("{key}.priority"), *own)?;
            let takes = vec![Take { resource, amount, after_us: 0 }];
            let hold = Hold::UntilReleased;
            ResourcesOrder::Demand(Arc::new(Demand { priority, takes, gives: Vec::new(), hold }))
        }
        // How much the agent will hold then is the keeper's to say: it refuses what is more.
        ResourcesAct::ReleaseResource { .. } if number == 0 => {
            let path = format!("{key}.amount");
            return Err(Problem::new(path, "1 or more", "0", "say how much it gives back"));
        }
        ResourcesAct::ReleaseResource { .. } => {
            ResourcesOrder::Release { resource, amount: number }
        }
    };
    Ok(vec![(agent, order)])
}
