//! How a member takes part in a Byzantine vote. Its rounds begin and end by its own clock.

use std::sync::Arc;

use super::session::{Acceptance, Session};
use super::{Batch, Call, Statement};
use crate::coordination::agent::{Knowledge, Member};
use crate::coordination::bus::{Body, Message};
use crate::coordination::consensus::byzantine::note::ByzantineNote;
use crate::coordination::consensus::choice::Held;
use crate::coordination::consensus::note::VoteNote;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::membership::MembershipNote;
use crate::coordination::port::Port;
use crate::coordination::signature::Signed;
use crate::coordination::swarm::{Entry, Timer};
use crate::sim::AgentId;

impl Member {
    /// Hears that a vote begins, perhaps again.
    pub fn on_call(&mut self, id: ProposalId, call: &Arc<Call>, out: &mut Port<'_, '_>) {
        if self.known.contains_key(&id) {
            return;
        }
        out.note(VoteNote::Heard { proposal: id });
        let (heard_us, timing) = (out.now(), call.proposal.timing);
        let knowledge = Knowledge {
            proposal: call.proposal.clone(),
            heard_us,
            vote: None,
            outcome: None,
            facts: None,
            session: Some(Box::new(Session::new(call.clone()))),
            gossip: None,
            held: Held::default(),
        };
        self.known.insert(id, knowledge);
        out.set_timer(Timer::AskOutcome(id), timing.deadline_us);
        out.set_timer(Timer::GiveUp(id), timing.deadline_us.saturating_add(timing.grace_us));
        // Who hears of it late joins in the next round that begins.
        let (starts_us, round_us) = (call.starts_us, call.rounds.round_us);
        let missed = heard_us.since(starts_us).div_ceil(round_us);
        if let Some(session) = self.session(id) {
            session.round = missed.try_into().unwrap_or(u32::MAX).min(session.call.rounds.in_all());
        }
        let next_us = starts_us.after(missed.saturating_mul(round_us));
        out.set_timer(Timer::Round(id), next_us.since(heard_us));
    }

    fn session(&mut self, id: ProposalId) -> Option<&mut Session> {
        self.known.get_mut(&id)?.session.as_deref_mut()
    }

    /// A round ends and the next begins.
    pub fn on_round(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(session) = self.session(id).filter(|session| !session.aside) else { return };
        session.round += 1;
        let (round, call) = (session.round, session.call.clone());
        if session.is_over() {
            return self.conclude(id, out);
        }
        out.note(ByzantineNote::RoundBegan { proposal: id, round: narrow(round) });
        let ends_us = call.starts_us.after(u64::from(round) * call.rounds.round_us);
        let left_us = ends_us.since(out.now());
        out.set_timer(Timer::Round(id), left_us);
        let own = self.statement(id, round, &call, out);
        let (key, me, now_us) = (self.key, out.id(), out.now());
        let Some(session) = self.session(id) else { return };
        // What it relays was signed when it was accepted; its own vote it accepts itself.
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
            out.send(agent, Message::about(id, Body::Statements(batch.clone())));
        }
    }

    /// What it says in a voting round: the same in every one.
    fn statement(
        &mut self,
        id: ProposalId,
        round: u32,
        call: &Call,
        out: &mut Port<'_, '_>,
    ) -> Option<Statement> {
        let knowledge = self.known.get_mut(&id).filter(|_| round <= call.rounds.voting_rounds)?;
        if knowledge.vote.is_none() {
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
            knowledge.vote = Some(decided);
            // Written before it leaves: after a crash it must not say something else.
            out.persist(Entry::Member { proposal: id, knowledge: Box::new(knowledge.clone()) });
        }
        let (vote, _) = knowledge.vote.as_ref()?;
        Some(Statement { proposal: id, voter: out.id(), round, vote: *vote })
    }

    pub fn on_statements(
        &mut self,
        id: ProposalId,
        from: AgentId,
        batch: &Batch,
        out: &mut Port<'_, '_>,
    ) {
        let (key, now_us) = (self.key, out.now());
        let Some(session) = self.session(id).filter(|session| session.call.place(from).is_some())
        else {
            return out.note(MembershipNote::Misdirected { from });
        };
        if session.aside {
            return;
        }
        if batch.round < session.round {
            out.note(ByzantineNote::CameLate { proposal: id, from });
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
                Acceptance::Invalid => out.note(MembershipNote::Misdirected { from }),
            }
        }
    }

    /// All rounds are over: it decides, and tells the coordinator for the records.
    fn conclude(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let coordinator = self.profile.coordinator;
        let Some(knowledge) = self.known.get_mut(&id) else { return };
        let Some(session) = &knowledge.session else { return };
        let conclusion = session.conclusion();
        let decision = conclusion.decision;
        if knowledge.outcome.is_none() {
            knowledge.outcome = Some(decision);
            out.note(ByzantineNote::Concluded { proposal: id, decision });
            out.persist(Entry::Member { proposal: id, knowledge: Box::new(knowledge.clone()) });
        }
        out.cancel_timer(Timer::AskOutcome(id));
        out.cancel_timer(Timer::GiveUp(id));
        out.send(coordinator, Message::about(id, Body::Conclusion(Arc::new(conclusion))));
        self.tell_outcome(id, out);
    }
}

/// A round as a trace event holds it; there are never so many.
fn narrow(round: u32) -> u8 {
    round.try_into().unwrap_or(u8::MAX)
}
