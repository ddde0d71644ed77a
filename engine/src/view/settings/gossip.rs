//! What a gossip can be set to (C8).

use super::{Reading, Row, Scale, first, first_by, rounds_by_deadline, share};
use crate::coordination::consensus::gossip::{Exchange, Gossip, Mode, PRESETS};
use crate::coordination::consensus::proposal::Proposal;
use crate::coordination::consensus::quorum::Share;
use crate::scenario::Scenario;
use crate::scenario::checked::gossip::Electors;
use crate::scenario::file::{
    GossipExchange, GossipFile, GossipMode, GossipPreset, ProposalFile, ScenarioFile,
};
use crate::view::figure;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "fanout",
        label: "Fanout",
        read: |scenario| {
            let (proposal, _, gossip) = shown(scenario)?;
            let most = partners(scenario, proposal, &gossip).min(10);
            Some(Reading::number(gossip.fanout, (1, most), 1, ""))
        },
        write: |file, value| {
            written(file)?.fanout = Some(value);
            Some(())
        },
    },
    Row {
        id: "gossip-rounds",
        label: "Rounds at most",
        read: |scenario| {
            let (proposal, file, gossip) = shown(scenario)?;
            let most = rounds_by_deadline(proposal, file, gossip.round_us).min(20);
            Some(Reading::number(gossip.rounds, (1, most), 1, ""))
        },
        write: |file, value| {
            written(file)?.rounds = Some(value);
            Some(())
        },
    },
    Row {
        id: "convergence",
        label: "Convergence",
        read: |scenario| {
            let (.., gossip) = shown(scenario)?;
            let percent = (gossip.convergence / 10_000) as u32;
            let words = Some(figure::share(Share::AtLeast(gossip.convergence)));
            Some(Reading { words, ..Reading::number(percent, (51, 100), 1, " %") })
        },
        write: |file, value| {
            written(file)?.convergence = Some(share(value));
            Some(())
        },
    },
    Row {
        id: "preset",
        label: "Fanout, rounds and convergence together",
        read: |scenario| {
            let (proposal, file, gossip) = shown(scenario)?;
            let (fanout, rounds) = (
                partners(scenario, proposal, &gossip),
                rounds_by_deadline(proposal, file, gossip.round_us),
            );
            // One that the swarm is too small for stands last, with all after it.
            let fits = |it: &&(&str, u32, u32, u64)| it.1 <= fanout && it.2 <= rounds;
            let count = PRESETS.iter().take_while(fits).count();
            let is = |&(_, fanout, rounds, convergence): &(&str, u32, u32, u64)| {
                (fanout, rounds, convergence) == (gossip.fanout, gossip.rounds, gossip.convergence)
            };
            let value = PRESETS.iter().position(is).unwrap_or(PRESETS.len()) as u32;
            let names = ["Standard", "Critical", "Large"];
            Some(Reading::new(value, Scale::Buttons(names[..count].to_vec())))
        },
        write: |file, value| {
            let presets = [GossipPreset::Standard, GossipPreset::Critical, GossipPreset::Large];
            let gossip = written(file)?;
            gossip.preset = presets.get(value as usize).copied();
            (gossip.fanout, gossip.rounds, gossip.convergence) = (None, None, None);
            Some(())
        },
    },
    Row {
        id: "exchange",
        label: "What agents tell each other",
        read: |scenario| {
            let (.., gossip) = shown(scenario)?;
            let value = match gossip.mode {
                Mode::Rumour(exchange) => exchange as u32,
                Mode::Majority => Exchange::PushPull as u32 + 1,
            };
            let names = vec!["Push", "Pull", "Push-pull", "Majority"];
            Some(Reading::new(value, Scale::Buttons(names)))
        },
        write: |file, value| {
            let exchanges = [GossipExchange::Push, GossipExchange::Pull, GossipExchange::PushPull];
            let gossip = written(file)?;
            gossip.exchange = exchanges.get(value as usize).copied();
            gossip.mode = match gossip.exchange {
                Some(_) => GossipMode::Rumour,
                None => GossipMode::Majority,
            };
            Some(())
        },
    },
];

fn shown(scenario: &Scenario) -> Option<(&Proposal, &ProposalFile, Gossip)> {
    first(scenario, |proposal| proposal.algorithm.gossip)
}

fn written(file: &mut ScenarioFile) -> Option<&mut GossipFile> {
    Some(first_by(file, &["gossip"])?.gossip.get_or_insert_default())
}

/// With so many others every agent can talk.
fn partners(scenario: &Scenario, proposal: &Proposal, gossip: &Gossip) -> u32 {
    let electors = Electors {
        topology: &scenario.topology,
        members: scenario.members.len() as u32,
        chosen: proposal.electorate.as_deref(),
    };
    electors.fewest_neighbours(gossip.overlay)
}
