//! Who waits for whom, by the keeper's books: the general resource graph is reduced (Holt 1972, *Some Deadlock Properties of Computer
//! Systems*). An agent that waits for nothing, or for no more than is left, will give back what it has; whoever is left after that waits
//! for ever.

use std::collections::{BTreeMap, BTreeSet};

use super::books::{Books, Claim, ClaimId};
use super::stock::ResourceId;
use crate::map::Map;
use crate::sim::{AgentId, LocalTime};

/// The agents that wait for each other at this time, by their numbers; none where all can be served one after the other.
///
/// Nothing overtakes in a queue, so that only the first of each can be served: one that asks for little may wait for one that asks for
/// much. A grant of an earlier beginning of a demand comes back by itself, so that no agent waits for its own past.
#[must_use]
pub fn deadlocked(books: &Books, now_us: LocalTime) -> BTreeSet<AgentId> {
    without(books, now_us, None)
}

/// The same if an agent gave up what it has and asks for.
fn without(books: &Books, now_us: LocalTime, gone: Option<AgentId>) -> BTreeSet<AgentId> {
    let resources = || books.rules.resources().map(|(resource, _)| resource);
    let mut left: Map<ResourceId, u64> =
        resources().map(|resource| (resource, books.free(resource))).collect();
    let mut queues: Vec<Vec<(ClaimId, Claim)>> =
        resources().map(|resource| books.queue(resource, now_us)).collect();
    for queue in &mut queues {
        queue.retain(|((agent, _), _)| Some(*agent) != gone);
        // The first is taken from the end.
        queue.reverse();
    }
    let waiting = queues.iter().flatten().map(|((agent, _), claim)| (*agent, claim.run));
    let waiting: Map<AgentId, u32> = waiting.collect();
    let mut held: BTreeMap<AgentId, Vec<(ResourceId, u64)>> = BTreeMap::new();
    for ((agent, _), claim) in books.claims.iter().filter(|(_, claim)| !claim.waits()) {
        let amount = u64::from(claim.amount);
        if waiting.get(agent) == Some(&claim.run) {
            held.entry(*agent).or_default().push((claim.resource, amount));
        } else {
            add(&mut left, claim.resource, amount);
        }
    }
    let is_served = |left: &Map<ResourceId, u64>, (_, claim): &(ClaimId, Claim)| {
        left.get(&claim.resource).is_some_and(|left| u64::from(claim.amount) <= *left)
    };
    while let Some(queue) =
        queues.iter_mut().find(|queue| queue.last().is_some_and(|first| is_served(&left, first)))
    {
        let Some(((agent, _), _)) = queue.pop() else { break };
        for (resource, amount) in held.remove(&agent).unwrap_or_default() {
            add(&mut left, resource, amount);
        }
    }
    queues.into_iter().flatten().map(|((agent, _), _)| agent).collect()
}

fn add(left: &mut Map<ResourceId, u64>, resource: ResourceId, amount: u64) {
    if let Some(left) = left.get_mut(&resource) {
        *left += amount;
    }
}

/// The agent that is to give way: the youngest demand among those that wait for each other without which others could go on.
#[must_use]
pub fn youngest(books: &Books, now_us: LocalTime) -> Option<(ClaimId, Claim)> {
    let stuck = deadlocked(books, now_us);
    let claims = || books.claims.iter();
    let age = |agent: AgentId, run: u32| {
        let of_run = claims().filter(|((it, _), claim)| *it == agent && claim.run == run);
        of_run.map(|(_, claim)| claim.order).min()
    };
    let waits = claims().filter(|((agent, _), it)| it.waits() && stuck.contains(agent));
    let helps = |agent| without(books, now_us, Some(agent)).len() + 1 < stuck.len();
    let best = waits.max_by_key(|((agent, _), it)| (helps(*agent), age(*agent, it.run)));
    best.map(|(id, claim)| (*id, *claim))
}

/// The agents along which an agent waits for itself where each resource has one unit, from that agent on; none where it does not.
#[must_use]
pub fn cycle(books: &Books, from: AgentId) -> Vec<AgentId> {
    let mut cycle = vec![from];
    loop {
        let last = cycle[cycle.len() - 1];
        let waits = books.claims.iter().find(|((agent, _), it)| *agent == last && it.waits());
        let holder = waits.and_then(|(_, claim)| books.only_holder(claim.resource));
        match holder {
            Some(holder) if holder == from => return cycle,
            Some(holder) if !cycle.contains(&holder) => cycle.push(holder),
            _ => return Vec::new(),
        }
    }
}
