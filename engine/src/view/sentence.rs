//! Every event in a sentence: the log, the caption and the screen reader say the same.

use crate::playback::cast::Cast;
pub use crate::protocol::note::Importance;
use crate::sim::fault::FaultKind;
use crate::sim::{AgentId, DropCause, Event, What};
use crate::swarm::bus::KINDS;
use crate::swarm::note::Note;

/// How much it matters that a message of this kind is lost.
fn loss(kind: u8) -> Importance {
    KINDS.get(usize::from(kind)).map_or(Importance::Vote, |kind| kind.loss)
}

/// How much the event matters.
#[must_use]
pub fn importance(event: &Event<Note>) -> Importance {
    match event.what {
        What::Note(note) => note.importance(),
        What::Dropped { .. } => loss(event.kind),
        What::Duplicated { .. } | What::Delayed { .. } => Importance::Vote,
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

/// The event in one sentence.
#[must_use]
pub fn sentence(event: &Event<Note>, cast: &Cast) -> String {
    let agent = cast.name(event.agent);
    let peer = cast.name(event.peer);
    let message = || message_name(event.kind);
    match event.what {
        What::Started => format!("{agent} started."),
        What::Timer => format!("A timer of {agent} ran out."),
        What::Commanded
            if Some(event.agent) != cast.coordinator || cast.pictures.is_coordinated =>
        {
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
        What::Note(note) => note.sentence(event.agent, cast),
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

/// The kind of a message in words.
#[must_use]
pub fn message_name(kind: u8) -> &'static str {
    KINDS.get(usize::from(kind)).map_or("message", |kind| kind.words)
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
