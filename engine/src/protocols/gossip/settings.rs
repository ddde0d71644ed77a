//! The settings of a gossip (C8).

use crate::common::consensus::quorum::Share;
use crate::common::consensus::section::WrittenProposal;
use crate::common::room::Members;
use crate::common::settings::{Settings, first, first_by, rounds_by_deadline, share};
use crate::protocol::setting::{Scale, Setting};
use crate::protocols::gossip::interest::{K_MAX, Stop, StopRule};
use crate::protocols::gossip::section::{
    Electors, GossipExchange, GossipFile, GossipMode, GossipPreset, StopFile, StopRuleFile,
};
use crate::protocols::gossip::{Exchange, Gossip, Mode, PRESETS, ROUNDS_MAX};

const PRESET_NAMES: &[&str] = &["Standard", "Critical", "Large"];
/// When agents stop telling: the rule of the house first, then those of Demers et al.
const STOPS: &[&str] = &[
    "when all is known, and two rounds bring no news",
    "feedback and counter",
    "feedback and coin",
    "blind and counter",
    "blind and coin",
];
const EXCHANGES: &[&str] = &["Push", "Pull", "Push-pull", "Majority"];

pub(super) fn list(cast: &dyn Members) -> Option<Vec<Setting>> {
    let mut settings = Settings::default();
    let (proposal, file) = first(cast, |it| it.algorithm.terms::<Gossip>().is_some())?;
    let gossip = *proposal.algorithm.terms::<Gossip>()?;
    let electors = Electors {
        topology: cast.topology(),
        members: cast.count(),
        chosen: proposal.electorate.as_deref(),
    };
    let partners = electors.fewest_neighbours(gossip.overlay).min(10);
    let rounds = rounds_by_deadline(proposal, &file, gossip.round_us).min(ROUNDS_MAX);
    settings.number(("fanout", "Fanout"), gossip.fanout, (1, partners), (1, ""));
    settings.number(("gossip-rounds", "Rounds at most"), gossip.rounds, (1, rounds), (1, ""));
    settings.share(("convergence", "Convergence"), Share::AtLeast(gossip.convergence));

    // A preset that the swarm is too small for is left out, with all after it.
    let fits = |it: &&(&str, u32, u32, u64)| it.1 <= partners && it.2 <= rounds;
    let count = PRESETS.iter().take_while(fits).count();
    let as_set = (gossip.fanout, gossip.rounds, gossip.convergence);
    let preset = PRESETS.iter().position(|it| (it.1, it.2, it.3) == as_set);
    let preset = preset.unwrap_or(PRESETS.len()) as u32;
    let label = "Fanout, rounds and convergence together";
    settings.add("preset", label, preset, Scale::Buttons(&PRESET_NAMES[..count]));
    let exchange = match gossip.mode {
        Mode::Rumour(exchange) => exchange as u32,
        Mode::Majority => Exchange::PushPull as u32 + 1,
    };
    settings.add("exchange", "What agents tell", exchange, Scale::Buttons(EXCHANGES));
    if matches!(gossip.mode, Mode::Rumour(Exchange::Push | Exchange::PushPull)) {
        let stop = gossip.stop.map_or(0, number);
        settings.add("stop", "Agents stop telling", stop, Scale::List(STOPS));
        if let Some(stop) = gossip.stop {
            let label = match stop.rule {
                StopRule::Counter => "After k rounds",
                StopRule::Coin => "With a chance of one in k",
            };
            settings.number(("stop-k", label), stop.k, (1, K_MAX), (1, ""));
        }
    }
    Some(settings.0)
}

/// The place of a rule in the list.
fn number(stop: Stop) -> u32 {
    1 + 2 * u32::from(!stop.feedback) + u32::from(stop.rule == StopRule::Coin)
}

/// The rule at this place of the list; none at the first.
fn stop(number: u32, k: u32) -> Option<StopFile> {
    let place = number.checked_sub(1)?;
    let rule = if place % 2 == 1 { StopRuleFile::Coin } else { StopRuleFile::Counter };
    Some(StopFile { rule, feedback: place < 2, k })
}

pub(super) fn set(proposals: &mut [WrittenProposal], id: &str, value: u32) -> Option<()> {
    let proposal = first_by(proposals, &["gossip"])?;
    let mut gossip: GossipFile = proposal.field("gossip");
    match id {
        "fanout" => gossip.fanout = Some(value),
        "gossip-rounds" => gossip.rounds = Some(value),
        "convergence" => gossip.convergence = Some(share(value)),
        "preset" => {
            let presets = [GossipPreset::Standard, GossipPreset::Critical, GossipPreset::Large];
            gossip.preset = presets.get(value as usize).copied();
            (gossip.fanout, gossip.rounds, gossip.convergence) = (None, None, None);
        }
        "exchange" => {
            let ways = [GossipExchange::Push, GossipExchange::Pull, GossipExchange::PushPull];
            gossip.exchange = ways.get(value as usize).copied();
            let is_rumour = gossip.exchange.is_some();
            let tells = is_rumour && gossip.exchange != Some(GossipExchange::Pull);
            gossip.stop = gossip.stop.filter(|_| tells);
            gossip.mode = if is_rumour { GossipMode::Rumour } else { GossipMode::Majority };
        }
        "stop" => gossip.stop = stop(value, gossip.stop.map_or(1, |stop| stop.k)),
        "stop-k" => gossip.stop = gossip.stop.map(|stop| StopFile { k: value, ..stop }),
        _ => return None,
    }
    proposal.put("gossip", &gossip);
    Some(())
}
