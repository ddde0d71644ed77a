//! How a member keeps what it holds in step with the others (S4, S5): it tells its writes, compares itself
//! with a neighbour now and then, and synchronises with all when it is asked to.

use std::sync::Arc;

use super::crdt::Operation;
use super::holder::{Holder, StateOrder, SyncKind};
use super::memory::StateEntry;
use super::replica::{KeyId, Update};
use super::resolve::{Strategy, conflict};
use super::talk::{ANTI_ENTROPY, StateTalk, Versions};
use super::version::StateVersion;
use crate::coordination::agent::Member;
use crate::coordination::bus::{Body, Message};
use crate::coordination::note::Note;
use crate::coordination::swarm::{Entry, Swarm, Timer};
use crate::sim::{AgentId, Outbox, Wire as _};

/// More finished synchronisations than this are not kept.
const SYNCS_MAX: usize = 64;
/// More updates than this do not wait for agents that nobody knows.
const HELD_MAX: usize = 16;

/// What an agent has asked others, until all have answered or the time is over.
#[derive(Clone, Debug)]
pub struct Session {
    pub correlation: u32,
    pub kind: SyncKind,
    pub began_us: u64,
    pub waiting: Vec<AgentId>,
    collected: Vec<(AgentId, Arc<Update>)>,
    versions: Vec<(AgentId, Arc<Versions>)>,
    messages: u64,
    bytes: u64,
    fell_back: bool,
}

/// A synchronisation that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRecord {
    pub kind: SyncKind,
    pub began_us: u64,
    pub ended_us: u64,
    /// Who has not answered in time.
    pub missing: Vec<AgentId>,
    /// Keys that were told of in the answers.
    pub keys: u32,
    /// Keys on which the answers disagreed.
    pub conflicts: u32,
    /// Keys that are different now at the agent that asked.
    pub changes: u32,
    /// Sent and received by the agent that asked, questions and answers alike.
    pub messages: u64,
    pub bytes: u64,
    /// Somebody was further behind than removals are remembered, and got everything.
    pub fell_back: bool,
}

fn about_state(correlation: u32, talk: StateTalk) -> Message {
    Message { instance: u32::MAX, correlation, body: Body::State(talk) }
}

impl Member {
    /// Begins to compare itself with others, and says that it is there if nobody can know.
    pub fn start_state(&mut self, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &self.state else { return };
        let interval_us = holder.rules.sync_interval_us;
        if interval_us > 0 {
            // Not all at the same moment.
            let first_us = out.random_between(1, interval_us);
            out.set_timer(Timer::AntiEntropy, first_us);
        }
        if out.id().0 > holder.rules.members {
            for peer in holder.peers(out.id()) {
                out.send(peer, about_state(0, StateTalk::Hello));
            }
        }
    }

    /// After a crash: it goes on with what was durable, and asks a neighbour for what it has missed.
    pub fn restart_state(&mut self, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let changed = holder.come_back(out.now_us());
        self.persist_state(&changed, out);
        self.start_state(out);
        if let (Some(peer), Some(holder)) = (self.any_neighbour(out), &self.state) {
            let cursor = Arc::new(holder.replica.seen.clone());
            out.send(peer, about_state(0, StateTalk::DeltaQuery(cursor)));
        }
    }

    /// What a person or the scenario wants of it.
    pub fn on_state_order(&mut self, order: &StateOrder, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        match order {
            StateOrder::Write(writes) => self.write_keys(writes, out),
            StateOrder::Clear(keys) => self.clear_keys(keys, out),
            StateOrder::Sync { kind, with } => self.begin_sync(*kind, *with, out),
            StateOrder::SetStrategy { keys, strategy } => {
                for key in keys {
                    if let Some(rule) =
                        Arc::make_mut(&mut holder.rules).keys.get_mut(key.0 as usize)
                    {
                        rule.strategy = *strategy;
                    }
                }
                let rules = StateEntry::Rules(holder.rules.clone());
                out.persist(Entry::State(Box::new(rules)));
            }
            StateOrder::StrongWrite { key, operation: Operation::Set(value), expects } => {
                self.write_strong(*key, value, *expects, out);
            }
            StateOrder::StrongWrite { .. } => {}
            StateOrder::Read(key) => self.read_strong(*key, out),
        }
    }

    fn write_keys(&mut self, writes: &[(KeyId, Operation)], out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let since = holder.replica.seen.clone();
        let mut changed = Vec::new();
        for (key, operation) in writes {
            let Some(rule) = holder.rules.keys.get(key.0 as usize) else { continue };
            match holder.replica.write((*key, rule), operation, out.now_us()) {
                Ok(()) => {
                    out.note(Note::Wrote { key: *key });
                    changed.push(*key);
                }
                Err(_) => out.note(Note::WriteRefused { key: *key }),
            }
        }
        let update = holder.replica.update_since(&since);
        self.persist_state(&changed, out);
        self.tell(update, out);
    }

