//! How an agent takes part in a gossip. Its rounds begin and end by its own clock.

use std::sync::Arc;

use super::note::GossipNote;
use super::session::GossipSession;
use super::{Exchange, Gossip, GossipCall, GossipEntry, GossipTimer, Gossiping, Mode, Talk};
use crate::common::consensus::conclusion::Conclusion;
use crate::common::consensus::hearing::Hearing;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::profile::Profile;
use crate::common::signal::Signal;
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::AgentId;

/// An agent as it gossips; all of it survives a crash as it was written down last.
#[derive(Clone, Debug)]
pub struct Gossiper {
    pub profile: Arc<Profile>,
    pub known: Map<ProposalId, Part>,
}

/// The durable state, which survives a crash: what the agent said, and what it learned.
pub type GossiperDurable = Gossiper;

/// An agent's part in one gossip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub hearing: Hearing,
    pub session: Box<GossipSession>,
}

fn persist(id: ProposalId, part: &Part, out: &mut impl Outlet<Gossiping>) {
    out.persist(GossipEntry::Known { id, part: Box::new(part.clone()) });
}

impl Gossiper {
    /// After a crash it takes part again with what it had written down: its own vote.
    pub fn on_restart(&mut self, out: &mut impl Outlet<Gossiping>) {
        for (id, part) in &self.known {
            if !part.session.is_over {
                await_round(*id, &part.session, out);
            }
            out.raise(part.hearing.told(*id));
        }
    }

