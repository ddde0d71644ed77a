use crate::protocols::vote::message::BALLOT;
use std::sync::Arc;

use super::*;
use crate::common::consensus::manager::{Manager, ManagerError};
use crate::common::consensus::proposal::{Proposal, Timing};
use crate::map::Map;
use crate::playback::cast::AgentInfo;
use crate::playback::rooms::Known;
use crate::protocol::note::{Names, Thing};
use crate::protocols::vote::shown::Opened;
use crate::protocols::work::known::TaskNames;
use crate::protocols::work::note::WorkNote;
use crate::protocols::work::task::TaskRefusal;
use crate::protocols::work::{self, WorkRules};
use crate::scenario::gallery;
use crate::sim::NO_EVENT;
use crate::swarm::setups::Setups;

const A: AgentId = AgentId(0);
const B: AgentId = AgentId(1);

fn cast() -> Cast {
    let named = |name: &str| AgentInfo { name: name.to_owned(), ..AgentInfo::default() };
    let agents = vec![named("ann"), named("ben"), named("coordinator")];
    let rules = WorkRules { questions: vec!["budget".into()], ..WorkRules::default() };
    let (name, parts) = ("campaign".to_owned(), vec!["campaign/finance".to_owned()]);
    let mut tasks = Map::new();
    tasks.insert(None, vec![TaskNames { name, parts }]);
    let refused = vec![Arc::new(ManagerError::DuplicateId { name: "db".to_owned() })];
    let vote = Opened { proposals: vec![choice().into()], refused, ..Opened::default() };
    let (name, missing) = ("launch".to_owned(), "design".to_owned());
    let refused = vec![Arc::new(TaskRefusal::UnknownDependency { name, missing })];
    let work = work::known::Known { rules: rules.into(), tasks, refused };
    let mut known = Known { vote, work, ..Known::default() };
    known.state.names = ["queue".into()].into();
    let of = |name| gallery::find(name).and_then(gallery::Entry::scenario);
    let rooms = |name| of(name).expect("it is in the gallery").rooms;
    let rooms = Setups { work: rooms("campaign").work, ..rooms("pipeline") };
    Cast { agents, known, rooms, ..Cast::default() }
}

/// A choice between two databases.
fn choice() -> Proposal {
    let options = vec!["postgres".to_owned(), "mysql".to_owned()];
    let algorithm = Manager::default().algorithm(Some("federated")).unwrap().clone();
    let timing = Timing { deadline_us: 1, grace_us: 1, reminder_us: None };
    let (name, question, fields) = ("db".to_owned(), String::new(), Map::new());
    Proposal { name, question, fields, algorithm, timing, electorate: None, options }
}

fn told(what: What<Note>) -> String {
    let event = Event {
        id: 9,
        time_us: 1_000,
        cause: NO_EVENT,
        lamport: 1,
        message: 3,
        agent: A,
        peer: B,
        instance: 0,
        kind: BALLOT.number,
        what,
    };
    sentence(&event, &cast())
}

/// The place of a kind of event in the table. A new kind does not compile until it has one, and the
/// test below fails until it has a sentence there.
fn place(what: &What<Note>) -> usize {
    match what {
        What::Started => 0,
        What::Sent { .. } => 1,
        What::Forwarded => 2,
        What::Delivered => 3,
        What::Dropped { .. } => 4,
        What::Duplicated { .. } => 5,
        What::Delayed { .. } => 6,
        What::Timer => 7,
        What::Commanded => 8,
        What::Crashed => 9,
        What::Restarted => 10,
        What::Paused => 11,
        What::Resumed => 12,
        What::Spawned => 13,
        What::Removed => 14,
        What::Corrupted => 15,
        What::Released => 16,
        What::Cut => 17,
        What::Mended => 18,
        What::Partitioned => 19,
        What::PartitionedFurther => 25,
        What::Healed => 20,
        What::LinkChanged => 21,
        What::RoutesChanged => 22,
        What::Inapplicable(_) => 23,
        What::Deferred => 24,
        What::Note(_) => 26,
    }
}

