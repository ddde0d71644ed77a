//! The results of a gossip, for machines (C8). All figures are an observer's: no agent knows them.

use serde::Serialize;

use super::interest::Stop;
use super::{Exchange, Gossiping, Mode};
use crate::common::consensus::assumption::AssumptionsReport;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::{Decision, MILLIONTHS, ratio};
use crate::common::shown::Peek;

/// Figures of a gossip.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GossipDetails {
    /// `majority` or `rumour`.
    pub mode: &'static str,
    /// By rumour: `push`, `pull` or `push_pull`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<&'static str>,
    pub fanout: u32,
    /// The rule of Demers et al. by which agents stop telling, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// Rounds that agents took part in: fewer than allowed where all of them stopped by themselves.
    pub rounds: u32,
    /// Whether at the end as many agents as were asked for agree.
    pub converged: bool,
    /// At the end of each round the share of agents, liars aside, that are on the larger side, from 0 to 1.
    pub agreement: Vec<f64>,
    /// The share that counts as converged, in millionths.
    #[serde(skip)]
    pub convergence: u64,
    /// By rumour: at the end of each round the share of all ballots that the agents know, from 0 to 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spread: Vec<f64>,
    /// The decision by all the votes as they were cast at first.
    pub full_tally: &'static str,
    /// Whether it came out so.
    pub ended_right: bool,
    /// Whether rounds were long enough for all to be in step, by the slowest message and the clocks as they were.
    pub assumptions: AssumptionsReport,
}

/// The figures, if it is a gossip that came out like this.
pub(super) fn details(
    peek: &dyn Peek<Gossiping>,
    proposal: ProposalId,
    decision: Decision,
) -> Option<GossipDetails> {
    let (watch, now_us) = (peek.watch().spread(proposal)?, peek.now_us());
    let votes: u64 = watch.cast.iter().map(|count| u64::from(*count)).sum();
    let agreement = watch.curve(now_us).map(|point| ratio(point.agreement(), MILLIONTHS));
    let (mode, exchange) = match watch.gossip.mode {
        Mode::Majority => ("majority", None),
        Mode::Rumour(exchange) => ("rumour", Some(exchange)),
    };
    let spread = watch.curve(now_us).filter(|_| exchange.is_some());
    let full_tally = watch.full_tally();
    Some(GossipDetails {
        mode,
        exchange: exchange.map(|exchange| match exchange {
            Exchange::Push => "push",
            Exchange::Pull => "pull",
            Exchange::PushPull => "push_pull",
        }),
        fanout: watch.gossip.fanout,
        stop: watch.gossip.stop,
        rounds: watch.rounds(),
        converged: watch.is_converged(),
        agreement: agreement.collect(),
        convergence: watch.gossip.convergence,
        spread: spread.map(|point| ratio(point.spread(votes), MILLIONTHS)).collect(),
        full_tally: full_tally.name(),
        ended_right: decision == full_tally,
        assumptions: AssumptionsReport::new(watch.broken, &[], peek.names()),
    })
}
