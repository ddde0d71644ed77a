//! Every event in a sentence: the log, the caption and the screen reader say the same.

mod state;
mod work;

use crate::coordination::bus::Kind;
use crate::coordination::consensus::ballot::{Refusal, Vote};
use crate::coordination::consensus::quorum::Decision;
use crate::coordination::note::Note;
use crate::coordination::status::Ask;
use crate::playback::frame::Cast;
use crate::sim::fault::FaultKind;
use crate::sim::{AgentId, DropCause, Event, What};

/// How much an event matters to someone who watches: the caption shows the weightiest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Traffic: sent, passed on, delivered.
    Traffic,
    /// A step of an agent: heard, reminded, asked.
    Step,
    /// A ballot, a loss.
    Vote,
    /// A fault, an intervention.
    Fault,
    /// A decision.
    Decision,
}

/// Whether it is about what the swarm keeps.
#[must_use]
pub fn is_of_state(note: Note) -> bool {
    state::importance(note).is_some()
}

/// How much the event matters.
#[must_use]
pub fn importance(event: &Event<Note>) -> Importance {
    match event.what {
        What::Note(note) => note_importance(note),
        // It is asked again, of somebody else.
        What::Dropped { .. } if event.kind == Kind::StateQuery as u8 => Importance::Step,
        What::Dropped { .. } | What::Duplicated { .. } | What::Delayed { .. } => Importance::Vote,
        What::Started
        | What::Sent { .. }
        | What::Forwarded
        | What::Delivered
        | What::Timer
        | What::Commanded => Importance::Traffic,
        What::Crashed
        | What::Restarted
        | What::Paused
        | What::Resumed
        | What::Spawned
        | What::Removed
        | What::Corrupted
        | What::Released
        | What::Cut
        | What::Mended
        | What::Partitioned
        | What::PartitionedFurther
        | What::Healed
        | What::LinkChanged
        | What::RoutesChanged
        | What::Deferred
        | What::Inapplicable(_) => Importance::Fault,
    }
}

fn note_importance(note: Note) -> Importance {
    match note.without_option() {
        Note::Opened { .. }
        | Note::NotOpened { .. }
        | Note::Decided { .. }
        | Note::Recorded { .. }
        | Note::Gathered { .. }
        | Note::Exposed { .. }
        | Note::PipelineEnded { .. }
        | Note::Learned { decision: Decision::Timeout, .. } => Importance::Decision,
        Note::Voted { .. }
        | Note::StaysSilent { .. }
        | Note::Counted { .. }
        | Note::Refused { .. }
        | Note::Closed { .. }
        | Note::Learned { .. }
        | Note::Concluded { .. }
        | Note::Turned { .. }
        | Note::LateEvidence { .. }
        | Note::Picked { .. }
        | Note::PickCounted { .. }
        | Note::Won { .. }
        | Note::LearnedWinner { .. }
        | Note::Tied { .. }
        | Note::StageOpened { .. }
        | Note::StagePassed { .. }
        | Note::Registered { .. }
        | Note::Unregistered { .. }
        | Note::Asks(_)
        | Note::SwarmStatus { .. }
        | Note::AgentStatus { .. } => Importance::Vote,
        Note::Heard { .. }
        | Note::Repeated { .. }
        | Note::Reminded { .. }
        | Note::Asked { .. }
        | Note::RoundBegan { .. }
        | Note::CameLate { .. }
        | Note::Rests { .. }
        | Note::LosesInterest { .. }
        | Note::Misdirected { .. } => Importance::Step,
        // The rest is about what the swarm keeps, or about work.
        _ => state::importance(note)
            .or_else(|| work::importance(note))
            .unwrap_or(Importance::Traffic),
    }
}

