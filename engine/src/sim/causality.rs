//! Causes and vector clocks, computed from a trace when someone asks (K6).

use std::collections::BTreeMap;

use super::process::AgentId;
use super::trace::{Event, EventId, NO_EVENT, What};

/// A vector clock (Fidge 1988, Mattern 1989): per agent, how many of its events are known.
pub type VectorClock = BTreeMap<AgentId, u64>;

/// The event's causes, nearest first, back to the first one that is kept. `events` are sorted by
/// id without gaps, as a trace keeps them.
#[must_use]
#[inline]
pub fn causes_of<N: Copy>(events: &[Event<N>], id: EventId) -> Vec<EventId> {
    let mut causes = Vec::new();
    let mut next = find(events, id).map(|event| event.cause);
    while let Some(cause) = next.filter(|cause| *cause != NO_EVENT) {
        let Some(event) = find(events, cause) else { break };
        causes.push(cause);
        next = Some(event.cause);
    }
    causes
}

/// The vector clock at the event; `None` when the event is not kept. Events cut off from the
/// front of the trace are not counted.
#[must_use]
#[inline]
pub fn vector_clock<N: Copy>(events: &[Event<N>], id: EventId) -> Option<VectorClock> {
    let first = events.first()?.id;
    let target = find(events, id)?;
    let mut at_agent: BTreeMap<AgentId, VectorClock> = BTreeMap::new();
    let mut at_sending: BTreeMap<EventId, VectorClock> = BTreeMap::new();
    for event in &events[..=(target.id - first) as usize] {
        if !happens_at_agent(&event.what) {
            continue;
        }
        let clock = at_agent.entry(event.agent).or_default();
        if let What::Delivered | What::Forwarded = event.what
            && let Some(sent) = at_sending.get(&event.cause)
        {
            for (agent, count) in sent {
                let known = clock.entry(*agent).or_default();
                *known = (*known).max(*count);
            }
        }
        *clock.entry(event.agent).or_default() += 1;
        if let What::Sent { .. } | What::Forwarded = event.what {
            at_sending.insert(event.id, clock.clone());
        }
        if event.id == id {
            return Some(clock.clone());
        }
    }
    at_agent.remove(&target.agent)
}

/// Whether the first happened before the second: the second could know of it.
#[must_use]
#[inline]
pub fn happened_before(first: &VectorClock, second: &VectorClock) -> bool {
    first != second
        && first.iter().all(|(agent, count)| second.get(agent).is_some_and(|known| known >= count))
}

#[inline]
fn happens_at_agent<N>(what: &What<N>) -> bool {
    matches!(
        what,
        What::Started
            | What::Sent { .. }
            | What::Forwarded
            | What::Delivered
            | What::Timer
            | What::Commanded
            | What::Note(_)
            | What::Restarted
            | What::Spawned
    )
}

#[inline]
fn find<N>(events: &[Event<N>], id: EventId) -> Option<&Event<N>> {
    let first = events.first()?.id;
    events.get(usize::try_from(id.checked_sub(first)?).ok()?)
}
