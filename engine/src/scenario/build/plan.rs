//! From one intervention to what is done to the simulation.

use super::rooms::Moment;
use super::{Planner, corrupt};
use crate::coordination::swarm::Swarm;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::scenario::checked::links::check_link;
use crate::scenario::intervention::Intervention;
use crate::sim::Fault;

impl Planner<'_> {
    pub(super) fn plan(
        &mut self,
        time_us: u64,
        intervention: &Intervention,
    ) -> Result<Vec<Fault<Swarm>>, Problem> {
        let find = |field: &str, name: &str| self.roster.names.find(field, name);
        let announced = &mut Vec::new();
        let (scenario, seed, is_live) = (self.roster.scenario, self.seed, self.is_live);
        let mut moment = Moment { cast: &self.roster, announced, time_us, seed, is_live };
        let acted = scenario.plan_act(intervention, &mut self.memories, &mut moment)?;
        if let Some(faults) = acted {
            return Ok(faults);
        }
        Ok(vec![match intervention {
            Intervention::Crash { agent } => Fault::Crash(find("crash.agent", agent)?),
            Intervention::Restart { agent } => Fault::Restart(find("restart.agent", agent)?),
            Intervention::Pause { agent } => Fault::Pause(find("pause.agent", agent)?),
            Intervention::Resume { agent } => Fault::Resume(find("resume.agent", agent)?),
            Intervention::Remove { agent } => Fault::Remove(find("remove.agent", agent)?),
            Intervention::Corrupt { agent, behaviour } => {
                return Ok(corrupt(find("corrupt.agent", agent)?, *behaviour).into());
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
            Intervention::Partition { groups, replaces } => {
                self.roster.partition(groups, *replaces)?
            }
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
            Intervention::Spawn { agent } => self.spawn(time_us, agent)?,
            // Acts on protocols are planned above.
            _ => return Ok(Vec::new()),
        }])
    }
}
