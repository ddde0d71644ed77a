//! The caption, one sentence: of the newest events the one that matters most, with the numbers it changed. It depends on the
//! run and its moment alone, however one came there.

use super::log::of_vote;
use super::network;
use super::sentence::{Importance, importance, sentence};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::quorum::{Decision, Measure};
use crate::common::figure::{amount, milli_short};
use crate::common::shown::LastWord;
use crate::playback::cast::Cast;
use crate::playback::frame::{ElectorFrame, Frame, Lamp, ProposalFrame};
use crate::playback::rooms;
use crate::playback::run::Run;
use crate::sim::{AgentId, Event, What};
use crate::swarm::note::Note;

#[cfg(test)]
mod tests;

/// A sentence, and when what it tells of happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    pub time_us: u64,
    pub text: String,
}

/// So far back something to tell is looked for, in events.
const LOOK_BACK_EVENTS: u64 = 4_000;

/// In a larger swarm so much happens that a ballot has to wait for its turn.
const AGENTS_FEW: usize = 40;

/// For so much virtual time the weightiest event is told: about a second at the pace at which a run of this
/// length is shown.
fn told_for_us(horizon_us: u64) -> u64 {
    match horizon_us / 1_000_000 {
        0..=1 => 60_000,
        2..=5 => 300_000,
        6..=14 => 600_000,
        _ => 1_200_000,
    }
}

/// The caption of the moment at which the run stands, which the frame shows.
#[must_use]
pub fn caption(run: &Run, frame: &Frame) -> Caption {
    at_its_end(run, frame)
        .or_else(|| newest(run, frame))
        .unwrap_or_else(|| Caption { time_us: 0, text: before_anything(run.cast()) })
}

/// Before anything has happened: what the scenario is about.
fn before_anything(cast: &Cast) -> String {
    let summary = cast.summary.split_inclusive(['.', '?', '!']).next().unwrap_or_default();
    summary.trim_end_matches('.').to_owned()
}

/// When all is over: what came out.
fn at_its_end(run: &Run, frame: &Frame) -> Option<Caption> {
    let told = frame.ended.then(|| outcome(run, frame)).flatten()?;
    // An act on a swarm whose work was over is the newer story.
    let acts = run.branches().get(run.current_branch() as usize)?.interventions();
    let is_older = acts.last().is_some_and(|act| act.time_us > told.time_us);
    let has_own_time = || run.last_word(&frame.look).is_some_and(|word| word.time_us.is_some());
    (!is_older || !has_own_time()).then_some(told)
}

/// Tells the weightiest of the newest events.
fn newest(run: &Run, frame: &Frame) -> Option<Caption> {
    let (cast, end) = (run.cast(), frame.events);
    let told_for_us = told_for_us(cast.horizon_us);
    let is_crowded = cast.agents.len() > AGENTS_FEW;
    // In a crowd what matters less is told by turns, not sixty times a second.
    let turn_us = frame.time_us / told_for_us * told_for_us;
    let is_told = |event: &&Event<Note>| {
        let weight = importance(event);
        // A decision is told once, not again by each agent that learns it.
        weight > Importance::Traffic
            && !matches!(of_vote(event), Some(VoteNote::Closed { .. }))
            && (!is_crowded || weight >= Importance::Fault || event.time_us <= turn_us)
    };
    let events = || run.log().range(end.saturating_sub(LOOK_BACK_EVENTS), end);
    let newest_us = events().rfind(is_told)?.time_us;
    // Whatever a person does is the newer story, however much what was before it mattered.
    let acts = run.branches().get(run.current_branch() as usize)?.interventions();
    let act_us = acts.iter().map(|act| act.time_us).filter(|us| *us <= newest_us).max();
    let since_us = newest_us.saturating_sub(told_for_us).max(act_us.unwrap_or_default());
    tell(events().filter(is_told).filter(|event| event.time_us >= since_us), run, frame)
}

