//! Everything about one agent: what it is, knows, has received, waits for, and would still know
//! after a crash. Read from the running process itself.

use super::figure::{milli, seconds, span};
use super::sentence::{outcome_word, sentence, vote_word};
use crate::coordination::agent::Knowledge;
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::mind::Reason;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::swarm::{Durable, Swarm, Timer};
use crate::map::Map;
use crate::playback::frame::Frame;
use crate::playback::run::Run;
use crate::sim::kernel::Slot;
use crate::sim::{AgentId, LocalClock, Status, What};

/// How far back it is looked for what has come and what has changed, in events.
const LOOK_BACK: u64 = 4_000;
/// Of messages received or waiting, so many are named.
const NAMED_MAX: usize = 3;

/// What is said of an agent under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub what: &'static str,
    pub words: String,
    /// A vote, for its colour.
    pub vote: Option<Vote>,
    pub fault: bool,
}

/// One agent in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    pub name: String,
    pub standing: String,
    pub rows: Vec<Row>,
}

fn row(what: &'static str, words: impl Into<String>) -> Row {
    Row { what, words: words.into(), vote: None, fault: false }
}

/// What there is to say of the agent now; `None` when there is no such agent.
#[must_use]
pub fn inspect(run: &Run, frame: &Frame, agent: AgentId) -> Option<Inspection> {
    let info = run.cast().agents.get(agent.index())?;
    if agent.index() >= run.simulation().agent_count() {
        return None;
    }
    let slot = run.simulation().agent(agent);
    let standing = if info.is_coordinator {
        "counts the ballots, has no vote".to_owned()
    } else {
        let weight = milli(info.weight_milli);
        format!("weight {weight}, reputation {}, {}", info.reputation, info.tier)
    };
    let mut rows = Vec::new();
    rows.extend(state(slot));
    if !info.is_coordinator {
        let known = known(slot);
        rows.push(vote(known, frame));
        rows.push(row("Rule", info.mind.clone()));
        rows.push(row("Knows", knows(known)));
    }
    rows.push(row("Received", received(run, frame, agent)));
    rows.push(row("Waits for", waits_for(run, slot, frame.time_us)));
    if !slot.inbox.is_empty() {
        rows.push(row("Inbox", inbox(run, slot)));
    }
    rows.push(row("Written down", written_down(&slot.durable)));
    rows.push(row("Messages", books(slot)));
    rows.push(row("Own clock", clock(slot, frame.time_us)));
    rows.push(row("Changed", changed(run, frame, agent)));
    Some(Inspection { name: info.name.clone(), standing, rows })
}

fn state(slot: &Slot<Swarm>) -> Option<Row> {
    let fault = |words: &str| Some(Row { fault: true, ..row("State", words) });
    match slot.status {
        Status::Up if slot.corrupted => fault("corrupted: another sits in its place"),
        Status::Up => None,
        Status::Down => fault("crashed; it keeps what it had written down"),
        Status::Paused => Some(row("State", format!("paused, {} messages wait", slot.inbox.len()))),
        Status::Removed => fault("gone for good"),
    }
}

/// What it knows of proposals; of a crashed one what it had written down.
fn known(slot: &Slot<Swarm>) -> Option<&Map<ProposalId, Knowledge>> {
    match (&slot.process, &slot.durable) {
        (_, Durable::Member(durable)) if slot.status == Status::Down => Some(&durable.known),
        (Swarm::Member(member), _) => Some(&member.known),
        (Swarm::Coordinator(_), _) => None,
    }
}

fn vote(known: Option<&Map<ProposalId, Knowledge>>, frame: &Frame) -> Row {
    let shown = frame.proposals.last().map(|proposal| proposal.id);
    let knowledge = known.zip(shown).and_then(|(known, id)| known.get(&id));
    match knowledge.and_then(|knowledge| knowledge.vote.as_ref()) {
        Some((vote, reason)) => {
            let words = format!("{}{}", vote_word(*vote), because(reason));
            Row { vote: Some(*vote), ..row("Votes", words) }
        }
        None => row("Votes", "not yet"),
    }
}

fn because(reason: &Reason) -> String {
    match reason {
        Reason::AlwaysSo => ", as always".to_owned(),
        Reason::ByChance => ", by chance".to_owned(),
        Reason::ConditionHolds(why) | Reason::ConditionFails(why) => format!(": {why}"),
        Reason::NotSaid(field) => format!(": the proposal says nothing of {field}"),
    }
}