    fn clear_keys(&mut self, keys: &[KeyId], out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let since = holder.replica.seen.clone();
        for key in keys {
            if holder.replica.remove(*key, holder.rules.horizon) {
                out.note(Note::Cleared { key: *key, from: out.id() });
            }
        }
        let update = holder.replica.update_since(&since);
        self.persist_state(keys, out);
        self.tell(update, out);
    }

    /// Tells the neighbours at once what is new, if that is how it is done here.
    fn tell(&self, update: Update, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = self.state.as_ref().filter(|holder| holder.rules.push) else { return };
        if update.keys() > 0 {
            let update = Arc::new(update);
            let me = out.id();
            for peer in holder.peers(me).filter(|peer| out.is_linked_to(*peer)).collect::<Vec<_>>()
            {
                out.send(peer, about_state(0, StateTalk::Update(update.clone())));
            }
        }
    }

    /// Writes down what has changed, before anything about it leaves.
    fn persist_state(&self, keys: &[KeyId], out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &self.state else { return };
        for entry in holder.entries(keys) {
            out.persist(Entry::State(Box::new(entry)));
        }
    }

    fn any_neighbour(&self, out: &mut Outbox<'_, Swarm>) -> Option<AgentId> {
        let me = out.id();
        let peers = self.state.as_ref()?.peers(me).filter(|peer| out.is_linked_to(*peer));
        let peers: Vec<AgentId> = peers.collect();
        let last = (peers.len() as u64).checked_sub(1)?;
        peers.get(out.random_between(0, last) as usize).copied()
    }

    /// Compares itself with a neighbour drawn by chance (anti-entropy, Demers et al. 1987).
    pub fn on_anti_entropy(&mut self, out: &mut Outbox<'_, Swarm>) {
        let peer = self.any_neighbour(out);
        let Some(holder) = &mut self.state else { return };
        out.set_timer(Timer::AntiEntropy, holder.rules.sync_interval_us);
        let Some(peer) = peer else { return };
        let correlation = ANTI_ENTROPY | holder.next_correlation();
        holder.comparing = Some((peer, correlation));
        let query = match holder.rules.sync_by {
            SyncKind::Full => StateTalk::FullQuery,
            SyncKind::Delta | SyncKind::Query => {
                StateTalk::DeltaQuery(Arc::new(holder.replica.seen.clone()))
            }
        };
        out.send(peer, about_state(correlation, query));
    }

    fn begin_sync(&mut self, kind: SyncKind, with: Option<AgentId>, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let waiting: Vec<AgentId> = match with {
            Some(agent) => vec![agent],
            None => holder.peers(out.id()).collect(),
        };
        let query = match kind {
            SyncKind::Full => StateTalk::FullQuery,
            SyncKind::Delta => StateTalk::DeltaQuery(Arc::new(holder.replica.seen.clone())),
            SyncKind::Query => StateTalk::VersionQuery,
        };
        let correlation = holder.next_correlation();
        let mut session = Session {
            correlation,
            kind,
            began_us: out.now_us(),
            waiting,
            collected: Vec::new(),
            versions: Vec::new(),
            messages: 0,
            bytes: 0,
            fell_back: false,
        };
        out.note(Note::SyncBegan { kind });
        for peer in session.waiting.clone() {
            session.send(peer, query.clone(), out);
        }
        out.set_timer(Timer::SyncDeadline(correlation), holder.rules.timeout_us);
        holder.sessions.push(session);
        self.end_sync_if_complete(correlation, out);
    }

