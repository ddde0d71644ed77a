//! Why a task makes way for another.

use super::Then;
use super::lines::Lines;
use crate::protocols::work::task::TaskId;

impl Then<'_> {
    pub(super) fn preempted(&self, by: TaskId, out: &mut Lines) {
        let Some(other) = self.board.jobs.get(by as usize) else { return };
        let (own, others) = (&self.job.spec, &other.spec);
        let (name, other) = (&own.name, &others.name);
        out.say(format_args!(
            "{other} has the priority {}, {name} the priority {}.",
            others.priority, own.priority
        ));
        match self.board.rules.limit {
            Some(limit) if self.board.slots_taken() >= limit as usize => {
                out.say(format_args!(
                    "{limit} of {limit} slots are taken. Of the tasks at work {name} has the lowest priority, and of those \
                     came last."
                ));
            }
            _ => out.say(format_args!(
                "Nobody has room for {other}. An agent that could do it works on {name}."
            )),
        }
        out.say(format_args!("{name} keeps what is done of it, and its lease stands still."));
    }
}
