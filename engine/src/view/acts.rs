//! Acts on the selection, now: the buttons of the page and of the menu on the stage.

use super::network;
use super::stage::target::Target;
use crate::common::figure::span;
use crate::common::shown::OfferPicture;
use crate::playback::cast::Cast;
use crate::playback::frame::{AgentFrame, Frame};
use crate::playback::run::Run;
use crate::scenario::checked::links::link_file;
use crate::scenario::file::intervention::Intervention;
use crate::sim::{AgentId, LinkModel, Status};
use crate::swarm::adversary::Behaviour;

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub kind: ActKind,
    pub label: String,
    pub intervention: Intervention,
    /// It is so already.
    pub is_so: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActKind {
    Crash,
    Restart,
    Pause,
    Resume,
    Isolate,
    /// An agent that was cut off hears from the others again.
    Rejoin,
    Cut,
    CutOneWay,
    Mend,
    Slow,
    Lossy,
    AsOthers,
    Drop,
    Duplicate,
    Delay,
    Heal,
    Corrupt(Behaviour),
    Release,
    /// It leaves for good.
    Remove,
    /// An act of a whole protocol.
    OfRoom(&'static str, OfferPicture),
}

impl ActKind {
    /// As the page's tests call it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Restart => "restart",
            Self::Pause => "pause-agent",
            Self::Resume => "resume-agent",
            Self::Isolate => "isolate",
            Self::Rejoin => "rejoin",
            Self::Cut => "cut",
            Self::CutOneWay => "cut-one-way",
            Self::Mend => "mend",
            Self::Slow => "slow",
            Self::Lossy => "lossy",
            Self::AsOthers => "as-others",
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Delay => "delay",
            Self::Heal => "heal",
            Self::Corrupt(Behaviour::ChangesItsVote) => "changes-its-vote",
            Self::Corrupt(Behaviour::Equivocates) => "equivocates",
            Self::Corrupt(Behaviour::StaysSilent) => "stays-silent",
            Self::Corrupt(Behaviour::Delays) => "delays",
            Self::Corrupt(Behaviour::VotesAtRandom) => "votes-at-random",
            Self::Corrupt(Behaviour::Colludes) => "colludes",
            Self::Release => "release",
            Self::Remove => "remove",
            Self::OfRoom(id, _) => id,
        }
    }
}

/// The selection as a heading says it: "on qa-engineer". `None` when it is gone.
#[must_use]
pub fn name(cast: &Cast, frame: &Frame, target: Target) -> Option<String> {
    Some(match target {
        Target::Agent(agent) => cast.agents.get(agent.index())?.name.clone(),
        Target::Link(from, to) => format!("{} – {}", cast.name(from), cast.name(to)),
        Target::Message(id) => {
            let message = frame.messages.iter().find(|message| message.id == id)?;
            let kind = message.kind.words;
            format!("{}’s {kind} to {}", cast.name(message.origin), cast.name(message.dest))
        }
    })
}

/// The acts on the target; none when it is gone.
#[must_use]
pub fn acts(run: &Run, frame: &Frame, target: Target) -> Vec<Act> {
    match target {
        Target::Agent(agent) => on_agent(run, frame, agent),
        Target::Link(from, to) => on_link(run, frame, from, to),
        Target::Message(id) => on_message(frame, id),
    }
}

fn act(kind: ActKind, label: &str, intervention: Intervention) -> Act {
    Act { kind, label: label.to_owned(), intervention, is_so: false }
}

