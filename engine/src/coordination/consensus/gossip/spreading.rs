//! How a member takes part in a gossip. Its rounds begin and end by its own clock.

use std::sync::Arc;

use super::session::Session;
use super::{Call, Exchange, Mode, Talk};
use crate::coordination::agent::{Knowledge, Member};
use crate::coordination::bus::{Body, Message};
use crate::coordination::consensus::byzantine::Conclusion;
use crate::coordination::consensus::byzantine::note::ByzantineNote;
use crate::coordination::consensus::choice::Held;
use crate::coordination::consensus::gossip::note::GossipNote;
use crate::coordination::consensus::note::VoteNote;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::membership::MembershipNote;
use crate::coordination::port::Port;
use crate::coordination::swarm::{Entry, Timer};
use crate::sim::AgentId;

impl Member {
    /// Hears that a gossip begins, or is asked again for what came of it.
    pub fn on_gossip_call(&mut self, id: ProposalId, call: &Arc<Call>, out: &mut Port<'_, '_>) {
        if let Some(knowledge) = self.known.get(&id) {
            if knowledge.gossip.as_ref().is_some_and(|session| session.is_over) {
                self.report(id, out);
            }
            return;
        }
        let (Some(gossip), Some(place)) = (call.proposal.algorithm.gossip, call.place(out.id()))
        else {
            return;
        };
        out.note(VoteNote::Heard { proposal: id });
        let anyone = gossip.overlay || out.is_linked_to_all();
        let me = out.id();
        let near = |agent: &AgentId| *agent != me && out.is_linked_to(*agent);
        let partners = (!anyone).then(|| call.electorate.iter().copied().filter(near).collect());
        let (heard_us, timing) = (out.now(), call.proposal.timing);
        let session = Session::new(call.clone(), gossip, place, partners);
        self.await_round(id, &session, out);
        let knowledge = Knowledge {
            proposal: call.proposal.clone(),
            heard_us,
            vote: None,
            outcome: None,
            facts: None,
            session: None,
            gossip: Some(Box::new(session)),
            held: Held::default(),
        };
        self.known.insert(id, knowledge);
        out.set_timer(Timer::AskOutcome(id), timing.deadline_us);
        out.set_timer(Timer::GiveUp(id), timing.deadline_us.saturating_add(timing.grace_us));
    }

    /// Waits for the next round that begins by its own clock.
    fn await_round(&self, id: ProposalId, session: &Session, out: &mut Port<'_, '_>) {
        let (gossip, starts_us) = (&session.gossip, session.call.starts_us);
        let missed = out.now().since(starts_us).div_ceil(gossip.round_us);
        let next_us = starts_us.after(missed.saturating_mul(gossip.round_us));
        let left_us = next_us.since(out.now());
        out.set_timer(Timer::Round(id), left_us);
    }

    /// After a crash it takes part again with what it had written down: its own vote.
    pub fn resume_gossip(&self, out: &mut Port<'_, '_>) {
        for (id, knowledge) in &self.known {
            if let Some(session) = knowledge.gossip.as_ref().filter(|session| !session.is_over) {
                self.await_round(*id, session, out);
            }
        }
    }

    fn gossip(&mut self, id: ProposalId) -> Option<&mut Session> {
        self.known.get_mut(&id)?.gossip.as_deref_mut()
    }

    /// A round ends and the next begins.
    pub fn on_gossip_round(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(session) = self.gossip(id).filter(|session| !session.is_over) else { return };
        let (gossip, starts_us) = (session.gossip, session.call.starts_us);
        // Who was paused goes on with the round that the others are in.
        let by_clock = out.now().since(starts_us) / gossip.round_us;
        let by_clock = u32::try_from(by_clock).unwrap_or(u32::MAX).saturating_add(1);
        let (last, next) = (session.round, by_clock.max(session.round.saturating_add(1)));
        if last == 0 {
            // Too late for all rounds: it asks what came of it, as those do who hear nothing.
            if next > gossip.rounds {
                return;
            }
            self.vote_in_gossip(id, out);
        } else {
            let turned = session.end_round();
            let loses_interest = session.loses_interest(|most| out.random_between(0, most));
            let (belief, enough) = (session.belief, session.has_enough());
            if let Some(vote) = belief.filter(|_| turned) {
                out.note(GossipNote::Turned { proposal: id, vote });
            }
            if loses_interest {
                out.note(GossipNote::LosesInterest { proposal: id });
            }
            if enough && next <= gossip.rounds {
                out.note(GossipNote::Rests { proposal: id });
            }
            if enough || next > gossip.rounds {
                return self.decide_alone(id, out);
            }
        }
        out.note(ByzantineNote::RoundBegan {
            proposal: id,
            round: next.try_into().unwrap_or(u8::MAX),
        });
        let ends_us = gossip.begins_us(starts_us, next.saturating_add(1));
        let left_us = ends_us.since(out.now());
        out.set_timer(Timer::Round(id), left_us);
        let Some(session) = self.gossip(id) else { return };
        let partners = session.begin_round(next, |most| out.random_between(0, most));
        let Some(talk) = opening(session) else { return };
        for partner in partners {
            out.send(partner, talk_about(id, next, talk.clone()));
        }
    }