fn knows(known: Option<&Map<ProposalId, Knowledge>>) -> String {
    let each = known.into_iter().flatten().map(|(_, knowledge)| {
        let (name, heard) = (&knowledge.proposal.name, seconds(knowledge.heard_us));
        match knowledge.outcome {
            Some(outcome) => format!("{name}: {}", outcome_word(outcome)),
            None => format!("{name} since {heard}, not how it ends"),
        }
    });
    joined(each, "of no proposal")
}

fn joined(parts: impl Iterator<Item = String>, none: &str) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { none.to_owned() } else { parts.join("; ") }
}

/// The newest messages that reached it.
fn received(run: &Run, frame: &Frame, agent: AgentId) -> String {
    let events = run.log().range(frame.events.saturating_sub(LOOK_BACK), frame.events).rev();
    let arrived = events.filter(|event| event.agent == agent && event.what == What::Delivered);
    let words = arrived.take(NAMED_MAX).map(|event| {
        let kind = super::sentence::message_name(event.kind);
        format!("{kind} of {} at {}", run.cast().name(event.peer), seconds(event.time_us))
    });
    joined(words, "nothing yet")
}

fn waits_for(run: &Run, slot: &Slot<Swarm>, now_us: u64) -> String {
    let name = |id: ProposalId| {
        let proposals = &run.scenario().proposals;
        // With one proposal there is nothing to tell apart.
        let named = proposals.get(id as usize).filter(|_| proposals.len() > 1);
        named.map_or_else(String::new, |(_, proposal)| format!(" on {}", proposal.name))
    };
    let words = slot.timers.iter().map(|pending| {
        let (what, id) = match pending.timer {
            Timer::Review(id) => ("the end of its review", id),
            Timer::AskOutcome(id) => ("the decision, then it asks", id),
            Timer::GiveUp(id) => ("the decision, then it gives up", id),
            Timer::Deadline(id) => ("the deadline", id),
            Timer::Reminder(id) => ("missing ballots, then it reminds", id),
        };
        format!("{what}{}, {}", name(id), span(pending.due_us.saturating_sub(now_us)))
    });
    joined(words, "messages")
}

fn inbox(run: &Run, slot: &Slot<Swarm>) -> String {
    let mut words = joined(
        slot.inbox.iter().take(NAMED_MAX).map(|waiting| {
            let kind = waiting.message.message_kind().words();
            format!("{kind} of {}", run.cast().name(waiting.origin))
        }),
        "empty",
    );
    if slot.inbox.len() > NAMED_MAX {
        words.push_str(&format!("; and {} more", slot.inbox.len() - NAMED_MAX));
    }
    words
}

/// What it would still know after a crash.
fn written_down(durable: &Durable) -> String {
    match durable {
        Durable::Member(member) => joined(
            (&member.known).into_iter().map(|(_, knowledge)| {
                let name = &knowledge.proposal.name;
                match (&knowledge.vote, knowledge.outcome) {
                    (_, Some(outcome)) => format!("{name}: {}", outcome_word(outcome)),
                    (Some((vote, _)), None) => format!("its vote on {name}: {}", vote_word(*vote)),
                    (None, None) => name.clone(),
                }
            }),
            "nothing yet",
        ),
        Durable::Coordinator(_) => "proposals, ballots and decisions".to_owned(),
    }
}

fn books(slot: &Slot<Swarm>) -> String {
    let count = slot.count;
    let mut words =
        format!("{} sent ({} bytes), {} received", count.sent, count.bytes_sent, count.received);
    if count.dropped > 0 {
        words.push_str(&format!(", {} on their way to it were lost", count.dropped));
    }
    words
}

fn clock(slot: &Slot<Swarm>, now_us: u64) -> String {
    let LocalClock { offset_us, drift_ppm } = slot.clock;
    let shown_us = slot.clock.local_us(now_us);
    let mut words = seconds(shown_us);
    if offset_us != 0 || drift_ppm != 0 {
        let apart = span(shown_us.abs_diff(now_us));
        words.push_str(if shown_us >= now_us { ", ahead by " } else { ", behind by " });
        words.push_str(&apart);
        if drift_ppm != 0 {
            words.push_str(&format!(", {drift_ppm} µs more each second"));
        }
    }
    format!("{words}; logical time {}", slot.lamport)
}

