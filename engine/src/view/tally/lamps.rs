//! A lamp for every possible ballot: with names while they are few, then a field of lamps that are named when they are
//! pointed at, then how many stand how.

use super::{in_bar_order, lamp_groups, lamp_text, lamp_words};
use crate::common::consensus::picture::{tint, vote_sign};
use crate::common::consensus::quorum::Measure;
use crate::playback::cast::Cast;
use crate::playback::frame::{ElectorFrame, Lamp as Ballot, ProposalFrame};
use crate::protocol::document::{
    Block, Item, Lamp, LampLayout, Lamps, List, ListLayout, Sign, Tint,
};
use crate::sim::AgentId;
use crate::view::tally::choice::picked;

/// Up to here lamps hang under their segments of the bar,
const UNDER_BAR_MAX: usize = 5;
/// up to here they have names,
const NAMED_MAX: usize = 12;
/// up to here a lamp each.
pub(super) const LAMPS_MAX: usize = 200;

/// The ballots of a vote: lamps, or for a crowd how many stand how.
pub(super) fn block(proposal: &ProposalFrame, cast: &Cast, selected: Option<AgentId>) -> Block {
    let layout = match proposal.electors.len() {
        count if count <= UNDER_BAR_MAX => LampLayout::UnderBar,
        count if count <= NAMED_MAX => LampLayout::Named,
        count if count <= LAMPS_MAX => LampLayout::Field,
        _ => return crowd(proposal).into(),
    };
    let electors = match layout {
        LampLayout::UnderBar => in_bar_order(proposal),
        LampLayout::Named | LampLayout::Field => proposal.electors.clone(),
    };
    // Only where they are shown: the names of thousands take their time.
    let short = if layout == LampLayout::Field { Vec::new() } else { cast.short_names() };
    let lamp = |elector: &ElectorFrame| Lamp {
        chosen: selected == Some(elector.agent),
        ..lamp(proposal, elector, cast, &short)
    };
    let lamps = electors.iter().map(lamp).collect();
    Lamps { id: "lamps", label: "Ballots", layout, lamps }.into()
}

fn lamp(proposal: &ProposalFrame, elector: &ElectorFrame, cast: &Cast, short: &[String]) -> Lamp {
    let is_cast = matches!(elector.lamp, Ballot::Cast(_) | Ballot::Counted(_));
    let option = picked(proposal, elector.agent).filter(|_| is_cast);
    let counted = matches!(elector.lamp, Ballot::Counted(_));
    let (status, tint) = names(elector.lamp);
    let letter = option.as_ref().and_then(|(letter, _)| letter.chars().next());
    Lamp {
        agent: elector.agent,
        name: cast.name(elector.agent).to_owned(),
        short: short.get(elector.agent.index()).cloned().unwrap_or_default(),
        sign: letter.map_or_else(|| sign(elector.lamp), |letter| Sign::Letter { letter, counted }),
        said: match &option {
            Some((_, name)) if counted => format!("{name}, counted"),
            Some((_, name)) => format!("{name}, sent"),
            None => lamp_words(elector.lamp),
        },
        text: option.map_or_else(|| lamp_text(elector), |(_, name)| name),
        status,
        tint,
        amount: if proposal.terms.measure == Measure::Weight { elector.weight_milli } else { 1 },
        chosen: false,
    }
}

/// How the ballots of a crowd stand; none for options, whose bars say it.
fn crowd(proposal: &ProposalFrame) -> List {
    let groups = if proposal.choice.is_some() { Vec::new() } else { lamp_groups(proposal) };
    let item = |(lamp, count): (Ballot, u64)| Item {
        count: Some(count),
        ..Item::new(lamp_words(lamp)).sign(sign(lamp))
    };
    List {
        id: "crowd",
        label: "Ballots, counted by how they stand",
        layout: ListLayout::Columns,
        items: groups.into_iter().map(item).collect(),
        ..List::default()
    }
}

/// How far a ballot has come.
const fn sign(lamp: Ballot) -> Sign {
    match lamp {
        Ballot::Unaware => Sign::Open,
        Ballot::Deciding => Sign::Deciding,
        Ballot::Cast(vote) | Ballot::Holds(vote) => vote_sign(vote, false),
        Ballot::Lost(_) => Sign::Lost,
        Ballot::Counted(vote) => vote_sign(vote, true),
        Ballot::Refused(_) => Sign::Refused,
        Ballot::Absent | Ballot::Void => Sign::Absent,
        Ballot::Exposed => Sign::Exposed,
    }
}

/// How a ballot stands, as tests call it, and what colours it.
const fn names(lamp: Ballot) -> (&'static str, Tint) {
    match lamp {
        Ballot::Unaware => ("unaware", Tint::Plain),
        Ballot::Deciding => ("deciding", Tint::Plain),
        Ballot::Cast(vote) => ("cast", tint(vote)),
        Ballot::Lost(vote) => ("lost", tint(vote)),
        Ballot::Counted(vote) => ("counted", tint(vote)),
        Ballot::Refused(_) => ("refused", Tint::Plain),
        Ballot::Absent => ("absent", Tint::Plain),
        Ballot::Exposed => ("exposed", Tint::Plain),
        Ballot::Void => ("void", Tint::Plain),
        Ballot::Holds(vote) => ("holds", tint(vote)),
    }
}