    /// It makes up its own mind, once.
    fn vote_in_gossip(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(knowledge) = self.known.get_mut(&id).filter(|it| it.vote.is_none()) else {
            return;
        };
        let fields = &knowledge.proposal.fields;
        let decided = self.profile.mind.decide(fields, |most| out.random_between(0, most));
        let Some((vote, reason)) = decided else {
            return out.note(VoteNote::StaysSilent { proposal: id });
        };
        out.note(VoteNote::Voted { proposal: id, vote });
        knowledge.vote = Some((vote, reason));
        if let Some(session) = &mut knowledge.gossip {
            session.vote(vote);
        }
        // Written before it leaves: after a crash that is what is left.
        out.persist(Entry::Member { proposal: id, knowledge: Box::new(knowledge.clone()) });
    }

    /// Another agent asks, answers or tells.
    pub fn on_talk(
        &mut self,
        id: ProposalId,
        from: AgentId,
        (round, talk): (u32, &Talk),
        out: &mut Port<'_, '_>,
    ) {
        let Some(session) = self.gossip(id).filter(|session| session.call.place(from).is_some())
        else {
            return out.note(MembershipNote::Misdirected { from });
        };
        match talk {
            Talk::OpinionQuery => {
                out.send(from, talk_about(id, round, Talk::Opinion(session.held(round))));
            }
            Talk::Opinion(held) => {
                if !session.sample(from, round, *held) {
                    out.note(ByzantineNote::CameLate { proposal: id, from });
                }
            }
            Talk::Rumour { ballots, asks } => {
                if !ballots.fits(session.call.electorate.len()) {
                    return out.note(MembershipNote::Misdirected { from });
                }
                // An answer to a question is no contact that its sender has made.
                let is_told = *asks || session.gossip.mode == Mode::Rumour(Exchange::Push);
                let feedback = session.feedback(round, ballots).filter(|_| is_told);
                let answer = asks.then(|| session.told(round).without(&ballots.voters()));
                if session.learn(round, ballots) > 0 {
                    out.note(GossipNote::Spread { proposal: id, known: session.known() });
                }
                if let Some(answer) = answer {
                    out.send(from, talk_about(id, round, told(answer)));
                }
                if let Some(knew) = feedback {
                    out.send(from, talk_about(id, round, Talk::Feedback { knew }));
                }
            }
            Talk::Feedback { knew } => {
                if !session.hear_feedback(from, round, *knew) {
                    out.note(ByzantineNote::CameLate { proposal: id, from });
                }
            }
            Talk::RumourQuery(voters) => {
                let answer = session.told(round).without(voters);
                out.send(from, talk_about(id, round, told(answer)));
            }
        }
    }

    /// It has stopped: it decides, and tells the coordinator for the records.
    fn decide_alone(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(knowledge) = self.known.get_mut(&id) else { return };
        let Some(session) = &mut knowledge.gossip else { return };
        session.is_over = true;
        if knowledge.outcome.is_none() {
            let decision = session.decision(&knowledge.proposal.algorithm.rule);
            knowledge.outcome = Some(decision);
            out.note(ByzantineNote::Concluded { proposal: id, decision });
            out.persist(Entry::Member { proposal: id, knowledge: Box::new(knowledge.clone()) });
        }
        out.cancel_timer(Timer::AskOutcome(id));
        out.cancel_timer(Timer::GiveUp(id));
        self.report(id, out);
        self.tell_outcome(id, out);
    }

    /// What it holds in the end, and its own ballot.
    fn report(&self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(knowledge) = self.known.get(&id) else { return };
        let Some(decision) = knowledge.outcome else { return };
        let own = knowledge.vote.as_ref().map(|(vote, _)| (out.id(), *vote));
        let report = Conclusion { decision, votes: own.into_iter().collect(), exposed: Vec::new() };
        out.send(self.profile.coordinator, Message::about(id, Body::Conclusion(Arc::new(report))));
    }
}

/// What an agent says to its partners at the beginning of a round; nothing when it has nothing to tell, or no
/// interest in telling it.
fn opening(session: &Session) -> Option<Talk> {
    let ballots = session.told(session.round);
    let ask = || Talk::RumourQuery(Arc::new(ballots.voters()));
    Some(match session.gossip.mode {
        Mode::Majority => Talk::OpinionQuery,
        Mode::Rumour(Exchange::Pull) => ask(),
        Mode::Rumour(Exchange::PushPull) if session.interest.is_lost => ask(),
        Mode::Rumour(Exchange::PushPull) => Talk::Rumour { ballots, asks: true },
        Mode::Rumour(Exchange::Push) if !session.tells() => return None,
        Mode::Rumour(Exchange::Push) => Talk::Rumour { ballots, asks: false },
    })
}

fn told(ballots: super::ballots::Ballots) -> Talk {
    Talk::Rumour { ballots: Arc::new(ballots), asks: false }
}

fn talk_about(id: ProposalId, round: u32, talk: Talk) -> Message {
    Message { instance: id, correlation: round, body: Body::Gossip(talk) }
}