    /// Another agent asks, answers or tells.
    pub fn on_state(&mut self, from: AgentId, message: &Message, out: &mut Outbox<'_, Swarm>) {
        let (Some(holder), Body::State(talk)) = (&mut self.state, &message.body) else {
            return out.note(Note::Misdirected { from });
        };
        let correlation = message.correlation;
        let reply = |talk| about_state(correlation, talk);
        match talk {
            StateTalk::FullQuery => {
                out.send(from, reply(StateTalk::Update(Arc::new(holder.replica.everything()))));
            }
            StateTalk::DeltaQuery(cursor) => {
                let replica = &holder.replica;
                if cursor.get(replica.origin) > replica.sequence {
                    out.note(Note::FromTheFuture { from });
                    out.send(from, reply(StateTalk::FromTheFuture));
                    return;
                }
                let update = replica.update_since(cursor);
                if update.since.is_none() {
                    out.note(Note::BeyondHorizon { from });
                }
                out.send(from, reply(StateTalk::Update(Arc::new(update))));
            }
            StateTalk::VersionQuery => {
                let records = holder.replica.records.iter();
                let versions = records.map(|(key, record)| (*key, record.current().version));
                out.send(from, reply(StateTalk::Versions(Arc::new(versions.collect()))));
            }
            StateTalk::Update(update) => self.on_update(from, message, update, out),
            StateTalk::Versions(versions) => {
                if let Some(session) = holder.answered(from, message) {
                    session.versions.push((from, versions.clone()));
                }
                self.end_sync_if_complete(correlation, out);
            }
            StateTalk::FromTheFuture => {
                holder.answered(from, message);
                self.end_sync_if_complete(correlation, out);
            }
            StateTalk::Hello => {
                holder.newcomers.push(from);
                let (known, held) = core::mem::take(&mut holder.held)
                    .into_iter()
                    .partition(|(_, update): &(_, Arc<Update>)| holder.knows_all_in(update));
                holder.held = held;
                for (from, update) in Vec::from_iter::<Vec<_>>(known) {
                    self.take_in(from, &update, out);
                }
            }
            StateTalk::StrongWrite(_)
            | StateTalk::StrongVote { .. }
            | StateTalk::StrongCommit(_)
            | StateTalk::StrongQuery(_)
            | StateTalk::StrongState(_) => self.on_strong(from, correlation, talk, out),
        }
    }

    fn on_update(
        &mut self,
        from: AgentId,
        message: &Message,
        update: &Arc<Update>,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let Some(holder) = &mut self.state else { return };
        if !holder.knows_all_in(update) {
            out.note(Note::Held { from });
            if holder.held.len() < HELD_MAX {
                holder.held.push((from, update.clone()));
            }
            return;
        }
        if let Some(session) = holder.answered(from, message) {
            session.collected.push((from, update.clone()));
            return self.end_sync_if_complete(message.correlation, out);
        }
        let compared = holder.comparing == Some((from, message.correlation));
        let has_gap = self.take_in(from, update, out);
        let Some(holder) = &mut self.state else { return };
        if compared {
            holder.comparing = None;
            // Now the other way, if there is anything the other lacks.
            if !update.seen.covers_all(&holder.replica.seen) {
                let news = match holder.rules.sync_by {
                    SyncKind::Full => holder.replica.everything(),
                    SyncKind::Delta | SyncKind::Query => holder.replica.update_since(&update.seen),
                };
                out.send(from, about_state(message.correlation, StateTalk::Update(Arc::new(news))));
            }
        } else if has_gap && message.correlation == 0 {
            // Something before it was lost.
            let cursor = Arc::new(holder.replica.seen.clone());
            out.send(from, about_state(0, StateTalk::DeltaQuery(cursor)));
        }
    }

    /// Takes in what another holds; true when something before it is missing.
    fn take_in(&mut self, from: AgentId, update: &Update, out: &mut Outbox<'_, Swarm>) -> bool {
        let Some(holder) = &mut self.state else { return false };
        let rules = holder.rules.clone();
        let strategy = |key: KeyId| {
            rules.keys.get(key.0 as usize).map_or(Strategy::LastWriteWins, |rule| rule.strategy)
        };
        let Ok(taken) = holder.replica.take_in(update, strategy, rules.horizon) else {
            out.note(Note::MixedTypes { from });
            return false;
        };
        for (key, applied) in &taken.merged {
            out.note(Note::Merged { key: *key, from, applied: *applied });
        }
        for key in &taken.removed {
            out.note(Note::Cleared { key: *key, from });
        }
        let merged = taken.merged.iter().map(|(key, _)| *key);
        let changed: Vec<KeyId> = merged.chain(taken.removed.iter().copied()).collect();
        if !changed.is_empty() {
            self.persist_state(&changed, out);
        }
        taken.has_gap
    }

    /// The time to wait for answers is over.
    pub fn on_sync_deadline(&mut self, correlation: u32, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        if holder.sessions.iter().any(|session| session.correlation == correlation) {
            self.end_sync(correlation, out);
        } else {
            self.end_strong(correlation, out);
        }
    }

    fn end_sync_if_complete(&mut self, correlation: u32, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &self.state else { return };
        let is_complete = |it: &Session| it.correlation == correlation && it.waiting.is_empty();
        if holder.sessions.iter().any(is_complete) {
            out.cancel_timer(Timer::SyncDeadline(correlation));
            self.end_sync(correlation, out);
        }
    }

