//! From one intervention to what is done to the simulation.

use std::sync::Arc;

use super::{Planner, corrupt, propose};
use crate::coordination::consensus::section::check_proposal;
use crate::coordination::membership::message::Ask;
use crate::coordination::registry::rooms;
use crate::coordination::room::OPENED_BY_IT;
use crate::coordination::swarm::Swarm;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::scenario::checked::links::check_link;
use crate::scenario::intervention::Intervention;
use crate::sim::Fault;

/// Makes the planning of all that can be done.
macro_rules! planning {
    ($($(#[$on:meta])* $field:ident $(in $path:literal)?: $Row:ident = $Room:ty,)*) => {
        impl Planner<'_> {
            pub(super) fn plan(
                &mut self,
                time_us: u64,
                intervention: &Intervention,
            ) -> Result<Vec<Fault<Swarm>>, Problem> {
                let find = |field: &str, name: &str| self.names.find(field, name);
                Ok(vec![match intervention {
                    Intervention::Crash { agent } => Fault::Crash(find("crash.agent", agent)?),
                    Intervention::Restart { agent } => Fault::Restart(find("restart.agent", agent)?),
                    Intervention::Pause { agent } => Fault::Pause(find("pause.agent", agent)?),
                    Intervention::Resume { agent } => Fault::Resume(find("resume.agent", agent)?),
                    Intervention::Remove { agent } => Fault::Remove(find("remove.agent", agent)?),
                    Intervention::Corrupt { agent, behaviour } => {
                        return Ok(corrupt(find("corrupt.agent", agent)?, *behaviour).into());
                    }
                    Intervention::Write { .. }
                    | Intervention::Clear { .. }
                    | Intervention::Sync { .. }
                    | Intervention::Read { .. }
                    | Intervention::SetStrategy { .. } => return self.plan_state(intervention),
                    Intervention::Submit { .. }
                    | Intervention::SetWork { .. }
                    | Intervention::SetPolicy { .. } => return self.plan_work(time_us, intervention),
                    Intervention::Register { agent } => self.ask("register", agent, Ask::Register)?,
                    Intervention::Unregister { agent } => self.ask("unregister", agent, Ask::Unregister)?,
                    Intervention::Status { agent, about } => {
                        let about = about.as_ref().map(|name| find("status.about", name)).transpose()?;
                        self.ask("status", agent, Ask::Status(about))?
                    }
                    Intervention::Release { agent } => Fault::Release(find("release.agent", agent)?),
                    Intervention::Cut { from, to, one_way } => {
                        let (from, to) = self.link("cut", from, to)?;
                        Fault::Cut { from, to, both_ways: !one_way }
                    }
                    Intervention::Mend { from, to, one_way } => {
                        let (from, to) = self.link("mend", from, to)?;
                        Fault::Mend { from, to, both_ways: !one_way }
                    }
                    Intervention::Partition { groups, replaces } => self.partition(groups, *replaces)?,
                    Intervention::Heal => Fault::Heal,
                    Intervention::DropMessage { message } => Fault::DropMessage(*message),
                    Intervention::DuplicateMessage { message } => Fault::DuplicateMessage(*message),
                    Intervention::DelayMessage { message, by_ms } => Fault::DelayMessage {
                        message: *message,
                        by_us: decimal::microseconds("delay_message.by_ms", *by_ms)?,
                    },
                    Intervention::SetLink { from, to, one_way, link } => {
                        let (from, to) = self.link("set_link", from, to)?;
                        let model = check_link(link).map_err(|problem| problem.under("set_link.link"))?;
                        Fault::SetLink { from, to, both_ways: !one_way, model }
                    }
                    Intervention::SetNetwork { link } => Fault::SetAllLinks(
                        check_link(link).map_err(|problem| problem.under("set_network.link"))?,
                    ),
                    Intervention::Propose { proposal } => {
                        let coordinator = self.scenario.counts_on_coordinator("propose", OPENED_BY_IT)?;
                        let proposal = check_proposal(proposal, self)
                            .map_err(|problem| problem.under("propose.proposal"))?;
                        if self.proposed.contains(&proposal.name) && !self.is_live {
                            let found = format!("{:?} a second time", proposal.name);
                            let repair = "give each proposal an id of its own";
                            let path = "propose.proposal.id";
                            return Err(Problem::new(path, "a new id", found, repair));
                        }
                        self.proposed.push(proposal.name.clone());
                        Fault::Command(coordinator, propose(Arc::new(proposal)))
                    }
                    Intervention::Spawn { agent } => self.spawn(agent)?,
                    $($(#[$on])* Intervention::$Row(act) => return self.plan_room::<$Room>(stringify!($field), self.scenario.rooms.$field.as_ref(), act, crate::coordination::swarm::Order::$Row),)*
                }])
            }
        }
    };
}

rooms!(planning);
