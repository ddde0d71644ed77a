//! How a member keeps what it holds in step with the others (S4, S5): it tells its writes, compares itself
//! with a neighbour now and then, and synchronises with all when it is asked to.
//!
//! Comparing goes both ways: the one who asks gets what it lacks, and gives what the other lacks. Where all are
//! linked with all, such push-pull brings a write to all n agents within O(log n) intervals, by far most
//! likely (Demers et al. 1987, *Epidemic algorithms for replicated database maintenance*; Karp et al. 2000,
//! *Randomized rumor spreading*). The bound that is stated and tested here: 4·⌈log₂ n⌉ + 8 intervals after
//! the last fault is healed and the last message is delivered, all hold the same. Along a line of neighbours
//! a write goes one agent further per interval, at worst: there the bound is 4·n + 8.

use std::sync::Arc;

use super::clock::VectorClock;
use super::crdt::Operation;
use super::holder::{Holder, StateOrder, SyncKind};
use super::memory::StateEntry;
use super::replica::{KeyId, Update};
use super::resolve::Strategy;
use super::talk::{ANTI_ENTROPY, Cursor, StateTalk, Versions};
use crate::coordination::agent::Member;
use crate::coordination::bus::{Body, Message};
use crate::coordination::membership::MembershipNote;
use crate::coordination::state::note::StateNote;
use crate::coordination::swarm::{Entry, Swarm, Timer};
use crate::sim::{AgentId, Outbox};

/// More updates than this do not wait for agents that nobody knows.
const HELD_MAX: usize = 16;

/// What taking in an update came to.
#[derive(Clone, Debug, Default)]
pub(super) struct TakenIn {
    /// What is different now.
    pub changed: Vec<KeyId>,
    /// Something before it is missing.
    pub has_gap: bool,
}

