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
use super::holder::{Holder, State, StateOrder, SyncKind};
use super::memory::StateEntry;
use super::replica::{KeyId, Update};
use super::resolve::Strategy;
use super::talk::StateTimer;
use super::talk::{ANTI_ENTROPY, Cursor, StateTalk, Versions};
use crate::protocol::contract::{Header, Outlet};
use crate::protocols::state::note::StateNote;
use crate::sim::AgentId;

/// The most updates that wait for unknown agents.
const HELD_MAX: usize = 16;

/// The result of taking in an update.
#[derive(Clone, Debug, Default)]
pub(super) struct TakenIn {
    /// The keys that are different now.
    pub changed: Vec<KeyId>,
    /// Something before it is missing.
    pub has_gap: bool,
}

/// State is one for the whole swarm: it has no instances.
pub(super) fn paired(correlation: u32) -> Header {
    Header { instance: u32::MAX, correlation }
}

impl Holder {
    /// Begins to compare itself with others, and says that it is there if nobody can know.
    pub(super) fn start(&mut self, out: &mut impl Outlet<State>) {
        let interval_us = self.rules.sync_interval_us;
        if interval_us > 0 {
            // Not all at the same moment.
            let first_us = out.random_between(1, interval_us);
            out.set_timer(StateTimer::AntiEntropy, first_us);
        }
        // Members from the start are known to all, and so is the coordinator, whose number follows.
        if out.id().0 > self.rules.members {
            for peer in self.peers(out.id()) {
                out.send(peer, paired(0), StateTalk::Hello);
            }
        }
    }

    /// After a crash: it goes on with what was durable, and asks a neighbour for what it has missed.
    pub(super) fn restart(&mut self, out: &mut impl Outlet<State>) {
        let changed = self.come_back(out.now());
        // An answer to a question of before the crash must not be paired with a new question.
        self.correlation = out.random_between(0, u64::from(ANTI_ENTROPY - 2)) as u32;
        self.persist_state(&changed, out);
        self.start(out);
        if let Some(peer) = self.any_neighbour(out) {
            out.send(peer, paired(0), StateTalk::DeltaQuery(Arc::new(self.cursor())));
        }
    }

