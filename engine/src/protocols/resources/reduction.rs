//! Who waits for whom, by the keeper's books: the general resource graph is reduced (Holt 1972, *Some Deadlock Properties of Computer
//! Systems*). An agent that waits for nothing, or for no more than is left, will give back what it has; whoever is left after that waits
//! for ever.

use std::collections::{BTreeMap, BTreeSet};

use super::books::Books;
use super::stock::ResourceId;
use crate::sim::AgentId;

/// The agents that wait for each other, by their numbers; none where all can be served one after the other.
///
/// A grant of an earlier beginning of a demand comes back by itself, so that no agent waits for its own past.
#[must_use]
pub fn deadlocked(books: &Books) -> BTreeSet<AgentId> {
    let mut left: BTreeMap<ResourceId, u64> =
        books.rules.resources().map(|(resource, _)| (resource, books.free(resource))).collect();
    let waits = books.claims.iter().filter(|(_, claim)| claim.waits());
    let mut waiting: BTreeMap<AgentId, (ResourceId, u64, u32)> = waits
        .map(|((agent, _), it)| (*agent, (it.resource, u64::from(it.amount), it.run)))
        .collect();
    let mut held: BTreeMap<AgentId, Vec<(ResourceId, u64)>> = BTreeMap::new();
    for ((agent, _), claim) in books.claims.iter().filter(|(_, claim)| !claim.waits()) {
        let amount = u64::from(claim.amount);
        if waiting.get(agent).is_some_and(|(.., run)| *run == claim.run) {
            held.entry(*agent).or_default().push((claim.resource, amount));
        } else {
            *left.entry(claim.resource).or_default() += amount;
        }
    }
    while let Some(agent) = waiting.iter().find_map(|(agent, (resource, amount, _))| {
        (left.get(resource).is_some_and(|left| amount <= left)).then_some(*agent)
    }) {
        waiting.remove(&agent);
        for (resource, amount) in held.remove(&agent).unwrap_or_default() {
            *left.entry(resource).or_default() += amount;
        }
    }
    waiting.into_keys().collect()
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