/// The caption for these events, oldest first; `None` when there are none.
fn tell<'a>(
    telling: impl Iterator<Item = &'a Event<Note>>,
    run: &Run,
    frame: &Frame,
) -> Option<Caption> {
    let cast = run.cast();
    let mut arrived: Vec<&Event<Note>> = Vec::new();
    let mut weightiest: Option<&Event<Note>> = None;
    for event in telling {
        if is_counted(event) {
            arrived.push(event);
        }
        let weighs = |event: &Event<Note>| {
            let follows = event.note().is_some_and(|note| rooms::standing(note).1);
            let is_led = !(cast.pictures.is_led && follows);
            (importance(event), is_counted(event), is_led, event.id)
        };
        if weightiest.is_none_or(|other| weighs(event) > weighs(other)) {
            weightiest = Some(event);
        }
    }
    let event = weightiest?;
    let text = match told_together(&arrived, cast, frame).filter(|_| is_counted(event)) {
        Some(text) => text,
        None => {
            let own = run.caption_of(event).or_else(|| told(event, run, frame));
            own.unwrap_or_else(|| sentence(event, cast))
        }
    };
    let text = text.strip_suffix('.').map(str::to_owned).unwrap_or(text);
    Some(Caption { time_us: event.time_us, text })
}

/// The last word of a run: what came of its newest proposal, or of what was written since; and what was asked
/// and never heard.
#[must_use]
pub fn outcome(run: &Run, frame: &Frame) -> Option<Caption> {
    let came = what_came(run, frame);
    let Some(unheard) = frame.ended.then(|| unheard(frame, run.cast())).flatten() else {
        return came;
    };
    let text = match came {
        Some(came) => format!("{}; {unheard}", came.text),
        None => crate::protocol::words::sentence_case(&unheard),
    };
    Some(at_the_end(frame, text))
}

/// "the proposal new-leader was never heard: coordinator did not come back".
fn unheard(frame: &Frame, cast: &Cast) -> Option<String> {
    let (first, others) = frame.unheard.split_first()?;
    let agent = cast.name(first.agent);
    let (what, verb) = match others.len() {
        0 => (format!("the {}", first.words()), "was"),
        more => (format!("the {} and {more} more", first.words()), "were"),
    };
    Some(format!("{what} {verb} never heard, since {agent} did not come back"))
}

fn what_came(run: &Run, frame: &Frame) -> Option<Caption> {
    let cast = run.cast();
    let own = run.last_word(&frame.look);
    let Some(proposal) = frame.proposal() else {
        return own.map(|LastWord { text, time_us }| Caption {
            time_us: time_us.unwrap_or(frame.time_us),
            text,
        });
    };
    if let (Some(own), Some((decision, _))) = (own, proposal.decided) {
        let text = format!("{}, then {}", crate::common::figure::decision(decision), own.text);
        return Some(at_the_end(frame, text));
    }
    let decided_us = match proposal.viewer() {
        Some(_) => proposal.decision().map(|_| frame.time_us)?,
        None => proposal.decided?.1,
    };
    let view = super::tally::tally(proposal, run.lead(proposal));
    // Agents came to differ after the coordinator had decided.
    let split = view.decision == Some(Decision::Split);
    let told_us = if split { frame.time_us } else { decided_us };
    let counted = !proposal.has_no_counter();
    let timeout = counted && view.decision == Some(Decision::Timeout);
    let text = if timeout && proposal.choice.is_none() {
        let say = |value| amount(value, proposal.terms.measure);
        let account = &proposal.account;
        format!("Timeout: {} of the {} needed was in", say(account.in_favour), say(account.needed))
    } else {
        // The first of a rejection's two sentences is enough here.
        let text = format!("{}{}", view.strong, view.sentence);
        first_sentence(&text).to_owned()
    };
    let text = if counted { with_the_one_against(text, proposal, cast) } else { text };
    Some(Caption { time_us: told_us, ..at_the_end(frame, text) })
}

fn at_the_end(frame: &Frame, text: String) -> Caption {
    Caption { time_us: frame.time_us, text }
}

/// Up to the first point that ends a sentence: one inside a number does not.
fn first_sentence(text: &str) -> &str {
    let mut end = 0;
    for part in text.split_inclusive(' ') {
        end += part.len();
        if part.ends_with(". ") {
            break;
        }
    }
    text[..end].trim_end_matches([' ', '.'])
}

fn is_counted(event: &Event<Note>) -> bool {
    matches!(of_vote(event), Some(VoteNote::Counted { .. }))
}

/// More ballots than this are told by their number.
const NAMED_MAX: usize = 2;