fn on_agent(run: &Run, frame: &Frame, agent: AgentId) -> Vec<Act> {
    let cast = run.cast();
    let Some(state) = frame.agents.get(agent.index()) else { return Vec::new() };
    let name = || cast.name(agent).to_owned();
    let mut acts = Vec::new();
    match state.status {
        Status::Up | Status::Paused => {
            acts.push(act(ActKind::Crash, "Crash", Intervention::Crash { agent: name() }));
        }
        Status::Down => {
            acts.push(act(ActKind::Restart, "Restart", Intervention::Restart { agent: name() }));
        }
        Status::Removed => return acts,
    }
    match state.status {
        Status::Up => {
            acts.push(act(ActKind::Pause, "Pause", Intervention::Pause { agent: name() }));
        }
        Status::Paused => {
            acts.push(act(ActKind::Resume, "Resume", Intervention::Resume { agent: name() }));
        }
        Status::Down | Status::Removed => {}
    }
    // Replicas go offline and come back; in a vote it is the network that is cut.
    let replica = |_: &(&str, &str)| !cast.has_proposals && Some(agent) != cast.coordinator;
    let isolation = cast.pictures.isolation.filter(replica);
    if let Some((_, rejoin)) = isolation.filter(|_| is_alone(cast, frame, agent)) {
        acts.push(act(ActKind::Rejoin, rejoin, rejoined(cast, frame, agent)));
    } else {
        let label = isolation.map_or("Cut off", |(isolate, _)| isolate);
        let mut groups = groups(cast, frame, agent);
        groups.push(vec![name()]);
        acts.push(act(
            ActKind::Isolate,
            label,
            Intervention::Partition { groups, replaces: false },
        ));
    }
    let of_rooms = run.room_acts(agent).into_iter();
    acts.extend(of_rooms.filter_map(|offer| {
        let intervention = Intervention::of(&offer.act).ok()?;
        Some(act(ActKind::OfRoom(offer.id, offer.picture), &offer.label, intervention))
    }));
    if Some(agent) != cast.coordinator {
        acts.push(act(ActKind::Remove, "Remove", Intervention::Remove { agent: name() }));
    }
    if state.status == Status::Up && Some(agent) != cast.coordinator {
        acts.extend(corruptions(cast, frame, agent, state));
    }
    acts
}

/// Nobody else that keeps anything is in the agent's part of the network.
fn is_alone(cast: &Cast, frame: &Frame, agent: AgentId) -> bool {
    let own = frame.groups.get(agent.index());
    let with_it = |(number, group): (usize, &u32)| {
        Some(group) == own
            && number != agent.index()
            && Some(number) != cast.coordinator.map(AgentId::index)
    };
    own.is_some() && !frame.groups.iter().enumerate().any(with_it)
}

/// The parts of the network as they are, without this agent. Agents that are not named are in the first.
fn groups(cast: &Cast, frame: &Frame, without: AgentId) -> Vec<Vec<String>> {
    let mut groups = vec![Vec::new()];
    for (number, group) in frame.groups.iter().enumerate() {
        let group = *group as usize;
        if group > 0 && number != without.index() {
            groups.resize(groups.len().max(group + 1), Vec::new());
            groups[group].push(cast.name(AgentId(number as u32)).to_owned());
        }
    }
    groups
}

/// Back with the most others; all is healed when that was all there was.
fn rejoined(cast: &Cast, frame: &Frame, agent: AgentId) -> Intervention {
    let mut groups = groups(cast, frame, agent);
    // Agents that are not named are in the first.
    let named: usize = groups.iter().map(Vec::len).sum();
    let (mut most, mut size) = (0, cast.agents.len().saturating_sub(2 + named));
    for (number, group) in groups.iter().enumerate() {
        if group.len() > size {
            (most, size) = (number, group.len());
        }
    }
    // Without the agent and the coordinator.
    if size + 2 >= cast.agents.len() && frame.cuts.is_empty() {
        return Intervention::Heal;
    }
    if most > 0 {
        groups[most].push(cast.name(agent).to_owned());
    }
    Intervention::Partition { groups, replaces: true }
}

/// The behaviours that the adversary can give an agent: those that make a difference to the vote that is
/// shown.
fn corruptions(cast: &Cast, frame: &Frame, agent: AgentId, state: &AgentFrame) -> Vec<Act> {
    let bears_liars = frame.proposal().is_some_and(|it| it.viewer().is_some());
    let votes = !frame.is_led || frame.proposal().is_some();
    let matters = |it: Behaviour| {
        let always = bears_liars || it == Behaviour::StaysSilent;
        always || votes && it == Behaviour::VotesAtRandom
    };
    let name = || cast.name(agent).to_owned();
    let corrupt = |(behaviour, _, words): (Behaviour, &str, &str)| Act {
        is_so: state.behaviour == Some(behaviour),
        ..act(
            ActKind::Corrupt(behaviour),
            words,
            Intervention::Corrupt { agent: name(), behaviour },
        )
    };
    let known = Behaviour::ALL.into_iter().filter(|(it, ..)| matters(*it));
    let mut acts: Vec<Act> = known.map(corrupt).collect();
    if state.corrupted {
        acts.push(act(ActKind::Release, "Honest again", Intervention::Release { agent: name() }));
    }
    acts
}

