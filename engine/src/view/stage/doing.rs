//! The second line of an agent's name: what it is doing.

use super::disc::shown;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::quorum::{Decision, Measure};
use crate::common::figure::{milli, span};
use crate::playback::frame::{AgentFrame, Frame, Lamp};
use crate::sim::{AgentId, Status};

/// Its weight, where weight counts, and what it is doing.
pub(super) fn second_line(
    state: &AgentFrame,
    frame: &Frame,
    lamp: Option<(Lamp, u64)>,
    counter: bool,
    option: Option<OptionId>,
    agent: AgentId,
) -> String {
    let proposal = frame.proposal();
    let weighted = proposal.is_some_and(|proposal| proposal.terms.measure == Measure::Weight);
    let mut parts = Vec::new();
    if let Some((_, weight_milli)) = lamp.filter(|_| weighted) {
        parts.push(milli(weight_milli));
    }
    let choice = proposal.and_then(|proposal| proposal.choice.as_ref());
    let option = choice.zip(option).and_then(|(it, id)| it.options.get(usize::from(id)));
    let said = || shown(frame, agent).map_or_else(String::new, |it| it.second.clone());
    let doing = match (state.status, lamp.map(|lamp| lamp.0), state.outcome) {
        (Status::Down, ..) => "crashed".to_owned(),
        (Status::Removed, ..) => "gone".to_owned(),
        (Status::Paused, ..) => format!("paused, {} waiting", state.waiting),
        (Status::Up, ..) if counter => match proposal {
            Some(proposal) if proposal.has_no_counter() => "keeps the records".to_owned(),
            _ => said(),
        },
        (Status::Up, Some(Lamp::Exposed | Lamp::Void), _) => "signed two votes".to_owned(),
        // Everyone who watches may know what nobody in the swarm does.
        (Status::Up, ..) if state.behaviour.is_some() => {
            state.behaviour.map_or_else(String::new, |it| it.words().to_ascii_lowercase())
        }
        // As its protocol says it, where nobody counts and nobody looks through its eyes.
        (Status::Up, ..)
            if proposal.is_some_and(|it| it.has_no_counter() && it.viewer().is_none()) =>
        {
            said()
        }
        // Whether it is counted, and what was decided, stands beside it.
        (Status::Up, Some(Lamp::Cast(_) | Lamp::Counted(_)), _) if option.is_some() => {
            option.map_or_else(String::new, |option| option.name.clone())
        }
        // The outcome that it has learned stands beside its vote.
        (Status::Up, _, Some(Decision::Timeout)) => "timed out".to_owned(),
        (Status::Up, _, Some(_)) => "informed".to_owned(),
        (Status::Up, Some(Lamp::Refused(_)), _) => "ballot refused".to_owned(),
        (Status::Up, Some(Lamp::Absent), _) => "absent".to_owned(),
        (Status::Up, Some(Lamp::Counted(_)), _) => "counted".to_owned(),
        (Status::Up, Some(Lamp::Cast(_)), _) => "ballot sent".to_owned(),
        (Status::Up, Some(Lamp::Lost(_)), _) => "ballot lost".to_owned(),
        (Status::Up, Some(Lamp::Deciding), _) => match state.timer {
            Some(timer) if timer.awaited.is_review => {
                format!("votes in {}", span(timer.due_us.saturating_sub(frame.time_us)))
            }
            // It had heard, and then crashed before it wrote anything down.
            _ if !state.knows => "forgot the proposal".to_owned(),
            _ => "silent".to_owned(),
        },
        (Status::Up, ..) => said(),
    };
    if !doing.is_empty() {
        parts.push(doing);
    }
    parts.join(", ")
}
