//! A gossip as it is visible at one instant: how the whole stands now, and how it stood at the end of each round.

use super::session::GossipSession;
use super::spread::{Point, Spread, Told};
use super::{Gossip, GossipDurable, Gossiping, Mode, spreading};
use crate::common::consensus::assumption::Broken;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::frame::{Decentral, Lamp, ProposalFrame, RoundsFrame};
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::{Account, Decision};
use crate::common::shown::{Face, Look, Peek, WORDS_MAX, has_words, looked_at};
use crate::protocol::watch::Part;
use crate::sim::{AgentId, Status};

/// A gossip at this instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How it is held.
    pub gossip: Gossip,
    /// Agents entitled to vote that do not lie: all counts below are of them.
    pub agents: u32,
    /// FOR, AGAINST and ABSTAIN as they voted at first, before they heard anything.
    pub cast: [u32; 3],
    pub now: Point,
    /// At the end of round 1, 2, …; as many as are over, 64 at most.
    pub curve: Vec<Point>,
    /// By rumour: what was told in round 1, 2, …; the last one may still go on.
    pub told: Vec<Told>,
    /// The outcome of all votes as they were cast at first, if someone could see them at once.
    pub full_tally: Decision,
    /// The first round at whose end enough of the whole agreed, from 1.
    pub converged_in: Option<u32>,
    /// The first time that rounds were too short for all to be in step, if there was one.
    pub broken: Option<Broken>,
}

/// The part of an agent in a gossip; for one that is down, the durable part.
pub(super) fn part<'a>(
    part: &Part<'a, Gossiping>,
    proposal: ProposalId,
) -> Option<&'a spreading::Part> {
    let gossiper = match (part.status, part.durable) {
        (Status::Down, Some(GossipDurable::Gossiper(gossiper))) => gossiper,
        (Status::Down, _) => return None,
        _ => part.machine?.gossiper()?,
    };
    gossiper.known.get(&proposal)
}

/// The gossip, as no agent can see it; nothing of another vote.
pub(super) fn seen(peek: &dyn Peek<Gossiping>, proposal: ProposalId) -> Option<Seen> {
    peek.watch().spread(proposal).map(|spread| Seen::new(spread, peek.now_us()))
}

/// Shows a gossip as it is, instead of as the recorder has heard of it: each elector stands on its side,
/// solid once it has decided.
pub(super) fn revise(peek: &dyn Peek<Gossiping>, look: &Look, proposal: &mut ProposalFrame) {
    let Some(spread) = peek.watch().spread(proposal.id) else { return };
    let (gossip, now) = (spread.gossip, spread.point());
    let facts = peek.facts(proposal.id);
    // Only the one that is looked at is shown agent by agent.
    let is_shown = looked_at(peek, look) == Some(proposal.id);
    for elector in proposal.electors.iter_mut().filter(|_| is_shown) {
        let Some(agent) = peek.agent(elector.agent) else { continue };
        let part = part(&agent, proposal.id);
        let side = part.and_then(|it| side(&it.session));
        elector.lamp = match (side, part.map(|it| it.hearing.outcome)) {
            (_, None) => Lamp::Unaware,
            (Some(side), Some(Some(_))) => Lamp::Counted(side),
            (Some(side), Some(None)) => Lamp::Holds(side),
            (None, Some(Some(_))) => Lamp::Absent,
            (None, Some(None)) => Lamp::Deciding,
        };
        if let Some((_, at_us)) = facts.and_then(|facts| facts.of(elector.agent).outcome) {
            elector.since_us = at_us;
        }
    }
    if is_shown {
        let agents = u64::from(now.agents);
        proposal.account = Account {
            in_favour: now.in_favour.into(),
            whole: agents,
            outstanding: 0,
            needed: agents / 2 + 1,
        };
    }
    let round = peek.now_us().saturating_sub(proposal.opened_us) / gossip.round_us.max(1);
    proposal.own = Some(Decentral {
        viewer: None,
        decided: None,
        needed: Some("more than half"),
        rounds: RoundsFrame {
            round_us: gossip.round_us,
            duration_us: gossip.duration_us(),
            in_all: gossip.rounds,
            voting: gossip.rounds,
            now: u32::try_from(round).unwrap_or(u32::MAX),
        },
    });
}

/// The side that an agent is on now: FOR or AGAINST.
pub(super) fn side(session: &GossipSession) -> Option<Vote> {
    session.side(&session.call.proposal.algorithm.rule)
}

/// Each agent in the gossip that is looked at: the ballots that it knows, and its side in words.
pub(super) fn faces(peek: &dyn Peek<Gossiping>, look: &Look) -> Vec<Option<Face>> {
    let proposal = looked_at(peek, look);
    let Some((id, spread)) = proposal.and_then(|id| Some((id, peek.watch().spread(id)?))) else {
        return Vec::new();
    };
    let by_rumour = spread.gossip.mode != Mode::Majority;
    let cast: u32 = spread.cast.iter().sum();
    // By majority an agent's side, which is its vote, is all there is to see of it, but for words.
    if !by_rumour && peek.agents() > WORDS_MAX && look.selected.is_none() {
        return Vec::new();
    }
    let face = |agent: AgentId| {
        let seat = peek.agent(agent)?;
        let part = part(&seat, id)?;
        let known = part.session.known();
        let level = known.saturating_mul(1_000) / cast.max(1);
        let is_on_a_side = by_rumour && side(&part.session).is_some();
        let words = has_words(peek, look, agent) && !seat.corrupted;
        Some(Face {
            level_permille: is_on_a_side.then_some(level as u16),
            second: if words { doing(part, by_rumour, cast) } else { String::new() },
            ..Face::default()
        })
    };
    (0..peek.agents()).map(AgentId).map(face).collect()
}

/// The line under the name of an agent that is up.
fn doing(part: &spreading::Part, by_rumour: bool, cast: u32) -> String {
    match (part.hearing.outcome, by_rumour) {
        (Some(outcome), _) => outcome.word().to_owned(),
        (None, true) => format!("knows {} of {cast}", part.session.known()),
        (None, false) => side(&part.session)
            .map_or_else(|| "on no side".to_owned(), |side| format!("holds {}", side.word())),
    }
}

impl Seen {
    fn new(watch: &Spread, now_us: u64) -> Self {
        let curve: Vec<Point> = watch.curve(now_us).collect();
        let gossip = watch.gossip;
        let enough = |it: &Point| gossip.is_converged(it.agreeing().into(), it.agents.into());
        let converged = curve.iter().position(enough);
        Self {
            gossip,
            agents: watch.point().agents,
            cast: watch.cast,
            now: watch.point(),
            told: watch.told.clone(),
            full_tally: watch.full_tally(),
            converged_in: converged.map(|place| place as u32 + 1),
            curve,
            broken: watch.broken,
        }
    }

    /// The share of all ballots cast that all agents together know at this point, in millionths: of one
    /// ballot among them on average, the share of agents it has reached.
    #[must_use]
    pub fn spread(&self, point: &Point) -> u64 {
        point.spread(self.cast.iter().map(|count| u64::from(*count)).sum())
    }
}