    pub fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Gossiping>) {
        if let Signal::Told { id, outcome } = signal {
            self.learn(*id, outcome.decision, out);
        }
    }

    /// Holds this outcome from now on, unless it holds one.
    fn learn(&mut self, id: ProposalId, decision: Decision, out: &mut impl Outlet<Gossiping>) {
        let known = self.known.get_mut(&id).filter(|it| it.hearing.outcome.is_none());
        let Some(part) = known else { return };
        part.hearing.outcome = Some(decision);
        out.note(VoteNote::Learned { proposal: id, decision });
        persist(id, part, out);
        out.raise(part.hearing.told(id));
    }

    /// Hears that a gossip begins, or is asked again for what came of it.
    fn on_call(
        &mut self,
        id: ProposalId,
        from: AgentId,
        call: &Arc<GossipCall>,
        out: &mut impl Outlet<Gossiping>,
    ) {
        if Some(from) != self.profile.registry {
            return out.refuse(from);
        }
        if let Some(part) = self.known.get(&id) {
            if part.session.is_over {
                self.report(id, out);
            }
            return;
        }
        let Some(gossip) = call.proposal.algorithm.terms::<Gossip>().copied() else { return };
        let Some(place) = call.place(out.id()) else { return };
        out.note(VoteNote::Heard { proposal: id });
        let anyone = gossip.overlay || out.is_linked_to_all();
        let me = out.id();
        let near = |agent: &AgentId| *agent != me && out.is_linked_to(*agent);
        let partners = (!anyone).then(|| call.electorate.iter().copied().filter(near).collect());
        let hearing = Hearing::new(call.proposal.clone(), out.now());
        let session = Box::new(GossipSession::new(call.clone(), gossip, place, partners));
        await_round(id, &session, out);
        let part = Part { hearing, session };
        out.raise(part.hearing.told(id));
        self.known.insert(id, part);
    }

    fn gossip(&mut self, id: ProposalId) -> Option<&mut GossipSession> {
        self.known.get_mut(&id).map(|part| &mut *part.session)
    }

    /// A round ends and the next begins.
    pub fn on_round(&mut self, id: ProposalId, out: &mut impl Outlet<Gossiping>) {
        let Some(session) = self.gossip(id).filter(|session| !session.is_over) else { return };
        let (gossip, starts_us) = (session.gossip, session.call.starts_us);
        // An agent that was paused goes on with the round that the others are in.
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
        out.note(VoteNote::RoundBegan { proposal: id, round: next.try_into().unwrap_or(u8::MAX) });
        let ends_us = gossip.begins_us(starts_us, next.saturating_add(1));
        out.set_timer(GossipTimer::Round(id), ends_us.since(out.now()));
        let Some(session) = self.gossip(id) else { return };
        let partners = session.begin_round(next, |most| out.random_between(0, most));
        let Some(talk) = opening(session) else { return };
        for partner in partners {
            out.send(partner, round_of(id, next), talk.clone());
        }
    }

    /// It makes up its own mind, once.
    fn vote_in_gossip(&mut self, id: ProposalId, out: &mut impl Outlet<Gossiping>) {
        let known = self.known.get_mut(&id).filter(|it| it.hearing.vote.is_none());
        let Some(part) = known else { return };
        let fields = &part.hearing.proposal.fields;
        let decided = self.profile.mind.decide(fields, |most| out.random_between(0, most));
        let Some((vote, reason)) = decided else {
            return out.note(VoteNote::StaysSilent { proposal: id });
        };
        out.note(VoteNote::Voted { proposal: id, vote });
        part.hearing.vote = Some((vote, reason));
        part.session.vote(vote);
        // Written before it leaves: after a crash that is what is left.
        persist(id, part, out);
    }

    /// Another agent asks, answers or tells; or the recorder says that the gossip begins.
    pub fn on_talk(
        &mut self,
        from: AgentId,
        header: Header,
        talk: &Talk,
        out: &mut impl Outlet<Gossiping>,
    ) {
        let Header { instance: id, correlation: round } = header;
        if let Talk::Call(call) = talk {
            return self.on_call(id, from, call, out);
        }
        let Some(session) = self.gossip(id).filter(|session| session.call.place(from).is_some())
        else {
            return out.refuse(from);
        };
        match talk {
            Talk::OpinionQuery => {
                out.send(from, header, Talk::Opinion(session.held(round)));
            }
            Talk::Opinion(held) => {
                if !session.sample(from, round, *held) {
                    out.note(VoteNote::CameLate { proposal: id, from });
                }
            }
            Talk::Rumour { ballots, asks } => {
                if !ballots.fits(session.call.electorate.len()) {
                    return out.refuse(from);
                }
                // An answer to a question is no contact that its sender has made.
                let is_told = *asks || session.gossip.mode == Mode::Rumour(Exchange::Push);
                let feedback = session.feedback(round, ballots).filter(|_| is_told);
                let answer = asks.then(|| session.told(round).without(&ballots.voters()));
                if session.learn(round, ballots) > 0 {
                    out.note(GossipNote::Spread { proposal: id, known: session.known() });
                }
                if let Some(answer) = answer {
                    out.send(from, header, told(answer));
                }
                if let Some(knew) = feedback {
                    out.send(from, header, Talk::Feedback { knew });
                }
            }
            Talk::Feedback { knew } => {
                if !session.hear_feedback(from, round, *knew) {
                    out.note(VoteNote::CameLate { proposal: id, from });
                }
            }
            Talk::RumourQuery(voters) => {
                let answer = session.told(round).without(voters);
                out.send(from, header, told(answer));
            }
            Talk::Call(_) | Talk::Conclusion(_) => out.refuse(from),
        }
    }

    /// The agent has stopped: it decides, and tells the recorder.
    fn decide_alone(&mut self, id: ProposalId, out: &mut impl Outlet<Gossiping>) {
        let Some(part) = self.known.get_mut(&id) else { return };
        part.session.is_over = true;
        if part.hearing.outcome.is_none() {
            let decision = part.session.decision(&part.hearing.proposal.algorithm.rule);
            part.hearing.outcome = Some(decision);
            out.note(VoteNote::Concluded { proposal: id, decision });
            persist(id, part, out);
        }
        out.raise(part.hearing.told(id));
        self.report(id, out);
    }

    /// Sends the recorder the agent's decision and its own ballot.
    fn report(&self, id: ProposalId, out: &mut impl Outlet<Gossiping>) {
        let Some(part) = self.known.get(&id) else { return };
        let Some(decision) = part.hearing.outcome else { return };
        let own = part.hearing.vote.as_ref().map(|(vote, _)| (out.id(), *vote));
        let report = Conclusion { decision, votes: own.into_iter().collect(), exposed: Vec::new() };
        let talk = Talk::Conclusion(Arc::new(report));
        if let Some(recorder) = self.profile.registry {
            out.send(recorder, Header::about(id), talk);
        }
    }
}

/// Waits for the next round that begins by the agent's own clock.
fn await_round(id: ProposalId, session: &GossipSession, out: &mut impl Outlet<Gossiping>) {
    let (gossip, starts_us) = (&session.gossip, session.call.starts_us);
    let missed = out.now().since(starts_us).div_ceil(gossip.round_us);
    let next_us = starts_us.after(missed.saturating_mul(gossip.round_us));
    out.set_timer(GossipTimer::Round(id), next_us.since(out.now()));
}

/// The message of an agent to its partners at the beginning of a round; `None` when it has nothing to tell,
/// or no interest in telling it.
fn opening(session: &GossipSession) -> Option<Talk> {
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

/// The round of the agent that begins to talk.
fn round_of(id: ProposalId, round: u32) -> Header {
    Header { instance: id, correlation: round }
}