fn on_link(run: &Run, frame: &Frame, from: AgentId, to: AgentId) -> Vec<Act> {
    let cast = run.cast();
    let ends = || (cast.name(from).to_owned(), cast.name(to).to_owned());
    let is_cut = |from, to| frame.cuts.contains(&(from, to));
    let mut acts = Vec::new();
    if !is_cut(from, to) || !is_cut(to, from) {
        let (from, to) = ends();
        acts.push(act(ActKind::Cut, "Cut", Intervention::Cut { from, to, one_way: false }));
    }
    if is_cut(from, to) || is_cut(to, from) {
        let (from, to) = ends();
        acts.push(act(ActKind::Mend, "Mend", Intervention::Mend { from, to, one_way: false }));
    } else {
        let label = format!("Cut only to {}", cast.name(to));
        let (from, to) = ends();
        acts.push(act(ActKind::CutOneWay, &label, Intervention::Cut { from, to, one_way: true }));
    }
    let network = &run.simulation().network;
    let link = network.link(from, to);
    let change = |link: &LinkModel| {
        let (from, to) = ends();
        Intervention::SetLink { from, to, one_way: false, link: link_file(link) }
    };
    let slower = network::with_middle(&link, network::middle_us(&link).saturating_mul(10));
    acts.push(act(ActKind::Slow, "Ten times slower", change(&slower)));
    acts.push(act(ActKind::Lossy, "Lose half", change(&LinkModel { loss_ppm: 500_000, ..link })));
    if link != network.default_link {
        acts.push(act(ActKind::AsOthers, "As the others", change(&network.default_link)));
    }
    acts
}

fn on_message(frame: &Frame, id: u64) -> Vec<Act> {
    let Some(message) = frame.messages.iter().find(|message| message.id == id) else {
        return Vec::new();
    };
    // As long again as it takes: a delay that can be seen, on any network.
    let by_us = message.arrives_us.saturating_sub(message.sent_us).max(1_000);
    let delay = Intervention::DelayMessage { message: id, by_ms: by_us as f64 / 1_000.0 };
    vec![
        act(ActKind::Drop, "Drop", Intervention::DropMessage { message: id }),
        act(ActKind::Duplicate, "Duplicate", Intervention::DuplicateMessage { message: id }),
        act(ActKind::Delay, &format!("Delay by {}", span(by_us)), delay),
    ]
}

/// The acts on the swarm as a whole that need no choice.
#[must_use]
pub fn on_swarm(frame: &Frame) -> Vec<Act> {
    let broken = !frame.cuts.is_empty() || !frame.groups.is_empty();
    let heal = broken.then(|| act(ActKind::Heal, "Heal all", Intervention::Heal));
    heal.into_iter().collect()
}