/// The last thing that happened to it.
fn changed(run: &Run, frame: &Frame, agent: AgentId) -> String {
    let mut events = run.log().range(frame.events.saturating_sub(LOOK_BACK), frame.events).rev();
    let told = events.find_map(|event| {
        let words = sentence(event, run.cast()).filter(|_| event.agent == agent)?;
        Some(format!("{} at {}", words.trim_end_matches('.'), seconds(event.time_us)))
    });
    told.unwrap_or_else(|| "nothing yet".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playback::Command;
    use crate::scenario::intervention::Intervention;
    use crate::scenario::{Scenario, gallery};

    struct Seen(Run, Frame);

    impl Seen {
        fn new(scenario: Scenario) -> Self {
            let run = Run::new(Arc::new(scenario), 7).expect("it starts");
            Self(run, Frame::default())
        }

        fn at(mut self, time_us: u64) -> Self {
            self.0.apply(&Command::AdvanceTo { time_us, budget: u64::MAX }).expect("it goes on");
            self.0.frame(&mut self.1);
            self
        }

        fn after(mut self, intervention: Intervention) -> Self {
            self.0.apply(&Command::Intervene(intervention)).expect("it is possible");
            let time_us = self.1.time_us + 1;
            self.at(time_us)
        }

        fn says(&self, name: &str, what: &str) -> String {
            let agents = &self.0.cast().agents;
            let number = agents.iter().position(|info| info.name == name).expect("it is there");
            let inspection =
                inspect(&self.0, &self.1, AgentId(number as u32)).expect("it is there");
            let row = inspection.rows.into_iter().find(|row| row.what == what);
            row.map(|row| row.words).unwrap_or_default()
        }
    }

    fn deployment() -> Seen {
        let scenario = gallery::find("deployment-vote").and_then(gallery::Entry::scenario);
        Seen::new(scenario.expect("it is in the gallery"))
    }

    #[test]
    fn an_agent_says_why_it_votes_as_it_does() {
        let seen = deployment().at(u64::MAX);
        assert_eq!(seen.says("qa-engineer", "Votes"), "AGAINST: load_test is false, not == true");
        assert_eq!(seen.says("qa-engineer", "Knows"), "deploy-v3.0: approved");
        assert!(seen.says("qa-engineer", "Received").contains("proposal of coordinator at 0.042"));
        assert!(seen.says("qa-engineer", "Written down").contains("approved"));
        assert_eq!(seen.says("coordinator", "Votes"), "");
    }

    #[test]
    fn what_waits_at_a_paused_agent_is_named() {
        let agent = "qa-engineer".to_owned();
        let seen = deployment().at(25_000).after(Intervention::Pause { agent }).at(100_000);
        assert_eq!(seen.says("qa-engineer", "State"), "paused, 1 messages wait");
        assert_eq!(seen.says("qa-engineer", "Inbox"), "proposal of coordinator");
    }

    #[test]
    fn a_crashed_agent_knows_what_it_had_written_down() {
        let agent = "lead-engineer".to_owned();
        let seen = deployment().at(100_000);
        assert!(seen.says("lead-engineer", "Waits for").contains("the end of its review"));
        let seen = seen.at(200_000).after(Intervention::Crash { agent });
        assert!(seen.says("lead-engineer", "State").contains("crashed"));
        assert!(
            seen.says("lead-engineer", "Written down").contains("its vote on deploy-v3.0: FOR")
        );
        assert!(seen.says("lead-engineer", "Changed").contains("crashed"));
    }

    #[test]
    fn a_clock_that_is_wrong_says_by_how_much() {
        let text = r#"{ "format": 1, "name": "late", "title": "Late", "proposals": [{ "id": "p" }],
            "agents": [{ "id": "a", "clock": { "offset_ms": -20, "drift_ppm": 100 } }, { "id": "b" }] }"#;
        let scenario = Scenario::parse(text, "late.json").expect("it is right");
        let seen = Seen::new(scenario).at(50_000);
        let clock = seen.says("a", "Own clock");
        assert!(clock.contains("behind by 19 ms, 100 µs more each second"), "{clock}");
        assert!(!seen.says("b", "Own clock").contains("by"));
    }
}