/// The event in one sentence.
#[must_use]
pub fn sentence(event: &Event<Note>, cast: &Cast) -> String {
    let agent = cast.name(event.agent);
    let peer = cast.name(event.peer);
    let message = || message_name(event.kind);
    match event.what {
        What::Started => format!("{agent} started."),
        What::Timer => format!("A timer of {agent} ran out."),
        What::Commanded if event.agent != cast.coordinator || !cast.tasks.is_empty() => {
            format!("{agent} was told what to do.")
        }
        What::Commanded => format!("{agent} was asked to put a proposal to the vote."),
        What::Sent { .. } => format!("{agent} sent {peer} {}.", a(message())),
        What::Forwarded => format!("{agent} passed on {} for {peer}.", a(message())),
        What::Delivered => format!("{}’s {} reached {agent}.", peer, message()),
        What::Dropped { cause, from, to, .. } => dropped(event, cast, cause, from, to),
        What::Duplicated { .. } => {
            format!("The network doubled {agent}’s {} to {peer}.", message())
        }
        What::Delayed { by_us } => {
            format!("{agent}’s {} to {peer} was delayed by {} s.", message(), seconds(by_us))
        }
        What::Note(note) => state::sentence(note, agent, event.agent, cast)
            .or_else(|| work::sentence(note, event.agent, cast))
            .unwrap_or_else(|| note_sentence(note, agent, cast)),
        What::Deferred => {
            format!("{agent} cannot hear now: what was asked of it waits until it is back.")
        }
        What::Crashed => format!("{agent} crashed: it forgets all it had not written down."),
        What::Restarted => format!("{agent} restarted from what it had written down."),
        What::Paused => format!("{agent} was paused."),
        What::Resumed => format!("{agent} goes on."),
        What::Spawned => format!("{agent} joined."),
        What::Removed => format!("{agent} left for good."),
        What::Corrupted => format!("{agent} was corrupted."),
        What::Released => format!("{agent} is honest again."),
        What::Cut => format!("The link from {agent} to {peer} was cut."),
        What::Mended => format!("The link from {agent} to {peer} was mended."),
        What::Partitioned => "The network broke apart: nothing passes between the groups.".into(),
        What::PartitionedFurther => {
            "The network broke apart further: whatever was apart stays apart until it heals.".into()
        }
        What::Healed => "The network healed.".into(),
        What::LinkChanged if event.agent == AgentId::NONE => "The network changed.".into(),
        What::LinkChanged => format!("The link from {agent} to {peer} changed."),
        What::RoutesChanged => "Messages take other ways from now on.".into(),
        What::Inapplicable(kind) => inapplicable(kind, event.agent, agent),
    }
}

