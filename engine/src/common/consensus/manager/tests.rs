use super::super::proposal::{Proposal, Terms, Timing};
use super::*;

fn proposal(manager: &Manager, name: &str) -> SharedProposal {
    Arc::new(Proposal {
        name: name.to_owned(),
        question: String::new(),
        fields: Map::new(),
        algorithm: manager.algorithm(None).unwrap().clone(),
        timing: Timing { deadline_us: 1_000, grace_us: 100, reminder_us: None },
        electorate: None,
        options: Vec::new(),
    })
}

/// Agents decide by themselves, and report.
#[derive(Debug, serde::Serialize)]
struct Reported;

impl Terms for Reported {
    fn least_us(&self) -> u64 {
        1_000
    }

    fn is_common(&self) -> bool {
        false
    }
}

fn three() -> impl Iterator<Item = (AgentId, u64)> {
    (0..3).map(|agent| (AgentId(agent), 1_000))
}

#[test]
fn what_cannot_be_opened_says_how_to_repair_it() {
    let mut manager = Manager::default();
    let unknown = manager.algorithm(Some("paxos")).unwrap_err().to_string();
    assert!(unknown.contains("\"paxos\"") && unknown.contains("supermajority"), "{unknown}");
    let nameless = proposal(&manager, "");
    assert_eq!(
        manager.request_consensus(nameless, three(), LocalTime(0)),
        Err(ManagerError::MissingId)
    );
    let first = proposal(&manager, "a");
    let nobody = manager.request_consensus(first.clone(), [], LocalTime(0));
    assert_eq!(nobody, Err(ManagerError::EmptyElectorate { name: "a".into() }));
    assert_eq!(manager.request_consensus(first.clone(), three(), LocalTime(0)), Ok(0));
    let again = manager.request_consensus(first, three(), LocalTime(0));
    assert_eq!(again, Err(ManagerError::DuplicateId { name: "a".into() }));
    let mut foreign = (*proposal(&manager, "b")).clone();
    foreign.algorithm.name = "raft".to_owned();
    let unknown = manager.request_consensus(foreign.into(), three(), LocalTime(0)).unwrap_err();
    assert!(unknown.to_string().contains("federated"), "{unknown}");
    assert_eq!(manager.polls().len(), 1, "what is refused leaves nothing behind");
}

#[test]
fn several_proposals_are_open_at_once_and_counted_apart() {
    let mut manager = Manager::default();
    let (a, b) = (proposal(&manager, "a"), proposal(&manager, "b"));
    assert_eq!(manager.request_consensus(a, three(), LocalTime(0)), Ok(0));
    assert_eq!(manager.request_consensus(b, three(), LocalTime(0)), Ok(1));
    manager.record_vote(0, AgentId(0), Vote::For);
    manager.record_vote(1, AgentId(0), Vote::Against);
    manager.record_vote(1, AgentId(1), Vote::Against);
    assert_eq!(manager.settle(0, LocalTime(10)), None);
    assert_eq!(manager.settle(1, LocalTime(20)), Some(Decision::Rejected));
    assert_eq!(manager.settle(1, LocalTime(30)), None, "decided once");
    let decided: Vec<_> = manager.history().map(|poll| poll.proposal.name.as_str()).collect();
    assert_eq!(decided, ["b"]);
    let Statistics { all, .. } = manager.statistics();
    assert_eq!((all.total, all.open, all.decided(), all.average_duration_us()), (2, 1, 1, 20));
    assert_eq!(manager.close(0, LocalTime(1_000)), Some(Decision::Timeout));
    assert_eq!(manager.close(1, LocalTime(1_000)), Some(Decision::Rejected));
    let Statistics { all, by_algorithm } = manager.statistics();
    assert_eq!((all.total, all.open, all.rejected, all.timeout), (2, 0, 1, 1));
    assert_eq!(all.average_duration_us(), (1_000 + 20) / 2);
    assert_eq!(by_algorithm.get("simple"), Some(&all));
}

#[test]
fn what_agents_have_decided_by_themselves_is_recorded_once() {
    let mut manager = Manager::default();
    for name in ["a", "b"] {
        let mut reported = proposal(&manager, name);
        Arc::make_mut(&mut reported).algorithm.own = Some(Arc::new(Reported));
        manager.request_consensus(reported, three(), LocalTime(0)).unwrap();
    }
    manager.record(0, &[(AgentId(1), Vote::For)], None, LocalTime(4));
    assert_eq!(manager.poll(0).unwrap().decided, None);
    manager.record(0, &[(AgentId(0), Vote::Against)], Some(Decision::Rejected), LocalTime(5));
    manager.record(0, &[(AgentId(2), Vote::For)], Some(Decision::Approved), LocalTime(6));
    let poll = manager.poll(0).unwrap();
    assert_eq!(poll.decided, Some((Decision::Rejected, LocalTime(5))));
    let tally = poll.ballots.tally();
    assert_eq!((tally.in_favour.count, tally.against.count, tally.outstanding.count), (2, 1, 0));
    assert_eq!(manager.close(0, LocalTime(9)), Some(Decision::Rejected));
    // Of the other too few have reported.
    manager.record(1, &[(AgentId(0), Vote::For)], None, LocalTime(5));
    assert_eq!(manager.close(1, LocalTime(9)), Some(Decision::Timeout));
}

#[test]
fn counts_are_those_at_the_close_and_a_late_ballot_changes_nothing() {
    let mut manager = Manager::default();
    let a = proposal(&manager, "a");
    manager.request_consensus(a, three(), LocalTime(0)).unwrap();
    manager.record_vote(0, AgentId(0), Vote::For);
    manager.record_vote(0, AgentId(1), Vote::For);
    assert_eq!(manager.settle(0, LocalTime(5)), Some(Decision::Approved));
    assert_eq!(manager.record_vote(0, AgentId(2), Vote::Against), Receipt::Counted);
    assert_eq!(manager.close(0, LocalTime(9)), Some(Decision::Approved));
    assert_eq!(manager.poll(0).unwrap().ballots.tally().against.count, 1);
    let unknown = manager.record_vote(7, AgentId(2), Vote::For);
    assert_eq!(unknown, Receipt::Refused(Refusal::UnknownProposal));
}
