//! Strong keys (S6): a value is what more than half of all agents have voted for, and each votes for at most
//! one value of a version, in its lifetime. So no version ever has two values. A version on which the votes
//! are split has none, and stays without one: safety is promised here, progress is not.

use std::sync::Arc;

use super::holder::Holder;
use super::memory::{HolderDurable, StateEntry};
use super::replica::KeyId;
use super::talk::{StateTalk, StrongValue};
use super::value::Value;
use crate::coordination::agent::Member;
use crate::coordination::bus::{Body, Message};
use crate::coordination::note::Note;
use crate::coordination::swarm::{Entry, Swarm, Timer};
use crate::sim::{AgentId, Outbox};

/// What an agent knows of a strong key. It survives every crash, as its votes must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strong {
    /// The newest version that more than half have voted for, as far as it knows.
    pub committed: StrongValue,
    /// The newest vote it has given.
    pub voted: Option<StrongValue>,
    /// The last write or read it was asked for has failed, and why.
    pub refused: Option<StrongRefusal>,
}

/// Why a strong write or read was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrongRefusal {
    /// The version it expected is not the newest.
    OtherVersion { newest: u64 },
    /// It could not reach more than half in time.
    NoQuorum { reached: u32, needed: u32 },
    /// So many have voted for something else that it can have no more than half.
    VotesSplit,
}

/// A strong write or read that is not over.
#[derive(Clone, Debug)]
pub struct StrongSession {
    pub correlation: u32,
    pub key: KeyId,
    /// What is to be written; nothing when it is a read.
    pub writes: Option<Arc<StrongValue>>,
    pub waiting: Vec<AgentId>,
    /// Votes for it, or answers, its own among them.
    pub granted: u32,
    /// The newest version anyone told of.
    pub newest: StrongValue,
}

fn about_strong(correlation: u32, talk: StateTalk) -> Message {
    Message { instance: u32::MAX, correlation, body: Body::State(talk) }
}

impl Strong {
    fn unwritten(key: KeyId) -> Self {
        let committed = StrongValue { key, version: 0, value: Value::Null };
        Self { committed, voted: None, refused: None }
    }

    /// Votes for the value, if it may; the same again is no second vote.
    fn vote(&mut self, asked: &StrongValue) -> bool {
        if asked.version <= self.committed.version {
            return false;
        }
        match &self.voted {
            Some(voted) if voted.version == asked.version => voted.value == asked.value,
            Some(voted) if voted.version > asked.version => false,
            _ => {
                self.voted = Some(asked.clone());
                true
            }
        }
    }

    fn commit(&mut self, value: &StrongValue) -> bool {
        let is_newer = value.version > self.committed.version;
        if is_newer {
            self.committed = value.clone();
        }
        is_newer
    }
}

impl Holder {
    fn strong(&mut self, key: KeyId) -> &mut Strong {
        if !self.strong.contains_key(&key) {
            self.strong.insert(key, Strong::unwritten(key));
        }
        match self.strong.get_mut(&key) {
            Some(strong) => strong,
            None => unreachable!("it was put there if it was missing"),
        }
    }

    /// More than half of all agents it knows of, itself among them.
    fn quorum(&self, me: AgentId) -> u32 {
        let all = self.peers(me).count() as u32 + 1;
        all / 2 + 1
    }
}

impl Member {
    fn persist_strong(&self, key: KeyId, out: &mut Outbox<'_, Swarm>) {
        if let Some(strong) = self.state.as_ref().and_then(|holder| holder.strong.get(&key)) {
            let entry = StateEntry::Strong(key, Box::new(strong.clone()));
            out.persist(Entry::State(Box::new(entry)));
        }
    }

    /// Puts the next version of a strong key to the vote.
    pub fn write_strong(
        &mut self,
        key: KeyId,
        value: &Value,
        expects: u64,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let Some(holder) = &mut self.state else { return };
        let strong = holder.strong(key);
        let newest = strong.committed.version;
        let value = StrongValue { key, version: expects.saturating_add(1), value: value.clone() };
        let refused = if newest != expects {
            Some(StrongRefusal::OtherVersion { newest })
        } else if strong.vote(&value) {
            None
        } else {
            Some(StrongRefusal::VotesSplit)
        };
        strong.refused = refused;
        if refused.is_some() {
            self.persist_strong(key, out);
            return out.note(Note::StrongRefused { key });
        }
        out.note(Note::StrongVoted { key, version: value.version as u32 });
        // Its own vote is written before it asks for others.
        self.persist_strong(key, out);
        let value = Arc::new(value);
        self.ask_quorum(key, Some(value.clone()), StateTalk::StrongWrite(value), out);
    }

    /// Asks more than half for the newest version.
    pub fn read_strong(&mut self, key: KeyId, out: &mut Outbox<'_, Swarm>) {
        self.ask_quorum(key, None, StateTalk::StrongQuery(key), out);
    }