    /// Carries out an order of a person or the scenario.
    pub(super) fn carry_out(&mut self, order: &StateOrder, out: &mut impl Outlet<State>) {
        match order {
            StateOrder::Write(writes) => self.write_keys(writes, out),
            StateOrder::Enqueue(tasks) => self.enqueue(tasks, out),
            StateOrder::Clear(keys) => self.clear_keys(keys, out),
            StateOrder::Sync { kind, with, keys } => self.begin_sync(*kind, *with, keys, out),
            StateOrder::SetStrategy { keys, strategy, change } => {
                let since = self.replica.seen.clone();
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

    fn write_keys(&mut self, writes: &[(KeyId, Operation)], out: &mut impl Outlet<State>) {
        let since = self.replica.seen.clone();
        let mut changed = Vec::new();
        for (key, operation) in writes {
            let Some(rule) = self.rules.keys.get(key.0 as usize) else { continue };
            match self.replica.write((*key, rule), operation, out.now()) {
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

    fn clear_keys(&mut self, keys: &[KeyId], out: &mut impl Outlet<State>) {
        let since = self.replica.seen.clone();
        for key in keys {
            if self.replica.remove(*key, self.rules.horizon) {
                out.note(StateNote::Cleared { key: *key, from: out.id() });
            }
        }
        self.persist_state(keys, out);
        self.tell(&since, out);
    }

    /// Resolves keys by another strategy from now on, unless it knows of a later change. Returns the changed
    /// keys that it holds: their records are told anew, as other agents may have dropped by the old strategy
    /// what counts by the new one.
    fn resolve_by(
        &mut self,
        changes: impl Iterator<Item = (KeyId, u32, Strategy)>,
        out: &mut impl Outlet<State>,
    ) -> Vec<KeyId> {
        let mut changed = Vec::new();
        let before = self.rules.clone();
        for (key, change, strategy) in changes {
            let place = key.0 as usize;
            if before.keys.get(place).is_none_or(|rule| rule.change >= change) {
                continue;
            }
            let rule = &mut Arc::make_mut(&mut self.rules).keys[place];
            (rule.change, rule.strategy) = (change, strategy);
            if let Some(record) = self.replica.records.get_mut(&key) {
                // Values of different types stay side by side.
                let before = record.clone();
                let _ = Arc::make_mut(record).merge(strategy, &before);
                self.replica.tell_anew(key);
                changed.push(key);
            }
        }
        if !Arc::ptr_eq(&before, &self.rules) {
            let rules = StateEntry::Rules(self.rules.clone());
            out.persist(Box::new(rules));
        }
        changed
    }

    /// Tells the neighbours at once what is new since then, if that is how it is done here.
    pub(super) fn tell(&self, since: &VectorClock, out: &mut impl Outlet<State>) {
        if !self.rules.push {
            return;
        }
        let update = self.about(self.replica.update_since(since));
        if update.keys().next().is_some() {
            let update = Arc::new(update);
            for peer in self.neighbours(out) {
                out.send(peer, paired(0), StateTalk::Update(update.clone()));
            }
        }
    }

    /// Writes down what has changed, before anything about it leaves.
    pub(super) fn persist_state(&mut self, keys: &[KeyId], out: &mut impl Outlet<State>) {
        self.look_again(out.id(), keys);
        for entry in self.entries(keys) {
            out.persist(Box::new(entry));
        }
    }

    /// The agents it is linked with; all agents where it is linked with the coordinator alone, which passes
    /// everything on.
    fn neighbours(&self, out: &impl Outlet<State>) -> Vec<AgentId> {
        let peers: Vec<AgentId> = self.peers(out.id()).collect();
        let linked = peers.iter().copied().filter(|peer| out.is_linked_to(*peer));
        let linked: Vec<AgentId> = linked.collect();
        if linked.is_empty() { peers } else { linked }
    }

    fn any_neighbour(&self, out: &mut impl Outlet<State>) -> Option<AgentId> {
        let neighbours = self.neighbours(out);
        let last = (neighbours.len() as u64).checked_sub(1)?;
        neighbours.get(out.random_between(0, last) as usize).copied()
    }

    /// Compares itself with a neighbour drawn by chance (anti-entropy, Demers et al. 1987).
    pub(super) fn on_anti_entropy(&mut self, out: &mut impl Outlet<State>) {
        let peer = self.any_neighbour(out);
        out.set_timer(StateTimer::AntiEntropy, self.rules.sync_interval_us);
        let Some(peer) = peer else { return };
        let correlation = ANTI_ENTROPY | self.next_correlation();
        self.comparing = Some((peer, correlation));
        let query = match self.rules.sync_by {
            SyncKind::Full => StateTalk::FullQuery,
            SyncKind::Delta | SyncKind::Query => StateTalk::DeltaQuery(Arc::new(self.cursor())),
        };
        out.send(peer, paired(correlation), query);
    }

    /// Another agent asks, answers or tells.
    pub(super) fn on_talk(
        &mut self,
        from: AgentId,
        header: Header,
        talk: &StateTalk,
        out: &mut impl Outlet<State>,
    ) {
        let correlation = header.correlation;
        match talk {
            StateTalk::FullQuery => {
                let update = self.answer(out.id(), None, &Versions::new());
                out.send(from, header, StateTalk::Update(Arc::new(update)));
            }
            StateTalk::DeltaQuery(cursor) => {
                if cursor.seen.get(self.replica.origin) > self.replica.sequence {
                    out.note(StateNote::FromTheFuture { from });
                    return out.send(from, header, StateTalk::FromTheFuture);
                }
                let update = self.answer(out.id(), Some(&cursor.seen), &cursor.strong);
                if update.since.is_none() {
                    out.note(StateNote::BeyondHorizon { from });
                }
                out.send(from, header, StateTalk::Update(Arc::new(update)));
            }
            StateTalk::KeysQuery(query) => {
                let since = query.since.as_ref();
                let all = self.answer(out.id(), since, &Versions::new());
                let update = all.answer_about(&query.keys);
                out.send(from, header, StateTalk::Update(Arc::new(update)));
            }
            StateTalk::VersionQuery => {
                let records = self.replica.records.iter();
                let versions = records.map(|(key, record)| (*key, record.current().version));
                out.send(from, header, StateTalk::Versions(Arc::new(versions.collect())));
            }
            StateTalk::Update(update) => self.on_update(from, (header, talk), update, out),
            StateTalk::Versions(versions) => {
                if let Some(session) = self.answered(from, (header, talk), out) {
                    session.versions.push((from, versions.clone()));
                }
                self.end_sync_if_complete(correlation, out);
            }
            StateTalk::FromTheFuture => {
                self.answered(from, (header, talk), out);
                self.end_sync_if_complete(correlation, out);
            }
            StateTalk::Hello => self.meet(&[from], out),
            StateTalk::StrongWrite(_)
            | StateTalk::StrongCommit(_)
            | StateTalk::StrongQuery(_)
            | StateTalk::StrongState(_) => self.on_strong(from, correlation, talk, out),
        }
    }

    /// Learns that these agents are there too. Updates that were held for one of them are taken in now.
    fn meet(&mut self, agents: &[AgentId], out: &mut impl Outlet<State>) {
        let before = self.newcomers.len();
        for agent in agents {
            if !self.knows(*agent) && agent.0 > self.rules.members {
                self.newcomers.push(*agent);
            }
        }
        if self.newcomers.len() == before {
            return;
        }
        let newcomers = StateEntry::Newcomers(self.newcomers.clone());
        out.persist(Box::new(newcomers));
        let held = core::mem::take(&mut self.held);
        let (known, held) = held.into_iter().partition(|(_, update)| self.knows_all_in(update));
        self.held = held;
        for (from, update) in Vec::from_iter::<Vec<_>>(known) {
            self.take_in(from, &update, out);
        }
    }

    fn on_update(
        &mut self,
        from: AgentId,
        (header, talk): (Header, &StateTalk),
        update: &Arc<Update>,
        out: &mut impl Outlet<State>,
    ) {
        self.meet(&update.newcomers, out);
        if !self.knows_all_in(update) {
            out.note(StateNote::Held { from });
            if self.held.len() < HELD_MAX {
                self.held.push((from, update.clone()));
            }
            return;
        }
        if let Some(session) = self.answered(from, (header, talk), out) {
            session.collected.push((from, update.clone()));
            return self.end_sync_if_complete(header.correlation, out);
        }
        let compared = self.comparing == Some((from, header.correlation));
        let has_gap = self.take_in(from, update, out).has_gap;
        if compared {
            self.comparing = None;
            // Now the other way, if there is anything the other lacks. Strong keys it asks for itself.
            if !update.seen.covers_all(&self.replica.seen) {
                let since = Some(&update.seen).filter(|_| self.rules.sync_by != SyncKind::Full);
                let news = self.answer(out.id(), since, &self.strong_versions());
                out.send(from, paired(header.correlation), StateTalk::Update(Arc::new(news)));
            }
        } else if has_gap && header.correlation == 0 {
            // Something before it was lost.
            let cursor = Arc::new(self.cursor());
            out.send(from, paired(0), StateTalk::DeltaQuery(cursor));
        }
    }

    /// Takes in what another holds.
    pub(super) fn take_in(
        &mut self,
        from: AgentId,
        update: &Update,
        out: &mut impl Outlet<State>,
    ) -> TakenIn {
        let mut changed = self.resolve_by(update.strategies.iter().copied(), out);
        let rules = self.rules.clone();
        let taken = self.replica.take_in(update, &rules.keys, rules.horizon);
        // An agent that has not heard of a change of strategy may have dropped what counts by it.
        for (key, record) in &update.records {
            let place = update.strategies.binary_search_by_key(key, |(key, ..)| *key);
            let change = place.map_or(0, |place| update.strategies[place].1);
            let is_behind = rules.keys.get(key.0 as usize).is_some_and(|it| it.change > change);
            if is_behind && self.replica.records.get(key) != Some(record) {
                self.replica.tell_anew(*key);
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

    /// The update for an agent that knows these versions of strong keys: the delta since the cursor, or
    /// everything.
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

    /// Adds the strategies of its keys, where these were changed.
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
