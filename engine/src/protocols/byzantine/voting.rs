//! How an agent takes part in a Byzantine vote. Its rounds begin and end by its own clock.

use std::sync::Arc;

use super::message::{ByzantineMessage, ByzantineTimer};
use super::note::ByzantineNote;
use super::session::{Acceptance, ByzantineSession};
use super::{Batch, Byzantine, ByzantineCall, ByzantineEntry, Statement};
use crate::common::consensus::hearing::Hearing;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::profile::Profile;
use crate::common::signal::Signal;
use crate::common::signature::{Key, Signed};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::AgentId;

/// An agent as it votes; all of it survives a crash as it was written down last.
#[derive(Clone, Debug)]
pub struct Voter {
    pub profile: Arc<Profile>,
    pub key: Key,
    pub known: Map<ProposalId, Part>,
}

/// The durable state, which survives a crash: what the agent said, and what it learned.
pub type VoterDurable = Voter;

/// An agent's part in one vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub hearing: Hearing,
    pub session: ByzantineSession,
}

fn persist(id: ProposalId, part: &Part, out: &mut impl Outlet<Byzantine>) {
    out.persist(ByzantineEntry::Known { id, part: Box::new(part.clone()) });
}

impl Voter {
    /// Takes up what was durable: it does not know what it has missed.
    pub fn on_restart(&mut self, out: &mut impl Outlet<Byzantine>) {
        for (id, part) in self.known.iter_mut() {
            part.session.aside = !part.session.is_over();
            out.raise(part.hearing.told(*id));
        }
    }

