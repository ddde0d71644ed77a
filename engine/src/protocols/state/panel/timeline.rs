//! How the replicas of a key came to hold what they hold.

use crate::common::figure::shortened;
use crate::common::shown::Peek;
use crate::protocols::state::holder::State;
use crate::protocols::state::replica::KeyId;
use crate::sim::AgentId;

/// The changes of the replicas of a key, for a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When it begins and ends, in microseconds.
    pub from_us: u64,
    pub to_us: u64,
    pub now_us: u64,
    /// The agents that have a line.
    pub agents: Vec<(AgentId, String)>,
    pub dots: Vec<TimelineDot>,
}

/// An agent came to hold something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineDot {
    pub time_us: u64,
    /// The event to jump to.
    pub event: u64,
    /// The place of its line.
    pub line: usize,
    pub value: String,
    /// The line it has it from, and when that was sent; nothing when it wrote it itself.
    pub from: Option<(usize, u64)>,
}

/// How the replicas came to hold what they hold: the newest changes of the key.
pub(super) fn timeline(peek: &dyn Peek<State>, key: KeyId) -> Timeline {
    const LINES_MAX: usize = 6;
    const DOTS_MAX: usize = 40;
    let agents = (0..peek.agents_in_all()).map(AgentId);
    let agents: Vec<AgentId> =
        agents.filter(|it| Some(*it) != peek.coordinator()).take(LINES_MAX).collect();
    let line = |agent: AgentId| agents.iter().position(|other| *other == agent);
    let of_key = peek.watch().changes.iter().filter(|change| change.key == key);
    let dots = of_key.rev().filter_map(|change| {
        // Told by a message that was sent then.
        let sent_us = || {
            let told = peek.event(peek.event(change.event)?.cause)?;
            peek.event(told.cause).map(|sent| sent.time_us)
        };
        Some(TimelineDot {
            time_us: change.time_us,
            event: change.event,
            line: line(change.agent)?,
            value: shortened(&change.value.plain(), 10),
            from: change
                .from
                .filter(|from| *from != change.agent)
                .and_then(|from| Some((line(from)?, sent_us()?))),
        })
    });
    let mut dots: Vec<TimelineDot> = dots.take(DOTS_MAX).collect();
    dots.reverse();
    let begun_us =
        dots.first().map_or(0, |dot| dot.from.map_or(dot.time_us, |(_, sent_us)| sent_us));
    // As far as the scenario goes, if that leaves room to see what is there already.
    let now_us = peek.now_us().max(begun_us + 1_000);
    let whole_us = peek.horizon_us().max(now_us) - begun_us;
    let to_us = begun_us + whole_us.min(4 * (now_us - begun_us));
    Timeline {
        // A little room before the first.
        from_us: begun_us.saturating_sub((to_us - begun_us) / 20),
        to_us,
        now_us: peek.now_us(),
        agents: agents
            .iter()
            .map(|agent| (*agent, peek.names().agent(*agent).to_owned()))
            .collect(),
        dots,
    }
}
