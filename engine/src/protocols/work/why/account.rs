//! The account that a manager gave of a worker with its result, and what that did to the worker's reputation.

use super::{Lines, Then};
use crate::common::figure::span;
use crate::common::shown::Peek;
use crate::protocols::work::job::PartJob;
use crate::protocols::work::note::WorkNote;
use crate::protocols::work::reputation::Outcome;
use crate::protocols::work::role::Work;
use crate::sim::{AgentId, Event, What};

/// The number of outcomes of this worker that came with the same result before this one.
pub(super) fn place(peek: &dyn Peek<Work>, event: &Event<WorkNote>, worker: AgentId) -> usize {
    let before = peek.events(0, event.id).rev().take_while(|it| it.cause == event.cause);
    let is_of_it = |it: &Event<WorkNote>| match it.what {
        What::Note(WorkNote::WorkerDid { agent, .. } | WorkNote::WorkerFailed { agent, .. }) => {
            agent == worker
        }
        _ => false,
    };
    before.filter(is_of_it).count()
}

impl Then<'_> {
    /// The outcome of a worker at this place among those that came with the last account of the part.
    pub(super) fn accounted(
        &self,
        (number, part): (u16, &PartJob),
        worker: AgentId,
        place: usize,
        out: &mut Lines,
    ) {
        let told = (1..).zip(&part.attempts).filter(|(_, it)| it.account.is_some()).last();
        let Some((attempt, by)) = told else { return };
        let tries = by.account.iter().flat_map(|account| &account.tries);
        let mut of_worker = tries.filter(|it| it.agent == worker && it.outcome.is_some());
        let Some(own) = of_worker.nth(place) else { return };
        let (manager, name) = (self.name(by.agent), self.name(worker));
        let what = if own.focus.is_empty() { &*self.job.spec.name } else { &*own.focus };
        match own.outcome {
            Some(Outcome::Success { quality }) => {
                let took = span(own.took_us);
                out.say(format_args!(
                    "{manager} tells it with its result: {name} did {what}, and it took {took}."
                ));
                self.quality(quality, out);
            }
            _ => out
                .say(format_args!("{manager} tells it with its result: {name} failed at {what}.")),
        }
        self.change((self.task, number, attempt), worker, place, out);
    }
}