fn note_sentence(note: Note, agent: &str, cast: &Cast) -> String {
    match note {
        Note::Opened { .. } => format!("{agent} put the proposal to the vote."),
        Note::NotOpened { refusal } => {
            refused(agent, "opened no vote", cast.not_opened.get(refusal as usize))
        }
        Note::Heard { .. } => format!("{agent} heard of the proposal."),
        Note::Voted { vote, .. } => format!("{agent} {}.", voted(vote)),
        Note::StaysSilent { .. } => format!("{agent} stays silent."),
        Note::Counted { voter, vote, .. } => {
            format!("{}’s ballot was counted: {}.", cast.name(voter), vote_word(vote))
        }
        Note::Repeated { voter, .. } => {
            format!("{}’s ballot came again; it is counted once.", cast.name(voter))
        }
        Note::Refused { voter, refusal, .. } => {
            format!("{}’s ballot was refused: {}.", cast.name(voter), refusal_words(refusal))
        }
        Note::Decided { decision, .. } => decided(decision).to_owned(),
        Note::Closed { .. } => "The vote is closed.".to_owned(),
        Note::Reminded { .. } => format!("{agent} asked those again whose ballot is missing."),
        Note::Learned { decision: Decision::Timeout, .. } => {
            format!("{agent} records a timeout.")
        }
        Note::Learned { decision, .. } => format!("{agent} learned: {}.", outcome_word(decision)),
        Note::Asked { .. } => format!("{agent} asked what was decided."),
        Note::RoundBegan { round, .. } => format!("Round {round} begins for {agent}."),
        Note::Accepted { voter, vote, round, .. } => format!(
            "{agent} accepts what {} signed for round {round}: {}.",
            cast.name(voter),
            vote_word(vote)
        ),
        Note::Exposed { voter, .. } => {
            format!("{agent} holds two different votes signed by {}.", cast.name(voter))
        }
        Note::LateEvidence { voter, .. } => format!(
            "{agent} got a vote of {} too late for the signatures under it; it does not count.",
            cast.name(voter)
        ),
        Note::CameLate { from, .. } => {
            format!("A message of {} came to {agent} after its round.", cast.name(from))
        }
        Note::Recorded { decision, .. } => {
            let told = super::figure::sentence_case(outcome_word(decision));
            format!("{told}: more agents say so than may be faulty.")
        }
        Note::Concluded { decision, .. } => {
            format!("{agent} decides for itself: {}.", outcome_word(decision))
        }
        Note::Turned { vote, .. } => {
            format!("{agent} goes over to {}, as most of those it asked.", vote_word(vote))
        }
        Note::Spread { known: 1, .. } => format!("{agent} knows 1 ballot now."),
        Note::Spread { known, .. } => format!("{agent} knows {known} ballots now."),
        Note::Rests { .. } => format!("{agent} hears nothing new and stops."),
        Note::LosesInterest { .. } => format!("{agent} loses interest and tells no more."),
        Note::Gathered { decision, .. } => {
            let told = super::figure::sentence_case(outcome_word(decision));
            format!("{told}: more than half of all agents say so.")
        }
        Note::Picked { proposal, option } => {
            format!("{agent} is for {}.", cast.option(proposal, option))
        }
        Note::PickCounted { proposal, voter, option } => {
            let option = cast.option(proposal, option);
            format!("{}’s ballot was counted: {option}.", cast.name(voter))
        }
        Note::Won { proposal, option } => {
            let option = cast.option(proposal, option);
            format!("{option} has won: no missing ballot can change that.")
        }
        Note::LearnedWinner { proposal, option } => {
            format!("{agent} learned: {} has won.", cast.option(proposal, option))
        }
        Note::Tied { proposal, option } => {
            format!("It is a tie: {} wins by standing first.", cast.option(proposal, option))
        }
        Note::StageOpened { stage, .. } => format!("The stage {} opens.", cast.stage(stage)),
        Note::StagePassed { stage, .. } => format!("The stage {} is passed.", cast.stage(stage)),
        Note::PipelineEnded { decision: Decision::Approved, .. } => {
            "The pipeline is done: every stage is approved.".to_owned()
        }
        Note::PipelineEnded { stage, decision } => {
            let ended = outcome_word(decision);
            format!("The pipeline ends at {}: {ended}.", cast.stage(stage))
        }
        Note::Registered { agent } => format!("{} was registered.", cast.name(agent)),
        Note::Unregistered { agent } => format!("{} was unregistered.", cast.name(agent)),
        Note::Asks(Ask::Register) => format!("{agent} asks to take part."),
        Note::Asks(Ask::Unregister) => format!("{agent} says that it takes part no longer."),
        Note::Asks(Ask::Status(None)) => format!("{agent} asks how the swarm stands."),
        Note::Asks(Ask::Status(Some(about))) => {
            format!("{agent} asks how {} does.", cast.name(about))
        }
        Note::SwarmStatus { registered, proposals, tasks } => {
            format!(
                "{agent} hears how the swarm stands: {}, {} and {} open.",
                super::work::counted(registered.into(), "agent"),
                super::work::counted(proposals.into(), "proposal"),
                super::work::counted(tasks.into(), "task")
            )
        }
        Note::AgentStatus { agent: about, registered, reputation, done, failed } => {
            let about = cast.name(about);
            let standing = if registered { "is registered" } else { "is not registered" };
            format!(
                "{agent} hears that {about} {standing}: reputation {reputation}, {done} done, {failed} failed."
            )
        }
        Note::Misdirected { from } => {
            format!("{agent} could make nothing of a message from {}.", cast.name(from))
        }
        // Told by `state::sentence` and `work::sentence`.
        _ => String::new(),
    }
}

/// "coordinator opened no vote: a proposal called "deploy" exists already; give this one another id."
fn refused(agent: &str, did: &str, why: Option<&impl std::fmt::Display>) -> String {
    match why {
        Some(why) => format!("{agent} {did}: {why}."),
        None => format!("{agent} {did}."),
    }
}