    fn ask_quorum(
        &mut self,
        key: KeyId,
        writes: Option<Arc<StrongValue>>,
        talk: StateTalk,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let Some(holder) = &mut self.state else { return };
        let correlation = holder.next_correlation();
        let waiting: Vec<AgentId> = holder.peers(out.id()).collect();
        for peer in &waiting {
            out.send(*peer, about_strong(correlation, talk.clone()));
        }
        out.set_timer(Timer::SyncDeadline(correlation), holder.rules.timeout_us);
        let newest = holder.strong(key).committed.clone();
        let session = StrongSession { correlation, key, writes, waiting, granted: 1, newest };
        holder.strong_sessions.push(session);
        self.weigh_strong(correlation, out);
    }

    pub fn on_strong(
        &mut self,
        from: AgentId,
        correlation: u32,
        talk: &StateTalk,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let Some(holder) = &mut self.state else { return };
        match talk {
            StateTalk::StrongWrite(value) => {
                let strong = holder.strong(value.key);
                let (granted, version) = (strong.vote(value), strong.committed.version);
                if granted {
                    let version = value.version as u32;
                    out.note(Note::StrongVoted { key: value.key, version });
                    self.persist_strong(value.key, out);
                }
                out.send(
                    from,
                    about_strong(correlation, StateTalk::StrongVote { granted, version }),
                );
            }
            StateTalk::StrongCommit(value) => self.commit(value, out),
            StateTalk::StrongQuery(key) => {
                let newest = Arc::new(holder.strong(*key).committed.clone());
                out.send(from, about_strong(correlation, StateTalk::StrongState(newest)));
            }
            StateTalk::StrongVote { granted, version } => {
                let Some(session) = holder.asked(from, correlation) else { return };
                session.granted += u32::from(*granted);
                session.newest.version = session.newest.version.max(*version);
                self.weigh_strong(correlation, out);
            }
            StateTalk::StrongState(value) => {
                let Some(session) = holder.asked(from, correlation) else { return };
                session.granted += 1;
                if value.version > session.newest.version {
                    session.newest = (**value).clone();
                }
                self.weigh_strong(correlation, out);
            }
            _ => {}
        }
    }

    fn commit(&mut self, value: &StrongValue, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let strong = holder.strong(value.key);
        if strong.commit(value) {
            strong.refused = None;
            out.note(Note::Committed { key: value.key, version: value.version as u32 });
            self.persist_strong(value.key, out);
        }
    }

    /// Ends a strong write or read once enough have answered, or too few can.
    fn weigh_strong(&mut self, correlation: u32, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let needed = holder.quorum(out.id());
        let of = |it: &&StrongSession| it.correlation == correlation;
        let Some(session) = holder.strong_sessions.iter().find(of) else { return };
        let can_have = session.granted + session.waiting.len() as u32;
        if session.granted >= needed || can_have < needed {
            out.cancel_timer(Timer::SyncDeadline(correlation));
            self.end_strong(correlation, out);
        }
    }

    /// It has its answers, or the time is over.
    pub fn end_strong(&mut self, correlation: u32, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let of = |it: &StrongSession| it.correlation == correlation;
        let Some(place) = holder.strong_sessions.iter().position(of) else { return };
        let session = holder.strong_sessions.remove(place);
        let (key, needed) = (session.key, holder.quorum(out.id()));
        if session.granted >= needed {
            match session.writes {
                Some(value) => {
                    for peer in holder.peers(out.id()).collect::<Vec<_>>() {
                        out.send(peer, about_strong(0, StateTalk::StrongCommit(value.clone())));
                    }
                    self.commit(&value, out);
                }
                None => {
                    out.note(Note::StrongRead { key, version: session.newest.version as u32 });
                    self.commit(&session.newest, out);
                }
            }
            return;
        }
        let expected = session.writes.map(|value| value.version - 1);
        let newest = session.newest.version;
        let refusal = if expected.is_some_and(|expected| newest > expected) {
            StrongRefusal::OtherVersion { newest }
        } else if session.waiting.is_empty() {
            StrongRefusal::VotesSplit
        } else {
            StrongRefusal::NoQuorum { reached: session.granted, needed }
        };
        holder.strong(key).refused = Some(refusal);
        out.note(Note::StrongRefused { key });
    }
}

impl Holder {
    /// The strong write or read this is an answer in, if the agent has not answered yet.
    fn asked(&mut self, from: AgentId, correlation: u32) -> Option<&mut StrongSession> {
        let of = |it: &&mut StrongSession| it.correlation == correlation;
        let session = self.strong_sessions.iter_mut().find(of)?;
        let place = session.waiting.iter().position(|agent| *agent == from)?;
        session.waiting.remove(place);
        Some(session)
    }
}

impl HolderDurable {
    /// All hold this value of a strong key from the start, as its first version.
    pub fn begin_strong(&mut self, key: KeyId, value: Value) {
        let committed = StrongValue { key, version: 1, value };
        self.strong.insert(key, Strong { committed, voted: None, refused: None });
    }
}