    /// Collected versions → conflicts → resolution → told to those who answered (S4). Answers that are
    /// missing do not hold it up.
    fn end_sync(&mut self, correlation: u32, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let Some(place) = holder.sessions.iter().position(|it| it.correlation == correlation)
        else {
            return;
        };
        let mut session = holder.sessions.remove(place);
        let (keys, conflicts) = session.weigh(holder);
        let before = holder.replica.records.clone();
        for (from, update) in &session.collected {
            self.take_in(*from, update, out);
        }
        let Some(holder) = &mut self.state else { return };
        let replica = &holder.replica;
        let of = |key: &KeyId| before.get(key) != replica.records.get(key);
        let changes = keys.iter().filter(|key| of(key)).count() as u32;
        for (from, update) in core::mem::take(&mut session.collected) {
            session.fell_back |= session.kind == SyncKind::Delta && update.since.is_none();
            let news = match session.kind {
                SyncKind::Full => replica.everything(),
                SyncKind::Delta | SyncKind::Query => replica.update_since(&update.seen),
            };
            if session.kind == SyncKind::Full || !update.seen.covers_all(&replica.seen) {
                session.fell_back |= session.kind == SyncKind::Delta && news.since.is_none();
                let talk = StateTalk::Update(Arc::new(news));
                // Nobody waits for an answer to that.
                session.send_about(0, from, talk, out);
            }
        }
        out.note(Note::Synced {
            kind: session.kind,
            changes,
            missing: session.waiting.len() as u32,
        });
        let record = SyncRecord {
            kind: session.kind,
            began_us: session.began_us,
            ended_us: out.now_us(),
            missing: session.waiting,
            keys: keys.len() as u32,
            conflicts,
            changes,
            messages: session.messages,
            bytes: session.bytes,
            fell_back: session.fell_back,
        };
        if holder.syncs.len() == SYNCS_MAX {
            holder.syncs.remove(0);
        }
        holder.syncs.push(record);
    }
}

impl Session {
    fn send(&mut self, to: AgentId, talk: StateTalk, out: &mut Outbox<'_, Swarm>) {
        self.send_about(self.correlation, to, talk, out);
    }

    fn send_about(
        &mut self,
        correlation: u32,
        to: AgentId,
        talk: StateTalk,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let message = about_state(correlation, talk);
        self.count(&message);
        out.send(to, message);
    }

    fn count(&mut self, message: &Message) {
        self.messages += 1;
        self.bytes += u64::from(message.encoded_len());
    }

    /// The keys that were told of, and on how many of them the answers and its own record disagree.
    fn weigh(&self, holder: &Holder) -> (Vec<KeyId>, u32) {
        let told = self.collected.iter().flat_map(|(_, update)| {
            let records = update.records.iter().map(|(key, _)| *key);
            records.chain(update.removals.iter().map(|removal| removal.key))
        });
        let queried = self.versions.iter().flat_map(|(_, versions)| versions.iter().map(|it| it.0));
        let mut keys: Vec<KeyId> = told.chain(queried).collect();
        crate::order::sort_by_key(&mut keys, |key| (u64::from(key.0), 0));
        keys.dedup();
        let own = &holder.replica.records;
        let disagree = |key: &&KeyId| {
            let told = self.collected.iter().filter_map(|(_, update)| {
                let place = update.records.binary_search_by_key(key, |(key, _)| key).ok()?;
                Some(&update.records[place].1)
            });
            let held: Vec<Option<&StateVersion>> =
                told.chain(own.get(*key)).map(|record| Some(record.current())).collect();
            let versions = self.versions.iter().filter_map(|(_, versions)| {
                versions.iter().find(|(other, _)| other == *key).map(|(_, version)| *version)
            });
            let mine = own.get(*key).map_or(0, |record| record.current().version);
            conflict(&held) || versions.into_iter().any(|version| version != mine)
        };
        let conflicts = keys.iter().filter(disagree).count() as u32;
        (keys, conflicts)
    }
}

impl Holder {
    /// All agents it knows of but itself.
    pub fn peers(&self, me: AgentId) -> impl Iterator<Item = AgentId> + use<'_> {
        let members = (0..self.rules.members).map(AgentId);
        members.chain(self.newcomers.iter().copied()).filter(move |agent| *agent != me)
    }

    pub fn next_correlation(&mut self) -> u32 {
        self.correlation = self.correlation % (ANTI_ENTROPY - 1) + 1;
        self.correlation
    }

    /// The session this is an answer in, if the agent was asked and has not answered yet.
    fn answered(&mut self, from: AgentId, message: &Message) -> Option<&mut Session> {
        let session =
            self.sessions.iter_mut().find(|session| session.correlation == message.correlation)?;
        let place = session.waiting.iter().position(|agent| *agent == from)?;
        session.waiting.remove(place);
        session.count(message);
        Some(session)
    }
}