    pub fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Byzantine>) {
        if let Signal::Told { id, outcome } = signal {
            self.learn(*id, outcome.decision, out);
        }
    }

    /// Holds this outcome from now on, unless it holds one.
    fn learn(&mut self, id: ProposalId, decision: Decision, out: &mut impl Outlet<Byzantine>) {
        let known = self.known.get_mut(&id).filter(|it| it.hearing.outcome.is_none());
        let Some(part) = known else { return };
        part.hearing.outcome = Some(decision);
        out.note(VoteNote::Learned { proposal: id, decision });
        persist(id, part, out);
        out.raise(part.hearing.told(id));
    }

    /// Hears that a vote begins, perhaps again.
    pub fn on_call(
        &mut self,
        id: ProposalId,
        from: AgentId,
        call: &Arc<ByzantineCall>,
        out: &mut impl Outlet<Byzantine>,
    ) {
        if Some(from) != self.profile.registry {
            return out.refuse(from);
        }
        if self.known.contains_key(&id) {
            return;
        }
        out.note(VoteNote::Heard { proposal: id });
        let heard_us = out.now();
        // An agent that hears of it late joins in the next round that begins.
        let (starts_us, round_us) = (call.starts_us, call.rounds.round_us);
        let missed = heard_us.since(starts_us).div_ceil(round_us);
        let mut session = ByzantineSession::new(call.clone());
        session.round = missed.try_into().unwrap_or(u32::MAX).min(call.rounds.in_all());
        let part = Part { hearing: Hearing::new(call.proposal.clone(), heard_us), session };
        out.raise(part.hearing.told(id));
        self.known.insert(id, part);
        let next_us = starts_us.after(missed.saturating_mul(round_us));
        out.set_timer(ByzantineTimer::Round(id), next_us.since(heard_us));
    }

    fn session(&mut self, id: ProposalId) -> Option<&mut ByzantineSession> {
        self.known.get_mut(&id).map(|part| &mut part.session)
    }

    /// A round ends and the next begins.
    pub fn on_round(&mut self, id: ProposalId, out: &mut impl Outlet<Byzantine>) {
        let Some(session) = self.session(id).filter(|session| !session.aside) else { return };
        session.round += 1;
        let (round, call) = (session.round, session.call.clone());
        if session.is_over() {
            return self.conclude(id, out);
        }
        out.note(VoteNote::RoundBegan { proposal: id, round: narrow(round) });
        let ends_us = call.starts_us.after(u64::from(round) * call.rounds.round_us);
        out.set_timer(ByzantineTimer::Round(id), ends_us.since(out.now()));
        let own = self.statement(id, round, &call, out);
        let (key, me, now_us) = (self.key, out.id(), out.now());
        let Some(session) = self.session(id) else { return };
        // Relayed statements were signed when they were accepted; its own vote it accepts itself.
        let (mut statements, evidence) = session.take_fresh();
        if let Some(own) = own {
            let own = Signed::new(own, &key);
            session.accept(&own, me, now_us, &key);
            session.take_fresh();
            statements.push(own);
        }
        if statements.is_empty() {
            return;
        }
        let batch = Arc::new(Batch { round, evidence, statements });
        for &agent in call.electorate.iter().filter(|agent| **agent != me) {
            out.send(agent, Header::about(id), ByzantineMessage::Statements(batch.clone()));
        }
    }

    /// The agent's own statement in a voting round: the same in every one.
    fn statement(
        &mut self,
        id: ProposalId,
        round: u32,
        call: &ByzantineCall,
        out: &mut impl Outlet<Byzantine>,
    ) -> Option<Statement> {
        let part = self.known.get_mut(&id).filter(|_| round <= call.rounds.voting_rounds)?;
        if part.hearing.vote.is_none() {
            let fields = &call.proposal.fields;
            let Some(decided) =
                self.profile.mind.decide(fields, |most| out.random_between(0, most))
            else {
                if round == 1 {
                    out.note(VoteNote::StaysSilent { proposal: id });
                }
                return None;
            };
            out.note(VoteNote::Voted { proposal: id, vote: decided.0 });
            part.hearing.vote = Some(decided);
            // Written before it leaves: after a crash it must not say something else.
            persist(id, part, out);
        }
        let (vote, _) = part.hearing.vote.as_ref()?;
        Some(Statement { proposal: id, voter: out.id(), round, vote: *vote })
    }

    pub fn on_statements(
        &mut self,
        id: ProposalId,
        from: AgentId,
        batch: &Batch,
        out: &mut impl Outlet<Byzantine>,
    ) {
        let (key, now_us) = (self.key, out.now());
        let Some(session) = self.session(id).filter(|session| session.call.place(from).is_some())
        else {
            return out.refuse(from);
        };
        if session.aside {
            return;
        }
        if batch.round < session.round {
            out.note(VoteNote::CameLate { proposal: id, from });
        }
        for signed in &batch.statements {
            let Statement { voter, vote, round, proposal } = *signed.content();
            let accepted = if proposal == id {
                session.accept(signed, from, now_us, &key)
            } else {
                Acceptance::Invalid
            };
            match accepted {
                Acceptance::Accepted { exposes } => {
                    let round = narrow(round);
                    out.note(ByzantineNote::Accepted { proposal: id, voter, vote, round });
                    if exposes {
                        out.note(ByzantineNote::Exposed { proposal: id, voter });
                    }
                }
                Acceptance::Late => out.note(ByzantineNote::LateEvidence { proposal: id, voter }),
                Acceptance::Known => {}
                Acceptance::Invalid => out.refuse(from),
            }
        }
    }

    /// All rounds are over: the agent decides, and tells the recorder.
    fn conclude(&mut self, id: ProposalId, out: &mut impl Outlet<Byzantine>) {
        let Some(part) = self.known.get_mut(&id) else { return };
        let conclusion = part.session.conclusion();
        let decision = conclusion.decision;
        if part.hearing.outcome.is_none() {
            part.hearing.outcome = Some(decision);
            out.note(VoteNote::Concluded { proposal: id, decision });
            persist(id, part, out);
        }
        let message = ByzantineMessage::Conclusion(Arc::new(conclusion));
        if let Some(recorder) = self.profile.registry {
            out.send(recorder, Header::about(id), message);
        }
        out.raise(part.hearing.told(id));
    }
}

/// A round as a trace event holds it; there are never so many.
fn narrow(round: u32) -> u8 {
    round.try_into().unwrap_or(u8::MAX)
}
