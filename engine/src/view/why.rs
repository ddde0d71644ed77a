//! Why something happened: its causes in sentences, nearest first, back to the root.

use super::inspector;
use super::log::{Line, of_vote};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::manager::Poll;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::note::choice::ChoiceNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::{Side, Tally};
use crate::common::figure::amount;
use crate::order::sort_by_key;
use crate::playback::frame::Frame;
use crate::playback::inspect::Node;
use crate::playback::run::Run;
use crate::scenario::build::Planned;
use crate::scenario::file::intervention::Intervention;
use crate::sim::{AgentId, Event, EventId, NO_EVENT, What};
use crate::swarm::note::Note;

/// So many causes of a long chain (a reminder that led to a reminder …) are told from its near end.
const NEAR_MAX: usize = 24;
/// So many causes of a long chain are told from its far end.
pub const FAR_MAX: usize = 6;

/// A chain of causes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// Its grounds, besides its causes: the sum of a decision, the rule of a vote.
    pub grounds: Vec<String>,
    /// Nearest first.
    pub causes: Vec<Line>,
    /// So many causes are left out, before the last ones.
    pub left_out: u64,
    /// Where the chain ends.
    pub end: &'static str,
}

/// Why the event happened; nothing when it is not kept.
#[must_use]
pub fn why(run: &Run, frame: &Frame, id: EventId) -> Option<Why> {
    let log = run.log();
    let mut event = log.get(id)?;
    let mut told: Vec<&Event<Note>> = Vec::new();
    let mut left_out = 0;
    let end = loop {
        if event.cause == NO_EVENT {
            break root(run, event);
        }
        let Some(cause) = log.get(event.cause) else {
            break "What led to this is older than the log keeps.";
        };
        if let Some(telling) = telling(run, event, cause) {
            told.push(telling);
        }
        if told.len() > NEAR_MAX + FAR_MAX {
            told.remove(NEAR_MAX);
            left_out += 1;
        }
        event = cause;
    };
    let mut grounds = Vec::new();
    if let Some(What::Note(note)) = log.get(id).map(|event| event.what) {
        grounds = self::grounds(run, id, note);
        told.extend(ballots_before(run, id, note));
        // As everything here: the nearest first.
        sort_by_key(&mut told, |event| (u64::MAX - event.id, 0));
        told.dedup_by_key(|event| event.id);
    }
    let causes = told.into_iter().map(|event| Line::new(event, run, frame)).collect();
    Some(Why { grounds, causes, left_out, end })
}

/// More ballots than this are told by their sum.
const BALLOTS_MAX: usize = 12;

/// The ballots that a decision of the coordinator rests on, the last first.
fn ballots_before(run: &Run, id: EventId, note: Note) -> Vec<&Event<Note>> {
    let Some(VoteNote::Decided { proposal, .. }) = note.of_vote() else { return Vec::new() };
    let of_it = |event: &&Event<Note>| matches!(of_vote(event), Some(VoteNote::Counted { proposal: other, .. }) if other == proposal);
    let mut ballots: Vec<_> =
        run.log().range(run.log().first_id(), id).rev().filter(of_it).collect();
    if ballots.len() > BALLOTS_MAX {
        ballots.clear();
    }
    ballots
}

/// The grounds of an event: the sum of a decision, the rule of a vote.
fn grounds(run: &Run, id: EventId, note: Note) -> Vec<String> {
    let own = run.log().get(id).map_or_else(Vec::new, |event| run.explain(event));
    if !own.is_empty() {
        return own;
    }
    match note.of_vote() {
        Some(VoteNote::Decided { proposal, .. }) => sum(run, id, proposal).into_iter().collect(),
        Some(VoteNote::Voted { proposal, .. }) => {
            let voter = run.log().get(id).map(|event| event.agent);
            voter.map_or_else(Vec::new, |voter| rule_of(run, voter, proposal))
        }
        Some(VoteNote::Counted { proposal, voter, .. }) => rule_of(run, voter, proposal),
        _ => Vec::new(),
    }
}

/// "9.5 FOR of 12 in all, 7.8 needed", as it was at this event.
fn sum(run: &Run, id: EventId, proposal: ProposalId) -> Option<String> {
    let poll = run.poll(proposal)?;
    if !poll.proposal.options.is_empty() {
        return sum_of_choice(run, id, poll, proposal);
    }
    let rule = poll.proposal.algorithm.rule;
    let mut tally = Tally::default();
    let counted: Vec<(AgentId, Vote)> = run
        .log()
        .range(run.log().first_id(), id)
        .filter_map(|event| match of_vote(event) {
            Some(VoteNote::Counted { proposal: of, voter, vote }) if of == proposal => {
                Some((voter, vote))
            }
            _ => None,
        })
        .collect();
    for elector in poll.ballots.electors() {
        let vote = counted.iter().find(|(voter, _)| *voter == elector.agent);
        match vote {
            Some((_, vote)) => tally.side_mut(*vote).add(elector.weight_milli),
            None => tally.outstanding.add(elector.weight_milli),
        }
    }
    let account = rule.account(&tally);
    let say = |value| amount(value, rule.measure);
    let (whole, outstanding) = (say(account.whole), say(account.outstanding));
    let (now, needed) = (say(account.in_favour), say(account.needed));
    Some(format!("{now} FOR of {whole}, {needed} needed; {outstanding} was still missing."))
}