/// Several ballots that arrived one soon after the other.
fn told_together(arrived: &[&Event<Note>], cast: &Cast, frame: &Frame) -> Option<String> {
    let (first, rest) = arrived.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let What::Note(note) = first.what else { return None };
    let id = note.proposal()?;
    let proposal = frame.proposals.iter().find(|proposal| proposal.id == id)?;
    let voters = rest.iter().map(|event| match of_vote(event) {
        Some(VoteNote::Counted { proposal, voter, .. }) if proposal == id => Some(voter),
        _ => None,
    });
    let mut names = vec![cast.name(super::log::subject(first))];
    for voter in voters {
        names.push(cast.name(voter?));
    }
    let who = if names.len() > NAMED_MAX {
        format!("{} ballots", names.len())
    } else {
        format!("The ballots of {}", names.join(" and "))
    };
    if let Some(stands) = super::tally::choice::stands(proposal) {
        return Some(format!("{who} arrived: {stands}"));
    }
    let account = &proposal.account;
    let say = |value| amount(value, proposal.terms.measure);
    let (now, needed) = (say(account.in_favour), say(account.needed));
    Some(format!("{who} arrived: {now} FOR of the {needed} needed"))
}

/// The only elector against it is told with the outcome.
fn with_the_one_against(text: String, proposal: &ProposalFrame, cast: &Cast) -> String {
    let against = |it: &&ElectorFrame| it.lamp == Lamp::Counted(Vote::Against);
    let mut against = proposal.electors.iter().filter(against);
    match (against.next(), against.next()) {
        (Some(one), None) if proposal.electors.len() <= NAMED_ELECTORS_MAX => {
            format!("{text}; {} was AGAINST", cast.name(one.agent))
        }
        _ => text,
    }
}

/// In a larger electorate one vote against is nothing special.
const NAMED_ELECTORS_MAX: usize = 9;

/// Ballots and decisions are told with what they changed.
fn told(event: &Event<Note>, run: &Run, frame: &Frame) -> Option<String> {
    let cast = run.cast();
    if What::LinkChanged == event.what && event.agent == AgentId::NONE {
        return Some(format!("All links from now on: {}", network::words(&frame.network)));
    }
    if What::Corrupted == event.what {
        let behaviour = frame.agents.get(event.agent.index())?.behaviour?;
        let does = behaviour.words().to_ascii_lowercase();
        return Some(format!("{} is corrupted: it {does}", cast.name(event.agent)));
    }
    let What::Note(note) = event.what else { return None };
    let id = note.proposal()?;
    let proposal = frame.proposals.iter().find(|proposal| proposal.id == id)?;
    let account = &proposal.account;
    let say = |value| amount(value, proposal.terms.measure);
    let note = note.shared()?;
    if let Some(told) = super::tally::choice::told(note, proposal, cast) {
        return Some(told);
    }
    match note {
        VoteNote::Counted { voter, vote, .. } => {
            let voter = cast.name(voter);
            let (now, needed) = (say(account.in_favour), say(account.needed));
            Some(match vote {
                Vote::For => format!("{voter}’s ballot arrived: {now} FOR of the {needed} needed"),
                Vote::Against => {
                    format!("{voter}’s ballot arrived: AGAINST; {now} FOR, {needed} needed")
                }
                Vote::Abstain => {
                    format!("{voter}’s ballot arrived: ABSTAIN; {now} FOR, {needed} needed")
                }
            })
        }
        VoteNote::Decided {
            decision: decision @ (Decision::Approved | Decision::Rejected),
            ..
        } => Some(format!(
            "{}: {} FOR of {}, {} needed",
            crate::common::figure::decision(decision),
            say(account.in_favour),
            whole(proposal),
            say(account.needed),
        )),
        VoteNote::RoundBegan { round, .. } => Some(match run.so_far(id) {
            Some(so_far) => format!("Round {round} begins: {so_far}"),
            None => format!("Round {round} begins"),
        }),
        VoteNote::Opened { .. } => {
            Some(format!("{} asks: {}", cast.name(event.agent), proposal.terms.question))
        }
        _ => None,
    }
}

fn whole(proposal: &ProposalFrame) -> String {
    match proposal.terms.measure {
        Measure::Heads => proposal.account.whole.to_string(),
        Measure::Weight => milli_short(proposal.account.whole),
    }
}