pub(super) fn about_state(correlation: u32, talk: StateTalk) -> Message {
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
        // Members from the start are known to all, and so is the coordinator, whose number follows.
        if out.id().0 > holder.rules.members {
            for peer in holder.peers(out.id()) {
                out.send(peer, about_state(0, StateTalk::Hello));
            }
        }
    }

    /// After a crash: it goes on with what was durable, and asks a neighbour for what it has missed.
    pub fn restart_state(&mut self, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let changed = holder.come_back(out.now());
        // What it was asked before the crash must not pass for an answer now.
        holder.correlation = out.random_between(0, u64::from(ANTI_ENTROPY - 2)) as u32;
        self.persist_state(&changed, out);
        self.start_state(out);
        if let (Some(peer), Some(holder)) = (self.any_neighbour(out), &self.state) {
            out.send(peer, about_state(0, StateTalk::DeltaQuery(Arc::new(holder.cursor()))));
        }
    }

    /// What a person or the scenario wants of it.
    pub fn on_state_order(&mut self, order: &StateOrder, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        match order {
            StateOrder::Write(writes) => self.write_keys(writes, out),
            StateOrder::Enqueue(tasks) => self.enqueue(tasks, out),
            StateOrder::Clear(keys) => self.clear_keys(keys, out),
            StateOrder::Sync { kind, with, keys } => self.begin_sync(*kind, *with, keys, out),
            StateOrder::SetStrategy { keys, strategy, change } => {
                let since = holder.replica.seen.clone();
                let of = |key: &KeyId| (*key, *change, *strategy);
                let changed = self.resolve_by(keys.iter().map(of), out);
                self.persist_state(&changed, out);
                self.tell(&since, out);
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
            match holder.replica.write((*key, rule), operation, out.now()) {
                Ok(()) => {
                    out.note(StateNote::Wrote { key: *key });
                    changed.push(*key);
                }
                Err(_) => out.note(StateNote::WriteRefused { key: *key }),
            }
        }
        self.persist_state(&changed, out);
        self.tell(&since, out);
    }

    fn clear_keys(&mut self, keys: &[KeyId], out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let since = holder.replica.seen.clone();
        for key in keys {
            if holder.replica.remove(*key, holder.rules.horizon) {
                out.note(StateNote::Cleared { key: *key, from: out.id() });
            }
        }
        self.persist_state(keys, out);
        self.tell(&since, out);
    }

    /// Resolves keys by another strategy from now on, unless it knows of a later change. Gives those of which
    /// it holds anything: it tells that anew, as others may have dropped by the old strategy what counts by
    /// the new one.
    fn resolve_by(
        &mut self,
        changes: impl Iterator<Item = (KeyId, u32, Strategy)>,
        out: &mut Outbox<'_, Swarm>,
    ) -> Vec<KeyId> {
        let Some(holder) = &mut self.state else { return Vec::new() };
        let mut changed = Vec::new();
        let before = holder.rules.clone();
        for (key, change, strategy) in changes {
            let place = key.0 as usize;
            if before.keys.get(place).is_none_or(|rule| rule.change >= change) {
                continue;
            }
            let rule = &mut Arc::make_mut(&mut holder.rules).keys[place];
            (rule.change, rule.strategy) = (change, strategy);
            if let Some(record) = holder.replica.records.get_mut(&key) {
                // Values of different types stay side by side.
                let _ = record.merge(strategy, &record.clone());
                holder.replica.tell_anew(key);
                changed.push(key);
            }
        }
        if !Arc::ptr_eq(&before, &holder.rules) {
            let rules = StateEntry::Rules(holder.rules.clone());
            out.persist(Entry::State(Box::new(rules)));
        }
        changed
    }

    /// Tells the neighbours at once what is new since then, if that is how it is done here.
    pub(super) fn tell(&self, since: &VectorClock, out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = self.state.as_ref().filter(|holder| holder.rules.push) else { return };
        let update = holder.about(holder.replica.update_since(since));
        if update.keys().next().is_some() {
            let update = Arc::new(update);
            for peer in self.neighbours(out) {
                out.send(peer, about_state(0, StateTalk::Update(update.clone())));
            }
        }
    }

    /// Writes down what has changed, before anything about it leaves.
    pub(super) fn persist_state(&mut self, keys: &[KeyId], out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        holder.look_again(out.id(), keys);
        for entry in holder.entries(keys) {
            out.persist(Entry::State(Box::new(entry)));
        }
    }

    /// Whom it is linked with; all, where nobody is but the coordinator, who passes everything on.
    fn neighbours(&self, out: &Outbox<'_, Swarm>) -> Vec<AgentId> {
        let Some(holder) = &self.state else { return Vec::new() };
        let peers: Vec<AgentId> = holder.peers(out.id()).collect();
        let linked = peers.iter().copied().filter(|peer| out.is_linked_to(*peer));
        let linked: Vec<AgentId> = linked.collect();
        if linked.is_empty() { peers } else { linked }
    }

    fn any_neighbour(&self, out: &mut Outbox<'_, Swarm>) -> Option<AgentId> {
        let neighbours = self.neighbours(out);
        let last = (neighbours.len() as u64).checked_sub(1)?;
        neighbours.get(out.random_between(0, last) as usize).copied()
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
            SyncKind::Delta | SyncKind::Query => StateTalk::DeltaQuery(Arc::new(holder.cursor())),
        };
        out.send(peer, about_state(correlation, query));
    }

    /// Another agent asks, answers or tells.
    pub fn on_state(&mut self, from: AgentId, message: &Message, out: &mut Outbox<'_, Swarm>) {
        let (Some(holder), Body::State(talk)) = (&mut self.state, &message.body) else {
            return out.note(MembershipNote::Misdirected { from });
        };
        let correlation = message.correlation;
        let reply = |talk| about_state(correlation, talk);
        match talk {
            StateTalk::FullQuery => {
                let update = holder.answer(out.id(), None, &Versions::new());
                out.send(from, reply(StateTalk::Update(Arc::new(update))));
            }
            StateTalk::DeltaQuery(cursor) => {
                if cursor.seen.get(holder.replica.origin) > holder.replica.sequence {
                    out.note(StateNote::FromTheFuture { from });
                    return out.send(from, reply(StateTalk::FromTheFuture));
                }
                let update = holder.answer(out.id(), Some(&cursor.seen), &cursor.strong);
                if update.since.is_none() {
                    out.note(StateNote::BeyondHorizon { from });
                }
                out.send(from, reply(StateTalk::Update(Arc::new(update))));
            }
            StateTalk::KeysQuery(query) => {
                let since = query.since.as_ref();
                let all = holder.answer(out.id(), since, &Versions::new());
                let update = all.answer_about(&query.keys);
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
            StateTalk::Hello => self.meet(&[from], out),
            StateTalk::StrongWrite(_)
            | StateTalk::StrongCommit(_)
            | StateTalk::StrongQuery(_)
            | StateTalk::StrongState(_) => self.on_strong(from, correlation, talk, out),
        }
    }

    /// These agents are there too. What waited for one of them is taken in now.
    fn meet(&mut self, agents: &[AgentId], out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = &mut self.state else { return };
        let before = holder.newcomers.len();
        for agent in agents {
            if !holder.knows(*agent) && agent.0 > holder.rules.members {
                holder.newcomers.push(*agent);
            }
        }
        if holder.newcomers.len() == before {
            return;
        }
        let newcomers = StateEntry::Newcomers(holder.newcomers.clone());
        out.persist(Entry::State(Box::new(newcomers)));
        let held = core::mem::take(&mut holder.held);
        let (known, held) = held.into_iter().partition(|(_, update)| holder.knows_all_in(update));
        holder.held = held;
        for (from, update) in Vec::from_iter::<Vec<_>>(known) {
            self.take_in(from, &update, out);
        }
    }

    fn on_update(
        &mut self,
        from: AgentId,
        message: &Message,
        update: &Arc<Update>,
        out: &mut Outbox<'_, Swarm>,
    ) {
        self.meet(&update.newcomers, out);
        let Some(holder) = &mut self.state else { return };
        if !holder.knows_all_in(update) {
            out.note(StateNote::Held { from });
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
        let has_gap = self.take_in(from, update, out).has_gap;
        let Some(holder) = &mut self.state else { return };
        if compared {
            holder.comparing = None;
            // Now the other way, if there is anything the other lacks. Strong keys it asks for itself.
            if !update.seen.covers_all(&holder.replica.seen) {
                let since = Some(&update.seen).filter(|_| holder.rules.sync_by != SyncKind::Full);
                let news = holder.answer(out.id(), since, &holder.strong_versions());
                out.send(from, about_state(message.correlation, StateTalk::Update(Arc::new(news))));
            }
        } else if has_gap && message.correlation == 0 {
            // Something before it was lost.
            let cursor = Arc::new(holder.cursor());
            out.send(from, about_state(0, StateTalk::DeltaQuery(cursor)));
        }
    }

    /// Takes in what another holds.
    pub(super) fn take_in(
        &mut self,
        from: AgentId,
        update: &Update,
        out: &mut Outbox<'_, Swarm>,
    ) -> TakenIn {
        let mut changed = self.resolve_by(update.strategies.iter().copied(), out);
        let Some(holder) = &mut self.state else { return TakenIn::default() };
        let rules = holder.rules.clone();
        let taken = holder.replica.take_in(update, &rules.keys, rules.horizon);
        // Who has not heard of a change of strategy may have dropped what counts by it.
        for (key, record) in &update.records {
            let place = update.strategies.binary_search_by_key(key, |(key, ..)| *key);
            let change = place.map_or(0, |place| update.strategies[place].1);
            let is_behind = rules.keys.get(key.0 as usize).is_some_and(|it| it.change > change);
            if is_behind && holder.replica.records.get(key) != Some(record) {
                holder.replica.tell_anew(*key);
                changed.push(*key);
            }
        }
        for key in &taken.removed {
            out.note(StateNote::Cleared { key: *key, from });
        }
        for (key, applied) in &taken.merged {
            out.note(StateNote::Merged { key: *key, from, applied: *applied });
        }
        for (key, _) in &taken.refused {
            out.note(StateNote::MixedTypes { key: *key, from });
        }
        changed.extend(taken.merged.iter().map(|(key, _)| *key).chain(taken.removed));
        let changed = sorted(changed.into_iter());
        if !changed.is_empty() {
            self.persist_state(&changed, out);
        }
        for value in &update.strong {
            self.commit(value, out);
        }
        TakenIn { changed, has_gap: taken.has_gap }
    }
}

pub(super) fn sorted(keys: impl Iterator<Item = KeyId>) -> Vec<KeyId> {
    let mut keys: Vec<KeyId> = keys.collect();
    crate::order::sort_by_key(&mut keys, |key| (u64::from(key.0), 0));
    keys.dedup();
    keys
}

impl Holder {
    /// All agents it knows of but itself.
    pub fn peers(&self, me: AgentId) -> impl Iterator<Item = AgentId> + use<'_> {
        let members = (0..self.rules.members).map(AgentId);
        members.chain(self.newcomers.iter().copied()).filter(move |agent| *agent != me)
    }

    /// How far it has come.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { seen: self.replica.seen.clone(), strong: self.strong_versions() }
    }

    /// What the cursor does not cover, or everything, for one who knows these versions of strong keys.
    pub(super) fn answer(
        &self,
        me: AgentId,
        since: Option<&VectorClock>,
        strong: &Versions,
    ) -> Update {
        let update = match since {
            Some(since) => self.replica.update_since(since),
            None => self.replica.everything(),
        };
        let own = Some(me).filter(|me| me.0 > self.rules.members);
        let newcomers = self.newcomers.iter().copied().chain(own).collect();
        Update { newcomers, strong: self.strong_since(strong), ..self.about(update) }
    }

    /// The same, with how its keys are resolved where that was changed.
    fn about(&self, mut update: Update) -> Update {
        for (key, _) in &update.records {
            let rule = &self.rules.keys[key.0 as usize];
            if rule.change > 0 {
                update.strategies.push((*key, rule.change, rule.strategy));
            }
        }
        update
    }

    pub fn next_correlation(&mut self) -> u32 {
        self.correlation = self.correlation % (ANTI_ENTROPY - 1) + 1;
        self.correlation
    }
}