fn table() -> Vec<(What<Note>, &'static str)> {
    let lost = What::Dropped { cause: DropCause::Cut, from: A, to: B, progress_permille: 500 };
    vec![
        (What::Started, "ann started."),
        (What::Sent { bytes: 4 }, "ann sent ben a ballot."),
        (What::Forwarded, "ann passed on a ballot for ben."),
        (What::Delivered, "ben’s ballot reached ann."),
        (lost, "ann’s ballot to ben was lost: the link from ann to ben is cut."),
        (What::Duplicated { copy: 4 }, "The network doubled ann’s ballot to ben."),
        (What::Delayed { by_us: 50_000 }, "ann’s ballot to ben was delayed by 0.050 s."),
        (What::Timer, "A timer of ann ran out."),
        (What::Commanded, "ann was told what to do."),
        (What::Crashed, "ann crashed: it forgets all it had not written down."),
        (What::Restarted, "ann restarted from what it had written down."),
        (What::Paused, "ann was paused."),
        (What::Resumed, "ann goes on."),
        (What::Spawned, "ann joined."),
        (What::Removed, "ann left for good."),
        (What::Corrupted, "ann was corrupted."),
        (What::Released, "ann is honest again."),
        (What::Cut, "The link from ann to ben was cut."),
        (What::Mended, "The link from ann to ben was mended."),
        (What::Partitioned, "The network broke apart: nothing passes between the groups."),
        (What::Healed, "The network healed."),
        (What::LinkChanged, "The link from ann to ben changed."),
        (What::RoutesChanged, "Messages take other ways from now on."),
        (
            What::Inapplicable(FaultKind::Restart),
            "Nothing changed at ann: there is no need to restart it, as it stands.",
        ),
        (What::Deferred, "ann cannot hear now: what was asked of it waits until it is back."),
        (
            What::PartitionedFurther,
            "The network broke apart further: whatever was apart stays apart until it heals.",
        ),
        (What::Note(Note::Work(WorkNote::BidCame { task: 0, agent: B })), "ben bids for campaign."),
    ]
}

#[test]
fn every_kind_of_event_has_a_sentence() {
    for (number, (what, expected)) in table().into_iter().enumerate() {
        assert_eq!(told(what), expected);
        assert_eq!(place(&what), number, "{what:?}");
    }
    assert_eq!(table().len(), 27);
}

#[test]
fn notes_call_things_as_the_run_does() {
    let named = |thing| cast().thing(A, thing);
    for (thing, expected) in [
        (Thing::new("task", 0), "campaign"),
        (Thing::new("task", 7), "a task"),
        (Thing::inside("part", 0, 0), "campaign/finance"),
        (Thing::new("question", 0), "budget"),
        (Thing::new("key", 0), "queue"),
        (Thing::new("stage", 0), "architecture"),
        (Thing::inside("option", 0, 1), "mysql"),
        (Thing::inside("option", 0, 5), "option 6"),
        (
            Thing::new("refused vote", 0),
            "a proposal called \"db\" exists already; give this one another id",
        ),
        (
            Thing::new("refused task", 0),
            "the task \"launch\" depends on \"design\", which has not come in; submit that one first",
        ),
        (Thing::new("refused task", 1), ""),
        (Thing::new("thing that nobody knows", 0), "thing that nobody knows"),
    ] {
        assert_eq!(named(thing), expected, "{thing:?}");
    }
}

#[test]
fn every_cause_of_a_loss_is_told_apart() {
    let mut told: Vec<String> = DropCause::ALL
        .into_iter()
        .map(|cause| told(What::Dropped { cause, from: A, to: B, progress_permille: 0 }))
        .collect();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), DropCause::ALL.len());
}