/// Cuts these agents off from the others.
#[must_use]
pub fn partition(cast: &Cast, away: &[AgentId]) -> Intervention {
    let names = away.iter().map(|agent| cast.name(*agent).to_owned()).collect();
    Intervention::Partition { groups: vec![Vec::new(), names], replaces: false }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playback::Command;
    use crate::scenario::gallery;

    fn run_at(time_us: u64) -> (Run, Frame) {
        run_of("deployment-vote", time_us)
    }

    fn run_of(name: &str, time_us: u64) -> (Run, Frame) {
        let scenario = gallery::find(name).and_then(gallery::Entry::scenario);
        let scenario = scenario.expect("it is in the gallery");
        let mut run = Run::new(Arc::new(scenario), 7).expect("it starts");
        run.apply(&Command::SeekTime { time_us }).expect("any time can be sought");
        let mut frame = Frame::default();
        run.frame(&mut frame);
        (run, frame)
    }

    /// An offer whose act is misspelled would have no button.
    #[test]
    fn every_offer_of_a_protocol_is_an_intervention() {
        let mut offers = 0;
        for entry in gallery::all() {
            let (run, _) = run_of(entry.name, 300_000);
            for agent in (0..run.simulation().agent_count() as u32).map(AgentId) {
                for offer in run.room_acts(agent) {
                    offers += 1;
                    let read = Intervention::of(&offer.act);
                    assert!(read.is_ok(), "{}: {:?}: {read:?}", entry.name, offer.act);
                }
            }
        }
        assert!(offers > 100, "{offers}");
    }

    fn labels(run: &Run, frame: &Frame, target: Target) -> Vec<String> {
        acts(run, frame, target).into_iter().map(|act| act.label).collect()
    }

    /// Everything that is offered can be done, changes the run, and is told.
    #[test]
    fn whatever_is_offered_applies() {
        check_all_apply(run_at(40_000));
        check_all_apply(run_of("campaign", 30_000));
    }

    fn check_all_apply((run, frame): (Run, Frame)) {
        assert!(!frame.messages.is_empty());
        let mut targets: Vec<Target> =
            (0..frame.agents.len() as u32).map(|agent| Target::Agent(AgentId(agent))).collect();
        targets.extend(run.cast().links.iter().map(|(from, to)| Target::Link(*from, *to)));
        targets.extend(frame.messages.iter().map(|message| Target::Message(message.id)));
        for target in targets {
            for act in acts(&run, &frame, target) {
                let mut run = run.clone();
                let marks = run.marks().iter().filter(|mark| mark.time_us <= frame.time_us).count();
                run.apply(&Command::Intervene(act.intervention.clone())).expect("it is possible");
                let events = run.simulation().trace.len();
                run.apply(&Command::AdvanceTo { time_us: frame.time_us + 1, budget: 100 }).unwrap();
                let log = run.log();
                let said: Vec<_> = log.range(events, log.end_id()).map(|it| it.what).collect();
                assert!(!said.is_empty(), "{act:?} leaves no trace");
                let inapplicable = |what: &_| matches!(what, crate::sim::What::Inapplicable(_));
                assert!(!said.iter().any(inapplicable), "{act:?} was offered and does not apply");
                assert!(run.marks().len() > marks, "{act:?} leaves no mark on the tape");
            }
        }
    }

    #[test]
    fn what_is_done_is_offered_to_be_undone() {
        let (mut run, mut frame) = run_at(40_000);
        let qa = AgentId(4);
        assert_eq!(
            labels(&run, &frame, Target::Agent(qa)),
            [
                "Crash",
                "Pause",
                "Cut off",
                "Sync by delta",
                "Sync in full",
                "Unregister",
                "Ask how all stands",
                "Remove",
                "Stays silent",
                "Votes at random"
            ]
        );
        assert!(on_swarm(&frame).is_empty());
        let (from, to) = run.cast().links[0];
        for intervention in [
            Intervention::Crash { agent: run.cast().name(qa).to_owned() },
            Intervention::Cut {
                from: run.cast().name(from).to_owned(),
                to: run.cast().name(to).to_owned(),
                one_way: false,
            },
        ] {
            run.apply(&Command::Intervene(intervention)).unwrap();
            let time_us = run.simulation().now_us() + 1;
            run.apply(&Command::AdvanceTo { time_us, budget: 100 }).unwrap();
        }
        run.frame(&mut frame);
        assert_eq!(labels(&run, &frame, Target::Agent(qa)), ["Restart", "Cut off", "Remove"]);
        assert_eq!(labels(&run, &frame, Target::Link(from, to))[0], "Mend");
        assert_eq!(on_swarm(&frame).len(), 1);
    }

    /// Takes replicas offline one by one, and back.
    #[test]
    fn a_replica_goes_offline_and_comes_back() {
        let scenario = gallery::find("reconnection").and_then(gallery::Entry::scenario).unwrap();
        let mut run = Run::new(Arc::new(scenario), 10).unwrap();
        let mut frame = Frame::default();
        let mut check = |agent: u32, does: ActKind, parts: u32| {
            run.frame(&mut frame);
            let of = acts(&run, &frame, Target::Agent(AgentId(agent)));
            let act = of.into_iter().find(|act| act.kind == does).unwrap();
            run.apply(&Command::Intervene(act.intervention)).unwrap();
            let time_us = run.simulation().now_us() + 1;
            run.apply(&Command::AdvanceTo { time_us, budget: 100 }).unwrap();
            run.frame(&mut frame);
            let mut groups = frame.groups.clone();
            groups.sort_unstable();
            groups.dedup();
            assert_eq!(groups.len() as u32, parts, "{agent} {does:?}: {:?}", frame.groups);
            act.label
        };
        assert_eq!(check(0, ActKind::Isolate, 2), "Take offline");
        // The second leaves the first offline.
        check(3, ActKind::Isolate, 3);
        assert_eq!(check(0, ActKind::Rejoin, 2), "Bring back online");
        check(3, ActKind::Rejoin, 0);
    }

    #[test]
    fn what_has_arrived_is_gone() {
        let (run, frame) = run_at(40_000);
        assert!(acts(&run, &frame, Target::Message(u64::MAX)).is_empty());
        assert_eq!(name(run.cast(), &frame, Target::Message(u64::MAX)), None);
        let message = Target::Message(frame.messages[0].id);
        let named = name(run.cast(), &frame, message).unwrap_or_default();
        assert!(named.contains("proposal to"), "{named}");
    }
}
