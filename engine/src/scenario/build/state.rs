//! What is done to the state a swarm keeps, planned.

use std::sync::Arc;

use super::Planner;
use crate::coordination::room::Announcement;
use crate::coordination::state::holder::StateOrder;
use crate::coordination::state::replica::KeyId;
use crate::coordination::swarm::{Order, Swarm};
use crate::protocol::problem::Problem;
use crate::scenario::Scenario;
use crate::scenario::checked::state::{
    StateSetup, check_strategy, find_key, sync_kind, write_orders,
};
use crate::scenario::intervention::Intervention;
use crate::sim::{AgentId, Fault};

impl Scenario {
    /// Whoever submits tasks puts them into the queue too, where one is kept: at the first agent.
    pub(super) fn enqueue(&self, to: &Announcement) -> Option<Fault<Swarm>> {
        self.state.as_ref()?.rules.work.as_ref()?.queue?;
        let Announcement::Submitted(names) = to;
        let order = Arc::new(StateOrder::Enqueue(names.clone()));
        Some(Fault::Command(AgentId(0), Order::State(order)))
    }
}

impl Planner<'_> {
    /// What is done to the state the swarm keeps.
    pub(super) fn plan_state(
        &mut self,
        intervention: &Intervention,
    ) -> Result<Vec<Fault<Swarm>>, Problem> {
        self.changes += u32::from(matches!(intervention, Intervention::SetStrategy { .. }));
        let Some(StateSetup { rules, .. }) = &self.roster.scenario.state else {
            let repair = "name in state.keys what the swarm keeps";
            return Err(Problem::new("state", "a scenario that keeps something", "none", repair));
        };
        let order = |agent, order| Fault::Command(agent, Order::State(Arc::new(order)));
        let member =
            |field: &str, name: &str| self.roster.scenario.member(&self.roster.names, field, name);
        let keys = |path: &str, names: &[String]| -> Result<Vec<KeyId>, Problem> {
            if names.is_empty() {
                return Ok((0..rules.keys.len() as u32).map(KeyId).collect());
            }
            names.iter().map(|name| find_key(path, name, rules)).collect()
        };
        Ok(match intervention {
            Intervention::Write { agent, writes } => {
                let agent = member("write.agent", agent)?;
                if writes.is_empty() {
                    let repair = "write for example { \"key\": \"x\", \"set\": 1 }";
                    return Err(Problem::new("write.writes", "at least one write", "none", repair));
                }
                let orders =
                    write_orders(writes, rules).map_err(|problem| problem.under("write"))?;
                if let Some(counted) = &mut self.counted {
                    let mut counts = |order| counted.add_order("write.writes", order, rules);
                    orders.iter().try_for_each(&mut counts)?;
                }
                orders.into_iter().map(|it| order(agent, it)).collect()
            }
            Intervention::Clear { agent, keys: names } => {
                let is_strong = |key: &KeyId| rules.keys[key.0 as usize].strong;
                let mut keys = keys("clear.keys", names)?;
                if !names.is_empty() && keys.iter().any(is_strong) {
                    let repair = "a strong key is never cleared: write null to it";
                    let problem = ("clear.keys", "keys that are not strong", "a strong key");
                    return Err(Problem::new(problem.0, problem.1, problem.2, repair));
                }
                keys.retain(|key| !is_strong(key));
                vec![order(member("clear.agent", agent)?, StateOrder::Clear(keys))]
            }
            Intervention::Sync { agent, kind, with, keys } => {
                let asks = member("sync.agent", agent)?;
                let with = match with {
                    Some(name) => Some(member("sync.with", name)?),
                    None => None,
                };
                if with == Some(asks) {
                    let repair = "name another member, or leave it out for all";
                    let problem = Problem::new("sync.with", "another agent", "itself", repair);
                    return Err(problem);
                }
                let mut named = Vec::new();
                for (place, key) in keys.iter().enumerate() {
                    named.push(find_key(&format!("sync.keys[{place}]"), key, rules)?);
                }
                let sync = StateOrder::Sync { kind: sync_kind(*kind), with, keys: named };
                vec![order(asks, sync)]
            }
            Intervention::Read { agent, key } => {
                let name = key;
                let key = find_key("read.key", name, rules)?;
                if !rules.keys[key.0 as usize].strong {
                    let repair = "agents hold the others themselves: use sync";
                    let found = format!("{name:?}");
                    return Err(Problem::new("read.key", "a strong key", found, repair));
                }
                vec![order(member("read.agent", agent)?, StateOrder::Read(key))]
            }
            Intervention::SetStrategy { keys: names, strategy } => {
                let strategy = check_strategy("set_strategy.strategy", strategy)?;
                let keys = keys("set_strategy.keys", names)?;
                if let Some(counted) = &mut self.counted {
                    counted.set_strategy("set_strategy.keys", &keys, strategy, rules)?;
                }
                let change = self.changes;
                let order = Arc::new(StateOrder::SetStrategy { keys, strategy, change });
                let coordinator = self.roster.scenario.coordinator;
                let agents =
                    (0..self.roster.agents).map(AgentId).filter(|it| Some(*it) != coordinator);
                agents.map(|agent| Fault::Command(agent, Order::State(order.clone()))).collect()
            }
            _ => Vec::new(),
        })
    }
}
