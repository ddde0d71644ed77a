//! The order of parts and tasks (W15): each begins once those before it are done, and gets what they gave.

use std::sync::Arc;

use super::board::Board;
use super::job::{Job, PartJob, Phase};
use super::role::Work;
use super::synthesis::{PartEnd, Reason};
use super::task::{Task, TaskId};
use crate::common::value::Value;
use crate::map::Map;
use crate::protocol::contract::Outlet;
use crate::sim::AgentId;

/// Data under the names of those who gave it.
type Inputs = Vec<(Arc<str>, Map<Arc<str>, Value>)>;

/// How a part that must be done before stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Done,
    Open,
    /// It has failed, or nobody in the team has its skill.
    Never,
}

impl Job {
    fn before<'a>(&'a self, part: &PartJob) -> impl Iterator<Item = (&'a Arc<str>, Before)> {
        let skills = self.spec.after.get(&part.focus());
        skills.into_iter().flatten().map(|skill| {
            let part = self.parts.iter().find(|part| part.focus() == *skill);
            let stands = match part.map(|part| &part.end) {
                Some(Some(PartEnd::Done { .. })) => Before::Done,
                Some(None) => Before::Open,
                Some(Some(PartEnd::Failed { .. })) | None => Before::Never,
            };
            (skill, stands)
        })
    }

    /// Whether all that must be done before this part is done.
    #[must_use]
    pub fn is_ready(&self, part: &PartJob) -> bool {
        self.before(part).all(|(_, stands)| stands == Before::Done)
    }

    /// The skills of the open parts that this part waits for; none once it has ended.
    #[must_use]
    pub fn waits_for(&self, part: &PartJob) -> Vec<Arc<str>> {
        if part.end.is_some() {
            return Vec::new();
        }
        let open = self.before(part).filter(|(_, stands)| *stands == Before::Open);
        open.map(|(skill, _)| skill.clone()).collect()
    }

    /// Parts that come after one that will never be done have failed, and so on to the last of them.
    pub(super) fn end_those_in_vain(&mut self) {
        let in_vain = |job: &Self| {
            job.parts.iter().enumerate().filter(|(_, part)| part.end.is_none()).find_map(
                |(number, part)| {
                    let mut before = job.before(part);
                    let never = before.find(|(_, stands)| *stands == Before::Never);
                    never.map(|(skill, _)| (number, Reason::Dependency(skill.to_string())))
                },
            )
        };
        while let Some((number, reason)) = in_vain(self) {
            self.parts[number].end = Some(PartEnd::Failed { reason });
        }
    }

    /// The tasks before it gave this.
    pub(super) fn pass_on(&mut self, inputs: Inputs) {
        if !inputs.is_empty() && self.parts.is_empty() {
            self.spec = with(&self.spec, inputs);
        }
    }

    /// Whether the part's turn has come with the end of this one. If so, it has what those before it gave.
    fn frees(&mut self, number: usize, ended: &Arc<str>) -> bool {
        let part = &self.parts[number];
        let comes_after = self.before(part).any(|(skill, _)| skill == ended);
        if !comes_after || part.end.is_some() || !self.is_ready(part) {
            return false;
        }
        let gave = |(skill, _): (&Arc<str>, Before)| {
            let part = self.parts.iter().find(|part| part.focus() == *skill)?;
            match &part.end {
                Some(PartEnd::Done { data, .. }) => Some((skill.clone(), data.clone())),
                _ => None,
            }
        };
        let inputs = self.before(part).filter_map(gave).collect();
        self.parts[number].spec = with(&self.parts[number].spec, inputs);
        true
    }
}

impl Board {
    /// The data that the tasks before this one gave.
    pub(super) fn inputs(&self, task: TaskId) -> Inputs {
        let names = self.jobs.get(task as usize).map_or(&[][..], |job| &job.spec.depends_on);
        let gave = |name: &String| {
            let synthesis = self.jobs[self.find(name)? as usize].synthesis.as_ref()?;
            Some((name.as_str().into(), synthesis.data.clone()))
        };
        names.iter().filter_map(gave).collect()
    }

    /// A part has ended: those after it are awarded to the agents that the team has for them, or fail with
    /// it.
    pub(super) fn go_on_after(&mut self, (task, part): (TaskId, u16), out: &mut impl Outlet<Work>) {
        let Some(job) = self.jobs.get_mut(task as usize).map(Arc::make_mut) else { return };
        if job.spec.after.is_empty() {
            return;
        }
        job.end_those_in_vain();
        let Some(ended) = job.parts.get(usize::from(part)).map(PartJob::focus) else { return };
        let freed: Vec<u16> = (0..job.parts.len())
            .filter(|number| job.frees(*number, &ended))
            .map(|number| number as u16)
            .collect();
        if job.phase != Phase::Working {
            // Bids are asked for already: they are for these as well.
            return;
        }
        let mut is_open = false;
        for number in freed {
            let job = &self.jobs[task as usize];
            let focus = job.parts[usize::from(number)].focus();
            let taker = job.team.by_skill.iter().find(|(skill, _)| *skill == focus);
            // Who was too busy to bid is in the team too: it is asked first whether it can now.
            let may = |agent: &AgentId| job.bids().contains_key(agent) && self.has_slot(task);
            match taker.map(|(_, agent)| *agent).filter(may) {
                Some(agent) => self.award((task, number), agent, None, out),
                None => is_open = true,
            }
        }
        if is_open {
            let job = Arc::make_mut(&mut self.jobs[task as usize]);
            job.phase = Phase::Waiting;
            self.queue.add(task, &job.spec);
        }
    }
}

/// The same with data under these names.
fn with(spec: &Task, inputs: Inputs) -> Arc<Task> {
    let mut spec = spec.clone();
    for (name, data) in inputs {
        spec.data.insert(name, Value::Map(Arc::new(data)));
    }
    Arc::new(spec)
}