fn dropped(
    event: &Event<Note>,
    cast: &Cast,
    cause: DropCause,
    from: AgentId,
    to: AgentId,
) -> String {
    let what = format!(
        "{}’s {} to {}",
        cast.name(event.agent),
        message_name(event.kind),
        cast.name(event.peer)
    );
    let (from, to) = (cast.name(from), cast.name(to));
    match cause {
        DropCause::Loss => format!("{what} was lost."),
        DropCause::Cut => format!("{what} was lost: the link from {from} to {to} is cut."),
        DropCause::Partition => format!("{what} was lost where the network is broken."),
        DropCause::ReceiverDown => format!("{what} was lost: {to} is down."),
        DropCause::ForwarderDown => format!("{what} was lost at {to}, which is down."),
        DropCause::ReceiverRemoved => format!("{what} was lost: {to} has left."),
        DropCause::InboxFull => format!("{what} was lost: the inbox of {to} is full."),
        DropCause::InboxLost => format!("{what} was lost with the inbox of {to}."),
        DropCause::NoRoute => format!("{what} was lost: no way leads there."),
        DropCause::Intervention => format!("{what} was dropped by hand."),
    }
}

fn inapplicable(kind: FaultKind, agent: AgentId, name: &str) -> String {
    let wanted = match kind {
        FaultKind::Crash => "crash it",
        FaultKind::Restart => "restart it",
        FaultKind::Pause => "pause it",
        FaultKind::Resume => "resume it",
        FaultKind::Remove => "remove it",
        FaultKind::Corrupt => "corrupt it",
        FaultKind::Release => "release it",
        FaultKind::Command => "ask it",
        FaultKind::DropMessage | FaultKind::DuplicateMessage | FaultKind::DelayMessage => {
            return "Nothing changed: that message is no longer on its way.".to_owned();
        }
        FaultKind::Heal => return "Nothing changed: there was nothing to heal.".to_owned(),
        FaultKind::Cut => {
            return "Nothing changed: the two have no link, or it is cut already.".to_owned();
        }
        FaultKind::Mend => return "Nothing changed: no link of the two is cut.".to_owned(),
        FaultKind::SetLink => return "Nothing changed: the two have no link.".to_owned(),
        FaultKind::Partition => {
            return "Nothing changed: all whom it keeps apart are apart already.".to_owned();
        }
        FaultKind::SetAllLinks | FaultKind::SetRoutes | FaultKind::Spawn => {
            return "Nothing changed: that does not apply here.".to_owned();
        }
    };
    debug_assert!(agent != AgentId::NONE);
    format!("Nothing changed at {name}: there is no need to {wanted}, as it stands.")
}

/// FOR, AGAINST, ABSTAIN.
#[must_use]
pub fn vote_word(vote: Vote) -> &'static str {
    match vote {
        Vote::For => "FOR",
        Vote::Against => "AGAINST",
        Vote::Abstain => "ABSTAIN",
    }
}

fn voted(vote: Vote) -> &'static str {
    match vote {
        Vote::For => "votes FOR",
        Vote::Against => "votes AGAINST",
        Vote::Abstain => "abstains",
    }
}

/// approved, rejected, timed out, split.
#[must_use]
pub fn outcome_word(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "approved",
        Decision::Rejected => "rejected",
        Decision::Timeout => "timed out",
        Decision::Split => "split",
    }
}

fn decided(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "Approved: no missing ballot can change that.",
        Decision::Rejected => "Rejected: no missing ballot can change that.",
        Decision::Timeout => "The deadline came and neither side had enough: a timeout.",
        Decision::Split => "Split: agents hold different outcomes.",
    }
}

/// Why a ballot was not counted.
#[must_use]
pub fn refusal_words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Foreign => "it is not in the electorate",
        Refusal::Late => "it came after the close",
        Refusal::SecondDifferent => "its first one said something else, and counts",
        Refusal::UnknownProposal => "no such proposal is known",
        Refusal::NoSuchOption => "it is for no option of the proposal",
    }
}

/// The kind of a message in words.
#[must_use]
pub fn message_name(kind: u8) -> &'static str {
    Kind::from_number(kind).map_or("message", Kind::words)
}

/// With its article: "a ballot".
pub(super) fn a(word: &str) -> String {
    match word {
        // Nobody counts these.
        "signed votes" | "evidence" | "versions" | "progress" => word.to_owned(),
        _ if word.starts_with(['a', 'e', 'i', 'o']) => format!("an {word}"),
        _ => format!("a {word}"),
    }
}

/// A time in seconds with three decimals: "0.412".
#[must_use]
pub fn seconds(us: u64) -> String {
    format!("{}.{:03}", us / 1_000_000, us % 1_000_000 / 1_000)
}

#[cfg(test)]
mod tests;