/// "postgres 3, mysql 2; 1 was still missing", as it was at this event.
fn sum_of_choice(run: &Run, id: EventId, poll: &Poll, proposal: ProposalId) -> Option<String> {
    let (mut options, mut cast) = (vec![Side::default(); poll.proposal.options.len()], 0);
    for event in run.log().range(run.log().first_id(), id) {
        let counted = matches!(of_vote(event), Some(VoteNote::Counted { proposal: of, .. }) if of == proposal);
        cast += u64::from(counted);
        let Some(VoteNote::Choice(ChoiceNote::PickCounted { proposal: of, voter, option })) =
            event.note().and_then(Note::shared)
        else {
            continue;
        };
        let elector = poll.ballots.electors().iter().find(|elector| elector.agent == voter);
        let side = options.get_mut(usize::from(option)).filter(|_| of == proposal);
        if let Some((side, elector)) = side.zip(elector) {
            side.add(elector.weight_milli);
        }
    }
    let rule = poll.proposal.algorithm.rule;
    let part =
        |(name, side): (&String, &Side)| format!("{name} {}", amount(rule.of(*side), rule.measure));
    let parts: Vec<String> = poll.proposal.options.iter().zip(&options).map(part).collect();
    let missing = (poll.ballots.electors().len() as u64).saturating_sub(cast);
    let was = if missing == 1 { "ballot was" } else { "ballots were" };
    Some(format!("{}; {missing} {was} still missing.", parts.join(", ")))
}

/// An agent's rule, and what the proposal said to it.
fn rule_of(run: &Run, voter: AgentId, proposal: ProposalId) -> Vec<String> {
    let Some(info) = run.cast().agents.get(voter.index()) else { return Vec::new() };
    let name = &info.name;
    let mut grounds = vec![format!("The rule of {name}: {}.", info.mind)];
    let Some(Node::Member { known, .. }) = run.inspect(voter).map(|it| it.node) else {
        return grounds;
    };
    let known = known.iter().find(|known| known.proposal == proposal);
    grounds.extend(known.and_then(inspector::asked).map(|asked| format!("{asked}.")));
    grounds
}

/// The event that tells a cause best. An input to an agent is told by the note that the agent made of it, and
/// a message it sent by the note before it; the rest would say the same twice.
fn telling<'a>(
    run: &'a Run,
    event: &Event<Note>,
    cause: &'a Event<Note>,
) -> Option<&'a Event<Note>> {
    let is_input =
        matches!(cause.what, What::Delivered | What::Timer | What::Commanded | What::Started);
    if is_input {
        let noted = first_note(run, cause, event.id);
        let is_note = matches!(event.what, What::Note(_));
        return noted.or((!is_note).then_some(cause));
    }
    if let What::Sent { .. } = cause.what
        && run
            .log()
            .get(cause.cause)
            .is_some_and(|input| first_note(run, input, cause.id).is_some())
    {
        return None;
    }
    Some(cause)
}

/// The first thing the agent noted about this input, before `end`.
fn first_note<'a>(run: &'a Run, input: &Event<Note>, end: EventId) -> Option<&'a Event<Note>> {
    let mut followed = run.log().range(input.id + 1, end);
    followed
        .find(|event| event.cause != input.id || matches!(event.what, What::Note(_)))
        .filter(|event| event.cause == input.id)
}

/// The beginning of a chain, in a sentence.
fn root(run: &Run, event: &Event<Note>) -> &'static str {
    if let What::Started = event.what {
        return "The scenario begins.";
    }
    let by_hand = run.branches().get(run.current_branch() as usize).is_some_and(|branch| {
        let done =
            |it: &Planned| it.time_us == event.time_us && is_effect(&it.intervention, &event.what);
        branch.interventions().iter().any(done)
    });
    if by_hand { "You did this." } else { "The scenario plans this." }
}

/// Whether the event can be what the intervention led to.
fn is_effect(intervention: &Intervention, what: &What<Note>) -> bool {
    match what {
        What::Crashed => matches!(intervention, Intervention::Crash { .. }),
        What::Restarted => matches!(intervention, Intervention::Restart { .. }),
        What::Paused => matches!(intervention, Intervention::Pause { .. }),
        What::Resumed => matches!(intervention, Intervention::Resume { .. }),
        What::Commanded => intervention.is_act(),
        // Hardly two of the others happen in one microsecond.
        _ => true,
    }
}
